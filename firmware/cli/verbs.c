/* verbs.c - the table of verbs, and how a row is found in it. */
#include "firmware/cli/verb.h"

#include <string.h>

#include "firmware/layouts.h"
#include "strategies/quotes/avellaneda_stoikov.h"
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
static const char *const method_words[] = { "fifo", "hifo", 0 };
static const char *const log_level_words[] = { "info", "warn", "error", 0 };
static const char *const skew_words[] = { "paper", "document", 0 };

// clang-format off
static const struct option_row run_options[] = {
	{ "--layout", "LAYOUT", "which process table to run; else single", OPTION_CHOICE, false, 0, 0, layout_words },
	{ "--venue", "VENUE", "where orders go; sim is the paper venue inside", OPTION_CHOICE, false, 0, 0, venue_words },
	{ "--live", 0, "trade real money; needs live = 1 in tickwork.conf and the account, too", OPTION_FLAG, false, 0, 0, 0 },
	{ "--account", "ID", "the account that --live trades; else it is asked for on the terminal", OPTION_TEXT, false, 0, 0, 0 },
	{ "--venue-url", "URL", "https://host[:port] of the venue; else its paper or live host", OPTION_TEXT, false, 0, 0, 0 },
	{ "--data-url", "URL", "https://host[:port] of its data; else the venue's own", OPTION_TEXT, false, 0, 0, 0 },
	{ "--trust", "FILE", "root certificates to trust, as PEM; else roots.pem of the home", OPTION_FILE, false, 0, 0, 0 },
	{ "--venue-time", "TIME", "the venue's clock: as it goes, or a simulator's in steps", OPTION_CHOICE, false, 0, 0, venue_time_words },
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--home", "DIR", "the folder of this machine's journal, books, reports and tickwork.conf; else tickwork-home", OPTION_TEXT, false, 0, 0, 0 },
	{ "--speed", "SPEED", "market seconds a second, or as fast as it goes; else max", OPTION_DOUBLE, false, 0, 1000000000, speed_words },
	{ "--days", "N", "stop after this many days", OPTION_INT, false, 1, 36500, 0 },
	{ "--watchdog", "DEVICE", "the hardware watchdog to feed: /dev/watchdog", OPTION_TEXT, false, 0, 0, 0 },
	{ "--drill", 0, "processes that are killed come back at once, however often: for kill tests", OPTION_FLAG, false, 0, 0, 0 },
	{ "--from", "DATE", "the first day; else 2000-01-01", OPTION_DATE, false, 0, 0, 0 },
	{ "--to", "DATE", "the last day; else the last of --data, or 2022-12-31", OPTION_DATE, false, 0, 0, 0 },
	{ "--seed", "N", "of the random walk, where no recorded days are given", OPTION_INT, false, 0, INT64_MAX, 0 },
	{ "--tape", "MIB", "with --venue-time stepped: keep what the venue says in HOME/tape.*, so many MiB each, for replay HOME", OPTION_INT, false, 1, 4096, 0 },
	{ "--dry-run", 0, "look at the machine, the folder and the keys, say what is found, and end", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row sim_options[] = {
	{ "--seed", "N", "what everything is drawn from (1)", OPTION_INT, false, 0, INT64_MAX, 0 },
	{ "--days", "N", "sessions to trade (20)", OPTION_INT, false, 1, 2500, 0 },
	{ "--data", "DIR", "a market of recorded days, one CSV file a symbol; else that of the seed", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--from", "DATE", "the first recorded day to trade; else 2015-01-01", OPTION_DATE, false, 0, 0, 0 },
	{ "--faults", "LIST", "kinds or groups between commas, all (the default) or none", OPTION_TEXT, false, 0, 0, 0 },
	{ "--most", "N", "no more faults than that: the first ones", OPTION_INT, false, 1, 1000000, 0 },
	{ "--skip", "LIST", "leave out faults by their number, from 0: 0-4,7", OPTION_TEXT, false, 0, 0, 0 },
	{ "--list", 0, "name the kinds of faults, and do nothing else", OPTION_FLAG, false, 0, 0, 0 },
	{ "--crash-matrix", 0, "end the desk before each of its calls, by a kill and four power cuts; then let its disk lie (2 days)", OPTION_FLAG, false, 0, 0, 0 },
	{ "--cancel-entries", 0, "of the matrix: with recovery_cancel_entries 1, as shipped, else entries work on after a crash", OPTION_FLAG, false, 0, 0, 0 },
	{ "--stride", "N", "of the matrix: only every N-th call", OPTION_INT, false, 1, 1000000, 0 },
	{ 0 }
};

static const struct option_row tax_options[] = {
	{ "--home", "DIR", "the folder of an appliance, running or not; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--year", "YYYY", "sales of this year; else all", OPTION_INT, false, 1990, 2199, 0 },
	{ "--method", "METHOD", "which lots a sale takes first: the oldest, or the dearest", OPTION_CHOICE, false, 0, 0, method_words },
	{ "--picks", "FILE", "a CSV sale,purchase,qty of order numbers: lots named at the time of a sale", OPTION_FILE, false, 0, 0, 0 },
	{ "--windows", "DATE", "no form: what a trade on this day could do to losses", OPTION_DATE, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row doctor_options[] = {
	{ "--home", "DIR", "the folder of an appliance, running or not, or to be; else tickwork-home", OPTION_TEXT, false, 0, 0, 0 },
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--venue", "VENUE", "where orders would go; sim is the paper venue inside", OPTION_CHOICE, false, 0, 0, venue_words },
	{ "--live", 0, "with real money", OPTION_FLAG, false, 0, 0, 0 },
	{ "--account", "ID", "the account that --live would trade", OPTION_TEXT, false, 0, 0, 0 },
	{ "--venue-url", "URL", "https://host[:port] of the venue; else its paper or live host", OPTION_TEXT, false, 0, 0, 0 },
	{ "--data-url", "URL", "https://host[:port] of its data; else the venue's own", OPTION_TEXT, false, 0, 0, 0 },
	{ "--trust", "FILE", "root certificates to trust, as PEM; else roots.pem of the home", OPTION_FILE, false, 0, 0, 0 },
	{ "--venue-time", "TIME", "the venue's clock: as it goes, or a simulator's in steps", OPTION_CHOICE, false, 0, 0, venue_time_words },
	{ 0 },
};

static const struct option_row backtest_options[] = {
	{ "--data", "DIR", "the folder of recorded days, one CSV file a symbol", OPTION_FOLDER, true, 0, 0, 0 },
	{ "--from", "DATE", "the first day; else 2007-01-01", OPTION_DATE, false, 0, 0, 0 },
	{ "--to", "DATE", "the last day; else the last of --data", OPTION_DATE, false, 0, 0, 0 },
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
	{ "--funding-binance", "FILE", "what the perpetual of BTC-USD paid at Binance: a CSV with the columns timestamp_utc and funding_rate", OPTION_FILE,
	  false, 0, 0, 0 },
	{ "--funding-bybit", "FILE", "the same at Bybit", OPTION_FILE, false, 0, 0, 0 },
	{ "--gaps", "RULE", "a session without a bar, a funding time without a rate: refuse the file, or keep them as neighbours", OPTION_CHOICE, false, 0, 0,
	  gaps_words },
	{ 0 },
};

static const struct option_row quotes_options[] = {
	{ "--mid", "PRICE", "the mid price", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--mids", "FILE", "a CSV of mid prices, oldest first: the last one is the mid, all give the volatility", OPTION_FILE, false, 0, 0, 0 },
	{ "--column", "NAME", "its column; else mid", OPTION_TEXT, false, 0, 0, 0 },
	{ "--stamps", "NAME", "its column of whole numbers that rise; else the order of the lines", OPTION_TEXT, false, 0, 0, 0 },
	{ "--position", "UNITS", "what is held; short is negative", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--volatility", "V", "deviation of the log return from one price to the next", OPTION_DOUBLE, false, 0, 1, 0 },
	{ "--gamma", "G", "risk aversion", OPTION_DOUBLE, false, 0, 1000, 0 },
	{ "--kappa", "K", "decay of the chance of a fill with the distance, 1 / price", OPTION_DOUBLE, false, 0, 1000000000, 0 },
	{ "--horizon", "N", "time left, in observations", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--levels", "N", "levels a side", OPTION_INT, false, 1, AVELLANEDA_LEVELS_MAX, 0 },
	{ "--level-gap", "N", "half-spreads from one level to the next", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--size", "UNITS", "size of the first level", OPTION_DOUBLE, false, INT64_MIN, INT64_MAX, 0 },
	{ "--position-max", "UNITS", "the most that may be held, either way", OPTION_DOUBLE, false, 0, 10000000000, 0 },
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
	{ "--coverage", "FILE", "which cells the tests have taken, by their build/gcc/test.cells", OPTION_FILE, false, 0, 0, 0 },
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

static const struct option_row audit_options[] = {
	{ "--home", "DIR", "the folder of a running appliance, which is audited instead", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--rights", 0, "what each process may ask of the kernel, and why", OPTION_FLAG, false, 0, 0, 0 },
	{ "--table", 0, "the table of processes as it stands in ARCHITECTURE.md", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row top_options[] = {
	{ "--home", "DIR", "the folder of the running appliance; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--once", 0, "print it once and end, as where there is no terminal", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row show_log_options[] = {
	{ "--home", "DIR", "the folder of an appliance, running or not; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--since", "TIME", "2026-11-30, 2026-11-30T14:05:00Z, or a span before now: 90s, 10m, 2h, 3d", OPTION_TEXT, false, 0, 0, 0 },
	{ "--worker", "NAME", "one worker, one process, or watchdog", OPTION_TEXT, false, 0, 0, 0 },
	{ "--order", "ID", "one order: its number, or its client order id", OPTION_TEXT, false, 0, 0, 0 },
	{ "--grep", "TEXT", "lines with this text, whatever its case", OPTION_TEXT, false, 0, 0, 0 },
	{ "--level", "LEVEL", "this level and worse", OPTION_CHOICE, false, 0, 0, log_level_words },
	{ "--last", "N", "the newest N; else 64, with --since all", OPTION_INT, false, 1, 1000000, 0 },
	{ "--follow", 0, "and what comes, until Ctrl-C", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row log_options[] = {
	{ "--home", "DIR", "the folder of an appliance, running or not; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row blackbox_options[] = {
	{ "--home", "DIR", "the folder of an appliance, running or not; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--events", "N", "so many of each worker's latest events; else 20, with --json all", OPTION_INT, false, 0, 1000, 0 },
	{ 0 },
};

static const struct option_row replay_options[] = {
	{ "--to", "INPUT", "stop after this INPUT and its RESULT", OPTION_INT, false, 1, INT64_MAX, 0 },
	{ 0 },
};

static const struct option_row orders_options[] = {
	{ "--home", "DIR", "the folder of the running appliance; else tickwork-home", OPTION_FOLDER, false, 0, 0, 0 },
	{ "--all", 0, "orders that have ended, too, for five minutes", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};

static const struct option_row no_options[] = { { 0 } };

enum { BESIDE = true, ALONE = false };
const struct option_rule option_rules[] = {
	{ "audit", "--rights", "--home", ALONE },
	{ "audit", "--table", "--home", ALONE },
	{ "audit", "--table", "--rights", ALONE },
	{ "audit", "--table", "--json", ALONE },
	{ "backtest", "--lookahead-check", "--equity", ALONE },
	{ "backtest", "--lookahead-check", "--trades", ALONE },
	{ "backtest", "--lookahead-check", "--journal", ALONE },
	{ "fsm", "--coverage", "--dot", ALONE },
	{ "fsm", "--coverage", "--json", ALONE },
	{ "metrics", "--trials-variance", "--trials", BESIDE },
	{ "quotes", "--column", "--mids", BESIDE },
	{ "quotes", "--stamps", "--mids", BESIDE },
	{ "sim", "--cancel-entries", "--crash-matrix", BESIDE },
	{ "sim", "--crash-matrix", "--data", ALONE },
	{ "sim", "--crash-matrix", "--faults", ALONE },
	{ "sim", "--crash-matrix", "--list", ALONE },
	{ "sim", "--crash-matrix", "--most", ALONE },
	{ "sim", "--crash-matrix", "--skip", ALONE },
	{ "sim", "--from", "--data", BESIDE },
	{ "sim", "--stride", "--crash-matrix", BESIDE },
	{ "tax", "--windows", "--year", ALONE },
	{ 0 },
};

const struct option_row common_options[] = {
	{ "--json", 0, "one JSON object, or one a line", OPTION_FLAG, false, 0, 0, 0 },
	{ "--help", 0, "this text", OPTION_FLAG, false, 0, 0, 0 },
	{ 0 },
};
enum { COMMON_OPTIONS_N = sizeof common_options / sizeof *common_options - 1 };

static const struct verb rows[] = {
	{ "run", "trade until stopped: on paper, or with --live real money", verb_run, run_options, { 0 },
	  "tickwork run --days 20 --speed max",
	  "Ctrl-C stops cleanly and a second run in the same home goes on where the first one stopped. Without --data it trades a seeded "
	  "random walk.\n"
	  "Keys of --venue alpaca come from the environment (APCA_API_KEY_ID, APCA_API_SECRET_KEY; for the data, TICKWORK_DATA_KEY_ID, "
	  "TICKWORK_DATA_SECRET_KEY) or from HOME/secrets, a file of mode 0600 with the same names: `name = value`. Never from the command line.\n"
	  "Real money needs three keys: --live; live = 1 in HOME/tickwork.conf; the account number (or id), typed on the terminal or given with --account, "
	  "which must be the one that the venue names for these keys. One missing: exit code 4, and nothing is sent. Restarts by the watchdog do not ask "
	  "again; each start does. A home is of one mode, PAPER or LIVE, for ever.\n"
	  "--dry-run exits 0 when a run may start, 1 when a check fails." },
	{ "backtest", "trade recorded days on the virtual clock, print the result", verb_backtest, backtest_options, { 0 },
	  "tickwork backtest --data ../shared/data/daily --from 2007-01-01",
	  "Decides on the close of a day, fills at the next open plus costs. 252 days a year, risk-free rate 0." },
	{ "replay", "step a journal again and compare every result with it", verb_replay, replay_options,
	  { "FILE", "a journal of run or backtest, or the home of a run with --tape", OPTION_PATH, true },
	  "tickwork backtest --data ../shared/data/daily --journal desk.journal &&\n  tickwork replay desk.journal",
	  "Exit code 1 and the place when a result differs. A journal that was cut is read up to its last whole record.\n"
	  "A home: what the venue said goes through both drivers and all workers again; orders, bytes to the venue and the last state must be the run's." },
	{ "sim", "the whole appliance in one process, on virtual time, with faults", verb_sim, sim_options, { 0 },
	  "tickwork sim --seed 7 --days 20 --faults all",
	  "Processes, the watchdog's rules, the venue by protocol, disk, network, clocks and the operator from one seed: the same seed, the same run.\n"
	  "Exit code 1 when something did not hold; the seed is the whole report. Groups of faults: net, venue, order, disk, power, process, clock, person.\n"
	  "--crash-matrix ends the desk before each of its calls to disk, network and driver, by a kill and by four power cuts, and prints each end; then\n"
	  "lets the disk lie at each write and sync." },
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
	  "200\". The workers of a backtest say it: a backtest from the same day says the same.\n"
	  "carry reads funding rates: shares per eight hours, above 0 paid to the short side, stamped like 2020-01-31T08:00:00Z at 00, 08 and 16 UTC, each "
	  "known from its stamp on. Without --funding-binance or --funding-bybit it says that there are none." },
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
	{ "top", "watch the running appliance: processes, memory, positions", verb_top, top_options, { 0 },
	  "tickwork top --once", "Drawn again each second; q or Ctrl-C ends it. RES MB of OF MB: memory resident of what is declared. Reads the shared map and asks "
	  "nobody, so it works whichever process is dead. --json is printed once." },
	{ "orders", "show the orders that may still be filled", verb_orders, orders_options, { 0 },
	  "tickwork orders", "UNKNOWN is an order the venue has not spoken of yet; its exposure stays reserved." },
	{ "positions", "show what is held", verb_positions, running_options, { 0 }, "tickwork positions", 0 },
	{ "fills", "show the latest executions", verb_fills, running_options, { 0 }, "tickwork fills", "The latest 256; the newest last." },
	{ "account", "show cash, NAV and results", verb_account, running_options, { 0 }, "tickwork account", 0 },
	{ "risk", "show the risk level, every reason to trade less, the stops", verb_risk, running_options, { 0 }, "tickwork risk",
	  "The table of causes: what is in force and since when, then what is not. The worst action in force decides; for a symbol the worst of the book's and "
	  "its own. Each row says why, how it ends, and which command overrides it." },
	{ "log", "show what was done, what the processes said and how they ended", verb_log, show_log_options, { 0 },
	  "tickwork log --since 2h --level warn",
	  "Oldest first, over restarts: orders, fills, refusals, risk, sessions, commands, processes. Reads HOME/log and HOME/lastwords, so it works with every "
	  "process dead. \"(2 more)\": sentences of this process that came too fast to be kept. What a slow or full disk or the day's cap cost is "
	  "counted in the log itself, and said once at the end on standard error." },
	{ "blackbox", "show why processes died and what they were doing", verb_blackbox, blackbox_options,
	  { "N", "the number of one death, or `last`; without it, the list of all", OPTION_TEXT, false },
	  "tickwork blackbox",
	  "The file HOME/blackbox, so it works with every process dead and after the machine was off. One death has the signal or exit code, the bug, general "
	  "registers, each worker's latest 1,000 events, and the journal's place for replay." },
	{ "explain", "say why an order is what it is, from the journal", verb_explain, log_options,
	  { "ORDER", "its number as `orders` and orders.csv have it, or its client order id", OPTION_TEXT, true }, "tickwork explain 20480",
	  "Steps the journal of --home to that order and shows the signals, what each step of the sizing left, what was in force, and every message. Works beside a "
	  "running appliance. What the journal no longer retains is in orders.csv and fills.csv." },
	{ "tax", "print Form 8949 of a year, with wash sales", verb_tax, tax_options, { 0 }, "tickwork tax --year 2026",
	  "CSV: part (I short term, II long term), then columns a to h of the form: description, date_acquired, date_sold, proceeds_usd, cost_usd, "
	  "code (W: wash sale), adjustment_usd, gain_usd. From HOME/fills.csv; fees are in cost and proceeds. A loss is disallowed as far as units "
	  "were bought within 30 days before or after it and are held after it; it joins the cost of those, and so does the time held. Crypto "
	  "knows no wash sale. Not seen here: other accounts, options." },
	{ "doctor", "look at machine, folder, keys and venue, and say what to do", verb_doctor, doctor_options, { 0 }, "tickwork doctor",
	  "The checks of every start, and with them what only could be better. ok; note: it works; warn: read it, a run starts; FAIL: no run starts, and exit code 1. "
	  "Give the options of the run it is for. Changes nothing, and may be asked beside a running appliance." },
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
	{ "ack", "say that a review was seen", verb_ack, running_options,
	  { "ID", "this review alone, by its number in `tickwork risk`; without it, all", OPTION_TEXT, false }, "tickwork ack",
	  "Every escalation opens a review. One that nobody acknowledges for unacknowledged_sessions lets no new risk be taken until somebody does. Needs no code; "
	  "exit code 4 when none waits." },
	{ "release", "let a process come back that is held down", verb_release, running_options, { 0 }, "tickwork release",
	  "A process that died too often within an hour is held down until this; while the desk's is, the rescue cancels, halts and flattens. The desk comes "
	  "back halted. Exit code 4 when nothing is held down." },
	{ "audit", "show who may write which memory, and that it all fits", verb_audit, audit_options,
	  { "FILE", "another program of tickwork, whose budget is read and which is not run", OPTION_FILE, false },
	  "tickwork audit", "Declared, mapped and resident bytes of every process, region, table, arena and stack: of this program, which runs nothing for it, or "
	  "with --home of a running appliance. Exit code 1 when over budget, or when a process maps another number of bytes than it declares." },
	{ "fsm", "show the state machines from the running tables", verb_fsm, fsm_options,
	  { "NAME", "one machine; without it, the list of all", OPTION_TEXT, false },
	  "tickwork fsm order", "Every state x event cell is one of: go to a state, stay, drop, bug. With --coverage exit code 1 when one that is no bug was never "
	  "taken." },
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
