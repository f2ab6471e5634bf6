/* progress_test.c - who lives without working is named by its deadline, and nobody who waits for something else is (rows P2, P3). */
#include "firmware/progress.h"

#include "firmware/pump.h"
#include "fsm/care/process.h"
#include "tests/kit/test.h"

#define BIT(worker) (1u << WORKER_##worker)
enum { LEDGER_PROCESS = 1 };

static struct memory_map   *map;
static struct progress_view view;
static struct progress      progress;
static struct settings      settings;

/* Everyone has done TICK 5, the desk waits for nobody, the books are whole: the feed owes the next moment. */
static void begin(uint32_t placed)
{
	if (map) map_drop(map);
	map = map_make();
	BUG_UNLESS(4560, map);
	settings_default(&settings);
	view = (struct progress_view){ map, BIT(feed) | BIT(context) | BIT(analyst) | BIT(health) | BIT(desk) | BIT(ledger), LEDGER_PROCESS, false };
	progress = (struct progress){ .placed = placed };
	for (int worker = WORKER_feed; worker <= WORKER_ledger; worker++)
		if (view.all >> worker & 1) pump_progress(map, (enum worker_id)worker)->ticks = 5;
	map->life[0].of[LEDGER_PROCESS].state = PROCESS_READY;
}

static int64_t due_ns(enum progress_id row) { return setting(&settings, progress_rows[row].setting) * NS_PER_S; }

/* What is late at that time, when nothing moves from second 1 on. */
static const struct progress_row *late_at(int64_t now_ns)
{
	const struct progress_row *late = progress_look(&progress, &view, &settings, false, NS_PER_S);        /* not yet ready */
	for (int64_t t_ns = NS_PER_S; t_ns <= now_ns && !late; t_ns += NS_PER_S) late = progress_look(&progress, &view, &settings, true, t_ns);
	return late;
}

/* Late exactly when its deadline has run, and never when the change that lets it go has been made. */
static void check_row(enum progress_id row)
{
	CHECK(!late_at(due_ns(row)));        /* one second before: the first look was at second 1 */
	CHECK(progress_look(&progress, &view, &settings, true, due_ns(row) + NS_PER_S) == &progress_rows[row]);
}

static void check_calm(void) { CHECK(!late_at(4 * 3600 * NS_PER_S)); }

TEST(t_P2_each_row_is_found_late_at_its_deadline)
{
	begin(BIT(feed));
	check_row(PROGRESS_moments);
	begin(BIT(context));
	map->progress_feed[0].ticks = 6;
	check_row(PROGRESS_regimes);
	begin(BIT(analyst));
	map->progress_feed[0].ticks = map->progress_context[0].ticks = 6;
	check_row(PROGRESS_signals);
	begin(BIT(health));
	map->progress_feed[0].ticks = 6;
	check_row(PROGRESS_alarms);
	begin(BIT(desk));
	map->progress_feed[0].ticks = map->progress_context[0].ticks = map->progress_analyst[0].ticks = map->progress_health[0].ticks = 6;
	check_row(PROGRESS_decisions);
	begin(BIT(desk));
	map->requests[0].count = 3;
	map->answers[0].count = 2;
	check_row(PROGRESS_commands);
	begin(BIT(ledger));
	map->progress_desk[0].input_seq = 10;
	map->progress_ledger[0].read_seq = 9;
	check_row(PROGRESS_reading);
	begin(BIT(ledger));
	map->progress_desk[0].input_seq = map->progress_ledger[0].read_seq = 10000;
	check_row(PROGRESS_books);
}

TEST(t_P2_each_row_of_a_venue_is_found_late_at_its_deadline)
{
	begin(BIT(feed));
	view.by_protocol = true;
	check_row(PROGRESS_data);
	begin(BIT(feed));
	view.by_protocol = true;
	map->progress_feed[0].expects_news = 1;
	check_row(PROGRESS_news);        /* the shorter one */
	begin(BIT(desk));
	view.by_protocol = true;
	check_row(PROGRESS_orders);
}

TEST(t_P2_whatever_moves_is_not_late)
{
	begin(BIT(feed));
	for (int64_t t_ns = NS_PER_S; t_ns < 2000 * NS_PER_S; t_ns += NS_PER_S) {
		map->progress_feed[0].ticks += t_ns % (50 * NS_PER_S) == 0;
		for (int worker = WORKER_context; worker <= WORKER_desk; worker++)
			if (view.all >> worker & 1) pump_progress(map, (enum worker_id)worker)->ticks = map->progress_feed[0].ticks;
		CHECK(!progress_look(&progress, &view, &settings, true, t_ns));
	}
}

TEST(t_P2_the_market_s_time_is_waited_for)
{
	begin(BIT(feed));
	map->progress_feed[0].due_ns = INT64_MAX;        /* --speed, or a closed market that is paced */
	check_calm();
	map->progress_feed[0].due_ns = 0;
	map->progress_feed[0].ended = 1;
	check_calm();
	begin(BIT(feed));
	view.by_protocol = true;
	map->progress_feed[0].ended = 1;
	check_calm();
}

TEST(t_P2_who_waits_for_another_worker_is_not_the_one_that_is_late)
{
	begin(BIT(analyst));
	map->progress_feed[0].ticks = 6;        /* context has not done it */
	check_calm();
	begin(BIT(desk));
	map->progress_feed[0].ticks = map->progress_context[0].ticks = map->progress_health[0].ticks = 6;
	check_calm();
	begin(BIT(feed));
	map->progress_analyst[0].ticks = 4;
	check_calm();
}

TEST(t_P2_a_worker_that_is_placed_nowhere_is_not_waited_for)
{
	begin(BIT(desk));
	view.all &= ~BIT(health);
	map->progress_feed[0].ticks = map->progress_context[0].ticks = map->progress_analyst[0].ticks = 6;
	check_row(PROGRESS_decisions);
}

TEST(t_P2_a_desk_that_waits_for_its_venue_is_judged_by_its_driver)
{
	begin(BIT(desk));
	view.by_protocol = true;
	map->progress_feed[0].ticks = map->progress_context[0].ticks = map->progress_analyst[0].ticks = map->progress_health[0].ticks = 6;
	map->progress_desk[0].owes_venue = 1;
	for (int64_t t_ns = NS_PER_S; t_ns < 4 * 3600 * NS_PER_S; t_ns += NS_PER_S) {
		map->progress_desk[0].venue_words += t_ns % (100 * NS_PER_S) == 0;        /* it tries again now and then */
		CHECK(!progress_look(&progress, &view, &settings, true, t_ns));
	}
	CHECK(progress_look(&progress, &view, &settings, true, 5 * 3600 * NS_PER_S) == &progress_rows[PROGRESS_orders]);
}

TEST(t_P2_a_full_disk_restarts_nobody)
{
	begin(BIT(ledger));
	map->progress_desk[0].input_seq = 50000;
	for (int64_t t_ns = NS_PER_S; t_ns < 4 * 3600 * NS_PER_S; t_ns += NS_PER_S) {
		map->progress_ledger[0].tries++;        /* each second, as LEDGER_RETRY_NS has it */
		CHECK(!progress_look(&progress, &view, &settings, true, t_ns));
	}
	begin(BIT(feed));
	map->progress_desk[0].input_seq = 50000;
	check_calm();        /* the recorded market waits for the books */
	map->life[0].of[LEDGER_PROCESS].state = PROCESS_HELD;
	check_row(PROGRESS_moments);        /* and not for those that are held down */
}

TEST(t_P2_a_rescue_is_asked_for_the_operator_and_its_driver_alone)
{
	begin(BIT(desk));
	progress.is_rescue = true;
	map->progress_feed[0].ticks = map->progress_context[0].ticks = map->progress_analyst[0].ticks = map->progress_health[0].ticks = 6;
	check_calm();
	map->requests[0].count = 1;
	check_row(PROGRESS_commands);
}

TEST(t_P3_a_new_life_has_its_whole_deadline)
{
	begin(BIT(feed));
	CHECK(!late_at(due_ns(PROGRESS_moments)));
	CHECK(!progress_look(&progress, &view, &settings, false, due_ns(PROGRESS_moments) + NS_PER_S));
	CHECK(!progress_look(&progress, &view, &settings, true, 2 * due_ns(PROGRESS_moments)));
	CHECK(progress_look(&progress, &view, &settings, true, 2 * due_ns(PROGRESS_moments) + NS_PER_S) == &progress_rows[PROGRESS_moments]);
}

TEST(t_P3_a_process_that_stalls_in_each_life_is_held_down_within_the_hour)
{
	static struct process      process;
	static struct machine_log  log;
	struct process_limits      limits;
	int64_t                    t_ns = 0;
	settings_default(&settings);
	process_limits_from(&limits, &settings);
	process_begin(&process, &limits);
	process_step(&process, PROCESS_EV_SPAWN, t_ns, &log);
	for (uint32_t life = 0; life <= limits.restarts_hour_max; life++) {
		process_step(&process, PROCESS_EV_READY, t_ns, &log);
		t_ns += due_ns(PROGRESS_data);        /* the longest deadline */
		process_step(&process, PROCESS_EV_OVERDUE, t_ns, &log);
		process_step(&process, process_end_event(&process, t_ns), t_ns, &log);
		if (process.state == PROCESS_BACKOFF) process_step(&process, PROCESS_EV_BACKOFF_OVER, t_ns = process.due_ns, &log);
	}
	CHECK_EQ(process.state, PROCESS_HELD);
	CHECK_EQ(process.spawns, limits.restarts_hour_max + 1);
}
