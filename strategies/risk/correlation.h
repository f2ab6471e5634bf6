/* correlation.h - do the assets still diversify: document 04 section 4.3.5, row R3.
 *
 * A window holds the last CORRELATION_WINDOW daily returns of each asset (60 there) and the sums over every pair of them; a day is one push, at
 * a price that does not depend on the window. Returns are whole 1e-7 within +-CORRELATION_RETURN_ONE, so every sum is a whole number below 2^53,
 * exact in doubles, and nothing drifts though days are subtracted again; only the last step rounds:
 *
 *     r = (n sum xy - sum x sum y) / sqrt((n sum xx - (sum x)^2) (n sum yy - (sum y)^2))      Pearson; pandas rolling(n).corr(), 1e-12
 *
 * An asset is known when the last CORRELATION_WINDOW pushes all knew its return and they were not all equal: one that stands still is correlated
 * with nothing, and a zero would hide what the others do. A pair is known when both are. Four pairs at a time (strategies/factors/four.h). Pure. */
#ifndef STRATEGIES_RISK_CORRELATION_H
#define STRATEGIES_RISK_CORRELATION_H
#include "fsm/event.h"
#include "fsm/settings.h"
#include "strategies/factors/four.h"

enum { CORRELATION_WINDOW = 60, CORRELATION_RETURN_ONE = 10000000, CORRELATION_WIDTH = (UNIVERSE_N + LANES - 1) / LANES * LANES };
_Static_assert((INT64_C(1) << 53) / CORRELATION_RETURN_ONE / CORRELATION_RETURN_ONE >= CORRELATION_WINDOW, "sums are exact");
_Static_assert(UNIVERSE_N <= 64, "a set of assets has 64 bits");
_Static_assert(UNIVERSE_N * (UNIVERSE_N - 1) / 2 <= 64 * CORRELATION_WORDS, "fsm/event.h: raise CORRELATION_WORDS");

struct correlation_window {
	double   product[UNIVERSE_N][CORRELATION_WIDTH], sum[CORRELATION_WIDTH];        /* over the window, of 1e-7; product symmetric */
	int32_t  return_e7[CORRELATION_WINDOW][CORRELATION_WIDTH];
	uint32_t run[UNIVERSE_N];                                                       /* pushes in a row that knew this return */
	uint64_t at;
};

/* Symmetric, 1 on the diagonal of what is known; 0 where a pair is not. */
struct correlation_matrix {
	uint64_t known;        /* bit an asset */
	double   pair[UNIVERSE_N][CORRELATION_WIDTH];
};

/* Over the known pairs of some assets; 0 when there is none. highest_a < highest_b, the first of equals. */
struct correlation_figures {
	uint32_t assets, pairs, highest_a, highest_b;
	double   average, highest, lowest;
};

/* A day: the return of each asset (beyond the bound it counts as the bound), and which of them are known (bit each). */
void correlation_window_push(struct correlation_window *window, const int64_t return_e7[static UNIVERSE_N], uint64_t known);
void correlation_of(const struct correlation_window *window, struct correlation_matrix *matrix);
/* Of the assets in this set. */
struct correlation_figures correlation_figures(const struct correlation_matrix *matrix, uint64_t assets);
/* Of each asset those it moves with: above this correlation. */
void correlation_sets(const struct correlation_matrix *matrix, double above, uint64_t with[static UNIVERSE_N]);

/* The sets as bits of pairs and back: what travels in an event. */
void correlation_pack(const uint64_t with[static UNIVERSE_N], uint64_t pair[static CORRELATION_WORDS]);
void correlation_unpack(const uint64_t pair[static CORRELATION_WORDS], uint64_t with[static UNIVERSE_N]);

#endif
