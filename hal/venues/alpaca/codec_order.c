/* codec_order.c - the order object, the messages of trade_updates, and the bodies of our requests. */
#include <stdio.h>
#include <string.h>

#include "fsm/settings.h"
#include "hal/venues/alpaca/codec_parts.h"
#include "hal/wire/json_write.h"

const char alpaca_listen_text[] = "{\"action\":\"listen\",\"data\":{\"streams\":[\"trade_updates\"]}}";

enum order_field { ID, CLIENT_ID, SYMBOL, QTY, FILLED_QTY, LIMIT_PRICE, SIDE, TYPE, STATUS, SUBMITTED_AT, REPLACED_BY };
enum update_field { STREAM, DATA_STATUS, EVENT, EXECUTION_ID, ORDER, TIMESTAMP, PRICE, UPDATE_QTY, COMMISSION, UPDATE_FIELDS };

void alpaca_order_paths(struct alpaca_codec *codec)
{
	static const char *const order[ALPACA_ORDER_FIELDS] = { "id", "client_order_id", "symbol", "qty", "filled_qty", "limit_price", "side", "type",
		"status", "submitted_at", "replaced_by" };
	static const char *const update[UPDATE_FIELDS] = { "stream", "data.status", "data.event", "data.execution_id", "data.order", "data.timestamp",
		"data.price", "data.qty", "data.commission" };
	json_paths_init(&codec->order, order, ALPACA_ORDER_FIELDS);
	json_paths_init(&codec->update, update, UPDATE_FIELDS);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static const struct { const char *word; enum alpaca_state state; } states[] = {
	{ "pending_new", ALPACA_PENDING },
	{ "accepted", ALPACA_PENDING },
	{ "accepted_for_bidding", ALPACA_PENDING },
	{ "pending_review", ALPACA_PENDING },
	{ "held", ALPACA_PENDING },
	{ "new", ALPACA_WORKING },
	{ "pending_cancel", ALPACA_WORKING },
	{ "pending_replace", ALPACA_WORKING },
	{ "stopped", ALPACA_WORKING },
	{ "suspended", ALPACA_WORKING },
	{ "calculated", ALPACA_WORKING },
	{ "partially_filled", ALPACA_WORKING },
	{ "done_for_day", ALPACA_WORKING },
	{ "filled", ALPACA_FILLED },
	{ "canceled", ALPACA_CANCELLED },
	{ "replaced", ALPACA_REPLACED },
	{ "expired", ALPACA_EXPIRED },
	{ "rejected", ALPACA_REJECTED },
};

static const struct { const char *word; enum alpaca_update_kind kind; } updates[] = {
	{ "new", ALPACA_UPDATE_NEW },
	{ "accepted", ALPACA_UPDATE_NEW },
	{ "pending_new", ALPACA_UPDATE_NEW },
	{ "fill", ALPACA_UPDATE_FILL },
	{ "partial_fill", ALPACA_UPDATE_FILL },
	{ "canceled", ALPACA_UPDATE_CANCELLED },
	{ "expired", ALPACA_UPDATE_EXPIRED },
	{ "rejected", ALPACA_UPDATE_REJECTED },
	{ "replaced", ALPACA_UPDATE_REPLACED },
	{ "order_cancel_rejected", ALPACA_UPDATE_CANCEL_REJECTED },
	{ "order_replace_rejected", ALPACA_UPDATE_REPLACE_REJECTED },
	{ "done_for_day", ALPACA_UPDATE_QUIET },
	{ "stopped", ALPACA_UPDATE_QUIET },
	{ "pending_cancel", ALPACA_UPDATE_QUIET },
	{ "pending_replace", ALPACA_UPDATE_QUIET },
	{ "calculated", ALPACA_UPDATE_QUIET },
	{ "suspended", ALPACA_UPDATE_QUIET },
	{ "restated", ALPACA_UPDATE_QUIET },
};

static enum alpaca_state state_of(const struct json_value *value)
{
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) if (alpaca_is(value, states[i].word)) return states[i].state;
	return ALPACA_STATE_UNKNOWN;
}

static enum alpaca_update_kind update_of(const struct json_value *value)
{
	for (size_t i = 0; i < sizeof updates / sizeof *updates; i++) if (alpaca_is(value, updates[i].word)) return updates[i].kind;
	return ALPACA_UPDATE_OTHER;
}

bool alpaca_order_of(struct alpaca_codec *codec, const struct json_value found[ALPACA_ORDER_FIELDS], struct alpaca_order *out)
{
	*out = (struct alpaca_order){ .state = state_of(&found[STATUS]), .sym = SYM_NONE };
	bool is_right = alpaca_id(&found[ID], out->id, sizeof out->id) && out->id[0] && found[STATUS].kind == JSON_STRING &&
	                alpaca_string(&found[CLIENT_ID], out->client_id, sizeof out->client_id) &&
	                alpaca_id(&found[REPLACED_BY], out->replaced_by, sizeof out->replaced_by) &&
	                alpaca_e8(&found[QTY], &out->qty_e8, &codec->cut) && alpaca_e8(&found[FILLED_QTY], &out->filled_qty_e8, &codec->cut) &&
	                alpaca_e8(&found[LIMIT_PRICE], &out->limit_px_e8, &codec->cut) && alpaca_time_of(&found[SUBMITTED_AT], &out->submitted_ns);
	if (found[SYMBOL].kind == JSON_STRING) out->sym = alpaca_sym(found[SYMBOL].at, found[SYMBOL].length);
	out->side = alpaca_is(&found[SIDE], "buy") ? SIDE_BUY : SIDE_SELL;
	out->order_type = alpaca_is(&found[TYPE], "market") ? ORDER_TYPE_MARKET : ORDER_TYPE_LIMIT;
	out->venue_id = alpaca_hash(out->id, strlen(out->id));
	return alpaca_believe(codec, is_right && out->qty_e8 >= 0 && out->filled_qty_e8 >= 0);
}

bool alpaca_read_order(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_order *out)
{
	struct json_value found[ALPACA_ORDER_FIELDS];
	return alpaca_pick(codec, &codec->order, text, bytes, found) && alpaca_order_of(codec, found, out);
}

static bool execution_of(struct alpaca_codec *codec, const struct json_value found[UPDATE_FIELDS], struct alpaca_update *out)
{
	char id[ALPACA_ACTIVITY_ID_BYTES];
	bool is_right = alpaca_string(&found[EXECUTION_ID], id, sizeof id) && alpaca_time_of(&found[TIMESTAMP], &out->t_ns) &&
	                alpaca_e8(&found[PRICE], &out->px_e8, &codec->cut) && alpaca_e8(&found[UPDATE_QTY], &out->qty_e8, &codec->cut) &&
	                alpaca_e8(&found[COMMISSION], &out->fee_usd_e8, &codec->cut);
	out->execution_id = is_right && id[0] ? alpaca_hash(id, strlen(id)) : 0;
	if (out->kind == ALPACA_UPDATE_FILL) is_right = is_right && id[0] && out->px_e8 > 0 && out->qty_e8 > 0;
	return alpaca_believe(codec, is_right);
}

static bool read_trade_update(struct alpaca_codec *codec, const struct json_value found[UPDATE_FIELDS], struct alpaca_update *out)
{
	const struct json_value *order = &found[ORDER];
	out->kind = update_of(&found[EVENT]);
	if (order->kind != JSON_OBJECT || found[EVENT].kind != JSON_STRING) return alpaca_believe(codec, false);
	return alpaca_read_order(codec, order->at, order->length, &out->order) && execution_of(codec, found, out);
}

bool alpaca_read_update(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_update *out)
{
	struct json_value found[UPDATE_FIELDS];
	*out = (struct alpaca_update){ .kind = ALPACA_UPDATE_OTHER };
	if (!alpaca_pick(codec, &codec->update, text, bytes, found)) return false;
	if (alpaca_is(&found[STREAM], "trade_updates")) return read_trade_update(codec, found, out);
	if (alpaca_is(&found[STREAM], "listening")) out->kind = ALPACA_UPDATE_LISTENING;
	if (alpaca_is(&found[STREAM], "authorization"))
		out->kind = alpaca_is(&found[DATA_STATUS], "authorized") ? ALPACA_UPDATE_AUTHORIZED : ALPACA_UPDATE_UNAUTHORIZED;
	return true;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* A crypto venue never closes, so there is no open to wait for and no day to end. */
static const char *tif_word(uint8_t time_in_force, bool is_crypto)
{
	switch ((enum time_in_force)time_in_force) {
	case TIF_OPEN: case TIF_DAY: return is_crypto ? "gtc" : "day";
	case TIF_GTC: return "gtc";
	case TIF_IOC: return "ioc";
	}
	return "day";
}

static void put_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_number(struct json *json, const char *key, int64_t value_e8)
{
	char text[E8_TEXT_BYTES];
	e8_text(text, value_e8);
	put_text(json, key, text);
}

size_t alpaca_write_order(const struct order_request *request, uint16_t sym, const char *client_id, char body[ALPACA_ORDER_BODY_BYTES])
{
	struct json json;
	char        symbol[ALPACA_SYMBOL_BYTES];
	bool        is_limit = request->order_type == ORDER_TYPE_LIMIT;
	if (sym >= UNIVERSE_N || request->post_only || request->qty_e8 <= 0 || (is_limit && request->limit_px_e8 <= 0)) return 0;
	json_begin(&json, body, ALPACA_ORDER_BODY_BYTES);
	json_object_begin(&json);
	put_text(&json, "symbol", alpaca_symbol(sym, symbol));
	put_number(&json, "qty", request->qty_e8);
	put_text(&json, "side", request->side == SIDE_BUY ? "buy" : "sell");
	put_text(&json, "type", is_limit ? "limit" : "market");
	put_text(&json, "time_in_force", tif_word(request->time_in_force, universe[sym].asset_class == ASSET_CRYPTO));
	if (is_limit) put_number(&json, "limit_price", request->limit_px_e8);
	put_text(&json, "client_order_id", client_id);
	json_object_end(&json);
	return json_length(&json);
}

size_t alpaca_write_replace(int64_t qty_e8, int64_t limit_px_e8, const char *client_id, char body[ALPACA_ORDER_BODY_BYTES])
{
	struct json json;
	json_begin(&json, body, ALPACA_ORDER_BODY_BYTES);
	json_object_begin(&json);
	if (qty_e8 > 0) put_number(&json, "qty", qty_e8);
	if (limit_px_e8 > 0) put_number(&json, "limit_price", limit_px_e8);
	put_text(&json, "client_order_id", client_id);
	json_object_end(&json);
	return qty_e8 > 0 || limit_px_e8 > 0 ? json_length(&json) : 0;
}

size_t alpaca_write_authenticate(const char *key, const char *secret, char body[ALPACA_ORDER_BODY_BYTES])
{
	struct json json;
	json_begin(&json, body, ALPACA_ORDER_BODY_BYTES);
	json_object_begin(&json);
	put_text(&json, "action", "authenticate");
	json_key(&json, "data");
	json_object_begin(&json);
	put_text(&json, "key_id", key);
	put_text(&json, "secret_key", secret);
	json_object_end(&json);
	json_object_end(&json);
	return json_length(&json);
}
