/* causes.c - the table as rows, and the one rule: the worst wins. */
#include "fsm/risk/causes.h"

// clang-format off
#define CAUSE_ROW(of_symbol, name, action, clears, override, review, text, way_out) \
	[CAUSE_##name] = { #name, text, way_out, CAUSE_ACTION_##action, CAUSE_CLEARS_##clears, CAUSE_OVERRIDE_##override, of_symbol, CAUSE_OPENS_##review },
#define CAUSE_BOOK_ROW(...)   CAUSE_ROW(0, __VA_ARGS__)
#define CAUSE_SYMBOL_ROW(...) CAUSE_ROW(1, __VA_ARGS__)
const struct cause_row cause_table[CAUSES_N] = { BOOK_CAUSES(CAUSE_BOOK_ROW) SYMBOL_CAUSES(CAUSE_SYMBOL_ROW) };

#define ACTION_TEXT(name, text)   [CAUSE_ACTION_##name] = text,
#define CLEARS_TEXT(name, text)   [CAUSE_CLEARS_##name] = text,
#define REVIEW_TEXT(name, text)   [CAUSE_REVIEW_##name] = text,
#define OVERRIDE_TEXT(name, text) [CAUSE_OVERRIDE_##name] = text,
const char *const cause_action_text[CAUSE_ACTIONS_N] = { CAUSE_ACTIONS(ACTION_TEXT) };
const char *const cause_review_text[CAUSE_REVIEWS_N] = { CAUSE_REVIEWS(REVIEW_TEXT) };
const char *const cause_clears_text[CAUSE_CLEARS_N] = { CAUSE_CLEARS(CLEARS_TEXT) };
const char *const cause_override_text[CAUSE_OVERRIDES_N] = { CAUSE_OVERRIDES(OVERRIDE_TEXT) };
// clang-format on

enum cause_id cause_worst(uint64_t set)
{
	enum cause_id worst = CAUSES_N;
	for (uint64_t left = set; left; left &= left - 1) {
		enum cause_id cause = (enum cause_id)__builtin_ctzll(left);
		if (worst == CAUSES_N || cause_table[cause].action > cause_table[worst].action) worst = cause;
	}
	return worst;
}

enum cause_action cause_action_of(uint64_t set)
{
	enum cause_id worst = cause_worst(set);
	return worst == CAUSES_N ? CAUSE_ACTION_NONE : (enum cause_action)cause_table[worst].action;
}

enum cause_id cause_against(uint64_t set, uint8_t asset_class)
{
	enum cause_action forbids = asset_class == ASSET_CRYPTO ? CAUSE_ACTION_CAUTION : CAUSE_ACTION_NO_NEW_RISK;
	return cause_action_of(set) >= forbids ? cause_worst(set) : CAUSES_N;
}

/* Of CAUTION alone: what is worse lets nothing grow, and a wish that is heard then has its day when it is over. */
bool cause_raises_threshold(uint64_t set)
{
	for (uint64_t left = set; left; left &= left - 1)
		if (cause_table[__builtin_ctzll(left)].action == CAUSE_ACTION_CAUTION) return true;
	return false;
}
