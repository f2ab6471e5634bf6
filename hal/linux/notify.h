/* notify.h - a word to the service manager that has started us (the sd_notify protocol: lines of text in one datagram to $NOTIFY_SOCKET).
 *
 *   READY=1       everything has started          WATCHDOG=1   we live; within WatchdogSec
 *   STOPPING=1    we are on our way down          STATUS=...   one line for people
 * Several lines in one word are separated by '\n'. Nothing is said when nobody asked; a manager that does not listen loses the word, and nobody waits
 * for it. Paths and abstract sockets ("@name") are served. Row P3. */
#ifndef HAL_LINUX_NOTIFY_H
#define HAL_LINUX_NOTIFY_H
#include "fsm/units.h"

enum { NOTIFY_PATH_MAX = 108, NOTIFY_TEXT_MAX = 256 };        /* sun_path; one word */

/* watch_ns: WATCHDOG=1 must come within it; 0: nobody asks for it. */
struct notify { int fd; uint32_t path_bytes; int64_t watch_ns; char path[NOTIFY_PATH_MAX]; };

/* In BOOT, with getenv("NOTIFY_SOCKET"). True when there is somebody to talk to; false leaves a notify that says nothing. */
bool notify_open(struct notify *notify, const char *socket_name);
/* In BOOT, after notify_open, with getenv("WATCHDOG_USEC") and getenv("WATCHDOG_PID"): a period that is no number, or one for another process,
 * is nobody's. Either may be 0. */
void notify_watch(struct notify *notify, const char *usec, const char *pid, int32_t own_pid);
static inline bool notify_is_watched(const struct notify *notify) { return notify->fd >= 0 && notify->watch_ns > 0; }
void notify_say(const struct notify *notify, const char *text);
void notify_close(struct notify *notify);

#endif
