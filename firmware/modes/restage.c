/* restage.c - two drivers over their tapes, then the workers over what the drivers told. */
#include "firmware/modes/restage.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware/version.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/venues/alpaca/market.h"
#include "hal/venues/alpaca/trading.h"
#include "hal/venues/port.h"

enum { PLACED = 1 << WORKER_feed | 1 << WORKER_context | 1 << WORKER_analyst | 1 << WORKER_health | 1 << WORKER_desk };

static bool refuse(struct restage *restage, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool refuse(struct restage *restage, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	(void)vsnprintf(restage->sentence, sizeof restage->sentence, format, arguments);
	va_end(arguments);
	return false;
}

/* --- the files ---------------------------------------------------------------------------------------------------- */

/* The whole file into memory that is never given back; 0 after a refusal. */
static uint8_t *read_whole(struct restage *restage, const char *path, uint64_t *bytes)
{
	struct disk_linux disk;
	int32_t           file;
	size_t            got = 0;
	uint8_t          *into = 0;
	enum disk_code    code = disk_linux_init(&disk, ".");
	if (code == DISK_OK) code = disk_open(&disk.disk, path, DISK_READ, &file);
	if (code != DISK_OK) {
		const char *where = code == DISK_MISSING ? ": a run keeps one with --tape; of others replay HOME/journal" : "";
		(void)refuse(restage, "%s %s%s", path, disk_code_text(code), where);
		return 0;
	}
	code = disk_size(&disk.disk, file, bytes);
	if (code == DISK_OK && *bytes > 0) into = memory_take(*bytes);
	if (into) code = disk_read(&disk.disk, file, 0, into, *bytes, &got);
	disk_close(&disk.disk, file);
	disk_linux_end(&disk);
	if (into && code == DISK_OK && got == *bytes) return into;
	(void)refuse(restage, "%s %s", path, *bytes == 0 ? "is empty" : "cannot be read into memory");
	return 0;
}

static bool read_head(struct restage *restage, const char *path, struct tape *tape, struct tape_head *head)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	if (!tape_take(tape, TAPE_HEAD, 0, &entry, &payload) || entry.bytes != sizeof *head) return refuse(restage, "%s is not a tape of tickwork", path);
	memcpy(head, payload, sizeof *head);
	if (strncmp(head->build, build_id(), sizeof head->build) != 0)
		return refuse(restage, "%s was written by another build (%.63s): this one might decide otherwise", path, head->build);
	bool is_whole = head->key_bytes < RESTAGE_KEY_BYTES && head->secret_bytes < RESTAGE_KEY_BYTES && head->desk_bytes == sizeof restage->rooms.desk;
	return is_whole || refuse(restage, "%s is not a tape of tickwork", path);
}

static bool load(struct restage *restage, const char *name, struct tape *tape, struct tape_head *head)
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes = 0, bad_at;
	if (files_path(path, restage->folder, name) != FILES_OK) return refuse(restage, "%s is too long a name", restage->folder);
	uint8_t *file = read_whole(restage, path, &bytes);
	if (!file) return false;
	size_t used = tape_unpack(file, bytes, &bad_at);
	if (bad_at != UINT64_MAX) return refuse(restage, "%s is damaged at byte %llu, or was not closed", path, (unsigned long long)bad_at);
	tape_play(tape, file, used);
	return read_head(restage, path, tape, head);
}

bool restage_open(struct restage *restage, const char *folder)
{
	struct tape_entry entry;
	restage->folder = folder;
	restage->is_bad_input = true;
	if (!load(restage, TAPE_FEED_NAME, &restage->feed, &restage->feed_head) || !load(restage, TAPE_DESK_NAME, &restage->desk, &restage->head)) return false;
	if (!tape_take(&restage->desk, TAPE_STATE, 0, &entry, &restage->state) || entry.bytes != sizeof restage->rooms.desk)
		return refuse(restage, "%s/" TAPE_DESK_NAME " has no state to begin from", folder);
	restage->map = map_make();
	restage->runner = memory_take(sizeof *restage->runner);
	restage->input = memory_take(restage->desk.used);
	if (!restage->map || !restage->runner || !restage->input) return refuse(restage, "the kernel has no memory for this");
	restage->is_bad_input = false;
	return true;
}

/* --- a driver ------------------------------------------------------------------------------------------------------ */

/* As the run made it, its keys stars of the same length. */
static void plan_driver(struct restage *restage, const struct tape_head *head, enum secret_id id, enum secret_id secret)
{
	struct venue_place     *place = &restage->plan.venue;
	memset(restage->key, '*', head->key_bytes);
	memset(restage->secret, '*', head->secret_bytes);
	restage->key[head->key_bytes] = restage->secret[head->secret_bytes] = '\0';
	restage->world.secret[id] = (struct secret){ restage->key, head->key_bytes };
	restage->world.secret[secret] = (struct secret){ restage->secret, head->secret_bytes };
	restage->world.warm_days = head->warm_days;
	restage->plan.world = &restage->world;
	restage->plan.map = restage->map;
	*place = (struct venue_place){ .kind = VENUE_KIND_ALPACA, .is_stepped = true, .trade_port = head->trade_port, .data_port = head->data_port };
	memcpy(place->trade_host, head->trade_host, sizeof place->trade_host);
	memcpy(place->data_host, head->data_host, sizeof place->data_host);
	memcpy(place->stream_host, head->stream_host, sizeof place->stream_host);
	memset(restage->runner, 0, sizeof *restage->runner);
	restage->runner->plan = &restage->plan;
	restage->runner->pump.map = restage->map;
}

/* What went over the wire, counted by a second look. */
static void count_wire(struct restage *restage, const struct tape *of)
{
	struct tape       tape;
	struct tape_entry entry;
	const uint8_t    *payload;
	tape_play(&tape, of->bytes, of->used);
	while (tape_next(&tape, &entry, &payload)) {
		if (entry.kind == TAPE_READ) restage->bytes_in += entry.bytes;
		if (entry.kind == TAPE_WROTE && entry.bytes) restage->requests++;
	}
}

/* False: how the tape ended before its END, or differed. */
static bool end_of_tape(struct restage *restage, const char *name, const struct tape *tape, bool has_end)
{
	if (has_end && !tape->diverged) return true;
	if (!tape->diverged)
		return refuse(restage, "%s/%s ends without an end: the process died, or the tape was full; up to there all is the same", restage->folder, name);
	return refuse(restage, "%s/%s, byte %zu of its entries: the run had %s there, and this does otherwise", restage->folder, name, tape->at, tape->why);
}

/* To the byte: an event is zeroed before it is filled. */
static bool is_same(const void *ours, const void *theirs) { return memcmp(ours, theirs, sizeof(struct event)) == 0; }

static void told_or_differs(struct tape *tape, enum hal_recv got, const struct event *ours, const struct event *theirs)
{
	if (got != HAL_EVENT) tape_diverge(tape, "an event that is not told");
	else if (!is_same(ours, theirs)) tape_diverge(tape, "another event");
}

static void feed_entry(struct restage *restage, const struct tape_entry *entry, const uint8_t *payload)
{
	struct alpaca_market *market = restage->runner->market;
	struct event          ours = { 0 }, theirs;
	if (entry->kind == TAPE_CALL && entry->number == TAPE_CALL_START) alpaca_market_start(market);
	else if (entry->kind == TAPE_CALL && entry->number == TAPE_CALL_GO) alpaca_market_go(market);
	else if (entry->kind == TAPE_CALL && entry->number == TAPE_CALL_IDLE) (void)alpaca_market_ports.recv(market, &ours);
	else if (entry->kind == TAPE_TOLD && entry->bytes == sizeof theirs) {
		memcpy(&theirs, payload, sizeof theirs);
		told_or_differs(&restage->feed, alpaca_market_ports.recv(market, &ours), &ours, &theirs);
		restage->told++;
	} else tape_diverge(&restage->feed, tape_kind_text[entry->kind]);
}

bool restage_feed(struct restage *restage)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	bool              has_end = false;
	plan_driver(restage, &restage->feed_head, SECRET_data_key_id, SECRET_data_secret_key);
	loop_open_virtual();
	port_use(&restage->feed);
	if (!runner_market_make(restage->runner)) return refuse(restage, "the kernel has no memory for this");
	while (!has_end && port_play(&entry, &payload)) {
		has_end = entry.kind == TAPE_END;
		if (!has_end) feed_entry(restage, &entry, payload);
	}
	port_use(0);
	loop_close();
	runner_venue_forget(restage->runner);
	count_wire(restage, &restage->feed);
	return end_of_tape(restage, TAPE_FEED_NAME, &restage->feed, has_end);
}

/* Its own timers, the operator and the watchdog are no words of the driver; nor is what a life begins with. */
static bool is_told(const struct restage *restage, const struct event *input)
{
	return restage->inputs_n > 1 && input->kind != EVENT_TIMER && input->kind != EVENT_OPERATOR && input->kind != EVENT_CARE;
}

static void desk_input(struct restage *restage, const uint8_t *payload)
{
	struct event *input = &restage->input[restage->inputs_n++], ours = { 0 };
	memcpy(input, payload, sizeof *input);
	if (!is_told(restage, input)) return;
	enum hal_recv got = alpaca_trading_ports.recv(restage->runner->trading, &ours);
	ours.cause = input->cause;
	ours.flags = input->flags;
	ours.seq = input->seq;
	told_or_differs(&restage->desk, got, &ours, input);
}

static void desk_call(struct restage *restage, const struct tape_entry *entry)
{
	struct alpaca_trading *trading = restage->runner->trading;
	switch ((enum tape_call)entry->number) {
	case TAPE_CALL_START: alpaca_trading_start(trading); return;
	case TAPE_CALL_SYNC: alpaca_trading_sync(trading); return;
	case TAPE_CALL_MOMENT: alpaca_trading_moment(trading, (int64_t)entry->value); return;
	case TAPE_CALL_GO:
	case TAPE_CALL_IDLE:
	case TAPE_CALLS_N: break;
	}
	tape_diverge(&restage->desk, tape_kind_text[TAPE_CALL]);
}

static void desk_entry(struct restage *restage, const struct tape_entry *entry, const uint8_t *payload)
{
	struct event order;
	if (entry->kind == TAPE_CALL) desk_call(restage, entry);
	else if (entry->kind == TAPE_INPUT && entry->bytes == sizeof order) desk_input(restage, payload);
	else if (entry->kind == TAPE_SENT && entry->bytes == sizeof order) {
		memcpy(&order, payload, sizeof order);
		alpaca_trading_ports.send(restage->runner->trading, &order);
	} else tape_diverge(&restage->desk, tape_kind_text[entry->kind]);
}

static void take_end(struct restage *restage, const struct tape_entry *entry, const uint8_t *payload)
{
	restage->last_input = entry->value;
	if (entry->bytes == sizeof restage->last_hash) memcpy(&restage->last_hash, payload, sizeof restage->last_hash);
}

bool restage_desk(struct restage *restage)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	bool              has_end = false;
	plan_driver(restage, &restage->head, SECRET_trading_key_id, SECRET_trading_secret_key);
	memcpy(&restage->runner->rooms.desk, restage->state, sizeof restage->runner->rooms.desk);
	loop_open_virtual();
	restage->orders = restage->desk;
	port_use(&restage->desk);
	if (!runner_trading_make(restage->runner, false)) return refuse(restage, "the kernel has no memory for this");
	while (!has_end && port_play(&entry, &payload)) {
		has_end = entry.kind == TAPE_END;
		if (has_end) take_end(restage, &entry, payload);
		else desk_entry(restage, &entry, payload);
	}
	port_use(0);
	loop_close();
	runner_venue_forget(restage->runner);
	count_wire(restage, &restage->desk);
	return end_of_tape(restage, TAPE_DESK_NAME, &restage->desk, has_end);
}

/* --- the workers --------------------------------------------------------------------------------------------------- */

/* The next entry of this kind; false at the end. */
static bool next_of(struct tape *tape, enum tape_kind kind, struct event *event)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	while (tape_next(tape, &entry, &payload)) {
		if (entry.kind != kind || entry.bytes != sizeof *event) continue;
		memcpy(event, payload, sizeof *event);
		return true;
	}
	return false;
}

static void on_send(void *self, const struct event *ours)
{
	struct restage    *restage = self;
	struct event       theirs = { 0 };
	unsigned long long number = ++restage->sent, input = restage->pump.desk.desk->inputs;
	if (*restage->sentence) return;
	if (!next_of(&restage->orders, TAPE_SENT, &theirs))
		(void)refuse(restage, "the %lluth request to the venue, %s by input %llu, is one more than the run made", number, event_kind_name[ours->kind], input);
	else if (!is_same(ours, &theirs))
		(void)refuse(restage, "the %lluth request to the venue, %s by input %llu, is another one than the run's %s", number, event_kind_name[ours->kind], input,
		    event_kind_name[theirs.kind]);
}

static enum hal_recv on_recv(void *self, struct event *event)
{
	(void)self, (void)event;
	return HAL_IDLE;
}
static int64_t on_now_ns(void *self)
{
	(void)self;
	return 0; /* timers are inputs of the tape */
}
static uint64_t on_random(void *self)
{
	(void)self;
	return 0;
}
static const struct hal_world restage_ports = { on_recv, on_send, on_now_ns, on_random };

static void set_up(struct restage *restage)
{
	struct pump *pump = &restage->pump;
	rooms_init(&restage->rooms, PLACED, restage->head.journal_id, &restage->head.settings, restage->head.has_vix);
	memcpy(&restage->rooms.desk, restage->state, sizeof restage->rooms.desk);
	restage->hal = (struct hal){ restage, &restage_ports, 0 };
	pump_init(pump, restage->map, &restage->rooms, &restage->hal, PLACED);
	pump->by_machine = true;
	pump->desk_until = restage->last_input; /* whoever asked for the end did not wait for the desk to have done all that the feed had told */
	pump_resume(pump);
	if (restage->inputs_n > 0) pump_begin_life(pump, &restage->input[0], restage->input[0].flags == EVENT_NEW_MAP);
	pump->commands = restage->input;
	pump->commands_n = restage->inputs_n;
	pump->commands_at = restage->inputs_n > 0;
}

/* What the tape has for the desk now, before the market goes on. */
static void finish_moment(struct pump *pump)
{
	(void)pump_is_back(pump);
	(void)pump_settle(pump);
	if (!pump->tick_owed) return;
	pump_acknowledge(pump);
	(void)pump_settle(pump);
}

static bool compare_end(struct restage *restage)
{
	const struct desk *desk = &restage->rooms.desk;
	struct event       left;
	if (*restage->sentence) return false;
	if (next_of(&restage->orders, TAPE_SENT, &left))
		return refuse(restage, "the run made more requests to the venue than the %llu of this", (unsigned long long)restage->sent);
	if (desk->inputs != restage->last_input)
		return refuse(restage, "the run's desk had %llu inputs, this one %llu", (unsigned long long)restage->last_input, (unsigned long long)desk->inputs);
	if (desk_hash(desk) != restage->last_hash)
		return refuse(restage, "the state hash is %016llx, the run's %016llx", (unsigned long long)desk_hash(desk), (unsigned long long)restage->last_hash);
	return true;
}

bool restage_run(struct restage *restage)
{
	struct tape  market;
	struct event event;
	tape_play(&market, restage->feed.bytes, restage->feed.used);
	set_up(restage);
	finish_moment(&restage->pump);
	while (!*restage->sentence && next_of(&market, TAPE_TOLD, &event)) {
		if (event.kind == EVENT_VENUE) continue;
		pump_event(&restage->pump, &event);
		if (event.kind == EVENT_TICK) finish_moment(&restage->pump);
	}
	return compare_end(restage);
}
