/* funding.c - see funding.h. */
#include "firmware/modes/funding.h"

#include <string.h>

#include "firmware/cli/text.h"

static const char *const options[FUNDING_VENUES] = { [FUNDING_BINANCE] = "--funding-binance", [FUNDING_BYBIT] = "--funding-bybit" };

int funding_load(struct cli *cli, struct funding_files *files, struct market_rates rates[FUNDING_VENUES])
{
	struct series_columns columns = { "timestamp_utc", "funding_rate", SERIES_UTC, -FUNDING_MOST_E8, FUNDING_MOST_E8, FUNDING_EVERY_NS,
		cli_choice(cli, "--gaps", 0) != 0 };
	uint16_t              sym = universe_find(FUNDING_SYMBOL, strlen(FUNDING_SYMBOL));
	BUG_UNLESS(2332, sym != SYM_NONE);
	for (size_t venue = 0; venue < FUNDING_VENUES; venue++) {
		const char *path = cli_text(cli, options[venue], 0);
		if (!path) continue;
		if (!series_load(&files->load, path, &columns, files->t_ns[venue], files->rate_8h[venue], FUNDING_RATES_MAX))
			return cli_refuse(cli, CLI_BAD_INPUT, "%s", files->load.sentence);
		rates[venue] = (struct market_rates){ files->load.count, sym, files->t_ns[venue], files->rate_8h[venue] };
	}
	return CLI_DONE;
}

int funding_check_end(struct cli *cli, const struct market_rates rates[FUNDING_VENUES], int32_t last_day)
{
	char day[TEXT_DAY_BYTES], end[TEXT_DAY_BYTES];
	for (size_t venue = 0; venue < FUNDING_VENUES; venue++) {
		if (rates[venue].count == 0) continue;
		int32_t last_rate_day = day_from_t_ns(rates[venue].t_ns[rates[venue].count - 1]);
		if (last_rate_day < last_day - 1)
			return cli_refuse(cli, CLI_BAD_INPUT, "%s ends on %s, more than a day before %s; ask for an earlier --date or add the rates since",
			    cli_text(cli, options[venue], ""), text_day(end, last_rate_day), text_day(day, last_day));
	}
	return CLI_DONE;
}
