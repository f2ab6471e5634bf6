/* seccomp.h - the kernel's filter of system calls: from a list of rows to the program that the kernel runs before each call, for good.
 *
 * A row names a call and what its arguments must be; what is in no row, or fails its checks, is refused. The program asks in this order:
 *   architecture    another than x86-64: killed                  (so that numbers mean what we think)
 *   number          of the x32 table (bit 30), or beyond: killed  (the same calls under other numbers)
 *   the rows        in their order, the frequent ones first: allowed, or by a failed check refused
 *   the rest        refused
 * Killed is SECCOMP_RET_KILL_PROCESS. Refused is SECCOMP_RET_TRAP: the call is not done and SIGSYS comes. Its handler (seccomp_catch) writes the
 * number of the call into a word that outlives the process, and then does what the program kills for: so the process ends by SIGSYS and its
 * death can be named. A process cannot keep itself alive: the handler resets itself before it runs, SIGSYS is blocked in it, which the kernel
 * takes as the default action at the next refusal, and a list for a sealed process allows sigaction of what its row names only. Where no handler
 * is set, SIGSYS ends the process at once.
 *
 * Filters are inherited and add up: all that are there must allow a call. Wanted before: no new privileges (hal/linux/process.h).
 * Checks look at the low 32 bits of an argument, which is what the kernel takes of an int; a null pointer is looked at whole. Row X1, O10; invariant 1. */
#ifndef HAL_LINUX_SECCOMP_H
#define HAL_LINUX_SECCOMP_H
#include "fsm/units.h"

enum { SECCOMP_VALUES_MAX = 4, SECCOMP_CHECKS_MAX = 2, SECCOMP_INSTRUCTIONS_MAX = 512 };

/* ONE_OF: the argument is one of the values. NO_BITS: it has none of the bits of the first. NULL: it is a null pointer. */
enum seccomp_test { SECCOMP_ONE_OF, SECCOMP_NO_BITS, SECCOMP_NULL };
struct seccomp_check { uint8_t argument, test, values; uint32_t value[SECCOMP_VALUES_MAX]; };
struct seccomp_row { uint32_t call, checks; struct seccomp_check check[SECCOMP_CHECKS_MAX]; };

/* As the kernel has it (struct sock_filter). */
struct seccomp_instruction { uint16_t code; uint8_t if_true, if_false; uint32_t value; };
struct seccomp_program { uint16_t length; struct seccomp_instruction instruction[SECCOMP_INSTRUCTIONS_MAX]; };

/* A list that gives more than SECCOMP_INSTRUCTIONS_MAX is bug 3804; a check without a value or of no argument 3805. */
void seccomp_build(struct seccomp_program *program, const struct seccomp_row *row, size_t rows);
/* For the rest of this process's life and its children's. False: this kernel, or what this process runs in, has no filters. */
bool seccomp_install(const struct seccomp_program *program);
/* Where the number of a refused call goes; until then, and in a child that sets its handlers anew, SIGSYS says nothing. */
void seccomp_catch(volatile uint32_t *word);
/* "connect", of the calls that a word can say more of than their number; "" for others. */
const char *seccomp_call_name(uint32_t call);

#endif
