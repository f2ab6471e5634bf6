/* order_model_test.c - every state that an order can get the house and its venue into (order_world.h), breadth first over the tables that ship; and that
 * one wrong cell in them is found. Rows X2, X10, X11; invariants 4 to 7. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hal/venues/session.h"
#include "tests/fsm/order_world.h"
#include "tests/kit/sanitized.h"
#include "tests/kit/test.h"

enum { PATH_MAX_MOVES = 512 };
#define OUT_OF_BOUNDS UINT32_MAX /* what comes next is a third order */

/* --- breadth first ----------------------------------------------------------------------------------------------------- */

struct exploration {
	uint64_t *state;
	uint32_t *cell, *from, *fair; /* state + 1 in a hash table; where it was first reached from; its successor in fair weather, itself when quiet */
	uint8_t  *by, *depth;
	uint32_t  states, states_max, cells, longest;
	uint64_t  transitions;
};
static struct exploration x;

static void *taken(size_t bytes)
{
	void *memory = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	BUG_UNLESS(4012, memory != MAP_FAILED);
	return memory;
}

static void drop(void)
{
	munmap(x.state, x.states_max * sizeof *x.state);
	munmap(x.cell, x.cells * sizeof *x.cell);
	munmap(x.from, x.states_max * sizeof *x.from);
	munmap(x.fair, x.states_max * sizeof *x.fair);
	munmap(x.by, x.states_max);
	munmap(x.depth, x.states_max);
}

static void begin(uint32_t states_max)
{
	x = (struct exploration){ .states_max = states_max, .cells = 2 * states_max };
	x.state = taken(states_max * sizeof *x.state);
	x.cell = taken(x.cells * sizeof *x.cell);
	x.from = taken(states_max * sizeof *x.from);
	x.fair = taken(states_max * sizeof *x.fair);
	x.by = taken(states_max);
	x.depth = taken(states_max);
}

static uint32_t number_of(uint64_t word, uint32_t from, int by)
{
	uint32_t at = (uint32_t)(hash_mix(word) & (x.cells - 1));
	while (x.cell[at] && x.state[x.cell[at] - 1] != word) at = (at + 1) & (x.cells - 1);
	if (x.cell[at]) return x.cell[at] - 1;
	BUG_UNLESS(4013, x.states < x.states_max);
	x.state[x.states] = word;
	x.from[x.states] = from;
	x.by[x.states] = (uint8_t)by;
	x.depth[x.states] = x.states ? (uint8_t)(x.depth[from] + 1) : 0;
	x.longest = x.depth[x.states];
	x.cell[at] = ++x.states;
	return x.states - 1;
}

/* The shortest way to a state, for it was found breadth first. */
static void say_path(uint32_t at, int last)
{
	uint8_t  path[PATH_MAX_MOVES];
	uint32_t moves = 0;
	for (uint32_t s = at; s != 0; s = x.from[s]) path[moves++] = x.by[s];
	while (moves) world_say_move(path[--moves]);
	if (last != NO_MOVE) world_say_move(last);
}

/* False: it breaks what must hold, and the way there is said. */
static bool try(uint32_t from, int move, bool is_fair)
{
	struct world to = world_unpack(x.state[from]);
	uint64_t     before = world_thirds;
	bool         done = world_move(&to, move);
	if (is_fair && world_thirds > before) x.fair[from] = OUT_OF_BOUNDS;
	if (!done) return true;
	x.transitions++;
	if (!world_wrong) world_check(&to);
	if (world_wrong) {
		printf("  %s:\n", world_wrong);
		say_path(from, move);
		return false;
	}
	uint32_t number = number_of(world_pack(&to), from, move);
	if (is_fair) x.fair[from] = number;
	return true;
}

/* Explores until nothing is new. False: something is wrong, said with the way there. */
static bool explore(struct world_plan plan, uint32_t states_max)
{
	begin(states_max);
	struct world start = world_begin(plan);
	(void)number_of(world_pack(&start), 0, NO_MOVE);
	for (uint32_t i = 0; i < x.states; i++) {
		struct world at = world_unpack(x.state[i]);
		int          fair = world_fair_next(&at);
		x.fair[i] = i;
		for (int move = 0; move < world_moves_n; move++)
			if (!try(i, move, move == fair)) return false;
	}
	return true;
}

static bool is_unknown(const uint32_t *steps, uint32_t at) { return x.fair[at] != at && x.fair[at] != OUT_OF_BOUNDS && !steps[at]; }

/* In fair weather every state comes to where all agree, or to a third order (bounded). Returns the longest way there; 0: one never does, and is said. */
static uint32_t ways_home(void)
{
	uint32_t *steps = taken(x.states * sizeof *steps), longest = 0;
	for (uint32_t i = 0; i < x.states; i++) {
		uint32_t at = i, moves = 0;
		for (; is_unknown(steps, at) && moves < PATH_MAX_MOVES; at = x.fair[at]) moves++;
		struct world w = world_unpack(x.state[at]);
		if (moves == PATH_MAX_MOVES || (x.fair[at] == at && !world_is_quiet(&w))) {
			printf("  in fair weather this never becomes quiet:\n");
			say_path(i, NO_MOVE);
			printf("  and stays at:\n");
			say_path(at, world_fair_next(&w));
			return 0;
		}

		uint32_t all = moves + steps[at];
		for (at = i; is_unknown(steps, at); at = x.fair[at]) steps[at] = all--;
		if (steps[i] > longest) longest = steps[i];
	}
	return longest;
}

static void say(uint32_t home)
{
	printf("  %u states, %llu transitions, %u states of the desk; the furthest state is %u moves away, the longest way back %u; %llu third orders left out\n",
	    x.states, (unsigned long long)x.transitions, model_words(), x.longest, home, (unsigned long long)world_thirds);
}

/* All there is under this plan, which must be at least so much. */
static void check_all(struct world_plan plan, uint32_t states_max, uint32_t at_least)
{
	bool     holds = explore(plan, states_max);
	uint32_t home = holds ? ways_home() : 0;
	if (holds) say(home);
	CHECK(holds && home > 0);
	CHECK(x.states >= at_least);
	drop();
}

TEST(t_X2_X11_one_order_through_every_crash_loss_and_delay) { check_all((struct world_plan){ .units = UNITS_MOST }, 1 << 19, 200000); }

TEST(t_X2_X11_two_orders_through_every_crash_loss_and_delay)
{
	if (SANITIZED) SKIP("the sanitizer looks at the one order's states: these are eight times as many");
	check_all((struct world_plan){ .has_two = true, .units = 1 }, 1 << 22, 1000000);
	if (!getenv("TICKWORK_LONG")) return; /* of two units, and beside the operator */
	check_all((struct world_plan){ .has_two = true, .units = UNITS_MOST }, 1 << 26, 20000000);
	check_all((struct world_plan){ .has_two = true, .units = 1, .has_operator = true }, 1 << 26, 20000000);
}

/* --- can it fail? ------------------------------------------------------------------------------------------------------ */

/* Another cell in a copy of a table that ships: what it does is what the cell (like_state, like_event) does, but for kind and target. */
struct planted {
	const char           *what, *seen;
	const struct machine *machine;
	uint8_t               state, event, kind, to, like_state, like_event;
};
#define NEVER_QUIET 0
static const struct planted planted[] = {
	{ "an order that is UNKNOWN is sent again", "an order was sent a second time", &order_machine, ORDER_UNKNOWN, ORDER_EV_TIMEOUT, CELL_STAY,
	    ORDER_UNKNOWN, ORDER_FREE, ORDER_EV_SUBMIT },
	{ "a fill of a cancelled order is dropped", "an order does not have its fills", &order_machine, ORDER_DONE, ORDER_EV_FILL_PART, CELL_DROP, ORDER_DONE,
	    ORDER_FREE, ORDER_EV_ACK },
	{ "an order without an answer is given up", "an order works that the books do not have", &order_machine, ORDER_SENDING, ORDER_EV_TIMEOUT, CELL_GO,
	    ORDER_DONE, ORDER_LIVE, ORDER_EV_CANCELLED },
	{ "a refused cancel ends the order", "an order works that the books do not have", &order_machine, ORDER_CANCELLING, ORDER_EV_CANCEL_REJECTED, CELL_GO,
	    ORDER_DONE, ORDER_LIVE, ORDER_EV_CANCELLED },
	{ "an order that never arrived is asked for again", NEVER_QUIET, &order_machine, ORDER_UNKNOWN, ORDER_EV_NOT_FOUND, CELL_STAY, ORDER_UNKNOWN, ORDER_UNKNOWN,
	    ORDER_EV_TIMEOUT },
	{ "a new session is trusted without asking", "risk was added while an order or the books were in doubt", &recovery_machine, RECOVERY_LOADED,
	    RECOVERY_EV_VENUE_UP, CELL_GO, RECOVERY_TRADING, RECOVERY_RECONCILING, RECOVERY_EV_MATCHED },
	{ "orders that have answered are enough", "risk was added while an order or the books were in doubt", &recovery_machine, RECOVERY_CANCELLING,
	    RECOVERY_EV_SETTLED, CELL_GO, RECOVERY_TRADING, RECOVERY_RECONCILING, RECOVERY_EV_MATCHED },
	{ "a comparison that agrees is not believed", NEVER_QUIET, &reconcile_machine, RECONCILE_UNCHECKED, RECONCILE_EV_AGREES, CELL_STAY, RECONCILE_UNCHECKED,
	    RECONCILE_CLEAN, RECONCILE_EV_AGREES },
	{ "a lost session is not opened again", NEVER_QUIET, &session_machine, SESSION_BACKOFF, SESSION_EV_DUE, CELL_DROP, SESSION_BACKOFF, SESSION_DOWN,
	    SESSION_EV_DUE },
};

/* Each test has a process of its own, so what is done to a table here is undone by its end. */
static void use_table(const struct machine *machine, const struct machine_cell *cells)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), first = (uintptr_t)&machine->cells & ~(page - 1);
	BUG_UNLESS(4014, mprotect((void *)first, 2 * page, PROT_READ | PROT_WRITE) == 0);
	((struct machine *)(uintptr_t)machine)->cells = cells;
}

static void plant(const struct planted *p, struct machine_cell *copy)
{
	const struct machine      *machine = p->machine;
	const struct machine_cell *like = machine_cell(machine, p->like_state, p->like_event);
	memcpy(copy, machine->cells, (size_t)machine->states * machine->events * sizeof *copy);
	copy[p->state * machine->events + p->event] = (struct machine_cell){ p->kind == CELL_DROP ? 0 : like->action, like->action_name, p->kind, p->to };
	use_table(machine, copy);
}

static void check_planted(const struct planted *p)
{
	struct machine_cell        copy[MACHINE_CELLS_MAX];
	const struct machine_cell *shipped = p->machine->cells;
	plant(p, copy);
	printf("  planted: %s\n", p->what);
	bool holds = explore((struct world_plan){ .units = UNITS_MOST }, 1 << 19);
	CHECK_EQ(holds, p->seen == NEVER_QUIET);
	if (holds) CHECK_EQ(ways_home(), 0);
	else CHECK_STR(world_wrong, p->seen);
	use_table(p->machine, shipped);
	drop();
}

TEST(t_X2_X11_one_wrong_cell_is_found_by_the_shortest_way_to_it)
{
	for (size_t i = 0; i < sizeof planted / sizeof *planted; i++) check_planted(&planted[i]);
}

TEST(t_X2_an_order_that_leaves_before_its_record_is_durable_is_found)
{
	CHECK(!explore((struct world_plan){ .units = UNITS_MOST, .never_syncs = true }, 1 << 19));
	CHECK_STR(world_wrong, "an order works that the books do not have");
}
