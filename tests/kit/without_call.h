/* without_call.h - a kernel that does not know one system call, for what has a second way: in a test's own child, for good. */
#ifndef TESTS_KIT_WITHOUT_CALL_H
#define TESTS_KIT_WITHOUT_CALL_H
#include <errno.h>
#include <stdint.h>
#include <sys/prctl.h>

#include "tests/kit/test.h"

/* A filter of seccomp(2), spelled out: load the number; this one answers the error, any other goes through. */
static inline void without_call(long number, int error)
{
	enum { LOAD = 0x20, JUMP_IF_EQUAL = 0x15, RETURN = 0x06, REFUSE = 0x00050000, ALLOW = 0x7fff0000, MODE_FILTER = 2 };
	struct step { uint16_t code; uint8_t if_true, if_false; uint32_t value; };
	struct step step[] = { { LOAD, 0, 0, 0 }, { JUMP_IF_EQUAL, 0, 1, (uint32_t)number }, { RETURN, 0, 0, (uint32_t)(REFUSE | error) },
		{ RETURN, 0, 0, ALLOW } };
	struct { uint16_t steps; struct step *step; } filter = { sizeof step / sizeof *step, step };
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, MODE_FILTER, &filter) != 0) SKIP("this kernel has no filters of system calls");
}

#endif
