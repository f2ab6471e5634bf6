/* settings.h - config.h made into enumerators, proven, and the few values that a machine may tighten at boot.
 *
 * CFG_name is the compiled value. struct settings holds what is in force: the compiled values, tightened by HOME/tickwork.conf
 * in BOOT. Workers get a pointer-free copy at init and the first journal record carries it, so a replay decides by the same
 * numbers. Rows P18, D1. */
#ifndef FSM_SETTINGS_H
#define FSM_SETTINGS_H
#include "config.h"
#include "fsm/units.h"

enum settings_tighten { SETTINGS_LOWER, SETTINGS_RAISE, SETTINGS_FIXED };
enum asset_class { ASSET_ETF, ASSET_HAVEN, ASSET_CRYPTO, ASSET_INDEX, ASSET_CLASSES_N };

// clang-format off
#define CFG_VALUE(name, value, min, max, unit, tighten, why) CFG_##name = (value),
enum { CONFIG(CFG_VALUE) CFG_VALUES_END };
#define CFG_INDEX(name, value, min, max, unit, tighten, why) SETTING_##name,
enum setting_id { CONFIG(CFG_INDEX) SETTINGS_N };
#define CFG_PROOF(name, value, min, max, unit, tighten, why) \
	_Static_assert((min) >= 0, "config.h: " #name " has a bound below zero, and no size, time or share is negative"); \
	_Static_assert((min) <= (value) && (value) <= (max), "config.h: " #name " is out of its bounds (" why ")");
CONFIG(CFG_PROOF)

/* Settings that mean something only in this order: of the built-in values a proof, of what a machine's file makes of them a rule at boot.
 *        lesser                     is   in words         greater                   else */
#define SETTINGS_ORDERS(X)                                                                                                                       \
	X(drawdown_level1_bp,        <,   "stay below",    drawdown_level2_bp,       "a risk level below the one before it is never seen")       \
	X(drawdown_level2_bp,        <,   "stay below",    drawdown_level3_bp,       "a risk level below the one before it is never seen")       \
	X(drawdown_level3_bp,        <,   "stay below",    drawdown_level4_bp,       "a risk level below the one before it is never seen")       \
	X(reduce_level2_bp,          <=,  "not exceed",    reduce_level3_bp,         "a higher risk level would sell less")                      \
	X(confidence_min_bp,         <=,  "not exceed",    confidence_level1_bp,     "risk level 1 would ask for less confidence than a calm day") \
	X(correlation_average_bp,    <=,  "not exceed",    correlation_all_bp,       "risk level 2 would come before level 1")                   \
	X(credits_reports,           <,   "stay below",    credits_max,              "a report would wait for ever")                             \
	X(credits_copies,            <,   "stay below",    credits_max,              "a copy of the books would wait for ever")                  \
	X(order_timeout_ms,          <=,  "not exceed",    venue_dead_after_ms,      "an order would be given up before it is asked for")        \
	X(momentum_low_bp,           <,   "stay below",    momentum_high_bp,         "no signal would be a BUY")                                 \
	X(momentum_negative_bp,      <,   "stay below",    momentum_negative_high_bp, "no signal would be a SELL")                               \
	X(backoff_first_ms,          <=,  "not exceed",    backoff_most_ms,          "a backoff would begin beyond its end")
#define ORDER_PROOF(lesser, is, words, greater, otherwise) \
	_Static_assert(CFG_##lesser is CFG_##greater, "config.h: " #lesser " must " words " " #greater ": " otherwise);
SETTINGS_ORDERS(ORDER_PROOF)

#define UNIVERSE_COUNT(symbol, calendar, class, cap, vol, half, exit, commission, slippage, lot_e8, what) + 1
enum { UNIVERSE_N = 0 UNIVERSE(UNIVERSE_COUNT) };
#define UNIVERSE_PROOF(symbol, calendar, class, cap, vol, half, exit, commission, slippage, lot_e8, what)         \
	_Static_assert((cap) >= 0 && (cap) <= BP_ONE, "config.h: the cap of " symbol " is a share of the portfolio"); \
	_Static_assert((vol) >= ((cap) > 0) && (vol) <= BP_ONE, "config.h: the volatility of " symbol " is above 0 and at most 100 %"); \
	_Static_assert((half) >= ((cap) > 0) && (exit) <= BP_ONE, "config.h: the stops of " symbol " are losses of 1 to 10000 bp"); \
	_Static_assert((half) < (exit) + ((cap) == 0), "config.h: the half stop of " symbol " comes before its exit stop"); \
	_Static_assert((commission) >= 0 && (slippage) >= 0 && (commission) + (slippage) < BP_ONE, \
	    "config.h: the costs of " symbol " are a part of its price");                                         \
	_Static_assert((lot_e8) > 0, "config.h: " symbol " needs a smallest unit");                                  \
	_Static_assert(sizeof(symbol) <= 12, "config.h: symbol " symbol " is longer than 11 characters");
UNIVERSE(UNIVERSE_PROOF)
// clang-format on

_Static_assert((int)UNIVERSE_N <= (int)CFG_symbols_max, "config.h: raise symbols_max");
_Static_assert(2 * CFG_desk_messages_per_min <= CFG_venue_requests_per_min, "config.h: desk_messages_per_min leaves exits no half of venue_requests_per_min");
#define SHARE_SUM(X, strategy, value, why) + (value)
_Static_assert(0 SHARES(SHARE_SUM, ) <= BP_ONE, "config.h: shares of the target exceed one");
_Static_assert((CFG_ring_trades & (CFG_ring_trades - 1)) == 0 && (CFG_ring_orders & (CFG_ring_orders - 1)) == 0 &&
                   (CFG_ring_fills & (CFG_ring_fills - 1)) == 0 && (CFG_ring_events & (CFG_ring_events - 1)) == 0,
    "config.h: rings are powers of two");

struct settings { int32_t value[SETTINGS_N + (SETTINGS_N & 1)]; };        /* even, so that it packs without a gap */

struct setting_row {
	const char *name, *unit, *why;
	int32_t     value, min, max;
	uint8_t     tighten;
};

struct asset {
	char    symbol[12];
	uint8_t calendar, asset_class;
	int32_t cap_bp, volatility_bp, stop_half_bp, stop_exit_bp, commission_bp, slippage_bp;
	int64_t lot_e8;
	const char *what;
};

extern const struct setting_row settings_table[SETTINGS_N];
extern const struct asset       universe[UNIVERSE_N];

void settings_default(struct settings *settings);

enum settings_verdict { SETTINGS_OK, SETTINGS_UNKNOWN, SETTINGS_NOT_A_NUMBER, SETTINGS_OUT_OF_BOUNDS, SETTINGS_LOOSER, SETTINGS_NOT_HERE };
/* One line of HOME/tickwork.conf, already split: SETTINGS_LOOSER when the value would loosen a limit, SETTINGS_NOT_HERE for
 * a FIXED row. Nothing changes unless SETTINGS_OK. */
enum settings_verdict settings_tighten(struct settings *settings, const char *name, const char *value);
/* After all lines: the first of SETTINGS_ORDERS that no longer holds, or 0. */
struct settings_order { enum setting_id lesser, greater; const char *words, *otherwise; };
const struct settings_order *settings_broken(const struct settings *settings);

static inline int32_t setting(const struct settings *settings, enum setting_id index) { return settings->value[index]; }

/* The index of a symbol in the universe; SYM_NONE when it is not there. */
uint16_t universe_find(const char *symbol, size_t length);

#endif
