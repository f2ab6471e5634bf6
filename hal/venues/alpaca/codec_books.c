/* codec_books.c - lists: orders, positions, activities, sessions of the calendar. */
#include <string.h>

#include "hal/venues/alpaca/codec_parts.h"

enum position_field { SYMBOL, QTY, SIDE, COST_BASIS, CURRENT_PRICE, POSITION_FIELDS };
enum activity_field {
	ACTIVITY_ID, ACTIVITY_TYPE, ACTIVITY_SYMBOL, ACTIVITY_SIDE, ACTIVITY_QTY, PRICE, ORDER_ID, LEAVES_QTY, TRANSACTION_TIME, DATE, NET_AMOUNT, COMMISSION,
	ACTIVITY_FIELDS
};
enum session_field { SESSION_DATE, SESSION_OPEN, SESSION_CLOSE, SESSION_FIELDS };

void alpaca_books_paths(struct alpaca_codec *codec)
{
	static const char *const position[POSITION_FIELDS] = { "symbol", "qty", "side", "cost_basis", "current_price" };
	static const char *const activity[ACTIVITY_FIELDS] = { "id", "activity_type", "symbol", "side", "qty", "price", "order_id", "leaves_qty",
		"transaction_time", "date", "net_amount", "commission" };
	static const char *const session[SESSION_FIELDS] = { "date", "open", "close" };
	json_paths_init(&codec->position, position, POSITION_FIELDS);
	json_paths_init(&codec->activity, activity, ACTIVITY_FIELDS);
	json_paths_init(&codec->session, session, SESSION_FIELDS);
}

void alpaca_list_begin(struct alpaca_codec *codec, const char *text, size_t bytes)
{
	json_open(&codec->list, text, bytes);
	(void)json_array(&codec->list);
}

bool alpaca_list_whole(struct alpaca_codec *codec) { return alpaca_believe(codec, json_finish(&codec->list)); }

bool alpaca_list_pick(struct alpaca_codec *codec, const struct json_paths *paths, struct json_value found[])
{
	struct json_value element;
	return json_element(&codec->list, &element) && json_pick(&codec->list, paths, found);
}

bool alpaca_list_order(struct alpaca_codec *codec, struct alpaca_order *out)
{
	struct json_value found[ALPACA_ORDER_FIELDS];
	while (alpaca_list_pick(codec, &codec->order, found))
		if (alpaca_order_of(codec, found, out)) return true;
	return false;
}

/* --- positions ---------------------------------------------------------------------------------------------------- */

/* A short position's quantity is negative at Alpaca already; its side says so again. */
static bool position_of(struct alpaca_codec *codec, const struct json_value found[POSITION_FIELDS], struct alpaca_position *out)
{
	*out = (struct alpaca_position){ .sym = SYM_NONE };
	bool is_right = found[SYMBOL].kind == JSON_STRING && alpaca_amount(&found[QTY], &out->qty_e8, &codec->cut) &&
	                alpaca_e8(&found[COST_BASIS], &out->cost_usd_e8, &codec->cut) && alpaca_e8(&found[CURRENT_PRICE], &out->px_e8, &codec->cut);
	if (!is_right) return alpaca_believe(codec, false);
	out->sym = alpaca_sym(found[SYMBOL].at, found[SYMBOL].length);
	if (alpaca_is(&found[SIDE], "short")) out->qty_e8 = -e8_abs(out->qty_e8);
	return true;
}

bool alpaca_list_position(struct alpaca_codec *codec, struct alpaca_position *out)
{
	struct json_value found[POSITION_FIELDS];
	while (alpaca_list_pick(codec, &codec->position, found))
		if (position_of(codec, found, out)) return true;
	return false;
}

/* --- activities --------------------------------------------------------------------------------------------------- */

static const struct { const char *word; enum cash_kind kind; } cash_words[] = {
	{ "DIV", CASH_DIVIDEND },
	{ "DIVCGL", CASH_DIVIDEND },
	{ "DIVCGS", CASH_DIVIDEND },
	{ "DIVNRA", CASH_DIVIDEND },
	{ "DIVROC", CASH_DIVIDEND },
	{ "DIVTXEX", CASH_DIVIDEND },
	{ "FEE", CASH_FEE },
	{ "CFEE", CASH_FEE },
	{ "PTC", CASH_FEE },
	{ "DIVFEE", CASH_FEE },
	{ "INT", CASH_INTEREST },
	{ "INTNRA", CASH_INTEREST },
	{ "CSD", CASH_TRANSFER },
	{ "CSW", CASH_TRANSFER },
	{ "TRANS", CASH_TRANSFER },
	{ "JNLC", CASH_TRANSFER },
	{ "ACATC", CASH_TRANSFER },
	{ "MISC", CASH_TRANSFER },
};

static bool cash_kind_of(const struct json_value *type, enum cash_kind *kind)
{
	for (size_t i = 0; i < sizeof cash_words / sizeof *cash_words; i++) {
		if (!alpaca_is(type, cash_words[i].word)) continue;
		*kind = cash_words[i].kind;
		return true;
	}
	return false;
}

static bool fill_of(struct alpaca_codec *codec, const struct json_value found[ACTIVITY_FIELDS], struct alpaca_activity *out)
{
	out->kind = ALPACA_ACTIVITY_FILL;
	out->side = alpaca_is(&found[ACTIVITY_SIDE], "buy") ? SIDE_BUY : SIDE_SELL;
	return alpaca_id(&found[ORDER_ID], out->order, sizeof out->order) && out->order[0] && alpaca_time_of(&found[TRANSACTION_TIME], &out->t_ns) &&
	       alpaca_e8(&found[ACTIVITY_QTY], &out->qty_e8, &codec->cut) && alpaca_e8(&found[PRICE], &out->px_e8, &codec->cut) &&
	       alpaca_e8(&found[LEAVES_QTY], &out->left_qty_e8, &codec->cut) && alpaca_e8(&found[COMMISSION], &out->fee_usd_e8, &codec->cut) &&
	       out->qty_e8 > 0 && out->px_e8 > 0;
}

static bool cash_of(struct alpaca_codec *codec, const struct json_value found[ACTIVITY_FIELDS], struct alpaca_activity *out)
{
	const struct json_value *date = &found[DATE];
	bool                     is_known = cash_kind_of(&found[ACTIVITY_TYPE], &out->cash_kind);
	out->kind = is_known ? ALPACA_ACTIVITY_CASH : ALPACA_ACTIVITY_OTHER;
	if (date->kind == JSON_STRING && !alpaca_day(date->at, date->length, &out->day)) return false;
	return alpaca_e8(&found[NET_AMOUNT], &out->usd_e8, &codec->cut);
}

static bool activity_of(struct alpaca_codec *codec, const struct json_value found[ACTIVITY_FIELDS], struct alpaca_activity *out)
{
	*out = (struct alpaca_activity){ .sym = SYM_NONE };
	if (!alpaca_id(&found[ACTIVITY_ID], out->id, sizeof out->id) || !out->id[0]) return alpaca_believe(codec, false);
	out->activity_id = alpaca_activity_hash(out->id, strlen(out->id));
	if (found[ACTIVITY_SYMBOL].kind == JSON_STRING) out->sym = alpaca_sym(found[ACTIVITY_SYMBOL].at, found[ACTIVITY_SYMBOL].length);
	return alpaca_believe(codec, alpaca_is(&found[ACTIVITY_TYPE], "FILL") ? fill_of(codec, found, out) : cash_of(codec, found, out));
}

bool alpaca_list_activity(struct alpaca_codec *codec, struct alpaca_activity *out)
{
	struct json_value found[ACTIVITY_FIELDS];
	while (alpaca_list_pick(codec, &codec->activity, found))
		if (activity_of(codec, found, out)) return true;
	return false;
}

/* --- the calendar ------------------------------------------------------------------------------------------------- */

/* "09:30", in minutes. */
static bool minutes_of(const struct json_value *value, int32_t *minutes)
{
	const char *at = value->at;
	if (value->kind != JSON_STRING || value->length != 5 || at[2] != ':') return false;
	for (size_t i = 0; i < 5; i++) if (i != 2 && (at[i] < '0' || at[i] > '9')) return false;
	*minutes = ((at[0] - '0') * 10 + at[1] - '0') * 60 + (at[3] - '0') * 10 + at[4] - '0';
	return *minutes < 24 * 60;
}

bool alpaca_list_session(struct alpaca_codec *codec, struct alpaca_session *out)
{
	struct json_value found[SESSION_FIELDS];
	while (alpaca_list_pick(codec, &codec->session, found)) {
		*out = (struct alpaca_session){ 0 };
		bool is_right = found[SESSION_DATE].kind == JSON_STRING && alpaca_day(found[SESSION_DATE].at, found[SESSION_DATE].length, &out->day) &&
		                minutes_of(&found[SESSION_OPEN], &out->open_min) && minutes_of(&found[SESSION_CLOSE], &out->close_min);
		if (alpaca_believe(codec, is_right)) return true;
	}
	return false;
}
