/* commit.c - into the older slot, then the slot is the valid one. */
#include "firmware/commit.h"

#include <string.h>

void commit_write(const struct commit *commit, const struct commit_head *head, const void *state)
{
	uint64_t slot = *commit->valid == 1;        /* the other one */
	BUG_UNLESS(4035, *commit->valid <= 2);
	memcpy(commit->head[slot], head, sizeof *head);
	memcpy(commit->state[slot], state, commit->state_bytes);
	__atomic_store_n(commit->valid, slot + 1, __ATOMIC_SEQ_CST);
}

bool commit_read(const struct commit *commit, struct commit_head *head, void *state)
{
	uint64_t valid = *commit->valid;
	BUG_UNLESS(4036, valid <= 2);
	if (valid == 0) return false;
	memcpy(head, commit->head[valid - 1], sizeof *head);
	memcpy(state, commit->state[valid - 1], commit->state_bytes);
	return true;
}
