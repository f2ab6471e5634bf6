/* series.h - one column of a CSV file as numbers, with its stamps: an equity file, a list of mid prices, funding rates.
 *
 * The columns are found by their names in the header, in any order and with any others beside them. Stamps rise from line to line:
 * SERIES_DAY is a date (days since 1970-01-01 in `stamp`), SERIES_UTC a time like 2020-01-01T08:00:00Z (nanoseconds since then),
 * SERIES_WHOLE a whole number, SERIES_NONE none (the stamp is the index). Where `every` is given, stamps lie on its multiples, one after
 * the other unless `gaps`. Values are decimal numbers above 0, or from least_e8 to most_e8 where those are given, kept to 8 decimals.
 *
 * The first fault ends the loading with one sentence that names file, line, column, value and what to do: an empty cell, NaN or anything
 * that is no number or out of bounds, a stamp that comes twice or falls or leaves a gap, a column that is not there, an empty file, more rows
 * than there is room for. Nothing here traps on any file. The caller owns all memory. Row "Bad input". */
#ifndef HAL_REPLAY_SERIES_H
#define HAL_REPLAY_SERIES_H
#include "fsm/units.h"
#include "hal/wire/csv.h"

enum { SERIES_BUFFER_BYTES = 65536, SERIES_SENTENCE_MAX = 1024 };        /* also the longest line; with the final zero */

enum series_stamp { SERIES_NONE, SERIES_DAY, SERIES_UTC, SERIES_WHOLE };

/* stamp: the name of the stamps' column, where there are any. every: in the unit of the stamps, hours in its sentences. */
struct series_columns { const char *stamp, *value; enum series_stamp kind; int64_t least_e8, most_e8, every; bool gaps; };

struct series_load {
	uint32_t    count;                                  /* rows taken */
	char        sentence[SERIES_SENTENCE_MAX];          /* "" when all is fine */
	const char *path;
	int64_t     before;
	int         fd, at_stamp, at_value;
	struct csv  csv;
	char        buffer[SERIES_BUFFER_BYTES];
};

/* Fills stamp[0..count) and value[0..count), room for each; false after writing the sentence. A file without a row is refused. */
bool series_load(struct series_load *load, const char *path, const struct series_columns *columns, int64_t *stamp, double *value, uint32_t room);

#endif
