/* memory_map_test.c - one writer for each byte, by the MMU; what P6 and P7 ask to be there is there. */
#include "firmware/memory_map.h"

#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit/resident.h"
#include "tests/kit/test.h"

static sigjmp_buf refused;

static size_t pages(size_t bytes) { return (bytes + MAP_PAGE_BYTES - 1) / MAP_PAGE_BYTES * MAP_PAGE_BYTES; }

static struct memory_map *map_of_test(void)
{
	struct memory_map *map = map_make();
	BUG_UNLESS(4324, map);
	return map;
}

TEST(t_P6_every_byte_of_the_map_has_exactly_one_writer)
{
	size_t end = 0;
	for (size_t i = 0; i < REGION_ROWS_N; i++) {
		const struct region_row *row = &region_rows[i];
		CHECK_EQ(row->offset, end);        /* no gap, no byte in two regions */
		CHECK_EQ(row->offset % MAP_PAGE_BYTES, 0);
		CHECK(row->bytes > 0);
		CHECK(row->writer < WRITERS_N);
		end = row->offset + pages(row->bytes);
	}
	CHECK_EQ(end, sizeof(struct memory_map));
}

TEST(t_P6_the_regions_of_the_document_exist_and_have_the_right_writer)
{
	static const struct { const char *name; uint8_t writer; size_t bytes; } wanted[] = {
		{ "prices", WORKER_feed, UNIVERSE_N * sizeof(struct event_cell) },
		{ "books", WORKER_feed, UNIVERSE_N * sizeof(struct book_cell) },
		{ "positions", WORKER_desk, UNIVERSE_N * sizeof(struct event_cell) },
		{ "regime", WORKER_context, sizeof(struct event_cell) },
		{ "signals", WORKER_analyst, (size_t)SIGNAL_CELLS * sizeof(struct event_cell) },
	};
	for (size_t w = 0; w < sizeof wanted / sizeof wanted[0]; w++) {
		uint32_t found = 0;
		for (size_t i = 0; i < REGION_ROWS_N; i++) {
			if (strcmp(region_rows[i].name, wanted[w].name) != 0) continue;
			found++;
			CHECK_EQ(region_rows[i].writer, wanted[w].writer);
			CHECK_EQ(region_rows[i].bytes, wanted[w].bytes);
		}
		CHECK_EQ(found, 1);
	}
	CHECK_EQ(BOOK_LEVELS, 50);
	CHECK_EQ(BOOK_TOP_LEVELS, 10);
}

/* Reader lists name workers or the watchdog; the writer is not one of its own readers. */
TEST(t_P6_readers_are_workers)
{
	for (size_t i = 0; i < REGION_ROWS_N; i++) {
		char names[128];
		snprintf(names, sizeof names, "%s", region_rows[i].readers);
		for (char *name = strtok(names, " "); name; name = strtok(0, " ")) {
			bool known = strcmp(name, "all") == 0;
			for (uint8_t w = 0; w < WRITERS_N; w++) known = known || (strcmp(name, writer_name(w)) == 0 && w != region_rows[i].writer);
			CHECK(known);
		}
	}
}

static void on_refused(int number)
{
	(void)number;
	siglongjmp(refused, 1);
}

/* Writes what is there already; false when the page may not be written. */
static bool can_write(volatile uint8_t *byte)
{
	if (sigsetjmp(refused, 1)) return false;
	*byte = *byte;
	return true;
}

/* In a child narrowed to one worker: how many regions may be written that should not, or not that should. */
static int wrong_rights(struct memory_map *map, uint32_t mask)
{
	struct sigaction action = { .sa_handler = on_refused };
	int              wrong = 0;
	sigaction(SIGSEGV, &action, 0);
	sigaction(SIGBUS, &action, 0);
	if (!map_narrow(map, 1u << WORKER_watchdog) || !map_narrow(map, mask)) return 100;        /* as the watchdog's child gets it */
	for (size_t i = 0; i < REGION_ROWS_N; i++) {
		volatile uint8_t *first = (volatile uint8_t *)map + region_rows[i].offset;
		bool              own = mask >> region_rows[i].writer & 1;
		wrong += can_write(first) != own;
		wrong += can_write(first + region_rows[i].bytes / 2) != own;
		wrong += can_write(first + pages(region_rows[i].bytes) - 1) != own;
	}
	return wrong;
}

static int in_child(struct memory_map *map, uint32_t mask)
{
	pid_t child = fork();
	if (child == 0) _exit(wrong_rights(map, mask));
	int status = 0;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 200;
}

TEST(t_P6_each_worker_may_write_its_own_regions_and_no_other)
{
	struct memory_map *map = map_of_test();
	for (int w = 0; w < WORKERS_N; w++) CHECK_EQ(in_child(map, 1u << w), 0);
	CHECK_EQ(in_child(map, 0), 0);
	CHECK_EQ(in_child(map, 1u << WORKER_health | 1u << WORKER_ledger), 0);
	CHECK_EQ(in_child(map, (1u << WORKERS_N) - 1), 0);
}

/* The first page of a channel is there since it was made. */
TEST(t_O10_what_an_appliance_uses_of_the_map_is_in_memory_and_no_more)
{
	enum { MOST = 1 << WORKER_feed | 1 << WORKER_context | 1 << WORKER_analyst | 1 << WORKER_health | 1 << WORKER_desk | 1 << WORKER_ledger };
	struct memory_map *map = map_of_test();
	map_touch(map, MOST | 1u << WORKER_watchdog);
	for (size_t i = 0; i < REGION_ROWS_N; i++) {
		const struct region_row *row = &region_rows[i];
		const uint8_t           *second = (const uint8_t *)map + row->offset + MAP_PAGE_BYTES;
		bool                     is_quoters = i >= REGIONS_N && (row->writer == WORKER_quoter || strcmp(row->readers, "quoter") == 0);
		if (row->bytes > 2 * MAP_PAGE_BYTES) CHECK(pages_are(second, row->bytes - MAP_PAGE_BYTES, !is_quoters));
	}
}

/* The plain case: no handler, the process dies; and the page in the parent is as it was. */
TEST(t_P6_one_writer_enforced_by_the_mmu)
{
	struct memory_map *map = map_of_test();
	struct event       event = event_make(EVENT_POSITION, 3, 77), read;
	int                status = 0;
	pid_t              child = fork();
	if (child == 0) {
		signal(SIGSEGV, SIG_DFL);
		if (!map_narrow(map, 1u << WORKER_desk)) _exit(1);
		cell_write(&map->positions[3], &event);        /* its own */
		cell_write(&map->prices[3], &event);           /* the feed's */
		_exit(2);
	}
	waitpid(child, &status, 0);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	CHECK(cell_read(&map->positions[3], &read));
	CHECK_EQ(read.t_ns, 77);
	CHECK_EQ(map->prices[3].lock.version, 0);
}

TEST(t_P7_rings_are_large_enough)
{
	CHECK(channel_rows[CHANNEL_trades].slots >= 10000);
	CHECK(channel_rows[CHANNEL_quotes].slots >= 1000);        /* order requests and cancels */
	CHECK(channel_rows[CHANNEL_fills].slots >= 1000);
	for (int i = 0; i < CHANNELS_N; i++) CHECK_EQ(channel_rows[i].slots & (channel_rows[i].slots - 1), 0);
}

TEST(t_P7_a_ring_holds_as_many_as_it_says_and_then_says_full)
{
	struct memory_map *map = map_of_test();
	for (int id = 0; id < CHANNELS_N; id++) {
		struct channel channel;
		uint32_t       early = 0, wrong = 0;
		struct event   event = event_make(EVENT_TRADE, 0, 0), read;
		map_channel(map, (enum channel_id)id, &channel);
		for (uint32_t i = 0; i < channel_rows[id].slots; i++) {
			event.trade.trade_id = i;
			early += !channel_put(&channel, &event, sizeof event);
		}
		CHECK(!channel_put(&channel, &event, sizeof event));
		CHECK_EQ(channel.tail->full_count, 1);
		CHECK_EQ(channel.tail->low_water, 0);
		for (uint32_t i = 0; i < channel_rows[id].slots; i++) {
			wrong += !channel_peek(&channel, &read, sizeof read) || read.trade.trade_id != i || read.seq != i + 1;
			channel_done(&channel);
		}
		CHECK_EQ(early + wrong, 0);
		CHECK(!channel_peek(&channel, &read, sizeof read));
		CHECK(channel_put(&channel, &event, sizeof event));
	}
}

/* Fields by name: this does not compile when one is missing. */
TEST(t_P7_typed_messages_have_their_fields)
{
	struct event trade = { .kind = EVENT_TRADE, .trade = { .trade_id = 1, .venue_seq = 2, .px_e8 = 3, .qty_e8 = 4, .is_buy = 1 } };
	struct event fill = { .kind = EVENT_FILL, .fill = { .order_id = 1, .execution_id = 2, .qty_e8 = 3, .px_e8 = 4, .remaining_qty_e8 = 5 } };
	struct event request = { .kind = EVENT_ORDER_NEW,
		.request = { .order_id = 1, .order_type = ORDER_TYPE_LIMIT, .post_only = 1, .reason = ORDER_REASON_SIGNAL } };
	struct event cancel = { .kind = EVENT_ORDER_CANCEL, .ref = { .journal_id = 1, .order_id = 2 } };
	struct event signal = { .kind = EVENT_SIGNAL, .signal = { .trace_id = 1, .feature_hash = 2, .confidence_bp = 3, .weight_bp = 4 } };
	struct event beat = { .kind = EVENT_HEARTBEAT, .heartbeat = { .beats = 1, .steps = 2 } };
	struct event down = { .kind = EVENT_SHUTDOWN };
	CHECK_STR(event_kind_name[trade.kind], "TRADE");
	CHECK_STR(event_kind_name[fill.kind], "FILL");
	CHECK_STR(event_kind_name[request.kind], "ORDER_NEW");
	CHECK_STR(event_kind_name[cancel.kind], "ORDER_CANCEL");
	CHECK_STR(event_kind_name[signal.kind], "SIGNAL");
	CHECK_STR(event_kind_name[beat.kind], "HEARTBEAT");
	CHECK_STR(event_kind_name[down.kind], "SHUTDOWN");
	for (int kind = 0; kind < EVENT_KINDS_N; kind++) CHECK(event_payload_bytes[kind] > 0 && event_payload_bytes[kind] <= EVENT_PAYLOAD_MAX);
}

/* Two priorities beside the market's own clock, in this order, at the desk. */
TEST(t_P5_the_desk_has_three_queues_by_priority)
{
	CHECK_EQ(channel_rows[CHANNEL_alarms].consumer, WORKER_desk);
	CHECK_EQ(channel_rows[CHANNEL_signals_high].consumer, WORKER_desk);
	CHECK_EQ(channel_rows[CHANNEL_signals_normal].consumer, WORKER_desk);
	CHECK(channel_rows[CHANNEL_alarms].priority < channel_rows[CHANNEL_signals_high].priority);
	CHECK(channel_rows[CHANNEL_signals_high].priority < channel_rows[CHANNEL_signals_normal].priority);
}

TEST(t_P6_the_map_lies_at_one_address_and_only_once)
{
	struct memory_map *map = map_of_test();
	CHECK(map_make() == 0);
	map_drop(map);
	CHECK(map_make() == map);
}
