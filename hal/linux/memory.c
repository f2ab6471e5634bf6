/* memory.c - the only caller of mprotect, and of mmap beside peek.c. */
#include "hal/linux/memory.h"

#include <sys/mman.h>

static void *kept(void *at) { return at == MAP_FAILED ? 0 : at; }

void *memory_take(size_t bytes) { return kept(mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)); }

void *memory_take_dense(size_t bytes)
{
	void *at = memory_take(bytes);
	if (at) (void)madvise(at, bytes, MADV_HUGEPAGE);        /* a kernel without them gives small ones */
	return at;
}

void *memory_share_at(uintptr_t address, size_t bytes)
{
	void *wanted = (void *)address;
	void *at = kept(mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
	if (!at || at == wanted) return at;
	munmap(at, bytes);        /* a kernel that does not know MAP_FIXED_NOREPLACE takes it as a hint */
	return 0;
}

void memory_give(void *at, size_t bytes) { munmap(at, bytes); }

bool memory_read_only(void *at, size_t bytes) { return mprotect(at, bytes, PROT_READ) == 0; }
