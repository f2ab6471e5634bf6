/* look_causes.c - cells of the map beside the rows of the table. */
#include "firmware/console/look_causes.h"

#include "firmware/console/words.h"
#include "firmware/report/day.h"

enum look_known look_cause(const struct look *look, enum cause_id cause, uint16_t sym, struct event *event)
{
	if (!cell_read(&look->map->causes[cause_place(cause, sym)], event)) return LOOK_STALE;
	return event->kind == EVENT_CAUSE && event->change.in_force ? LOOK_KNOWN : LOOK_NONE;
}

static void put(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

/* In force somewhere: for the book, or for any symbol. */
static bool is_in_force(const struct look *look, enum cause_id cause)
{
	struct event event;
	if (!cause_table[cause].of_symbol) return look_cause(look, cause, SYM_NONE, &event) == LOOK_KNOWN;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (look_cause(look, cause, sym, &event) == LOOK_KNOWN) return true;
	return false;
}

/* The moment it began: null where it is not in force, or not known. */
static void put_since(struct json *json, enum look_known known, const struct event *event)
{
	char text[DAY_TIME_BYTES];
	if (known == LOOK_KNOWN) day_time(text, event->change.since_ns);
	json_key(json, "since");
	if (known == LOOK_KNOWN) json_string(json, text);
	else json_null(json);
}

static void put_symbols(struct json *json, const struct look *look, enum cause_id cause)
{
	json_key(json, "symbols");
	json_array_begin(json);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct event event;
		enum look_known known = look_cause(look, cause, sym, &event);
		if (known == LOOK_NONE) continue;
		json_object_begin(json);
		put(json, "symbol", word_symbol(sym));
		put_since(json, known, &event);
		json_object_end(json);
	}
	json_array_end(json);
}

/* The latest review of this cause; null where there was none. */
static void put_review(struct json *json, const struct look *look, enum cause_id cause)
{
	struct event event;
	bool         read = !cause_table[cause].of_symbol && cell_read(&look->map->causes[cause], &event) && event.kind == EVENT_CAUSE;
	json_key(json, "review");
	if (!read || event.change.review == CAUSE_REVIEW_NONE || event.change.review >= CAUSE_REVIEWS_N) {
		json_null(json);
		return;
	}
	json_object_begin(json);
	json_key(json, "id");
	json_u64(json, event.change.review_id);
	put(json, "state", cause_review_text[event.change.review]);
	json_object_end(json);
}

static void put_row(struct json *json, const struct look *look, enum cause_id cause)
{
	const struct cause_row *row = &cause_table[cause];
	struct event event;
	json_object_begin(json);
	put(json, "cause", row->name);
	json_key(json, "in_force");
	json_bool(json, is_in_force(look, cause));
	put(json, "action", cause_action_text[row->action]);
	put(json, "why", row->text);
	put(json, "clears", cause_clears_text[row->clears]);
	put(json, "way_out", row->way_out);
	put(json, "override", cause_override_text[row->override]);
	put_review(json, look, cause);
	put(json, "scope", row->of_symbol ? "symbol" : "book");
	if (row->of_symbol) put_symbols(json, look, cause);
	else put_since(json, look_cause(look, cause, SYM_NONE, &event), &event);
	json_object_end(json);
}

void look_causes(struct json *json, const struct look *look)
{
	json_key(json, "causes");
	json_array_begin(json);
	for (int i = 0; i < CAUSES_N; i++)
		if (is_in_force(look, (enum cause_id)i)) json_string(json, cause_table[i].text);
	json_array_end(json);
	json_key(json, "table");
	json_array_begin(json);
	for (int i = 0; i < CAUSES_N; i++) put_row(json, look, (enum cause_id)i);
	json_array_end(json);
}
