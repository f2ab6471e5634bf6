#include "firmware/cli/bug_exit.h"

#include <signal.h>
#include <stdint.h>
#include <unistd.h>

#include "firmware/cli/exit_code.h"
#include "fsm/bug.h"

enum { DIGITS_MAX = 10 };

static volatile uint32_t caught_id;

/* In a signal handler: no formatting, only write(2). */
static void say(const char *text, size_t length)
{
	if (write(STDERR_FILENO, text, length) < 0) _exit(CLI_BUG);
}

static void on_trap(int signal_number)
{
	static const char before[] = "tickwork: bug ", after[] = " of ours; please report this id and what you did\n";
	char     digits[DIGITS_MAX];
	size_t   at = sizeof digits;
	uint32_t id = caught_id;
	(void)signal_number;
	do digits[--at] = (char)('0' + id % 10);
	while (id /= 10);
	say(before, sizeof before - 1);
	say(digits + at, sizeof digits - at);
	say(after, sizeof after - 1);
	_exit(CLI_BUG);
}

void bug_exit_install(void)
{
	struct sigaction action = { .sa_handler = on_trap };
	bug_catch(&caught_id);
	sigaction(SIGILL, &action, 0);
}
