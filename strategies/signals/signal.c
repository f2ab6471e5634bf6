/* signal.c - the table of strategies, and what is the same for all of them. See signal.h. */
#include "strategies/signals/signal.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

#include "fsm/bug.h"

static const struct strategy *const table[STRATEGY_COUNT] = {
#define X(name) [STRATEGY_##name] = &name##_strategy,
	STRATEGIES(X)
#undef X
};

static const char *const grade_texts[GRADE_COUNT] = {
#define X(NAME, text) [GRADE_##NAME] = text,
	GRADES(X)
#undef X
};

static const struct { const char *text; double vix; } regimes[REGIME_COUNT] = {
#define X(NAME, text, vix) [REGIME_##NAME] = { text, vix },
	REGIMES(X)
#undef X
};

static const char *const reason_texts[REASON_COUNT] = {
#define X(NAME, text) [REASON_##NAME] = text,
	REASONS(X)
#undef X
};

const struct strategy *strategy_of(enum strategy_id id)
{
	BUG_UNLESS(2030, id < STRATEGY_COUNT);
	return table[id];
}

const char *grade_text(enum grade grade)
{
	BUG_UNLESS(2031, grade < GRADE_COUNT);
	return grade_texts[grade];
}

const char *regime_text(enum regime regime)
{
	BUG_UNLESS(2032, regime < REGIME_COUNT);
	return regimes[regime].text;
}

const char *reason_text(enum reason reason)
{
	BUG_UNLESS(2033, reason < REASON_COUNT);
	return reason_texts[reason];
}

void strategy_settings(const struct strategy *strategy, double *setting)
{
	BUG_UNLESS(2034, strategy->settings <= SETTINGS_MAX);
	for (uint32_t i = 0; i < SETTINGS_MAX; i++) setting[i] = i < strategy->settings ? strategy->setting[i].value : 0;
}

int32_t strategy_settings_wrong(const struct strategy *strategy, const double *setting)
{
	for (uint32_t i = 0; i < strategy->settings; i++) {
		if (!(setting[i] >= strategy->setting[i].least && setting[i] <= strategy->setting[i].most)) return (int32_t)i;
	}
	return -1;
}

enum regime regime_from_vix(double vix)
{
	enum regime regime = REGIME_EXTREME;
	if (!(vix > 0)) return regime;
	while (regime > REGIME_NORMAL && vix < regimes[regime].vix) regime--;
	return regime;
}

void signal_apply_regime(struct signal *signal, enum regime regime)
{
	signal->regime = (uint8_t)regime;
	if (regime == REGIME_HIGH_VOL) signal->confidence /= 2;
	if (regime != REGIME_EXTREME || signal->grade <= GRADE_HOLD) return;
	signal->grade = GRADE_HOLD;
	signal->reason = REASON_REDUCE_ONLY;
}

bool news_row(struct news *news, const struct market *market)
{
	uint32_t known = 0, unread = 0;
	for (uint32_t i = 0; i < market->assets; i++) {
		known += market->asset[i].factors.bars_seen > 0;
		unread += market->asset[i].factors.bars_seen != news->bars_read[i];
	}
	if (2 * unread <= known) return false;
	for (uint32_t i = 0; i < market->assets; i++) news->bars_read[i] = market->asset[i].factors.bars_seen;
	return true;
}

/* The bits of a double are in the order of its magnitude: |value| <= 1, and no NaN, as a comparison of whole numbers. */
static inline uint64_t bits_of(double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof bits);
	return bits;
}

/* What leaves is always in its bounds: a strategy that computed otherwise has a bug, and trading stops for it. Sign and magnitude are compared as
 * whole numbers, of which a processor does more at a time. */
static void check_all(const struct signal *signal, uint32_t count)
{
	const uint64_t one = (uint64_t)0x3ff << 52;
	for (const struct signal *row = signal; row < signal + count; row++) {
		BUG_UNLESS(2035, row->grade < GRADE_COUNT && row->reason < REASON_COUNT);
		BUG_UNLESS(2036, bits_of(row->confidence) <= one);
		BUG_UNLESS(2037, bits_of(row->target_weight) << 1 <= one << 1);
	}
}

/* The second half of a row before a strategy says something, in the order of its fields. */
static inline uint64_t begin_of(uint32_t asset, enum regime regime, enum strategy_id id)
{
	return asset | (uint64_t)GRADE_HOLD << 16 | (uint64_t)REASON_NONE << 24 | (uint64_t)regime << 32 | (uint64_t)id << 40;
}

_Static_assert(sizeof(struct signal) == 32 && offsetof(struct signal, asset) == 24 && offsetof(struct signal, grade) == 26, "as begin_of has it");
_Static_assert(offsetof(struct signal, reason) == 27 && offsetof(struct signal, regime) == 28, "as begin_of has it");
_Static_assert(offsetof(struct signal, strategy) == 29, "as begin_of has it");

void strategy_step(enum strategy_id id, void *state, const double *setting, const struct market *market, struct signal *out)
{
	const struct strategy *strategy = strategy_of(id);
	enum regime            regime = regime_from_vix(market->vix);
	BUG_UNLESS(2038, market->assets <= ASSETS_MAX);
	for (uint32_t i = 0; i < market->assets; i++) {
		uint64_t begin = begin_of(i, regime, id);
		out[i].confidence = out[i].target_weight = 0;
		out[i].bars_seen = out[i].bars_needed = 0;
		memcpy(&out[i].asset, &begin, sizeof begin);
	}
	strategy->step(state, setting, market, out);
	check_all(out, market->assets);
	if (regime < REGIME_HIGH_VOL) return;
	for (uint32_t i = 0; i < market->assets; i++) signal_apply_regime(&out[i], regime);
}
