/* order.h - the life of one order at a venue.
 *
 * UNKNOWN is a state, not an error: the venue may hold the order, so its exposure stays reserved until evidence comes.
 * Fills are legal in every state and keyed by execution id before they get here. Rejects are three different events: of the new order,
 * of a cancel, of a replace. NOT_FOUND is raised by the classifier only when it is conclusive (after the venue's dead time, on a fresh
 * connection); an inconclusive one is a TIMEOUT. A client order id finds an order; it never licenses a resend. Rows X2, X12. */
#ifndef FSM_DESK_ORDER_H
#define FSM_DESK_ORDER_H
#include "fsm/machines.h"

/* One order. No pointers, no padding: it lies in the desk's state, in snapshots and under the state hash. */
struct order {
	uint64_t order_id, venue_id;
	int64_t  qty_e8, filled_qty_e8;
	int64_t  limit_px_e8, decided_px_e8;
	int64_t  paid_usd_e8, fee_usd_e8;        /* sum of fill notionals; of fees */
	int64_t  reserved_usd_e8;                /* a buy's cash not yet spent */
	int64_t  next_qty_e8, next_limit_px_e8;  /* asked for by a replace */
	int64_t  sent_ns, done_ns;
	int64_t  due_ns;                         /* when the venue's answer is late; the one timer that counts */
	uint16_t sym, queries;
	uint8_t  state, side, order_type, time_in_force, reason, reduce_only, reject_code, flags;
	uint32_t overfills;
};

// clang-format off
#define ORDER_STATES(X, U) X(U, FREE) X(U, SENDING) X(U, LIVE) X(U, CANCELLING) X(U, REPLACING) X(U, UNKNOWN) X(U, DONE)

#define ORDER_EVENTS(X, U, s)                                                                            \
	X(U, s, SUBMIT, US)            X(U, s, ACK, WORLD)             X(U, s, NEW_REJECTED, WORLD)      \
	X(U, s, FILL_PART, WORLD)      X(U, s, FILL_DONE, WORLD)                                         \
	X(U, s, CANCEL, US)            X(U, s, CANCELLED, WORLD)       X(U, s, CANCEL_REJECTED, WORLD)   \
	X(U, s, REPLACE, US)           X(U, s, REPLACED, WORLD)        X(U, s, REPLACE_REJECTED, WORLD)  \
	X(U, s, EXPIRED, WORLD)        X(U, s, NOT_FOUND, WORLD)       X(U, s, TIMEOUT, US)              \
	X(U, s, RECOVER, US)           X(U, s, RELEASE, US)

/* What every order that the venue may hold does with the venue's word. */
#define ORDER_AT_VENUE(GO, STAY, BUG, U, s)                                                              \
	STAY(U, s, FILL_PART, order_on_fill)                                                             \
	GO  (U, s, FILL_DONE, DONE, order_on_fill)                                                       \
	GO  (U, s, CANCELLED, DONE, order_on_done)                                                       \
	GO  (U, s, EXPIRED, DONE, order_on_done)                                                         \
	BUG (U, s, SUBMIT)                                                                               \
	BUG (U, s, RELEASE)

#define ORDER_CELLS(GO, STAY, DROP, BUG)                                                                 \
	GO  (ORDER, FREE, SUBMIT, SENDING, order_send_new)                                               \
	STAY(ORDER, FREE, FILL_PART, order_on_orphan_fill)  STAY(ORDER, FREE, FILL_DONE, order_on_orphan_fill) \
	DROP(ORDER, FREE, ACK)         DROP(ORDER, FREE, NEW_REJECTED)     DROP(ORDER, FREE, CANCELLED)  \
	DROP(ORDER, FREE, EXPIRED)     DROP(ORDER, FREE, CANCEL_REJECTED)  DROP(ORDER, FREE, REPLACED)   \
	DROP(ORDER, FREE, REPLACE_REJECTED)  DROP(ORDER, FREE, NOT_FOUND)  DROP(ORDER, FREE, TIMEOUT)    \
	BUG (ORDER, FREE, CANCEL)      BUG (ORDER, FREE, REPLACE)                                        \
	BUG (ORDER, FREE, RECOVER)     BUG (ORDER, FREE, RELEASE)                                        \
	                                                                                                 \
	ORDER_AT_VENUE(GO, STAY, BUG, ORDER, SENDING)                                                    \
	GO  (ORDER, SENDING, ACK, LIVE, order_on_ack)                                                    \
	GO  (ORDER, SENDING, NEW_REJECTED, DONE, order_on_reject)                                        \
	GO  (ORDER, SENDING, CANCEL, CANCELLING, order_send_cancel)                                      \
	GO  (ORDER, SENDING, TIMEOUT, UNKNOWN, order_ask_venue)                                          \
	GO  (ORDER, SENDING, RECOVER, UNKNOWN, order_ask_venue)                                          \
	DROP(ORDER, SENDING, CANCEL_REJECTED)  DROP(ORDER, SENDING, REPLACED)                            \
	DROP(ORDER, SENDING, REPLACE_REJECTED) DROP(ORDER, SENDING, NOT_FOUND)                           \
	BUG (ORDER, SENDING, REPLACE)                                                                    \
	                                                                                                 \
	ORDER_AT_VENUE(GO, STAY, BUG, ORDER, LIVE)                                                       \
	GO  (ORDER, LIVE, CANCEL, CANCELLING, order_send_cancel)                                         \
	GO  (ORDER, LIVE, REPLACE, REPLACING, order_send_replace)                                        \
	GO  (ORDER, LIVE, NEW_REJECTED, UNKNOWN, order_ask_venue)    /* it said ACK before: ask */       \
	GO  (ORDER, LIVE, NOT_FOUND, UNKNOWN, order_ask_venue)                                           \
	GO  (ORDER, LIVE, RECOVER, UNKNOWN, order_ask_venue)                                             \
	STAY(ORDER, LIVE, REPLACED, order_on_replaced)                                                   \
	DROP(ORDER, LIVE, ACK)         DROP(ORDER, LIVE, CANCEL_REJECTED)                                \
	DROP(ORDER, LIVE, REPLACE_REJECTED)    DROP(ORDER, LIVE, TIMEOUT)                                \
	                                                                                                 \
	ORDER_AT_VENUE(GO, STAY, BUG, ORDER, CANCELLING)                                                 \
	GO  (ORDER, CANCELLING, NEW_REJECTED, DONE, order_on_reject)                                     \
	GO  (ORDER, CANCELLING, CANCEL_REJECTED, UNKNOWN, order_ask_venue)                               \
	GO  (ORDER, CANCELLING, NOT_FOUND, UNKNOWN, order_ask_venue)                                     \
	GO  (ORDER, CANCELLING, TIMEOUT, UNKNOWN, order_ask_venue)                                       \
	GO  (ORDER, CANCELLING, RECOVER, UNKNOWN, order_ask_venue)                                       \
	STAY(ORDER, CANCELLING, REPLACED, order_on_replaced)                                             \
	DROP(ORDER, CANCELLING, ACK)   DROP(ORDER, CANCELLING, CANCEL)                                   \
	DROP(ORDER, CANCELLING, REPLACE_REJECTED)                                                        \
	BUG (ORDER, CANCELLING, REPLACE)                                                                 \
	                                                                                                 \
	ORDER_AT_VENUE(GO, STAY, BUG, ORDER, REPLACING)                                                  \
	GO  (ORDER, REPLACING, REPLACED, LIVE, order_on_replaced)                                        \
	GO  (ORDER, REPLACING, REPLACE_REJECTED, LIVE, order_on_kept)                                    \
	GO  (ORDER, REPLACING, CANCEL, CANCELLING, order_send_cancel)                                    \
	GO  (ORDER, REPLACING, NEW_REJECTED, UNKNOWN, order_ask_venue)                                   \
	GO  (ORDER, REPLACING, NOT_FOUND, UNKNOWN, order_ask_venue)                                      \
	GO  (ORDER, REPLACING, TIMEOUT, UNKNOWN, order_ask_venue)                                        \
	GO  (ORDER, REPLACING, RECOVER, UNKNOWN, order_ask_venue)                                        \
	DROP(ORDER, REPLACING, ACK)    DROP(ORDER, REPLACING, CANCEL_REJECTED)                           \
	BUG (ORDER, REPLACING, REPLACE)                                                                  \
	                                                                                                 \
	ORDER_AT_VENUE(GO, STAY, BUG, ORDER, UNKNOWN)                                                    \
	GO  (ORDER, UNKNOWN, ACK, LIVE, order_on_ack)                                                    \
	GO  (ORDER, UNKNOWN, NEW_REJECTED, DONE, order_on_reject)                                        \
	GO  (ORDER, UNKNOWN, NOT_FOUND, DONE, order_on_never_arrived)                                    \
	GO  (ORDER, UNKNOWN, REPLACED, LIVE, order_on_replaced)                                          \
	STAY(ORDER, UNKNOWN, CANCEL_REJECTED, order_ask_venue)   /* says nothing of the order */         \
	STAY(ORDER, UNKNOWN, REPLACE_REJECTED, order_ask_venue)                                          \
	STAY(ORDER, UNKNOWN, TIMEOUT, order_ask_venue)                                                   \
	STAY(ORDER, UNKNOWN, RECOVER, order_ask_venue)                                                   \
	STAY(ORDER, UNKNOWN, CANCEL, order_send_cancel)          /* a cancel is always safe */           \
	BUG (ORDER, UNKNOWN, REPLACE)                                                                    \
	                                                                                                 \
	GO  (ORDER, DONE, RELEASE, FREE, order_clear)                                                    \
	STAY(ORDER, DONE, FILL_PART, order_on_late_fill)  STAY(ORDER, DONE, FILL_DONE, order_on_late_fill) \
	DROP(ORDER, DONE, ACK)         DROP(ORDER, DONE, NEW_REJECTED)     DROP(ORDER, DONE, CANCEL)     \
	DROP(ORDER, DONE, CANCELLED)   DROP(ORDER, DONE, EXPIRED)          DROP(ORDER, DONE, NOT_FOUND)  \
	DROP(ORDER, DONE, CANCEL_REJECTED)     DROP(ORDER, DONE, REPLACED)                               \
	DROP(ORDER, DONE, REPLACE_REJECTED)    DROP(ORDER, DONE, TIMEOUT)  DROP(ORDER, DONE, RECOVER)    \
	BUG (ORDER, DONE, SUBMIT)      BUG (ORDER, DONE, REPLACE)
// clang-format on

MACHINE_DECLARE(order, ORDER)

/* What an order may still do at the venue. */
static inline int64_t order_open_qty_e8(const struct order *order)
{
	return order->state == ORDER_FREE || order->state == ORDER_DONE ? 0 : e8_max(order->qty_e8 - order->filled_qty_e8, 0);
}

/* The venue has not yet said where this order stands: market time waits for it in virtual modes. */
static inline bool order_in_flight(const struct order *order)
{
	return order->state == ORDER_SENDING || order->state == ORDER_CANCELLING || order->state == ORDER_REPLACING ||
	       order->state == ORDER_UNKNOWN;
}

/* Classifies a fill: DONE exactly when nothing remains. */
static inline uint8_t order_fill_event(const struct order *order, int64_t fill_qty_e8)
{
	return order->filled_qty_e8 + fill_qty_e8 >= order->qty_e8 ? ORDER_EV_FILL_DONE : ORDER_EV_FILL_PART;
}

/* An order id, of 50 bits: the input that made the order, its number in that step, and above them how often records of orders were lost before it, so that
 * an id is not given a second time by a journal that has come back without its last inputs. */
enum { ORDER_ID_INDEX_BITS = 8, ORDER_ID_INPUT_BITS = 32, ORDER_ID_LOSSES_MAX = 1023 };
static inline uint64_t order_id_make(uint64_t losses, uint64_t input, uint64_t index)
{
	return losses << (ORDER_ID_INDEX_BITS + ORDER_ID_INPUT_BITS) | input << ORDER_ID_INDEX_BITS | index;
}
static inline uint64_t order_id_input(uint64_t order_id) { return order_id >> ORDER_ID_INDEX_BITS & ((UINT64_C(1) << ORDER_ID_INPUT_BITS) - 1); }
static inline uint64_t order_id_losses(uint64_t order_id) { return order_id >> (ORDER_ID_INDEX_BITS + ORDER_ID_INPUT_BITS); }

enum { ORDER_ID_TEXT_BYTES = 21 };
/* The client order id of every venue: 10 characters of the journal id, 10 of the order id, base 32 without I, L, O, U. */
void order_id_text(uint64_t journal_id, uint64_t order_id, char text[static ORDER_ID_TEXT_BYTES]);
/* False when the text is none of ours. */
bool order_id_parse(const char *text, size_t length, uint64_t *journal_id, uint64_t *order_id);

#endif
