/* extended.h - the factors of one symbol beside those of factors.h: asked for by name, fed one bar at a time.
 *
 * EXTENDED is the one list: name, and the bars it needs. Definitions: the header of each factor.
 *
 *   momentum_12_1, momentum_12_1_summed          of adj_close                                        momentum_12_1.h
 *   bollinger_upper_20 .. bandwidth_20           bands of the close, 2 population deviations         bollinger.h
 *   vwap_20                                      of high, low, close and volume                      vwap.h
 *   ewm_volatility                               of adj_close, lambda 0.94, a year                   ewm.h
 *   realised_20, bipower_20, jump_share_20       of log returns of adj_close                         bipower.h
 *   correlation_60, covariance_60                of simple adj_close returns with those of another   correlation.h
 *                                                symbol, over the days on which both have a bar
 *
 * Owner: whoever feeds it, one a symbol. About 22 kB, no pointer inside. */
#ifndef STRATEGIES_FACTORS_EXTENDED_H
#define STRATEGIES_FACTORS_EXTENDED_H
#include "strategies/factors/bipower.h"
#include "strategies/factors/bollinger.h"
#include "strategies/factors/correlation.h"
#include "strategies/factors/ewm.h"
#include "strategies/factors/factors.h"
#include "strategies/factors/momentum_12_1.h"
#include "strategies/factors/vwap.h"

/*        NAME                    name                     bars needed */
#define EXTENDED_FACTORS(X)                                                    \
	X(MOMENTUM_12_1,          momentum_12_1,           252 + 1)            \
	X(MOMENTUM_12_1_SUMMED,   momentum_12_1_summed,    252 + 1)            \
	X(BOLLINGER_UPPER_20,     bollinger_upper_20,      20)                 \
	X(BOLLINGER_MIDDLE_20,    bollinger_middle_20,     20)                 \
	X(BOLLINGER_LOWER_20,     bollinger_lower_20,      20)                 \
	X(PERCENT_B_20,           percent_b_20,            20)                 \
	X(BANDWIDTH_20,           bandwidth_20,            20)                 \
	X(VWAP_20,                vwap_20,                 20)                 \
	X(EWM_VOLATILITY,         ewm_volatility,          1 + 1)              \
	X(REALISED_20,            realised_20,             20 + 1)             \
	X(BIPOWER_20,             bipower_20,              20 + 1)             \
	X(JUMP_SHARE_20,          jump_share_20,           20 + 1)             \
	X(CORRELATION_60,         correlation_60,          60 + 1)             \
	X(COVARIANCE_60,          covariance_60,           60 + 1)

enum extended_factor {
#define X(NAME, name, bars) EXTENDED_##NAME,
	EXTENDED_FACTORS(X)
#undef X
	EXTENDED_COUNT
};

/* value[f] counts only where ready[f]; before that it is 0. */
struct extended_row { double value[EXTENDED_COUNT]; bool ready[EXTENDED_COUNT]; };

struct extended {
	struct momentum_12_1 year;
	struct bollinger     bands;
	struct vwap          vwap;
	struct ewm           ewm;
	struct bipower       bipower;
	struct correlation   pairs;
	double               last_mine, last_other;        /* 0: no pair yet */
};

/* annual_days: 252, or 365 for what trades every day. */
void extended_init(struct extended *extended, uint32_t annual_days);
/* other_adj_close: of the symbol to correlate with, on the same day; 0 where it has no bar. False, and nothing changes, for a bar that is
 * not sound. */
bool extended_push(struct extended *extended, const struct factor_bar *bar, double other_adj_close);
void extended_row(const struct extended *extended, struct extended_row *row);

const char *extended_name(enum extended_factor factor);

#endif
