/* ledger_kit.h - what the ledger's tests share: a desk's story day by day on a tape, and the comparing of two homes. */
#ifndef TESTS_LEDGER_KIT_H
#define TESTS_LEDGER_KIT_H
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firmware/workers/feed.h"
#include "firmware/workers/ledger.h"
#include "fsm/desk/order.h"
#include "fsm/desk/ticket.h"
#include "fsm/risk/ladder.h"
#include "strategies/signals/signal.h"
#include "tests/kit/test.h"

enum { TAPE_MAX = 16384, FILE_MAX = 8 << 20 };
static struct event tape[TAPE_MAX];
static size_t       tape_n;
static uint64_t     input;
static uint16_t     slot;
static char         file_a[FILE_MAX], file_b[FILE_MAX];

static inline const char *in_home(const char *home, const char *name)
{
	static char path[4][FILES_PATH_MAX];
	static int  turn;
	turn = (turn + 1) % 4;
	snprintf(path[turn], FILES_PATH_MAX, "%.400s/%.80s", home, name);
	return path[turn];
}

static inline const char *new_home(const char *name)
{
	static char home[4][FILES_PATH_MAX];
	static int  turn;
	turn = (turn + 1) % 4;
	snprintf(home[turn], FILES_PATH_MAX, "%.400s/%.80s", test_folder(), name);
	CHECK(mkdir(home[turn], 0700) == 0);
	return home[turn];
}

static inline const char *read_into(char *text, const char *path)
{
	int     fd = open(path, O_RDONLY);
	ssize_t count = fd < 0 ? -1 : read(fd, text, FILE_MAX - 1);
	if (fd >= 0) close(fd);
	text[count < 0 ? 0 : count] = 0;
	return count < 0 ? "(no file)" : text;
}

static inline int lines_of(const char *path)
{
	int lines = 0;
	for (const char *at = read_into(file_a, path); *at; at++) lines += *at == '\n';
	return lines;
}

/* --- a desk's story, day by day ------------------------------------------------------------------------------- */

static inline struct event *add(enum event_kind kind, uint16_t sym, int64_t t_ns)
{
	CHECK(tape_n < TAPE_MAX);
	struct event *event = &tape[tape_n++];
	*event = event_make(kind, sym, t_ns);
	event->cause = input;
	event->index = slot++;
	return event;
}

static inline void begin_input(void)
{
	input++;
	slot = 0;
}

static inline void add_order(int64_t t_ns, uint16_t sym, uint64_t order_id, uint8_t state, int64_t filled_e8)
{
	add(EVENT_ORDER, sym, t_ns)->order = (struct order_note){
		.order_id = order_id, .qty_e8 = 10 * E8, .filled_qty_e8 = filled_e8,
		.average_px_e8 = filled_e8 ? 300 * E8 : 0, .fee_usd_e8 = filled_e8 ? 3 * E8 : 0, .decided_px_e8 = 299 * E8, .state = state,
		.side = SIDE_BUY, .order_type = ORDER_TYPE_MARKET, .time_in_force = TIF_OPEN, .reason = ORDER_REASON_SIGNAL
	};
}

static inline void add_account(int64_t t_ns, int32_t day, int64_t nav_e8, uint8_t flags)
{
	struct event *event = add(EVENT_ACCOUNT, SYM_NONE, t_ns);
	event->flags = flags;
	event->account = (struct account_note){
		.cash_usd_e8 = 97000 * E8, .nav_usd_e8 = nav_e8, .peak_nav_usd_e8 = 101000 * E8,
		.realised_usd_e8 = 50 * E8, .fees_usd_e8 = day * E8 / 100, .unrealised_usd_e8 = 12 * E8, .day = day, .drawdown_bp = 123, .level = 1,
		.regime = REGIME_ELEVATED, .positions = 1
	};
}

/* Monday 2020-03-02 is day 18323. One signal, one order, one fill, a refusal, a risk change and a day end on each. */
static inline void tell_day(int32_t day)
{
	int64_t  open_ns = day * NS_PER_DAY + 14 * 3600 * NS_PER_S + 1800 * NS_PER_S, close_ns = open_ns + 23400 * NS_PER_S;
	uint16_t spy = universe_find("SPY", 3);
	begin_input();
	uint64_t order_id = input << 8;
	add(EVENT_SIGNAL, spy, open_ns)->signal = (struct signal_note){
		.trace_id = 0xfeed, .px_e8 = 300 * E8, .day = day, .confidence_bp = 7050,
		.weight_bp = 2500, .strategy = STRATEGY_momentum, .grade = GRADE_BUY, .reason = REASON_MOMENTUM_UP
	};
	slot = 0;
	add_order(open_ns, spy, order_id, ORDER_SENDING, 0);
	add(EVENT_REFUSAL, spy, open_ns)->refusal = (struct refusal){ .wanted_qty_e8 = 5 * E8, .rule = TICKET_CASH };
	begin_input();
	add(EVENT_FILL, spy, open_ns + NS_PER_S)->fill = (struct fill){
		.order_id = order_id, .execution_id = 900 + (uint64_t)day, .qty_e8 = 10 * E8,
		.px_e8 = 300 * E8, .fee_usd_e8 = 3 * E8, .realised_usd_e8 = 5 * E8, .side = SIDE_BUY, .reason = ORDER_REASON_SIGNAL
	};
	add_order(open_ns + NS_PER_S, spy, order_id, ORDER_DONE, 10 * E8);
	add(EVENT_POSITION, spy, open_ns + NS_PER_S)->position = (struct position_note){ .qty_e8 = 10 * E8, .cost_usd_e8 = 3000 * E8, .px_e8 = 300 * E8, .day = day };
	begin_input();
	add(EVENT_RISK, SYM_NONE, close_ns)->risk = (struct risk_note){
		.nav_usd_e8 = 95000 * E8, .drawdown_bp = 512, .day = day,
		.from_level = day % 2 ? LADDER_CLEAR : LADDER_LEVEL1, .to_level = day % 2 ? LADDER_LEVEL1 : LADDER_CLEAR, .cause = RISK_DRAWDOWN,
		.event = day % 2 ? LADDER_EV_DD_1 : LADDER_EV_DD_CLEAR
	};
	begin_input();
	add_account(close_ns, day, (100000 + (day * 7919 % 100)) * E8, ACCOUNT_DAY_END | ACCOUNT_SESSION);
	add(EVENT_POSITION, spy, close_ns)->position = (struct position_note){ .qty_e8 = 10 * E8, .cost_usd_e8 = 3000 * E8, .px_e8 = 302 * E8, .day = day };
}

static inline void tell(int days)
{
	for (int32_t day = 18323; day < 18323 + days; day++) tell_day(day);
}

/* --- comparing two homes: every table row by row through Python's SQLite, every file byte by byte -------------- */

static const char compare_books[] =
    "import sqlite3,sys\n"
    "def rows(p):\n"
    "    db=sqlite3.connect(p)\n"
    "    names=[n for (n,) in db.execute(\"select name from sqlite_master where type='table' order by 1\")]\n"
    "    return [(n,sorted(map(repr,db.execute('select * from '+n)))) for n in names]\n"
    "a,b=rows(sys.argv[1]),rows(sys.argv[2])\n"
    "for x,y in zip(a,b):\n"
    "    if x!=y: print(x[0],set(x[1])^set(y[1]))\n"
    "sys.exit(0 if a==b and len(a)==18 and sum(len(r) for _,r in a)>20 else 1)\n";

static inline bool have_python(void) { return system("python3 -c 'import sqlite3' 2>/dev/null") == 0; }

static inline int python(const char *script, const char *a, const char *b)
{
	int   status = 0;
	pid_t child = fork();
	if (child == 0) {
		execlp("python3", "python3", "-c", script, a, b, (char *)0);
		_exit(127);
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void check_rows_same(const char *a, const char *b)
{
	static const char *const names[] = { "orders.csv", "signals.csv", "fills.csv" };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		CHECK(strcmp(read_into(file_a, in_home(a, names[i])), read_into(file_b, in_home(b, names[i]))) == 0);
	CHECK_EQ(python(compare_books, in_home(a, "books.db"), in_home(b, "books.db")), 0);
}

static inline void check_reports_same(const char *a, const char *b)
{
	char command[FILES_PATH_MAX];
	snprintf(command, sizeof command, "diff -r '%.200s/reports' '%.200s/reports'", a, b);
	CHECK_EQ(system(command), 0);
}

static inline void check_same(const char *a, const char *b)
{
	check_rows_same(a, b);
	check_reports_same(a, b);
}

#endif
