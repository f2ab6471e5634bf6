/* signal.h - what a strategy is: it reads the market of this turn and says, asset by asset, what it would do and how sure it is.
 *
 * Contract of a strategy
 *   One file, strategies/signals/NAME.c, that ends with `const struct strategy NAME_strategy = { ... };`, and one line in STRATEGIES.
 *   Pure: it sees its own state, its settings and the market; it has no clock, no memory but its state, no globals.
 *   Its state is a plain struct without pointers of at most STRATEGY_STATE_MAX bytes, checked at compile time by STRATEGY_STATE; the
 *   owner (analyst) gives it room aligned for a double, and may copy, hash and store it as bytes.
 *   init(state, setting) makes a fresh state. step(state, setting, market, out) is called once a turn, in time order, and fills out[i]
 *   for asset i; the rows arrive as HOLD, confidence 0, reason NONE. Run it with strategy_step, which also applies the regime.
 *   Too little history is said, not guessed: bars_seen < bars_needed, reason WARMING_UP, HOLD ("warming up, 143 of 200").
 *
 * Units
 *   confidence      0..1; 0.5 is a bare rule, 1 is as far beyond it as the strategy looks
 *   target_weight   share of the portfolio, 0..1 (pairs and carry: -1..1, a leg may be short); counts only where grade is not HOLD,
 *                   because HOLD means: keep what there is
 *   vix             index points; NaN where nobody knows it
 *
 * Sources: document 04 §4.3.2 for grades and the VIX filter; each strategy names its paper. */
#ifndef STRATEGIES_SIGNALS_SIGNAL_H
#define STRATEGIES_SIGNALS_SIGNAL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fsm/event.h"
#include "strategies/factors/factors.h"
#include "strategies/factors/price.h"

/* One line a strategy. */
#define STRATEGIES(X)           \
	X(momentum)             \
	X(mean_reversion)       \
	X(bollinger)            \
	X(volatility)           \
	X(pairs)                \
	X(pca)                  \
	X(jump_diffusion)       \
	X(cross_sectional)      \
	X(carry)                \
	X(rotation)

/* Ordered from out to in, so that they compare. */
#define GRADES(X)                          \
	X(STRONG_SELL, "STRONG_SELL")      \
	X(SELL,        "SELL")             \
	X(HOLD,        "HOLD")             \
	X(BUY,         "BUY")              \
	X(STRONG_BUY,  "STRONG_BUY")

/* A boundary belongs to the higher regime: VIX 30.0 is HIGH_VOL. */
#define REGIMES(X)                         \
	X(NORMAL,   "NORMAL",   0.0)       \
	X(ELEVATED, "ELEVATED", 20.0)      \
	X(HIGH_VOL, "HIGH_VOL", 30.0)      \
	X(EXTREME,  "EXTREME",  40.0)

#define REASONS(X)                                                                          \
	X(NONE,              "no rule applies")                                             \
	X(WARMING_UP,        "too little history yet")                                      \
	X(NO_BAR,            "no new bar for this asset")                                   \
	X(REDUCE_ONLY,       "extreme volatility: only reductions")                         \
	X(MOMENTUM_STRONG,   "strong momentum above the 50 and 200 day averages")           \
	X(MOMENTUM_UP,       "momentum above the 20 day average")                           \
	X(MOMENTUM_DOWN,     "negative momentum")                                           \
	X(BELOW_SMA_50,      "price below its 50 day average")                              \
	X(MOMENTUM_BROKEN,   "strongly negative momentum below the 200 day average")        \
	X(OVERSOLD,          "price far below its mean and oversold")                       \
	X(OVERBOUGHT,        "price far above its mean and overbought")                     \
	X(BACK_AT_MEAN,      "price is back at its mean")                                   \
	X(BELOW_BAND,        "close below the lower Bollinger band")                        \
	X(ABOVE_BAND,        "close above the upper Bollinger band")                        \
	X(BREAKOUT_UP,       "close rose by more than its true range allows")               \
	X(BREAKOUT_DOWN,     "close fell by more than its true range allows")               \
	X(CALM_TREND,        "volatility falls while the price stands above its average")   \
	X(VOLATILITY_RISES,  "volatility rises fast")                                       \
	X(PAIR_CHEAP,        "cheap against its cointegrated partner")                      \
	X(PAIR_RICH,         "rich against its cointegrated partner")                       \
	X(PAIR_CLOSED,       "the spread of the pair has closed or broken")                 \
	X(RESIDUAL_CHEAP,    "cheap against its eigen-portfolios")                          \
	X(RESIDUAL_RICH,     "rich against its eigen-portfolios")                           \
	X(JUMP_DOWN,         "the last return was a jump down")                             \
	X(JUMP_UP,           "the last return was a jump up: not chased")                   \
	X(JUMP_DIFFUSION_UP, "jump diffusion pays for its risk")                            \
	X(JUMP_DIFFUSION_DOWN, "jump diffusion does not pay for its risk")                  \
	X(TOP_RANK,          "among the best twelve-month returns, above its 200 day average") \
	X(BOTTOM_RANK,       "among the worst twelve-month returns")                        \
	X(BELOW_SMA_200,     "price below its 200 day average")                             \
	X(DEFENCE,           "most of the best are below their 200 day average: safe havens only") \
	X(CARRY_PAYS,        "funding pays for holding spot against the perpetual")         \
	X(CARRY_ENDED,       "funding has turned")                                          \
	X(CARRY_PAUSED,      "funding swings far more than it used to")                     \
	X(NO_FUNDING,        "no funding rate for this asset")                              \
	X(ROTATED_IN,        "selected: its share of equal risk")                           \
	X(ROTATED_OUT,       "no longer selected")

enum grade {
#define X(NAME, text) GRADE_##NAME,
	GRADES(X)
#undef X
	GRADE_COUNT
};

enum regime {
#define X(NAME, text, vix) REGIME_##NAME,
	REGIMES(X)
#undef X
	REGIME_COUNT
};

enum reason {
#define X(NAME, text) REASON_##NAME,
	REASONS(X)
#undef X
	REASON_COUNT
};

enum strategy_id {
#define X(name) STRATEGY_##name,
	STRATEGIES(X)
#undef X
	STRATEGY_COUNT
};

enum {
	ASSETS_MAX = 32,                        /* assets of one universe */
	STRATEGY_STATE_MAX = 176 * 1024,        /* bytes of one strategy's state */
	SETTINGS_MAX = 12,                      /* numbers a strategy lets people change */
};

struct signal {
	double   confidence, target_weight;
	uint32_t bars_seen, bars_needed;
	uint16_t asset;
	uint8_t  grade, reason, regime, strategy;       /* enum grade, reason, regime, strategy_id */
};

/* What an asset is for. */
enum asset_role {
	ROLE_SAFE_HAVEN = 1,            /* where defence mode goes: GLD, TLT */
};

/* The funding rates of a perpetual, a share per eight hours each: how many there have been, the last of them in a ring. A turn may bring several
 * (three a day); who reads less often than every FUNDING_KEPT rates misses the oldest. */
enum { FUNDING_KEPT = 16 };
struct funding { uint64_t rates_seen; double rate_8h[FUNDING_KEPT]; };
static inline void funding_add(struct funding *funding, double rate_8h) { funding->rate_8h[funding->rates_seen++ % FUNDING_KEPT] = rate_8h; }

/* One asset of this turn: its last known bar and factors; fresh is the owner's mark that they are of this turn. Strategies do not rely on it:
 * a bar is new to a strategy when bars_seen has grown since it last read one (struct news), so a turn may bring some assets, all, or none,
 * and a turn without news repeats what was said. The bars of a day should come in one turn for all assets of one calendar. */
struct asset_view {
	bool              fresh;
	uint32_t          roles;                        /* asset_role, or-ed */
	struct factor_bar bar;
	struct factor_row factors;
};

struct market {
	int32_t           day;          /* days since 1970-01-01 */
	double            vix;
	uint32_t          assets;       /* <= ASSETS_MAX; an asset keeps its index for the life of the states */
	struct asset_view asset[ASSETS_MAX];
	struct funding    funding[ASSETS_MAX][FUNDING_VENUES];
};

/* A number people may change: its default, its bounds, and what it does. */
struct setting { const char *name; double value, least, most; const char *why; };

typedef void strategy_init_fn(void *state, const double *setting);
typedef void strategy_step_fn(void *state, const double *setting, const struct market *market, struct signal *out);

struct strategy {
	const char           *name, *paper, *needs;
	uint32_t              state_bytes, settings;
	const struct setting *setting;
	strategy_init_fn     *init;
	strategy_step_fn     *step;
};

/* The size of a state, refused at compile time when over. */
#define STRATEGY_STATE(type) \
	(sizeof(struct { type state; _Static_assert(sizeof(type) <= STRATEGY_STATE_MAX, "keep less history or raise STRATEGY_STATE_MAX"); }) \
	? (uint32_t)sizeof(type) : 0)

#define X(name) extern const struct strategy name##_strategy;
STRATEGIES(X)
#undef X

/* The table. An id outside it is a bug (2030). */
const struct strategy *strategy_of(enum strategy_id id);
/* Fills setting[SETTINGS_MAX] with the defaults. */
void strategy_settings(const struct strategy *strategy, double *setting);
/* The index of the first setting outside its bounds, or -1. */
int32_t strategy_settings_wrong(const struct strategy *strategy, const double *setting);
/* One turn of one strategy: out[0..assets) is filled, with the regime applied. state: state_bytes, made by init. */
void strategy_step(enum strategy_id id, void *state, const double *setting, const struct market *market, struct signal *out);

const char *grade_text(enum grade grade);
const char *regime_text(enum regime regime);
const char *reason_text(enum reason reason);

/* A VIX nobody knows (NaN, or not above zero) is EXTREME: we prefer stopping to guessing. */
enum regime regime_from_vix(double vix);
/* Document 04 §4.3.2: HIGH_VOL halves the confidence; EXTREME turns BUY and STRONG_BUY into HOLD and leaves reductions as sure as they were. */
void signal_apply_regime(struct signal *signal, enum regime regime);

/* What a strategy has read of each asset; a part of its state, zero at the start. */
struct news { uint64_t bars_read[ASSETS_MAX]; };

/* True once for each new bar of an asset. */
static inline bool news_of(struct news *news, const struct market *market, uint32_t asset)
{
	uint64_t bars = market->asset[asset].factors.bars_seen;
	bool     is_new = bars != news->bars_read[asset];
	news->bars_read[asset] = bars;
	return is_new;
}
/* True once for each row of a table of daily prices: when more than half of the assets known so far have a bar that was not read (so a
 * Sunday of Bitcoin alone is none). Then all count as read. */
bool news_row(struct news *news, const struct market *market);

static inline bool signal_is_warm(const struct signal *signal) { return signal->bars_seen >= signal->bars_needed; }

/* For strategies: the three ways a row is said. They are asked for each asset and turn, and so are part of their callers. */
static inline void signal_say(struct signal *signal, enum grade grade, enum reason reason, double confidence, double target_weight)
{
	signal->grade = (uint8_t)grade;
	signal->reason = (uint8_t)reason;
	signal->confidence = confidence;
	signal->target_weight = target_weight;
}

/* True where bars_seen < bars_needed, and the row then says so. */
static inline bool signal_warming(struct signal *signal, uint64_t bars_seen, uint32_t bars_needed)
{
	signal->bars_seen = bars_seen < UINT32_MAX ? (uint32_t)bars_seen : UINT32_MAX;
	signal->bars_needed = bars_needed;
	if (signal_is_warm(signal)) return false;
	signal_say(signal, GRADE_HOLD, REASON_WARMING_UP, 0, 0);
	return true;
}

/* How far value lies on the way from `from` to `to`, 0..1. */
static inline double signal_reach(double value, double from, double to)
{
	double way = (value - from) / (to - from);
	return way > 1 ? 1 : way > 0 ? way : 0;
}

#endif
