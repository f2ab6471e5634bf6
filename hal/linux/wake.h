/* wake.h - one eventfd a process, made before the first fork and kept for life: whoever has put something into its channels rings it.
 *
 * The descriptor becomes readable with the first ring and stays so until wake_clear; rings in between are one. It lies on the loop of its owner
 * (loop_watch, LOOP_READ) or in a poll. Owner's order: clear, then look at the channels, then sleep, so that no ring is lost. A ring never blocks and
 * never fails: a counter that is full (2^64 - 2 rings) is a bell that rings already. */
#ifndef HAL_LINUX_WAKE_H
#define HAL_LINUX_WAKE_H

/* Non-blocking, close-on-exec; -1 when the kernel has no descriptor left. */
int  wake_make(void);
void wake_ring(int fd);
void wake_clear(int fd);

#endif
