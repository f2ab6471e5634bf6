/* operator_file.c - one record written aside and linked into place, so that a second command cannot push out the first. */
#include "firmware/operator_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "hal/store/crc32c.h"

enum { RECORD_MAGIC = 0x71724b54, RECORD_VERSION = 1, RECORD_MODE = 0600 };        /* "TKrq" */

struct record { uint32_t magic, version; struct operator_request request; uint32_t crc, pad; };
enum { RECORD_CRC_BYTES = offsetof(struct record, crc), RECORD_BYTES = RECORD_CRC_BYTES + sizeof(uint32_t) };
_Static_assert((int)RECORD_BYTES == 4 + 4 + 32 + 4, "header + request + crc");

const char *const operator_file_text[OPERATOR_FILE_VERDICTS_N] = {
	[OPERATOR_FILE_OK] = "is written",
	[OPERATOR_FILE_NONE] = "has no command in it",
	[OPERATOR_FILE_BUSY] = "still holds the last command: the watchdog does not take it",
	[OPERATOR_FILE_DAMAGED] = "is not a command of this program and was thrown away",
	[OPERATOR_FILE_UNREACHABLE] = "cannot be written or read: look at the folder, its owner and its free space",
};

bool operator_request_is_sane(const struct operator_request *request)
{
	return request->command < OPERATOR_COMMANDS_N && (request->sym < UNIVERSE_N || request->sym == SYM_NONE);
}

static bool write_record(const char *path, const struct record *record)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, RECORD_MODE);
	if (fd < 0) return false;
	bool whole = write(fd, record, RECORD_BYTES) == (ssize_t)RECORD_BYTES;
	return close(fd) == 0 && whole;
}

enum operator_file_verdict operator_file_write(const char *folder, const struct operator_request *request)
{
	char          path[FILES_PATH_MAX], aside[FILES_PATH_MAX], name[32];
	struct record record = { RECORD_MAGIC, RECORD_VERSION, *request, 0, 0 };
	(void)snprintf(name, sizeof name, "request.%d", (int)getpid());
	record.request.seq = 0;
	record.crc = crc32c(&record, RECORD_CRC_BYTES);
	if (files_path(path, folder, "request") != FILES_OK || files_path(aside, folder, name) != FILES_OK) return OPERATOR_FILE_UNREACHABLE;
	(void)unlink(aside);        /* of a writer with our pid that died in here */
	bool placed = write_record(aside, &record) && link(aside, path) == 0;
	int  error = errno;
	(void)unlink(aside);
	if (placed) return OPERATOR_FILE_OK;
	return error == EEXIST ? OPERATOR_FILE_BUSY : OPERATOR_FILE_UNREACHABLE;
}

static bool record_is_ours(const struct record *record, ssize_t bytes)
{
	return bytes == (ssize_t)RECORD_BYTES && record->magic == RECORD_MAGIC && record->version == RECORD_VERSION &&
	       record->crc == crc32c(record, RECORD_CRC_BYTES) && operator_request_is_sane(&record->request);
}

enum operator_file_verdict operator_file_read(const char *folder, struct operator_request *out)
{
	char          path[FILES_PATH_MAX];
	struct record record = { 0 };
	*out = (struct operator_request){ 0 };
	if (files_path(path, folder, "request") != FILES_OK) return OPERATOR_FILE_UNREACHABLE;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT) return OPERATOR_FILE_NONE;
	ssize_t bytes = fd < 0 ? -1 : read(fd, &record, sizeof record);
	if (fd >= 0) (void)close(fd);
	if (unlink(path) != 0) return OPERATOR_FILE_UNREACHABLE;        /* told again and again is worse than not told */
	if (!record_is_ours(&record, bytes)) return OPERATOR_FILE_DAMAGED;
	*out = record.request;
	return OPERATOR_FILE_OK;
}
