/* backtest.c - `tickwork backtest`: the same workers as live over recorded days on the virtual clock, then the result. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/progress.h"
#include "firmware/modes/lookahead.h"
#include "firmware/modes/recorder.h"
#include "firmware/modes/result.h"
#include "firmware/modes/trading.h"
#include "fsm/desk/shares.h"
#include "hal/linux/clock.h"
#include "hal/linux/memory.h"
#include "hal/wire/json_write.h"

enum { BACKTEST_JSON_BYTES = 8192 + LEVEL_CHANGES_MAX * LEVEL_CHANGE_JSON_BYTES, PROGRESS_EVERY_EVENTS = 2048, DEFAULT_SEED = 1 };

struct backtest {
	struct result   result;
	struct recorder recorder;
	int64_t         begun_ns, elapsed_ns;
	uint64_t        state_hash;
	char            json[BACKTEST_JSON_BYTES];
};

static struct trading_plan plan_of(struct cli *cli)
{
	struct trading_plan plan = { .data = cli_text(cli, "--data", 0),
		.from_day = cli_day(cli, "--from", day_from_civil(2007, 1, 1)),
		.to_day = cli_day(cli, "--to", CALENDAR_DAY_LAST),
		.seed = DEFAULT_SEED,
		.operator_confirms = cli_choice(cli, "--operator", 0) == 0 };
	settings_default(&plan.settings);
	return plan;
}

/* Six cuts through the period; each past must be the same whatever comes after it. */
static int check_lookahead(struct cli *cli, struct trading *trading)
{
	struct lookahead check;
	char             day[DATE_TEXT_BYTES];
	if (!lookahead_check(&check, trading, RECORDER_BACKTEST_ID)) return cli_refuse(cli, CLI_FAILED, "%s", trading->sentence);
	for (uint32_t i = 0; i < check.cuts; i++)
		out_format(&cli->out, cli->json ? "{\"cut\":\"%s\",\"same\":%s}\n" : "bars after %s disturbed: state up to then the same: %s\n",
		    date_text(check.cut_day[i], day), check.same[i] ? (cli->json ? "true" : "yes") : (cli->json ? "false" : "NO"));
	if (check.differing == 0) return CLI_DONE;
	return cli_refuse(cli, CLI_FAILED, "the past changed with the future at %u of %u cuts: something looks ahead", check.differing, check.cuts);
}

static bool open_files(struct cli *cli, struct backtest *backtest)
{
	static const char *const option[] = { "--equity", "--trades" };
	char                     sentence[FILES_SENTENCE_MAX];
	for (int i = 0; i < 2; i++) {
		const char *path = cli_text(cli, option[i], 0);
		if (!path) continue;
		enum files_verdict verdict = i == 0 ? result_equity_to(&backtest->result, path) : result_trades_to(&backtest->result, path);
		if (verdict == FILES_OK) continue;
		cli_refuse(cli, CLI_BAD_INPUT, "%s", files_sentence(verdict, path, sentence, sizeof sentence));
		return false;
	}
	const struct result *result = &backtest->result;
	if (!result->writes_equity || !result->writes_trades || !append_is_same(&result->equity, &result->trades_file)) return true;
	cli_refuse(cli, CLI_BAD_INPUT, "--equity and --trades are the same file, %s; name two", cli_text(cli, "--trades", ""));
	return false;
}

static void show(struct cli *cli, struct trading *trading, struct backtest *backtest)
{
	struct progress progress;
	uint32_t        total = trading->world.market.days_total;
	progress_begin(&progress, &cli->err, "backtest", "days", total ? total : 1, clock_monotonic_ns());
	while (trading_turn(trading))
		if (trading->events % PROGRESS_EVERY_EVENTS == 0)
			progress_show(&progress, trading->world.market.days_done, clock_monotonic_ns());
	progress_end(&progress);
	backtest->elapsed_ns = clock_monotonic_ns() - backtest->begun_ns;
	backtest->state_hash = desk_hash(&trading->rooms.desk);
}

static void json_pct(struct json *json, const char *key, double value)
{
	json_key(json, key);
	json_double(json, value);
}

static void json_day(struct json *json, const char *key, int32_t day)
{
	char text[DATE_TEXT_BYTES];
	json_key(json, key);
	json_string(json, date_text(day, text));
}

static void json_count(struct json *json, const char *key, uint64_t count)
{
	json_key(json, key);
	json_u64(json, count);
}

static void json_metrics(struct json *json, const struct performance_figures *figures)
{
	json_key(json, "metrics");
	json_object_begin(json);
	json_pct(json, "cagr_pct", figures->cagr_pct);
	json_pct(json, "volatility_pct", figures->volatility_pct);
	json_pct(json, "sharpe", figures->sharpe);
	json_pct(json, "sortino", figures->sortino);
	json_pct(json, "calmar", figures->calmar);
	json_pct(json, "max_drawdown_pct", figures->max_drawdown_pct);
	json_day(json, "max_drawdown_from", figures->max_drawdown_from);
	json_day(json, "max_drawdown_to", figures->max_drawdown_to);
	json_pct(json, "win_rate_pct", figures->win_rate_pct);
	json_pct(json, "profit_factor", figures->profit_factor);
	json_pct(json, "turnover_pct_month", figures->turnover_pct_month);
	json_pct(json, "cost_pct_year", figures->cost_pct_year);
	json_pct(json, "exposure_pct", figures->exposure_pct);
	json_object_end(json);
}

static void print_json(struct cli *cli, const struct trading *trading, struct backtest *backtest)
{
	const struct result       *result = &backtest->result;
	struct performance_figures figures = performance_figures(&result->performance);
	struct json                json;
	char                       hash[32];
	json_begin(&json, backtest->json, sizeof backtest->json);
	json_object_begin(&json);
	json_key(&json, "period");
	json_object_begin(&json);
	json_day(&json, "from", result->first_day);
	json_day(&json, "to", result->last_day);
	json_count(&json, "days", result->days);
	json_object_end(&json);
	json_key(&json, "initial_usd");
	json_e8(&json, trading->rooms.desk.account.deposited_usd_e8);
	json_key(&json, "final_usd");
	json_e8(&json, result->last.nav_usd_e8);
	json_metrics(&json, &figures);
	json_count(&json, "trades", result->trades);
	json_count(&json, "orders", result->orders);
	json_count(&json, "risk_events", result->levels.count);
	level_changes_json(&result->levels, &json);
	json_count(&json, "operator_confirmations", trading->world.confirms_sent);
	json_key(&json, "peak_usd");
	json_e8(&json, result->last.peak_nav_usd_e8);
	json_count(&json, "refusals", result->refusals);
	json_count(&json, "quarantined", result->quarantined);
	json_count(&json, "symbols", trading->symbols);
	json_key(&json, "regime_from");
	json_string(&json, trading->has_vix ? "VIX" : "volatility of SPY");
	json_key(&json, "mode");
	json_string(&json, trade_mode_key(TRADE_SIM));
	json_key(&json, "elapsed_ms");
	json_double(&json, (double)backtest->elapsed_ns / (double)NS_PER_MS);
	json_key(&json, "state_hash");
	snprintf(hash, sizeof hash, "%016llx", (unsigned long long)backtest->state_hash);
	json_string(&json, hash);
	json_object_end(&json);
	json_line(&json);
	BUG_UNLESS(4040, json_length(&json) > 0);
	out_text(&cli->out, backtest->json);
}

static void row(struct cli *cli, const char *name, const char *format, double value)
{
	out_format(&cli->out, "  %-22s", name);
	out_format(&cli->out, format, value);
	out_text(&cli->out, "\n");
}

static void print_table(struct cli *cli, const struct trading *trading, struct backtest *backtest)
{
	const struct result       *result = &backtest->result;
	struct performance_figures figures = performance_figures(&result->performance);
	char                       from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
	trade_mode_show(&cli->out, TRADE_SIM);
	out_format(&cli->out, "Backtest %s to %s, %llu sessions, %u symbols, regime from %s\n", date_text(result->first_day, from),
	    date_text(result->last_day, to), (unsigned long long)result->days, trading->symbols, trading->has_vix ? "VIX" : "the volatility of SPY");
	row(cli, "initial", "%18.2f USD", e8_to_double(trading->rooms.desk.account.deposited_usd_e8));
	row(cli, "final", "%18.2f USD", e8_to_double(result->last.nav_usd_e8));
	row(cli, "CAGR", "%18.2f %%", figures.cagr_pct);
	row(cli, "volatility", "%18.2f %%", figures.volatility_pct);
	row(cli, "Sharpe", "%18.2f", figures.sharpe);
	row(cli, "Sortino", "%18.2f", figures.sortino);
	row(cli, "Calmar", "%18.2f", figures.calmar);
	row(cli, "maximum drawdown", "%18.2f %%", figures.max_drawdown_pct);
	out_format(&cli->out, "  %-22s%18s to %s\n", "", date_text(figures.max_drawdown_from, from), date_text(figures.max_drawdown_to, to));
	row(cli, "winning round trips", "%18.2f %%", figures.win_rate_pct);
	row(cli, "profit factor", "%18.2f", figures.profit_factor);
	row(cli, "turnover", "%18.2f %% a month", figures.turnover_pct_month);
	row(cli, "cost", "%18.2f %% a year", figures.cost_pct_year);
	row(cli, "exposure", "%18.2f %%", figures.exposure_pct);
	out_format(&cli->out, "  %-22s%18llu\n  %-22s%18llu\n", "orders", (unsigned long long)result->orders, "fills", (unsigned long long)result->trades);
	out_format(&cli->out, "  %-22s%18llu (%llu confirmed, by a script)\n", "risk events", (unsigned long long)result->levels.count,
	    (unsigned long long)trading->world.confirms_sent);
	level_changes_print(&result->levels, &cli->out);
	out_format(&cli->out, "  %-22s%18llu\n", "bars quarantined", (unsigned long long)result->quarantined);
	row(cli, "elapsed", "%18.1f ms", (double)backtest->elapsed_ns / (double)NS_PER_MS);
	out_format(&cli->out, "  %-22s  %016llx\n", "state hash", (unsigned long long)backtest->state_hash);
}

/* Which symbols of the universe have no file, and days the calendar and the bars disagree on: said once, not an error. */
static void print_notes(struct cli *cli, const struct trading *trading)
{
	uint64_t closed = 0, missing = 0;
	if (cli->json) return;
	for (uint32_t i = 0; i < trading->load.absent_n; i++)
		out_format(&cli->out, "%s%s", i ? " " : "no file for: ", universe[trading->load.absent[i]].symbol);
	if (trading->load.absent_n) out_text(&cli->out, "\n");
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		closed += trading->world.market.quality[i].on_closed_day;
		missing += trading->world.market.quality[i].missing;
	}
	if (closed + missing)
		out_format(&cli->out, "data: %llu bars on closed days not used, %llu sessions without a bar\n", (unsigned long long)closed,
		    (unsigned long long)missing);
}

static int refuse_no_session(struct cli *cli, const struct trading *trading)
{
	char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
	return cli_refuse(cli, CLI_BAD_INPUT, "no session of NYSE ends from %s to %s; choose other days", date_text(trading->first_day, from),
	    date_text(trading->last_day, to));
}

static int finish(struct cli *cli, struct trading *trading, struct backtest *backtest)
{
	char               sentence[FILES_SENTENCE_MAX];
	enum files_verdict verdict = result_end(&backtest->result);
	const char        *lost = recorder_end(&backtest->recorder, backtest->state_hash);
	if (verdict != FILES_OK) return cli_refuse(cli, CLI_FAILED, "%s", files_sentence(verdict, "the equity or trades file", sentence, sizeof sentence));
	if (lost) return cli_refuse(cli, CLI_FAILED, "the journal %s", lost);
	if (backtest->result.days == 0) return refuse_no_session(cli, trading);
	if (cli->json)
		print_json(cli, trading, backtest);
	else
		print_table(cli, trading, backtest);
	print_notes(cli, trading);
	return CLI_DONE;
}

int verb_backtest(struct cli *cli)
{
	struct trading_plan plan = plan_of(cli);
	struct trading     *trading = trading_take();
	struct backtest    *backtest = memory_take_dense(sizeof *backtest);
	if (cli_given(cli, "--strategy") && !strategy_share_only(&plan.settings, (int)cli_choice(cli, "--strategy", 0)))
		return cli_refuse(cli, CLI_BAD_INPUT, "strategy %s has no row in SHARES of config.h: give it one", cli_text(cli, "--strategy", ""));
	if (!trading || !backtest) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run: %zu MB are needed", sizeof *trading >> 20);
	backtest->begun_ns = clock_monotonic_ns();
	if (!trading_boot(trading, &plan, RECORDER_BACKTEST_ID)) return cli_refuse(cli, CLI_BAD_INPUT, "%s", trading->sentence);
	if (cli_given(cli, "--lookahead-check")) return check_lookahead(cli, trading);
	bool every_date = trading->world.market.begins[CALENDAR_NYSE] > trading->last_day;
	result_begin(&backtest->result, every_date);
	if (!open_files(cli, backtest)) return CLI_BAD_INPUT;
	const char *refusal = recorder_begin(&backtest->recorder, &trading->pump, cli_text(cli, "--journal", 0), &plan.settings);
	if (refusal) return cli_refuse(cli, CLI_BAD_INPUT, "\"%s\" %s", cli_text(cli, "--journal", "the journal"), refusal);
	trading->pump.listener = (struct pump_listener){ &backtest->result, result_on_event };
	trading_warm(trading);
	show(cli, trading, backtest);
	return finish(cli, trading, backtest);
}
