/* market.c - what is next: the beginning, the history, then moment by moment; and the ports. */
#include "hal/venues/alpaca/market.h"

#include <stdio.h>
#include <string.h>

#include "fsm/feed/calendar.h"
#include "hal/linux/loop.h"
#include "hal/venues/alpaca/market_parts.h"
#include "hal/venues/port.h"

/* ms between looks at the wall clock, which people and NTP move; n, failures of one read in a row from which on the data are called down. */
enum { LOOK_MS = 200, DOWN_AFTER = 3, LOOK_LEAST_NS = 1000000 };

void alpaca_market_look_soon(struct alpaca_market *market) { loop_timer_start(market->timer, 0); }

/* --- the beginning, and what reads were for ----------------------------------------------------------------------- */

static void history_until_the_beginning(struct alpaca_market_place *place)
{
	place->until_day = place->first_day - 1;
	place->until_ns = place->first_day * NS_PER_DAY;
}

static void begin_real(struct alpaca_market *market)
{
	struct alpaca_market_place *place = &market->place;
	int64_t                     wall_ns = alpaca_market_wall_ns(market);
	if (!calendar_covers(day_from_t_ns(wall_ns))) {
		snprintf(market->sentence, sizeof market->sentence, "this machine's clock says %lld s since 1970, a day no calendar knows: set the clock",
		    (long long)(wall_ns / NS_PER_S));
		return;
	}
	place->begun_ns = wall_ns;
	place->first_day = place->day = day_from_t_ns(wall_ns);
	history_until_the_beginning(place);
	place->is_begun = true;
	alpaca_market_look_soon(market);
}

static void begin(struct alpaca_market *market)
{
	if (!market->plan.is_stepped) {
		begin_real(market);
		return;
	}
	alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_NOW });
	alpaca_reads_begin(market, ALPACA_FOR_BEGIN);
}

/* A driver without a past may come to a venue that is on its way: the moment at which that stands is told again, what was before it is history. When the
 * venue goes on under it, this comes again: what of the history was told stays told, the rest of it is read anew. */
static void begun(struct alpaca_market *market)
{
	struct alpaca_market_place *place = &market->place;
	const struct alpaca_moment *moment = &market->moment;
	place->first_day = moment->first_day ? moment->first_day : moment->day;
	history_until_the_beginning(place);
	if (moment->number > 0) {
		place->done = moment->number - 1;
		place->until_day = moment->day;
		place->until_ns = moment->t_ns;
		place->until_phase = moment->phase;
		place->until_calendar = moment->calendar;
		place->has_until = true;
	}
	place->is_begun = true;
	place->is_warm = market->has_history = false;
}

/* The venue has gone on, or says that there is nothing to go on to. */
static void stepped(struct alpaca_market *market)
{
	if (market->moment.end) market->place.is_ended = true;
	else alpaca_moment_begin(market, false);
}

static int64_t delay_ns(const struct alpaca_market *market, const struct alpaca_moment *moment)
{
	return moment->phase == TICK_OPEN ? market->plan.open_delay_ns : market->plan.close_delay_ns;
}

/* In real time a bar may come late; a day that has no bar for a symbol goes on without it after a while. */
static void moment_read(struct alpaca_market *market)
{
	uint32_t missing = market->plan.is_stepped ? 0 : alpaca_moment_missing(market);
	bool     waits = missing > 0 && market->again < CFG_market_again_max && !market->is_history_moment;
	if (waits) {
		market->again++;
		market->counts.again++;
		market->again_wall_ns = alpaca_market_wall_ns(market) + delay_ns(market, &market->moment);
		return;
	}
	market->counts.missing += missing;
	market->again = 0;
	market->again_wall_ns = 0;
	alpaca_moment_ready(market);
}

static void synced(struct alpaca_market *market)
{
	bool is_crypto = market->reads.read[0].is_crypto;
	market->counts.syncs++;
	for (uint32_t i = 0; i < market->streams_n; i++)
		if (market->stream[i].plan.is_crypto == is_crypto) alpaca_stream_synced(&market->stream[i]);
}

void alpaca_market_read_done(struct alpaca_market *market, enum alpaca_read_use use)
{
	switch (use) {
	case ALPACA_FOR_BEGIN: begun(market); break;
	case ALPACA_FOR_HISTORY: alpaca_history_ready(market); break;
	case ALPACA_FOR_STEP: stepped(market); break;
	case ALPACA_FOR_MOMENT: moment_read(market); break;
	case ALPACA_FOR_SYNC: synced(market); break;
	}
	alpaca_market_look_soon(market);
}

/* --- what is next ------------------------------------------------------------------------------------------------- */

static void pursue_step(struct alpaca_market *market)
{
	if (!market->place.is_permitted) return;
	alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_ADVANCE });
	alpaca_reads_begin(market, ALPACA_FOR_STEP);
}

/* True when a moment is due, which is then in market->moment. */
static bool is_due(struct alpaca_market *market, int64_t wall_ns)
{
	struct alpaca_moment next;
	if (wall_ns < market->again_wall_ns || !alpaca_hours_next(&market->place, &next)) return false;
	int64_t due_ns = next.t_ns + delay_ns(market, &next);
	bool    is_history = due_ns < market->place.begun_ns;
	if (wall_ns < due_ns || (is_history && !market->place.is_permitted)) return false;
	market->moment = next;
	market->is_history_moment = is_history;
	return true;
}

static void begin_sync(struct alpaca_market *market, uint32_t stream)
{
	market->wants_sync[stream] = false;
	alpaca_reads_add(market, (struct alpaca_read){ .kind = ALPACA_READ_SNAPSHOTS, .is_crypto = market->stream[stream].plan.is_crypto });
	alpaca_reads_begin(market, ALPACA_FOR_SYNC);
}

static void pursue_real(struct alpaca_market *market)
{
	int64_t wall_ns = alpaca_market_wall_ns(market);
	if (is_due(market, wall_ns)) {
		enum calendar_id calendar = (enum calendar_id)market->moment.calendar;
		bool             covers = calendar_covers_instant(calendar, wall_ns);
		alpaca_moment_begin(market, !covers || calendar_day(calendar, wall_ns) != market->moment.day);
		return;
	}
	for (uint32_t i = 0; i < market->streams_n; i++) {
		if (!market->wants_sync[i]) continue;
		begin_sync(market, i);
		return;
	}
}

static void pursue(struct alpaca_market *market)
{
	const struct alpaca_market_place *place = &market->place;
	if (market->reads.is_busy || market->is_ready || place->is_ended) return;
	if (!place->is_begun) begin(market);
	else if (!place->is_warm && !market->has_history) alpaca_history_begin(market);
	else if (!place->is_warm) return;        /* told by recv, as permitted */
	else if (market->plan.is_stepped) pursue_step(market);
	else pursue_real(market);
}

/* --- streams ------------------------------------------------------------------------------------------------------ */

/* In stepped time nothing is missed: prices come with the moments. */
static void sync_stepped(struct alpaca_market *market)
{
	for (uint32_t i = 0; i < market->streams_n && market->plan.is_stepped; i++) {
		if (!market->wants_sync[i]) continue;
		market->wants_sync[i] = false;
		alpaca_stream_synced(&market->stream[i]);
	}
}

static void expect(struct alpaca_market *market)
{
	int64_t wall_ns = alpaca_market_wall_ns(market);
	for (uint32_t i = 0; i < market->streams_n && !market->plan.is_stepped; i++) {
		enum calendar_id calendar = market->stream[i].plan.is_crypto ? CALENDAR_CRYPTO : CALENDAR_NYSE;
		alpaca_stream_expects(&market->stream[i], calendar_covers_instant(calendar, wall_ns) && calendar_is_open(calendar, wall_ns));
	}
}

static void on_stream(void *self, struct alpaca_stream *stream, enum alpaca_stream_event event, const struct alpaca_data *data)
{
	struct alpaca_market *market = self;
	switch (event) {
	case ALPACA_STREAM_STATE: break;
	case ALPACA_STREAM_SYNC: market->wants_sync[stream - market->stream] = true; break;
	case ALPACA_STREAM_DATA: alpaca_live_take(market, data); return;
	}
	if (stream->sentence[0]) snprintf(market->sentence, sizeof market->sentence, "%s", stream->sentence);
	alpaca_market_look_soon(market);
}

/* The worst of all. */
static enum venue_state state_of(const struct alpaca_market *market)
{
	bool refused = market->reads.is_refused, down = market->reads.failures >= DOWN_AFTER, syncing = false;
	for (uint32_t i = 0; i < market->streams_n; i++) {
		enum venue_state state = alpaca_stream_state(&market->stream[i]);
		refused |= state == VENUE_REFUSED;
		down |= state == VENUE_DOWN;
		syncing |= state == VENUE_SYNCING;
	}
	return refused ? VENUE_REFUSED : down ? VENUE_DOWN : syncing ? VENUE_SYNCING : VENUE_UP;
}

static void venue_event(struct alpaca_market *market, struct event *event)
{
	event_begin(event, EVENT_VENUE, SYM_NONE, market->place.t_ns);
	event->venue.state = market->told = state_of(market);
	for (uint32_t i = 0; i < market->streams_n; i++) {
		event->venue.life += market->stream[i].push.opened;
		if (market->stream[i].code) event->venue.code = market->stream[i].code;
	}
}

/* --- time --------------------------------------------------------------------------------------------------------- */

static void on_timer(void *self)
{
	struct alpaca_market *market = self;
	int64_t               now_ns = port_now_ns(), look_ns = INT64_MAX;
	sync_stepped(market);
	expect(market);
	alpaca_reads_go_on(market, now_ns);
	pursue(market);
	if (market->reads.again_ns) look_ns = market->reads.again_ns;
	if (!market->plan.is_stepped) look_ns = e8_min(look_ns, now_ns + LOOK_MS * NS_PER_MS);
	if (look_ns == INT64_MAX || market->reads.is_out) return;        /* whoever changes something looks again */
	loop_timer_start(market->timer, e8_max(look_ns - now_ns, LOOK_LEAST_NS));
}

/* --- the ports ---------------------------------------------------------------------------------------------------- */

static void moment_told(struct alpaca_market *market)
{
	struct alpaca_market_place *place = &market->place;
	market->is_ready = false;
	place->next_sym = 0;
	place->is_permitted = false;
	place->moment_ns = market->moment.t_ns;
	place->done += market->plan.is_stepped;
	place->phase += !market->plan.is_stepped;
	place->is_ended = market->plan.is_stepped && market->moment.last;
	alpaca_market_look_soon(market);
}

static void moment_event(struct alpaca_market *market, struct event *event)
{
	alpaca_moment_event(market, event);
	if (market->is_history_moment) event->flags |= EVENT_WARMING;
	if (event->kind == EVENT_TICK) moment_told(market);
}

static bool history_event(struct alpaca_market *market, struct event *event)
{
	struct alpaca_market_place *place = &market->place;
	if (!market->has_history || place->is_warm || !place->is_permitted) return false;
	if (!alpaca_history_event(market, event)) {
		place->is_warm = true;        /* what was permitted is the first moment of the market */
		alpaca_market_look_soon(market);
		return false;
	}
	if (event->kind == EVENT_TICK) place->is_permitted = false;
	return true;
}

static bool next_event(struct alpaca_market *market, struct event *event)
{
	if (state_of(market) != market->told) venue_event(market, event);
	else if (market->is_ready) moment_event(market, event);
	else if (!history_event(market, event) && !alpaca_live_event(market, event)) return false;
	market->place.t_ns = event->t_ns;
	return true;
}

static enum hal_recv market_recv(void *self, struct event *event)
{
	struct alpaca_market *market = self;
	if (next_event(market, event)) return HAL_EVENT;
	return market->place.is_ended ? HAL_END : HAL_IDLE;
}

static void market_send(void *self, const struct event *event)
{
	(void)self;
	(void)event;        /* the feed has no orders */
}

static int64_t market_now_ns(void *self)
{
	(void)self;
	return port_now_ns();
}

static uint64_t market_random(void *self)
{
	(void)self;
	return port_chance();
}

const struct hal_world alpaca_market_ports = { market_recv, market_send, market_now_ns, market_random };

/* --- for the owner ------------------------------------------------------------------------------------------------ */

void alpaca_market_defaults(struct alpaca_market_plan *plan)
{
	plan->requests_per_min = CFG_venue_requests_per_min;
	plan->open_delay_ns = CFG_market_open_delay_s * NS_PER_S;
	plan->close_delay_ns = CFG_market_close_delay_s * NS_PER_S;
	plan->price_period_ns = CFG_price_period_ms * NS_PER_MS;
	plan->idle_ns = CFG_stream_idle_s * NS_PER_S;
}

static void add_stream(struct alpaca_market *market, bool is_crypto, const char *target)
{
	char                      symbols[REST_TARGET_BYTES_MAX];
	struct alpaca_stream_plan plan = { .reach = market->plan.stream,
		.target = target,
		.key_id = market->plan.key_id,
		.secret = market->plan.secret,
		.is_crypto = is_crypto,
		.idle_ns = market->plan.idle_ns,
		.step_ns = ALPACA_STREAM_STEP_S * NS_PER_S,
		.ping_ns = ALPACA_STREAM_PING_S * NS_PER_S,
		.silence_ns = ALPACA_STREAM_SILENCE_S * NS_PER_S,
		.codec = &market->codec,
		.log = market->plan.log,
		.fn = on_stream,
		.self = market };
	if (alpaca_symbols(is_crypto, symbols, sizeof symbols) == 0) return;
	alpaca_stream_init(&market->stream[market->streams_n++], &plan);
}

static void init_connections(struct alpaca_market *market)
{
	const struct alpaca_market_plan *plan = &market->plan;
	struct rest_plan                 rest = { .reach = plan->data,
		.auth = { { "APCA-API-KEY-ID", plan->key_id }, { "APCA-API-SECRET-KEY", plan->secret } },
		.queue_ns = ALPACA_MARKET_QUEUE_S * NS_PER_S,
		.answer_ns = ALPACA_MARKET_ANSWER_S * NS_PER_S,
		.requests_per_min = plan->requests_per_min,
		.is_warm = plan->is_stepped };
	rest_init(&market->rest, &rest, alpaca_reads_on_answer, market, market->body, sizeof market->body);
	backoff_init(&market->backoff, plan->data->connects_per_min, port_now_ns());
	snprintf(market->stock_target, sizeof market->stock_target, "/v2/%s", plan->feed);
	add_stream(market, false, market->stock_target);
	add_stream(market, true, "/v1beta3/crypto/us");
}

void alpaca_market_init(struct alpaca_market *market, const struct alpaca_market_plan *plan, const struct alpaca_market_place *place)
{
	memset(market, 0, offsetof(struct alpaca_market, stream));
	market->plan = *plan;
	if (place) market->place = *place;
	market->told = VENUE_DOWN;
	alpaca_market_codec_init(&market->codec);
	market->timer = port_timer(on_timer, market);
	BUG_UNLESS(3701, market->timer != LOOP_NONE);        /* the loop's table is made for them all */
	init_connections(market);
}

void alpaca_market_start(struct alpaca_market *market)
{
	for (uint32_t i = 0; i < market->streams_n; i++) alpaca_stream_start(&market->stream[i]);
	alpaca_market_look_soon(market);
}

void alpaca_market_go(struct alpaca_market *market)
{
	market->place.is_permitted = true;
	alpaca_market_look_soon(market);
}

const char *alpaca_market_sentence(const struct alpaca_market *market) { return market->sentence; }

uint64_t alpaca_market_message_free(const struct alpaca_market *market)
{
	uint64_t most = 0;
	for (uint32_t i = 0; i < market->streams_n; i++) most_see(&most, market->stream[i].push.message_most);
	return ALPACA_STREAM_MESSAGE_BYTES - most;
}

uint64_t alpaca_market_push_free(const struct alpaca_market *market)
{
	uint64_t most = 0;
	for (uint32_t i = 0; i < market->streams_n; i++) most_see(&most, market->stream[i].push.out_most);
	return PUSH_OUT_BYTES - most;
}

void alpaca_market_close(struct alpaca_market *market)
{
	rest_close(&market->rest);
	for (uint32_t i = 0; i < market->streams_n; i++) alpaca_stream_close(&market->stream[i]);
	loop_timer_end(market->timer);
	market->timer = LOOP_NONE;
}
