/* moment_test.c - market time of the venue: one step at a time, told again without moving, and the fills of one process. */
#include <stdio.h>
#include <string.h>

#include "hal/linux/memory.h"
#include "hal/replay/generate.h"
#include "hal/sim/world.h"
#include "tests/kit/test.h"
#include "tests/unit/hal/sim/server/client.h"

TEST(t_X5_venue_advance_is_idempotent)
{
	char first[512];
	client_begin();
	CHECK_EQ(client_call("GET", "/sim/v1/now", ""), 200);
	CHECK_STR(client_member("moment"), "0");
	CHECK_STR(client_member("first_day"), "2018-03-05");
	CHECK_STR(client_member("last_day"), "2018-03-12");
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":0}"), 200);
	snprintf(first, sizeof first, "%s", client_body);
	CHECK_STR(client_member("moment"), "1");
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":0}"), 200);
	CHECK_STR(client_body, first);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":1}"), 200);
	CHECK_STR(client_member("moment"), "2");
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":0}"), 409);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":3}"), 409);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":\"2\"}"), 422);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":1.5}"), 422);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{}"), 422);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", ""), 400);
	CHECK_EQ(client_moment(), 2);
}

TEST(t_X5_venue_time_ends)
{
	char target[64];
	client_begin();
	for (int i = 0; i < 100 && !venue->moment.tick.last; i++) client_step();
	CHECK(venue->moment.tick.last);
	CHECK_STR(client_member("phase"), "day_end");
	CHECK_STR(client_member("day"), "2018-03-12");
	CHECK_STR(client_member("last"), "true");
	CHECK_STR(client_member("end"), "false");
	int64_t last = client_moment();
	for (int i = 0; i < 2; i++) {
		snprintf(target, sizeof target, "{\"after\":%lld}", (long long)last);
		CHECK_EQ(client_call("POST", "/sim/v1/advance", target), 200);
		CHECK_STR(client_member("end"), "true");
		CHECK_EQ(client_moment(), last);
	}
	CHECK_EQ(client_call("GET", "/sim/v1/now", ""), 200);
	CHECK_STR(client_member("end"), "true");
}

TEST(t_X5_venue_moments_are_those_of_the_market)
{
	struct market_replay market;
	struct event         event;
	client_begin();
	market_init(&market, venue->config.bars, CLIENT_FIRST_DAY - 5, CLIENT_FIRST_DAY + CLIENT_DAYS);
	uint32_t seen = 0;
	while (market_next(&market, &event)) {
		if (event.kind != EVENT_TICK || event.t_ns < CLIENT_FIRST_DAY * NS_PER_DAY) continue;
		client_step();
		CHECK_EQ(venue->moment.t_ns, event.t_ns);
		CHECK(memcmp(&venue->moment.tick, &event.tick, sizeof event.tick) == 0);
		seen++;
	}
	CHECK(seen > 30);
	CHECK_EQ(venue->counts.moments, seen);
}

TEST(t_X5_venue_pays_dividends_before_the_fills_of_the_open)
{
	static const char buy[] = "{\"symbol\":\"SPY\",\"qty\":10,\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\"}";
	client_begin();
	CHECK_EQ(client_call("POST", "/v2/orders", buy), 200);
	for (int i = 0; i < 3; i++) client_until(TICK_OPEN, CALENDAR_NYSE);
	client_until(TICK_DAY_END, CALENDAR_NYSE);
	CHECK_EQ(client_call("POST", "/v2/orders", buy), 200);
	CHECK_EQ(venue->counts.dividends, 0);
	client_until(TICK_OPEN, CALENDAR_NYSE);
	CHECK_EQ(venue->counts.dividends, 1);
	CHECK_EQ(client_call("GET", "/v2/account/activities?direction=asc", ""), 200);
	const char *dividend = strstr(client_body, "\"DIV\""), *second = dividend ? strstr(dividend, "\"FILL\"") : 0;
	CHECK(dividend && second);
	CHECK_EQ(client_call("GET", "/v2/account/activities/DIV", ""), 200);
	CHECK_STR(client_member("qty"), "10");                                  /* of what was held, not of what the open bought */
	CHECK_STR(client_member("date"), "2018-03-08");
	CHECK_STR(client_member("per_share_amount"), "1");
	CHECK_STR(client_member("net_amount"), "10");
	CHECK_EQ(client_call("GET", "/v2/account/activities?activity_types=FILL&page_size=1", ""), 200);
	char target[256];
	snprintf(target, sizeof target, "/v2/account/activities?activity_types=FILL&page_size=1&page_token=%s", client_member("id"));
	CHECK_EQ(client_call("GET", target, ""), 200);
	CHECK(client_has("2018-03-05T14:30:00Z") && !client_has("2018-03-08"));
	CHECK_EQ(client_call("GET", "/v2/account/activities?date=2018-03-08", ""), 200);
	CHECK(client_has("\"DIV\"") && !client_has("2018-03-05"));
	CHECK_EQ(client_call("GET", "/v2/account/activities?page_token=nothing", ""), 422);
	CHECK_EQ(client_call("GET", "/v2/account/activities?page_size=0", ""), 422);
}

/* --- the fills of one process ------------------------------------------------------------------------------------- */

enum { FILLS_MAX = 4096 };
struct made { int64_t t_ns, qty_e8, px_e8, fee_usd_e8; };
static struct made wanted[FILLS_MAX];

/* What is sent after a TICK: the same for both, from the numbers of the tick. Buys and, of what is held, sells. */
static bool pick(const struct tick *tick, uint32_t turn, const int64_t held_e8[UNIVERSE_N], uint16_t *sym, enum side *side, int64_t *qty_e8)
{
	*sym = (uint16_t)((turn * 7 + (uint32_t)tick->day) % UNIVERSE_N);
	if (universe[*sym].asset_class == ASSET_INDEX || tick->phase != TICK_CLOSE || tick->calendar != universe[*sym].calendar) return false;
	*side = turn % 3 == 2 && held_e8[*sym] > 0 ? SIDE_SELL : SIDE_BUY;
	*qty_e8 = *side == SIDE_SELL ? held_e8[*sym] : (1 + turn % 5) * 3 * universe[*sym].lot_e8;
	return true;
}

static struct sim_world *world;

static uint32_t run_world(const struct bars *bars, int32_t first_day, int32_t from_day, int32_t to_day)
{
	struct settings   settings;
	struct event      event;
	int64_t           held_e8[UNIVERSE_N] = { 0 }, qty_e8;
	uint32_t          turn = 0, fills = 0;
	uint64_t          id = 0;
	uint16_t          sym;
	enum side         side;
	settings_default(&settings);
	struct match_costs costs = match_costs_paper(&settings);
	sim_world_init(world, bars, first_day, to_day, &costs, 1, false);
	while (sim_world_ports.recv(world, &event) == HAL_EVENT) {
		if (event.kind == EVENT_FILL && fills < FILLS_MAX) {
			held_e8[event.sym] += event.fill.side == SIDE_BUY ? event.fill.qty_e8 : -event.fill.qty_e8;
			wanted[fills++] = (struct made){ event.t_ns, event.fill.qty_e8, event.fill.px_e8, event.fill.fee_usd_e8 };
		}
		if (event.kind != EVENT_TICK || event.t_ns < from_day * NS_PER_DAY || !pick(&event.tick, turn++, held_e8, &sym, &side, &qty_e8)) continue;
		struct event order = event_make(EVENT_ORDER_NEW, sym, event.t_ns);
		order.request = (struct order_request){ .journal_id = 99, .order_id = ++id * 256, .qty_e8 = qty_e8, .side = (uint8_t)side, .time_in_force = TIF_OPEN };
		sim_world_ports.send(world, &order);
	}
	return fills;
}

TEST(t_X5_venue_fills_are_those_of_one_process)
{
	int32_t      from_day = CLIENT_FIRST_DAY, to_day = CLIENT_FIRST_DAY + 200, first_day;
	struct bars *bars = memory_take(sizeof *bars);
	uint32_t     turn = 0;
	int64_t      qty_e8;
	uint16_t     sym;
	enum side    side;
	world = memory_take(sizeof *world);
	generate_bars(bars, 7, from_day - SERVER_WARM_DAYS, to_day);
	CHECK(bars_range(bars, &first_day, &(int32_t){ 0 }));
	uint32_t             fills = run_world(bars, first_day, from_day, to_day);
	struct server_config config = client_config();
	config.bars = bars;
	config.from_day = from_day;
	config.to_day = to_day;
	config.cash_usd_e8 = 10000000 * E8;
	client_begin_with(&config);
	while (market_peek_t_ns(&venue->market) != INT64_MAX) {
		int64_t held_e8[UNIVERSE_N];
		char    body[256], qty[E8_TEXT_BYTES];
		client_step();
		for (size_t i = 0; i < UNIVERSE_N; i++) held_e8[i] = venue->broker.position[i].qty_e8;
		if (!pick(&venue->moment.tick, turn++, held_e8, &sym, &side, &qty_e8)) continue;
		e8_text(qty, qty_e8);
		snprintf(body, sizeof body, "{\"symbol\":\"%s\",\"qty\":\"%s\",\"side\":\"%s\",\"type\":\"market\",\"time_in_force\":\"%s\"}", universe[sym].symbol, qty,
		    side == SIDE_BUY ? "buy" : "sell", universe[sym].calendar == CALENDAR_CRYPTO ? "gtc" : "day");
		CHECK_EQ(client_call("POST", "/v2/orders", body), 200);
	}
	CHECK(fills > 50);
	CHECK_EQ(venue->counts.fills, fills);
	for (uint32_t i = 0, at = 0; i < venue->broker.activities_n && at < fills; i++) {
		const struct activity *activity = &venue->broker.activity[i];
		if (activity->kind != ACTIVITY_FILL) continue;
		CHECK_EQ(activity->t_ns, wanted[at].t_ns);
		CHECK_EQ(activity->qty_e8, wanted[at].qty_e8);
		CHECK_EQ(activity->px_e8, wanted[at].px_e8);
		CHECK_EQ(activity->fee_usd_e8, wanted[at].fee_usd_e8);
		at++;
	}
}

TEST(t_X5_venue_time_runs_by_itself)
{
	struct server_config config = client_config();
	config.speed = 3600;
	client_begin_with(&config);
	CHECK_EQ(client_call("POST", "/sim/v1/advance", "{\"after\":0}"), 409);
	CHECK_EQ(client_call("POST", "/v2/orders", "{\"symbol\":\"SPY\",\"qty\":10,\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\"}"), 200);
	server_now(venue, NS_PER_S + 14 * NS_PER_S);
	CHECK(!venue->match.is_open[CALENDAR_NYSE]);
	int64_t wakes_ns = server_wakes_ns(venue);
	CHECK_EQ(wakes_ns, NS_PER_S + 29 * NS_PER_S / 2);        /* half past two in the afternoon, UTC */
	server_now(venue, wakes_ns);
	CHECK(venue->match.is_open[CALENDAR_NYSE]);
	CHECK_EQ(venue->counts.fills, 1);
	server_now(venue, wakes_ns + NS_PER_S);
	CHECK_EQ(client_call("GET", "/v2/clock", ""), 200);
	CHECK_STR(client_member("timestamp"), "2018-03-05T10:30:00-05:00");
	server_now(venue, NS_PER_S + 24 * 30 * NS_PER_S);
	CHECK(venue->moment.tick.last);
	CHECK_EQ(server_wakes_ns(venue), INT64_MAX);
}
