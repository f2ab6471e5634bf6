/* sock.c - TCP sockets behind the loop's watches. */
#include "hal/linux/sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"

const char *const sock_verdict_text[SOCK_VERDICTS_N] = {
	[SOCK_OK] = "is in order",
	[SOCK_WAIT] = "has nothing now",
	[SOCK_END] = "has sent everything and closed",
	[SOCK_REFUSED] = "refuses the connection: nothing listens on that port",
	[SOCK_UNREACHABLE] = "cannot be reached: there is no route to it",
	[SOCK_CONNECT_LATE] = "did not answer the connection in time",
	[SOCK_IDLE] = "was silent for too long",
	[SOCK_RESET] = "cut the connection",
	[SOCK_TAKEN] = "is taken: another process listens there",
	[SOCK_DENIED] = "is not allowed by this machine (port below 1024, or a packet filter)",
	[SOCK_NO_ROOM] = "cannot be served: no descriptors, ports or watches are left",
	[SOCK_BROKEN] = "failed for a reason this program does not know",
};

union wire_address { struct sockaddr any; struct sockaddr_in ip4; struct sockaddr_in6 ip6; };

static uint64_t lives;

static socklen_t to_wire(const struct address *from, union wire_address *to)
{
	memset(to, 0, sizeof *to);
	if (from->family == ADDRESS_IP6) {
		to->ip6.sin6_family = AF_INET6;
		to->ip6.sin6_port = htons(from->port);
		memcpy(&to->ip6.sin6_addr, from->bytes, ADDRESS_IP6_BYTES);
		return sizeof to->ip6;
	}
	to->ip4.sin_family = AF_INET;
	to->ip4.sin_port = htons(from->port);
	memcpy(&to->ip4.sin_addr, from->bytes, ADDRESS_IP4_BYTES);
	return sizeof to->ip4;
}

static void from_wire(const union wire_address *from, struct address *to)
{
	bool six = from->any.sa_family == AF_INET6;
	*to = (struct address){ .family = six ? ADDRESS_IP6 : ADDRESS_IP4, .port = ntohs(six ? from->ip6.sin6_port : from->ip4.sin_port) };
	if (six) memcpy(to->bytes, &from->ip6.sin6_addr, ADDRESS_IP6_BYTES);
	else memcpy(to->bytes, &from->ip4.sin_addr, ADDRESS_IP4_BYTES);
}

static enum sock_verdict verdict_of(int error)
{
	switch (error) {
	case ECONNREFUSED: return SOCK_REFUSED;
	case ENETUNREACH: case EHOSTUNREACH: case ENETDOWN: case EHOSTDOWN: case EADDRNOTAVAIL: case EAFNOSUPPORT: return SOCK_UNREACHABLE;
	case ETIMEDOUT: return SOCK_CONNECT_LATE;
	case ECONNRESET: case EPIPE: case ECONNABORTED: return SOCK_RESET;
	case EADDRINUSE: return SOCK_TAKEN;
	case EACCES: case EPERM: return SOCK_DENIED;
	case EMFILE: case ENFILE: case ENOBUFS: case ENOMEM: return SOCK_NO_ROOM;
	default: return SOCK_BROKEN;
	}
}

void sock_init(struct sock *sock, sock_fn *fn, void *self)
{
	*sock = (struct sock){ .fd = -1, .watch = LOOP_NONE, .timer = LOOP_NONE, .fn = fn, .self = self };
}

static void shut(struct sock *sock)
{
	if (sock->watch != LOOP_NONE) loop_watch_end(sock->watch);
	if (sock->timer != LOOP_NONE) loop_timer_end(sock->timer);
	if (sock->fd >= 0) close(sock->fd);
	sock->fd = sock->watch = sock->timer = -1;
	sock->state = SOCK_CLOSED;
	sock->life = ++lives;
}

void sock_close(struct sock *sock)
{
	if (sock->state != SOCK_CLOSED) shut(sock);
}

static enum sock_verdict failed(struct sock *sock, enum sock_verdict verdict)
{
	shut(sock);
	return sock->verdict = verdict;
}

static void tell_failed(struct sock *sock, enum sock_verdict verdict)
{
	failed(sock, verdict);
	sock->fn(sock->self, sock, SOCK_FAILED);
}

static void watch_again(const struct sock *sock)
{
	bool writes = sock->wants_room || sock->state == SOCK_CONNECTING;
	loop_watch_for(sock->watch, (sock->held || sock->ended || sock->state == SOCK_CONNECTING ? 0 : LOOP_READ) | (writes ? LOOP_WRITE : 0));
}

/* --- what the loop tells ------------------------------------------------------------------------------------------ */

static void opened(struct sock *sock)
{
	int one = 1;
	sock->state = SOCK_OPEN;
	sock->moved_ns = clock_monotonic_ns();
	(void)setsockopt(sock->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (sock->limits.idle_ns) loop_timer_start(sock->timer, sock->limits.idle_ns);
	else loop_timer_stop(sock->timer);
	watch_again(sock);
}

static void on_connect(struct sock *sock)
{
	int       error = 0;
	socklen_t bytes = sizeof error;
	if (getsockopt(sock->fd, SOL_SOCKET, SO_ERROR, &error, &bytes) != 0) error = errno;
	if (error) {
		tell_failed(sock, verdict_of(error));
		return;
	}
	opened(sock);
	sock->fn(sock->self, sock, SOCK_CONNECTED);
}

static void on_ready(void *self, int ready)
{
	struct sock *sock = self;
	uint64_t     life = sock->life;
	if (sock->state == SOCK_CONNECTING) {
		on_connect(sock);
		return;
	}
	if (ready & LOOP_WRITE && sock->wants_room) {
		sock->wants_room = false;
		watch_again(sock);
		sock->fn(sock->self, sock, SOCK_WRITABLE);
	}
	if (ready & LOOP_READ && sock->life == life && !sock->held && !sock->ended) sock->fn(sock->self, sock, SOCK_READABLE);
}

static void on_deadline(void *self)
{
	struct sock *sock = self;
	int64_t      left_ns;
	switch (sock->state) {
	case SOCK_CONNECTING:
		tell_failed(sock, SOCK_CONNECT_LATE);
		return;
	case SOCK_OPEN:
		left_ns = sock->moved_ns + sock->limits.idle_ns - clock_monotonic_ns();
		if (left_ns > 0) loop_timer_start(sock->timer, left_ns);
		else tell_failed(sock, SOCK_IDLE);
		return;
	case SOCK_LISTENING:
		sock_hold(sock, false);
		return;
	case SOCK_CLOSED:
		return;
	}
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* Puts a descriptor into a closed sock; the descriptor is closed when the loop has no room for it. */
static enum sock_verdict take(struct sock *sock, int fd, enum sock_state state, const struct sock_limits *limits)
{
	BUG_UNLESS(3502, sock->state == SOCK_CLOSED);
	if (fd < 0) return sock->verdict = verdict_of(errno);
	sock->fd = fd;
	sock->state = state;
	sock->verdict = SOCK_OK;
	sock->held = sock->ended = sock->wants_room = false;
	sock->limits = limits ? *limits : (struct sock_limits){ 0 };
	sock->sent_bytes = sock->received_bytes = 0;
	sock->life = ++lives;
	sock->watch = loop_watch(fd, 0, on_ready, sock);
	sock->timer = loop_timer(on_deadline, sock);
	return sock->watch == LOOP_NONE || sock->timer == LOOP_NONE ? failed(sock, SOCK_NO_ROOM) : SOCK_OK;
}

static int tcp_socket(const struct address *of)
{
	return socket(of->family == ADDRESS_IP6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static void reset_on_close(int fd, bool does)
{
	struct linger at_once = { .l_onoff = does };
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

/* In the kernel's struct tcp_info, of which glibc has only the beginning: segments on their way, and bytes that wait. */
enum { UNACKED_AT = 24, NOTSENT_AT = 144, INFO_BYTES = 148 };

void sock_part(struct sock *sock)
{
	uint8_t   info[INFO_BYTES];
	uint32_t  unacked, notsent;
	socklen_t bytes = sizeof info;
	if (sock->state != SOCK_OPEN || getsockopt(sock->fd, IPPROTO_TCP, TCP_INFO, info, &bytes) != 0 || bytes < INFO_BYTES) return;
	memcpy(&unacked, info + UNACKED_AT, sizeof unacked);
	memcpy(&notsent, info + NOTSENT_AT, sizeof notsent);
	if (unacked == 0 && notsent == 0) reset_on_close(sock->fd, false);
}

enum sock_verdict sock_connect(struct sock *sock, const struct address *to, const struct sock_limits *limits)
{
	union wire_address wire;
	socklen_t          bytes = to_wire(to, &wire);
	enum sock_verdict  verdict = take(sock, tcp_socket(to), SOCK_CONNECTING, limits);
	if (verdict != SOCK_OK) return verdict;
	reset_on_close(sock->fd, true);
	if (connect(sock->fd, &wire.any, bytes) != 0 && errno != EINPROGRESS) return failed(sock, verdict_of(errno));
	if (sock->limits.connect_ns) loop_timer_start(sock->timer, sock->limits.connect_ns);
	watch_again(sock);        /* a connection that stands already is writable at once: one way for both */
	return SOCK_OK;
}

enum sock_verdict sock_listen(struct sock *sock, const struct address *at)
{
	union wire_address wire;
	int                one = 1;
	socklen_t          bytes = to_wire(at, &wire);
	enum sock_verdict  verdict = take(sock, tcp_socket(at), SOCK_LISTENING, 0);
	if (verdict != SOCK_OK) return verdict;
	(void)setsockopt(sock->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (at->family == ADDRESS_IP6) (void)setsockopt(sock->fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	if (bind(sock->fd, &wire.any, bytes) != 0 || listen(sock->fd, SOCK_BACKLOG) != 0) return failed(sock, verdict_of(errno));
	watch_again(sock);
	return SOCK_OK;
}

/* Errors of the connection that waited are its own: the next one is asked for. */
static bool is_of_the_waiting(int error)
{
	return error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENETDOWN || error == EHOSTUNREACH || error == ENETUNREACH;
}

enum sock_verdict sock_accept(struct sock *listener, struct sock *into, const struct sock_limits *limits)
{
	int fd;
	BUG_UNLESS(3503, listener->state == SOCK_LISTENING);
	for (int tries = 0; tries < SOCK_BACKLOG; tries++) {
		fd = accept4(listener->fd, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0 || !is_of_the_waiting(errno)) break;
	}
	if (fd < 0 && (errno == EAGAIN || is_of_the_waiting(errno))) return SOCK_WAIT;
	if (fd < 0) {
		sock_hold(listener, true);
		loop_timer_start(listener->timer, SOCK_ACCEPT_PAUSE_MS * NS_PER_MS);
		return into->verdict = verdict_of(errno);
	}
	enum sock_verdict verdict = take(into, fd, SOCK_OPEN, limits);
	if (verdict == SOCK_OK) opened(into);
	return verdict;
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

/* On an open connection the kernel's own patience with the peer's silence has ended. */
static enum sock_verdict broke(struct sock *sock, int error) { return failed(sock, error == ETIMEDOUT ? SOCK_IDLE : verdict_of(error)); }

enum sock_verdict sock_recv(struct sock *sock, void *into, size_t room, size_t *got)
{
	ssize_t came;
	*got = 0;
	if (sock->state != SOCK_OPEN) return sock->state == SOCK_CLOSED && sock->verdict != SOCK_OK ? sock->verdict : SOCK_WAIT;
	if (room == 0) return SOCK_WAIT;
	do came = recv(sock->fd, into, room, 0);
	while (came < 0 && errno == EINTR);
	if (came < 0) return errno == EAGAIN ? SOCK_WAIT : broke(sock, errno);
	if (came == 0) {
		sock->ended = true;        /* the end stays readable for ever: it is told once */
		watch_again(sock);
		return SOCK_END;
	}
	sock->moved_ns = clock_monotonic_ns();
	sock->received_bytes += (uint64_t)came;
	*got = (size_t)came;
	return SOCK_OK;
}

static enum sock_verdict wait_for_room(struct sock *sock)
{
	sock->wants_room = true;
	watch_again(sock);
	return SOCK_WAIT;
}

enum sock_verdict sock_send(struct sock *sock, const void *from, size_t bytes, size_t *sent)
{
	ssize_t went;
	*sent = 0;
	if (sock->state != SOCK_OPEN) return sock->state == SOCK_CLOSED && sock->verdict != SOCK_OK ? sock->verdict : SOCK_WAIT;
	if (bytes == 0) return SOCK_OK;
	do went = send(sock->fd, from, bytes, MSG_NOSIGNAL);
	while (went < 0 && errno == EINTR);
	if (went < 0) return errno == EAGAIN ? wait_for_room(sock) : broke(sock, errno);
	sock->moved_ns = clock_monotonic_ns();
	sock->sent_bytes += (uint64_t)went;
	*sent = (size_t)went;
	if (*sent < bytes) (void)wait_for_room(sock);
	return SOCK_OK;
}

void sock_hold(struct sock *sock, bool held)
{
	sock->held = held;
	if (sock->state == SOCK_OPEN || sock->state == SOCK_LISTENING) watch_again(sock);
}

void sock_finish(struct sock *sock)
{
	if (sock->state == SOCK_OPEN) (void)shutdown(sock->fd, SHUT_WR);
}

bool sock_local(const struct sock *sock, struct address *out)
{
	union wire_address wire;
	socklen_t          bytes = sizeof wire;
	if (sock->fd < 0 || getsockname(sock->fd, &wire.any, &bytes) != 0) return false;
	from_wire(&wire, out);
	return true;
}
