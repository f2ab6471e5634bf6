/* market_live.c - prices of the stream between the moments of real time: the newest of each symbol, now and then. */
#include <stdio.h>

#include "fsm/feed/calendar.h"
#include "hal/venues/alpaca/market_parts.h"
#include "hal/venues/port.h"

int64_t alpaca_market_wall_ns(const struct alpaca_market *market)
{
	return market->plan.wall_ns ? market->plan.wall_ns(market->plan.wall_self) : port_wall_ns();
}

static bool is_in_session(uint16_t sym, int64_t t_ns)
{
	enum calendar_id calendar = (enum calendar_id)universe[sym].calendar;
	return calendar_covers_instant(calendar, t_ns) && calendar_is_open(calendar, t_ns);
}

/* A price of the future is none: one of the two clocks is wrong. */
static bool is_credible(struct alpaca_market *market, int64_t t_ns)
{
	int64_t wall_ns = alpaca_market_wall_ns(market), off_ns = ALPACA_MARKET_CLOCK_OFF_S * NS_PER_S;
	if (t_ns <= wall_ns + off_ns) return true;
	market->counts.clock_off++;
	snprintf(market->sentence, sizeof market->sentence, "%s: a price is %lld s ahead of this machine's clock: set the clock", market->plan.stream->host,
	    (long long)((t_ns - wall_ns) / NS_PER_S));
	return false;
}

static void take(struct alpaca_market *market, uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	struct alpaca_live *live = &market->live[sym];
	if (px_e8 <= 0 || t_ns < live->t_ns || !is_in_session(sym, t_ns) || !is_credible(market, t_ns)) return;
	live->px_e8 = px_e8;
	live->t_ns = t_ns;
	live->is_new = true;
}

static void take_trade(struct alpaca_market *market, uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	take(market, sym, px_e8, t_ns);
	if (market->live[sym].t_ns == t_ns) market->live[sym].trade_t_ns = t_ns;
}

/* The middle of a narrow quote is a price where nobody has traded for a while. */
static void take_quote(struct alpaca_market *market, const struct alpaca_data *data)
{
	int64_t bid_px_e8 = data->bid_px_e8, ask_px_e8 = data->ask_px_e8;
	if (bid_px_e8 <= 0 || ask_px_e8 < bid_px_e8 || ask_px_e8 > INT64_MAX / 4) return;
	int64_t middle_px_e8 = bid_px_e8 + (ask_px_e8 - bid_px_e8) / 2;
	bool    is_narrow = (i128)(ask_px_e8 - bid_px_e8) * BP_ONE <= (i128)middle_px_e8 * CFG_quote_spread_max_bp;
	if (is_narrow && data->t_ns - market->live[data->sym].trade_t_ns >= market->plan.price_period_ns) take(market, data->sym, middle_px_e8, data->t_ns);
}

void alpaca_live_take(struct alpaca_market *market, const struct alpaca_data *data)
{
	market->counts.halts += data->kind == ALPACA_DATA_STATUS && data->is_halted;
	market->counts.corrections += data->kind == ALPACA_DATA_CORRECTION || data->kind == ALPACA_DATA_CANCEL;
	if (market->plan.is_stepped || !alpaca_is_listed(data->sym)) return;
	if (data->kind == ALPACA_DATA_TRADE) take_trade(market, data->sym, data->px_e8, data->t_ns);
	if (data->kind == ALPACA_DATA_QUOTE) take_quote(market, data);
}

void alpaca_live_take_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot)
{
	take_trade(self, sym, snapshot->trade_px_e8, snapshot->trade_t_ns);
}

/* A price from before the last moment is of no use any more; one from behind the next moment waits for it. A clock that was set back has no period to run. */
static bool may_tell(struct alpaca_market *market, struct alpaca_live *live, int64_t next_t_ns, int64_t wall_ns)
{
	int64_t since_ns = wall_ns - live->told_wall_ns;
	bool    is_too_soon = since_ns >= 0 && since_ns < market->plan.price_period_ns;
	if (!live->is_new || live->t_ns >= next_t_ns || is_too_soon) return false;
	if (live->t_ns >= market->place.moment_ns) return true;
	live->is_new = false;
	market->counts.held++;
	return false;
}

static int64_t next_t_ns(struct alpaca_market *market)
{
	struct alpaca_moment next;
	return alpaca_hours_next(&market->place, &next) ? next.t_ns : INT64_MAX;
}

bool alpaca_live_event(struct alpaca_market *market, struct event *event)
{
	if (market->plan.is_stepped || !market->place.is_warm) return false;
	int64_t wall_ns = alpaca_market_wall_ns(market), before_ns = next_t_ns(market);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct alpaca_live *live = &market->live[sym];
		if (!may_tell(market, live, before_ns, wall_ns)) continue;
		live->is_new = false;
		live->told_wall_ns = wall_ns;
		event_begin(event, EVENT_PRICE, sym, e8_max(live->t_ns, market->place.t_ns));
		event->price = (struct price){
			.px_e8 = live->px_e8, .day = calendar_day((enum calendar_id)universe[sym].calendar, live->t_ns), .price_kind = PRICE_TRADE
		};
		market->counts.prices++;
		return true;
	}
	return false;
}
