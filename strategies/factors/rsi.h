/* rsi.h - relative strength index, after J. Welles Wilder, New Concepts in Technical Trading Systems (1978).
 *
 *     gain and loss: mean rise and mean fall of the first n changes, then  mean[t] = (mean[t-1] (n - 1) + change[t]) / n
 *     rsi = 100 gain / (gain + loss)
 *
 * First value at price n + 1. Reference: TA-Lib RSI, relative error <= 1e-12, with one difference: where nothing has moved TA-Lib says 0
 * (as oversold as can be) and we say 50. Does not drift: each step shrinks every earlier rounding error by (n - 1) / n.
 * The batch form gives the same bits as the streaming one. */
#ifndef STRATEGIES_FACTORS_RSI_H
#define STRATEGIES_FACTORS_RSI_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RSI_PERIOD_MAX = 10000 };        /* changes */

struct rsi { uint32_t period, changes; bool begun; double last, gain, loss, keep, take; };

/* A period outside 1..RSI_PERIOD_MAX is a bug (2012). */
void rsi_init(struct rsi *rsi, uint32_t period);
/* False, and nothing changes, when the price is not sound (price.h). */
bool rsi_push(struct rsi *rsi, double price);
static inline bool rsi_ready(const struct rsi *rsi) { return rsi->changes >= rsi->period; }
/* 0..100. A bug (2013) before it is ready. */
double rsi_value(const struct rsi *rsi);
/* As sma_batch: out[i] belongs to price[i + period]. */
size_t rsi_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out);

#endif
