/* landlock_test.c - what a confined child can still reach (O10, O7). */
#include "hal/linux/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/process.h"
#include "tests/kit/test.h"

/* The errno of each try, 0 for success. */
struct tries { int verdict, passwd, own_fd, make, over, folder, rename, remove, link_out, here, port_asked, port_other, by_link, file_by_link, file_written; };
static struct tries *tries;
static char          folder[256], inside[300], renamed[300], below[300], outside[300], linked[300], linked_file[300], by_link[320];

static int errno_of(int result)
{
	int error = result < 0 ? errno : 0;
	if (result >= 0) (void)close(result);
	return error;
}

static int dial(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int                fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), error = connect(fd, (struct sockaddr *)&to, sizeof to) < 0 ? errno : 0;
	(void)close(fd);
	return error;
}

static void reach(const char *beneath, uint16_t port)
{
	const struct landlock_place place[] = { { beneath, false }, { linked, false }, { linked_file, true }, { "/nonexistent-folder-of-a-test", false } };
	tries->verdict = (int)landlock_confine(place, beneath ? 4 : 0, &port, 1);
	tries->by_link = errno_of(open(by_link, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	tries->file_by_link = errno_of(open(linked_file, O_RDONLY | O_CLOEXEC));
	tries->file_written = errno_of(open(linked_file, O_WRONLY | O_CLOEXEC));
	tries->passwd = errno_of(open("/etc/passwd", O_RDONLY | O_CLOEXEC));
	tries->own_fd = errno_of(open("/proc/self/stat", O_RDONLY | O_CLOEXEC));
	tries->make = errno_of(open(inside, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	tries->over = errno_of(open(inside, O_WRONLY | O_TRUNC | O_CLOEXEC));
	tries->folder = errno_of(open(beneath ? beneath : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	tries->here = mkdir(below, 0700) < 0 ? errno : 0;
	tries->link_out = symlink("/etc/passwd", outside) < 0 ? errno : 0;
	tries->rename = rename(inside, renamed) < 0 ? errno : 0;
	tries->remove = unlink(renamed) < 0 ? errno : 0;
	tries->port_asked = dial(port);
	tries->port_other = dial((uint16_t)(port + 1));
	_exit(0);
}

static void look(const char *beneath)
{
	snprintf(folder, sizeof folder, "%s/data", test_folder());
	snprintf(inside, sizeof inside, "%s/file", folder);
	snprintf(renamed, sizeof renamed, "%s/file.new", folder);
	snprintf(below, sizeof below, "%s/reports", folder);
	snprintf(outside, sizeof outside, "%s/link", folder);
	char elsewhere[300], file_elsewhere[300];
	snprintf(linked, sizeof linked, "%s/elsewhere", folder);
	snprintf(linked_file, sizeof linked_file, "%s/journal", folder);
	snprintf(by_link, sizeof by_link, "%s/report", linked);
	snprintf(elsewhere, sizeof elsewhere, "%s/other", test_folder());
	snprintf(file_elsewhere, sizeof file_elsewhere, "%s/file", test_folder());
	CHECK(mkdir(folder, 0700) == 0 && mkdir(elsewhere, 0700) == 0 && symlink(elsewhere, linked) == 0 && symlink(file_elsewhere, linked_file) == 0);
	CHECK(errno_of(open(file_elsewhere, O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0);
	tries = mmap(0, sizeof *tries, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (landlock_abi() == 0) SKIP("this kernel has no Landlock");
	pid_t child = fork();
	if (child == 0 && process_shut_in()) reach(beneath ? folder : 0, 9);
	(void)waitpid(child, 0, 0);
	CHECK_EQ(tries->verdict, LANDLOCK_OK);
}

TEST(t_O10_with_a_folder_what_lies_beneath_can_be_used)
{
	look("data");
	CHECK_EQ(tries->passwd, EACCES);
	CHECK_EQ(tries->own_fd, EACCES);
	CHECK_EQ(tries->make, 0);
	CHECK_EQ(tries->over, 0);
	CHECK_EQ(tries->folder, 0);
	CHECK_EQ(tries->here, 0);
	CHECK_EQ(tries->link_out, EACCES);
	CHECK_EQ(tries->rename, 0);
	CHECK_EQ(tries->remove, 0);
	CHECK_EQ(tries->by_link, 0);
	CHECK_EQ(tries->file_by_link, 0);
	CHECK_EQ(tries->file_written, EACCES);
	if (landlock_abi() < 4) SKIP("this kernel's Landlock knows no ports");
	CHECK_EQ(tries->port_asked, ECONNREFUSED);        /* nobody listens there, and it might be asked */
	CHECK_EQ(tries->port_other, EACCES);
}

TEST(t_O10_without_a_folder_nothing_can_be_opened)
{
	look(0);
	CHECK_EQ(tries->passwd, EACCES);
	CHECK_EQ(tries->make, EACCES);
	CHECK_EQ(tries->folder, EACCES);
	CHECK_EQ(tries->here, EACCES);
}

TEST(t_O10_a_folder_that_is_none_fails)
{
	if (landlock_abi() == 0) SKIP("this kernel has no Landlock");
	const struct landlock_place none = { "/nonexistent-folder-of-a-test", false };
	CHECK_EQ(landlock_confine(&none, 1, 0, 0), LANDLOCK_FAILED);
	CHECK(access("/etc/passwd", R_OK) == 0);        /* and confines nobody */
}
