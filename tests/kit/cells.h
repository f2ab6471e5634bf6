/* cells.h - which cells of which machines the tests have taken, all children together: for `tickwork fsm --coverage`.
 *
 * The test program is linked with --wrap=machine_step, so every step of every machine comes by here, whoever's log it goes to. Steps that a test
 * takes by hand (by_hand.h) are counted apart. */
#ifndef TESTS_KIT_CELLS_H
#define TESTS_KIT_CELLS_H
#include <stdbool.h>

/* Before the first child. */
void cells_begin(void);
/* A line for each cell taken: machine, state, event, how often by its owner, how often by hand. False: it could not be written. */
bool cells_write(const char *path);

#endif
