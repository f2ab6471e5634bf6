/* desk_cells_test.c - words of the venue that come seldom, to a real desk: to an order that is being replaced, and of books that a person has let pass.
 * What must become of them is said here, beside the tables. */
#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

static struct desk_rig rig;

/* --- X2: an order that is being replaced ------------------------------------------------------------------------------- */

static struct event order_input(struct desk_rig *of)
{
	struct event in = event_make(EVENT_NONE, GLD, of->t_ns);
	outbox_begin(&of->out, 1, of->desk.inputs, of->t_ns);
	return in;
}

/* A buy that works, and for which another quantity was asked. */
static uint64_t replaced(void)
{
	rig_init(&rig);
	uint64_t id = rig_sent_buy(&rig);
	rig_reply(&rig, EVENT_ACK, id, 9, 0);
	struct event in = order_input(&rig);
	in.ref = (struct order_ref){ RIG_JOURNAL, id, QTY(80), 0 };
	desk_order_event(&rig.worker, rig_order(&rig, id), ORDER_EV_REPLACE, &in, &rig.out);
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_REPLACING);
	return id;
}

/* The same, and now it is to be cancelled. */
static uint64_t cancelled(void)
{
	uint64_t     id = replaced();
	struct event in = order_input(&rig);
	desk_order_event(&rig.worker, rig_order(&rig, id), ORDER_EV_CANCEL, &in, &rig.out);
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_CANCELLING);
	return id;
}

TEST(t_X2_the_venues_words_to_an_order_that_is_being_replaced)
{
	static const struct { uint16_t kind; uint8_t becomes; } words[] = {
		{ EVENT_ACK, ORDER_REPLACING },
		{ EVENT_CANCEL_REJECTED, ORDER_REPLACING },
		{ EVENT_REPLACED, ORDER_LIVE },
		{ EVENT_REPLACE_REJECTED, ORDER_LIVE },
		{ EVENT_NEW_REJECTED, ORDER_UNKNOWN }, /* it said ACK before: ask */
		{ EVENT_NOT_FOUND, ORDER_UNKNOWN },
		{ EVENT_CANCELLED, ORDER_DONE },
		{ EVENT_EXPIRED, ORDER_DONE },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		uint64_t id = replaced();
		rig_reply(&rig, words[i].kind, id, 9, 1);
		CHECK_EQ(rig_order(&rig, id)->state, words[i].becomes);
		CHECK_EQ(rig_count(&rig, EVENT_ORDER_QUERY), words[i].becomes == ORDER_UNKNOWN);
		CHECK_EQ(rig_order(&rig, id)->qty_e8, words[i].kind == EVENT_REPLACED ? QTY(80) : QTY(100));
		rig_check(&rig);
	}
}

TEST(t_X2_an_order_that_is_being_replaced_may_fill_time_out_or_lose_its_session)
{
	uint64_t id = replaced();
	rig_fill(&rig, id, QTY(40), USD(100));
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_REPLACING);
	rig_fill(&rig, id, QTY(60), USD(100));
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_DONE);
	id = replaced();
	rig_order(&rig, id)->due_ns = rig.t_ns;
	rig_timer(&rig, id);
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_UNKNOWN);
	id = replaced();
	rig_reconnect(&rig);
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_UNKNOWN);
	CHECK_EQ(rig_count(&rig, EVENT_ORDER_QUERY), 1);
}

TEST(t_X2_the_end_of_a_replace_that_was_overtaken_by_a_cancel)
{
	uint64_t id = cancelled();
	rig_reply(&rig, EVENT_REPLACE_REJECTED, id, 9, 0);
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_CANCELLING);
	rig_reply(&rig, EVENT_REPLACED, id, 9, 0);
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_CANCELLING);
	rig_reply(&rig, EVENT_CANCELLED, id, 9, 0);
	CHECK_EQ(rig_order(&rig, id)->state, ORDER_DONE);
	rig_check(&rig);
}

/* --- X10: books that differ, and that a person has seen ---------------------------------------------------------------- */

static uint8_t compared(int64_t cash_more_e8)
{
	rig_snapshot(&rig, 0, cash_more_e8);
	return rig.desk.reconcile.state;
}

TEST(t_X10_what_a_person_has_let_pass_is_known_and_nothing_else)
{
	rig_init(&rig);
	rig_reconnect(&rig);
	CHECK_EQ(compared(USD(1000)), RECONCILE_MISMATCH);
	rig_operator(&rig, OPERATOR_RESUME);
	CHECK_EQ(rig.desk.reconcile.state, RECONCILE_REVIEWED);
	rig_reconnect(&rig);
	CHECK_EQ(rig.desk.reconcile.state, RECONCILE_UNCHECKED);
	CHECK_EQ(compared(USD(1000)), RECONCILE_REVIEWED);
	CHECK_EQ(compared(USD(2000)), RECONCILE_SUSPECT);
	CHECK_EQ(compared(USD(1000)), RECONCILE_REVIEWED);
	CHECK_EQ(compared(USD(2000)), RECONCILE_SUSPECT);
	CHECK_EQ(compared(USD(3000)), RECONCILE_MISMATCH);
	CHECK_EQ(compared(USD(1000)), RECONCILE_REVIEWED);
	CHECK_EQ(compared(0), RECONCILE_CLEAN); /* and forgotten */
	CHECK_EQ(compared(USD(1000)), RECONCILE_SUSPECT);
}
