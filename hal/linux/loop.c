/* loop.c - libev behind four verbs, fed from an arena. */
#include "hal/linux/loop.h"

#include <signal.h>
#include <string.h>

#include <ev.h>

enum { ARENA_CLASSES = 20, ARENA_CLASS_MIN_SHIFT = 5 };

/* A block is a power of two and remembers its class in front of it; freed blocks wait in their class for the next taker. */
struct block { size_t size_class; struct block *next; };

static _Alignas(16) uint8_t arena[LOOP_ARENA_BYTES];
static size_t               arena_used;
static struct block        *free_blocks[ARENA_CLASSES];
static struct ev_loop      *loop;
static ev_signal            on_interrupt, on_terminate;
static ev_timer             alarm_clock;
static int                  stop_signal;

static struct block *block_take(size_t size_class)
{
	struct block *block = free_blocks[size_class];
	size_t        bytes = (size_t)1 << (size_class + ARENA_CLASS_MIN_SHIFT);
	if (block) {
		free_blocks[size_class] = block->next;
		return block;
	}
	BUG_UNLESS(3070, arena_used + bytes <= sizeof arena);
	block = (struct block *)(void *)(arena + arena_used);
	arena_used += bytes;
	block->size_class = size_class;
	return block;
}

static size_t class_of(size_t bytes)
{
	size_t size_class = 0;
	while (((size_t)1 << (size_class + ARENA_CLASS_MIN_SHIFT)) < bytes + sizeof(struct block)) size_class++;
	BUG_UNLESS(3071, size_class < ARENA_CLASSES);
	return size_class;
}

/* libev asks for realloc with size 0 as free. */
static void *arena_realloc(void *old, long bytes)
{
	struct block *before = old ? (struct block *)old - 1 : 0;
	void         *after = 0;
	if (bytes > 0) {
		struct block *block = block_take(class_of((size_t)bytes));
		size_t        room = before ? ((size_t)1 << (before->size_class + ARENA_CLASS_MIN_SHIFT)) - sizeof *before : 0;
		after = block + 1;
		if (before) memcpy(after, old, room < (size_t)bytes ? room : (size_t)bytes);
	}
	if (before) {
		before->next = free_blocks[before->size_class];
		free_blocks[before->size_class] = before;
	}
	return after;
}

static void on_signal(struct ev_loop *of, ev_signal *watcher, int events)
{
	(void)events;
	stop_signal = watcher->signum;
	ev_signal_stop(of, watcher);        /* a second one takes the default way */
	ev_break(of, EVBREAK_ALL);
}

static void on_alarm(struct ev_loop *of, ev_timer *watcher, int events)
{
	(void)watcher;
	(void)events;
	ev_break(of, EVBREAK_ALL);
}

bool loop_open(void)
{
	ev_set_allocator(arena_realloc);
	loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
	if (!loop) return false;
	ev_signal_init(&on_interrupt, on_signal, SIGINT);
	ev_signal_init(&on_terminate, on_signal, SIGTERM);
	ev_init(&alarm_clock, on_alarm);
	ev_signal_start(loop, &on_interrupt);
	ev_signal_start(loop, &on_terminate);
	return true;
}

void loop_turn(int64_t sleep_ns)
{
	if (sleep_ns <= 0) {
		ev_run(loop, EVRUN_NOWAIT);
		return;
	}
	ev_now_update(loop);
	ev_timer_set(&alarm_clock, (double)sleep_ns / 1e9, 0.);
	ev_timer_start(loop, &alarm_clock);
	ev_run(loop, 0);
	ev_timer_stop(loop, &alarm_clock);
}

int loop_stop_signal(void) { return stop_signal; }

void loop_close(void)
{
	ev_loop_destroy(loop);
	loop = 0;
}

size_t loop_arena_used(void) { return arena_used; }
