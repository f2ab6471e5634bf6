/* tape.h - everything the world said to one process, in order, so that it can be said again.
 *
 * RECORD appends each answer of recv, now_ns and random; PLAY gives them back in order and sends nothing out. The memory is the
 * caller's. Full while recording: `full` is set and nothing more is kept (a tape is whole or says it is not). A question that differs from the
 * recorded one while playing sets `diverged`, and the port then answers END or 0: never a guess.
 * One entry: kind (u8), pad to 8, then the answer: u64, or the 128 bytes of an event. */
#ifndef HAL_TAPE_H
#define HAL_TAPE_H
#include "hal/hal.h"

enum tape_mode { TAPE_RECORD, TAPE_PLAY };
struct tape { uint8_t *bytes; size_t bytes_max, used, at; enum tape_mode mode; bool full, diverged; };

void tape_record(struct tape *tape, void *bytes, size_t bytes_max);
/* Plays what has been recorded from its start. */
void tape_rewind(struct tape *tape);

#endif
