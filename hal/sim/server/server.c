/* server.c - see server.h: the table of connections, and time. */
#include "hal/sim/server/server.h"

#include <string.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/link.h"
#include "hal/sim/server/moment.h"

/* The first day to trade is that of the data, when it begins later. */
static bool find_days(struct server *server, const char **sentence)
{
	int32_t first, last;
	bool    any = bars_range(server->config.bars, &first, &last);
	if (!any || last < server->config.from_day || first > server->config.to_day) {
		*sentence = "the bars have no day between --from and --to";
		return false;
	}
	server->first_day = first > server->config.from_day ? first : server->config.from_day;
	server->last_day = last < server->config.to_day ? last : server->config.to_day;
	market_init(&server->market, server->config.bars, first, server->last_day);
	return true;
}

bool server_init(struct server *server, const struct server_config *config, const char **sentence)
{
	struct settings settings;
	memset(server, 0, offsetof(struct server, broker));
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) server->connection[i].mode = CONNECTION_FREE;
	server->config = *config;
	if (!find_days(server, sentence)) return false;
	settings_default(&settings);
	struct match_costs costs = match_costs_paper(&settings);
	match_init(&server->match, &costs);
	broker_init(&server->broker, config->cash_usd_e8);
	for (size_t i = 0; i < UNIVERSE_N; i++) server->seen[i].opened_day = server->seen[i].closed_day = -1;
	moment_warm(server);
	return true;
}

/* --- time --------------------------------------------------------------------------------------------------------- */

void server_now(struct server *server, int64_t now_ns)
{
	server->now_ns = now_ns;
	moment_run(server);
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) connection_turn(server, &server->connection[i]);
}

static int64_t connection_wakes_ns(const struct server *server, const struct connection *connection)
{
	int64_t wakes_ns = INT64_MAX;
	if (connection->mode == CONNECTION_FREE) return wakes_ns;
	if (connection->out_end > connection->out_first && connection->not_before_ns > server->now_ns) wakes_ns = connection->not_before_ns;
	if (connection->mode == CONNECTION_DATA && !connection->authorized && !connection->over)
		wakes_ns = e8_min(wakes_ns, connection->opened_ns + CONNECTION_AUTH_MS * NS_PER_MS);
	return wakes_ns;
}

int64_t server_wakes_ns(const struct server *server)
{
	int64_t wakes_ns = moment_wakes_ns(server);
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) wakes_ns = e8_min(wakes_ns, connection_wakes_ns(server, &server->connection[i]));
	return wakes_ns;
}

/* --- connections -------------------------------------------------------------------------------------------------- */

int server_connect(struct server *server)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		if (server->connection[i].mode != CONNECTION_FREE) continue;
		connection_open(server, &server->connection[i]);
		server->counts.connections++;
		return i;
	}
	server->counts.connections_refused++;
	return SERVER_FULL;
}

static struct connection *of(struct server *server, int connection)
{
	BUG_UNLESS(3630, connection >= 0 && connection < SERVER_CONNECTIONS_MAX && server->connection[connection].mode != CONNECTION_FREE);
	return &server->connection[connection];
}

void server_receive(struct server *server, int connection, const char *bytes, size_t count)
{
	connection_receive(server, of(server, connection), bytes, count);
}

const char *server_pending(struct server *server, int number, size_t *count)
{
	const struct connection *connection = of(server, number);
	*count = connection->not_before_ns > server->now_ns ? connection->early_bytes : connection->out_end - connection->out_first;
	return connection->out + connection->out_first;
}

void server_sent(struct server *server, int number, size_t count)
{
	struct connection *connection = of(server, number);
	connection->out_first += count;
	connection->early_bytes -= count < connection->early_bytes ? count : connection->early_bytes;
	BUG_UNLESS(3631, connection->out_first <= connection->out_end);
	if (connection->out_first == connection->out_end) connection->out_first = connection->out_end = 0;
}

bool server_is_over(const struct server *server, int number)
{
	const struct connection *connection = &server->connection[number];
	return connection->over && connection->out_first == connection->out_end;
}

void server_disconnect(struct server *server, int connection) { of(server, connection)->mode = CONNECTION_FREE; }

/* --- counts ------------------------------------------------------------------------------------------------------- */

void server_write_counts(struct server *server, struct json *json)
{
#define PUT_COUNT(name) json_key(json, #name), json_u64(json, server->counts.name);
	SERVER_COUNTS(PUT_COUNT)
#undef PUT_COUNT
	json_key(json, "activities_lost"), json_u64(json, server->broker.activities_lost);
	if (server->config.more_counts) server->config.more_counts(server->config.more_self, json);
}
