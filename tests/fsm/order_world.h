/* order_world.h - the world around the order model's desk as one word: what the venue knows of two orders, what is under way, the session, the journal
 * with a tail that may be lost, and a process that dies anywhere.
 *
 * The desk is the real one (order_model.h), the session is hal/venues/session.h, and what must be durable before it leaves the desk says itself. The
 * rest of the world is as bad as hal/venues/venue.h allows. A request may be lost or arrive twice and late; a cancel at any time after it was
 * sent; a word of the venue in any state of the session, in any order, again and again, for it is said as long as it is true. So of words under
 * way nothing is remembered: all their delays, losses and repeats are there already. What a driver promises is kept: NOT_FOUND is said only of what can no
 * longer arrive, UP and a snapshot only when all fills have been told.
 *
 * The journal: now is the desk in memory, durable is the desk that the journal would give back after the power is cut. Any record may become
 * durable at any time; a crash loses the rest. A killed process is the same after its last record became durable.
 *
 * An order that is over everywhere gives its place to the next. A third order at a time is not explored, nor a fee, nor a price that moves, nor a venue that
 * lies: those are the random sessions' (tests/kit/desk_session.h) and the simulator's. */
#ifndef TESTS_FSM_ORDER_WORLD_H
#define TESTS_FSM_ORDER_WORLD_H
#include "tests/fsm/order_model.h"

enum { NO_MOVE = 255 };

/* knows; done: units executed; on_its_way: the order, cancelled: a cancel was sent. base: what the venue holds of orders forgotten. */
struct place { uint8_t knows, done, qty, side, on_its_way, cancelled; };
struct world { uint32_t now, durable; uint8_t session; int16_t base; struct place place[PLACES]; };

/* has_two: two orders at a time; then a venue tells the end of an order after its fills, else in any order. units: of the wish. */
struct world_plan { bool has_operator, has_two, never_syncs; int units; };

extern const int   world_moves_n;
extern const char *world_wrong;         /* what was broken, by a step of the desk or as world_check saw it; 0: nothing */
extern uint64_t    world_thirds;        /* moves that would have made a third order */

/* Forgets everything; a desk without orders whose venue is away. */
struct world world_begin(struct world_plan with);
uint64_t     world_pack(const struct world *w);
struct world world_unpack(uint64_t word);

/* Does it, or says that it cannot be. */
bool world_move(struct world *w, int move);
void world_say_move(int move);
/* What must hold after each move. */
void world_check(const struct world *w);

/* What happens next when nothing goes wrong any more and nobody wants anything new; NO_MOVE: all is quiet. */
int  world_fair_next(const struct world *w);
bool world_is_quiet(const struct world *w);

#endif
