/* residual_parts.c - see residual_parts.h. */
#include "strategies/factors/residual_parts.h"

#include <math.h>
#include <string.h>

/* Eight assets at a time, so that no sum waits for the one before. */
static void distances_of(double returns[][EIGEN_MAX], uint32_t days, uint32_t whole, double own[RESIDUAL_PART_DAYS][EIGEN_MAX], double *sum)
{
	for (uint32_t i = 0; i < whole; i += 2 * LANES) {
		four first = four_load(returns[0] + i), other_first = four_load(returns[0] + i + LANES), all = { 0, 0, 0, 0 }, other_all = all;
		for (uint32_t t = 0; t < days; t++) {
			four distance = four_load(returns[t] + i) - first, other = four_load(returns[t] + i + LANES) - other_first;
			four_store(own[t] + i, distance);
			four_store(own[t] + i + LANES, other);
			all += distance;
			other_all += other;
		}
		four_store(sum + i, all);
		four_store(sum + i + LANES, other_all);
	}
}

/* Sums of the products of four assets from i on with eight from k on, less share * sum * sum. */
static void square_of(double own[][EIGEN_MAX], uint32_t days, uint32_t i, uint32_t k, const double *sum, double share, struct residual_square *out)
{
	four less = four_load(sum + k) * four_all(-share), other_less = four_load(sum + k + LANES) * four_all(-share);
	four a0 = four_all(sum[i]) * less, a1 = four_all(sum[i]) * other_less, b0 = four_all(sum[i + 1]) * less, b1 = four_all(sum[i + 1]) * other_less;
	four c0 = four_all(sum[i + 2]) * less, c1 = four_all(sum[i + 2]) * other_less;
	four d0 = four_all(sum[i + 3]) * less, d1 = four_all(sum[i + 3]) * other_less;
	for (uint32_t t = 0; t < days; t++) {
		const double *one = own[t] + i;
		four          low = four_load(own[t] + k), high = four_load(own[t] + k + LANES);
		a0 = four_fma(four_all(one[0]), low, a0), a1 = four_fma(four_all(one[0]), high, a1);
		b0 = four_fma(four_all(one[1]), low, b0), b1 = four_fma(four_all(one[1]), high, b1);
		c0 = four_fma(four_all(one[2]), low, c0), c1 = four_fma(four_all(one[2]), high, c1);
		d0 = four_fma(four_all(one[3]), low, d0), d1 = four_fma(four_all(one[3]), high, d1);
	}
	four_store(out->product[0], a0), four_store(out->product[0] + LANES, a1);
	four_store(out->product[1], b0), four_store(out->product[1] + LANES, b1);
	four_store(out->product[2], c0), four_store(out->product[2] + LANES, c1);
	four_store(out->product[3], d0), four_store(out->product[3] + LANES, d1);
}

static void make_part(double returns[][EIGEN_MAX], uint32_t days, uint32_t whole, struct residual_part *part)
{
	double                  own[RESIDUAL_PART_DAYS][EIGEN_MAX], sum[EIGEN_MAX], each = 1.0 / days;
	struct residual_square *square = part->square;
	distances_of(returns, days, whole, own, sum);
	for (uint32_t i = 0; i < whole; i += LANES) {
		four_store(part->mean + i, four_fma(four_load(sum + i), four_all(each), four_load(returns[0] + i)));
		for (uint32_t k = 0; k <= i; k += 2 * LANES) square_of(own, days, i, k, sum, each, square++);
	}
}

/* Means from the first part's, weighed by the root of the days. */
static void distances_of_means(const struct residual_parts *parts, uint32_t count, uint32_t days, uint32_t whole, double own[RESIDUAL_PARTS][EIGEN_MAX],
	double *sum)
{
	const double *first = parts->part[0].mean;
	for (uint32_t i = 0; i < whole; i += LANES) four_store(sum + i, four_all(0));
	for (uint32_t p = 0; p < count; p++) {
		uint32_t left = days - p * RESIDUAL_PART_DAYS;
		double   weight = sqrt(left < RESIDUAL_PART_DAYS ? left : RESIDUAL_PART_DAYS);
		for (uint32_t i = 0; i < whole; i += LANES) {
			four distance = (four_load(parts->part[p].mean + i) - four_load(first + i)) * four_all(weight);
			four_store(own[p] + i, distance);
			four_store(sum + i, four_fma(distance, four_all(weight), four_load(sum + i)));
		}
	}
}

/* Square number `number` of all parts, added to what their means leave. */
static void add_parts(const struct residual_parts *parts, uint32_t count, uint32_t number, struct residual_square *all)
{
	for (uint32_t row = 0; row < LANES; row++) {
		four low = four_load(all->product[row]), high = four_load(all->product[row] + LANES);
		for (uint32_t p = 0; p < count; p++) {
			const double *own = parts->part[p].square[number].product[row];
			low += four_load(own);
			high += four_load(own + LANES);
		}
		four_store(all->product[row], low);
		four_store(all->product[row] + LANES, high);
	}
}

void residual_products(struct residual_parts *parts, double returns[][EIGEN_MAX], uint32_t days, uint32_t assets, double matrix[EIGEN_MAX][EIGEN_MAX])
{
	double                 own[RESIDUAL_PARTS][EIGEN_MAX], sum[EIGEN_MAX];
	uint32_t               whole = (assets + 2 * LANES - 1) / (2 * LANES) * (2 * LANES), number = 0;
	uint32_t               count = (days + RESIDUAL_PART_DAYS - 1) / RESIDUAL_PART_DAYS;
	struct residual_square all;
	if (assets > parts->assets) parts->made = 0, parts->assets = assets;
	for (uint32_t p = 0, from = 0; p < count; p++, from += RESIDUAL_PART_DAYS) {
		uint32_t some = days - from < RESIDUAL_PART_DAYS ? days - from : RESIDUAL_PART_DAYS;
		if ((parts->made >> p & 1) == 0) make_part(returns + from, some, (parts->assets + 2 * LANES - 1) / (2 * LANES) * (2 * LANES), &parts->part[p]);
		parts->made |= 1u << p;
	}
	distances_of_means(parts, count, days, whole, own, sum);
	for (uint32_t i = 0; i < whole; i += LANES) {
		for (uint32_t k = 0; k <= i; k += 2 * LANES) {
			square_of(own, count, i, k, sum, 1.0 / days, &all);
			add_parts(parts, count, number++, &all);
			for (uint32_t row = 0; row < LANES; row++) memcpy(matrix[i + row] + k, all.product[row], sizeof all.product[row]);
		}
	}
	four_done();
}
