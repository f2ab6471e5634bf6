/* market_codec_data.c - the messages of the stream: one table of members for all of them, one reader a kind. */
#include <string.h>

#include "hal/venues/alpaca/market_codec_parts.h"

/* The members of messages; where one letter means two things, the kind says which. */
#define MEMBERS(X)                                                                                                                \
	X(TIME, "t") X(OPEN, "o") X(HIGH, "h") X(LOW, "l") X(CLOSE, "c") X(VOLUME, "v") X(TYPE, "T") X(SYMBOL, "S") X(PRICE, "p")  \
	X(SIZE, "s") X(BID, "bp") X(ASK, "ap") X(BIDS, "b") X(ASKS, "a") X(RESET, "r") X(CODE, "code") X(MESSAGE, "msg")          \
	X(STATUS, "sc") X(STATUS_TEXT, "sm") X(WAS, "op") X(RIGHT, "cp") X(RIGHT_SIZE, "cs") X(TRADES, "trades") X(QUOTES, "quotes") \
	X(BARS, "bars")
#define MEMBER_ID(name, text) AT_##name,
#define MEMBER_TEXT(name, text) text,
enum member { MEMBERS(MEMBER_ID) MEMBERS_N };
_Static_assert(AT_TIME == 0 && AT_VOLUME + 1 == ALPACA_BAR_FIELDS, "a message begins with the members of a bar");

#define ERROR_ROW(code, remedy, text) { code, ALPACA_##remedy, text },
static const struct alpaca_data_error errors[] = { ALPACA_DATA_ERRORS(ERROR_ROW) };

struct alpaca_data_error alpaca_data_error_of(int64_t code)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) if (errors[i].code == code) return errors[i];
	return (struct alpaca_data_error){ code, ALPACA_RETRY, "the stream reports an error that is not in its documents" };
}

void alpaca_market_paths_data(struct alpaca_market_codec *codec)
{
	static const char *const member[MEMBERS_N] = { MEMBERS(MEMBER_TEXT) };
	static const char *const level[] = { "p", "s" };
	json_paths_init(&codec->message, member, MEMBERS_N);
	json_paths_init(&codec->level, level, 2);
}

/* --- kinds -------------------------------------------------------------------------------------------------------- */

typedef bool kind_fn(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out);

/* An amount that is there and not below 0. */
static bool amount(struct alpaca_market_codec *codec, const struct json_value *value, int64_t *out_e8)
{
	return value->kind != JSON_NONE && alpaca_e8(value, out_e8, &codec->cut) && *out_e8 >= 0;
}

/* A text of the venue's for people, cut to the room. */
static void text_of(const struct json_value *value, char text[ALPACA_DATA_TEXT_BYTES])
{
	size_t length = value->kind == JSON_STRING ? value->length : 0;
	if (length >= ALPACA_DATA_TEXT_BYTES) length = ALPACA_DATA_TEXT_BYTES - 1;
	for (size_t i = 0; i < length; i++) text[i] = value->at[i] < ' ' || value->at[i] > '~' ? ' ' : value->at[i];
	text[length] = '\0';
}

static bool read_success(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	(void)codec;
	if (alpaca_market_is(&found[AT_MESSAGE], "connected")) out->kind = ALPACA_DATA_CONNECTED;
	if (alpaca_market_is(&found[AT_MESSAGE], "authenticated")) out->kind = ALPACA_DATA_AUTHENTICATED;
	return true;
}

static bool read_error(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	int64_t code_e8 = 0;
	text_of(&found[AT_MESSAGE], out->text);
	if (found[AT_CODE].kind == JSON_NONE || !alpaca_e8(&found[AT_CODE], &code_e8, &codec->cut)) return false;
	out->code = code_e8 / E8;
	return true;
}

static uint32_t count_of(const struct json_value *list)
{
	struct json_reader json;
	struct json_value  value;
	uint32_t           count = 0;
	if (list->kind != JSON_ARRAY) return 0;
	json_open(&json, list->at, list->length);
	for (json_array(&json); json_element(&json, &value) && json_skip(&json, &value);) count++;
	return count;
}

static bool read_subscription(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	(void)codec;
	out->count = count_of(&found[AT_TRADES]) + count_of(&found[AT_QUOTES]) + count_of(&found[AT_BARS]);
	return true;
}

static bool read_trade(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	return alpaca_px(codec, &found[AT_PRICE], &out->px_e8) && amount(codec, &found[AT_SIZE], &out->qty_e8);
}

/* A side that nobody quotes has price 0. */
static bool read_quote(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	return amount(codec, &found[AT_BID], &out->bid_px_e8) && amount(codec, &found[AT_ASK], &out->ask_px_e8);
}

static bool read_bar(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	return alpaca_bar_of(codec, out->sym, found, &out->bar);
}

/* H: halted; P: paused, 2: by a volatility band (CTA and UTP status codes). */
static bool read_status(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	(void)codec;
	text_of(&found[AT_STATUS_TEXT], out->text);
	out->is_halted = alpaca_market_is(&found[AT_STATUS], "H") || alpaca_market_is(&found[AT_STATUS], "P") || alpaca_market_is(&found[AT_STATUS], "2");
	return found[AT_STATUS].kind == JSON_STRING;
}

static bool read_correction(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	return alpaca_px(codec, &found[AT_WAS], &out->was_px_e8) && alpaca_px(codec, &found[AT_RIGHT], &out->px_e8) &&
	       amount(codec, &found[AT_RIGHT_SIZE], &out->qty_e8);
}

static bool is_levels(const struct json_value *value) { return value->kind == JSON_ARRAY || value->kind == JSON_NONE || value->kind == JSON_NULL; }

static bool read_book(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	(void)codec;
	out->bids = found[AT_BIDS];
	out->asks = found[AT_ASKS];
	out->is_whole = found[AT_RESET].kind == JSON_TRUE;
	return is_levels(&out->bids) && is_levels(&out->asks);
}

static bool read_nothing(struct alpaca_market_codec *codec, const struct json_value *found, struct alpaca_data *out)
{
	(void)codec;
	(void)found;
	(void)out;
	return true;
}

static const struct kind_row { const char *type; enum alpaca_data_kind kind; bool is_of_symbol; kind_fn *read; } kinds[] = {
	{ "t", ALPACA_DATA_TRADE, true, read_trade },
	{ "q", ALPACA_DATA_QUOTE, true, read_quote },
	{ "b", ALPACA_DATA_BAR, true, read_bar },
	{ "u", ALPACA_DATA_QUIET, false, read_nothing },
	{ "d", ALPACA_DATA_DAILY, true, read_bar },
	{ "s", ALPACA_DATA_STATUS, true, read_status },
	{ "l", ALPACA_DATA_QUIET, false, read_nothing },
	{ "c", ALPACA_DATA_CORRECTION, true, read_correction },
	{ "x", ALPACA_DATA_CANCEL, true, read_trade },
	{ "o", ALPACA_DATA_BOOK, true, read_book },
	{ "n", ALPACA_DATA_QUIET, false, read_nothing },
	{ "success", ALPACA_DATA_QUIET, false, read_success },
	{ "subscription", ALPACA_DATA_SUBSCRIPTION, false, read_subscription },
	{ "error", ALPACA_DATA_ERROR, false, read_error },
};

static const struct kind_row *kind_of(const struct json_value *type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) if (alpaca_market_is(type, kinds[i].type)) return &kinds[i];
	return 0;
}

/* --- the array ---------------------------------------------------------------------------------------------------- */

/* False: passed over. */
static bool read_message(struct alpaca_market_codec *codec, const struct json_value *value, struct alpaca_data *out)
{
	struct json_value found[MEMBERS_N];
	*out = (struct alpaca_data){ .kind = ALPACA_DATA_UNKNOWN, .sym = SYM_NONE };
	if (!alpaca_market_believe(codec, alpaca_market_pick(&codec->message, value->at, value->length, found) && found[AT_TYPE].kind == JSON_STRING)) return false;
	const struct kind_row *row = kind_of(&found[AT_TYPE]);
	codec->unknown += !row;
	if (!row) return true;
	out->kind = row->kind;
	if (row->is_of_symbol && !alpaca_market_sym(codec, &found[AT_SYMBOL], &out->sym)) return false;
	bool has_time = !row->is_of_symbol || (found[AT_TIME].kind == JSON_STRING && alpaca_time_of(&found[AT_TIME], &out->t_ns));
	return alpaca_market_believe(codec, has_time && row->read(codec, found, out));
}

void alpaca_data_begin(struct alpaca_market_codec *codec, const char *text, size_t bytes)
{
	json_open(&codec->list, text, bytes);
	(void)json_array(&codec->list);
}

bool alpaca_data_next(struct alpaca_market_codec *codec, struct alpaca_data *out)
{
	struct json_value value;
	while (json_element(&codec->list, &value) && json_skip(&codec->list, &value))
		if (read_message(codec, &value, out)) return true;
	return false;
}

bool alpaca_data_whole(struct alpaca_market_codec *codec) { return alpaca_market_believe(codec, json_finish(&codec->list)); }

/* --- levels of a book --------------------------------------------------------------------------------------------- */

static bool read_levels(struct alpaca_market_codec *codec, const struct json_value *list, uint8_t side, alpaca_level_fn *fn, void *self)
{
	struct json_reader json;
	struct json_value  value, found[2];
	int64_t            px_e8, qty_e8;
	if (list->kind != JSON_ARRAY) return true;
	json_open(&json, list->at, list->length);
	for (json_array(&json); json_element(&json, &value) && json_skip(&json, &value);) {
		if (!alpaca_market_pick(&codec->level, value.at, value.length, found) || !alpaca_px(codec, &found[0], &px_e8) || !amount(codec, &found[1], &qty_e8))
			return alpaca_market_believe(codec, false);
		fn(self, side, px_e8, qty_e8);
	}
	return json_finish(&json);
}

bool alpaca_data_levels(struct alpaca_market_codec *codec, const struct alpaca_data *data, alpaca_level_fn *fn, void *self)
{
	return read_levels(codec, &data->bids, SIDE_BUY, fn, self) && read_levels(codec, &data->asks, SIDE_SELL, fn, self);
}
