/* trading.c - the session and the ports: who is called when something happened. */
#include "hal/venues/alpaca/trading.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/loop.h"
#include "hal/venues/alpaca/trading_parts.h"
#include "hal/venues/port.h"

enum { BULK_TRIES_MAX = 5, BULK_AGAIN_MS = 500, LOOK_LEAST_NS = 1000000 };        /* ms, doubled each time */

static void go_on(struct alpaca_trading *trading);

void alpaca_look_soon(struct alpaca_trading *trading) { loop_timer_start(trading->timer, 0); }

/* --- the session -------------------------------------------------------------------------------------------------- */

static void say_down(struct alpaca_trading *trading)
{
	push_close(&trading->push);
	alpaca_sync_stop(trading);
	trading->late_ns = 0;
	trading->connects = false;
}

static void say_login(struct alpaca_trading *trading)
{
	char   body[ALPACA_ORDER_BODY_BYTES];
	size_t bytes = alpaca_write_authenticate(trading->plan.key_id, trading->plan.secret, body);
	(void)push_say(&trading->push, body, bytes);
	explicit_bzero(body, sizeof body);
}

static void begin_wait(struct alpaca_trading *trading, int64_t now_ns)
{
	say_down(trading);
	backoff_failed(&trading->backoff, port_chance(), now_ns);
	trading->due_ns = trading->backoff.due_ns;
}

static void do_duty(struct alpaca_trading *trading, int64_t now_ns)
{
	switch ((enum session_duty)trading->session.duty) {
	case SESSION_REST:
		trading->late_ns = 0;
		if (trading->session.state == SESSION_UP) backoff_proved(&trading->backoff);
		return;
	case SESSION_CONNECT: trading->connects = true; return;
	case SESSION_AUTHENTICATE:
		trading->late_ns = now_ns + ALPACA_STEP_S * NS_PER_S;
		say_login(trading);
		return;
	case SESSION_LISTEN:
		trading->late_ns = now_ns + ALPACA_STEP_S * NS_PER_S;
		(void)push_say(&trading->push, alpaca_listen_text, strlen(alpaca_listen_text));
		return;
	case SESSION_SYNC:
		trading->late_ns = 0;
		trading->sync.wants_whole = true;
		return;
	case SESSION_WAIT: begin_wait(trading, now_ns); return;
	case SESSION_WAIT_LONG:
		say_down(trading);
		trading->due_ns = now_ns + SESSION_REFUSED_S * NS_PER_S;
		return;
	case SESSION_CLOSE: say_down(trading); return;
	}
}

static bool is_step_done(uint8_t before, uint8_t after) { return before != after; }

void alpaca_session_event(struct alpaca_trading *trading, enum session_event event)
{
	uint8_t before = trading->session.state;
	session_step(&trading->session, (uint8_t)event, trading->floor_ns, trading->plan.log);
	if (trading->session.tells != VENUE_STATES_N) {
		struct event *note = alpaca_tell(trading, EVENT_VENUE, SYM_NONE, 0);
		note->venue = (struct venue_note){ .life = trading->push.opened, .last_order_id = trading->last_order_id, .state = trading->session.tells };
	}
	if (is_step_done(before, trading->session.state)) do_duty(trading, port_now_ns());
	trading->activity++;
	alpaca_look_soon(trading);
}

void alpaca_refused_key(struct alpaca_trading *trading, uint32_t status)
{
	char how[32] = "on the stream";
	if (status) snprintf(how, sizeof how, "with status %u", status);
	trading->counts.refused_keys++;
	snprintf(trading->sentence, sizeof trading->sentence, "%s: venue refused the key %s: check %s and its secret, and that they are of this account",
	    trading->plan.reach->host, how, trading->plan.key_name);
	alpaca_session_event(trading, SESSION_EV_REFUSED);
}

/* --- the stream --------------------------------------------------------------------------------------------------- */

static void on_message(struct alpaca_trading *trading)
{
	struct alpaca_update update;
	trading->activity++;
	if (!alpaca_read_update(&trading->codec, trading->push.at, trading->push.bytes, &update)) {
		trading->sync.wants_whole = true;        /* what it wanted to say is found out by asking */
		return;
	}
	if (update.kind == ALPACA_UPDATE_AUTHORIZED) alpaca_session_event(trading, SESSION_EV_AUTHORIZED);
	else if (update.kind == ALPACA_UPDATE_UNAUTHORIZED) alpaca_refused_key(trading, 0);
	else if (update.kind == ALPACA_UPDATE_LISTENING) alpaca_session_event(trading, SESSION_EV_LISTENING);
	else if (update.order.id[0]) alpaca_on_update(trading, &update);
	else trading->counts.unknown_updates++;
}

static void on_push(void *self, struct push *push, enum push_event event)
{
	struct alpaca_trading *trading = self;
	switch (event) {
	case PUSH_OPENED: alpaca_session_event(trading, SESSION_EV_OPENED); return;
	case PUSH_MESSAGE: on_message(trading); break;
	case PUSH_PONG: trading->ponged = push->pong; break;
	case PUSH_ENDED:
		memcpy(trading->sentence, push->sentence, sizeof trading->sentence);
		alpaca_session_event(trading, SESSION_EV_ENDED);
		return;
	}
	if (alpaca_events_room(trading) < ALPACA_ROOM_STREAM) push_hold(push, true);
	alpaca_look_soon(trading);
}

/* --- REST --------------------------------------------------------------------------------------------------------- */

static void on_answer(void *self, const struct rest_answer *answer)
{
	struct alpaca_trading *trading = self;
	trading->activity++;
	if (answer->outcome != REST_ANSWERED) snprintf(trading->sentence, sizeof trading->sentence, "%s", answer->sentence);
	if (answer->tag >> 32 == ALPACA_TAG_ROW) alpaca_orders_on_answer(trading, (uint32_t)answer->tag, answer);
	else alpaca_sync_on_answer(trading, answer);
	alpaca_look_soon(trading);
}

static void ask_bulk(struct alpaca_trading *trading)
{
	struct rest_request request = { .method = "DELETE", .target = "/v2/orders", .tag = alpaca_tag(ALPACA_TAG_BULK, 0), .is_urgent = true };
	trading->counts.bulk_cancels += rest_ask(&trading->hot, &request);
}

/* Nothing is taken away twice by it, so it is sent again until it was answered; not at once, for a venue in trouble stays so for a while. */
static void on_bulk_answer(void *self, const struct rest_answer *answer)
{
	struct alpaca_trading *trading = self;
	trading->activity++;
	alpaca_look_soon(trading);
	if (answer->outcome == REST_ANSWERED && answer->status / 100 == 2) return;
	snprintf(trading->sentence, sizeof trading->sentence, "%s: cancelling everything: status %u %s", trading->plan.reach->host, answer->status, answer->sentence);
	if (trading->bulk_tries + 1 == BULK_TRIES_MAX) return;
	trading->bulk_due_ns = port_now_ns() + ((int64_t)BULK_AGAIN_MS << trading->bulk_tries++) * NS_PER_MS;
}

/* --- what is next ------------------------------------------------------------------------------------------------- */

static void connect_if_due(struct alpaca_trading *trading, int64_t now_ns)
{
	if (!trading->connects || backoff_try(&trading->backoff, now_ns) > 0) return;
	trading->connects = false;
	if (!push_open(&trading->push)) alpaca_session_event(trading, SESSION_EV_LATE);
}

static void timers(struct alpaca_trading *trading, int64_t now_ns)
{
	if (trading->late_ns && now_ns >= trading->late_ns) {
		snprintf(trading->sentence, sizeof trading->sentence, "%s: the stream did not answer the login in time", trading->plan.reach->host);
		alpaca_session_event(trading, SESSION_EV_LATE);
	}
	if (trading->due_ns && now_ns >= trading->due_ns) {
		trading->due_ns = 0;
		alpaca_session_event(trading, SESSION_EV_DUE);
	}
	if (trading->bulk_due_ns && now_ns >= trading->bulk_due_ns) {
		trading->bulk_due_ns = 0;
		ask_bulk(trading);
	}
}

/* Stepped: when all else is answered, the number of the last activity goes round by the stream. */
static void ping(struct alpaca_trading *trading)
{
	bool is_idle = rest_is_idle(&trading->rest) && rest_is_idle(&trading->hot) && !trading->bulk_due_ns && trading->sync.step == ALPACA_SYNC_NONE;
	if (!trading->plan.is_stepped || trading->session.state != SESSION_UP || !is_idle || trading->pinged == trading->activity) return;
	if (push_ping(&trading->push, trading->activity)) trading->pinged = trading->activity;
}

static void look_again(struct alpaca_trading *trading, int64_t now_ns)
{
	int64_t due_ns = e8_min(alpaca_orders_due_ns(trading), alpaca_sync_due_ns(trading, now_ns));
	if (trading->late_ns) due_ns = e8_min(due_ns, trading->late_ns);
	if (trading->due_ns) due_ns = e8_min(due_ns, trading->due_ns);
	if (trading->bulk_due_ns) due_ns = e8_min(due_ns, trading->bulk_due_ns);
	if (trading->connects) due_ns = e8_min(due_ns, trading->backoff.due_ns);
	if (due_ns == INT64_MAX) loop_timer_stop(trading->timer);
	else loop_timer_start(trading->timer, e8_max(due_ns - now_ns, LOOK_LEAST_NS));
}

static void go_on(struct alpaca_trading *trading)
{
	int64_t now_ns = port_now_ns();
	timers(trading, now_ns);
	connect_if_due(trading, now_ns);
	alpaca_orders_go_on(trading, now_ns);
	alpaca_sync_go_on(trading, now_ns);
	ping(trading);
	look_again(trading, port_now_ns());
}

static void on_timer(void *self) { go_on(self); }

/* --- the ports ---------------------------------------------------------------------------------------------------- */

static enum hal_recv trading_recv(void *self, struct event *event)
{
	struct alpaca_trading *trading = self;
	enum hal_recv          what = alpaca_next_event(trading, event);
	if (what != HAL_EVENT) return what;
	if (trading->push.is_held && alpaca_events_room(trading) >= 2 * ALPACA_ROOM_STREAM) push_hold(&trading->push, false);
	if (alpaca_events_room(trading) == ALPACA_ROOM_PAGE || alpaca_events_room(trading) == ALPACA_EVENTS_MAX) alpaca_look_soon(trading);
	return what;
}

static void trading_send(void *self, const struct event *event) { alpaca_orders_send(self, event); }

static int64_t trading_now_ns(void *self)
{
	(void)self;
	return port_now_ns();
}

static uint64_t trading_random(void *self)
{
	(void)self;
	return port_chance();
}

const struct hal_world alpaca_trading_ports = { trading_recv, trading_send, trading_now_ns, trading_random };
const struct venue     alpaca_venue = { "alpaca", VENUE_ID_FOREVER, CFG_venue_dead_after_ms, &alpaca_trading_ports };

/* --- for the owner ------------------------------------------------------------------------------------------------ */

static void init_connections(struct alpaca_trading *trading)
{
	const struct alpaca_plan *plan = &trading->plan;
	struct rest_plan          rest = { .reach = plan->reach,
		.auth = { { "APCA-API-KEY-ID", plan->key_id }, { "APCA-API-SECRET-KEY", plan->secret } },
		.queue_ns = ALPACA_QUEUE_S * NS_PER_S,
		.answer_ns = ALPACA_ANSWER_S * NS_PER_S,
		.requests_per_min = plan->requests_per_min };
	struct push_plan          push = { .reach = plan->reach,
		.target = "/stream",
		.upgrade_ns = ALPACA_STEP_S * NS_PER_S,
		.ping_ns = ALPACA_PING_S * NS_PER_S,
		.silence_ns = ALPACA_SILENCE_S * NS_PER_S };
	rest_init(&trading->rest, &rest, on_answer, trading, trading->body, sizeof trading->body);
	rest.is_warm = true;
	rest_init(&trading->hot, &rest, on_bulk_answer, trading, trading->hot_body, sizeof trading->hot_body);
	push_init(&trading->push, &push, on_push, trading, trading->message, sizeof trading->message);
	backoff_init(&trading->backoff, plan->reach->connects_per_min, trading->born_ns);
}

void alpaca_trading_init(struct alpaca_trading *trading, const struct alpaca_plan *plan)
{
	memset(trading, 0, offsetof(struct alpaca_trading, message));
	trading->plan = *plan;
	trading->born_ns = port_now_ns();
	trading->floor_ns = e8_max(plan->t_ns, plan->since_t_ns);
	trading->read_ns = plan->since_t_ns;
	trading->begun_ns = plan->begun_t_ns;
	trading->activity = 1;
	alpaca_codec_init(&trading->codec);
	session_reset(&trading->session);
	trading->timer = port_timer(on_timer, trading);
	BUG_UNLESS(3657, trading->timer != LOOP_NONE);        /* the loop's table is made for them all */
	init_connections(trading);
}

void alpaca_trading_start(struct alpaca_trading *trading) { alpaca_session_event(trading, SESSION_EV_START); }

void alpaca_trading_sync(struct alpaca_trading *trading)
{
	trading->sync.wants_whole = true;
	alpaca_look_soon(trading);
}

void alpaca_trading_moment(struct alpaca_trading *trading, int64_t t_ns)
{
	trading->floor_ns = e8_max(trading->floor_ns, t_ns);
	trading->activity++;
	trading->sync.wants_activities = trading->sync.wants_activities || trading->plan.is_stepped;
	alpaca_look_soon(trading);
}

void alpaca_trading_cancel_all(struct alpaca_trading *trading)
{
	trading->bulk_tries = 0;
	trading->bulk_due_ns = 0;
	trading->activity++;
	ask_bulk(trading);
	alpaca_orders_drop_unposted(trading);
}

const char *alpaca_trading_sentence(const struct alpaca_trading *trading) { return trading->sentence; }

void alpaca_trading_close(struct alpaca_trading *trading)
{
	alpaca_session_event(trading, SESSION_EV_STOP);
	rest_close(&trading->rest);
	rest_close(&trading->hot);
	push_end(&trading->push);
	loop_timer_end(trading->timer);
}
