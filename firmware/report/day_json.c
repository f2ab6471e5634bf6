/* day_json.c - the day report for programs: one object, units in the keys. See day.h. */
#include <stdio.h>

#include "firmware/report/day.h"
#include "hal/wire/json_write.h"

const uint32_t day_window_returns[DAY_WINDOWS_N] = { 20, 60, 252 };
static const char *const sharpe_key[DAY_WINDOWS_N] = { "sharpe_20", "sharpe_60", "sharpe_252" };

void day_name(char text[DAY_NAME_BYTES], int32_t day)
{
	struct civil date = civil_from_day(day);
	(void)snprintf(text, DAY_NAME_BYTES, "%04d-%02u-%02u", (int)(date.year % 10000), date.month % 100, date.day % 100);
}

void day_time(char text[DAY_TIME_BYTES], int64_t t_ns)
{
	char    date[DAY_NAME_BYTES];
	int64_t second = (int64_t)div_floor(t_ns, NS_PER_S) - (int64_t)day_from_t_ns(t_ns) * 86400;
	day_name(date, day_from_t_ns(t_ns));
	(void)snprintf(text, DAY_TIME_BYTES, "%sT%02d:%02d:%02dZ", date, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void put_e8(struct json *json, const char *key, int64_t value_e8)
{
	json_key(json, key);
	json_e8(json, value_e8);
}

static void put_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_number(struct json *json, const char *key, int64_t number)
{
	json_key(json, key);
	json_i64(json, number);
}

static void put_pct(struct json *json, const char *key, int64_t bp)
{
	json_key(json, key);
	json_bp_pct(json, bp);
}

static void put_ratio_pct(struct json *json, const char *key, int64_t part_e8, int64_t whole_e8)
{
	json_key(json, key);
	if (whole_e8 > 0) json_double(json, 100 * (double)part_e8 / (double)whole_e8);
	else json_null(json);
}

static void put_time(struct json *json, int64_t t_ns)
{
	char text[DAY_TIME_BYTES];
	day_time(text, t_ns);
	put_text(json, "time", text);
}

static void put_head(struct json *json, const struct day_report *report)
{
	char name[DAY_NAME_BYTES];
	day_name(name, report->day);
	put_text(json, "day", name);
	put_text(json, "mode", trade_mode_key(report->mode));
	json_key(json, "nyse_session");
	json_bool(json, report->session);
	put_e8(json, "nav_usd", report->nav_usd_e8);
	put_e8(json, "cash_usd", report->cash_usd_e8);
	put_e8(json, "reserved_usd", report->reserved_usd_e8);
	put_e8(json, "initial_usd", report->initial_usd_e8);
	put_e8(json, "peak_nav_usd", report->peak_nav_usd_e8);
	put_pct(json, "drawdown_pct", report->drawdown_bp);
	put_number(json, "risk_level", report->level);
	put_text(json, "regime", report->regime);
}

static void put_result(struct json *json, const struct day_report *report)
{
	int64_t day = report->nav_usd_e8 - report->before_nav_usd_e8, total = report->nav_usd_e8 - report->initial_usd_e8;
	put_e8(json, "pnl_day_usd", day);
	put_ratio_pct(json, "return_day_pct", day, report->before_nav_usd_e8);
	put_e8(json, "pnl_total_usd", total);
	put_ratio_pct(json, "return_total_pct", total, report->initial_usd_e8);
	put_e8(json, "realised_day_usd", report->realised_usd_e8);
	put_e8(json, "realised_total_usd", report->realised_total_usd_e8);
	put_e8(json, "unrealised_usd", report->unrealised_usd_e8);
	put_e8(json, "fees_day_usd", report->fees_usd_e8);
	put_e8(json, "fees_total_usd", report->fees_total_usd_e8);
	put_e8(json, "dividends_day_usd", report->dividends_usd_e8);
	put_e8(json, "dividends_total_usd", report->dividends_total_usd_e8);
	put_e8(json, "bought_usd", report->bought_usd_e8);
	put_e8(json, "sold_usd", report->sold_usd_e8);
	for (int i = 0; i < DAY_WINDOWS_N; i++) {
		json_key(json, sharpe_key[i]);
		json_double(json, report->sharpe[i]);
	}
}

static void put_positions(struct json *json, const struct day_report *report)
{
	json_key(json, "positions");
	json_array_begin(json);
	for (const struct day_position *at = report->position; at < report->position + report->positions; at++) {
		json_object_begin(json);
		put_text(json, "symbol", at->symbol);
		put_e8(json, "qty", at->qty_e8);
		put_e8(json, "cost_usd", at->cost_usd_e8);
		put_e8(json, "price", at->px_e8);
		put_e8(json, "value_usd", at->value_usd_e8);
		put_pct(json, "weight_pct", at->weight_bp);
		put_e8(json, "unrealised_usd", at->unrealised_usd_e8);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_orders(struct json *json, const struct day_report *report)
{
	put_number(json, "orders_count", report->orders_total);
	json_key(json, "orders");
	json_array_begin(json);
	for (const struct day_order *at = report->order; at < report->order + report->orders; at++) {
		json_object_begin(json);
		put_time(json, at->t_ns);
		put_text(json, "symbol", at->symbol);
		put_text(json, "side", at->side);
		put_text(json, "type", at->order_type);
		put_e8(json, "qty", at->qty_e8);
		put_e8(json, "filled_qty", at->filled_qty_e8);
		put_e8(json, "limit_price", at->limit_px_e8);
		put_e8(json, "average_price", at->average_px_e8);
		put_text(json, "state", at->state);
		put_text(json, "reason", at->reason);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_fills(struct json *json, const struct day_report *report)
{
	put_number(json, "fills_count", report->fills_total);
	json_key(json, "fills");
	json_array_begin(json);
	for (const struct day_fill *at = report->fill; at < report->fill + report->fills; at++) {
		json_object_begin(json);
		put_time(json, at->t_ns);
		put_text(json, "symbol", at->symbol);
		put_text(json, "side", at->side);
		put_e8(json, "qty", at->qty_e8);
		put_e8(json, "price", at->px_e8);
		put_e8(json, "fee_usd", at->fee_usd_e8);
		put_e8(json, "realised_usd", at->realised_usd_e8);
		put_text(json, "reason", at->reason);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_risks(struct json *json, const struct day_report *report)
{
	put_number(json, "risk_events_count", report->risks_total);
	json_key(json, "risk_events");
	json_array_begin(json);
	for (const struct day_risk *at = report->risk; at < report->risk + report->risks; at++) {
		json_object_begin(json);
		put_time(json, at->t_ns);
		put_text(json, "from", at->from);
		put_text(json, "to", at->to);
		put_text(json, "cause", at->cause);
		put_text(json, "action", at->action);
		put_pct(json, "drawdown_pct", at->drawdown_bp);
		put_e8(json, "nav_usd", at->nav_usd_e8);
		json_object_end(json);
	}
	json_array_end(json);
}

static void put_counts(struct json *json, const char *key, const struct day_counts *counts)
{
	json_key(json, key);
	json_object_begin(json);
	for (const struct day_count *at = counts->row; at < counts->row + counts->count; at++) put_number(json, at->name, at->count);
	json_object_end(json);
}

size_t day_report_json(const struct day_report *report, char *text, size_t size)
{
	struct json json;
	json_begin(&json, text, size);
	json_object_begin(&json);
	put_head(&json, report);
	put_result(&json, report);
	put_positions(&json, report);
	put_orders(&json, report);
	put_fills(&json, report);
	put_counts(&json, "refusals", &report->refusals);
	put_risks(&json, report);
	put_counts(&json, "signals", &report->signals);
	put_counts(&json, "quarantined", &report->quarantined);
	json_object_end(&json);
	json_line(&json);
	return json_length(&json);
}
