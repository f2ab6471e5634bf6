/* factors.h - the factors of one symbol, fed one bar at a time: the row `tickwork factors` prints and the strategies read.
 *
 * FACTORS is the one list: name, and the bars it needs before it says anything. sma, ema, rsi, atr and zscore read the split-adjusted
 * close, high and low; momentum and volatility read adj_close (dividends included). Definitions: the header of each factor.
 *
 * Owner: one struct factors a symbol, by whoever feeds it (analyst). About 14 kB, no pointer inside: it may be copied as bytes. */
#ifndef STRATEGIES_FACTORS_FACTORS_H
#define STRATEGIES_FACTORS_FACTORS_H
#include "strategies/factors/atr.h"
#include "strategies/factors/ema.h"
#include "strategies/factors/momentum.h"
#include "strategies/factors/rsi.h"
#include "strategies/factors/sma.h"
#include "strategies/factors/volatility.h"
#include "strategies/factors/zscore.h"

/*        NAME            name           bars needed */
#define FACTORS(X)                                       \
	X(SMA_20,         sma_20,         20)            \
	X(SMA_50,         sma_50,         50)            \
	X(SMA_200,        sma_200,        200)           \
	X(EMA_20,         ema_20,         20)            \
	X(RSI_14,         rsi_14,         14 + 1)        \
	X(ATR_14,         atr_14,         14 + 1)        \
	X(MOMENTUM_60,    momentum_60,    60 + 1)        \
	X(MOMENTUM_120,   momentum_120,   120 + 1)       \
	X(VOLATILITY_20,  volatility_20,  20 + 1)        \
	X(VOLATILITY_60,  volatility_60,  60 + 1)        \
	X(ZSCORE_20,      zscore_20,      20)

enum factor {
#define X(NAME, name, bars) FACTOR_##NAME,
	FACTORS(X)
#undef X
	FACTOR_COUNT
};

/* One bar. Prices split-adjusted and sound (price.h), low <= open, close <= high is not asked (feeds round); high >= low is.
 * adj_close also takes dividends out. Volume is 0 or more, finite. */
struct factor_bar { double open, high, low, close, adj_close, volume; };

/* value[f] counts only where ready[f]; before that it is 0. */
struct factor_row { uint64_t bars_seen; double value[FACTOR_COUNT]; bool ready[FACTOR_COUNT]; };

struct factors {
	uint64_t          bars_seen;
	struct sma        sma_20, sma_50, sma_200;
	struct ema        ema_20;
	struct rsi        rsi_14;
	struct atr        atr_14;
	struct momentum   momentum_60, momentum_120;
	struct volatility volatility_20, volatility_60;
	struct zscore     zscore_20;
};

/* annual_days: 252, or 365 for what trades every day. */
void factors_init(struct factors *factors, uint32_t annual_days);
/* False, and nothing changes, for a bar that is not sound. */
bool factors_push(struct factors *factors, const struct factor_bar *bar);
void factors_row(const struct factors *factors, struct factor_row *row);

bool        factor_bar_is_sound(const struct factor_bar *bar);
const char *factor_name(enum factor factor);
uint32_t    factor_bars_needed(enum factor factor);

#endif
