/* event_text.c - one function for each family of payloads, and the table that finds it. */
#include "firmware/console/event_text.h"

#include <stdio.h>

#include "firmware/cli/text.h"
#include "firmware/console/words.h"
#include "fsm/care/degraded.h"
#include "fsm/desk/ticket.h"
#include "hal/wire/json_write.h"

struct e8 {
	char text[E8_TEXT_BYTES];
};
static struct e8 e8(int64_t value_e8)
{
	struct e8 number;
	(void)e8_text(number.text, value_e8);
	return number;
}
/* Basis points as per cent. */
static struct e8 pct(int32_t bp) { return e8((int64_t)bp * (E8 / 100)); }

struct date {
	char text[TEXT_DAY_BYTES];
};
/* A day of 1900 to 2199; "?" for what is none. */
static struct date day(int32_t number)
{
	enum { DAYS_MIN = -25567,
		DAYS_MAX = 84006 };
	struct date named = { "?" };
	if (number >= DAYS_MIN && number <= DAYS_MAX) (void)text_day(named.text, number);
	return named;
}

#define SAY(...) ((void)snprintf(text, EVENT_TEXT_BYTES, __VA_ARGS__))
typedef void say_event(char text[EVENT_TEXT_BYTES], const struct event *event);

static void say_tick(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct tick *tick = &event->tick;
	SAY("%s of %s %s%s", word_phase(tick->phase), word_calendar(tick->calendar), day(tick->day).text, event->flags & EVENT_WARMING ? ", history" : "");
}

static void say_bar(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct bar *bar = &event->bar;
	SAY("%s open %s high %s low %s close %s", day(bar->day).text, e8(bar->open_px_e8).text, e8(bar->high_px_e8).text, e8(bar->low_px_e8).text,
		e8(bar->close_px_e8).text);
}

static void say_price(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s %s %s", day(event->price.day).text, word_price_kind(event->price.price_kind), e8(event->price.px_e8).text);
}

static void say_dividend(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s %s USD a share", day(event->dividend.day).text, e8(event->dividend.per_unit_e8).text);
}

static void say_trade(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s at %s", e8(event->trade.qty_e8).text, e8(event->trade.px_e8).text);
}

static void say_regime(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s, VIX %s", word_regime(event->regime.regime), e8(event->regime.vix_e8).text);
}

static void say_signal(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct signal_note *signal = &event->signal;
	SAY("%s %s, weight %s %%, confidence %s %%", word_strategy(signal->strategy), word_grade(signal->grade), pct(signal->weight_bp).text,
		pct(signal->confidence_bp).text);
}

static void say_cycle(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s, %u signals, %u warm up", day(event->cycle.day).text, event->cycle.signals, event->cycle.warming);
}

static void say_alarm(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s, loss %s %%, price %s, entry %s", word_alarm(event->alarm.alarm_kind), pct(event->alarm.loss_bp).text, e8(event->alarm.px_e8).text,
		e8(event->alarm.entry_px_e8).text);
}

static void say_request(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct order_request *request = &event->request;
	SAY("order %llu: %s %s %s, %s", (unsigned long long)request->order_id, word_side(request->side), e8(request->qty_e8).text,
		word_order_type(request->order_type), word_order_reason(request->reason));
}

static void say_ref(char text[EVENT_TEXT_BYTES], const struct event *event) { SAY("order %llu", (unsigned long long)event->ref.order_id); }

static void say_reply(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("order %llu, code %u%s", (unsigned long long)event->reply.order_id, event->reply.code, event->reply.conclusive ? ", conclusive" : "");
}

static void say_fill(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct fill *fill = &event->fill;
	SAY("order %llu: %s %s at %s, %s open%s", (unsigned long long)fill->order_id, word_side(fill->side), e8(fill->qty_e8).text, e8(fill->px_e8).text,
		e8(fill->remaining_qty_e8).text, fill->is_late ? ", late" : "");
}

static void say_timer(char text[EVENT_TEXT_BYTES], const struct event *event) { SAY("order %llu is due", (unsigned long long)event->timer.order_id); }

static void say_operator(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s%s", word_operator(event->instruction.command), event->instruction.scripted ? ", scripted" : "");
}

static void say_position(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s, cost %s USD, price %s", e8(event->position.qty_e8).text, e8(event->position.cost_usd_e8).text, e8(event->position.px_e8).text);
}

static void say_account(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct account_note *account = &event->account;
	SAY("NAV %s USD, cash %s USD, drawdown %s %%, level %u", e8(account->nav_usd_e8).text, e8(account->cash_usd_e8).text,
		pct(account->drawdown_bp).text, account->level);
}

static void say_order(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct order_note *order = &event->order;
	SAY("%s: %s %s %s, %s filled, %s", word_order_state(order->state), word_side(order->side), e8(order->qty_e8).text,
		order->limit_px_e8 ? e8(order->limit_px_e8).text : word_order_type(order->order_type), e8(order->filled_qty_e8).text,
		word_order_reason(order->reason));
}

static void say_risk(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct risk_note *risk = &event->risk;
	SAY("%s: %s to %s, drawdown %s %%, NAV %s USD", word_risk_cause(risk->cause), word_ladder_state(risk->from_level), word_ladder_state(risk->to_level),
		pct(risk->drawdown_bp).text, e8(risk->nav_usd_e8).text);
}

static void say_refusal(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct refusal *refusal = &event->refusal;
	SAY("%s %s: %s", word_side(refusal->side), e8(refusal->wanted_qty_e8).text,
		refusal->rule < TICKET_RULES_N ? ticket_rule_text[refusal->rule] : "unknown");
}

static void say_quarantine(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s %s, before it %s", day(event->quarantine.day).text, e8(event->quarantine.px_e8).text, e8(event->quarantine.before_px_e8).text);
}

static void say_care(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct care_note *care = &event->care;
	if (care->condition >= CARE_CONDITIONS_N) return;
	if (care->is_active) SAY("%s: %s", degraded[care->condition].missing, degraded[care->condition].meanwhile);
	else SAY("over: %s", degraded[care->condition].missing);
}

static void say_venue(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s, connection %llu, code %u", word_venue_state(event->venue.state), (unsigned long long)event->venue.life, event->venue.code);
}

static void say_holding(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s, cost %s USD", e8(event->holding.qty_e8).text, e8(event->holding.cost_usd_e8).text);
}

static void say_balance(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("cash %s USD, equity %s USD, %u holdings%s", e8(event->balance.cash_usd_e8).text, e8(event->balance.equity_usd_e8).text,
		event->balance.holdings, event->balance.blocked ? ", blocked" : "");
}

static void say_external(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s %s, not ours", word_side(event->external.side), e8(event->external.qty_e8).text);
}

static void say_cash(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	SAY("%s %s USD, %s", word_cash_kind(event->cash.cash_kind), e8(event->cash.usd_e8).text, day(event->cash.day).text);
}

static void say_reconciled(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct reconcile_note *note = &event->reconciled;
	SAY("%s: %u differences, cash %s USD, %u orders not ours", word_reconcile_state(note->state), note->differences,
		e8(note->cash_difference_usd_e8).text, note->externals);
}

static void say_recovery(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct recovery_note *note = &event->recovery;
	SAY("%s: %u asked, %u found, %u filled, %u cancelled", word_recovery_state(note->state), note->asked, note->found, note->filled, note->cancelled);
}

static void say_correlation(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	const struct correlation_note *note = &event->correlation;
	SAY("%u held, average %s, highest %s; %u pairs of the universe share a cap", note->assets, e8(note->average_e8).text, e8(note->highest_e8).text,
		note->pairs_above);
}

static say_event *const say[EVENT_KINDS_N] = {
	[EVENT_TICK] = say_tick,
	[EVENT_BAR] = say_bar,
	[EVENT_PRICE] = say_price,
	[EVENT_DIVIDEND] = say_dividend,
	[EVENT_TRADE] = say_trade,
	[EVENT_REGIME] = say_regime,
	[EVENT_SIGNAL] = say_signal,
	[EVENT_CYCLE] = say_cycle,
	[EVENT_ALARM] = say_alarm,
	[EVENT_ORDER_NEW] = say_request,
	[EVENT_ORDER_CANCEL] = say_ref,
	[EVENT_ORDER_REPLACE] = say_ref,
	[EVENT_ORDER_QUERY] = say_ref,
	[EVENT_ACK] = say_reply,
	[EVENT_NEW_REJECTED] = say_reply,
	[EVENT_CANCEL_REJECTED] = say_reply,
	[EVENT_REPLACE_REJECTED] = say_reply,
	[EVENT_REPLACED] = say_reply,
	[EVENT_CANCELLED] = say_reply,
	[EVENT_EXPIRED] = say_reply,
	[EVENT_NOT_FOUND] = say_reply,
	[EVENT_FILL] = say_fill,
	[EVENT_TIMER] = say_timer,
	[EVENT_OPERATOR] = say_operator,
	[EVENT_POSITION] = say_position,
	[EVENT_ACCOUNT] = say_account,
	[EVENT_ORDER] = say_order,
	[EVENT_RISK] = say_risk,
	[EVENT_REFUSAL] = say_refusal,
	[EVENT_QUARANTINE] = say_quarantine,
	[EVENT_VENUE] = say_venue,
	[EVENT_CARE] = say_care,
	[EVENT_HOLDING] = say_holding,
	[EVENT_BALANCE] = say_balance,
	[EVENT_EXTERNAL] = say_external,
	[EVENT_CASH] = say_cash,
	[EVENT_RECONCILED] = say_reconciled,
	[EVENT_RECOVERY] = say_recovery,
	[EVENT_CORRELATION] = say_correlation,
};

const char *event_text(char text[EVENT_TEXT_BYTES], const struct event *event)
{
	text[0] = 0;
	if (event->kind < EVENT_KINDS_N && say[event->kind]) say[event->kind](text, event);
	return text;
}

const char *event_name(uint16_t kind) { return kind < EVENT_KINDS_N ? event_kind_name[kind] : "unknown"; }
