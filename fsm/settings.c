/* settings.c - the tables of config.h as rows, and the one rule of a machine's own file: tighten only. */
#include "fsm/settings.h"

#include <string.h>

#include "fsm/feed/calendar.h"

enum { DIGITS_MAX = 9 };

// clang-format off
#define SETTING_ROW(name, value, min, max, unit, tighten, why) { #name, unit, why, value, min, max, SETTINGS_##tighten },
const struct setting_row settings_table[SETTINGS_N] = { CONFIG(SETTING_ROW) };

#define ASSET_ROW(symbol, calendar, class, cap, vol, half, exit, commission, slippage, lot_e8, what) \
	{ symbol, CALENDAR_##calendar, ASSET_##class, cap, vol, half, exit, commission, slippage, lot_e8, what },
const struct asset universe[UNIVERSE_N] = { UNIVERSE(ASSET_ROW) };
// clang-format on

void settings_default(struct settings *settings)
{
	memset(settings, 0, sizeof *settings);
	for (size_t i = 0; i < SETTINGS_N; i++) settings->value[i] = settings_table[i].value;
}

static bool parse_number(const char *text, int32_t *out)
{
	bool    negative = *text == '-';
	int32_t value = 0;
	size_t  digits = 0;
	text += negative;
	for (; text[digits] >= '0' && text[digits] <= '9' && digits < DIGITS_MAX; digits++)
		value = value * 10 + (text[digits] - '0');
	if (digits == 0 || text[digits] != '\0') return false;
	*out = negative ? -value : value;
	return true;
}

enum settings_verdict settings_tighten(struct settings *settings, const char *name, const char *value)
{
	for (size_t i = 0; i < SETTINGS_N; i++) {
		const struct setting_row *row = &settings_table[i];
		int32_t                   number = 0;
		if (strcmp(row->name, name) != 0) continue;
		if (row->tighten == SETTINGS_FIXED) return SETTINGS_NOT_HERE;
		if (!parse_number(value, &number)) return SETTINGS_NOT_A_NUMBER;
		if (number < row->min || number > row->max) return SETTINGS_OUT_OF_BOUNDS;
		if (row->tighten == SETTINGS_LOWER ? number > row->value : number < row->value) return SETTINGS_LOOSER;
		settings->value[i] = number;
		return SETTINGS_OK;
	}
	return SETTINGS_UNKNOWN;
}

const struct settings_order *settings_broken(const struct settings *settings)
{
	const int32_t *value = settings->value;
#define ORDER_ROW(lesser, is, words, greater, otherwise) { SETTING_##lesser, SETTING_##greater, words, otherwise },
	static const struct settings_order orders[] = { SETTINGS_ORDERS(ORDER_ROW) };
#define ORDER_HOLDS(lesser, is, words, greater, otherwise) value[SETTING_##lesser] is value[SETTING_##greater],
	const bool holds[] = { SETTINGS_ORDERS(ORDER_HOLDS) };
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
		if (!holds[i]) return &orders[i];
	return 0;
}

uint16_t universe_find(const char *symbol, size_t length)
{
	for (uint16_t i = 0; i < UNIVERSE_N; i++)
		if (strlen(universe[i].symbol) == length && memcmp(universe[i].symbol, symbol, length) == 0) return i;
	return SYM_NONE;
}
