/* fatal.c - sigaltstack, sigaction, a note, and the end by the same signal. */
#include "hal/linux/fatal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { STACK_BYTES = 65536 }; /* the kernel's frame with all vector registers, and a hook that sums up events */

#define REGISTER_NAME(name, text) [FATAL_##name] = text,
const char *const fatal_register_name[FATAL_REGISTERS_N] = { FATAL_REGISTERS(REGISTER_NAME) };
#define REGISTER_AT(name, text) [FATAL_##name] = REG_##name,
static const int register_at[FATAL_REGISTERS_N] = { FATAL_REGISTERS(REGISTER_AT) };

static const int caught[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS, SIGABRT };
enum { CAUGHT_N = sizeof caught / sizeof *caught };

static _Alignas(16) uint8_t stack[STACK_BYTES];
static struct sigaction before[CAUGHT_N];
static stack_t stack_before;
static struct fatal_note *note;
static fatal_hook *hook;
static void *hook_context;
static pid_t own_pid;

static const struct {
	uint32_t signal;
	int32_t code;
	const char *text;
} codes[] = {
	{ SIGSEGV, SEGV_MAPERR, "nothing is mapped there" },
	{ SIGSEGV, SEGV_ACCERR, "it may not be touched that way" },
	{ SIGBUS, BUS_ADRALN, "not aligned" },
	{ SIGBUS, BUS_ADRERR, "no memory behind it" },
	{ SIGBUS, BUS_OBJERR, "the hardware failed" },
	{ SIGFPE, FPE_INTDIV, "division by zero" },
	{ SIGFPE, FPE_INTOVF, "integer overflow" },
	{ SIGILL, ILL_ILLOPN, "illegal instruction" },
};

const char *fatal_code_text(uint32_t signal, int32_t code)
{
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i].signal == signal && codes[i].code == code) return codes[i].text;
	return "";
}

static void take_note(int number, const siginfo_t *info, const ucontext_t *at)
{
	if (note->signal) return;
	note->code = info->si_code;
	note->call = number == SIGSYS && info->si_code > 0 ? info->si_syscall : -1;
	note->address = info->si_code <= 0 ? 0 : (uint64_t)(uintptr_t)(number == SIGSYS ? info->si_call_addr : info->si_addr);
	for (size_t i = 0; i < FATAL_REGISTERS_N; i++) note->value[i] = (uint64_t)at->uc_mcontext.gregs[register_at[i]];
	__atomic_store_n(&note->signal, (uint32_t)number, __ATOMIC_RELEASE);
}

static void call_older(int number, siginfo_t *info, void *context)
{
	const struct sigaction *older = 0;
	for (size_t i = 0; i < CAUGHT_N; i++)
		if (caught[i] == number) older = &before[i];
	if (!older) return;
	if (older->sa_flags & SA_SIGINFO) older->sa_sigaction(number, info, context);
	else if (older->sa_handler != SIG_DFL && older->sa_handler != SIG_IGN) older->sa_handler(number);
}

/* Nobody catches this signal any more, and it is blocked in here: where the kernel must deliver it all the same, the process ends by it at once.
 * So a fault of the same kind ends it without a system call, which it may have no right to; what has no fault is sent. Where even that is refused, the
 * kernel ends the process for it. */
static void end_by(int number)
{
	static const volatile int zero;
	volatile int one = 1;
	volatile uintptr_t nowhere = sizeof one;
	if (number == SIGSEGV) one = *(volatile int *)nowhere;
	if (number == SIGFPE) __asm__ volatile("idivl %2"
					       : "+a"(one)
					       : "d"(0), "r"(zero)
					       : "cc");
	if (number == SIGILL || syscall(SYS_tgkill, own_pid, own_pid, number) != 0) __builtin_trap();
}

/* On the way back a fault of the process happens once more, and ends it. */
static void on_fatal(int number, siginfo_t *info, void *context)
{
	bool is_first = note->signal == 0;
	take_note(number, info, context);
	if (is_first && hook) hook(hook_context);
	if (is_first) call_older(number, info, context);
	if (info->si_code <= 0 || number == SIGSYS) end_by(number);
}

void fatal_catch(struct fatal_note *where, fatal_hook *then, void *context)
{
	struct sigaction action = { .sa_sigaction = on_fatal, .sa_flags = SA_SIGINFO | SA_ONSTACK | (int)SA_RESETHAND };
	stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
	memset(where, 0, sizeof *where);
	note = where;
	hook = then;
	hook_context = context;
	own_pid = getpid();
	(void)sigaltstack(&own, &stack_before);
	for (size_t i = 0; i < CAUGHT_N; i++) (void)sigaction(caught[i], &action, &before[i]);
}

void fatal_release(void)
{
	for (size_t i = 0; i < CAUGHT_N; i++) (void)sigaction(caught[i], &before[i], 0);
	(void)sigaltstack(&stack_before, 0);
}
