/* market.c - see market.h. The walk over the days exists once: market_init walks it to count, market_next to send. */
#include "hal/replay/market.h"

#include <string.h>

/* --- dividends --- */

/* adj / close of a, of b: whether b is above a by CFG_dividend_min_bp of itself. At most 10^7 USD a price, so 128 bit hold it. */
static bool is_step(const struct bar *a, const struct bar *b)
{
	return (i128)a->adj_px_e8 * b->close_px_e8 * BP_ONE <= (i128)a->close_px_e8 * b->adj_px_e8 * (BP_ONE - CFG_dividend_min_bp);
}

static bool stays(const struct bars_series *series, uint32_t index)
{
	uint32_t first = index > MARKET_STEP_DAYS ? index - MARKET_STEP_DAYS : 0;
	uint32_t end = series->count - index > MARKET_STEP_DAYS ? index + MARKET_STEP_DAYS : series->count;
	for (uint32_t before = first; before < index; before++)
		for (uint32_t after = index; after < end; after++)
			if (!is_step(&series->bar[before], &series->bar[after])) return false;
	return true;
}

/* True for a series that holds its dividends in the price by then. */
static bool holds_dividends(uint16_t sym, int32_t day)
{
#define TOTAL_RETURN_ROW(symbol, year, month, date, why) { symbol, year, month, date },
	static const struct { const char *symbol; int32_t year; uint32_t month, date; } rows[] = { TOTAL_RETURN_AFTER(TOTAL_RETURN_ROW) };
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(universe[sym].symbol, rows[i].symbol) == 0 && day > day_from_civil(rows[i].year, rows[i].month, rows[i].date)) return true;
	return false;
}

int64_t market_dividend_e8(const struct bars_series *series, uint32_t index, bool *noise)
{
	*noise = false;
	if (index == 0) return 0;
	const struct bar *before = &series->bar[index - 1], *bar = &series->bar[index];
	if (!is_step(before, bar)) {
		*noise = is_step(bar, before);
		return 0;
	}
	*noise = !stays(series, index);
	if (*noise) return 0;
	return before->close_px_e8 - i128_narrow(div_near((i128)before->adj_px_e8 * bar->close_px_e8, bar->adj_px_e8));
}

/* --- the days --- */

static void add_phase(struct market_replay *market, int64_t t_ns, enum tick_phase phase, enum calendar_id calendar, bool early)
{
	uint32_t at = market->phases++;
	for (; at > 0 && market->phase[at - 1].t_ns > t_ns; at--) market->phase[at] = market->phase[at - 1];
	market->phase[at] = (struct market_phase){ t_ns, (uint8_t)phase, (uint8_t)calendar, early };
}

/* The phases of a date by time; equal times keep the order of the calendars, the end of the day is last. */
static void plan_day(struct market_replay *market)
{
	enum calendar_id first = CALENDARS_N;
	struct session   session;
	market->phases = market->at = 0;
	for (int id = 0; id < CALENDARS_N; id++) {
		enum calendar_id calendar = (enum calendar_id)id;
		if (market->day < market->begins[id] || !calendar_session(calendar, market->day, &session)) continue;
		add_phase(market, session.open_ns, TICK_OPEN, calendar, session.early_close);
		add_phase(market, session.close_ns, TICK_CLOSE, calendar, session.early_close);
		if (first == CALENDARS_N) first = calendar;
	}
	if (market->phases > 0) add_phase(market, (market->day + 1) * NS_PER_DAY, TICK_DAY_END, first, false);
}

static bool has_bar(const struct market_replay *market, uint16_t sym)
{
	const struct bars_series *series = &market->bars->of[sym];
	return market->next[sym] < series->count && series->bar[market->next[sym]].day == market->day;
}

static void advance_bars(struct market_replay *market)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		const struct bars_series *series = &market->bars->of[sym];
		while (market->next[sym] < series->count && series->bar[market->next[sym]].day < market->day) market->next[sym]++;
	}
}

/* Goes to the first date from `day` on that has a session; false when none is left. */
static bool go_to(struct market_replay *market, int32_t day)
{
	for (market->day = day; market->day <= market->last_day; market->day++) {
		plan_day(market);
		if (market->phases == 0) continue;
		advance_bars(market);
		return true;
	}
	market->phases = market->at = 0;
	return false;
}

/* --- counting, once --- */

static void list_fault(struct market_replay *market, enum market_fault_kind kind, uint16_t sym, int32_t day)
{
	if (market->faults < MARKET_FAULTS_MAX)
		market->fault[market->faults++] = (struct market_fault){ day, sym, (uint16_t)kind };
}

static bool is_session(const struct market_replay *market, uint16_t sym)
{
	for (uint32_t i = 0; i < market->phases; i++)
		if (market->phase[i].phase == TICK_OPEN && market->phase[i].calendar == universe[sym].calendar) return true;
	return false;
}

static void survey_symbol(struct market_replay *market, uint16_t sym, bool open)
{
	struct market_quality    *quality = &market->quality[sym];
	const struct bars_series *series = &market->bars->of[sym];
	uint32_t                  index = market->next[sym];
	bool                      noise = false;
	if (has_bar(market, sym)) {
		quality->bars += open;
		quality->on_closed_day += !open;
		if (!open) list_fault(market, MARKET_FAULT_CLOSED, sym, market->day);
		if (open && market_dividend_e8(series, index, &noise) > 0 && !holds_dividends(sym, series->bar[index].day)) quality->dividends++;
		quality->noise_steps += noise;
	} else if (open && index > 0 && index < series->count) {
		quality->missing++;
		list_fault(market, MARKET_FAULT_MISSING, sym, market->day);
	}
}

/* Walks every date up to the last that may matter; the last one with a session is the last of the stream. */
static void survey(struct market_replay *market, int32_t end_day)
{
	market->last_day = market->from_day - 1;
	for (market->day = market->from_day; market->day <= end_day; market->day++) {
		plan_day(market);
		advance_bars(market);
		if (market->phases > 0) {
			market->days_total++;
			market->last_day = market->day;
		}
		for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) survey_symbol(market, sym, is_session(market, sym));
	}
}

/* --- the border --- */

static void find_begins(struct market_replay *market)
{
	for (int id = 0; id < CALENDARS_N; id++) market->begins[id] = INT32_MAX;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		int32_t *begins = &market->begins[universe[sym].calendar];
		uint32_t index = market->next[sym];
		if (index == market->bars->of[sym].count) continue;
		int32_t day = market->bars->of[sym].bar[index].day;
		if (day < *begins) *begins = day;
	}
}

static int32_t last_bar_day(const struct market_replay *market)
{
	int32_t first, last;
	return bars_range(market->bars, &first, &last) ? last : market->from_day - 1;
}

void market_init(struct market_replay *market, const struct bars *bars, int32_t from_day, int32_t to_day)
{
	memset(market, 0, sizeof *market);
	market->bars = bars;
	market->from_day = from_day > CALENDAR_DAY_FIRST ? from_day : CALENDAR_DAY_FIRST;
	market->day = market->from_day;
	advance_bars(market);
	find_begins(market);
	if (to_day > CALENDAR_DAY_LAST) to_day = CALENDAR_DAY_LAST;
	if (to_day > last_bar_day(market)) to_day = last_bar_day(market);
	survey(market, to_day);
	memset(market->next, 0, sizeof market->next);
	go_to(market, market->from_day);
}

int64_t market_peek_t_ns(struct market_replay *market)
{
	if (market->at == market->phases && !go_to(market, market->day + 1)) return INT64_MAX;
	return market->phase[market->at].t_ns;
}

static bool dividend_event(struct market_replay *market, int64_t t_ns, struct event *out)
{
	bool    noise;
	int64_t per_unit_e8 = market_dividend_e8(&market->bars->of[market->sym], market->next[market->sym], &noise);
	if (market->dividend_sent || per_unit_e8 <= 0 || holds_dividends(market->sym, market->day)) return false;
	market->dividend_sent = true;
	event_begin(out, EVENT_DIVIDEND, market->sym, t_ns);
	out->dividend.per_unit_e8 = per_unit_e8;
	out->dividend.day = market->day;
	return true;
}

/* The next event of this symbol in this phase, and on to the next symbol when it was the last one. */
static void symbol_event(struct market_replay *market, const struct market_phase *phase, struct event *out)
{
	const struct bar *bar = &market->bars->of[market->sym].bar[market->next[market->sym]];
	if (phase->phase == TICK_OPEN) {
		if (dividend_event(market, phase->t_ns, out)) return;
		event_begin(out, EVENT_PRICE, market->sym, phase->t_ns);
		out->price = (struct price){ .px_e8 = bar->open_px_e8, .day = bar->day, .price_kind = PRICE_OPEN };
	} else {
		event_begin(out, EVENT_BAR, market->sym, phase->t_ns);
		out->bar = *bar;
	}
	market->sym++;
	market->dividend_sent = false;
}

void market_fund(struct market_replay *market, enum funding_venue venue, const struct market_rates *rates)
{
	BUG_UNLESS(2330, rates->sym < UNIVERSE_N);
	market->rates[venue] = *rates;
	for (uint32_t *next = &market->next_rate[venue]; *next < rates->count && rates->t_ns[*next] < market->from_day * NS_PER_DAY; ++*next) {}
}

/* The oldest rate that was known before this moment and has not been sent. */
static bool funding_event(struct market_replay *market, int64_t before_ns, struct event *out)
{
	uint32_t due = FUNDING_VENUES;
	for (uint32_t venue = 0; venue < FUNDING_VENUES; venue++) {
		const struct market_rates *rates = &market->rates[venue];
		uint32_t                   next = market->next_rate[venue];
		if (next == rates->count || rates->t_ns[next] >= before_ns) continue;
		before_ns = rates->t_ns[next];
		due = venue;
	}
	if (due == FUNDING_VENUES) return false;
	event_begin(out, EVENT_FUNDING, market->rates[due].sym, before_ns);
	out->funding.venue = due;
	(void)e8_from_double(market->rates[due].rate_8h[market->next_rate[due]++], &out->funding.rate_e8);
	return true;
}

static void tick_event(struct market_replay *market, const struct market_phase *phase, struct event *out)
{
	bool ends = phase->phase == TICK_DAY_END;
	event_begin(out, EVENT_TICK, SYM_NONE, phase->t_ns);
	out->tick = (struct tick){
		.day = market->day,
		.phase = phase->phase,
		.calendar = phase->calendar,
		.early_close = phase->early_close,
		.last = ends && market->day == market->last_day,
	};
	market->days_done += ends;
	market->at++;
	market->sym = 0;
}

bool market_next(struct market_replay *market, struct event *out)
{
	if (market_peek_t_ns(market) == INT64_MAX) return false;
	const struct market_phase *phase = &market->phase[market->at];
	if (funding_event(market, phase->t_ns, out)) return true;
	if (phase->phase != TICK_DAY_END)
		for (; market->sym < UNIVERSE_N; market->sym++) {
			if (universe[market->sym].calendar != phase->calendar || !has_bar(market, market->sym)) continue;
			symbol_event(market, phase, out);
			return true;
		}
	tick_event(market, phase, out);
	return true;
}
