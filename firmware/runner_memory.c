/* runner_memory.c - what a process takes in BOOT for its workers, and that all of it is in memory before it works: later no page comes. */
#include <stdio.h>

#include "firmware/runner.h"
#include "hal/linux/memory.h"

static bool take(bool is_needed, void **at, size_t bytes)
{
	*at = is_needed ? memory_take(bytes) : 0;
	return *at || !is_needed;
}

bool runner_memory_take(struct runner *runner)
{
	uint32_t placed = runner->plan->placed[runner->row];
	void *home, *ledger, *console;
	bool good = take(placed >> WORKER_desk & 1, &home, sizeof *runner->home);
	good = take(placed >> WORKER_ledger & 1, &ledger, sizeof *runner->ledger) && good;
	good = take(placed >> WORKER_feed & 1, &console, sizeof *runner->console) && good;
	runner->home = home;
	runner->ledger = ledger;
	runner->console = console;
	if (!good) (void)snprintf(runner->sentence, sizeof runner->sentence, "the kernel has no memory for this process");
	return good;
}

void runner_memory_give(struct runner *runner)
{
	if (runner->home) memory_give(runner->home, sizeof *runner->home);
	if (runner->ledger) memory_give(runner->ledger, sizeof *runner->ledger);
	if (runner->console) memory_give(runner->console, sizeof *runner->console);
	memory_give(runner, sizeof *runner);
}

/* The rooms of workers that live elsewhere stay memory that nobody has paid for. */
static void touch_rooms(struct worker_rooms *rooms, uint32_t placed)
{
	if (placed >> WORKER_feed & 1) memory_touch_own(&rooms->feed, sizeof rooms->feed);
	if (placed >> WORKER_context & 1) memory_touch_own(&rooms->context, sizeof rooms->context);
	if (placed >> WORKER_analyst & 1) memory_touch_own(&rooms->analyst, sizeof rooms->analyst);
	if (placed >> WORKER_health & 1) memory_touch_own(&rooms->health, sizeof rooms->health);
	if (placed >> WORKER_desk & 1) memory_touch_own(&rooms->desk, sizeof rooms->desk);
	memory_touch_own(&rooms->log, sizeof rooms->log);
}

/* The way back is over: what was read through, and the desk that it led to, which is the worker's now, go back. */
static void touch_home(struct home *home)
{
	memory_empty(&home->desk, sizeof home->desk);
	memory_empty(home->window, sizeof home->window);
	memory_touch_own(home, offsetof(struct home, desk));
	memory_touch_own(&home->log, offsetof(struct home, window) - offsetof(struct home, log));
	memory_touch_own(home->buffer, sizeof home->buffer);
}

static void touch_parts(const struct runner *runner)
{
	if (runner->home) touch_home(runner->home);
	if (runner->ledger) memory_touch_own(runner->ledger, sizeof *runner->ledger);
	if (runner->console) memory_touch_own(runner->console, sizeof *runner->console);
	runner_venue_touch(runner);
}

/* What is shared is read only: another may be writing it. */
void runner_memory_touch(struct runner *runner)
{
	const struct runner_plan *plan = runner->plan;
	uint8_t *after = (uint8_t *)&runner->rooms + sizeof runner->rooms, *end = (uint8_t *)(runner + 1);
	bool has_bars = plan->venue.kind == VENUE_KIND_SIM && (plan->placed[runner->row] & (1u << WORKER_feed | 1u << WORKER_desk));
	memory_touch_program();
	map_touch(plan->map, plan->all | 1u << WORKER_watchdog);
	memory_touch_own(runner, offsetof(struct runner, rooms));
	touch_rooms(&runner->rooms, plan->placed[runner->row]);
	memory_touch_own(after, (size_t)(end - after));
	touch_parts(runner);
	trading_touch(plan->trading, has_bars); /* the market, and the paper venue that fills at its bars */
}
