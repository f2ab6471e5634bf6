/* paper.h - the paper venue of the desk's process: the world twice, in shared memory, so that one of them is always whole.
 *
 * A process may die in the middle of any instruction; what it leaves in shared memory may be half done. So each operation is done to
 * the first world and then to the second, and counted before and after. The successor calls paper_repair: the world that is whole
 * and older is copied over the other, and the operation comes again from the desk's journal. Each kind of operation has a number of its
 * own, so that one that comes again and was done already is dropped:
 *   moment   the TICK that the desk has reached
 *   order    (cause, index) of the desk's output
 *   answer   how many answers have been taken; an answer is shown by paper_peek and gone after paper_take
 *
 * The worlds point into bars that lie at one address in every process. Rows X2, P1; invariant 4. */
#ifndef HAL_SIM_PAPER_H
#define HAL_SIM_PAPER_H
#include "hal/sim/world.h"

struct paper_world { uint64_t begun, done, moments, shown, order_key, answers; struct sim_world world; };
struct paper { struct paper_world of[2]; };

/* Takes over a world that stands between two moments, after `moments` TICKs; its next answer has the number answers + 1. */
void paper_begin(struct paper *paper, const struct sim_world *world, uint64_t moments, uint64_t answers);
/* By the successor of a dead process, before anything else. */
void paper_repair(struct paper *paper);
/* The market goes on to the end of this moment. */
void paper_moment(struct paper *paper, uint64_t moment);
/* The account, as the scripted operator sees it once after each moment. */
void paper_show_account(struct paper *paper, const struct account_note *account);
void paper_order(struct paper *paper, const struct event *event);
/* The next answer before the market goes on, seq its number; the same until it is taken. */
bool paper_peek(struct paper *paper, struct event *event);
void paper_take(struct paper *paper);

#endif
