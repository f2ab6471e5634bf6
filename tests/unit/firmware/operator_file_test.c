/* operator_file_test.c - the operator's letter box: told once, never written over, never half there. */
#include "firmware/operator_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/kit/test.h"

enum { RECORD_BYTES = 44 };

static const struct operator_request flatten = { .seq = 7, .code = 4711, .t_ns = 99, .sym = 3, .command = OPERATOR_FLATTEN };

static const char *box_path(void)
{
	static char path[FILES_PATH_MAX];
	CHECK_EQ(files_path(path, test_folder(), "request"), FILES_OK);
	return path;
}

TEST(t_R9_a_command_is_taken_once_and_its_number_is_not_the_writers)
{
	struct operator_request got;
	CHECK_EQ(operator_file_read(test_folder(), &got), OPERATOR_FILE_NONE);
	CHECK_EQ(operator_file_write(test_folder(), &flatten), OPERATOR_FILE_OK);
	CHECK_EQ(operator_file_read(test_folder(), &got), OPERATOR_FILE_OK);
	CHECK(got.code == 4711 && got.t_ns == 99 && got.sym == 3 && got.command == OPERATOR_FLATTEN && got.seq == 0);
	CHECK_EQ(operator_file_read(test_folder(), &got), OPERATOR_FILE_NONE);
	CHECK_EQ(got.code, 0);
}

TEST(t_R9_a_second_command_does_not_push_out_the_first)
{
	struct operator_request halt = { .command = OPERATOR_HALT, .sym = SYM_NONE }, got;
	CHECK_EQ(operator_file_write(test_folder(), &halt), OPERATOR_FILE_OK);
	CHECK_EQ(operator_file_write(test_folder(), &flatten), OPERATOR_FILE_BUSY);
	CHECK_EQ(operator_file_read(test_folder(), &got), OPERATOR_FILE_OK);
	CHECK_EQ(got.command, OPERATOR_HALT);
	CHECK_EQ(operator_file_write(test_folder(), &flatten), OPERATOR_FILE_OK);
}

TEST(t_R9_the_box_is_for_this_user_only_and_leaves_nothing_else_behind)
{
	struct stat info;
	char        aside[FILES_PATH_MAX], name[32];
	CHECK_EQ(operator_file_write(test_folder(), &flatten), OPERATOR_FILE_OK);
	CHECK_EQ(stat(box_path(), &info), 0);
	CHECK_EQ(info.st_mode & 0777, 0600);
	CHECK_EQ(info.st_size, RECORD_BYTES);
	(void)snprintf(name, sizeof name, "request.%d", (int)getpid());
	CHECK_EQ(files_path(aside, test_folder(), name), FILES_OK);
	CHECK(stat(aside, &info) != 0);
}

/* Writes a good record with one byte changed, or cut, or with one byte more. */
static enum operator_file_verdict read_changed(size_t at, size_t bytes)
{
	unsigned char           record[RECORD_BYTES + 1] = { 0 };
	struct operator_request got;
	CHECK_EQ(operator_file_write(test_folder(), &flatten), OPERATOR_FILE_OK);
	int fd = open(box_path(), O_RDWR | O_CLOEXEC);
	CHECK_EQ(read(fd, record, RECORD_BYTES), RECORD_BYTES);
	if (at < RECORD_BYTES) record[at] ^= 0x10;
	CHECK_EQ(ftruncate(fd, 0), 0);
	CHECK_EQ(pwrite(fd, record, bytes, 0), bytes);
	close(fd);
	enum operator_file_verdict verdict = operator_file_read(test_folder(), &got);
	CHECK(access(box_path(), F_OK) != 0);
	return verdict;
}

TEST(t_R9_any_changed_byte_or_length_is_thrown_away)
{
	for (size_t at = 0; at < RECORD_BYTES; at++) CHECK_EQ(read_changed(at, RECORD_BYTES), OPERATOR_FILE_DAMAGED);
	for (size_t bytes = 0; bytes <= RECORD_BYTES + 1; bytes++)
		CHECK_EQ(read_changed(RECORD_BYTES, bytes), bytes == RECORD_BYTES ? OPERATOR_FILE_OK : OPERATOR_FILE_DAMAGED);
}

TEST(t_R9_a_command_or_symbol_that_does_not_exist_is_thrown_away)
{
	struct operator_request odd = flatten, got;
	odd.command = OPERATOR_COMMANDS_N;
	CHECK_EQ(operator_file_write(test_folder(), &odd), OPERATOR_FILE_OK);
	CHECK_EQ(operator_file_read(test_folder(), &got), OPERATOR_FILE_DAMAGED);
	odd = flatten;
	odd.sym = UNIVERSE_N;
	CHECK_EQ(operator_file_write(test_folder(), &odd), OPERATOR_FILE_OK);
	CHECK_EQ(operator_file_read(test_folder(), &got), OPERATOR_FILE_DAMAGED);
}

TEST(t_R9_a_folder_that_is_not_there_is_said)
{
	struct operator_request got;
	CHECK_EQ(operator_file_write("/nonexistent/home", &flatten), OPERATOR_FILE_UNREACHABLE);
	CHECK_EQ(operator_file_read("/nonexistent/home", &got), OPERATOR_FILE_NONE);
}
