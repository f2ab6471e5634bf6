/* bars.c - see bars.h. One pass over each file through one buffer; a line outside the range costs its date only. */
#include "hal/replay/bars.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fsm/feed/calendar.h"

#define COLUMNS(X) X(DATE, "date") X(OPEN, "open") X(HIGH, "high") X(LOW, "low") X(CLOSE, "close") X(ADJ, "adj_close") X(VOLUME, "volume")
#define COLUMN_ID(id, name) COLUMN_##id,
#define COLUMN_NAME(id, name) name,
enum column { COLUMNS(COLUMN_ID) COLUMNS_N };
static const char *const column_name[COLUMNS_N] = { COLUMNS(COLUMN_NAME) };

enum { VALUE_MAX = 40, DATE_MAX = 16 };          /* bytes of a cell, of a date, as sentences show them */
static const int64_t px_max_e8 = BARS_PX_MAX_USD * E8;

/* The file in hand. */
struct file {
	struct bars_load    *load;
	struct bars_series  *series;
	struct bars_quality *quality;
	uint16_t             sym;
	int                  fd;
	int                  at[COLUMNS_N];
	int32_t              from_day, to_day, before_day;
	bool                 has_row;
};

/* --- sentences --- */

__attribute__((format(printf, 3, 4))) static bool fail(struct bars_load *load, enum bars_verdict verdict, const char *format, ...)
{
	va_list values;
	va_start(values, format);
	vsnprintf(load->sentence, sizeof load->sentence, format, values);
	va_end(values);
	load->verdict = verdict;
	return false;
}

static const char *shown(struct csv_cell cell, char text[VALUE_MAX])
{
	size_t length = cell.length < VALUE_MAX ? cell.length : VALUE_MAX - 1;
	for (size_t i = 0; i < length; i++) text[i] = cell.at[i] >= ' ' && cell.at[i] <= '~' ? cell.at[i] : '?';
	if (cell.length >= VALUE_MAX) memcpy(text + VALUE_MAX - 4, "...", 3);
	text[length] = 0;
	return text;
}

static const char *date_text(int32_t day, char text[DATE_MAX])
{
	struct civil date = civil_from_day(day);
	snprintf(text, DATE_MAX, "%04d-%02u-%02u", (int)date.year % 10000, date.month % 100, date.day % 100);
	return text;
}

static bool fail_cell(struct file *file, enum bars_verdict verdict, const char *column, struct csv_cell cell, const char *what, const char *advice)
{
	char text[VALUE_MAX];
	return fail(file->load, verdict, "%s line %llu, column %s: '%s' %s; %s", file->load->path,
	    (unsigned long long)file->load->csv.line, column, shown(cell, text), what, advice);
}

static const char correct_cell[] = "correct the cell or remove the line";

/* --- one line --- */

static bool fail_falling(struct file *file, struct csv_cell cell)
{
	char before[DATE_MAX], what[64];
	snprintf(what, sizeof what, "comes after %s", date_text(file->before_day, before));
	return fail_cell(file, BARS_FALLING, "date", cell, what, "sort the file by date, oldest first");
}

static bool take_date(struct file *file, struct csv_cell line, int32_t *day)
{
	struct csv_cell  cell = csv_cell_of(line, (uint32_t)file->at[COLUMN_DATE]);
	enum csv_verdict verdict = csv_day(cell, day);
	if (verdict != CSV_OK) return fail_cell(file, BARS_DATE, "date", cell, csv_verdict_text[CSV_DATE], correct_cell);
	if (file->has_row && *day == file->before_day)
		return fail_cell(file, BARS_DUPLICATE, "date", cell, "comes twice", "keep one of the two lines");
	if (file->has_row && *day < file->before_day) return fail_falling(file, cell);
	file->before_day = *day;
	file->has_row = true;
	return true;
}

static bool take_price(struct file *file, enum column column, const struct csv_cell *cells, int64_t *px_e8)
{
	struct csv_cell  cell = cells[file->at[column]];
	enum csv_verdict verdict = csv_e8(cell, px_e8, &file->quality->decimals_cut);
	const char      *name = column_name[column];
	if (verdict != CSV_OK) return fail_cell(file, BARS_NUMBER, name, cell, csv_verdict_text[verdict], correct_cell);
	if (*px_e8 <= 0) return fail_cell(file, BARS_NOT_POSITIVE, name, cell, "is not above 0", correct_cell);
	if (*px_e8 > px_max_e8) return fail_cell(file, BARS_TOO_HIGH, name, cell, "is above 10,000,000 USD", correct_cell);
	return true;
}

/* An absent or empty volume is 0: an index has none. */
static bool take_volume(struct file *file, const struct csv_cell *cells, int64_t *volume)
{
	*volume = 0;
	if (file->at[COLUMN_VOLUME] < 0) return true;
	struct csv_cell  cell = cells[file->at[COLUMN_VOLUME]];
	enum csv_verdict verdict = csv_whole(cell, volume);
	if (verdict == CSV_EMPTY) return true;
	if (verdict != CSV_OK) return fail_cell(file, BARS_NUMBER, "volume", cell, csv_verdict_text[verdict], correct_cell);
	if (*volume < 0) return fail_cell(file, BARS_NUMBER, "volume", cell, "is below 0", correct_cell);
	return true;
}

static bool take_prices(struct file *file, const struct csv_cell *cells, struct bar *bar)
{
	return take_price(file, COLUMN_OPEN, cells, &bar->open_px_e8) && take_price(file, COLUMN_HIGH, cells, &bar->high_px_e8) &&
	       take_price(file, COLUMN_LOW, cells, &bar->low_px_e8) && take_price(file, COLUMN_CLOSE, cells, &bar->close_px_e8) &&
	       take_price(file, COLUMN_ADJ, cells, &bar->adj_px_e8) && take_volume(file, cells, &bar->volume);
}

static bool is_outside(const struct bar *bar)
{
	return bar->open_px_e8 > bar->high_px_e8 || bar->open_px_e8 < bar->low_px_e8 || bar->close_px_e8 > bar->high_px_e8 ||
	       bar->close_px_e8 < bar->low_px_e8;
}

static void note_quality(struct bars_quality *quality, const struct bar *bar)
{
	if (is_outside(bar) && quality->outside++ == 0) quality->first_outside_day = bar->day;
	quality->no_volume += bar->volume == 0;
}

static bool take_bar(struct file *file, struct csv_cell line, int32_t day)
{
	struct bars_series *series = file->series;
	struct csv         *csv = &file->load->csv;
	struct csv_cell     cells[CSV_COLUMNS_MAX];
	uint32_t            bad = 0;
	enum csv_verdict    verdict = csv_cells(csv, line, cells, &bad);
	if (verdict == CSV_QUOTED)
		return fail_cell(file, BARS_ROW, csv->name[bad], csv_cell_of(line, bad), csv_verdict_text[verdict], "write the file without quotes");
	if (verdict != CSV_OK)
		return fail_cell(file, BARS_ROW, csv->name[csv->columns - 1], csv_cell_of(line, bad),
		    "comes behind it, one cell more than the header names", "correct the line or remove it");
	if (series->count == CFG_bars_max)
		return fail(file->load, BARS_TOO_MANY, "%s line %llu: there are more than %d bars in the range; choose a later first day or raise bars_max in config.h",
		    file->load->path, (unsigned long long)csv->line, (int)CFG_bars_max);
	struct bar *bar = &series->bar[series->count];
	*bar = (struct bar){ .day = day, .calendar = universe[file->sym].calendar };
	if (!take_prices(file, cells, bar)) return false;
	if (bar->high_px_e8 < bar->low_px_e8)
		return fail_cell(file, BARS_HIGH_BELOW_LOW, "high", cells[file->at[COLUMN_HIGH]], "is below the low", "correct the line or remove it");
	note_quality(file->quality, bar);
	series->count++;
	return true;
}

static bool take_row(struct file *file, struct csv_cell line)
{
	int32_t day = 0;
	if (!take_date(file, line, &day)) return false;
	return day < file->from_day || day > file->to_day || take_bar(file, line, day);
}

static bool take_header(struct file *file, struct csv_cell line)
{
	struct bars_load *load = file->load;
	enum csv_verdict  verdict = csv_header(&load->csv, line);
	if (verdict != CSV_OK)
		return fail(load, BARS_HEADER, "%s line 1, column %u: it %s; write the names without quotes, at most %d of them", load->path,
		    load->csv.columns + 1, csv_verdict_text[verdict], (int)CSV_COLUMNS_MAX);
	for (int column = 0; column < COLUMNS_N; column++) {
		file->at[column] = csv_column(&load->csv, column_name[column]);
		if (file->at[column] < 0 && column != COLUMN_VOLUME)
			return fail(load, BARS_NO_COLUMN, "%s line 1: there is no column %s; the first line must name date, open, high, low, close, adj_close",
			    load->path, column_name[column]);
	}
	return true;
}

/* --- one file --- */

/* Moves the open line to the front of the buffer and reads behind it. */
static bool refill(struct file *file)
{
	struct bars_load *load = file->load;
	size_t            rest = csv_rest(&load->csv);
	ssize_t           got;
	if (rest == sizeof load->buffer)
		return fail(load, BARS_LONG_LINE, "%s line %llu: it is longer than %d bytes; is this a CSV file?", load->path,
		    (unsigned long long)load->csv.line + 1, (int)BARS_BUFFER_BYTES - 1);
	if (rest > 0) memmove(load->buffer, load->csv.next, rest);
	do got = read(file->fd, load->buffer + rest, sizeof load->buffer - rest);
	while (got < 0 && errno == EINTR);
	if (got < 0) return fail(load, BARS_UNREADABLE, "%s cannot be read: %s; correct the file or remove it", load->path, strerror(errno));
	load->bytes_read += (uint64_t)got;
	csv_feed(&load->csv, load->buffer, rest + (size_t)got, got == 0);
	return true;
}

static bool read_lines(struct file *file)
{
	struct csv     *csv = &file->load->csv;
	struct csv_cell line;
	for (;;) {
		enum csv_verdict verdict = csv_line(csv, &line);
		if (verdict == CSV_END) return true;
		if (verdict == CSV_MORE ? !refill(file) : csv->columns == 0 ? !take_header(file, line) : !take_row(file, line)) return false;
	}
}

static bool read_file(struct file *file)
{
	struct bars_load *load = file->load;
	csv_init(&load->csv);
	csv_feed(&load->csv, load->buffer, 0, false);
	if (!read_lines(file)) return false;
	if (load->csv.columns == 0) return fail(load, BARS_EMPTY, "%s is empty; fetch it again or remove it", load->path);
	if (!file->has_row) return fail(load, BARS_NO_ROWS, "%s line 1: there is no row below the header; fetch the file again or remove it", load->path);
	return true;
}

/* A FIFO of that name must not stop the boot, hence O_NONBLOCK. */
static bool load_symbol(struct file *file, const char *folder)
{
	struct bars_load *load = file->load;
	snprintf(load->path, sizeof load->path, "%.*s/%.11s.csv", (int)BARS_PATH_MAX - 1, folder, universe[file->sym].symbol);
	file->fd = open(load->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0 && errno == ENOENT) {
		load->absent[load->absent_n++] = file->sym;
		return true;
	}
	if (file->fd < 0) return fail(load, BARS_UNREADABLE, "%s cannot be opened: %s; make it readable or remove it", load->path, strerror(errno));
	bool ok = read_file(file);
	close(file->fd);
	return ok;
}

/* --- the folder --- */

static bool check_folder(struct bars_load *load, const char *folder)
{
	if (strlen(folder) >= BARS_PATH_MAX)
		return fail(load, BARS_NO_FOLDER, "the name of the data folder is longer than %d bytes; use a shorter path", (int)BARS_PATH_MAX - 1);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return fail(load, BARS_NO_FOLDER, "%s cannot be opened as a folder: %s; name a folder with files like SPY.csv", folder, strerror(errno));
	close(fd);
	return true;
}

static bool load_one(struct bars *bars, struct bars_load *load, const char *folder, uint16_t sym, int32_t from_day, int32_t to_day)
{
	struct file file = {
		.load = load, .series = &bars->of[sym], .quality = &load->quality[sym], .sym = sym, .fd = -1,
		.from_day = from_day > CALENDAR_DAY_FIRST ? from_day : CALENDAR_DAY_FIRST,
		.to_day = to_day < CALENDAR_DAY_LAST ? to_day : CALENDAR_DAY_LAST,
	};
	file.series->count = file.series->pad = 0;
	return load_symbol(&file, folder);
}

static bool load_all(struct bars *bars, struct bars_load *load, const char *folder, int32_t from_day, int32_t to_day)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (!load_one(bars, load, folder, sym, from_day, to_day)) return false;
	return true;
}

enum bars_verdict bars_load(struct bars *bars, struct bars_load *load, const char *folder, int32_t from_day, int32_t to_day)
{
	char    from[DATE_MAX], to[DATE_MAX];
	int32_t first, last;
	memset(load, 0, offsetof(struct bars_load, buffer));
	if (!check_folder(load, folder) || !load_all(bars, load, folder, from_day, to_day)) return load->verdict;
	if (load->absent_n == UNIVERSE_N)
		fail(load, BARS_NO_SYMBOL, "%s holds no file of the universe; name a folder with files like %s.csv", folder, universe[0].symbol);
	else if (!bars_range(bars, &first, &last))
		fail(load, BARS_NO_DAY, "no file in %s has a bar from %s to %s; choose other days", folder, date_text(from_day, from), date_text(to_day, to));
	return load->verdict;
}

enum bars_verdict bars_load_symbol(struct bars *bars, struct bars_load *load, const char *folder, uint16_t sym, int32_t from_day, int32_t to_day)
{
	char from[DATE_MAX], to[DATE_MAX];
	memset(load, 0, offsetof(struct bars_load, buffer));
	if (!check_folder(load, folder) || !load_one(bars, load, folder, sym, from_day, to_day)) return load->verdict;
	if (load->absent_n > 0)
		fail(load, BARS_NO_SYMBOL, "%s is not there; fetch the bars of %s or name another symbol", load->path, universe[sym].symbol);
	else if (bars->of[sym].count == 0)
		fail(load, BARS_NO_DAY, "%s has no bar from %s to %s; choose other days", load->path, date_text(from_day, from), date_text(to_day, to));
	return load->verdict;
}

enum bars_verdict bars_check_gaps(const struct bars *bars, struct bars_load *load, const char *folder, uint16_t sym)
{
	const struct bars_series *series = &bars->of[sym];
	char                      day[DATE_MAX], before[DATE_MAX], after[DATE_MAX];
	if (universe[sym].asset_class == ASSET_INDEX) return BARS_OK;
	for (uint32_t i = 1; i < series->count; i++) {
		int32_t due_day = calendar_next_day((enum calendar_id)universe[sym].calendar, series->bar[i - 1].day);
		if (due_day >= series->bar[i].day) continue;
		fail(load, BARS_GAP, "%.*s/%s.csv has no line for the session of %s, between %s and %s; add it, choose other days", (int)BARS_PATH_MAX - 1,
		    folder, universe[sym].symbol, date_text(due_day, day), date_text(series->bar[i - 1].day, before), date_text(series->bar[i].day, after));
		return load->verdict;
	}
	return BARS_OK;
}

bool bars_range(const struct bars *bars, int32_t *first_day, int32_t *last_day)
{
	bool any = false;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		const struct bars_series *series = &bars->of[sym];
		if (series->count == 0) continue;
		int32_t first = series->bar[0].day, last = series->bar[series->count - 1].day;
		*first_day = any && *first_day < first ? *first_day : first;
		*last_day = any && *last_day > last ? *last_day : last;
		any = true;
	}
	return any;
}
