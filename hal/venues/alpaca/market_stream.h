/* market_stream.h - one data stream of Alpaca, stocks or coins: connected, logged in, subscribed, and back by itself when it ends.
 *
 * The session machine (hal/venues/session.h) leads it; every way back waits longer and stays in the budget of connections. What comes is told by fn:
 *   ALPACA_STREAM_STATE   alpaca_stream_state has changed
 *   ALPACA_STREAM_SYNC    subscribed after a gap: the owner reads what it missed and calls alpaca_stream_synced
 *   ALPACA_STREAM_DATA    one message about a symbol of ours
 * Errors of the venue: ALPACA_DATA_ERRORS. 406 (one connection a key) waits for the old one to end; 402, 405, 408, 409, 410 refuse, and are tried
 * again each SESSION_REFUSED_S, for keys and plans are mended by people. `sentence` says the last trouble.
 * A stream that gives no message for idle_ns while alpaca_stream_expects is on is opened anew; pings find the dead connection sooner.
 * Memory: the struct; one stream and one timer of the loop besides push's. The codec is shared with the owner. Rows D5, X5. */
#ifndef HAL_VENUES_ALPACA_MARKET_STREAM_H
#define HAL_VENUES_ALPACA_MARKET_STREAM_H
#include "hal/venues/alpaca/market_codec.h"
#include "hal/venues/push.h"
#include "hal/venues/session.h"

/* Bytes of one message: a burst of 400 trades. What plans say: s for each answer of the login; between pings; without a byte. */
enum { ALPACA_STREAM_MESSAGE_BYTES = 1 << 16, ALPACA_STREAM_STEP_S = 10, ALPACA_STREAM_PING_S = 10, ALPACA_STREAM_SILENCE_S = 30 };

enum alpaca_stream_event { ALPACA_STREAM_STATE, ALPACA_STREAM_SYNC, ALPACA_STREAM_DATA };

struct alpaca_stream;
typedef void alpaca_stream_fn(void *self, struct alpaca_stream *stream, enum alpaca_stream_event event, const struct alpaca_data *data);

struct alpaca_stream_plan {
	const struct reach         *reach;
	const char                 *target, *key_id, *secret;
	bool                        is_crypto;
	int64_t                     idle_ns, step_ns, ping_ns, silence_ns;        /* step_ns: for each answer of the login */
	struct alpaca_market_codec *codec;
	struct machine_log         *log;
	alpaca_stream_fn           *fn;
	void                       *self;
};

struct alpaca_stream {
	struct alpaca_stream_plan plan;
	struct push               push;
	struct venue_session      session;
	struct backoff            backoff;
	int                       timer;
	bool                      connects, expects;
	uint32_t                  code;                                  /* the venue's last error; 0 since it is up */
	int64_t                   due_ns, late_ns, heard_ns;             /* machine time */
	uint64_t                  messages, limited, refused, idled;     /* counters; limited: 406 */
	char                      sentence[REST_SENTENCE_BYTES];
	char                      message[ALPACA_STREAM_MESSAGE_BYTES];
};

/* The plan is copied; what it points to outlives the stream. Call between loop_open and loop_close. */
void             alpaca_stream_init(struct alpaca_stream *stream, const struct alpaca_stream_plan *plan);
void             alpaca_stream_start(struct alpaca_stream *stream);
void             alpaca_stream_synced(struct alpaca_stream *stream);
/* Whether news should come now: the venue is open. */
void             alpaca_stream_expects(struct alpaca_stream *stream, bool expects);
enum venue_state alpaca_stream_state(const struct alpaca_stream *stream);
void             alpaca_stream_close(struct alpaca_stream *stream);

#endif
