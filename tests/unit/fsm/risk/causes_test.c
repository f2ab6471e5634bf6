/* causes_test.c - the table of reasons to trade less: sane rows, the worst wins, each has its place (R1, R9). */
#include "fsm/risk/causes.h"

#include <string.h>

#include "tests/kit/test.h"

TEST(t_R1_every_cause_is_said_whole_and_once)
{
	for (int i = 0; i < CAUSES_N; i++) {
		const struct cause_row *row = &cause_table[i];
		CHECK(row->name && row->text[0] && row->way_out[0]);
		CHECK(row->action > CAUSE_ACTION_NONE && row->action < CAUSE_ACTIONS_N && row->clears < CAUSE_CLEARS_N && row->override < CAUSE_OVERRIDES_N);
		CHECK_EQ(row->of_symbol, i >= CAUSES_BOOK_N);
		/* what only the operator ends names the command that ends it, or says what else does */
		if (row->override == CAUSE_OVERRIDE_RESUME) CHECK(strstr(row->way_out, "tickwork resume") != 0);
		if (row->override == CAUSE_OVERRIDE_CONFIRM) CHECK(strstr(row->way_out, "tickwork confirm") != 0);
		if (row->override == CAUSE_OVERRIDE_RELEASE) CHECK(strstr(row->way_out, "tickwork release") != 0);
		for (int other = 0; other < i; other++) CHECK(strcmp(row->text, cause_table[other].text) != 0);
	}
}

TEST(t_R1_of_equals_the_first_row_is_named_and_of_unequals_the_worst)
{
	CHECK_EQ(cause_worst(0), CAUSES_N);
	CHECK_EQ(cause_action_of(0), CAUSE_ACTION_NONE);
	for (int a = 0; a < CAUSES_N; a++)
		for (int b = 0; b < CAUSES_N; b++) {
			uint64_t set = cause_bit((enum cause_id)a, true) | cause_bit((enum cause_id)b, true);
			int worse = cause_table[a].action > cause_table[b].action || (cause_table[a].action == cause_table[b].action && a <= b) ? a : b;
			CHECK_EQ(cause_worst(set), worse);
			CHECK_EQ(cause_action_of(set), cause_table[worse].action);
		}
}

TEST(t_R1_nothing_grows_from_no_new_risk_on_and_crypto_from_caution_on)
{
	for (int i = 0; i < CAUSES_N; i++) {
		uint64_t set = cause_bit((enum cause_id)i, true);
		bool grows = cause_table[i].action < CAUSE_ACTION_NO_NEW_RISK, crypto_grows = cause_table[i].action < CAUSE_ACTION_CAUTION;
		CHECK_EQ(cause_against(set, ASSET_ETF), grows ? CAUSES_N : i);
		CHECK_EQ(cause_against(set, ASSET_HAVEN), grows ? CAUSES_N : i);
		CHECK_EQ(cause_against(set, ASSET_CRYPTO), crypto_grows ? CAUSES_N : i);
	}
	CHECK(cause_raises_threshold(cause_bit(CAUSE_LEVEL1, true) | cause_bit(CAUSE_HALTED, true)));
	CHECK(!cause_raises_threshold(cause_bit(CAUSE_HIGH_VOL, true)) && !cause_raises_threshold(cause_bit(CAUSE_LEVEL2, true)));
}

static void place_of_a_symbol_without_one(void) { (void)cause_place(CAUSE_STALE, SYM_NONE); }
static void place_of_the_book_with_a_symbol(void) { (void)cause_place(CAUSE_HALTED, 0); }

TEST(t_R1_every_cause_of_every_symbol_has_a_place_of_its_own)
{
	static uint8_t taken[CAUSE_PLACES_N];
	for (int i = 0; i < CAUSES_BOOK_N; i++) taken[cause_place((enum cause_id)i, SYM_NONE)]++;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		for (int i = CAUSES_BOOK_N; i < CAUSES_N; i++) taken[cause_place((enum cause_id)i, sym)]++;
	for (int i = 0; i < CAUSE_PLACES_N; i++) CHECK_EQ(taken[i], 1);
	CHECK_BUG(place_of_a_symbol_without_one, 1420);
	CHECK_BUG(place_of_the_book_with_a_symbol, 1420);
}
