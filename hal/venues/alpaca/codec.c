/* codec.c - tables of paths, and the objects that stand alone. Orders and updates are in codec_order.c, lists of the books in codec_books.c. */
#include "hal/venues/alpaca/codec.h"

#include <stdio.h>
#include <string.h>

#include "hal/venues/alpaca/codec_parts.h"

#define CODE_TEXT(name, text) [ALPACA_CODE_##name] = text,
const char *const alpaca_code_text[ALPACA_CODES_N] = { ALPACA_CODES(CODE_TEXT) };

/* Codes of the error object. */
enum { ERROR_FORBIDDEN = 40310000, ERROR_DUPLICATE = 40010001 };
enum { HTTP_LOST_KEY = 401, HTTP_FORBIDDEN = 403, HTTP_NOT_FOUND = 404, HTTP_INVALID = 422, HTTP_TOO_MANY = 429 };

#define PATHS(paths, list) json_paths_init(paths, list, sizeof(list) / sizeof *(list))

void alpaca_codec_init(struct alpaca_codec *codec)
{
	static const char *const error[] = { "code", "message" };
	static const char *const account[] = { "cash", "equity", "portfolio_value", "account_blocked", "trading_blocked", "trade_suspended_by_user" };
	static const char *const clock[] = { "timestamp", "is_open" };
	memset(codec, 0, sizeof *codec);
	PATHS(&codec->error, error);
	PATHS(&codec->account, account);
	PATHS(&codec->clock, clock);
	alpaca_order_paths(codec);
	alpaca_books_paths(codec);
}

bool alpaca_pick(struct alpaca_codec *codec, const struct json_paths *paths, const char *text, size_t bytes, struct json_value found[])
{
	struct json_reader json;
	struct json_value  object;
	json_open(&json, text, bytes);
	if (json_next(&json, &object) == JSON_OBJECT && json_pick(&json, paths, found) && json_finish(&json)) return true;
	codec->malformed++;
	return false;
}

bool alpaca_believe(struct alpaca_codec *codec, bool is_right)
{
	codec->malformed += !is_right;
	return is_right;
}

void alpaca_read_error(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_error *out)
{
	struct json_value found[2];
	size_t            kept = bytes < ALPACA_MESSAGE_BYTES - 1 ? bytes : ALPACA_MESSAGE_BYTES - 1;
	*out = (struct alpaca_error){ 0 };
	if (alpaca_pick(codec, &codec->error, text, bytes, found) && alpaca_string(&found[1], out->message, sizeof out->message)) {
		if (json_to_i64(&found[0], &out->code) != JSON_OK) out->code = 0;
		return;
	}
	for (size_t i = 0; i < kept; i++) out->message[i] = (char)(text[i] < ' ' || text[i] > '~' ? ' ' : text[i]);
}

bool alpaca_read_account(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_account *out)
{
	struct json_value found[6];
	*out = (struct alpaca_account){ 0 };
	if (!alpaca_pick(codec, &codec->account, text, bytes, found)) return false;
	const struct json_value *equity = found[1].kind == JSON_NONE ? &found[2] : &found[1];
	for (size_t i = 3; i < 6; i++) out->is_blocked |= found[i].kind == JSON_TRUE;
	bool is_right = alpaca_amount(&found[0], &out->cash_usd_e8, &codec->cut) && alpaca_e8(equity, &out->equity_usd_e8, &codec->cut);
	return alpaca_believe(codec, is_right);
}

bool alpaca_read_clock(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_clock *out)
{
	struct json_value found[2];
	*out = (struct alpaca_clock){ 0 };
	if (!alpaca_pick(codec, &codec->clock, text, bytes, found)) return false;
	out->is_open = found[1].kind == JSON_TRUE;
	return alpaca_believe(codec, found[0].kind == JSON_STRING && alpaca_time_of(&found[0], &out->t_ns));
}

/* --- refusals ----------------------------------------------------------------------------------------------------- */

static bool says(const struct alpaca_error *error, const char *words) { return strstr(error->message, words) != 0; }

bool alpaca_is_duplicate(uint32_t status, const struct alpaca_error *error)
{
	return (status == HTTP_INVALID || status == 400 || status == 409) &&
	       (error->code == ERROR_DUPLICATE || (says(error, "client_order_id") && says(error, "unique")));
}

bool alpaca_is_wrong_key(uint32_t status, const struct alpaca_error *error)
{
	return status == HTTP_LOST_KEY || (status == HTTP_FORBIDDEN && error->code != ERROR_FORBIDDEN);
}

enum alpaca_code alpaca_code_of(uint32_t status, const struct alpaca_error *error)
{
	if (alpaca_is_wrong_key(status, error)) return ALPACA_CODE_KEY;
	if (status == HTTP_FORBIDDEN) return says(error, "insufficient") ? ALPACA_CODE_FUNDS : ALPACA_CODE_FORBIDDEN;
	if (status == HTTP_NOT_FOUND) return ALPACA_CODE_NOT_FOUND;
	if (status == HTTP_TOO_MANY) return ALPACA_CODE_RATE;
	if (status == HTTP_INVALID && (says(error, "cancelable") || says(error, "replaceable") || says(error, "already in"))) return ALPACA_CODE_TOO_LATE;
	if (says(error, "_price") || says(error, "penny")) return ALPACA_CODE_PRICE;
	return status == HTTP_INVALID || status == 400 ? ALPACA_CODE_INVALID : ALPACA_CODE_OTHER;
}
