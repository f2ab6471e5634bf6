/* eigen.c - see eigen.h. */
#include "strategies/factors/eigen.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"

static double off_diagonal(double a[EIGEN_MAX][EIGEN_MAX], uint32_t n)
{
	double sum = 0;
	for (uint32_t p = 0; p < n; p++) {
		for (uint32_t q = p + 1; q < n; q++) sum += a[p][q] * a[p][q];
	}
	return sum;
}

/* Turns rows and columns p and q so that a[p][q] becomes 0; the rows of v turn with them. */
static void rotate(double a[EIGEN_MAX][EIGEN_MAX], double v[EIGEN_MAX][EIGEN_MAX], uint32_t n, uint32_t p, uint32_t q)
{
	if (a[p][q] == 0) return;
	double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
	double t = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1)), c = 1 / sqrt(t * t + 1), s = t * c;
	for (uint32_t k = 0; k < n; k++) {
		double kp = a[k][p], kq = a[k][q];
		a[k][p] = c * kp - s * kq;
		a[k][q] = s * kp + c * kq;
	}
	for (uint32_t k = 0; k < n; k++) {
		double pk = a[p][k], qk = a[q][k], vp = v[p][k], vq = v[q][k];
		a[p][k] = c * pk - s * qk;
		a[q][k] = s * pk + c * qk;
		v[p][k] = c * vp - s * vq;
		v[q][k] = s * vp + c * vq;
	}
	a[p][q] = a[q][p] = 0;
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

bool eigen_symmetric(double matrix[EIGEN_MAX][EIGEN_MAX], uint32_t size, struct eigen *out)
{
	double scale = 0, left = 0;
	BUG_UNLESS(2052, size >= 1 && size <= EIGEN_MAX);
	memset(out, 0, sizeof *out);
	out->size = size;
	for (uint32_t i = 0; i < size; i++) out->vector[i][i] = 1;
	for (uint32_t i = 0; i < size; i++) scale += matrix[i][i] * matrix[i][i];
	scale += 2 * off_diagonal(matrix, size);
	if (!isfinite(scale)) return false;
	for (uint32_t sweep = 0; sweep < EIGEN_SWEEPS_MAX; sweep++) {
		left = off_diagonal(matrix, size);
		if (left <= 1e-32 * scale) break;
		for (uint32_t p = 0; p < size; p++) {
			for (uint32_t q = p + 1; q < size; q++) rotate(matrix, out->vector, size, p, q);
		}
	}
	for (uint32_t i = 0; i < size; i++) out->value[i] = matrix[i][i];
	sort(out);
	return left <= 1e-24 * scale;
}
