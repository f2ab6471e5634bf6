/* market_moment.c - the moment in hand: what must be read for it, what was, and its events in the order of hal/replay/market.c. */
#include <string.h>

#include "fsm/feed/calendar.h"
#include "hal/venues/alpaca/market_parts.h"

static bool is_of_moment(const struct alpaca_market *market, uint16_t sym)
{
	return alpaca_is_listed(sym) && universe[sym].calendar == market->moment.calendar && market->moment.phase != TICK_DAY_END;
}

/* An open that is late, because it was of a day that is over, is in that day's bar. */
void alpaca_moment_begin(struct alpaca_market *market, bool is_late)
{
	const struct alpaca_moment *moment = &market->moment;
	bool                        is_crypto = moment->calendar == CALENDAR_CRYPTO, is_close = moment->phase == TICK_CLOSE;
	int32_t                     before = market->plan.is_stepped ? 0 : ALPACA_MARKET_REREAD_DAYS;
	memset(&market->bars, 0, sizeof market->bars);
	if (moment->phase == TICK_OPEN && !is_late) alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_SNAPSHOTS, .is_crypto = is_crypto });
	if (is_close || (moment->phase == TICK_OPEN && is_late))
		alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_BARS, .is_crypto = is_crypto, .from_day = moment->day, .to_day = moment->day });
	if (is_close && !is_crypto)
		alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_BARS, .is_adjusted = true, .from_day = moment->day - before, .to_day = moment->day });
	alpaca_reads_begin(market, ALPACA_FOR_MOMENT);
}

void alpaca_moment_take_bar(void *self, uint16_t sym, const struct bar *bar)
{
	struct alpaca_market *market = self;
	if (!is_of_moment(market, sym) || bar->day != market->moment.day) return;
	market->bars.has[sym] = true;
	market->bars.bar[sym] = *bar;
}

void alpaca_moment_take_adjusted(void *self, uint16_t sym, const struct bar *bar)
{
	struct alpaca_market *market = self;
	if (!is_of_moment(market, sym)) return;
	if (bar->day == market->place.scale[sym].day) market->bars.reread_px_e8[sym] = bar->close_px_e8;
	if (bar->day == market->moment.day && market->bars.has[sym]) market->bars.bar[sym].adj_px_e8 = bar->close_px_e8;
}

void alpaca_moment_take_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot)
{
	if (snapshot->has_daily) alpaca_moment_take_bar(self, sym, &snapshot->daily);
}

uint32_t alpaca_moment_missing(const struct alpaca_market *market)
{
	uint32_t missing = 0;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) missing += is_of_moment(market, sym) && !market->bars.has[sym];
	return missing;
}

/* The total-return close in the scale of those told before. */
static int64_t scaled_px_e8(const struct alpaca_market *market, uint16_t sym)
{
	const struct alpaca_scale *scale = &market->place.scale[sym];
	int64_t                    adj_px_e8 = market->bars.bar[sym].adj_px_e8, reread_px_e8 = market->bars.reread_px_e8[sym];
	if (scale->told_px_e8 > 0 && scale->day == market->bars.bar[sym].day) return scale->told_px_e8;        /* told before a predecessor's end */
	if (scale->told_px_e8 <= 0 || reread_px_e8 <= 0) return adj_px_e8;
	i128 px_e8 = div_near((i128)adj_px_e8 * scale->told_px_e8, reread_px_e8);
	return px_e8 > 0 && px_e8 <= INT64_MAX ? (int64_t)px_e8 : adj_px_e8;
}

void alpaca_moment_ready(struct alpaca_market *market)
{
	bool is_close = market->moment.phase == TICK_CLOSE;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (is_close && market->bars.has[sym] && !alpaca_is_crypto(sym)) market->bars.bar[sym].adj_px_e8 = scaled_px_e8(market, sym);
	market->is_ready = true;
	market->counts.moments++;
}

static void price_event(const struct alpaca_moment *moment, uint16_t sym, const struct bar *bar, struct event *event)
{
	event_begin(event, EVENT_PRICE, sym, moment->t_ns);
	event->price = (struct price){ .px_e8 = bar->open_px_e8, .day = bar->day, .price_kind = PRICE_OPEN };
}

static void bar_event(struct alpaca_market *market, uint16_t sym, const struct bar *bar, struct event *event)
{
	event_begin(event, EVENT_BAR, sym, market->moment.t_ns);
	event->bar = *bar;
	if (!alpaca_is_crypto(sym)) market->place.scale[sym] = (struct alpaca_scale){ .told_px_e8 = bar->adj_px_e8, .day = bar->day };
}

static void tick_event(const struct alpaca_moment *moment, struct event *event)
{
	event_begin(event, EVENT_TICK, SYM_NONE, moment->t_ns);
	event->tick = (struct tick){
		.day = moment->day, .phase = moment->phase, .calendar = moment->calendar, .early_close = moment->early_close, .last = moment->last
	};
}

void alpaca_moment_event(struct alpaca_market *market, struct event *event)
{
	struct alpaca_market_place *place = &market->place;
	while (place->next_sym < UNIVERSE_N) {
		uint16_t sym = (uint16_t)place->next_sym++;
		if (!market->bars.has[sym]) continue;
		if (market->moment.phase == TICK_OPEN) price_event(&market->moment, sym, &market->bars.bar[sym], event);
		else bar_event(market, sym, &market->bars.bar[sym], event);
		return;
	}
	tick_event(&market->moment, event);
}
