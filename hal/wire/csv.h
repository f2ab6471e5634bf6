/* csv.h - rows of a comma-separated file, bytes in and cells out. No I/O, no memory of its own beyond the column names.
 *
 * The caller reads the world and hands bytes in with csv_feed; csv_line gives one line at a time, as a pointer into those
 * bytes. CSV_MORE means that the window ends inside a line: move what csv_rest names to the front of the buffer, read
 * behind it, feed again. So a file of any size needs one buffer that holds its longest line.
 *
 *   first line        column names; csv_column finds one ("Adj Close", "adj_close" and "adjclose" are the same name)
 *   line ends         LF or CRLF; blank lines are skipped; a UTF-8 byte order mark is skipped
 *   blanks            around a cell are not part of it
 *   quoted cells      are not understood: a cell that begins with '"' is CSV_QUOTED, never guessed at
 *   line numbers      start at 1, the header is line 1
 *   a shorter row     leaves its last cells empty; a longer one is CSV_TOO_MANY_CELLS
 *
 * Cells become numbers without floating point. Nothing here traps on any bytes. Row: "Bad input". */
#ifndef HAL_WIRE_CSV_H
#define HAL_WIRE_CSV_H
#include "fsm/units.h"

enum {
	CSV_COLUMNS_MAX = 32,           /* n, columns of one file */
	CSV_NAME_MAX = 24               /* bytes of a column name as kept, with the final zero; longer names are cut */
};

#define CSV_VERDICTS(X)                                              \
	X(OK, "is fine")                                             \
	X(END, "is the end of the file")                             \
	X(MORE, "is not complete yet")                               \
	X(QUOTED, "is a quoted cell")                                \
	X(TOO_MANY_CELLS, "is one cell more than the header names")  \
	X(TOO_MANY_COLUMNS, "is one column more than can be kept")   \
	X(EMPTY, "is empty")                                         \
	X(NOT_A_NUMBER, "is not a number")                           \
	X(MALFORMED, "is not a decimal number")                      \
	X(EXPONENT, "is written with an exponent")                   \
	X(RANGE, "is out of range")                                  \
	X(DATE, "is not a date like 2007-01-31")
#define CSV_VERDICT_ID(name, text) CSV_##name,
enum csv_verdict { CSV_VERDICTS(CSV_VERDICT_ID) CSV_VERDICTS_N };
extern const char *const csv_verdict_text[CSV_VERDICTS_N];

struct csv_cell { const char *at; uint32_t length; };

struct csv {
	const char *next, *end;         /* what has been fed and not been taken */
	uint64_t    line;               /* number of the line taken last */
	uint32_t    columns;            /* 0 before the header */
	bool        last;               /* nothing comes after end */
	char        name[CSV_COLUMNS_MAX][CSV_NAME_MAX];
};

void csv_init(struct csv *csv);
/* The window is now these bytes, which begin with what csv_rest named before; last: the file ends with them. */
void csv_feed(struct csv *csv, const char *bytes, size_t count, bool last);
/* Bytes of the window that were not taken. */
static inline size_t csv_rest(const struct csv *csv) { return (size_t)(csv->end - csv->next); }

/* The next line that is not blank, without its end: CSV_OK, CSV_MORE or CSV_END. */
enum csv_verdict csv_line(struct csv *csv, struct csv_cell *line);
/* Takes a line as the header: CSV_OK, CSV_QUOTED, CSV_TOO_MANY_COLUMNS. */
enum csv_verdict csv_header(struct csv *csv, struct csv_cell line);
/* The index of a column, -1 when there is none. */
int csv_column(const struct csv *csv, const char *name);
/* One cell of a line; empty when the line is shorter. */
struct csv_cell csv_cell_of(struct csv_cell line, uint32_t column);
/* All cells of a line; *bad is the column of the cell that is CSV_QUOTED or CSV_TOO_MANY_CELLS. */
enum csv_verdict csv_cells(const struct csv *csv, struct csv_cell line, struct csv_cell cell[CSV_COLUMNS_MAX], uint32_t *bad);

/* A decimal number as e8. Digits beyond the eighth are cut toward zero; *cut counts the numbers that changed by it.
 * CSV_EMPTY, CSV_NOT_A_NUMBER (nan, inf, null, n/a), CSV_MALFORMED, CSV_EXPONENT, CSV_RANGE (beyond 92 billion). */
enum csv_verdict csv_e8(struct csv_cell cell, int64_t *out_e8, uint32_t *cut);
/* x. */
enum csv_verdict csv_whole(struct csv_cell cell, int64_t *out);
/* YYYY-MM-DD, a day that exists, 1900 to 2199; a time of day after it ("2007-01-31 00:00:00") is not read. */
enum csv_verdict csv_day(struct csv_cell cell, int32_t *out_day);

#endif
