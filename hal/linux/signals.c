/* signals.c - signalfd and ppoll. */
#include "hal/linux/signals.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

bool signals_hear(struct signals *signals, const int *numbers, size_t count)
{
	sigset_t heard;
	sigemptyset(&heard);
	for (size_t i = 0; i < count; i++) sigaddset(&heard, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &heard, &signals->before);
	signals->fd = signalfd(-1, &heard, SFD_NONBLOCK | SFD_CLOEXEC);
	return signals->fd >= 0;
}

int signals_take(const struct signals *signals)
{
	struct signalfd_siginfo info;
	if (signals->fd < 0 || read(signals->fd, &info, sizeof info) != (ssize_t)sizeof info) return 0;
	return (int)info.ssi_signo;
}

void signals_wait(const struct signals *signals, int64_t sleep_ns)
{
	struct pollfd   ear = { .fd = signals->fd, .events = POLLIN };
	struct timespec pause = { sleep_ns / NS_PER_S, sleep_ns % NS_PER_S };
	if (sleep_ns > 0) (void)ppoll(&ear, 1, &pause, 0);
}

void signals_deafen(struct signals *signals)
{
	while (signals_take(signals)) {}
	if (signals->fd >= 0) (void)close(signals->fd);
	signals->fd = -1;
	(void)sigprocmask(SIG_SETMASK, &signals->before, 0);
}

void signals_ignore(const int *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) (void)signal(numbers[i], SIG_IGN);
}
