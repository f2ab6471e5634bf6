/* market_history.c - pages of bars become a recorded period, and hal/replay/market tells it. */
#include "hal/venues/alpaca/market_parts.h"

#include "fsm/feed/calendar.h"

void alpaca_history_begin(struct alpaca_market *market)
{
	int32_t to_day = market->place.until_day, from_day = market->place.first_day - market->plan.warm_days;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) market->plan.history->of[sym].count = 0;
	if (from_day < CALENDAR_DAY_FIRST) from_day = CALENDAR_DAY_FIRST;
	if (from_day <= to_day) {
		alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_BARS, .from_day = from_day, .to_day = to_day });
		alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_BARS, .is_adjusted = true, .from_day = from_day, .to_day = to_day });
		alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_BARS, .is_crypto = true, .from_day = from_day, .to_day = to_day });
		if (market->plan.is_stepped)
			alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_SNAPSHOTS, .is_crypto = true, .from_day = from_day, .to_day = to_day });
	}
	alpaca_reads_begin(market, ALPACA_FOR_HISTORY);
}

/* The first bar that is not before the day. */
static uint32_t find(const struct bars_series *series, int32_t day)
{
	uint32_t low = 0, high = series->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (series->bar[middle].day < day) low = middle + 1;
		else high = middle;
	}
	return low;
}

static bool is_asked_for(const struct alpaca_market *market, int32_t day)
{
	const struct alpaca_read *read = &market->reads.read[market->reads.at];
	return day >= read->from_day && day <= read->to_day;
}

/* In the order of days; a page that comes again changes nothing, and a bar out of its order is left out. */
void alpaca_history_take_bar(void *self, uint16_t sym, const struct bar *bar)
{
	struct alpaca_market *market = self;
	struct bars_series   *series = &market->plan.history->of[sym];
	uint32_t              at = find(series, bar->day);
	bool                  is_new = at == series->count;
	if (!alpaca_is_listed(sym) || !is_asked_for(market, bar->day) || (is_new && series->count == CFG_bars_max) || (!is_new && series->bar[at].day != bar->day)) {
		market->codec.malformed++;
		return;
	}
	series->bar[at] = *bar;
	series->count += is_new;
	most_see(&market->history_most, series->count);
}

void alpaca_history_take_adjusted(void *self, uint16_t sym, const struct bar *bar)
{
	struct alpaca_market *market = self;
	struct bars_series   *series = &market->plan.history->of[sym];
	uint32_t              at = find(series, bar->day);
	if (at < series->count && series->bar[at].day == bar->day) series->bar[at].adj_px_e8 = bar->close_px_e8;
}

/* Recorded days begin at midnight UTC, at which the day before of a coin is open still: its open is history, its close is not. */
void alpaca_history_take_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot)
{
	struct alpaca_market     *market = self;
	const struct bars_series *series = &market->plan.history->of[sym];
	if (!snapshot->has_daily || !is_asked_for(market, snapshot->daily.day)) return;
	if (series->count == 0 || series->bar[series->count - 1].day < snapshot->daily.day) alpaca_history_take_bar(market, sym, &snapshot->daily);
}

/* Live closes go on in the scale of the last one of the history. */
static void begin_scales(struct alpaca_market *market)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		const struct bars_series *series = &market->plan.history->of[sym];
		if (series->count == 0 || alpaca_is_crypto(sym)) continue;
		const struct bar *last = &series->bar[series->count - 1];
		market->place.scale[sym] = (struct alpaca_scale){ .told_px_e8 = last->adj_px_e8, .day = last->day };
	}
}

void alpaca_history_ready(struct alpaca_market *market)
{
	struct event past;
	market->has_history = true;
	begin_scales(market);
	market_init(&market->replay, market->plan.history, market->place.first_day - market->plan.warm_days, market->place.until_day);
	for (int64_t i = 0; i < market->place.history_done; i++) (void)market_next(&market->replay, &past);
}

/* The next event belongs to the moment that the market tells itself. */
static bool is_over(struct alpaca_market *market)
{
	const struct alpaca_market_place *place = &market->place;
	const struct market_replay       *replay = &market->replay;
	int64_t                           next_ns = market_peek_t_ns(&market->replay);
	if (!place->has_until || next_ns != place->until_ns) return next_ns >= place->until_ns;
	const struct market_phase *next = &replay->phase[replay->at];
	bool                       same = next->phase == TICK_DAY_END || next->calendar == place->until_calendar;
	return replay->day == place->until_day && next->phase == place->until_phase && same;
}

bool alpaca_history_event(struct alpaca_market *market, struct event *event)
{
	do {
		if (market->plan.is_stepped && is_over(market)) return false;
		if (!market_next(&market->replay, event)) return false;
		market->place.history_done++;
	} while (event->kind == EVENT_DIVIDEND);        /* cash comes from the trading side, and nobody held anything */
	event->flags |= EVENT_WARMING;
	if (event->kind == EVENT_TICK) event->tick.last = 0;
	return true;
}
