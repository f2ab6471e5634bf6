/* rows.c - the processes: spawned into zeroed memory, turned, killed at a call, brought back by the watchdog's own machine. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "firmware/care.h"
#include "firmware/sim/parts.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/sim/chance.h"

static const struct rescue no_rescue;

int house_row_of(const struct house *house, enum worker_id worker)
{
	for (uint32_t row = 0; row < house->run.processes; row++)
		if (house->run.placed[row] >> worker & 1) return (int)row;
	return HOUSE_NOBODY;
}

struct desk *house_desk(const struct house *house)
{
	struct runner *runner = house->row[house_row_of(house, WORKER_desk)].runner;
	return runner ? &runner->rooms.desk : 0;
}

/* --- death -------------------------------------------------------------------------------------------------------- */

/* As the kernel does it: memory, lines and timers go; what it had written stays written. */
static void bury(struct house *house, int row)
{
	struct house_row *at = &house->row[row];
	if (!at->runner) return;
	if (house->run.placed[row] >> WORKER_desk & 1) disk_sim_restart(&house->disk); /* its file is closed */
	net_sim_drop(house->net, row);
	loop_drop(row);
	runner_forget(at->runner);
	at->runner = 0;
	at->dies_in = at->slow = at->dies_at_region = 0;
	at->hangs_until_ns = 0;
}

/* The life of who runs here, or of who is to. */
static struct process *life_of(struct house *house, int row)
{
	struct house_row *at = &house->row[row];
	return at->is_rescue ? &house->rescue : &at->life;
}

static void step(struct house *house, int row, enum process_event event);

static void spawn(struct house *house, int row)
{
	struct house_row *at = &house->row[row];
	house->counts.spawns++;
	house_trace(house, 1, (uint64_t)row);
	at->runner = memory_take(sizeof *at->runner);
	BUG_UNLESS(4690, at->runner);
	struct rescue rescue = { .is_here = true, .reads_journal = house->rescue.hangs == 0 };
	if (!runner_open(at->runner, &house->run, (uint32_t)row, at->is_rescue ? &rescue : &no_rescue)) {
		(void)snprintf(house->refusal, sizeof house->refusal, "%s", runner_why(at->runner));
		house_kill(house, row); /* it ends by itself, with a sentence; the watchdog tries again in a while */
		return;
	}
	if (at->runner->trading) house_checks_attach(house, at->runner);
	if (at->owes_halt && !at->is_rescue && !at->runner->rooms.desk.halted) house_violates(house, "the desk comes back from the rescue and is not halted");
	at->owes_halt = at->is_rescue;
	at->ticks_then = house->map->progress_desk[0].ticks;
	runner_say_ready(at->runner);
	step(house, row, PROCESS_EV_READY);
}

static void carry_out(struct house *house, int row)
{
	struct house_row *at = &house->row[row];
	struct process   *life = life_of(house, row);
	uint8_t           duty = life->duty;
	life->duty = PROCESS_DUTY_NONE;
	if (duty == PROCESS_DUTY_SPAWN) spawn(house, row);
	if (duty == PROCESS_DUTY_KILL || (duty == PROCESS_DUTY_TERM && at->hangs_until_ns == 0)) house_kill(house, row);
}

static void step(struct house *house, int row, enum process_event event)
{
	struct house_row *at = &house->row[row];
	uint8_t           before = at->life.state;
	process_step(life_of(house, row), event, house->now_ns, &house->log);
	house->map->life[0].of[row].state = at->life.state;
	house->counts.holds += at->life.state == PROCESS_HELD && before != PROCESS_HELD;
}

void house_kill(struct house *house, int row)
{
	struct process *life = life_of(house, row);
	if (!house->row[row].runner) return;
	house->counts.kills++;
	house_trace(house, 2, (uint64_t)row);
	bury(house, row);
	life->random = chance_next(&house->chance);
	step(house, row, process_end_event(life, house->now_ns));
}

/* What ends a turn before its end. */
enum { DEATH_NONE, DEATH_AT_CALL, DEATH_OF_POWER, DEATH_AT_WRITE };

/* A request begins with its method and path; other bytes have no words. */
static void remember(struct house *house, enum house_call call, const char *words, size_t count)
{
	if (house->calls >= HOUSE_CALLED_MAX) return;
	struct house_called *called = &house->called[house->calls];
	called->call = (uint8_t)call;
	for (size_t i = 0; i < count && i + 1 < sizeof called->words && words[i] > ' ' - (i > 0) && words[i] < 0x7f; i++) called->words[i] = words[i];
}

/* True when the desk's process is to end here. */
static bool is_crash(struct house *house, enum house_call call, const char *words, size_t count)
{
	if (!(house->run.placed[house->running] >> WORKER_desk & 1)) return false;
	remember(house, call, words, count);
	return ++house->calls == house->plan.crash.at + house->plan.crash.after && house->plan.crash.at > 0;
}

void house_point(struct house *house, enum house_call call, const char *words, size_t count)
{
	house->counts.points++;
	if (house->running == HOUSE_NOBODY) return;
	struct house_row *at = &house->row[house->running];
	if (is_crash(house, call, words, count)) {
		house->last_fault_ns = house->now_ns;
		house->orders_then = house->counts.orders;
		house->is_dark = house->plan.crash.ruin != HOUSE_RUIN_killed;
		longjmp(house->death, DEATH_AT_CALL);
	}
	if (house->power_in > 0 && --house->power_in == 0) longjmp(house->death, DEATH_OF_POWER);
	if (at->dies_in == 0 || --at->dies_in > 0) return;
	longjmp(house->death, DEATH_AT_CALL);
}

/* --- death at a write ----------------------------------------------------------------------------------------------- */

/* The page that the running process may not write to any more: its first write there is its last act, at whatever instruction that is. With `then` that
 * write happens, and the last act is the first one to that page. */
static struct { struct house *house; const uint8_t *from, *to; uint8_t *then; } guard;

static void guard_page(uint8_t *page)
{
	guard.from = page;
	guard.to = page + MAP_PAGE_BYTES;
	BUG_UNLESS(3993, memory_read_only(page, MAP_PAGE_BYTES));
}

static void guard_on(void)
{
	BUG_UNLESS(3996, memory_writable((uint8_t *)(uintptr_t)guard.from, MAP_PAGE_BYTES));
	guard_page(guard.then);
	guard.then = 0;
}

static void on_write(int signal, siginfo_t *info, void *context)
{
	const uint8_t *at = info->si_addr;
	(void)context;
	if (guard.house && at >= guard.from && at < guard.to) {
		if (!guard.then) longjmp(guard.house->death, DEATH_AT_WRITE);
		guard_on();
		return;
	}
	(void)sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, 0); /* it is a bug, and comes again */
}

static void guard_begin(struct house *house, const struct house_row *at)
{
	if (!at->dies_at_region) return;
	const struct region_row *region = &region_rows[at->dies_at_region - 1];
	guard.house = house;
	guard.then = at->dies_uncounted ? (uint8_t *)pump_progress(house->map, (enum worker_id)region->writer) : 0;
	guard_page((uint8_t *)house->map + region->offset + at->dies_at_page * MAP_PAGE_BYTES);
}

static void guard_end(struct house *house)
{
	if (!guard.house) return;
	guard.house = 0;
	BUG_UNLESS(3994, memory_writable(house->map, sizeof *house->map));
}

void house_rows_end(void)
{
	guard.house = 0;
	(void)sigaction(SIGSEGV, &(struct sigaction){ .sa_handler = SIG_DFL }, 0);
}

/* A stepped venue cannot be begun in its middle by a home that has lost its beginning: where the market stands is durable with the first order. */
static bool power_may_go(const struct house *house) { return house->counts.orders > 0 || house->plan.crash.at > 0; }

void house_as_row(struct house *house, int row, void (*act)(struct house *house))
{
	if (house->is_dark) return;
	house->running = house->net->owner = row;
	loop_owner(row);
	int death = setjmp(house->death);
	if (death == DEATH_NONE) act(house);
	guard_end(house);
	if (house->is_narrow) BUG_UNLESS(3992, memory_writable(house->map, sizeof *house->map));
	house->is_narrow = false;
	row = house->running;
	house->running = house->net->owner = HOUSE_NOBODY;
	if (death == DEATH_OF_POWER && power_may_go(house)) house_power_cut(house, (enum disk_sim_cut)house_chance(house, DISK_SIM_CUTS_N));
	else if (death != DEATH_NONE) house_kill(house, row);
}

/* --- turning ------------------------------------------------------------------------------------------------------ */

/* Turns with the rights of a run, in which the machine itself refuses a write to a region that another writes (SIGSEGV): 1e-4. */
enum { NARROW_BP = 5 };

static bool has_worked;

static void turn_running(struct house *house)
{
	struct runner *runner = house->row[house->running].runner;
	runner_beat(runner);
	house->is_narrow = chance_bp(&house->chance, NARROW_BP);
	if (house->is_narrow) BUG_UNLESS(3991, map_narrow(house->map, house->run.placed[house->running]));
	guard_begin(house, &house->row[house->running]);
	if (runner_turn(runner)) has_worked = true;
}

static bool may_turn(struct house *house, struct house_row *at)
{
	if (!at->runner || house->now_ns < at->hangs_until_ns) return false;
	at->hangs_until_ns = 0;
	return at->slow == 0 || house_chance(house, at->slow) == 0;
}

bool house_rows_turn(struct house *house)
{
	uint32_t rows = house->run.processes, first = (uint32_t)house_chance(house, rows);
	bool     worked = false;
	for (uint32_t i = 0; i < rows; i++) {
		int row = (int)((first + i) % rows);
		if (!may_turn(house, &house->row[row])) continue;
		has_worked = false;
		house_as_row(house, row, turn_running);
		worked = worked || has_worked;
		house->counts.turns++;
		house->now_ns += has_worked ? HOUSE_TURN_NS : 0;
		if (house->row[row].runner) step(house, row, PROCESS_EV_BEAT);
	}
	return worked;
}

static void carry_out_running(struct house *house) { carry_out(house, house->running); }

/* --- held down ---------------------------------------------------------------------------------------------------- */

int house_held_row(const struct house *house)
{
	for (uint32_t row = 0; row < house->run.processes; row++)
		if (house->row[row].life.state == PROCESS_HELD) return (int)row;
	return HOUSE_NOBODY;
}

void house_release(struct house *house, int row) { house->row[row].is_wanted_back = true; }

/* As firmware/watchdog.c does it: never both at once, and the desk's own process comes after its standby is gone. */
static void watch_rescue(struct house *house, int row)
{
	struct house_row *at = &house->row[row];
	struct process   *rescue = &house->rescue;
	at->is_rescue = true;
	if (at->is_wanted_back && rescue->state != PROCESS_OFF && rescue->state != PROCESS_DONE && !rescue->is_given_up) step(house, row, PROCESS_EV_STOP);
	if (rescue->state == PROCESS_DONE) step(house, row, PROCESS_EV_RELEASE);
	if (!at->is_wanted_back && rescue->state == PROCESS_OFF) step(house, row, PROCESS_EV_SPAWN);
}

static void watch_held(struct house *house, int row)
{
	struct house_row *at = &house->row[row];
	if (at->life.state != PROCESS_HELD) return;
	if (house->run.placed[row] >> WORKER_desk & 1) watch_rescue(house, row);
	if (!at->is_wanted_back || at->runner || (at->is_rescue && house->rescue.state != PROCESS_OFF)) return;
	at->is_wanted_back = at->is_rescue = false;
	step(house, row, PROCESS_EV_RELEASE);
	step(house, row, PROCESS_EV_SPAWN);
}

void house_rows_watch(struct house *house)
{
	for (int row = 0; row < (int)house->run.processes; row++) {
		struct house_row *at = &house->row[row];
		watch_held(house, row);
		struct process *life = life_of(house, row);
		if (life->due_ns <= house->now_ns && house->now_ns >= at->hangs_until_ns && process_is_live(life)) step(house, row, PROCESS_EV_BEAT);
		if (life->due_ns <= house->now_ns) step(house, row, process_due_event(life));
		if (life->duty != PROCESS_DUTY_NONE) house_as_row(house, row, carry_out_running);
	}
	struct conditions *conditions = house->map->conditions;
	conditions->in_force = care_of_processes(conditions->in_force, house->map->life, house->run.placed, house->run.processes);
}

int64_t house_rows_next_ns(const struct house *house)
{
	int64_t next_ns = INT64_MAX;
	for (uint32_t row = 0; row < house->run.processes; row++) {
		const struct house_row *at = &house->row[row];
		next_ns = e8_min(next_ns, at->is_rescue ? house->rescue.due_ns : at->life.due_ns);
		if (at->hangs_until_ns) next_ns = e8_min(next_ns, at->hangs_until_ns);
	}
	return next_ns;
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

static void spawn_all(struct house *house)
{
	struct process_limits of_rescue = house->rescue.limits;
	process_begin(&house->rescue, &of_rescue);
	for (int row = 0; row < (int)house->run.processes; row++) {
		struct process_limits limits = house->row[row].life.limits;
		process_begin(&house->row[row].life, &limits);
		house->row[row].is_rescue = house->row[row].is_wanted_back = house->row[row].owes_halt = false;
		step(house, row, PROCESS_EV_SPAWN);
		house_as_row(house, row, carry_out_running);
	}
}

void house_rows_begin(struct house *house)
{
	struct process_limits limits;
	process_limits_from(&limits, &house->world.settings);
	(void)sigaction(SIGSEGV, &(struct sigaction){ .sa_sigaction = on_write, .sa_flags = SA_SIGINFO | SA_NODEFER }, 0);
	limits.restarts_hour_max = PROCESS_DEATHS_MAX - 1; /* an hour of this house is months of another */
	house->rescue.limits = limits;
	limits.restarts_hour_max = house->restarts_hour_max;
	for (uint32_t row = 0; row < house->run.processes; row++) house->row[row].life.limits = limits;
	spawn_all(house);
}

static void begin_anew(struct house *house)
{
	map_drop(house->map);
	house->map = house->run.map = map_make();
	BUG_UNLESS(4691, house->map);
	memset(&house->person, 0, sizeof house->person);
	memset(house->ticks_of, 0, sizeof house->ticks_of);
	spawn_all(house);
}

void house_kill_all(struct house *house)
{
	for (int row = 0; row < (int)house->run.processes; row++) bury(house, row);
	house->counts.kills++;
	begin_anew(house);
}

void house_crash_power(struct house *house)
{
	static const enum disk_sim_cut cuts[HOUSE_RUINS_N] = { [HOUSE_RUIN_kept] = DISK_SIM_KEEP, [HOUSE_RUIN_lost] = DISK_SIM_LOSE,
		[HOUSE_RUIN_torn] = DISK_SIM_TEAR, [HOUSE_RUIN_part] = DISK_SIM_PART };
	house->is_dark = false;
	house_power_cut(house, cuts[house->plan.crash.ruin]);
}

void house_power_cut(struct house *house, enum disk_sim_cut cut)
{
	if (!power_may_go(house)) return;
	for (int row = 0; row < (int)house->run.processes; row++) bury(house, row);
	house->counts.power_cuts++;
	disk_sim_power_cut(&house->disk, cut, chance_next(&house->chance));
	disk_sim_restart(&house->disk);
	begin_anew(house);
}
