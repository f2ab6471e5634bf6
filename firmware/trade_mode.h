/* trade_mode.h - whose money it is: one word for a run, its journal, its map, its reports and every screen, from one list.
 *
 *   PAPER   `run` without --live: a venue's paper account, or the paper venue inside
 *   LIVE    `run --live`: real money
 *   SIM     backtest, sim: no day of it was or will be traded
 *
 * A run takes its mode from its options once (firmware/modes/venue_plan.h). From then on it is in two places: in the stamp of the map for who looks at what
 * runs, and in the head of each segment of the journal (struct journal_setup) for what lasts; a journal of one mode is never continued in another. The
 * values are in files: they do not change. Row R9. */
#ifndef FIRMWARE_TRADE_MODE_H
#define FIRMWARE_TRADE_MODE_H
#include "firmware/cli/out.h"

/*        id     value  key      colour      what a person should know */
#define TRADE_MODES(X)                                                          \
	X(PAPER, 0,     "paper", OUT_GREEN,  "no real money")                   \
	X(LIVE,  1,     "live",  OUT_RED,    "REAL MONEY")                      \
	X(SIM,   2,     "sim",   OUT_YELLOW, "nothing of it was traded")

#define TRADE_MODE_ENUM(id, value, key, colour, what) TRADE_##id = (value),
enum trade_mode { TRADE_MODES(TRADE_MODE_ENUM) };
/* Any value that no row has; this one for what nobody can read. */
#define TRADE_MODE_UNKNOWN UINT32_MAX

/* Where the journal is (HOME), its mode's word, the run's. */
#define TRADE_MODE_OTHER "%s/journal is of a run on %s and this one is on %s: choose another --home"

/* Of a value that was read: "PAPER", "paper", what a person should know. Another value is UNKNOWN, unknown. */
const char     *trade_mode_word(uint32_t mode);
const char     *trade_mode_key(uint32_t mode);
const char     *trade_mode_what(uint32_t mode);
enum out_colour trade_mode_colour(uint32_t mode);
/* "PAPER: no real money", a line in its colour. */
void            trade_mode_show(struct out *out, uint32_t mode);

#endif
