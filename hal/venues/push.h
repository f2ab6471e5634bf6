/* push.h - a WebSocket client over TLS for one stream of a venue: opens once, tells what comes, says why it ended.
 *
 *   PUSH_OPENED     the upgrade is answered: push_say may be used
 *   PUSH_MESSAGE    a whole message, text or binary alike: push->at, push->bytes, until the function returns
 *   PUSH_PONG       the answer to push_ping with that number (push->pong). The stream is in order: all that the venue had sent before
 *                   it answered has been told
 *   PUSH_ENDED      closed, whoever closed it: push->sentence. Once, unless push_close came first
 * The function may do anything, closing and opening anew included; it is never called from within a call of the push's.
 *
 * Pings go out every ping_ns by themselves (their number is 0); a stream without a byte for silence_ns has ended. push_hold stops reading,
 * so that a full owner holds the venue back instead of losing anything. Connecting again is the owner's business (backoff.h).
 * Memory: the struct, and the caller's buffer for the longest message: a longer one ends the stream. One stream, one timer. Rows X5. */
#ifndef HAL_VENUES_PUSH_H
#define HAL_VENUES_PUSH_H
#include "hal/venues/reach.h"
#include "hal/venues/rest.h"
#include "hal/wire/websocket.h"

/* Bytes read at once; bytes not yet taken by the stream (a venue's control messages are 300, subscriptions 2,000). */
enum { PUSH_PIECE_BYTES = 4096, PUSH_OUT_BYTES = 4096, PUSH_NUMBER_BYTES = 8 };

enum push_event { PUSH_OPENED, PUSH_MESSAGE, PUSH_PONG, PUSH_ENDED };
enum push_state { PUSH_CLOSED, PUSH_CONNECTING, PUSH_UPGRADING, PUSH_OPEN };

struct push;
typedef void push_fn(void *self, struct push *push, enum push_event event);

struct push_plan {
	const struct reach *reach;
	const char         *target;
	struct rest_header  headers[REST_AUTH_MAX];        /* of the upgrade, up to the first without a name */
	int64_t             upgrade_ns, ping_ns, silence_ns;
};

struct push {
	struct push_plan   plan;
	push_fn           *fn;
	void              *self;
	enum push_state    state;
	bool               is_held;
	struct stream      stream;
	struct http_reader http;
	struct websocket   ws;
	int                timer;
	char               key[WEBSOCKET_KEY_BYTES];
	int64_t            due_ns, heard_ns;        /* of the upgrade or of the next ping; the last byte */
	const char        *at;
	size_t             bytes;
	uint64_t           pong;
	char              *message;
	size_t             message_bytes_max, out_bytes;
	char               piece[PUSH_PIECE_BYTES], out[PUSH_OUT_BYTES];
	char               sentence[REST_SENTENCE_BYTES];
	uint64_t           opened, ended, messages;        /* counters */
	uint64_t           message_most, out_most;         /* bytes: of the longest message; not yet taken by the stream */
};

void push_init(struct push *push, const struct push_plan *plan, push_fn *fn, void *self, char *message, size_t message_bytes_max);
/* The push is closed. False when not even trying was possible; no PUSH_ENDED follows then. */
bool push_open(struct push *push);
/* A text message. False when it is not open or there is no room, which ends it soon. */
bool push_say(struct push *push, const char *text, size_t bytes);
bool push_ping(struct push *push, uint64_t number);
void push_hold(struct push *push, bool is_held);
/* Says goodbye as far as there is room. No PUSH_ENDED follows. */
void push_close(struct push *push);
/* For good: gives the timer back too. */
void push_end(struct push *push);

#endif
