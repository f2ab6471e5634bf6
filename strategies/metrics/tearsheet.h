/* tearsheet.h - the 45 figures people compare strategies by, from a daily NAV series.
 *
 * Batch: the caller owns the series (at most TEARSHEET_POINTS_MAX points), the room and the result. Print them with tearsheet_key in the order
 * of the enum. r are the simple returns, n their number, risk-free 0, 252 days a year; "share" figures end in _pct and are x 100; losses at
 * risk and drawdowns are positive. Names of the reference in the right column: q quantstats, e empyrical, p performance.h, o defined here.
 *
 *   total_return_pct         last / first - 1                                                          q comp
 *   cagr_pct volatility_pct sharpe sortino calmar max_drawdown_pct                                     p
 *   probabilistic_sharpe_pct chance that the true Sharpe ratio is above 0 (sharpe_test.h)              q
 *   adjusted_sortino         sortino / sqrt(2)                                                         q
 *   omega                    sum of gains / sum of losses over r (the daily profit factor)             q omega, e omega_ratio
 *   gain_to_pain             sum of r / sum of losses                                                  q
 *   longest_drawdown_days    calendar days from the first to the last day below a peak, both counted   q drawdown_details
 *   average_drawdown_pct     mean over the drawdowns of their deepest point                            q drawdown_details
 *   average_drawdown_days    mean over the drawdowns of their length                                   q drawdown_details
 *   recovery_factor          |sum of r| / max drawdown                                                 q
 *   ulcer_index_pct          sqrt(sum of squared drawdowns / (n - 1))                                  q ulcer_index
 *   ulcer_performance_index  total return / ulcer index                                                q
 *   skew, kurtosis           unbiased, kurtosis in excess (moments.h)                                  q
 *   value_at_risk_pct        historical, 5 %; value_at_risk_normal_pct parametric (tail.h)             e, q
 *   expected_shortfall_pct   historical, 5 %                                                           e
 *   tail_ratio               |95 % quantile| / |5 % quantile|                                          e, q
 *   common_sense_ratio       omega x tail ratio                                                        q
 *   cpc_index                omega x share of days won x payoff ratio                                  q
 *   outlier_win_ratio        99 % quantile / mean of r >= 0                                            q
 *   outlier_loss_ratio       1 % quantile / mean of r < 0                                              q
 *   payoff_ratio             mean gain / mean loss                                                     q
 *   win_day_pct _month_ _year_    periods won / periods that were not exactly 0 (periods.h)            q win_rate
 *                          (a month back at the very same NAV is 0 here; quantstats sees the rounding of its product)
 *   best_ and worst_ day, month, year _pct                                                             q best, worst
 *   expected_ day, month, year _pct    (last / first)^(1 / number of periods) - 1                      q expected_return
 *   kelly_pct                win share - lose share / payoff ratio; 0 when nothing was won             q
 *   consecutive_wins, consecutive_losses    longest runs of days                                       q
 *   exposure_pct             days whose return is not exactly 0                                        q exposure, not rounded up
 *   stability                R squared of log NAV against time                                         e stability_of_timeseries
 *
 * Degenerate series: as performance.h. Nothing is NaN, infinite, or beyond +-PERFORMANCE_BOUND; without a return every figure is 0;
 * something over nothing is the bound with its sign, nothing over nothing is 0. */
#ifndef STRATEGIES_METRICS_TEARSHEET_H
#define STRATEGIES_METRICS_TEARSHEET_H
#include <stdint.h>

#include "strategies/metrics/performance.h"
#include "strategies/metrics/sharpe_test.h"

enum { TEARSHEET_POINTS_MAX = 16384 };       /* 45 years of every calendar day */
#define TEARSHEET_TAIL 0.05

#define TEARSHEET(X)                                                                                                                \
	X(TOTAL_RETURN, "total_return_pct") X(CAGR, "cagr_pct") X(VOLATILITY, "volatility_pct") X(SHARPE, "sharpe")                 \
	X(PROBABILISTIC_SHARPE, "probabilistic_sharpe_pct") X(SORTINO, "sortino") X(ADJUSTED_SORTINO, "adjusted_sortino")           \
	X(OMEGA, "omega") X(GAIN_TO_PAIN, "gain_to_pain") X(CALMAR, "calmar") X(MAX_DRAWDOWN, "max_drawdown_pct")                   \
	X(LONGEST_DRAWDOWN, "longest_drawdown_days") X(AVERAGE_DRAWDOWN, "average_drawdown_pct")                                    \
	X(AVERAGE_DRAWDOWN_DAYS, "average_drawdown_days") X(RECOVERY_FACTOR, "recovery_factor") X(ULCER_INDEX, "ulcer_index_pct")   \
	X(ULCER_PERFORMANCE, "ulcer_performance_index") X(SKEW, "skew") X(KURTOSIS, "kurtosis")                                     \
	X(VALUE_AT_RISK, "value_at_risk_pct") X(VALUE_AT_RISK_NORMAL, "value_at_risk_normal_pct")                                   \
	X(EXPECTED_SHORTFALL, "expected_shortfall_pct") X(TAIL_RATIO, "tail_ratio") X(COMMON_SENSE, "common_sense_ratio")           \
	X(CPC_INDEX, "cpc_index") X(OUTLIER_WIN, "outlier_win_ratio") X(OUTLIER_LOSS, "outlier_loss_ratio")                         \
	X(PAYOFF_RATIO, "payoff_ratio") X(WIN_DAY, "win_day_pct") X(WIN_MONTH, "win_month_pct") X(WIN_YEAR, "win_year_pct")         \
	X(BEST_DAY, "best_day_pct") X(WORST_DAY, "worst_day_pct") X(BEST_MONTH, "best_month_pct") X(WORST_MONTH, "worst_month_pct") \
	X(BEST_YEAR, "best_year_pct") X(WORST_YEAR, "worst_year_pct") X(EXPECTED_DAY, "expected_day_pct")                           \
	X(EXPECTED_MONTH, "expected_month_pct") X(EXPECTED_YEAR, "expected_year_pct") X(KELLY, "kelly_pct")                         \
	X(CONSECUTIVE_WINS, "consecutive_wins") X(CONSECUTIVE_LOSSES, "consecutive_losses") X(EXPOSURE, "exposure_pct")             \
	X(STABILITY, "stability")

#define TEARSHEET_ENUM(name, key) TEARSHEET_##name,
enum tearsheet_metric { TEARSHEET(TEARSHEET_ENUM) TEARSHEET_METRICS };
#undef TEARSHEET_ENUM
_Static_assert(TEARSHEET_METRICS == 45, "the requirement counts 45 metrics: add or remove one elsewhere too");

/* daily: what the probability of the Sharpe ratio is of, and what sharpe_deflated takes. */
struct tearsheet { double figure[TEARSHEET_METRICS]; struct sharpe_sample daily; };
struct tearsheet_room { double simple_return[TEARSHEET_POINTS_MAX]; uint32_t ids[TEARSHEET_POINTS_MAX]; };     /* 197 kB */

const char *tearsheet_key(enum tearsheet_metric metric);
/* Days ascend and NAVs are as performance_push takes them; the first refusal is returned with every figure 0, and refused_index (may be 0)
 * says which point it was. count is at most TEARSHEET_POINTS_MAX. */
enum performance_status tearsheet_fill(struct tearsheet *sheet, struct tearsheet_room *room, const int32_t *day, const double *nav,
	uint32_t count, uint32_t *refused_index);

#endif
