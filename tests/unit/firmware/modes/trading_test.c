/* trading_test.c - what boot leaves of the days it has loaded, for the processes that share them (O10). */
#include "firmware/modes/trading.h"

#include "hal/linux/memory.h"
#include "tests/kit/resident.h"
#include "tests/kit/test.h"

#define SHARED_AT ((uintptr_t)UINT64_C(0x230000000000))
enum { BARS = 1000, A_SYMBOL = 3 };

TEST(t_O10_only_the_bars_there_are_and_the_plan_stay_in_memory)
{
	struct trading     *trading = memory_share_at(SHARED_AT, sizeof *trading);
	struct bars_series *series = &trading->bars.of[A_SYMBOL];
	CHECK(trading);
	memset(&trading->world, 1, sizeof trading->world);
	memset(&trading->rooms, 1, sizeof trading->rooms);
	series->count = BARS;
	trading->plan.seed = 7;
	trading_empty(trading);
	CHECK(pages_are(&trading->world, sizeof trading->world, false) && pages_are(&trading->rooms, sizeof trading->rooms, false));
	CHECK(series->count == BARS && trading->plan.seed == 7);
	trading_touch(trading, true);
	CHECK(pages_are(series->bar, BARS * sizeof series->bar[0], true));
	CHECK(pages_are(&series->bar[BARS + 4096], (CFG_bars_max - BARS - 4096) * sizeof series->bar[0] - 4096, false));
	CHECK(pages_are(&trading->world, sizeof trading->world, false));
}
