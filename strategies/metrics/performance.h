/* performance.h - the result of a run in one struct: what a daily NAV series, its trades and its fills were worth.
 *
 * Streaming and of fixed size: push one NAV a day, tell it of each fill and each closed trade, ask for the figures at any time
 * (asking changes nothing). The caller owns the struct; there is no table that could fill up.
 *
 * Definitions. r is the simple return of one NAV point over the one before; n the number of returns; risk-free rate 0;
 * 252 days a year whatever the calendar; span = calendar days from the first to the last NAV (at least 1).
 *   cagr_pct            100 ((last / first)^(365.25 / span) - 1): calendar days, as a bank would.
 *                       empyrical.annual_return with annualization = n 365.25 / span.
 *   volatility_pct      100 sqrt(252) sample deviation of r.                       empyrical.annual_volatility
 *   sharpe              sqrt(252) mean / sample deviation.                         empyrical.sharpe_ratio, quantstats.sharpe
 *   sortino             sqrt(252) mean / sqrt(sum(min(r, 0)^2) / n).               empyrical.sortino_ratio, quantstats.sortino
 *   calmar              cagr / max drawdown, whole period.                         empyrical.calmar_ratio, same annualization
 *   max_drawdown_pct    100 (1 - trough / peak), positive.                         -100 empyrical.max_drawdown
 *   max_drawdown_from   last day at the peak before it; _to: first day of the deepest point (pyfolio). Both are the first day
 *                       when nothing was ever lost. Days since 1970-01-01.
 *   win_rate_pct        closed round trips with a profit after costs / all closed round trips; break-even is no win.
 *   profit_factor       sum of profits / sum of losses over closed round trips.
 *   turnover_pct_month  half of all traded notional (so that a full change of portfolio is 100) / mean NAV / month of 365.25 / 12 days.
 *   cost_pct_year       all costs / mean NAV / year of 365.25 days.
 *   exposure_pct        mean of (nav - cash) / nav over the NAV points; net, so short positions lower it.
 *
 * Degenerate series. No figure is ever NaN or infinite, and none leaves +-PERFORMANCE_BOUND:
 *   nothing pushed, or one point     all zero
 *   a sample deviation below 1e-15   is rounding of the quotient: the deviation and the Sharpe ratio are 0 (document 04 section 4.11.2)
 *   nothing lost                     sortino, calmar and profit_factor are PERFORMANCE_BOUND when something was gained, else 0
 *   NAV at or below 1e-8 USD         ruin: return -1, drawdown and CAGR -100 %; later points are refused
 *
 * What comes from outside and is wrong (NaN, a day not after the last one, a negative notional) is refused with a status and leaves
 * the figures as they were. */
#ifndef STRATEGIES_METRICS_PERFORMANCE_H
#define STRATEGIES_METRICS_PERFORMANCE_H
#include <stdbool.h>
#include <stdint.h>

enum { PERFORMANCE_DAYS_A_YEAR = 252 };
#define PERFORMANCE_CALENDAR_YEAR_DAYS 365.25
#define PERFORMANCE_BOUND 1e6                /* largest figure that leaves, in its own unit */
#define PERFORMANCE_USD_MAX 1e15             /* largest NAV, notional or result that is believed */
#define PERFORMANCE_RUIN_USD 1e-8            /* smallest unit of money: a NAV at or below it is ruin */

enum performance_status {
	PERFORMANCE_OK,
	PERFORMANCE_BAD_DAY,                 /* not after the last day */
	PERFORMANCE_BAD_VALUE,               /* NaN, infinite, beyond PERFORMANCE_USD_MAX, or negative where that has no meaning */
	PERFORMANCE_RUINED                   /* the NAV was lost earlier: nothing can follow */
};

struct performance {
	/* NAV */
	int32_t  first_day, last_day, peak_day, drawdown_from, drawdown_to;
	uint64_t navs;
	double   first_nav, last_nav, peak_nav, nav_sum, exposure_sum;
	bool     ruined;
	/* returns: running mean, sum of squared deviations (Welford 1962), sum of squared losses */
	uint64_t returns;
	double   mean, deviation_sum, loss_square_sum, drawdown;
	/* trades and fills */
	uint64_t trades, trades_won;
	double   profit_usd, loss_usd, notional_usd, cost_usd;
};

struct performance_figures {
	double  cagr_pct, volatility_pct, sharpe, sortino, calmar;
	double  max_drawdown_pct;
	int32_t max_drawdown_from, max_drawdown_to;
	double  win_rate_pct, profit_factor, turnover_pct_month, cost_pct_year, exposure_pct;
};

void performance_init(struct performance *performance);
/* The NAV and the cash in it at the close of one day; days ascend. The first point is the start of the record, not a return. */
enum performance_status performance_push(struct performance *performance, int32_t day, double nav_usd, double cash_usd);
/* A round trip has closed with this result after its costs. */
enum performance_status performance_trade(struct performance *performance, double realised_usd);
/* A fill: its notional (price x quantity, not negative) and what it cost (commission and slippage; a rebate is negative). */
enum performance_status performance_fill(struct performance *performance, double notional_usd, double cost_usd);
struct performance_figures performance_figures(const struct performance *performance);

/* Drawdown of the last NAV from the highest so far, in percent, positive: the drawdown_pct column of an equity file. */
double performance_drawdown_pct(const struct performance *performance);

#endif
