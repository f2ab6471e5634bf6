/* rest.h - an HTTPS client for one host: one kept connection, one request at a time, and an honest word about each.
 *
 * rest_ask puts a request (copied) into one of two queues, the urgent one goes first; what became of it is told once, by rest_fn, from the loop:
 *   REST_ANSWERED   status, headers and the whole body. Any status; a 429 only after REST_AGAIN_MAX tries
 *   REST_LOST       it went out, wholly or in part, and no whole answer came: it MAY HAVE TAKEN EFFECT. The caller asks; nothing is sent twice here.
 *                   is_late: because limits.answer_ns passed
 *   REST_UNSENT     no byte of it went out in limits.queue_ns: it cannot have taken effect
 * sentence says why, for a person, when it was not answered. A 429 is the venue's word that nothing was done: the request is tried again by itself
 * after Retry-After (or X-RateLimit-Reset), urgent ones after a second at most.
 *
 * The connection is made when something is to be sent (or kept open, is_warm), made anew by backoff and within reach.connects_per_min, and
 * closed by rest_renew when a fresh one is wanted. answer.connected_ns says when the connection of the answer was begun (monotonic).
 * Rate: a bucket of requests_per_min, corrected by X-RateLimit-Limit, -Remaining, -Reset; urgent ones are never held back by it.
 *
 * Memory: the struct is everything but the answers' body, which the caller gives (body, body_bytes_max: a longer one is LOST with its sentence).
 * It takes one stream and one timer. The function may ask, renew and close. Full: rest_ask says false, `full` counts.
 * Secrets are in auth headers only; the bytes of a request are zeroed once they are sent. Rows X5, X2, O7. */
#ifndef HAL_VENUES_REST_H
#define HAL_VENUES_REST_H
#include "hal/venues/backoff.h"
#include "hal/venues/reach.h"
#include "hal/wire/http.h"

enum {
	REST_QUEUE_MAX = 32,                /* n, in each queue */
	REST_TARGET_BYTES_MAX = 1024,       /* path and query, with its final zero: a page_token and 16 symbols fit */
	REST_BODY_BYTES_MAX = 512,          /* of a request: an order is 300 */
	REST_AUTH_MAX = 3,                  /* n, headers of every request */
	REST_OUT_BYTES_MAX = 4096,          /* one request: its target, 1 kB of headers, its body */
	REST_PIECE_BYTES = 4096,            /* read at once */
	REST_AGAIN_MAX = 5,                 /* tries of one request that is answered 429 */
	REST_SENTENCE_BYTES = STREAM_SENTENCE_BYTES
};

enum rest_outcome { REST_ANSWERED, REST_LOST, REST_UNSENT };

struct rest_header { const char *name, *value; };

struct rest_plan {
	const struct reach *reach;
	struct rest_header  auth[REST_AUTH_MAX];        /* up to the first without a name */
	int64_t             queue_ns, answer_ns;        /* patience before it is sent, and for its answer */
	int32_t             requests_per_min;
	bool                is_warm;                    /* connect ahead of need */
};

/* body: null for none. tag: the caller's. */
struct rest_request { const char *method, *target, *body; uint64_t tag; bool is_urgent; };

struct rest_answer {
	uint64_t                  tag;
	enum rest_outcome         outcome;
	bool                      is_late;
	uint32_t                  status;               /* 0 unless answered */
	const struct http_reader *http;                 /* its headers; null unless answered */
	const char               *body;
	size_t                    body_bytes;
	int64_t                   connected_ns;
	const char               *sentence;             /* "" when answered */
};
typedef void rest_fn(void *self, const struct rest_answer *answer);

struct rest_slot {
	uint64_t tag;
	int64_t  asked_ns;
	uint32_t body_bytes, tries;
	bool     has_body;
	char     method[8], target[REST_TARGET_BYTES_MAX], body[REST_BODY_BYTES_MAX];
};
struct rest_queue { uint32_t first, count; struct rest_slot slot[REST_QUEUE_MAX]; };

struct rest {
	struct rest_plan   plan;
	rest_fn           *fn;
	void              *self;
	struct stream      stream;
	struct http_reader http;
	struct rate        rate;
	struct backoff     backoff;
	struct rest_queue  queue[2];                    /* plain, urgent */
	int                timer;
	bool               is_out, is_done, renews, is_urgent, answered_on_this;        /* a request is out; its answer is whole */
	struct rest_slot   now;                         /* the one that is out */
	int64_t            sent_ns, connected_ns, urgent_held_until_ns;
	size_t             out_bytes, out_sent;
	char               out[REST_OUT_BYTES_MAX];
	char              *body;
	size_t             body_bytes_max, body_bytes;
	char               sentence[REST_SENTENCE_BYTES];
	uint64_t           asked, answered, lost, unsent, late, limited, full, connections;        /* counters; limited: 429 */
	uint64_t           queued_most, body_most;      /* of the fuller queue at once; bytes of the longest answer */
};

/* The plan is copied, what it points to outlives the client. Call between loop_open and loop_close. */
void rest_init(struct rest *rest, const struct rest_plan *plan, rest_fn *fn, void *self, char *body, size_t body_bytes_max);
/* False: the queue is full, or the text does not fit (a caller of ours that writes too long is refused, not cut). */
bool rest_ask(struct rest *rest, const struct rest_request *request);
/* The next request goes out on a fresh connection. */
void rest_renew(struct rest *rest);
/* Nothing waits and nothing is out. */
bool rest_is_idle(const struct rest *rest);
/* How many more a queue takes. */
uint32_t rest_room(const struct rest *rest, bool is_urgent);
/* Ends the connection and forgets what waits, without a word. */
void rest_close(struct rest *rest);

#endif
