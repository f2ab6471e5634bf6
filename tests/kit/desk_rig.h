/* desk_rig.h - a desk on a bench: numbered inputs in, the outbox of the last step out, and a venue that does what it is told.
 *
 * A rig is large (about 800 kB): keep it static. Each helper is one input, so one step. rig->out holds what that step said,
 * rig->said[kind] counts everything since rig_init, rig->outputs_hash runs over every byte that came out. */
#ifndef TESTS_KIT_DESK_RIG_H
#define TESTS_KIT_DESK_RIG_H
#include "fsm/desk/desk.h"

/* Universe rows that stories use. */
enum { GLD = 0, SPY = 1, QQQ = 2, BTC = 3, TLT = 9, VIX = 15 };
enum { RIG_DAY = 19724 };        /* 2024-01-02, a Tuesday */
#define RIG_JOURNAL UINT64_C(0x123456789abc)
#define USD(n) ((int64_t)(n) * E8)
#define QTY(n) ((int64_t)(n) * E8)

struct desk_rig {
	struct desk        desk;
	struct machine_log log;
	struct outbox      out;
	struct desk_worker worker;
	uint64_t           said[EVENT_KINDS_N];
	uint64_t           outputs_hash, executions, snapshots;
	int64_t            t_ns;
	int32_t            day;
};

void rig_init(struct desk_rig *rig);
/* cause and, when zero, t_ns are filled in. */
void rig_step(struct desk_rig *rig, struct event in);

void rig_price(struct desk_rig *rig, uint16_t sym, int64_t px_e8);
void rig_regime(struct desk_rig *rig, uint8_t regime);
void rig_dividend(struct desk_rig *rig, uint16_t sym, int64_t per_unit_e8);
void rig_signal(struct desk_rig *rig, uint16_t sym, uint8_t strategy, uint8_t grade, int32_t weight_bp, int32_t confidence_bp);
void rig_alarm(struct desk_rig *rig, uint16_t sym, uint8_t alarm_kind);
/* What it said is over. */
void rig_alarm_over(struct desk_rig *rig, uint16_t sym, uint8_t alarm_kind);
void rig_operator(struct desk_rig *rig, uint8_t command);
/* ACK of a review, 0 for all. */
void rig_ack(struct desk_rig *rig, uint64_t id);
/* A condition (enum care_condition) begins or ends. */
void rig_care(struct desk_rig *rig, uint32_t condition, uint8_t is_active);
/* What health says of `assets` held ones: average and lowest pair in bp; the pair (a, b) is above the limit, none where a is b. */
void rig_correlation(struct desk_rig *rig, uint8_t assets, int32_t average_bp, int32_t lowest_bp, uint16_t a, uint16_t b);
/* The order's newest timer runs out. */
void rig_timer(struct desk_rig *rig, uint64_t order_id);
/* The market's clock: a tick of a calendar; the day that ends is a session of that calendar. */
void rig_tick(struct desk_rig *rig, uint8_t calendar, uint8_t phase);
void rig_cycle(struct desk_rig *rig, uint8_t calendar);
/* OPEN, CLOSE and CYCLE of a calendar: the last step is the decision. Goes on to the next day first where one was already begun. */
void rig_decide(struct desk_rig *rig, uint8_t calendar);
/* OPEN, CLOSE: the last step is the mark. */
void rig_mark(struct desk_rig *rig);
/* Ends this date as an NYSE session and goes on to the next. */
void rig_day_end(struct desk_rig *rig);

/* The venue. */
void rig_reply(struct desk_rig *rig, uint16_t kind, uint64_t order_id, uint64_t venue_id, uint32_t conclusive);
/* A fresh execution of an order. */
void rig_fill(struct desk_rig *rig, uint64_t order_id, int64_t qty_e8, int64_t px_e8);
void rig_fill_as(struct desk_rig *rig, uint64_t order_id, uint16_t sym, uint8_t side, int64_t qty_e8, int64_t px_e8, uint64_t execution_id);
/* Fills all working orders whole at the last price; returns how many. */
uint32_t rig_fill_all(struct desk_rig *rig);
/* A position from an execution that no order of ours explains. */
void rig_hold(struct desk_rig *rig, uint16_t sym, int64_t qty_e8, int64_t px_e8);

/* A venue with sessions: its state; a session that is lost and one that is up again (the last step). */
void rig_venue(struct desk_rig *rig, uint8_t state, uint64_t life);
void rig_reconnect(struct desk_rig *rig);
void rig_holding(struct desk_rig *rig, uint64_t snapshot, uint16_t sym, int64_t qty_e8);
void rig_balance(struct desk_rig *rig, uint64_t snapshot, int64_t cash_usd_e8, uint32_t holdings);
/* A whole snapshot of what our own books say, but for a difference in GLD and in cash; the last step is its BALANCE. */
void rig_snapshot(struct desk_rig *rig, int64_t gld_more_e8, int64_t cash_more_e8);
void rig_external(struct desk_rig *rig, uint64_t venue_id, uint16_t sym, uint8_t side, int64_t qty_e8, int64_t filled_e8, int64_t limit_px_e8);
void rig_cash(struct desk_rig *rig, uint64_t activity_id, uint16_t sym, uint32_t cash_kind, int64_t usd_e8);
/* The desk's own timer runs out. */
void rig_care_timer(struct desk_rig *rig);

/* The first output of a kind (about sym, or any symbol: SYM_NONE) of the last step; 0 when there is none. */
const struct event *rig_said(const struct desk_rig *rig, enum event_kind kind, uint16_t sym);
uint32_t            rig_count(const struct desk_rig *rig, enum event_kind kind);
/* A buy wish of momentum that makes target_bp of GLD, SPY or QQQ the target (volatility at the asset's own target). */
void rig_wish(struct desk_rig *rig, uint16_t sym, int32_t target_bp);
/* A buy of qty GLD at 100 USD, decided and sent; returns its order id. The rig must be fresh. */
uint64_t rig_sent_buy(struct desk_rig *rig);
struct order *rig_order(struct desk_rig *rig, uint64_t order_id);

/* Everything that must hold after any step. */
void rig_check(const struct desk_rig *rig);

#endif
