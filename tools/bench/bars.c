/* bars.c - generated bars as CSV files, as a person would have them from a data vendor. */
#include <stdio.h>

#include "hal/replay/generate.h"
#include "hal/wire/json_write.h"
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"

enum { BARS_SEED = 1 };

static void write_bar(FILE *file, const struct bar *bar)
{
	const int64_t px_e8[] = { bar->open_px_e8, bar->high_px_e8, bar->low_px_e8, bar->close_px_e8, bar->adj_px_e8 };
	struct civil  date = civil_from_day(bar->day);
	fprintf(file, "%04d-%02u-%02u", (int)date.year, date.month, date.day);
	for (size_t i = 0; i < sizeof px_e8 / sizeof px_e8[0]; i++) {
		char text[E8_TEXT_BYTES];
		(void)e8_text(text, px_e8[i]);
		fprintf(file, ",%s", text);
	}
	fprintf(file, ",%lld\n", (long long)bar->volume);
}

static bool write_symbol(const char *folder, const char *symbol, const struct bars_series *series)
{
	char path[PATH_BYTES];
	snprintf(path, sizeof path, "%s/%s.csv", folder, symbol);
	FILE *file = fopen(path, "w");
	if (!file) return false;
	fprintf(file, "date,open,high,low,close,adj_close,volume\n");
	for (uint32_t i = 0; i < series->count; i++) write_bar(file, &series->bar[i]);
	return fclose(file) == 0;
}

bool write_bars(const char *folder)
{
	static struct bars bars;
	generate_bars(&bars, BARS_SEED, day_from_civil(2016, 6, 1), day_from_civil(2022, 12, 31));
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (!write_symbol(folder, universe[i].symbol, &bars.of[i])) return false;
	return true;
}
