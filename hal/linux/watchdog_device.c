/* watchdog_device.c - the numbers of linux/watchdog.h by hand, because musl has no kernel headers. */
#include "hal/linux/watchdog_device.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* _IOWR('W', 6, int), _IOR('W', 7, int) */
#define WDIOC_SETTIMEOUT 0xc0045706u
#define WDIOC_GETTIMEOUT 0x80045707u
/* The type of a request: int here, unsigned long in glibc. */
#ifdef __GLIBC__
typedef unsigned long request_t;
#else
typedef int request_t;
#endif

static const char *why(int error)
{
	switch (error) {
	case ENOENT: case ENODEV: case ENXIO: return "there is none on this machine: load its module (softdog where the hardware has none), or leave the option out";
	case EBUSY: return "another program feeds it already: end that one";
	case EACCES: case EPERM: return "this user may not open it: start as root, or give the device to the user who trades";
	default: return strerror(error);
	}
}

bool watchdog_device_open(struct watchdog_device *device, const char *path, uint32_t timeout_s, char sentence[static WATCHDOG_DEVICE_SENTENCE_BYTES])
{
	int wanted = (int)timeout_s;
	*device = (struct watchdog_device){ .fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) };
	if (device->fd < 0) {
		(void)snprintf(sentence, WATCHDOG_DEVICE_SENTENCE_BYTES, "no hardware watchdog at %.80s, and nothing resets a machine that hangs: %s", path, why(errno));
		return false;
	}
	if (ioctl(device->fd, (request_t)WDIOC_SETTIMEOUT, &wanted) != 0 && ioctl(device->fd, (request_t)WDIOC_GETTIMEOUT, &wanted) != 0) wanted = 0;
	device->timeout_s = wanted > 0 ? (uint32_t)wanted : 0;
	return true;
}

void watchdog_device_feed(struct watchdog_device *device)
{
	if (device->fd < 0) return;
	bool is_fed = write(device->fd, "k", 1) == 1;        /* any byte but 'V' */
	device->fed += is_fed;
	device->lost += !is_fed;
}

void watchdog_device_close(struct watchdog_device *device)
{
	if (device->fd < 0) return;
	(void)!write(device->fd, "V", 1);
	(void)close(device->fd);
	device->fd = -1;
}
