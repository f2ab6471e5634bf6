/* watchdog_device_test.c - a file stands for the device: fed by bytes, let go by 'V', absent with a sentence (row P3). */
#include "hal/linux/watchdog_device.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit/test.h"

static struct watchdog_device device;
static char                   path[512], sentence[WATCHDOG_DEVICE_SENTENCE_BYTES];

static void make(void)
{
	(void)snprintf(path, sizeof path, "%s/watchdog", test_folder());
	(void)close(open(path, O_CREAT | O_RDWR | O_TRUNC, 0600));
}

static const char *written(void)
{
	static char text[64];
	int         fd = open(path, O_RDONLY);
	ssize_t     bytes = read(fd, text, sizeof text - 1);
	(void)close(fd);
	text[bytes > 0 ? bytes : 0] = '\0';
	return text;
}

TEST(t_P3_a_device_is_fed_by_bytes_and_let_go_by_the_magic_one)
{
	make();
	CHECK(watchdog_device_open(&device, path, 60, sentence));
	CHECK_EQ(device.timeout_s, 0);        /* a file has none to set */
	CHECK_STR(written(), "");
	watchdog_device_feed(&device);
	watchdog_device_feed(&device);
	CHECK_STR(written(), "kk");
	watchdog_device_close(&device);
	watchdog_device_close(&device);
	watchdog_device_feed(&device);
	CHECK_STR(written(), "kkV");
	CHECK(device.fed == 2 && device.lost == 0);
}

TEST(t_P3_a_device_that_takes_nothing_is_counted)
{
	CHECK(watchdog_device_open(&device, "/dev/full", 60, sentence));
	watchdog_device_feed(&device);
	CHECK(device.fed == 0 && device.lost == 1);
	watchdog_device_close(&device);
}

TEST(t_P3_an_absent_device_is_a_sentence)
{
	(void)snprintf(path, sizeof path, "%s/none", test_folder());
	CHECK(!watchdog_device_open(&device, path, 60, sentence));
	CHECK(strstr(sentence, path) && strstr(sentence, "there is none on this machine"));
	watchdog_device_feed(&device);
	watchdog_device_close(&device);
	CHECK(device.fed == 0 && device.lost == 0);
}
