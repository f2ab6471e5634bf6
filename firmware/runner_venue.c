/* runner_venue.c - a venue by protocol: the feed's market and the desk's orders over TLS. */
#include <stdio.h>
#include <string.h>

#include "firmware/runner.h"
#include "fsm/desk/order.h"
#include "hal/linux/clock.h"
#include "hal/linux/memory.h"
#include "hal/venues/alpaca/market.h"
#include "hal/venues/alpaca/trading.h"

/* A simulator on this machine that moves when told: no request is on its way for longer, and nothing changes between moments. */
#define STEPPED_DEAD_AFTER_NS (NS_PER_S / 5)
static const struct stream_limits limits = { 10 * NS_PER_S, 10 * NS_PER_S, 90 * NS_PER_S };

/* What the connections of one process share. */
struct venue_room { struct dns dns; struct anchors anchors; struct tls_sessions sessions; struct reach trade, data, stream; };

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
	dns_init(&room->dns);
	dns_boot(&room->dns, "/etc/resolv.conf", "/etc/hosts");
	anchors_init(&room->anchors);
	enum anchors_verdict verdict = anchors_load(&room->anchors, place->trust);
	if (verdict != ANCHORS_OK) {
		snprintf(runner->sentence, sizeof runner->sentence, "%s %s", place->trust, anchors_verdict_text[verdict]);
		return false;
	}
	room->trade = reach_of(room, place->trade_host, place->trade_port);
	room->data = reach_of(room, place->data_host, place->data_port);
	room->stream = reach_of(room, place->stream_host, place->data_port);
	return true;
}

/* The pair of keys that this process is given, out of sealed memory; then the descriptor is closed. */
static bool read_keys(struct runner *runner, enum secret_pair pair, enum secret_id id, enum secret_id secret)
{
	struct secrets mine = { .fd = { -1, -1 } };
	mine.fd[pair] = runner->plan->venue.secrets.fd[pair];
	bool ok = secrets_read(mine.fd[pair], id, &runner->key_id) && secrets_read(mine.fd[pair], secret, &runner->secret_key);
	secrets_close(&mine);
	if (!ok) snprintf(runner->sentence, sizeof runner->sentence, "%s cannot be read into locked memory: raise the limit of locked memory", secret_name(id));
	return ok;
}

/* Trouble with the venue is a sentence for a person, once: the driver goes on trying in its own time. */
static void say_trouble(struct runner *runner, const char *sentence)
{
	if (!*sentence || strncmp(runner->trouble, sentence, sizeof runner->trouble - 1) == 0) return;
	snprintf(runner->trouble, sizeof runner->trouble, "%s", sentence);
	runner_say(runner, "%s", sentence);
}

/* --- the feed's half ---------------------------------------------------------------------------------------------------------- */

bool runner_market_open(struct runner *runner)
{
	const struct venue_place  *place = &runner->plan->venue;
	struct alpaca_market_place from;
	if (!open_room(runner) || !read_keys(runner, SECRET_PAIR_data, SECRET_data_key_id, SECRET_data_secret_key)) return false;
	runner->market = memory_take(sizeof *runner->market);
	struct bars *history = memory_take(sizeof *history);
	if (!runner->market || !history) return false;
	struct alpaca_market_plan plan = { .data = &runner->venue->data, .stream = &runner->venue->stream, .key_id = runner->key_id.text,
		.secret = runner->secret_key.text, .key_name = secret_name(SECRET_data_key_id), .feed = "iex", .history = history,
		.warm_days = WARM_DAYS, .is_stepped = place->is_stepped, .log = &runner->rooms.log };
	alpaca_market_defaults(&plan);
	memcpy(&from, runner->pump.place.of.driver, sizeof from);
	alpaca_market_init(runner->market, &plan, &from);
	alpaca_market_start(runner->market);
	return true;
}

/* One event of the market; the place after it goes into the commit of its TICK. */
static void take_market(struct runner *runner, const struct event *event)
{
	struct pump *pump = &runner->pump;
	if (event->kind == EVENT_VENUE) return;        /* of the data; the desk hears of its own session */
	if (!(event->flags & EVENT_WARMING)) trading_count_session(&pump->place, event, runner->market->place.first_day);
	if (event->kind == EVENT_TICK) memcpy(pump->place.of.driver, &runner->market->place, sizeof runner->market->place);
	pump_event(pump, event);
}

/* Only the simulator knows when its next moment is: --speed holds it back until the time of the last one is due. History is not paced. */
static bool may_go(struct runner *runner)
{
	const struct alpaca_market_place *place = &runner->market->place;
	return !runner->plan->venue.is_stepped || place->done == 0 || runner_is_due(runner, place->moment_ns);
}

bool runner_market_turn(struct runner *runner)
{
	struct pump            *pump = &runner->pump;
	struct worker_progress *word = pump_progress(pump->map, WORKER_feed);
	struct hal              hal = { runner->market, &alpaca_market_ports, 0 };
	struct event            event;
	say_trouble(runner, alpaca_market_sentence(runner->market));
	if (word->ended || !pump_all_done(pump, runner->plan->all)) return false;
	if (pump->place.sessions >= runner->plan->sessions_max && !pump->place.in_session) {
		word->ended = 1;
		return true;
	}
	if (!may_go(runner)) return false;
	if (!runner->market->place.is_permitted) alpaca_market_go(runner->market);
	enum hal_recv what = hal_recv(&hal, &event);
	for (; what == HAL_EVENT; what = hal_recv(&hal, &event)) {
		take_market(runner, &event);
		if (event.kind == EVENT_TICK) return true;
	}
	if (what == HAL_END) word->ended = 1;
	return what == HAL_END;
}

/* --- the desk's half ---------------------------------------------------------------------------------------------------------- */

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

bool runner_trading_open(struct runner *runner)
{
	const struct venue_place *place = &runner->plan->venue;
	struct pump              *pump = &runner->pump;
	bool                      is_new_map = pump_progress(pump->map, WORKER_desk)->steps == 0;
	if (!open_room(runner) || !read_keys(runner, SECRET_PAIR_trading, SECRET_trading_key_id, SECRET_trading_secret_key)) return false;
	runner->trading = memory_take(sizeof *runner->trading);
	if (!runner->trading) return false;
	struct alpaca_plan plan = { .reach = &runner->venue->trade, .key_id = runner->key_id.text, .secret = runner->secret_key.text,
		.key_name = secret_name(SECRET_trading_key_id),
		.words = { id_text, order_id_parse }, .journal_id = runner->home.journal_id, .since_t_ns = runner->rooms.desk.t_ns,
		.dead_after_ns = place->is_stepped ? STEPPED_DEAD_AFTER_NS : CFG_venue_dead_after_ms * NS_PER_MS,
		.reconcile_ns = place->is_stepped ? 0 : CFG_venue_reconcile_s * NS_PER_S,
		.requests_per_min = CFG_venue_requests_per_min, .is_stepped = place->is_stepped, .log = &runner->rooms.log };
	alpaca_trading_init(runner->trading, &plan);
	runner->hal = (struct hal){ runner->trading, &alpaca_trading_ports, 0 };
	pump->by_machine = true;
	pump_resume(pump);
	if (!runner_desk_continue(runner)) return false;
	if (is_new_map && runner->rooms.desk.inputs > 0) pump_progress(pump->map, WORKER_desk)->warm_ns = runner->rooms.desk.t_ns;        /* seen in another life */
	begin_life(runner, is_new_map);
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
	alpaca_trading_moment(runner->trading, t_ns);
	if (runner->plan->venue.is_stepped && day_from_t_ns(t_ns) != runner->synced_day) alpaca_trading_sync(runner->trading);
	runner->synced_day = day_from_t_ns(t_ns);
}

bool runner_trading_turn(struct runner *runner)
{
	struct pump *pump = &runner->pump;
	struct event event;
	bool         worked = false;
	pump_fire(pump, clock_monotonic_ns());
	say_trouble(runner, alpaca_trading_sentence(runner->trading));
	while (hal_recv(&runner->hal, &event) == HAL_EVENT) {
		if (runner->rescue.is_here) runner_rescue_hear(runner, &event);
		pump_venue(pump, &event);
		if (event.kind == EVENT_VENUE && event.venue.state == VENUE_UP) alpaca_trading_sync(runner->trading);        /* a snapshot that counts: orders stand still */
		worked = true;
	}
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

void runner_trading_close(struct runner *runner) { alpaca_trading_close(runner->trading); }
