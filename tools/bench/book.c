/* book.c - a reader's copy of an order book under its seqlock, beside memcpy of the same bytes. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "firmware/memory_map.h"
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

enum { BOOK_TURNS = 301, COPIES = 1000, WRITE_EVERY_NS = 1000 };
static const double book_goal = 1.2;

static double plain_ns(const struct book_cell *cell, struct book *into)
{
	double begun_ns = now_ns();
	for (int i = 0; i < COPIES; i++) {
		memcpy(into, &cell->book, sizeof *into);
		__asm__ volatile("" ::"r"(into) : "memory");        /* the copy is wanted */
	}
	return (now_ns() - begun_ns) / COPIES;
}

static double locked_ns(const struct book_cell *cell, struct book *into, uint64_t *stale)
{
	double begun_ns = now_ns();
	for (int i = 0; i < COPIES; i++) {
		*stale += !seqlock_read(&cell->lock, into, &cell->book, sizeof *into);
		__asm__ volatile("" ::"r"(into) : "memory");
	}
	return (now_ns() - begun_ns) / COPIES;
}

_Noreturn static void write_for_ever(struct book_cell *cell)
{
	static struct book book;
	if (!pin_to(1)) _exit(1);
	for (double due_ns = now_ns();; due_ns += WRITE_EVERY_NS) {
		while (now_ns() < due_ns) {}
		book.sequence++;
		seqlock_write(&cell->lock, &cell->book, &book, sizeof book);
	}
}

static void measure(struct book_cell *cell, struct series *plain, struct series *locked, uint64_t *stale)
{
	static struct book into;
	for (int i = 0; i < BOOK_TURNS; i++) {
		series_add(plain, plain_ns(cell, &into));
		series_add(locked, locked_ns(cell, &into, stale));
	}
	keep(into.sequence);
}

void bench_book(const struct bench *bench)
{
	static struct series plain, locked, plain_busy, locked_busy;
	struct book_cell    *cell = shared_memory(sizeof *cell);
	uint64_t             stale = 0;
	(void)bench;
	if (!pin_to(0)) give_up("cannot pin to", "core 0");
	measure(cell, &plain, &locked, &stale);
	report(&(struct row){ "book read, 50 x 2 levels", "ns", series_median(&locked), "memcpy of 2,448 bytes", series_median(&plain), GOAL_OF_RATIO, book_goal,
	    "301 turns of 1,000" });
	pid_t writer = fork();
	if (writer < 0) give_up("no process for", "the writer of a book");
	if (writer == 0) write_for_ever(cell);
	uint64_t version = __atomic_load_n(&cell->lock.version, __ATOMIC_ACQUIRE);
	double   begun_ns = now_ns();
	measure(cell, &plain_busy, &locked_busy, &stale);
	double writes = (double)(__atomic_load_n(&cell->lock.version, __ATOMIC_ACQUIRE) - version) / 2;
	char   how[96];
	snprintf(how, sizeof how, "%.2f M writes/s from the other core; %llu of %d reads STALE", writes * 1e3 / (now_ns() - begun_ns), (unsigned long long)stale,
	    BOOK_TURNS * COPIES);
	kill(writer, SIGKILL);
	waitpid(writer, 0, 0);
	report(&(struct row){
	    "book read, being written", "ns", series_median(&locked_busy), "memcpy of the same, torn", series_median(&plain_busy), GOAL_NONE, 0, how });
}
