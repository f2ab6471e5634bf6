/* kills.c - processes of the appliance are killed: how soon they are there again, and working, beside runit's runsv and a process that sleeps.
 *
 * Two comparisons, because both supervisors wait before a process that keeps dying: the first death of a process, and its second one at once
 * after it. Then many deaths of each process while the market goes on; for these --drill takes the growing waits away.
 * Respawned: the watchdog names another pid. Working: each of its workers is ready and has done a TICK, or taken an input, that it had not. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fsm/care/process.h"
#include "tools/bench/live.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"
#include "tools/bench/runit.h"

enum { FRESH_TURNS = 5, MANY_KILLS = 40, REST_MS = 5, SETTLED_MS = 1100 };
static const double respawn_goal_ms = 5, working_goal_ms = 50;

/* One kill of a row: what was there before it. */
struct death { uint32_t row; int32_t pid; int64_t killed_ns; uint64_t ticks, inputs; bool market_goes_on; };
struct kill_figures { struct series respawned, working; };

/* --- what is waited for ---------------------------------------------------------------------------------------------------- */

static uint64_t load(const uint64_t *word) { return __atomic_load_n(word, __ATOMIC_ACQUIRE); }

static bool is_respawned(const struct memory_map *map, const void *context)
{
	const struct death *death = context;
	int32_t             pid = __atomic_load_n(&map->life->of[death->row].pid, __ATOMIC_ACQUIRE);
	return pid != 0 && pid != death->pid;
}

static bool is_working(const struct memory_map *map, const void *context)
{
	const struct death           *death = context;
	const struct worker_progress *word[WORKERS_N];
	for (uint32_t n = live_workers(map, death->row, word); n-- > 0;) {
		bool went_on = word[n] == map->progress_ledger ? load(&word[n]->input_seq) > death->inputs : load(&word[n]->ticks) > death->ticks;
		if (__atomic_load_n(&word[n]->ready_ns, __ATOMIC_ACQUIRE) < death->killed_ns || (death->market_goes_on && !went_on)) return false;
	}
	return true;
}

static bool is_at_rest(const struct memory_map *map, const void *context)
{
	return map->life->of[((const struct death *)context)->row].state == PROCESS_READY;
}

/* --- kills ------------------------------------------------------------------------------------------------------------------ */

static void take_down(struct live *live, uint32_t row, bool market_goes_on, struct kill_figures *figures)
{
	const struct memory_map *map = live->attach.map;
	struct death             death = { .row = row, .market_goes_on = market_goes_on };
	(void)live_until(live, is_at_rest, &death);
	death.pid = map->life->of[row].pid;
	death.ticks = load(&map->progress_feed->ticks);
	death.inputs = load(&map->progress_ledger->input_seq);
	double killed_ns = now_ns();
	death.killed_ns = (int64_t)killed_ns;
	if (kill(death.pid, SIGKILL) != 0) give_up("cannot kill", map->life->of[row].name);
	series_add(&figures->respawned, (live_until(live, is_respawned, &death) - killed_ns) / 1e6);
	series_add(&figures->working, (live_until(live, is_working, &death) - killed_ns) / 1e6);
}

/* Fresh appliances under the settings of every day, each process killed twice. */
static void first_and_second(const struct bench *bench, struct kill_figures *first, struct kill_figures *second)
{
	static struct live       live;
	static const char *const words[] = { "--speed", "1", 0 };
	for (int turn = 0; turn < FRESH_TURNS; turn++) {
		live_start(&live, bench, words);
		(void)live_until(&live, live_is_ready, 0);
		uint32_t processes = live_processes(live.attach.map);
		for (uint32_t row = 0; row < processes; row++) take_down(&live, row, false, first);
		for (uint32_t row = 0; row < processes; row++) take_down(&live, row, false, second);
		live_stop(&live);
	}
}

/* --- what is said ----------------------------------------------------------------------------------------------------------- */

static void say(const char *name, struct series *ours, struct series *theirs, double goal_ms, const char *when)
{
	char how[160];
	bool compares = theirs && theirs->count;
	snprintf(how, sizeof how, "most %.3g of %zu; %s", series_most(ours), ours->count, when);
	report(&(struct row){ name, "ms", series_median(ours), compares ? "runit's runsv, a sleep" : 0, compares ? series_median(theirs) : 0,
	    goal_ms > 0 ? GOAL_OF_VALUE : GOAL_NONE, goal_ms, how });
}

static void against_runit(const struct bench *bench)
{
	static struct kill_figures first, second;
	static struct series       settled, young;
	first_and_second(bench, &first, &second);
	bool compares = runit_kills(bench, FRESH_TURNS, SETTLED_MS, &settled) && runit_kills(bench, FRESH_TURNS, REST_MS, &young);
	say("killed once, respawned", &first.respawned, compares ? &settled : 0, respawn_goal_ms, "idle, all five processes; theirs had run for 1.1 s");
	say("  ready again", &first.working, 0, working_goal_ms, "");
	say("killed again at once, respawned", &second.respawned, compares ? &young : 0, 0, "ours waits backoff_first_ms; theirs had run for 5 ms");
	say("  ready again", &second.working, 0, 0, "");
	if (!compares) report_note("killed, runit's runsv", "skipped: no runsv in PATH, and apt-get download runit brought none into build/refs/runit");
}

static void many(const struct bench *bench)
{
	static struct live         live;
	static struct kill_figures figures[LIFE_ROWS];
	static const char *const   words[] = { "--speed", "20000000", "--drill", 0 };
	const int32_t              first_day = day_from_civil(2000, 1, 1);
	live_start(&live, bench, words);
	(void)live_until(&live, live_is_trading, &first_day);
	uint32_t processes = live_processes(live.attach.map);
	for (int turn = 0; turn < MANY_KILLS; turn++)
		for (uint32_t row = 0; row < processes; row++) {
			take_down(&live, row, true, &figures[row]);
			(void)usleep(REST_MS * 1000);
		}
	for (uint32_t row = 0; row < processes; row++) {
		char name[PROCESS_NAME_BYTES + 16];
		snprintf(name, sizeof name, "%.30s", live.attach.map->life->of[row].name);
		say(name, &figures[row].respawned, 0, respawn_goal_ms, "respawned; the market goes on at 231 days a second");
		say("  working again", &figures[row].working, 0, working_goal_ms, "a TICK done, or an input taken, that was not before");
	}
	live_stop(&live);
}

void bench_kills(const struct bench *bench)
{
	against_runit(bench);
	many(bench);
}
