/* event_test.c - the one record that travels: its sizes are promises to rings, journals and tapes. */
#include "fsm/event.h"

#include <string.h>

#include "fsm/worker.h"
#include "tests/kit/test.h"

TEST(t_P7_every_kind_has_a_name_and_a_payload_that_fits)
{
	CHECK_EQ(sizeof(struct event), 128);
	CHECK_EQ(offsetof(struct event, bytes), 32);
	for (int i = 0; i < EVENT_KINDS_N; i++) {
		CHECK(event_kind_name[i] != 0 && event_kind_name[i][0] != '\0');
		CHECK(event_payload_bytes[i] > 0 && event_payload_bytes[i] <= EVENT_PAYLOAD_MAX);
		for (int k = 0; k < i; k++) CHECK(strcmp(event_kind_name[i], event_kind_name[k]) != 0);
	}
	CHECK_STR(event_kind_name[EVENT_ORDER_NEW], "ORDER_NEW");
	CHECK_EQ(event_payload_bytes[EVENT_FILL], sizeof(struct fill));
}

TEST(t_P7_payloads_are_whole_words_so_that_they_can_be_hashed)
{
	for (int i = 0; i < EVENT_KINDS_N; i++) CHECK_EQ(event_payload_bytes[i] % 8, 0);
}

TEST(t_P9_outputs_are_zeroed_and_carry_cause_index_and_time)
{
	static struct outbox       out;
	static const struct event  zero;
	memset(&out, 0xff, sizeof out);
	outbox_begin(&out, 3, 41, 77);
	for (uint16_t i = 0; i < 3; i++) {
		struct event *event = outbox_add(&out, EVENT_TIMER, i);
		CHECK(event->cause == 41 && event->index == i && event->from == 3 && event->t_ns == 77 && event->sym == i && event->seq == 0);
		CHECK(memcmp(event->bytes, zero.bytes, sizeof zero.bytes) == 0);
	}
	CHECK_EQ(out.count, 3);
}

static void overflow_the_outbox(void)
{
	static struct outbox out;
	outbox_begin(&out, 0, 1, 1);
	for (int i = 0; i <= OUTBOX_MAX; i++) (void)outbox_add(&out, EVENT_TIMER, SYM_NONE);
}

TEST(t_P2_an_outbox_over_its_bound_traps) { CHECK_BUG(overflow_the_outbox, 1140); }
