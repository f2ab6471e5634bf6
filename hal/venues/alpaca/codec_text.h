/* codec_text.h - the small words of Alpaca: times, symbols, uuids, sides. Pure; anything malformed is a false or a SYM_NONE. */
#ifndef HAL_VENUES_ALPACA_CODEC_TEXT_H
#define HAL_VENUES_ALPACA_CODEC_TEXT_H
#include "fsm/event.h"
#include "hal/wire/json.h"

enum { ALPACA_UUID_BYTES = 37, ALPACA_CLIENT_ID_BYTES = 64, ALPACA_TIME_BYTES = 36, ALPACA_SYMBOL_BYTES = 16 };

/* RFC 3339 with up to nine decimals, Z or an offset; years 1970 to 2199. */
bool alpaca_time(const char *text, size_t length, int64_t *t_ns);
/* "2026-11-20T14:31:05.123456789Z"; returns text. */
const char *alpaca_time_text(int64_t t_ns, char text[ALPACA_TIME_BYTES]);
/* "2026-11-20". */
bool alpaca_day(const char *text, size_t length, int32_t *day);

/* SPY, BTC/USD and BTCUSD are what the universe calls SPY and BTC-USD; SYM_NONE when it has no such row. */
uint16_t alpaca_sym(const char *text, size_t length);
/* What Alpaca calls a row of the universe; returns text. */
const char *alpaca_symbol(uint16_t sym, char text[ALPACA_SYMBOL_BYTES]);

/* A text as a 64-bit id: FNV-1a over its characters, letters in lower case; never 0. */
uint64_t alpaca_hash(const char *text, size_t length);
/* The uuid behind "<time>::<uuid>" of an activity's id; the whole text when there is no "::". */
uint64_t alpaca_activity_hash(const char *text, size_t length);

/* --- values of a picked object ------------------------------------------------------------------------------------ */

/* A string of exactly this text; an absent value is none. */
static inline bool alpaca_is(const struct json_value *value, const char *text) { return value->kind == JSON_STRING && json_is(value, text); }
/* Absent or null is 0 and right; a number or a number as a string is read; all else is wrong. */
bool alpaca_e8(const struct json_value *value, int64_t *out_e8, uint32_t *cut);
/* The same where the amount must be there: null is none. */
bool alpaca_amount(const struct json_value *value, int64_t *out_e8, uint32_t *cut);
/* Absent or null is an empty text and right. */
bool alpaca_string(const struct json_value *value, char *out, size_t size);
/* The same for an id that will stand in a request: letters, digits and :._- only. */
bool alpaca_id(const struct json_value *value, char *out, size_t size);
bool alpaca_time_of(const struct json_value *value, int64_t *t_ns);

#endif
