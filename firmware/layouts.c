/* layouts.c - the tables of layouts.h as rows, and what must hold of each. */
#include "firmware/layouts.h"

#include <string.h>

#define AFTER(worker) (1u << WORKER_##worker)
#define WORKER_ROW(worker, rights, back, follows, what) { #worker, what, (rights), (follows), COMES_BACK_##back },
const struct worker_row workers[WORKERS_N] = { WORKERS(WORKER_ROW) };

#define TRADES(worker, rights, back, follows, what) +(((rights)&RIGHT_TRADE) != 0)
_Static_assert((0 WORKERS(TRADES)) == 1, "X1: exactly one worker may trade");

#define NO_PLACE(layout, worker, process)
#define NO_PROCESS(layout, process)
#define COUNT_PROCESS(layout, process) +1
#define COUNT_PLACE(layout, worker, process) +1
#define COUNT_DESK(layout, worker, process) +(WORKER_##worker == WORKER_desk)
#define COUNT_LEDGER(layout, worker, process) +(WORKER_##worker == WORKER_ledger)
#define PROCESS_ID(layout, process) layout##_process_##process,
#define PLACE_PROOF(layout, worker, process) layout##_##worker##_in_##process = layout##_process_##process,

/* Each process named once, each place in a process of its own layout, one desk, one ledger, not too many. */
#define LAYOUT_PROOF(name, what)                                                                                               \
	enum { LAYOUT_##name(PROCESS_ID, NO_PLACE) name##_processes_n };                                                        \
	enum { LAYOUT_##name(NO_PROCESS, PLACE_PROOF) name##_places_end };                                                      \
	_Static_assert((0 LAYOUT_##name(COUNT_PROCESS, NO_PLACE)) <= LAYOUT_PROCESSES_MAX, #name ": at most 8 processes");      \
	_Static_assert((0 LAYOUT_##name(NO_PROCESS, COUNT_PLACE)) <= LAYOUT_PLACES_MAX, "raise LAYOUT_PLACES_MAX");             \
	_Static_assert((0 LAYOUT_##name(NO_PROCESS, COUNT_DESK)) == 1, #name ": exactly one desk, one process trades");         \
	_Static_assert((0 LAYOUT_##name(NO_PROCESS, COUNT_LEDGER)) == 1, #name ": exactly one ledger");
LAYOUTS(LAYOUT_PROOF)
_Static_assert((0 LAYOUT_appliance(COUNT_PROCESS, NO_PLACE)) <= APPLIANCE_PROCESSES_MAX, "document 00: five processes at most");

#define PLACE_ROW(layout, worker, process) { #process, WORKER_##worker },
#define LAYOUT_ROW(name, what)                                                                                                 \
	{ #name, what, 0 LAYOUT_##name(COUNT_PROCESS, NO_PLACE), 0 LAYOUT_##name(NO_PROCESS, COUNT_PLACE),                       \
		LAYOUT_##name##_id == LAYOUT_single_id || LAYOUT_##name##_id == LAYOUT_appliance_id, { LAYOUT_##name(NO_PROCESS, PLACE_ROW) } },
const struct layout layouts[LAYOUTS_N] = { LAYOUTS(LAYOUT_ROW) };

const struct layout *layout_find(const char *name)
{
	for (size_t i = 0; i < LAYOUTS_N; i++)
		if (strcmp(layouts[i].name, name) == 0) return &layouts[i];
	return 0;
}

bool layout_places(const struct layout *layout, enum worker_id worker)
{
	for (size_t i = 0; i < layout->places; i++)
		if (layout->place[i].worker == worker) return true;
	return false;
}
