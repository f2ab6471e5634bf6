/* bars_test.c - good files become bars, bad files become one exact sentence, and no bytes at all trap. */
#include "hal/replay/bars.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fsm/feed/calendar.h"
#include "tests/kit/test.h"

static struct bars      bars;
static struct bars_load load;

static void write_bytes(const char *name, const char *bytes, size_t count)
{
	char path[256];
	snprintf(path, sizeof path, "%s/%s", test_folder(), name);
	FILE *file = fopen(path, "wb");
	CHECK(file != 0);
	if (!file) return;
	CHECK_EQ(fwrite(bytes, 1, count, file), count);
	fclose(file);
}

static void write_text(const char *name, const char *text) { write_bytes(name, text, strlen(text)); }

static enum bars_verdict load_days(int32_t from_day, int32_t to_day) { return bars_load(&bars, &load, test_folder(), from_day, to_day); }
static enum bars_verdict load_folder(void) { return load_days(CALENDAR_DAY_FIRST, CALENDAR_DAY_LAST); }

#define HEADER "date,open,high,low,close,adj_close,volume\n"
#define GOOD "2007-01-03,10,12,9,11,5.5,100\n"

TEST(t_D1_bars_are_read_as_they_are)
{
	uint16_t spy = universe_find("SPY", 3), vix = universe_find("VIX", 3), btc = universe_find("BTC-USD", 7);
	write_text("SPY.csv", HEADER GOOD "2007-01-04,11,12.123456789,10.5,12,6,2500\r\n\n");
	write_text("VIX.csv", "Adj Close,Close,Low,High,Open,extra,Date\n1,11,9,10,10,x,2007-01-03\n");
	write_text("BTC-USD.csv", HEADER "2014-09-17,1,1,1,1,1,\n");
	CHECK_EQ(load_folder(), BARS_OK);
	CHECK_STR(load.sentence, "");
	CHECK_EQ(load.absent_n, UNIVERSE_N - 3);
	CHECK_EQ(bars.of[spy].count, 2);
	const struct bar *bar = &bars.of[spy].bar[1];
	CHECK_EQ(bar->day, day_from_civil(2007, 1, 4));
	CHECK_EQ(bar->open_px_e8, 11 * E8);
	CHECK_EQ(bar->high_px_e8, 1212345678);
	CHECK_EQ(bar->low_px_e8, 1050000000);
	CHECK_EQ(bar->close_px_e8, 12 * E8);
	CHECK_EQ(bar->adj_px_e8, 6 * E8);
	CHECK_EQ(bar->volume, 2500);
	CHECK_EQ(bar->calendar, universe[spy].calendar);
	CHECK_EQ(load.quality[spy].decimals_cut, 1);
	CHECK_EQ(bars.of[vix].count, 1);
	CHECK_EQ(load.quality[vix].outside, 1);
	CHECK_EQ(load.quality[vix].first_outside_day, day_from_civil(2007, 1, 3));
	CHECK_EQ(load.quality[vix].no_volume, 1);
	CHECK_EQ(bars.of[btc].count, 1);
}

TEST(t_D1_a_range_of_days_is_taken)
{
	int32_t  first = 0, last = 0;
	uint16_t spy = universe_find("SPY", 3);
	write_text("SPY.csv", HEADER "2007-01-03,0,0,nan,,,\n2007-01-04,1,1,1,1,1,1\n2007-01-05,2,2,2,2,2,2\n2007-01-08,\"x\",1,1,1,1,1,1,1\n");
	CHECK_EQ(load_days(day_from_civil(2007, 1, 4), day_from_civil(2007, 1, 5)), BARS_OK);
	CHECK_EQ(bars.of[spy].count, 2);
	CHECK(bars_range(&bars, &first, &last));
	CHECK_EQ(first, day_from_civil(2007, 1, 4));
	CHECK_EQ(last, day_from_civil(2007, 1, 5));
}

struct bad { const char *text; enum bars_verdict verdict; const char *sentence; };

/* %s stands for the path of the file. */
static const struct bad table[] = {
	{ "", BARS_EMPTY, "%s is empty; fetch it again or remove it" },
	{ "\n\n", BARS_EMPTY, "%s is empty; fetch it again or remove it" },
	{ HEADER, BARS_NO_ROWS, "%s line 1: there is no row below the header; fetch the file again or remove it" },
	{ "date,open,high,low,close\n", BARS_NO_COLUMN,
	    "%s line 1: there is no column adj_close; the first line must name date, open, high, low, close, adj_close" },
	{ GOOD, BARS_NO_COLUMN, "%s line 1: there is no column date; the first line must name date, open, high, low, close, adj_close" },
	{ "\"date\",open\n", BARS_HEADER, "%s line 1, column 1: it is a quoted cell; write the names without quotes, at most 32 of them" },
	{ HEADER "2007-01-03,10,12,9,abc,5.5,100\n", BARS_NUMBER,
	    "%s line 2, column close: 'abc' is not a decimal number; correct the cell or remove the line" },
	{ HEADER GOOD "2007-01-04,10,12,9,1e1,5.5,100\n", BARS_NUMBER,
	    "%s line 3, column close: '1e1' is written with an exponent; correct the cell or remove the line" },
	{ HEADER "2007-01-03,NaN,12,9,11,5.5,100\n", BARS_NUMBER, "%s line 2, column open: 'NaN' is not a number; correct the cell or remove the line" },
	{ HEADER "2007-01-03,,12,9,11,5.5,100\n", BARS_NUMBER, "%s line 2, column open: '' is empty; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,9,11\n", BARS_NUMBER, "%s line 2, column adj_close: '' is empty; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,9,11,99999999999,1\n", BARS_NUMBER,
	    "%s line 2, column adj_close: '99999999999' is out of range; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,9,11,10000000.1,1\n", BARS_TOO_HIGH,
	    "%s line 2, column adj_close: '10000000.1' is above 10,000,000 USD; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,0,11,5.5,100\n", BARS_NOT_POSITIVE, "%s line 2, column low: '0' is not above 0; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,9,-11,5.5,100\n", BARS_NOT_POSITIVE,
	    "%s line 2, column close: '-11' is not above 0; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,9,11,5.5,many\n", BARS_NUMBER,
	    "%s line 2, column volume: 'many' is not a decimal number; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,9,11,5.5,-1\n", BARS_NUMBER, "%s line 2, column volume: '-1' is below 0; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,8,9,11,5.5,100\n", BARS_HIGH_BELOW_LOW, "%s line 2, column high: '8' is below the low; correct the line or remove it" },
	{ HEADER "2007-01-03,10,12,9,11,5.5,100,7\n", BARS_ROW,
	    "%s line 2, column volume: '7' comes behind it, one cell more than the header names; correct the line or remove it" },
	{ HEADER "2007-01-03,\"10\",12,9,11,5.5,100\n", BARS_ROW, "%s line 2, column open: '\"10\"' is a quoted cell; write the file without quotes" },
	{ HEADER GOOD "2007-01-03,10,12,9,11,5.5,100\n", BARS_DUPLICATE, "%s line 3, column date: '2007-01-03' comes twice; keep one of the two lines" },
	{ HEADER GOOD "2007-01-02,10,12,9,11,5.5,100\n", BARS_FALLING,
	    "%s line 3, column date: '2007-01-02' comes after 2007-01-03; sort the file by date, oldest first" },
	{ HEADER "2007-02-30,10,12,9,11,5.5,100\n", BARS_DATE,
	    "%s line 2, column date: '2007-02-30' is not a date like 2007-01-31; correct the cell or remove the line" },
	{ HEADER "03/01/2007,10,12,9,11,5.5,100\n", BARS_DATE,
	    "%s line 2, column date: '03/01/2007' is not a date like 2007-01-31; correct the cell or remove the line" },
	{ HEADER "2007-01-03,10,12,9,\x01\xff" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,5.5,1\n", BARS_NUMBER,
	    "%s line 2, column close: '?\?aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...' is not a decimal number; correct the cell or remove the line" },
};

TEST(t_D3_bad_files_get_one_sentence)
{
	char path[256], want[BARS_SENTENCE_MAX];
	snprintf(path, sizeof path, "%s/SPY.csv", test_folder());
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		write_text("SPY.csv", table[i].text);
		CHECK_EQ(load_folder(), table[i].verdict);
		snprintf(want, sizeof want, "%s%s", path, table[i].sentence + 2);
		CHECK_STR(load.sentence, want);
	}
}

TEST(t_D3_folders_that_hold_nothing)
{
	char want[BARS_SENTENCE_MAX], file[256];
	snprintf(want, sizeof want, "%s holds no file of the universe; name a folder with files like GLD.csv", test_folder());
	CHECK_EQ(load_folder(), BARS_NO_SYMBOL);
	CHECK_STR(load.sentence, want);
	CHECK_EQ(load.absent_n, UNIVERSE_N);
	CHECK_EQ(bars_load(&bars, &load, "/nowhere/at/all", 0, 1), BARS_NO_FOLDER);
	CHECK_STR(load.sentence, "/nowhere/at/all cannot be opened as a folder: No such file or directory; name a folder with files like SPY.csv");
	write_text("SPY.csv", HEADER GOOD);
	snprintf(file, sizeof file, "%s/SPY.csv", test_folder());
	CHECK_EQ(bars_load(&bars, &load, file, 0, 1), BARS_NO_FOLDER);
	CHECK_EQ(load_days(day_from_civil(2010, 1, 1), day_from_civil(2010, 12, 31)), BARS_NO_DAY);
	snprintf(want, sizeof want, "no file in %s has a bar from 2010-01-01 to 2010-12-31; choose other days", test_folder());
	CHECK_STR(load.sentence, want);
	char longer[BARS_PATH_MAX + 8];
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = 0;
	CHECK_EQ(bars_load(&bars, &load, longer, 0, 1), BARS_NO_FOLDER);
}

TEST(t_D3_files_that_cannot_be_read)
{
	char path[256], want[BARS_SENTENCE_MAX];
	snprintf(path, sizeof path, "%s/SPY.csv", test_folder());
	CHECK_EQ(mkdir(path, 0700), 0);
	CHECK_EQ(load_folder(), BARS_UNREADABLE);
	snprintf(want, sizeof want, "%s cannot be read: Is a directory; correct the file or remove it", path);
	CHECK_STR(load.sentence, want);
	CHECK_EQ(rmdir(path), 0);
	CHECK_EQ(mkfifo(path, 0600), 0);
	CHECK_EQ(load_folder(), BARS_EMPTY);
	CHECK_EQ(unlink(path), 0);
	CHECK_EQ(symlink(path, path), 0);
	CHECK_EQ(load_folder(), BARS_UNREADABLE);
}

TEST(t_D3_a_line_without_end_is_named)
{
	static char text[BARS_BUFFER_BYTES + sizeof HEADER];
	memset(text, '1', sizeof text);
	memcpy(text, HEADER, sizeof HEADER - 1);
	write_bytes("SPY.csv", text, sizeof text);
	CHECK_EQ(load_folder(), BARS_LONG_LINE);
	CHECK(strstr(load.sentence, "SPY.csv line 2: it is longer than 65535 bytes") != 0);
}

TEST(t_D3_more_bars_than_memory)
{
	static char text[(CFG_bars_max + 2) * 48];
	int         at = snprintf(text, sizeof text, HEADER);
	for (int32_t i = 0; i <= CFG_bars_max; i++) {
		struct civil date = civil_from_day(CALENDAR_DAY_FIRST + i);
		at += snprintf(text + at, sizeof text - (size_t)at, "%04d-%02u-%02u,1,1,1,1,1,1\n", date.year, date.month, date.day);
	}
	write_bytes("SPY.csv", text, (size_t)at);
	CHECK_EQ(load_folder(), BARS_TOO_MANY);
	CHECK(strstr(load.sentence, "choose a later first day or raise bars_max in config.h") != 0);
	CHECK_EQ(load_days(CALENDAR_DAY_FIRST + 1, CALENDAR_DAY_LAST), BARS_OK);
	CHECK_EQ(bars.of[universe_find("SPY", 3)].count, CFG_bars_max);
}

static uint64_t draw(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static size_t mutate(char *text, size_t count, size_t room, uint64_t *state)
{
	static const char bytes[] = "0123456789.,-+eEnN\"\r\n \t\0\xff/x";
	for (uint64_t changes = 1 + draw(state) % 6; changes > 0 && count > 1; changes--) {
		size_t at = draw(state) % count;
		switch (draw(state) % 4) {
		case 0: text[at] = bytes[draw(state) % sizeof bytes]; break;
		case 1: memmove(text + at, text + at + 1, --count - at); break;
		case 2:
			if (count + 1 > room) break;
			memmove(text + at + 1, text + at, count++ - at);
			text[at] = bytes[draw(state) % sizeof bytes];
			break;
		default: count = draw(state) % 8 == 0 ? at : count; break;
		}
	}
	return count;
}

/* What is accepted keeps every promise of the header; what is refused says why. */
static void check_promises(enum bars_verdict verdict)
{
	CHECK_EQ(verdict, load.verdict);
	CHECK((verdict == BARS_OK) == (load.sentence[0] == 0));
	const struct bars_series *series = &bars.of[universe_find("SPY", 3)];
	for (uint32_t i = 0; verdict == BARS_OK && i < series->count; i++) {
		const struct bar *bar = &series->bar[i];
		CHECK(bar->open_px_e8 > 0 && bar->close_px_e8 > 0 && bar->adj_px_e8 > 0 && bar->low_px_e8 > 0);
		CHECK(bar->high_px_e8 >= bar->low_px_e8 && bar->high_px_e8 <= BARS_PX_MAX_USD * E8 && bar->volume >= 0);
		CHECK(i == 0 || bar->day > series->bar[i - 1].day);
	}
}

TEST(t_D3_mutated_files_never_trap)
{
	static const char good[] = HEADER GOOD "2007-01-04,10.25,12,9,11,5.5,100\n2007-01-05,10,12.5,9,11,5.5,100\n2007-01-08,10,12,9,11,5.5,100\n";
	char              text[512];
	uint32_t          seen[BARS_VERDICTS_N] = { 0 };
	for (uint64_t seed = 1; seed <= 6000; seed++) {
		uint64_t state = seed;
		memcpy(text, good, sizeof good);
		write_bytes("SPY.csv", text, mutate(text, sizeof good - 1, sizeof text, &state));
		enum bars_verdict verdict = load_folder();
		seen[verdict]++;
		check_promises(verdict);
	}
	CHECK(seen[BARS_OK] > 100 && seen[BARS_NUMBER] > 100 && seen[BARS_DATE] > 100 && seen[BARS_NO_COLUMN] > 100 && seen[BARS_ROW] > 20);
}

TEST(t_D1_the_shared_days_load_whole)
{
	char            folder[600];
	struct timespec begin, end;
	snprintf(folder, sizeof folder, "%s/daily", test_shared());
	int32_t from_day = day_from_civil(1999, 11, 1);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	CHECK_EQ(bars_load(&bars, &load, folder, from_day, day_from_civil(2022, 12, 31)), BARS_OK);
	clock_gettime(CLOCK_MONOTONIC, &end);
	CHECK_STR(load.sentence, "");
	CHECK_EQ(load.absent_n, 0);
	CHECK_EQ(bars.of[universe_find("SPY", 3)].count, 5830);
	CHECK_EQ(bars.of[universe_find("BTC-USD", 7)].count, 3028);
	CHECK_EQ(bars.of[universe_find("SPY", 3)].bar[5829].close_px_e8, INT64_C(38243000000));
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) CHECK_EQ(load.quality[sym].decimals_cut, 0);
	CHECK_EQ(bars_load(&bars, &load, folder, CALENDAR_DAY_FIRST, day_from_civil(1999, 12, 31)), BARS_OK);
	CHECK_EQ(load.quality[universe_find("VIX", 3)].outside, 43);
	fprintf(stderr, "  %.1f ms for all shared days\n", (double)(end.tv_sec - begin.tv_sec) * 1e3 + (double)(end.tv_nsec - begin.tv_nsec) / 1e6);
}

/* --- one symbol, and gaps --- */

TEST(t_D6_one_symbol_reads_its_own_file_only)
{
	uint16_t spy = universe_find("SPY", 3), gld = universe_find("GLD", 3);
	write_text("SPY.csv", HEADER GOOD);
	write_text("GLD.csv", "not a file of bars\n");
	CHECK_EQ(bars_load_symbol(&bars, &load, test_folder(), spy, CALENDAR_DAY_FIRST, CALENDAR_DAY_LAST), BARS_OK);
	CHECK_EQ(bars.of[spy].count, 1);
	CHECK_EQ(bars_load_symbol(&bars, &load, test_folder(), gld, CALENDAR_DAY_FIRST, CALENDAR_DAY_LAST), BARS_NO_COLUMN);
	CHECK_EQ(bars_load_symbol(&bars, &load, test_folder(), universe_find("QQQ", 3), CALENDAR_DAY_FIRST, CALENDAR_DAY_LAST), BARS_NO_SYMBOL);
	CHECK(strstr(load.sentence, "/QQQ.csv is not there") != 0);
	CHECK_EQ(bars_load_symbol(&bars, &load, test_folder(), spy, CALENDAR_DAY_FIRST, CALENDAR_DAY_FIRST + 9), BARS_NO_DAY);
}

static enum bars_verdict gaps_of(const char *symbol, const char *text)
{
	char     name[32];
	uint16_t sym = universe_find(symbol, strlen(symbol));
	snprintf(name, sizeof name, "%s.csv", symbol);
	write_text(name, text);
	CHECK_EQ(bars_load_symbol(&bars, &load, test_folder(), sym, CALENDAR_DAY_FIRST, CALENDAR_DAY_LAST), BARS_OK);
	return bars_check_gaps(&bars, &load, test_folder(), sym);
}

TEST(t_D6_a_session_without_a_bar_is_a_gap)
{
	/* 2007-01-15 is Martin Luther King Day, 12 a Friday */
	CHECK_EQ(gaps_of("SPY", HEADER "2007-01-12,10,12,9,11,5,1\n2007-01-16,10,12,9,11,5,1\n2007-01-17,10,12,9,11,5,1\n"), BARS_OK);
	CHECK_EQ(gaps_of("SPY", HEADER "2007-01-12,10,12,9,11,5,1\n2007-01-13,10,12,9,11,5,1\n2007-01-16,10,12,9,11,5,1\n"), BARS_OK);
	CHECK_EQ(gaps_of("SPY", HEADER "2007-01-12,10,12,9,11,5,1\n2007-01-17,10,12,9,11,5,1\n"), BARS_GAP);
	CHECK(strstr(load.sentence, "/SPY.csv has no line for the session of 2007-01-16, between 2007-01-12 and 2007-01-17; ") != 0);
	CHECK_EQ(gaps_of("BTC-USD", HEADER "2015-01-02,10,12,9,11,5,1\n2015-01-04,10,12,9,11,5,1\n"), BARS_GAP);
	CHECK_EQ(gaps_of("VIX", HEADER "2007-01-12,10,12,9,11,5,1\n2007-01-17,10,12,9,11,5,1\n"), BARS_OK);
}
