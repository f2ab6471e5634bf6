/* prices.c - see prices.h. */
#include "hal/sim/server/prices.h"

#include "hal/sim/server/names.h"

/* How many bars are not after a day. */
static uint32_t bars_until(const struct bars_series *series, int32_t day)
{
	uint32_t low = 0, high = series->count;
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (series->bar[middle].day <= day) low = middle + 1;
		else high = middle;
	}
	return low;
}

uint32_t prices_whole(const struct server *server, uint16_t sym)
{
	return bars_until(&server->config.bars->of[sym], server->seen[sym].closed_day);
}

static bool is_running(const struct server *server, uint16_t sym) { return server->seen[sym].opened_day > server->seen[sym].closed_day; }

bool prices_today(const struct server *server, uint16_t sym, struct bar *bar)
{
	const struct bars_series *series = &server->config.bars->of[sym];
	uint32_t                  whole = prices_whole(server, sym);
	if (!is_running(server, sym)) {
		if (whole > 0) *bar = series->bar[whole - 1];
		return whole > 0;
	}
	int64_t open_px_e8 = series->bar[bars_until(series, server->seen[sym].opened_day) - 1].open_px_e8;
	*bar = (struct bar){
		.open_px_e8 = open_px_e8, .high_px_e8 = open_px_e8, .low_px_e8 = open_px_e8, .close_px_e8 = open_px_e8, .adj_px_e8 = open_px_e8,
		.day = server->seen[sym].opened_day,
	};
	return true;
}

const struct bar *prices_before(const struct server *server, uint16_t sym)
{
	uint32_t whole = prices_whole(server, sym), newer = is_running(server, sym) ? 0 : 1;
	return whole > newer ? &server->config.bars->of[sym].bar[whole - newer - 1] : 0;
}

int64_t prices_bar_t_ns(uint16_t sym, int32_t day)
{
	return name_is_crypto(sym) ? day * NS_PER_DAY : zone_t_ns(ZONE_NEW_YORK, day, 0);
}
