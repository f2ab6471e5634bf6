/* killer.c - runs an appliance to its end and kills its processes on the way. Built by tests/e2e/kill.sh with whatever compiler there is.
 *
 *   killer BINARY HOME LOG SEED WHO HOW FROM_MS TO_MS KILLS WORD...
 *
 * Starts `BINARY run --layout appliance --drill --home HOME WORD...`, output appended to LOG. Then KILLS times: sleeps between FROM_MS and TO_MS,
 * chooses a victim, sends it the signal, and now and then lets `BINARY status --home HOME` look. When the watchdog was the victim
 * the same command is started again.
 *   WHO   child: a process of the layout    any: the watchdog one time in five    boot: the same so soon after each start that boot is hit
 *         order: the process that trades, up to 3 ms after the journal, or the venue's log that WATCH names, was written to
 *   HOW   kill, fault (SEGV, ABRT, BUS, ILL, TRAP, FPE in turn), stop (a child is stopped and must be replaced; the watchdog goes on after a while), term
 *
 * A victim is held by its pidfd and its parent is read once more before the signal: no other process can be hit. All that chance decides comes from SEED.
 * Last line: what was done. Exit code 0 when the last run ended well and nobody else ended badly. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHILDREN_MAX = 16, WORDS_MAX = 32, PATIENCE_S = 100, TEXT_BYTES = 4096, NS_PER_MS_ = 1000000 };
enum { LOOK_ONE_IN = 4, WATCHDOG_ONE_IN = 5, PAUSE_MS = 300, ORDER_US = 3000, APPLIANCE = 5 };
enum { CALL_PIDFD_SEND_SIGNAL = 424, CALL_PIDFD_OPEN = 434 };

static const int faults[] = { SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGTRAP, SIGFPE };

static char    *binary, *home, *log_path, *who, *how;
static uint64_t chance;
static long     from_ms, to_ms, kills_max;
static int      words;
static char   **word;

static int      run_fd = -1;        /* pidfd of the watchdog */
static pid_t    run_pid;
static unsigned starts, kills, watchdogs, looks, replaced, at_start;        /* at_start: kills before the last start */
static bool     was_whole;          /* this watchdog has had all its processes */

static uint64_t draw(uint64_t below)
{
	uint64_t z = chance += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int pidfd_of(pid_t pid) { return (int)syscall(CALL_PIDFD_OPEN, pid, 0); }
static bool send_to(int pidfd, int number) { return syscall(CALL_PIDFD_SEND_SIGNAL, pidfd, number, (void *)0, 0u) == 0; }

/* True when it ended within so long. */
static bool wait_end(int pidfd, int64_t for_ns)
{
	struct pollfd  one = { pidfd, POLLIN, 0 };
	struct timespec t = { for_ns / 1000000000, for_ns % 1000000000 };
	return ppoll(&one, 1, &t, 0) == 1;
}

static _Noreturn void give_up(const char *what)
{
	if (run_fd >= 0) (void)send_to(run_fd, SIGKILL);        /* its children die with it */
	printf("%s (start %u, kill %u)\n", what, starts, kills);
	exit(1);
}

static pid_t start(char *const argument[], const char *path)
{
	int   fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	pid_t parent = getpid(), pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
		if (getppid() != parent) _exit(1);
		dup2(fd, 1), dup2(fd, 2), close(fd);
		execv(binary, argument);
		_exit(127);
	}
	close(fd);
	if (pid < 0) give_up("the kernel has no process for it");
	return pid;
}

static void run_start(void)
{
	char *argument[WORDS_MAX + 8] = { binary, "run", "--layout", "appliance", "--drill", "--home", home };
	memcpy(&argument[7], word, sizeof *word * (size_t)words);
	if (run_fd >= 0) close(run_fd);
	run_pid = start(argument, log_path);
	run_fd = pidfd_of(run_pid);
	was_whole = false;
	at_start = kills;
	starts++;
}

static pid_t parent_of(pid_t pid)
{
	char path[64], text[TEXT_BYTES];
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	int     fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0) close(fd);
	if (got <= 0) return 0;
	text[got] = 0;
	char *state = strrchr(text, ')');
	return state && state[2] != 'Z' ? (pid_t)atoi(state + 4) : 0;
}

static int children(pid_t child[CHILDREN_MAX])
{
	char path[64], text[TEXT_BYTES];
	int  count = 0;
	snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)run_pid, (int)run_pid);
	int     fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, sizeof text - 1);
	if (fd >= 0) close(fd);
	text[got > 0 ? got : 0] = 0;
	for (char *at = strtok(text, " "); at && count < CHILDREN_MAX; at = strtok(0, " ")) child[count++] = (pid_t)atoi(at);
	if (count > 1) was_whole = true;        /* boot is alone */
	return count;
}

/* Whom to hit; 0: nobody. The desk is the last row of its layout, and of the children the youngest is the last: nobody else dies in such a run. */
static pid_t chosen(void)
{
	pid_t child[CHILDREN_MAX];
	int   count = children(child);
	if (strcmp(who, "order") == 0) return count == APPLIANCE ? child[count - 1] : 0;
	return count ? child[draw((uint64_t)count)] : 0;
}

/* One child of our watchdog, held; -1 when there is none just now. */
static int victim(void)
{
	pid_t pid = chosen();
	if (pid == 0) return -1;
	int   fd = pidfd_of(pid);
	if (fd >= 0 && parent_of(pid) == run_pid) return fd;
	if (fd >= 0) close(fd);
	return -1;
}

/* Whoever looks is answered, whatever is dead. While a start makes its map anew there is none to look at. */
static void look(bool is_certain)
{
	char *argument[] = { binary, "status", "--home", home, 0 };
	int   status = 0;
	pid_t pid = start(argument, "/dev/null");
	waitpid(pid, &status, 0);
	looks++;
	if (!WIFEXITED(status) || (WEXITSTATUS(status) != 0 && (is_certain || WEXITSTATUS(status) != 3))) give_up("status did not answer");
}

static int signal_of(void)
{
	if (strcmp(how, "fault") == 0) return faults[kills % (sizeof faults / sizeof *faults)];
	if (strcmp(how, "stop") == 0) return SIGSTOP;
	return strcmp(how, "term") == 0 ? SIGTERM : SIGKILL;
}

/* The watchdog ended: was it us? A process hit on its way to an orderly end is reported with code 1: what it left undone the next start does. */
static bool run_ended(bool by_us)
{
	int status = 0;
	waitpid(run_pid, &status, 0);
	if (by_us) return true;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 1 && kills > at_start) return true;
	char text[128];
	if (WIFSIGNALED(status)) snprintf(text, sizeof text, "the run ended by signal %d", WTERMSIG(status));
	else snprintf(text, sizeof text, "the run ended with exit code %d", WEXITSTATUS(status));
	run_fd = -1;
	give_up(text);
}

static void hit_watchdog(void)
{
	int number = signal_of();
	kills++;
	watchdogs++;
	if (!send_to(run_fd, number)) return;
	if (number == SIGSTOP) {
		look(was_whole);
		usleep(PAUSE_MS * 1000);
		(void)send_to(run_fd, SIGCONT);
		return;
	}
	if (!wait_end(run_fd, (int64_t)PATIENCE_S * 1000000000)) give_up("the watchdog lives on");
	(void)run_ended(true);
	if (was_whole) look(true);
	run_start();
}

static void hit_child(void)
{
	int fd = victim(), number = signal_of();
	if (fd >= 0 && !was_whole && strcmp(who, "boot") != 0) close(fd), fd = -1;        /* boot gives up when it is killed too often */
	if (fd < 0) return;
	kills++;
	(void)send_to(fd, number);
	if (number == SIGSTOP && was_whole) {
		if (!wait_end(fd, (int64_t)PATIENCE_S * 1000000000)) give_up("a stopped process was not replaced");
		replaced++;
	}
	close(fd);
	if (was_whole && draw(LOOK_ONE_IN) == 0) look(true);
}

/* An order, its record or its answer is on its way just now. False when the run came to its end. */
static bool await_order(void)
{
	char path[TEXT_BYTES];
	snprintf(path, sizeof path, "%s/journal", home);
	int  notes = inotify_init1(IN_CLOEXEC);
	bool is_watched = notes >= 0 && inotify_add_watch(notes, draw(2) ? path : getenv("WATCH"), IN_MODIFY) >= 0;
	struct pollfd either[2] = { { run_fd, POLLIN, 0 }, { notes, POLLIN, 0 } };
	if (is_watched) (void)poll(either, 2, PATIENCE_S * 1000);
	if (notes >= 0) close(notes);
	return (either[0].revents & POLLIN) == 0 && !wait_end(run_fd, (int64_t)draw(ORDER_US) * 1000);
}

/* False when the run came to its end. */
static bool hit(void)
{
	bool watchdog = strcmp(who, "any") == 0 ? draw(WATCHDOG_ONE_IN) == 0 : strcmp(who, "boot") == 0 && draw(2) == 0;
	if (wait_end(run_fd, (from_ms * 1000 + (int64_t)draw((uint64_t)(to_ms - from_ms) * 1000 + 1)) * 1000)) return false;
	if (strcmp(who, "order") == 0 && !await_order()) return false;
	if (watchdog) hit_watchdog();
	else hit_child();
	return true;
}

int main(int count, char **text)
{
	if (count < 10 || count - 10 > WORDS_MAX) return 2;
	binary = text[1], home = text[2], log_path = text[3], who = text[5], how = text[6];
	chance = strtoull(text[4], 0, 10);
	from_ms = atol(text[7]), to_ms = atol(text[8]), kills_max = atol(text[9]);
	words = count - 10;
	word = text + 10;
	prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
	int64_t begun_ns = now_ns();
	run_start();
	bool goes_on = true;
	while (goes_on && kills < (unsigned)kills_max) goes_on = hit();
	if (goes_on && !wait_end(run_fd, (int64_t)PATIENCE_S * 1000000000)) give_up("the run does not end");
	while (run_ended(false)) {
		run_start();
		if (!wait_end(run_fd, (int64_t)PATIENCE_S * 1000000000)) give_up("the run does not end");
	}
	printf("%u kills (%u of the watchdog), %u starts, %u looks%s in %lld ms\n", kills, watchdogs, starts, looks, replaced ? ", stopped ones replaced," : "",
	    (long long)((now_ns() - begun_ns) / NS_PER_MS_));
	return 0;
}
