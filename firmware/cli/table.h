/* table.h - text in columns and paragraphs, for a terminal of 80. Widths count bytes: what we print is ASCII. */
#ifndef FIRMWARE_CLI_TABLE_H
#define FIRMWARE_CLI_TABLE_H
#include "firmware/cli/out.h"

enum { TABLE_WIDTH = 80, TABLE_COLUMNS_MAX = 16, TABLE_GAP = 2 };

/* Starts a new line, indented, when `length` more characters would pass the width; column is kept by it. */
void table_break(struct out *out, size_t *column, size_t indent, size_t length);
/* A paragraph: words broken at the width and at each line feed, further lines indented, a line feed at the end. column is where the
 * cursor stands. */
void table_wrap(struct out *out, size_t column, size_t indent, const char *text);

/* A column: its title and least width; the width grows to the title. Numbers stand right. */
struct table_column { const char *title; uint8_t width; bool right; };
struct table { const struct table_column *column; size_t columns; };

void table_head(struct out *out, struct table table);
/* One text a column; the last one is a paragraph that wraps within its column. A wider text pushes the rest of its own line. */
void table_row(struct out *out, struct table table, const char *const *text);

#endif
