/* ledger_care_test.c - the recovery log, the comparisons with the venue and money without a fill, in the books. */
#include "fsm/account/reconcile.h"
#include "fsm/care/recovery.h"
#include "tests/unit/firmware/workers/ledger_kit.h"

enum { HEAP_BYTES = CFG_ledger_heap_kib * 1024 };
static _Alignas(16) char heap[HEAP_BYTES];
static struct ledger ledger;

static void add_compared(int64_t t_ns, uint64_t snapshot, uint8_t state, uint32_t differences)
{
	begin_input();
	add(EVENT_RECONCILED, SYM_NONE, t_ns)->reconciled = (struct reconcile_note){
		.snapshot = snapshot, .cash_difference_usd_e8 = differences * E8, .differences = differences, .externals = 1, .state = state
	};
}

static void tell_way_back(void)
{
	int64_t t_ns = 18323 * NS_PER_DAY;
	begin_input();
	add(EVENT_RECOVERY, SYM_NONE, t_ns)->recovery = (struct recovery_note){
		.life = 3, .asked = 4, .found = 2, .filled = 1, .cancelled = 2, .state = RECOVERY_STUCK, .event = RECOVERY_EV_GIVEN_UP
	};
	add(EVENT_RECOVERY, SYM_NONE, t_ns)->recovery = (struct recovery_note){ .life = 3, .state = 200, .event = 200 };        /* of another build */
	add_compared(t_ns + 1, 7, RECONCILE_CLEAN, 0);
	add_compared(t_ns + 2, 8, RECONCILE_CLEAN, 0);
	add_compared(t_ns + 3, 9, RECONCILE_MISMATCH, 2);
	add_compared(t_ns + 4, 10, RECONCILE_CLEAN, 0);
	begin_input();
	add(EVENT_CASH, universe_find("SPY", 3), t_ns)->cash = (struct cash){ .activity_id = 55, .usd_e8 = 12 * E8, .day = 18323, .cash_kind = CASH_DIVIDEND };
	add(EVENT_CASH, SYM_NONE, t_ns)->cash = (struct cash){ .activity_id = 56, .usd_e8 = -E8, .day = 18323, .cash_kind = CASH_FEE };
}

TEST(t_X11_the_books_hold_the_recovery_log_what_was_compared_and_cash)
{
	static const char script[] =
	    "import sqlite3,sys\n"
	    "db=sqlite3.connect(sys.argv[1]); all=lambda q: db.execute(q).fetchall()\n"
	    "assert all('select state,event,life,asked,found,filled,cancelled from recovery_log order by id')==[\n"
	    "  ('STUCK','GIVEN_UP',3,4,2,1,2),('unknown','unknown',3,0,0,0,0)]\n"
	    "assert all('select snapshot,state,differences,externals,cash_difference_usd_e8 from reconcile_log order by id')==[\n"
	    "  (7,'CLEAN',0,1,0),(9,'MISMATCH',2,1,2*10**8),(10,'CLEAN',0,1,0)]\n"        /* 8 said nothing new */
	    "assert all('select symbol,kind,usd_e8,activity_id,day from cash_log order by id')==[\n"
	    "  ('SPY','dividend',12*10**8,55,18323),('','fee',-10**8,56,18323)]\n";
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char          *home = new_home("home");
	struct ledger_config config = { home, heap, HEAP_BYTES, 77, 100000 * E8, true, TRADE_PAPER };
	tell_way_back();
	CHECK(ledger_open(&ledger, &config));
	for (int twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < tape_n; i++) CHECK(ledger_step(&ledger, &tape[i]));
	CHECK(ledger_close(&ledger));
	CHECK_EQ(python(script, in_home(home, "books.db"), ""), 0);
}

TEST(t_R7_R5_the_books_hold_what_the_health_worker_saw_and_how_an_order_came_to_its_size)
{
	static const char script[] =
	    "import sqlite3,sys\n"
	    "db=sqlite3.connect(sys.argv[1]); all=lambda q: db.execute(q).fetchall()\n"
	    "assert all('select symbol,alert,priority,is_over,px_e8,loss_bp,stop_distance_bp,volatility_bp,var_bp,var_share_bp,weight_bp,allowed_bp'\n"
	    "  ' from alert_log order by id')==[('SPY','OVERSIZED',2,0,100,1,2,3,4,5,6,7),('SPY','unknown',3,1,0,0,0,0,0,0,0,0)]\n"
	    "row=all('select * from size_log')\n"
	    "assert len(row)==1 and row[0][0]==4711 and row[0][2]=='SPY' and list(row[0][3:])==list(range(1,13))+[50,40,30,20,10]\n";
	if (!have_python()) SKIP("no python3 with sqlite3 to read the books with");
	const char          *home = new_home("home");
	struct ledger_config config = { home, heap, HEAP_BYTES, 77, 100000 * E8, true, TRADE_PAPER };
	uint16_t             spy = universe_find("SPY", 3);
	tape_n = 0;
	begin_input();
	add(EVENT_ALARM, spy, NS_PER_DAY)->alarm = (struct alarm){ .px_e8 = 100, .loss_bp = 1, .stop_distance_bp = 2, .volatility_bp = 3, .var_bp = 4,
		.var_share_bp = 5, .weight_bp = 6, .allowed_bp = 7, .alarm_kind = ALARM_OVERSIZED, .priority = 2 };
	add(EVENT_ALARM, spy, NS_PER_DAY)->alarm = (struct alarm){ .alarm_kind = 200, .priority = 3, .is_over = 1 };        /* of another build */
	struct event *size = add(EVENT_SIZE, spy, NS_PER_DAY);
	size->size.order_id = 4711;
	for (int i = 0; i < SIZE_NOTE_WEIGHTS; i++) size->size.weight_bp[i] = i + 1;
	for (int i = 0; i < SIZE_NOTE_QUANTITIES; i++) size->size.qty_e8[i] = 50 - 10 * i;
	CHECK(ledger_open(&ledger, &config));
	for (int twice = 0; twice < 2; twice++)
		for (size_t i = 0; i < tape_n; i++) CHECK(ledger_step(&ledger, &tape[i]));
	CHECK(ledger_close(&ledger));
	CHECK_EQ(python(script, in_home(home, "books.db"), ""), 0);
}
