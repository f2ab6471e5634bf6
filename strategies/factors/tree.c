/* tree.c - see tree.h. */
#include "strategies/factors/tree.h"

#include "fsm/bug.h"

enum { BASE = 4, LAST_DIGIT_MOST = 7 };

void tree_init(struct tree *tree, uint32_t period)
{
	uint32_t offset = 0, rest = period, width = 1;
	BUG_UNLESS(2007, period >= 1 && period <= WINDOW_SUM_MAX);
	memset(tree, 0, sizeof *tree);
	tree->period = period;
	for (uint32_t level = 0; rest > 0; level++, width *= BASE) {
		uint32_t digit = rest <= LAST_DIGIT_MOST ? rest : rest % BASE;
		for (uint32_t k = 0; k < digit; k++, offset += width) {
			tree->level[tree->terms] = (uint8_t)level;
			tree->offset[tree->terms++] = (uint8_t)offset;
		}
		rest = digit == rest ? 0 : rest / BASE;
		tree->levels = level + 1;
	}
}

const double *tree_block(const struct tree *tree, const double *value, size_t count, size_t at, double room[TREE_ROOM])
{
	size_t left = count - at;
	if (left >= TREE_BLOCK + tree->period + TREE_PAD) return value + at;
	memcpy(room, value + at, left * sizeof *room);
	for (size_t i = left; i < TREE_ROOM; i++) room[i] = value[count - 1];
	return room;
}
