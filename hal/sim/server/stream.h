/* stream.h - the WebSockets of the venue: trade_updates at /stream, market data at /v2/iex and /v1beta3/crypto/us.
 *
 * trade_updates sends binary frames with JSON, as the paper venue does. Market data is JSON in text frames, or MessagePack in binary frames when the
 * upgrade says Content-Type: application/msgpack. What a client sends is answered in the same turn. */
#ifndef HAL_SIM_SERVER_STREAM_H
#define HAL_SIM_SERVER_STREAM_H
#include "hal/sim/server/server.h"

/* What a client sent. */
void stream_trades_message(struct server *server, struct connection *connection, const char *text, size_t length);
void stream_data_message(struct server *server, struct connection *connection, const char *text, size_t length);
/* A data stream has begun, its client has been silent for too long, or says nothing we can read. */
void stream_data_welcome(struct server *server, struct connection *connection);
void stream_data_error(struct server *server, struct connection *connection, int64_t code, const char *text);

/* To everyone who listens: what happened to an order; a fill; a price, or the close of a day. */
void stream_order(struct server *server, const char *event, uint32_t order);
void stream_fill(struct server *server, const struct activity *activity);
void stream_price(struct server *server, uint16_t sym, int64_t px_e8, bool whole);

#endif
