/* risk_parity.c - see risk_parity.h.
 *
 * A few passes of coordinate descent bring any start near; Newton's method then finishes in a handful of steps for the assets below their
 * cap. Assets it carries over their cap are held there, assets held there that ask for less are let go, until the conditions of the
 * one optimum hold. gradient[i] = (S w)[i] is carried along, so that a pass costs count^2. */
#include "strategies/portfolios/risk_parity.h"

#include <math.h>
#include <string.h>

#include "fsm/bug.h"

#define STEP_LEAST 4e-16        /* relative change of a weight that is none */
#define NEAR 0.25               /* Newton's decrement below which full steps converge */
#define FAR_LAST 1e-12          /* its square at the end: without it a vanished lambda could pass for an answer */
#define FOLLOW 0.3              /* largest relative change of a weight by one change of lambda */
#define STEP_LAST 1e-9          /* below this the end of Newton is rocking on the last bits, once a step is no smaller than the one before */

enum {
	PASSES = 8,             /* of coordinate descent, before Newton */
	NEWTON_STEPS_MAX = 500, /* far starts take tens of shortened steps, near ones five */
	SETS_MAX = 4 * RISK_PARITY_MAX, /* sets of held assets tried; a few are usual */
};

struct problem {
	double (*covariance)[RISK_PARITY_MAX];
	uint32_t count;
	double   budget[RISK_PARITY_MAX], cap[RISK_PARITY_MAX], weight[RISK_PARITY_MAX], gradient[RISK_PARITY_MAX];
	bool     held[RISK_PARITY_MAX];        /* at its cap */
	double   lambda;
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

/* The best weight of one asset with all others as they are: the positive root of S w^2 + other w - b = 0, without cancellation. */
static double best_of(const struct problem *p, uint32_t i)
{
	double own = p->covariance[i][i], other = p->gradient[i] - own * p->weight[i], pull = p->budget[i];
	double root = sqrt(other * other + 4 * own * pull);
	return other > 0 ? 2 * pull / (other + root) : (root - other) / (2 * own);
}

static void descend(struct problem *p)
{
	for (uint32_t i = 0; i < p->count; i++) p->weight[i] = 1 / sqrt(p->covariance[i][i] * p->count);
	refresh(p);
	for (uint32_t at = 0; at < PASSES * p->count; at++) {
		uint32_t i = at % p->count;
		double   best = best_of(p, i), change = best - p->weight[i];
		for (uint32_t k = 0; k < p->count; k++) p->gradient[k] += p->covariance[i][k] * change;
		p->weight[i] = best;
	}
}

static double sum_of(const double *value, uint32_t count)
{
	double sum = 0;
	for (uint32_t i = 0; i < count; i++) sum += value[i];
	return sum;
}

struct newton { uint32_t count, asset[RISK_PARITY_MAX]; double far, root[RISK_PARITY_MAX][RISK_PARITY_MAX]; };

/* Cholesky of S + diag(lambda b / w^2) over the assets below their cap; always positive definite where S is semidefinite. */
static bool factor(const struct problem *p, struct newton *n)
{
	for (uint32_t a = 0; a < n->count; a++) {
		uint32_t i = n->asset[a];
		for (uint32_t b = 0; b <= a; b++) {
			double value = p->covariance[i][n->asset[b]];
			if (a == b) value += p->lambda * p->budget[i] / (p->weight[i] * p->weight[i]);
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

/* The change of lambda that makes the sum 1, cut where it would move a weight by more than a share that Newton can follow. */
static double lambda_step(const struct problem *p, const struct newton *n, const double *slope, const double *pull)
{
	double more = (1 - sum_of(p->weight, p->count) + sum_of(slope, n->count)) / sum_of(pull, n->count);
	for (uint32_t a = 0; a < n->count; a++) {
		double moved = fabs(pull[a] * more) / p->weight[n->asset[a]];
		if (moved > FOLLOW) more *= FOLLOW / moved;
	}
	return more;
}

/* One step of Newton for S w = lambda b / w and sum w = 1; the largest relative change, or NaN. Far from the answer for this lambda (by
 * Newton's decrement) it holds lambda and shortens the step, which cannot fail for a self-concordant function. */
static double newton_step(struct problem *p, struct newton *n)
{
	double slope[RISK_PARITY_MAX], pull[RISK_PARITY_MAX], raw[RISK_PARITY_MAX], least = INFINITY, most = 0;
	refresh(p);
	for (uint32_t a = 0; a < n->count; a++) {
		uint32_t i = n->asset[a];
		pull[a] = p->budget[i] / p->weight[i];
		raw[a] = slope[a] = p->gradient[i] - p->lambda * pull[a];
		if (p->budget[i] < least) least = p->budget[i];
	}
	if (!factor(p, n)) return NAN;
	back_solve(n, slope);
	back_solve(n, pull);
	n->far = 0;
	for (uint32_t a = 0; a < n->count; a++) n->far += raw[a] * slope[a] / (p->lambda * least);
	double length = sqrt(n->far) > NEAR ? 1 / (1 + sqrt(n->far)) : 1;
	double more = length < 1 || n->count == p->count ? 0 : lambda_step(p, n, slope, pull);
	for (uint32_t a = 0; a < n->count; a++) {
		double change = length * (pull[a] * more - slope[a]), relative = fabs(change) / p->weight[n->asset[a]];
		p->weight[n->asset[a]] += change;
		if (!(relative <= most)) most = relative;
	}
	p->lambda += more;
	return most;
}

static void scale_to_one(struct problem *p)
{
	double sum = sum_of(p->weight, p->count);
	for (uint32_t i = 0; i < p->count; i++) p->weight[i] /= sum;
	p->lambda /= sum * sum;
}

static bool newton(struct problem *p)
{
	struct newton n = { 0 };
	double        last = INFINITY;
	for (uint32_t i = 0; i < p->count; i++) if (!p->held[i]) n.asset[n.count++] = i;
	if (n.count == 0) return false;
	for (uint32_t step = 0; step < NEWTON_STEPS_MAX; step++) {
		double moved = newton_step(p, &n);
		if (!isfinite(moved)) return false;
		if (n.far <= FAR_LAST && (moved <= STEP_LEAST || (moved < STEP_LAST && moved >= last))) return true;
		last = moved;
	}
	return false;
}

/* Holds what is over its cap, all or the worst alone, and leaves to the others what is left; false where nothing is over. */
static bool hold(struct problem *p, bool alone)
{
	double left = 1, loose = 0, worst = 1;
	for (uint32_t i = 0; i < p->count; i++) if (!p->held[i] && p->weight[i] > worst * p->cap[i]) worst = p->weight[i] / p->cap[i];
	if (!(worst > 1)) return false;
	for (uint32_t i = 0; i < p->count; i++) {
		if (!p->held[i] && p->weight[i] >= (alone ? worst * (1 - STEP_LAST) : 1) * p->cap[i]) {
			p->held[i] = true;
			p->weight[i] = p->cap[i];
		}
		if (p->held[i]) left -= p->weight[i];
		else loose += p->weight[i];
	}
	for (uint32_t i = 0; i < p->count; i++) if (!p->held[i]) p->weight[i] *= left / loose;
	return true;
}

/* At its cap an asset carries less than its budget. Lets go the one that carries most too much; false where there is none. */
static bool let_go(struct problem *p)
{
	double   most = 0;
	uint32_t which = p->count;
	refresh(p);
	for (uint32_t i = 0; i < p->count; i++) {
		double excess = p->gradient[i] * p->weight[i] / (p->lambda * p->budget[i]) - 1;
		if (p->held[i] && excess > most) most = excess, which = i;
	}
	if (which < p->count) p->held[which] = false;
	return which < p->count;
}

/* Without held assets the sum is free: lambda only scales the weights. */
static bool solve(struct problem *p, bool alone)
{
	memset(p->held, 0, sizeof p->held);
	descend(p);
	p->lambda = 1;
	if (!newton(p)) return false;
	scale_to_one(p);
	if (!hold(p, alone)) return true;
	for (uint32_t set = 0; set < SETS_MAX; set++) {
		if (!newton(p)) return false;
		if (!hold(p, alone) && !let_go(p)) return true;
	}
	return false;
}

enum risk_parity_end risk_parity(double covariance[][RISK_PARITY_MAX], uint32_t count, const double *budget, const double *cap, double *weight)
{
	struct problem p = { .covariance = covariance, .count = count };
	BUG_UNLESS(2060, count >= 1 && count <= RISK_PARITY_MAX);
	memset(weight, 0, count * sizeof *weight);
	load(&p, budget, cap);
	if (!sound(&p)) return RISK_PARITY_BAD_INPUT;
	if (sum_of(p.cap, count) <= 1) {
		memcpy(weight, p.cap, count * sizeof *weight);
		return RISK_PARITY_CAPS_TOO_SMALL;
	}
	if (!solve(&p, false) && !solve(&p, true)) return RISK_PARITY_NOT_CONVERGED;
	memcpy(weight, p.weight, count * sizeof *weight);
	return RISK_PARITY_DONE;
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
