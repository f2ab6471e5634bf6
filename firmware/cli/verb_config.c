/* verb_config.c - the tables of config.h as a person reads them, with what a machine's own file tightened. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/conf.h"
#include "firmware/cli/near.h"
#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/cli/text.h"
#include "fsm/feed/calendar.h"

enum { NUMBER_BYTES = 32, CLAUSE_BYTES = 320, WHY_INDENT = 4 };

static const char *const tighten_text[] = { [SETTINGS_LOWER] = "lower", [SETTINGS_RAISE] = "raise", [SETTINGS_FIXED] = "fixed" };
static const char *const class_text[] = {
	[ASSET_ETF] = "etf", [ASSET_HAVEN] = "haven", [ASSET_CRYPTO] = "crypto", [ASSET_INDEX] = "index",
};

static const struct table_column setting_columns[] = { { "name", 26, false }, { "value", 8, true }, { "min", 6, true },
	{ "max", 8, true }, { "unit", 8, false }, { "tighten", 7, false } };
static const struct table setting_table = { setting_columns, sizeof setting_columns / sizeof *setting_columns };

static const struct table_column asset_columns[] = { { "symbol", 7, false }, { "hours", 6, false }, { "class", 6, false },
	{ "cap", 4, true }, { "vol", 4, true }, { "half", 4, true }, { "exit", 4, true }, { "cost", 5, true }, { "what", 0, false } };
static const struct table asset_table = { asset_columns, sizeof asset_columns / sizeof *asset_columns };

static const char *number(char text[NUMBER_BYTES], int64_t value)
{
	snprintf(text, NUMBER_BYTES, "%lld", (long long)value);
	return text;
}

static void print_setting(struct cli *cli, const struct conf *conf, size_t i)
{
	const struct setting_row *row = &settings_table[i];
	char                      value[NUMBER_BYTES], min[NUMBER_BYTES], max[NUMBER_BYTES];
	const char *const         text[] = { row->name, number(value, conf->settings.value[i]), number(min, row->min),
		number(max, row->max), row->unit, tighten_text[row->tighten] };
	table_row(&cli->out, setting_table, text);
	out_pad(&cli->out, WHY_INDENT);
	table_wrap(&cli->out, WHY_INDENT, WHY_INDENT, row->why);
	if (!conf->line[i]) return;
	out_pad(&cli->out, WHY_INDENT);
	out_paint(&cli->out, OUT_YELLOW);
	out_format(&cli->out, CONF_NAME " line %u tightens it from %d", (unsigned)conf->line[i], (int)row->value);
	out_paint(&cli->out, OUT_PLAIN);
	out_text(&cli->out, "\n");
}

static void json_setting(struct cli *cli, const struct conf *conf, size_t i)
{
	const struct setting_row *row = &settings_table[i];
	struct print_json         print;
	struct json              *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "name");
	json_string(json, row->name);
	json_key(json, "value");
	json_i64(json, conf->settings.value[i]);
	json_key(json, "min");
	json_i64(json, row->min);
	json_key(json, "max");
	json_i64(json, row->max);
	json_key(json, "unit");
	json_string(json, row->unit);
	json_key(json, "tighten");
	json_string(json, tighten_text[row->tighten]);
	json_key(json, "why");
	json_string(json, row->why);
	json_key(json, "built_in");
	json_i64(json, row->value);
	json_key(json, "line");
	if (conf->line[i]) json_u64(json, conf->line[i]); else json_null(json);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void show_setting(struct cli *cli, const struct conf *conf, size_t i)
{
	if (cli->json) json_setting(cli, conf, i); else print_setting(cli, conf, i);
}

static void show_all(struct cli *cli, const struct conf *conf)
{
	if (!cli->json && cli_given(cli, "--home") && !conf->present)
		out_format(&cli->out, "no " CONF_NAME " in %s: the built-in values are in force\n\n", cli_text(cli, "--home", ""));
	if (!cli->json) table_head(&cli->out, setting_table);
	for (size_t i = 0; i < SETTINGS_N; i++) show_setting(cli, conf, i);
}

static void print_asset(struct cli *cli, const struct asset *asset)
{
	char cap[NUMBER_BYTES], vol[NUMBER_BYTES], half[NUMBER_BYTES], stop[NUMBER_BYTES], cost[NUMBER_BYTES];
	snprintf(cost, sizeof cost, "%d+%d", (int)asset->commission_bp, (int)asset->slippage_bp);
	const char *const text[] = { asset->symbol, calendar_name((enum calendar_id)asset->calendar), class_text[asset->asset_class],
		number(cap, asset->cap_bp), number(vol, asset->volatility_bp), number(half, asset->stop_half_bp), number(stop, asset->stop_exit_bp), cost, asset->what };
	table_row(&cli->out, asset_table, text);
}

static void json_asset(struct cli *cli, const struct asset *asset)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "symbol");
	json_string(json, asset->symbol);
	json_key(json, "calendar");
	json_string(json, calendar_name((enum calendar_id)asset->calendar));
	json_key(json, "class");
	json_string(json, class_text[asset->asset_class]);
	json_key(json, "cap_pct");
	json_bp_pct(json, asset->cap_bp);
	json_key(json, "volatility_pct");
	json_bp_pct(json, asset->volatility_bp);
	json_key(json, "stop_half_pct");
	json_bp_pct(json, asset->stop_half_bp);
	json_key(json, "stop_exit_pct");
	json_bp_pct(json, asset->stop_exit_bp);
	json_key(json, "commission_pct");
	json_bp_pct(json, asset->commission_bp);
	json_key(json, "slippage_pct");
	json_bp_pct(json, asset->slippage_bp);
	json_key(json, "lot");
	json_e8(json, asset->lot_e8);
	json_key(json, "what");
	json_string(json, asset->what);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void show_universe(struct cli *cli)
{
	if (!cli->json) {
		out_text(&cli->out, "In basis points: cap of the portfolio, target volatility, loss at which half of\n"
		                    "a position is sold and at which all of it is, cost as commission + slippage.\n\n");
		table_head(&cli->out, asset_table);
	}
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (cli->json) json_asset(cli, &universe[i]); else print_asset(cli, &universe[i]);
}

static int show_one(struct cli *cli, const struct conf *conf, const char *key)
{
	struct near near;
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	near_begin(&near, key);
	for (size_t i = 0; i < SETTINGS_N; i++) {
		near_offer(&near, settings_table[i].name);
		if (strcmp(settings_table[i].name, key) != 0) continue;
		if (!cli->json) table_head(&cli->out, setting_table);
		show_setting(cli, conf, i);
		return CLI_DONE;
	}
	near_offer(&near, "universe");
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown key %s%s", text_quote(quote, key), near_clause(&near, clause, sizeof clause));
}

int verb_config(struct cli *cli)
{
	struct conf conf;
	memset(&conf, 0, sizeof conf);
	settings_default(&conf.settings);
	if (cli_given(cli, "--home") && !conf_read(&conf, cli_text(cli, "--home", "")))
		return cli_refuse(cli, CLI_BAD_INPUT, "%s", conf.refusal);
	if (cli->argument && strcmp(cli->argument, "universe") != 0) return show_one(cli, &conf, cli->argument);
	if (cli->argument) show_universe(cli); else show_all(cli, &conf);
	return CLI_DONE;
}
