/* watchdog_device.h - the hardware watchdog of the machine (/dev/watchdog): once opened it must be fed, or it resets the machine.
 *
 *   watchdog_device_open    arms it, with this timeout where the driver lets us choose, else with its own (timeout_s says which is in force, 0: nobody knows)
 *   watchdog_device_feed    one byte written, which the kernel's interface takes for a ping on every driver; never waits for long
 *   watchdog_device_close   the last byte is 'V' (magic close): the machine stays up, on a driver without "nowayout"
 * Whoever dies without the last leaves it armed, which is what it is for. A device that is absent, taken or ours not to open is a sentence and no
 * end: the appliance trades without it. Only writes after BOOT, so its owner needs no right to ioctl. Row P3. */
#ifndef HAL_LINUX_WATCHDOG_DEVICE_H
#define HAL_LINUX_WATCHDOG_DEVICE_H
#include "fsm/units.h"

enum { WATCHDOG_DEVICE_SENTENCE_BYTES = 256 };

/* fd -1: there is none. fed, lost: counted. */
struct watchdog_device { int fd; uint32_t timeout_s; uint64_t fed, lost; };

/* In BOOT. False: the sentence says why not and what to do, and the device feeds nobody. */
bool watchdog_device_open(struct watchdog_device *device, const char *path, uint32_t timeout_s, char sentence[static WATCHDOG_DEVICE_SENTENCE_BYTES]);
void watchdog_device_feed(struct watchdog_device *device);
void watchdog_device_close(struct watchdog_device *device);

#endif
