/* runner_test.c - whom the market waits for: recorded days for the books and for everyone, real time for nobody that is held down (rows P2, P3, R7). */
#include "firmware/runner.h"

#include <math.h>
#include <setjmp.h>
#include <stdio.h>

#include "firmware/modes/recorder.h"
#include "firmware/progress.h"
#include "fsm/care/process.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/sim/disk.h"
#include "hal/venues/alpaca/market.h"
#include "hal/venues/alpaca/trading.h"
#include "tests/kit/test.h"

enum { FEED, ANALYST, DESK, KEEPER, PROCESSES };
#define BIT(worker) (1u << WORKER_##worker)

static struct runner      *runner;
static struct runner_plan  plan;
static struct memory_map  *map;

/* A feed whose driver has its first word to say, that the venue is up, and has heard of the venue seven times; all have done all TICKs. */
static void begin(bool is_stepped)
{
	static struct alpaca_market market;
	if (map) map_drop(map);
	map = map_make();
	if (!runner) runner = memory_take(sizeof *runner);
	BUG_UNLESS(9120, map && runner);
	memset(&market, 0, sizeof market);
	market.told = VENUE_DOWN;
	market.place.is_permitted = 1;
	market.counts.reads = 7;
	plan = (struct runner_plan){ .map = map, .processes = PROCESSES, .ledger_row = KEEPER, .sessions_max = UINT64_MAX, .speed = INFINITY,
		.placed = { [FEED] = BIT(feed) | BIT(console), [ANALYST] = BIT(analyst), [DESK] = BIT(desk), [KEEPER] = BIT(health) | BIT(ledger) },
		.all = BIT(feed) | BIT(console) | BIT(analyst) | BIT(desk) | BIT(health) | BIT(ledger),
		.venue = { .kind = VENUE_KIND_ALPACA, .is_stepped = is_stepped } };
	for (int row = 0; row < PROCESSES; row++) map->life[0].of[row].state = PROCESS_READY;
	*runner = (struct runner){ .plan = &plan, .row = FEED, .market = &market };
	pump_init(&runner->pump, map, &runner->rooms, &runner->hal, plan.placed[FEED]);
}

static bool has_taken(void)
{
	(void)runner_turn(runner);
	return runner->market->told == VENUE_UP;
}

TEST(t_P2_days_that_wait_for_the_books_are_no_silent_driver)
{
	begin(true);
	map->progress_desk[0].input_seq = PROGRESS_BOOKS_BEHIND_MAX + 1;
	CHECK(!has_taken());
	CHECK_EQ(map->progress_feed[0].venue_words, 7);        /* what it hears meanwhile is said */
	map->progress_ledger[0].input_seq = 1;
	CHECK(has_taken());
}

/* A full disk is no reason to look away from the market. */
TEST(t_R7_the_market_of_real_time_waits_for_no_books)
{
	begin(false);
	map->progress_desk[0].input_seq = 10 * PROGRESS_BOOKS_BEHIND_MAX;
	CHECK(has_taken());
}

TEST(t_P3_R7_prices_go_on_while_the_analyst_or_the_watcher_is_held_down)
{
	begin(false);
	map->progress_feed[0].ticks = map->progress_desk[0].ticks = 5;        /* the analyst and health have done none */
	map->life[0].of[ANALYST].state = PROCESS_HELD;
	CHECK(!has_taken());
	map->life[0].of[KEEPER].state = PROCESS_HELD;
	CHECK(has_taken());
	CHECK_EQ(runner_waits_for(&plan), BIT(feed) | BIT(console) | BIT(desk));
	map->life[0].of[ANALYST].state = PROCESS_BOOTING;        /* released: what it missed it does first */
	CHECK_EQ(runner_waits_for(&plan), BIT(feed) | BIT(console) | BIT(desk) | BIT(analyst));
}

TEST(t_P3_days_that_have_time_and_a_desk_that_is_held_down_are_waited_for)
{
	begin(false);
	map->life[0].of[DESK].state = PROCESS_HELD;
	CHECK_EQ(runner_waits_for(&plan), plan.all);
	map->life[0].of[ANALYST].state = PROCESS_HELD;
	plan.venue.is_stepped = true;
	CHECK_EQ(runner_waits_for(&plan), plan.all);
	plan.venue = (struct venue_place){ .kind = VENUE_KIND_SIM };
	CHECK_EQ(runner_waits_for(&plan), plan.all);
}

static uint64_t said(void) { return map->progress_feed[0].said.lock.version / 2; }

/* Once for a trouble, whatever the driver tries; anew when a session that was up is lost again, for the same reason months later. */
TEST(t_X5_P8_the_same_trouble_is_said_again_when_it_comes_back)
{
	static const struct runner_world world;
	begin(false);
	plan.world = &world;
	snprintf(runner->market->sentence, sizeof runner->market->sentence, "venue.example: closed the stream");
	for (int turn = 0; turn < 5; turn++) (void)runner_turn(runner);
	CHECK(runner->market->told == VENUE_UP && said() == 1);
	for (int lost = 0; lost < 2; lost++) {
		runner->market->reads.failures = 100;
		for (int turn = 0; turn < 5; turn++) (void)runner_turn(runner);
		CHECK(runner->market->told == (lost ? VENUE_REFUSED : VENUE_DOWN));
		CHECK_EQ(said(), 2);        /* the second time it had not been up in between */
		runner->market->reads.is_refused = true;
	}
	runner->market->reads.failures = 0;
	runner->market->reads.is_refused = false;
	for (int turn = 0; turn < 5; turn++) (void)runner_turn(runner);
	CHECK_EQ(said(), 2);
}

/* The driver of a desk whose latest calendar has seen so many sessions. */
static const struct alpaca_plan *driver_of(int32_t sessions)
{
	static const struct runner_world world;
	begin(false);
	plan.world = &world;
	runner->rooms.desk.t_ns = 17000 * NS_PER_DAY;
	runner->rooms.desk.day[CALENDARS_N - 1].sessions = sessions;
	loop_open_virtual();
	CHECK(runner_trading_make(runner, false));
	loop_close();
	return &runner->trading->plan;
}

TEST(t_X10_in_its_first_day_a_journal_reads_nothing_of_before_it)
{
	const struct alpaca_plan *of = driver_of(1);
	CHECK(of->begun_t_ns == 17000 * NS_PER_DAY - 60 * NS_PER_S && of->since_t_ns == 17000 * NS_PER_DAY);
	of = driver_of(2);
	CHECK(of->begun_t_ns == 0 && of->since_t_ns == 17000 * NS_PER_DAY);        /* a day is read again: some are posted late */
}

/* Its inputs are numbered from 1, and the desk whose place it has taken was at a million. */
TEST(t_P8_R9_a_rescue_that_begins_anew_is_in_the_log)
{
	static const struct runner_world world;
	struct event                     risk = event_make(EVENT_RISK, SYM_NONE, 1);
	begin(false);
	plan.world = &world;
	plan.trading = memory_take(sizeof *plan.trading);
	runner->home = memory_take(sizeof *runner->home);
	runner->rescue = (struct rescue){ .is_here = true };        /* reading the journal has ended one before */
	map->log_desk[0].key = UINT64_C(1000000) << 16;
	runner_rescue_read(runner);
	CHECK(runner->rescue.is_alone);
	risk.cause = 1;
	log_event(map->log_desk, WORKER_desk, &risk);
	log_event(map->log_desk, WORKER_desk, &risk);
	CHECK_EQ(map->log_desk[0].count, 1);
}

/* --- a desk on a disk ---------------------------------------------------------------------------------------------------- */

enum { DISK_BYTES = 24 << 20, SEGMENT_BYTES = 4 << 20, JOURNAL_ID = 7 };
static struct disk_sim     disk;
static struct disk_verbs   verbs;
static uint8_t             disk_memory[DISK_BYTES], disk_durable[DISK_BYTES], journal_buffer[1 << 20];
static struct runner_world machine;
static jmp_buf             death;
static int                 dies_in;
static enum disk_code (*write_as_before)(struct disk *of, int32_t at, uint64_t offset, const void *from, size_t bytes);

static enum disk_code write_or_die(struct disk *of, int32_t at, uint64_t offset, const void *from, size_t bytes)
{
	if (dies_in > 0 && --dies_in == 0) longjmp(death, 1);
	return write_as_before(of, at, offset, from, bytes);
}

/* In a map that it does not know yet; its journal has a first segment. */
static void begin_desk(void)
{
	static struct journal journal;
	struct journal_setup  setup;
	struct journal_plan   of = { .journal_id = JOURNAL_ID, .segment_bytes = SEGMENT_BYTES, .segments_max = 4, .shape = JOURNAL_GROW };
	begin(false);
	disk_sim_init(&disk);
	disk_sim_room(&disk, disk_memory, disk_durable, sizeof disk_memory);
	verbs = *disk.disk.verbs;
	write_as_before = verbs.write;
	verbs.write = write_or_die;
	disk.disk.verbs = &verbs;
	machine.disk = &disk.disk;
	settings_default(&machine.settings);
	plan.world = &machine;
	plan.mode = TRADE_SIM;
	plan.folder = "desk";
	plan.trading = memory_take(sizeof *plan.trading);
	plan.trading->plan.settings = machine.settings;
	desk_init(&runner->rooms.desk, JOURNAL_ID, &machine.settings);
	recorder_setup(&setup, &machine.settings, plan.mode);
	CHECK_EQ(journal_create(&journal, &disk.disk, "journal", &of, &setup, journal_buffer, sizeof journal_buffer), JOURNAL_OK);
	runner->pump.journal = &journal;
	CHECK_EQ(pump_segment(&runner->pump), JOURNAL_OK);
	CHECK_EQ(journal_flush(&journal), JOURNAL_OK);
	journal_abandon(&journal);
}

/* A life of the desk's process: false when it has died in its first steps. */
static bool live_again(int dies_at_write)
{
	static const struct rescue none;
	disk_sim_restart(&disk);
	loop_open_virtual();
	runner = memory_take(sizeof *runner);
	dies_in = dies_at_write;
	if (setjmp(death)) return false;
	CHECK(runner_open(runner, &plan, DESK, &none));
	dies_in = 0;
	CHECK_STR(runner_why(runner), "");
	return true;
}

/* So many dividends of a symbol that is not held. */
static void hear_dividends(int count, int64_t day)
{
	struct event event = event_make(EVENT_DIVIDEND, 1, day * NS_PER_DAY);
	for (int i = 0; i < count; i++) CHECK(channel_put(&runner->pump.channel[CHANNEL_market_desk], &event, sizeof event));
	(void)runner_turn(runner);
}

/* The queues of a new map are numbered anew, and the desk has that in its journal; one that died before it was there says it again. */
TEST(t_X2_P3_a_desk_that_dies_in_its_first_step_hears_the_queues_of_a_new_map)
{
	bool is_dead = true;
	for (int write = 1; is_dead; write++) {
		begin_desk();
		CHECK(live_again(0));
		hear_dividends(9, 17000);
		CHECK_EQ(runner->rooms.desk.taken[DESK_SOURCE_CHANNEL + CHANNEL_market_desk], 9);
		map_drop(map);
		plan.map = map = map_make();
		is_dead = !live_again(write);
		CHECK(is_dead || write > 1);
		if (is_dead) CHECK(live_again(0));
		uint64_t inputs = runner->rooms.desk.inputs;
		hear_dividends(1, 17001);
		CHECK_EQ(runner->rooms.desk.inputs, inputs + 1);
		CHECK_EQ(runner->rooms.desk.taken[DESK_SOURCE_CHANNEL + CHANNEL_market_desk], 1);
	}
}
