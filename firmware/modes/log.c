/* log.c - `tickwork log`: HOME/log and what only the diary HOME/lastwords knows, as one story. It asks nobody, so all may be dead. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "firmware/cli/near.h"
#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/console/words.h"
#include "firmware/lastwords.h"
#include "firmware/log/lost.h"
#include "firmware/memory_map.h"
#include "firmware/modes/home_mode.h"
#include "firmware/modes/looking.h"
#include "firmware/report/day.h"
#include "fsm/desk/order.h"
#include "hal/linux/memory.h"
#include "hal/linux/signals.h"

enum { TIME_WIDTH = 20, NAME_WIDTH = 23, LAST_DEFAULT = 64, FOLLOW_MS = 250, SAME_S = 2, SECONDS_A_DAY = 86400, YEAR_DAYS_MAX = 84006 };

#define LEVEL_WORD(name) [LOG_##name] = #name,
static const char *const level_word[LOG_LEVELS_N] = { LOG_LEVELS(LEVEL_WORD) };
#define KIND_WORD(name) [LOG_KIND_##name] = #name,
static const char *const kind_word[LOG_KINDS_N] = { LOG_KINDS(KIND_WORD) };

struct filter { int64_t since_s; uint64_t order_id; const char *worker, *grep; uint32_t level, last; };

/* A line of the story: a record, or a line of the diary that no record tells. */
struct line { const struct log_record *record; const struct lastword *word; int64_t wall_s; const char *process, *what; char time[DAY_TIME_BYTES]; };
enum { LINES_MAX = LOG_RECORDS_MAX + LASTWORDS_MAX };

struct story {
	struct log_list list;
	struct lastword word[LASTWORDS_MAX];
	char            split[LASTWORDS_MAX][LASTWORDS_BYTES];
	uint32_t        words, lines;
	int64_t         shown_ns[WRITERS_N + 1];        /* of each source, the last one for any other: the latest that was shown */
	struct line     line[LINES_MAX];
	uint32_t        mode;                           /* whose money all of it is */
};

/* --- what is told ------------------------------------------------------------------------------------------------------- */

static int32_t two_digits(const char *at) { return at[0] >= '0' && at[0] <= '9' && at[1] >= '0' && at[1] <= '9' ? (at[0] - '0') * 10 + at[1] - '0' : -1; }

/* Of "2026-11-30T14:05:00Z"; 0 for anything else. */
static int64_t second_of(const char *time)
{
	char    date[TEXT_DAY_BYTES];
	int32_t day = 0;
	if (strlen(time) != TIME_WIDTH || time[10] != 'T' || time[13] != ':' || time[16] != ':' || time[19] != 'Z') return 0;
	(void)snprintf(date, sizeof date, "%.10s", time);
	int32_t hour = two_digits(time + 11), minute = two_digits(time + 14), second = two_digits(time + 17);
	if (!text_to_day(date, &day) || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return 0;
	return (int64_t)day * SECONDS_A_DAY + hour * 3600 + minute * 60 + second;
}

/* "TIME NAME: WHAT" of a diary's record in its three parts. A line without them is all WHAT. */
static struct line line_of_word(const struct lastword *word, char split[LASTWORDS_BYTES])
{
	struct line line = { .word = word, .process = "", .what = word->text };
	memcpy(split, word->text, LASTWORDS_BYTES);
	char *space = strchr(split, ' '), *colon = space ? strstr(space, ": ") : 0;
	if (!colon) return line;
	*space = *colon = 0;
	(void)snprintf(line.time, sizeof line.time, "%s", split);
	line.wall_s = second_of(line.time);
	line.process = space + 1;
	line.what = colon + 2;
	return line;
}

static struct line line_of_record(const struct log_record *record)
{
	struct line line = { .record = record, .wall_s = record->wall_ns / NS_PER_S, .process = record->process, .what = record->text };
	if (line.wall_s >= 0 && line.wall_s < (int64_t)YEAR_DAYS_MAX * SECONDS_A_DAY) day_time(line.time, record->wall_ns);
	return line;
}

/* The same sentence is in the log: of that process, at that time, and as far as a record's text goes. */
static bool is_in_log(const struct log_list *list, const struct line *line)
{
	for (uint32_t i = 0; i < list->count; i++) {
		const struct log_record *record = &list->record[i];
		int64_t                  apart_s = record->wall_ns / NS_PER_S - line->wall_s;
		if (apart_s > SAME_S || apart_s < -SAME_S || strcmp(record->process, line->process) != 0) continue;
		if (strncmp(line->what, record->text, strlen(record->text)) == 0) return true;
	}
	return false;
}

/* Both are in order; of one second the diary's come last. */
static void merge(struct story *story)
{
	uint32_t at = 0;
	story->lines = 0;
	for (uint32_t i = 0; i < story->words; i++) {
		struct line line = line_of_word(&story->word[i], story->split[i]);
		if (is_in_log(&story->list, &line)) continue;
		while (at < story->list.count && story->list.record[at].wall_ns / NS_PER_S <= line.wall_s)
			story->line[story->lines++] = line_of_record(&story->list.record[at++]);
		story->line[story->lines++] = line;
	}
	while (at < story->list.count) story->line[story->lines++] = line_of_record(&story->list.record[at++]);
}

/* --- what is asked for -------------------------------------------------------------------------------------------------- */

static bool has_text(const char *text, const char *wanted)
{
	size_t length = strlen(wanted);
	for (; *text; text++)
		if (strncasecmp(text, wanted, length) == 0) return true;
	return false;
}

static bool is_wanted(const struct line *line, const struct filter *filter)
{
	const struct log_record *record = line->record;
	if (line->wall_s < filter->since_s) return false;
	if (filter->level && (!record || record->level < filter->level)) return false;
	if (filter->order_id && (!record || record->order_id != filter->order_id)) return false;
	if (filter->grep && !has_text(line->what, filter->grep) && !(record && has_text(word_symbol(record->sym), filter->grep))) return false;
	if (!filter->worker || strcmp(line->process, filter->worker) == 0) return true;
	return record && record->source < WRITERS_N && record->kind != LOG_KIND_process && strcmp(writer_name(record->source), filter->worker) == 0;
}

static int64_t now_s(void) { return (int64_t)time(0); }

/* A span before now, a day, or a second; -1 for anything else. */
static int64_t since_of(const char *text)
{
	static const struct { char unit; int64_t seconds; } units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', SECONDS_A_DAY } };
	char     number[16];
	int64_t  count;
	int32_t  day;
	size_t   length = strlen(text);
	if (text_to_day(text, &day)) return (int64_t)day * SECONDS_A_DAY;
	if (second_of(text) > 0) return second_of(text);
	for (size_t i = 0; i < sizeof units / sizeof *units && length > 1 && length < sizeof number; i++) {
		if (text[length - 1] != units[i].unit) continue;
		(void)snprintf(number, sizeof number, "%.*s", (int)(length - 1), text);
		if (text_to_int(number, &count) && count >= 0 && count < 1000000) return e8_max(now_s() - count * units[i].seconds, 0);
	}
	return -1;
}

static bool order_of(const char *text, uint64_t *order_id)
{
	int64_t  number;
	uint64_t journal_id;
	if (!text_to_int(text, &number)) return order_id_parse(text, strlen(text), &journal_id, order_id);
	*order_id = (uint64_t)number;
	return number > 0;
}

static bool is_name(struct near *near, const char *name, const char *wanted)
{
	near_offer(near, name);
	return strcmp(name, wanted) == 0;
}

static bool knows(const char *wanted, struct near *near)
{
	bool known = false;
	near_begin(near, wanted);
	for (uint8_t i = 0; i < WRITERS_N; i++) known = is_name(near, writer_name(i), wanted) || known;
	for (size_t l = 0; l < LAYOUTS_N; l++)
		for (size_t i = 0; i < layouts[l].places; i++) known = is_name(near, layouts[l].place[i].process, wanted) || known;
	return is_name(near, "rescue", wanted) || known;
}

static int filter_of(struct filter *filter, struct cli *cli)
{
	char        quoted[TEXT_QUOTE_BYTES], clause[NEAR_WORD_MAX + 32];
	struct near near;
	const char *since = cli_text(cli, "--since", 0), *order = cli_text(cli, "--order", 0);
	*filter = (struct filter){ .worker = cli_text(cli, "--worker", 0), .grep = cli_text(cli, "--grep", 0), .level = cli_choice(cli, "--level", 0) };
	filter->last = (uint32_t)cli_int(cli, "--last", since ? LINES_MAX : LAST_DEFAULT);
	if (since && (filter->since_s = since_of(since)) < 0)
		return cli_refuse(cli, CLI_BAD_INPUT, "--since %s is no time: 2026-11-30, 2026-11-30T14:05:00Z, 10m, 2h or 3d", text_quote(quoted, since));
	if (order && !order_of(order, &filter->order_id))
		return cli_refuse(cli, CLI_BAD_INPUT, "--order %s is no number of an order and no client order id of ours", text_quote(quoted, order));
	if (filter->worker && !knows(filter->worker, &near))
		return cli_refuse(cli, CLI_BAD_INPUT, "--worker %s is no worker and no process%s", text_quote(quoted, filter->worker),
		    near_clause(&near, clause, sizeof clause));
	return CLI_DONE;
}

/* --- how it is shown ---------------------------------------------------------------------------------------------------- */

static void put(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_e8(struct json *json, const char *key, int64_t value_e8)
{
	if (!value_e8) return;
	json_key(json, key);
	json_e8(json, value_e8);
}

static void put_u64(struct json *json, const char *key, uint64_t value)
{
	if (!value) return;
	json_key(json, key);
	json_u64(json, value);
}

/* As the books, signals.csv and `tickwork explain` write it. */
static void put_hex(struct json *json, const char *key, uint64_t value)
{
	char text[17];
	(void)snprintf(text, sizeof text, "%016llx", (unsigned long long)value);
	put(json, key, text);
}

static void put_record(struct json *json, const struct log_record *record)
{
	char market[DAY_TIME_BYTES] = "";
	put(json, "worker", record->source < WRITERS_N ? writer_name(record->source) : "unknown");
	put(json, "level", level_word[record->level]);
	put(json, "kind", kind_word[record->kind]);
	json_key(json, "monotonic_ns"), json_i64(json, record->mono_ns);
	if (record->t_ns > 0 && record->t_ns < YEAR_DAYS_MAX * NS_PER_DAY) day_time(market, record->t_ns);
	if (*market) put(json, "market_time", market);
	if (*word_symbol(record->sym)) put(json, "symbol", word_symbol(record->sym));
	put_u64(json, "order_id", record->order_id);
	put_u64(json, "trace_id", record->trace_id);
	put_u64(json, "input", record->input);
	put_e8(json, "qty", record->qty_e8);
	put_e8(json, "price", record->px_e8);
	put_e8(json, "usd", record->usd_e8);
	if (record->kind == LOG_KIND_signal) put_hex(json, "signal_trace_id", (uint64_t)record->value);
	else if (record->value) json_key(json, "value"), json_i64(json, record->value);
}

static void print_line(struct cli *cli, const struct line *line, uint32_t mode)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "number"), json_u64(json, line->record ? line->record->seq : line->word->number);
	put(json, "time", line->time);
	put(json, "process", line->process);
	put(json, "what", line->what);
	if (line->record) put_record(json, line->record);
	put(json, "mode", trade_mode_key(mode));
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static const struct table_column column[] = { { "TIME", TIME_WIDTH, false }, { "PROCESS", NAME_WIDTH, false }, { "WHAT", 1, false } };
static const struct table        table = { column, sizeof column / sizeof *column };

static void show_line(struct cli *cli, const struct line *line)
{
	const struct log_record *record = line->record;
	char                     what[LASTWORDS_BYTES + LOG_TEXT_BYTES];
	const char *const        text[] = { line->time, line->process, what };
	bool                     is_plain = !record || record->kind == LOG_KIND_said || record->kind == LOG_KIND_process;
	if (is_plain) (void)snprintf(what, sizeof what, "%s", line->what);
	else (void)snprintf(what, sizeof what, "%s%s%s: %s", kind_word[record->kind], *word_symbol(record->sym) ? " " : "", word_symbol(record->sym), line->what);
	if (record && record->level > LOG_info) out_paint(&cli->out, record->level == LOG_error ? OUT_RED : OUT_YELLOW);
	table_row(&cli->out, table, text);
	if (record && record->level > LOG_info) out_paint(&cli->out, OUT_PLAIN);
}

static int64_t *shown_ns(struct story *story, const struct log_record *record)
{
	return &story->shown_ns[record->source < WRITERS_N ? record->source : WRITERS_N];
}

/* The rings are written one after another, so what is new is told by each source's own time. */
static bool is_new(struct story *story, const struct line *line) { return !line->record || line->record->wall_ns > *shown_ns(story, line->record); }

static void show(struct cli *cli, struct story *story, const struct filter *filter)
{
	uint32_t wanted = 0, passed = 0;
	for (uint32_t i = 0; i < story->lines; i++) wanted += is_wanted(&story->line[i], filter) && is_new(story, &story->line[i]);
	for (uint32_t i = 0; i < story->lines; i++) {
		const struct line *line = &story->line[i];
		if (!is_wanted(line, filter) || !is_new(story, line) || wanted - passed++ > filter->last) continue;
		if (cli->json) print_line(cli, line, story->mode);
		else show_line(cli, line);
	}
	for (uint32_t i = 0; i < story->list.count; i++) {
		const struct log_record *record = &story->list.record[i];
		*shown_ns(story, record) = e8_max(*shown_ns(story, record), record->wall_ns);
	}
	out_flush(&cli->out);
}

/* Ends with the reader, or by a signal. */
static void follow(struct cli *cli, struct story *story, const struct filter *filter, const char *folder)
{
	static const int heard[] = { SIGINT, SIGTERM, SIGHUP };
	struct signals   signals;
	struct filter    on = *filter;
	on.last = LINES_MAX;
	bool hears = signals_hear(&signals, heard, sizeof heard / sizeof *heard);
	while (hears && !cli->out.gone && !signals_take(&signals)) {
		signals_wait(&signals, FOLLOW_MS * NS_PER_MS);
		log_read(&story->list, folder);
		story->words = 0;
		merge(story);
		show(cli, story, &on);
	}
	signals_deafen(&signals);
}

/* Once, behind everything: whoever reads a log wants to know what is not in it. */
static void say_lost(struct cli *cli, const struct story *story, const struct filter *filter, const char *folder)
{
	char            text[LOG_LOST_BYTES];
	struct attach   attach;
	struct log_lost lost;
	log_lost_read(&lost, &story->list, filter->since_s * NS_PER_S);
	if (attach_open(&attach, folder)) {
		log_lost_add(&lost, attach.map, attach.holder_pid != 0);
		attach_close(&attach);
	}
	if (log_lost_text(text, &lost)) (void)cli_refuse(cli, CLI_DONE, "%s", text);
}

int verb_log(struct cli *cli)
{
	const char    *folder = cli_text(cli, "--home", HOME_DEFAULT);
	struct story  *story = memory_take(sizeof *story);
	struct filter  filter;
	char           path[FILES_PATH_MAX], sentence[FILES_SENTENCE_MAX];
	if (!story) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this");
	int code = filter_of(&filter, cli);
	if (code != CLI_DONE) return code;
	enum files_verdict verdict = lastwords_read(folder, story->word, &story->words);
	log_read(&story->list, folder);
	if (verdict == FILES_MISSING && story->list.count == 0)
		return cli_refuse(cli, CLI_OUT_OF_REACH, "no log in %s: nothing has run there; tickwork run --home %s writes one", folder, folder);
	if (verdict != FILES_OK && verdict != FILES_MISSING) {
		const char *named = files_path(path, folder, "lastwords") == FILES_OK ? path : folder;
		return cli_refuse(cli, CLI_OUT_OF_REACH, "%s", files_sentence(verdict, named, sentence, sizeof sentence));
	}
	merge(story);
	story->mode = home_mode(folder);
	if (!cli->json) trade_mode_show(&cli->out, story->mode), table_head(&cli->out, table);
	show(cli, story, &filter);
	if (cli_given(cli, "--follow")) follow(cli, story, &filter, folder);
	say_lost(cli, story, &filter, folder);
	return CLI_DONE;
}
