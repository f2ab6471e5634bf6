/* desk_session.h - random days of a desk, the same for the same seed: a market that moves, an analyst with wishes, alarms, an operator, and a
 * venue with queues in both directions.
 *
 *   SESSION_HONEST    the venue loses, delays, rejects, half-fills and tells twice, but never lies: it fills what it was sent, once,
 *                     near the decided price, and says NOT_FOUND only of what never arrived
 *   SESSION_STILL     the same in a market that does not move: what the book holds changes by its own trades alone
 *   SESSION_NONSENSE  the venue and the clock say anything at all besides */
#ifndef TESTS_KIT_DESK_SESSION_H
#define TESTS_KIT_DESK_SESSION_H
#include "tests/kit/desk_rig.h"
#include "tests/kit/random.h"

enum session_mode { SESSION_HONEST, SESSION_STILL, SESSION_NONSENSE };
enum { SESSION_QUEUE_MAX = 4096, SESSION_ORDERS_MAX = 4096 };

struct session_queue { struct event event[SESSION_QUEUE_MAX]; uint32_t first, count; };
/* What the venue knows of an order it was sent. */
struct session_order { uint64_t order_id; int64_t left_e8, px_e8; uint16_t sym; uint8_t side, working; };

struct desk_session {
	struct random        random;
	enum session_mode    mode;
	bool                 bear;        /* odd seeds: crashes, so that the deep levels are visited */
	struct session_queue to_venue, to_desk, timers;
	struct session_order order[SESSION_ORDERS_MAX];
	uint32_t             orders;
	uint64_t             executions;
	int64_t              px_e8[UNIVERSE_N];
};

void session_init(struct desk_session *session, struct desk_rig *rig, uint64_t seed, enum session_mode mode);
/* One more input of the rig. */
void session_input(struct desk_session *session, struct desk_rig *rig);

#endif
