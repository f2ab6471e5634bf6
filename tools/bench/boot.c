/* boot.c - the appliance from exec to its first heartbeats and to its first moment of the market. */
#include <stdio.h>

#include "tools/bench/live.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

#define FROM "2018-01-01"

enum { BOOT_TURNS = 11 };
static const double heartbeats_goal_ms = 20, trading_goal_ms = 300;

struct boot_figures { struct series beats, ready, trading; };

static void one_boot(const struct bench *bench, struct boot_figures *figures)
{
	static struct live       live;
	const int32_t            first_day = day_from_civil(2018, 1, 1);
	const char *const        words[] = { "--data", bench->data, "--from", FROM, "--speed", "1", 0 };
	const struct memory_map *map;
	live_start(&live, bench, words);
	map = live.attach.map;
	double trading_ns = live_until(&live, live_is_trading, &first_day), ready_ns = live_ready_ns(map);
	series_add(&figures->beats, (ready_ns - (double)map->life->begun_ns) / 1e6);
	series_add(&figures->ready, (ready_ns - live.begun_ns) / 1e6);
	series_add(&figures->trading, (trading_ns - live.begun_ns) / 1e6);
	live_stop(&live);
}

void bench_boot(const struct bench *bench)
{
	static struct boot_figures figures;
	char                       how[128];
	for (int turn = 0; turn < BOOT_TURNS; turn++) one_boot(bench, &figures);
	snprintf(how, sizeof how, "the watchdog's start to the last worker ready; most %.3g, %d turns", series_most(&figures.beats), BOOT_TURNS);
	report(&(struct row){ "boot to heartbeats", "ms", series_median(&figures.beats), 0, 0, GOAL_OF_VALUE, heartbeats_goal_ms, how });
	snprintf(how, sizeof how, "fork to the first moment done, new home, %s bars from " FROM "; most %.3g", bench->data_what, series_most(&figures.trading));
	report(&(struct row){ "boot to trading", "ms", series_median(&figures.trading), 0, 0, GOAL_OF_VALUE, trading_goal_ms, how });
	report(&(struct row){ "  until all are ready", "ms", series_median(&figures.ready), 0, 0, GOAL_NONE, 0, "bars, history and journal made by then" });
}
