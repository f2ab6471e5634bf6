/* rest_account.c - /v2/account: the account itself, and what moved its money. */
#include <string.h>

#include "hal/sim/server/fields.h"
#include "hal/sim/server/rest.h"
#include "hal/sim/server/show.h"
#include "hal/sim/server/stamp.h"
#include "hal/sim/server/worth.h"

enum { PAGE_MAX = 100 };

static void put_money(const struct server *server, struct json *json)
{
	int64_t equity = worth_equity_usd_e8(server), held = worth_positions_usd_e8(server), power = worth_buying_power_usd_e8(server);
	field_e8_text(json, "buying_power", power);
	field_e8_text(json, "regt_buying_power", power);
	field_e8_text(json, "non_marginable_buying_power", e8_max(server->broker.cash_usd_e8, 0));
	field_e8_text(json, "cash", server->broker.cash_usd_e8);
	field_e8_text(json, "accrued_fees", 0);
	field_e8_text(json, "portfolio_value", equity);
	field_e8_text(json, "equity", equity);
	field_e8_text(json, "last_equity", server->broker.last_equity_usd_e8);
	field_e8_text(json, "long_market_value", held);
	field_e8_text(json, "short_market_value", 0);
	field_e8_text(json, "position_market_value", held);
	field_e8_text(json, "initial_margin", held / 2);
	field_e8_text(json, "maintenance_margin", held / 4);
	field_e8_text(json, "last_maintenance_margin", held / 4);
	field_e8_text(json, "sma", 0);
}

void rest_account_get(struct server *server, struct rest *rest)
{
	static const char *const never[] = { "trading_blocked", "transfers_blocked", "account_blocked", "trade_suspended_by_user", "shorting_enabled" };
	struct json             *json = &rest->json;
	json_object_begin(json);
	field_uuid(json, "id", UUID_ACCOUNT, 1);
	field_text(json, "account_number", server->config.account_number ? server->config.account_number : SERVER_ACCOUNT_NUMBER);
	field_text(json, "status", "ACTIVE");
	field_text(json, "crypto_status", "ACTIVE");
	field_text(json, "currency", "USD");
	put_money(server, json);
	for (size_t i = 0; i < sizeof never / sizeof *never; i++) field_bool(json, never[i], false);
	field_text(json, "multiplier", "2");
	field_stamp(json, "created_at", server->first_day * NS_PER_DAY);
	json_object_end(json);
}

void rest_account_configurations(struct server *server, struct rest *rest)
{
	struct json *json = &rest->json;
	(void)server;
	json_object_begin(json);
	field_text(json, "dtbp_check", "both");
	field_text(json, "pdt_check", "entry");
	field_text(json, "trade_confirm_email", "none");
	field_bool(json, "suspend_trade", false);
	field_bool(json, "no_shorting", true);
	field_bool(json, "fractional_trading", false);
	field_text(json, "max_margin_multiplier", "2");
	field_bool(json, "ptp_no_exception_entry", false);
	json_object_end(json);
}

/* --- activities --------------------------------------------------------------------------------------------------- */

struct page { bool fills, dividends, ascending; int64_t size, after_ns, until_ns; uint32_t begin; };

static bool names(const char *list, const char *name)
{
	size_t length = strlen(name);
	for (const char *at = list; *at; at += strcspn(at, ","), at += *at == ',')
		if (strncmp(at, name, length) == 0 && (at[length] == ',' || at[length] == '\0')) return true;
	return false;
}

static bool read_kinds(struct rest *rest, struct page *page)
{
	char list[REST_VALUE_BYTES] = "FILL,DIV";
	if (*rest->rest) strncpy(list, rest->rest, sizeof list - 1);
	else (void)rest_query(rest, "activity_types", list, sizeof list);
	page->fills = names(list, "FILL");
	page->dividends = names(list, "DIV");
	return true;
}

/* `date` is one day of it; after and until are instants or dates. */
static bool read_times(struct rest *rest, struct page *page)
{
	int64_t date_ns = -1;
	bool    is_date;
	if (!rest_query_time(rest, "date", &date_ns, &is_date) || !rest_query_time(rest, "after", &page->after_ns, &is_date) ||
	    !rest_query_time(rest, "until", &page->until_ns, &is_date))
		return false;
	if (date_ns < 0) return true;
	page->after_ns = date_ns - 1;
	page->until_ns = date_ns + NS_PER_DAY;
	return true;
}

/* The page token is the id of the last item of the page before. */
static bool read_token(const struct server *server, struct rest *rest, struct page *page)
{
	char        token[SHOW_ACTIVITY_BYTES];
	uint64_t    fill = 0, dividend = 0;
	if (!rest_query(rest, "page_token", token, sizeof token) || !*token) return true;
	const char *colons = strstr(token, "::"), *uuid = colons ? colons + 2 : "";
	(void)name_uuid_parse(UUID_EXECUTION, uuid, strlen(uuid), &fill);
	(void)name_uuid_parse(UUID_CASH, uuid, strlen(uuid), &dividend);
	for (uint32_t i = 0; i < server->broker.activities_n; i++) {
		uint32_t               index = page->ascending ? i : server->broker.activities_n - 1 - i;
		const struct activity *activity = &server->broker.activity[index];
		if (activity->number != (activity->kind == ACTIVITY_FILL ? fill : dividend)) continue;
		page->begin = i + 1;
		return true;
	}
	rest_refuse(rest, 422, CODE_PARAMETER, "invalid page_token");
	return false;
}

static bool read_page(const struct server *server, struct rest *rest, struct page *page)
{
	char direction[8] = "desc";
	*page = (struct page){ .after_ns = INT64_MIN, .until_ns = INT64_MAX };
	(void)rest_query(rest, "direction", direction, sizeof direction);
	page->ascending = strcmp(direction, "asc") == 0;
	return read_kinds(rest, page) && read_times(rest, page) && rest_query_i64(rest, "page_size", 1, PAGE_MAX, PAGE_MAX, &page->size) &&
	       read_token(server, rest, page);
}

static bool is_on(const struct page *page, const struct activity *activity)
{
	if (!(activity->kind == ACTIVITY_FILL ? page->fills : page->dividends)) return false;
	return activity->t_ns > page->after_ns && activity->t_ns < page->until_ns;
}

void rest_account_activities(struct server *server, struct rest *rest)
{
	struct page page;
	uint32_t    all = server->broker.activities_n;
	if (!read_page(server, rest, &page)) return;
	json_array_begin(&rest->json);
	for (uint32_t i = page.begin; i < all && page.size > 0; i++) {
		uint32_t index = page.ascending ? i : all - 1 - i;
		if (!is_on(&page, &server->broker.activity[index])) continue;
		show_activity(server, &rest->json, index);
		page.size--;
	}
	json_array_end(&rest->json);
}
