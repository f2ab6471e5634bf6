/* momentum.h - time-series momentum: the simple return over the last n prices (Moskowitz, Ooi and Pedersen, 2012).
 *
 *     momentum[t] = p[t] / p[t-n] - 1
 *
 * First value at price n + 1. Reference: TA-Lib ROCP; the same two operations, so relative error <= 1e-12. Nothing is accumulated,
 * so nothing drifts. The batch form gives the same bits as the streaming one. */
#ifndef STRATEGIES_FACTORS_MOMENTUM_H
#define STRATEGIES_FACTORS_MOMENTUM_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MOMENTUM_PERIOD_MAX = 252 };     /* prices; a trading year */

struct momentum { uint32_t period, at; bool full; double value; double price[MOMENTUM_PERIOD_MAX]; };

/* A period outside 1..MOMENTUM_PERIOD_MAX is a bug (2016). */
void momentum_init(struct momentum *momentum, uint32_t period);
/* False, and nothing changes, when the price is not sound (price.h). */
bool momentum_push(struct momentum *momentum, double price);
static inline bool momentum_ready(const struct momentum *momentum) { return momentum->full; }
/* 0.10 is ten per cent up. A bug (2017) before it is ready. */
double momentum_value(const struct momentum *momentum);
/* As sma_batch: out[i] belongs to price[i + period]. */
size_t momentum_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out);

#endif
