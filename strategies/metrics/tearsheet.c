/* tearsheet.c - each group of figures is one function over the series; the definitions are in tearsheet.h. */
#include "strategies/metrics/tearsheet.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/metrics/moments.h"
#include "strategies/metrics/periods.h"
#include "strategies/metrics/ranking.h"
#include "strategies/metrics/ratio.h"
#include "strategies/risk/tail.h"

/* What every group reads: the series, its returns, and their order. */
struct series {
	const int32_t  *day;
	const double   *nav, *simple_return;
	const uint32_t *ids;
	uint32_t        navs, returns;
	double          total_return, deepest;
};

/* Sums over the returns of one length. Wins are above 0; quantstats counts 0 among the gains in two ratios, hence not_lost. */
struct tally { double gained, lost, best, worst; uint32_t count, won, lost_count, not_lost; };

#define KEY(name, key) key,
static const char *const keys[TEARSHEET_METRICS] = { TEARSHEET(KEY) };
#undef KEY

const char *tearsheet_key(enum tearsheet_metric metric)
{
	return keys[metric];
}

static void set(struct tearsheet *sheet, enum tearsheet_metric metric, double figure)
{
	sheet->figure[metric] = ratio_within(figure, PERFORMANCE_BOUND);
}

static double quotient(double above, double below) { return ratio_of(above, below, PERFORMANCE_BOUND); }

static double mean_or_zero(double sum, uint32_t count) { return count ? sum / count : 0; }

static void tally_add(struct tally *tally, double simple_return)
{
	tally->best = tally->count ? fmax(tally->best, simple_return) : simple_return;
	tally->worst = tally->count ? fmin(tally->worst, simple_return) : simple_return;
	tally->count++;
	tally->won += simple_return > 0;
	tally->lost_count += simple_return < 0;
	tally->not_lost += simple_return >= 0;
	tally->gained += fmax(0, simple_return);
	tally->lost -= fmin(0, simple_return);
}

static double win_share(const struct tally *tally) { return mean_or_zero(tally->won, tally->won + tally->lost_count); }

static double payoff(const struct tally *tally)
{
	return quotient(mean_or_zero(tally->gained, tally->won), mean_or_zero(tally->lost, tally->lost_count));
}

static void fill_from_performance(struct tearsheet *sheet, const struct performance *performance)
{
	struct performance_figures f = performance_figures(performance);
	set(sheet, TEARSHEET_CAGR, f.cagr_pct);
	set(sheet, TEARSHEET_VOLATILITY, f.volatility_pct);
	set(sheet, TEARSHEET_SHARPE, f.sharpe);
	set(sheet, TEARSHEET_SORTINO, f.sortino);
	set(sheet, TEARSHEET_ADJUSTED_SORTINO, f.sortino / sqrt(2));
	set(sheet, TEARSHEET_CALMAR, f.calmar);
	set(sheet, TEARSHEET_MAX_DRAWDOWN, f.max_drawdown_pct);
}

static void fill_from_moments(struct tearsheet *sheet, const struct series *s)
{
	struct moments m = moments_of(s->simple_return, s->returns);
	if (m.deviation < RATIO_DEVIATION_NOISE) m.deviation = m.skew = m.kurtosis = 0;
	sheet->daily = (struct sharpe_sample){ ratio_of_deviation(m.mean, m.deviation, PERFORMANCE_BOUND), m.skew, m.kurtosis, s->returns };
	set(sheet, TEARSHEET_SKEW, m.skew);
	set(sheet, TEARSHEET_KURTOSIS, m.kurtosis);
	set(sheet, TEARSHEET_PROBABILISTIC_SHARPE, 100 * sharpe_probability(&sheet->daily, 0));
	set(sheet, TEARSHEET_VALUE_AT_RISK_NORMAL, 100 * tail_var_parametric(m.mean, m.deviation, TEARSHEET_TAIL));
}

static double quantile(const struct series *s, double share) { return ranking_quantile(s->simple_return, s->ids, s->returns, share); }

static void fill_from_days(struct tearsheet *sheet, const struct series *s, const struct tally *days)
{
	double sum = days->gained - days->lost, omega = quotient(days->gained, days->lost);
	double tails = quotient(fabs(quantile(s, 1 - TEARSHEET_TAIL)), fabs(quantile(s, TEARSHEET_TAIL)));
	double win = win_share(days), lose = days->won + days->lost_count ? 1 - win : 0;
	set(sheet, TEARSHEET_OMEGA, omega);
	set(sheet, TEARSHEET_GAIN_TO_PAIN, quotient(sum, days->lost));
	set(sheet, TEARSHEET_RECOVERY_FACTOR, quotient(fabs(sum), s->deepest));
	set(sheet, TEARSHEET_TAIL_RATIO, tails);
	set(sheet, TEARSHEET_COMMON_SENSE, omega * tails);
	set(sheet, TEARSHEET_PAYOFF_RATIO, payoff(days));
	set(sheet, TEARSHEET_CPC_INDEX, omega * win * payoff(days));
	set(sheet, TEARSHEET_KELLY, days->won ? 100 * (win - lose / payoff(days)) : 0);
	set(sheet, TEARSHEET_OUTLIER_WIN, quotient(quantile(s, 0.99), mean_or_zero(days->gained, days->not_lost)));
	set(sheet, TEARSHEET_OUTLIER_LOSS, quotient(-quantile(s, 0.01), mean_or_zero(days->lost, days->lost_count)));
	set(sheet, TEARSHEET_VALUE_AT_RISK, 100 * tail_var_historical(s->simple_return, s->ids, s->returns, TEARSHEET_TAIL));
	set(sheet, TEARSHEET_EXPECTED_SHORTFALL, 100 * tail_shortfall_historical(s->simple_return, s->ids, s->returns, TEARSHEET_TAIL));
	set(sheet, TEARSHEET_EXPOSURE, 100.0 * (days->won + days->lost_count) / days->count);
}

/* The six figures of one length of period; the enum keeps day, month and year next to each other in this order. */
static void fill_from_tally(struct tearsheet *sheet, const struct series *s, const struct tally *tally, uint32_t length)
{
	set(sheet, TEARSHEET_WIN_DAY + length, 100 * win_share(tally));
	set(sheet, TEARSHEET_BEST_DAY + 2 * length, 100 * tally->best);
	set(sheet, TEARSHEET_WORST_DAY + 2 * length, 100 * tally->worst);
	set(sheet, TEARSHEET_EXPECTED_DAY + length, 100 * (pow(1 + s->total_return, 1.0 / tally->count) - 1));
}
_Static_assert(TEARSHEET_WIN_YEAR == TEARSHEET_WIN_DAY + 2 && TEARSHEET_EXPECTED_YEAR == TEARSHEET_EXPECTED_DAY + 2 &&
	TEARSHEET_BEST_YEAR == TEARSHEET_BEST_DAY + 4 && TEARSHEET_WORST_YEAR == TEARSHEET_WORST_DAY + 4,
	"fill_from_tally steps from day to month to year");

static struct tally tally_periods(const struct series *s, enum periods_length length)
{
	struct periods periods = periods_of(s->day, s->nav, s->navs, length);
	struct tally   tally = { 0, 0, 0, 0, 0, 0, 0, 0 };
	for (struct period_return period; periods_next(&periods, &period);) tally_add(&tally, period.simple_return);
	return tally;
}

static void fill_from_periods(struct tearsheet *sheet, const struct series *s)
{
	struct tally days = { 0, 0, 0, 0, 0, 0, 0, 0 };
	for (uint32_t i = 0; i < s->returns; i++) tally_add(&days, s->simple_return[i]);
	struct tally months = tally_periods(s, PERIODS_MONTH), years = tally_periods(s, PERIODS_YEAR);
	fill_from_days(sheet, s, &days);
	fill_from_tally(sheet, s, &days, 0);
	fill_from_tally(sheet, s, &months, 1);
	fill_from_tally(sheet, s, &years, 2);
}

static void fill_from_runs(struct tearsheet *sheet, const struct series *s)
{
	uint32_t wins = 0, losses = 0, wins_most = 0, losses_most = 0;
	for (uint32_t i = 0; i < s->returns; i++) {
		wins = s->simple_return[i] > 0 ? wins + 1 : 0;
		losses = s->simple_return[i] < 0 ? losses + 1 : 0;
		if (wins > wins_most) wins_most = wins;
		if (losses > losses_most) losses_most = losses;
	}
	set(sheet, TEARSHEET_CONSECUTIVE_WINS, wins_most);
	set(sheet, TEARSHEET_CONSECUTIVE_LOSSES, losses_most);
}

/* One drawdown, a run of days below the peak before it: the index after its last day, and its depth. */
static uint32_t end_of_drawdown(const struct series *s, uint32_t first, double peak, double *deepest, double *squares)
{
	uint32_t i = first;
	*deepest = 0;
	for (; i < s->navs && s->nav[i] < peak; i++) {
		double depth = fmin(1, 1 - s->nav[i] / peak);
		*squares += depth * depth;
		*deepest = fmax(*deepest, depth);
	}
	return i;
}

static void fill_from_drawdowns(struct tearsheet *sheet, const struct series *s)
{
	double   deepest, depths = 0, lengths = 0, longest = 0, squares = 0;
	uint32_t drawdowns = 0;
	for (uint32_t i = 1, end; i < s->navs; i = end) {
		end = end_of_drawdown(s, i, s->nav[i - 1], &deepest, &squares);
		if (end == i) end++;
		if (!(deepest > 0)) continue;
		double length = (double)s->day[end - 1] - s->day[i] + 1;
		longest = fmax(longest, length);
		lengths += length;
		depths += deepest;
		drawdowns++;
	}
	double ulcer = s->returns > 1 ? sqrt(squares / (s->returns - 1)) : 0;
	set(sheet, TEARSHEET_LONGEST_DRAWDOWN, longest);
	set(sheet, TEARSHEET_AVERAGE_DRAWDOWN, 100 * mean_or_zero(depths, drawdowns));
	set(sheet, TEARSHEET_AVERAGE_DRAWDOWN_DAYS, mean_or_zero(lengths, drawdowns));
	set(sheet, TEARSHEET_ULCER_INDEX, 100 * ulcer);
	set(sheet, TEARSHEET_ULCER_PERFORMANCE, quotient(s->total_return, ulcer));
}

/* R squared of log(nav / first) at 1..n against its index; a ruined series has no logarithm and no stability. */
static void fill_stability(struct tearsheet *sheet, const struct series *s)
{
	double n = s->returns, mean_x = (n + 1) / 2, mean_y = 0, xx = n * (n * n - 1) / 12, yy = 0, xy = 0;
	if (s->returns < 2 || s->nav[s->returns] <= PERFORMANCE_RUIN_USD) return;
	for (uint32_t i = 1; i <= s->returns; i++) mean_y += log(s->nav[i] / s->nav[0]) / n;
	for (uint32_t i = 1; i <= s->returns; i++) {
		double y = log(s->nav[i] / s->nav[0]) - mean_y;
		yy += y * y;
		xy += y * (i - mean_x);
	}
	if (yy > n * RATIO_DEVIATION_NOISE * RATIO_DEVIATION_NOISE) set(sheet, TEARSHEET_STABILITY, fmin(1, xy * xy / (xx * yy)));
}

static enum performance_status take_series(struct performance *performance, struct tearsheet_room *room, const int32_t *day,
	const double *nav, uint32_t count, uint32_t *refused_index)
{
	performance_init(performance);
	for (uint32_t i = 0; i < count; i++) {
		double before = performance->last_nav;
		enum performance_status status = performance_push(performance, day[i], nav[i], 0);
		if (status != PERFORMANCE_OK) {
			if (refused_index) *refused_index = i;
			return status;
		}
		if (i) room->simple_return[i - 1] = performance->last_nav / before - 1;
	}
	return PERFORMANCE_OK;
}

enum performance_status tearsheet_fill(struct tearsheet *sheet, struct tearsheet_room *room, const int32_t *day, const double *nav,
	uint32_t count, uint32_t *refused_index)
{
	struct performance performance;
	BUG_UNLESS(2205, count <= TEARSHEET_POINTS_MAX);
	memset(sheet, 0, sizeof *sheet);
	enum performance_status status = take_series(&performance, room, day, nav, count, refused_index);
	if (status != PERFORMANCE_OK || count < 2) return status;
	ranking_sort(room->simple_return, room->ids, count - 1);
	struct series series = { day, nav, room->simple_return, room->ids, count, count - 1, fmax(-1, nav[count - 1] / nav[0] - 1),
		performance.drawdown.deepest };
	set(sheet, TEARSHEET_TOTAL_RETURN, 100 * series.total_return);
	fill_from_performance(sheet, &performance);
	fill_from_moments(sheet, &series);
	fill_from_periods(sheet, &series);
	fill_from_runs(sheet, &series);
	fill_from_drawdowns(sheet, &series);
	fill_stability(sheet, &series);
	return PERFORMANCE_OK;
}
