/* console.c - from a line to an object. */
#include "firmware/console/console.h"

#include "firmware/cli/text.h"
#include <stdio.h>
#include <string.h>

#include "hal/linux/clock.h"
#include "hal/linux/holder.h"
#include "hal/linux/loop.h"

enum { WORD_BYTES = 16, SEPARATOR_BYTES = 4 };
_Static_assert((int)LOOK_JSON_BYTES < (int)CONTROL_OUT_BYTES, "control.h: an object of the map must fit");

/* A request: its word and what follows, "" for nothing. */
struct request { char word[WORD_BYTES]; const char *rest; };

static void done(struct console *console, uint32_t client)
{
	console->client[client].doing = CONSOLE_NOTHING;
	control_done(&console->control, client);
}

static void write_json(struct console *console, uint32_t client, struct json *json)
{
	json_line(json);
	size_t length = json_length(json);
	BUG_UNLESS(4259, length > 0);
	control_write(&console->control, client, console->text, length);
	done(console, client);
}

static struct json begin_json(struct console *console)
{
	struct json json;
	json_begin(&json, console->text, sizeof console->text);
	return json;
}

static void answer_error(struct console *console, uint32_t client, const char *sentence)
{
	struct json json = begin_json(console);
	console->errors++;
	json_object_begin(&json);
	json_key(&json, "error");
	json_string(&json, sentence);
	json_object_end(&json);
	write_json(console, client, &json);
}

/* The watchdog that made the map lives for as long as we do. */
static int32_t holder_of(const struct memory_map *map) { return process_exists(map->stamp->pid) ? map->stamp->pid : 0; }

/* --- objects and lists -------------------------------------------------------------------------------------------- */

static bool answer_object(struct console *console, uint32_t client, const struct request *request)
{
	static const struct { const char *word; void (*write)(struct json *json, const struct look *look); } object[] = {
		{ "status", look_status }, { "account", look_account }, { "risk", look_risk },
	};
	int64_t     now_ns = clock_monotonic_ns();
	int32_t     holder = holder_of(console->map);
	struct look look = { console->map, console->folder, now_ns, attach_silent_ns(console->map, holder, now_ns), holder };
	for (size_t i = 0; i < sizeof object / sizeof *object; i++) {
		if (strcmp(object[i].word, request->word) != 0 || *request->rest) continue;
		struct json json = begin_json(console);
		object[i].write(&json, &look);
		write_json(console, client, &json);
		return true;
	}
	return false;
}

/* As many rows as there is room for; the rest when the reader has taken these. */
static void go_on_with_list(struct console *console, uint32_t client)
{
	struct console_client *at = &console->client[client];
	for (; at->at < at->rows.count; at->at++) {
		if (control_room(&console->control, client) < LOOK_ROW_BYTES + SEPARATOR_BYTES) return;
		struct json json = begin_json(console);
		look_row(&json, &at->rows, at->at);
		size_t length = json_length(&json);
		BUG_UNLESS(4260, length > 0 && length <= LOOK_ROW_BYTES);
		if (at->at > 0) control_write(&console->control, client, ",", 1);
		control_write(&console->control, client, console->text, length);
	}
	control_write(&console->control, client, "]}\n", 3);
	done(console, client);
}

static bool answer_list(struct console *console, uint32_t client, const struct request *request)
{
	static const struct { const char *word, *rest; enum rows_kind kind; bool all; } list[] = {
		{ "orders", "", ROWS_ORDERS, false }, { "orders", "all", ROWS_ORDERS, true }, { "positions", "", ROWS_POSITIONS, false }, { "fills", "", ROWS_FILLS, true },
	};
	struct console_client *at = &console->client[client];
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		if (strcmp(list[i].word, request->word) != 0 || strcmp(list[i].rest, request->rest) != 0) continue;
		char head[WORD_BYTES * 2];
		int  length = snprintf(head, sizeof head, "{\"%s\":[", list[i].word);
		control_write(&console->control, client, head, (size_t)length);
		rows_list(&at->rows, console->map, list[i].kind, list[i].all);
		at->at = 0;
		at->doing = CONSOLE_LIST;
		go_on_with_list(console, client);
		return true;
	}
	return false;
}

/* --- commands ----------------------------------------------------------------------------------------------------- */

static void answer_call(struct console *console, uint32_t client)
{
	struct console_client *at = &console->client[client];
	struct json            json = begin_json(console);
	call_json(&json, &at->call, at->call_state);
	write_json(console, client, &json);
}

static void on_timer(void *self)
{
	struct console *console = self;
	bool            waiting = false;
	for (uint32_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		struct console_client *at = &console->client[i];
		if (at->doing != CONSOLE_CALL) continue;
		at->call_state = call_turn(&at->call, clock_monotonic_ns());
		if (at->call_state != CALL_WAITS) answer_call(console, i);
		waiting = waiting || at->doing == CONSOLE_CALL;
	}
	if (waiting) loop_timer_start(console->timer, CALL_TURN_MS * NS_PER_MS);
}

/* What follows a command: a code, a symbol, nothing. 0, or what is wrong with it. */
static const char *read_rest(const char *rest, struct operator_request *request)
{
	request->sym = SYM_NONE;
	if (!*rest) return 0;
	if (operator_needs_code(request->command)) return operator_code_parse(rest, &request->code) ? 0 : "that is not a code of six characters";
	int64_t id = 0;
	if (request->command == OPERATOR_ACK && text_to_int(rest, &id) && id > 0) request->code = (uint64_t)id;
	if (request->command == OPERATOR_ACK) return request->code ? 0 : "that is not the number of a review";
	if (request->command != OPERATOR_FLATTEN) return "this command stands alone";
	request->sym = universe_find(rest, strlen(rest));
	return request->sym == SYM_NONE ? "that symbol is not in the universe" : 0;
}

static void begin_call(struct console *console, uint32_t client, const struct operator_request *request)
{
	struct console_client *at = &console->client[client];
	at->call_state = call_begin(&at->call, console->map, console->folder, holder_of(console->map), console->map->calls, request, clock_monotonic_ns());
	if (at->call_state != CALL_WAITS) {
		answer_call(console, client);
		return;
	}
	at->doing = CONSOLE_CALL;
	loop_timer_start(console->timer, CALL_TURN_MS * NS_PER_MS);
}

static bool answer_command(struct console *console, uint32_t client, const struct request *request)
{
	for (uint8_t command = 0; command < OPERATOR_COMMANDS_N; command++) {
		struct operator_request of = { .command = command };
		if (strcmp(operator_verb[command], request->word) != 0) continue;
		const char *wrong = read_rest(request->rest, &of);
		if (wrong) answer_error(console, client, wrong);
		else begin_call(console, client, &of);
		return true;
	}
	return false;
}

/* --- the socket --------------------------------------------------------------------------------------------------- */

/* A word longer than any known one is cut, and then none of them either. */
static struct request parse(const char *line)
{
	struct request request = { .rest = line + strcspn(line, " ") };
	size_t         length = (size_t)(request.rest - line);
	(void)snprintf(request.word, sizeof request.word, "%.*s", (int)length, line);
	if (*request.rest) request.rest++;
	return request;
}

static void answer(struct console *console, uint32_t client)
{
	struct request request = parse(control_line(&console->control, client));
	console->requests++;
	if (answer_object(console, client, &request) || answer_list(console, client, &request) || answer_command(console, client, &request)) return;
	answer_error(console, client, "unknown request; one of: status, account, risk, orders [all], positions, fills, halt, pause, flatten [SYMBOL], "
	                              "resume [CODE], confirm [CODE]");
}

static void on_control(void *self, struct control *control, uint32_t client, enum control_event event)
{
	struct console *console = self;
	(void)control;
	switch (event) {
	case CONTROL_LINE: answer(console, client); return;
	case CONTROL_ROOM:
		if (console->client[client].doing == CONSOLE_LIST) go_on_with_list(console, client);
		return;
	case CONTROL_GONE: console->client[client].doing = CONSOLE_NOTHING; return;
	}
}

enum control_verdict console_open(struct console *console, const char *folder, struct memory_map *map)
{
	char path[FILES_PATH_MAX];
	memset(console, 0, sizeof *console);
	console->map = map;
	console->timer = LOOP_NONE;
	(void)snprintf(console->folder, sizeof console->folder, "%s", folder);
	(void)files_path(path, folder, CONSOLE_NAME);        /* what is too long for it is too long for a socket */
	enum control_verdict verdict = control_open(&console->control, path, on_control, console);
	if (verdict != CONTROL_OK) return verdict;
	console->timer = loop_timer(on_timer, console);
	if (console->timer != LOOP_NONE) return CONTROL_OK;
	control_close(&console->control);
	return CONTROL_NO_ROOM;
}

void console_remove(const char *folder)
{
	char path[FILES_PATH_MAX];
	if (files_path(path, folder, CONSOLE_NAME) == FILES_OK) control_remove(path);
}

void console_close(struct console *console)
{
	if (console->timer != LOOP_NONE) loop_timer_end(console->timer);
	console->timer = LOOP_NONE;
	control_close(&console->control);
}
