#include "firmware/cli/table.h"

#include <string.h>

void table_break(struct out *out, size_t *column, size_t indent, size_t length)
{
	if (*column + length > TABLE_WIDTH && *column > indent) {
		out_text(out, "\n");
		out_pad(out, indent > 0 ? indent - 1 : 0);
		*column = indent > 0 ? indent - 1 : 0;
	}
	*column += length;
}

void table_wrap(struct out *out, size_t column, size_t indent, const char *text)
{
	bool first = true;
	while (*text) {
		size_t length = strcspn(text, " ");
		bool   fits = column + length + !first <= TABLE_WIDTH;
		if (!first && !fits) {
			out_text(out, "\n");
			out_pad(out, indent);
			column = indent;
		} else if (!first) {
			out_text(out, " ");
			column++;
		}
		out_bytes(out, text, length);
		column += length;
		text += length;
		text += strspn(text, " ");
		first = false;
	}
	out_text(out, "\n");
}

static size_t width(struct table_column column)
{
	size_t title = strlen(column.title);
	return title > column.width ? title : column.width;
}

/* The last column is not padded: no spaces at the end of a line. */
static void put(struct out *out, struct table table, size_t i, const char *text)
{
	size_t length = strlen(text), wide = width(table.column[i]);
	size_t padding = length < wide ? wide - length : 0;
	bool   last = i + 1 == table.columns;
	if (table.column[i].right) out_pad(out, padding);
	out_text(out, text);
	if (!table.column[i].right && !last) out_pad(out, padding);
	out_text(out, last ? "\n" : "  ");
}

void table_head(struct out *out, struct table table)
{
	out_paint(out, OUT_BOLD);
	for (size_t i = 0; i + 1 < table.columns; i++) put(out, table, i, table.column[i].title);
	size_t last = table.columns - 1;
	if (table.column[last].right) out_pad(out, width(table.column[last]) - strlen(table.column[last].title));
	out_text(out, table.column[last].title);
	out_paint(out, OUT_PLAIN);
	out_text(out, "\n");
}

void table_row(struct out *out, struct table table, const char *const *text)
{
	BUG_UNLESS(4211, table.columns > 0 && table.columns <= TABLE_COLUMNS_MAX);
	for (size_t i = 0; i < table.columns; i++) put(out, table, i, text[i]);
}
