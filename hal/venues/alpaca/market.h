/* market.h - the market data half of Alpaca for the feed: moments with their prices and bars, in the order of hal/replay/market.h.
 *
 *   alpaca_market_init(&market, &plan, &place);  alpaca_market_start(&market);        place: null, or where a predecessor stopped
 *   struct hal hal = { &market, &alpaca_market_ports };                               recv; send does nothing here
 *   alpaca_market_go(&market)                                                         the next moment may come
 *   place = market.place                                                              after any recv: what a successor needs
 * Everything runs from the loop (hal/linux/loop.h); recv never blocks. It gives
 *   PRICE (OPEN)   then TICK (OPEN)     at an open, of each symbol that has a bar today, by symbol
 *   BAR            then TICK (CLOSE)    at a close
 *   TICK (DAY_END)
 *   PRICE (TRADE)                       REAL only, between moments: from the stream, once in price_period_ms a symbol, in sessions only
 *   VENUE                               DOWN, SYNCING, UP, REFUSED of the data: streams and REST together; at any time, not part of a moment. It
 *                                       begins DOWN and is told when it changes
 * HAL_IDLE when there is nothing now; HAL_END after the last moment of stepped time. DIVIDEND never: it comes as cash on the trading side.
 *
 * HISTORY. First warm_days of days before the market begins are read page by page and told as moments with EVENT_WARMING, in the order and with the
 * times of hal/replay/market.h, which makes them from plan.history (bars of the caller's, touched only as far as they are filled).
 *
 * STEPPED. The simulator owns time. A moment of history or market comes when alpaca_market_go has permitted it, and go permits one: POST
 * /sim/v1/advance moves the market (and fills the desk's orders), so call it when everyone has done with the TICK before. All of it may be
 * asked again: a lost answer, or a successor, gets the same moment and gives the rest of its events. A driver without a past whose step is refused
 * before it has told a moment asks again, SESSION_REFUSED_S later, where the venue stands; what of the history it has told stays told.
 *
 * REAL. Moments come by wall clock and calendar: opens open_delay after their time from the snapshots, closes close_delay after it from the bars; a bar
 * that is not there yet is asked for again market_again_max times. History needs go as in stepped time, live moments do not. Moments of the day the
 * driver starts on, before its start, come as history, too: nobody trades on an open of this morning. A PRICE never has a time behind a
 * moment that is still to come. After a gap of the stream the last trades are read by REST.
 *
 * PRICES. Bars and opens are adjusted for splits (adjustment=split) as of the reading; adj_px_e8 is the total-return close (adjustment=all). Alpaca
 * restates all earlier closes at each dividend and split; since ours were told already, a new one is told in their scale: adj(D) = told(D-1) x
 * all(D) / all(D-1), both as read on D. When nothing was restated that is all(D) to the last digit, so in stepped time the number is the venue's.
 *
 * Trouble is a sentence (alpaca_market_sentence) and a count, never an end: reads are repeated by backoff, a refused key or plan each
 * SESSION_REFUSED_S, wrong clocks are counted (clock_off). Memory: the struct is all but the history, about 700 kB; one HTTPS connection, at most two
 * streams, seven timers. Rows D5, X5, D3, O7. */
#ifndef HAL_VENUES_ALPACA_MARKET_H
#define HAL_VENUES_ALPACA_MARKET_H
#include "hal/replay/market.h"
#include "hal/hal.h"
#include "hal/venues/alpaca/market_stream.h"

enum {
	ALPACA_MARKET_PAGE_BARS = 1000,         /* n, of one page */
	ALPACA_MARKET_BODY_BYTES = 1 << 18,     /* such a page is 150,000; snapshots of 64 symbols 80,000 */
	ALPACA_MARKET_PAGES_MAX = 256,          /* n, of one read: more is a venue that repeats itself */
	ALPACA_MARKET_READS_MAX = 4,            /* n, reads of one moment or of the history */
	ALPACA_MARKET_REREAD_DAYS = 12,         /* days before, read again for the scale of adjusted closes: any holidays */
	ALPACA_MARKET_QUEUE_S = 20, ALPACA_MARKET_ANSWER_S = 10,
	ALPACA_MARKET_CLOCK_OFF_S = 300,        /* s, from which on a clock is called wrong */
	ALPACA_MARKET_STREAMS_MAX = 2
};

struct alpaca_market_plan {
	const struct reach *data, *stream;      /* the hosts of REST and of the streams */
	const char         *key_id, *secret;    /* the owner's; no message or sentence carries them */
	const char         *key_name;           /* of the environment, for the sentence: "TICKWORK_DATA_KEY_ID" */
	const char         *feed;               /* "iex", "sip" */
	struct bars        *history;            /* zeroed or not */
	int32_t             warm_days, requests_per_min;
	bool                is_stepped;
	int64_t             open_delay_ns, close_delay_ns, price_period_ns, idle_ns;
	int64_t           (*wall_ns)(void *self);        /* null: the clock of the machine */
	void               *wall_self;
	struct machine_log *log;
};

/* The scale of a symbol's adjusted closes: the last one told, and its day. */
struct alpaca_scale { int64_t told_px_e8; int32_t day; uint32_t pad; };

/* Where the driver is. Pointer-free: keep a copy after a recv, give it to the successor. Zeroed is the beginning. */
struct alpaca_market_place {
	int64_t             done;               /* stepped: moments told whole */
	int64_t             history_done;       /* events of the history told */
	int64_t             until_ns;           /* history ends here: at the beginning of the market, or before the moment at which a stepped venue stands */
	int64_t             begun_ns;           /* real: moments due before it are history */
	int64_t             t_ns, moment_ns;    /* of the last event: nothing earlier is told; of the last moment told whole */
	int32_t             first_day;          /* the market begins */
	int32_t             until_day;          /* the last day of history, maybe in part; with until_phase and until_calendar: the moment that is no longer history */
	int32_t             day;                /* real: the date of the next moment, and which of its moments it is */
	uint32_t            phase, next_sym;    /* next_sym: of the moment in hand, symbols before it are dealt with */
	uint8_t             is_begun, is_warm, is_permitted, is_ended, until_phase, until_calendar, has_until, pad;
	struct alpaca_scale scale[UNIVERSE_N];
};

enum alpaca_read_kind { ALPACA_READ_NOW, ALPACA_READ_ADVANCE, ALPACA_READ_SNAPSHOTS, ALPACA_READ_BARS };
/* What the answers are for. */
enum alpaca_read_use { ALPACA_FOR_BEGIN, ALPACA_FOR_HISTORY, ALPACA_FOR_STEP, ALPACA_FOR_MOMENT, ALPACA_FOR_SYNC };

struct alpaca_read { enum alpaca_read_kind kind; bool is_crypto, is_adjusted; int32_t from_day, to_day; };

/* The reads in hand, one after the other. */
struct alpaca_reads {
	enum alpaca_read_use use;
	uint64_t             most;                                  /* of n */
	uint32_t             n, at, pages, failures;
	bool                 is_busy, is_out, is_refused;
	int64_t              again_ns;                              /* machine time; 0: not waiting */
	struct alpaca_read   read[ALPACA_MARKET_READS_MAX];
	char                 token[ALPACA_TOKEN_BYTES];
};

/* The moment in hand. bar[].open_px_e8 at an open, all of it at a close. */
struct alpaca_moment_bars { bool has[UNIVERSE_N]; struct bar bar[UNIVERSE_N]; int64_t reread_px_e8[UNIVERSE_N]; };

/* What the streams say between moments. */
struct alpaca_live { int64_t px_e8, t_ns, trade_t_ns, told_wall_ns; bool is_new; };

struct alpaca_market_counts {
	uint64_t moments, prices, reads, failures, refused, missing, again, held, clock_off, halts, corrections, syncs;
};

struct alpaca_market {
	struct alpaca_market_plan   plan;
	struct alpaca_market_place  place;
	struct alpaca_market_codec  codec;
	struct rest                 rest;
	struct backoff              backoff;                         /* of reads that fail although they are answered */
	struct alpaca_reads         reads;
	struct market_replay        replay;                          /* of the history */
	uint64_t                    history_most;                    /* bars of one symbol */
	bool                        has_history, is_ready, is_history_moment;
	uint32_t                    again;                           /* how often this moment was read again */
	int64_t                     again_wall_ns;                   /* real: a moment with a missing bar waits until then */
	struct alpaca_moment        moment;
	struct alpaca_moment_bars   bars;
	struct alpaca_live          live[UNIVERSE_N];
	uint32_t                    streams_n;
	bool                        wants_sync[ALPACA_MARKET_STREAMS_MAX];
	enum venue_state            told;
	struct alpaca_market_counts counts;
	int                         timer;
	char                        stock_target[32], sentence[REST_SENTENCE_BYTES];
	struct alpaca_stream        stream[ALPACA_MARKET_STREAMS_MAX];
	char                        body[ALPACA_MARKET_BODY_BYTES];
};

extern const struct hal_world alpaca_market_ports;

/* What config.h says, for the plan: delays, periods, requests a minute. */
void alpaca_market_defaults(struct alpaca_market_plan *plan);
/* The plan is copied; what it points to outlives the driver. Call between loop_open and loop_close. */
void alpaca_market_init(struct alpaca_market *market, const struct alpaca_market_plan *plan, const struct alpaca_market_place *place);
void alpaca_market_start(struct alpaca_market *market);
/* The moment after the last TICK may come. Again before that TICK, and for live moments of real time: nothing. */
void alpaca_market_go(struct alpaca_market *market);
/* The last trouble, for a person; "" when there was none. */
const char *alpaca_market_sentence(const struct alpaca_market *market);
/* Bytes, the fewest that were ever free in any stream: for a message; for what waits to go out. */
uint64_t    alpaca_market_message_free(const struct alpaca_market *market);
uint64_t    alpaca_market_push_free(const struct alpaca_market *market);
void alpaca_market_close(struct alpaca_market *market);

#endif
