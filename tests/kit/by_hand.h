/* by_hand.h - included before each test (Makefile): a step that a test takes itself, without the owner of the machine, has another name.
 *
 * Owners are the desk, the watchdog and the house of `tickwork sim`, and the drivers of venues. What they step is counted as covered; what a test steps by
 * hand is not. */
#ifndef TESTS_KIT_BY_HAND_H
#define TESTS_KIT_BY_HAND_H
#define machine_step machine_step_by_hand
#define process_step process_step_by_hand
#define session_step session_step_by_hand
#endif
