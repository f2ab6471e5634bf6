/* market.h - daily bars as the stream of events a market would have sent, in the order of market time.
 *
 * One UTC date after the other; on each the sessions of the calendars, by time. With NYSE and CRYPTO:
 *
 *   00:00  CRYPTO opens     DIVIDEND and PRICE (OPEN) of each symbol with a bar, then TICK (OPEN, CRYPTO)
 *   14:30  NYSE opens       the same for NYSE (13:30 in summer)
 *   21:00  NYSE closes      BAR of each symbol with a bar, then TICK (CLOSE, NYSE); earlier on half days
 *   24:00  CRYPTO closes    the same for CRYPTO
 *   24:00  the day ends     TICK (DAY_END); calendar is the first one, by id, that had a session
 *
 * A date without a session sends nothing. A calendar's ticks begin with the first bar of any of its symbols. The stream ends
 * with the last session that is not after the last bar; its DAY_END has tick.last = 1.
 * A bar on a day its calendar calls closed is not sent; it is counted and listed, and so is a session between a symbol's first
 * and last bar for which it has no bar. PRICE carries no volume: at the open nobody knows it.
 *
 * Dividends are cash on the ex-date, derived from the two closes (f = adj_close / close):
 *   D = close[t-1] x (1 - f[t-1] / f[t]) = close[t-1] - adj[t-1] x close[t] / adj[t]
 * Closes of two vendors differ now and then by some basis points for one day, which looks like a dividend followed by its
 * opposite. So a step of f counts only if it stays: f of each of the MARKET_STEP_DAYS bars from t on is above f of each of
 * those before t by CFG_dividend_min_bp or more. Steps that do not stay are counted as noise.
 *
 * Funding rates, where market_fund gave any, are sent as FUNDING with their own stamp, before the first event of the next moment after it: a rate
 * stamped at that very moment comes later. A rate from before the first date is not sent.
 *
 * The caller owns struct market_replay; it points into bars and rates, which must outlive it and not change. Rows D3, T1, "Backtest
 * conventions". */
#ifndef HAL_REPLAY_MARKET_H
#define HAL_REPLAY_MARKET_H
#include "fsm/feed/calendar.h"
#include "hal/replay/bars.h"

enum {
	MARKET_STEP_DAYS = 3,           /* bars; 3 of daily ETF data since 1999 rejects 9 of 10 false steps, and loses no dividend that 2 finds */
	MARKET_FAULTS_MAX = 32,         /* days listed; more are only counted */
	MARKET_PHASES_MAX = 2 * CALENDARS_N + 1
};

enum market_fault_kind { MARKET_FAULT_CLOSED, MARKET_FAULT_MISSING };
struct market_fault { int32_t day; uint16_t sym, kind; };

/* The rates of one perpetual at one venue, oldest first. */
struct market_rates { uint32_t count; uint16_t sym; const int64_t *t_ns; const double *rate_8h; };

/* Of one symbol over the whole range, known after market_init. */
struct market_quality { uint32_t bars, on_closed_day, missing, dividends, noise_steps; };

/* One moment of a date. */
struct market_phase { int64_t t_ns; uint8_t phase, calendar, early_close; };

struct market_replay {
	const struct bars    *bars;
	int32_t               from_day, last_day, day;
	int32_t               begins[CALENDARS_N];
	uint32_t              next[UNIVERSE_N];                 /* the first bar that is not before day */
	struct market_phase   phase[MARKET_PHASES_MAX];
	uint32_t              phases, at;
	uint16_t              sym;
	bool                  dividend_sent;
	struct market_rates   rates[FUNDING_VENUES];
	uint32_t              next_rate[FUNDING_VENUES];
	uint32_t              days_total, days_done;            /* DAY_END ticks: for progress and ETA */
	struct market_quality quality[UNIVERSE_N];
	struct market_fault   fault[MARKET_FAULTS_MAX];
	uint32_t              faults;                           /* listed */
};

/* The market of [from_day, to_day], both within the calendars' cover or cut to it. No bar in it: a stream without events. */
void market_init(struct market_replay *market, const struct bars *bars, int32_t from_day, int32_t to_day);
/* To be said before the first event. A symbol outside the universe is a bug (2330). */
void market_fund(struct market_replay *market, enum funding_venue venue, const struct market_rates *rates);
/* The next event; false at the end. seq, cause and from are the channel's. */
bool market_next(struct market_replay *market, struct event *out);
/* The time of the next event; INT64_MAX at the end. */
int64_t market_peek_t_ns(struct market_replay *market);

/* The dividend of a bar per unit; 0 when there is none. *noise: a step that does not stay. */
int64_t market_dividend_e8(const struct bars_series *series, uint32_t index, bool *noise);

#endif
