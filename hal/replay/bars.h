/* bars.h - daily bars of the universe, read from DIR/SYMBOL.csv once, in BOOT, into memory of the caller.
 *
 * A file has the columns date, open, high, low, close, adj_close and perhaps volume, in any order and with any others beside
 * them. Open to close are adjusted for splits, adj_close for splits and dividends; volume counts units.
 *
 * What is checked, and where the first fault ends the loading with one sentence that names file, line, column, value and
 * what to do:
 *   every line of the file    its date, and that dates rise
 *   lines of the range        every number; prices above 0 and at most BARS_PX_MAX_USD; high not below low
 * What is only counted, for the quality note of a run: open or close outside [low, high], more than 8 decimals, no volume.
 * Jumps are the feed's business: real markets jump.
 *
 * A symbol without a file is not an error (it is listed in `absent`); a folder without any symbol is. A file that has no line
 * in the range leaves the symbol with 0 bars. Days that the calendars do not cover (before 1990, after 2046) are out of range.
 *
 * Memory: struct bars is what a run keeps; struct bars_load is needed for the loading only. Nothing here traps on any
 * file. Rows D1, D3, "Bad input". */
#ifndef HAL_REPLAY_BARS_H
#define HAL_REPLAY_BARS_H
#include "fsm/event.h"
#include "fsm/settings.h"
#include "hal/wire/csv.h"

enum {
	BARS_BUFFER_BYTES = 65536,      /* of the file at a time; also the longest line */
	BARS_PATH_MAX = 512,            /* bytes of a folder's name */
	BARS_SENTENCE_MAX = 1024,       /* bytes of the sentence, with the final zero */
	BARS_PX_MAX_USD = 10000000      /* USD: a price above it is a mistake (one share of BRK.A: 0.7 million) */
};

struct bars_series { uint32_t count, pad; struct bar bar[CFG_bars_max]; };
struct bars { struct bars_series of[UNIVERSE_N]; };

#define BARS_VERDICTS(X)                                                                                                     \
	X(OK) X(NO_FOLDER) X(NO_SYMBOL) X(NO_DAY) X(UNREADABLE) X(EMPTY) X(NO_ROWS) X(HEADER) X(NO_COLUMN) X(ROW) X(DATE)    \
	X(DUPLICATE) X(FALLING) X(NUMBER) X(NOT_POSITIVE) X(TOO_HIGH) X(HIGH_BELOW_LOW) X(TOO_MANY) X(LONG_LINE) X(GAP)
#define BARS_VERDICT_ID(name) BARS_##name,
enum bars_verdict { BARS_VERDICTS(BARS_VERDICT_ID) BARS_VERDICTS_N };

/* What was odd in one symbol's range but kept. */
struct bars_quality { uint32_t outside, decimals_cut, no_volume; int32_t first_outside_day; };

struct bars_load {
	enum bars_verdict   verdict;
	char                sentence[BARS_SENTENCE_MAX];        /* "" when BARS_OK */
	uint16_t            absent[UNIVERSE_N];                 /* symbols without a file */
	uint32_t            absent_n;
	struct bars_quality quality[UNIVERSE_N];
	uint64_t            bytes_read;
	char                path[BARS_PATH_MAX + 32];           /* of the file in hand */
	struct csv          csv;
	char                buffer[BARS_BUFFER_BYTES];
};

/* Reads the bars of [from_day, to_day]; on a verdict other than BARS_OK the bars are not to be used. */
enum bars_verdict bars_load(struct bars *bars, struct bars_load *load, const char *folder, int32_t from_day, int32_t to_day);

/* The same for one symbol: only its file is read, and only bars->of[sym] is made. No file, or no bar in the range, is not BARS_OK. */
enum bars_verdict bars_load_symbol(struct bars *bars, struct bars_load *load, const char *folder, uint16_t sym, int32_t from_day, int32_t to_day);
/* A gap: a session of the symbol's calendar between two of its bars that has no bar. BARS_GAP with the sentence that names file and day at
 * the first one; bars on days the calendar calls closed are none. An index is nothing one holds, and vendors skip days of it: never BARS_GAP. */
enum bars_verdict bars_check_gaps(const struct bars *bars, struct bars_load *load, const char *folder, uint16_t sym);

/* The first and last day of any bar; false when there is no bar at all. */
bool bars_range(const struct bars *bars, int32_t *first_day, int32_t *last_day);

#endif
