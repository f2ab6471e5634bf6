/* lock.h - one instance on a folder: a lock held by an open descriptor, gone with the process whatever ends it. What is locked is the folder:
 * FOLDER/lock only says who holds it, so a second instance is refused where somebody has removed that file.
 *
 * A child that keeps the descriptor holds the lock too: so it is free only when the last process of an appliance is gone, which is a moment
 * after its watchdog, because the kernel lets go of descriptors before it tells the children. */
#ifndef HAL_LINUX_LOCK_H
#define HAL_LINUX_LOCK_H
#include "fsm/units.h"

enum lock_verdict { LOCK_OK, LOCK_TAKEN, LOCK_DENIED };

/* Takes FOLDER for the life of the process; *fd is the lock. Where the holder is dead and what it started is still dying, waits for that, at most
 * LOCK_WAIT_MS. *holder_pid is who has it, when LOCK_TAKEN and known. */
enum { LOCK_WAIT_MS = 10000 };
enum lock_verdict lock_take(const char *folder, int *holder_pid, int *fd);
enum { LOCK_WHO_BYTES = 32 };
/* "process 12", or what is said where the file that names it was removed. */
const char *lock_who(int holder_pid, char text[static LOCK_WHO_BYTES]);
/* Whether it could be taken now; leaves nothing behind, and no folder is LOCK_OK. */
enum lock_verdict lock_look(const char *folder, int *holder_pid);

#endif
