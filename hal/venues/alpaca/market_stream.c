/* market_stream.c - what happens is classified, the machine is stepped, its duty is done. */
#include "hal/venues/alpaca/market_stream.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/loop.h"
#include "hal/venues/port.h"

enum { LOOK_LEAST_NS = 1000000 };

static void tell(struct alpaca_stream *stream, enum alpaca_stream_event event, const struct alpaca_data *data)
{
	stream->plan.fn(stream->plan.self, stream, event, data);
}

static void look_soon(struct alpaca_stream *stream) { loop_timer_start(stream->timer, 0); }

/* --- duties ------------------------------------------------------------------------------------------------------- */

static void stop(struct alpaca_stream *stream)
{
	push_close(&stream->push);
	stream->late_ns = stream->due_ns = 0;
	stream->connects = false;
}

static void say_login(struct alpaca_stream *stream)
{
	char   text[ALPACA_LOGIN_BYTES];
	size_t bytes = alpaca_write_login(stream->plan.key_id, stream->plan.secret, text);
	(void)push_say(&stream->push, text, bytes);
	memset(text, 0, sizeof text);
	__asm__ volatile("" : : "r"(text) : "memory");        /* the zeroes are meant: they must not be optimised away */
}

static void say_subscribe(struct alpaca_stream *stream)
{
	char   text[ALPACA_SUBSCRIBE_BYTES];
	size_t bytes = alpaca_write_subscribe(stream->plan.is_crypto, text);
	(void)push_say(&stream->push, text, bytes);
}

static void come_up(struct alpaca_stream *stream, int64_t now_ns)
{
	stream->late_ns = 0;
	if (stream->session.state != SESSION_UP) return;
	stream->heard_ns = now_ns;
	stream->code = 0;
	backoff_proved(&stream->backoff);
}

static void do_duty(struct alpaca_stream *stream, int64_t now_ns)
{
	switch ((enum session_duty)stream->session.duty) {
	case SESSION_REST: come_up(stream, now_ns); return;
	case SESSION_CONNECT: stream->connects = true; return;
	case SESSION_AUTHENTICATE:
	case SESSION_LISTEN: stream->late_ns = now_ns + stream->plan.step_ns; break;
	case SESSION_SYNC:
		stream->late_ns = 0;
		tell(stream, ALPACA_STREAM_SYNC, 0);
		return;
	case SESSION_WAIT:
		stop(stream);
		backoff_failed(&stream->backoff, port_chance(), now_ns);
		stream->due_ns = stream->backoff.due_ns;
		return;
	case SESSION_WAIT_LONG:
		stop(stream);
		stream->due_ns = now_ns + SESSION_REFUSED_S * NS_PER_S;
		return;
	case SESSION_CLOSE: stop(stream); return;
	}
	if (stream->session.duty == SESSION_LISTEN) say_subscribe(stream);
	else say_login(stream);
}

static void step(struct alpaca_stream *stream, enum session_event event)
{
	int64_t now_ns = port_now_ns();
	uint8_t before = stream->session.state;
	session_step(&stream->session, (uint8_t)event, now_ns, stream->plan.log);
	if (stream->session.tells != VENUE_STATES_N) tell(stream, ALPACA_STREAM_STATE, 0);
	if (before != stream->session.state) do_duty(stream, now_ns);
	look_soon(stream);
}

/* --- what comes --------------------------------------------------------------------------------------------------- */

static void on_error(struct alpaca_stream *stream, const struct alpaca_data *data)
{
	struct alpaca_data_error error = alpaca_data_error_of(data->code);
	snprintf(stream->sentence, sizeof stream->sentence, "%s: the data stream says %lld %s: %s", stream->plan.reach->host, (long long)data->code, data->text,
	    error.text);
	if (error.remedy == ALPACA_KEEP) return;
	stream->code = (uint32_t)(data->code > 0 && data->code <= UINT32_MAX ? data->code : 0);
	stream->limited += error.remedy == ALPACA_WAIT;
	stream->refused += error.remedy == ALPACA_FATAL;
	step(stream, error.remedy == ALPACA_FATAL ? SESSION_EV_REFUSED : SESSION_EV_ENDED);
}

static void on_data(struct alpaca_stream *stream, const struct alpaca_data *data)
{
	switch (data->kind) {
	case ALPACA_DATA_CONNECTED: step(stream, SESSION_EV_OPENED); return;
	case ALPACA_DATA_QUIET:
	case ALPACA_DATA_UNKNOWN: return;
	case ALPACA_DATA_AUTHENTICATED: step(stream, SESSION_EV_AUTHORIZED); return;
	case ALPACA_DATA_SUBSCRIPTION: step(stream, SESSION_EV_LISTENING); return;
	case ALPACA_DATA_ERROR: on_error(stream, data); return;
	case ALPACA_DATA_TRADE:
	case ALPACA_DATA_QUOTE:
	case ALPACA_DATA_BAR:
	case ALPACA_DATA_DAILY:
	case ALPACA_DATA_STATUS:
	case ALPACA_DATA_CORRECTION:
	case ALPACA_DATA_CANCEL:
	case ALPACA_DATA_BOOK: tell(stream, ALPACA_STREAM_DATA, data); return;
	}
}

/* A message that is no array of the venue's ends the connection: what it wanted to say is read anew after the next subscription. */
static void on_message(struct alpaca_stream *stream)
{
	struct alpaca_data data;
	uint64_t           ended = stream->push.stream.life;
	stream->messages++;
	stream->heard_ns = port_now_ns();
	alpaca_data_begin(stream->plan.codec, stream->push.at, stream->push.bytes);
	while (stream->push.stream.life == ended && alpaca_data_next(stream->plan.codec, &data)) on_data(stream, &data);
	if (stream->push.stream.life != ended || alpaca_data_whole(stream->plan.codec)) return;
	snprintf(stream->sentence, sizeof stream->sentence, "%s: a message of the data stream %s", stream->plan.reach->host,
	    json_verdict_text[stream->plan.codec->list.verdict]);
	step(stream, SESSION_EV_ENDED);
}

static void on_push(void *self, struct push *push, enum push_event event)
{
	struct alpaca_stream *stream = self;
	switch (event) {
	case PUSH_OPENED:        /* the venue speaks first */
		stream->late_ns = port_now_ns() + stream->plan.step_ns;
		look_soon(stream);
		return;
	case PUSH_MESSAGE: on_message(stream); return;
	case PUSH_PONG: return;
	case PUSH_ENDED:
		memcpy(stream->sentence, push->sentence, sizeof stream->sentence);
		step(stream, SESSION_EV_ENDED);
		return;
	}
}

/* --- time --------------------------------------------------------------------------------------------------------- */

static int64_t idle_due_ns(const struct alpaca_stream *stream)
{
	bool looks = stream->session.state == SESSION_UP && stream->expects && stream->plan.idle_ns > 0;
	return looks ? stream->heard_ns + stream->plan.idle_ns : INT64_MAX;
}

static void check_late(struct alpaca_stream *stream, int64_t now_ns)
{
	if (!stream->late_ns || now_ns < stream->late_ns) return;
	snprintf(stream->sentence, sizeof stream->sentence, "%s: the data stream did not answer the login in time", stream->plan.reach->host);
	step(stream, SESSION_EV_LATE);
}

static void check_idle(struct alpaca_stream *stream, int64_t now_ns)
{
	if (now_ns < idle_due_ns(stream)) return;
	stream->idled++;
	snprintf(stream->sentence, sizeof stream->sentence, "%s: the data stream has been without news for %lld s", stream->plan.reach->host,
	    (long long)(stream->plan.idle_ns / NS_PER_S));
	step(stream, SESSION_EV_ENDED);
}

static void check_due(struct alpaca_stream *stream, int64_t now_ns)
{
	if (!stream->due_ns || now_ns < stream->due_ns) return;
	stream->due_ns = 0;
	step(stream, SESSION_EV_DUE);
}

static void connect_if_due(struct alpaca_stream *stream, int64_t now_ns)
{
	if (!stream->connects || backoff_try(&stream->backoff, now_ns) > 0) return;
	stream->connects = false;
	if (!push_open(&stream->push)) step(stream, SESSION_EV_LATE);
}

static void on_timer(void *self)
{
	struct alpaca_stream *stream = self;
	int64_t               now_ns = port_now_ns();
	check_late(stream, now_ns);
	check_idle(stream, now_ns);
	check_due(stream, now_ns);
	connect_if_due(stream, now_ns);
	int64_t look_ns = idle_due_ns(stream);
	if (stream->late_ns) look_ns = e8_min(look_ns, stream->late_ns);
	if (stream->due_ns) look_ns = e8_min(look_ns, stream->due_ns);
	if (stream->connects) look_ns = e8_min(look_ns, stream->backoff.due_ns);
	if (look_ns == INT64_MAX) loop_timer_stop(stream->timer);
	else loop_timer_start(stream->timer, e8_max(look_ns - now_ns, LOOK_LEAST_NS));
}

/* --- for the owner ------------------------------------------------------------------------------------------------ */

void alpaca_stream_init(struct alpaca_stream *stream, const struct alpaca_stream_plan *plan)
{
	struct push_plan push = { .reach = plan->reach,
		.target = plan->target,
		.upgrade_ns = plan->step_ns,
		.ping_ns = plan->ping_ns,
		.silence_ns = plan->silence_ns };
	memset(stream, 0, offsetof(struct alpaca_stream, message));
	stream->plan = *plan;
	session_reset(&stream->session);
	backoff_init(&stream->backoff, plan->reach->connects_per_min, port_now_ns());
	push_init(&stream->push, &push, on_push, stream, stream->message, sizeof stream->message);
	stream->timer = port_timer(on_timer, stream);
	BUG_UNLESS(3700, stream->timer != LOOP_NONE);        /* the loop's table is made for them all */
}

void alpaca_stream_start(struct alpaca_stream *stream) { step(stream, SESSION_EV_START); }
void alpaca_stream_synced(struct alpaca_stream *stream) { step(stream, SESSION_EV_SYNCED); }

void alpaca_stream_expects(struct alpaca_stream *stream, bool expects)
{
	if (stream->expects == expects) return;
	stream->expects = expects;
	stream->heard_ns = port_now_ns();
	look_soon(stream);
}

enum venue_state alpaca_stream_state(const struct alpaca_stream *stream)
{
	return stream->session.told == VENUE_STATES_N ? VENUE_DOWN : (enum venue_state)stream->session.told;
}

void alpaca_stream_close(struct alpaca_stream *stream)
{
	step(stream, SESSION_EV_STOP);
	push_end(&stream->push);
	loop_timer_end(stream->timer);
	stream->timer = LOOP_NONE;
}
