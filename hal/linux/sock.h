/* sock.h - non-blocking TCP on the loop: connect, listen, accept, send, recv, with deadlines.
 *
 * The caller owns the struct and every buffer; a sock has none. What happens is told through one function:
 *   SOCK_CONNECTED   the connection stands
 *   SOCK_READABLE    bytes, the peer's end, or (a listener) a connection wait: call sock_recv or sock_accept; told again while they wait
 *   SOCK_WRITABLE    there is room again, after a sock_send that could not take everything
 *   SOCK_FAILED      the sock has closed itself; sock->verdict says why
 * The function may do anything with the sock, closing and connecting anew included.
 *
 * A verdict other than SOCK_OK, SOCK_WAIT and SOCK_END has closed the sock; it is told once, by the call's answer or by SOCK_FAILED. SOCK_END is the
 * peer's orderly end of sending: our direction still works, and the sock stays open until sock_close.
 *
 * Deadlines: connect_ns from sock_connect to SOCK_CONNECTED; idle_ns without a byte either way. 0 is none. The idle deadline is looked at when its
 * timer fires, so a busy sock costs nothing; it may come late by less than its own length, never early.
 * A connection that we opened ends with a reset, by sock_close or the death of its process: what sock_send took and has not reached the peer's machine by
 * then never does, where the kernel would try for minutes (X2: an order that was given up may not arrive later). One that owes nothing can part in order.
 *
 * Every descriptor is close-on-exec and non-blocking; connections have TCP_NODELAY. One sock takes one watch and one timer of the loop;
 * when the loop or the kernel has no room the verdict is SOCK_NO_ROOM. A listener without descriptors pauses itself for a moment. */
#ifndef HAL_LINUX_SOCK_H
#define HAL_LINUX_SOCK_H
#include "hal/wire/address.h"

enum sock_verdict {
	SOCK_OK, SOCK_WAIT, SOCK_END,
	SOCK_REFUSED, SOCK_UNREACHABLE, SOCK_CONNECT_LATE, SOCK_IDLE, SOCK_RESET, SOCK_TAKEN, SOCK_DENIED, SOCK_NO_ROOM, SOCK_BROKEN,
	SOCK_VERDICTS_N
};
/* What a person reads after "venue.example:443: ". */
extern const char *const sock_verdict_text[SOCK_VERDICTS_N];

enum sock_event { SOCK_CONNECTED, SOCK_READABLE, SOCK_WRITABLE, SOCK_FAILED };
enum sock_state { SOCK_CLOSED, SOCK_CONNECTING, SOCK_OPEN, SOCK_LISTENING };
enum { SOCK_BACKLOG = 64, SOCK_ACCEPT_PAUSE_MS = 100 };        /* n, connections not yet accepted; ms, until descriptors may be free */

struct sock;
typedef void sock_fn(void *self, struct sock *sock, enum sock_event event);

struct sock_limits { int64_t connect_ns, idle_ns; };

struct sock {
	int                fd, watch, timer;
	enum sock_state    state;
	enum sock_verdict  verdict;
	bool               held, ended, wants_room;
	struct sock_limits limits;
	int64_t            moved_ns;        /* the last byte either way, monotonic */
	uint64_t           life;            /* changes whenever the sock is opened or closed */
	uint64_t           sent_bytes, received_bytes;
	sock_fn           *fn;
	void              *self;
};

void sock_init(struct sock *sock, sock_fn *fn, void *self);
/* The socks below must be closed. SOCK_OK: SOCK_CONNECTED or SOCK_FAILED will follow. */
enum sock_verdict sock_connect(struct sock *sock, const struct address *to, const struct sock_limits *limits);
/* Port 0 takes any free one: sock_local says which. */
enum sock_verdict sock_listen(struct sock *sock, const struct address *at);
/* Takes one waiting connection into a closed sock; SOCK_WAIT when none waits (any more). */
enum sock_verdict sock_accept(struct sock *listener, struct sock *into, const struct sock_limits *limits);
/* At least one byte with SOCK_OK, else *got is 0. */
enum sock_verdict sock_recv(struct sock *sock, void *into, size_t room, size_t *got);
/* Takes what fits now; *sent < bytes, or SOCK_WAIT with none, means that SOCK_WRITABLE will follow. */
enum sock_verdict sock_send(struct sock *sock, const void *from, size_t bytes, size_t *sent);
/* While held, SOCK_READABLE is not told, and the kernel's window fills: the caller has no room. */
void sock_hold(struct sock *sock, bool held);
/* No more bytes from us; the peer sees the end. */
void sock_finish(struct sock *sock);
void sock_close(struct sock *sock);
/* Said before the last words: where everything so far has reached the peer, sock_close ends in order, after them. */
void sock_part(struct sock *sock);
bool sock_local(const struct sock *sock, struct address *out);

#endif
