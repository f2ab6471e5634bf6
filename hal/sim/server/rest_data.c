/* rest_data.c - market data: daily bars with paging, snapshots, latest trades, quotes and bars; stocks and crypto. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/prices.h"
#include "hal/sim/server/rest.h"
#include "hal/sim/server/stamp.h"

enum { LIMIT_DEFAULT = 1000, LIMIT_MAX = 10000 };

/* --- one object --------------------------------------------------------------------------------------------------- */

/* A price as of the total-return close: in the proportion of the bar's two closes. */
static int64_t adjusted_e8(const struct bar *bar, int64_t px_e8)
{
	return px_e8 == bar->close_px_e8 ? bar->adj_px_e8 : i128_narrow(div_near((i128)px_e8 * bar->adj_px_e8, bar->close_px_e8));
}

static void put_bar(struct json *json, uint16_t sym, const struct bar *bar, bool adjusted)
{
	json_object_begin(json);
	field_stamp(json, "t", prices_bar_t_ns(sym, bar->day));
	field_e8(json, "o", adjusted ? adjusted_e8(bar, bar->open_px_e8) : bar->open_px_e8);
	field_e8(json, "h", adjusted ? adjusted_e8(bar, bar->high_px_e8) : bar->high_px_e8);
	field_e8(json, "l", adjusted ? adjusted_e8(bar, bar->low_px_e8) : bar->low_px_e8);
	field_e8(json, "c", adjusted ? bar->adj_px_e8 : bar->close_px_e8);
	field_i64(json, "v", bar->volume);
	field_i64(json, "n", 0);
	field_e8(json, "vw", adjusted ? bar->adj_px_e8 : bar->close_px_e8);
	json_object_end(json);
}

static void put_trade(struct json *json, uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	json_object_begin(json);
	field_trade(json, sym, px_e8, t_ns / NS_PER_S, t_ns);
	json_object_end(json);
}

static void put_quote(struct json *json, int64_t px_e8, int64_t t_ns)
{
	json_object_begin(json);
	field_quote(json, px_e8, t_ns);
	json_object_end(json);
}

/* --- of every symbol asked for ------------------------------------------------------------------------------------ */

typedef void put_fn(const struct server *server, struct json *json, uint16_t sym);

static void latest_trade(const struct server *server, struct json *json, uint16_t sym)
{
	put_trade(json, sym, server->match.symbol[sym].px_e8, server->seen[sym].t_ns);
}

static void latest_quote(const struct server *server, struct json *json, uint16_t sym)
{
	put_quote(json, server->match.symbol[sym].px_e8, server->seen[sym].t_ns);
}

static void latest_bar(const struct server *server, struct json *json, uint16_t sym)
{
	struct bar bar;
	if (prices_today(server, sym, &bar)) put_bar(json, sym, &bar, false);
	else json_null(json);
}

static void snapshot(const struct server *server, struct json *json, uint16_t sym)
{
	const struct bar *before = prices_before(server, sym);
	json_object_begin(json);
	json_key(json, "latestTrade");
	latest_trade(server, json, sym);
	json_key(json, "latestQuote");
	latest_quote(server, json, sym);
	json_key(json, "minuteBar");
	latest_bar(server, json, sym);
	json_key(json, "dailyBar");
	latest_bar(server, json, sym);
	json_key(json, "prevDailyBar");
	if (before) put_bar(json, sym, before, false);
	else json_null(json);
	json_object_end(json);
}

/* An object of those the market has shown; inside another one under this name, when there is one. */
static void put_each(struct server *server, struct rest *rest, bool crypto, const char *name, put_fn *put)
{
	bool wanted[UNIVERSE_N];
	char symbol[NAME_SYMBOL_BYTES];
	if (!rest_query_symbols(rest, crypto, wanted)) return;
	json_object_begin(&rest->json);
	if (name) json_key(&rest->json, name), json_object_begin(&rest->json);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		if (!wanted[sym] || server->match.symbol[sym].px_e8 == 0) continue;
		json_key(&rest->json, name_symbol(sym, symbol));
		put(server, &rest->json, sym);
	}
	if (name) json_object_end(&rest->json);
	json_object_end(&rest->json);
}

void rest_data_snapshots(struct server *server, struct rest *rest) { put_each(server, rest, false, 0, snapshot); }
void rest_data_trades_latest(struct server *server, struct rest *rest) { put_each(server, rest, false, "trades", latest_trade); }
void rest_data_quotes_latest(struct server *server, struct rest *rest) { put_each(server, rest, false, "quotes", latest_quote); }
void rest_data_bars_latest(struct server *server, struct rest *rest) { put_each(server, rest, false, "bars", latest_bar); }
void rest_crypto_snapshots(struct server *server, struct rest *rest) { put_each(server, rest, true, "snapshots", snapshot); }
void rest_crypto_trades_latest(struct server *server, struct rest *rest) { put_each(server, rest, true, "trades", latest_trade); }
void rest_crypto_quotes_latest(struct server *server, struct rest *rest) { put_each(server, rest, true, "quotes", latest_quote); }
void rest_crypto_bars_latest(struct server *server, struct rest *rest) { put_each(server, rest, true, "bars", latest_bar); }

/* --- bars --------------------------------------------------------------------------------------------------------- */

/* sym, day: where the page begins. */
struct range { bool wanted[UNIVERSE_N], adjusted, crypto; int64_t start_ns, end_ns, limit; uint16_t sym; int32_t day; };

static bool read_frame(struct rest *rest, struct range *range)
{
	char frame[16] = "", adjustment[16] = "raw";
	(void)rest_query(rest, "timeframe", frame, sizeof frame);
	(void)rest_query(rest, "adjustment", adjustment, sizeof adjustment);
	range->adjusted = strcmp(adjustment, "all") == 0 || strcmp(adjustment, "dividend") == 0;
	bool raw = strcmp(adjustment, "raw") == 0 || strcmp(adjustment, "split") == 0;
	if (strcmp(frame, "1Day") != 0 && strcmp(frame, "1D") != 0) rest_refuse(rest, 400, CODE_SYNTAX, "invalid timeframe: this venue has 1Day");
	else if (!raw && !range->adjusted) rest_refuse(rest, 400, CODE_SYNTAX, "invalid adjustment: %s", adjustment);
	else return true;
	return false;
}

/* A date names the bar of that day; an instant is compared with the bar's own. */
static bool read_range(struct rest *rest, struct range *range)
{
	bool start_date = false, end_date = false;
	range->start_ns = 0;
	range->end_ns = INT64_MAX;
	if (!rest_query_time(rest, "start", &range->start_ns, &start_date) || !rest_query_time(rest, "end", &range->end_ns, &end_date)) return false;
	if (end_date) range->end_ns += NS_PER_DAY - 1;
	return rest_query_i64(rest, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT, &range->limit);
}

/* "SYM.DAY": the first bar of the next page. */
static bool read_token(struct rest *rest, struct range *range)
{
	char  token[32], *end = 0;
	range->sym = 0;
	range->day = INT32_MIN;
	if (!rest_query(rest, "page_token", token, sizeof token) || !*token) return true;
	long sym = strtol(token, &end, 10), day = *end == '.' ? strtol(end + 1, &end, 10) : -1;
	if (*end == '\0' && sym >= 0 && sym < UNIVERSE_N && day >= 0 && day <= CALENDAR_DAY_LAST) {
		range->sym = (uint16_t)sym;
		range->day = (int32_t)day;
		return true;
	}
	rest_refuse(rest, 400, CODE_SYNTAX, "invalid page_token");
	return false;
}

static bool is_in(const struct range *range, uint16_t sym, const struct bar *bar)
{
	int64_t t_ns = prices_bar_t_ns(sym, bar->day);
	if (sym == range->sym && bar->day < range->day) return false;
	return t_ns >= range->start_ns && t_ns <= range->end_ns;
}

/* The bars of a symbol that are in; the index behind the last, or where the page is full. */
static bool put_bars(const struct server *server, struct json *json, struct range *range, uint16_t sym)
{
	const struct bars_series *series = &server->config.bars->of[sym];
	char                      symbol[NAME_SYMBOL_BYTES];
	uint32_t                  whole = prices_whole(server, sym);
	bool                      begun = false, full = false;
	for (uint32_t i = 0; i < whole && !full; i++) {
		const struct bar *bar = &series->bar[i];
		if (!is_in(range, sym, bar)) continue;
		full = range->limit == 0;
		if (full) {
			range->sym = sym;
			range->day = bar->day;
			break;
		}
		if (!begun) json_key(json, name_symbol(sym, symbol)), json_array_begin(json);
		begun = true;
		put_bar(json, sym, bar, range->adjusted);
		range->limit--;
	}
	if (begun) json_array_end(json);
	return full;
}

static void bars(struct server *server, struct rest *rest, bool crypto)
{
	struct range range = { .crypto = crypto };
	char         token[32];
	bool         full = false;
	if (!rest_query_symbols(rest, crypto, range.wanted) || !read_frame(rest, &range) || !read_range(rest, &range) || !read_token(rest, &range)) return;
	json_object_begin(&rest->json);
	json_key(&rest->json, "bars");
	json_object_begin(&rest->json);
	for (uint16_t sym = range.sym; sym < UNIVERSE_N && !full; sym++)
		if (range.wanted[sym]) full = put_bars(server, &rest->json, &range, sym);
	json_object_end(&rest->json);
	snprintf(token, sizeof token, "%u.%d", range.sym, (int)range.day);
	if (full) field_text(&rest->json, "next_page_token", token);
	else field_null(&rest->json, "next_page_token");
	json_object_end(&rest->json);
}

void rest_data_bars(struct server *server, struct rest *rest) { bars(server, rest, false); }
void rest_crypto_bars(struct server *server, struct rest *rest) { bars(server, rest, true); }
