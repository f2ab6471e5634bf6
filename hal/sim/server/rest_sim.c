/* rest_sim.c - the simulator's own paths: market time, faults, counts. The venue itself has none of them. */
#include <string.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/moment.h"
#include "hal/sim/server/rest.h"

static const char *const phase_text[TICK_PHASES_N] = { [TICK_OPEN] = "open", [TICK_CLOSE] = "close", [TICK_DAY_END] = "day_end" };

static void put_moment(const struct server *server, struct json *json, bool end)
{
	const struct tick *tick = &server->moment.tick;
	bool               began = server->moment.number > 0;
	field_i64(json, "moment", server->moment.number);
	field_i64(json, "t_ns", server->moment.t_ns);
	field_date(json, "day", began ? tick->day : server->first_day);
	field_text(json, "phase", began ? phase_text[tick->phase] : "");
	field_text(json, "calendar", began ? calendar_name((enum calendar_id)tick->calendar) : "");
	field_bool(json, "early_close", began && tick->early_close);
	field_bool(json, "last", began && tick->last);
	field_bool(json, "end", end);
}

static bool at_end(struct server *server) { return market_peek_t_ns(&server->market) == INT64_MAX; }

/* The object of the body has these whole or text members; false after refusing. */
static bool read_body(struct rest *rest, struct json_paths *paths, const char *const *path, uint32_t path_n, struct json_value *found)
{
	struct json_reader json;
	struct json_value  first;
	if (paths->paths == 0) json_paths_init(paths, path, path_n);
	json_open(&json, rest->body, rest->body_bytes);
	if (json_next(&json, &first) == JSON_OBJECT && json_pick(&json, paths, found) && json_finish(&json)) return true;
	rest_refuse(rest, 400, CODE_SYNTAX, "request body format is invalid");
	return false;
}

void rest_sim_advance(struct server *server, struct rest *rest)
{
	static struct json_paths       paths;
	static const char *const       path[] = { "after" };
	struct json_value              found[1];
	int64_t                        after = 0;
	bool                           end = false;
	if (!read_body(rest, &paths, path, 1, found)) return;
	if (found[0].kind != JSON_NUMBER || json_to_i64(&found[0], &after) != JSON_OK) {
		rest_refuse(rest, 422, CODE_PARAMETER, "after is the number of the moment that is known; 0 before the first");
		return;
	}
	if (server->config.speed > 0) {
		rest_refuse(rest, 409, CODE_CONFLICT, "market time runs by itself here");
		return;
	}
	if (after != server->moment.number && after + 1 != server->moment.number) {
		rest_refuse(rest, 409, CODE_CONFLICT, "the moment is %lld", (long long)server->moment.number);
		return;
	}
	if (after == server->moment.number) end = !moment_next(server);
	json_object_begin(&rest->json);
	put_moment(server, &rest->json, end);
	json_object_end(&rest->json);
}

void rest_sim_now(struct server *server, struct rest *rest)
{
	json_object_begin(&rest->json);
	put_moment(server, &rest->json, at_end(server));
	field_date(&rest->json, "first_day", server->first_day);
	field_date(&rest->json, "last_day", server->last_day);
	json_object_end(&rest->json);
}

/* --- faults ------------------------------------------------------------------------------------------------------- */

static bool read_number(const struct json_value *value, uint32_t otherwise, uint32_t *out)
{
	int64_t number;
	*out = otherwise;
	if (value->kind == JSON_NONE) return true;
	if (value->kind != JSON_NUMBER || json_to_i64(value, &number) != JSON_OK || number < 0 || number > FAULT_COUNT_MAX) return false;
	*out = (uint32_t)number;
	return true;
}

void rest_sim_faults(struct server *server, struct rest *rest)
{
	enum { KIND, WHERE, COUNT, AFTER, MS, PATHS_N };
	static struct json_paths paths;
	static const char *const path[PATHS_N] = { "kind", "where", "count", "after", "ms" };
	struct json_value        found[PATHS_N];
	struct fault             fault = { 0 };
	if (!read_body(rest, &paths, path, PATHS_N, found)) return;
	fault.kind = found[KIND].kind == JSON_STRING ? (uint8_t)fault_kind_of(found[KIND].at, found[KIND].length) : FAULT_KINDS_N;
	fault.where = found[WHERE].kind == JSON_STRING ? (uint8_t)fault_where_of(found[WHERE].at, found[WHERE].length) : FAULT_WHERES_N;
	bool numbers = read_number(&found[COUNT], 1, &fault.count) && read_number(&found[AFTER], 0, &fault.after) && read_number(&found[MS], 0, &fault.ms);
	if (!numbers || !faults_arm(&server->faults, &fault)) {
		rest_refuse(rest, 422, CODE_PARAMETER, "kind: drop cut double 429 mute delay 500 garbage half_frame; where: rest orders posts stream data; count, after, ms; "
		                                       "at most %d wait at a time", FAULTS_MAX);
		return;
	}
	json_object_begin(&rest->json);
	field_bool(&rest->json, "armed", true);
	json_object_end(&rest->json);
}

void rest_sim_counts(struct server *server, struct rest *rest)
{
	json_object_begin(&rest->json);
	server_write_counts(server, &rest->json);
	json_object_end(&rest->json);
}
