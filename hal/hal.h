/* hal.h - the whole outside world as a process sees it: three ports in, one out, one tape.
 *
 *   recv     the next event of the world: market data, the venue's word, the operator. HAL_IDLE when there is none now,
 *            HAL_END when there will be no more (a recorded period is over).
 *   now_ns   machine time: monotonic nanoseconds; virtual in backtest and sim
 *   random   64 bits; seeded in backtest and sim
 *   send     an order event to the venue. Never blocks; what it did shows up in recv.
 *
 * Everything that is not deterministic enters through recv, now_ns and random, and passes the tape: with a tape in RECORD the answers are
 * kept, in PLAY they come from it and the world is not asked, so a run can be had again to the bit. Siblings: hal/linux (clock,
 * random), hal/sim (virtual clock, matching venue), hal/replay (recorded bars, tapes). */
#ifndef HAL_HAL_H
#define HAL_HAL_H
#include "fsm/event.h"

enum hal_recv { HAL_EVENT, HAL_IDLE, HAL_END };

struct hal_world {
	enum hal_recv (*recv)(void *self, struct event *event);
	void (*send)(void *self, const struct event *event);
	int64_t (*now_ns)(void *self);
	uint64_t (*random)(void *self);
};

struct tape;
struct hal { void *self; const struct hal_world *world; struct tape *tape; };

/* The ports, through the tape. hal/tape.c. */
enum hal_recv hal_recv(struct hal *hal, struct event *event);
void          hal_send(struct hal *hal, const struct event *event);
int64_t       hal_now_ns(struct hal *hal);
uint64_t      hal_random(struct hal *hal);

#endif
