/* seccomp.c - classic BPF over struct seccomp_data, an instruction a line. */
#include "hal/linux/seccomp.h"

#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of <linux/bpf_common.h>, <linux/seccomp.h> and <linux/audit.h>, which musl does not bring. */
enum {
	LOAD_WORD = 0x20, JUMP_EQUAL = 0x15, JUMP_AT_LEAST = 0x35, JUMP_ANY_BIT = 0x45, RETURN = 0x06,
	MODE_FILTER = 2, CODE_SECCOMP = 1,
	NUMBER_AT = 0, ARCHITECTURE_AT = 4, ARGUMENT_AT = 16, ARGUMENT_BYTES = 8, HIGH_HALF = 4, ARGUMENTS_N = 6,
	X32_BIT = 0x40000000,
};
#define X86_64 UINT32_C(0xc000003e)
#define KILL_PROCESS UINT32_C(0x80000000)
#define TRAP UINT32_C(0x00030000)
#define ALLOW UINT32_C(0x7fff0000)

/* struct sock_fprog. */
struct kernel_program { uint16_t length; const struct seccomp_instruction *instruction; };
_Static_assert(sizeof(struct seccomp_instruction) == 8, "struct sock_filter");

/* --- building ----------------------------------------------------------------------------------------------------- */

static void add(struct seccomp_program *program, uint16_t code, uint8_t if_true, uint8_t if_false, uint32_t value)
{
	BUG_UNLESS(3804, program->length < SECCOMP_INSTRUCTIONS_MAX);
	program->instruction[program->length++] = (struct seccomp_instruction){ code, if_true, if_false, value };
}

static void load(struct seccomp_program *program, uint32_t at) { add(program, LOAD_WORD, 0, 0, at); }
static void answer(struct seccomp_program *program, uint32_t what) { add(program, RETURN, 0, 0, what); }
/* A refusal stands right behind its question: the good answer jumps over it. */
static void refuse_unless(struct seccomp_program *program, uint16_t question, uint32_t value, bool wanted, uint32_t refusal)
{
	add(program, question, wanted, !wanted, value);
	answer(program, refusal);
}

/* Equal to the last value, or refused; equal to one before it jumps over what is left of the list. */
static void add_one_of(struct seccomp_program *program, const struct seccomp_check *check)
{
	for (uint8_t i = 0; i + 1 < check->values; i++) add(program, JUMP_EQUAL, (uint8_t)(check->values - i), 0, check->value[i]);
	refuse_unless(program, JUMP_EQUAL, check->value[check->values - 1], true, TRAP);
}

static void add_check(struct seccomp_program *program, const struct seccomp_check *check)
{
	uint32_t at = ARGUMENT_AT + ARGUMENT_BYTES * (uint32_t)check->argument;
	BUG_UNLESS(3805, check->argument < ARGUMENTS_N && check->values <= SECCOMP_VALUES_MAX && (check->values > 0 || check->test == SECCOMP_NULL));
	load(program, at);
	switch ((enum seccomp_test)check->test) {
	case SECCOMP_ONE_OF: add_one_of(program, check); return;
	case SECCOMP_NO_BITS: refuse_unless(program, JUMP_ANY_BIT, check->value[0], false, TRAP); return;
	case SECCOMP_NULL:
		refuse_unless(program, JUMP_EQUAL, 0, true, TRAP);
		load(program, at + HIGH_HALF);
		refuse_unless(program, JUMP_EQUAL, 0, true, TRAP);
		return;
	}
}

/* The number is compared, and where it is another one the whole row is jumped over: its length is known when it is built. */
static void build_row(struct seccomp_program *program, const struct seccomp_row *row)
{
	uint16_t question = program->length;
	add(program, JUMP_EQUAL, 0, 0, row->call);
	for (uint32_t i = 0; i < row->checks; i++) add_check(program, &row->check[i]);
	answer(program, ALLOW);
	program->instruction[question].if_false = (uint8_t)(program->length - question - 1);
}

void seccomp_build(struct seccomp_program *program, const struct seccomp_row *row, size_t rows)
{
	program->length = 0;
	load(program, ARCHITECTURE_AT);
	refuse_unless(program, JUMP_EQUAL, X86_64, true, KILL_PROCESS);
	load(program, NUMBER_AT);
	refuse_unless(program, JUMP_AT_LEAST, X32_BIT, false, KILL_PROCESS);
	for (size_t i = 0; i < rows; i++) build_row(program, &row[i]);
	answer(program, TRAP);
}

bool seccomp_install(const struct seccomp_program *program)
{
	const struct kernel_program kernel = { program->length, program->instruction };
	return prctl(PR_SET_SECCOMP, MODE_FILTER, &kernel, 0, 0) == 0;
}

/* --- the last word ------------------------------------------------------------------------------------------------ */

static volatile uint32_t *refused;

/* Of another's kill there is nothing to say: the default waits for the next one. */
static void on_refused(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	if (info->si_code != CODE_SECCOMP) return;
	*refused = (uint32_t)info->si_syscall;
	(void)syscall(X32_BIT);        /* killed here, whatever the rows allow */
}

void seccomp_catch(volatile uint32_t *word)
{
	struct sigaction action = { .sa_sigaction = on_refused, .sa_flags = SA_SIGINFO | (int)SA_RESETHAND };
	refused = word;
	(void)sigaction(SIGSYS, &action, 0);
}

/* --- names -------------------------------------------------------------------------------------------------------- */

/* What no process of ours may do after BOOT and an intruder would try; and what a change of ours could forget a row for. */
#define NAMED(X)                                                                                                           \
	X(open) X(openat) X(creat) X(openat2) X(stat) X(lstat) X(newfstatat) X(access) X(readlink) X(rename) X(unlink) X(unlinkat) X(link) X(symlink) \
	X(mkdir) X(chmod) X(fchmod) X(chown) X(fchown) X(truncate) X(ftruncate) X(getdents64) X(flock) X(fcntl) X(ioctl) X(dup) X(dup2) X(pipe) X(pipe2) \
	X(lseek) X(readv) X(writev) X(pread64) X(pwrite64) X(fsync) X(fdatasync) X(fallocate) X(sendfile)                   \
	X(socket) X(socketpair) X(connect) X(bind) X(listen) X(accept) X(accept4) X(sendto) X(recvfrom) X(sendmsg) X(recvmsg) X(shutdown) \
	X(setsockopt) X(getsockopt) X(getsockname)                                                                          \
	X(brk) X(mmap) X(munmap) X(mremap) X(mprotect) X(pkey_mprotect) X(madvise) X(mlock) X(memfd_create) X(shmat)        \
	X(fork) X(vfork) X(clone) X(clone3) X(execve) X(execveat) X(kill) X(tkill) X(tgkill) X(wait4) X(pidfd_open) X(pidfd_getfd) X(pidfd_send_signal) \
	X(ptrace) X(process_vm_readv) X(process_vm_writev) X(prctl) X(seccomp) X(rt_sigaction) X(rt_sigprocmask) X(setuid) X(setgid) X(capset) \
	X(mount) X(umount2) X(chroot) X(unshare) X(setns) X(bpf) X(perf_event_open) X(io_uring_setup) X(userfaultfd) X(keyctl) X(init_module) \
	X(finit_module) X(kexec_load) X(reboot) X(getpid) X(getppid) X(geteuid) X(getcwd) X(nanosleep) X(clock_nanosleep) X(futex) X(eventfd2) X(getrandom)
struct call_name { uint32_t call; const char *name; };
#define NAMED_ROW(call) { SYS_##call, #call },
static const struct call_name call_names[] = { NAMED(NAMED_ROW) };

const char *seccomp_call_name(uint32_t call)
{
	for (size_t i = 0; i < sizeof call_names / sizeof *call_names; i++)
		if (call_names[i].call == call) return call_names[i].name;
	return "";
}
