/* seccomp_test.c - the program as an interpreter of ours runs it, and as the kernel does in a child (X1, O10; invariant 1). */
#include "hal/linux/seccomp.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hal/linux/process.h"
#include "tests/kit/sanitized.h"
#include "tests/kit/test.h"

#define X86_64 UINT32_C(0xc000003e)
#define KILLED UINT32_C(0x80000000)
#define TRAPPED UINT32_C(0x00030000)
#define ALLOWED UINT32_C(0x7fff0000)
enum { I386_HIGH = 3, X32 = 0x40000000, STEPS_MAX = 2000 };

/* struct seccomp_data. */
struct data { uint32_t call, architecture; uint64_t at, argument[6]; };

static struct seccomp_program program;

/* As the kernel would answer; 1 for a program that the kernel would not take. */
static uint32_t verdict(struct data data)
{
	uint32_t word = 0, steps = 0;
	for (uint32_t i = 0; i < program.length && steps < STEPS_MAX; steps++, i++) {
		const struct seccomp_instruction *of = &program.instruction[i];
		bool yes = false;
		switch (of->code) {
		case 0x20:
			if (of->value % 4 || of->value + 4 > sizeof data) return 1;
			memcpy(&word, (const char *)&data + of->value, sizeof word);
			continue;
		case 0x06: return of->value;
		case 0x15: yes = word == of->value; break;
		case 0x35: yes = word >= of->value; break;
		case 0x45: yes = (word & of->value) != 0; break;
		default: return 1;
		}
		i += yes ? of->if_true : of->if_false;
	}
	return 1;
}

static uint32_t of(uint32_t call) { return verdict((struct data){ .call = call, .architecture = X86_64 }); }
static uint32_t with(uint32_t call, int argument, uint64_t value)
{
	struct data data = { .call = call, .architecture = X86_64 };
	data.argument[argument] = value;
	return verdict(data);
}

static const struct seccomp_row rows[] = {
	{ .call = SYS_read },
	{ .call = SYS_socket, .checks = 1, .check = { { 0, SECCOMP_ONE_OF, 2, { AF_INET, AF_INET6 } } } },
	{ .call = SYS_sendto, .checks = 1, .check = { { 4, SECCOMP_NULL, 0, { 0 } } } },
	{ .call = SYS_mprotect, .checks = 1, .check = { { 2, SECCOMP_NO_BITS, 1, { PROT_EXEC } } } },
	{ .call = SYS_kill, .checks = 2, .check = { { 0, SECCOMP_ONE_OF, 1, { 4711 } }, { 1, SECCOMP_ONE_OF, 3, { 0, SIGUSR1, SIGUSR2 } } } },
	{ .call = SYS_write },
	{ .call = SYS_rt_sigaction },
	{ .call = SYS_exit_group },
};
enum { ROWS_N = sizeof rows / sizeof *rows };

TEST(t_O10_what_is_in_no_row_is_refused)
{
	seccomp_build(&program, rows, ROWS_N);
	for (uint32_t call = 0; call < 600; call++) {
		bool is_free = call == SYS_read || call == SYS_write || call == SYS_rt_sigaction || call == SYS_exit_group;
		bool is_checked = call == SYS_sendto || call == SYS_mprotect || call == SYS_socket || call == SYS_kill;
		if (!is_checked) CHECK_EQ(of(call), is_free ? ALLOWED : TRAPPED);
	}
	seccomp_build(&program, rows, 0);
	CHECK_EQ(of(SYS_read), TRAPPED);
}

TEST(t_O10_other_tables_of_calls_are_killed)
{
	seccomp_build(&program, rows, ROWS_N);
	CHECK_EQ(verdict((struct data){ .call = SYS_read, .architecture = UINT32_C(0x40000003) }), KILLED);
	CHECK_EQ(verdict((struct data){ .call = SYS_read, .architecture = X86_64 ^ 1 }), KILLED);
	CHECK_EQ(of(X32), KILLED);
	CHECK_EQ(of(X32 | SYS_write), KILLED);
	CHECK_EQ(of(UINT32_MAX), KILLED);
	CHECK_EQ(of(X32 - 1), TRAPPED);
}

TEST(t_O10_arguments_are_checked)
{
	seccomp_build(&program, rows, ROWS_N);
	for (uint32_t family = 0; family < 64; family++)
		CHECK_EQ(with(SYS_socket, 0, family), family == AF_INET || family == AF_INET6 ? ALLOWED : TRAPPED);
	CHECK_EQ(with(SYS_socket, 0, UINT64_C(1) << 32 | AF_INET), ALLOWED);        /* the kernel takes an int */
	CHECK_EQ(with(SYS_sendto, 4, 0), ALLOWED);
	CHECK_EQ(with(SYS_sendto, 4, 1), TRAPPED);
	CHECK_EQ(with(SYS_sendto, 4, UINT64_C(1) << 32), TRAPPED);
	CHECK_EQ(with(SYS_mprotect, 2, PROT_READ | PROT_WRITE), ALLOWED);
	CHECK_EQ(with(SYS_mprotect, 2, PROT_READ | PROT_EXEC), TRAPPED);
	for (uint32_t number = 0; number < 65; number++) {
		struct data data = { .call = SYS_kill, .architecture = X86_64, .argument = { 4711, number } };
		CHECK_EQ(verdict(data), number == 0 || number == SIGUSR1 || number == SIGUSR2 ? ALLOWED : TRAPPED);
		data.argument[0] = 1;
		CHECK_EQ(verdict(data), TRAPPED);
	}
}

static void build_too_many(void)
{
	static struct seccomp_row many[SECCOMP_INSTRUCTIONS_MAX];
	seccomp_build(&program, many, SECCOMP_INSTRUCTIONS_MAX);
}
static void build_without_value(void) { seccomp_build(&program, &(struct seccomp_row){ .checks = 1, .check = { { 0, SECCOMP_ONE_OF, 0, { 0 } } } }, 1); }
static void build_seventh(void) { seccomp_build(&program, &(struct seccomp_row){ .checks = 1, .check = { { 6, SECCOMP_NULL, 0, { 0 } } } }, 1); }
TEST(t_O10_a_list_that_makes_no_program_traps)
{
	CHECK_BUG(build_too_many, 3804);
	CHECK_BUG(build_without_value, 3805);
	CHECK_BUG(build_seventh, 3805);
}

/* --- the kernel's own --------------------------------------------------------------------------------------------------- */

static volatile uint32_t *word;
static int                how;

/* Forks one that installs the rows and then does `how`; its end as waitpid gives it. */
static int end_of(int which)
{
	int   status = -1;
	pid_t child = fork();
	if (child == 0) {
		if (!process_shut_in()) _exit(3);
		if (which != 5) seccomp_catch(word);
		seccomp_build(&program, rows, ROWS_N);
		if (!seccomp_install(&program)) _exit(4);
		if (which == 1 || which == 5) (void)syscall(SYS_getpid);
		if (which == 2) (void)syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
		if (which == 3) (void)syscall(X32 | SYS_write, 1, "", 0);
		if (which == 4) {        /* who sets the handler anew is still not given the call, and ends at the second */
			struct sigaction ignore = { .sa_handler = SIG_IGN };
			(void)sigaction(SIGSYS, &ignore, 0);
			(void)syscall(SYS_getpid);
		}
		_exit(42);
	}
	(void)waitpid(child, &status, 0);
	return status;
}

static void share(void)
{
	if (SANITIZED) SKIP("the sanitizer asks the kernel for more than a filter allows");
	word = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (word == MAP_FAILED) SKIP("no memory for a shared page");
	how = end_of(0);
	if (WIFEXITED(how) && WEXITSTATUS(how) == 4) SKIP("this kernel or container has no filters of system calls");
}

static bool died_by(int status, int number) { return WIFSIGNALED(status) && WTERMSIG(status) == number; }

TEST(t_O10_the_kernel_ends_who_asks_and_the_call_is_known)
{
	char text[PROCESS_WORDS_BYTES];
	share();
	CHECK(WIFEXITED(how) && WEXITSTATUS(how) == 42);
	CHECK_EQ(*word, 0);
	how = end_of(1);
	CHECK(died_by(how, SIGSYS));
	CHECK_EQ(*word, SYS_getpid);
	CHECK_STR(process_words(how, *word, text), "no right to the system call getpid (SIGSYS)");
	CHECK(died_by(end_of(2), SIGSYS));
	CHECK_EQ(*word, SYS_socket);
	*word = 0;
	CHECK(died_by(end_of(3), SIGSYS));
	CHECK_EQ(*word, 0);        /* killed at once: no handler ran */
	CHECK(died_by(end_of(4), SIGSYS));
	CHECK(died_by(end_of(5), SIGSYS));
}

TEST(t_O10_calls_have_names)
{
	char text[PROCESS_WORDS_BYTES];
	CHECK_STR(seccomp_call_name(SYS_execve), "execve");
	CHECK_STR(seccomp_call_name(SYS_process_vm_writev), "process_vm_writev");
	CHECK_STR(seccomp_call_name(599), "");
	CHECK_STR(process_words(SIGSYS, 599, text), "no right to system call 599 (SIGSYS)");
	CHECK_STR(process_words(SIGSYS, SYS_process_vm_writev, text), "no right to the system call process_vm_writev (SIGSYS)");
	CHECK_STR(process_words(SIGSYS, 0, text), "killed by signal 31 (SIGSYS)");
}
