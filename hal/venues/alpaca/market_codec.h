/* market_codec.h - Alpaca's market data: JSON bodies and stream messages into values, our requests into text. No I/O, no clock, no decisions.
 *
 * Numbers come as numbers or as strings; digits beyond the eighth are cut and counted; members nobody asked for are not looked at. A text that is no
 * JSON, or not of the shape, makes the read say false. One bar, snapshot or message that cannot be believed (a price of zero, a high below its low,
 * a day the calendars do not know) is passed over. Both count in `malformed`; symbols that are not ours count in `strangers`. Never a trap.
 *
 * A daily bar is named by an instant: midnight in New York for stocks; crypto bars begin at midnight of some American or UTC clock, and their day is
 * the date of that instant in UTC. Volumes are whole units, fractions of a coin are cut off without a count.
 *
 * The stream sends arrays: alpaca_data_begin, alpaca_data_next until it says false, alpaca_data_whole says whether that was the end of a right array.
 * Source: the data API's OpenAPI document and real-time pages of 2025-04; errors of the stream with what to do are ALPACA_DATA_ERRORS.
 * Rows X5, D5, D3, "Bad input". */
#ifndef HAL_VENUES_ALPACA_MARKET_CODEC_H
#define HAL_VENUES_ALPACA_MARKET_CODEC_H
#include "hal/venues/alpaca/codec_text.h"

/* Bytes, with the final zero: of a page_token; of a text of the venue's for people; of a subscription with the whole universe. */
enum { ALPACA_TOKEN_BYTES = 256, ALPACA_DATA_TEXT_BYTES = 96, ALPACA_SUBSCRIBE_BYTES = 2048, ALPACA_LOGIN_BYTES = 512 };

/* RETRY: connect again, later each time. WAIT: another connection of ours has not ended yet. KEEP: harmless. FATAL: nothing changes until a person
 * does something; the text says what. */
enum alpaca_remedy { ALPACA_RETRY, ALPACA_WAIT, ALPACA_KEEP, ALPACA_FATAL };
#define ALPACA_DATA_ERRORS(X)                                                                                                     \
	X(400, RETRY, "the venue could not read what we sent")                                                                   \
	X(401, RETRY, "the stream is not authenticated")                                                                         \
	X(402, FATAL, "the venue does not take the data key: check TICKWORK_DATA_KEY_ID and TICKWORK_DATA_SECRET_KEY")           \
	X(403, KEEP, "the stream is authenticated already")                                                                      \
	X(404, RETRY, "the venue waited too long for the key")                                                                   \
	X(405, FATAL, "the plan of TICKWORK_DATA_KEY_ID allows fewer symbols than the universe has")                             \
	X(406, WAIT, "another connection with this key is open; the venue allows one")                                           \
	X(407, RETRY, "we read too slowly for the venue")                                                                        \
	X(408, FATAL, "this data feed is not enabled for TICKWORK_DATA_KEY_ID")                                                  \
	X(409, FATAL, "the plan of TICKWORK_DATA_KEY_ID does not include this data feed")                                        \
	X(410, FATAL, "the feed does not know what we subscribe to")                                                             \
	X(500, RETRY, "the venue has an error of its own")

struct alpaca_data_error { int64_t code; enum alpaca_remedy remedy; const char *text; };
/* An unknown code is RETRY, with a text that says so. */
struct alpaca_data_error alpaca_data_error_of(int64_t code);

/* What a message of the stream is. QUIET: known, and nothing of ours (updated bars of minutes, limits up and down, news). */
enum alpaca_data_kind {
	ALPACA_DATA_CONNECTED, ALPACA_DATA_AUTHENTICATED, ALPACA_DATA_SUBSCRIPTION, ALPACA_DATA_ERROR,
	ALPACA_DATA_TRADE, ALPACA_DATA_QUOTE, ALPACA_DATA_BAR, ALPACA_DATA_DAILY, ALPACA_DATA_STATUS, ALPACA_DATA_CORRECTION,
	ALPACA_DATA_CANCEL, ALPACA_DATA_BOOK, ALPACA_DATA_QUIET, ALPACA_DATA_UNKNOWN
};

/* By kind. TRADE: px, qty. QUOTE: bid, ask (0: none). BAR, DAILY: bar. STATUS: text, is_halted. CORRECTION: px, qty are the corrected ones, was_px
 * the first. CANCEL: px, qty of the trade that is none. BOOK: levels by alpaca_data_levels, is_whole: forget those before. ERROR: code, text.
 * SUBSCRIPTION: count, how many names it lists. */
struct alpaca_data {
	enum alpaca_data_kind kind;
	uint16_t              sym;
	bool                  is_halted, is_whole;
	uint32_t              count;
	int64_t               t_ns, px_e8, qty_e8, was_px_e8, bid_px_e8, ask_px_e8, code;
	struct bar            bar;
	struct json_value     bids, asks;
	char                  text[ALPACA_DATA_TEXT_BYTES];
};

/* Of one symbol: today's bar so far, and the last trade; 0 where there is none. */
struct alpaca_snapshot { bool has_daily; struct bar daily; int64_t trade_px_e8, trade_t_ns; };

/* A moment of stepped time, as the simulator's advance and now answer it; first_day: of now only, else 0. */
struct alpaca_moment {
	int64_t number, t_ns;
	int32_t day, first_day;
	uint8_t phase, calendar;
	bool    early_close, last, end;
};

struct alpaca_market_codec {
	struct json_paths  page, bar, snapshots, snapshot, trade, moment, message, level;
	struct json_reader list;
	uint64_t           malformed, strangers, unknown;        /* unknown: kinds of messages that are not known */
	uint32_t           cut;                                  /* numbers with more than eight decimals */
};

typedef void alpaca_bar_fn(void *self, uint16_t sym, const struct bar *bar);
typedef void alpaca_snapshot_fn(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot);
typedef void alpaca_level_fn(void *self, uint8_t side, int64_t px_e8, int64_t qty_e8);

void alpaca_market_codec_init(struct alpaca_market_codec *codec);

/* A page of bars: each to fn, oldest first within a symbol as they come; adj_px_e8 is the close as it stands. *token: "" on the last page.
 * False, before anything is told, when the body is not a page. */
bool alpaca_read_bars(struct alpaca_market_codec *codec, const char *text, size_t bytes, alpaca_bar_fn *fn, void *self, char token[ALPACA_TOKEN_BYTES]);
/* Snapshots of stocks, or of crypto (which has them inside "snapshots"). */
bool alpaca_read_snapshots(struct alpaca_market_codec *codec, const char *text, size_t bytes, bool is_crypto, alpaca_snapshot_fn *fn, void *self);
bool alpaca_read_moment(struct alpaca_market_codec *codec, const char *text, size_t bytes, struct alpaca_moment *out);

void alpaca_data_begin(struct alpaca_market_codec *codec, const char *text, size_t bytes);
bool alpaca_data_next(struct alpaca_market_codec *codec, struct alpaca_data *out);
bool alpaca_data_whole(struct alpaca_market_codec *codec);
/* The levels of a BOOK, bids first, while its text stands; size 0 takes a level away. False when one of them is wrong. */
bool alpaca_data_levels(struct alpaca_market_codec *codec, const struct alpaca_data *data, alpaca_level_fn *fn, void *self);

/* The universe of one feed, for people's plans: an index is not to be had here. */
bool alpaca_is_listed(uint16_t sym);
bool alpaca_is_crypto(uint16_t sym);
/* "GLD,SPY,..." of the stocks or the coins ("BTC%2FUSD"), for a query; its length, 0 when there are none or no room. */
size_t alpaca_symbols(bool is_crypto, char *text, size_t size);
/* Messages to the stream; their length, 0 when there is nothing to say or no room. The login holds secrets. */
size_t alpaca_write_login(const char *key, const char *secret, char text[ALPACA_LOGIN_BYTES]);
size_t alpaca_write_subscribe(bool is_crypto, char text[ALPACA_SUBSCRIBE_BYTES]);

#endif
