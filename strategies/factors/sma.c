/* sma.c - see sma.h. The batch form does block by block what the window does value by value: tails of one block, heads of the next. */
#include "strategies/factors/sma.h"

#include "strategies/factors/price.h"
#include "strategies/factors/scan.h"

void sma_init(struct sma *sma, uint32_t period)
{
	window_sum_init(&sma->window, period);
	sma->each = 1.0 / period;
}

bool sma_push(struct sma *sma, double price)
{
	if (!price_is_sound(price)) return false;
	window_sum_push(&sma->window, price);
	return true;
}

/* Sums of a full block from its end: the turn of the window. */
static void tails_of(const double *restrict price, uint32_t count, double *restrict tails)
{
	uint32_t at = count;
	scan4    carry = { 0, 0, 0, 0 };
	for (; at >= SCAN_LANES; at -= SCAN_LANES) {
		scan4 sums = scan4_tails(scan4_load(price + at - SCAN_LANES));
		scan4_store(tails + at - SCAN_LANES, sums + carry);
		carry += scan4_all(sums[0]);
	}
	for (double tail = carry[0]; at-- > 0; ) tails[at] = tail += price[at];
}

/* The means of a block, by the tails of the block before. */
static void block(const double *restrict price, uint32_t count, double each, const double *restrict tails, double *restrict out)
{
	uint32_t at = 0;
	scan4    carry = { 0, 0, 0, 0 }, share = scan4_all(each);
	for (; at + SCAN_LANES <= count; at += SCAN_LANES) {
		scan4 sums = scan4_heads(scan4_load(price + at));
		scan4_store(out + at, (scan4_load(tails + at + 1) + (sums + carry)) * share);
		carry += scan4_all(sums[SCAN_LANES - 1]);
	}
	for (double head = carry[0]; at < count; at++) out[at] = (tails[at + 1] + (head += price[at])) * each;
}

size_t sma_batch(uint32_t period, const double *restrict price, size_t count, double *restrict out)
{
	double     tails[WINDOW_SUM_MAX + 1] = { 0 };
	struct sma sma;
	size_t     at, checked = period;
	sma_init(&sma, period);
	if (count < period || !prices_are_sound(price, period)) return 0;
	for (at = 0; at < period; at++) window_sum_push(&sma.window, price[at]);
	out[0] = sma_value(&sma);
	while (at < count) {
		uint32_t some = count - at < period ? (uint32_t)(count - at) : period;
		if (!prices_checked(price, count, at + some, &checked)) return 0;
		tails_of(price + at - period, period, tails);
		block(price + at, some, sma.each, tails, out + at + 1 - period);
		at += some;
	}
	return count - period + 1;
}
