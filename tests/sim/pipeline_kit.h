/* pipeline_kit.h - the whole program but for its command line, over generated bars: for tests that watch a run from outside.
 *
 * One run at a time a process (the map has one address): line_begin, turn it, line_end. The listener keeps every result of the desk. */
#ifndef TESTS_SIM_PIPELINE_KIT_H
#define TESTS_SIM_PIPELINE_KIT_H
#include <string.h>

#include "firmware/modes/trading.h"
#include "hal/linux/memory.h"
#include "tests/kit/test.h"

enum { LINE_RESULTS_MAX = 400000 };

struct line { struct trading *trading; uint32_t results; struct event result[LINE_RESULTS_MAX]; };

static inline void line_on_result(void *self, const struct event *event)
{
	struct line *line = self;
	BUG_UNLESS(4332, line->results < LINE_RESULTS_MAX);
	line->result[line->results++] = *event;
}

/* Boots; nothing has been turned yet, so bars may still be changed. */
static inline void line_begin(struct line *line, uint64_t seed, int32_t from_day, int32_t to_day)
{
	struct trading_plan plan = { .from_day = from_day, .to_day = to_day, .seed = seed, .operator_confirms = true };
	settings_default(&plan.settings);
	line->results = 0;
	line->trading = trading_take();
	BUG_UNLESS(4333, line->trading);
	BUG_UNLESS(4334, trading_boot(line->trading, &plan, 1));
	line->trading->pump.listener = (struct pump_listener){ line, line_on_result };
}

static inline void line_run(struct line *line)
{
	while (trading_turn(line->trading)) {}
}

static inline uint64_t line_hash(const struct line *line) { return desk_hash(&line->trading->rooms.desk); }

static inline void line_end(struct line *line)
{
	map_drop(line->trading->map);
	memory_give(line->trading, sizeof *line->trading);
}

/* Every event's payload, time, symbol and kind, in order. */
static inline uint64_t line_results_hash(const struct line *line)
{
	uint64_t h = HASH_SEED;
	for (uint32_t i = 0; i < line->results; i++) {
		const struct event *event = &line->result[i];
		h = hash_u64(hash_u64(h, (uint64_t)event->t_ns), event->cause);
		h = hash_u64(h, (uint64_t)event->kind << 16 | event->sym);
		h = hash_words(h, event->bytes, sizeof event->bytes);
	}
	return hash_end(h);
}

/* splitmix64 (Steele, Lea, Flood 2014): the throws of a test, by its seed. */
static inline uint64_t line_chance(uint64_t *state, uint64_t below)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

#endif
