/* paper.c - each operation twice, counted before and after. */
#include "hal/sim/paper.h"

#include <string.h>

enum { INDEX_BITS = 16 };

static void begin(struct paper_world *half) { __atomic_store_n(&half->begun, half->begun + 1, __ATOMIC_SEQ_CST); }
static void end(struct paper_world *half) { __atomic_store_n(&half->done, half->begun, __ATOMIC_SEQ_CST); }

static bool is_whole(const struct paper_world *half) { return half->begun == half->done; }

void paper_begin(struct paper *paper, const struct sim_world *world, uint64_t moments, uint64_t answers)
{
	memset(paper, 0, sizeof *paper);
	for (int i = 0; i < 2; i++) {
		paper->of[i].moments = paper->of[i].shown = moments;
		paper->of[i].answers = answers;
		paper->of[i].world = *world;
	}
}

/* The first half is worked on first: when it is torn the second is whole, and when both are whole the second is not newer. */
void paper_repair(struct paper *paper)
{
	struct paper_world *first = &paper->of[0], *second = &paper->of[1];
	BUG_UNLESS(3120, is_whole(first) || is_whole(second));
	if (is_whole(second))
		*first = *second;
	else
		*second = *first;
}

static void go_to(struct paper_world *half, uint64_t moment)
{
	struct event event = { 0 };
	if (half->moments >= moment) return;
	begin(half);
	while (half->moments < moment && sim_world_market(&half->world, &event)) half->moments += event.kind == EVENT_TICK;
	half->moments = moment;
	end(half);
}

void paper_moment(struct paper *paper, uint64_t moment)
{
	for (int i = 0; i < 2; i++) go_to(&paper->of[i], moment);
}

void paper_show_account(struct paper *paper, const struct account_note *account)
{
	for (int i = 0; i < 2; i++) {
		struct paper_world *half = &paper->of[i];
		if (half->shown >= half->moments) continue;
		begin(half);
		sim_world_show_account(&half->world, account);
		half->shown = half->moments;
		end(half);
	}
}

void paper_order(struct paper *paper, const struct event *event)
{
	uint64_t key = event->cause << INDEX_BITS | (event->index + 1u);
	for (int i = 0; i < 2; i++) {
		struct paper_world *half = &paper->of[i];
		if (half->order_key >= key) continue;
		begin(half);
		sim_world_order(&half->world, event);
		half->order_key = key;
		end(half);
	}
}

static bool take_from(struct paper_world *half, struct event *event)
{
	begin(half);
	bool there = sim_world_answer(&half->world, event);
	half->answers += there;
	end(half);
	return there;
}

/* An answer that was peeked at is gone from the first world and still in the second. */
bool paper_peek(struct paper *paper, struct event *event)
{
	struct paper_world *first = &paper->of[0], *second = &paper->of[1];
	if (first->answers > second->answers) *first = *second;
	if (!take_from(first, event)) return false;
	event->seq = first->answers;
	return true;
}

void paper_take(struct paper *paper)
{
	struct event event;
	BUG_UNLESS(3121, paper->of[0].answers == paper->of[1].answers + 1);
	(void)take_from(&paper->of[1], &event);
}
