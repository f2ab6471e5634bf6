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
		size_t length = strcspn(text, " \n");
		bool   fits = column + length + !first <= TABLE_WIDTH;
		if (!first && (!fits || text[-1] == '\n')) {
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
		text += strspn(text, " \n");
		first = false;
	}
	out_text(out, "\n");
}

static size_t width(struct table_column column)
{
	size_t title = strlen(column.title);
	return title > column.width ? title : column.width;
}

static size_t put(struct out *out, struct table_column column, const char *text)
{
	size_t length = strlen(text), wide = width(column);
	size_t padding = length < wide ? wide - length : 0;
	if (column.right) out_pad(out, padding);
	out_text(out, text);
	if (!column.right) out_pad(out, padding);
	out_pad(out, TABLE_GAP);
	return length + padding + TABLE_GAP;
}

/* The last column ends the line, so nothing is padded behind it. */
static void put_last(struct out *out, struct table_column column, size_t at, const char *text)
{
	size_t length = strlen(text), wide = width(column);
	size_t padding = column.right && length < wide ? wide - length : 0;
	out_pad(out, padding);
	table_wrap(out, at + padding, at, text);
}

void table_row(struct out *out, struct table table, const char *const *text)
{
	size_t at = 0, last = table.columns - 1;
	BUG_UNLESS(4211, table.columns > 0 && table.columns <= TABLE_COLUMNS_MAX);
	for (size_t i = 0; i < last; i++) at += put(out, table.column[i], text[i]);
	put_last(out, table.column[last], at, text[last]);
}

void table_head(struct out *out, struct table table)
{
	size_t at = 0, last = table.columns - 1;
	BUG_UNLESS(4212, table.columns > 0 && table.columns <= TABLE_COLUMNS_MAX);
	out_paint(out, OUT_BOLD);
	for (size_t i = 0; i < last; i++) at += put(out, table.column[i], table.column[i].title);
	put_last(out, table.column[last], at, table.column[last].title);
	out_paint(out, OUT_PLAIN);
}
