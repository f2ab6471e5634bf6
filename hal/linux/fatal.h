/* fatal.h - the last thing a process does when a signal ends it: a note of the signal and of its general registers, in memory that outlives it.
 *
 * SIGSEGV, SIGBUS, SIGILL (a bug traps with it), SIGFPE, SIGSYS and SIGABRT are caught on a stack of their own. The handler only writes the note
 * and is async-signal-safe; then the process ends by the same signal, so that waitpid tells the truth: the faulting instruction is executed once
 * more with nobody catching it, and what would not come again by itself is brought about. In a process that may not send signals (firmware/rights.h)
 * SIGBUS and SIGABRT from outside end as SIGSYS; the note says which it was. A call that a kernel filter kills for without a signal to catch
 * (SECCOMP_RET_KILL_PROCESS) leaves no note, only SIGSYS in waitpid. hal/linux/seccomp.h has a handler of its own: set before, it is called, too.
 *
 * Vector registers and the stack's content are not looked at: they may hold keys. The first note counts; a fault while noting changes nothing. Row P3. */
#ifndef HAL_LINUX_FATAL_H
#define HAL_LINUX_FATAL_H
#include "fsm/units.h"

#define FATAL_REGISTERS(X)                                                                                  \
	X(RIP, "rip")                                                                                       \
	X(RSP, "rsp") X(RBP, "rbp") X(RAX, "rax") X(RBX, "rbx") X(RCX, "rcx")                               \
		X(RDX, "rdx") X(RSI, "rsi") X(RDI, "rdi") X(R8, "r8") X(R9, "r9") X(R10, "r10")             \
			X(R11, "r11") X(R12, "r12") X(R13, "r13") X(R14, "r14") X(R15, "r15") X(EFL, "efl") \
				X(ERR, "err") X(TRAPNO, "trapno")
#define FATAL_REGISTER_ID(name, text) FATAL_##name,
enum fatal_register { FATAL_REGISTERS(FATAL_REGISTER_ID) FATAL_REGISTERS_N };

/* signal 0: none was caught. code: si_code. address: where a fault was, or of the refused call's instruction. call: its number, -1 for none. */
struct fatal_note {
	uint32_t signal;
	int32_t code, call;
	uint32_t pad;
	uint64_t address, value[FATAL_REGISTERS_N];
};

extern const char *const fatal_register_name[FATAL_REGISTERS_N];
/* What a SIGSEGV, SIGBUS, SIGFPE or SIGILL of that si_code is in words; "" when it has none. */
const char *fatal_code_text(uint32_t signal, int32_t code);
/* What else is done while the process ends: async-signal-safe, or 0. */
typedef void fatal_hook(void *context);

/* BOOT. The note is emptied. A handler that was there before is called after the hook, and may end the process its own way. */
void fatal_catch(struct fatal_note *note, fatal_hook *hook, void *context);
/* As it was before fatal_catch. */
void fatal_release(void);

#endif
