/* stack.c - find its end, touch it down to the declared size, hold it there, paint. */
#include "hal/linux/stack.h"

#include <string.h>
#include <sys/auxv.h>
#include <sys/resource.h>

enum { PAGE_BYTES = 4096,
	OWN_FRAME_BYTES = 512 }; /* frame: of the painter itself, red zone and spilled registers included */
#define PAINT UINT64_C(0x5ea1ed5ea1ed5ea1)

static uintptr_t low, end; /* 0 before stack_take */

/* The path of the program is the last thing that the kernel lays on a stack; a word of zeros ends it. */
static uintptr_t find_end(void)
{
	const char *path = (const char *)getauxval(AT_EXECFN);
	uintptr_t after = path ? (uintptr_t)path + strlen(path) + 1 + sizeof(uint64_t) : 0;
	return (after + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

/* Calls nothing: a callee's frame would lie where it writes. From above: on its way the kernel gives page after page. */
__attribute__((noinline, no_sanitize("address"))) void stack_paint(void)
{
	uintptr_t from = ((uintptr_t)__builtin_frame_address(0) - OWN_FRAME_BYTES) & ~(uintptr_t)7;
	if (low)
		for (volatile uint64_t *word = (volatile uint64_t *)from; (uintptr_t)word > low;) *--word = PAINT;
}

__attribute__((noinline)) bool stack_take(size_t bytes)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0), at = find_end();
	struct rlimit limit = { bytes, bytes };
	if (here >= at || at < bytes || at - bytes + STACK_FREE_MIN_BYTES > here || setrlimit(RLIMIT_STACK, &limit) != 0) return false;
	end = at;
	low = at - bytes;
	stack_paint();
	return true;
}

size_t stack_bytes(void) { return end - low; }

__attribute__((no_sanitize("address"))) size_t stack_low_water(void)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);
	const volatile uint64_t *word = (const volatile uint64_t *)low;
	if (!low) return 0;
	while ((uintptr_t)word < here && *word == PAINT) word++;
	return (uintptr_t)word - low;
}
