/* holder.h - who holds FOLDER (lock.h), asked by somebody who does not want it; and a word to that process.
 *
 * A process that died or is another one by now is never signalled: the pid in the file counts only while the lock is held. The lock is tried
 * (shared, for a moment) only when a process of that pid exists, so that asking cannot get into the way of a start. */
#ifndef HAL_LINUX_HOLDER_H
#define HAL_LINUX_HOLDER_H
#include "fsm/units.h"

/* Its pid, or 0 when nobody holds the lock. */
int32_t holder_pid(const char *folder);
/* This process, which made what the caller looks at, holds the lock. Where somebody has removed FOLDER/lock, a living process is believed. */
bool holder_is(const char *folder, int32_t pid);
/* Sends SIGUSR1 to the holder, which must be this pid; false when it is not, or may not be signalled. */
bool holder_wake(const char *folder, int32_t pid);
/* The same without a look at the lock: of a process that cannot have ended before ours, its parent. */
bool holder_ring(int32_t pid);
/* As holder_wake, with SIGUSR2: what it holds down is to come back. */
bool holder_release(const char *folder, int32_t pid);
/* A process of this pid exists, whoever it is. */
bool process_exists(int32_t pid);

#endif
