/* stream.h - one TLS connection on the loop: name, address, TCP and TLS under one state, one verdict and one sentence.
 *
 * A client: stream_connect looks the host up, tries its addresses one after the other, shakes hands. A server: stream_accept. Then, from the loop:
 *   STREAM_OPENED    bytes may pass
 *   STREAM_BYTES     stream_read has something; read until it gives 0. What is left unread holds the peer back
 *   STREAM_ROOM      stream_write, which had no room, has some again
 *   STREAM_ENDED     closed, whoever closed it: stream_is_orderly, stream_sentence. Once, unless stream_close came first
 * The function may do anything with the stream, closing and connecting anew included; it is never called from within a call of the stream's.
 *
 * Deadlines: connect_ns for each address, shake_ns for the TLS handshake, idle_ns without a byte either way; 0 is none (do not).
 * Memory: the struct is everything, at most TLS_BYTES_MAX; it points into itself. It takes one watch and two timers of the loop, and a lookup of
 * the resolver while the name is looked up. Reconnecting, and how often, is the caller's business. */
#ifndef HAL_LINUX_STREAM_H
#define HAL_LINUX_STREAM_H
#include "hal/linux/dns.h"
#include "hal/linux/sock.h"
#include "hal/linux/tls.h"

enum { STREAM_PIECES_A_TURN = 64, STREAM_SENTENCE_BYTES = TLS_SENTENCE_BYTES };        /* n, pieces received before others have their turn */

enum stream_event { STREAM_OPENED, STREAM_BYTES, STREAM_ROOM, STREAM_ENDED };
enum stream_state { STREAM_CLOSED, STREAM_NAMING, STREAM_CONNECTING, STREAM_SHAKING, STREAM_OPEN, STREAM_ENDING };
/* Which layer ended it. */
enum stream_layer { STREAM_BY_NAME, STREAM_BY_SOCK, STREAM_BY_TLS };

struct stream;
typedef void stream_fn(void *self, struct stream *stream, enum stream_event event);

struct stream_limits { int64_t connect_ns, shake_ns, idle_ns; };

struct stream_plan {
	struct dns          *dns;
	uint16_t             port;
	struct tls_client    tls;        /* the host is here */
	struct stream_limits limits;
};

struct stream {
	enum stream_state  state;
	enum stream_layer  layer;
	stream_fn         *fn;
	void              *self;
	struct stream_plan plan;
	char               host[TLS_HOST_BYTES];
	struct dns_result  named;
	uint32_t           tried;
	int                lookup, timer;
	bool               wants_room;
	uint64_t           life;
	struct sock        sock;
	struct tls         tls;
};
_Static_assert(sizeof(struct stream) <= TLS_BYTES_MAX, "one TLS connection with all around it is at most 48 kB");

/* A network in memory, of a simulation (hal/sim/net.h): while one is in use, streams of clients are opened, read, written and closed there, without names,
 * TLS and the kernel. What happens there it says by stream_net_says, never from within a call of the stream's. Null is the kernel's network again. */
struct stream_net {
	void (*connect)(void *self, struct stream *stream);
	size_t (*read)(void *self, struct stream *stream, void *into, size_t room);
	size_t (*write)(void *self, struct stream *stream, const void *from, size_t bytes);
	void (*close)(void *self, struct stream *stream);
	void *self;
};
void stream_use(const struct stream_net *net);
/* verdict: of STREAM_ENDED, why; SOCK_END is the peer's goodbye. */
void stream_net_says(struct stream *stream, enum stream_event event, enum sock_verdict verdict);

void stream_init(struct stream *stream, stream_fn *fn, void *self);
/* The stream is closed. What the plan points to outlives the stream; the host is copied. */
void stream_connect(struct stream *stream, const struct stream_plan *plan);
/* One waiting connection, or SOCK_WAIT when none waits. */
enum sock_verdict stream_accept(struct stream *stream, struct sock *listener, struct tls_service *service, const uint8_t seed[TLS_SEED_BYTES],
    const struct stream_limits *limits);
/* How many bytes came out, or went in; fewer than asked for when there are no more, or there is no more room. */
size_t stream_read(struct stream *stream, void *into, size_t room);
size_t stream_write(struct stream *stream, const void *from, size_t bytes);
/* Says goodbye as far as there is room, and closes. No STREAM_ENDED follows. */
void stream_close(struct stream *stream);
/* After STREAM_ENDED: the peer said goodbye. */
bool stream_is_orderly(const struct stream *stream);
/* "venue.example: ..." of the layer that ended it, into text; returns text. */
const char *stream_sentence(const struct stream *stream, char text[STREAM_SENTENCE_BYTES]);

#endif
