/* settings_test.c - the table of numbers: sound, tightened only, and the universe as document 04 section 3.4 says it (P18, D1). */
#include "fsm/settings.h"

#include <stdio.h>
#include <string.h>

#include "fsm/feed/calendar.h"
#include "tests/kit/test.h"

TEST(t_P18_every_row_is_sound_and_its_name_is_its_own)
{
	struct settings settings;
	settings_default(&settings);
	for (size_t i = 0; i < SETTINGS_N; i++) {
		const struct setting_row *row = &settings_table[i];
		CHECK(row->min <= row->value && row->value <= row->max);
		CHECK(row->name[0] && row->unit[0] && row->why[0]);
		CHECK_EQ(setting(&settings, (enum setting_id)i), row->value);
		for (size_t k = 0; k < i; k++) CHECK(strcmp(row->name, settings_table[k].name) != 0);
	}
	CHECK_EQ(settings_table[SETTING_leverage_max_bp].value, CFG_leverage_max_bp);
	CHECK(settings_broken(&settings) == 0);
}

static enum settings_verdict tighten_by(const struct setting_row *row, struct settings *settings, int32_t value)
{
	char text[16];
	snprintf(text, sizeof text, "%d", value);
	return settings_tighten(settings, row->name, text);
}

/* Each row, at each of its borders. */
TEST(t_P18_each_row_can_only_be_tightened_within_its_bounds)
{
	for (size_t i = 0; i < SETTINGS_N; i++) {
		const struct setting_row *row = &settings_table[i];
		struct settings           settings, before;
		settings_default(&settings);
		before = settings;
		if (row->tighten == SETTINGS_FIXED) {
			CHECK_EQ(tighten_by(row, &settings, row->value), SETTINGS_NOT_HERE);
			CHECK(memcmp(&settings, &before, sizeof settings) == 0);
			continue;
		}
		bool    lower = row->tighten == SETTINGS_LOWER;
		int32_t tightest = lower ? row->min : row->max, loosest = lower ? row->max : row->min, away = lower ? 1 : -1;
		CHECK_EQ(tighten_by(row, &settings, row->max + 1), SETTINGS_OUT_OF_BOUNDS);
		CHECK_EQ(tighten_by(row, &settings, row->min - 1), SETTINGS_OUT_OF_BOUNDS);
		if (loosest != row->value) {
			CHECK_EQ(tighten_by(row, &settings, loosest), SETTINGS_LOOSER);
			CHECK_EQ(tighten_by(row, &settings, row->value + away), SETTINGS_LOOSER);
		}
		CHECK(memcmp(&settings, &before, sizeof settings) == 0);
		CHECK_EQ(tighten_by(row, &settings, row->value), SETTINGS_OK);
		CHECK_EQ(tighten_by(row, &settings, tightest), SETTINGS_OK);
		CHECK_EQ(settings.value[i], tightest);
		settings.value[i] = before.value[i];
		CHECK(memcmp(&settings, &before, sizeof settings) == 0);        /* and nothing else changed */
	}
}

TEST(t_P18_what_is_no_setting_or_no_number_changes_nothing)
{
	static const char *const no_number[] = { "", "-", "+5", "5x", " 5", "5 ", "0x5", "1e2", "5.0", "9999999999", "--5" };
	struct settings          settings, before;
	settings_default(&settings);
	before = settings;
	CHECK_EQ(settings_tighten(&settings, "leverage_max", "1"), SETTINGS_UNKNOWN);
	CHECK_EQ(settings_tighten(&settings, "", "1"), SETTINGS_UNKNOWN);
	CHECK_EQ(settings_tighten(&settings, "leverage_max_bpx", "1"), SETTINGS_UNKNOWN);
	for (size_t i = 0; i < sizeof no_number / sizeof *no_number; i++)
		CHECK_EQ(settings_tighten(&settings, "leverage_max_bp", no_number[i]), SETTINGS_NOT_A_NUMBER);
	CHECK(memcmp(&settings, &before, sizeof settings) == 0);
}

/* Every pair that must stay in its order, turned round: to the greater one's value and, where equal is allowed, beyond. */
TEST(t_P18_each_order_of_two_settings_is_kept)
{
#define ORDER_NAMES(lesser, is, words, greater, otherwise) { SETTING_##lesser, SETTING_##greater, 0 is 0 },
	static const struct { enum setting_id lesser, greater; bool may_be_equal; } orders[] = { SETTINGS_ORDERS(ORDER_NAMES) };
	struct settings                                                             settings;
	CHECK_EQ(sizeof orders / sizeof *orders, 12);
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		settings_default(&settings);
		int32_t greater = settings.value[orders[i].greater];
		settings.value[orders[i].lesser] = greater;
		const struct settings_order *broken = settings_broken(&settings);
		CHECK((broken == 0) == orders[i].may_be_equal);
		settings.value[orders[i].lesser] = greater + 1;
		broken = settings_broken(&settings);
		CHECK(broken && broken->lesser == orders[i].lesser && broken->greater == orders[i].greater && broken->otherwise[0] && broken->words[0]);
	}
}

/* Copied by hand from document 04 section 3.4.1, 3.4.2 and 3.5; volatility is a range there, and 0 where it names none. */
struct row {
	const char *symbol;
	uint8_t     calendar, asset_class;
	int32_t     cap_bp, vol_low_bp, vol_high_bp, stop_bp, commission_bp, slippage_bp;
	int64_t     lot_e8;
};

static const struct row document[] = {
	{ "GLD", CALENDAR_NYSE, ASSET_HAVEN, 5000, 1000, 1200, 1200, 10, 5, 100000000 },
	{ "SPY", CALENDAR_NYSE, ASSET_ETF, 4000, 1500, 1500, 1200, 10, 5, 100000000 },
	{ "QQQ", CALENDAR_NYSE, ASSET_ETF, 3000, 1800, 1800, 1200, 10, 5, 100000000 },
	{ "BTC-USD", CALENDAR_CRYPTO, ASSET_CRYPTO, 1500, 2000, 2500, 1800, 10, 15, 10000 },
	{ "SLV", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
	{ "XLK", CALENDAR_NYSE, ASSET_ETF, 2000, 0, 0, 0, 10, 5, 100000000 },
	{ "XLF", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
	{ "XLE", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
	{ "XLV", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
	{ "TLT", CALENDAR_NYSE, ASSET_HAVEN, 3000, 0, 0, 0, 10, 5, 100000000 },
	{ "TIP", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
	{ "EFA", CALENDAR_NYSE, ASSET_ETF, 2000, 0, 0, 0, 10, 5, 100000000 },
	{ "EEM", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
	{ "DBC", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
	{ "VNQ", CALENDAR_NYSE, ASSET_ETF, 1500, 0, 0, 0, 10, 5, 100000000 },
};

TEST(t_D1_universe_is_the_table_of_document_04_row_by_row)
{
	size_t rows = sizeof document / sizeof *document;
	CHECK_EQ(UNIVERSE_N, rows + 1);        /* and the VIX, which is not traded */
	for (size_t i = 0; i < rows; i++) {
		const struct row   *want = &document[i];
		const struct asset *got = &universe[i];
		CHECK_STR(got->symbol, want->symbol);
		CHECK_EQ(got->calendar, want->calendar);
		CHECK_EQ(got->asset_class, want->asset_class);
		CHECK_EQ(got->cap_bp, want->cap_bp);
		CHECK(want->vol_low_bp == 0 || (want->vol_low_bp <= got->volatility_bp && got->volatility_bp <= want->vol_high_bp));
		CHECK(want->stop_bp == 0 || got->stop_half_bp == want->stop_bp || got->stop_exit_bp == want->stop_bp);
		CHECK(got->stop_half_bp == 1200 && got->stop_exit_bp == 1800);        /* section 4.3.3, ASSET_STOPS */
		CHECK(got->commission_bp == want->commission_bp && got->slippage_bp == want->slippage_bp);
		CHECK_EQ(got->lot_e8, want->lot_e8);
	}
	CHECK_STR(universe[rows].symbol, "VIX");
	CHECK(universe[rows].asset_class == ASSET_INDEX && universe[rows].cap_bp == 0);
}

TEST(t_D1_symbols_are_found_whole_and_only_whole)
{
	for (uint16_t i = 0; i < UNIVERSE_N; i++) CHECK_EQ(universe_find(universe[i].symbol, strlen(universe[i].symbol)), i);
	CHECK_EQ(universe_find("BTC", 3), SYM_NONE);
	CHECK_EQ(universe_find("GLDX", 4), SYM_NONE);
	CHECK_EQ(universe_find("GLDX", 3), 0);
	CHECK_EQ(universe_find("gld", 3), SYM_NONE);
	CHECK_EQ(universe_find("", 0), SYM_NONE);
}
