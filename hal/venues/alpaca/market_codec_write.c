/* market_codec_write.c - what we send: lists of symbols for queries, the login and the subscription of a stream. */
#include "hal/venues/alpaca/market_codec.h"

#include <stdio.h>
#include <string.h>

#include "fsm/settings.h"
#include "hal/wire/json_write.h"
#include "hal/wire/percent.h"

bool alpaca_is_crypto(uint16_t sym) { return universe[sym].asset_class == ASSET_CRYPTO; }
bool alpaca_is_listed(uint16_t sym) { return universe[sym].asset_class != ASSET_INDEX; }

static bool is_of(uint16_t sym, bool is_crypto) { return alpaca_is_listed(sym) && alpaca_is_crypto(sym) == is_crypto; }

size_t alpaca_symbols(bool is_crypto, char *text, size_t size)
{
	char   symbol[ALPACA_SYMBOL_BYTES];
	size_t used = 0, length;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		if (!is_of(sym, is_crypto)) continue;
		if (used > 0 && used + 1 < size) text[used++] = ',';
		(void)alpaca_symbol(sym, symbol);
		if (!percent_encode(text + used, size - used, symbol, strlen(symbol), &length)) return 0;
		used += length;
	}
	return used;
}

size_t alpaca_write_login(const char *key, const char *secret, char text[ALPACA_LOGIN_BYTES])
{
	struct json json;
	json_begin(&json, text, ALPACA_LOGIN_BYTES);
	json_object_begin(&json);
	json_key(&json, "action"), json_string(&json, "auth");
	json_key(&json, "key"), json_string(&json, key);
	json_key(&json, "secret"), json_string(&json, secret);
	json_object_end(&json);
	return json_length(&json);
}

static void put_names(struct json *json, const char *channel, bool is_crypto)
{
	char symbol[ALPACA_SYMBOL_BYTES];
	json_key(json, channel);
	json_array_begin(json);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) if (is_of(sym, is_crypto)) json_string(json, alpaca_symbol(sym, symbol));
	json_array_end(json);
}

static bool has_any(bool is_crypto)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) if (is_of(sym, is_crypto)) return true;
	return false;
}

size_t alpaca_write_subscribe(bool is_crypto, char text[ALPACA_SUBSCRIBE_BYTES])
{
	struct json json;
	if (!has_any(is_crypto)) return 0;
	json_begin(&json, text, ALPACA_SUBSCRIBE_BYTES);
	json_object_begin(&json);
	json_key(&json, "action"), json_string(&json, "subscribe");
	put_names(&json, "trades", is_crypto);
	put_names(&json, "quotes", is_crypto);
	if (!is_crypto) put_names(&json, "statuses", is_crypto);
	json_object_end(&json);
	return json_length(&json);
}
