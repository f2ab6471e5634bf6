/* trade_mode.c - the words of the modes. */
#include "firmware/trade_mode.h"

struct trade_mode_row {
	uint32_t        mode;
	const char     *word, *key, *what;
	enum out_colour colour;
};
#define TRADE_MODE_ROW(id, value, key, colour, what) { value, #id, key, what, colour },
static const struct trade_mode_row rows[] = { TRADE_MODES(TRADE_MODE_ROW) };

/* A value of a damaged file looks like real money until somebody has looked. */
static const struct trade_mode_row *row_of(uint32_t mode)
{
	static const struct trade_mode_row unknown = { 0, "UNKNOWN", "unknown", "nobody knows whose money: treat it as real", OUT_RED };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].mode == mode) return &rows[i];
	return &unknown;
}

const char     *trade_mode_word(uint32_t mode) { return row_of(mode)->word; }
const char     *trade_mode_key(uint32_t mode) { return row_of(mode)->key; }
const char     *trade_mode_what(uint32_t mode) { return row_of(mode)->what; }
enum out_colour trade_mode_colour(uint32_t mode) { return row_of(mode)->colour; }

void trade_mode_show(struct out *out, uint32_t mode)
{
	out_paint(out, trade_mode_colour(mode));
	out_format(out, "%s: %s", trade_mode_word(mode), trade_mode_what(mode));
	out_paint(out, OUT_PLAIN);
	out_text(out, "\n");
}
