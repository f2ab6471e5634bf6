/* look.c - regions to JSON. One function an object. */
#include "firmware/console/look.h"

#include <string.h>

#include "firmware/console/look_causes.h"
#include "firmware/console/words.h"
#include "firmware/progress.h"
#include "firmware/report/day.h"
#include "firmware/trade_mode.h"
#include "fsm/care/credits.h"
#include "fsm/care/degraded.h"
#include "fsm/risk/ladder.h"
#include "fsm/risk/stop.h"
#include "hal/linux/holder.h"

static void put_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_u64(struct json *json, const char *key, uint64_t number)
{
	json_key(json, key);
	json_u64(json, number);
}

static void put_e8(struct json *json, const char *key, int64_t value_e8)
{
	json_key(json, key);
	json_e8(json, value_e8);
}

static void put_bool(struct json *json, const char *key, bool truth)
{
	json_key(json, key);
	json_bool(json, truth);
}

static void put_null(struct json *json, const char *key)
{
	json_key(json, key);
	json_null(json);
}

static void put_pct(struct json *json, const char *key, int64_t value_bp)
{
	json_key(json, key);
	json_bp_pct(json, value_bp);
}

static void put_time(struct json *json, const char *key, int64_t t_ns)
{
	char text[DAY_TIME_BYTES];
	day_time(text, t_ns);
	json_key(json, key);
	if (t_ns) json_string(json, text); else json_null(json);
}

/* Seconds, to the millisecond; null for what nobody knows (negative). */
static void put_span_s(struct json *json, const char *key, int64_t span_ns)
{
	json_key(json, key);
	if (span_ns >= 0) json_e8(json, span_ns / NS_PER_MS * (E8 / 1000)); else json_null(json);
}

/* How long ago a monotonic moment was; null before there was one. */
static void put_age_s(struct json *json, const char *key, int64_t from_ns, int64_t now_ns) { put_span_s(json, key, from_ns > 0 ? now_ns - from_ns : -1); }

/* Whose money all of it is. */
static void put_mode(struct json *json, const struct memory_map *map) { put_text(json, "mode", trade_mode_key(map->stamp->mode)); }

/* --- rows --------------------------------------------------------------------------------------------------------- */

static void row_order(struct json *json, const struct event *event)
{
	const struct order_note *order = &event->order;
	put_u64(json, "order_id", order->order_id);
	put_text(json, "symbol", word_symbol(event->sym));
	put_text(json, "side", word_side(order->side));
	put_text(json, "type", word_order_type(order->order_type));
	put_text(json, "time_in_force", word_time_in_force(order->time_in_force));
	put_text(json, "state", word_order_state(order->state));
	put_e8(json, "qty", order->qty_e8);
	put_e8(json, "filled_qty", order->filled_qty_e8);
	if (order->limit_px_e8) put_e8(json, "limit_price", order->limit_px_e8); else put_null(json, "limit_price");
	if (order->filled_qty_e8) put_e8(json, "average_price", order->average_px_e8); else put_null(json, "average_price");
	put_e8(json, "fee_usd", order->fee_usd_e8);
	put_bool(json, "reduce_only", order->reduce_only);
	put_text(json, "reason", word_order_reason(order->reason));
	put_u64(json, "venue_id", order->venue_id);
	put_time(json, "changed", event->t_ns);
}

static void row_position(struct json *json, const struct event *event)
{
	const struct position_note *position = &event->position;
	int64_t                     value_usd_e8, unrealised_usd_e8 = look_unrealised_usd_e8(position, &value_usd_e8);
	put_text(json, "symbol", word_symbol(event->sym));
	put_e8(json, "qty", position->qty_e8);
	put_e8(json, "price", position->px_e8);
	put_e8(json, "value_usd", value_usd_e8);
	put_e8(json, "cost_usd", position->cost_usd_e8);
	put_e8(json, "unrealised_usd", unrealised_usd_e8);
	put_e8(json, "realised_usd", position->realised_usd_e8);
	put_e8(json, "fees_usd", position->fees_usd_e8);
	put_e8(json, "dividends_usd", position->dividends_usd_e8);
	put_e8(json, "reserved_qty", position->reserved_qty_e8);
	put_text(json, "stop", word_stop_state(position->stop_state));
	put_time(json, "changed", event->t_ns);
}

static void row_fill(struct json *json, const struct event *event)
{
	const struct fill *fill = &event->fill;
	put_time(json, "time", event->t_ns);
	put_u64(json, "execution_id", fill->execution_id);
	put_u64(json, "order_id", fill->order_id);
	put_text(json, "symbol", word_symbol(event->sym));
	put_text(json, "side", word_side(fill->side));
	put_e8(json, "qty", fill->qty_e8);
	put_e8(json, "price", fill->px_e8);
	put_e8(json, "fee_usd", fill->fee_usd_e8);
	put_e8(json, "realised_usd", fill->realised_usd_e8);
	put_e8(json, "remaining_qty", fill->remaining_qty_e8);
	put_text(json, "reason", word_order_reason(fill->reason));
}

void look_row(struct json *json, const struct rows *rows, uint32_t i)
{
	struct event event;
	json_object_begin(json);
	if (!rows_read(rows, i, &event)) {
		put_u64(json, "slot", rows->slot[i]);
		put_bool(json, "stale", true);
	} else if (event.kind == EVENT_ORDER) {
		row_order(json, &event);
	} else if (event.kind == EVENT_POSITION) {
		row_position(json, &event);
	} else {
		row_fill(json, &event);
	}
	put_mode(json, rows->map);
	json_object_end(json);
}

int64_t look_unrealised_usd_e8(const struct position_note *position, int64_t *value_usd_e8)
{
	*value_usd_e8 = e8_mul(position->qty_e8, position->px_e8);
	return *value_usd_e8 - position->cost_usd_e8;
}

/* --- account and risk --------------------------------------------------------------------------------------------- */

enum look_known look_read_account(const struct look *look, struct event *event)
{
	if (!cell_read(look->map->account, event)) return LOOK_STALE;
	return event->kind == EVENT_ACCOUNT ? LOOK_KNOWN : LOOK_NONE;
}

/* Known or not: the first keys of everything that comes from the account record. */
static bool begin_account(struct json *json, const struct look *look, struct event *event)
{
	enum look_known known = look_read_account(look, event);
	put_bool(json, "known", known == LOOK_KNOWN);
	put_bool(json, "stale", known == LOOK_STALE);
	return known == LOOK_KNOWN;
}

static void put_nulls(struct json *json, const char *const *keys)
{
	for (; *keys; keys++) put_null(json, *keys);
}

void look_account(struct json *json, const struct look *look)
{
	static const char *const keys[] = { "changed", "nav_usd", "cash_usd", "peak_nav_usd", "drawdown_pct", "reserved_usd", "realised_usd", "unrealised_usd",
		"fees_usd", "dividends_usd", "turnover_usd", "positions", "orders_working", 0 };
	struct event               event;
	const struct account_note *account = &event.account;
	json_object_begin(json);
	if (begin_account(json, look, &event)) {
		put_time(json, "changed", event.t_ns);
		put_e8(json, "nav_usd", account->nav_usd_e8);
		put_e8(json, "cash_usd", account->cash_usd_e8);
		put_e8(json, "peak_nav_usd", account->peak_nav_usd_e8);
		put_pct(json, "drawdown_pct", account->drawdown_bp);
		put_e8(json, "reserved_usd", account->reserved_usd_e8);
		put_e8(json, "realised_usd", account->realised_usd_e8);
		put_e8(json, "unrealised_usd", account->unrealised_usd_e8);
		put_e8(json, "fees_usd", account->fees_usd_e8);
		put_e8(json, "dividends_usd", account->dividends_usd_e8);
		put_e8(json, "turnover_usd", account->turnover_usd_e8);
		put_u64(json, "positions", account->positions);
		put_u64(json, "orders_working", account->orders_working);
	} else {
		put_nulls(json, keys);
	}
	put_mode(json, look->map);
	json_object_end(json);
}

static void put_risk(struct json *json, const struct account_note *account)
{
	put_u64(json, "level", account->level);
	put_text(json, "ladder_state", word_ladder_state(account->ladder_state));
	put_pct(json, "drawdown_pct", account->drawdown_bp);
	put_bool(json, "halted", account->halted);
	put_bool(json, "paused", account->paused);
	put_bool(json, "review_open", account->review_open);
}

static const char *const risk_keys[] = { "level", "ladder_state", "drawdown_pct", "halted", "paused", "review_open", 0 };

static void put_stops(struct json *json, const struct look *look)
{
	struct rows  rows;
	struct event event;
	rows_list(&rows, look->map, ROWS_POSITIONS, true);
	json_key(json, "stops");
	json_array_begin(json);
	for (uint32_t i = 0; i < rows.count; i++) {
		bool stale = !rows_read(&rows, i, &event);
		if (!stale && event.position.stop_state == STOP_IDLE) continue;
		json_object_begin(json);
		put_text(json, "symbol", word_symbol(rows.slot[i]));
		put_text(json, "state", stale ? "STALE" : word_stop_state(event.position.stop_state));
		json_object_end(json);
	}
	json_array_end(json);
}

/* Null before the first close. */
static void put_correlation(struct json *json, const struct look *look)
{
	struct event                   event;
	const struct correlation_note *note = &event.correlation;
	bool                           known = cell_read(&look->map->correlation[0], &event) && event.kind == EVENT_CORRELATION;
	json_key(json, "correlation");
	if (!known) {
		json_null(json);
		return;
	}
	json_object_begin(json);
	put_u64(json, "pairs_above", note->pairs_above);
	put_u64(json, "held", note->assets);
	put_e8(json, "average", note->average_e8);
	put_e8(json, "lowest", note->lowest_e8);
	put_e8(json, "highest", note->highest_e8);
	put_text(json, "highest_a", word_symbol(note->highest_a));
	put_text(json, "highest_b", word_symbol(note->highest_b));
	json_object_end(json);
}

void look_risk(struct json *json, const struct look *look)
{
	static const char *const keys[] = { "nav_usd", "peak_nav_usd", "recovery_weeks", "regime", 0 };
	struct event             event;
	json_object_begin(json);
	if (begin_account(json, look, &event)) {
		put_risk(json, &event.account);
		put_e8(json, "nav_usd", event.account.nav_usd_e8);
		put_e8(json, "peak_nav_usd", event.account.peak_nav_usd_e8);
		put_u64(json, "recovery_weeks", event.account.recovery_weeks);
		put_text(json, "regime", word_regime(event.account.regime));
	} else {
		put_nulls(json, risk_keys);
		put_nulls(json, keys);
	}
	put_correlation(json, look);
	look_causes(json, look);
	put_stops(json, look);
	put_mode(json, look->map);
	json_object_end(json);
}

/* --- status ------------------------------------------------------------------------------------------------------- */

bool look_process(const struct look *look, uint32_t i, struct process_life *out)
{
	if (i >= LIFE_ROWS) return false;
	*out = look->map->life->of[i];
	out->name[PROCESS_NAME_BYTES - 1] = '\0';
	return out->name[0] != '\0';
}

const struct worker_progress *look_worker(const struct look *look, uint32_t i, const char **name)
{
	static const struct { const char *name; size_t at; } row[LOOK_WORKERS_N] = {
		{ "feed", offsetof(struct memory_map, progress_feed) }, { "context", offsetof(struct memory_map, progress_context) },
		{ "analyst", offsetof(struct memory_map, progress_analyst) }, { "health", offsetof(struct memory_map, progress_health) },
		{ "desk", offsetof(struct memory_map, progress_desk) }, { "ledger", offsetof(struct memory_map, progress_ledger) },
	};
	BUG_UNLESS(4254, i < LOOK_WORKERS_N);
	*name = row[i].name;
	return (const struct worker_progress *)(const void *)((const uint8_t *)look->map + row[i].at);
}

static void put_process(struct json *json, const struct look *look, const struct process_life *life)
{
	json_object_begin(json);
	put_text(json, "name", life->name);
	put_text(json, "state", word_process_state(life->state));
	put_bool(json, "alive", process_exists(life->pid));
	json_key(json, "pid");
	if (life->pid) json_i64(json, life->pid); else json_null(json);
	put_age_s(json, "state_s", life->since_ns, look->now_ns);
	put_age_s(json, "spawned_s", life->spawned_ns, look->now_ns);
	put_u64(json, "restarts", life->restarts);
	put_u64(json, "deaths", life->deaths);
	put_u64(json, "hangs", life->hangs);
	put_u64(json, "stalls", life->stalls);
	json_key(json, "last_stall");
	if (life->stalled_row && life->stalled_row <= PROGRESS_N) json_string(json, progress_rows[life->stalled_row - 1].name);
	else json_null(json);
	json_object_end(json);
}

static void put_worker(struct json *json, const struct look *look, uint32_t i)
{
	const char                   *name;
	const struct worker_progress *progress = look_worker(look, i, &name);
	json_object_begin(json);
	put_text(json, "name", name);
	put_u64(json, "ticks", progress->ticks);
	put_u64(json, "steps", progress->steps);
	put_u64(json, "beats", progress->beats);
	put_u64(json, "full_channels", progress->full_channels);
	put_time(json, "market_time", progress->t_ns);
	put_u64(json, "trap", progress->trap);
	put_bool(json, "ended", progress->ended);
	json_object_end(json);
}

static void put_appliance(struct json *json, const struct look *look)
{
	struct map_stamp stamp = *look->map->stamp;
	stamp.build[sizeof stamp.build - 1] = stamp.layout[sizeof stamp.layout - 1] = stamp.venue[sizeof stamp.venue - 1] = '\0';
	put_text(json, "home", look->folder);
	put_bool(json, "running", look->holder_pid != 0);
	json_key(json, "watchdog_pid");
	if (look->holder_pid) json_i64(json, look->holder_pid); else json_null(json);
	put_span_s(json, "silent_s", look->silent_ns);
	put_mode(json, look->map);
	put_text(json, "layout", stamp.layout);
	put_text(json, "venue", stamp.venue);
	put_text(json, "build_id", stamp.build);
	put_time(json, "ended", look->map->life->ended_ns);
	put_bool(json, "ended_in_order", look->map->life->ended_ns && !look->map->life->failed);
	put_time(json, "market_time", look->map->progress_feed->t_ns);
}

static void put_account(struct json *json, const struct look *look)
{
	static const char *const keys[] = { "nav_usd", "positions", "orders_working", 0 };
	struct event             event;
	if (!begin_account(json, look, &event)) {
		put_nulls(json, risk_keys);
		put_nulls(json, keys);
		return;
	}
	put_risk(json, &event.account);
	put_e8(json, "nav_usd", event.account.nav_usd_e8);
	put_u64(json, "positions", event.account.positions);
	put_u64(json, "orders_working", event.account.orders_working);
}

static void put_machine(struct json *json, const struct look *look)
{
	const struct conditions *machine = look->map->conditions;
	bool                     is_burstable = machine->is_burstable != 0, ends = machine->empty_in_ns < CREDITS_NEVER_NS;
	json_key(json, "conditions");
	json_array_begin(json);
	for (uint32_t i = 0; i < CARE_CONDITIONS_N; i++) if (machine->in_force >> i & 1) json_string(json, degraded[i].missing);
	json_array_end(json);
	json_key(json, "shed");
	json_array_begin(json);
	for (uint32_t i = 0; i < SHEDS_N; i++) if (machine->shed >> i & 1) json_string(json, sheds[i].what);
	json_array_end(json);
	if (is_burstable) put_e8(json, "credits", i128_narrow((i128)machine->credits_ns * E8 / CREDIT_NS)); else put_null(json, "credits");
	if (is_burstable && ends) put_e8(json, "credits_empty_in_days", i128_narrow((i128)machine->empty_in_ns * E8 / NS_PER_DAY));
	else put_null(json, "credits_empty_in_days");
}

static void put_memory(struct json *json, const struct look *look)
{
	const char *name;
	json_key(json, "memory");
	json_array_begin(json);
	for (uint32_t i = 0; i < LOOK_WORKERS_N; i++) {
		const struct footprint *memory = &look_worker(look, i, &name)->memory;
		if (memory->looked_ns == 0) continue;        /* not the first worker of its process */
		json_object_begin(json);
		put_text(json, "worker", name);
		put_u64(json, "declared_bytes", memory->declared_bytes);
		put_u64(json, "mapped_bytes", memory->mapped_bytes);
		put_u64(json, "resident_bytes", memory->resident_bytes);
		json_object_end(json);
	}
	json_array_end(json);
}

void look_top(struct json *json, const struct look *look)
{
	struct rows rows;
	json_object_begin(json);
	json_key(json, "status");
	look_status(json, look);
	json_key(json, "account");
	look_account(json, look);
	put_machine(json, look);
	put_memory(json, look);
	rows_list(&rows, look->map, ROWS_POSITIONS, false);
	json_key(json, "positions");
	json_array_begin(json);
	for (uint32_t i = 0; i < rows.count; i++) look_row(json, &rows, i);
	json_array_end(json);
	json_object_end(json);
}

void look_status(struct json *json, const struct look *look)
{
	struct process_life life;
	json_object_begin(json);
	put_appliance(json, look);
	put_account(json, look);
	json_key(json, "processes");
	json_array_begin(json);
	for (uint32_t i = 0; i < LIFE_ROWS; i++) if (look_process(look, i, &life)) put_process(json, look, &life);
	json_array_end(json);
	json_key(json, "workers");
	json_array_begin(json);
	for (uint32_t i = 0; i < LOOK_WORKERS_N; i++) put_worker(json, look, i);
	json_array_end(json);
	json_object_end(json);
}
