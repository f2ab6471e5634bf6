/* capture.h - runs a command line in this process and keeps what it says, for the tests beside it. */
#ifndef TESTS_UNIT_FIRMWARE_CLI_CAPTURE_H
#define TESTS_UNIT_FIRMWARE_CLI_CAPTURE_H
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "firmware/cli/cli.h"

enum { CAPTURE_BYTES = 65536, CAPTURE_WORDS_MAX = 80 };

struct capture { int code; char out[CAPTURE_BYTES], err[CAPTURE_BYTES]; };

static inline void capture_text(int fd, char text[CAPTURE_BYTES])
{
	ssize_t length = pread(fd, text, CAPTURE_BYTES - 1, 0);
	text[length > 0 ? length : 0] = '\0';
	close(fd);
}

/* line: the words with one space between, without the program's name. */
static inline void capture_run(struct capture *capture, struct verb_table table, const char *line)
{
	char  copy[4096], *words[CAPTURE_WORDS_MAX] = { (char[]){ "tickwork" } };
	int   count = 1, out = memfd_create("out", 0), err = memfd_create("err", 0);
	snprintf(copy, sizeof copy, "%s", line);
	for (char *word = strtok(copy, " "); word && count < CAPTURE_WORDS_MAX; word = strtok(0, " ")) words[count++] = word;
	capture->code = cli_run(table, count, words, out, err);
	capture_text(out, capture->out);
	capture_text(err, capture->err);
}

#endif
