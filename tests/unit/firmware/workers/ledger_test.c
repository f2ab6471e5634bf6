/* ledger_test.c - the ledger is a projection: repeats change nothing, a cut at any event loses and doubles nothing, failures undo and wait. */
#include "firmware/workers/ledger.h"

#include <math.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/unit/firmware/workers/ledger_kit.h"

enum { HEAP_BYTES = CFG_ledger_heap_kib * 1024 };
static _Alignas(16) char heap[HEAP_BYTES];
static struct ledger ledger;

static bool          is_durable = true;

static bool open_in(const char *home)
{
	struct ledger_config config = { home, heap, HEAP_BYTES, 77, 100000 * E8, is_durable, TRADE_LIVE };
	return ledger_open(&ledger, &config);
}

static void feed_from(uint64_t cursor)
{
	for (size_t i = 0; i < tape_n; i++)
		if (tape[i].cause >= cursor) CHECK(ledger_step(&ledger, &tape[i]));
}

static bool run_whole(const char *home)
{
	if (!open_in(home)) return false;
	feed_from(0);
	return ledger_close(&ledger);
}

/* --- tests ---------------------------------------------------------------------------------------------------- */

TEST(t_P16_csv_files_have_a_header_and_a_line_for_each_event)
{
	const char *home = new_home("home");
	tell(2);
	CHECK(run_whole(home));
	CHECK_EQ(lines_of(in_home(home, "orders.csv")), 1 + 4);
	CHECK_EQ(lines_of(in_home(home, "signals.csv")), 1 + 2);
	CHECK_EQ(lines_of(in_home(home, "fills.csv")), 1 + 2);
	CHECK(strncmp(read_into(file_a, in_home(home, "fills.csv")),
	          "time,input,index,execution_id,order_id,symbol,side,qty,price,fee_usd,realised_usd,reason\n"
	          "2020-03-02T14:30:01Z,2,0,19223,256,SPY,BUY,10,300,3,5,signal\n",
	          150) == 0);
	CHECK(strstr(read_into(file_a, in_home(home, "signals.csv")),
	          "2020-03-02T14:30:00Z,1,0,SPY,momentum,BUY,70.5,25,0,300,0,0,NORMAL,momentum above the 20 day average,000000000000feed,0000000000000000\n"));
	CHECK(strstr(read_into(file_a, in_home(home, "orders.csv")), ",1,0,256,SPY,BUY,MARKET,OPEN,10,0,SENDING,0,0,0,signal\n"));
	CHECK(strstr(file_a, ",2,1,256,SPY,BUY,MARKET,OPEN,10,0,DONE,10,300,3,signal\n"));
}

TEST(t_O1_the_books_hold_the_columns_of_the_document)
{
	static const char script[] =
	    "import sqlite3,sys,json\n"
	    "db=sqlite3.connect(sys.argv[1]); one=lambda q: db.execute(q).fetchone()\n"
	    "assert one('select nav,cash,unrealized_pnl,timestamp from portfolio order by id')==(\n"
	    "  100037.0,97000.0,12.0,'2020-03-02 21:00:00')\n"
	    "assert one('select cost_basis_usd_e8,cash_usd_e8 from portfolio_state')==(3000*10**8,97000*10**8)\n"
	    "assert json.loads(one('select positions_json from portfolio')[0])=={'SPY':{'qty':10,'cost_usd':3000,'price':302}}\n"
	    "assert json.loads(one('select weights_json from portfolio order by id')[0])=={'SPY':0.0302}\n"
	    "assert one('select level,peak_nav,drawdown,recovery_week from risk_now')==(1,101000.0,0.0123,0)\n"
	    "assert one('select symbol,action,quantity,price,commission,realized_pnl,reason,timestamp from trades')==(\n"
	    "  'SPY','BUY',10.0,300.0,3.0,5.0,'signal','2020-03-02 14:30:01')\n"
	    "assert db.execute('select level,trigger_reason,actions_taken,resolved from risk_changes order by id').fetchall()==[\n"
	    "  (1,'drawdown','warn',1),(0,'drawdown','clear',0)]\n"
	    "assert one('select symbol,signal,confidence,target_weight,actual_weight,reason from signals')==(\n"
	    "  'SPY','BUY',0.705,0.25,0.0,'momentum above the 20 day average')\n"
	    "assert db.execute('select signal,actual_weight from signals order by id').fetchall()[1]==('BUY',0.0299)\n"
	    "assert one('select count(*) from pending_orders')==(1,) and one('select state from open_orders')==('SENDING',)\n"
	    "assert one('select count(*) from order_history')==(2,) and one('select created_t_ns<t_ns from order_history')==(1,)\n"
	    "assert one('select rule from refusal_log')==('the cash buffer is kept',)\n";
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *home = new_home("home");
	tell_day(18323);
	tell_day(18324);
	begin_input();
	add_order(18325 * NS_PER_DAY, universe_find("GLD", 3), input << 8, ORDER_SENDING, 0);
	CHECK(run_whole(home));
	CHECK_EQ(python(script, in_home(home, "books.db"), ""), 0);
}

static void add_cause(enum cause_id cause, uint16_t sym, bool in_force, int64_t t_ns, int64_t since_ns)
{
	begin_input();
	add(EVENT_CAUSE, sym, t_ns)->change = (struct cause_note){ .nav_usd_e8 = 95000 * E8, .drawdown_bp = 512, .since_ns = since_ns,
		.cause = (uint8_t)cause, .in_force = in_force, .action = cause_table[cause].action };
}

/* Of each cause a row when it begins and one when it ends, which resolves the first: of this symbol and no other. What the ladder has said by RISK, and
 * what a new segment of the journal says again, is no row. */
TEST(t_O1_R9_a_cause_is_a_row_that_is_resolved_by_its_end)
{
	static const char script[] =
	    "import sqlite3,sys\n"
	    "db=sqlite3.connect(sys.argv[1])\n"
	    "rows=db.execute('select from_state,state,trigger_reason,resolved,level,drawdown_bp from risk_events order by id').fetchall()\n"
	    "halt,rest=sys.argv[2].split('|')\n"
	    "assert rows==[('CLEAR','IN FORCE',halt,1,0,512),('CLEAR','IN FORCE','GLD: '+rest,0,0,512),('CLEAR','IN FORCE','SPY: '+rest,1,0,512),\n"
	    "  ('IN FORCE','CLEAR','SPY: '+rest,1,0,512),('IN FORCE','CLEAR',halt,1,0,512)],rows\n";
	const int64_t  t_ns = 18323 * NS_PER_DAY;
	const uint16_t gld = universe_find("GLD", 3), spy = universe_find("SPY", 3);
	char           texts[256];
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *home = new_home("home");
	add_cause(CAUSE_HALTED, SYM_NONE, true, t_ns, t_ns);
	add_cause(CAUSE_PAIRED, gld, true, t_ns + 1, t_ns + 1);
	add_cause(CAUSE_PAIRED, spy, true, t_ns + 2, t_ns + 2);
	add_cause(CAUSE_HALTED, SYM_NONE, true, t_ns + 3, t_ns);        /* said again */
	add_cause(CAUSE_LEVEL1, SYM_NONE, true, t_ns + 4, t_ns + 4);        /* the ladder's */
	add_cause(CAUSE_PAIRED, spy, false, t_ns + 5, t_ns + 2);
	add_cause(CAUSE_HALTED, SYM_NONE, false, t_ns + 6, t_ns);
	CHECK(run_whole(home));
	(void)snprintf(texts, sizeof texts, "%s|%s", cause_table[CAUSE_HALTED].text, cause_table[CAUSE_PAIRED].text);
	CHECK_EQ(python(script, in_home(home, "books.db"), texts), 0);
}

TEST(t_O1_the_same_events_twice_change_nothing)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *once = new_home("once"), *twice = new_home("twice");
	tell(3);
	CHECK(run_whole(once));
	CHECK(open_in(twice));
	feed_from(0);
	feed_from(0);
	CHECK_EQ(ledger.repeats, tape_n);
	CHECK(ledger_flush(&ledger));
	feed_from(0);
	CHECK(ledger_close(&ledger));
	CHECK(run_whole(twice));
	check_same(once, twice);
}

/* Killed after each event in turn, with a flush now and then, and fed again from the cursor: the same books, files and reports. */
TEST(t_O1_P16_killed_after_any_event_nothing_is_lost_or_doubled)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *whole = new_home("whole"), *cut = new_home("cut");
	int         status = 0;
	tell(4);
	CHECK(run_whole(whole));
	for (size_t kill_at = 0; kill_at <= tape_n; kill_at++) {
		pid_t child = fork();
		if (child == 0) {
			if (!open_in(cut)) _exit(1);
			for (size_t i = 0; i < kill_at; i++) {
				if (tape[i].cause < ledger_cursor(&ledger)) continue;
				if (i && kill_at % 3 == 0 && tape[i].cause != tape[i - 1].cause && !ledger_flush(&ledger)) _exit(2);
				if (!ledger_step(&ledger, &tape[i])) _exit(3);
			}
			for (enum ledger_csv i = 0; i < LEDGER_CSVS_N; i++) (void)append_flush(&ledger.csv[i]);        /* lines nobody knows */
			raise(SIGKILL);
		}
		waitpid(child, &status, 0);
		CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	}
	CHECK(open_in(cut));
	feed_from(ledger_cursor(&ledger));
	CHECK(ledger_close(&ledger));
	check_same(whole, cut);
}

/* Books lost: a new start projects the journal again into the same rows and bytes; the old CSV files are kept aside. */
TEST(t_O1_books_are_made_again_from_the_journal)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *first = new_home("first"), *again = new_home("again");
	tell(3);
	CHECK(run_whole(first));
	CHECK(run_whole(again));
	CHECK(unlink(in_home(again, "books.db")) == 0);
	CHECK(run_whole(again));
	CHECK(strcmp(read_into(file_a, in_home(again, "orders.csv.old-1")), read_into(file_b, in_home(first, "orders.csv"))) == 0);
	check_same(first, again);
}

TEST(t_P16_a_shortened_csv_is_kept_aside_and_said)
{
	const char *home = new_home("home");
	tell(2);
	CHECK(run_whole(home));
	CHECK(truncate(in_home(home, "fills.csv"), 100) == 0);
	CHECK(open_in(home));
	CHECK_EQ(ledger.moved_aside, 1);
	CHECK(ledger_close(&ledger));
	CHECK_EQ(lines_of(in_home(home, "fills.csv")), 1);
	CHECK_EQ(strlen(read_into(file_a, in_home(home, "fills.csv.old-1"))), 100);
}

/* A disk that fills in the middle: the batch is undone, nothing moves, and when there is room everything comes again. */
TEST(t_O1_P16_a_full_disk_stops_undoes_and_resumes)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char *whole = new_home("whole"), *full = new_home("full");
	size_t      at = 0;
	tell(40);
	CHECK(run_whole(whole));
	CHECK(open_in(full));
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ 300 * 1024, RLIM_INFINITY });
	while (at < tape_n && ledger_step(&ledger, &tape[at])) at++;
	CHECK(at > 0 && at < tape_n);
	CHECK(strstr(ledger.sentence, "cannot grow") != 0);
	uint64_t stopped_at = ledger_cursor(&ledger);
	CHECK(!ledger_step(&ledger, &tape[at]) && !ledger_flush(&ledger));
	setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
	CHECK(ledger_resume(&ledger));
	CHECK(ledger_cursor(&ledger) >= stopped_at);
	feed_from(ledger_cursor(&ledger));
	CHECK(ledger_close(&ledger));
	check_same(whole, full);
}

/* The disk is full at many sizes, in BOOT too: wherever it stops, what comes after is as if it had not. */
TEST(t_O1_P16_full_at_any_size_nothing_is_lost_or_doubled)
{
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	char        name[32];
	const char *whole = new_home("whole");
	rlim_t      limit = 100;
	int         stops = 0;
	tell(6);
	CHECK(run_whole(whole));
	is_durable = false;        /* many runs: what is asked here is order, not fsync */
	signal(SIGXFSZ, SIG_IGN);
	for (bool was_full = true; was_full; limit += limit / 4) {
		snprintf(name, sizeof name, "full%d", (int)limit);
		const char *home = new_home(name);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ limit, RLIM_INFINITY });
		bool is_open = open_in(home);
		was_full = !is_open;
		for (size_t i = 0; is_open && !was_full && i < tape_n; i++)
			was_full = (i && tape[i].cause != tape[i - 1].cause && i % 5 == 0 && !ledger_flush(&ledger)) || !ledger_step(&ledger, &tape[i]);
		was_full = was_full || !ledger_flush(&ledger) || ledger.reports_failed > 0;
		if (was_full) CHECK(strstr(ledger.sentence, "cannot grow") != 0);
		setrlimit(RLIMIT_FSIZE, &(struct rlimit){ RLIM_INFINITY, RLIM_INFINITY });
		CHECK(is_open ? ledger_resume(&ledger) : open_in(home));
		feed_from(ledger_cursor(&ledger));
		CHECK(ledger_close(&ledger));
		stops += was_full;
		check_rows_same(whole, home);
		if (ledger.reports_failed == 0) check_reports_same(whole, home);
	}
	CHECK(stops > 20);
}

TEST(t_P16_a_read_only_home_is_one_sentence)
{
	const char *home = new_home("home");
	CHECK(chmod(home, 0555) == 0 && chmod(test_folder(), 0755) == 0);
	pid_t child = fork();
	int   status = 0;
	if (child == 0) {
		if (geteuid() == 0 && setuid(65534) != 0) _exit(9);
		_exit(!open_in(home) && strstr(ledger.sentence, "home/reports may not be written by this user") ? 0 : 1);
	}
	waitpid(child, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 9) SKIP("may not become another user");
	CHECK_EQ(status, 0);
}

/* A report that cannot be written is said; the books go on. */
TEST(t_P16_a_lost_reports_folder_stops_no_books)
{
	const char *home = new_home("home");
	CHECK(open_in(home));
	CHECK(rmdir(in_home(home, "reports")) == 0);
	tell(2);
	feed_from(0);
	CHECK(ledger_flush(&ledger));
	CHECK(ledger.reports_failed == 2 && ledger.reports == 0);
	CHECK(strstr(ledger.sentence, "make the folder first") != 0);
	CHECK(ledger_close(&ledger));
}

/* Two days end while credits are low: the books have both at once, the second one's report comes when asked for, the first one's is skipped and counted. */
TEST(t_P3_a_report_that_is_put_off_is_written_later)
{
	const char *home = new_home("home");
	CHECK(open_in(home));
	ledger.puts_off_reports = true;
	tell(2);
	feed_from(0);
	CHECK(ledger_flush(&ledger));
	CHECK(ledger.reports == 0 && ledger.reports_failed == 0 && ledger.is_report_owed && ledger.reports_skipped == 1);
	ledger_report(&ledger);
	ledger_report(&ledger);
	CHECK(ledger.reports == 1 && !ledger.is_report_owed);
	CHECK(read_into(file_a, in_home(home, "reports/2020-03-03.json"))[0] == '{');
	CHECK(ledger_close(&ledger));
}

TEST(t_P16_each_day_end_leaves_a_report)
{
	const char *home = new_home("home");
	tell(2);
	CHECK(open_in(home));
	struct event bad = event_make(EVENT_QUARANTINE, universe_find("QQQ", 3), 18324 * NS_PER_DAY);
	bad.quarantine = (struct quarantine){ .px_e8 = 1, .before_px_e8 = 200 * E8, .day = 18324, .fault = 1 };
	for (size_t i = 0; i < tape_n; i++) {
		CHECK(ledger_step(&ledger, &tape[i]));
		if (tape[i].cause == 5) CHECK(ledger_step(&ledger, &bad));
	}
	CHECK(ledger_close(&ledger));
	read_into(file_a, in_home(home, "reports/2020-03-03.json"));
	CHECK(strstr(file_a, "{\"day\":\"2020-03-03\",\"mode\":\"live\",\"nyse_session\":true,\"nav_usd\":100056,\"cash_usd\":97000,") == file_a);
	CHECK(strstr(file_a, "\"pnl_day_usd\":19,") && strstr(file_a, "\"fees_day_usd\":0.01,") && strstr(file_a, "\"fills_count\":1,"));
	CHECK(strstr(file_a, "\"refusals\":{\"the cash buffer is kept\":1}") && strstr(file_a, "\"quarantined\":{\"QQQ: jump\":1}"));
	CHECK(strstr(file_a, "\"positions\":[{\"symbol\":\"SPY\",\"qty\":10,\"cost_usd\":3000,\"price\":302,\"value_usd\":3020,"));
	CHECK(strstr(file_a, "\"bought_usd\":3000,\"sold_usd\":0,"));
	CHECK(strstr(read_into(file_a, in_home(home, "reports/2020-03-02.md")), "# Day report 2020-03-02\n\n**LIVE**: REAL MONEY.\n") == file_a);
}

/* Rolling Sharpe against the sum by hand over the same returns, before and after a restart. */
TEST(t_T4_rolling_sharpe_is_of_the_last_returns)
{
	const char *home = new_home("home");
	double      nav[64], mean = 0, square = 0;
	tell(30);
	CHECK(open_in(home));
	feed_from(0);
	CHECK(ledger_close(&ledger));
	for (int i = 0; i < 30; i++) nav[i] = 100000 + (18323 + i) * 7919 % 100;
	for (int i = 10; i < 30; i++) mean += (nav[i] / nav[i - 1] - 1) / 20;
	for (int i = 10; i < 30; i++) square += pow(nav[i] / nav[i - 1] - 1 - mean, 2) / 19;
	CHECK_NEAR(ledger.report.sharpe[DAY_SHARPE_20], mean / sqrt(square) * sqrt(252), 1e-9);
	CHECK(isnan(ledger.report.sharpe[DAY_SHARPE_60]));
	tape_n = 0;
	tell_day(18353);
	CHECK(open_in(home));
	CHECK_EQ(ledger.navs, 30);
	feed_from(0);
	CHECK(ledger_close(&ledger));
	nav[30] = 100000 + 18353 * 7919 % 100;
	mean = square = 0;
	for (int i = 11; i < 31; i++) mean += (nav[i] / nav[i - 1] - 1) / 20;
	for (int i = 11; i < 31; i++) square += pow(nav[i] / nav[i - 1] - 1 - mean, 2) / 19;
	CHECK_NEAR(ledger.report.sharpe[DAY_SHARPE_20], mean / sqrt(square) * sqrt(252), 1e-9);
}

TEST(t_T4_long_lives_keep_253_day_ends)
{
	const char *home = new_home("home");
	tell(300);
	CHECK(open_in(home));
	feed_from(0);
	CHECK(ledger_flush(&ledger));
	CHECK_EQ(ledger.navs, LEDGER_NAVS_MAX);
	CHECK_EQ(ledger.nav[LEDGER_NAVS_MAX - 1].day, 18323 + 299);
	CHECK(isfinite(ledger.report.sharpe[DAY_SHARPE_252]));
	CHECK(ledger_close(&ledger));
	CHECK(open_in(home));
	CHECK_EQ(ledger.navs, LEDGER_NAVS_MAX);
	CHECK_EQ(ledger.nav[0].day, 18323 + 300 - LEDGER_NAVS_MAX);
	CHECK(ledger_close(&ledger));
}

TEST(t_O1_the_books_of_another_journal_are_refused)
{
	const char *home = new_home("home");
	CHECK(open_in(home));
	CHECK(ledger_close(&ledger));
	struct ledger_config other = { home, heap, HEAP_BYTES, 78, 100000 * E8, true, TRADE_PAPER };
	CHECK(!ledger_open(&ledger, &other));
	CHECK(strstr(ledger.sentence, "another journal") != 0);
}

/* An INPUT that told something is not passed again, after a restart either: what is booked next gets the same id. */
TEST(t_O1_only_an_input_that_told_nothing_is_passed)
{
	const char *home = new_home("home");
	tell(2);
	CHECK(open_in(home));
	feed_from(0);
	CHECK(ledger_flush(&ledger));
	uint64_t id = ledger.id;
	CHECK(ledger_pass(&ledger, input) && ledger.id == id && !ledger.is_touched);
	CHECK(ledger_close(&ledger));
	CHECK(open_in(home));
	CHECK(ledger_pass(&ledger, input) && ledger.id == id && !ledger.is_touched);
	CHECK(ledger_pass(&ledger, input + 5) && ledger.is_touched && ledger_flush(&ledger));
	CHECK_EQ(ledger_cursor(&ledger), input + 5);
	CHECK(ledger_close(&ledger));
}
