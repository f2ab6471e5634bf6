/* health.h - how each position does: profit and loss, distance to its stop, volatility, its part of the book's risk, age of its price, and its size
 * against what the sizer would allow now (document 04 §4.3.3; rows R2, R5, R7).
 *
 * Inputs   BAR, PRICE, POSITION and ACCOUNT (sampled), TICK; in real time HEARTBEAT every health_period_ms (5-10 s, on the machine's clock).
 * Output   CORRELATION once a session, at the NYSE close (R3): returns from close to close, of bitcoin too; a price that has not come for longer
 *          than price_stale_sessions makes its asset unknown, a shorter gap is a return of 0.
 *          ALARM, by its priority (ALARMS in fsm/event.h) to the desk's first, second or third queue; the desk acts on stops, its books keep all.
 *
 * Positions are looked at with each mark (TICK CLOSE of their calendar) and with each HEARTBEAT. What a stop says is repeated at every mark
 * until the stop has taken it, and said once in between: an alarm may be repeated, never lost. Every other condition is said when it
 * begins, with the figures of that moment, and again with is_over when it ends. An OVERSIZED alarm suggests a size (allowed_bp); nobody
 * has to follow: the next decision sizes anyway.
 *
 * A stop is its asset's share of the entry price; where stop_atr_bp of the 14-day average true range is less than the exit stop, both stops shrink in that
 * proportion: the range may tighten a stop and never loosens it (R2). Until there are 14 ranges it says nothing.
 *
 * A process that came back in the middle of a session has read history up to its last TICK: until the next one only positions with a price of the
 * stream are looked at, and what is said of them is marked as of now (EVENT_OF_NOW), which no desk takes for history.
 * A price is old (STALE) by the sessions of its own market, and within an open one when the stream was silent for price_stale_s.
 *
 *   volatility   exponentially weighted over marks, lambda 0.94 (RiskMetrics 1996), a year; known after HEALTH_RETURNS_MIN returns
 *   VaR          of one session at 5 %, normal, mean 0, in bp of the NAV; shares are of the plain sum, as if all moved together
 *   allowed      the step CAP of strategies/sizing/sizer.h with the whole book wished: what the asset may have by itself
 *
 * Comes back by REBUILD, or from its commit. */
#ifndef FIRMWARE_WORKERS_HEALTH_H
#define FIRMWARE_WORKERS_HEALTH_H
#include "fsm/account/account.h"
#include "fsm/feed/calendar.h"
#include "fsm/worker.h"
#include "strategies/factors/atr.h"
#include "strategies/risk/correlation.h"

enum { HEALTH_RETURNS_MIN = 20, HEALTH_ATR_DAYS = 14 };

struct health_position {
	struct position position;
	int64_t         mark_px_e8, variance_e12;        /* price at the last mark; of daily returns */
	uint32_t        returns, silent_beats;           /* HEARTBEATs in an open session since the stream's last price */
	uint8_t         stop_state, is_fresh, said;      /* is_fresh: a price since the last mark; said: alarms in force, bit a kind */
	uint8_t         is_live, pad[4];                 /* its price is one of the stream */
};
_Static_assert((int)ALARM_KINDS_N <= 8, "health_position.said has 8 bits");

struct health {
	struct settings        settings;
	struct health_position of[UNIVERSE_N];
	int64_t                nav_usd_e8;
	uint64_t               alarms;
	struct atr             range[UNIVERSE_N];
	struct correlation_window together;
	int64_t                close_px_e8[UNIVERSE_N];        /* at the last close of the NYSE */
	uint8_t                is_open[CALENDARS_N], is_history;
};

void health_init(struct health *health, const struct settings *settings);
void health_step(void *self, const struct event *in, struct outbox *out);
/* Annual; 0 while it is not known. */
int64_t health_volatility_e8(const struct health_position *of, uint8_t calendar);

#endif
