/* await.h - waits for one child that must come first, while there is nothing else to do. */
#ifndef HAL_LINUX_AWAIT_H
#define HAL_LINUX_AWAIT_H
#include "hal/linux/process.h"

/* Blocks until this child has ended, and reaps it. */
void process_wait(const struct process_child *child, int *status);
int  process_own_pid(void);

#endif
