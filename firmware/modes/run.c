/* run.c - `tickwork run`: trades on paper in one process until the days are over or someone stops it, and comes back where it was. */
#include <math.h>
#include <stdio.h>

#include "firmware/cli/cli.h"
#include "firmware/modes/appliance.h"
#include "firmware/modes/doctor.h"
#include "firmware/modes/result.h"
#include "firmware/modes/run.h"
#include "firmware/modes/trading.h"
#include "firmware/modes/venue_plan.h"
#include "firmware/rights.h"
#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/linux/process.h"
#include "hal/linux/stack.h"

enum { STATUS_EVERY_SESSIONS = 250, DEFAULT_SEED = 1 };

static struct trading_plan plan_of(struct cli *cli, const struct settings *settings)
{
	return (struct trading_plan){ .data = cli_text(cli, "--data", 0),
		.from_day = cli_day(cli, "--from", day_from_civil(2000, 1, 1)),
		.to_day = cli_day(cli, "--to", cli_given(cli, "--data") ? CALENDAR_DAY_LAST : day_from_civil(2022, 12, 31)),
		.seed = (uint64_t)cli_int(cli, "--seed", DEFAULT_SEED),
		.paper = true,
		.operator_confirms = true,
		.settings = *settings };
}

/* Are journal and books where they were? */
static void look_at_files(struct run *run, struct cli *cli, const struct trading *trading)
{
	struct log_ring *ring = trading->map->log_feed;
	char             text[KEPT_SENTENCE_BYTES];
	(void)kept_turn(&run->kept, trading->map, run->home.folder, clock_monotonic_ns());
	for (enum kept_id id = 0; id < KEPT_N; id++) {
		if (!(run->kept.news >> id & 1)) continue;
		cli_refuse(cli, CLI_FAILED, "%s", kept_sentence(&run->kept, id, run->home.folder, text));
		log_say(ring, LOG_KIND_said, LOG_error, WORKER_feed, ring->process, text);
	}
}

/* What the desk is told of that is an input, between two others. */
static void say_conditions(struct run *run, struct cli *cli, struct trading *trading)
{
	if (trading->pump.shadow || trading->pump.warming) return;
	look_at_files(run, cli, trading);
	if (pump_care(&trading->pump, kept_conditions(&run->kept))) (void)log_drain_turn(&run->log);
}

/* Sleeps until the market's time is due on the machine's clock, and looks at the files meanwhile. A wait that was cut short by a signal ends the run, so the
 * arithmetic needs no memory of its own. */
static void pace(struct run *run, struct cli *cli, struct trading *trading, int64_t market_ns)
{
	if (run->begun_market_ns == 0 || trading->pump.shadow) {
		run->begun_market_ns = market_ns;
		run->begun_ns = clock_monotonic_ns();
	}
	if (isinf(run->speed) || trading->pump.warming) {
		loop_turn(0);
		return;
	}
	double  market_s = (double)(market_ns - run->begun_market_ns) / 1e9;
	int64_t due_ns = run->begun_ns + (int64_t)(market_s / run->speed * 1e9);
	do {
		loop_turn(e8_min(due_ns - clock_monotonic_ns(), KEPT_LOOK_MS * NS_PER_MS));
		say_conditions(run, cli, trading);
	} while (!loop_stop_signal() && clock_monotonic_ns() < due_ns);
}

static void show(struct run *run)
{
	const struct account_note *account = &run->keeper.last;
	struct status status = { account->nav_usd_e8, run->keeper.day, account->drawdown_bp, account->positions, account->orders_working, account->level };
	status_show(&run->line, &status, clock_monotonic_ns());
}

static void warn(struct run *run, struct cli *cli, enum journal_verdict verdict)
{
	if (run->said_lost || verdict == JOURNAL_OK) return;
	run->said_lost = true;
	cli_refuse(cli, CLI_FAILED, "%s/journal %s; no new risk is taken, exits go on", run->home.folder, journal_verdict_text[verdict]);
}

static void trade(struct run *run, struct cli *cli, struct trading *trading)
{
	while (!loop_stop_signal() && !trading->pump.diverged) {
		if (!trading_turn(trading)) return;
		(void)log_drain_turn(&run->log);
		if (!run->keeper.day_ended) continue;
		run->keeper.day_ended = false;
		if (!trading->pump.shadow) show(run);
		warn(run, cli, trading->pump.journal_verdict);
		if (run->keeper.sessions >= run->sessions_max) return;
		say_conditions(run, cli, trading);
		pace(run, cli, trading, trading->world.t_ns);
	}
}

/* What trades, from where, and whether it goes on from before: said once, before the first day. */
static void announce(struct run *run, struct cli *cli, const struct trading *trading)
{
	char        from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
	const char *data = trading->plan.data;
	if (cli->json) return;
	out_format(&cli->out, "tickwork trades on PAPER: %u symbols, %s to %s, from %s%s\n", trading->symbols, date_text(trading->first_day, from),
	    date_text(trading->last_day, to), data ? "the bars in " : "a random walk", data ? data : "");
	if (!data) out_format(&cli->out, "random walk of seed %llu (--data DIR trades recorded days)\n", (unsigned long long)trading->plan.seed);
	if (!trading->has_vix) out_text(&cli->out, "no VIX: the regime comes from the volatility of SPY\n");
	if (trading->load.absent_n) out_format(&cli->out, "%u symbols of the universe have no file and are left out\n", trading->load.absent_n);
	if (run->home.comes_back)
		out_format(&cli->out, "goes on after input %llu of the journal in %s%s\n", (unsigned long long)run->home.desk.inputs, run->home.folder,
		    run->home.was_cut ? " (cut in a record: recovered to the last whole one)" : "");
	out_flush(&cli->out);
}

/* Where the shadow run stands when no more events are taken. */
enum shadow_end { SHADOW_OVER, SHADOW_STOPPED, SHADOW_TOO_FEW_DAYS, SHADOW_OTHER };

static enum shadow_end shadow_end(const struct run *run, const struct trading *trading)
{
	const struct pump *pump = &trading->pump;
	const struct desk *desk = &trading->rooms.desk;
	if (pump->diverged) return SHADOW_OTHER;
	if (!pump->shadow) return SHADOW_OVER;
	if (desk->inputs == pump->shadow_until && !pump->open_input) return desk_hash(desk) == pump->shadow_hash ? SHADOW_OVER : SHADOW_OTHER;
	if (loop_stop_signal()) return SHADOW_STOPPED;
	return run->keeper.sessions >= run->sessions_max ? SHADOW_TOO_FEW_DAYS : SHADOW_OTHER;
}

/* The run ends before it has come back to where the journal ends: the home stays as it is. */
static int give_up(struct run *run, struct cli *cli, enum shadow_end end)
{
	const char *folder = run->home.folder;
	(void)bookkeeper_close(&run->keeper);
	home_abandon(&run->home);
	if (end == SHADOW_TOO_FEW_DAYS)
		return cli_refuse(cli, CLI_BAD_INPUT, "the journal in %s goes on after day %llu: give more --days, or choose another --home", folder,
		    (unsigned long long)run->sessions_max);
	if (end == SHADOW_OTHER)
		return cli_refuse(cli, CLI_BAD_INPUT, "the journal in %s was made from other bars, dates or settings: give the same ones, or choose another --home",
		    folder);
	if (!cli->json) out_format(&cli->out, "stopped by a signal on the way back to where the journal in %s ends; nothing has changed there\n", folder);
	return CLI_DONE;
}

static void print_end(const struct run *run, struct cli *cli, const struct trading *trading, uint64_t hash)
{
	const struct account_note *account = &run->keeper.last;
	out_format(&cli->out, "%s after %llu sessions; NAV %.2f USD, %llu orders, %llu fills, risk level %u\n",
	    loop_stop_signal() ? "stopped by a signal" : "done", (unsigned long long)run->keeper.sessions, e8_to_double(account->nav_usd_e8),
	    (unsigned long long)trading->rooms.desk.orders_sent, (unsigned long long)trading->rooms.desk.fills, account->level);
	out_format(&cli->out, "journal %s/journal, books %s/books.db, state hash %016llx\n", run->home.folder, run->home.folder, (unsigned long long)hash);
	out_format(&cli->out, "day reports: %s/reports/YYYY-MM-DD.md and .json\n", run->home.folder);
}

static void say_life(struct trading *trading, const char *what)
{
	struct log_ring *ring = trading->map->log_feed;
	log_say(ring, LOG_KIND_process, LOG_info, WORKER_feed, ring->process, what);
}

static int farewell(struct run *run, struct cli *cli, struct trading *trading)
{
	enum shadow_end end = shadow_end(run, trading);
	run_box_close(&run->box);
	say_life(trading, loop_stop_signal() ? "ends by a signal" : "ends: the days are over");
	log_drain_close(&run->log);
	if (end != SHADOW_OVER) return give_up(run, cli, end);
	uint64_t             hash = desk_hash(&trading->rooms.desk);
	bool                 booked = bookkeeper_close(&run->keeper);
	run->kept.looked_ns = 0;
	look_at_files(run, cli, trading);
	enum journal_verdict verdict = home_close(&run->home, hash);
	if (verdict == JOURNAL_FULL) verdict = JOURNAL_OK;        /* all is there but the last word */
	if (!cli->json) print_end(run, cli, trading, hash);
	warn(run, cli, trading->pump.journal_verdict);
	warn(run, cli, verdict);
	if (!booked) return cli_refuse(cli, CLI_FAILED, "%s; the journal has everything, the next run brings the books up to date", run->keeper.ledger.sentence);
	return run->said_lost || run->kept.gone ? CLI_FAILED : CLI_DONE;
}

static void open_log(struct run *run, struct cli *cli, struct trading *trading)
{
	const char *folder = run->home.folder;
	log_rings_begin(trading->map, UINT32_MAX, layouts[LAYOUT_single_id].place[0].process);
	if (!log_drain_open(&run->log, trading->map, folder)) cli_refuse(cli, CLI_DONE, "%s/" LOG_FOLDER " cannot be made: what happens is not logged", folder);
	say_life(trading, run->home.comes_back ? "starts, on the way back to where the journal ends" : "starts");
	trading->pump.logs = true;
}

/* One process has the rights of all its workers; whoever debugs it may look into it. */
static bool seal(const struct run *run, char sentence[RIGHTS_SENTENCE_BYTES])
{
	const struct layout *layout = &layouts[LAYOUT_single_id];
	struct rights        rights = { .mask = rights_of(layout, layout->place[0].process, false), .folder = run->home.folder };
	return process_renounce() && rights_seal(&rights, sentence);
}

/* The bookkeeper's reader, before the bookkeeper needs it. */
static void read_commands(struct run *run, struct pump *pump)
{
	struct bookkeeper *keeper = &run->keeper;
	pump->commands_n = home_commands(&run->home, &keeper->reader, keeper->window, sizeof keeper->window, run->command, HOME_COMMANDS_MAX);
	pump->commands = run->command;
}

static int run_single(struct cli *cli)
{
	char            sentence[RIGHTS_SENTENCE_BYTES] = RIGHTS_NO_FILTER;
	struct run     *run = memory_take(sizeof *run);
	struct trading *trading = trading_take();
	if (!stack_take(CFG_stack_kib * 1024)) return cli_refuse(cli, CLI_BAD_INPUT, STACK_REFUSED, CFG_stack_kib);
	if (!run || !trading) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run: %zu MB are needed", (sizeof *run + sizeof *trading) >> 20);
	if (!home_open(&run->home, cli_text(cli, "--home", "tickwork-home"))) return cli_refuse(cli, CLI_BAD_INPUT, "%s", run->home.sentence);
	struct trading_plan plan = plan_of(cli, &run->home.conf.settings);
	if (!trading_boot(trading, &plan, run->home.journal_id)) return cli_refuse(cli, CLI_BAD_INPUT, "%s", trading->sentence);
	if (run->home.comes_back) read_commands(run, &trading->pump);
	if (!home_attach(&run->home, &trading->pump)) return cli_refuse(cli, CLI_BAD_INPUT, "%s", run->home.sentence);
	kept_note(trading->map, KEPT_JOURNAL, run->home.folder);
	if (!bookkeeper_open(&run->keeper, &run->home, &trading->pump, trading->rooms.desk.account.deposited_usd_e8))
		return cli_refuse(cli, CLI_BAD_INPUT, "%s", run->keeper.ledger.sentence);
	kept_note(trading->map, KEPT_BOOKS, run->home.folder);
	if (!loop_open()) return cli_refuse(cli, CLI_FAILED, "the kernel gives no epoll: this program needs Linux 4.5 or newer");
	run->speed = cli_double(cli, "--speed", INFINITY);
	run->sessions_max = (uint64_t)cli_int(cli, "--days", INT64_MAX);
	announce(run, cli, trading);
	if (!run_box_open(&run->box, run->home.folder, trading->map)) cli_refuse(cli, CLI_DONE, "%s", run->box.sentence);
	open_log(run, cli, trading);
	if (!seal(run, sentence)) return cli_refuse(cli, CLI_FAILED, "%s", sentence);
	status_begin(&run->line, &cli->out, STATUS_EVERY_SESSIONS, cli->json);
	trading_warm(trading);
	trade(run, cli, trading);
	status_end(&run->line);
	loop_close();
	return farewell(run, cli, trading);
}

int verb_run(struct cli *cli)
{
	uint32_t             usual = cli_choice(cli, "--venue", VENUE_sim) == VENUE_sim ? LAYOUT_single_id : LAYOUT_appliance_id;
	const struct layout *layout = &layouts[cli_choice(cli, "--layout", usual)];
	struct settings      none = { 0 };        /* a run of several processes reads them in boot */
	struct trading_plan  days = plan_of(cli, &none);
	struct venue_plan    venue;
	struct secrets       secrets;
	int                  code = venue_plan_take(&venue, cli);
	if (code != CLI_DONE) return code;
	bool by_protocol = venue.venue != VENUE_sim, single = layout == &layouts[LAYOUT_single_id];
	if (by_protocol && single) return cli_refuse(cli, CLI_BAD_INPUT, "layout single has the paper venue inside: use --layout appliance with --venue alpaca");
	if (single && cli_given(cli, "--watchdog")) return cli_refuse(cli, CLI_BAD_INPUT, "layout single has nobody to feed --watchdog: use --layout appliance");
	if (!layout->is_runnable) return cli_refuse(cli, CLI_BAD_INPUT, "layout %s is not runnable in this build: use --layout appliance or single", layout->name);
	code = doctor_before(cli, &venue, &secrets);
	if (code != CLI_DONE || cli_given(cli, "--dry-run")) return code;
	if (!by_protocol) secrets_close(&secrets);        /* the venue inside takes none */
	return single ? run_single(cli) : appliance_run(cli, layout, &days, &venue, &secrets);
}
