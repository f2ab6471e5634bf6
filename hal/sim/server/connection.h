/* connection.h - one client of the venue: HTTP/1.1, and after an upgrade a stream; bytes in, bytes out.
 *
 * Replies wait in `out` until they are sent; with latency or a fault of delay not before not_before_ns, but for the first early_bytes. A client that
 * lets CONNECTION_OUT_BYTES pile up is closed (slow client, counted). `over`: what waits goes out, then the connection is to be closed. */
#ifndef HAL_SIM_SERVER_CONNECTION_H
#define HAL_SIM_SERVER_CONNECTION_H
#include "fsm/settings.h"
#include "hal/wire/websocket.h"

enum {
	CONNECTION_OUT_BYTES = 4 << 20,         /* two whole replies */
	CONNECTION_BODY_BYTES = 64 << 10,       /* of a request, or of a client's message */
	CONNECTION_AUTH_MS = 10000              /* a data stream must authenticate in this time */
};

enum connection_mode { CONNECTION_FREE, CONNECTION_HTTP, CONNECTION_TRADES, CONNECTION_DATA };
/* Market data stream of a connection. */
enum connection_feed { FEED_STOCKS, FEED_CRYPTO, FEEDS_N };
/* What a client wants of a symbol, bits. */
#define DATA_CHANNELS(X) \
	X(trades, "t") X(quotes, "q") X(bars, "b") X(updatedBars, "u") X(dailyBars, "d") X(statuses, "s") X(lulds, "l") X(orderbooks, "o")
#define DATA_CHANNEL_ID(name, type) DATA_##name,
enum data_channel { DATA_CHANNELS(DATA_CHANNEL_ID) DATA_CHANNELS_N };

struct connection {
	enum connection_mode mode;
	enum connection_feed feed;
	bool                 over, muted, authorized, listening, packed;
	uint8_t              who;                             /* enum server_key, of a stream */
	uint16_t             wants[UNIVERSE_N + 1];           /* bits of data_channel; the last is "*" */
	int64_t              opened_ns, not_before_ns;
	struct http_reader   http;
	struct websocket     websocket;
	size_t               body_bytes, out_first, out_end, early_bytes;
	char                 body[CONNECTION_BODY_BYTES];
	char                 message[CONNECTION_BODY_BYTES];
	char                 out[CONNECTION_OUT_BYTES];
};

struct server;
/* Puts a frame of the stream in the way out, with the fault that is due at this place (a fault_where). False when nothing will go out. */
bool connection_say(struct server *server, struct connection *connection, enum websocket_opcode opcode, const char *payload, size_t length,
    int where);
/* Without a fault: control frames and answers of the protocol. */
void connection_answer(struct server *server, struct connection *connection, enum websocket_opcode opcode, const char *payload, size_t length);

#endif
