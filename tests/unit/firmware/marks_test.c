/* marks_test.c - each process says what is its own, and the figures are those of the tables. */
#include "firmware/marks.h"

#include <string.h>

#include "firmware/runner.h"
#include "hal/linux/memory.h"
#include "hal/store/books.h"
#include "tests/kit/test.h"

static uint64_t mark_of(const struct footprint *memory, const char *name)
{
	for (size_t i = 0; i < MARKS_N; i++)
		if (strcmp(marks[i].name, name) == 0) return memory->low_water[i];
	bug_trap(4533);        /* there is no such mark */
}

TEST(t_O10_marks_of_a_process_are_its_own_tables)
{
	struct runner   *runner = memory_take(sizeof *runner);
	struct footprint memory = { .low_water = { 0 } };
	BUG_UNLESS(9001, runner != 0);
	runner->rooms.desk.orders.pool.low_water = 77;
	runner->pump.outbox_most = 5;
	runner->pump.timers_most = 3;
	marks_publish(runner, BUDGET_OF(desk), &memory);
	CHECK_EQ(mark_of(&memory, "orders"), 77);
	CHECK_EQ(mark_of(&memory, "outbox"), OUTBOX_MAX - 5);
	CHECK_EQ(mark_of(&memory, "timers"), PUMP_TIMERS_MAX - 3);
	CHECK_EQ(mark_of(&memory, "sqlite"), 0);        /* the ledger's: nothing is said of it here */
	CHECK_EQ(mark_of(&memory, "loop_watches"), LOOP_WATCHES_MAX);
}

/* Each figure is another one, so that no row can read its neighbour's. */
TEST(t_O10_marks_of_a_desk_at_a_venue_are_its_driver_s)
{
	struct runner         *runner = memory_take(sizeof *runner);
	struct venue_room     *venue = memory_take(sizeof *venue);
	struct alpaca_trading *trading = memory_take(sizeof *trading);
	struct footprint       memory = { .low_water = { 0 } };
	BUG_UNLESS(3901, runner && venue && trading);
	runner->trading = trading;
	trading->events_most = 11;
	marks_publish(runner, BUDGET_OF(desk), &memory);
	CHECK_EQ(mark_of(&memory, "venue_events"), 0);        /* without a venue nothing is said of it */
	runner->venue = venue;
	venue->dns.lookups_most = 2;
	venue->dns.cache_most = 3;
	venue->dns.hosts_n = 4;
	venue->sessions.most = 1;
	venue->anchors.count = 5;
	trading->rows_n = 6;
	trading->line[0].most = 7;
	trading->line[1].most = 8;
	trading->told_n = 9;
	trading->sync.holdings_most = 10;
	trading->sync.orphans_most = 12;
	trading->rest.queued_most = 13;
	trading->rest.body_most = 14;
	trading->hot.queued_most = 15;
	trading->hot.body_most = 16;
	trading->push.message_most = 17;
	trading->push.out_most = 18;
	marks_publish(runner, BUDGET_OF(desk), &memory);
	CHECK_EQ(mark_of(&memory, "dns_lookups"), DNS_LOOKUPS_MAX - 2);
	CHECK_EQ(mark_of(&memory, "dns_cache"), DNS_CACHE_MAX - 3);
	CHECK_EQ(mark_of(&memory, "dns_hosts"), DNS_HOSTS_MAX - 4);
	CHECK_EQ(mark_of(&memory, "tls_sessions"), TLS_SESSIONS_MAX - 1);
	CHECK_EQ(mark_of(&memory, "roots"), ANCHORS_MAX - 5);
	CHECK_EQ(mark_of(&memory, "venue_rows"), CFG_orders_max - 6);
	CHECK_EQ(mark_of(&memory, "venue_line"), CFG_orders_max - 8);
	CHECK_EQ(mark_of(&memory, "told"), ALPACA_TOLD_MAX - 9);
	CHECK_EQ(mark_of(&memory, "holdings"), ALPACA_HOLDINGS_MAX - 10);
	CHECK_EQ(mark_of(&memory, "venue_events"), ALPACA_EVENTS_MAX - 11);
	CHECK_EQ(mark_of(&memory, "orphans"), ALPACA_PAGE_ACTIVITIES - 12);
	CHECK_EQ(mark_of(&memory, "order_queue"), REST_QUEUE_MAX - 13);
	CHECK_EQ(mark_of(&memory, "order_body"), ALPACA_BODY_BYTES - 14);
	CHECK_EQ(mark_of(&memory, "bulk_queue"), REST_QUEUE_MAX - 15);
	CHECK_EQ(mark_of(&memory, "bulk_body"), ALPACA_HOT_BODY_BYTES - 16);
	CHECK_EQ(mark_of(&memory, "update_message"), ALPACA_MESSAGE_MAX - 17);
	CHECK_EQ(mark_of(&memory, "update_push"), PUSH_OUT_BYTES - 18);
	CHECK_EQ(mark_of(&memory, "data_queue"), 0);        /* the feed's */
}

/* Of two streams the fuller one. */
TEST(t_O10_marks_of_a_feed_at_a_venue_are_its_driver_s)
{
	struct runner        *runner = memory_take(sizeof *runner);
	struct venue_room    *venue = memory_take(sizeof *venue);
	struct console       *console = memory_take(sizeof *console);
	struct alpaca_market *market = memory_take(sizeof *market);
	struct footprint      memory = { .low_water = { 0 } };
	BUG_UNLESS(3902, runner && venue && console && market);
	runner->venue = venue;
	runner->console = console;
	runner->market = market;
	market->streams_n = 2;
	market->stream[1].push.message_most = 21;
	market->stream[0].push.out_most = 22;
	market->stream[1].push.out_most = 20;
	market->rest.queued_most = 23;
	market->rest.body_most = 24;
	market->reads.most = 3;
	market->history_most = 25;
	marks_publish(runner, BUDGET_OF(feed), &memory);
	CHECK_EQ(mark_of(&memory, "data_message"), ALPACA_STREAM_MESSAGE_BYTES - 21);
	CHECK_EQ(mark_of(&memory, "data_push"), PUSH_OUT_BYTES - 22);
	CHECK_EQ(mark_of(&memory, "data_queue"), REST_QUEUE_MAX - 23);
	CHECK_EQ(mark_of(&memory, "data_body"), ALPACA_MARKET_BODY_BYTES - 24);
	CHECK_EQ(mark_of(&memory, "data_reads"), ALPACA_MARKET_READS_MAX - 3);
	CHECK_EQ(mark_of(&memory, "history"), CFG_bars_max - 25);
	CHECK_EQ(mark_of(&memory, "venue_rows"), 0);        /* the desk's */
}

static void on_nothing(void *self) { (void)self; }

TEST(t_O10_the_loop_s_tables_remember_their_fullest)
{
	CHECK(loop_open());
	int first = loop_timer(on_nothing, 0), second = loop_timer(on_nothing, 0);
	CHECK_EQ(loop_timers_most(), 2);
	loop_timer_end(second);
	loop_timer_end(first);
	CHECK(loop_timer(on_nothing, 0) != LOOP_NONE);
	CHECK_EQ(loop_timers_most(), 2);
	loop_close();
}

TEST(t_O10_marks_are_named_once_and_bounded)
{
	for (size_t i = 0; i < MARKS_N; i++) {
		CHECK(marks[i].maximum > 0 && marks[i].whose != 0);
		for (size_t j = 0; j < i; j++) CHECK(strcmp(marks[i].name, marks[j].name) != 0);
	}
}
