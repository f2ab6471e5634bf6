/* signals.h - signals as something to be read, not something that interrupts: a signalfd with its mask.
 *
 * Between signals_hear and signals_deafen the signals named are blocked and wait to be taken, one of each kind; nothing is interrupted and no
 * handler runs. A child made by process_fork hears nothing of it: its mask and handlers are reset. For a process without the loop. */
#ifndef HAL_LINUX_SIGNALS_H
#define HAL_LINUX_SIGNALS_H
#include <signal.h>

#include "fsm/units.h"

struct signals { int fd; sigset_t before; };

/* From now on these do nothing, here and in children that do not say otherwise. */
void signals_ignore(const int *numbers, size_t count);
/* False when no descriptor is left; the signals are blocked nevertheless, and signals_deafen gives them back. */
bool signals_hear(struct signals *signals, const int *numbers, size_t count);
/* The number of one that has come, or 0. Never waits. */
int  signals_take(const struct signals *signals);
/* Sleeps for that long, or until one comes; at once when one waits. */
void signals_wait(const struct signals *signals, int64_t sleep_ns);
/* What still waits is thrown away; the mask is as it was. */
void signals_deafen(struct signals *signals);

#endif
