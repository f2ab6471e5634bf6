/* watchdog_above_test.c - the watchdogs above ours, the service manager's and the hardware's, are fed while no process is late (P3). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "tests/unit/firmware/watchdog_rig.h"

TEST(t_P3_the_service_manager_hears_ready_and_stopping)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	char               text[NOTIFY_TEXT_MAX + 1];
	bool               ready = false, stopping = false, alive = false;
	int                manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	set_stage(2, child_works, child_works, 0);
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s/manager", test_folder());
	CHECK_EQ(bind(manager, (struct sockaddr *)&at, sizeof at), 0);
	CHECK_EQ(setenv("NOTIFY_SOCKET", at.sun_path, 1), 0);
	CHECK_EQ(setenv("WATCHDOG_USEC", "30000000", 1), 0);
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
	CHECK_EQ(dog.feed_every_ns, WATCHDOG_NOTIFY_MS * NS_PER_MS);        /* at the least */
	for (ssize_t bytes; (bytes = recv(manager, text, sizeof text - 1, 0)) > 0;) {
		text[bytes] = '\0';
		CHECK(!ready || strcmp(text, "READY=1") != 0);        /* once */
		CHECK(strcmp(text, "STOPPING=1") != 0 || ready);
		ready = ready || strcmp(text, "READY=1") == 0;
		stopping = stopping || strcmp(text, "STOPPING=1") == 0;
		alive = alive || strcmp(text, "WATCHDOG=1") == 0;
	}
	CHECK(ready && stopping && alive);
}

static int      manager = -1;
static uint64_t fed_when_late, words_when_late;

static void open_manager(const char *usec)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	(void)snprintf(at.sun_path, sizeof at.sun_path, "%s/manager", test_folder());
	CHECK_EQ(bind(manager, (struct sockaddr *)&at, sizeof at), 0);
	CHECK_EQ(setenv("NOTIFY_SOCKET", at.sun_path, 1), 0);
	CHECK_EQ(setenv("WATCHDOG_USEC", usec, 1), 0);
}

static const char *make_device(void)
{
	static char path[FILES_PATH_MAX];
	(void)snprintf(path, sizeof path, "%s/watchdog", test_folder());
	(void)close(open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
	return path;
}

static uint64_t watchdog_words(void)
{
	char     text[NOTIFY_TEXT_MAX + 1];
	uint64_t count = 0;
	for (ssize_t bytes; (bytes = recv(manager, text, sizeof text - 1, 0)) > 0;) {
		text[bytes] = '\0';
		count += strcmp(text, "WATCHDOG=1") == 0;
	}
	return count;
}

/* Late from its heartbeat on, as nobody ends it: three times unfed, then it is let go. */
static void look_while_late(void *context)
{
	(void)context;
	if (life_of(ROW_A)->state != PROCESS_LATE) return;
	if (!fed_when_late) {
		fed_when_late = dog.device.fed;
		words_when_late = watchdog_words();
	}
	CHECK_EQ(dog.device.fed, fed_when_late);
	if (dog.starved == 3) CHECK_EQ(kill(stage->pid[ROW_A], SIGKILL), 0);
}

TEST(t_P3_a_late_process_starves_the_hardware_and_the_service_manager)
{
	set_stage(2, child_hangs_first, child_works, 0);        /* whoever comes behind the late one is well */
	open_manager("400000");
	plan.device = make_device();
	plan.limits.heartbeat_ns = NS_PER_S;
	plan.on_turn = look_while_late;
	fed_when_late = words_when_late = 0;
	CHECK_EQ(run_until(a_lives_again), CLI_DONE);
	CHECK_EQ(dog.feed_every_ns, 200 * NS_PER_MS);        /* twice in the time that is asked for */
	CHECK(dog.starved >= 3 && fed_when_late > 0 && words_when_late > 0);
	CHECK(dog.device.fed > fed_when_late && watchdog_words() == dog.device.fed - fed_when_late);        /* both again, from its next life on */
	CHECK(words_say("watchdog: feeds the hardware's watchdog"));
}

static bool three_are_fed(void *context)
{
	(void)context;
	return dog.device.fed + dog.starved >= 3 || patience_is_over();
}

TEST(t_P3_a_crash_loop_that_is_held_down_resets_no_machine)
{
	set_stage(2, child_dies, child_works, 0);
	open_manager("400000");
	plan.device = make_device();
	plan.limits.restarts_hour_max = 2;
	CHECK_EQ(run_until(three_are_fed), CLI_DONE);
	CHECK(dog.device.fed >= 3 && dog.starved == 0);
}

TEST(t_P3_without_a_device_there_is_a_sentence_and_trade)
{
	set_stage(1, child_works, 0, 0);
	plan.device = "/nonexistent/watchdog";
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
	CHECK(words_say("watchdog: no hardware watchdog at /nonexistent/watchdog"));
}
