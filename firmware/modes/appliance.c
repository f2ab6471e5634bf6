/* appliance.c - boot, then the watchdog, then what became of it. */
#include "firmware/modes/appliance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "firmware/budget.h"
#include "firmware/modes/result.h"
#include "firmware/rights.h"
#include "hal/linux/await.h"
#include "hal/linux/clock.h"
#include "hal/linux/machine_time.h"
#include "hal/linux/memory.h"
#include "hal/linux/signals.h"
#include "hal/linux/stack.h"
#include "hal/linux/wake.h"

/* Where the shared bars lie in every process. */
#define BOOT_ADDRESS ((uintptr_t)UINT64_C(0x210000000000))

enum {
	BOOT_TRIES = 20,                /* n; it dies only when somebody kills it */
	DRILL_BOOT_S = 5,               /* in a drill processes are stopped while they boot, too */
	STATUS_EVERY_TURNS = 25,        /* one plain line every five seconds where there is no terminal */
	BUILT = 1 << WORKER_feed | 1 << WORKER_context | 1 << WORKER_analyst | 1 << WORKER_health | 1 << WORKER_desk | 1 << WORKER_ledger,
};
/* Who ends first: the market, then those who think, then the desk, then the books. */
enum { ENDS_MARKET, ENDS_OTHERS, ENDS_DESK, ENDS_BOOKS };

/* --- the plan -------------------------------------------------------------------------------------------------------------- */

static uint32_t end_of(uint32_t placed)
{
	if (placed >> WORKER_ledger & 1) return ENDS_BOOKS;
	if (placed >> WORKER_desk & 1) return ENDS_DESK;
	return placed >> WORKER_feed & 1 ? ENDS_MARKET : ENDS_OTHERS;
}

/* The row of that process, made when it is new. */
static uint32_t row_of(struct appliance *appliance, const char *name)
{
	struct watchdog_plan *watch = &appliance->watch;
	for (uint32_t row = 0; row < watch->rows; row++)
		if (strcmp(watch->row[row].name, name) == 0) return row;
	watch->row[watch->rows].name = name;
	return watch->rows++;
}

static int run_row(void *context, uint32_t row) { return runner_run(&((struct appliance *)context)->plan, row); }

/* The bells of all, the lock of the home; and the pair of keys that is its own. */
static uint32_t keep_of(struct appliance *appliance, uint32_t row)
{
	const struct runner_plan *plan = &appliance->plan;
	uint32_t                  keeps = plan->processes, placed = plan->placed[row];
	memcpy(appliance->keep[row], plan->wake, plan->processes * sizeof plan->wake[0]);
	appliance->keep[row][keeps++] = appliance->lock_fd;
	if (plan->venue.kind == VENUE_KIND_SIM) return keeps;
	if (placed >> WORKER_desk & 1) appliance->keep[row][keeps++] = plan->venue.secrets.fd[SECRET_PAIR_trading];
	if (placed >> WORKER_feed & 1) appliance->keep[row][keeps++] = plan->venue.secrets.fd[SECRET_PAIR_data];
	return keeps;
}

static int run_rescue(void *context, uint32_t row)
{
	const struct appliance *appliance = context;
	return runner_rescue(&appliance->plan, appliance->watch.row[row].stands_for, &appliance->plan.map->life[0].of[row]);
}

/* Stands for the desk's process with all that is its own, bell and keys too: at no instant both are there. */
static void plan_rescue(struct watchdog_plan *watch, uint32_t desk)
{
	struct watchdog_row *rescue = &watch->row[watch->rows++];
	*rescue = watch->row[desk];
	rescue->name = "rescue";
	rescue->policy = WATCHDOG_STANDBY;
	rescue->stands_for = desk;
	rescue->run = run_rescue;
	rescue->hears_operator = false;        /* one bell is rung once */
}

/* The rest of a row whose name and workers are known. */
static void finish_row(struct appliance *appliance, uint32_t row)
{
	const struct runner_plan *plan = &appliance->plan;
	struct watchdog_row      *of = &appliance->watch.row[row];
	of->policy = WATCHDOG_RESTART;
	of->stop_order = end_of(plan->placed[row]);
	of->run = run_row;
	of->keep = appliance->keep[row];
	of->keeps = keep_of(appliance, row);
	of->progress = appliance->word[row];
	of->trace = appliance->trace[row];
	of->wake_fd = plan->wake[row];
	of->hears_operator = plan->placed[row] >> WORKER_desk & 1;
}

static bool plan_rows(struct appliance *appliance, const struct layout *layout)
{
	struct runner_plan  *plan = &appliance->plan;
	struct watchdog_plan *watch = &appliance->watch;
	for (size_t i = 0; i < layout->places; i++) {
		uint32_t row = row_of(appliance, layout->place[i].process), worker = layout->place[i].worker;
		if (!((uint32_t)BUILT >> worker & 1)) continue;
		plan->placed[row] |= 1u << worker;
		appliance->trace[row][watch->row[row].workers] = pump_trace(plan->map, (enum worker_id)worker);
		watch->row[row].worker[watch->row[row].workers] = worker;
		appliance->word[row][watch->row[row].workers++] = pump_progress(plan->map, (enum worker_id)worker);
	}
	plan->processes = watch->rows;
	plan->ledger_row = RUNNER_NO_ROW;
	for (uint32_t row = 0; row < watch->rows; row++) {
		plan->rights[row] = rights_of(layout, watch->row[row].name, plan->venue.kind != VENUE_KIND_SIM);
		plan->all |= plan->placed[row];
		if (plan->placed[row] >> WORKER_ledger & 1) plan->ledger_row = row;
		plan->wake[row] = wake_make();
		if (plan->wake[row] < 0) return false;
	}
	for (uint32_t row = 0; row < watch->rows; row++) finish_row(appliance, row);
	for (uint32_t row = 0, rows = watch->rows; row < rows; row++) {
		appliance->progress[row].placed = plan->placed[row];
		if (!(plan->placed[row] >> WORKER_desk & 1)) continue;
		appliance->progress[watch->rows] = (struct progress){ .placed = plan->placed[row], .is_rescue = true };
		plan_rescue(watch, row);
	}
	return true;
}

/* Alpaca has its streams of data on a host of their own; a simulator has one for all. */
#define ALPACA_STREAM_HOST "stream.data.alpaca.markets"

static void plan_venue(struct appliance *appliance, const struct venue_plan *venue, const char *home)
{
	struct venue_place *place = &appliance->plan.venue;
	if (venue->venue == VENUE_sim) return;
	place->kind = VENUE_KIND_ALPACA;
	place->is_stepped = venue->stepped;
	place->trade_port = venue->trading.port;
	place->data_port = venue->data.port;
	snprintf(place->trade_host, sizeof place->trade_host, "%s", venue->trading.host);
	snprintf(place->data_host, sizeof place->data_host, "%s", venue->data.host);
	snprintf(place->stream_host, sizeof place->stream_host, "%s", url_is_below(&venue->data, "alpaca.markets") ? ALPACA_STREAM_HOST : venue->data.host);
	snprintf(appliance->trust, sizeof appliance->trust, "%s/roots.pem", home);
	place->trust = venue->trust ? venue->trust : appliance->trust;
}

/* --- hooks of the watchdog --------------------------------------------------------------------------------------------------- */

static const char *has_stalled(void *context, uint32_t row, bool is_ready, int64_t now_ns)
{
	struct appliance           *appliance = context;
	const struct runner_plan   *plan = &appliance->plan;
	const struct progress_view  view = { plan->map, runner_waits_for(plan), plan->ledger_row, plan->venue.kind != VENUE_KIND_SIM };
	const struct progress_row  *late = progress_look(&appliance->progress[row], &view, &appliance->boot->trading.plan.settings, is_ready, now_ns);
	if (late) plan->map->life[0].of[row].stalled_row = (uint32_t)(late - progress_rows) + 1;
	return late ? late->what : 0;
}

static bool is_over(void *context)
{
	const struct appliance *appliance = context;
	struct memory_map      *map = appliance->plan.map;
	bool                    all = true;
	if (!__atomic_load_n(&map->progress_feed[0].ended, __ATOMIC_ACQUIRE)) return false;
	if (map->progress_desk[0].ready_ns == 0) return false;        /* after a start at the end the desk has not yet said its state */
	for (int worker = WORKER_context; worker <= WORKER_desk; worker++)
		if ((uint32_t)BUILT >> worker & 1) all = all && pump_progress(map, (enum worker_id)worker)->ticks == map->progress_feed[0].ticks;
	return all;
}

static void say_files(struct appliance *appliance)
{
	const struct kept *kept = &appliance->care.kept;
	char               text[KEPT_SENTENCE_BYTES];
	for (enum kept_id id = 0; id < KEPT_N; id++) {
		if (!(kept->news >> id & 1)) continue;
		watchdog_say(&appliance->dog, kept_sentence(kept, id, appliance->plan.folder, text));
		cli_refuse(appliance->cli, CLI_FAILED, "%s", text);
	}
}

/* What is missing is said to whoever trades; files that are gone to people, too. */
static void say_conditions(struct appliance *appliance)
{
	const struct runner_plan *plan = &appliance->plan;
	care_turn(&appliance->care, plan->map, &appliance->boot->trading.plan.settings, plan->placed, plan->processes, clock_monotonic_ns());
	say_files(appliance);
}

static void on_turn(void *context)
{
	struct appliance          *appliance = context;
	struct event               event;
	const struct account_note *account = &event.account;
	say_conditions(appliance);
	if (!cell_read(&appliance->plan.map->account[0], &event) || event.kind != EVENT_ACCOUNT) return;
	struct status status = { account->nav_usd_e8, account->day, account->drawdown_bp, account->positions, account->orders_working, account->level };
	status_show(&appliance->line, &status, clock_monotonic_ns());
}

/* --- boot ------------------------------------------------------------------------------------------------------------------- */

/* Fresh shared memory, which nothing half done is in. */
static bool make_memory(struct appliance *appliance)
{
	struct runner_plan *plan = &appliance->plan;
	char                sentence[MAP_FILE_SENTENCE_BYTES] = "the kernel has no memory for this run";
	if (plan->map) map_drop(plan->map);
	if (appliance->boot) memory_give(appliance->boot, sizeof *appliance->boot);
	plan->map = map_make_file(plan->folder, sentence);
	appliance->boot = plan->map ? memory_share_at(BOOT_ADDRESS, sizeof *appliance->boot) : 0;
	if (!appliance->boot) return cli_refuse(appliance->cli, CLI_BAD_INPUT, "%s", sentence), false;
	plan->trading = &appliance->boot->trading;
	return true;
}

/* A boot child that was killed leaves nothing behind that counts: once more, from the beginning. */
static int boot(struct appliance *appliance)
{
	struct process_recipe recipe = { .run = appliance_boot, .context = appliance, .keeps = 1, .keep = &appliance->lock_fd };
	char                  words[PROCESS_WORDS_BYTES];
	int                   status = 0;
	for (int tries = 0; tries < BOOT_TRIES; tries++) {
		struct process_child child;
		if (!make_memory(appliance)) return CLI_BAD_INPUT;
		int64_t begun_ns = clock_monotonic_ns();
		if (!process_fork(&child, &recipe)) return cli_refuse(appliance->cli, CLI_FAILED, "the kernel has no memory for one more process");
		process_wait(&child, &status);
		struct boot_end end = { child.pid, status, (uint32_t)tries + 1, clock_monotonic_ns() - begun_ns };
		process_drop(&child);
		if (appliance->boot->is_ready) return CLI_DONE;
		if (appliance->boot->sentence[0]) return cli_refuse(appliance->cli, CLI_BAD_INPUT, "%s", appliance->boot->sentence);
		appliance_bury_boot(appliance, &end);
	}
	return cli_refuse(appliance->cli, CLI_BUG, "the boot process died %d times: %s", BOOT_TRIES, process_words(status, appliance->boot->trap, words));
}

static void announce_days(struct appliance *appliance)
{
	char                  from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
	const struct trading *trading = &appliance->boot->trading;
	struct out           *out = &appliance->cli->out;
	const char           *data = trading->plan.data;
	out_format(out, "tickwork trades on PAPER in %u processes: %u symbols, %s to %s, from %s%s\n", appliance->plan.processes + 1, trading->symbols,
	    date_text(trading->first_day, from), date_text(trading->last_day, to), data ? "the bars in " : "a random walk", data ? data : "");
	if (!data) out_format(out, "random walk of seed %llu (--data DIR trades recorded days)\n", (unsigned long long)trading->plan.seed);
	if (!trading->has_vix) out_text(out, "no VIX: the regime comes from the volatility of SPY\n");
}

static void announce(struct appliance *appliance)
{
	struct out *out = &appliance->cli->out;
	if (appliance->cli->json) return;
	if (appliance->plan.venue.kind == VENUE_KIND_SIM) announce_days(appliance);
	else
		out_format(out, "tickwork trades on %s in %u processes at https://%s:%u: %s\n", trade_mode_word(appliance->plan.mode), appliance->plan.processes + 1,
		    appliance->plan.venue.trade_host, appliance->plan.venue.trade_port, trade_mode_what(appliance->plan.mode));
	if (appliance->boot->comes_back)
		out_format(out, "goes on after input %llu of the journal in %s%s\n", (unsigned long long)appliance->boot->journal_inputs, appliance->plan.folder,
		    appliance->boot->was_cut ? " (cut in a record: recovered to the last whole one)" : "");
	out_flush(out);
}

/* --- the end ---------------------------------------------------------------------------------------------------------------- */

static void print_end(struct appliance *appliance)
{
	struct memory_map *map = appliance->plan.map;
	struct out        *out = &appliance->cli->out;
	struct event       account;
	uint64_t           deaths = 0;
	const char        *home = appliance->plan.folder;
	for (uint32_t row = 0; row < appliance->watch.rows; row++) deaths += map->life[0].of[row].deaths;
	uint64_t sessions = map->commit_feed[0].valid ? map->commit_feed[0].slot[map->commit_feed[0].valid - 1].state.place.sessions : 0;
	if (!cell_read(&map->account[0], &account)) return;
	out_format(out, "%s after %llu sessions; NAV %.2f USD, risk level %u, %llu restarts\n", map->progress_feed[0].ended ? "done" : "stopped by a signal",
	    (unsigned long long)sessions, e8_to_double(account.account.nav_usd_e8), account.account.level, (unsigned long long)deaths);
	out_format(out, "journal %s/journal, books %s/books.db, state hash %016llx\n", home, home, (unsigned long long)map->progress_desk[0].state_hash);
	out_format(out, "day reports: %s/reports/YYYY-MM-DD.md and .json\n", home);
}

/* Their process may be dead and waiting to come back when the end comes. */
static bool books_are_closed(const struct appliance *appliance)
{
	uint32_t row = appliance->plan.ledger_row;
	return row == RUNNER_NO_ROW || appliance->plan.map->life[0].of[row].last_status == 0;
}

int appliance_run(struct cli *cli, const struct layout *layout, const struct trading_plan *days, const struct venue_plan *venue,
    const struct secrets *secrets)
{
	static const int  early[] = { SIGUSR1, SIGUSR2 };
	struct appliance *appliance = memory_take_whole(sizeof *appliance);
	if (!stack_take(CFG_stack_kib * 1024)) return cli_refuse(cli, CLI_BAD_INPUT, STACK_REFUSED, CFG_stack_kib);
	if (appliance) appliance->home = memory_take(sizeof *appliance->home);
	if (!appliance || !appliance->home) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run");
	appliance->cli = cli;
	appliance->days = *days;
	plan_venue(appliance, venue, cli_text(cli, "--home", "tickwork-home"));
	appliance->plan.venue.secrets = *secrets;
	appliance->plan.mode = appliance->home->mode = venue->mode;
	appliance->plan.folder = cli_text(cli, "--home", "tickwork-home");
	appliance->plan.speed = cli_double(cli, "--speed", INFINITY);
	appliance->plan.tape_bytes = (uint64_t)cli_int(cli, "--tape", 0) << 20;
	appliance->plan.sessions_max = (uint64_t)cli_int(cli, "--days", INT64_MAX);
	signals_ignore(early, sizeof early / sizeof early[0]);        /* the lock names this process before it listens */
	if (!home_lock(appliance->home, appliance->plan.folder)) return cli_refuse(cli, CLI_BAD_INPUT, "%s", appliance->home->sentence);
	appliance->lock_fd = appliance->home->lock_fd;
	if (!rights_begin()) return cli_refuse(cli, CLI_FAILED, RIGHTS_NO_FILTER);        /* before the first fork */
	int code = boot(appliance);
	memory_give(appliance->home, sizeof *appliance->home);
	appliance->home = 0;
	if (code != CLI_DONE) return code;
	if (!plan_rows(appliance, layout)) return cli_refuse(cli, CLI_FAILED, "the kernel has no descriptors left for this run");
	appliance->plan.journal_id = appliance->boot->journal_id;
	appliance->plan.initial_usd_e8 = appliance->boot->trading.rooms.desk.account.deposited_usd_e8;
	trading_empty(&appliance->boot->trading);
	struct map_maker maker = { clock_monotonic_ns(), process_own_pid(), venue->mode, layout->name, venue->venue == VENUE_sim ? "sim" : "alpaca" };
	attach_stamp(appliance->plan.map, &maker);
	announce(appliance);
	status_begin(&appliance->line, &cli->out, STATUS_EVERY_TURNS, cli->json);
	struct watchdog_plan *watch = &appliance->watch;
	watch->context = appliance;
	process_limits_from(&watch->limits, &appliance->boot->trading.plan.settings);
	if (cli_given(cli, "--drill")) {
		watch->limits.restarts_hour_max = PROCESS_DEATHS_MAX - 1;
		watch->limits.backoff_most_ns = watch->limits.backoff_first_ns = NS_PER_MS;
		watch->limits.boot_grace_ns = DRILL_BOOT_S * NS_PER_S;
	}
	watch->home = appliance->plan.folder;
	watch->device = cli_text(cli, "--watchdog", 0);
	watch->life = appliance->plan.map->life;
	watch->declared_bytes = budget_declared_bytes(BUDGET_WATCHDOG, false);
	watch->requests = appliance->plan.map->requests;
	watch->answers = appliance->plan.map->answers;
	watch->log = appliance->plan.map->log_watchdog;
	watch->desk_trace = appliance->plan.map->trace_desk;
	watch->on_turn = on_turn;
	watch->should_end = is_over;
	watch->has_stalled = has_stalled;
	memory_touch_program();
	map_touch(appliance->plan.map, appliance->plan.all | 1u << WORKER_watchdog);
	trading_touch(&appliance->boot->trading, false);
	watch->calls = appliance->plan.map->calls;
	if (!map_narrow(appliance->plan.map, 1u << WORKER_watchdog)) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run");
	char kind[MACHINE_KIND_BYTES];
	machine_kind(kind);
	care_begin(&appliance->care, &appliance->boot->trading.plan.settings, kind, appliance->plan.folder);
	code = watchdog_run(&appliance->dog, watch);
	care_end(&appliance->care);
	console_remove(appliance->plan.folder);
	status_end(&appliance->line);
	if (!cli->json) print_end(appliance);
	if (kept_turn(&appliance->care.kept, appliance->plan.map, appliance->plan.folder, INT64_MAX)) say_files(appliance);
	if (appliance->care.kept.gone) code = CLI_FAILED;
	if (code == CLI_DONE && !books_are_closed(appliance))
		return cli_refuse(cli, CLI_FAILED, "the process of the books did not live to their end; the journal has everything, the next run brings them up to date");
	return code;
}
