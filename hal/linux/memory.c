/* memory.c - the only caller of mprotect, and of mmap beside peek.c. */
#include "hal/linux/memory.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>

/* The advice has the same number everywhere, and is younger than some C libraries. */
enum { PAGE_BYTES = 4096, ADVICE_POPULATE_READ = 22, ADVICE_POPULATE_WRITE = 23 };

/* The end of BOOT: what is taken stays, and nothing more is. */
static bool is_sealed;

void memory_seal(void) { is_sealed = true; }

static void *kept(void *at) { return at == MAP_FAILED ? 0 : at; }

void *memory_take(size_t bytes)
{
	BUG_UNLESS(3800, !is_sealed);
	return kept(mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

void *memory_take_whole(size_t bytes)
{
	void *at = memory_take(bytes);
	if (at) memory_touch_own(at, bytes);
	return at;
}

void *memory_take_dense(size_t bytes)
{
	void *at = memory_take(bytes);
	if (at) (void)madvise(at, bytes, MADV_HUGEPAGE); /* a kernel without them gives small ones */
	return at;
}

void *memory_share_at(uintptr_t address, size_t bytes)
{
	void *wanted = (void *)address;
	BUG_UNLESS(3801, !is_sealed);
	void *at = kept(mmap(wanted, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0));
	if (!at || at == wanted) return at;
	munmap(at, bytes); /* a kernel that does not know MAP_FIXED_NOREPLACE takes it as a hint */
	return 0;
}

void memory_give(void *at, size_t bytes)
{
	BUG_UNLESS(3802, !is_sealed);
	munmap(at, bytes);
}

bool memory_read_only(void *at, size_t bytes)
{
	BUG_UNLESS(3803, !is_sealed);
	return mprotect(at, bytes, PROT_READ) == 0;
}

bool memory_writable(void *at, size_t bytes)
{
	BUG_UNLESS(3806, !is_sealed);
	return mprotect(at, bytes, PROT_READ | PROT_WRITE) == 0;
}

/* Of the pages that these bytes lie in: all at once, where the kernel can (Linux 5.14). */
static bool populate(const void *at, size_t bytes, int how)
{
	uintptr_t from = (uintptr_t)at & ~(uintptr_t)(PAGE_BYTES - 1);
	return madvise((void *)from, (uintptr_t)at + bytes - from, how) == 0;
}

__attribute__((no_sanitize("address"))) void memory_touch(const void *at, size_t bytes)
{
	uintptr_t from = (uintptr_t)at & ~(uintptr_t)(PAGE_BYTES - 1), end = (uintptr_t)at + bytes;
	if (populate(at, bytes, ADVICE_POPULATE_READ)) return;
	for (; from < end; from += PAGE_BYTES) (void)*(const volatile uint8_t *)from;
}

__attribute__((no_sanitize("address"))) void memory_touch_own(void *at, size_t bytes)
{
	uintptr_t from = (uintptr_t)at & ~(uintptr_t)(PAGE_BYTES - 1), end = (uintptr_t)at + bytes;
	if (populate(at, bytes, ADVICE_POPULATE_WRITE)) return;
	for (; from < end; from += PAGE_BYTES) {
		volatile uint8_t *byte = (volatile uint8_t *)from;
		*byte = *byte;
	}
}

void memory_empty(void *at, size_t bytes)
{
	uintptr_t from = ((uintptr_t)at + PAGE_BYTES - 1) & ~(uintptr_t)(PAGE_BYTES - 1), end = ((uintptr_t)at + bytes) & ~(uintptr_t)(PAGE_BYTES - 1);
	BUG_UNLESS(3900, !is_sealed);
	if (from < end && madvise((void *)from, end - from, MADV_REMOVE) != 0) (void)madvise((void *)from, end - from, MADV_DONTNEED);
}

void memory_touch_program(void)
{
	const ElfW(Phdr) *segment = (const ElfW(Phdr) *)getauxval(AT_PHDR);
	for (unsigned long i = 0; segment && i < getauxval(AT_PHNUM); i++) {
		uintptr_t from = segment[i].p_vaddr & ~(uintptr_t)(PAGE_BYTES - 1);
		size_t    bytes = segment[i].p_vaddr + segment[i].p_memsz - from;
		if (segment[i].p_type != PT_LOAD) continue;
		if (segment[i].p_flags & PF_W) memory_touch_own((void *)from, bytes);
		else memory_touch((const void *)from, bytes);
	}
}
