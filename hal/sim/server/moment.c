/* moment.c - see moment.h. The order of things is that of hal/sim/world.c. */
#include "hal/sim/server/moment.h"

#include "hal/sim/server/log.h"
#include "hal/sim/server/stream.h"
#include "hal/sim/server/worth.h"

/* --- answers of the matching engine ------------------------------------------------------------------------------- */

static void on_ack(struct server *server, uint32_t number)
{
	struct broker_order *order = &server->broker.order[number];
	bool                 open = server->match.is_open[universe[order->sym].calendar];
	order->state = open ? BROKER_NEW : BROKER_ACCEPTED;
	log_order(server, "accepted", number);
	stream_order(server, open ? "new" : "accepted", number);
}

static void on_fill(struct server *server, uint32_t number, const struct event *event)
{
	const struct activity *activity = broker_fill(&server->broker, number, &event->fill, event->t_ns);
	server->counts.fills++;
	log_activity(server, activity);
	stream_fill(server, activity);
}

static void on_end(struct server *server, uint32_t number, enum broker_state state, int64_t t_ns)
{
	broker_end(&server->broker, number, state, t_ns);
	server->counts.orders_cancelled += state == BROKER_CANCELED;
	server->counts.orders_expired += state == BROKER_EXPIRED;
	server->counts.orders_rejected += state == BROKER_REJECTED;
	log_order(server, broker_state_text[state], number);
	stream_order(server, broker_state_text[state], number);
}

static void on_answer(struct server *server, const struct event *event)
{
	uint64_t id = event->kind == EVENT_FILL ? event->fill.order_id : event->reply.order_id;
	BUG_UNLESS(3610, id > 0 && id <= server->broker.orders_n);
	uint32_t number = server->broker.current[id - 1];
	switch (event->kind) {
	case EVENT_ACK: on_ack(server, number); break;
	case EVENT_FILL: on_fill(server, number, event); break;
	case EVENT_CANCELLED: on_end(server, number, BROKER_CANCELED, event->t_ns); break;
	case EVENT_EXPIRED: on_end(server, number, BROKER_EXPIRED, event->t_ns); break;
	case EVENT_NEW_REJECTED: on_end(server, number, BROKER_REJECTED, event->t_ns); break;
	default: server->verdict = *event; break;        /* of a cancel or a replacement: whoever sent it looks */
	}
}

/* Market time when time runs by itself. */
static int64_t running_t_ns(const struct server *server)
{
	i128 passed_ns = (i128)(server->now_ns - server->began_ns) * server->config.speed;
	return i128_narrow((i128)server->first_day * NS_PER_DAY + passed_ns);
}

void moment_settle(struct server *server)
{
	struct event event;
	int64_t      until_ns = market_peek_t_ns(&server->market);
	if (server->config.speed > 0) until_ns = e8_min(until_ns, running_t_ns(server));
	while (match_next(&server->match, until_ns, &event)) on_answer(server, &event);
}

/* --- the market --------------------------------------------------------------------------------------------------- */

static void on_price(struct server *server, const struct event *event)
{
	struct server_seen *seen = &server->seen[event->sym];
	bool                whole = event->kind == EVENT_BAR;
	seen->t_ns = event->t_ns;
	if (whole) seen->closed_day = event->bar.day;
	else seen->opened_day = event->price.day;
	if (server->moment.number > 0) stream_price(server, event->sym, whole ? event->bar.close_px_e8 : event->price.px_e8, whole);
}

static void on_dividend(struct server *server, const struct event *event)
{
	const struct activity *activity = broker_dividend(&server->broker, event->sym, event->dividend.per_unit_e8, event->t_ns);
	if (!activity) return;
	server->counts.dividends++;
	log_activity(server, activity);
}

/* Orders that waited for the session work now. */
static void on_open(struct server *server, uint8_t calendar)
{
	for (uint32_t i = 0; i < server->broker.open_n; i++) {
		struct broker_order *order = &server->broker.order[server->broker.open[i]];
		if (universe[order->sym].calendar == calendar && order->state == BROKER_ACCEPTED) order->state = BROKER_NEW;
	}
}

static void on_tick(struct server *server, const struct event *event)
{
	server->moment.tick = event->tick;
	if (event->tick.phase == TICK_OPEN) on_open(server, event->tick.calendar);
	if (event->tick.phase == TICK_DAY_END) server->broker.last_equity_usd_e8 = worth_equity_usd_e8(server);
}

static void on_event(struct server *server, const struct event *event)
{
	match_market(&server->match, event);
	if (event->kind == EVENT_PRICE || event->kind == EVENT_BAR) on_price(server, event);
	if (event->kind == EVENT_DIVIDEND) on_dividend(server, event);
	if (event->kind == EVENT_TICK) on_tick(server, event);
}

void moment_warm(struct server *server)
{
	struct event event;
	int64_t      first_ns = server->first_day * NS_PER_DAY;
	while (market_peek_t_ns(&server->market) < first_ns && market_next(&server->market, &event)) on_event(server, &event);
	server->moment.t_ns = first_ns;
}

bool moment_next(struct server *server)
{
	struct event event;
	int64_t      t_ns = market_peek_t_ns(&server->market);
	if (t_ns == INT64_MAX) return false;
	server->moment.number++;
	server->moment.t_ns = t_ns;
	server->counts.moments++;
	do {
		if (!market_next(&server->market, &event)) return false;
		on_event(server, &event);
	} while (event.kind != EVENT_TICK);
	moment_settle(server);
	return true;
}

/* --- time that runs by itself ------------------------------------------------------------------------------------- */

void moment_run(struct server *server)
{
	if (server->config.speed == 0) return;
	if (server->began_ns == 0) server->began_ns = server->now_ns;
	int64_t t_ns = running_t_ns(server);
	while (market_peek_t_ns(&server->market) <= t_ns && moment_next(server)) continue;
	moment_settle(server);
	if (market_peek_t_ns(&server->market) != INT64_MAX && t_ns > server->moment.t_ns) server->moment.t_ns = t_ns;
}

int64_t moment_wakes_ns(const struct server *server)
{
	struct market_replay *market = (struct market_replay *)&server->market;        /* peeking goes to the next day, which changes nothing seen */
	int64_t               next_ns = e8_min(market_peek_t_ns(market), match_due_ns(&server->match));
	if (server->config.speed == 0 || next_ns == INT64_MAX) return INT64_MAX;
	i128 after_ns = div_ceil((i128)next_ns - (i128)server->first_day * NS_PER_DAY, server->config.speed);
	return i128_narrow(after_ns + server->began_ns);
}
