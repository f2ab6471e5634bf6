/* lookahead.c - the same past with two futures. */
#include "firmware/modes/lookahead.h"

#include "fsm/hash.h"

enum { DISTURBED_MIN_BP = 8000, DISTURBED_SPAN_BP = 4000 };

bool lookahead_hash(struct trading *trading, uint64_t journal_id, int32_t day, uint64_t *hash)
{
	if (!trading_wire(trading, journal_id)) return false;
	while (market_peek_t_ns(&trading->world.market) != INT64_MAX && trading->world.market.day <= day)
		if (!trading_turn(trading)) break;
	*hash = desk_hash(&trading->rooms.desk);
	return true;
}

/* 0.8 to 1.2, by a draw that depends on symbol and day alone. One factor for the whole bar: adj_close / close stays, because dividends are
 * derived from how that quotient goes on for some days (hal/replay/market.h), which repairs the data and is no opinion about prices. */
static void disturb(struct bar *bar, uint16_t sym)
{
	uint64_t draw = hash_end(hash_u64(hash_u64(HASH_SEED, sym), (uint64_t)bar->day));
	int64_t  factor_bp = DISTURBED_MIN_BP + (int64_t)(draw % DISTURBED_SPAN_BP);
	bar->open_px_e8 = e8_max(e8_bp(bar->open_px_e8, factor_bp), 1);
	bar->high_px_e8 = e8_max(e8_bp(bar->high_px_e8, factor_bp), 1);
	bar->low_px_e8 = e8_max(e8_bp(bar->low_px_e8, factor_bp), 1);
	bar->close_px_e8 = e8_max(e8_bp(bar->close_px_e8, factor_bp), 1);
	bar->adj_px_e8 = e8_max(e8_bp(bar->adj_px_e8, factor_bp), 1);
}

void lookahead_disturb(struct bars *bars, int32_t day)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		for (uint32_t i = 0; i < bars->of[sym].count; i++) {
			struct bar *bar = &bars->of[sym].bar[i];
			if (bar->day > day) disturb(bar, sym);
		}
}

/* From the last cut to the first, so that what an earlier check disturbed lies after the next cut too. */
bool lookahead_check(struct lookahead *check, struct trading *trading, uint64_t journal_id)
{
	uint64_t before[LOOKAHEAD_CUTS], after = 0;
	int32_t  days = trading->last_day - trading->first_day;
	*check = (struct lookahead){ .cuts = LOOKAHEAD_CUTS };
	for (int32_t i = 0; i < LOOKAHEAD_CUTS; i++) {
		check->cut_day[i] = trading->first_day + (int32_t)((int64_t)days * (i + 1) / (LOOKAHEAD_CUTS + 1));
		if (!lookahead_hash(trading, journal_id, check->cut_day[i], &before[i])) return false;
	}
	for (int32_t i = LOOKAHEAD_CUTS - 1; i >= 0; i--) {
		lookahead_disturb(&trading->bars, check->cut_day[i]);
		if (!lookahead_hash(trading, journal_id, check->cut_day[i], &after)) return false;
		check->same[i] = after == before[i];
		check->differing += !check->same[i];
	}
	return true;
}
