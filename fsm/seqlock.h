/* seqlock.h - records that one process writes and others copy out whole.
 *
 * The version is odd while the writer is inside. A reader copies and looks again: SEQLOCK_TRIES_MAX times, then the record is STALE,
 * which is an event, not an error. A writer that died inside leaves the version odd; its successor calls seqlock_repair first,
 * and the caller marks the record invalid. Row P6. */
#ifndef FSM_SEQLOCK_H
#define FSM_SEQLOCK_H
#include <string.h>

#include "fsm/units.h"

enum { SEQLOCK_TRIES_MAX = 64 };

struct seqlock { uint64_t version; };

static inline void seqlock_write(struct seqlock *lock, void *target, const void *source, size_t bytes)
{
	uint64_t version = lock->version;
	BUG_UNLESS(1120, (version & 1) == 0);
	__atomic_store_n(&lock->version, version + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);        /* the odd version is seen before any byte of the record */
	memcpy(target, source, bytes);
	__atomic_store_n(&lock->version, version + 2, __ATOMIC_RELEASE);
}

/* False: STALE, the copy is not to be used. */
static inline bool seqlock_read(const struct seqlock *lock, void *target, const void *source, size_t bytes)
{
	for (int i = 0; i < SEQLOCK_TRIES_MAX; i++) {
		uint64_t before = __atomic_load_n(&lock->version, __ATOMIC_ACQUIRE);
		memcpy(target, source, bytes);
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		uint64_t after = __atomic_load_n(&lock->version, __ATOMIC_RELAXED);
		if (before == after && (before & 1) == 0) return true;
	}
	return false;
}

/* By the successor of a dead writer: the record is half written. It writes it INVALID, and then repairs the lock: if it dies in between, the
 * next one finds it torn again. */
static inline bool seqlock_is_torn(const struct seqlock *lock) { return lock->version & 1; }
static inline void seqlock_repair(struct seqlock *lock)
{
	if (seqlock_is_torn(lock)) __atomic_store_n(&lock->version, lock->version + 1, __ATOMIC_RELEASE);
}

#endif
