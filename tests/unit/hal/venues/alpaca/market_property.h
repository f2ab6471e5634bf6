/* market_property.h - what holds for any bytes whatever that come as market data; for the unit test and the fuzzer. */
#ifndef TESTS_UNIT_HAL_VENUES_ALPACA_MARKET_PROPERTY_H
#define TESTS_UNIT_HAL_VENUES_ALPACA_MARKET_PROPERTY_H
#include "fsm/feed/calendar.h"
#include "fsm/settings.h"
#include "hal/venues/alpaca/market_codec.h"

struct market_property { const char *broken; uint32_t told; };

static inline void market_property_px(struct market_property *seen, int64_t px_e8)
{
	if (px_e8 <= 0) seen->broken = "a price that is not above 0 was told";
}

static inline void market_property_bar(void *self, uint16_t sym, const struct bar *bar)
{
	struct market_property *seen = self;
	seen->told++;
	market_property_px(seen, bar->open_px_e8);
	market_property_px(seen, bar->low_px_e8);
	market_property_px(seen, bar->adj_px_e8);
	if (sym >= UNIVERSE_N || !calendar_covers(bar->day) || bar->high_px_e8 < bar->low_px_e8 || bar->volume < 0) seen->broken = "a bar that cannot be was told";
}

static inline void market_property_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot)
{
	struct market_property *seen = self;
	if (snapshot->has_daily) market_property_bar(self, sym, &snapshot->daily);
	if (snapshot->trade_px_e8 < 0 || sym >= UNIVERSE_N) seen->broken = "a last trade below 0 was told";
}

static inline void market_property_level(void *self, uint8_t side, int64_t px_e8, int64_t qty_e8)
{
	struct market_property *seen = self;
	market_property_px(seen, px_e8);
	if (qty_e8 < 0 || side > SIDE_SELL) seen->broken = "a level that cannot be was told";
}

static inline void market_property_message(struct alpaca_market_codec *codec, struct market_property *seen, const struct alpaca_data *data)
{
	bool is_of_symbol = data->kind >= ALPACA_DATA_TRADE && data->kind <= ALPACA_DATA_BOOK;
	seen->told++;
	if (is_of_symbol && data->sym >= UNIVERSE_N) seen->broken = "a message of no symbol was told";
	if (data->kind == ALPACA_DATA_TRADE) market_property_px(seen, data->px_e8);
	if (data->kind == ALPACA_DATA_DAILY) market_property_bar(seen, data->sym, &data->bar);
	if (data->kind == ALPACA_DATA_BOOK) (void)alpaca_data_levels(codec, data, market_property_level, seen);
}

/* The broken promise, or null. */
static inline const char *market_property(struct alpaca_market_codec *codec, const char *text, size_t bytes)
{
	struct market_property seen = { 0 };
	struct alpaca_data     data;
	struct alpaca_moment   moment;
	char                   token[ALPACA_TOKEN_BYTES];
	(void)alpaca_read_bars(codec, text, bytes, market_property_bar, &seen, token);
	(void)alpaca_read_snapshots(codec, text, bytes, false, market_property_snapshot, &seen);
	(void)alpaca_read_snapshots(codec, text, bytes, true, market_property_snapshot, &seen);
	if (alpaca_read_moment(codec, text, bytes, &moment) && (moment.phase >= TICK_PHASES_N || moment.calendar >= CALENDARS_N || !calendar_covers(moment.day)))
		seen.broken = "a moment that cannot be was told";
	uint64_t malformed = codec->malformed;
	for (alpaca_data_begin(codec, text, bytes); alpaca_data_next(codec, &data);) market_property_message(codec, &seen, &data);
	if (!alpaca_data_whole(codec) && codec->malformed == malformed) seen.broken = "a wrong array was not counted";
	return seen.broken;
}

#endif
