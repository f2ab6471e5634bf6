/* rsi.c - see rsi.h. While it fills, gain and loss are sums of the seed. */
#include "strategies/factors/rsi.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/factors/price.h"

/* Below this the means are the dying echo of changes long past, where doubles lose their digits: nothing has moved. */
#define MOVED_LEAST 1e-290
#define RSI_FLAT 50.0

void rsi_init(struct rsi *rsi, uint32_t period)
{
	BUG_UNLESS(2012, period >= 1 && period <= RSI_PERIOD_MAX);
	*rsi = (struct rsi){ .period = period, .keep = (period - 1.0) / period, .take = 1.0 / period };
}

static void seed(struct rsi *rsi, double gain, double loss)
{
	rsi->gain += gain;
	rsi->loss += loss;
	if (++rsi->changes < rsi->period) return;
	rsi->gain /= rsi->period;
	rsi->loss /= rsi->period;
}

static void change(struct rsi *rsi, double gain, double loss)
{
	if (rsi->changes < rsi->period) {
		seed(rsi, gain, loss);
		return;
	}
	rsi->gain = fma(rsi->gain, rsi->keep, gain * rsi->take);
	rsi->loss = fma(rsi->loss, rsi->keep, loss * rsi->take);
}

bool rsi_push(struct rsi *rsi, double price)
{
	if (!price_is_sound(price)) return false;
	double moved = price - rsi->last;
	if (rsi->begun) change(rsi, moved > 0 ? moved : 0, moved < 0 ? -moved : 0);
	rsi->begun = true;
	rsi->last = price;
	return true;
}

static inline double index_of(double gain, double loss)
{
	double moved = gain + loss;
	return moved > MOVED_LEAST ? 100 * (gain / moved) : RSI_FLAT;
}

double rsi_value(const struct rsi *rsi)
{
	BUG_UNLESS(2013, rsi_ready(rsi));
	return index_of(rsi->gain, rsi->loss);
}

/* After the seed only the means are carried on, in registers. */
size_t rsi_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct rsi rsi;
	rsi_init(&rsi, period);
	if (count <= period || !prices_are_sound(price, count)) return 0;
	for (size_t i = 0; i <= period; i++) (void)rsi_push(&rsi, price[i]);
	double gain = rsi.gain, loss = rsi.loss, keep = rsi.keep, take = rsi.take;
	out[0] = index_of(gain, loss);
	for (size_t i = period + (size_t)1; i < count; i++) {
		double moved = price[i] - price[i - 1];
		gain = fma(gain, keep, (moved > 0 ? moved : 0) * take);
		loss = fma(loss, keep, (moved < 0 ? -moved : 0) * take);
		out[i - period] = index_of(gain, loss);
	}
	return count - period;
}
