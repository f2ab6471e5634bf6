/* loop.c - libev behind a few verbs, fed from an arena. */
#include "hal/linux/loop.h"

#include <signal.h>
#include <string.h>

#include <ev.h>

#include "hal/linux/clock.h"

enum { ARENA_RANKS = 20, ARENA_RANK_MIN_SHIFT = 5 };

/* A block is a power of two and remembers which in front of it; freed blocks wait in their rank for the next taker. */
struct block { size_t rank; struct block *next; };

struct watch { ev_io io; loop_ready_fn *fn; void *self; bool taken; };
/* due_ns, begun, owner: of a virtual loop; due_ns 0: at rest, begun: which of two that are due at once was set first. */
struct timer { ev_timer timer; loop_due_fn *fn; void *self; int64_t due_ns; uint64_t begun; int owner; bool taken; };

static _Alignas(16) uint8_t arena[LOOP_ARENA_BYTES];
static size_t               arena_used;
static struct block        *free_blocks[ARENA_RANKS];
static struct ev_loop      *loop;
static ev_signal            on_interrupt, on_terminate;
static ev_timer             alarm_clock;
static int                  stop_signal, owner_now;
static bool                 is_virtual;
static uint64_t             begun_n;
static int                  watches_most, timers_most;
static struct watch         watches[LOOP_WATCHES_MAX];
static struct timer         timers[LOOP_TIMERS_MAX];

static struct block *block_take(size_t rank)
{
	struct block *block = free_blocks[rank];
	size_t        bytes = (size_t)1 << (rank + ARENA_RANK_MIN_SHIFT);
	if (block) {
		free_blocks[rank] = block->next;
		return block;
	}
	BUG_UNLESS(3504, arena_used + bytes <= sizeof arena);
	block = (struct block *)(void *)(arena + arena_used);
	arena_used += bytes;
	block->rank = rank;
	return block;
}

static size_t rank_of(size_t bytes)
{
	size_t rank = 0;
	while (((size_t)1 << (rank + ARENA_RANK_MIN_SHIFT)) < bytes + sizeof(struct block)) rank++;
	BUG_UNLESS(3505, rank < ARENA_RANKS);
	return rank;
}

/* libev asks for realloc with size 0 as free. */
static void *arena_realloc(void *old, long bytes)
{
	struct block *before = old ? (struct block *)old - 1 : 0;
	void         *after = 0;
	if (bytes > 0) {
		struct block *block = block_take(rank_of((size_t)bytes));
		size_t        room = before ? ((size_t)1 << (before->rank + ARENA_RANK_MIN_SHIFT)) - sizeof *before : 0;
		after = block + 1;
		if (before) memcpy(after, old, room < (size_t)bytes ? room : (size_t)bytes);
	}
	if (before) {
		before->next = free_blocks[before->rank];
		free_blocks[before->rank] = before;
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

/* --- without a kernel --------------------------------------------------------------------------------------------- */

void loop_open_virtual(void)
{
	is_virtual = true;
	memset(timers, 0, sizeof timers);
}

void loop_owner(int owner) { owner_now = owner; }

void loop_drop(int owner)
{
	for (int i = 0; i < LOOP_TIMERS_MAX; i++)
		if (timers[i].taken && timers[i].owner == owner) timers[i].taken = false;
}

void loop_delay(int owner, int64_t until_ns)
{
	for (struct timer *at = timers; at < timers + LOOP_TIMERS_MAX; at++)
		if (at->taken && at->due_ns != 0 && at->owner == owner && at->due_ns < until_ns) at->due_ns = until_ns;
}

static struct timer *first_due(void)
{
	struct timer *first = 0;
	for (struct timer *at = timers; at < timers + LOOP_TIMERS_MAX; at++) {
		if (!at->taken || at->due_ns == 0) continue;
		if (!first || at->due_ns < first->due_ns || (at->due_ns == first->due_ns && at->begun < first->begun)) first = at;
	}
	return first;
}

int loop_next(int64_t *due_ns)
{
	const struct timer *first = first_due();
	*due_ns = first ? first->due_ns : INT64_MAX;
	return first ? first->owner : LOOP_NONE;
}

static void serve_first(void)
{
	struct timer *first = first_due();
	if (!first || first->due_ns > clock_monotonic_ns()) return;
	first->due_ns = 0;
	first->fn(first->self);
}

/* --- turning ------------------------------------------------------------------------------------------------------ */

static void run(int64_t sleep_ns, int how)
{
	if (is_virtual) {
		serve_first();
		return;
	}
	if (sleep_ns <= 0) {
		ev_run(loop, EVRUN_NOWAIT);
		return;
	}
	ev_now_update(loop);
	ev_timer_set(&alarm_clock, (double)sleep_ns / 1e9, 0.);
	ev_timer_start(loop, &alarm_clock);
	ev_run(loop, how);
	ev_timer_stop(loop, &alarm_clock);
}

void loop_turn(int64_t sleep_ns) { run(sleep_ns, 0); }

void loop_once(int64_t sleep_ns) { run(sleep_ns, EVRUN_ONCE); }

int loop_stop_signal(void) { return stop_signal; }

void loop_close(void)
{
	for (int i = 0; i < LOOP_WATCHES_MAX; i++) if (watches[i].taken) loop_watch_end(i);
	for (int i = 0; i < LOOP_TIMERS_MAX; i++) if (timers[i].taken) loop_timer_end(i);
	if (is_virtual) {
		is_virtual = false;
		return;
	}
	ev_loop_destroy(loop);
	loop = 0;
}

/* --- watches ------------------------------------------------------------------------------------------------------ */

static struct watch *watch_at(int watch)
{
	BUG_UNLESS(3500, watch >= 0 && watch < LOOP_WATCHES_MAX && watches[watch].taken);
	return &watches[watch];
}

static void on_ready(struct ev_loop *of, ev_io *io, int events)
{
	struct watch *watch = io->data;
	(void)of;
	watch->fn(watch->self, (events & EV_READ ? LOOP_READ : 0) | (events & EV_WRITE ? LOOP_WRITE : 0));
}

void loop_watch_for(int watch, int ready)
{
	struct watch *at = watch_at(watch);
	int           events = (ready & LOOP_READ ? EV_READ : 0) | (ready & LOOP_WRITE ? EV_WRITE : 0);
	if ((at->io.events & (EV_READ | EV_WRITE)) == events && ev_is_active(&at->io) == (events != 0)) return;
	ev_io_stop(loop, &at->io);
	ev_io_set(&at->io, at->io.fd, events);
	if (events) ev_io_start(loop, &at->io);
}

int loop_watches_most(void) { return watches_most; }

int loop_timers_most(void) { return timers_most; }

int loop_watch(int fd, int ready, loop_ready_fn *fn, void *self)
{
	int at = 0;
	while (at < LOOP_WATCHES_MAX && watches[at].taken) at++;
	if (at == LOOP_WATCHES_MAX) return LOOP_NONE;
	if (at >= watches_most) watches_most = at + 1;        /* the lowest free row is taken: none above was ever needed */
	watches[at] = (struct watch){ .fn = fn, .self = self, .taken = true };
	ev_io_init(&watches[at].io, on_ready, fd, 0);
	watches[at].io.data = &watches[at];
	loop_watch_for(at, ready);
	return at;
}

void loop_watch_end(int watch)
{
	struct watch *at = watch_at(watch);
	ev_io_stop(loop, &at->io);
	at->taken = false;
}

/* --- timers ------------------------------------------------------------------------------------------------------- */

static struct timer *timer_at(int timer)
{
	BUG_UNLESS(3501, timer >= 0 && timer < LOOP_TIMERS_MAX && timers[timer].taken);
	return &timers[timer];
}

static void on_due(struct ev_loop *of, ev_timer *timer, int events)
{
	struct timer *at = timer->data;
	(void)of;
	(void)events;
	at->fn(at->self);
}

int loop_timer(loop_due_fn *fn, void *self)
{
	int at = 0;
	while (at < LOOP_TIMERS_MAX && timers[at].taken) at++;
	if (at == LOOP_TIMERS_MAX) return LOOP_NONE;
	if (at >= timers_most) timers_most = at + 1;
	timers[at] = (struct timer){ .fn = fn, .self = self, .owner = owner_now, .taken = true };
	ev_init(&timers[at].timer, on_due);
	timers[at].timer.data = &timers[at];
	return at;
}

void loop_timer_start(int timer, int64_t after_ns)
{
	struct timer *at = timer_at(timer);
	if (is_virtual) {
		at->due_ns = clock_monotonic_ns() + e8_max(after_ns, 0);
		at->begun = ++begun_n;
		return;
	}
	ev_timer_stop(loop, &at->timer);
	ev_now_update(loop);
	ev_timer_set(&at->timer, (double)(after_ns > 0 ? after_ns : 0) / 1e9, 0.);
	ev_timer_start(loop, &at->timer);
}

void loop_timer_stop(int timer)
{
	struct timer *at = timer_at(timer);
	at->due_ns = 0;
	if (!is_virtual) ev_timer_stop(loop, &at->timer);
}

void loop_timer_end(int timer)
{
	loop_timer_stop(timer);
	timers[timer].taken = false;
}

size_t loop_arena_used(void) { return arena_used; }
