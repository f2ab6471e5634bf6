/* notify_test.c - words to a service manager: by path, by abstract name, to nobody (P3). */
#include "hal/linux/notify.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/kit/test.h"

/* A manager that listens at a name as systemd writes it. */
static int listen_at(const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int                fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	memcpy(at.sun_path, name, strlen(name));
	if (name[0] == '@') at.sun_path[0] = '\0';
	CHECK_EQ(bind(fd, (struct sockaddr *)&at, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name))), 0);
	return fd;
}

static void check_is_heard(const char *name)
{
	struct notify notify;
	char          text[NOTIFY_TEXT_MAX] = { 0 };
	int           manager = listen_at(name);
	CHECK(notify_open(&notify, name));
	notify_say(&notify, "READY=1\nSTATUS=up");
	CHECK_EQ(recv(manager, text, sizeof text - 1, 0), 17);
	CHECK_STR(text, "READY=1\nSTATUS=up");
	notify_close(&notify);
	notify_say(&notify, "WATCHDOG=1");
	CHECK_EQ(recv(manager, text, sizeof text, 0), -1);
	close(manager);
}

TEST(t_P3_a_manager_hears_by_path_and_by_abstract_name)
{
	char name[NOTIFY_PATH_MAX];
	(void)snprintf(name, sizeof name, "%s/manager", test_folder());
	check_is_heard(name);
	(void)snprintf(name, sizeof name, "@tickwork-test-%d", (int)getpid());
	check_is_heard(name);
}

TEST(t_P3_nobody_who_listens_is_nobody_who_waits)
{
	struct notify notify;
	char          name[NOTIFY_PATH_MAX];
	(void)snprintf(name, sizeof name, "%s/gone", test_folder());
	CHECK(notify_open(&notify, name));
	notify_say(&notify, "READY=1");
	int manager = listen_at(name);
	for (int i = 0; i < 10000; i++) notify_say(&notify, "WATCHDOG=1");        /* more than its queue holds */
	char text[NOTIFY_TEXT_MAX];
	CHECK_EQ(recv(manager, text, sizeof text, 0), 10);
	notify_close(&notify);
}

TEST(t_P3_no_name_or_a_strange_one_is_silence)
{
	static const char *const odd[] = { 0, "", "/", "@", "relative/path", "vsock:2:1" };
	struct notify            notify;
	char                     longest[NOTIFY_PATH_MAX + 1];
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		CHECK(!notify_open(&notify, odd[i]));
		notify_say(&notify, "READY=1");
		notify_close(&notify);
	}
	memset(longest, '/', sizeof longest);
	longest[NOTIFY_PATH_MAX] = '\0';
	CHECK(!notify_open(&notify, longest));
}

TEST(t_P3_a_watch_is_ours_when_its_number_and_process_say_so)
{
	static const struct { const char *usec, *pid; int64_t watch_ns; } row[] = {
		{ "30000000", 0, 30 * NS_PER_S }, { "30000000", "42", 30 * NS_PER_S }, { "30000000", "43", 0 }, { 0, "42", 0 }, { "", 0, 0 },
		{ "3s", 0, 0 }, { "-1", 0, 0 }, { "30000000", "x", 0 }, { "1234567890123456", 0, 0 },
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct notify notify = { .fd = -1 };
		notify_watch(&notify, row[i].usec, row[i].pid, 42);
		CHECK_EQ(notify.watch_ns, row[i].watch_ns);
		CHECK(!notify_is_watched(&notify));        /* nobody listens */
	}
}
