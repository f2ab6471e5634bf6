/* funding.h - recorded funding rates as an input of a run: one CSV file a venue, with the columns timestamp_utc and funding_rate.
 *
 * A rate is what the perpetual of FUNDING_SYMBOL paid for eight hours, as a share, above 0 to its short side. Stamps are UTC, at 00, 08 and 16
 * hours, one after the other; what is not so is refused with file and line (hal/replay/series.h), and so are rates beyond FUNDING_MOST_E8, which
 * no venue pays, and a file that ends before the day that is asked for: a rate of last year is no news. Rows S5, D8. */
#ifndef FIRMWARE_MODES_FUNDING_H
#define FIRMWARE_MODES_FUNDING_H
#include "firmware/cli/cli.h"
#include "hal/replay/market.h"
#include "hal/replay/series.h"

#define FUNDING_SYMBOL "BTC-USD"
#define FUNDING_EVERY_NS (8 * 3600 * NS_PER_S)
#define FUNDING_MOST_E8 (E8 / 10)
enum { FUNDING_RATES_MAX = 3 * 366 * 20 };        /* twenty years of three a day */

struct funding_files {
	struct series_load load;
	int64_t            t_ns[FUNDING_VENUES][FUNDING_RATES_MAX];
	double             rate_8h[FUNDING_VENUES][FUNDING_RATES_MAX];
};

/* Reads what the options --funding-binance and --funding-bybit name; a venue without a file keeps 0 rates. CLI_DONE, or the code of the refusal. */
int funding_load(struct cli *cli, struct funding_files *files, struct market_rates rates[FUNDING_VENUES]);
/* Refuses rates that end more than a day before last_day. */
int funding_check_end(struct cli *cli, const struct market_rates rates[FUNDING_VENUES], int32_t last_day);

#endif
