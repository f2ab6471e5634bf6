/* explain.c - `tickwork explain ORDER`: what was asked, and what was found of it as text or as one object. */
#include "firmware/modes/explain.h"

#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/table.h"
#include "firmware/cli/text.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"
#include "hal/linux/holder.h"
#include "hal/linux/memory.h"
#include "hal/wire/json_write.h"
#include "strategies/sizing/sizer.h"

enum { LINE_BYTES = 256, TIME_BYTES = 32, ORDER_JSON_BYTES = 8192, ROW_JSON_BYTES = 2048, DAY_S = 86400 };

#define STRATEGY_NAME(name) [STRATEGY_##name] = #name,
static const char *const strategy_names[STRATEGY_COUNT] = { STRATEGIES(STRATEGY_NAME) };

static const char *time_text(char text[TIME_BYTES], int64_t t_ns)
{
	int64_t      s = t_ns / NS_PER_S, day = s / DAY_S;
	struct civil date = civil_from_day((int32_t)day);
	int          second = (int)(s - day * DAY_S);
	(void)snprintf(text, TIME_BYTES, "%04d-%02u-%02uT%02d:%02d:%02dZ", (int)date.year, date.month, date.day, second / 3600, second / 60 % 60,
	    second % 60);
	return text;
}

/* The signals about the order's symbol that were in force, one after the other; 0 after the last. */
static const struct event *signal_next(const struct explain *explain, uint32_t *at)
{
	for (; *at < STRATEGY_COUNT && explain->request.sym < UNIVERSE_N; (*at)++) {
		const struct event *event = &explain->at_order.of[*at][explain->request.sym];
		if (event->kind != EVENT_SIGNAL) continue;
		(*at)++;
		return event;
	}
	return 0;
}

static uint64_t causes_of(const struct explain *explain)
{
	uint16_t sym = explain->request.sym;
	return explain->causes_book | (sym < UNIVERSE_N ? explain->causes_symbol[sym] : 0);
}

/* What a message said beyond its name. */
static const char *detail(const struct event *event, char text[LINE_BYTES])
{
	char qty[E8_TEXT_BYTES], px[E8_TEXT_BYTES], fee[E8_TEXT_BYTES];
	*text = '\0';
	if (event->kind == EVENT_FILL) {
		(void)e8_text(qty, event->fill.qty_e8), (void)e8_text(px, event->fill.px_e8), (void)e8_text(fee, event->fill.fee_usd_e8);
		(void)snprintf(text, LINE_BYTES, "%s at %s, fee %s USD, execution %llu", qty, px, fee, (unsigned long long)event->fill.execution_id);
	} else if (event->kind == EVENT_ORDER_NEW) {
		(void)e8_text(qty, event->request.qty_e8);
		(void)snprintf(text, LINE_BYTES, "%s %s %s, %s, %s", word_side(event->request.side), qty, word_symbol(event->sym),
		    word_order_type(event->request.order_type), word_time_in_force(event->request.time_in_force));
	} else if (event->kind == EVENT_ORDER_REPLACE) {
		(void)e8_text(qty, event->ref.qty_e8);
		(void)snprintf(text, LINE_BYTES, "to %s", qty);
	} else if (event->kind >= EVENT_ACK && event->kind <= EVENT_NOT_FOUND) {
		if (event->reply.venue_id) (void)snprintf(text, LINE_BYTES, "venue id %llu", (unsigned long long)event->reply.venue_id);
		if (event->reply.code) (void)snprintf(text + strlen(text), LINE_BYTES - strlen(text), "%scode %u", *text ? ", " : "", event->reply.code);
	}
	return text;
}

static bool is_to_venue(const struct event *event) { return event->kind >= EVENT_ORDER_NEW && event->kind <= EVENT_ORDER_QUERY; }

/* --- text ------------------------------------------------------------------------------------------------------------------------ */

static void show_head(struct cli *cli, const struct explain *explain)
{
	const struct order_request *request = &explain->request.request;
	char                        id[ORDER_ID_TEXT_BYTES], qty[E8_TEXT_BYTES], px[E8_TEXT_BYTES], nav[TEXT_USD_BYTES], when[TIME_BYTES];
	trade_mode_show(&cli->out, explain->reader.segment.setup.mode);
	order_id_text(request->journal_id, request->order_id, id);
	(void)e8_text(qty, request->qty_e8);
	(void)e8_text(px, request->decided_px_e8);
	out_format(&cli->out, "order %llu: %s %s %s, because of: %s\n", (unsigned long long)request->order_id, word_side(request->side), qty,
	    word_symbol(explain->request.sym), word_order_reason(request->reason));
	looking_line(cli, "client id", "%s", id);
	looking_line(cli, "decided", "%s at %s, by input %llu (%s)", time_text(when, explain->by.t_ns), px,
	    (unsigned long long)order_id_input(request->order_id), explain->by.kind < EVENT_KINDS_N ? event_kind_name[explain->by.kind] : "not retained");
	if (explain->is_stepped || explain->nav_usd_e8) looking_line(cli, "NAV then", "%s USD", text_usd(nav, explain->nav_usd_e8));
	looking_line(cli, "state", "%s after %u questions", word_order_state(explain->last.state), explain->last.retries);
	if (explain->is_stepped) looking_line(cli, "checked", "stepped again from the journal: every result came out as it is written");
	else looking_line(cli, "checked", "read from the journal alone: another build or other settings wrote it");
}

static void show_signals(struct cli *cli, const struct explain *explain)
{
	static const struct table_column column[] = { { "SIGNAL", 15, false }, { "GRADE", 11, false }, { "SURE", 5, true }, { "WISH", 5, true },
	    { "VOL", 6, true },
		{ "TRACE, FEATURES, WHY", 8, false } };
	const struct table  table = { column, 6 };
	const struct event *event;
	out_text(&cli->out, "\n");
	table_head(&cli->out, table);
	for (uint32_t at = 0; (event = signal_next(explain, &at)) != 0;) {
		const struct signal_note *note = &event->signal;
		char                      sure[E8_TEXT_BYTES], wish[E8_TEXT_BYTES], volatility[E8_TEXT_BYTES], why[LINE_BYTES];
		const char *const         text[] = { strategy_names[note->strategy], grade_text((enum grade)note->grade), looking_pct(sure,
		    note->confidence_bp),
			looking_pct(wish, note->weight_bp), looking_pct(volatility, note->volatility_e8 / (E8 / BP_ONE)), why };
		(void)snprintf(why, sizeof why, "%016llx %016llx %s", (unsigned long long)note->trace_id, (unsigned long long)note->feature_hash,
		    reason_text((enum reason)note->reason));
		table_row(&cli->out, table, text);
	}
}

static void show_sizes(struct cli *cli, const struct explain *explain)
{
	static const struct table_column column[] = { { "SIZE", 12, false }, { "LEFT", 10, true }, { "TOOK", 10, true }, { "WHAT IT DOES", 8, false } };
	const struct table               table = { column, 4 };
	const struct size_note          *size = &explain->size.size;
	char                             left[E8_TEXT_BYTES], took[E8_TEXT_BYTES];
	out_text(&cli->out, "\n");
	if (!explain->is_sized) out_text(&cli->out, "no sizes: an order of this reason does not come from a wish\n");
	if (!explain->is_sized) return;
	table_head(&cli->out, table);
	for (int i = 0; i < SIZE_STEPS_N; i++) {
		const char *const text[] = { size_steps[i].name, looking_pct(left, size->weight_bp[i]),
			i ? looking_pct(took, size->weight_bp[i] - size->weight_bp[i - 1]) : "", size_steps[i].what };
		table_row(&cli->out, table, text);
	}
	for (int i = 0; i < FIT_STEPS_N; i++) {
		*took = '\0';
		(void)e8_text(left, size->qty_e8[i]);
		if (i) (void)e8_text(took, size->qty_e8[i] - size->qty_e8[i - 1]);
		const char *const text[] = { fit_steps[i].name, left, took, fit_steps[i].what };
		table_row(&cli->out, table, text);
	}
}

static void show_causes(struct cli *cli, const struct explain *explain)
{
	uint64_t set = causes_of(explain);
	out_text(&cli->out, "\n");
	if (!explain->is_stepped) out_text(&cli->out, "causes in force then: not known without stepping\n");
	else if (!set) out_text(&cli->out, "no cause to trade less was in force\n");
	for (uint32_t cause = 0; cause < CAUSES_N; cause++)
		if (set >> cause & 1)
			out_format(&cli->out, "in force: %s (%s): %s\n", cause_table[cause].name, cause_action_text[cause_table[cause].action],
			    cause_table[cause].text);
}

static void show_messages(struct cli *cli, const struct explain *explain)
{
	static const struct table_column column[] = { { "TIME", 20, false }, { "WAY", 10, false }, { "MESSAGE", 15, false }, { "WHAT", 8, false } };
	const struct table               table = { column, 4 };
	char                             when[TIME_BYTES], what[LINE_BYTES];
	out_text(&cli->out, "\n");
	table_head(&cli->out, table);
	for (uint32_t i = 0; i < explain->messages; i++) {
		const struct event *event = &explain->message[i];
		const char *const   text[] = { time_text(when, event->t_ns), is_to_venue(event) ? "to venue" : "from venue",
		    event_kind_name[event->kind], detail(event, what) };
		table_row(&cli->out, table, text);
	}
	if (explain->messages_lost) out_format(&cli->out, "and %u more, which are not kept\n", explain->messages_lost);
}

void explain_text(struct cli *cli, const struct explain *explain)
{
	show_head(cli, explain);
	show_signals(cli, explain);
	show_sizes(cli, explain);
	show_causes(cli, explain);
	show_messages(cli, explain);
}

/* --- JSON: one object, written part by part ------------------------------------------------------------------------------------------- */

static void word(struct json *json, const char *key, const char *text) { json_key(json, key), json_string(json, text); }
static void money(struct json *json, const char *key, int64_t value_e8) { json_key(json, key), json_e8(json, value_e8); }
static void whole(struct json *json, const char *key, int64_t value) { json_key(json, key), json_i64(json, value); }

static void hex(struct json *json, const char *key, uint64_t value)
{
	char text[TIME_BYTES];
	(void)snprintf(text, sizeof text, "%016llx", (unsigned long long)value);
	word(json, key, text);
}

static void json_signal(struct json *json, const struct signal_note *note)
{
	json_object_begin(json);
	word(json, "strategy", strategy_names[note->strategy]);
	word(json, "grade", grade_text((enum grade)note->grade));
	whole(json, "confidence_bp", note->confidence_bp);
	whole(json, "weight_bp", note->weight_bp);
	money(json, "volatility", note->volatility_e8);
	money(json, "atr_usd", note->atr_e8);
	money(json, "price_usd", note->px_e8);
	word(json, "regime", regime_text((enum regime)note->regime));
	word(json, "why", reason_text((enum reason)note->reason));
	whole(json, "bars_seen", note->bars_seen);
	hex(json, "trace_id", note->trace_id);
	hex(json, "feature_hash", note->feature_hash);
	json_object_end(json);
}

/* A step's name as a key: small letters. */
static const char *key_of(char key[TIME_BYTES], const char *name)
{
	size_t i = 0;
	for (; name[i] && i + 1 < TIME_BYTES; i++) key[i] = name[i] >= 'A' && name[i] <= 'Z' ? (char)(name[i] - 'A' + 'a') : name[i];
	key[i] = '\0';
	return key;
}

static void json_sizes(struct json *json, const struct explain *explain)
{
	const struct size_note *size = &explain->size.size;
	char                    key[TIME_BYTES];
	json_key(json, "weights_bp"), json_object_begin(json);
	for (int i = 0; explain->is_sized && i < SIZE_STEPS_N; i++) whole(json, key_of(key, size_steps[i].name), size->weight_bp[i]);
	json_object_end(json);
	json_key(json, "quantities"), json_object_begin(json);
	for (int i = 0; explain->is_sized && i < FIT_STEPS_N; i++) money(json, key_of(key, fit_steps[i].name), size->qty_e8[i]);
	json_object_end(json);
}

static void json_causes(struct json *json, const struct explain *explain)
{
	json_key(json, "causes");
	if (!explain->is_stepped) {
		json_null(json);
		return;
	}
	json_array_begin(json);
	for (uint32_t cause = 0; cause < CAUSES_N; cause++)
		if (causes_of(explain) >> cause & 1) json_string(json, cause_table[cause].name);
	json_array_end(json);
}

static void json_head(struct cli *cli, const struct explain *explain)
{
	const struct order_request *request = &explain->request.request;
	char                        text[ORDER_JSON_BYTES], id[ORDER_ID_TEXT_BYTES], when[TIME_BYTES];
	struct json                 json;
	const struct event         *event;
	order_id_text(request->journal_id, request->order_id, id);
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	json_key(&json, "order_id"), json_u64(&json, request->order_id);
	word(&json, "client_id", id);
	word(&json, "symbol", word_symbol(explain->request.sym));
	word(&json, "side", word_side(request->side));
	money(&json, "qty", request->qty_e8);
	money(&json, "filled_qty", explain->last.filled_qty_e8);
	word(&json, "reason", word_order_reason(request->reason));
	word(&json, "state", word_order_state(explain->last.state));
	word(&json, "decided", time_text(when, explain->by.t_ns));
	money(&json, "decided_price_usd", request->decided_px_e8);
	json_key(&json, "input"), json_u64(&json, order_id_input(request->order_id));
	money(&json, "nav_usd", explain->nav_usd_e8);
	json_key(&json, "stepped"), json_bool(&json, explain->is_stepped);
	word(&json, "mode", trade_mode_key(explain->reader.segment.setup.mode));
	json_sizes(&json, explain);
	json_causes(&json, explain);
	json_key(&json, "signals"), json_array_begin(&json);
	for (uint32_t at = 0; (event = signal_next(explain, &at)) != 0;) json_signal(&json, &event->signal);
	json_array_end(&json);
	json_object_end(&json);
	out_bytes(&cli->out, text, json_length(&json) - 1);        /* its end comes after the messages */
}

static void json_message(struct cli *cli, const struct event *event)
{
	char        text[ROW_JSON_BYTES], when[TIME_BYTES], what[LINE_BYTES];
	struct json json;
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	word(&json, "time", time_text(when, event->t_ns));
	word(&json, "way", is_to_venue(event) ? "to_venue" : "from_venue");
	word(&json, "message", event_kind_name[event->kind]);
	word(&json, "what", detail(event, what));
	json_object_end(&json);
	out_bytes(&cli->out, text, json_length(&json));
}

void explain_json(struct cli *cli, const struct explain *explain)
{
	json_head(cli, explain);
	out_format(&cli->out, ",\"messages_lost\":%u,\"messages\":[", explain->messages_lost);
	for (uint32_t i = 0; i < explain->messages; i++) {
		if (i > 0) out_text(&cli->out, ",");
		json_message(cli, &explain->message[i]);
	}
	out_text(&cli->out, "]}\n");
}

/* --- the verb ------------------------------------------------------------------------------------------------------------------------ */

/* A number as `orders` prints it, or a client order id. */
static bool parse_id(const char *text, uint64_t *order_id)
{
	uint64_t journal_id;
	int64_t  number;
	if (text_to_int(text, &number) && number > 0) *order_id = (uint64_t)number;
	else return order_id_parse(text, strlen(text), &journal_id, order_id);
	return true;
}

static int refuse_unknown(struct cli *cli, const struct explain *explain)
{
	const char        *home = explain->home;
	unsigned long long id = explain->order_id, below = explain->below, above = explain->above;
	if (below && above) return cli_refuse(cli, CLI_BAD_INPUT, "no order %llu in the journal of %s; the nearest are %llu and %llu", id, home, below,
	    above);
	if (below || above) return cli_refuse(cli, CLI_BAD_INPUT, "no order %llu in the journal of %s; the nearest is %llu", id, home, below ? below : above);
	return cli_refuse(cli, CLI_BAD_INPUT, "no order %llu in the journal of %s, which holds no order at all", id, home);
}

int verb_explain(struct cli *cli)
{
	struct explain *explain = memory_take(sizeof *explain);
	char            quote[TEXT_QUOTE_BYTES];
	if (!explain) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory to step a journal with: %zu MB are needed", sizeof *explain >> 20);
	explain->home = cli_text(cli, "--home", HOME_DEFAULT);
	explain->is_live = holder_pid(explain->home) != 0;
	if (!parse_id(cli->argument, &explain->order_id))
		return cli_refuse(cli, CLI_BAD_INPUT, "ORDER %s is no order id: give the number that tickwork orders prints, or a client order id",
		    text_quote(quote, cli->argument));
	if (!explain_read(explain)) return cli_refuse(cli, CLI_BAD_INPUT, "%s", explain->sentence);
	if (!explain->is_found) return refuse_unknown(cli, explain);
	if (cli->json) explain_json(cli, explain);
	else explain_text(cli, explain);
	return CLI_DONE;
}
