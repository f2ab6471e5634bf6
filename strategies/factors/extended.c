/* extended.c - one bar into all of them, all of them into one row. See extended.h. */
#include "strategies/factors/extended.h"

#include <string.h>

#include "strategies/factors/price.h"

#define RISKMETRICS_LAMBDA 0.94
#define BAND_WIDTH 2.0

enum { SHORT_PERIOD = 20, LONG_PERIOD = 60 };

static const char *const names[EXTENDED_COUNT] = {
#define X(NAME, name, bars) [EXTENDED_##NAME] = #name,
	EXTENDED_FACTORS(X)
#undef X
};

const char *extended_name(enum extended_factor factor)
{
	BUG_UNLESS(4340, factor < EXTENDED_COUNT);
	return names[factor];
}

void extended_init(struct extended *extended, uint32_t annual_days)
{
	memset(extended, 0, sizeof *extended);
	momentum_12_1_init(&extended->year);
	bollinger_init(&extended->bands, SHORT_PERIOD, BAND_WIDTH);
	vwap_init(&extended->vwap, SHORT_PERIOD);
	ewm_init(&extended->ewm, RISKMETRICS_LAMBDA, annual_days);
	bipower_init(&extended->bipower, SHORT_PERIOD);
	correlation_init(&extended->pairs, LONG_PERIOD);
}

static void push_pair(struct extended *extended, double mine, double other)
{
	if (!price_is_sound(other)) return;
	if (extended->last_mine > 0) (void)correlation_push(&extended->pairs, mine / extended->last_mine - 1, other / extended->last_other - 1);
	extended->last_mine = mine;
	extended->last_other = other;
}

bool extended_push(struct extended *extended, const struct factor_bar *bar, double other_adj_close)
{
	if (!factor_bar_is_sound(bar)) return false;
	bool taken = momentum_12_1_push(&extended->year, bar->adj_close);
	taken &= bollinger_push(&extended->bands, bar->close);
	taken &= vwap_push(&extended->vwap, bar->high, bar->low, bar->close, bar->volume);
	taken &= ewm_push(&extended->ewm, bar->adj_close);
	taken &= bipower_push(&extended->bipower, bar->adj_close);
	BUG_UNLESS(4341, taken);
	push_pair(extended, bar->adj_close, other_adj_close);
	return true;
}

static void put(struct extended_row *row, enum extended_factor factor, double value)
{
	row->ready[factor] = true;
	row->value[factor] = value;
}

static void put_bands(const struct extended *extended, struct extended_row *row)
{
	struct bollinger_bands bands = bollinger_value(&extended->bands);
	put(row, EXTENDED_BOLLINGER_UPPER_20, bands.upper);
	put(row, EXTENDED_BOLLINGER_MIDDLE_20, bands.middle);
	put(row, EXTENDED_BOLLINGER_LOWER_20, bands.lower);
	put(row, EXTENDED_PERCENT_B_20, bands.percent_b);
	put(row, EXTENDED_BANDWIDTH_20, bands.bandwidth);
}

void extended_row(const struct extended *extended, struct extended_row *row)
{
	memset(row, 0, sizeof *row);
	if (momentum_12_1_ready(&extended->year)) {
		put(row, EXTENDED_MOMENTUM_12_1, momentum_12_1_value(&extended->year, false));
		put(row, EXTENDED_MOMENTUM_12_1_SUMMED, momentum_12_1_value(&extended->year, true));
	}
	if (bollinger_ready(&extended->bands)) put_bands(extended, row);
	if (vwap_ready(&extended->vwap)) put(row, EXTENDED_VWAP_20, vwap_value(&extended->vwap));
	if (ewm_ready(&extended->ewm)) put(row, EXTENDED_EWM_VOLATILITY, ewm_value(&extended->ewm));
	if (bipower_ready(&extended->bipower)) {
		put(row, EXTENDED_REALISED_20, bipower_realised(&extended->bipower));
		put(row, EXTENDED_BIPOWER_20, bipower_value(&extended->bipower));
		put(row, EXTENDED_JUMP_SHARE_20, bipower_jump_share(&extended->bipower));
	}
	if (correlation_ready(&extended->pairs)) {
		put(row, EXTENDED_CORRELATION_60, correlation_value(&extended->pairs));
		put(row, EXTENDED_COVARIANCE_60, correlation_covariance(&extended->pairs));
	}
}
