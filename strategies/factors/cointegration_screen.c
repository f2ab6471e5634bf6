/* cointegration_screen.c - see cointegration_screen.h. */
#include "strategies/factors/cointegration_screen.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"

enum { SUMS_MAX = SCREEN_SUMS_MAX };

/* Of the squares about the anchors: with less left in a series or in the changes of a spread, its digits are lost. */
#define DIGITS_LEAST 1e-7
/* Of what a column of the regression is before the others: the rest it must keep. */
#define LEFT_LEAST 1e-3

/* What is called with numbers that the compiler shall see. */
#define ALWAYS inline __attribute__((always_inline))

/* What all pairs share: of each series S with itself, its squares about the anchor, its first and its last values. */
struct all {
	uint32_t window, lags;
	double   own[SCREEN_SUMS][SCREEN_SERIES], squares[SCREEN_SERIES], head[SUMS_MAX][SCREEN_SERIES], tail[SUMS_MAX][SCREEN_SERIES];
};

static void take_ends(const struct screen_edges *edges, uint32_t count, struct all *all)
{
	for (uint32_t l = 0; l <= all->lags + 1; l++) {
		for (uint32_t i = 0; i < count; i += LANES) {
			four_store(all->head[l] + i, four_load(edges->value[SCREEN_RIM + 1 + l] + i) - four_load(edges->mean + i));
			four_store(all->tail[l] + i, four_load(edges->value[SCREEN_RIM - 1 - l] + i) - four_load(edges->mean + i));
		}
	}
}

/* Of four spreads: sums of u[t] u[t-l], the first and the last values, the first and the last changes. */
struct spreads { four u[SUMS_MAX], du[SUMS_MAX - 1], head[SUMS_MAX], tail[SUMS_MAX], head_du[SUMS_MAX], tail_du[SUMS_MAX]; };

static ALWAYS void ends_of(const struct all *all, const uint32_t lags, uint32_t y, uint32_t x, four hedge, struct spreads *out)
{
	for (uint32_t k = 0; k <= lags + 1; k++) {
		out->head[k] = four_all(all->head[k][y]) - hedge * four_load(all->head[k] + x);
		out->tail[k] = four_all(all->tail[k][y]) - hedge * four_load(all->tail[k] + x);
	}
	for (uint32_t k = 0; k <= lags; k++) {
		out->head_du[k] = out->head[k + 1] - out->head[k];
		out->tail_du[k] = out->tail[k] - out->tail[k + 1];
	}
}

/* Sums of du[t] du[t-l] over all there are. */
static ALWAYS void change(const uint32_t lags, struct spreads *s)
{
	const four *u = s->u, *head = s->head, *tail = s->tail;
	s->du[0] = four_all(2) * (u[0] - u[1]) - head[0] * head[0] - tail[0] * tail[0];
	for (uint32_t l = 1; l <= lags; l++)
		s->du[l] = four_all(2) * u[l] - u[l - 1] - u[l + 1] + head[0] * (head[l - 1] - head[l]) + tail[0] * (tail[l - 1] - tail[l]);
}

/* Sum of du[t-one] du[t-two] for t from lags on, one <= two. */
static ALWAYS four changes_of(const struct spreads *s, const uint32_t lags, uint32_t one, uint32_t two)
{
	uint32_t apart = two - one;
	four     sum = s->du[apart];
	for (uint32_t k = apart; k < lags - one; k++) sum -= s->head_du[k] * s->head_du[k - apart];
	for (uint32_t k = 0; k < one; k++) sum -= s->tail_du[k] * s->tail_du[k + apart];
	return sum;
}

/* The moments of cointegration.c, four pairs at a time: rows du[t-1] .. du[t-lags], u[t], du[t]. */
static ALWAYS void moments_of(const struct spreads *s, const uint32_t lags, four moments[SUMS_MAX][SUMS_MAX])
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

/* Row after row taken off those below it, without roots: a diagonal of squares and what stands below it, not yet divided. Lanes where a column keeps less
 * than LEFT_LEAST of itself are taken out of `good`. */
static ALWAYS void factorise(four moments[SUMS_MAX][SUMS_MAX], const uint32_t n, four_mask *good)
{
	four least[SUMS_MAX];
	for (uint32_t k = 0; k < n; k++) least[k] = moments[k][k] * four_all(LEFT_LEAST);
	for (uint32_t k = 0; k < n; k++) {
		four each = four_all(1) / moments[k][k];
		*good &= (four_mask)(moments[k][k] > least[k]);
		for (uint32_t row = k + 1; row < n; row++) {
			four share = moments[row][k] * each;
			for (uint32_t i = k + 1; i <= row; i++) moments[row][i] -= share * moments[i][k];
		}
	}
}

/* Of y and four series from x on. */
static ALWAYS four statistics_of(const struct all *all, const uint32_t lags, uint32_t y, uint32_t x, double both[SCREEN_SUMS][SCREEN_SERIES])
{
	struct spreads s;
	four           moments[SUMS_MAX][SUMS_MAX], hedge = four_load(both[0] + x) / four_load(all->own[0] + x);
	for (uint32_t l = 0; l <= lags + 1; l++) {
		four pairs = four_load(both[l] + x), share = hedge * four_load(all->own[l] + x);
		s.u[l] = (four_all(all->own[l][y]) - hedge * (pairs + pairs - share)) * four_all(0.5);
	}
	ends_of(all, lags, y, x, hedge, &s);
	change(lags, &s);
	moments_of(&s, lags, moments);
	four      squares = four_load(all->squares + x);
	four_mask good = (four_mask)(s.du[0] > four_all(DIGITS_LEAST) * (four_all(all->squares[y]) + hedge * hedge * squares));
	good &= (four_mask)(four_load(all->own[0] + x) > four_all(DIGITS_LEAST) * squares);
	factorise(moments, lags + 2, &good);
	double    freedom = (double)(all->window - 1 - lags) - (1 + lags);
	four      statistic = moments[lags + 1][lags] / four_sqrt(moments[lags][lags] * moments[lags + 1][lags + 1]) * four_all(sqrt(freedom));
	four_mask none = (four_mask)four_all(-INFINITY);
	return (four)(((four_mask)statistic & good) | (none & ~good));
}

/* One lag is usual: for it the compiler knows the loops. */
static four statistics(const struct all *all, uint32_t y, uint32_t x, double both[SCREEN_SUMS][SCREEN_SERIES])
{
	return all->lags == 1 ? statistics_of(all, 1, y, x, both) : statistics_of(all, all->lags, y, x, both);
}

void cointegration_screen(struct screen_parts *parts, const struct screen_ring *ring, uint32_t count, uint32_t lags,
	double statistic[SCREEN_SERIES][SCREEN_SERIES])
{
	struct all          all;
	struct screen_edges edges;
	double              both[SCREEN_SUMS][SCREEN_SERIES];
	memset(&all, 0, sizeof all);
	memset(both, 0, sizeof both);
	screen_parts_make(parts, ring, count, lags, &edges);
	all.window = ring->rows - 1;
	all.lags = lags;
	take_ends(&edges, count, &all);
	for (uint32_t y = count; y-- > 0; ) {        /* so that the own sums of those after it are there */
		screen_sums(parts, &edges, y, both);
		for (uint32_t l = 0; l <= lags + 1; l++) all.own[l][y] = both[l][y];
		all.squares[y] = both[0][y] + 2 * all.window * edges.mean[y] * edges.mean[y];
		for (uint32_t x = (y + 1) / LANES * LANES; x < count; x += LANES) four_store(statistic[y] + x, statistics(&all, y, x, both));
	}
	four_done();
}
