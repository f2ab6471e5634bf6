/* lock.h - one instance on a folder: a lock held by an open descriptor, gone with the process whatever ends it. */
#ifndef HAL_LINUX_LOCK_H
#define HAL_LINUX_LOCK_H
#include "fsm/units.h"

enum lock_verdict { LOCK_OK, LOCK_TAKEN, LOCK_DENIED };

/* Takes FOLDER/lock for the life of the process. *holder_pid is who has it, when LOCK_TAKEN and known. */
enum lock_verdict lock_take(const char *folder, int *holder_pid);
/* Whether it could be taken now; leaves nothing behind, and no folder or lock file is LOCK_OK. */
enum lock_verdict lock_look(const char *folder, int *holder_pid);

#endif
