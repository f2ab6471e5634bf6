/* factors.c - one bar into all factors, all factors into one row. See factors.h. */
#include "strategies/factors/factors.h"

#include <string.h>

#include "strategies/factors/price.h"

static const struct { const char *name; uint32_t bars; } about[FACTOR_COUNT] = {
#define X(NAME, name, bars) [FACTOR_##NAME] = { #name, bars },
	FACTORS(X)
#undef X
};

const char *factor_name(enum factor factor)
{
	BUG_UNLESS(2020, factor < FACTOR_COUNT);
	return about[factor].name;
}

uint32_t factor_bars_needed(enum factor factor)
{
	BUG_UNLESS(2021, factor < FACTOR_COUNT);
	return about[factor].bars;
}

void factors_init(struct factors *factors, uint32_t annual_days)
{
	factors->bars_seen = 0;
	sma_init(&factors->sma_20, 20);
	sma_init(&factors->sma_50, 50);
	sma_init(&factors->sma_200, 200);
	ema_init(&factors->ema_20, 20);
	rsi_init(&factors->rsi_14, 14);
	atr_init(&factors->atr_14, 14);
	momentum_init(&factors->momentum_60, 60);
	momentum_init(&factors->momentum_120, 120);
	volatility_init(&factors->volatility_20, 20, annual_days);
	volatility_init(&factors->volatility_60, 60, annual_days);
	zscore_init(&factors->zscore_20, 20);
}

bool factor_bar_is_sound(const struct factor_bar *bar)
{
	if (!price_is_sound(bar->open) || !price_is_sound(bar->high) || !price_is_sound(bar->low)) return false;
	if (!price_is_sound(bar->close) || !price_is_sound(bar->adj_close)) return false;
	return bar->high >= bar->low && bar->volume >= 0 && bar->volume <= VOLUME_MOST;
}

bool factors_push(struct factors *factors, const struct factor_bar *bar)
{
	if (!factor_bar_is_sound(bar)) return false;
	bool taken = sma_push(&factors->sma_20, bar->close);
	taken &= sma_push(&factors->sma_50, bar->close);
	taken &= sma_push(&factors->sma_200, bar->close);
	taken &= ema_push(&factors->ema_20, bar->close);
	taken &= rsi_push(&factors->rsi_14, bar->close);
	taken &= atr_push(&factors->atr_14, bar->high, bar->low, bar->close);
	taken &= momentum_push(&factors->momentum_60, bar->adj_close);
	taken &= momentum_push(&factors->momentum_120, bar->adj_close);
	taken &= volatility_push(&factors->volatility_20, bar->adj_close);
	taken &= volatility_push(&factors->volatility_60, bar->adj_close);
	taken &= zscore_push(&factors->zscore_20, bar->close);
	BUG_UNLESS(2022, taken);
	factors->bars_seen++;
	return true;
}

#define PUT(NAME, kind, field)                                                        \
	if (kind##_ready(&factors->field)) {                                          \
		row->ready[FACTOR_##NAME] = true;                                     \
		row->value[FACTOR_##NAME] = kind##_value(&factors->field);            \
	}

void factors_row(const struct factors *factors, struct factor_row *row)
{
	memset(row, 0, sizeof *row);
	row->bars_seen = factors->bars_seen;
	PUT(SMA_20, sma, sma_20)
	PUT(SMA_50, sma, sma_50)
	PUT(SMA_200, sma, sma_200)
	PUT(EMA_20, ema, ema_20)
	PUT(RSI_14, rsi, rsi_14)
	PUT(ATR_14, atr, atr_14)
	PUT(MOMENTUM_60, momentum, momentum_60)
	PUT(MOMENTUM_120, momentum, momentum_120)
	PUT(VOLATILITY_20, volatility, volatility_20)
	PUT(VOLATILITY_60, volatility, volatility_60)
	PUT(ZSCORE_20, zscore, zscore_20)
}
