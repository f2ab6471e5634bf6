/* pipeline.c - five years of fifteen assets from process start to exit, beside the least a computer can do with the same bars. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hal/replay/bars.h"
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

#define FROM "2018-01-01"
#define TO "2022-12-31"

enum { PIPELINE_TURNS = 11, PYTHON_TURNS = 3, MOMENTUM_DAYS = 60, HASH_BYTES = 17, MARKET = 1 };
static const double pipeline_goal_ms = 50, size_goal_mb = 2;

/* --- the lean loop: a 60-day momentum cross and its NAV, equal weights, no costs ------------------------------------------- */

struct lean { double close[UNIVERSE_N][CFG_bars_max]; int32_t day[UNIVERSE_N][CFG_bars_max]; uint32_t count[UNIVERSE_N]; };

static void lean_take(struct lean *lean, const struct bars *bars)
{
	for (size_t s = 0; s < UNIVERSE_N; s++) {
		lean->count[s] = bars->of[s].count;
		for (uint32_t i = 0; i < bars->of[s].count; i++) {
			lean->close[s][i] = e8_to_double(bars->of[s].bar[i].adj_px_e8);
			lean->day[s][i] = bars->of[s].bar[i].day;
		}
	}
}

/* What the day before wanted earns today's return. */
static double lean_nav(const struct lean *lean)
{
	uint32_t at[UNIVERSE_N] = { 0 };
	bool     holds[UNIVERSE_N] = { false };
	double   nav = 1;
	for (uint32_t d = 0; d < lean->count[MARKET]; d++) {
		double   gained = 0;
		uint32_t held = 0;
		for (size_t s = 0; s < UNIVERSE_N; s++) {
			while (at[s] < lean->count[s] && lean->day[s][at[s]] < lean->day[MARKET][d]) at[s]++;
			uint32_t i = at[s];
			if (i < MOMENTUM_DAYS || i >= lean->count[s] || universe[s].asset_class == ASSET_INDEX) continue;
			if (holds[s]) gained += lean->close[s][i] / lean->close[s][i - 1] - 1;
			held += holds[s];
			holds[s] = lean->close[s][i] > lean->close[s][i - MOMENTUM_DAYS];
		}
		if (held) nav *= 1 + gained / held;
	}
	return nav;
}

static double lean_ms(const struct lean *lean)
{
	double begun_ns = now_ns(), nav = lean_nav(lean);
	double ms = (now_ns() - begun_ns) / 1e6;
	keep((uint64_t)(nav * 1e6));
	return ms;
}

/* --- the product ------------------------------------------------------------------------------------------------------------ */

static void hash_of(const char *out, char hash[HASH_BYTES])
{
	static const char key[] = "\"state_hash\":\"";
	char              text[8192];
	const char       *at = read_text(out, text, sizeof text) ? strstr(text, key) : 0;
	if (!at) give_up("no state hash in", out);
	snprintf(hash, HASH_BYTES, "%.16s", at + sizeof key - 1);
}

/* One backtest; journal 0: in memory. */
static struct run backtest(const struct bench *bench, const char *journal, char hash[HASH_BYTES])
{
	char  product[PATH_BYTES], data[PATH_BYTES], out[PATH_BYTES + 8], to_file[PATH_BYTES];
	char  verb[] = "backtest", bars[] = "--data", json[] = "--json", from[] = "--from", to[] = "--to", first[] = FROM, last[] = TO, log[] = "--journal";
	char *argv[] = { product, verb, bars, data, from, first, to, last, json, journal ? log : 0, to_file, 0 };
	snprintf(product, sizeof product, "%s", bench->product);
	snprintf(data, sizeof data, "%s", bench->data);
	snprintf(out, sizeof out, "%s/out", bench->folder);
	snprintf(to_file, sizeof to_file, "%s", journal ? journal : "");
	if (journal) (void)unlink(journal);
	struct run run = run_program(argv, out);
	if (run.code != 0) give_up("a backtest failed:", bench->product);
	hash_of(out, hash);
	return run;
}

struct figures { struct series wall, cpu, durable, lean; bool same_hash; char hash[HASH_BYTES]; };

static void one_turn(const struct bench *bench, const struct lean *lean, struct figures *figures)
{
	char       journal[PATH_BYTES + 16], hash[HASH_BYTES];
	struct run run = backtest(bench, 0, figures->hash);
	series_add(&figures->wall, run.wall_ms);
	series_add(&figures->cpu, run.cpu_ms);
	series_add(&figures->lean, lean_ms(lean));
	snprintf(journal, sizeof journal, "%s/run.journal", bench->folder);
	series_add(&figures->durable, backtest(bench, journal, hash).wall_ms);
	figures->same_hash = figures->same_hash && strcmp(hash, figures->hash) == 0;
}

/* --- backtrader, where the private environment has it ----------------------------------------------------------------------- */

static void against_backtrader(const struct bench *bench, double ours_ms)
{
	char          python[PYTHON_BYTES], script[] = "tools/bench/backtrader_ref.py", data[PATH_BYTES], from[] = FROM, to[] = TO;
	char         *argv[] = { python, script, data, from, to, 0 }, out[PATH_BYTES + 8];
	struct series series = { { 0 }, 0 };
	find_python(python);
	snprintf(data, sizeof data, "%s", bench->data);
	snprintf(out, sizeof out, "%s/backtrader", bench->folder);
	for (int turn = 0; turn < PYTHON_TURNS; turn++) {
		char   text[64] = "";
		double ms = 0;
		if (run_program(argv, out).code != 0 || !read_text(out, text, sizeof text) || (ms = atof(text)) <= 0) {
			report_note("backtest, backtrader", "skipped: no backtrader in build/bench-libraries (tools/bench/libraries makes it, or set BENCH_PYTHON)");
			return;
		}
		series_add(&series, ms);
	}
	report(&(struct row){ "backtest 5 years, process", "ms", ours_ms, "backtrader, bare cross", series_median(&series), GOAL_NONE, 0,
	    "backtrader: strategy run alone, 3 turns; ours: the whole process" });
}

void bench_pipeline(const struct bench *bench)
{
	static struct bars      bars;
	static struct bars_load load;
	static struct lean      lean;
	static struct figures   figures;
	if (bars_load(&bars, &load, bench->data, day_from_civil(2018, 1, 1), day_from_civil(2022, 12, 31)) != BARS_OK) give_up("no bars:", load.sentence);
	lean_take(&lean, &bars);
	figures.same_hash = true;
	for (int turn = 0; turn < PIPELINE_TURNS; turn++) one_turn(bench, &lean, &figures);
	double wall_ms = series_median(&figures.wall), cpu_ms = series_median(&figures.cpu), lean_median_ms = series_median(&figures.lean);
	char   how[128];
	snprintf(how, sizeof how, "15 assets, %s bars, fork to exit, 11 turns", bench->data_what);
	report(&(struct row){
	    "backtest 5 years, process", "ms", wall_ms, "lean C loop, no parsing", lean_median_ms, GOAL_OF_VALUE, pipeline_goal_ms, how });
	report(&(struct row){ "  its processor time", "ms", cpu_ms, 0, 0, GOAL_OF_VALUE, pipeline_goal_ms, "user and system, 11 turns" });
	double durable_ms = series_median(&figures.durable);
	report(&(struct row){ "  with a journal file", "ms", durable_ms, "journal in memory", wall_ms, GOAL_NONE, 0, "11 turns" });
	snprintf(how, sizeof how, "%s with a journal file and without: %s", figures.same_hash ? "the same" : "DIFFERENT", figures.hash);
	report_note("  its state hash", how);
	against_backtrader(bench, wall_ms);
	if (!figures.same_hash) give_up("the state hash", "depends on where the journal lies");
}

void bench_size(const struct bench *bench)
{
	struct stat info;
	if (stat(bench->product, &info) != 0) give_up("cannot read", bench->product);
	report(&(struct row){ "binary", "MB", (double)info.st_size / 1e6, 0, 0, GOAL_OF_VALUE, size_goal_mb, "static, stripped" });
}
