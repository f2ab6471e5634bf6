/* quotes.c - `tickwork quotes`: where the market maker would quote, from numbers on the command line or a file of mid prices. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/print_json.h"
#include "hal/linux/memory.h"
#include "hal/replay/series.h"
#include "strategies/quotes/avellaneda_stoikov.h"

enum { MIDS_MAX = 1 << 20 };        /* rows of a file; 16 MB while it is read */

struct quotes_run {
	struct series_load       load;
	struct avellaneda        model;
	struct avellaneda_quotes quotes;
	double                   mid, position;
	int64_t                  stamp[MIDS_MAX];
	double                   mids[MIDS_MAX];
};

static struct avellaneda_config config_of(struct cli *cli)
{
	struct avellaneda_config config = avellaneda_defaults();
	config.form = cli_choice(cli, "--form", 0) == 0 ? AVELLANEDA_DOCUMENT : AVELLANEDA_PAPER;
	config.skew = cli_choice(cli, "--skew", 0) == 0 ? AVELLANEDA_SKEW_PAPER : AVELLANEDA_SKEW_DOCUMENT;
	config.gamma = cli_double(cli, "--gamma", config.gamma);
	config.kappa = cli_double(cli, "--kappa", config.kappa);
	config.horizon = cli_double(cli, "--horizon", config.horizon);
	config.volatility_default = cli_double(cli, "--volatility", config.volatility_default);
	config.levels = (uint32_t)cli_int(cli, "--levels", config.levels);
	config.level_gap = cli_double(cli, "--level-gap", config.level_gap);
	config.size_base = cli_double(cli, "--size", config.size_base);
	config.position_max = cli_double(cli, "--position-max", config.position_max);
	config.inventory_weight = cli_double(cli, "--weight", config.inventory_weight);
	return config;
}

static int read_mids(struct cli *cli, struct quotes_run *run, const char *path)
{
	const char           *stamp = cli_text(cli, "--stamps", 0);
	struct series_columns columns = { .stamp = stamp, .value = cli_text(cli, "--column", "mid"), .kind = stamp ? SERIES_WHOLE : SERIES_NONE };
	if (!series_load(&run->load, path, &columns, run->stamp, run->mids, MIDS_MAX)) return cli_refuse(cli, CLI_BAD_INPUT, "%s", run->load.sentence);
	for (uint32_t i = 0; i < run->load.count; i++)
		if (avellaneda_price(&run->model, run->stamp[i], run->mids[i]) != AVELLANEDA_OK)
			return cli_refuse(cli, CLI_BAD_INPUT, "%s row %u: %s %.17g is above %.0g", path, i + 1, columns.value, run->mids[i], AVELLANEDA_PX_MAX);
	run->mid = run->mids[run->load.count - 1];
	return CLI_DONE;
}

static int take_market(struct cli *cli, struct quotes_run *run)
{
	const char *path = cli_text(cli, "--mids", 0);
	if (path && cli_given(cli, "--volatility"))
		return cli_refuse(cli, CLI_BAD_INPUT, "--mids and --volatility are two sources of the same number; give one");
	if (!path && !cli_given(cli, "--mid")) return cli_refuse(cli, CLI_BAD_INPUT, "quotes needs --mid PRICE or --mids FILE");
	int code = path ? read_mids(cli, run, path) : CLI_DONE;
	run->mid = cli_double(cli, "--mid", run->mid);
	run->position = cli_double(cli, "--position", 0);
	return code;
}

static int quote(struct cli *cli, struct quotes_run *run)
{
	switch (avellaneda_quote(&run->model, run->mid, run->position, &run->quotes)) {
	case AVELLANEDA_OK: return CLI_DONE;
	case AVELLANEDA_BAD_PRICE:
		return cli_refuse(cli, CLI_BAD_INPUT, "--mid %s is no price; give more than 0, up to %.0g", cli_text(cli, "--mid", ""), AVELLANEDA_PX_MAX);
	case AVELLANEDA_BAD_POSITION:
	case AVELLANEDA_LATE: break;
	}
	return cli_refuse(cli, CLI_BAD_INPUT, "--position %s is out of bounds; give up to %.0g units, short is negative", cli_text(cli, "--position", ""),
	    AVELLANEDA_QTY_MAX);
}

static void number(struct json *json, const char *key, double value)
{
	json_key(json, key);
	json_double(json, value);
}

static void json_side(struct json *json, const char *key, const struct avellaneda_level *level, uint32_t count)
{
	json_key(json, key);
	json_array_begin(json);
	for (uint32_t i = 0; i < count; i++) {
		json_object_begin(json);
		number(json, "price", level[i].px);
		number(json, "size", level[i].qty);
		json_object_end(json);
	}
	json_array_end(json);
}

static void print_json(struct cli *cli, const struct quotes_run *run)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	number(json, "mid", run->mid);
	number(json, "position", run->position);
	number(json, "volatility", run->quotes.volatility);
	number(json, "reservation_price", run->quotes.reservation);
	number(json, "spread", run->quotes.spread);
	json_key(json, "form");
	json_string(json, run->model.config.form == AVELLANEDA_PAPER ? "paper" : "document");
	json_key(json, "skew");
	json_string(json, run->model.config.skew == AVELLANEDA_SKEW_PAPER ? "paper" : "document");
	json_side(json, "bids", run->quotes.bid, run->quotes.bids);
	json_side(json, "asks", run->quotes.ask, run->quotes.asks);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void print_side(struct cli *cli, const struct quotes_run *run, const char *side, const struct avellaneda_level *level, uint32_t count)
{
	char text[5][DOUBLE_TEXT_BYTES];
	(void)double_text(text[2], run->quotes.reservation);
	(void)double_text(text[3], run->quotes.spread);
	(void)double_text(text[4], run->quotes.volatility);
	for (uint32_t i = 0; i < count; i++) {
		(void)double_text(text[0], level[i].px);
		(void)double_text(text[1], level[i].qty);
		out_format(&cli->out, "%s,%u,%s,%s,%s,%s,%s\n", side, i, text[0], text[1], text[2], text[3], text[4]);
	}
}

static void print_csv(struct cli *cli, const struct quotes_run *run)
{
	out_text(&cli->out, "side,level,price,size,reservation_price,spread,volatility\n");
	print_side(cli, run, "bid", run->quotes.bid, run->quotes.bids);
	print_side(cli, run, "ask", run->quotes.ask, run->quotes.asks);
}

int verb_quotes(struct cli *cli)
{
	struct avellaneda_config config = config_of(cli);
	struct quotes_run       *run = memory_take(sizeof *run);
	const char              *refusal = avellaneda_refusal(&config);
	if (!run) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run: %zu MB are needed", sizeof *run >> 20);
	if (refusal) return cli_refuse(cli, CLI_BAD_INPUT, "%s", refusal);
	avellaneda_init(&run->model, &config);
	int code = take_market(cli, run);
	if (code == CLI_DONE) code = quote(cli, run);
	if (code != CLI_DONE) return code;
	if (cli->json) print_json(cli, run); else print_csv(cli, run);
	return CLI_DONE;
}
