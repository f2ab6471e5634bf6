/* seqlock_test.c - a reader of another process gets a whole record or STALE, never a torn one (P6). */
#include "fsm/seqlock.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/kit/test.h"

enum { WORDS = 64, WRITES = 1000000 };

struct record { uint64_t word[WORDS]; };
struct shared { struct seqlock lock; struct record record; volatile uint64_t done; };

static struct shared *make_shared(void)
{
	struct shared *shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) SKIP("no shared memory");
	return shared;
}

static void write_number(struct shared *shared, uint64_t number)
{
	struct record record;
	for (size_t i = 0; i < WORDS; i++) record.word[i] = number * (i + 1);
	seqlock_write(&shared->lock, &shared->record, &record, sizeof record);
}

static bool is_whole(const struct record *record)
{
	for (size_t i = 0; i < WORDS; i++)
		if (record->word[i] != record->word[0] * (i + 1)) return false;
	return true;
}

static void write_all(struct shared *shared)
{
	for (uint64_t i = 1; i <= WRITES; i++) write_number(shared, i);
	shared->done = 1;
	_exit(0);
}

TEST(t_P6_no_torn_read_in_a_million_writes)
{
	struct shared *shared = make_shared();
	uint64_t       reads = 0, torn = 0, backwards = 0, last = 0;
	pid_t          writer = fork();
	if (writer == 0) write_all(shared);
	while (!shared->done) {
		struct record copy;
		if (!seqlock_read(&shared->lock, &copy, &shared->record, sizeof copy)) continue;
		reads++;
		torn += !is_whole(&copy);
		backwards += copy.word[0] < last;
		last = copy.word[0];
	}
	waitpid(writer, 0, 0);
	CHECK(reads > 0);
	CHECK_EQ(torn, 0);
	CHECK_EQ(backwards, 0);
	struct record copy;
	CHECK(seqlock_read(&shared->lock, &copy, &shared->record, sizeof copy));
	CHECK_EQ(copy.word[0], WRITES);
	CHECK_EQ(shared->lock.version, 2 * WRITES);
}

TEST(t_P6_a_writer_dead_inside_makes_stale_after_bounded_tries_and_repair_ends_it)
{
	struct shared *shared = make_shared();
	struct record  copy;
	write_number(shared, 1);
	CHECK(!seqlock_is_torn(&shared->lock));
	shared->lock.version++;        /* died inside */
	CHECK(!seqlock_read(&shared->lock, &copy, &shared->record, sizeof copy));
	CHECK(seqlock_is_torn(&shared->lock));        /* until it is repaired, however often one looks */
	seqlock_repair(&shared->lock);
	CHECK(!seqlock_is_torn(&shared->lock));
	seqlock_repair(&shared->lock);
	CHECK_EQ(shared->lock.version, 4);
	write_number(shared, 2);
	CHECK(seqlock_read(&shared->lock, &copy, &shared->record, sizeof copy));
	CHECK_EQ(copy.word[0], 2);
}

static void write_without_repair(void)
{
	struct shared *shared = make_shared();
	shared->lock.version = 1;
	write_number(shared, 1);
}

TEST(t_P6_a_successor_that_does_not_repair_traps) { CHECK_BUG(write_without_repair, 1120); }
