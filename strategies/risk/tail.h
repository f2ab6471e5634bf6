/* tail.h - value at risk and expected shortfall of one period, as positive shares lost.
 *
 * tail is the share of bad periods looked at, 0.05 for "95 %"; it must be in (0, 0.5].
 *   historical VaR   minus the tail quantile of the returns, linear.       empyrical.value_at_risk
 *   historical ES    minus the mean of the floor((n - 1) tail) + 1 worst.  empyrical.conditional_value_at_risk
 *   parametric VaR   -(mean + z deviation), z = Phi^-1(tail).              quantstats.value_at_risk
 *   parametric ES    -mean + deviation phi(z) / tail.                      quantstats.expected_shortfall
 *   of a portfolio   parametric, with mean 0 and the deviation given: tail_var_parametric(0, deviation, tail).
 *
 * A negative figure is a gain even in the tail. No returns: 0. Values must be finite; the caller owns the sorted ids (ranking.h). */
#ifndef STRATEGIES_RISK_TAIL_H
#define STRATEGIES_RISK_TAIL_H
#include <stdint.h>

double tail_var_historical(const double *returns, const uint32_t *sorted_ids, uint32_t count, double tail);
double tail_shortfall_historical(const double *returns, const uint32_t *sorted_ids, uint32_t count, double tail);
double tail_var_parametric(double mean, double deviation, double tail);
double tail_shortfall_parametric(double mean, double deviation, double tail);
/* The same risk over more periods, returns being independent: sqrt(periods) times. */
double tail_over_periods(double risk_of_one_period, double periods);

#endif
