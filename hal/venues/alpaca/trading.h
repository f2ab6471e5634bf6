/* trading.h - the trading half of Alpaca for the desk: orders out, the venue's word in, and a session that comes back by itself.
 *
 *   alpaca_trading_init(&trading, &plan);  alpaca_trading_start(&trading);
 *   struct hal hal = { &trading, &alpaca_trading_ports };            the contract of recv and send is hal/venues/venue.h
 * Everything runs from the loop (hal/linux/loop.h); recv and send never block. The stream of trade_updates tells what happens; REST sends, asks and
 * synchronises: open orders, activities, positions, account, in this order, after every connection before VENUE UP, then every reconcile_ns
 * and on alpaca_trading_sync. A snapshot during which a fill came is taken again, so HOLDINGs agree with the FILLs told before them.
 *
 * An order is posted once. Lost, 5xx, cut, or "client_order_id must be unique": it is asked for by its client order id, and only NOT_FOUND on a
 * connection begun dead_after_ns after it may have left is conclusive; such a question is held here until then. Cancels and bulk cancels may be
 * repeated, they are idempotent. Fills come from the stream and from activities under one execution id, and are told once in a life of the driver.
 *
 * Times. t_ns is the venue's where it gives one, and never before the event handed on last (clamped counts). With is_stepped (the simulator's
 * recorded days) events of orders are handed on only when the driver is quiet, sorted by (time, order), so that two connections cannot change
 * their order; the pump calls alpaca_trading_moment after each TICK, and may acknowledge it once alpaca_trading_is_quiet.
 *
 * Memory: the struct is everything, about 3 MB, most of it touched only by long lists; sizes below. Two HTTPS connections (the second is kept warm
 * for the bulk cancel alone), one stream, four timers. Full is counted: out of rows NEW_REJECTED (FULL); out of room for events the venue is held
 * back first, and what is lost all the same (events_lost) makes a new synchronisation. Keys are pointers of the owner's; no message or sentence
 * carries them. Rows X2, X5, X10, R9, O7. */
#ifndef HAL_VENUES_ALPACA_TRADING_H
#define HAL_VENUES_ALPACA_TRADING_H
#include "fsm/idmap.h"
#include "fsm/settings.h"
#include "hal/venues/alpaca/codec.h"
#include "hal/venues/push.h"
#include "hal/venues/session.h"

enum {
	ALPACA_EVENTS_MAX = 2048,               /* n, events not yet handed on: the longest page of orders three times over */
	ALPACA_PAGE_ORDERS = 500,               /* n, the venue's own maximum */
	ALPACA_PAGE_ACTIVITIES = 100,           /* n, the venue's own maximum */
	ALPACA_HOLDINGS_MAX = 256,              /* n, positions of one account */
	ALPACA_BODY_BYTES = 1 << 20,            /* 500 orders of 2 kB */
	ALPACA_HOT_BODY_BYTES = 1 << 18,        /* of a bulk cancel: nobody reads it, but a longer one would be called lost */
	ALPACA_MESSAGE_MAX = 1 << 14,           /* bytes of one trade update: ten times the longest seen */
	ALPACA_TOLD_MAX = 4096,                 /* n, executions and activities told: against repeats of stream and poll */
	ALPACA_CELLS = CFG_orders_max <= 2048 ? 4096 : 16384,
	ALPACA_STEP_S = 10,                     /* s, for each answer of the stream's login */
	ALPACA_PING_S = 10, ALPACA_SILENCE_S = 30,
	ALPACA_QUEUE_S = 20, ALPACA_ANSWER_S = 10,
	ALPACA_SYNC_TRIES_MAX = 5,              /* n, failures of one question before the session starts anew; torn snapshots in a row */
	ALPACA_OVERLAP_S = 86400,               /* s, read again of what should be known: clocks differ, activities are posted late */
	ALPACA_CLOCK_OFF_S = 300                /* s, from which on a clock is called wrong */
};
_Static_assert((int)ALPACA_CELLS >= 2 * (int)CFG_orders_max, "trading.h: two cells for each order");

struct alpaca_plan {
	const struct reach *reach;
	const char         *key_id, *secret;
	const char         *key_name;           /* of the environment: "APCA_API_KEY_ID", for the sentence */
	struct venue_words  words;
	uint64_t            journal_id;         /* orders of other journals are EXTERNAL */
	int64_t             since_t_ns;         /* market time up to which the books are whole: what is older is not read again */
	int64_t             begun_t_ns;         /* market time: activities of before it are not read, however late they are posted; 0: of all times */
	int64_t             t_ns;               /* market time of the books, since_t_ns or later: nothing is told as older */
	int64_t             dead_after_ns, reconcile_ns;        /* reconcile_ns 0: never by itself */
	int32_t             requests_per_min;
	bool                is_stepped;
	struct machine_log *log;
};

enum alpaca_out { ALPACA_OUT_NONE, ALPACA_OUT_NEW, ALPACA_OUT_ASK, ALPACA_OUT_CANCEL, ALPACA_OUT_REPLACE };

/* What is remembered of an order of ours; it can all be had again by asking. */
struct alpaca_row {
	uint64_t             order_id, venue_id, seen;        /* seen: the last synchronisation that listed it as open */
	struct order_request request;
	int64_t              left_ns;                         /* the last instant at which it may have left us, monotonic */
	int64_t              ask_after_ns;
	int64_t              told_qty_e8, next_qty_e8, next_limit_px_e8;
	char                 uuid[ALPACA_UUID_BYTES];
	uint16_t             sym;
	uint8_t              out, number, number_next;        /* the request that is out; how often it was replaced, and will be */
	bool                 is_spare, is_queued, is_acked, is_done, is_replacing, has_waited;        /* has_waited: its end, for fills */
	bool                 wants_new, wants_ask, wants_cancel, wants_replace, is_asked;        /* asked: by the desk, which is told in any case */
};

struct alpaca_line { uint64_t most; uint32_t first, count; uint16_t slot[CFG_orders_max]; };

enum alpaca_sync_step {
	ALPACA_SYNC_NONE, ALPACA_SYNC_CLOCK, ALPACA_SYNC_OPEN, ALPACA_SYNC_ALL, ALPACA_SYNC_ACTIVITIES, ALPACA_SYNC_ORPHANS, ALPACA_SYNC_POSITIONS,
	ALPACA_SYNC_ACCOUNT, ALPACA_SYNC_CHECK
};

struct alpaca_sync {
	enum alpaca_sync_step  step, back;            /* back: where to go on after the orphans */
	bool                   is_whole, is_out, wants_whole, wants_activities, is_page_full, has_all;
	uint32_t               failures, torn, holdings_n, orphans_n;
	int64_t                retry_ns, next_whole_ns, after_ns;
	int64_t                began_t_ns;            /* market time */
	uint64_t               number, fills_before, holdings_most, orphans_most;
	char                   cursor[ALPACA_ACTIVITY_ID_BYTES];
	struct alpaca_account  account;
	struct alpaca_position holding[ALPACA_HOLDINGS_MAX];
	struct alpaca_activity orphan[ALPACA_PAGE_ACTIVITIES];        /* fills of orders whose client order id is not known yet */
};

struct alpaca_counts {
	uint64_t orders_posted, orders_lost, asks, cancels, bulk_cancels, fills, repeats, externals, cash, rejected, clamped, events_lost, rows_full;
	uint64_t mismatched, unknown_updates, unknown_activities, snapshots, snapshots_torn, refused_keys, syncs_failed;
};

struct alpaca_trading {
	struct alpaca_plan   plan;
	struct alpaca_codec  codec;
	struct venue_session       session;
	struct backoff       backoff;
	struct push          push;
	struct rest          rest, hot;
	struct alpaca_sync   sync;
	struct alpaca_counts counts;
	int                  timer;
	bool                 connects, is_new_out, holds;
	uint32_t             asks_later, bulk_tries;
	uint64_t             last_order_id;                   /* the highest of ours that the venue has shown */
	int64_t              born_ns, due_ns, late_ns, bulk_due_ns;        /* machine time */
	int64_t              floor_ns;                        /* market time: nothing is told earlier */
	int64_t              read_ns;                         /* market time: activities have been read without a gap up to here */
	int64_t              begun_ns;                        /* the plan's; of a new journal in real time the venue's clock when it began */
	int64_t              clock_off_s;                     /* the venue's clock less ours, when last seen */
	uint64_t             activity, pinged, ponged;        /* numbers for quiet */
	char                 sentence[REST_SENTENCE_BYTES];   /* the last trouble, for a person; "" when there was none */

	uint32_t             rows_n, reuse;
	struct alpaca_row    row[CFG_orders_max], spare;
	struct idmap_cell    by_order[ALPACA_CELLS], by_venue[ALPACA_CELLS];
	struct alpaca_line   line[2];                         /* new orders; everything else, urgent */

	uint64_t             events_most;
	uint32_t             events_first, events_n, released;
	struct event         event[ALPACA_EVENTS_MAX], spilled;

	uint32_t             told_first, told_n;
	uint64_t             told[ALPACA_TOLD_MAX];
	struct idmap_cell    by_told[2 * ALPACA_TOLD_MAX];

	char                 message[ALPACA_MESSAGE_MAX], body[ALPACA_BODY_BYTES], hot_body[ALPACA_HOT_BODY_BYTES];
};

extern const struct hal_world alpaca_trading_ports;
extern const struct venue     alpaca_venue;

/* In BOOT, after loop_open. The plan is copied, what it points to outlives the driver. */
void alpaca_trading_init(struct alpaca_trading *trading, const struct alpaca_plan *plan);
void alpaca_trading_start(struct alpaca_trading *trading);
/* A snapshot now (HOLDING.. BALANCE), beside those that come by themselves. */
void alpaca_trading_sync(struct alpaca_trading *trading);
/* Market time has come here: after each TICK. In stepped time what moved money at this moment is read. */
void alpaca_trading_moment(struct alpaca_trading *trading, int64_t t_ns);
/* Stepped: nothing of this moment can still come, and all that came has been taken by recv. Never while the session is not UP. */
bool alpaca_trading_is_quiet(const struct alpaca_trading *trading);
/* Everything that works at the venue is cancelled by one request, on its own connection, before anything that waits; what had not been
 * posted yet is CANCELLED here. Works in every state of the session that has a network. */
void alpaca_trading_cancel_all(struct alpaca_trading *trading);
/* Of the two lines, the most that ever stood in one. */
uint64_t    alpaca_trading_line_most(const struct alpaca_trading *trading);
/* The last trouble as a sentence. */
const char *alpaca_trading_sentence(const struct alpaca_trading *trading);
void        alpaca_trading_close(struct alpaca_trading *trading);

#endif
