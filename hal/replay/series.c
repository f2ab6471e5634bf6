/* series.c - see series.h. One pass through one buffer. */
#include "hal/replay/series.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CELL_SHOWN = 40, NAMES_SHOWN = 200 };

__attribute__((format(printf, 2, 3))) static bool fail(struct series_load *load, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	vsnprintf(load->sentence, sizeof load->sentence, format, values);
	va_end(values);
	return false;
}

static bool fail_cell(struct series_load *load, const char *column, struct csv_cell cell, const char *what, const char *advice)
{
	char   text[CELL_SHOWN];
	size_t length = cell.length < CELL_SHOWN ? cell.length : CELL_SHOWN - 1;
	for (size_t i = 0; i < length; i++) text[i] = cell.at[i] >= ' ' && cell.at[i] <= '~' ? cell.at[i] : '?';
	text[length] = '\0';
	return fail(load, "%s line %llu, column %s: '%s' %s; %s", load->path, (unsigned long long)load->csv.line, column, text, what, advice);
}

static const char correct_cell[] = "correct the cell or remove the line";

static bool two_digits(const char *at, int64_t below, int64_t *value)
{
	*value = (at[0] - '0') * 10 + (at[1] - '0');
	return at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9' && *value < below;
}

/* YYYY-MM-DDTHH:MM:SSZ */
static bool utc_of(struct csv_cell cell, int64_t *t_ns)
{
	int32_t day = 0;
	int64_t hour, minute, second;
	if (cell.length != 20 || csv_day((struct csv_cell){ cell.at, 10 }, &day) != CSV_OK) return false;
	if (cell.at[10] != 'T' || cell.at[13] != ':' || cell.at[16] != ':' || cell.at[19] != 'Z') return false;
	if (!two_digits(cell.at + 11, 24, &hour) || !two_digits(cell.at + 14, 60, &minute) || !two_digits(cell.at + 17, 60, &second)) return false;
	*t_ns = day * NS_PER_DAY + ((hour * 60 + minute) * 60 + second) * NS_PER_S;
	return true;
}

static bool read_stamp(struct series_load *load, const struct series_columns *columns, struct csv_cell cell, int64_t *stamp)
{
	int32_t          day = 0;
	enum csv_verdict verdict = CSV_OK;
	if (columns->kind == SERIES_UTC)
		return utc_of(cell, stamp) || fail_cell(load, columns->stamp, cell, "is not a time like 2020-01-31T08:00:00Z", correct_cell);
	verdict = columns->kind == SERIES_DAY ? csv_day(cell, &day) : csv_whole(cell, stamp);
	if (verdict != CSV_OK) return fail_cell(load, columns->stamp, cell, csv_verdict_text[verdict], correct_cell);
	if (columns->kind == SERIES_DAY) *stamp = day;
	return true;
}

static bool is_in_step(struct series_load *load, const struct series_columns *columns, struct csv_cell cell, int64_t stamp)
{
	char    what[64];
	int64_t hours = columns->every / (NS_PER_S * 3600);
	if (columns->every == 0) return true;
	snprintf(what, sizeof what, "is not a multiple of %lld h", (long long)hours);
	if (stamp % columns->every != 0) return fail_cell(load, columns->stamp, cell, what, correct_cell);
	if (columns->gaps || load->count == 0 || stamp - load->before == columns->every) return true;
	snprintf(what, sizeof what, "is not %lld h after the line above it", (long long)hours);
	return fail_cell(load, columns->stamp, cell, what, "add the lines between, or say --gaps keep");
}

static bool take_stamp(struct series_load *load, const struct series_columns *columns, struct csv_cell cell, int64_t *stamp)
{
	if (!read_stamp(load, columns, cell, stamp)) return false;
	if (load->count > 0 && *stamp == load->before) return fail_cell(load, columns->stamp, cell, "comes twice", "keep one of the two lines");
	if (load->count > 0 && *stamp < load->before)
		return fail_cell(load, columns->stamp, cell, "is before the line above it", "sort the file, oldest first");
	if (!is_in_step(load, columns, cell, *stamp)) return false;
	load->before = *stamp;
	return true;
}

static bool take_value(struct series_load *load, const struct series_columns *columns, struct csv_cell cell, double *value)
{
	char             what[64];
	int64_t          value_e8 = 0;
	uint32_t         cut = 0;
	bool             bounded = columns->least_e8 < columns->most_e8;
	enum csv_verdict verdict = csv_e8(cell, &value_e8, &cut);
	snprintf(what, sizeof what, "is not between %.3g and %.3g", e8_to_double(columns->least_e8), e8_to_double(columns->most_e8));
	if (verdict != CSV_OK) return fail_cell(load, columns->value, cell, csv_verdict_text[verdict], correct_cell);
	if (!bounded && value_e8 <= 0) return fail_cell(load, columns->value, cell, "is not above 0", correct_cell);
	if (bounded && (value_e8 < columns->least_e8 || value_e8 > columns->most_e8)) return fail_cell(load, columns->value, cell, what, correct_cell);
	*value = e8_to_double(value_e8);
	return true;
}

static bool take_row(struct series_load *load, const struct series_columns *columns, struct csv_cell line, int64_t *stamp, double *value, uint32_t room)
{
	struct csv_cell  cells[CSV_COLUMNS_MAX];
	uint32_t         bad = 0;
	enum csv_verdict verdict = csv_cells(&load->csv, line, cells, &bad);
	if (verdict != CSV_OK)
		return fail_cell(load, load->csv.name[bad < load->csv.columns ? bad : load->csv.columns - 1], csv_cell_of(line, bad), csv_verdict_text[verdict],
		    "correct the line or remove it");
	if (load->count == room)
		return fail(load, "%s line %llu: there are more than %u rows; cut the file", load->path, (unsigned long long)load->csv.line, room);
	stamp[load->count] = load->count;
	if (columns->kind != SERIES_NONE && !take_stamp(load, columns, cells[load->at_stamp], &stamp[load->count])) return false;
	if (!take_value(load, columns, cells[load->at_value], &value[load->count])) return false;
	load->count++;
	return true;
}

static bool fail_column(struct series_load *load, const char *column)
{
	char   names[NAMES_SHOWN] = "";
	size_t used = 0;
	for (uint32_t i = 0; i < load->csv.columns && used < sizeof names; i++)
		used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? " " : "", load->csv.name[i]);
	return fail(load, "%s line 1: there is no column %s; the columns are: %s", load->path, column, names);
}

static bool take_header(struct series_load *load, const struct series_columns *columns, struct csv_cell line)
{
	enum csv_verdict verdict = csv_header(&load->csv, line);
	if (verdict != CSV_OK)
		return fail(load, "%s line 1, column %u: it %s; write the names without quotes, at most %d of them", load->path, load->csv.columns + 1,
		    csv_verdict_text[verdict], (int)CSV_COLUMNS_MAX);
	load->at_value = csv_column(&load->csv, columns->value);
	load->at_stamp = columns->kind == SERIES_NONE ? 0 : csv_column(&load->csv, columns->stamp);
	if (load->at_stamp < 0) return fail_column(load, columns->stamp);
	return load->at_value >= 0 || fail_column(load, columns->value);
}

/* Moves the open line to the front of the buffer and reads behind it. */
static bool refill(struct series_load *load)
{
	size_t  rest = csv_rest(&load->csv);
	ssize_t got;
	if (rest == sizeof load->buffer)
		return fail(load, "%s line %llu: it is longer than %d bytes; is this a CSV file?", load->path, (unsigned long long)load->csv.line + 1,
		    (int)SERIES_BUFFER_BYTES - 1);
	if (rest > 0) memmove(load->buffer, load->csv.next, rest);
	do got = read(load->fd, load->buffer + rest, sizeof load->buffer - rest);
	while (got < 0 && errno == EINTR);
	if (got < 0) return fail(load, "%s cannot be read: %s", load->path, strerror(errno));
	csv_feed(&load->csv, load->buffer, rest + (size_t)got, got == 0);
	return true;
}

static bool read_lines(struct series_load *load, const struct series_columns *columns, int64_t *stamp, double *value, uint32_t room)
{
	struct csv_cell line;
	for (;;) {
		enum csv_verdict verdict = csv_line(&load->csv, &line);
		if (verdict == CSV_END) return true;
		bool going = verdict == CSV_MORE ? refill(load)
		           : load->csv.columns == 0 ? take_header(load, columns, line)
		                                    : take_row(load, columns, line, stamp, value, room);
		if (!going) return false;
	}
}

bool series_load(struct series_load *load, const char *path, const struct series_columns *columns, int64_t *stamp, double *value, uint32_t room)
{
	memset(load, 0, offsetof(struct series_load, buffer));
	load->path = path;
	load->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (load->fd < 0) return fail(load, "%s cannot be opened: %s", path, strerror(errno));
	csv_init(&load->csv);
	csv_feed(&load->csv, load->buffer, 0, false);
	bool whole = read_lines(load, columns, stamp, value, room);
	close(load->fd);
	if (!whole) return false;
	return load->count > 0 || fail(load, "%s holds no row below its header; is this the right file?", path);
}
