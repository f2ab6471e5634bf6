/* trading.c - put the parts together, then turn. */
#include "firmware/modes/trading.h"

#include <stdio.h>
#include <string.h>

#include "firmware/cli/text.h"
#include "hal/linux/memory.h"
#include "hal/replay/generate.h"

struct trading *trading_take(void)
{
	struct trading *trading = memory_take(sizeof *trading);
	if (!trading) return 0;
	trading->map = map_make();
	if (trading->map) return trading;
	memory_give(trading, sizeof *trading);
	return 0;
}

static bool load(struct trading *trading, const struct trading_plan *plan)
{
	if (plan->data) {
		int32_t warm_day = plan->from_day > WARM_DAYS ? plan->from_day - WARM_DAYS : 0;
		if (bars_load(&trading->bars, &trading->load, plan->data, warm_day, plan->to_day) == BARS_OK) return true;
		snprintf(trading->sentence, sizeof trading->sentence, "%s", trading->load.sentence);
		return false;
	}
	generate_bars(&trading->bars, plan->seed, plan->from_day - WARM_DAYS, plan->to_day);
	return true;
}

static void count_symbols(struct trading *trading)
{
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		bool there = trading->bars.of[i].count > 0;
		if (universe[i].asset_class == ASSET_INDEX)
			trading->has_vix = trading->has_vix || there;
		else
			trading->symbols += there;
	}
}

static bool refuse_range(struct trading *trading)
{
	snprintf(trading->sentence, sizeof trading->sentence, "there is no day to trade in that range; the bars end before it or none can be traded");
	return false;
}

/* One of the two is the verb's own, else the words were refused already. */
static bool refuse_order(struct trading *trading)
{
	char from[TEXT_DAY_BYTES], to[TEXT_DAY_BYTES];
	snprintf(trading->sentence, sizeof trading->sentence, "the period would begin %s and end %s: give both --from and --to",
	    text_day(from, trading->plan.from_day), text_day(to, trading->plan.to_day));
	return false;
}

bool trading_load(struct trading *trading, const struct trading_plan *plan)
{
	int32_t first = 0, last = 0;
	trading->plan = *plan;
	if (plan->from_day > plan->to_day) return refuse_order(trading);
	if (!load(trading, plan)) return false;
	count_symbols(trading);
	if (!bars_range(&trading->bars, &first, &last) || last < plan->from_day || trading->symbols == 0) return refuse_range(trading);
	trading->begin_day = first;
	trading->first_day = first > plan->from_day ? first : plan->from_day;
	trading->last_day = last < plan->to_day ? last : plan->to_day;
	return true;
}

bool trading_wire(struct trading *trading, uint64_t journal_id)
{
	const struct trading_plan *plan = &trading->plan;
	struct match_costs         costs = plan->paper ? match_costs_paper(&plan->settings) : match_costs_backtest();
	if (trading->wired) {
		map_drop(trading->map);
		trading->map = map_make();
	}
	trading->wired = true;
	if (!trading->map) {
		snprintf(trading->sentence, sizeof trading->sentence, "the kernel has no memory for the shared map");
		return false;
	}
	sim_world_init(&trading->world, &trading->bars, trading->begin_day, trading->last_day, &costs, plan->seed, plan->operator_confirms);
	for (uint32_t venue = 0; venue < FUNDING_VENUES; venue++)
		if (plan->rates[venue].count > 0) market_fund(&trading->world.market, (enum funding_venue)venue, &plan->rates[venue]);
	rooms_init(&trading->rooms, PLACED_SINGLE, journal_id, &plan->settings, trading->has_vix);
	trading->hal = (struct hal){ &trading->world, &sim_world_ports, 0 };
	pump_init(&trading->pump, trading->map, &trading->rooms, &trading->hal, PLACED_SINGLE);
	return true;
}

bool trading_boot(struct trading *trading, const struct trading_plan *plan, uint64_t journal_id)
{
	return trading_load(trading, plan) && trading_wire(trading, journal_id);
}

/* The scripted operator looks at the screen: the account as everyone else sees it. */
static void show_operator(struct trading *trading)
{
	struct event account;
	if (cell_read(&trading->map->account[0], &account)) sim_world_show_account(&trading->world, &account.account);
}

void trading_count_session(struct market_place *place, const struct event *event, int32_t first_day)
{
	if (event->kind != EVENT_TICK) return;
	if (event->tick.phase == TICK_CLOSE && event->tick.calendar == CALENDAR_NYSE) place->in_session = 1;
	if (event->tick.phase != TICK_DAY_END) return;
	place->sessions += place->in_session && day_from_t_ns(event->t_ns) >= first_day;
	place->in_session = 0;
}

bool trading_between_moments(const struct trading *trading)
{
	return !trading->world.within_moment && !sim_world_owes(&trading->world);
}

bool trading_turn(struct trading *trading)
{
	struct event event;
	if (hal_recv(&trading->hal, &event) != HAL_EVENT) return false;
	trading_count_session(&trading->pump.place, &event, trading->first_day);
	trading->pump.warming = day_from_t_ns(event.t_ns) < trading->first_day;
	pump_event(&trading->pump, &event);
	if (event.kind == EVENT_TICK) show_operator(trading);
	trading->events++;
	return true;
}

void trading_warm(struct trading *trading)
{
	while (market_peek_t_ns(&trading->world.market) < (int64_t)trading->first_day * NS_PER_DAY)
		if (!trading_turn(trading)) return;
}

/* A series behind its last bar is as boot found it: nobody has written there. */
void trading_empty(struct trading *trading)
{
	uint8_t *from = (uint8_t *)&trading->load, *end = (uint8_t *)&trading->plan;
	memory_empty(from, (size_t)(end - from));
}

void trading_touch(const struct trading *trading, bool with_bars)
{
	const uint8_t *from = (const uint8_t *)&trading->plan, *end = (const uint8_t *)(trading + 1);
	memory_touch(from, (size_t)(end - from));
	for (size_t sym = 0; sym < UNIVERSE_N && with_bars; sym++) {
		const struct bars_series *series = &trading->bars.of[sym];
		memory_touch(series, offsetof(struct bars_series, bar) + series->count * sizeof series->bar[0]);
	}
}
