/* cointegration_screen.c - see cointegration_screen.h. */
#include "strategies/factors/cointegration_screen.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"

enum { SUMS_MAX = COINTEGRATION_LAGS_MAX + 2, AT_ONCE = 3, SUMS_ROOM = (SUMS_MAX + AT_ONCE - 1) / AT_ONCE * AT_ONCE };

_Static_assert((int)SUMS_ROOM - 1 <= (int)CENTRED_RIM && (int)SUMS_ROOM <= (int)(CENTRED_ROOM - COINTEGRATION_MOST), "the rim of a series is read");

/* Of a spread's changes, beside the squares of y: below it the differences have lost too many digits. */
#define CHANGES_LEAST 1e-6
/* Of what a column of the regression is before the others: the rest it must keep. */
#define LEFT_LEAST 1e-3

/* What all pairs share: of each series S with itself, its first and its last values. */
struct all {
	const struct centred *series;
	uint32_t              count, lags;
	double                own[SUMS_MAX][SCREEN_SERIES], head[SUMS_MAX][SCREEN_SERIES], tail[SUMS_MAX][SCREEN_SERIES];
};

static void prepare(struct all *all)
{
	for (uint32_t i = 0; i < all->count; i++) {
		const double *value = centred_value(&all->series[i]);
		size_t        count = all->series[i].count;
		BUG_UNLESS(2333, count == all->series[0].count);
		for (uint32_t l = 0; l <= all->lags + 1; l++) {
			all->head[l][i] = value[l];
			all->tail[l][i] = value[count - 1 - l];
		}
	}
}

/* What stands beside the values of y in the sums of three lags from `lag` on: y at that time, or on both sides of it. */
static void take_beside(const double *y, size_t count, uint32_t lag, double beside[AT_ONCE][CENTRED_ROOM])
{
	for (uint32_t l = 0; l < AT_ONCE; l++) {
		const uint32_t apart = lag + l;
		for (size_t t = 0; t < count; t += LANES)
			four_store(beside[l] + t, apart ? four_load(y + t - apart) + four_load(y + t + apart) : four_load(y + t));
	}
}

/* S of y with three series, at three lags: nine vectors under way. */
static void sums_of_three(double beside[AT_ONCE][CENTRED_ROOM], const double *const x[AT_ONCE], size_t count, double sum[AT_ONCE][AT_ONCE])
{
	const four zero = { 0, 0, 0, 0 };
	four       a0 = zero, a1 = zero, a2 = zero, b0 = zero, b1 = zero, b2 = zero, c0 = zero, c1 = zero, c2 = zero;
	for (size_t t = 0; t < count; t += LANES) {
		four none = four_load(beside[0] + t), one = four_load(beside[1] + t), two = four_load(beside[2] + t), own = four_load(x[0] + t);
		a0 = four_fma(own, none, a0), a1 = four_fma(own, one, a1), a2 = four_fma(own, two, a2);
		own = four_load(x[1] + t);
		b0 = four_fma(own, none, b0), b1 = four_fma(own, one, b1), b2 = four_fma(own, two, b2);
		own = four_load(x[2] + t);
		c0 = four_fma(own, none, c0), c1 = four_fma(own, one, c1), c2 = four_fma(own, two, c2);
	}
	sum[0][0] = four_sum(a0), sum[0][1] = four_sum(a1), sum[0][2] = four_sum(a2);
	sum[1][0] = four_sum(b0), sum[1][1] = four_sum(b1), sum[1][2] = four_sum(b2);
	sum[2][0] = four_sum(c0), sum[2][1] = four_sum(c1), sum[2][2] = four_sum(c2);
}

/* S of y with itself and all series after it. */
static void sums_of(struct all *all, uint32_t y, double both[SUMS_ROOM][SCREEN_SERIES])
{
	const size_t count = all->series[y].count;
	double       sum[AT_ONCE][AT_ONCE], beside[AT_ONCE][CENTRED_ROOM];
	for (uint32_t lag = 0; lag <= all->lags + 1; lag += AT_ONCE) {
		take_beside(centred_value(&all->series[y]), count, lag, beside);
		for (uint32_t x = y; x < all->count; x += AT_ONCE) {
			uint32_t      second = x + 1 < all->count ? x + 1 : x, third = x + 2 < all->count ? x + 2 : x;
			const double *other[AT_ONCE] = { centred_value(&all->series[x]), centred_value(&all->series[second]), centred_value(&all->series[third]) };
			sums_of_three(beside, other, count, sum);
			for (uint32_t l = 0; l < AT_ONCE; l++) {
				both[lag + l][third] = sum[2][l];
				both[lag + l][second] = sum[1][l];
				both[lag + l][x] = sum[0][l];
			}
		}
	}
	for (uint32_t l = 0; l <= all->lags + 1; l++) all->own[l][y] = both[l][y];
}

/* Of four spreads: sums of u[t] u[t-l], the first and the last values, the first and the last changes. */
struct spreads { four u[SUMS_MAX], du[SUMS_MAX - 1], head[SUMS_MAX], tail[SUMS_MAX], head_du[SUMS_MAX], tail_du[SUMS_MAX]; };

static void ends_of(const struct all *all, uint32_t y, uint32_t x, four hedge, struct spreads *out)
{
	for (uint32_t k = 0; k <= all->lags + 1; k++) {
		out->head[k] = four_all(all->head[k][y]) - hedge * four_load(all->head[k] + x);
		out->tail[k] = four_all(all->tail[k][y]) - hedge * four_load(all->tail[k] + x);
	}
	for (uint32_t k = 0; k <= all->lags; k++) {
		out->head_du[k] = out->head[k + 1] - out->head[k];
		out->tail_du[k] = out->tail[k] - out->tail[k + 1];
	}
}

/* Sums of du[t] du[t-l] over all there are. */
static void change(uint32_t lags, struct spreads *s)
{
	const four *u = s->u, *head = s->head, *tail = s->tail;
	s->du[0] = four_all(2) * (u[0] - u[1]) - head[0] * head[0] - tail[0] * tail[0];
	for (uint32_t l = 1; l <= lags; l++)
		s->du[l] = four_all(2) * u[l] - u[l - 1] - u[l + 1] + head[0] * (head[l - 1] - head[l]) + tail[0] * (tail[l - 1] - tail[l]);
}

/* Sum of du[t-one] du[t-two] for t from lags on, one <= two. */
static four changes_of(const struct spreads *s, uint32_t lags, uint32_t one, uint32_t two)
{
	uint32_t apart = two - one;
	four     sum = s->du[apart];
	for (uint32_t k = apart; k < lags - one; k++) sum -= s->head_du[k] * s->head_du[k - apart];
	for (uint32_t k = 0; k < one; k++) sum -= s->tail_du[k] * s->tail_du[k + apart];
	return sum;
}

/* The moments of cointegration.c, four pairs at a time: rows du[t-1] .. du[t-lags], u[t], du[t]. */
static void moments_of(const struct spreads *s, uint32_t lags, four moments[SUMS_MAX][SUMS_MAX])
{
	four squares = s->u[0] - s->tail[0] * s->tail[0];
	for (uint32_t two = 1; two <= lags; two++) {
		for (uint32_t one = 1; one <= two; one++) moments[two - 1][one - 1] = changes_of(s, lags, one, two);
		moments[lags + 1][two - 1] = changes_of(s, lags, 0, two);
	}
	moments[lags + 1][lags + 1] = changes_of(s, lags, 0, 0);
	for (uint32_t lag = 0; lag <= lags; lag++) {
		four own = lag ? moments[lag - 1][lag - 1] : moments[lags + 1][lags + 1];
		four sum = (s->tail[lag] * s->tail[lag] - s->head[lags - lag] * s->head[lags - lag] - own) * four_all(0.5);
		for (uint32_t one = 1; one < lag; one++) sum += moments[lag - 1][one - 1];
		if (lag == 0) moments[lags + 1][lags] = sum;
		else moments[lags][lag - 1] = sum + own;
	}
	for (uint32_t t = 0; t < lags; t++) squares -= s->head[t] * s->head[t];
	moments[lags][lags] = squares;
}

/* To the Cholesky root; lanes where a column keeps less than LEFT_LEAST of itself are taken out of `good`. */
static void root_of(four root[SUMS_MAX][SUMS_MAX], uint32_t n, four_mask *good)
{
	for (uint32_t k = 0; k < n; k++) {
		four pivot = root[k][k], least = pivot * four_all(LEFT_LEAST);
		for (uint32_t i = 0; i < k; i++) pivot -= root[k][i] * root[k][i];
		*good &= (four_mask)(pivot > least);
		root[k][k] = four_sqrt(pivot);
		four each = four_all(1) / root[k][k];
		for (uint32_t row = k + 1; row < n; row++) {
			for (uint32_t i = 0; i < k; i++) root[row][k] -= root[row][i] * root[k][i];
			root[row][k] *= each;
		}
	}
}

/* Of y and four series from x on. */
static four statistics_of(const struct all *all, uint32_t y, uint32_t x, double both[SUMS_ROOM][SCREEN_SERIES])
{
	struct spreads s;
	uint32_t       lags = all->lags;
	four           root[SUMS_MAX][SUMS_MAX], hedge = four_load(both[0] + x) / four_load(all->own[0] + x);
	for (uint32_t l = 0; l <= lags + 1; l++) {
		four pairs = four_load(both[l] + x), share = hedge * four_load(all->own[l] + x);
		s.u[l] = (four_all(all->own[l][y]) - hedge * (pairs + pairs - share)) * four_all(l ? 0.5 : 1);
	}
	ends_of(all, y, x, hedge, &s);
	change(lags, &s);
	moments_of(&s, lags, root);
	four_mask good = (four_mask)(s.du[0] > four_all(CHANGES_LEAST * all->own[0][y]));
	root_of(root, lags + 2, &good);
	double    freedom = (double)(all->series[y].count - 1 - lags) - (1 + lags);
	four      statistic = root[lags + 1][lags] / root[lags + 1][lags + 1] * four_all(sqrt(freedom));
	four_mask none = (four_mask)four_all(-INFINITY);
	return (four)(((four_mask)statistic & good) | (none & ~good));
}

void cointegration_screen(const struct centred *series, uint32_t count, uint32_t lags, double statistic[SCREEN_SERIES][SCREEN_SERIES])
{
	struct all all;
	double     both[SUMS_ROOM][SCREEN_SERIES];
	BUG_UNLESS(2334, count <= SCREEN_SERIES && lags <= COINTEGRATION_LAGS_MAX);
	memset(&all, 0, sizeof all);
	memset(both, 0, sizeof both);
	all.series = series;
	all.count = count;
	all.lags = lags;
	prepare(&all);
	for (uint32_t y = count; y-- > 0; ) {        /* so that the own sums of those after it are there */
		sums_of(&all, y, both);
		for (uint32_t x = (y + 1) / LANES * LANES; x < count; x += LANES) four_store(statistic[y] + x, statistics_of(&all, y, x, both));
	}
	four_done();
}
