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

struct notify { int fd; uint32_t path_bytes; char path[NOTIFY_PATH_MAX]; };

/* In BOOT, with getenv("NOTIFY_SOCKET"). True when there is somebody to talk to; false leaves a notify that says nothing. */
bool notify_open(struct notify *notify, const char *socket_name);
void notify_say(const struct notify *notify, const char *text);
void notify_close(struct notify *notify);

#endif
