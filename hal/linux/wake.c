/* wake.c - eventfd. */
#include "hal/linux/wake.h"

#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

int wake_make(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void wake_ring(int fd)
{
	const uint64_t one = 1;
	ssize_t        written = write(fd, &one, sizeof one);
	(void)written;        /* full: it rings already */
}

void wake_clear(int fd)
{
	uint64_t rings;
	ssize_t  taken = read(fd, &rings, sizeof rings);
	(void)taken;        /* nothing there: it was silent already */
}
