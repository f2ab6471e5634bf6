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
	_Static_assert((min) <= (value) && (value) <= (max), "config.h: " #name " is out of its bounds (" why ")");
CONFIG(CFG_PROOF)

#define UNIVERSE_COUNT(symbol, calendar, class, cap, vol, half, exit, commission, slippage, lot_e8, what) + 1
enum { UNIVERSE_N = 0 UNIVERSE(UNIVERSE_COUNT) };
#define UNIVERSE_PROOF(symbol, calendar, class, cap, vol, half, exit, commission, slippage, lot_e8, what)         \
	_Static_assert((cap) >= 0 && (cap) <= BP_ONE, "config.h: the cap of " symbol " is a share of the portfolio"); \
	_Static_assert((half) <= (exit), "config.h: the half stop of " symbol " comes before its exit stop");        \
	_Static_assert((lot_e8) > 0, "config.h: " symbol " needs a smallest unit");                                  \
	_Static_assert(sizeof(symbol) <= 12, "config.h: symbol " symbol " is longer than 11 characters");
UNIVERSE(UNIVERSE_PROOF)
// clang-format on

_Static_assert((int)UNIVERSE_N <= (int)CFG_symbols_max, "config.h: raise symbols_max");
_Static_assert(CFG_drawdown_level1_bp < CFG_drawdown_level2_bp && CFG_drawdown_level2_bp < CFG_drawdown_level3_bp &&
                   CFG_drawdown_level3_bp < CFG_drawdown_level4_bp,
    "config.h: risk levels must rise");
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
/* Levels still rise and so on, after all lines: 0, or the sentence that says what does not hold. */
const char *settings_refusal(const struct settings *settings);

static inline int32_t setting(const struct settings *settings, enum setting_id index) { return settings->value[index]; }

/* The index of a symbol in the universe; SYM_NONE when it is not there. */
uint16_t universe_find(const char *symbol, size_t length);

#endif
