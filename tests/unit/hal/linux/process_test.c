/* process_test.c - what a forked child has and has not, how its end reads, and that it dies with its parent (P3, P4). */
#include "hal/linux/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kit/test.h"

enum { FDS_LOOKED_AT = 256, SIGNALS_LOOKED_AT = 32 };

/* What a child found, for its parent. */
struct finding {
	bool is_open[FDS_LOOKED_AT], is_default[SIGNALS_LOOKED_AT], is_blocked[SIGNALS_LOOKED_AT], is_ignored[SIGNALS_LOOKED_AT];
	int  death_signal, no_new_privileges, dumpable, group, pid, row;
	uint32_t is_there;
};
static struct finding *found;

static void share(void)
{
	found = mmap(0, sizeof *found, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (found == MAP_FAILED) SKIP("no memory for a shared page");
}

static int look_around(void *context, uint32_t row)
{
	struct finding  *into = context;
	struct sigaction action;
	sigset_t         blocked;
	(void)sigprocmask(SIG_BLOCK, 0, &blocked);
	for (int fd = 0; fd < FDS_LOOKED_AT; fd++) into->is_open[fd] = fcntl(fd, F_GETFD) >= 0;
	for (int number = 1; number < SIGNALS_LOOKED_AT; number++) {
		(void)sigaction(number, 0, &action);
		into->is_default[number] = action.sa_handler == SIG_DFL;
		into->is_ignored[number] = action.sa_handler == SIG_IGN;
		into->is_blocked[number] = sigismember(&blocked, number) == 1;
	}
	(void)prctl(PR_GET_PDEATHSIG, &into->death_signal, 0, 0, 0);
	into->no_new_privileges = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	into->dumpable = prctl(PR_GET_DUMPABLE, 0, 0, 0, 0);
	into->group = (int)getpgrp();
	into->pid = (int)getpid();
	into->row = (int)row;
	return 42;
}

static void nothing(int number) { (void)number; }

static int shut_in_itself(void *context, uint32_t row)
{
	(void)context;
	(void)row;
	(void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	if (!process_shut_in() || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 || prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 1;
	return 0;
}

/* Forks it and reaps it. */
static int status_of(const struct process_recipe *recipe)
{
	struct process_child child;
	int                  status = -1;
	CHECK(process_fork(&child, recipe));
	CHECK_EQ(waitpid(child.pid, &status, 0), child.pid);
	process_drop(&child);
	CHECK(child.pid == 0 && child.pidfd == -1);
	return status;
}

TEST(t_O7_a_process_can_shut_itself_in)
{
	struct process_recipe recipe = { .run = shut_in_itself };
	CHECK_EQ(status_of(&recipe), 0);
}

TEST(t_P4_a_child_has_default_signals_and_is_shut_in)
{
	struct sigaction action = { .sa_handler = nothing };
	sigset_t         all;
	share();
	sigfillset(&all);
	for (int number = 1; number < SIGNALS_LOOKED_AT; number++) (void)sigaction(number, &action, 0);
	(void)sigprocmask(SIG_BLOCK, &all, 0);
	struct process_recipe recipe = { look_around, found, 3, 0, 0 };
	CHECK_EQ(WEXITSTATUS(status_of(&recipe)), 42);
	for (int number = 1; number < SIGNALS_LOOKED_AT; number++) {
		bool ignored = number == SIGHUP || number == SIGPIPE;
		CHECK(!found->is_blocked[number]);
		CHECK(found->is_ignored[number] == ignored && found->is_default[number] == !ignored);
	}
	CHECK(found->death_signal == SIGKILL && found->no_new_privileges == 1 && found->dumpable == 0);
	CHECK(found->group == found->pid && found->row == 3);
}

TEST(t_P4_a_child_has_only_the_descriptors_it_was_given)
{
	int keep[4] = { -1, 200, 9, 201 };        /* in no order; -1 is none */
	share();
	for (int fd = 3; fd < FDS_LOOKED_AT; fd += fd < 20 ? 1 : 20) (void)dup2(0, fd);
	for (size_t i = 1; i < 4; i++) CHECK_EQ(dup2(0, keep[i]), keep[i]);
	struct process_recipe recipe = { look_around, found, 0, 4, keep };
	CHECK_EQ(WEXITSTATUS(status_of(&recipe)), 42);
	for (int fd = 0; fd < FDS_LOOKED_AT; fd++) CHECK_EQ(found->is_open[fd], fd <= 2 || fd == 9 || fd == 200 || fd == 201);
	CHECK(fcntl(5, F_GETFD) >= 0);        /* the parent's own stay */
}

TEST(t_P4_the_parents_mask_is_as_before_a_fork)
{
	sigset_t mask;
	share();
	sigemptyset(&mask);
	sigaddset(&mask, SIGUSR1);
	(void)sigprocmask(SIG_SETMASK, &mask, 0);
	struct process_recipe recipe = { look_around, found, 0, 0, 0 };
	(void)status_of(&recipe);
	(void)sigprocmask(SIG_SETMASK, 0, &mask);
	CHECK(sigismember(&mask, SIGUSR1) == 1 && sigismember(&mask, SIGTERM) == 0 && sigismember(&mask, SIGCHLD) == 0);
}

static int wait_for_ever(void *context, uint32_t row)
{
	struct finding *into = context;
	into->pid = (int)getpid();
	__atomic_store_n(&into->is_there, 1, __ATOMIC_SEQ_CST);
	while (into->is_there) (void)pause();
	return (int)row;
}

static void await_it(void)
{
	const struct timespec moment = { 0, NS_PER_MS };
	while (!__atomic_load_n(&found->is_there, __ATOMIC_SEQ_CST)) (void)nanosleep(&moment, 0);
}

static int end_by(const struct process_child *child, int signal_number)
{
	int pid = 0, status = 0;
	CHECK(!process_reap(&pid, &status));
	process_signal(child, signal_number);
	while (!process_reap(&pid, &status)) {}
	CHECK_EQ(pid, child->pid);
	return status;
}

TEST(t_P3_a_child_is_signalled_by_its_pidfd_and_without_one_by_its_pid)
{
	struct process_child  child;
	struct process_recipe recipe = { .run = wait_for_ever };
	share();
	recipe.context = found;
	CHECK(process_fork(&child, &recipe));
	await_it();
	CHECK_EQ(WTERMSIG(end_by(&child, SIGTERM)), SIGTERM);
	process_drop(&child);
	found->is_there = 0;
	CHECK(process_fork(&child, &recipe));
	await_it();
	if (child.pidfd >= 0) CHECK_EQ(close(child.pidfd), 0);
	child.pidfd = -1;        /* as on an old kernel */
	CHECK_EQ(WTERMSIG(end_by(&child, SIGKILL)), SIGKILL);
}

TEST(t_P3_a_child_dies_with_its_parent)
{
	struct process_recipe recipe = { .run = wait_for_ever };
	int                   status;
	share();
	recipe.context = found;
	CHECK(process_adopt_orphans());
	pid_t parent = fork();
	if (parent == 0) {
		struct process_child child;
		(void)process_fork(&child, &recipe);
		for (;;) (void)pause();
	}
	await_it();
	CHECK_EQ(kill(parent, SIGKILL), 0);
	CHECK_EQ(waitpid(parent, &status, 0), parent);
	CHECK_EQ(waitpid(found->pid, &status, 0), found->pid);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int end_so(void *context, uint32_t row)
{
	(void)context;
	if (row < 100) return (int)row;
	(void)raise((int)row - 100);
	return 99;
}

static const char *words_of(uint32_t row, uint32_t bug_id)
{
	static char           text[PROCESS_WORDS_BYTES];
	struct process_recipe recipe = { .run = end_so, .row = row };
	return process_words(status_of(&recipe), bug_id, text);
}

TEST(t_P3_the_end_of_a_child_in_words)
{
	CHECK_STR(words_of(0, 0), "exit 0");
	CHECK_STR(words_of(2, 1224), "exit 2");
	CHECK_STR(words_of(100 + SIGKILL, 1224), "killed by signal 9 (SIGKILL)");
	CHECK_STR(words_of(100 + SIGSEGV, 0), "killed by signal 11 (SIGSEGV)");
	CHECK_STR(words_of(100 + SIGSYS, 0), "killed by signal 31 (SIGSYS)");
	CHECK_STR(words_of(100 + SIGILL, 0), "killed by signal 4 (SIGILL)");
	CHECK_STR(words_of(100 + SIGILL, 1224), "bug 1224");
	CHECK_STR(words_of(100 + 40, 0), "killed by signal 40");
	CHECK(process_ended_well(0));
	struct process_recipe one = { .run = end_so, .row = 1 }, killed = { .run = end_so, .row = 100 + SIGTERM };
	CHECK(!process_ended_well(status_of(&one)));
	CHECK(!process_ended_well(status_of(&killed)));
}

static void keep_too_many(void)
{
	int                   keep[PROCESS_KEEP_MAX + 1] = { 0 };
	struct process_child  child;
	struct process_recipe recipe = { end_so, 0, 0, PROCESS_KEEP_MAX + 1, keep };
	(void)process_fork(&child, &recipe);
}

static void signal_nobody(void)
{
	struct process_child nobody = { 0, -1 };
	process_signal(&nobody, SIGTERM);        /* kill(0) would reach our whole group */
}

TEST(t_P3_too_many_descriptors_and_a_signal_to_nobody_trap)
{
	CHECK_BUG(keep_too_many, 3525);
	CHECK_BUG(signal_nobody, 3526);
}

static int give_five(void *context, uint32_t row) { return context ? (int)row : 5; }

enum { REFUSED = 0, FORKED = 1, NO_LIMIT = 2 };

/* In a child, which gives up its user for it: root has no limit of processes. */
static int fork_without_room(void)
{
	struct rlimit         none = { 0, 0 };
	struct process_child  child = { 1, 1 };
	struct process_recipe recipe = { .run = give_five };
	if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) return NO_LIMIT;
	if (setrlimit(RLIMIT_NPROC, &none) != 0) return NO_LIMIT;
	return process_fork(&child, &recipe) || child.pid != 0 || child.pidfd != -1 ? FORKED : REFUSED;
}

TEST(t_P3_a_machine_without_processes_says_so)
{
	int   status = -1;
	pid_t child = fork();
	if (child == 0) _exit(fork_without_room());
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK(WIFEXITED(status));
	if (WEXITSTATUS(status) == NO_LIMIT) SKIP("no limit of processes can be set here");
	CHECK_EQ(WEXITSTATUS(status), REFUSED);
}
