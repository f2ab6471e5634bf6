/* machine.h - one idiom for everything that has a life: an order, a day, a risk ladder, a stop, a process.
 *
 * A machine is three lists: STATES, EVENTS, CELLS. A cell says what an event does in a state:
 *   GO    move to another state, running an action
 *   STAY  run an action, keep the state
 *   DROP  expected and harmless here (a race, a late message): count it
 *   BUG   cannot happen here: trap
 * There are no guards: a classifier turns raw input into an event (FILL_PART, FILL_DONE) before the step, so the table is the whole
 * truth. It is total (the compiler names a missing cell: 'ORDER_has_LIVE_on_CANCEL' undeclared), single (a doubled cell redefines
 * an enumerator), and honest: an event marked WORLD may never be a BUG.
 *
 * From the same lists come the enums, the names, the constant table, the drawing (tickwork fsm NAME --dot), reachability and the
 * generic tests. A state changes in machine_step and nowhere else; it counts each cell it takes, which is the transition coverage.
 *
 * A machine called `order` is declared so:
 *   #define ORDER_STATES(X, U)     X(U, FREE) X(U, LIVE)
 *   #define ORDER_EVENTS(X, U, s)  X(U, s, ACK, WORLD) X(U, s, RELEASE, US)
 *   #define ORDER_CELLS(GO, STAY, DROP, BUG)  GO(ORDER, FREE, ACK, LIVE, order_on_ack) DROP(ORDER, LIVE, ACK) ...
 *   MACHINE_DECLARE(order, ORDER)          in the header
 *   MACHINE_DEFINE(order, ORDER)           in the one .c file
 * The first state is the start. Row P2. */
#ifndef FSM_MACHINE_H
#define FSM_MACHINE_H
#include "fsm/worker.h"

enum cell_kind { CELL_GO, CELL_STAY, CELL_DROP, CELL_BUG };
enum { EVENT_FROM_WORLD = 0, EVENT_FROM_US = 1 };
enum { MACHINES_MAX = 16, MACHINE_CELLS_MAX = 256, MACHINE_TRACE_MAX = 1024 };

/* An action reads the event, changes self, and may put outputs into the outbox. */
typedef void machine_action(void *self, const struct event *in, struct outbox *out);

struct machine_cell { machine_action *action; const char *action_name; uint8_t kind, to; };

struct machine {
	const char                *name;
	const char *const         *state_name;
	const char *const         *event_name;
	const uint8_t             *event_is_ours;
	const struct machine_cell *cells;        /* [state][event], row major */
	uint8_t                    states, events, id;
};

/* What a process remembers of its machines: how often each cell was taken, and the last steps. Never part of a state. */
struct machine_trace { int64_t t_ns; uint64_t cause; uint8_t machine, from, event, to; uint32_t sym; };
struct machine_log {
	uint64_t             steps, drops;
	uint32_t             hits[MACHINES_MAX][MACHINE_CELLS_MAX];
	struct machine_trace trace[MACHINE_TRACE_MAX];
};

/* Takes one step and returns the new state. */
uint8_t machine_step(const struct machine *machine, uint8_t state, uint8_t event, void *self, const struct event *in,
    struct outbox *out, struct machine_log *log);

/* Marks in reached[] every state that can be reached from the start; returns how many. */
uint32_t machine_reach(const struct machine *machine, bool reached[static 256]);

static inline const struct machine_cell *machine_cell(const struct machine *machine, uint8_t state, uint8_t event)
{
	return &machine->cells[state * machine->events + event];
}

// clang-format off
#define MACHINE_DECLARE(lower, UPPER)                                                                \
	enum lower##_state { UPPER##_STATES(MACHINE_STATE_ID, UPPER) UPPER##_STATES_N };             \
	enum lower##_event { UPPER##_EVENTS(MACHINE_EVENT_ID, UPPER, _) UPPER##_EVENTS_N };          \
	extern const struct machine lower##_machine;

/* Four proofs, then the tables: each cell said once (HAVE), none missing (NEED), no BUG for the world, all fits a byte. */
#define MACHINE_DEFINE(lower, UPPER)                                                                            \
	UPPER##_CELLS(MACHINE_PROTO_GO, MACHINE_PROTO_STAY, MACHINE_NOTHING_3, MACHINE_NOTHING_3)               \
	enum { UPPER##_CELLS(MACHINE_HAVE_GO, MACHINE_HAVE_STAY, MACHINE_HAVE, MACHINE_HAVE) UPPER##_HAVE_END };\
	enum { UPPER##_STATES(MACHINE_NEED_ROW, UPPER) UPPER##_NEED_END };                                      \
	enum { UPPER##_EVENTS(MACHINE_ORIGIN, UPPER, _) UPPER##_ORIGIN_END };                                   \
	UPPER##_CELLS(MACHINE_NOTHING_5, MACHINE_NOTHING_4, MACHINE_NOTHING_3, MACHINE_BUG_IS_OURS)             \
	_Static_assert((int)UPPER##_STATES_N * (int)UPPER##_EVENTS_N <= MACHINE_CELLS_MAX, "too many cells");   \
	static const char *const lower##_state_name[] = { UPPER##_STATES(MACHINE_STATE_TEXT, UPPER) };          \
	static const char *const lower##_event_name[] = { UPPER##_EVENTS(MACHINE_EVENT_TEXT, UPPER, _) };       \
	static const uint8_t lower##_event_is_ours[] = { UPPER##_EVENTS(MACHINE_EVENT_OURS, UPPER, _) };        \
	static const struct machine_cell lower##_cells[UPPER##_STATES_N][UPPER##_EVENTS_N] = {                  \
		UPPER##_CELLS(MACHINE_CELL_GO, MACHINE_CELL_STAY, MACHINE_CELL_DROP, MACHINE_CELL_BUG) };       \
	const struct machine lower##_machine = { #lower, lower##_state_name, lower##_event_name,                \
		lower##_event_is_ours, &lower##_cells[0][0], UPPER##_STATES_N, UPPER##_EVENTS_N, MACHINE_##UPPER };

#define MACHINE_STATE_ID(U, s)                  U##_##s,
#define MACHINE_EVENT_ID(U, _, e, origin)       U##_EV_##e,
#define MACHINE_STATE_TEXT(U, s)                #s,
#define MACHINE_EVENT_TEXT(U, _, e, origin)     #e,
#define MACHINE_EVENT_OURS(U, _, e, origin)     EVENT_FROM_##origin,
#define MACHINE_NOTHING_3(U, s, e)
#define MACHINE_NOTHING_4(U, s, e, action)
#define MACHINE_NOTHING_5(U, s, e, to, action)
/* an action is named where it is used; all of them are functions of the file that defines the machine */
#define MACHINE_PROTO_GO(U, s, e, to, action)   static machine_action action;
#define MACHINE_PROTO_STAY(U, s, e, action)     static machine_action action;
/* a doubled cell redefines its enumerator; a missing one is an undeclared enumerator */
#define MACHINE_HAVE(U, s, e)                   U##_has_##s##_on_##e,
#define MACHINE_HAVE_GO(U, s, e, to, action)    U##_has_##s##_on_##e,
#define MACHINE_HAVE_STAY(U, s, e, action)      U##_has_##s##_on_##e,
#define MACHINE_NEED_ROW(U, s)                  U##_EVENTS(MACHINE_NEED, U, s)
#define MACHINE_NEED(U, s, e, origin)           U##_need_##s##_on_##e = U##_has_##s##_on_##e,
#define MACHINE_ORIGIN(U, _, e, origin)         U##_##e##_is_ours = EVENT_FROM_##origin,
#define MACHINE_BUG_IS_OURS(U, s, e)      _Static_assert(U##_##e##_is_ours, #e " comes from the world: it cannot be a BUG in " #s);
#define MACHINE_CELL_GO(U, s, e, target, action) [U##_##s][U##_EV_##e] = { action, #action, CELL_GO, U##_##target },
#define MACHINE_CELL_STAY(U, s, e, action)      [U##_##s][U##_EV_##e] = { action, #action, CELL_STAY, U##_##s },
#define MACHINE_CELL_DROP(U, s, e)              [U##_##s][U##_EV_##e] = { 0, "drop", CELL_DROP, U##_##s },
#define MACHINE_CELL_BUG(U, s, e)               [U##_##s][U##_EV_##e] = { 0, "bug", CELL_BUG, U##_##s },
// clang-format on

#endif
