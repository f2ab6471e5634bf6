/* runner_feed.c - the market goes on by one moment when everyone has done the last one. */
#include <math.h>

#include "firmware/progress.h"
#include "firmware/runner.h"
#include "hal/linux/clock.h"

bool runner_is_due(struct runner *runner, int64_t market_ns)
{
	runner->due_ns = 0;
	if (isinf(runner->plan->speed)) return true;
	int64_t now_ns = clock_monotonic_ns();
	if (runner->paced_ns == 0) {
		runner->paced_ns = now_ns;
		runner->paced_market_ns = market_ns;
	}
	int64_t due_ns = runner->paced_ns + (int64_t)((double)(market_ns - runner->paced_market_ns) / runner->plan->speed);
	if (due_ns > now_ns) runner->due_ns = due_ns;
	pump_progress(runner->pump.map, WORKER_feed)->due_ns = runner->due_ns;
	return due_ns <= now_ns;
}

static bool is_over(const struct runner *runner, int64_t next_ns)
{
	const struct market_place *place = &runner->pump.place;
	bool                       day_ended = place->of.recorded.at == 0 || place->of.recorded.at >= place->of.recorded.phases;
	return next_ns == INT64_MAX || (place->sessions >= runner->plan->sessions_max && day_ended);
}

bool runner_feed_turn(struct runner *runner)
{
	struct pump            *pump = &runner->pump;
	struct worker_progress *word = pump_progress(pump->map, WORKER_feed);
	struct event            event = { 0 };
	if (runner->market) return runner_market_turn(runner);
	if (progress_waits_for_books(runner->plan->map, runner->plan->ledger_row)) return false;
	if (word->ended || !pump_all_done(pump, pump->anywhere)) return false;
	int64_t next_ns = market_peek_t_ns(&pump->place.of.recorded);
	if (is_over(runner, next_ns)) {
		word->ended = 1;
		return true;
	}
	if (!runner_is_due(runner, next_ns)) return false;
	while (market_next(&pump->place.of.recorded, &event)) {
		trading_count_session(&pump->place, &event, runner->plan->trading->first_day);
		pump_event(pump, &event);
		if (event.kind == EVENT_TICK) break;
	}
	return true;
}
