/* correlation.h - do the assets still diversify: document 04 section 4.3.5.
 *
 * From the last returns of each asset (60 days there) the Pearson correlation of every pair (numpy.corrcoef), then three figures:
 *   pairs_high      pairs above CORRELATION_PAIR: the pair's combined weight cap is reduced
 *   average         mean over the pairs, above CORRELATION_AVERAGE: level 1
 *   all_together    every pair above CORRELATION_TOGETHER: all assets go in one direction, level 2
 *
 * An asset whose price did not move has no correlation: its pairs are left out of the figures (counted in pairs_unknown), since a zero would
 * hide what the others do. all_together needs at least one known pair. Thresholds are "more than", as in the document. Values must be finite. */
#ifndef STRATEGIES_RISK_CORRELATION_H
#define STRATEGIES_RISK_CORRELATION_H
#include <stdbool.h>
#include <stdint.h>

enum { CORRELATION_ASSETS_MAX = 64, CORRELATION_WINDOW = 60 };
#define CORRELATION_PAIR 0.7
#define CORRELATION_AVERAGE 0.5
#define CORRELATION_TOGETHER 0.8

/* Symmetric, 1 on the diagonal; 0 and not known where an asset did not move. The caller owns it (33 kB). */
struct correlation_matrix {
	uint32_t assets;
	bool     known[CORRELATION_ASSETS_MAX];      /* this asset moved */
	double   pair[CORRELATION_ASSETS_MAX][CORRELATION_ASSETS_MAX];
};

struct correlation_figures {
	uint32_t pairs, pairs_unknown, pairs_high;
	double   average, highest, lowest;           /* over the known pairs; 0 when there is none */
	uint32_t highest_a, highest_b;
	bool     average_high, all_together;
};

/* returns[asset x stride + day], days long; at most CORRELATION_ASSETS_MAX assets. */
void correlation_fill(struct correlation_matrix *matrix, const double *returns, uint32_t assets, uint32_t stride, uint32_t days);
struct correlation_figures correlation_figures(const struct correlation_matrix *matrix);

#endif
