/* control_kit.h - an appliance without workers: its map as a file, and a child that is watchdog and desk in one. */
#ifndef TESTS_UNIT_FIRMWARE_CONTROL_KIT_H
#define TESTS_UNIT_FIRMWARE_CONTROL_KIT_H
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "firmware/attach.h"
#include "firmware/memory_map.h"
#include "firmware/operator_desk.h"
#include "firmware/operator_file.h"
#include "firmware/trade_mode.h"
#include "fsm/care/process.h"
#include "fsm/risk/ladder.h"
#include "fsm/risk/stop.h"
#include "hal/linux/clock.h"
#include "hal/linux/lock.h"
#include "tests/kit/test.h"

#define KIT_MARKET_NS ((int64_t)day_from_civil(2020, 3, 16) * NS_PER_DAY + 14 * 3600 * NS_PER_S)

/* HOME/map, zeroed and not yet stamped, mapped for writing. */
static inline struct memory_map *kit_map(const char *home)
{
	char path[512];
	snprintf(path, sizeof path, "%s/map", home);
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	BUG_UNLESS(4290, fd >= 0 && ftruncate(fd, (off_t)sizeof(struct memory_map)) == 0);
	struct memory_map *map = mmap(0, sizeof *map, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	BUG_UNLESS(4291, map != MAP_FAILED);
	close(fd);
	return map;
}

static inline void kit_stamp(struct memory_map *map, int32_t pid)
{
	attach_stamp(map, &(struct map_maker){ clock_monotonic_ns(), pid, TRADE_PAPER, "appliance", "alpaca" });
}

static inline void kit_process(struct memory_map *map, uint32_t row, const char *name, uint32_t state, int32_t pid, uint32_t restarts)
{
	struct process_life *life = &map->life->of[row];
	snprintf(life->name, sizeof life->name, "%s", name);
	life->state = state;
	life->pid = pid;
	life->restarts = life->deaths = restarts;
	life->since_ns = life->spawned_ns = clock_monotonic_ns() - 65 * NS_PER_S;
}

static inline void kit_account(struct memory_map *map, const struct account_note *account)
{
	struct event event = event_make(EVENT_ACCOUNT, SYM_NONE, KIT_MARKET_NS);
	event.account = *account;
	cell_write(map->account, &event);
}

/* It came into force, for the book or a symbol. */
static inline void kit_cause(struct memory_map *map, enum cause_id cause, uint16_t sym)
{
	struct event event = event_make(EVENT_CAUSE, sym, KIT_MARKET_NS);
	event.change = (struct cause_note){ .since_ns = KIT_MARKET_NS, .cause = (uint8_t)cause, .in_force = 1, .action = cause_table[cause].action };
	cell_write(&map->causes[cause_place(cause, sym)], &event);
}

static inline void kit_correlation(struct memory_map *map)
{
	struct event event = event_make(EVENT_CORRELATION, SYM_NONE, KIT_MARKET_NS);
	event.correlation = (struct correlation_note){ .average_e8 = 43000000, .lowest_e8 = -20000000, .highest_e8 = 95000000,
		.pairs_above = 12, .highest_a = 0, .highest_b = 1, .assets = 9 };
	cell_write(map->correlation, &event);
}

static inline void kit_order(struct memory_map *map, uint32_t slot, uint64_t order_id, uint16_t sym, uint8_t state)
{
	struct event event = event_make(EVENT_ORDER, sym, KIT_MARKET_NS);
	event.order = (struct order_note){ .order_id = order_id, .qty_e8 = 25 * E8, .filled_qty_e8 = 5 * E8, .average_px_e8 = 43125 * E8 / 100,
		.limit_px_e8 = slot % 2 ? 431 * E8 : 0, .state = state, .side = SIDE_BUY, .order_type = slot % 2 ? ORDER_TYPE_LIMIT : ORDER_TYPE_MARKET,
		.time_in_force = TIF_DAY };
	cell_write(&map->orders[slot], &event);
}

static inline void kit_position(struct memory_map *map, uint16_t sym, int64_t qty, uint32_t stop_state)
{
	struct event event = event_make(EVENT_POSITION, sym, KIT_MARKET_NS);
	event.position = (struct position_note){ .qty_e8 = qty * E8, .cost_usd_e8 = qty * 100 * E8, .px_e8 = 95 * E8, .stop_state = stop_state };
	cell_write(&map->positions[sym], &event);
}

static inline void kit_fill(struct memory_map *map, uint32_t slot, uint64_t cause, uint16_t sym)
{
	struct event event = event_make(EVENT_FILL, sym, KIT_MARKET_NS);
	event.cause = cause;
	event.fill = (struct fill){ .order_id = cause << 8, .execution_id = cause, .qty_e8 = 5 * E8, .px_e8 = 43125 * E8 / 100, .fee_usd_e8 = E8 / 4,
		.side = SIDE_SELL };
	cell_write(&map->fills[slot], &event);
}

/* A writer that died inside. */
static inline void kit_break(struct event_cell *cell) { cell->lock.version |= 1; }

/* A child that runs fn(self) until it is killed, and dies with us. */
static inline pid_t kit_child(void (*fn)(void *self), void *self)
{
	int   ready[2];
	char  byte = 0;
	pid_t parent = getpid();
	BUG_UNLESS(4292, pipe(ready) == 0);
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent) _exit(1);
		close(ready[0]);
		dup2(ready[1], 99);
		fn(self);
		_exit(0);
	}
	close(ready[1]);
	BUG_UNLESS(4293, read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	return child;
}
static inline void kit_ready(void) { BUG_UNLESS(4294, write(99, "!", 1) == 1); }
static inline void kit_kill(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, 0, 0);
}

/* The watchdog holds the lock, takes commands out of the box and appends them; with `trades` it is the desk as well. */
struct kit_watchdog { const char *home; struct memory_map *map; bool trades, takes; };

static inline void kit_take(struct kit_watchdog *watchdog)
{
	static uint64_t         called;
	struct operator_request request;
	struct operator_desk   *requests = watchdog->map->requests, *calls = watchdog->map->calls;
	if (!watchdog->takes) return;
	if (called < calls->count) request = calls->ring[called++ % OPERATOR_RING];
	else if (operator_file_read(watchdog->home, &request) != OPERATOR_FILE_OK) return;
	request.seq = requests->count + 1;
	requests->ring[requests->count % OPERATOR_RING] = request;
	__atomic_store_n(&requests->count, request.seq, __ATOMIC_RELEASE);
}

static inline void kit_trade(struct kit_watchdog *watchdog, struct operator_turn *turn)
{
	struct event event, now;
	uint64_t     bits = 0;
	char         sentence[OPERATOR_TEXT_BYTES];
	if (!watchdog->trades || !random_u64(&bits)) return;
	if (!operator_turn(turn, watchdog->map->requests, watchdog->map->answers, clock_monotonic_ns(), bits, &event)) return;
	BUG_UNLESS(4295, cell_read(watchdog->map->account, &now));
	struct account_note before = now.account, after = before;
	if (event.instruction.command == OPERATOR_RESUME) after.halted = after.paused = 0;
	if (event.instruction.command == OPERATOR_HALT || event.instruction.command == OPERATOR_FLATTEN) after.halted = 1;
	if (event.instruction.command == OPERATOR_PAUSE) after.paused = 1;
	if (event.instruction.command == OPERATOR_CONFIRM && before.ladder_state == LADDER_READY) after.ladder_state = LADDER_RECOVERY;
	kit_account(watchdog->map, &after);
	enum operator_outcome outcome = operator_judge(&event.instruction, &before, &after, sentence);
	operator_answered(turn, watchdog->map->answers, clock_monotonic_ns(), outcome, sentence);
}

static inline void kit_release(struct kit_watchdog *watchdog)
{
	for (uint32_t row = 0; row < LIFE_ROWS; row++)
		if (watchdog->map->life->of[row].state == PROCESS_HELD) watchdog->map->life->of[row].state = PROCESS_BACKOFF;
}

static inline void kit_watch(void *self)
{
	struct kit_watchdog *watchdog = self;
	struct operator_turn turn = { 0 };
	int                  holder, lock_fd;
	sigset_t             set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, 0);
	BUG_UNLESS(4296, lock_take(watchdog->home, &holder, &lock_fd) == LOCK_OK);
	kit_stamp(watchdog->map, getpid());
	watchdog->map->life->pid = getpid();
	watchdog->map->life->turn_ns = clock_monotonic_ns();
	kit_ready();
	for (;;) {
		struct timespec pause = { 0, 5000000 };
		int             word = sigtimedwait(&set, 0, &pause);
		if (word == SIGUSR1) kit_take(watchdog);        /* only when woken: the signal is part of what is tested */
		if (word == SIGUSR2) kit_release(watchdog);
		kit_trade(watchdog, &turn);
	}
}

#endif
