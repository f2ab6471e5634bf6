/* verbs.c - the table of verbs, and how a row is found in it. */
#include "firmware/cli/verb.h"

#include <string.h>

#include "firmware/layouts.h"
#include "strategies/signals/signal.h"

#define LAYOUT_WORD(name, what) #name,
static const char *const layout_words[] = { LAYOUTS(LAYOUT_WORD) 0 };
#define STRATEGY_WORD(name) #name,
static const char *const strategy_words[] = { STRATEGIES(STRATEGY_WORD) 0 };
static const char *const venue_words[] = { "sim", "alpaca", 0 };
static const char *const venue_time_words[] = { "real", "stepped", 0 };
static const char *const speed_words[] = { "max", 0 };
static const char *const operator_words[] = { "confirm", "absent", 0 };
static const char *const gaps_words[] = { "refuse", "keep", 0 };
static const char *const form_words[] = { "document", "paper", 0 };
static const char *const skew_words[] = { "paper", "document", 0 };

// clang-format off
static const struct option_row run_options[] = {
	{ "--layout", "LAYOUT", "which process table to run", OPTION_CHOICE, false, 0, 0, layout_words },
	{ "--venue", "VENUE", "where orders go; sim is the paper venue inside", OPTION_CHOICE, false, 0, 0, venue_words },
	{ "--venue-url", "URL", "https://host[:port] of the venue; else its paper host", OPTION_TEXT, false, 0, 0, 0 },
	{ "--data-url", "URL", "https://host[:port] of its data; else the venue's own", OPTION_TEXT, false, 0, 0, 0 },
	{ "--trust", "FILE", "root certificates to trust, as PEM; else roots.pem of the home", OPTION_FILE, false, 0, 0, 0 },
	{ "--venue-time", "TIME", "the venue's clock: as it goes, or a simulator's in steps", OPTION_CHOICE, false, 0, 0, venue_time_words },
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--home", "DIR", "the folder of this machine's journal, books, reports and tickwork.conf", OPTION_TEXT, false, 0, 0, 0 },
	{ "--speed", "SPEED", "market seconds a second, or as fast as it goes", OPTION_DOUBLE, false, 0, 1000000000, speed_words },
	{ "--days", "N", "stop after this many days", OPTION_INT, false, 1, 36500, 0 },
	{ "--drill", 0, "processes that are killed come back at once, however often: for kill tests", OPTION_FLAG, false, 0, 0, 0 },
	{ "--from", "DATE", "the first day", OPTION_DATE, false, 0, 0, 0 },
	{ "--to", "DATE", "the last day", OPTION_DATE, false, 0, 0, 0 },
	{ "--seed", "N", "of the random walk, where no recorded days are given", OPTION_INT, false, 0, INT64_MAX, 0 },
	{ "--dry-run", 0, "look at the machine, the folder and the keys, say what is found, and end", OPTION_FLAG, false, 0, 0, 0 },
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

static const struct option_row factors_options[] = {
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, true, 0, 0, 0 },
	{ "--symbol", "S", "one symbol of the universe", OPTION_TEXT, true, 0, 0, 0 },
	{ "--factor", "F", "one factor; or extended, or all", OPTION_TEXT, false, 0, 0, 0 },
	{ "--from", "DATE", "the first day printed; the days before it warm the factors up", OPTION_DATE, false, 0, 0, 0 },
	{ "--to", "DATE", "the last day", OPTION_DATE, false, 0, 0, 0 },
	{ "--against", "S", "the other symbol of correlation_60 and covariance_60; else SPY", OPTION_TEXT, false, 0, 0, 0 },
	{ "--gaps", "RULE", "a session without a bar: refuse the file, or keep the bars as neighbours", OPTION_CHOICE, false, 0, 0, gaps_words },
	{ 0 },
};

static const struct option_row signals_options[] = {
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, true, 0, 0, 0 },
	{ "--strategy", "S", "one strategy; else all", OPTION_CHOICE, false, 0, 0, strategy_words },
	{ "--date", "DATE", "the close of this day; else of the last one", OPTION_DATE, false, 0, 0, 0 },
	{ "--from", "DATE", "where a backtest would start: the history begins 420 days before it", OPTION_DATE, false, 0, 0, 0 },
	{ "--gaps", "RULE", "a session without a bar: refuse the file, or keep the bars as neighbours", OPTION_CHOICE, false, 0, 0, gaps_words },
	{ 0 },
};

static const struct option_row quotes_options[] = {
	{ "--mid", "PRICE", "the mid price", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--mids", "FILE", "a CSV of mid prices, oldest first: the last one is the mid, all give the volatility", OPTION_FILE, false, 0, 0, 0 },
	{ "--column", "NAME", "its column; else mid", OPTION_TEXT, false, 0, 0, 0 },
	{ "--stamps", "NAME", "its column of whole numbers that rise; else the order of the lines", OPTION_TEXT, false, 0, 0, 0 },
	{ "--position", "UNITS", "what is held; short is negative", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--volatility", "V", "deviation of the log return from one price to the next", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--gamma", "G", "risk aversion", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--kappa", "K", "decay of the chance of a fill with the distance, 1 / price", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--horizon", "N", "time left, in observations", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--levels", "N", "levels a side", OPTION_INT, false, 0, 1000, 0 },
	{ "--level-gap", "N", "half-spreads from one level to the next", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--size", "UNITS", "size of the first level", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--position-max", "UNITS", "the most that may be held, either way", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--weight", "W", "weight of the position", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--form", "FORM", "sigma as the log return, or as the paper's price", OPTION_CHOICE, false, 0, 0, form_words },
	{ "--skew", "SKEW", "the paper's, through the reservation price alone, or the document's", OPTION_CHOICE, false, 0, 0, skew_words },
	{ 0 },
};

static const struct option_row metrics_options[] = {
	{ "--column", "NAME", "the column of the value; else nav_usd", OPTION_TEXT, false, 0, 0, 0 },
	{ "--trials", "N", "strategies tried before this one was chosen, for the deflated Sharpe ratio", OPTION_INT, false, 1, 1000000000, 0 },
	{ "--trials-variance", "V", "variance of their daily Sharpe ratios", OPTION_DOUBLE, false, 0, 1000, 0 },
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

static const struct option_row running_options[] = {
	{ "--home", "DIR", "the folder of the running appliance; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row log_options[] = {
	{ "--home", "DIR", "the folder of an appliance, running or not; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row orders_options[] = {
	{ "--home", "DIR", "the folder of the running appliance; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--all", 0, "orders that have ended, too, for five minutes", OPTION_FLAG, false, 0, 0, 0 },
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
	  "random walk.\n"
	  "Keys of --venue alpaca come from the environment (APCA_API_KEY_ID, APCA_API_SECRET_KEY; for the data, TICKWORK_DATA_KEY_ID, "
	  "TICKWORK_DATA_SECRET_KEY) or from HOME/secrets, a file of mode 0600 with the same names: `name = value`. Never from the command line.\n"
	  "--dry-run exits 0 when a run may start, 1 when a check fails." },
	{ "backtest", "trade recorded days on the virtual clock, print the result", verb_backtest, backtest_options, { 0 },
	  "tickwork backtest --data ../shared/data/daily --from 2007-01-01",
	  "Decides on the close of a day, fills at the next open plus costs. 252 days a year, risk-free rate 0." },
	{ "replay", "step a journal again and compare every result with it", verb_replay, no_options,
	  { "FILE", "a journal of run or backtest", OPTION_FILE, true },
	  "tickwork backtest --data ../shared/data/daily --journal desk.journal &&\n  tickwork replay desk.journal",
	  "Exit code 1 and the place when a result differs. A journal that was cut is read up to its last whole record." },
	{ "factors", "print the factors of one symbol, day by day", verb_factors, factors_options, { 0 },
	  "tickwork factors --data ../shared/data/daily --symbol SPY --from 2022-01-01",
	  "CSV: date, then one column a factor; empty while it warms up. With --json one object a line, null while warming up.\n"
	  "sma_n: mean of the last n closes.\n"
	  "ema_n: seeded with the sma of the first n, then alpha = 2 / (n + 1).\n"
	  "rsi_n, atr_n: Wilder, seeded with the mean of the first n, then weight 1 / n.\n"
	  "zscore_n: (close - mean) / population deviation of the last n closes.\n"
	  "momentum_n: adj_close[t] / adj_close[t-n] - 1.\n"
	  "volatility_n: sample deviation of the last n simple adj_close returns, times sqrt(252), or sqrt(365) for what trades every day.\n"
	  "Closes, highs and lows are split-adjusted; adj_close also holds the dividends.\n"
	  "By name or with --factor extended: momentum_12_1 (adj_close[t-21] / adj_close[t-252] - 1), momentum_12_1_summed (its simple returns "
	  "added), bollinger_upper_20, bollinger_middle_20, bollinger_lower_20, percent_b_20, bandwidth_20 (2 population deviations), vwap_20 "
	  "(typical price by volume), ewm_volatility (lambda 0.94, mean 0, a year), realised_20, bipower_20, jump_share_20 (of log returns), "
	  "correlation_60, covariance_60 (sample, of simple returns with --against)." },
	{ "signals", "print what every strategy says at the close of a day", verb_signals, signals_options, { 0 },
	  "tickwork signals --data ../shared/data/daily --date 2022-06-30",
	  "CSV: date, symbol, strategy, grade, confidence, target_weight, regime, reason, bars_seen, bars_needed; one line a symbol and strategy, with its "
	  "own last day where its market was closed. Confidence and weight are shares of 1. Too little history is HOLD, \"warming up, 143 of "
	  "200\". The workers of a backtest say it: a backtest from the same day says the same." },
	{ "quotes", "print where the market maker would quote (Avellaneda-Stoikov)", verb_quotes, quotes_options, { 0 },
	  "tickwork quotes --mid 100 --position 2 --volatility 0.02 --form paper",
	  "CSV: side,level,price,size,reservation_price,spread,volatility; the best level first.\n"
	  "reservation price = mid - position gamma sigma^2 horizon weight\n"
	  "spread = gamma sigma^2 horizon + (2 / gamma) ln(1 + gamma / kappa)\n"
	  "sigma is the volatility (document) or volatility times mid (paper)." },
	{ "metrics", "print the tearsheet of an equity file", verb_metrics, metrics_options,
	  { "FILE", "a CSV with the columns date and nav_usd, as backtest --equity writes it", OPTION_FILE, true },
	  "tickwork backtest --data ../shared/data/daily --equity equity.csv &&\n  tickwork metrics equity.csv",
	  "45 figures, 252 days a year, risk-free rate 0; probabilistic_sharpe_pct is the chance that the true Sharpe ratio is above 0, "
	  "deflated_sharpe_pct that it is above the best of so many trials without skill (Bailey and Lopez de Prado 2012, 2014)." },
	{ "status", "show the running appliance: processes, account, risk", verb_status, running_options, { 0 },
	  "tickwork status", "Reads the shared map and asks nobody, so it works whichever process is dead. FULL: records a full channel refused; TRAP: the bug "
	  "a worker ended with." },
	{ "orders", "show the orders that may still be filled", verb_orders, orders_options, { 0 },
	  "tickwork orders", "UNKNOWN is an order the venue has not spoken of yet; its exposure stays reserved." },
	{ "positions", "show what is held", verb_positions, running_options, { 0 }, "tickwork positions", 0 },
	{ "fills", "show the latest executions", verb_fills, running_options, { 0 }, "tickwork fills", "The latest 256; the newest last." },
	{ "account", "show cash, NAV and results", verb_account, running_options, { 0 }, "tickwork account", 0 },
	{ "risk", "show the risk level, why, and the stops", verb_risk, running_options, { 0 }, "tickwork risk", 0 },
	{ "log", "show what the processes said and how they ended", verb_log, log_options, { 0 }, "tickwork log",
	  "The latest 64 lines, the oldest first, over restarts; the file HOME/lastwords, so it works with every process dead. \"(2 more)\": sentences of this "
	  "process that came too fast to be kept." },
	{ "halt", "stop trading now: cancel buys, leave only exits", verb_halt, running_options, { 0 }, "tickwork halt",
	  "Needs no code. Exit code 0 when it is done; 3 when nobody is there, or nobody answers within 2 s." },
	{ "pause", "take no new risk until resume", verb_pause, running_options, { 0 }, "tickwork pause", "Needs no code." },
	{ "flatten", "close all positions, or one", verb_flatten, running_options,
	  { "SYMBOL", "this position alone", OPTION_TEXT, false }, "tickwork flatten", "Needs no code. Trading stays halted until resume." },
	{ "resume", "trade again after halt, pause or flatten", verb_resume, running_options,
	  { "CODE", "as resume without it printed it", OPTION_TEXT, false }, "tickwork resume",
	  "Adds risk, so it is said twice: without a code it prints one, good for 60 s and for this alone (exit code 4), then again with it." },
	{ "confirm", "let the appliance back in after a risk halt", verb_confirm, running_options,
	  { "CODE", "as confirm without it printed it", OPTION_TEXT, false }, "tickwork confirm",
	  "After level 2, 3 or 4 a person reviews and confirms. Adds risk: without a code it prints one (exit code 4), as resume does." },
	{ "release", "let a process come back that is held down", verb_release, running_options, { 0 }, "tickwork release",
	  "A process that died too often within an hour is held down until this; while the desk's is, the rescue cancels, halts and flattens. The desk comes "
	  "back halted. Exit code 4 when nothing is held down." },
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
