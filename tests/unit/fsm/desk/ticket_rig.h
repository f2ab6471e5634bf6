/* ticket_rig.h - a desk with NAV 100,000 USD and GLD, SPY, QQQ and TLT at 100 USD unless said otherwise, so one per cent is ten shares; and the
 * steps of a ticket on it. */
#ifndef TESTS_UNIT_FSM_DESK_TICKET_RIG_H
#define TESTS_UNIT_FSM_DESK_TICKET_RIG_H
#include "fsm/desk/ticket.h"
#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

static struct desk_rig rig;

static inline void begin(void)
{
	rig_init(&rig);
	rig_price(&rig, GLD, USD(100));
	rig_price(&rig, SPY, USD(100));
	rig_price(&rig, QQQ, USD(100));
	rig_price(&rig, TLT, USD(100));
	rig_price(&rig, BTC, USD(50000));
}

static inline struct ticket opened(uint16_t sym, int32_t target_bp)
{
	struct ticket ticket;
	ticket_open(&rig.desk, sym, target_bp, &ticket);
	return ticket;
}

static inline struct ticket checked(uint16_t sym, int32_t target_bp)
{
	struct ticket ticket = opened(sym, target_bp);
	ticket_risk(&rig.desk, &ticket);
	ticket_comply(&rig.desk, &ticket);
	return ticket;
}

/* What the desk says at the end of a cycle about a wish of 10 % GLD that a rule forbids. */
static inline void check_refused(uint8_t rule, const char *text)
{
	rig_wish(&rig, GLD, 1000);
	rig_decide(&rig, CALENDAR_NYSE);
	const struct event *refusal = rig_said(&rig, EVENT_REFUSAL, GLD);
	CHECK(!rig_said(&rig, EVENT_ORDER_NEW, GLD) && refusal);
	if (!refusal) return;
	CHECK_EQ(refusal->refusal.rule, rule);
	CHECK_EQ(refusal->refusal.target_bp, 1000);
	CHECK_STR(ticket_rule_text[refusal->refusal.rule], text);
}

#endif
