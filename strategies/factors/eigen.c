/* eigen.c - see eigen.h. Vectors are kept as rows, so that every turn of two of them goes over whole vectors of four; what lies between
 * size and the next multiple of four is zero and stays so. */
#include "strategies/factors/eigen.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "fsm/bug.h"
#include "strategies/factors/four.h"
#include "strategies/factors/tridiagonal.h"

#define DUST 1e-20

enum { LEADING_MOST = 8 };      /* values for which two searches of four cost less than all of them */

_Static_assert((int)EIGEN_MAX <= (int)TRIDIAGONAL_MAX, "raise TRIDIAGONAL_MAX");

/* a += share * b */
static void row_add(double *a, double share, const double *b, size_t count)
{
	for (size_t at = 0; at < count; at += LANES) four_store(a + at, four_fma(four_all(share), four_load(b + at), four_load(a + at)));
}

/* The matrix without its first k + 1 rows and columns, seen from both sides of the mirror v: a - v w' - w v'. */
static void reflect(double a[EIGEN_MAX][EIGEN_MAX], uint32_t n, uint32_t k, const double *v, double beta)
{
	double w[EIGEN_MAX] = { 0 }, share;
	size_t from = (k + 1) / LANES * LANES;
	for (uint32_t i = k + 1; i < n; i++) w[i] = beta * four_dot(a[i] + from, v + from, n - from);
	share = beta / 2 * four_dot(v, w, n);
	row_add(w, -share, v, n);
	for (uint32_t i = k + 1; i < n; i++) {
		four one = four_all(-v[i]), two = four_all(-w[i]);
		for (size_t at = from; at < n; at += LANES) {
			four_store(a[i] + at, four_fma(one, four_load(w + at), four_fma(two, four_load(v + at), four_load(a[i] + at))));
		}
	}
}

/* Mirrors H[k] = 1 - beta[k] v[k] v[k]' that leave a diagonal and one beside it; v[k] replaces row k of the matrix. What is shorter than
 * `least` is nothing beside the whole matrix and needs no mirror: squares of dust are 0. */
static void tridiagonalise(double a[EIGEN_MAX][EIGEN_MAX], uint32_t n, double least, double *diagonal, double *beside, double *beta)
{
	for (uint32_t k = 0; k + 1 < n; k++) {
		double v[EIGEN_MAX] = { 0 };
		memcpy(v + k + 1, a[k] + k + 1, (n - k - 1) * sizeof(double));
		double length = sqrt(four_dot(v, v, n)), whole = 0;
		diagonal[k] = a[k][k];
		beside[k] = v[k + 1];
		if (k + 2 < n && length > least) {
			beside[k] = v[k + 1] > 0 ? -length : length;
			v[k + 1] -= beside[k];
			whole = four_dot(v, v, n);
		}
		beta[k] = whole > 0 ? 2 / whole : 0;
		if (whole > 0) reflect(a, n, k, v, beta[k]);
		memcpy(a[k], v, sizeof v);
	}
	diagonal[n - 1] = a[n - 1][n - 1];
	beside[n - 1] = 0;
}

/* The rows of z become those of ... H[1] H[0]. */
static void gather(double a[EIGEN_MAX][EIGEN_MAX], uint32_t n, const double *beta, double z[EIGEN_MAX][EIGEN_MAX])
{
	for (uint32_t i = 0; i < n; i++) z[i][i] = 1;
	for (uint32_t k = n - 1; k-- > 0; ) {
		for (uint32_t i = k + 1; beta[k] > 0 && i < n; i++) row_add(z[i], -beta[k] * four_dot(z[i], a[k], n), a[k], n);
	}
}

static void turn(double *one, double *two, double c, double s, size_t count)
{
	for (size_t at = 0; at < count; at += LANES) {
		four a = four_load(one + at), b = four_load(two + at);
		four_store(one + at, four_all(c) * a - four_all(s) * b);
		four_store(two + at, four_all(s) * a + four_all(c) * b);
	}
}

/* One implicit step from m up to l; the names are those of the book. */
static void step(double *d, double *e, uint32_t l, uint32_t m, double z[EIGEN_MAX][EIGEN_MAX], uint32_t n)
{
	double g = (d[l + 1] - d[l]) / (2 * e[l]), s = 1, c = 1, p = 0;
	g = d[m] - d[l] + e[l] / (g + copysign(sqrt(g * g + 1), g));
	for (uint32_t i = m; i-- > l; ) {
		double f = s * e[i], b = c * e[i], r = sqrt(f * f + g * g);
		e[i + 1] = r;
		if (!(r > 0)) {
			d[i + 1] -= p;
			e[m] = 0;
			return;
		}
		s = f / r;
		c = g / r;
		g = d[i + 1] - p;
		r = (d[i] - g) * s + 2 * c * b;
		p = s * r;
		d[i + 1] = g + p;
		g = c * r - b;
		turn(z[i], z[i + 1], c, s, n);
	}
	d[l] -= p;
	e[l] = g;
	e[m] = 0;
}

static bool diagonalise(double *d, double *e, double least, double z[EIGEN_MAX][EIGEN_MAX], uint32_t n)
{
	for (uint32_t l = 0; l < n; l++) {
		for (uint32_t steps = 0;; steps++) {
			uint32_t m = l;
			while (m + 1 < n && fabs(e[m]) > DBL_EPSILON * (fabs(d[m]) + fabs(d[m + 1])) + least) m++;
			if (m == l) break;
			if (steps == EIGEN_STEPS_MAX) return false;
			step(d, e, l, m, z, n);
		}
	}
	return true;
}

static void swap(struct eigen *eigen, uint32_t a, uint32_t b)
{
	double value = eigen->value[a], vector[EIGEN_MAX];
	memcpy(vector, eigen->vector[a], sizeof vector);
	memcpy(eigen->vector[a], eigen->vector[b], sizeof vector);
	memcpy(eigen->vector[b], vector, sizeof vector);
	eigen->value[a] = eigen->value[b];
	eigen->value[b] = value;
}

static void point_up(double *vector, uint32_t n)
{
	uint32_t most = 0;
	for (uint32_t i = 1; i < n; i++) if (fabs(vector[i]) > fabs(vector[most])) most = i;
	double sign = vector[most] < 0 ? -1 : 1;
	for (uint32_t i = 0; i < n; i++) vector[i] *= sign;
}

static void sort(struct eigen *eigen)
{
	for (uint32_t k = 0; k < eigen->size; k++) {
		uint32_t best = k;
		for (uint32_t i = k + 1; i < eigen->size; i++) if (eigen->value[i] > eigen->value[best]) best = i;
		if (best != k) swap(eigen, k, best);
		point_up(eigen->vector[k], eigen->size);
	}
}

/* The vectors of T seen through the mirrors, the last first; four at a time, and each of length 1. */
static void unfold(double a[EIGEN_MAX][EIGEN_MAX], uint32_t n, const double *beta, four vector[EIGEN_MAX])
{
	four square = { 0, 0, 0, 0 };
	for (uint32_t k = n - 1; k-- > 0; ) {
		four sum = { 0, 0, 0, 0 }, other = sum;
		for (uint32_t i = k + 1; i < n; i++) {
			other = four_fma(four_all(a[k][i]), vector[i], other);
			if (++i < n) sum = four_fma(four_all(a[k][i]), vector[i], sum);
		}
		sum = (sum + other) * four_all(-beta[k]);
		for (uint32_t i = k + 1; i < n; i++) vector[i] = four_fma(four_all(a[k][i]), sum, vector[i]);
	}
	for (uint32_t i = 0; i < n; i++) square = four_fma(vector[i], vector[i], square);
	square = four_all(1) / four_sqrt(square);
	for (uint32_t i = 0; i < n; i++) vector[i] *= square;
}

/* The largest alone, where each stands by itself. */
static bool take_leading(double a[EIGEN_MAX][EIGEN_MAX], const struct tridiagonal *t, const double *beta, uint32_t wanted, struct eigen *out)
{
	for (uint32_t first = 0; first < wanted; first += LANES) {
		uint32_t count = wanted - first < LANES ? wanted - first : LANES;
		four     value, vector[EIGEN_MAX];
		if (!tridiagonal_leading(t, first, count, &value, vector)) return false;
		unfold(a, t->size, beta, vector);
		for (uint32_t k = 0; k < count; k++) {
			out->value[first + k] = value[k];
			for (uint32_t i = 0; i < t->size; i++) out->vector[first + k][i] = vector[i][k];
			point_up(out->vector[first + k], t->size);
		}
	}
	return true;
}

static bool take_all(double a[EIGEN_MAX][EIGEN_MAX], struct tridiagonal *t, const double *beta, double least, struct eigen *out)
{
	memset(out->vector, 0, sizeof out->vector);
	memcpy(out->value, t->diagonal, sizeof out->value);
	gather(a, t->size, beta, out->vector);
	bool found = diagonalise(out->value, t->beside, least, out->vector, t->size);
	sort(out);
	return found;
}

bool eigen_leading(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t size, uint32_t wanted, struct eigen *out)
{
	struct tridiagonal t = { .size = size };
	double             beta[EIGEN_MAX] = { 0 }, scale = 0;
	BUG_UNLESS(2052, size >= 1 && size <= EIGEN_MAX && wanted >= 1 && wanted <= size);
	out->size = size;
	for (uint32_t i = 0; i < size; i++) {
		memset(matrix[i] + size, 0, (EIGEN_MAX - size) * sizeof(double));
		scale += four_dot(matrix[i], matrix[i], size);
	}
	four_done();
	if (!isfinite(scale)) return false;
	double least = DUST * sqrt(scale);
	tridiagonalise(matrix, size, least, t.diagonal, t.beside, beta);
	bool found = (wanted <= LEADING_MOST && take_leading(matrix, &t, beta, wanted, out)) || take_all(matrix, &t, beta, least, out);
	four_done();
	return found;
}

bool eigen_symmetric(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t size, struct eigen *out) { return eigen_leading(matrix, size, size, out); }
