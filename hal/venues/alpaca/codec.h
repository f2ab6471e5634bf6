/* codec.h - Alpaca's trading messages: JSON bodies into values, our orders into JSON bodies. No I/O, no clock, no decisions.
 *
 * Numbers come as strings or as numbers; digits beyond the eighth are cut and counted; fields nobody asked for are not looked at. What cannot be
 * believed (wrong JSON, a quantity that is a word, an order without an id) makes the read say false, and `malformed` counts: never a trap.
 * Lists are read element by element: alpaca_list_begin, then an alpaca_list_* until it says false, then alpaca_list_whole says whether that was the
 * end of a right list. An element that cannot be read is counted and passed over. Rows X5, "Bad input". */
#ifndef HAL_VENUES_ALPACA_CODEC_H
#define HAL_VENUES_ALPACA_CODEC_H
#include "hal/venues/alpaca/codec_text.h"
#include "hal/venues/venue.h"

enum { ALPACA_MESSAGE_BYTES = 160, ALPACA_ACTIVITY_ID_BYTES = 96, ALPACA_ORDER_BODY_BYTES = 512 };

/* Why an order, a cancel or a replace was refused: order_reply.code. */
#define ALPACA_CODES(X)                                                                  \
	X(NONE, "fine")                                                                  \
	X(UNSENT, "it could not be sent in time and never left")                         \
	X(KEY, "the venue does not take our key for orders")                             \
	X(FUNDS, "not enough buying power or not enough units")                          \
	X(FORBIDDEN, "the account may not do this")                                      \
	X(PRICE, "the price is not one the venue takes")                                 \
	X(INVALID, "the venue calls the order invalid")                                  \
	X(TOO_LATE, "it can no longer be changed or cancelled")                          \
	X(NOT_FOUND, "the venue has no such order")                                      \
	X(RATE, "the venue's rate limit held for too long")                              \
	X(LATER, "the venue took it and rejected it afterwards")                         \
	X(SYMBOL, "the symbol is not in the universe")                                   \
	X(UNSUPPORTED, "this venue has no such kind of order")                           \
	X(FULL, "the driver holds no more orders")                                       \
	X(OTHER, "the venue refused it for a reason of its own")
#define ALPACA_CODE_ID(name, text) ALPACA_CODE_##name,
enum alpaca_code { ALPACA_CODES(ALPACA_CODE_ID) ALPACA_CODES_N };
extern const char *const alpaca_code_text[ALPACA_CODES_N];

/* PENDING: not at an exchange yet. WORKING has an order that may fill; done_for_day too: it expires by itself. */
enum alpaca_state {
	ALPACA_PENDING, ALPACA_WORKING, ALPACA_FILLED, ALPACA_CANCELLED, ALPACA_REPLACED, ALPACA_EXPIRED, ALPACA_REJECTED, ALPACA_STATE_UNKNOWN
};
static inline bool alpaca_state_works(enum alpaca_state state) { return state <= ALPACA_WORKING || state == ALPACA_STATE_UNKNOWN; }

/* What happened, in trade_updates. QUIET: nothing that changes an order for us (pending_cancel, stopped, restated, ...). */
enum alpaca_update_kind {
	ALPACA_UPDATE_AUTHORIZED, ALPACA_UPDATE_UNAUTHORIZED, ALPACA_UPDATE_LISTENING,
	ALPACA_UPDATE_NEW, ALPACA_UPDATE_FILL, ALPACA_UPDATE_CANCELLED, ALPACA_UPDATE_EXPIRED, ALPACA_UPDATE_REJECTED, ALPACA_UPDATE_REPLACED,
	ALPACA_UPDATE_CANCEL_REJECTED, ALPACA_UPDATE_REPLACE_REJECTED, ALPACA_UPDATE_QUIET, ALPACA_UPDATE_OTHER
};

struct alpaca_order {
	char              id[ALPACA_UUID_BYTES], replaced_by[ALPACA_UUID_BYTES], client_id[ALPACA_CLIENT_ID_BYTES];
	uint64_t          venue_id;        /* hash of id */
	int64_t           qty_e8, filled_qty_e8, limit_px_e8, submitted_ns;
	enum alpaca_state state;
	uint16_t          sym;
	uint8_t           side, order_type;
};

struct alpaca_update {
	enum alpaca_update_kind kind;
	struct alpaca_order     order;
	uint64_t                execution_id;
	int64_t                 t_ns, qty_e8, px_e8, fee_usd_e8;        /* of this execution */
};

struct alpaca_error { int64_t code; char message[ALPACA_MESSAGE_BYTES]; };

struct alpaca_account { int64_t cash_usd_e8, equity_usd_e8; bool is_blocked; };
struct alpaca_position { uint16_t sym; int64_t qty_e8, cost_usd_e8, px_e8; };
enum alpaca_activity_kind { ALPACA_ACTIVITY_FILL, ALPACA_ACTIVITY_CASH, ALPACA_ACTIVITY_OTHER };
struct alpaca_activity {
	enum alpaca_activity_kind kind;
	enum cash_kind            cash_kind;
	char                      id[ALPACA_ACTIVITY_ID_BYTES], order[ALPACA_UUID_BYTES];
	uint64_t                  activity_id;        /* of a fill: its execution id, as the stream has it */
	uint16_t                  sym;
	uint8_t                   side;
	int64_t                   t_ns, qty_e8, px_e8, fee_usd_e8, left_qty_e8, usd_e8;
	int32_t                   day;
};
struct alpaca_clock { int64_t t_ns; bool is_open; };
struct alpaca_session { int32_t day, open_min, close_min; };        /* minutes of the day in New York */

struct alpaca_codec {
	struct json_paths order, update, error, account, position, activity, clock, session;
	struct json_reader list;
	uint64_t           malformed;        /* objects that could not be believed */
	uint32_t           cut;              /* numbers with more than eight decimals */
};

void alpaca_codec_init(struct alpaca_codec *codec);

bool alpaca_read_order(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_order *out);
bool alpaca_read_update(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_update *out);
/* Always fills *out: a body that is none of Alpaca's errors gives code 0 and its beginning as the message. */
void alpaca_read_error(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_error *out);
bool alpaca_read_account(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_account *out);
bool alpaca_read_clock(struct alpaca_codec *codec, const char *text, size_t bytes, struct alpaca_clock *out);

void alpaca_list_begin(struct alpaca_codec *codec, const char *text, size_t bytes);
bool alpaca_list_order(struct alpaca_codec *codec, struct alpaca_order *out);
bool alpaca_list_position(struct alpaca_codec *codec, struct alpaca_position *out);
bool alpaca_list_activity(struct alpaca_codec *codec, struct alpaca_activity *out);
bool alpaca_list_session(struct alpaca_codec *codec, struct alpaca_session *out);
bool alpaca_list_whole(struct alpaca_codec *codec);

/* The code for a refusal of a status with its error. */
enum alpaca_code alpaca_code_of(uint32_t status, const struct alpaca_error *error);
/* The order is there already, under the same client order id: not a refusal. */
bool alpaca_is_duplicate(uint32_t status, const struct alpaca_error *error);
/* The venue does not know our key, rather than dislike this order. */
bool alpaca_is_wrong_key(uint32_t status, const struct alpaca_error *error);

/* Bodies; their length, 0 when this venue has no such order (ALPACA_CODE_UNSUPPORTED, _SYMBOL). */
size_t alpaca_write_order(const struct order_request *request, uint16_t sym, const char *client_id, char body[ALPACA_ORDER_BODY_BYTES]);
size_t alpaca_write_replace(int64_t qty_e8, int64_t limit_px_e8, const char *client_id, char body[ALPACA_ORDER_BODY_BYTES]);
size_t alpaca_write_authenticate(const char *key, const char *secret, char body[ALPACA_ORDER_BODY_BYTES]);
extern const char alpaca_listen_text[];

#endif
