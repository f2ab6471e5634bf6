/* rsi.c - see rsi.h. While it fills, gain and loss are sums of the seed. */
#include "strategies/factors/rsi.h"

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
	rsi->gain = rsi->gain * rsi->keep + gain * rsi->take;
	rsi->loss = rsi->loss * rsi->keep + loss * rsi->take;
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

double rsi_value(const struct rsi *rsi)
{
	BUG_UNLESS(2013, rsi_ready(rsi));
	double moved = rsi->gain + rsi->loss;
	return moved > MOVED_LEAST ? 100 * (rsi->gain / moved) : RSI_FLAT;
}

size_t rsi_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	struct rsi rsi;
	size_t     written = 0;
	rsi_init(&rsi, period);
	for (size_t i = 0; i < count; i++) {
		if (!rsi_push(&rsi, price[i])) return 0;
		if (rsi_ready(&rsi)) out[written++] = rsi_value(&rsi);
	}
	return written;
}
