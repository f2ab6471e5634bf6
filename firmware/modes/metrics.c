/* metrics.c - `tickwork metrics FILE`: the tearsheet of an equity file, and how sure its Sharpe ratio is. */
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/print_json.h"
#include "firmware/cli/text.h"
#include "hal/linux/memory.h"
#include "hal/replay/series.h"
#include "strategies/metrics/tearsheet.h"

struct metrics_run {
	struct series_load    load;
	struct tearsheet      sheet;
	struct tearsheet_room room;
	double                deflated_pct;
	int64_t               stamp[TEARSHEET_POINTS_MAX];
	double                nav[TEARSHEET_POINTS_MAX];
	int32_t               day[TEARSHEET_POINTS_MAX];
};

static void deflate(struct cli *cli, struct metrics_run *run)
{
	run->deflated_pct = 100 * sharpe_deflated(&run->sheet.daily, (uint32_t)cli_int(cli, "--trials", 1), cli_double(cli, "--trials-variance", 0));
}

static int read_file(struct cli *cli, struct metrics_run *run)
{
	struct series_columns   columns = { .stamp = "date", .value = cli_text(cli, "--column", "nav_usd"), .kind = SERIES_DAY };
	char                    day[TEXT_DAY_BYTES];
	uint32_t                refused = 0;
	if (!series_load(&run->load, cli->argument, &columns, run->stamp, run->nav, TEARSHEET_POINTS_MAX))
		return cli_refuse(cli, CLI_BAD_INPUT, "%s", run->load.sentence);
	if (run->load.count < 2)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s has one row: there is no return in it; give at least two days", cli->argument);
	for (uint32_t i = 0; i < run->load.count; i++) run->day[i] = (int32_t)run->stamp[i];
	if (tearsheet_fill(&run->sheet, &run->room, run->day, run->nav, run->load.count, &refused) == PERFORMANCE_OK) return CLI_DONE;
	return cli_refuse(cli, CLI_BAD_INPUT, "%s row of %s, column %s: a net asset value that cannot be measured; end the file before it", cli->argument,
	    text_day(day, run->day[refused]), columns.value);
}

static void number(struct json *json, const char *key, double value)
{
	json_key(json, key);
	json_double(json, value);
}

static void print_json(struct cli *cli, const struct metrics_run *run)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	char              day[TEXT_DAY_BYTES];
	json_object_begin(json);
	json_key(json, "period");
	json_object_begin(json);
	json_key(json, "from");
	json_string(json, text_day(day, run->day[0]));
	json_key(json, "to");
	json_string(json, text_day(day, run->day[run->load.count - 1]));
	json_key(json, "days");
	json_u64(json, run->load.count);
	json_object_end(json);
	number(json, "initial_usd", run->nav[0]);
	number(json, "final_usd", run->nav[run->load.count - 1]);
	json_key(json, "metrics");
	json_object_begin(json);
	for (int i = 0; i < TEARSHEET_METRICS; i++) number(json, tearsheet_key((enum tearsheet_metric)i), run->sheet.figure[i]);
	json_object_end(json);
	number(json, "deflated_sharpe_pct", run->deflated_pct);
	json_key(json, "trials");
	json_i64(json, cli_int(cli, "--trials", 1));
	number(json, "trials_variance", cli_double(cli, "--trials-variance", 0));
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void print_table(struct cli *cli, const struct metrics_run *run)
{
	char from[TEXT_DAY_BYTES], to[TEXT_DAY_BYTES];
	out_format(&cli->out, "%s to %s, %u days, %.2f to %.2f USD\n", text_day(from, run->day[0]), text_day(to, run->day[run->load.count - 1]),
	    run->load.count, run->nav[0], run->nav[run->load.count - 1]);
	for (int i = 0; i < TEARSHEET_METRICS; i++)
		out_format(&cli->out, "  %-28s%18.4f\n", tearsheet_key((enum tearsheet_metric)i), run->sheet.figure[i]);
	out_format(&cli->out, "  %-28s%18.4f  trials: %lld\n", "deflated_sharpe_pct", run->deflated_pct, (long long)cli_int(cli, "--trials", 1));
}

int verb_metrics(struct cli *cli)
{
	struct metrics_run *run = memory_take(sizeof *run);
	if (!run) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run: %zu MB are needed", sizeof *run >> 20);
	if (cli_int(cli, "--trials", 1) > 1 && !cli_given(cli, "--trials-variance"))
		return cli_refuse(cli, CLI_BAD_INPUT, "--trials needs --trials-variance: how far the daily Sharpe ratios of the trials lay apart");
	int code = read_file(cli, run);
	if (code != CLI_DONE) return code;
	deflate(cli, run);
	if (cli->json) print_json(cli, run); else print_table(cli, run);
	return CLI_DONE;
}
