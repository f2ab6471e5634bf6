/* sharpe_test.h - how sure is a Sharpe ratio: probabilistic and deflated.
 *
 * All ratios are per observation (not annualised). kurtosis is excess (0 for a normal); skew and kurtosis as moments.h has them.
 *
 * Probabilistic: D. Bailey, M. Lopez de Prado (2012), "The Sharpe ratio efficient frontier": chance that the true ratio is above a benchmark,
 *   Phi((SR - SR*) / sqrt((1 - skew SR + (kurtosis + 2) / 4 SR^2) / (n - 1))).       quantstats.probabilistic_sharpe_ratio for SR* = 0
 * Deflated: the same authors (2014), "The deflated Sharpe ratio": the benchmark is the best ratio that `trials` tries without skill
 *   would show, sqrt(V) ((1 - g) Phi^-1(1 - 1/N) + g Phi^-1(1 - 1/(N e))), g Euler's constant, V the variance of the ratios over the trials.
 *
 * Results are 0..1. With fewer than two observations nothing is known: 0.5. */
#ifndef STRATEGIES_METRICS_SHARPE_TEST_H
#define STRATEGIES_METRICS_SHARPE_TEST_H
#include <stdint.h>

struct sharpe_sample { double sharpe, skew, kurtosis; uint32_t observations; };

double sharpe_probability(const struct sharpe_sample *sample, double benchmark);
/* 0 for one trial or none. */
double sharpe_best_of_luck(uint32_t trials, double variance_of_trials);
double sharpe_deflated(const struct sharpe_sample *sample, uint32_t trials, double variance_of_trials);

#endif
