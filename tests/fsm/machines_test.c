/* machines_test.c - what every machine of the list gets for nothing: its table is sane, each state can be reached and left, and a long
 * random walk of everything that may happen never traps and takes every cell it can reach (transition coverage, printed). */
#include <stdio.h>
#include <string.h>

#include "fsm/account/reconcile.h"
#include "fsm/care/process.h"
#include "fsm/care/recovery.h"
#include "fsm/desk/order.h"
#include "fsm/feed/day.h"
#include "fsm/risk/ladder.h"
#include "fsm/risk/stop.h"
#include "tests/kit/random.h"
#include "tests/kit/test.h"

enum { WALK_STEPS = 1000000 };

/* A self for each machine, as its owner would make it. An action may change all of it but the state, which is machine_step's. */
union self {
	struct order order;
	struct day day;
	struct ladder ladder;
	struct stop stop;
	struct process process;
	struct recovery recovery;
	struct reconcile reconcile;
};
typedef void fresh_self(union self *self);
typedef struct event fresh_event(struct random *random);

static void fresh_order(union self *self)
{
	self->order = (struct order){ .order_id = 256, .qty_e8 = 10 * E8, .decided_px_e8 = 100 * E8, .side = SIDE_BUY };
}

static void fresh_day(union self *self) { self->day = (struct day){ 0 }; }
static void fresh_ladder(union self *self) { self->ladder = (struct ladder){ .peak_nav_usd_e8 = 100000 * E8 }; }
static void fresh_stop(union self *self) { self->stop = (struct stop){ 0 }; }

static void fresh_process(union self *self)
{
	struct settings       settings;
	struct process_limits limits;
	settings_default(&settings);
	process_limits_from(&limits, &settings);
	process_begin(&self->process, &limits);
}

static void fresh_recovery(union self *self) { self->recovery = (struct recovery){ .life = 1 }; }
static void fresh_reconcile(union self *self) { self->reconcile = (struct reconcile){ .gap.cash_usd_e8 = E8 }; }

static struct event fill_event(struct random *random)
{
	struct event in = event_make(EVENT_FILL, 0, 1);
	in.fill.qty_e8 = random_between(random, 1, 3 * E8);
	in.fill.px_e8 = random_between(random, 1, 100 * E8);
	return in;
}

static struct event tick_event(struct random *random)
{
	struct event in = event_make(EVENT_TICK, SYM_NONE, 1);
	in.tick.day = (int32_t)random_below(random, 30000);
	return in;
}

static const struct fixture { const struct machine *machine; fresh_self *self; fresh_event *event; } fixture[] = {
	{ &order_machine, fresh_order, fill_event },
	{ &day_machine, fresh_day, tick_event },
	{ &ladder_machine, fresh_ladder, tick_event },
	{ &stop_machine, fresh_stop, tick_event },
	{ &process_machine, fresh_process, tick_event },
	{ &recovery_machine, fresh_recovery, tick_event },
	{ &reconcile_machine, fresh_reconcile, tick_event },
};
_Static_assert(sizeof fixture / sizeof *fixture == MACHINES_N, "a machine without a fixture is a machine without tests");

static void told(const struct machine *machine, uint8_t state, uint8_t event, const char *what)
{
	fprintf(stderr, "  %s: %s on %s %s\n", machine->name, machine->state_name[state], machine->event_name[event], what);
}

static bool cell_is_legal(const struct machine *machine, uint8_t state, uint8_t event)
{
	const struct machine_cell *cell = machine_cell(machine, state, event);
	switch ((enum cell_kind)cell->kind) {
	case CELL_GO: return cell->action && cell->to < machine->states && cell->to != state;
	case CELL_STAY: return cell->action && cell->to == state;
	case CELL_DROP: return !cell->action && cell->to == state;
	case CELL_BUG: return !cell->action && cell->to == state && machine->event_is_ours[event] == EVENT_FROM_US;
	}
	return false;
}

TEST(t_P2_fixtures_cover_the_list_of_machines)
{
	for (size_t i = 0; i < MACHINES_N; i++) {
		CHECK(fixture[i].machine == machines[i]);
		CHECK_EQ(machines[i]->id, i);
		CHECK(machine_purpose[i][0] != '\0' && machines[i]->name[0] != '\0');
	}
}

TEST(t_P2_every_cell_is_legal_and_the_world_is_never_a_bug)
{
	for (size_t i = 0; i < MACHINES_N; i++)
		for (uint8_t s = 0; s < machines[i]->states; s++)
			for (uint8_t e = 0; e < machines[i]->events; e++) {
				bool legal = cell_is_legal(machines[i], s, e);
				if (!legal) told(machines[i], s, e, "is not a legal cell");
				CHECK(legal);
			}
}

TEST(t_P2_every_state_can_be_reached)
{
	for (size_t i = 0; i < MACHINES_N; i++) {
		bool reached[256];
		CHECK_EQ(machine_reach(machines[i], reached), machines[i]->states);
		for (uint8_t s = 0; s < machines[i]->states; s++) CHECK(reached[s]);
	}
}

/* Is there a way from a state to the start? The same search as machine_reach, written anew and from the other end. */
static bool leads_home(const struct machine *machine, uint8_t from)
{
	bool seen[256] = { false }, more = true;
	seen[from] = true;
	while (more) {
		more = false;
		for (uint8_t s = 0; s < machine->states; s++)
			for (uint8_t e = 0; seen[s] && e < machine->events; e++) {
				const struct machine_cell *cell = machine_cell(machine, s, e);
				if (cell->kind != CELL_GO || seen[cell->to]) continue;
				seen[cell->to] = more = true;
			}
	}
	return seen[0];
}

TEST(t_P2_no_state_is_a_trap_door)
{
	for (size_t i = 0; i < MACHINES_N; i++)
		for (uint8_t s = 0; s < machines[i]->states; s++) CHECK(leads_home(machines[i], s));
}

static uint8_t any_legal_event(const struct machine *machine, uint8_t state, struct random *random)
{
	uint8_t event = (uint8_t)random_below(random, machine->events);
	while (machine_cell(machine, state, event)->kind == CELL_BUG) event = (uint8_t)random_below(random, machine->events);
	return event;
}

static void walk(const struct fixture *of, struct machine_log *log, struct outbox *out, uint64_t seed)
{
	struct random random = { seed };
	union self    self;
	uint8_t       state = 0;
	of->self(&self);
	for (uint32_t i = 0; i < WALK_STEPS; i++) {
		struct event in = of->event(&random);
		outbox_begin(out, 0, i, in.t_ns);
		if (state == 0) of->self(&self);
		state = machine_step(of->machine, state, any_legal_event(of->machine, state, &random), &self, &in, out, log);
		if (state >= of->machine->states) break;
	}
	CHECK(state < of->machine->states);
}

static void check_coverage(const struct machine *machine, const struct machine_log *log)
{
	uint32_t cells = 0, taken = 0;
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++) {
			if (machine_cell(machine, s, e)->kind == CELL_BUG) {
				CHECK_EQ(log->hits[machine->id][s * machine->events + e], 0);
				continue;
			}
			bool hit = log->hits[machine->id][s * machine->events + e] > 0;
			cells++;
			taken += hit;
			if (!hit) told(machine, s, e, "was never taken");
		}
	printf("  %s: %u of %u cells taken\n", machine->name, taken, cells);
	CHECK_EQ(taken, cells);
}

TEST(t_P2_a_random_walk_takes_every_cell_and_never_traps)
{
	static struct machine_log log;
	static struct outbox      out;
	for (size_t i = 0; i < MACHINES_N; i++) {
		walk(&fixture[i], &log, &out, 20240102 + i);
		check_coverage(fixture[i].machine, &log);
	}
	CHECK_EQ(log.steps, (uint64_t)WALK_STEPS * MACHINES_N);
}

static void step_a_bug(void)
{
	static struct machine_log log;
	static struct outbox      out;
	union self                self;
	struct event              in = event_make(EVENT_NONE, SYM_NONE, 1);
	fresh_order(&self);
	(void)machine_step(&order_machine, ORDER_FREE, ORDER_EV_CANCEL, &self, &in, &out, &log);
}

static void step_no_state(void)
{
	static struct machine_log log;
	static struct outbox      out;
	struct event              in = event_make(EVENT_NONE, SYM_NONE, 1);
	(void)machine_step(&order_machine, ORDER_STATES_N, ORDER_EV_ACK, 0, &in, &out, &log);
}

static void step_no_event(void)
{
	static struct machine_log log;
	static struct outbox      out;
	struct event              in = event_make(EVENT_NONE, SYM_NONE, 1);
	(void)machine_step(&order_machine, ORDER_FREE, ORDER_EVENTS_N, 0, &in, &out, &log);
}

TEST(t_P2_a_bug_cell_an_unknown_state_and_an_unknown_event_trap)
{
	CHECK_BUG(step_a_bug, 1102);
	CHECK_BUG(step_no_state, 1100);
	CHECK_BUG(step_no_event, 1101);
}

TEST(t_P2_a_step_is_traced_and_a_drop_is_counted)
{
	static struct machine_log log;
	static struct outbox      out;
	struct stop               stop = { 0 };
	struct event              in = event_make(EVENT_ALARM, 3, 77);
	in.cause = 9;
	stop.state = machine_step(&stop_machine, STOP_IDLE, STOP_EV_LOSS_EXIT, &stop, &in, &out, &log);
	CHECK_EQ(stop.state, STOP_IDLE);
	CHECK_EQ(log.drops, 1);
	stop.state = machine_step(&stop_machine, STOP_IDLE, STOP_EV_OPENED, &stop, &in, &out, &log);
	CHECK_EQ(stop.state, STOP_ARMED);
	const struct machine_trace *trace = &log.trace[1];
	CHECK(trace->t_ns == 77 && trace->cause == 9 && trace->sym == 3 && trace->machine == MACHINE_STOP);
	CHECK(trace->from == STOP_IDLE && trace->event == STOP_EV_OPENED && trace->to == STOP_ARMED);
}
