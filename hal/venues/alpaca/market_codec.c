/* market_codec.c - bodies: pages of bars, snapshots, moments. The messages of the stream are in market_codec_data.c, our texts in _write.c. */
#include "hal/venues/alpaca/market_codec.h"

#include <string.h>

#include "fsm/feed/calendar.h"
#include "fsm/settings.h"
#include "hal/venues/alpaca/market_codec_parts.h"

enum { PX_MAX_USD = 10000000 };        /* as of recorded bars: a price above it is a mistake */

#define PATHS(paths, list) json_paths_init(paths, list, sizeof(list) / sizeof *(list))

void alpaca_market_codec_init(struct alpaca_market_codec *codec)
{
	static const char *const page[] = { "bars", "next_page_token" };
	static const char *const bar[ALPACA_BAR_FIELDS] = { "t", "o", "h", "l", "c", "v" };
	static const char *const snapshots[] = { "snapshots" };
	static const char *const snapshot[] = { "dailyBar", "latestTrade" };
	static const char *const trade[] = { "t", "p" };
	static const char *const moment[] = { "moment", "t_ns", "day", "phase", "calendar", "early_close", "last", "end", "first_day" };
	memset(codec, 0, sizeof *codec);
	PATHS(&codec->page, page);
	PATHS(&codec->bar, bar);
	PATHS(&codec->snapshots, snapshots);
	PATHS(&codec->snapshot, snapshot);
	PATHS(&codec->trade, trade);
	PATHS(&codec->moment, moment);
	alpaca_market_paths_data(codec);
}

bool alpaca_market_pick(const struct json_paths *paths, const char *text, size_t bytes, struct json_value found[])
{
	struct json_reader json;
	struct json_value  object;
	json_open(&json, text, bytes);
	return json_next(&json, &object) == JSON_OBJECT && json_pick(&json, paths, found) && json_finish(&json);
}

bool alpaca_px(struct alpaca_market_codec *codec, const struct json_value *value, int64_t *px_e8)
{
	*px_e8 = 0;
	bool is_there = value->kind == JSON_NUMBER || value->kind == JSON_STRING;
	return is_there && json_e8_of_text(value, px_e8, &codec->cut) == JSON_OK && *px_e8 > 0 && *px_e8 <= PX_MAX_USD * E8;
}

bool alpaca_market_sym(struct alpaca_market_codec *codec, const struct json_value *value, uint16_t *sym)
{
	*sym = (value->kind == JSON_STRING || value->kind == JSON_KEY) && !value->escaped ? alpaca_sym(value->at, value->length) : SYM_NONE;
	codec->strangers += *sym == SYM_NONE;
	return *sym != SYM_NONE;
}

/* --- bars --------------------------------------------------------------------------------------------------------- */

static bool bar_day(uint16_t sym, int64_t t_ns, int32_t *day)
{
	if (!zone_covers(t_ns)) return false;
	*day = alpaca_is_crypto(sym) ? day_from_t_ns(t_ns) : zone_day(ZONE_NEW_YORK, t_ns);
	return calendar_covers(*day);
}

static bool bar_volume(const struct json_value *value, int64_t *volume)
{
	uint32_t fractions = 0;
	int64_t  volume_e8;
	bool     is_right = alpaca_e8(value, &volume_e8, &fractions) && volume_e8 >= 0;
	*volume = is_right ? volume_e8 / E8 : 0;
	return is_right;
}

bool alpaca_bar_of(struct alpaca_market_codec *codec, uint16_t sym, const struct json_value found[ALPACA_BAR_FIELDS], struct bar *out)
{
	int64_t t_ns;
	*out = (struct bar){ .calendar = universe[sym].calendar };
	if (found[0].kind != JSON_STRING || !alpaca_time_of(&found[0], &t_ns) || !bar_day(sym, t_ns, &out->day)) return false;
	bool is_right = alpaca_px(codec, &found[1], &out->open_px_e8) && alpaca_px(codec, &found[2], &out->high_px_e8) &&
	                alpaca_px(codec, &found[3], &out->low_px_e8) && alpaca_px(codec, &found[4], &out->close_px_e8);
	out->adj_px_e8 = out->close_px_e8;
	return is_right && out->high_px_e8 >= out->low_px_e8 && bar_volume(&found[5], &out->volume);
}

struct bars_sink { struct alpaca_market_codec *codec; alpaca_bar_fn *fn; void *self; };

/* The value of one symbol's key; anything but an array holds no bar. */
static void read_series(const struct bars_sink *sink, struct json_reader *json, uint16_t sym, bool is_ours)
{
	struct json_value value, found[ALPACA_BAR_FIELDS];
	struct bar        bar;
	if (json_next(json, &value) != JSON_ARRAY) {
		(void)json_skip(json, &value);
		(void)alpaca_market_believe(sink->codec, value.kind == JSON_NULL);
		return;
	}
	while (json_element(json, &value) && json_skip(json, &value)) {
		if (!is_ours) continue;
		bool is_right = alpaca_market_pick(&sink->codec->bar, value.at, value.length, found) && alpaca_bar_of(sink->codec, sym, found, &bar);
		if (alpaca_market_believe(sink->codec, is_right)) sink->fn(sink->self, sym, &bar);
	}
}

bool alpaca_read_bars(struct alpaca_market_codec *codec, const char *text, size_t bytes, alpaca_bar_fn *fn, void *self, char token[ALPACA_TOKEN_BYTES])
{
	struct bars_sink   sink = { codec, fn, self };
	struct json_value  found[2], key;
	struct json_reader json;
	uint16_t           sym;
	token[0] = '\0';
	bool is_page = alpaca_market_pick(&codec->page, text, bytes, found) && alpaca_string(&found[1], token, ALPACA_TOKEN_BYTES);
	if (is_page && found[0].kind == JSON_NULL) return true;        /* nothing in the range */
	if (!alpaca_market_believe(codec, is_page && found[0].kind == JSON_OBJECT)) return false;
	json_open(&json, found[0].at, found[0].length);
	if (json_next(&json, &key) != JSON_OBJECT) return alpaca_market_believe(codec, false);
	while (json_next(&json, &key) == JSON_KEY) {
		bool is_ours = alpaca_market_sym(codec, &key, &sym);
		read_series(&sink, &json, sym, is_ours);
	}
	return alpaca_market_believe(codec, json_finish(&json));
}

/* --- snapshots ---------------------------------------------------------------------------------------------------- */

/* A member that is there must be right; one that is null or absent is not there. */
static bool read_daily(struct alpaca_market_codec *codec, uint16_t sym, const struct json_value *value, struct alpaca_snapshot *out)
{
	struct json_value found[ALPACA_BAR_FIELDS];
	if (value->kind != JSON_OBJECT) return true;
	out->has_daily = alpaca_market_pick(&codec->bar, value->at, value->length, found) && alpaca_bar_of(codec, sym, found, &out->daily);
	return out->has_daily;
}

static bool read_trade(struct alpaca_market_codec *codec, const struct json_value *value, struct alpaca_snapshot *out)
{
	struct json_value found[2];
	if (value->kind != JSON_OBJECT) return true;
	return alpaca_market_pick(&codec->trade, value->at, value->length, found) && alpaca_time_of(&found[0], &out->trade_t_ns) &&
	       alpaca_px(codec, &found[1], &out->trade_px_e8);
}

static void read_snapshot(struct alpaca_market_codec *codec, uint16_t sym, const struct json_value *value, alpaca_snapshot_fn *fn, void *self)
{
	struct alpaca_snapshot snapshot = { 0 };
	struct json_value      found[2];
	bool                   is_object = alpaca_market_pick(&codec->snapshot, value->at, value->length, found);
	bool                   has_right_daily = is_object && read_daily(codec, sym, &found[0], &snapshot);
	bool                   has_right_trade = is_object && read_trade(codec, &found[1], &snapshot);
	if (!has_right_trade) snapshot.trade_px_e8 = snapshot.trade_t_ns = 0;
	(void)alpaca_market_believe(codec, has_right_daily && has_right_trade);
	if (snapshot.has_daily || snapshot.trade_px_e8 > 0) fn(self, sym, &snapshot);
}

bool alpaca_read_snapshots(struct alpaca_market_codec *codec, const char *text, size_t bytes, bool is_crypto, alpaca_snapshot_fn *fn, void *self)
{
	struct json_value  found[1], key, value;
	struct json_reader json;
	uint16_t           sym;
	bool               is_right = alpaca_market_pick(&codec->snapshots, text, bytes, found) && (!is_crypto || found[0].kind == JSON_OBJECT);
	if (!alpaca_market_believe(codec, is_right)) return false;
	if (is_crypto) json_open(&json, found[0].at, found[0].length);
	else json_open(&json, text, bytes);
	if (json_next(&json, &key) != JSON_OBJECT) return alpaca_market_believe(codec, false);
	while (json_next(&json, &key) == JSON_KEY) {
		bool is_ours = alpaca_market_sym(codec, &key, &sym);
		(void)json_next(&json, &value);
		if (!json_skip(&json, &value)) break;
		if (is_ours) read_snapshot(codec, sym, &value, fn, self);
	}
	return alpaca_market_believe(codec, json_finish(&json));
}

/* --- moments of stepped time -------------------------------------------------------------------------------------- */

static bool read_phase(const struct json_value *value, uint8_t *phase)
{
	static const char *const name[TICK_PHASES_N] = { [TICK_OPEN] = "open", [TICK_CLOSE] = "close", [TICK_DAY_END] = "day_end" };
	for (*phase = 0; *phase < TICK_PHASES_N; (*phase)++) if (alpaca_market_is(value, name[*phase])) return true;
	return false;
}

static bool read_calendar(const struct json_value *value, uint8_t *calendar)
{
	for (*calendar = 0; *calendar < CALENDARS_N; (*calendar)++) if (alpaca_market_is(value, calendar_name((enum calendar_id)*calendar))) return true;
	return false;
}

static bool read_date(const struct json_value *value, int32_t *day)
{
	return value->kind == JSON_STRING && alpaca_day(value->at, value->length, day) && calendar_covers(*day);
}

bool alpaca_read_moment(struct alpaca_market_codec *codec, const char *text, size_t bytes, struct alpaca_moment *out)
{
	struct json_value found[9];
	*out = (struct alpaca_moment){ 0 };
	bool is_right = alpaca_market_pick(&codec->moment, text, bytes, found) && found[0].kind == JSON_NUMBER && json_to_i64(&found[0], &out->number) == JSON_OK &&
	                out->number >= 0 && found[1].kind == JSON_NUMBER && json_to_i64(&found[1], &out->t_ns) == JSON_OK && read_date(&found[2], &out->day);
	if (!alpaca_market_believe(codec, is_right)) return false;
	out->early_close = found[5].kind == JSON_TRUE;
	out->last = found[6].kind == JSON_TRUE;
	out->end = found[7].kind == JSON_TRUE;
	if (found[8].kind != JSON_NONE && !read_date(&found[8], &out->first_day)) return alpaca_market_believe(codec, false);
	bool is_before_all = out->number == 0;        /* there is no phase yet */
	return is_before_all || alpaca_market_believe(codec, read_phase(&found[3], &out->phase) && read_calendar(&found[4], &out->calendar));
}
