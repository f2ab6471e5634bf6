/* risk_parity.c - see risk_parity.h. gradient[i] = (S w)[i] is carried along, so that a pass costs count^2.
 *
 * Passes are sure but end slowly. So a rough answer tells which assets stand at their cap, Newton's method finishes for exactly those, and
 * the conditions of the one optimum are checked; where they do not hold the passes go on to the end. */
#include "strategies/portfolios/risk_parity.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"

#define STEP_LEAST 4e-16        /* relative change of a weight below which a pass has changed nothing */
#define ROUGH 1e-2              /* relative change of a weight, and excess of the sum, at which Newton takes over */
#define SUM_NEAR 1e-14          /* how near 1 the sum of weights is brought before the last scaling */

enum { NEWTON_TURNS_MAX = 30 };

struct problem {
	double (*covariance)[RISK_PARITY_MAX];
	uint32_t count;
	double   budget[RISK_PARITY_MAX], cap[RISK_PARITY_MAX], weight[RISK_PARITY_MAX], gradient[RISK_PARITY_MAX];
};

static bool sound(const struct problem *p)
{
	for (uint32_t i = 0; i < p->count; i++) {
		if (!(p->covariance[i][i] > 0) || !(p->budget[i] > 0) || !(p->cap[i] > 0)) return false;
		for (uint32_t k = 0; k < p->count; k++) if (!isfinite(p->covariance[i][k])) return false;
		if (!isfinite(p->budget[i])) return false;
	}
	return true;
}

static void load(struct problem *p, const double *budget, const double *cap)
{
	double sum = 0;
	for (uint32_t i = 0; i < p->count; i++) {
		p->budget[i] = budget ? budget[i] : 1;
		p->cap[i] = cap ? cap[i] : INFINITY;
		sum += p->budget[i];
	}
	for (uint32_t i = 0; i < p->count; i++) p->budget[i] /= sum;
}

static void refresh(struct problem *p)
{
	for (uint32_t i = 0; i < p->count; i++) {
		p->gradient[i] = 0;
		for (uint32_t k = 0; k < p->count; k++) p->gradient[i] += p->covariance[i][k] * p->weight[k];
	}
}

/* The best weight of one asset with all others held: the positive root of S w^2 + other w - lambda b = 0, without cancellation. */
static double best_of(const struct problem *p, uint32_t i, double lambda, bool capped)
{
	double own = p->covariance[i][i], other = p->gradient[i] - own * p->weight[i], pull = lambda * p->budget[i];
	double root = sqrt(other * other + 4 * own * pull);
	double best = other > 0 ? 2 * pull / (other + root) : (root - other) / (2 * own);
	return capped && best > p->cap[i] ? p->cap[i] : best;
}

/* One pass; the largest relative change. */
static double sweep(struct problem *p, double lambda, bool capped)
{
	double most = 0;
	for (uint32_t i = 0; i < p->count; i++) {
		double best = best_of(p, i, lambda, capped), change = best - p->weight[i], relative = fabs(change) / best;
		if (change == 0) continue;
		for (uint32_t k = 0; k < p->count; k++) p->gradient[k] += p->covariance[i][k] * change;
		p->weight[i] = best;
		if (!(relative <= most)) most = relative;
	}
	return most;
}

/* Descends until a pass moves no weight by more than `step` of itself, or only rocks on the last bits. */
static bool descend(struct problem *p, double lambda, bool capped, double step)
{
	double last = INFINITY;
	refresh(p);
	for (uint32_t pass = 0; pass < RISK_PARITY_SWEEPS_MAX; pass++) {
		double moved = sweep(p, lambda, capped);
		if (!isfinite(moved)) return false;
		if (moved <= step || (moved < 1e-13 && moved >= last)) return true;
		last = moved;
	}
	return false;
}

static double sum_of(const double *value, uint32_t count)
{
	double sum = 0;
	for (uint32_t i = 0; i < count; i++) sum += value[i];
	return sum;
}

static bool over_cap(const struct problem *p)
{
	for (uint32_t i = 0; i < p->count; i++) if (p->weight[i] > p->cap[i]) return true;
	return false;
}

/* Sum of the weights less 1, at lambda, with caps. */
static bool excess_at(struct problem *p, double lambda, double step, double *excess)
{
	if (!descend(p, lambda, true, step)) return false;
	*excess = sum_of(p->weight, p->count) - 1;
	return true;
}

/* The sum grows with lambda. Doubles until it passes 1, then false position with the Illinois rule, until it is within `enough` of 1. */
static bool find_lambda(struct problem *p, double *lambda, double step, double enough)
{
	double low = *lambda, high = *lambda, below, above;
	if (!excess_at(p, low, step, &below)) return false;
	for (above = below; above < 0; *lambda = high) {
		low = high, below = above;
		if (!excess_at(p, high *= 2, step, &above) || !isfinite(high)) return false;
	}
	for (uint32_t turn = 0; turn < RISK_PARITY_LAMBDAS_MAX && below < 0; turn++) {
		double middle = (low * above - high * below) / (above - below), excess;
		if (!(middle > low && middle < high) || !excess_at(p, middle, step, &excess)) return false;
		*lambda = middle;
		if (fabs(excess) <= enough) return true;
		if (excess < 0) low = middle, below = excess, above /= 2;
		else high = middle, above = excess, below /= 2;
	}
	return false;
}

struct newton { uint32_t count, asset[RISK_PARITY_MAX]; double root[RISK_PARITY_MAX][RISK_PARITY_MAX]; };

/* Cholesky of S + diag(lambda b / w^2) over the assets below their cap; always positive definite where S is semidefinite. */
static bool factor(const struct problem *p, double lambda, struct newton *n)
{
	for (uint32_t a = 0; a < n->count; a++) {
		uint32_t i = n->asset[a];
		for (uint32_t b = 0; b <= a; b++) {
			double value = p->covariance[i][n->asset[b]];
			if (a == b) value += lambda * p->budget[i] / (p->weight[i] * p->weight[i]);
			for (uint32_t k = 0; k < b; k++) value -= n->root[a][k] * n->root[b][k];
			if (a == b && !(value > 0)) return false;
			n->root[a][b] = a == b ? sqrt(value) : value / n->root[b][b];
		}
	}
	return true;
}

static void back_solve(const struct newton *n, double *x)
{
	for (uint32_t a = 0; a < n->count; a++) {
		for (uint32_t k = 0; k < a; k++) x[a] -= n->root[a][k] * x[k];
		x[a] /= n->root[a][a];
	}
	for (uint32_t a = n->count; a-- > 0; ) {
		for (uint32_t k = a + 1; k < n->count; k++) x[a] -= n->root[k][a] * x[k];
		x[a] /= n->root[a][a];
	}
}

/* One step of Newton for S w = lambda b / w and sum w = 1; the largest relative change, or NaN. */
static double newton_step(struct problem *p, struct newton *n, double *lambda)
{
	double slope[RISK_PARITY_MAX], pull[RISK_PARITY_MAX], sum = sum_of(p->weight, p->count), length = 1, most = 0;
	refresh(p);
	for (uint32_t a = 0; a < n->count; a++) {
		uint32_t i = n->asset[a];
		pull[a] = p->budget[i] / p->weight[i];
		slope[a] = p->gradient[i] - *lambda * pull[a];
	}
	if (!factor(p, *lambda, n)) return NAN;
	back_solve(n, slope);
	back_solve(n, pull);
	double more = (1 - sum + sum_of(slope, n->count)) / sum_of(pull, n->count);
	for (uint32_t a = 0; a < n->count; a++) {
		double relative = (pull[a] * more - slope[a]) / p->weight[n->asset[a]];
		if (relative * length < -0.9) length = -0.9 / relative;
		if (!(fabs(relative) <= most)) most = fabs(relative);
	}
	for (uint32_t a = 0; a < n->count; a++) p->weight[n->asset[a]] += length * (pull[a] * more - slope[a]);
	*lambda += length * more;
	return most;
}

/* The conditions of the optimum: below the cap the budget is carried (Newton saw to it), at the cap less than the budget. */
static bool optimal(struct problem *p, double lambda, const bool *capped)
{
	refresh(p);
	for (uint32_t i = 0; i < p->count; i++) {
		if (!(p->weight[i] > 0) || p->weight[i] > p->cap[i]) return false;
		if (capped[i] && p->gradient[i] * p->weight[i] > lambda * p->budget[i]) return false;
	}
	return true;
}

static bool finish(struct problem *p, double lambda)
{
	struct newton n = { 0 };
	bool          capped[RISK_PARITY_MAX];
	double        last = INFINITY;
	for (uint32_t i = 0; i < p->count; i++) {
		capped[i] = p->weight[i] >= p->cap[i];
		if (!capped[i]) n.asset[n.count++] = i;
	}
	for (uint32_t turn = 0; turn < NEWTON_TURNS_MAX && n.count > 0; turn++) {
		double moved = newton_step(p, &n, &lambda);
		if (!isfinite(moved)) return false;
		if (moved <= STEP_LEAST || (moved < 1e-13 && moved >= last)) return optimal(p, lambda, capped);
		last = moved;
	}
	return false;
}

static void scale_to_one(struct problem *p, double *lambda)
{
	double sum = sum_of(p->weight, p->count);
	for (uint32_t i = 0; i < p->count; i++) p->weight[i] /= sum;
	*lambda /= sum * sum;
}

static void clip(struct problem *p)
{
	for (uint32_t i = 0; i < p->count; i++) if (p->weight[i] > p->cap[i]) p->weight[i] = p->cap[i];
}

/* Without caps, to the given step of the passes; weights sum to 1. */
static bool solve_free(struct problem *p, double step, double *lambda)
{
	for (uint32_t i = 0; i < p->count; i++) p->weight[i] = 1 / sqrt(p->covariance[i][i] * p->count);
	*lambda = 1;
	if (!descend(p, 1, false, step)) return false;
	scale_to_one(p, lambda);
	return true;
}

static bool solve_roughly(struct problem *p)
{
	double lambda;
	if (!solve_free(p, ROUGH, &lambda)) return false;
	if (over_cap(p)) {
		clip(p);
		if (!find_lambda(p, &lambda, ROUGH, ROUGH)) return false;
	}
	return finish(p, lambda);
}

static bool solve_fully(struct problem *p)
{
	double lambda;
	if (!solve_free(p, STEP_LEAST, &lambda)) return false;
	if (!over_cap(p)) return true;
	clip(p);
	return find_lambda(p, &lambda, STEP_LEAST, SUM_NEAR);
}

enum risk_parity_end risk_parity(double covariance[][RISK_PARITY_MAX], uint32_t count, const double *budget, const double *cap, double *weight)
{
	struct problem       p = { .covariance = covariance, .count = count };
	enum risk_parity_end end;
	BUG_UNLESS(2060, count >= 1 && count <= RISK_PARITY_MAX);
	memset(weight, 0, count * sizeof *weight);
	load(&p, budget, cap);
	if (!sound(&p)) return RISK_PARITY_BAD_INPUT;
	if (sum_of(p.cap, count) <= 1) {
		memcpy(weight, p.cap, count * sizeof *weight);
		return RISK_PARITY_CAPS_TOO_SMALL;
	}
	end = solve_roughly(&p) || solve_fully(&p) ? RISK_PARITY_DONE : RISK_PARITY_NOT_CONVERGED;
	if (end == RISK_PARITY_DONE) memcpy(weight, p.weight, count * sizeof *weight);
	return end;
}

void risk_parity_shares(double covariance[][RISK_PARITY_MAX], uint32_t count, const double *weight, double *share)
{
	double variance = 0;
	for (uint32_t i = 0; i < count; i++) {
		share[i] = 0;
		for (uint32_t k = 0; k < count; k++) share[i] += covariance[i][k] * weight[k] * weight[i];
		variance += share[i];
	}
	for (uint32_t i = 0; i < count; i++) share[i] = variance > 0 ? share[i] / variance : 0;
}
