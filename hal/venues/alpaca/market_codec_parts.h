/* market_codec_parts.h - what the files of the market data codec share. Nobody else includes it. */
#ifndef HAL_VENUES_ALPACA_MARKET_CODEC_PARTS_H
#define HAL_VENUES_ALPACA_MARKET_CODEC_PARTS_H
#include "hal/venues/alpaca/market_codec.h"

/* t, o, h, l, c, v: in this order in every table that has bars. */
enum { ALPACA_BAR_FIELDS = 6 };

/* Counts what is not. */
static inline bool alpaca_market_believe(struct alpaca_market_codec *codec, bool is_right)
{
	codec->malformed += !is_right;
	return is_right;
}

/* A string that is this text; what is not there is none. */
static inline bool alpaca_market_is(const struct json_value *value, const char *text) { return value->kind == JSON_STRING && json_is(value, text); }

/* The one object of a text; counts nothing. */
bool alpaca_market_pick(const struct json_paths *paths, const char *text, size_t bytes, struct json_value found[]);
/* Above 0 and below what any unit costs. */
bool alpaca_px(struct alpaca_market_codec *codec, const struct json_value *value, int64_t *px_e8);
/* A symbol of ours; counts strangers. */
bool alpaca_market_sym(struct alpaca_market_codec *codec, const struct json_value *value, uint16_t *sym);
/* A bar from its picked members; false, without a count, when it cannot be believed. */
bool alpaca_bar_of(struct alpaca_market_codec *codec, uint16_t sym, const struct json_value found[ALPACA_BAR_FIELDS], struct bar *out);
void alpaca_market_paths_data(struct alpaca_market_codec *codec);

#endif
