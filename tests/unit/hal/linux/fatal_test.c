/* fatal_test.c - children that end by a signal: the note says which and where, and waitpid says the same (P3). */
#include "hal/linux/fatal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit/test.h"

struct scene {
	struct fatal_note note;
	uint32_t hooks;
};
static struct scene *scene;
typedef void act(void);

static void hook(void *context) { ((struct scene *)context)->hooks++; }

/* The end of a child that does this with the handlers in place. */
static int end_of(act *act_last)
{
	int status = 0;
	if (!scene) scene = mmap(0, sizeof *scene, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(scene != MAP_FAILED);
	memset(scene, 0, sizeof *scene);
	pid_t child = fork();
	if (child == 0) {
		for (int number = 1; number < SIGSYS + 1; number++) (void)signal(number, SIG_DFL); /* a sanitizer's, too */
		fatal_catch(&scene->note, hook, scene);
		act_last();
		_exit(0);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	return status;
}

static bool ended_by(int status, int number) { return WIFSIGNALED(status) && WTERMSIG(status) == number; }

static volatile int *nowhere;
static void touch_nothing(void) { *nowhere = 1; }
static void trap(void) { bug_trap(4591); }
static void give_up(void) { abort(); }
static void be_told(void) { (void)kill(getpid(), SIGBUS); }
static void divide(void) { (void)raise(SIGFPE); }

TEST(t_P3_a_fault_leaves_a_note_and_ends_by_its_signal)
{
	nowhere = (volatile int *)16;
	CHECK(ended_by(end_of(touch_nothing), SIGSEGV));
	CHECK_EQ(scene->note.signal, SIGSEGV);
	CHECK_EQ(scene->note.address, 16);
	CHECK_EQ(scene->note.code, SEGV_MAPERR);
	CHECK_STR(fatal_code_text(SIGSEGV, scene->note.code), "nothing is mapped there");
	CHECK(scene->note.value[FATAL_RIP] != 0 && scene->note.value[FATAL_RSP] != 0);
	CHECK_EQ(scene->hooks, 1);
}

TEST(t_P3_a_bug_and_an_abort_leave_a_note)
{
	CHECK(ended_by(end_of(trap), SIGILL));
	CHECK_EQ(scene->note.signal, SIGILL);
	CHECK(ended_by(end_of(give_up), SIGABRT));
	CHECK_EQ(scene->note.signal, SIGABRT);
	CHECK(ended_by(end_of(divide), SIGFPE));
	CHECK_EQ(scene->note.signal, SIGFPE);
}

TEST(t_P3_a_signal_from_outside_ends_it_too)
{
	CHECK(ended_by(end_of(be_told), SIGBUS));
	CHECK_EQ(scene->note.signal, SIGBUS);
	CHECK(scene->note.code <= 0 && scene->note.address == 0 && scene->note.call == -1);
}

static volatile uint32_t depth_most;
static uint32_t fall(uint32_t depth)
{
	volatile uint8_t much[4096] = { 0 };
	much[depth % sizeof much] = (uint8_t)depth;
	return depth < depth_most ? fall(depth + 1) + (much[0] != 0) : depth;
}
static void overflow(void) { depth_most = fall(0); }

TEST(t_P3_a_stack_that_is_used_up_does_not_silence_it)
{
	depth_most = UINT32_MAX;
	CHECK(ended_by(end_of(overflow), SIGSEGV));
	CHECK_EQ(scene->note.signal, SIGSEGV);
}

/* The kernel's filter by hand: musl has no <linux/seccomp.h>. Refuses `refused` and `other`, allows the rest. */
struct rule {
	uint16_t code;
	uint8_t yes, no;
	uint32_t k;
};
struct rules {
	uint16_t count;
	const struct rule *rule;
};
enum { LOAD_WORD = 0x20,
	JUMP_EQUAL = 0x15,
	RETURN = 0x06,
	MODE_FILTER = 2 };
#define ANSWER_TRAP UINT32_C(0x00030000)
#define ANSWER_KILL UINT32_C(0x80000000)
#define ANSWER_ALLOW UINT32_C(0x7fff0000)

static bool filter(uint32_t refused, uint32_t other, uint32_t answer)
{
	const struct rule rule[] = { { LOAD_WORD, 0, 0, 0 }, { JUMP_EQUAL, 1, 0, refused }, { JUMP_EQUAL, 0, 1, other }, { RETURN, 0, 0, answer },
		{ RETURN, 0, 0, ANSWER_ALLOW } };
	const struct rules rules = { sizeof rule / sizeof *rule, rule };
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, MODE_FILTER, &rules, 0, 0) == 0;
}

enum { NO_FILTERS = 77 };
static void ask_trapped(void)
{
	if (!filter(SYS_getppid, SYS_getppid, ANSWER_TRAP)) _exit(NO_FILTERS);
	(void)syscall(SYS_getppid);
}
static void ask_trapped_mute(void)
{
	if (!filter(SYS_getppid, SYS_tgkill, ANSWER_TRAP)) _exit(NO_FILTERS);
	(void)syscall(SYS_getppid);
}
static void ask_killed(void)
{
	if (!filter(SYS_getppid, SYS_getppid, ANSWER_KILL)) _exit(NO_FILTERS);
	(void)syscall(SYS_getppid);
}

TEST(t_P3_a_refused_system_call_is_named)
{
	int status = end_of(ask_trapped);
	if (WIFEXITED(status) && WEXITSTATUS(status) == NO_FILTERS) SKIP("this kernel has no system-call filters");
	CHECK(ended_by(status, SIGSYS));
	CHECK(scene->note.signal == SIGSYS && scene->note.call == SYS_getppid);
	CHECK(ended_by(end_of(ask_trapped_mute), SIGSYS)); /* it may not even end itself */
	CHECK(scene->note.signal == SIGSYS && scene->note.call == SYS_getppid);
	CHECK(ended_by(end_of(ask_killed), SIGSYS));
	CHECK_EQ(scene->note.signal, 0); /* nothing to catch: the number alone, from waitpid */
}

static void be_told_after_release(void)
{
	fatal_release();
	(void)kill(getpid(), SIGSEGV);
}
static void leave_by_door(int number) { _exit(number); }
static void with_an_older_one(void)
{
	fatal_release();
	(void)signal(SIGILL, leave_by_door);
	fatal_catch(&scene->note, hook, scene);
	bug_trap(4592);
}

TEST(t_P3_an_older_handler_has_the_last_word)
{
	CHECK(ended_by(end_of(be_told_after_release), SIGSEGV));
	CHECK_EQ(scene->note.signal, 0);
	int status = end_of(with_an_older_one);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == SIGILL && scene->note.signal == SIGILL && scene->hooks == 1);
}
