/* codec_parts.h - what the files of the codec share. Nobody else includes it. */
#ifndef HAL_VENUES_ALPACA_CODEC_PARTS_H
#define HAL_VENUES_ALPACA_CODEC_PARTS_H
#include "hal/venues/alpaca/codec.h"

void alpaca_order_paths(struct alpaca_codec *codec);
void alpaca_books_paths(struct alpaca_codec *codec);
/* The one object of a text. */
bool alpaca_pick(struct alpaca_codec *codec, const struct json_paths *paths, const char *text, size_t bytes, struct json_value found[]);
/* Counts what is not. */
bool alpaca_believe(struct alpaca_codec *codec, bool is_right);
/* The next object of the list; false at its end or when the list is wrong. */
bool alpaca_list_pick(struct alpaca_codec *codec, const struct json_paths *paths, struct json_value found[]);
/* An order from its picked fields. */
enum { ALPACA_ORDER_FIELDS = 11 };
bool alpaca_order_of(struct alpaca_codec *codec, const struct json_value found[ALPACA_ORDER_FIELDS], struct alpaca_order *out);

#endif
