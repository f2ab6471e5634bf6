/* runner_venue.c - a venue by protocol: the feed's market and the desk's orders over TLS. */
#include <stdio.h>
#include <string.h>

#include "firmware/progress.h"
#include "firmware/runner.h"
#include "fsm/desk/order.h"
#include "hal/linux/clock.h"
#include "hal/linux/memory.h"
#include "hal/venues/alpaca/market.h"
#include "hal/venues/alpaca/trading.h"

/* A simulator on this machine that moves when told: no request is on its way for longer, and nothing changes between moments. */
#define STEPPED_DEAD_AFTER_NS (NS_PER_S / 5)
#define CLOCKS_DIFFER_NS (60 * NS_PER_S)
enum { SINCE_MOST_DAYS = 30 };
static const struct stream_limits limits = { 10 * NS_PER_S, 10 * NS_PER_S, 90 * NS_PER_S };

_Static_assert(sizeof(struct alpaca_market_place) <= COMMIT_PLACE_BYTES, "raise COMMIT_PLACE_BYTES");

static struct reach reach_of(struct venue_room *room, const char *host, uint16_t port)
{
	return (struct reach){ &room->dns, host, port, &room->anchors, &room->sessions, limits, CFG_venue_connects_per_min };
}

static bool open_room(struct runner *runner)
{
	const struct venue_place *place = &runner->plan->venue;
	struct venue_room        *room = runner->venue = memory_take(sizeof *room);
	if (!room) return false;
	room->trade = reach_of(room, place->trade_host, place->trade_port);
	room->data = reach_of(room, place->data_host, place->data_port);
	room->stream = reach_of(room, place->stream_host, place->data_port);
	if (runner->plan->world) return true;        /* without names and TLS */
	dns_init(&room->dns);
	dns_boot(&room->dns, "/etc/resolv.conf", "/etc/hosts");
	anchors_init(&room->anchors);
	enum anchors_verdict verdict = anchors_load(&room->anchors, place->trust);
	if (verdict != ANCHORS_OK) {
		snprintf(runner->sentence, sizeof runner->sentence, "%s %s", place->trust, anchors_verdict_text[verdict]);
		return false;
	}
	return true;
}

/* The pair of keys that this process is given, out of sealed memory; then the descriptor is closed. */
static bool read_keys(struct runner *runner, enum secret_pair pair, enum secret_id id, enum secret_id secret)
{
	const struct runner_world *world = runner->plan->world;
	struct secrets             mine = { .fd = { -1, -1 } };
	if (world) {
		runner->key_id = world->secret[id];
		runner->secret_key = world->secret[secret];
		return true;
	}
	mine.fd[pair] = runner->plan->venue.secrets.fd[pair];
	bool ok = secrets_read(mine.fd[pair], id, &runner->key_id) && secrets_read(mine.fd[pair], secret, &runner->secret_key);
	secrets_close(&mine);
	if (!ok) snprintf(runner->sentence, sizeof runner->sentence, "%s cannot be read into locked memory: raise the limit of locked memory", secret_name(id));
	return ok;
}

/* A session that was up is lost: why is said anew, though it was the same reason the last time. */
static void hear_session(struct runner *runner, const struct event *event)
{
	if (event->kind != EVENT_VENUE || event->venue.state == VENUE_SYNCING) return;
	if (runner->is_up && event->venue.state != VENUE_UP) runner->trouble[0] = '\0';
	runner->is_up = event->venue.state == VENUE_UP;
}

/* Trouble with the venue is a sentence for a person, once: the driver goes on trying in its own time. */
static void say_trouble(struct runner *runner, const char *sentence)
{
	if (!*sentence || strncmp(runner->trouble, sentence, sizeof runner->trouble - 1) == 0) return;
	snprintf(runner->trouble, sizeof runner->trouble, "%s", sentence);
	runner_say(runner, "%s", sentence);
}

/* --- the feed's half ---------------------------------------------------------------------------------------------------------- */

bool runner_market_make(struct runner *runner)
{
	const struct venue_place  *place = &runner->plan->venue;
	struct alpaca_market_place from;
	if (!open_room(runner) || !read_keys(runner, SECRET_PAIR_data, SECRET_data_key_id, SECRET_data_secret_key)) return false;
	runner->market = memory_take(sizeof *runner->market);
	struct bars *history = memory_take(sizeof *history);
	if (!runner->market || !history) return false;
	struct alpaca_market_plan plan = { .data = &runner->venue->data, .stream = &runner->venue->stream, .key_id = runner->key_id.text,
		.secret = runner->secret_key.text, .key_name = secret_name(SECRET_data_key_id), .feed = "iex", .history = history,
		.warm_days = runner->plan->world ? runner->plan->world->warm_days : WARM_DAYS, .is_stepped = place->is_stepped, .log = &runner->rooms.log };
	alpaca_market_defaults(&plan);
	bool is_first = pump_progress(runner->pump.map, WORKER_feed)->steps == 0;
	if (is_first && !runner_tape_begin(runner, TAPE_FEED_NAME, 0)) return false;
	memcpy(&from, runner->pump.place.of.driver, sizeof from);
	alpaca_market_init(runner->market, &plan, &from);
	return true;
}

bool runner_market_open(struct runner *runner)
{
	if (!runner_market_make(runner)) return false;
	runner_tape_call(runner, TAPE_CALL_START, 0);
	alpaca_market_start(runner->market);
	return true;
}

/* What the driver has heard and tried: for progress (firmware/progress.h). */
static void publish_market(const struct alpaca_market *market, struct worker_progress *word)
{
	uint64_t words = market->counts.reads + market->counts.failures + market->counts.moments, news = market->counts.prices;
	bool     expects = false;
	for (uint32_t i = 0; i < market->streams_n; i++) {
		const struct alpaca_stream *stream = &market->stream[i];
		words += stream->backoff.tried + stream->backoff.held + stream->push.ended + (uint64_t)stream->push.heard_ns;
		news += stream->messages;
		expects = expects || (stream->session.state == SESSION_UP && stream->expects);
	}
	__atomic_store_n(&word->venue_words, words, __ATOMIC_RELEASE);
	__atomic_store_n(&word->news, news, __ATOMIC_RELEASE);
	word->expects_news = expects;
}

/* One event of the market; the place after it goes into the commit of its TICK. */
static void take_market(struct runner *runner, const struct event *event)
{
	struct pump *pump = &runner->pump;
	hear_session(runner, event);
	if (event->kind == EVENT_VENUE) {        /* of the data; the desk hears of its own session */
		if (!runner->plan->world) log_input(pump->map->log_feed, WORKER_feed, event);
		return;
	}
	if (!(event->flags & EVENT_WARMING)) trading_count_session(&pump->place, event, runner->market->place.first_day);
	if (event->kind == EVENT_TICK) memcpy(pump->place.of.driver, &runner->market->place, sizeof runner->market->place);
	pump_event(pump, event);
}

/* Only the simulator knows when its next moment is: --speed holds it back until the time of the last one is due. History is not paced. */
static bool may_go(struct runner *runner)
{
	const struct alpaca_market_place *place = &runner->market->place;
	bool                              is_first = place->done == 0 || place->moment_ns == 0; /* of a home that goes on: done before, and told to nobody here */
	return !runner->plan->venue.is_stepped || is_first || runner_is_due(runner, place->moment_ns);
}

/* Without an event a look can still end the history, which is the driver's to remember. */
static enum hal_recv recv_market(struct runner *runner, struct event *event)
{
	struct hal    hal = { runner->market, &alpaca_market_ports, 0 };
	bool          was_warm = runner->market->place.is_warm;
	enum hal_recv what = hal_recv(&hal, event);
	if (what == HAL_EVENT) runner_tape_told(runner, event);
	else if (was_warm != runner->market->place.is_warm) runner_tape_call(runner, TAPE_CALL_IDLE, 0);
	return what;
}

static void let_go(struct runner *runner)
{
	if (runner->market->place.is_permitted) return;
	runner_tape_call(runner, TAPE_CALL_GO, 0);
	alpaca_market_go(runner->market);
}

/* Stops and exits want prices whatever becomes of the books: the market of real time waits for none. */
static bool waits_for_books(const struct runner *runner)
{
	const struct runner_plan *plan = runner->plan;
	return plan->venue.is_stepped && progress_waits_for_books(plan->map, plan->ledger_row);
}

bool runner_market_turn(struct runner *runner)
{
	struct pump            *pump = &runner->pump;
	struct worker_progress *word = pump_progress(pump->map, WORKER_feed);
	struct event            event;
	runner_tape_look(runner);
	say_trouble(runner, alpaca_market_sentence(runner->market));
	publish_market(runner->market, word);
	if (word->ended || !pump_all_done(pump, pump->anywhere) || waits_for_books(runner)) return false;
	if (pump->place.sessions >= runner->plan->sessions_max && !pump->place.in_session) {
		word->ended = 1;
		return true;
	}
	if (!may_go(runner)) return false;
	let_go(runner);
	enum hal_recv what = recv_market(runner, &event);
	for (; what == HAL_EVENT; what = recv_market(runner, &event)) {
		take_market(runner, &event);
		if (event.kind == EVENT_TICK) return true;
	}
	if (what == HAL_END) word->ended = 1;
	return what == HAL_END;
}

/* --- the desk's half ---------------------------------------------------------------------------------------------------------- */

static void taped_send(void *self, const struct event *event)
{
	runner_tape_sent(self, event);
	alpaca_trading_ports.send(((struct runner *)self)->trading, event);
}

static enum hal_recv taped_recv(void *self, struct event *event) { return alpaca_trading_ports.recv(((struct runner *)self)->trading, event); }
static int64_t taped_now_ns(void *self)
{
	(void)self;
	return clock_monotonic_ns(); /* the desk's timers are inputs of the tape, not its times */
}
static uint64_t taped_random(void *self) { return alpaca_trading_ports.random(((struct runner *)self)->trading); }
static const struct hal_world taped_ports = { taped_recv, taped_send, taped_now_ns, taped_random };

static void sync_books(struct runner *runner)
{
	runner_tape_call(runner, TAPE_CALL_SYNC, 0);
	alpaca_trading_sync(runner->trading);
}

/* A driver's id text has one byte more than it needs. */
static void id_text(uint64_t journal_id, uint64_t order_id, char *text) { order_id_text(journal_id, order_id, text); }
_Static_assert((int)ORDER_ID_TEXT_BYTES <= (int)VENUE_ID_BYTES, "the driver's room for a client order id");

/* The first input of a life: nothing is known of the venue yet. In a new map the keys of the queues begin anew. */
static void begin_life(struct runner *runner, bool is_new_map)
{
	struct event event = event_make(EVENT_VENUE, SYM_NONE, runner->rooms.desk.t_ns);
	event.venue.state = VENUE_DOWN;
	pump_begin_life(&runner->pump, &event, is_new_map);
}

/* From where fills are read that the books may lack: at a power cut those go that were heard of last, whenever they were made. No further back than
 * executions are remembered, or one would be booked twice. */
static int64_t since_t_ns(const struct desk *desk)
{
	if (desk->t_ns <= 0) return 0;        /* a new journal has no past */
	int64_t whole_ns = desk->reconcile.whole_ns > 0 ? desk->reconcile.whole_ns : desk->t_ns;
	return e8_max(e8_max(whole_ns, desk->t_ns - SINCE_MOST_DAYS * NS_PER_DAY), 1);
}

/* In a journal's first day of real time nothing is read again of before it, but for what clocks differ: what moved money then is in the balance that the
 * journal began with. */
static int64_t begun_t_ns(const struct desk *desk, bool is_stepped)
{
	int32_t sessions = 0;
	for (int i = 0; i < CALENDARS_N; i++) sessions = desk->day[i].sessions > sessions ? desk->day[i].sessions : sessions;
	return sessions < 2 && !is_stepped ? e8_max(since_t_ns(desk) - CLOCKS_DIFFER_NS, 0) : 0;
}

bool runner_trading_make(struct runner *runner, bool is_first)
{
	const struct venue_place *place = &runner->plan->venue;
	if (!open_room(runner) || !read_keys(runner, SECRET_PAIR_trading, SECRET_trading_key_id, SECRET_trading_secret_key)) return false;
	runner->trading = memory_take(sizeof *runner->trading);
	if (!runner->trading) return false;
	struct alpaca_plan plan = { .reach = &runner->venue->trade, .key_id = runner->key_id.text, .secret = runner->secret_key.text,
		.key_name = secret_name(SECRET_trading_key_id),
		.words = { id_text, order_id_parse }, .since_t_ns = since_t_ns(&runner->rooms.desk), .t_ns = runner->rooms.desk.t_ns,
		.begun_t_ns = begun_t_ns(&runner->rooms.desk, place->is_stepped),
		.journal_id = runner->home ? runner->home->journal_id : runner->rooms.desk.journal_id,
		.dead_after_ns = place->is_stepped && !runner->plan->world ? STEPPED_DEAD_AFTER_NS : CFG_venue_dead_after_ms * NS_PER_MS,
		.reconcile_ns = place->is_stepped ? 0 : CFG_venue_reconcile_s * NS_PER_S,
		.requests_per_min = CFG_venue_requests_per_min, .is_stepped = place->is_stepped, .log = &runner->rooms.log };
	if (is_first && !runner_tape_begin(runner, TAPE_DESK_NAME, &runner->rooms.desk)) return false;
	alpaca_trading_init(runner->trading, &plan);
	return true;
}

bool runner_trading_open(struct runner *runner)
{
	struct pump            *pump = &runner->pump;
	struct worker_progress *word = pump_progress(pump->map, WORKER_desk);
	bool                    is_new_map = !word->knows_map;
	if (!runner_trading_make(runner, is_new_map && !runner->rescue.is_here)) return false;
	if (runner->venue->tape.fd > 0) pump->tape = &runner->venue->tape;
	runner->hal = (struct hal){ runner, &taped_ports, 0 };
	pump->by_machine = true;
	pump_resume(pump);
	if (!runner_desk_continue(runner)) return false;
	if (is_new_map && runner->rooms.desk.inputs > 0) word->warm_ns = runner->rooms.desk.t_ns;        /* seen in another life */
	begin_life(runner, is_new_map);
	bool is_written = !runner->rescue.is_alone && pump->journal_verdict == JOURNAL_OK;
	word->knows_map = word->knows_map || is_written;        /* who dies before this line begins the life again, and who could not write that it has */
	runner_tape_call(runner, TAPE_CALL_START, 0);
	alpaca_trading_start(runner->trading);
	return true;
}

/* Of history nothing can come back; of a moment of the market everything must have. In stepped time the first TICK of all waits for the session and
 * its snapshots, so that these come before the market whichever connection was faster. */
static bool is_done(struct runner *runner)
{
	runner->was_quiet = runner->was_quiet || !runner->plan->venue.is_stepped || alpaca_trading_is_quiet(runner->trading);
	if (!runner->was_quiet) return false;
	return runner->rooms.desk.t_ns <= runner->pump.map->progress_desk[0].warm_ns || alpaca_trading_is_quiet(runner->trading);
}

/* The driver reads what moved money at this moment; in stepped time, where it does nothing by itself, books and venue are compared once a day. */
static void tell_moment(struct runner *runner)
{
	int64_t t_ns = runner->rooms.desk.t_ns;
	if (t_ns <= runner->pump.map->progress_desk[0].warm_ns) return;
	runner_tape_call(runner, TAPE_CALL_MOMENT, t_ns);
	alpaca_trading_moment(runner->trading, t_ns);
	if (runner->plan->venue.is_stepped && day_from_t_ns(t_ns) != runner->synced_day) sync_books(runner);
	runner->synced_day = day_from_t_ns(t_ns);
}

static void publish_trading(const struct alpaca_trading *trading, struct worker_progress *word)
{
	uint64_t words = trading->backoff.tried + trading->backoff.held + trading->push.ended + (uint64_t)trading->push.heard_ns + trading->activity;
	__atomic_store_n(&word->venue_words, words, __ATOMIC_RELEASE);
}

/* Orders have come to stand still after a crash or a lost session: only a snapshot from now on counts, and the next one that comes by itself may be a
 * minute away, or a day in stepped time. */
static void compare_soon(struct runner *runner)
{
	uint8_t state = runner->rooms.desk.recovery.state;
	if (state == RECOVERY_RECONCILING && runner->recovery != state) sync_books(runner);
	runner->recovery = state;
}

bool runner_trading_turn(struct runner *runner)
{
	struct pump *pump = &runner->pump;
	struct event event;
	bool         worked = false;
	runner_tape_look(runner);
	pump_fire(pump, clock_monotonic_ns());
	say_trouble(runner, alpaca_trading_sentence(runner->trading));
	publish_trading(runner->trading, pump_progress(pump->map, WORKER_desk));
	while (hal_recv(&runner->hal, &event) == HAL_EVENT) {
		hear_session(runner, &event);
		if (runner->rescue.is_here) runner_rescue_hear(runner, &event);
		pump_venue(pump, &event);
		if (event.kind == EVENT_VENUE && event.venue.state == VENUE_UP) sync_books(runner);        /* a snapshot that counts: orders stand still */
		worked = true;
	}
	compare_soon(runner);
	if (!pump->tick_owed) return worked;
	if (runner->told_tick != pump_progress(pump->map, WORKER_desk)->ticks + 1) {
		runner->told_tick = pump_progress(pump->map, WORKER_desk)->ticks + 1;
		tell_moment(runner);
		return true;
	}
	if (!is_done(runner)) return worked;
	pump_acknowledge(pump);
	return true;
}

void runner_venue_touch(const struct runner *runner)
{
	if (runner->venue) memory_touch_own(runner->venue, sizeof *runner->venue);
	if (runner->trading) memory_touch_own(runner->trading, sizeof *runner->trading);
	if (!runner->market) return;
	memory_touch_own(runner->market, sizeof *runner->market);
	memory_touch_own(runner->market->plan.history, sizeof *runner->market->plan.history);
}

void runner_venue_forget(struct runner *runner)
{
	if (runner->market) {
		memory_give(runner->market->plan.history, sizeof *runner->market->plan.history);
		memory_give(runner->market, sizeof *runner->market);
	}
	if (runner->trading) memory_give(runner->trading, sizeof *runner->trading);
	if (runner->venue) memory_give(runner->venue, sizeof *runner->venue);
}

void runner_trading_close(struct runner *runner)
{
	runner_tape_end(runner, runner->rooms.desk.inputs, desk_hash(&runner->rooms.desk));
	alpaca_trading_close(runner->trading);
}
