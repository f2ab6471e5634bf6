/* blackbox_show.c - a death as text and as JSON: the head, then the events. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/console/event_text.h"
#include "firmware/console/words.h"
#include "firmware/layouts.h"
#include "firmware/modes/blackbox.h"
#include "firmware/modes/looking.h"
#include "firmware/report/day.h"
#include "firmware/version.h"
#include "hal/linux/process.h"
#include "hal/linux/seccomp.h"

enum { HEX_BYTES = 24,
	REGISTERS_A_LINE = 2,
	WALL_YEAR_DAYS = 84006 };

const char *blackbox_time(char text[BLACKBOX_TIME_BYTES], int64_t wall_ns)
{
	(void)snprintf(text, BLACKBOX_TIME_BYTES, "unknown");
	if (wall_ns >= 0 && wall_ns < WALL_YEAR_DAYS * NS_PER_DAY) day_time(text, wall_ns);
	return text;
}
_Static_assert((int)BLACKBOX_TIME_BYTES >= (int)DAY_TIME_BYTES, "a time has room");

/* What the note of the signal adds. */
static void add_why(char *text, size_t size, const struct fatal_note *fatal)
{
	const char *why = fatal_code_text(fatal->signal, fatal->code);
	if (*why) (void)snprintf(text, size, ": %s, at 0x%llx", why, (unsigned long long)fatal->address);
	else if (fatal->signal && fatal->code <= 0 && fatal->signal != SIGABRT) (void)snprintf(text, size, ", which somebody sent");
}

/* The signal that was noted is nearer to the truth than what waitpid saw of a process that may not send one. */
static int status_of(const struct blackbox_death *death) { return death->fatal.signal ? (int)death->fatal.signal : death->status; }

const char *blackbox_how(char text[BLACKBOX_HOW_BYTES], const struct blackbox_death *death)
{
	const struct fatal_note *fatal = &death->fatal;
	char words[PROCESS_WORDS_BYTES];
	uint32_t word = fatal->signal == SIGSYS && fatal->call > 0 ? (uint32_t)fatal->call : death->bug;
	int at = snprintf(text, BLACKBOX_HOW_BYTES, "%s%s", death->how == BLACKBOX_HUNG ? "hung: " : "", process_words(status_of(death), word, words));
	if (at > 0 && at < BLACKBOX_HOW_BYTES && !word) add_why(text + at, (size_t)(BLACKBOX_HOW_BYTES - at), fatal);
	return text;
}

static const char *worker_word(uint32_t worker) { return worker < WORKERS_N ? workers[worker].name : "unknown"; }
static bool is_this_build(const struct blackbox_death *death) { return strncmp(death->build, build_id(), sizeof death->build - 1) == 0; }

static uint32_t shown(const struct blackbox_worker *worker, uint32_t events) { return worker->events < events ? worker->events : events; }
/* Which of its events the i-th of the record is, from 1. */
static uint64_t number_of(const struct blackbox_worker *worker, uint32_t i) { return worker->count - worker->events + i + 1; }

/* --- for people --------------------------------------------------------------------------------------------------------- */

static void show_registers(struct cli *cli, const struct fatal_note *fatal)
{
	for (size_t i = 0; i < FATAL_REGISTERS_N; i += REGISTERS_A_LINE) {
		char line[TABLE_WIDTH];
		int at = 0;
		for (size_t r = i; r < i + REGISTERS_A_LINE && r < FATAL_REGISTERS_N; r++)
			at += snprintf(line + at, sizeof line - (size_t)at, "%-6s %016llx   ", fatal_register_name[r], (unsigned long long)fatal->value[r]);
		looking_line(cli, i ? "" : "registers", "%s", line);
	}
}

static void show_journal(struct cli *cli, const char *folder, const struct blackbox_death *death)
{
	unsigned long long input = death->journal_input, dying = death->dying_input;
	if (!input) {
		looking_line(cli, "journal", "nothing of this start was in it yet");
		return;
	}
	looking_line(cli, "journal", "INPUT %llu is its last; the desk was last stepped with INPUT %llu", input, dying);
	looking_line(cli, "replay", "tickwork replay %s/journal --to %llu", folder, input);
}

static void show_events(struct cli *cli, const struct blackbox_death *death, uint32_t w, uint32_t events)
{
	static const struct table_column column[] = { { "EVENT", 8, true }, { "MARKET TIME", 20, false }, { "KIND", 8, false },
		{ "SYMBOL", 7, false }, { "WHAT", 1, false } };
	const struct table table = { column, 5 };
	const struct blackbox_worker *worker = &death->worker[w];
	const struct event *event = blackbox_events(death, w);
	uint32_t count = shown(worker, events);
	out_format(&cli->out, "\nthe last %u of %llu events of %s, %llu of them in this life\n", count, (unsigned long long)worker->count,
		worker_word(worker->worker), (unsigned long long)(worker->count - worker->life_from));
	if (count) table_head(&cli->out, table);
	for (uint32_t i = worker->events - count; i < worker->events; i++) {
		char number[HEX_BYTES], time[BLACKBOX_TIME_BYTES], what[EVENT_TEXT_BYTES];
		const char *const text[] = { number, blackbox_time(time, event[i].t_ns), event_name(event[i].kind), word_symbol(event[i].sym),
			event_text(what, &event[i]) };
		(void)snprintf(number, sizeof number, "%llu", (unsigned long long)number_of(worker, i));
		table_row(&cli->out, table, text);
	}
}

void blackbox_show(struct cli *cli, const char *folder, const struct blackbox_death *death, uint32_t events)
{
	char how[BLACKBOX_HOW_BYTES], time[BLACKBOX_TIME_BYTES], span[TEXT_SPAN_BYTES];
	looking_line(cli, "death", "%llu: %s, pid %d, %s, after %s", (unsigned long long)death->number, death->process, (int)death->pid,
		blackbox_time(time, death->wall_ns), text_span(span, death->life_ns));
	looking_line(cli, "how", "%s", blackbox_how(how, death));
	if (death->bug) looking_line(cli, "bug", "BUG_UNLESS(%u in the sources says what must be true", death->bug);
	looking_line(cli, "state", "%s; death %u of this process since the start", word_process_state(death->state), death->deaths);
	if (death->said[0]) looking_line(cli, "said last", "%s", death->said);
	show_journal(cli, folder, death);
	looking_line(cli, "build", "%s%s", death->build, is_this_build(death) ? "" : ", not this one: the words below may be wrong, ask that binary");
	if (death->fatal.signal) {
		looking_line(cli, "code", "addr2line -fe build/tickwork.debug 0x%llx", (unsigned long long)death->fatal.value[FATAL_RIP]);
		show_registers(cli, &death->fatal);
	}
	for (uint32_t i = 0; i < death->workers && events; i++) show_events(cli, death, i, events);
}

/* --- for scripts -------------------------------------------------------------------------------------------------------- */

static void put(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void put_hex(struct json *json, const char *key, uint64_t value)
{
	char text[HEX_BYTES];
	(void)snprintf(text, sizeof text, "0x%llx", (unsigned long long)value);
	put(json, key, text);
}

static void put_u64(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_u64(json, value);
}

static void put_i64(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	json_i64(json, value);
}

void blackbox_members(struct json *json, const struct blackbox_death *death)
{
	char how[BLACKBOX_HOW_BYTES], time[BLACKBOX_TIME_BYTES];
	put_u64(json, "number", death->number);
	put(json, "time", blackbox_time(time, death->wall_ns));
	put(json, "process", death->process);
	put_i64(json, "pid", death->pid);
	put(json, "how", blackbox_how(how, death));
	put_i64(json, "signal", WIFSIGNALED(status_of(death)) ? WTERMSIG(status_of(death)) : 0);
	put_i64(json, "exit_code", WIFEXITED(death->status) ? WEXITSTATUS(death->status) : -1);
	put_u64(json, "bug", death->bug);
	json_key(json, "hung"), json_bool(json, death->how == BLACKBOX_HUNG);
	put(json, "state", word_process_state(death->state));
	put_i64(json, "lived_ms", death->life_ns / NS_PER_MS);
	put_u64(json, "journal_input", death->journal_input);
}

static void put_fatal(struct json *json, const struct fatal_note *fatal)
{
	json_key(json, "fatal");
	json_object_begin(json);
	put_u64(json, "signal", fatal->signal);
	put_i64(json, "code", fatal->code);
	put_i64(json, "system_call", fatal->call);
	put(json, "system_call_name", fatal->call > 0 ? seccomp_call_name((uint32_t)fatal->call) : "");
	put_hex(json, "address", fatal->address);
	for (size_t i = 0; i < FATAL_REGISTERS_N; i++) put_hex(json, fatal_register_name[i], fatal->value[i]);
	json_object_end(json);
}

static void show_head_json(struct cli *cli, const char *folder, const struct blackbox_death *death)
{
	struct print_json print;
	struct json *json = print_json_begin(&print);
	char command[FILES_PATH_MAX + 64] = "";
	if (death->journal_input)
		(void)snprintf(command, sizeof command, "tickwork replay %s/journal --to %llu", folder, (unsigned long long)death->journal_input);
	json_object_begin(json);
	blackbox_members(json, death);
	put_u64(json, "dying_input", death->dying_input);
	put(json, "replay", command);
	put(json, "said", death->said);
	put_u64(json, "deaths", death->deaths);
	put(json, "build", death->build);
	json_key(json, "same_build"), json_bool(json, is_this_build(death));
	if (death->fatal.signal) put_fatal(json, &death->fatal);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void show_event_json(struct cli *cli, const struct blackbox_worker *worker, uint64_t number, const struct event *event)
{
	struct print_json print;
	struct json *json = print_json_begin(&print);
	char time[BLACKBOX_TIME_BYTES], what[EVENT_TEXT_BYTES];
	json_object_begin(json);
	put(json, "worker", worker_word(worker->worker));
	put_u64(json, "event", number);
	put(json, "market_time", blackbox_time(time, event->t_ns));
	put(json, "kind", event_name(event->kind));
	put(json, "symbol", word_symbol(event->sym));
	put_u64(json, "seq", event->seq);
	put_u64(json, "cause", event->cause);
	put(json, "from", worker_word(event->from));
	json_key(json, "this_life"), json_bool(json, number > worker->life_from);
	put(json, "what", event_text(what, event));
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

void blackbox_show_json(struct cli *cli, const char *folder, const struct blackbox_death *death, uint32_t events)
{
	show_head_json(cli, folder, death);
	for (uint32_t w = 0; w < death->workers; w++) {
		const struct blackbox_worker *worker = &death->worker[w];
		const struct event *event = blackbox_events(death, w);
		for (uint32_t i = worker->events - shown(worker, events); i < worker->events; i++)
			show_event_json(cli, worker, number_of(worker, i), &event[i]);
	}
}
