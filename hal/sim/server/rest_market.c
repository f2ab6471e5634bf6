/* rest_market.c - clock, calendar and assets: what is so for every account. */
#include <stdio.h>
#include <string.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/rest.h"
#include "hal/sim/server/stamp.h"

enum { MINUTES_HOUR = 60, SESSIONS_MAX = 10000, PRE_OPEN_MINUTE = 4 * MINUTES_HOUR, AFTER_HOURS = 4 * MINUTES_HOUR };

/* --- clock -------------------------------------------------------------------------------------------------------- */

/* The first open and the first close of the exchange after an instant; at the end of what the calendar knows, the instant itself. */
static void next_times(int64_t t_ns, int64_t *open_ns, int64_t *close_ns)
{
	struct session session;
	*open_ns = *close_ns = 0;
	for (int32_t day = day_from_t_ns(t_ns) - 1; calendar_covers(day) && (*open_ns == 0 || *close_ns == 0); day++) {
		if (!calendar_session(CALENDAR_NYSE, day, &session)) continue;
		if (*open_ns == 0 && session.open_ns > t_ns) *open_ns = session.open_ns;
		if (*close_ns == 0 && session.close_ns > t_ns) *close_ns = session.close_ns;
	}
	if (*open_ns == 0) *open_ns = t_ns;
	if (*close_ns == 0) *close_ns = t_ns;
}

void rest_clock_get(struct server *server, struct rest *rest)
{
	char    text[STAMP_BYTES];
	int64_t t_ns = server->moment.t_ns, open_ns, close_ns;
	next_times(t_ns, &open_ns, &close_ns);
	json_object_begin(&rest->json);
	field_text(&rest->json, "timestamp", stamp_new_york(t_ns, text));
	field_bool(&rest->json, "is_open", server->match.is_open[CALENDAR_NYSE]);
	field_text(&rest->json, "next_open", stamp_new_york(open_ns, text));
	field_text(&rest->json, "next_close", stamp_new_york(close_ns, text));
	json_object_end(&rest->json);
}

/* --- calendar ----------------------------------------------------------------------------------------------------- */

static void field_minute(struct json *json, const char *key, const char *format, int64_t minute)
{
	char text[16];
	snprintf(text, sizeof text, format, (int)(minute / MINUTES_HOUR), (int)(minute % MINUTES_HOUR));
	field_text(json, key, text);
}

static int64_t minute_of(int32_t day, int64_t t_ns) { return (t_ns - zone_t_ns(ZONE_NEW_YORK, day, 0)) / (MINUTES_HOUR * NS_PER_S); }

static void put_session(struct json *json, int32_t day, const struct session *session)
{
	int64_t open = minute_of(day, session->open_ns), close = minute_of(day, session->close_ns);
	json_object_begin(json);
	field_date(json, "date", day);
	field_minute(json, "open", "%02d:%02d", open);
	field_minute(json, "close", "%02d:%02d", close);
	field_minute(json, "session_open", "%02d%02d", PRE_OPEN_MINUTE);
	field_minute(json, "session_close", "%02d%02d", close + AFTER_HOURS);
	json_object_end(json);
}

void rest_calendar_get(struct server *server, struct rest *rest)
{
	int64_t        start_ns = CALENDAR_DAY_FIRST * NS_PER_DAY, end_ns = CALENDAR_DAY_LAST * NS_PER_DAY;
	bool           is_date;
	struct session session;
	(void)server;
	if (!rest_query_time(rest, "start", &start_ns, &is_date) || !rest_query_time(rest, "end", &end_ns, &is_date)) return;
	int32_t first = day_from_t_ns(start_ns), last = day_from_t_ns(end_ns), left = SESSIONS_MAX;
	if (first < CALENDAR_DAY_FIRST) first = CALENDAR_DAY_FIRST;
	json_array_begin(&rest->json);
	for (int32_t day = first; day <= last && calendar_covers(day) && left > 0; day++) {
		if (!calendar_session(CALENDAR_NYSE, day, &session)) continue;
		put_session(&rest->json, day, &session);
		left--;
	}
	json_array_end(&rest->json);
}

/* --- assets ------------------------------------------------------------------------------------------------------- */

static bool is_asset(const struct server *server, uint16_t sym)
{
	return universe[sym].asset_class != ASSET_INDEX && server->config.bars->of[sym].count > 0;
}

static void put_asset(struct json *json, uint16_t sym)
{
	bool crypto = name_is_crypto(sym);
	json_object_begin(json);
	field_uuid(json, "id", UUID_ASSET, sym);
	field_text(json, "class", crypto ? "crypto" : "us_equity");
	field_text(json, "exchange", crypto ? "CRYPTO" : "ARCA");
	field_symbol(json, "symbol", sym);
	field_text(json, "name", universe[sym].what);
	field_text(json, "status", "active");
	field_bool(json, "tradable", true);
	field_bool(json, "marginable", !crypto);
	field_bool(json, "shortable", false);
	field_bool(json, "easy_to_borrow", false);
	field_bool(json, "fractionable", crypto);
	if (crypto) {
		field_e8_text(json, "min_order_size", universe[sym].lot_e8);
		field_e8_text(json, "min_trade_increment", universe[sym].lot_e8);
		field_e8_text(json, "price_increment", 1);
	}
	json_key(json, "attributes");
	json_array_begin(json);
	json_array_end(json);
	json_object_end(json);
}

void rest_assets_list(struct server *server, struct rest *rest)
{
	char kind[16] = "", status[16] = "active";
	(void)rest_query(rest, "asset_class", kind, sizeof kind);
	(void)rest_query(rest, "status", status, sizeof status);
	json_array_begin(&rest->json);
	for (uint16_t sym = 0; sym < UNIVERSE_N && strcmp(status, "inactive") != 0; sym++)
		if (is_asset(server, sym) && (!*kind || (strcmp(kind, "crypto") == 0) == name_is_crypto(sym))) put_asset(&rest->json, sym);
	json_array_end(&rest->json);
}

void rest_assets_get(struct server *server, struct rest *rest)
{
	uint64_t number;
	uint16_t sym = name_find(rest->rest, strlen(rest->rest));
	if (name_uuid_parse(UUID_ASSET, rest->rest, strlen(rest->rest), &number) && number < UNIVERSE_N) sym = (uint16_t)number;
	if (sym != SYM_NONE && is_asset(server, sym)) put_asset(&rest->json, sym);
	else rest_refuse(rest, 404, CODE_NOT_FOUND, "asset not found for %s", rest->rest);
}
