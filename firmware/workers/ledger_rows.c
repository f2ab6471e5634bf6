/* ledger_rows.c - from an event to its rows in the books and its line in a CSV file. One function a kind; numbers become words here. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware/workers/feed.h"
#include "firmware/workers/ledger_parts.h"
#include "fsm/account/reconcile.h"
#include "fsm/care/recovery.h"
#include "fsm/desk/order.h"
#include "fsm/desk/ticket.h"
#include "fsm/risk/causes.h"
#include "fsm/risk/ladder.h"
#include "hal/wire/json_write.h"
#include "strategies/signals/signal.h"

#define CSV_HEAD "time,input,index,"
static const char *const csv_header[LEDGER_CSVS_N] = {
	[LEDGER_ORDERS] = CSV_HEAD "order_id,symbol,side,type,time_in_force,qty,limit_price,state,filled_qty,average_price,fee_usd,reason\n",
	[LEDGER_SIGNALS] = CSV_HEAD "symbol,strategy,signal,confidence_pct,target_weight_pct,actual_weight_pct,price,volatility,atr,regime,"
	                            "reason,trace_id,feature_hash\n",
	[LEDGER_FILLS] = CSV_HEAD "execution_id,order_id,symbol,side,qty,price,fee_usd,realised_usd,reason\n",
};

#define REASON_TEXT(name, text) [ORDER_REASON_##name] = text,
static const char *const order_reason_text[ORDER_REASONS_N] = { ORDER_REASONS(REASON_TEXT) };
#define STRATEGY_TEXT(name) [STRATEGY_##name] = #name,
static const char *const strategy_text[STRATEGY_COUNT] = { STRATEGIES(STRATEGY_TEXT) };
static const char *const side_text[] = { [SIDE_BUY] = "BUY", [SIDE_SELL] = "SELL" };
static const char *const order_type_text[] = { [ORDER_TYPE_MARKET] = "MARKET", [ORDER_TYPE_LIMIT] = "LIMIT" };
static const char *const tif_text[] = { [TIF_OPEN] = "OPEN", [TIF_DAY] = "DAY", [TIF_GTC] = "GTC", [TIF_IOC] = "IOC" };
static const char *const risk_cause_text[RISK_CAUSES_N] = {
	[RISK_DRAWDOWN] = "drawdown", [RISK_STOP] = "stop", [RISK_OPERATOR] = "operator", [RISK_STALE] = "stale data", [RISK_REVIEW] = "review",
	[RISK_CORRELATION] = "correlation"
};
static const char *const cash_kind_text[CASH_KINDS_N] = {
	[CASH_DIVIDEND] = "dividend", [CASH_FEE] = "fee", [CASH_INTEREST] = "interest", [CASH_TRANSFER] = "transfer"
};
static const char *const fault_text[] = { [0] = "unknown", [FEED_FAULT_JUMP] = "jump", [FEED_FAULT_NOT_A_PRICE] = "not a price" };

/* A journal of another build may hold a number this one has no word for. */
#define ALARM_TEXT(name, priority, text) [ALARM_##name] = #name,
static const char *const alarm_text[] = { ALARMS(ALARM_TEXT) };
#define WORD(table, index) ((size_t)(index) < sizeof(table) / sizeof((table)[0]) ? (table)[index] : "unknown")

static const char *symbol_of(const struct event *event) { return event->sym < UNIVERSE_N ? universe[event->sym].symbol : ""; }
static const char *grade_of(uint8_t grade) { return grade < GRADE_COUNT ? grade_text(grade) : "unknown"; }
const char        *ledger_regime(uint8_t regime) { return regime < REGIME_COUNT ? regime_text(regime) : "unknown"; }
static const char *reason_of(uint8_t reason) { return reason < REASON_COUNT ? reason_text(reason) : "unknown"; }
static const char *order_state_of(uint8_t state) { return state < ORDER_STATES_N ? order_machine.state_name[state] : "unknown"; }
static const char *ladder_state_of(uint8_t state) { return state < LADDER_STATES_N ? ladder_machine.state_name[state] : "unknown"; }

const char *ledger_csv_header(enum ledger_csv csv) { return csv_header[csv]; }

struct e8 { char text[E8_TEXT_BYTES]; };
static struct e8 e8(int64_t value_e8)
{
	struct e8 number;
	(void)e8_text(number.text, value_e8);
	return number;
}
/* Basis points as per cent: 12.5 for 1250. */
static struct e8 pct(int64_t bp) { return e8(bp * (E8 / 100)); }

__attribute__((format(printf, 4, 5))) static bool line(struct ledger *ledger, enum ledger_csv csv, const struct event *event, const char *format, ...)
{
	char    text[LEDGER_CSV_LINE_MAX], time[DAY_TIME_BYTES];
	va_list values;
	day_time(time, event->t_ns);
	int head = snprintf(text, sizeof text, "%s,%llu,%u,", time, (unsigned long long)event->cause, (unsigned)event->index);
	va_start(values, format);
	int rest = vsnprintf(text + head, sizeof text - (size_t)head, format, values);
	va_end(values);
	BUG_UNLESS(4121, rest > 0 && head + rest < LEDGER_CSV_LINE_MAX);
	return ledger_files_ok(ledger, append_write(&ledger->csv[csv], text, (size_t)head + (size_t)rest), ledger->csv[csv].path);
}

static bool book_order(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct order_note *order = &event->order;
	const char *symbol = symbol_of(event), *side = WORD(side_text, order->side), *type = WORD(order_type_text, order->order_type);
	const char *tif = WORD(tif_text, order->time_in_force), *reason = WORD(order_reason_text, order->reason), *state = order_state_of(order->state);
	const struct books_value row[] = { books_id(order->order_id), books_id(id), books_number(event->t_ns), books_id(order->venue_id),
		books_text(symbol), books_text(side), books_text(type), books_text(tif), books_text(reason), books_number(order->reduce_only),
		books_text(state), books_number(order->qty_e8), books_number(order->filled_qty_e8), books_number(order->limit_px_e8),
		books_number(order->average_px_e8), books_number(order->fee_usd_e8), books_number(order->decided_px_e8), books_number(order->sent_ns),
		books_number(order->retries) };
	const struct books_value which[] = { books_id(order->order_id) };
	if (!LEDGER_RUN(ledger, BOOKS_ORDER_SET, row)) return false;
	bool is_over = order->state == ORDER_DONE || order->state == ORDER_FREE;
	if (is_over && !(LEDGER_RUN(ledger, BOOKS_ORDER_DONE, which) && LEDGER_RUN(ledger, BOOKS_ORDER_DROP, which))) return false;
	return line(ledger, LEDGER_ORDERS, event, "%llu,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s\n", (unsigned long long)order->order_id, symbol, side, type,
	    tif, e8(order->qty_e8).text, e8(order->limit_px_e8).text, state, e8(order->filled_qty_e8).text, e8(order->average_px_e8).text,
	    e8(order->fee_usd_e8).text, reason);
}

static bool book_fill(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct fill *fill = &event->fill;
	const char *symbol = symbol_of(event), *side = WORD(side_text, fill->side), *reason = WORD(order_reason_text, fill->reason);
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(symbol), books_text(side), books_number(fill->qty_e8),
		books_number(fill->px_e8), books_number(fill->fee_usd_e8), books_number(fill->realised_usd_e8), books_text(reason),
		books_id(fill->order_id), books_id(fill->execution_id), books_number(fill->remaining_qty_e8) };
	if (!LEDGER_RUN(ledger, BOOKS_TRADE_ADD, row)) return false;
	return line(ledger, LEDGER_FILLS, event, "%llu,%llu,%s,%s,%s,%s,%s,%s,%s\n", (unsigned long long)fill->execution_id,
	    (unsigned long long)fill->order_id, symbol, side, e8(fill->qty_e8).text, e8(fill->px_e8).text, e8(fill->fee_usd_e8).text,
	    e8(fill->realised_usd_e8).text, reason);
}

/* What is held now as a share of the NAV, at the signal's price. */
static int64_t held_bp(const struct ledger *ledger, const struct event *event)
{
	if (event->sym >= UNIVERSE_N || ledger->nav_usd_e8 <= 0) return 0;
	i128 value = (i128)ledger->position[event->sym].qty_e8 * event->signal.px_e8 / E8;
	return i128_narrow(value * BP_ONE / ledger->nav_usd_e8);
}

static bool book_signal(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct signal_note *signal = &event->signal;
	const char *symbol = symbol_of(event), *strategy = WORD(strategy_text, signal->strategy), *grade = grade_of(signal->grade);
	const char *reason = reason_of(signal->reason), *regime = ledger_regime(signal->regime);
	int64_t     held = held_bp(ledger, event);
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(symbol), books_text(strategy), books_text(grade),
		books_number(signal->confidence_bp), books_number(signal->weight_bp), books_number(held), books_text(reason), books_text(regime),
		books_number(signal->px_e8), books_number(signal->volatility_e8), books_number(signal->atr_e8), books_id(signal->trace_id),
		books_id(signal->feature_hash), books_number(signal->bars_seen), books_number(signal->bars_needed) };
	if (!LEDGER_RUN(ledger, BOOKS_SIGNAL_ADD, row)) return false;
	return line(ledger, LEDGER_SIGNALS, event, "%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%s,%016llx,%016llx\n", symbol, strategy, grade,
	    pct(signal->confidence_bp).text, pct(signal->weight_bp).text, pct(held).text, e8(signal->px_e8).text, e8(signal->volatility_e8).text,
	    e8(signal->atr_e8).text, regime, reason, (unsigned long long)signal->trace_id, (unsigned long long)signal->feature_hash);
}

static bool book_position(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct position_note *position = &event->position;
	if (event->sym >= UNIVERSE_N) return true;
	const struct books_value row[] = { books_text(symbol_of(event)), books_id(id), books_number(event->t_ns), books_number(position->day),
		books_number(position->qty_e8), books_number(position->cost_usd_e8), books_number(position->realised_usd_e8),
		books_number(position->px_e8), books_number(position->fees_usd_e8), books_number(position->dividends_usd_e8),
		books_number(position->reserved_qty_e8), books_number(position->stop_state) };
	ledger->position[event->sym] = *position;
	return LEDGER_RUN(ledger, BOOKS_POSITION_SET, row);
}

/* The day is closed when its input is over: positions of the same input may still follow. */
static bool book_account(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct account_note *account = &event->account;
	const struct books_value   row[] = { books_id(id), books_number(event->t_ns), books_number(account->day), books_number(account->level),
		books_number(account->peak_nav_usd_e8), books_number(account->nav_usd_e8), books_number(account->drawdown_bp),
		books_number(account->recovery_weeks), books_text(ledger_regime(account->regime)) };
	ledger->nav_usd_e8 = account->nav_usd_e8;
	if (event->flags & ACCOUNT_DAY_END) {
		ledger->is_day_due = true;
		ledger->day_end = *event;
	}
	return LEDGER_RUN(ledger, BOOKS_RISK_STATE_SET, row);
}

/* "reduce quarter" for the machine's ladder_reduce_quarter. */
static void action_text(char text[DAY_TEXT_MAX], const struct risk_note *risk)
{
	bool        known = risk->from_level < LADDER_STATES_N && risk->event < LADDER_EVENTS_N;
	const char *name = known ? machine_cell(&ladder_machine, risk->from_level, risk->event)->action_name : "unknown";
	if (strncmp(name, "ladder_", 7) == 0) name += 7;
	(void)snprintf(text, DAY_TEXT_MAX, "%s", name);
	for (char *at = text; *at; at++)
		if (*at == '_') *at = ' ';
}

static bool book_risk(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct risk_note *risk = &event->risk;
	const struct ladder     ladder = { .state = risk->to_level };
	int64_t                 level = risk->to_level < LADDER_STATES_N ? ladder_level(&ladder) : 0;
	char                    action[DAY_TEXT_MAX];
	action_text(action, risk);
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(ladder_state_of(risk->from_level)),
		books_text(ladder_state_of(risk->to_level)), books_number(level), books_text(WORD(risk_cause_text, risk->cause)), books_text(action),
		books_number(risk->nav_usd_e8), books_number(risk->peak_nav_usd_e8), books_number(risk->drawdown_bp) };
	const struct books_value better[] = { books_id(id), books_number(level) };
	return LEDGER_RUN(ledger, BOOKS_RISK_ADD, row) && LEDGER_RUN(ledger, BOOKS_RISK_RESOLVE, better);
}

/* The ladder has said its own by RISK. */
static bool is_of_ladder(uint8_t cause)
{
	return cause == CAUSE_LEVEL1 || cause == CAUSE_LEVEL2 || cause == CAUSE_LEVEL3 || cause == CAUSE_LEVEL4 || cause == CAUSE_OUT ||
	       cause == CAUSE_READY || cause == CAUSE_RAMP;
}

static bool book_cause(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct cause_note *note = &event->change;
	bool                     known = note->cause < CAUSES_N && note->action < CAUSE_ACTIONS_N;
	const char              *name = known ? cause_table[note->cause].text : "unknown";
	char                     trigger[2 * DAY_TEXT_MAX];
	if (known && is_of_ladder(note->cause)) return true;
	if (note->in_force && note->since_ns != event->t_ns) return true;        /* said again, for a new map or segment */
	(void)snprintf(trigger, sizeof trigger, "%s%s%s", symbol_of(event), event->sym < UNIVERSE_N ? ": " : "", name);
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(note->in_force ? "CLEAR" : "IN FORCE"),
		books_text(note->in_force ? "IN FORCE" : "CLEAR"), books_number(0), books_text(trigger),
		books_text(known ? cause_action_text[note->action] : "unknown"), books_number(note->nav_usd_e8), books_number(note->peak_nav_usd_e8),
		books_number(note->drawdown_bp) };
	const struct books_value over[] = { books_id(id), books_text(trigger) };
	return LEDGER_RUN(ledger, BOOKS_RISK_ADD, row) && (note->in_force || LEDGER_RUN(ledger, BOOKS_CAUSE_OVER, over));
}

static bool book_refusal(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct refusal    *refusal = &event->refusal;
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(symbol_of(event)),
		books_text(refusal->rule < TICKET_RULES_N ? ticket_rule_text[refusal->rule] : "unknown"), books_text(WORD(side_text, refusal->side)),
		books_number(refusal->wanted_qty_e8), books_number(refusal->allowed_qty_e8), books_number(refusal->target_bp),
		books_number(refusal->current_bp) };
	return LEDGER_RUN(ledger, BOOKS_REFUSAL_ADD, row);
}

bool ledger_book_quarantine(struct ledger *ledger, const struct event *event)
{
	const struct books_value row[] = { books_id(ledger->id + 1), books_number(event->t_ns), books_text(symbol_of(event)),
		books_text(WORD(fault_text, event->quarantine.fault)), books_number(event->quarantine.px_e8),
		books_number(event->quarantine.before_px_e8) };
	return LEDGER_RUN(ledger, BOOKS_QUARANTINE_ADD, row);
}

static bool book_dividend(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(symbol_of(event)),
		books_number(event->dividend.per_unit_e8) };
	return LEDGER_RUN(ledger, BOOKS_DIVIDEND_ADD, row);
}

static bool book_regime(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(ledger_regime(event->regime.regime)),
		books_number(event->regime.vix_e8), books_number(event->regime.is_proxy) };
	return LEDGER_RUN(ledger, BOOKS_REGIME_ADD, row);
}

static bool book_cash(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct cash       *cash = &event->cash;
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_number(cash->day), books_text(symbol_of(event)),
		books_text(WORD(cash_kind_text, cash->cash_kind)), books_number(cash->usd_e8), books_id(cash->activity_id) };
	return LEDGER_RUN(ledger, BOOKS_CASH_ADD, row);
}

/* The recovery log of document 04 §4.9.2. */
static bool book_recovery(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct recovery_note *recovery = &event->recovery;
	const char                 *state = recovery->state < RECOVERY_STATES_N ? recovery_machine.state_name[recovery->state] : "unknown";
	const char                 *why = recovery->event < RECOVERY_EVENTS_N ? recovery_machine.event_name[recovery->event] : "unknown";
	const struct books_value    row[] = { books_id(id), books_number(event->t_ns), books_text(state), books_text(why), books_id(recovery->life),
		books_number(recovery->asked), books_number(recovery->found), books_number(recovery->filled), books_number(recovery->cancelled) };
	return LEDGER_RUN(ledger, BOOKS_RECOVERY_ADD, row);
}

static bool book_reconciled(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct reconcile_note *note = &event->reconciled;
	const char                  *state = note->state < RECONCILE_STATES_N ? reconcile_machine.state_name[note->state] : "unknown";
	const struct books_value     row[] = { books_id(id), books_number(event->t_ns), books_text(state), books_number(note->differences),
		books_number(note->externals), books_number(note->cash_difference_usd_e8), books_number(note->worst_qty_difference_e8),
		books_id(note->snapshot) };
	return LEDGER_RUN(ledger, BOOKS_RECONCILE_ADD, row);
}

static bool book_alarm(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct alarm      *alarm = &event->alarm;
	const struct books_value row[] = { books_id(id), books_number(event->t_ns), books_text(symbol_of(event)),
		books_text(WORD(alarm_text, alarm->alarm_kind)), books_number(alarm->priority), books_number(alarm->is_over), books_number(alarm->px_e8),
		books_number(alarm->loss_bp), books_number(alarm->stop_distance_bp), books_number(alarm->volatility_bp), books_number(alarm->var_bp),
		books_number(alarm->var_share_bp), books_number(alarm->weight_bp), books_number(alarm->allowed_bp) };
	return LEDGER_RUN(ledger, BOOKS_ALERT_ADD, row);
}

static bool book_size(struct ledger *ledger, const struct event *event, uint64_t id)
{
	const struct size_note *size = &event->size;
	const int32_t          *w = size->weight_bp;
	const struct books_value row[] = { books_id(size->order_id), books_id(id), books_text(symbol_of(event)), books_number(w[0]), books_number(w[1]),
		books_number(w[2]), books_number(w[3]), books_number(w[4]), books_number(w[5]), books_number(w[6]), books_number(w[7]), books_number(w[8]),
		books_number(w[9]), books_number(w[10]), books_number(w[11]), books_number(size->qty_e8[0]), books_number(size->qty_e8[1]),
		books_number(size->qty_e8[2]), books_number(size->qty_e8[3]), books_number(size->qty_e8[4]) };
	return LEDGER_RUN(ledger, BOOKS_SIZE_ADD, row);
}

bool ledger_book(struct ledger *ledger, const struct event *event, uint64_t id)
{
	switch ((enum event_kind)event->kind) {
	case EVENT_ORDER: return book_order(ledger, event, id);
	case EVENT_FILL: return book_fill(ledger, event, id);
	case EVENT_SIGNAL: return book_signal(ledger, event, id);
	case EVENT_POSITION: return book_position(ledger, event, id);
	case EVENT_ACCOUNT: return book_account(ledger, event, id);
	case EVENT_RISK: return book_risk(ledger, event, id);
	case EVENT_CAUSE: return book_cause(ledger, event, id);
	case EVENT_REFUSAL: return book_refusal(ledger, event, id);
	case EVENT_DIVIDEND: return book_dividend(ledger, event, id);
	case EVENT_REGIME: return book_regime(ledger, event, id);
	case EVENT_CASH: return book_cash(ledger, event, id);
	case EVENT_RECOVERY: return book_recovery(ledger, event, id);
	case EVENT_RECONCILED: return book_reconciled(ledger, event, id);
	case EVENT_ALARM: return book_alarm(ledger, event, id);
	case EVENT_SIZE: return book_size(ledger, event, id);
	case EVENT_CORRELATION:
	case EVENT_NONE:
	case EVENT_TICK:
	case EVENT_BAR:
	case EVENT_PRICE:
	case EVENT_TRADE:
	case EVENT_CYCLE:
	case EVENT_ORDER_NEW:
	case EVENT_ORDER_CANCEL:
	case EVENT_ORDER_REPLACE:
	case EVENT_ORDER_QUERY:
	case EVENT_ACK:
	case EVENT_NEW_REJECTED:
	case EVENT_CANCEL_REJECTED:
	case EVENT_REPLACE_REJECTED:
	case EVENT_REPLACED:
	case EVENT_CANCELLED:
	case EVENT_EXPIRED:
	case EVENT_NOT_FOUND:
	case EVENT_TIMER:
	case EVENT_OPERATOR:
	case EVENT_QUARANTINE:
	case EVENT_HEARTBEAT:
	case EVENT_SHUTDOWN:
	case EVENT_VENUE:
	case EVENT_HOLDING:
	case EVENT_BALANCE:
	case EVENT_EXTERNAL:
	case EVENT_CARE:
	case EVENT_FUNDING:
	case EVENT_KINDS_N: return true;
	}
	return true;        /* of another build's journal: nothing to book */
}
