/* bug.h - a bug traps with a stable id, in the product too.
 *
 * BUG_UNLESS(id, condition) states what must be true. When it is not, the id goes to the word given to bug_catch and the process traps (SIGILL);
 * whoever reaps it prints the id. Ids are unique in the tree (`make lint` checks), never reused, and grouped by room:
 *   1000 units  1100 kit (machine, channel, pool)  1200 desk, order  1300 account  1400 risk  1500 feed, calendar
 *   2000 strategies  3000 hal  4000 firmware
 * The world (a file, a venue, a person) must never reach one: what comes from outside is an event or a sentence. */
#ifndef FSM_BUG_H
#define FSM_BUG_H
#include <stdint.h>

/* Where the id goes: a word of this process until someone (a test, the black box) gives a word that outlives it. */
void bug_catch(volatile uint32_t *word);
_Noreturn void bug_trap(uint32_t id);
/* The id that is there; 0: none has trapped. */
uint32_t bug_caught(void);

#define BUG_UNLESS(id, condition) ((condition) ? (void)0 : bug_trap(id))

#endif
