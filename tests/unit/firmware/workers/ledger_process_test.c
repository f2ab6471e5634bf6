/* ledger_process_test.c - books that follow a journal which somebody else writes: slow, absent, killed or out of disk, they come out as
 * if the same events had been fed one by one. */
#include "firmware/workers/ledger_process.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#include "fsm/care/credits.h"
#include "hal/store/journal.h"
#include "tests/kit/random.h"
#include "tests/unit/firmware/workers/ledger_kit.h"

enum { JOURNAL_ID = 77, SEGMENTS = 3, TURN_EVENTS = 64, FIRST_DAY = 18323 };
static struct ledger_process keeper;
static struct memory_map    *map;

/* --- a desk that only writes: the tape as INPUTs and RESULTs, announced in the channel ------------------------------------------ */

struct writer {
	struct disk_linux    disk;
	struct journal       journal;
	struct journal_setup setup;
	struct outbox        out;
	struct channel       results, market;
	uint64_t             state[8];
	size_t               next;              /* of the tape */
	uint8_t              buffer[JOURNAL_BUFFER_MIN + 65536];
};
static struct writer writer;
static uint64_t     *projected;        /* shared, as a region is */

static void begin_segment(uint64_t projected_seq)
{
	struct journal_snapshot snapshot = { writer.state, sizeof writer.state, writer.state[0], 0 };
	uint16_t                spy = universe_find("SPY", 3);
	CHECK_EQ(journal_segment_begin(&writer.journal, &snapshot, projected_seq), JOURNAL_OK);
	outbox_begin(&writer.out, 0, writer.state[0], (int64_t)writer.state[1]);
	outbox_add(&writer.out, EVENT_ACCOUNT, SYM_NONE)->account.nav_usd_e8 = 4321 * E8;
	CHECK_EQ(journal_checkpoint(&writer.journal, &writer.out, false), JOURNAL_OK);
	outbox_begin(&writer.out, 0, writer.state[0], (int64_t)writer.state[1]);
	outbox_add(&writer.out, EVENT_POSITION, spy)->position = (struct position_note){ .qty_e8 = 17 * E8, .cost_usd_e8 = 5100 * E8, .px_e8 = 300 * E8 };
	CHECK_EQ(journal_checkpoint(&writer.journal, &writer.out, true), JOURNAL_OK);
}

static void writer_open(const char *home, uint32_t segments)
{
	struct journal_plan plan = { JOURNAL_ID, JOURNAL_SEGMENT_BYTES_MIN, segments, JOURNAL_CIRCLE };
	struct settings     settings = { { 0 } };
	memset(&writer, 0, sizeof writer);
	journal_setup_make(&writer.setup, "a build", &settings);
	map_channel(map, CHANNEL_results, &writer.results);
	map_channel(map, CHANNEL_market_ledger, &writer.market);
	CHECK_EQ(disk_linux_init(&writer.disk, home), DISK_OK);
	CHECK_EQ(journal_create(&writer.journal, &writer.disk.disk, "journal", &plan, &writer.setup, writer.buffer, sizeof writer.buffer), JOURNAL_OK);
	begin_segment(UINT64_MAX);
}

/* After a kill: what was not in the file is forgotten. */
static void writer_reopen(void)
{
	static struct journal_reader reader;
	static uint8_t               window[JOURNAL_WINDOW_MIN];
	struct journal_record        record;
	journal_abandon(&writer.journal);
	CHECK_EQ(journal_read_open(&reader, &writer.disk.disk, "journal", window, sizeof window), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&reader), JOURNAL_OK);
	while (journal_read_next(&reader, &record) != JOURNAL_END) continue;
	CHECK(!journal_input_open(&reader));
	CHECK_EQ(journal_reopen(&writer.journal, &writer.disk.disk, "journal", &reader, &writer.setup, writer.buffer, sizeof writer.buffer), JOURNAL_OK);
	writer.state[0] = reader.input_seq;
	journal_read_close(&reader);
}

static void announce(const struct channel *channel, const struct event *event) { (void)channel_put(channel, event, sizeof *event); }

/* The next input of the tape with all that came of it; false when the tape is over or the circle is held. */
static bool write_input(void)
{
	uint64_t number = 0, cause = writer.state[0] + 1;
	for (; writer.next < tape_n && tape[writer.next].kind == EVENT_QUARANTINE; writer.next++) announce(&writer.market, &tape[writer.next]);
	if (writer.next == tape_n) return false;
	if (journal_needs_segment(&writer.journal)) {
		bool is_free = writer.journal.segments_begun < writer.journal.head.segments_max ||
		               *projected >= writer.journal.first_seq[(writer.journal.segments_begun + 1) % writer.journal.head.segments_max] - 1;
		if (!is_free) return false;
		begin_segment(*projected);
	}
	struct event in = event_make(EVENT_TICK, SYM_NONE, tape[writer.next].t_ns);
	if (tape[writer.next].kind == EVENT_SIGNAL) in = tape[writer.next++];
	in.cause = 0;
	CHECK_EQ(journal_input(&writer.journal, &in, &number), JOURNAL_OK);
	CHECK_EQ(number, cause);
	in.cause = cause;
	if (in.kind == EVENT_SIGNAL) announce(&writer.results, &in);
	outbox_begin(&writer.out, 0, cause, in.t_ns);
	for (; writer.next < tape_n && tape[writer.next].cause == cause; writer.next++) {
		writer.out.event[writer.out.count++] = tape[writer.next];
		announce(&writer.results, &tape[writer.next]);
	}
	CHECK_EQ(journal_result(&writer.journal, &writer.out, false, 0), JOURNAL_OK);
	writer.state[0] = cause;
	writer.state[1] = (uint64_t)in.t_ns;
	return true;
}

static void write_all(void)
{
	while (write_input()) continue;
	CHECK_EQ(journal_flush(&writer.journal), JOURNAL_OK);
}

/* --- the two around it ------------------------------------------------------------------------------------------------------------ */

static void world_make(void)
{
	map = map_make();
	projected = mmap(0, sizeof *projected, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(map && projected != MAP_FAILED);
}

static bool keeper_open(const char *home, bool durable)
{
	return ledger_process_open(&keeper, &(struct ledger_process_config){ home, map, JOURNAL_ID, 100000 * E8, projected, durable, TRADE_PAPER });
}

/* The books of the tape without any process: fed one by one, a day closed before what is quarantined on the next. */
static const char *feed_one_by_one(const char *home)
{
	struct ledger_config config = { home, keeper.heap, sizeof keeper.heap, JOURNAL_ID, 100000 * E8, false, TRADE_PAPER };
	CHECK(ledger_open(&keeper.ledger, &config));
	for (size_t i = 0; i < tape_n; i++) {
		if (tape[i].kind == EVENT_QUARANTINE) CHECK(ledger_flush(&keeper.ledger));
		CHECK(ledger_step(&keeper.ledger, &tape[i]));
	}
	CHECK(ledger_close(&keeper.ledger));
	return home;
}

/* A story with inputs that tell the books nothing between the days, and now and then a bar nobody believed. */
static void tell_story(int32_t days)
{
	for (int32_t day = FIRST_DAY; day < FIRST_DAY + days; day++) {
		if (day % 3 == 0) {
			struct event *bad = add(EVENT_QUARANTINE, universe_find("QQQ", 3), day * NS_PER_DAY);
			bad->cause = input + 1;        /* it comes before the next input */
			bad->quarantine = (struct quarantine){ .px_e8 = day, .before_px_e8 = 200 * E8, .day = day, .fault = FEED_FAULT_JUMP };
		}
		tell_day(day);
	}
}

/* Turns until everything written so far is read, each within its bound. */
static void catch_up(int64_t *now_ns)
{
	bool done = false;
	for (int turns = 0; !done; turns++) {
		CHECK(turns < 100000);
		*now_ns += NS_PER_S / 4;
		uint32_t events = ledger_process_turn(&keeper, *now_ns, TURN_EVENTS);
		CHECK(events <= TURN_EVENTS + OUTBOX_MAX);
		done = events == 0 && keeper.is_whole;
	}
}

/* --- following ---------------------------------------------------------------------------------------------------------------------- */

TEST(t_O1_books_follow_a_journal_that_grows_elsewhere)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char   *home = new_home("home");
	struct random random = { 5 };
	int64_t       now_ns = NS_PER_S;
	world_make();
	tell_story(1200);
	writer_open(home, SEGMENTS);
	CHECK(keeper_open(home, false));
	while (writer.next < tape_n) {
		for (uint32_t inputs = random_below(&random, 200); inputs > 0 && write_input(); inputs--) continue;
		if (random_below(&random, 3)) CHECK_EQ(journal_flush(&writer.journal), JOURNAL_OK);
		for (uint32_t turns = random_below(&random, 30); turns > 0; turns--) (void)ledger_process_turn(&keeper, now_ns += NS_PER_S / 10, TURN_EVENTS);
		CHECK(*projected <= journal_last_seq(&writer.journal) && map->progress_ledger[0].input_seq <= writer.state[0]);
	}
	CHECK_EQ(journal_flush(&writer.journal), JOURNAL_OK);
	catch_up(&now_ns);
	CHECK(writer.journal.segment.number > 2 * SEGMENTS);
	CHECK_EQ(keeper.gaps, 0);
	CHECK_EQ(keeper.attachments, 1);
	CHECK(ledger_process_close(&keeper));
	CHECK_EQ(map->progress_ledger[0].input_seq, input);
	CHECK_EQ(*projected, journal_last_seq(&writer.journal));
	CHECK_EQ(channel_waiting(&writer.market), 0);
	CHECK_STR(ledger_process_sentence(&keeper), "");
	check_same(feed_one_by_one(new_home("whole")), home);
}

/* Nobody reads the channel: it runs full, which is counted; the books come whole from the journal. */
TEST(t_O1_P4_an_absent_ledger_stops_nobody_and_loses_nothing)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(1400);
	writer_open(home, 16);
	write_all();
	CHECK_EQ(writer.next, tape_n);
	CHECK(writer.results.tail->full_count > 1000 && writer.market.tail->full_count == 0);
	CHECK(keeper_open(home, false));
	catch_up(&now_ns);
	CHECK(ledger_process_close(&keeper));
	check_same(feed_one_by_one(new_home("whole")), home);
}

/* INPUTs without output: the books' cursor follows, so the journal's segments come free. */
TEST(t_O1_inputs_that_tell_nothing_move_the_cursor_on)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	uint64_t    number;
	world_make();
	tell_day(FIRST_DAY);
	writer_open(home, 5);
	CHECK(keeper_open(home, false));
	write_all();
	for (int i = 0; i < 4 * LEDGER_BATCH_MAX; i++) {
		struct event tick = event_make(EVENT_TICK, SYM_NONE, (FIRST_DAY + 1) * NS_PER_DAY);
		if (journal_needs_segment(&writer.journal)) begin_segment(*projected);
		CHECK_EQ(journal_input(&writer.journal, &tick, &number), JOURNAL_OK);
		outbox_begin(&writer.out, 0, number, tick.t_ns);
		CHECK_EQ(journal_result(&writer.journal, &writer.out, false, 0), JOURNAL_OK);
		writer.state[0] = number;
		if (i % 100 == 0) CHECK_EQ(journal_flush(&writer.journal), JOURNAL_OK);
		if (i % 100 == 0) catch_up(&now_ns);
	}
	CHECK(writer.journal.segment.number > 8);
	CHECK(map->progress_ledger[0].input_seq + LEDGER_BATCH_MAX + 200 >= writer.state[0]);
	CHECK(ledger_process_close(&keeper));
	CHECK(keeper_open(home, false));
	catch_up(&now_ns);
	CHECK_EQ(keeper.gaps, 0);
	CHECK(ledger_process_close(&keeper));
}

/* A new boot has a new map: the first turns say again how far the books are, although nothing new is written. */
TEST(t_O1_a_new_map_is_told_at_once_how_far_the_books_are)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(50);
	writer_open(home, SEGMENTS);
	write_all();
	CHECK(keeper_open(home, false));
	CHECK(ledger_process_close(&keeper));
	map_drop(map);
	world_make();
	CHECK(keeper_open(home, false));
	catch_up(&now_ns);
	CHECK_EQ(map->progress_ledger[0].input_seq, input);
	CHECK_EQ(*projected, journal_last_seq(&writer.journal));
	CHECK(ledger_process_close(&keeper));
}

/* --- kills ---------------------------------------------------------------------------------------------------------------------------- */

/* Machine time fifty times as fast, so that commits by time are among what is killed. */
static _Noreturn void keep_books_until_killed(const char *home, bool durable)
{
	struct timespec now;
	if (!keeper_open(home, durable)) _exit(1);
	for (;;) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		(void)ledger_process_turn(&keeper, (now.tv_sec * NS_PER_S + now.tv_nsec) * 50, TURN_EVENTS);
	}
}

static bool copy_is_whole(const char *home)
{
	static const char script[] = "import sqlite3,sys\n"
	                             "db=sqlite3.connect('file:'+sys.argv[1]+'?mode=ro',uri=True)\n"
	                             "assert db.execute('pragma integrity_check').fetchone()==('ok',)\n"
	                             "assert db.execute('pragma journal_mode').fetchone()==('delete',)\n"
	                             "assert db.execute('select count(*) from cursor').fetchone()==(1,)\n";
	return python(script, in_home(home, "books-copy.db"), "") == 0;
}

TEST(t_O1_P4_killed_at_any_instant_the_ledger_loses_and_doubles_nothing)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char   *home = new_home("home");
	struct random random = { 9 };
	int           kills = getenv("TICKWORK_LONG") ? 600 : 60, status = 0;
	int64_t       now_ns = NS_PER_S;
	world_make();
	tell_story(1300);
	writer_open(home, 16);
	for (int kill_n = 0; kill_n < kills; kill_n++) {
		pid_t child = fork();
		if (child == 0) keep_books_until_killed(home, kill_n % 4 == 0);
		for (uint32_t bursts = 1 + random_below(&random, 3); bursts > 0; bursts--) {
			for (int inputs = (int)random_below(&random, (uint32_t)(10400 / kills)); inputs > 0 && write_input(); inputs--) continue;
			CHECK_EQ(journal_flush(&writer.journal), JOURNAL_OK);
			nanosleep(&(struct timespec){ 0, (long)random_below(&random, 8000000) }, 0);
		}
		CHECK(kill(child, SIGKILL) == 0 && waitpid(child, &status, 0) == child);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
		if (kill_n % 10 == 0 && access(in_home(home, "books-copy.db"), F_OK) == 0) CHECK(copy_is_whole(home));
	}
	uint64_t had = map->progress_ledger[0].input_seq;
	CHECK(had > 100);
	write_all();
	CHECK(keeper_open(home, false));
	CHECK(ledger_cursor(&keeper.ledger) >= had);
	catch_up(&now_ns);
	CHECK_EQ(keeper.gaps, 0);
	CHECK(ledger_process_close(&keeper));
	check_same(feed_one_by_one(new_home("whole")), home);
}

/* The desk dies with results in the channel that never reached its file, comes back and decides otherwise: only that is true. */
TEST(t_O1_what_a_killed_desk_announced_and_did_not_write_is_not_booked)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(20);
	writer_open(home, SEGMENTS);
	write_all();
	CHECK(keeper_open(home, false));
	size_t   told = tape_n;
	uint64_t told_input = input;
	tell_day(FIRST_DAY + 20);
	while (write_input()) continue;        /* announced, and in nobody's file */
	catch_up(&now_ns);
	CHECK_EQ(keeper.heard_input, input);
	CHECK_EQ(ledger_cursor(&keeper.ledger), told_input);
	writer_reopen();
	CHECK_EQ(writer.state[0], told_input);
	tape_n = writer.next = told;
	input = told_input;
	tell_day(FIRST_DAY + 25);
	write_all();
	catch_up(&now_ns);
	CHECK(ledger_process_close(&keeper));
	check_same(feed_one_by_one(new_home("whole")), home);
}

/* --- quarantines ------------------------------------------------------------------------------------------------------------------------ */

TEST(t_O1_a_quarantine_leaves_the_channel_when_it_is_committed)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	writer_open(home, SEGMENTS);
	CHECK(keeper_open(home, false));
	catch_up(&now_ns);
	tell_story(3);
	write_all();
	for (int turns = 0; turns < 10 && keeper.market_next.next == 0; turns++) (void)ledger_process_turn(&keeper, now_ns, 4);
	CHECK_EQ(keeper.market_next.next, 1);
	CHECK_EQ(map->market_ledger_cursor.next, 0);
	catch_up(&now_ns);
	catch_up(&now_ns);
	CHECK_EQ(map->market_ledger_cursor.next, 1);
	const struct event *bad = tape;
	while (bad->kind != EVENT_QUARANTINE) bad++;
	struct event later = *bad;
	later.t_ns = INT64_MAX;
	for (uint32_t i = 0; i < writer.market.slots_n; i++) announce(&writer.market, &later);        /* a flood makes room for itself */
	catch_up(&now_ns);
	CHECK(channel_waiting(&writer.market) <= writer.market.slots_n / 2);
	CHECK(ledger_process_close(&keeper));
	CHECK_EQ(channel_waiting(&writer.market), 0);
}

/* --- what goes wrong ---------------------------------------------------------------------------------------------------------------------- */

TEST(t_O1_a_full_disk_stops_the_books_and_nothing_else)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(300);
	writer_open(home, 16);
	write_all();
	CHECK(keeper_open(home, false));
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 300 * 1024, RLIM_INFINITY });
	for (int turns = 0; turns < 2000; turns++) (void)ledger_process_turn(&keeper, now_ns += NS_PER_S / 10, TURN_EVENTS);
	CHECK(keeper.ledger.undone > 1 && strstr(ledger_process_sentence(&keeper), "cannot grow"));
	uint64_t had = map->progress_ledger[0].input_seq;
	CHECK(had > 0 && had < input);
	CHECK_EQ(had, ledger_cursor(&keeper.ledger));
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	now_ns += LEDGER_RETRY_NS;
	catch_up(&now_ns);
	CHECK_EQ(keeper.gaps, 0);
	CHECK(ledger_process_close(&keeper));
	check_rows_same(feed_one_by_one(new_home("whole")), home);
}

TEST(t_O1_a_damaged_journal_is_said_and_what_is_before_it_is_kept)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	uint8_t     byte = 0xee;
	world_make();
	tell_story(20);
	writer_open(home, SEGMENTS);
	write_all();
	uint64_t at = writer.journal.at + 40, whole = writer.state[0];
	tell_day(FIRST_DAY + 20);
	CHECK(write_input() && journal_sync(&writer.journal) == JOURNAL_OK);
	write_all();
	CHECK_EQ(disk_write(&writer.disk.disk, writer.journal.file, at, &byte, 1), DISK_OK);
	CHECK(keeper_open(home, false));
	for (int turns = 0; turns < 100; turns++) (void)ledger_process_turn(&keeper, now_ns += NS_PER_S / 10, TURN_EVENTS);
	CHECK_EQ(map->progress_ledger[0].input_seq, whole);
	CHECK_STR(ledger_process_sentence(&keeper), "the ledger reads journal: it is damaged before its end");
	CHECK(!ledger_process_close(&keeper));
}

TEST(t_O1_a_journal_that_comes_later_is_waited_for)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	CHECK(keeper_open(home, false));
	for (int turns = 0; turns < 50; turns++) CHECK_EQ(ledger_process_turn(&keeper, now_ns += NS_PER_S / 10, TURN_EVENTS), 0);
	CHECK_STR(ledger_process_sentence(&keeper), "");
	tell_story(3);
	writer_open(home, SEGMENTS);
	write_all();
	now_ns += LEDGER_RETRY_NS;
	catch_up(&now_ns);
	CHECK(ledger_process_close(&keeper));
	CHECK_EQ(map->progress_ledger[0].input_seq, input);
}

TEST(t_O1_no_journal_at_all_is_no_failure_of_the_books)
{
	world_make();
	CHECK(keeper_open(new_home("home"), false));
	CHECK(ledger_process_close(&keeper));
}

TEST(t_O1_another_journal_is_refused_in_one_sentence)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	writer_open(home, SEGMENTS);
	CHECK(ledger_process_open(&keeper, &(struct ledger_process_config){ home, map, JOURNAL_ID + 1, 100000 * E8, 0, false, TRADE_PAPER }));
	(void)ledger_process_turn(&keeper, now_ns, TURN_EVENTS);
	CHECK(!keeper.is_attached && strstr(ledger_process_sentence(&keeper), "another journal than the one these books are of"));
	CHECK(!ledger_process_close(&keeper));
}

/* Books lost when the circle has come round: what is retained is booked, and the account as the oldest segment knows it. */
TEST(t_O1_lost_books_begin_with_the_account_of_the_oldest_segment)
{
	static const char script[] = "import sqlite3,sys\n"
	                             "one=lambda q: sqlite3.connect(sys.argv[1]).execute(q).fetchone()[0]\n"
	                             "assert one('select count(*) from portfolio_state')<1200\n"
	                             "assert one('select min(id) from signal_log')>65536*100\n"
	                             "assert one(\"select qty_e8 from positions where symbol='SPY'\")==10*10**8\n";
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(1200);
	writer_open(home, SEGMENTS);
	CHECK(keeper_open(home, false));
	while (writer.next < tape_n) {
		write_all();
		catch_up(&now_ns);
	}
	CHECK(ledger_process_close(&keeper));
	CHECK(unlink(in_home(home, "books.db")) == 0);
	CHECK(keeper_open(home, false));
	(void)ledger_process_turn(&keeper, now_ns, 5);
	CHECK_EQ(keeper.ledger.position[universe_find("SPY", 3)].qty_e8, 17 * E8);
	catch_up(&now_ns);
	CHECK_EQ(keeper.gaps, 1);
	CHECK(strstr(ledger_process_sentence(&keeper), "no longer has the wanted record"));
	CHECK(ledger_process_close(&keeper));
	CHECK_EQ(python(script, in_home(home, "books.db"), ""), 0);
}

/* --- the copy ------------------------------------------------------------------------------------------------------------------------------- */

TEST(t_O1_people_read_a_whole_copy_while_the_books_are_open)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(600);
	writer_open(home, 16);
	write_all();
	CHECK(keeper_open(home, false));
	catch_up(&now_ns);
	CHECK(keeper.copies >= 1 && copy_is_whole(home));
	uint64_t copies = keeper.copies;
	now_ns += (int64_t)CFG_books_copy_s * NS_PER_S;
	(void)ledger_process_turn(&keeper, now_ns, TURN_EVENTS);
	CHECK(keeper.copy.backup && keeper.copies == copies);        /* one step does not finish it */
	CHECK(access(in_home(home, "books-copy.db.new"), F_OK) == 0 && copy_is_whole(home));
	tell_day(FIRST_DAY + 600);
	write_all();
	catch_up(&now_ns);        /* the books change under the copy */
	for (int turns = 0; turns < 100 && keeper.copies == copies; turns++) (void)ledger_process_turn(&keeper, now_ns, TURN_EVENTS);
	CHECK_EQ(keeper.copies, copies + 1);
	CHECK(copy_is_whole(home));
	CHECK(books_heap_high_water() < sizeof keeper.heap * 3 / 4);
	CHECK(ledger_process_close(&keeper));
	CHECK_EQ(keeper.copies, copies + 2);
	CHECK_EQ(python(compare_books, in_home(home, "books.db"), in_home(home, "books-copy.db")), 0);
	CHECK(access(in_home(home, "books-copy.db.new"), F_OK) != 0 && access(in_home(home, "books-copy.db-wal"), F_OK) != 0);
}

TEST(t_O1_a_copy_that_cannot_be_made_is_said_and_the_books_go_on)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(20);
	CHECK(mkdir(in_home(home, "books-copy.db.new"), 0700) == 0);
	writer_open(home, SEGMENTS);
	write_all();
	CHECK(keeper_open(home, false));
	catch_up(&now_ns);
	CHECK_EQ(keeper.copies_failed, 1);
	CHECK(strstr(ledger_process_sentence(&keeper), "books-copy.db cannot be opened by this user"));
	CHECK_EQ(ledger_cursor(&keeper.ledger), input);
	CHECK(rmdir(in_home(home, "books-copy.db.new")) == 0);
	now_ns += (int64_t)CFG_books_copy_s * NS_PER_S;
	catch_up(&now_ns);
	CHECK_EQ(keeper.copies, 1);
	CHECK(ledger_process_close(&keeper));
}

TEST(t_P3_a_copy_waits_while_credits_run_low_and_the_last_one_never)
{
	const char *home = new_home("home");
	int64_t     now_ns = NS_PER_S;
	world_make();
	tell_story(20);
	writer_open(home, SEGMENTS);
	write_all();
	map->conditions[0].shed = UINT64_C(1) << SHED_COPIES;
	CHECK(keeper_open(home, false));
	catch_up(&now_ns);
	now_ns += (int64_t)CFG_books_copy_s * NS_PER_S;
	for (int turns = 0; turns < 100; turns++) (void)ledger_process_turn(&keeper, now_ns, TURN_EVENTS);
	CHECK(keeper.copies == 0 && keeper.ledger.reports > 0);
	map->conditions[0].shed = 0;
	for (int turns = 0; turns < 100 && keeper.copies == 0; turns++) (void)ledger_process_turn(&keeper, now_ns, TURN_EVENTS);
	CHECK_EQ(keeper.copies, 1);
	map->conditions[0].shed = UINT64_C(1) << SHED_COPIES | UINT64_C(1) << SHED_REPORTS;
	CHECK(ledger_process_close(&keeper));
	CHECK(keeper.copies >= 2);        /* its end makes one whatever the credits are */
}
