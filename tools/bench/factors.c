/* factors.c - the mathematics: factors against TA-Lib and Tulip on a million prices, the strategies, equal risk. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "strategies/factors/atr.h"
#include "strategies/factors/bollinger.h"
#include "strategies/factors/ema.h"
#include "strategies/factors/rsi.h"
#include "strategies/factors/sma.h"
#include "strategies/portfolios/risk_parity.h"
#include "strategies/signals/signal.h"
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

enum { PRICES = 1000000, DAILY_PRICES = 10000, FACTOR_TURNS = 5, STRATEGY_TURNS = 11, RISK_TURNS = 201, ASSETS = 15, DAYS = 1000, WARM = 300, LIBRARIES = 2 };
enum { LARGE_PAGE_BYTES = 2 << 20 };
static const double strategies_goal_ms = 2, risk_parity_goal_us = 100, sma_goal_ratio = 0.6, factor_goal_ratio = 1.0;

static uint64_t random_state = 88172645463325252u;
/* 0..1, the same on every machine (xorshift64*). */
static double uniform(void)
{
	random_state ^= random_state >> 12, random_state ^= random_state << 25, random_state ^= random_state >> 27;
	return (double)((random_state * 2685821657736338717u) >> 11) / 9007199254740992.0;
}

/* --- factors of a million prices -------------------------------------------------------------------------------------------- */

struct prices { double high[PRICES], low[PRICES], close[PRICES], out[3][PRICES]; };

static size_t run_sma(struct prices *p, size_t count) { return sma_batch(20, p->close, count, p->out[0]); }
static size_t run_ema(struct prices *p, size_t count) { return ema_batch(20, p->close, count, p->out[0]); }
static size_t run_rsi(struct prices *p, size_t count) { return rsi_batch(14, p->close, count, p->out[0]); }
static size_t run_atr(struct prices *p, size_t count) { return atr_batch(14, p->high, p->low, p->close, count, p->out[0]); }
static size_t run_bollinger(struct prices *p, size_t count) { return bollinger_batch(20, 2, p->close, count, p->out[0], p->out[1], p->out[2]); }

static const struct { const char *name, *title; size_t (*run)(struct prices *prices, size_t count); } factors[] = {
	{ "sma", "SMA 20", run_sma },
	{ "ema", "EMA 20", run_ema },
	{ "rsi", "RSI 14", run_rsi },
	{ "atr", "ATR 14", run_atr },
	{ "bollinger", "Bollinger 20", run_bollinger },
};
enum { FACTORS_N = sizeof factors / sizeof factors[0] };
static const char *const libraries[LIBRARIES] = { "TA-Lib", "Tulip" };

/* Forty years of days lie in the cache and show what the mathematics costs; a million prices come from memory, which then is most of it. */
static const struct { size_t count; const char *title, *how; } lengths[] = {
	{ DAILY_PRICES, "", "an element; 10,000 prices, the faster of TA-Lib and Tulip, 5 turns" },
	{ PRICES, ", a million", "an element; a million prices, the faster of TA-Lib and Tulip, 5 turns" },
};
enum { LENGTHS_N = sizeof lengths / sizeof lengths[0] };

struct factor_figures { struct series ours[FACTORS_N][LENGTHS_N], theirs[LIBRARIES][FACTORS_N][LENGTHS_N]; };

/* In large pages, as numpy asks for its buffers. */
static struct prices *take_prices(void)
{
	size_t bytes = (sizeof(struct prices) + LARGE_PAGE_BYTES - 1) / LARGE_PAGE_BYTES * LARGE_PAGE_BYTES;
	void  *at = mmap(0, bytes + LARGE_PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED) give_up("no memory for", "a million prices");
	char *first = (char *)at + (LARGE_PAGE_BYTES - (uintptr_t)at % LARGE_PAGE_BYTES);
	(void)madvise(first, bytes, MADV_HUGEPAGE);
	return (struct prices *)(void *)first;
}

static void make_prices(struct prices *prices)
{
	double price = 100;
	for (size_t i = 0; i < PRICES; i++) {
		price *= 1 + 0.02 * (uniform() - 0.5);
		prices->close[i] = price;
		prices->high[i] = price * (1 + 0.01 * uniform());
		prices->low[i] = price * (1 - 0.01 * uniform());
	}
	memset(prices->out, 0, sizeof prices->out);        /* touched once, as the libraries' are */
}

static void write_prices(const char *path, const struct prices *prices)
{
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(prices, sizeof(double), 3 * PRICES, file) != 3 * PRICES || fclose(file) != 0) give_up("cannot write", path);
}

/* A turn is so many calls that it lasts as long for a short series as for the longest. */
static double turn_ns(struct prices *prices, size_t factor, size_t count)
{
	double began = now_ns();
	for (size_t call = 0; call < PRICES / count; call++) keep(factors[factor].run(prices, count));
	return (now_ns() - began) / PRICES;
}

static void run_ours(struct prices *prices, struct factor_figures *figures)
{
	for (size_t i = 0; i < FACTORS_N; i++) {
		for (size_t l = 0; l < LENGTHS_N; l++) {
			struct series turns = { { 0 }, 0 };
			for (int turn = 0; turn < FACTOR_TURNS; turn++) series_add(&turns, turn_ns(prices, i, lengths[l].count));
			series_add(&figures->ours[i][l], series_median(&turns));
		}
	}
}

static void take_line(struct factor_figures *figures, const char *line)
{
	char   name[16], library[16];
	size_t length = 0;
	double ns = 0;
	if (sscanf(line, "%15s %15s %zu %lf", name, library, &length, &ns) != 4) return;
	for (size_t k = 0; k < LIBRARIES; k++)
		for (size_t i = 0; i < FACTORS_N; i++)
			for (size_t l = 0; l < LENGTHS_N; l++)
				if (strcmp(libraries[k], library) == 0 && strcmp(factors[i].name, name) == 0 && lengths[l].count == length)
					series_add(&figures->theirs[k][i][l], ns);
}

static bool run_theirs(const struct bench *bench, char *input, struct factor_figures *figures)
{
	char  python[PYTHON_BYTES], script[] = "tools/bench/talib_ref.py", out[PATH_BYTES + 8], text[4096], length[LENGTHS_N][16];
	char *argv[3 + LENGTHS_N + 1] = { python, script, input };
	for (size_t l = 0; l < LENGTHS_N; l++) {
		snprintf(length[l], sizeof length[l], "%zu", lengths[l].count);
		argv[3 + l] = length[l];
	}
	find_python(python);
	snprintf(out, sizeof out, "%s/talib", bench->folder);
	if (run_program(argv, out).code != 0 || !read_text(out, text, sizeof text)) return false;
	for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n")) take_line(figures, line);
	return true;
}

static void report_factor(size_t i, size_t l, struct factor_figures *figures)
{
	double      ours = series_median(&figures->ours[i][l]), theirs = 0;
	const char *fastest = 0;
	char        title[48];
	for (size_t k = 0; k < LIBRARIES; k++) {
		double ns = series_median(&figures->theirs[k][i][l]);
		if (ns <= 0 || (fastest && ns >= theirs)) continue;
		fastest = libraries[k];
		theirs = ns;
	}
	snprintf(title, sizeof title, "%s%s", factors[i].title, lengths[l].title);
	report(&(struct row){ title, "ns", ours, fastest, theirs, fastest ? GOAL_OF_RATIO : GOAL_NONE, i == 0 ? sma_goal_ratio : factor_goal_ratio,
	    lengths[l].how });
}

static void against_libraries(const struct bench *bench)
{
	static struct factor_figures figures;
	struct prices               *prices = take_prices();
	char                         input[PATH_BYTES + 16];
	bool                         compared = true;
	snprintf(input, sizeof input, "%s/prices", bench->folder);
	make_prices(prices);
	write_prices(input, prices);
	for (int turn = 0; turn < FACTOR_TURNS; turn++) {
		run_ours(prices, &figures);
		compared = compared && run_theirs(bench, input, &figures);
	}
	for (size_t l = 0; l < LENGTHS_N; l++)
		for (size_t i = 0; i < FACTORS_N; i++) report_factor(i, l, &figures);
	if (!compared) report_note("factors, TA-Lib and Tulip", "skipped: not in build/bench-libraries (tools/bench/libraries makes it, or set BENCH_PYTHON)");
}

/* --- strategies ------------------------------------------------------------------------------------------------------------------ */

static const enum strategy_id measured[] = { STRATEGY_momentum, STRATEGY_mean_reversion, STRATEGY_bollinger, STRATEGY_volatility, STRATEGY_pairs,
	STRATEGY_pca, STRATEGY_jump_diffusion, STRATEGY_cross_sectional };
enum { MEASURED_N = sizeof measured / sizeof measured[0] };

struct strategies {
	struct market  days[WARM + DAYS];
	struct factors factors[ASSETS];
	double         setting[MEASURED_N][SETTINGS_MAX];
	double         room[MEASURED_N][STRATEGY_STATE_MAX / sizeof(double)];
	struct signal  out[ASSETS_MAX];
};

/* A market with one common move, rows of factors made ahead: they are measured above. */
static void make_days(struct strategies *all)
{
	double price[ASSETS];
	for (size_t i = 0; i < ASSETS; i++) factors_init(&all->factors[i], 252), price[i] = 50 + (double)i;
	for (int day = 0; day < WARM + DAYS; day++) {
		struct market *market = &all->days[day];
		double         common = 0.02 * (uniform() - 0.5);
		*market = (struct market){ .day = day, .vix = 15, .assets = ASSETS };
		for (size_t i = 0; i < ASSETS; i++) {
			price[i] *= 1 + common + 0.02 * (uniform() - 0.5);
			struct factor_bar bar = { price[i], price[i] * 1.01, price[i] * 0.99, price[i], price[i], 1000 };
			market->asset[i].bar = bar;
			market->asset[i].fresh = factors_push(&all->factors[i], &bar);
			factors_row(&all->factors[i], &market->asset[i].factors);
		}
	}
}

/* Milliseconds of strategies from..to over the days after the warm-up, turn by turn as the product has them: a market that was just made. */
static double run_strategies(struct strategies *all, size_t from, size_t to)
{
	static struct market market;
	double               spent_ns = 0;
	for (size_t s = from; s < to; s++) {
		strategy_settings(strategy_of(measured[s]), all->setting[s]);
		strategy_of(measured[s])->init(all->room[s], all->setting[s]);
	}
	for (int day = 0; day < WARM + DAYS; day++) {
		market = all->days[day];
		double began = now_ns();
		for (size_t s = from; s < to; s++) {
			strategy_step(measured[s], all->room[s], all->setting[s], &market, all->out);
			keep(all->out[0].grade);
		}
		if (day >= WARM) spent_ns += now_ns() - began;
	}
	return spent_ns / 1e6;
}

static void measure_strategies(void)
{
	static struct strategies all;
	static struct series     one[MEASURED_N], sum;
	make_days(&all);
	for (int turn = 0; turn < STRATEGY_TURNS; turn++) {
		series_add(&sum, run_strategies(&all, 0, MEASURED_N));
		for (size_t i = 0; i < MEASURED_N; i++) series_add(&one[i], run_strategies(&all, i, i + 1));
	}
	report(&(struct row){ "seven strategies and ranks", "ms", series_median(&sum), 0, 0, GOAL_OF_VALUE, strategies_goal_ms,
	    "15 assets, 1,000 days, all of them day by day, 11 turns" });
	for (size_t s = 0; s < MEASURED_N; s++) {
		char name[32];
		snprintf(name, sizeof name, "  %s", strategy_of(measured[s])->name);
		report(&(struct row){ name, "ms", series_median(&one[s]), 0, 0, GOAL_NONE, 0, "alone" });
	}
}

/* --- equal risk ------------------------------------------------------------------------------------------------------------------- */

static void measure_risk_parity(void)
{
	static double covariance[RISK_PARITY_MAX][RISK_PARITY_MAX];
	struct series turns = { { 0 }, 0 };
	double        loading[ASSETS], weight[RISK_PARITY_MAX], cap[RISK_PARITY_MAX];
	for (size_t i = 0; i < ASSETS; i++) loading[i] = 0.1 + 0.2 * uniform(), cap[i] = 0.4;
	for (size_t i = 0; i < ASSETS; i++)
		for (size_t j = 0; j < ASSETS; j++) covariance[i][j] = loading[i] * loading[j] * (i == j ? 1.5 : 0.5);
	for (int turn = 0; turn < RISK_TURNS; turn++) {
		double began = now_ns();
		if (risk_parity(covariance, ASSETS, 0, cap, weight) != RISK_PARITY_DONE) give_up("no weights of equal risk for", "15 assets");
		series_add(&turns, (now_ns() - began) / 1e3);
	}
	report(&(struct row){ "risk parity", "us", series_median(&turns), 0, 0, GOAL_OF_VALUE, risk_parity_goal_us, "15 assets, capped at 40 %, 201 turns" });
}

void bench_factors(const struct bench *bench)
{
	against_libraries(bench);
	measure_strategies();
	measure_risk_parity();
}
