/* resident.h - are the pages that lie whole in these bytes in memory: all, or none of them? */
#ifndef TESTS_KIT_RESIDENT_H
#define TESTS_KIT_RESIDENT_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

static inline bool pages_are(const void *at, size_t bytes, bool resident)
{
	uintptr_t from = ((uintptr_t)at + 4095) & ~(uintptr_t)4095, end = ((uintptr_t)at + bytes) & ~(uintptr_t)4095;
	bool      ok = from < end;
	for (unsigned char there = 0; from < end; from += 4096) ok = mincore((void *)from, 4096, &there) == 0 && (there & 1) == resident && ok;
	return ok;
}

#endif
