/* process.c - fork, prctl, close_range, pidfd, waitpid. */
#include "hal/linux/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/seccomp.h"

/* Of the same number on every machine, and younger than some C libraries. */
enum { CALL_PIDFD_SEND_SIGNAL = 424, CALL_PIDFD_OPEN = 434, CALL_CLOSE_RANGE = 436 };
enum { EXIT_NOT_STARTED = 70, FIRST_FD = STDERR_FILENO + 1, FDS_WITHOUT_LIMIT = 65536 };

bool process_adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0; }

/* --- in the child ------------------------------------------------------------------------------------------------- */

bool process_renounce(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0; }
bool process_shut_in(void) { return process_renounce() && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0; }

static bool shut_in(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return false;
	if (getppid() != parent) return false;        /* it died before the line above */
	(void)setpgid(0, 0);
	return process_shut_in();
}

/* Handlers first, then the mask: a signal that waits meets the default, never a handler of the parent's. */
static void reset_signals(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	sigset_t         none;
	for (int number = 1; number <= SIGRTMAX; number++) (void)sigaction(number, &action, 0);        /* some may not be set */
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGHUP, &action, 0);
	(void)sigaction(SIGPIPE, &action, 0);
	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, 0);
}

static void close_from_to(unsigned first, unsigned last)
{
	struct rlimit limit;
	if (first > last || syscall(CALL_CLOSE_RANGE, first, last, 0u) == 0) return;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > FDS_WITHOUT_LIMIT) limit.rlim_cur = FDS_WITHOUT_LIMIT;
	for (unsigned fd = first; fd <= last && fd < limit.rlim_cur; fd++) (void)close((int)fd);
}

/* Closes the gaps between the kept ones: from each lower end, the next kept descriptor is looked for. */
static void close_others(const int *keep, uint32_t keeps)
{
	unsigned from = FIRST_FD;
	for (;;) {
		unsigned next = UINT32_MAX;
		for (uint32_t i = 0; i < keeps; i++)
			if (keep[i] >= 0 && (unsigned)keep[i] >= from && (unsigned)keep[i] < next) next = (unsigned)keep[i];
		if (next == UINT32_MAX) break;
		if (next > from) close_from_to(from, next - 1);
		from = next + 1;
	}
	close_from_to(from, UINT32_MAX);
}

_Noreturn static void live(const struct process_recipe *recipe, pid_t parent)
{
	if (!shut_in(parent)) _exit(EXIT_NOT_STARTED);
	close_others(recipe->keep, recipe->keeps);
	reset_signals();
	_exit(recipe->run(recipe->context, recipe->row));
}

/* --- in the watchdog ---------------------------------------------------------------------------------------------- */

bool process_fork(struct process_child *child, const struct process_recipe *recipe)
{
	sigset_t all, before;
	pid_t    parent = getpid();
	BUG_UNLESS(3525, recipe->keeps <= PROCESS_KEEP_MAX);
	*child = (struct process_child){ 0, -1 };
	sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);        /* no handler of the parent's runs in the child */
	pid_t pid = fork();
	if (pid == 0) live(recipe, parent);
	(void)sigprocmask(SIG_SETMASK, &before, 0);
	if (pid < 0) return false;
	child->pid = pid;
	child->pidfd = (int)syscall(CALL_PIDFD_OPEN, pid, 0);
	return true;
}

void process_signal(const struct process_child *child, int signal_number)
{
	BUG_UNLESS(3526, child->pid > 0);
	if (child->pidfd >= 0 && syscall(CALL_PIDFD_SEND_SIGNAL, child->pidfd, signal_number, (void *)0, 0u) == 0) return;
	(void)kill(child->pid, signal_number);        /* a zombie takes it too */
}

bool process_reap(int *pid, int *status)
{
	do *pid = waitpid(-1, status, WNOHANG);
	while (*pid < 0 && errno == EINTR);
	return *pid > 0;
}

void process_drop(struct process_child *child)
{
	if (child->pidfd >= 0) (void)close(child->pidfd);
	*child = (struct process_child){ 0, -1 };
}

/* --- words -------------------------------------------------------------------------------------------------------- */

#define SIGNALS(X)                                                                                               \
	X(HUP) X(INT) X(QUIT) X(ILL) X(TRAP) X(ABRT) X(BUS) X(FPE) X(KILL) X(USR1) X(SEGV) X(USR2) X(PIPE) X(ALRM) \
	X(TERM) X(STKFLT) X(CHLD) X(CONT) X(STOP) X(TSTP) X(TTIN) X(TTOU) X(URG) X(XCPU) X(XFSZ) X(VTALRM) X(PROF) \
	X(WINCH) X(IO) X(PWR) X(SYS)
#define SIGNAL_NAME(name) [SIG##name] = "SIG" #name,
static const char *const signal_name[] = { SIGNALS(SIGNAL_NAME) };

bool process_ended_well(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }

const char *process_words(int status, uint32_t word, char text[static PROCESS_WORDS_BYTES])
{
	size_t known = sizeof signal_name / sizeof *signal_name;
	int    number = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	const char *call = number == SIGSYS && word ? seccomp_call_name(word) : "";
	if (*call) (void)snprintf(text, PROCESS_WORDS_BYTES, "no right to the system call %s (SIGSYS)", call);
	else if (number == SIGSYS && word) (void)snprintf(text, PROCESS_WORDS_BYTES, "no right to system call %u (SIGSYS)", word);
	else if (number == SIGILL && word) (void)snprintf(text, PROCESS_WORDS_BYTES, "bug %u", word);
	else if (number && (size_t)number < known) (void)snprintf(text, PROCESS_WORDS_BYTES, "killed by signal %d (%s)", number, signal_name[number]);
	else if (number) (void)snprintf(text, PROCESS_WORDS_BYTES, "killed by signal %d", number);
	else (void)snprintf(text, PROCESS_WORDS_BYTES, "exit %d", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	return text;
}

void process_standard_begin(void)
{
	int fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO) fd = open("/dev/null", O_RDONLY);
	if (fd >= 0) (void)close(fd);
}
