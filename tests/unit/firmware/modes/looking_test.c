/* looking_test.c - the verbs that look at a running appliance and steer it, run against a map made here. */
#include "firmware/console/rows.h"
#include "tests/unit/firmware/cli/capture.h"
#include "tests/unit/firmware/control_kit.h"

static struct capture     said;
static struct memory_map *map;
static const char        *home;

static const char *run(const char *words)
{
	char line[2048];
	snprintf(line, sizeof line, "%s --home %s", words, home);
	capture_run(&said, verb_table, line);
	return said.out;
}

static bool has(const char *text) { return strstr(said.out, text) != 0; }

static void begin(void)
{
	home = test_folder();
	map = kit_map(home);
	kit_stamp(map, 12345678);
	map->life->turn_ns = clock_monotonic_ns() - 125 * NS_PER_S;
	kit_process(map, 0, "orchestrator", PROCESS_READY, getpid(), 0);
	kit_process(map, 1, "market_decision_engine", PROCESS_BACKOFF, 12345679, 3);
	map->progress_feed->t_ns = KIT_MARKET_NS;
	map->progress_feed->ticks = 4711;
	map->progress_desk->trap = 1224;
}

static const struct account_note halted = { .nav_usd_e8 = 9876543 * E8 / 100, .cash_usd_e8 = 5000 * E8, .peak_nav_usd_e8 = 100000 * E8, .drawdown_bp = 123,
	.level = 2, .ladder_state = LADDER_LEVEL2, .halted = 1, .review_open = 1, .positions = 3, .orders_working = 2 };

static bool within_80_columns(const char *text)
{
	for (size_t length; *text; text += length + (text[length] == '\n')) {
		length = strcspn(text, "\n");
		if (length > 80) return false;
	}
	return true;
}

TEST(t_R9_status_needs_no_process)
{
	begin();
	kit_account(map, &halted);
	run("status");
	CHECK_EQ(said.code, 0);
	CHECK_STR(said.err, "");
	CHECK(has("not running since 2m05s ago"));
	CHECK(has("PAPER, venue alpaca, layout appliance"));
	CHECK(has("dead; it was process 12345678"));
	CHECK(has("2020-03-16T14:00:00Z"));
	CHECK(has("98,765.43 USD, drawdown 1.23 %"));
	CHECK(has("level 2 (LEVEL2), HALTED, a review is open"));
	CHECK(has("3 positions, 2 working orders"));
	CHECK(has("orchestrator             READY"));
	CHECK(has("BACKOFF"));
	CHECK(has("1m05s, gone"));
	CHECK(has("4711"));
	CHECK(has("1224"));
	CHECK(within_80_columns(said.out));
}

TEST(t_P3_status_says_what_is_missing_and_what_is_done_meanwhile)
{
	begin();
	run("status");
	CHECK(!has("lacks"));
	map->conditions->in_force = UINT64_C(1) << CARE_ANALYST | UINT64_C(1) << CARE_LEDGER;
	run("status");
	CHECK(has("lacks          the analyst is held down: no new signals: no new risk,"));
	CHECK(has("lacks          the books are held down: trading goes on, the books follow"));
	CHECK(!has("the desk is held down"));
	CHECK(within_80_columns(said.out));
}

/* An end that was asked for is no death. */
TEST(t_R9_status_says_how_it_ended_and_when)
{
	begin();
	map->life->ended_ns = KIT_MARKET_NS;
	(void)snprintf(map->life->end, sizeof map->life->end, "ends on SIGTERM");
	run("status");
	CHECK(has("watchdog       ended 2020-03-16T14:00:00Z, in order: it ends on SIGTERM") && !has("dead"));
	run("status --json");
	CHECK(has("\"ended\":\"2020-03-16T14:00:00Z\",\"ended_in_order\":true"));
	map->life->failed = 1;
	run("status");
	CHECK(has("ended 2020-03-16T14:00:00Z, not well: "));
	CHECK(strstr(run("status --json"), "\"ended_in_order\":false") != 0);
	map->life->ended_ns = 0;
	CHECK(strstr(run("status"), "dead; it was process") != 0);
	map->life->failed = 0;
	map->life->end[0] = 0;
}

/* More than a screen holds is counted, on its last line. */
TEST(t_R9_top_says_how_many_lines_have_no_room)
{
	int lines = 0, more = 0;
	begin();
	kit_account(map, &halted);
	run("top --once");
	CHECK(!has(" more lines"));
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) kit_position(map, sym, 10, 0);
	for (int cause = 0; cause < CAUSES_BOOK_N; cause++) kit_cause(map, (enum cause_id)cause, SYM_NONE);
	for (uint32_t i = 0; i < LIFE_ROWS; i++) {
		kit_process(map, i, "a process", PROCESS_READY, 0, 0);
		map->life->of[i].stalled_row = map->life->of[i].stalls = 1;
	}
	map->life->processes = LIFE_ROWS;
	*map->conditions = (struct conditions){ .in_force = (UINT64_C(1) << CARE_CONDITIONS_N) - 1, .is_burstable = 1, .surplus_ns = NS_PER_S };
	run("top --once");
	for (const char *at = said.out; *at; at++) lines += *at == '\n';
	CHECK_EQ(lines, 64);
	const char *last = strstr(said.out, "\nand ");
	CHECK(last && sscanf(last, "\nand %d more", &more) == 1 && more > 0);
}

TEST(t_R9_status_as_json)
{
	begin();
	kit_account(map, &halted);
	run("status --json");
	CHECK_EQ(said.code, 0);
	CHECK(has("\"running\":false,\"watchdog_pid\":null,\"silent_s\":125"));
	CHECK(has("\"mode\":\"paper\",\"layout\":\"appliance\",\"venue\":\"alpaca\""));
	CHECK(has("\"market_time\":\"2020-03-16T14:00:00Z\",\"known\":true,\"stale\":false,\"level\":2"));
	CHECK(has("\"halted\":true,\"paused\":false,\"review_open\":true,\"nav_usd\":98765.43"));
	CHECK(has("{\"name\":\"market_decision_engine\",\"state\":\"BACKOFF\",\"alive\":false,\"pid\":12345679,"));
	CHECK(has("\"restarts\":3,\"deaths\":3,\"hangs\":0,"));
	CHECK_EQ(strchr(said.out, '\n') - said.out, (long)strlen(said.out) - 1);
}

TEST(t_R9_before_the_first_record_and_in_a_broken_one)
{
	begin();
	CHECK(strstr(run("status"), "none yet: the desk has done nothing so far") != 0);
	CHECK(strstr(run("account --json"), "{\"known\":false,\"stale\":false,\"changed\":null,\"nav_usd\":null,") == said.out);
	CHECK(strstr(run("risk --json"), "\"level\":null,\"ladder_state\":null") != 0);
	kit_account(map, &halted);
	kit_break(map->account);
	for (size_t i = 0; i < 3; i++) {
		static const char *const verb[] = { "status", "account", "risk" };
		char                     with_json[32];
		CHECK(strstr(run(verb[i]), "STALE: it is being written, or its writer died in it") != 0);
		CHECK_EQ(said.code, 0);
		snprintf(with_json, sizeof with_json, "%s --json", verb[i]);
		CHECK(strstr(run(with_json), "\"known\":false,\"stale\":true,") != 0);
		CHECK(strstr(said.out, "98765") == 0);
	}
}

TEST(t_R9_open_orders_and_all)
{
	begin();
	CHECK_STR(run("orders --json"), "");
	CHECK(strstr(run("orders"), "no orders\n") != 0);
	kit_order(map, 0, 900, 1, ORDER_LIVE);
	kit_order(map, 1, 300, 2, ORDER_UNKNOWN);
	kit_order(map, 2, 100, 1, ORDER_DONE);
	kit_order(map, 3, 200, 1, ORDER_FREE);
	run("orders");
	CHECK_EQ(said.code, 0);
	CHECK(strstr(said.out, " 300") < strstr(said.out, " 900"));        /* as they were made */
	CHECK(has("UNKNOWN") && has("LIVE") && !has("DONE"));
	CHECK(has("MARKET") && has("431"));
	CHECK(within_80_columns(said.out));
	CHECK(strstr(run("orders --all"), "DONE") != 0);
	run("orders --all --json");
	CHECK(strstr(said.out, "{\"order_id\":100,\"symbol\":\"SPY\",\"side\":\"BUY\",\"type\":\"MARKET\",\"time_in_force\":\"DAY\",\"state\":\"DONE\",\"qty\":25,"
	                       "\"filled_qty\":5,\"limit_price\":null,\"average_price\":431.25,") == said.out);
	kit_break(&map->orders[1]);
	CHECK(strstr(run("orders"), "STALE: slot 1 is being written") != 0);
	CHECK(strstr(run("orders --json"), "{\"slot\":1,\"stale\":true,\"mode\":\"paper\"}\n") != 0);
	CHECK(strstr(said.out, "\"order_id\":900,") != 0);
}

/* Every look at an appliance says whose money it is, in the first line and in every object. */
static void check_mode(enum trade_mode mode, const char *first, const char *in_json)
{
	static const char *const verbs[] = { "orders --all", "positions", "fills", "account", "risk", "status", "top --once" };
	char                     words[64];
	map->stamp->mode = mode;
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		run(verbs[i]);
		const char *at = strstr(said.out, first);
		CHECK(at && at < strchr(strchr(said.out, '\n') + 1, '\n'));
		snprintf(words, sizeof words, "%s --json", verbs[i]);
		run(words);
		for (const char *line = said.out; *line; line = strchr(line, '\n') + 1) CHECK(strstr(line, in_json) && strstr(line, in_json) < strchr(line, '\n'));
		CHECK(*said.out);
	}
}

TEST(t_R9_every_look_says_whose_money_it_is)
{
	begin();
	kit_account(map, &halted);
	kit_order(map, 0, 900, 1, ORDER_LIVE);
	kit_order(map, 1, 901, 1, ORDER_DONE);
	kit_position(map, 1, 10, STOP_ARMED);
	kit_fill(map, 0, 5, 0);
	check_mode(TRADE_PAPER, "PAPER", "\"mode\":\"paper\"");
	check_mode(TRADE_LIVE, "LIVE", "\"mode\":\"live\"");
	check_mode(TRADE_SIM, "SIM", "\"mode\":\"sim\"");
}

TEST(t_R9_a_row_taken_back_by_a_successor_is_stale)
{
	struct rows  rows;
	struct event event;
	begin();
	kit_order(map, 0, 900, 1, ORDER_LIVE);
	kit_order(map, 1, 901, 1, ORDER_LIVE);
	rows_list(&rows, map, ROWS_ORDERS, false);
	CHECK_EQ(rows.count, 2);
	kit_break(&map->orders[1]);
	cell_repair(&map->orders[1]);
	CHECK(rows_read(&rows, 0, &event));
	CHECK(!rows_read(&rows, 1, &event));
	rows_list(&rows, map, ROWS_ORDERS, true);
	CHECK_EQ(rows.count, 1);
}

TEST(t_R9_every_order_of_a_full_table)
{
	begin();
	for (uint32_t i = 0; i < ORDERS_MAX; i++) kit_order(map, i, ORDERS_MAX - i, (uint16_t)(i % UNIVERSE_N), ORDER_LIVE);
	struct rows rows;
	rows_list(&rows, map, ROWS_ORDERS, false);
	CHECK_EQ(rows.count, ORDERS_MAX);
	for (uint32_t i = 0; i < ORDERS_MAX; i++) CHECK_EQ(rows.slot[i], ORDERS_MAX - 1 - i);
}

TEST(t_R9_positions_and_stops)
{
	begin();
	CHECK(strstr(run("positions"), "no positions\n") != 0);
	kit_position(map, 0, 10, STOP_HALVED);
	kit_position(map, 1, 0, STOP_COOLING);
	kit_position(map, 2, 0, STOP_IDLE);
	run("positions");
	CHECK(has("GLD") && has("HALVED") && has("950.00") && has("-50.00"));
	CHECK(!has("SPY"));
	CHECK(within_80_columns(said.out));
	CHECK(strstr(run("positions --json"), "{\"symbol\":\"GLD\",\"qty\":10,\"price\":95,\"value_usd\":950,\"cost_usd\":1000,\"unrealised_usd\":-50,") == said.out);
	kit_account(map, &halted);
	CHECK(strstr(run("risk"), "none is in force: trading is free within its limits\n") != 0);
	kit_cause(map, CAUSE_HALTED, SYM_NONE);
	kit_cause(map, CAUSE_LEVEL2, SYM_NONE);
	kit_correlation(map);
	kit_cause(map, CAUSE_STOP_REST, 1);
	kit_break(&map->causes[cause_place(CAUSE_VENUE, SYM_NONE)]);
	run("risk");
	CHECK(has("level          2 of 4, ladder LEVEL2") && !has("none is in force"));
	CHECK(has("correlation    12 pairs of the universe share a cap; 9 assets are held\n"));
	CHECK(has("of what is held: average 0.43, highest 0.95 (GLD, SPY)\n"));
	CHECK(has("HALTED          no new risk  2020-03-16T14:00:00Z  halted by the operator; ends"));
	CHECK(has("LEVEL2          reduce       2020-03-16T14:00:00Z") && has("STOP_REST SPY   no new risk  2020-03-16T14:00:00Z"));
	CHECK(has("VENUE           no new risk  STALE") && has("NOT IN FORCE    ACTION"));
	CHECK(has("STALE           no new risk  no fresh price; ends by itself: with the next price\n"));
	for (int i = 0; i < CAUSES_N; i++) CHECK(has(cause_table[i].name));
	CHECK(has("GLD") && has("HALVED") && has("SPY") && has("COOLING") && !has("QQQ"));
	CHECK(within_80_columns(said.out));
	run("risk --json");
	CHECK(has("\"causes\":["
	          "\"halted by the operator\",\"risk level 2: a quarter is sold, crypto is closed, then only sales\",\"stopped out, not yet rested\"]"));
	CHECK(has("\"scope\":\"symbol\",\"symbols\":[{\"symbol\":\"SPY\",\"since\":\"2020-03-16T14:00:00Z\"}]}"));
	CHECK(has("{\"cause\":\"PAUSED\",\"in_force\":false,") && has("\"scope\":\"book\",\"since\":null}"));
	CHECK(has("\"stops\":[{\"symbol\":\"GLD\",\"state\":\"HALVED\"},{\"symbol\":\"SPY\",\"state\":\"COOLING\"}]"));
}

TEST(t_R9_fills_in_their_order)
{
	begin();
	CHECK(strstr(run("fills"), "no fills\n") != 0);
	for (uint32_t i = 0; i < FILL_CELLS; i++) kit_fill(map, i, (i < 100 ? 1000 : 500) + i, (uint16_t)(i % 3));        /* the ring has gone round */
	run("fills --json");
	CHECK(strstr(said.out, "\"execution_id\":600,") != 0);
	CHECK(strstr(said.out, "\"execution_id\":755,") < strstr(said.out, "\"execution_id\":1000,"));
	CHECK(strstr(run("fills"), "2020-03-16T14:00:00Z") != 0);
	CHECK(has("431.25") && has("SELL") && has("0.25"));
	CHECK(within_80_columns(said.out));
}

TEST(t_R9_account)
{
	begin();
	kit_account(map, &halted);
	run("account");
	CHECK(has("NAV                   98,765.43 USD\n"));
	CHECK(has("drawdown       1.23 %\n"));
	CHECK(within_80_columns(said.out));
	CHECK(strstr(run("account --json"), "\"nav_usd\":98765.43,\"cash_usd\":5000,\"peak_nav_usd\":100000,\"drawdown_pct\":1.23,") != 0);
}

TEST(t_R9_looking_changes_not_a_byte)
{
	static const char *const line[] = { "status", "orders --all", "positions", "fills", "account", "risk", "status --json", "orders --json" };
	begin();
	kit_account(map, &halted);
	kit_order(map, 7, 900, 1, ORDER_LIVE);
	kit_break(&map->positions[2]);
	struct memory_map *before = mmap(0, sizeof *before, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memcpy(before, map, sizeof *map);
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		run(line[i]);
		CHECK_EQ(said.code, 0);
	}
	CHECK_EQ(memcmp(before, map, sizeof *map), 0);
}

/* Whatever a damaged record holds in its small numbers, it is printed as a word. */
TEST(t_R9_words_for_anything)
{
	struct event event;
	begin();
	event = event_make(EVENT_ORDER, 999, INT64_MIN);
	memset(&event.order, 0xee, sizeof event.order);
	cell_write(map->orders, &event);
	event = event_make(EVENT_FILL, 999, INT64_MAX);
	memset(&event.fill, 0x77, sizeof event.fill);
	cell_write(map->fills, &event);
	event = event_make(EVENT_ACCOUNT, 0, -1);
	memset(&event.account, 0xff, sizeof event.account);
	cell_write(map->account, &event);
	memset(map->life, 0xff, sizeof *map->life);
	memset(map->progress_desk, 0xff, sizeof *map->progress_desk);
	memset(map->stamp->venue, 'v', sizeof map->stamp->venue);
	static const char *const line[] = { "status", "orders", "fills", "account", "risk", "status --json", "orders --json", "fills --json", "account --json",
		"risk --json" };
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) {
		run(line[i]);
		CHECK_EQ(said.code, 0);
		CHECK(said.out[0] != '\0');
	}
	CHECK(has("\"ladder_state\":\"unknown\""));
}

/* --- steering ----------------------------------------------------------------------------------------------------- */

static struct kit_watchdog watchdog;
static pid_t watch(bool takes, bool trades)
{
	watchdog = (struct kit_watchdog){ home, map, trades, takes };
	return kit_child(kit_watch, &watchdog);
}

TEST(t_R9_halt_pause_and_flatten_are_done_without_a_code)
{
	begin();
	kit_account(map, &(struct account_note){ .positions = 1 });
	pid_t child = watch(true, true);
	run("halt");
	CHECK_EQ(said.code, 0);
	CHECK_STR(said.out, "halt: trading is halted: open buys are cancelled, only exits go on until resume\n");
	CHECK(strstr(run("status"), "HALTED") != 0);
	CHECK(!has("not running"));
	CHECK_STR(run("pause --json"),
	    "{\"command\":\"pause\",\"outcome\":\"done\",\"code\":null,\"text\":\"trading is paused: no new risk is taken until resume\"}\n");
	CHECK_EQ(said.code, 0);
	CHECK_STR(run("flatten"), "flatten: positions are being closed\n");
	CHECK_STR(run("flatten BTC-USD"), "flatten: positions are being closed\n");
	CHECK_EQ(map->requests->ring[2].sym, SYM_NONE);
	CHECK_EQ(map->requests->ring[3].sym, universe_find("BTC-USD", 7));
	kit_kill(child);
}

TEST(t_P3_release_names_every_process_that_comes_back)
{
	begin();
	pid_t child = watch(true, true);
	CHECK_STR(run("release"), "");
	CHECK_EQ(said.code, 4);
	kit_process(map, 0, "orchestrator", PROCESS_HELD, 0, 11);
	kit_process(map, 3, "combined_analyzer", PROCESS_HELD, 0, 11);
	CHECK_STR(run("release"), "release: orchestrator comes back\nrelease: combined_analyzer comes back\n");
	CHECK_EQ(said.code, 0);
	kit_process(map, 3, "combined_analyzer", PROCESS_HELD, 0, 11);
	CHECK_STR(run("release --json"), "{\"released\":\"combined_analyzer\"}\n");
	kit_kill(child);
}

static void check_twice(const char *verb)
{
	char line[64], code[OPERATOR_CODE_BYTES] = { 0 }, want[128];
	run(verb);
	CHECK_EQ(said.code, 4);
	snprintf(want, sizeof want, "%s adds risk. To mean it, type within 60 s:\n  tickwork %s ", verb, verb);
	CHECK(strstr(said.out, want) == said.out);
	if (strlen(said.out) > strlen(want) + 6) memcpy(code, said.out + strlen(want), 6);
	snprintf(line, sizeof line, "%s %s", verb, code);
	run(line);
	CHECK_EQ(said.code, 0);
	run(line);
	CHECK_EQ(said.code, 4);
	CHECK(strstr(said.err, "is refused: that code is used") != 0);
}

TEST(t_R9_resume_and_confirm_are_said_twice)
{
	begin();
	kit_account(map, &(struct account_note){ .halted = 1, .ladder_state = LADDER_READY });
	pid_t child = watch(true, true);
	check_twice("resume");
	check_twice("confirm");
	run("confirm --json");
	CHECK_EQ(said.code, 4);
	CHECK(has("{\"command\":\"confirm\",\"outcome\":\"needs_code\",\"code\":\""));
	kit_kill(child);
}

TEST(t_R9_a_rule_refuses_with_its_reason)
{
	char line[64], code[OPERATOR_CODE_BYTES] = { 0 };
	begin();
	kit_account(map, &(struct account_note){ .ladder_state = LADDER_LEVEL4 });
	pid_t child = watch(true, true);
	run("confirm --json");
	const char *at = strstr(said.out, "\"code\":\"");
	CHECK(at != 0);
	if (at) memcpy(code, at + 8, 6);
	snprintf(line, sizeof line, "confirm %s", code);
	run(line);
	CHECK_EQ(said.code, 4);
	CHECK_STR(said.err, "tickwork: confirm is refused: not yet: level 4 is still selling; confirm when nothing is held and it was quiet\n");
	CHECK_STR(said.out, "");
	kit_kill(child);
}

TEST(t_P3_release_says_who_comes_back_and_refuses_for_nobody)
{
	begin();
	run("release");
	CHECK_EQ(said.code, 3);
	CHECK(strstr(said.err, "nobody runs in ") != 0);
	pid_t child = watch(true, true);
	map->life->of[0].state = PROCESS_READY;
	for (size_t i = 0; i < LIFE_ROWS; i++)
		if (map->life->of[i].state == PROCESS_HELD) map->life->of[i].state = PROCESS_READY;
	run("release");
	CHECK_EQ(said.code, 4);
	CHECK_STR(said.err, "tickwork: release is refused: no process is held down\n");
	kit_kill(child);
}

TEST(t_R9_without_a_watchdog_nothing_is_placed)
{
	char path[600];
	begin();
	run("halt");
	CHECK_EQ(said.code, 3);
	CHECK(strstr(said.err, "is dead, so nobody can `halt` there") != 0);
	snprintf(path, sizeof path, "%s/request", home);
	CHECK_EQ(access(path, F_OK), -1);
	run("halt --json");
	CHECK(has("\"outcome\":\"unreachable\""));
}

TEST(t_R9_who_does_not_answer_is_named)
{
	char want[256];
	begin();
	kit_account(map, &halted);
	pid_t child = watch(true, false);
	run("halt");
	CHECK_EQ(said.code, 3);
	CHECK_STR(said.err, "tickwork: market_decision_engine (BACKOFF, dead) did not answer `halt` within 2 s; the command waits for it\n");
	kit_kill(child);
	child = watch(false, false);
	run("pause --json");
	CHECK_EQ(said.code, 3);
	snprintf(want, sizeof want, "tickwork: the watchdog (process %d) did not take `pause` within 2 s: it hangs; the command waits in %s/request\n",
	    (int)child, home);
	CHECK_STR(said.err, want);
	CHECK(has("\"outcome\":\"unanswered\""));
	run("halt");        /* the box is still full */
	CHECK_EQ(said.code, 3);
	CHECK(strstr(said.err, "still holds an earlier command") != 0);
	kit_kill(child);
}

TEST(t_R9_bad_words_are_named_before_anything_is_opened)
{
	begin();
	run("resume 12345");
	CHECK_EQ(said.code, 2);
	CHECK_STR(said.err, "tickwork: \"12345\" is not a code: give the six characters that `tickwork resume` printed\n");
	run("flatten GLDD");
	CHECK_EQ(said.code, 2);
	CHECK_STR(said.err, "tickwork: unknown symbol \"GLDD\"; did you mean GLD?\n");
	run("halt now");
	CHECK_EQ(said.code, 2);
}
