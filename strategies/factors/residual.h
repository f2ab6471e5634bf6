/* residual.h - what an asset did beyond its market: residuals of the leading eigen-portfolios and their s-scores
 * (Avellaneda and Lee, "Statistical arbitrage in the US equities market", Quantitative Finance 10, 2010).
 *
 *     correlation matrix of the returns of `days` days -> its leading eigenvectors v[j]
 *     eigen-portfolio j holds v[j][i] / deviation[i] of asset i; its return is F[j] = sum v[j][i] / deviation[i] * R[i]     (eq. 9)
 *     R[i] = b0 + sum b[j] F[j] + e                                             least squares over the last `window` days
 *     X[k] = e[1] + ... + e[k],   X[k+1] = a + b X[k] + z                       an Ornstein-Uhlenbeck process
 *     kappa = -ln(b) annual_days,  m = a / (1 - b),  sigma = sqrt(var(z) / (1 - b^2))
 *     s = (X[window] - (m - mean of all m)) / sigma,  X[window] = 0             (appendix A; centred means)
 *
 * s far below 0: cheap against its market. A score is valid where 0 < b < 1 and more than 1e-6 is left of R[i] beside its factors, and of X beside
 * its past; with less, what is left is rounding. Reference: scikit-learn PCA of standardised returns and statsmodels OLS, 1e-9. Sign of an
 * eigenvector does not matter: it cancels in b F.
 *
 * All is made of the sums of residual_window.h, four assets to a vector, by X[window] = 0 and
 *     2 sum X[k] X[k+1] = sum X[k]^2 + sum X[k+1]^2 - sum e[k+1]^2
 * Returns of assets that are no members must be finite; they are summed and not used. */
#ifndef STRATEGIES_FACTORS_RESIDUAL_H
#define STRATEGIES_FACTORS_RESIDUAL_H
#include "strategies/factors/residual_parts.h"
#include "strategies/factors/residual_window.h"

enum {
	RESIDUAL_FACTORS_MAX = COLUMNS_MAX - 1, /* one column of the regression is the constant */
};

struct residual_model {
	uint32_t members, factors;
	uint16_t member[EIGEN_MAX];
	double   explained;                                             /* share of the variance the factors carry, 0..1 */
	double   weight[EIGEN_MAX][COLUMNS_MAX];                        /* of asset i in eigen-portfolio j: [i][1 + j]; 0 for who is no member */
	struct residual_parts parts;                                    /* of the table it was made of */
	struct residual_tails tails;                                    /* of the windows that are scored */
};

/* Valid: of members only, and as above. */
struct residual_score { bool valid; double s, b, m, sigma; };

/* Returns: day by day in any order, EIGEN_MAX apart, as many as in the last call; member: the assets behind the model, ascending. Rows that were
 * written since the last call are told to residual_parts_written; a model that is all zeros has seen none. False where an asset stands still or a
 * value is not finite. Sizes outside 2..EIGEN_MAX members, 1..min(RESIDUAL_FACTORS_MAX, members) factors, 2..RESIDUAL_DAYS_MAX days are a bug
 * (2053, 2058). */
bool residual_fit(struct residual_model *model, double returns[][EIGEN_MAX], uint32_t days, const uint16_t *member, uint32_t members,
	uint32_t factors);
/* One day of the eigen-portfolios: 1, then their returns, then 0. */
void residual_factors(const struct residual_model *model, const double *returns, double *factors);
/* Scores by asset, over the `window` days of the ring from row `first` on. Windows of one model are asked for in the order of time, and days that
 * were in one stay as they were. A window outside factors + 3 or RESIDUAL_WINDOW_LEAST..RESIDUAL_WINDOW_MAX or beyond the ring is a bug (2054, 3941). */
void residual_scores(struct residual_model *model, const struct residual_ring *ring, uint32_t first, uint32_t window,
	struct residual_score score[EIGEN_MAX]);
/* Of a valid score. */
double residual_kappa(const struct residual_score *score, uint32_t annual_days);

#endif
