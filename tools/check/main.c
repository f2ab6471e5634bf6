/* main.c - build/check: proves from a journal, and from the log of the venue it traded at, that no order was doubled and no fill lost. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/check/check.h"

enum { BAD = 2 };

static const char help[] =
    "check - proves from a journal and the venue's log that no order was doubled and no fill lost\n"
    "\n"
    "usage: check JOURNAL [VENUE-LOG]\n"
    "\n"
    "  JOURNAL     HOME/journal of a run that has ended\n"
    "  VENUE-LOG   what build/venue --log FILE wrote while that run traded there; without it the journal is held against itself\n"
    "\n"
    "example: check home/journal venue.jsonl\n"
    "\n"
    "Exit code 0 when everything agrees to 1e-8, 1 when something does not (each is named), 2 when a file is none of these.\n";

static uint64_t complaints;

void complain(const char *name, const char *format, ...)
{
	va_list list;
	if (complaints++ >= CHECK_SHOWN_MAX) return;
	va_start(list, format);
	printf("%s: ", name);
	vprintf(format, list);
	printf("\n");
	va_end(list);
}

_Noreturn void give_up(const char *format, ...)
{
	va_list list;
	va_start(list, format);
	fprintf(stderr, "check: ");
	vfprintf(stderr, format, list);
	fprintf(stderr, "\n");
	va_end(list);
	exit(BAD);
}

uint8_t *file_read(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0) give_up("%s cannot be read", path);
	long     end = ftell(file);
	uint8_t *data = calloc(1, (size_t)end + 1);
	rewind(file);
	if (end < 0 || !data || fread(data, 1, (size_t)end, file) != (size_t)end) give_up("%s cannot be read", path);
	fclose(file);
	*bytes = (size_t)end;
	return data;
}

int64_t product_e8(int64_t a_e8, int64_t b_e8)
{
	__extension__ typedef __int128 wide;
	wide product = (wide)a_e8 * b_e8;
	return (int64_t)((product < 0 ? product - 50000000 : product + 50000000) / 100000000);
}

const char *e8_shown(int64_t value_e8)
{
	static char ring[8][40];
	static int  at;
	char       *text = ring[at++ & 7];
	uint64_t    size = value_e8 < 0 ? -(uint64_t)value_e8 : (uint64_t)value_e8;
	snprintf(text, sizeof ring[0], "%s%llu.%08llu", value_e8 < 0 ? "-" : "", (unsigned long long)(size / 100000000), (unsigned long long)(size % 100000000));
	return text;
}

static void print_journal(const struct journal *journal)
{
	uint32_t held = 0;
	uint64_t repeats = 0;
	for (uint32_t sym = 0; sym < journal->symbols; sym++) held += journal->qty_e8[sym] != 0;
	for (size_t i = 0; i < journal->booked_n; i++) repeats += journal->booked[i].told > 1 ? journal->booked[i].told - 1 : 0;
	printf("journal: %llu segments, %llu records, %llu inputs, %llu results%s%s\n", (unsigned long long)journal->segments,
	    (unsigned long long)journal->records, (unsigned long long)journal->inputs, (unsigned long long)journal->results,
	    journal->is_open ? ", the last input open" : "", journal->is_cut ? ", cut at its end" : "");
	printf("journal: %zu orders, %zu fills booked (%llu repeats dropped), %llu dividends, %llu cash movements, %llu notes of position or cash compared\n",
	    journal->sent_n, journal->booked_n, (unsigned long long)repeats, (unsigned long long)journal->dividends,
	    (unsigned long long)journal->cash_moves, (unsigned long long)journal->notes);
	printf("account: %u positions, cash %s USD\n", held, e8_shown(journal->cash_usd_e8));
}

int main(int count, char **word)
{
	static struct journal room;
	struct journal       *journal = &room;
	struct venue_counts   venue = { 0 };
	if (count == 2 && strcmp(word[1], "--help") == 0) return fputs(help, stdout) < 0;
	if (count != 2 && count != 3) give_up("give a journal, and the venue's log when there is one; check --help says more");
	journal_check(journal, word[1]);
	if (count == 3) venue_check(&venue, journal, word[2]);
	print_journal(journal);
	if (count == 3)
		printf("venue: %llu lines, %llu orders accepted, %llu refused, %llu fills, %llu cash movements\n", (unsigned long long)venue.lines,
		    (unsigned long long)venue.accepted, (unsigned long long)venue.refused, (unsigned long long)venue.fills, (unsigned long long)venue.cash);
	printf(complaints ? "%llu things are wrong\n" : "0 duplicate orders, 0 lost fills, 0 wrong positions (%llu complaints)\n", (unsigned long long)complaints);
	return complaints != 0;
}
