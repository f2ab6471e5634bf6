/* verbs.c - the table of verbs, and how a row is found in it. */
#include "firmware/cli/verb.h"

#include <string.h>

#include "firmware/layouts.h"
#include "strategies/signals/signal.h"

#define LAYOUT_WORD(name, what) #name,
static const char *const layout_words[] = { LAYOUTS(LAYOUT_WORD) 0 };
#define STRATEGY_WORD(name) #name,
static const char *const strategy_words[] = { STRATEGIES(STRATEGY_WORD) 0 };
static const char *const venue_words[] = { "sim", 0 };
static const char *const speed_words[] = { "max", 0 };
static const char *const operator_words[] = { "confirm", "absent", 0 };

// clang-format off
static const struct option_row run_options[] = {
	{ "--layout", "LAYOUT", "which process table to run", OPTION_CHOICE, false, 0, 0, layout_words },
	{ "--venue", "VENUE", "where orders go; sim is the paper venue inside", OPTION_CHOICE, false, 0, 0, venue_words },
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--home", "DIR", "the folder of this machine's journal, books, reports and tickwork.conf", OPTION_TEXT, false, 0, 0, 0 },
	{ "--speed", "SPEED", "market seconds a second, or as fast as it goes", OPTION_DOUBLE, false, 0, 1000000000, speed_words },
	{ "--days", "N", "stop after this many days", OPTION_INT, false, 1, 36500, 0 },
	{ "--from", "DATE", "the first day", OPTION_DATE, false, 0, 0, 0 },
	{ "--to", "DATE", "the last day", OPTION_DATE, false, 0, 0, 0 },
	{ "--seed", "N", "of the random walk, where no recorded days are given", OPTION_INT, false, 0, INT64_MAX, 0 },
	{ 0 },
};

static const struct option_row backtest_options[] = {
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, true, 0, 0, 0 },
	{ "--from", "DATE", "the first day", OPTION_DATE, false, 0, 0, 0 },
	{ "--to", "DATE", "the last day", OPTION_DATE, false, 0, 0, 0 },
	{ "--equity", "FILE", "write date,nav_usd,cash_usd,drawdown_pct here", OPTION_TEXT, false, 0, 0, 0 },
	{ "--trades", "FILE", "write date,symbol,side,qty,price,commission_usd,reason here", OPTION_TEXT, false, 0, 0, 0 },
	{ "--journal", "FILE", "write the journal here, for replay; else it stays in memory", OPTION_TEXT, false, 0, 0, 0 },
	{ "--operator", "ANSWER", "what the scripted operator does after a risk halt: confirm at the next session, or never",
	  OPTION_CHOICE, false, 0, 0, operator_words },
	{ "--strategy", "NAME", "this strategy alone decides, whatever its share", OPTION_CHOICE, false, 0, 0, strategy_words },
	{ "--lookahead-check", 0, "disturb the future at six days and see whether the past changes", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row fsm_options[] = {
	{ "--dot", 0, "as a Graphviz drawing: tickwork fsm order --dot | dot -Tsvg", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row config_options[] = {
	{ "--home", "DIR", "show what tickwork.conf in this folder tightens", OPTION_FOLDER, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row no_options[] = { { 0 } };

const struct option_row common_options[] = {
	{ "--json", 0, "one JSON object, or one a line", OPTION_FLAG, false, 0, 0, 0 },
	{ "--help", 0, "this text", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};
enum { COMMON_OPTIONS_N = sizeof common_options / sizeof *common_options - 1 };

static const struct verb rows[] = {
	{ "run", "trade on paper until stopped", verb_run, run_options, { 0 },
	  "tickwork run --days 20 --speed max",
	  "Ctrl-C stops cleanly and a second run in the same home goes on where the first one stopped. Without --data it trades a seeded "
	  "random walk." },
	{ "backtest", "trade recorded days on the virtual clock, print the result", verb_backtest, backtest_options, { 0 },
	  "tickwork backtest --data ../shared/data/daily --from 2007-01-01",
	  "Decides on the close of a day, fills at the next open plus costs. 252 days a year, risk-free rate 0." },
	{ "replay", "step a journal again and compare every result with it", verb_replay, no_options,
	  { "FILE", "a journal of run or backtest", OPTION_FILE, true },
	  "tickwork backtest --data ../shared/data/daily --journal desk.journal &&\n  tickwork replay desk.journal",
	  "Exit code 1 and the place when a result differs. A journal that was cut is read up to its last whole record." },
	{ "audit", "show who may write which memory, and that it all fits", verb_audit, no_options, { 0 },
	  "tickwork audit", "Declared, mapped and resident bytes of every region, table, arena and stack. Exit code 1 when over budget." },
	{ "fsm", "show the state machines from the running tables", verb_fsm, fsm_options,
	  { "NAME", "one machine; without it, the list of all", OPTION_TEXT, false },
	  "tickwork fsm order", "Every state x event cell is one of: go to a state, stay, drop, bug." },
	{ "config", "show the settings: value, bounds, unit and why", verb_config, config_options,
	  { "KEY", "one setting, or `universe` for what may be traded; without it, all", OPTION_TEXT, false },
	  "tickwork config drawdown_level1_bp",
	  "A setting is changed in config.h and built in. A machine's own tickwork.conf, lines of `key = value`, may only tighten one." },
	{ "version", "show the version, the build and what it is made of", verb_version, no_options, { 0 }, "tickwork version", 0 },
	{ "help", "explain a verb or a topic", verb_help, no_options,
	  { "TOPIC", "a verb, or `exit-codes`", OPTION_TEXT, false }, "tickwork help backtest", 0 },
};
// clang-format on

const struct verb_table verb_table = { rows, sizeof rows / sizeof *rows };

const struct verb *verb_find(struct verb_table table, const char *name)
{
	for (size_t i = 0; i < table.count; i++)
		if (strcmp(table.verb[i].name, name) == 0) return &table.verb[i];
	return 0;
}

const struct option_row *verb_option_next(const struct verb *verb, const struct option_row *row)
{
	const struct option_row *next = row ? row + 1 : verb->options;
	if (next->name) return next;
	return next == &common_options[COMMON_OPTIONS_N] ? 0 : common_options;
}

const struct option_row *verb_option(const struct verb *verb, const char *name)
{
	for (const struct option_row *row = verb_option_next(verb, 0); row; row = verb_option_next(verb, row))
		if (strcmp(row->name, name) == 0) return row;
	return 0;
}
