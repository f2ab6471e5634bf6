/* server.h - a venue on loopback: Alpaca's Trading API v2 and market data as a server, without sockets.
 *
 * Bytes of a connection in, bytes of connections out, on books, the matching engine and a replayed market. Whoever has the sockets (service.h)
 * or plays the network (a simulation) does this:
 *
 *   server_init(server, &config)                               the bars, the days, the keys, the faults
 *   server_now(server, machine_ns)                             before each of the following; moves the market too, when time runs by itself
 *   connection = server_connect(server)                        SERVER_FULL: there is no room, close it
 *   server_receive(server, connection, bytes, count)           any cut of the bytes; other connections may have something to send afterwards
 *   bytes = server_pending(server, connection, &count)         what may go out now; then server_sent
 *   server_is_over(server, connection)                         nothing more will come: close it
 *   server_disconnect(server, connection)                      it was closed, by whomever
 *   server_wakes_ns(server)                                    when to call server_now again at the latest
 *
 * MARKET TIME. speed 0: it stands until POST /sim/v1/advance, one moment (everything of hal/replay/market up to and with one TICK) at a time.
 * Otherwise it runs `speed` times as fast as the machine's, from the first moment. In both cases the matching engine gets what hal/sim/world.h
 * gives it: PRICE, BAR and TICK in their order, dividends to who holds at the open, then every answer that is due before the next market event (with
 * speed: by now). History before from_day goes to the matching engine alone, as a run does that warms up. So the fills, prices and
 * commissions are those of a run in one process. Orders reach the engine at the instant of the last moment.
 *
 * A position is never short: a sell beyond what is held is refused (403), and so is a buy beyond twice the equity.
 * The caller owns all memory, 150 MB of it, mostly untouched. Full tables are answers of the venue (503), counted. Bugs: 3600-3649. */
#ifndef HAL_SIM_SERVER_SERVER_H
#define HAL_SIM_SERVER_SERVER_H
#include "hal/replay/market.h"
#include "hal/sim/match.h"
#include "hal/sim/server/broker.h"
#include "hal/sim/server/connection.h"
#include "hal/sim/server/faults.h"
#include "hal/wire/json_write.h"

enum {
	SERVER_CONNECTIONS_MAX = 24,            /* n; two timers and a watch of the loop each */
	SERVER_FULL = -1,
	SERVER_REPLY_BYTES = 2 << 20,           /* of the body of one reply: 10,000 bars */
	SERVER_MESSAGE_BYTES = 64 << 10,        /* of one message of a stream */
	SERVER_KEY_BYTES = 128,
	SERVER_RATE_MAX = 1000000,              /* calls a minute */
	SERVER_WARM_DAYS = 420                  /* of history before the first day, as the modes of the product have it */
};

/* Who calls: by key. */
enum server_key { SERVER_KEY_NONE, SERVER_KEY_DATA, SERVER_KEY_TRADING, SERVER_KEYS_N };
struct server_credential { char id[SERVER_KEY_BYTES], secret[SERVER_KEY_BYTES]; };

#define SERVER_COUNTS(X)                                                                                                          \
	X(connections) X(connections_refused) X(rest_calls) X(sim_calls) X(rejected_calls) X(orders_new) X(orders_refused) X(orders_rejected) \
	X(orders_cancelled) X(orders_replaced) X(orders_expired) X(fills) X(dividends) X(listeners) X(subscriptions) X(stream_messages)    \
	X(data_messages) X(rate_limited) X(faults) X(full) X(slow_clients) X(moments) X(orders_repeated)
#define SERVER_COUNT_MEMBER(name) name,
struct server_counts { uint64_t SERVER_COUNTS(SERVER_COUNT_MEMBER) unused; };

/* Numbers of paper accounts begin with PA. */
#define SERVER_ACCOUNT_NUMBER "PA0SIMULATOR"

struct server_config {
	const struct bars       *bars;
	int32_t                  from_day, to_day;
	int64_t                  cash_usd_e8, wall_ns;        /* wall_ns: of 1970, at machine time 0; for X-RateLimit-Reset */
	int32_t                  speed, rate;                 /* speed 0: stepped */
	int64_t                  latency_ns;
	struct server_credential key[SERVER_KEYS_N];
	const char              *account_number;              /* 0: of a paper account, SERVER_ACCOUNT_NUMBER */
	/* Lines of the venue's log (log.h), each with its line feed; 0: none are written. */
	void                    (*log)(void *self, const char *line, size_t length);
	void                    *log_self;
	/* More members for the counts (TLS records, by whoever has them); 0: none. */
	void                    (*more_counts)(void *self, struct json *json);
	void                    *more_self;
};

/* A moment of market time, as advance answers it. */
struct server_moment { int64_t number, t_ns; struct tick tick; };

/* Bars of a symbol that the market has shown so far: its open (the day of it), its close. */
struct server_seen { int32_t opened_day, closed_day; int64_t t_ns; };

struct server {
	struct server_config config;
	struct server_counts counts;
	struct faults        faults;
	int64_t              now_ns;                          /* machine */
	int64_t              minute_ns[SERVER_KEYS_N];        /* began then */
	int32_t              calls[SERVER_KEYS_N];            /* since */

	int32_t              first_day, last_day;
	struct server_moment moment;                          /* the last; number 0: none yet */
	int64_t              began_ns;                        /* machine time of the first moment, when time runs */
	struct server_seen   seen[UNIVERSE_N];
	struct market_replay market;
	struct match         match;
	struct event         verdict;                         /* the engine's last word on an order: refused, replaced */
	uint64_t             log_sequence, trade_ids, stream_ids;
	struct broker        broker;

	struct connection    connection[SERVER_CONNECTIONS_MAX];
	char                 message[SERVER_MESSAGE_BYTES], packed[SERVER_MESSAGE_BYTES];
	char                 reply[SERVER_REPLY_BYTES];
};

/* False, with the reason as a sentence, when there is no day to trade. */
bool server_init(struct server *server, const struct server_config *config, const char **sentence);

void        server_now(struct server *server, int64_t now_ns);
int64_t     server_wakes_ns(const struct server *server);
int         server_connect(struct server *server);
void        server_receive(struct server *server, int connection, const char *bytes, size_t count);
const char *server_pending(struct server *server, int connection, size_t *count);
void        server_sent(struct server *server, int connection, size_t count);
bool        server_is_over(const struct server *server, int connection);
void        server_disconnect(struct server *server, int connection);

/* The counts as members of an object that has begun. */
void server_write_counts(struct server *server, struct json *json);

#endif
