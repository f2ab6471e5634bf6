/* market_hours.c - the moments of a date as hal/replay/market.c has them: sessions by time, calendars in their order, the end of the day last. */
#include "hal/venues/alpaca/market_parts.h"

#include "fsm/feed/calendar.h"

struct day_plan { uint32_t n; struct alpaca_moment moment[MARKET_PHASES_MAX]; };

static bool is_traded(enum calendar_id calendar)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) if (alpaca_is_listed(sym) && universe[sym].calendar == calendar) return true;
	return false;
}

static void add(struct day_plan *plan, int32_t day, int64_t t_ns, enum tick_phase phase, enum calendar_id calendar, bool early)
{
	uint32_t at = plan->n++;
	for (; at > 0 && plan->moment[at - 1].t_ns > t_ns; at--) plan->moment[at] = plan->moment[at - 1];
	plan->moment[at] = (struct alpaca_moment){ .t_ns = t_ns, .day = day, .phase = (uint8_t)phase, .calendar = (uint8_t)calendar, .early_close = early };
}

static void plan_day(struct day_plan *plan, int32_t day)
{
	enum calendar_id first = CALENDARS_N;
	struct session   session;
	plan->n = 0;
	for (int id = 0; id < CALENDARS_N; id++) {
		enum calendar_id calendar = (enum calendar_id)id;
		if (!is_traded(calendar) || !calendar_session(calendar, day, &session)) continue;
		add(plan, day, session.open_ns, TICK_OPEN, calendar, session.early_close);
		add(plan, day, session.close_ns, TICK_CLOSE, calendar, session.early_close);
		if (first == CALENDARS_N) first = calendar;
	}
	if (plan->n > 0) add(plan, day, (day + 1) * NS_PER_DAY, TICK_DAY_END, first, false);
}

bool alpaca_hours_next(struct alpaca_market_place *place, struct alpaca_moment *moment)
{
	struct day_plan plan;
	for (; calendar_covers(place->day); place->day++, place->phase = 0) {
		plan_day(&plan, place->day);
		if (place->phase >= plan.n) continue;
		*moment = plan.moment[place->phase];
		return true;
	}
	return false;
}
