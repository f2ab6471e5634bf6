/* trading_parts.h - what the files of the driver share. Nobody else includes it. */
#ifndef HAL_VENUES_ALPACA_TRADING_PARTS_H
#define HAL_VENUES_ALPACA_TRADING_PARTS_H
#include "hal/venues/alpaca/trading.h"

enum alpaca_tag { ALPACA_TAG_ROW = 1, ALPACA_TAG_SYNC, ALPACA_TAG_BULK };
static inline uint64_t alpaca_tag(enum alpaca_tag kind, uint32_t slot) { return (uint64_t)kind << 32 | slot; }

enum { ALPACA_LINE_NEW, ALPACA_LINE_URGENT };
/* Events that must have room before a question whose answer makes many; before the stream is read on. */
enum { ALPACA_ROOM_PAGE = ALPACA_PAGE_ORDERS + 2 * ALPACA_PAGE_ACTIVITIES + ALPACA_HOLDINGS_MAX, ALPACA_ROOM_STREAM = 64 };
_Static_assert((int)ALPACA_ROOM_PAGE < (int)ALPACA_EVENTS_MAX / 2, "trading.h: a page must fit beside what waits");

/* trading_events.c: events to the desk. */
struct event *alpaca_tell(struct alpaca_trading *trading, enum event_kind kind, uint16_t sym, int64_t t_ns);
void          alpaca_tell_reply(struct alpaca_trading *trading, enum event_kind kind, const struct alpaca_row *row, uint32_t code, int64_t t_ns);
void          alpaca_tell_external(struct alpaca_trading *trading, const struct alpaca_order *order, int64_t t_ns);
uint32_t      alpaca_events_room(const struct alpaca_trading *trading);
/* Once for each id: false for a repeat. */
bool           alpaca_first_time(struct alpaca_trading *trading, uint64_t id);
enum hal_recv  alpaca_next_event(struct alpaca_trading *trading, struct event *event);

/* trading_rows.c: the table. */
struct alpaca_row *alpaca_row_find(struct alpaca_trading *trading, uint64_t order_id);
struct alpaca_row *alpaca_row_find_venue(struct alpaca_trading *trading, uint64_t venue_id);
/* Found or made; null when the table is full of orders that live. */
struct alpaca_row *alpaca_row_take(struct alpaca_trading *trading, uint64_t order_id);
/* The same, or the spare row: for the word of the venue, which must not be lost. */
struct alpaca_row *alpaca_row_of(struct alpaca_trading *trading, uint64_t order_id);
void               alpaca_row_bind(struct alpaca_trading *trading, struct alpaca_row *row, const char *uuid, uint8_t number);
/* Is this order ours? Its id, and which of its replacements it is. */
bool alpaca_is_ours(const struct alpaca_trading *trading, const struct alpaca_order *order, uint64_t *order_id, uint8_t *number);
void alpaca_client_id(const struct alpaca_trading *trading, const struct alpaca_row *row, uint8_t number, char text[ALPACA_CLIENT_ID_BYTES]);
static inline uint32_t alpaca_slot(const struct alpaca_trading *trading, const struct alpaca_row *row) { return (uint32_t)(row - trading->row); }

/* trading_word.c: what the venue says of an order of ours. */
void alpaca_on_ack(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_order *order);
/* The state an order is in, as an answer to a question. */
void alpaca_on_state(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_order *order);
/* True when it was told: the first time, and not anybody else's. */
void alpaca_on_fill(struct alpaca_trading *trading, struct alpaca_row *row, const struct alpaca_update *update, int64_t left_qty_e8);
void alpaca_on_update(struct alpaca_trading *trading, const struct alpaca_update *update);

/* trading_orders.c: requests of orders and their answers. */
void alpaca_orders_send(struct alpaca_trading *trading, const struct event *event);
void alpaca_row_queue(struct alpaca_trading *trading, struct alpaca_row *row);
void alpaca_orders_go_on(struct alpaca_trading *trading, int64_t now_ns);
void alpaca_orders_on_answer(struct alpaca_trading *trading, uint32_t slot, const struct rest_answer *answer);
/* How long until a question that was put off is due; INT64_MAX when none is. */
int64_t alpaca_orders_due_ns(const struct alpaca_trading *trading);
void    alpaca_orders_drop_unposted(struct alpaca_trading *trading);
/* Asked for again so much later. */
void alpaca_ask_later(struct alpaca_trading *trading, struct alpaca_row *row, int64_t due_ns);

/* trading_sync.c: snapshots and activities. */
void    alpaca_sync_begin(struct alpaca_trading *trading);
void    alpaca_sync_stop(struct alpaca_trading *trading);
void    alpaca_sync_go_on(struct alpaca_trading *trading, int64_t now_ns);
void    alpaca_sync_on_answer(struct alpaca_trading *trading, const struct rest_answer *answer);
int64_t alpaca_sync_due_ns(const struct alpaca_trading *trading, int64_t now_ns);

/* trading.c: the session. */
void alpaca_session_event(struct alpaca_trading *trading, enum session_event event);
/* The venue does not take our key. */
void alpaca_refused_key(struct alpaca_trading *trading, uint32_t status);
void alpaca_look_soon(struct alpaca_trading *trading);

#endif
