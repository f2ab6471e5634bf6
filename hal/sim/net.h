/* net.h - a network in memory, with weather: the streams of clients on one side, the loopback venue's server on the other, virtual time between.
 *
 * While it is in use (net_sim_use) every stream of a driver (hal/linux/stream.h) is a line here. Bytes travel in segments, each due at its own time, in
 * order within a direction as TCP has it; what a stream or the server has written is delivered even when its writer dies right after, as a
 * kernel's buffers are. Weather is what may happen to them:
 *
 *   latency, jitter   of each segment, one way                chop       every other segment is of 1..chop_max bytes: partial reads and writes
 *   lose              a segment comes later, as sent again    cut        the connection is reset as a segment arrives, after a part of it
 *   half              bytes to the client vanish for ever,    deaf       bytes to the venue vanish for ever, and nobody is told
 *                     and nobody is told (half-open)
 *   refuse, late      of connects: refused; no answer         dark       until then nothing arrives; what was sent comes after it
 *
 * Chances are in 1e-4 of a segment (lose, cut), or of a connection (half, deaf, refuse, late). All chance comes from the seed.
 * net_sim_turn does the one thing that is due next and says whose it was; the caller moves the clock (net_sim_next_ns). A line belongs to the
 * owner that was named when it was opened; net_sim_drop is that owner's death: its lines close as a kernel closes them, and nothing is told to it.
 * Full: NET_LINES_MAX lines at once; one more connect is refused and counted. The caller owns the struct, 4 MB. Rows X2, X5, X10; issue of the simulator. */
#ifndef HAL_SIM_NET_H
#define HAL_SIM_NET_H
#include "hal/linux/stream.h"
#include "hal/sim/server/server.h"

enum {
	NET_LINES_MAX = SERVER_CONNECTIONS_MAX,
	NET_WINDOW_BYTES = 1 << 16, /* on their way in one direction of one line */
	NET_SEGMENT_BYTES = 1460,   /* an Ethernet frame's */
	NET_SEGMENTS_MAX = 512,     /* n, on their way in one direction; more wait with the writer */
	NET_NOBODY = -1
};

struct net_weather {
	int64_t  latency_ns, jitter_ns, lose_ns;        /* lose_ns: how much later a lost segment comes */
	int64_t  dark_until_ns;
	uint32_t chop_max;                              /* 0: whole segments */
	uint32_t lose_bp, cut_bp, half_bp, deaf_bp, refuse_bp, late_bp;
};

struct net_segment {
	int64_t  due_ns;
	uint32_t bytes;
};

/* One direction. arrived: bytes at the far end, not yet taken by it. */
struct net_pipe {
	uint32_t           first, bytes, arrived, segment_first, segments;
	int64_t            last_due_ns, end_ns;        /* end_ns: the writer's end arrives then; INT64_MAX: it has not ended */
	bool               is_muted;                   /* what is written from now on vanishes */
	struct net_segment segment[NET_SEGMENTS_MAX];
	char               byte[NET_WINDOW_BYTES];
};

enum net_line_state { NET_FREE,
	NET_CALLING,
	NET_OPEN,
	NET_CLIENT_GONE };

struct net_line {
	enum net_line_state state;
	int                 owner, number;        /* number: of the server's connection, or SERVER_FULL */
	struct stream      *stream;               /* null once the client is gone */
	int64_t             call_due_ns, moved_ns;
	enum sock_verdict   call_verdict;
	struct net_pipe     to_venue, to_client;
};

#define NET_COUNTS(X) X(calls) X(refused) X(late) X(lost) X(cuts) X(halves) X(deaf) X(segments) X(bytes) X(full)
#define NET_COUNT_MEMBER(name) name,
struct net_counts {
	uint64_t NET_COUNTS(NET_COUNT_MEMBER) unused;
};

enum net_verb { NET_CONNECT, NET_READ, NET_WRITE, NET_CLOSE };

struct net_sim {
	struct server     *server;
	struct net_weather weather;
	struct stream_net  verbs;
	struct net_counts  counts;
	uint64_t           random_state;
	int64_t            looked_ns;        /* the last turn */
	int                owner;            /* who opens lines now */
	/* Called before a call of a client's is done, with the bytes that it writes; 0: none. A simulation that kills processes at such a point does not come
	 * back from it. */
	void            (*at_verb)(void *self, enum net_verb verb, const char *bytes, size_t count);
	void           *at_verb_self;
	struct net_line line[NET_LINES_MAX];
};

void net_sim_init(struct net_sim *net, struct server *server, uint64_t seed);
/* All streams of this process go here; null: none do. */
void net_sim_use(struct net_sim *net);
/* When something is due next, at the latest when the server wants to be called; INT64_MAX: never. */
int64_t net_sim_next_ns(const struct net_sim *net);
/* Who will be told by the next turn: the owner of a stream, or NET_NOBODY. Not yet, because it stands still: its bytes and answers wait until then. */
int net_sim_owner(const struct net_sim *net);
void net_sim_delay(struct net_sim *net, int owner, int64_t until_ns);
/* Does the one thing that is due first, if it is due by now. The owner whose stream was told, NET_NOBODY for none. */
int net_sim_turn(struct net_sim *net, int64_t now_ns);
/* The owner is dead. */
void net_sim_drop(struct net_sim *net, int owner);
/* Every line of this owner is reset now, of NET_NOBODY: every line there is. Both ends are told. */
void net_sim_cut(struct net_sim *net, int owner);

#endif
