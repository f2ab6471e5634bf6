/* performance.c - one pass over the NAV; see performance.h for every definition. */
#include "strategies/metrics/performance.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/metrics/ratio.h"

static bool believable(double usd) { return usd >= -PERFORMANCE_USD_MAX && usd <= PERFORMANCE_USD_MAX; }

void performance_init(struct performance *performance) { memset(performance, 0, sizeof *performance); }

static void start_record(struct performance *p, int32_t day, double nav_usd)
{
	p->first_day = p->peak_day = p->drawdown_from = p->drawdown_to = day;
	p->first_nav = p->peak_nav = nav_usd;
}

/* Welford, B. P. (1962), "Note on a method for calculating corrected sums of squares and products". */
static void take_return(struct performance *p, double simple_return)
{
	double from_mean = simple_return - p->mean;
	p->returns++;
	p->mean += from_mean / (double)p->returns;
	p->deviation_sum += from_mean * (simple_return - p->mean);
	if (simple_return < 0) p->loss_square_sum += simple_return * simple_return;
}

static void take_drawdown(struct performance *p, int32_t day, double nav_usd)
{
	if (nav_usd >= p->peak_nav) {
		p->peak_nav = nav_usd;
		p->peak_day = day;
		return;
	}
	double drawdown = 1 - nav_usd / p->peak_nav;
	if (drawdown <= p->drawdown) return;
	p->drawdown = drawdown;
	p->drawdown_from = p->peak_day;
	p->drawdown_to = day;
}

static enum performance_status classify(const struct performance *p, int32_t day, double nav_usd, double cash_usd)
{
	if (!believable(nav_usd) || !believable(cash_usd)) return PERFORMANCE_BAD_VALUE;
	if (p->navs == 0) return nav_usd > PERFORMANCE_RUIN_USD ? PERFORMANCE_OK : PERFORMANCE_BAD_VALUE;
	if (day <= p->last_day) return PERFORMANCE_BAD_DAY;
	return p->ruined ? PERFORMANCE_RUINED : PERFORMANCE_OK;
}

enum performance_status performance_push(struct performance *p, int32_t day, double nav_usd, double cash_usd)
{
	enum performance_status status = classify(p, day, nav_usd, cash_usd);
	if (status != PERFORMANCE_OK) return status;
	p->ruined = nav_usd <= PERFORMANCE_RUIN_USD;
	if (p->ruined) nav_usd = 0;
	if (p->navs == 0) start_record(p, day, nav_usd);
	else take_return(p, nav_usd / p->last_nav - 1);
	take_drawdown(p, day, nav_usd);
	p->navs++;
	p->last_day = day;
	p->last_nav = nav_usd;
	p->nav_sum += nav_usd;
	if (!p->ruined) p->exposure_sum += (nav_usd - cash_usd) / nav_usd;
	return PERFORMANCE_OK;
}

enum performance_status performance_trade(struct performance *p, double realised_usd)
{
	if (!believable(realised_usd)) return PERFORMANCE_BAD_VALUE;
	p->trades++;
	if (realised_usd > 0) {
		p->trades_won++;
		p->profit_usd += realised_usd;
	} else {
		p->loss_usd -= realised_usd;
	}
	return PERFORMANCE_OK;
}

enum performance_status performance_fill(struct performance *p, double notional_usd, double cost_usd)
{
	if (!believable(notional_usd) || !believable(cost_usd) || notional_usd < 0) return PERFORMANCE_BAD_VALUE;
	p->notional_usd += notional_usd;
	p->cost_usd += cost_usd;
	return PERFORMANCE_OK;
}

static double within(double figure) { return ratio_within(figure, PERFORMANCE_BOUND); }

static double span_years(const struct performance *p)
{
	int64_t days = (int64_t)p->last_day - p->first_day;
	return (double)(days > 1 ? days : 1) / PERFORMANCE_CALENDAR_YEAR_DAYS;
}

static double growth_a_year(const struct performance *p)
{
	if (p->returns == 0) return 0;
	return within(pow(p->last_nav / p->first_nav, 1 / span_years(p)) - 1);
}

static double sample_deviation(const struct performance *p)
{
	if (p->returns < 2) return 0;
	double deviation = sqrt(p->deviation_sum / (double)(p->returns - 1));
	return deviation < RATIO_DEVIATION_NOISE ? 0 : deviation;
}

static void fill_from_returns(const struct performance *p, struct performance_figures *figures)
{
	double year = sqrt(PERFORMANCE_DAYS_A_YEAR), growth = growth_a_year(p), deviation = sample_deviation(p);
	double loss_deviation = p->returns ? sqrt(p->loss_square_sum / (double)p->returns) : 0;
	figures->cagr_pct = within(100 * growth);
	figures->volatility_pct = within(100 * year * deviation);
	figures->sharpe = within(year * ratio_of_deviation(p->mean, deviation, PERFORMANCE_BOUND));
	figures->sortino = ratio_of(year * p->mean, loss_deviation, PERFORMANCE_BOUND);
	figures->calmar = ratio_of(growth, p->drawdown, PERFORMANCE_BOUND);
}

static void fill_from_trades(const struct performance *p, struct performance_figures *figures)
{
	double nav_mean = p->navs ? p->nav_sum / (double)p->navs : 0;
	figures->win_rate_pct = p->trades ? 100 * (double)p->trades_won / (double)p->trades : 0;
	figures->profit_factor = ratio_of(p->profit_usd, p->loss_usd, PERFORMANCE_BOUND);
	if (!(nav_mean > 0)) return;
	figures->turnover_pct_month = within(100 * p->notional_usd / 2 / nav_mean / (12 * span_years(p)));
	figures->cost_pct_year = within(100 * p->cost_usd / nav_mean / span_years(p));
	figures->exposure_pct = within(100 * p->exposure_sum / (double)p->navs);
}

struct performance_figures performance_figures(const struct performance *p)
{
	struct performance_figures figures;
	memset(&figures, 0, sizeof figures);
	fill_from_returns(p, &figures);
	fill_from_trades(p, &figures);
	figures.max_drawdown_pct = 100 * p->drawdown;
	figures.max_drawdown_from = p->drawdown_from;
	figures.max_drawdown_to = p->drawdown_to;
	BUG_UNLESS(2200, figures.max_drawdown_pct >= 0 && figures.max_drawdown_pct <= 100);
	return figures;
}

double performance_drawdown_pct(const struct performance *p)
{
	return p->peak_nav > 0 ? 100 * (1 - p->last_nav / p->peak_nav) : 0;
}
