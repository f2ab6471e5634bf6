/* correlation.c - a window of sums, a matrix of it, its figures. */
#include "strategies/risk/correlation.h"

#include <math.h>
#include <string.h>

/* The sums of one asset with all: what comes in, less what leaves. */
static void turn_row(double *product, double come, double leave, const double *comes, const double *leaves)
{
	for (int b = 0; b < CORRELATION_WIDTH; b += LANES) {
		four change = four_all(come) * four_load(comes + b) - four_all(leave) * four_load(leaves + b);
		four_store(product + b, four_load(product + b) + change);
	}
}

void correlation_window_push(struct correlation_window *window, const int64_t return_e7[static UNIVERSE_N], uint64_t known)
{
	double   comes[CORRELATION_WIDTH] = { 0 }, leaves[CORRELATION_WIDTH];
	int32_t *slot = window->return_e7[window->at];
	for (int a = 0; a < CORRELATION_WIDTH; a++) leaves[a] = slot[a];
	for (int a = 0; a < UNIVERSE_N; a++) {
		bool is_known = known >> a & 1;
		window->run[a] = is_known ? window->run[a] + (window->run[a] < CORRELATION_WINDOW) : 0;
		slot[a] = is_known ? (int32_t)e8_max(e8_min(return_e7[a], CORRELATION_RETURN_ONE), -CORRELATION_RETURN_ONE) : 0;
		comes[a] = slot[a];
		window->sum[a] += comes[a] - leaves[a];
	}
	for (int a = 0; a < UNIVERSE_N; a++) turn_row(window->product[a], comes[a], leaves[a], comes, leaves);
	window->at = (window->at + 1) % CORRELATION_WINDOW;
	four_done();
}

/* Of each asset 1 / sqrt(n sum xx - (sum x)^2), in whole numbers up to the root; 0 where it is not known, which makes its pairs 0. */
static uint64_t find_scales(const struct correlation_window *window, double scale[static CORRELATION_WIDTH])
{
	uint64_t known = 0;
	for (int a = 0; a < UNIVERSE_N; a++) {
		int64_t sum = (int64_t)window->sum[a], moment = CORRELATION_WINDOW * (int64_t)window->product[a][a] - sum * sum;
		bool    is_known = window->run[a] == CORRELATION_WINDOW && moment > 0;
		scale[a] = is_known ? 1 / sqrt((double)moment) : 0;
		known |= (uint64_t)is_known << a;
	}
	return known;
}

void correlation_of(const struct correlation_window *window, struct correlation_matrix *matrix)
{
	double scale[CORRELATION_WIDTH] = { 0 };
	matrix->known = find_scales(window, scale);
	for (int a = 0; a < UNIVERSE_N; a++) {
		for (int b = 0; b < CORRELATION_WIDTH; b += LANES) {
			four moment = four_all(CORRELATION_WINDOW) * four_load(window->product[a] + b) - four_all(window->sum[a]) * four_load(window->sum + b);
			four r = moment * (four_all(scale[a]) * four_load(scale + b));
			four_store(matrix->pair[a] + b, four_max(four_min(r, four_all(1)), four_all(-1)));
		}
		matrix->pair[a][a] = (double)(matrix->known >> a & 1);
	}
	four_done();
}

static void take_pair(struct correlation_figures *figures, double value, int a, int b)
{
	figures->average += value;
	if (figures->pairs == 0 || value < figures->lowest) figures->lowest = value;
	if (figures->pairs == 0 || value > figures->highest) {
		figures->highest = value;
		figures->highest_a = (uint32_t)a;
		figures->highest_b = (uint32_t)b;
	}
	figures->pairs++;
}

struct correlation_figures correlation_figures(const struct correlation_matrix *matrix, uint64_t assets)
{
	struct correlation_figures figures;
	uint64_t set = assets & matrix->known;
	memset(&figures, 0, sizeof figures);
	for (int a = 0; a < UNIVERSE_N; a++) {
		if (!(set >> a & 1)) continue;
		figures.assets++;
		for (int b = a + 1; b < UNIVERSE_N; b++)
			if (set >> b & 1) take_pair(&figures, matrix->pair[a][b], a, b);
	}
	if (figures.pairs) figures.average /= figures.pairs;
	return figures;
}

void correlation_sets(const struct correlation_matrix *matrix, double above, uint64_t with[static UNIVERSE_N])
{
	for (int a = 0; a < UNIVERSE_N; a++) {
		uint64_t set = 0;
		for (int b = 0; b < CORRELATION_WIDTH; b += LANES)
			set |= (uint64_t)__builtin_ia32_movmskpd256((four)(four_load(matrix->pair[a] + b) > four_all(above))) << b;
		with[a] = set & ~(UINT64_C(1) << a);
	}
	four_done();
}

static uint64_t below(int a) { return (UINT64_C(1) << a) - 1; }

/* Pairs are numbered (1,0) (2,0) (2,1) (3,0) ...: those of one asset stand in a row, which may go over the end of a word. */
void correlation_pack(const uint64_t with[static UNIVERSE_N], uint64_t pair[static CORRELATION_WORDS])
{
	memset(pair, 0, CORRELATION_WORDS * sizeof *pair);
	for (int a = 1, first = 0; a < UNIVERSE_N; first += a++) {
		uint64_t row = with[a] & below(a);
		int      word = first / 64, shift = first % 64;
		pair[word] |= row << shift;
		if (shift + a > 64) pair[word + 1] |= row >> (64 - shift);
	}
}

void correlation_unpack(const uint64_t pair[static CORRELATION_WORDS], uint64_t with[static UNIVERSE_N])
{
	memset(with, 0, UNIVERSE_N * sizeof *with);
	for (int a = 1, first = 0; a < UNIVERSE_N; first += a++) {
		int      word = first / 64, shift = first % 64;
		uint64_t row = pair[word] >> shift;
		if (shift + a > 64) row |= pair[word + 1] << (64 - shift);
		with[a] |= row & below(a);
		for (uint64_t left = row & below(a); left; left &= left - 1) with[__builtin_ctzll(left)] |= UINT64_C(1) << a;
	}
}
