/* await.c - waitpid that is not disturbed. */
#include "hal/linux/await.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

void process_wait(const struct process_child *child, int *status)
{
	while (waitpid(child->pid, status, 0) < 0 && errno == EINTR) {}
}

int process_own_pid(void) { return (int)getpid(); }
