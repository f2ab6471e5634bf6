/* rest_positions.c - /v2/positions: what is held, and selling it. */
#include <string.h>

#include "hal/sim/server/names.h"
#include "hal/sim/server/place.h"
#include "hal/sim/server/show.h"

void rest_positions_list(struct server *server, struct rest *rest)
{
	json_array_begin(&rest->json);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (server->broker.position[sym].qty_e8 != 0) show_position(server, &rest->json, sym);
	json_array_end(&rest->json);
}

/* By symbol, or by the asset's id. */
static uint16_t find(struct server *server, struct rest *rest)
{
	uint64_t number;
	uint16_t sym = name_find(rest->rest, strlen(rest->rest));
	if (name_uuid_parse(UUID_ASSET, rest->rest, strlen(rest->rest), &number) && number < UNIVERSE_N) sym = (uint16_t)number;
	if (sym != SYM_NONE && server->broker.position[sym].qty_e8 != 0) return sym;
	rest_refuse(rest, 404, CODE_NOT_FOUND, "position does not exist");
	return SYM_NONE;
}

void rest_positions_get(struct server *server, struct rest *rest)
{
	uint16_t sym = find(server, rest);
	if (sym != SYM_NONE) show_position(server, &rest->json, sym);
}

static struct wish wish_to_close(uint16_t sym, int64_t qty_e8)
{
	return (struct wish){
		.sym = sym, .side = SIDE_SELL, .order_type = ORDER_TYPE_MARKET, .tif = name_is_crypto(sym) ? BROKER_GTC : BROKER_DAY, .qty_e8 = qty_e8,
	};
}

static bool read_number(const char *text, int64_t *out_e8)
{
	struct json_value value = { .at = text, .length = (uint32_t)strlen(text), .kind = JSON_STRING };
	uint32_t          cut = 0;
	return json_e8_of_text(&value, out_e8, &cut) == JSON_OK && cut == 0 && *out_e8 > 0;
}

/* All of it, or qty units, or percentage of it. */
static bool read_part(const struct server *server, struct rest *rest, uint16_t sym, int64_t *qty_e8)
{
	char    text[E8_TEXT_BYTES];
	int64_t percent_e8 = 0, held_e8 = server->broker.position[sym].qty_e8, lot_e8 = universe[sym].lot_e8;
	bool    good = true;
	*qty_e8 = held_e8;
	if (rest_query(rest, "qty", text, sizeof text)) good = read_number(text, qty_e8) && *qty_e8 % lot_e8 == 0;
	else if (rest_query(rest, "percentage", text, sizeof text)) {
		good = read_number(text, &percent_e8) && percent_e8 <= 100 * E8;
		if (good) *qty_e8 = e8_lots(e8_mul_floor(held_e8, percent_e8 / 100), lot_e8);
	}
	if (good && *qty_e8 > 0) return true;
	rest_refuse(rest, 422, CODE_INVALID, "qty or percentage is invalid");
	return false;
}

void rest_positions_close(struct server *server, struct rest *rest)
{
	int64_t  qty_e8;
	uint16_t sym = find(server, rest);
	if (sym == SYM_NONE || !read_part(server, rest, sym, &qty_e8)) return;
	struct wish wish = wish_to_close(sym, qty_e8);
	uint32_t    number = place_order(server, rest, &wish);
	if (number != BROKER_NONE) show_order(server, &rest->json, number);
}

static void cancel_open(struct server *server)
{
	for (uint32_t number = 0; number < server->broker.orders_n; number++)
		if (broker_is_open(&server->broker.order[number])) place_send(server, EVENT_ORDER_CANCEL, number, 0, 0);
}

/* One element of the reply: the order that closes it, or why there is none. */
static void close_one(struct server *server, struct rest *rest, uint16_t sym, struct json *list)
{
	static char small[REST_MESSAGE_BYTES * 4];
	struct wish wish = wish_to_close(sym, server->broker.position[sym].qty_e8);
	struct rest inner = { .who = rest->who };
	char        symbol[NAME_SYMBOL_BYTES];
	json_begin(&inner.json, small, sizeof small);
	uint32_t number = place_order(server, &inner, &wish);
	json_object_begin(list);
	json_key(list, "symbol"), json_string(list, name_symbol(sym, symbol));
	json_key(list, "status"), json_i64(list, number == BROKER_NONE ? inner.status : 200);
	json_key(list, "body");
	if (number != BROKER_NONE) show_order(server, list, number);
	else {
		json_object_begin(list);
		json_key(list, "code"), json_i64(list, CODE_FORBIDDEN);
		json_key(list, "message"), json_string(list, "insufficient qty available for order");
		json_object_end(list);
	}
	json_object_end(list);
}

void rest_positions_close_all(struct server *server, struct rest *rest)
{
	char cancel[8] = "";
	if (rest_query(rest, "cancel_orders", cancel, sizeof cancel) && (strcmp(cancel, "true") == 0 || strcmp(cancel, "True") == 0)) cancel_open(server);
	json_array_begin(&rest->json);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (server->broker.position[sym].qty_e8 > 0) close_one(server, rest, sym, &rest->json);
	json_array_end(&rest->json);
	rest->status = 207;
}
