/* lastwords.c - a ring of lines in a file that never grows. */
#include "firmware/lastwords.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsm/bug.h"

enum { FILE_BYTES = LASTWORDS_MAX * LASTWORDS_BYTES, FILE_MODE = 0600, NUMBER_DIGITS = 12, SECONDS_A_DAY = 86400, SECONDS_AN_HOUR = 3600 };

struct page { char line[LASTWORDS_MAX][LASTWORDS_BYTES]; };

/* 0: not a record, or a torn one. */
static uint64_t number_of(const char line[static LASTWORDS_BYTES])
{
	uint64_t number = 0;
	for (int i = 0; i < NUMBER_DIGITS; i++) {
		if (line[i] < '0' || line[i] > '9') return 0;
		number = number * 10 + (uint64_t)(line[i] - '0');
	}
	return line[NUMBER_DIGITS] == ' ' && line[LASTWORDS_BYTES - 1] == '\n' ? number : 0;
}

/* A record stands where its number says, else it is none of this ring. */
static uint64_t number_at(const struct page *page, uint32_t index)
{
	uint64_t number = number_of(page->line[index]);
	return number % LASTWORDS_MAX == index ? number : 0;
}

static bool fill_blank(int fd)
{
	struct page page;
	memset(&page, ' ', sizeof page);
	for (uint32_t i = 0; i < LASTWORDS_MAX; i++) page.line[i][LASTWORDS_BYTES - 1] = '\n';
	return ftruncate(fd, 0) == 0 && pwrite(fd, &page, FILE_BYTES, 0) == FILE_BYTES;
}

enum files_verdict lastwords_open(struct lastwords *words, const char *folder)
{
	char        path[FILES_PATH_MAX];
	struct page page;
	struct stat info;
	*words = (struct lastwords){ 0, -1 };
	enum files_verdict verdict = files_path(path, folder, "lastwords");
	if (verdict != FILES_OK) return verdict;
	int  fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, FILE_MODE);
	bool whole = fd >= 0 && fstat(fd, &info) == 0 && info.st_size == FILE_BYTES && pread(fd, &page, FILE_BYTES, 0) == FILE_BYTES;
	if (fd < 0 || (!whole && !fill_blank(fd))) {
		verdict = files_verdict_of(errno);
		if (fd >= 0) (void)close(fd);
		return verdict;
	}
	for (uint32_t i = 0; whole && i < LASTWORDS_MAX; i++)
		if (number_at(&page, i) > words->last_number) words->last_number = number_at(&page, i);
	words->fd = fd;
	return FILES_OK;
}

static int64_t second_of_day(int64_t wall_ns) { return (wall_ns - day_from_t_ns(wall_ns) * NS_PER_DAY) / NS_PER_S; }

void lastwords_add(struct lastwords *words, int64_t wall_ns, const char *process, const char *what)
{
	char         line[LASTWORDS_BYTES];
	struct civil date = civil_from_day(day_from_t_ns(wall_ns));
	int          second = (int)second_of_day(wall_ns);
	if (words->fd < 0) return;
	words->last_number++;
	int length = snprintf(line, sizeof line, "%0*llu %04d-%02u-%02uT%02d:%02d:%02dZ %s: %s", NUMBER_DIGITS, (unsigned long long)words->last_number,
	    date.year, date.month, date.day, second / SECONDS_AN_HOUR, second / 60 % 60, second % 60, process, what);
	if (length >= LASTWORDS_BYTES) length = LASTWORDS_BYTES - 1;
	for (int i = 0; i < length; i++)
		if (line[i] < ' ' || line[i] == 0x7f) line[i] = '?';
	memset(line + length, ' ', sizeof line - (size_t)length);
	line[LASTWORDS_BYTES - 1] = '\n';
	(void)pwrite(words->fd, line, sizeof line, (off_t)(words->last_number % LASTWORDS_MAX * LASTWORDS_BYTES));
}

void lastwords_close(struct lastwords *words)
{
	if (words->fd >= 0) (void)close(words->fd);
	words->fd = -1;
}

static void read_line(const char line[static LASTWORDS_BYTES], uint64_t number, struct lastword *out)
{
	size_t length = LASTWORDS_BYTES - 1;
	while (length > 0 && line[length - 1] == ' ') length--;
	size_t from = NUMBER_DIGITS + 1 < length ? NUMBER_DIGITS + 1 : length;
	*out = (struct lastword){ .number = number };
	memcpy(out->text, line + from, length - from);
}

enum files_verdict lastwords_read(const char *folder, struct lastword out[static LASTWORDS_MAX], uint32_t *count)
{
	char        path[FILES_PATH_MAX];
	struct page page;
	uint64_t    newest = 0;
	*count = 0;
	enum files_verdict verdict = files_path(path, folder, "lastwords");
	if (verdict != FILES_OK) return verdict;
	int     fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t bytes = fd < 0 ? -1 : pread(fd, &page, sizeof page, 0);
	verdict = bytes < 0 ? files_verdict_of(errno) : bytes == FILE_BYTES ? FILES_OK : FILES_BROKEN;
	if (fd >= 0) (void)close(fd);
	for (uint32_t i = 0; verdict == FILES_OK && i < LASTWORDS_MAX; i++)
		if (number_at(&page, i) > newest) newest = number_at(&page, i);
	for (uint64_t back = LASTWORDS_MAX; newest && back-- > 0;) {
		uint64_t number = newest - back;
		if (back < newest && number_at(&page, (uint32_t)(number % LASTWORDS_MAX)) == number)
			read_line(page.line[number % LASTWORDS_MAX], number, &out[(*count)++]);
	}
	return verdict;
}
