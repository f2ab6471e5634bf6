/* steps.c - what single steps cost: the desk by kind, a machine, the venue, the parser, the calendar. No reference: a floor is zero. */
#include <stdio.h>
#include <string.h>

#include "fsm/desk/desk.h"
#include "hal/replay/bars.h"
#include "hal/sim/match.h"
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

enum { STEP_TURNS = 101, STEPS = 1000, TRADED = 15, PX_USD = 100, CSV_TURNS = 11 };

static struct desk        desk, prepared;
static struct machine_log log_of_steps;
static struct outbox      out;
static struct desk_worker worker = { &desk, &log_of_steps };

static void say(const char *name, double value, const char *unit, const char *how) { report(&(struct row){ name, unit, value, 0, 0, GOAL_NONE, 0, how }); }

static void step(struct event *event)
{
	event->cause = desk.inputs + 1;
	outbox_begin(&out, 0, event->cause, event->t_ns);
	desk_step(&worker, event, &out);
}

static struct event price_of(uint16_t sym, int64_t px_e8)
{
	struct event event = event_make(EVENT_PRICE, sym, 1);
	event.price.px_e8 = px_e8;
	return event;
}

static struct event signal_of(uint16_t sym)
{
	struct event event = event_make(EVENT_SIGNAL, sym, 1);
	event.signal.volatility_e8 = E8 / 10;
	event.signal.confidence_bp = event.signal.weight_bp = BP_ONE;
	event.signal.bars_seen = event.signal.bars_needed = 1;
	event.signal.grade = GRADE_STRONG_BUY;
	return event;
}

static struct event tick_of(enum tick_phase phase)
{
	struct event event = event_make(EVENT_TICK, SYM_NONE, 1);
	event.tick.phase = (uint8_t)phase;
	return event;
}

/* A desk with a price of everything, a wish for everything, and a close behind it: the next CYCLE decides. */
static void prepare(void)
{
	struct settings settings;
	struct event    opened = tick_of(TICK_OPEN), closed = tick_of(TICK_CLOSE);
	settings_default(&settings);
	desk_init(&desk, 1, &settings);
	for (uint16_t sym = 0; sym < TRADED; sym++) {
		struct event price = price_of(sym, PX_USD * E8), signal = signal_of(sym);
		step(&price);
		step(&signal);
	}
	step(&opened);
	step(&closed);
	prepared = desk;
}

static double desk_ns(struct event *events)
{
	static struct series series;
	series.count = 0;
	for (int turn = 0; turn < STEP_TURNS; turn++) {
		double begun_ns = now_ns();
		for (int i = 0; i < STEPS; i++) step(&events[i % TRADED]);
		series_add(&series, (now_ns() - begun_ns) / STEPS);
	}
	return series_median(&series);
}

/* Each decision from the same state; the clock's own cost is measured beside it and taken off. */
static void cycle(void)
{
	static struct series whole, clock;
	struct event         event = event_make(EVENT_CYCLE, SYM_NONE, 1);
	char                 how[64];
	for (int turn = 0; turn < STEP_TURNS; turn++) {
		desk = prepared;
		double begun_ns = now_ns();
		step(&event);
		series_add(&whole, now_ns() - begun_ns);
		begun_ns = now_ns();
		series_add(&clock, now_ns() - begun_ns);
	}
	snprintf(how, sizeof how, "101 turns; 15 symbols, %llu orders", (unsigned long long)desk.orders_sent);
	say("desk step, CYCLE", series_median(&whole) - series_median(&clock), "ns", how);
}

static void desk_steps(void)
{
	struct event prices[TRADED], signals[TRADED];
	prepare();
	for (uint16_t sym = 0; sym < TRADED; sym++) {
		prices[sym] = price_of(sym, PX_USD * E8);
		signals[sym] = signal_of(sym);
	}
	say("desk step, PRICE", desk_ns(prices), "ns", "101 turns of 1,000");
	say("desk step, SIGNAL", desk_ns(signals), "ns", "101 turns of 1,000");
	cycle();
}

static void machine(void)
{
	static struct series series;
	struct stop          stop = { .state = STOP_IDLE };
	struct event         event = event_make(EVENT_NONE, SYM_NONE, 1);
	for (int turn = 0; turn < STEP_TURNS; turn++) {
		double begun_ns = now_ns();
		for (int i = 0; i < STEPS; i++)
			stop.state = machine_step(&stop_machine, stop.state, i % 2 ? STOP_EV_FLAT : STOP_EV_OPENED, &stop, &event, &out, &log_of_steps);
		series_add(&series, (now_ns() - begun_ns) / STEPS);
	}
	keep(stop.state);
	say("machine_step", series_median(&series), "ns", "stop machine, armed and disarmed, 101 turns of 1,000");
}

/* A market order at the open: sent, acknowledged, filled. */
static void one_order(struct match *match, uint64_t id)
{
	struct event order = event_make(EVENT_ORDER_NEW, (uint16_t)(id % 3), (int64_t)id), price = price_of((uint16_t)(id % 3), PX_USD * E8), answer;
	order.request = (struct order_request){ .journal_id = 1, .order_id = id, .qty_e8 = 10 * E8, .time_in_force = TIF_OPEN };
	price.t_ns = (int64_t)id;
	price.price.price_kind = PRICE_OPEN;
	match_order(match, &order);
	while (match_next(match, (int64_t)id, &answer)) {}
	match_market(match, &price);
	while (match_next(match, (int64_t)id, &answer)) {}
}

static void venue(void)
{
	static struct series series;
	static struct match  match;
	struct match_costs   costs = match_costs_backtest();
	struct event         opened = tick_of(TICK_OPEN);
	uint64_t             id = 0;
	match_init(&match, &costs);
	match_market(&match, &opened);
	for (int turn = 0; turn < STEP_TURNS; turn++) {
		double begun_ns = now_ns();
		for (int i = 0; i < STEPS; i++) one_order(&match, ++id);
		series_add(&series, (now_ns() - begun_ns) / STEPS);
	}
	say("match, one order", series_median(&series), "ns", match.execution_ids == id ? "sent, acknowledged, filled; 101 turns of 1,000" : "NOT ALL FILLED");
}

static void parser(const struct bench *bench)
{
	static struct series    series;
	static struct bars      bars;
	static struct bars_load load;
	for (int turn = 0; turn < CSV_TURNS; turn++) {
		double begun_ns = now_ns();
		if (bars_load(&bars, &load, bench->data, day_from_civil(2000, 1, 1), day_from_civil(2022, 12, 31)) != BARS_OK) give_up("no bars:", load.sentence);
		series_add(&series, (double)load.bytes_read * 1e3 / (now_ns() - begun_ns));
	}
	say("CSV into bars", series_median(&series), "MB/s", "every line checked, files from the page cache, 11 turns");
}

static void calendar(void)
{
	static struct series series;
	for (int turn = 0; turn < STEP_TURNS; turn++) {
		struct session session;
		int64_t        sum = 0;
		double         begun_ns = now_ns();
		for (int32_t day = 0; day < STEPS; day++) {
			(void)calendar_session(CALENDAR_NYSE, CALENDAR_DAY_LAST - day, &session);
			sum += session.open_ns;
		}
		series_add(&series, (now_ns() - begun_ns) / STEPS);
		keep((uint64_t)sum);
	}
	say("calendar_session, NYSE", series_median(&series), "ns", "101 turns of 1,000 days");
}

void bench_steps(const struct bench *bench)
{
	desk_steps();
	machine();
	venue();
	parser(bench);
	calendar();
}
