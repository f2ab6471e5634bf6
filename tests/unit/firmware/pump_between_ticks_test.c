/* pump_between_ticks_test.c - between two TICKs: who looks at prices, who came back and what it has seen, and what of the past is not heard (R7, P3, P5). */
#include "tests/unit/firmware/pump_rig.h"

/* What was made of history is not heard; what is said of this moment's prices is, though market time stands at history's last TICK. */
TEST(t_R7_an_alarm_of_now_is_heard_when_the_last_tick_was_historys)
{
	begin(PLACED(desk));
	struct event alarm = event_make(EVENT_ALARM, 1, DAY * NS_PER_DAY);
	pump.map->progress_desk->warm_ns = DAY * NS_PER_DAY;
	put(CHANNEL_alarms, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 0);
	alarm.flags = EVENT_OF_NOW;
	put(CHANNEL_alarms, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 1);
}

/* A position that falls between two TICKs is heard of by the desk at once, in its first queue, in market time that stands; a successor that has the commit
 * of that look says the next thing too, though the queue has more records than its TICKs made. */
TEST(t_R7_P5_between_ticks_the_health_worker_looks_and_the_desk_hears)
{
	begin(PLACED(feed) | PLACED(health));
	pump.commits = true;
	struct event px = event_make(EVENT_PRICE, 1, DAY * NS_PER_DAY), held = event_make(EVENT_POSITION, 1, DAY * NS_PER_DAY);
	pump_health(&pump);
	CHECK_EQ(waiting(CHANNEL_alarms), 0);        /* no market yet */
	pump.map->progress_health->t_ns = DAY * NS_PER_DAY;
	held.cause = px.cause = 1;
	held.position = (struct position_note){ .qty_e8 = 100 * E8, .cost_usd_e8 = 10000 * E8, .stop_state = STOP_ARMED };
	px.price.px_e8 = 80 * E8;
	cell_write(&pump.map->positions[1], &held);
	cell_write(&pump.map->prices[1], &px);
	pump_health(&pump);
	CHECK_EQ(waiting(CHANNEL_alarms), 1);
	struct event alarm = { 0 };
	CHECK(channel_peek(&pump.channel[CHANNEL_alarms], &alarm, sizeof alarm) && alarm.alarm.alarm_kind == ALARM_STOP_EXIT);
	CHECK(alarm.alarm.loss_bp == 2000 && alarm.t_ns == DAY * NS_PER_DAY);
	held.cause = 2;
	held.position.stop_state = STOP_HALVED;
	px.cause = 2;
	px.price.px_e8 = 83 * E8;        /* 17 %: one from the exit stop */
	cell_write(&pump.map->positions[1], &held);
	cell_write(&pump.map->prices[1], &px);
	pump.put[CHANNEL_alarms_warning] = 0;
	pump_health(&pump);
	CHECK_EQ(waiting(CHANNEL_alarms_warning), 1);
	CHECK_EQ(pump.map->commit_health->slot[pump.map->commit_health->valid - 1].head.put[CHANNEL_alarms], 1);
}

/* A desk that dies between two TICKs has taken none in its new life: what health says of prices now it hears at once, not hours later at the next TICK. */
TEST(t_R7_P3_a_desk_that_came_back_hears_alarms_before_its_next_tick)
{
	begin(PLACED(desk));
	pump.commits = true;
	struct event alarm = event_make(EVENT_ALARM, 1, open_ns(DAY));
	pump.map->progress_desk->warm_ns = open_ns(DAY - 30);
	put(CHANNEL_alarms_info, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 0);        /* of a TICK that it has not taken */
	alarm.flags = EVENT_OF_NOW;
	put(CHANNEL_alarms, &alarm);
	pump_settle(&pump);
	CHECK_EQ(pump.map->progress_desk->steps, 1);
}

static void trade(uint16_t sym, int64_t px_e8, int64_t t_ns)
{
	struct event event = event_make(EVENT_PRICE, sym, t_ns);
	event.price = (struct price){ .px_e8 = px_e8, .day = DAY, .price_kind = PRICE_TRADE };
	pump_event(&pump, &event);
}

/* Prices between two TICKs are not made again by the successor of a feed that dies there: its own are newer ones, for whoever has seen the others. */
TEST(t_R7_P3_the_prices_of_a_feed_that_came_back_are_news)
{
	begin(PLACED(feed));
	pump.commits = true;
	struct memory_map *map = pump.map;
	struct settings    settings = rooms.feed.settings;
	tick(TICK_OPEN, DAY, open_ns(DAY));
	for (int i = 1; i <= 5; i++) trade(1, (100 + i) * E8, open_ns(DAY) + i * NS_PER_S);
	trade(1, 300 * E8, open_ns(DAY) + 6 * NS_PER_S);        /* not believed */
	uint64_t seen = map->prices[1].event.cause;
	CHECK_EQ(waiting(CHANNEL_market_ledger), 1);
	rooms_init(&rooms, PLACED(feed), JOURNAL_ID, &settings, true);
	pump_init(&pump, map, &rooms, &hal, PLACED(feed));
	pump.commits = true;
	pump_resume(&pump);
	CHECK_EQ(map->progress_feed->ticks, 1);
	trade(1, 107 * E8, open_ns(DAY) + 7 * NS_PER_S);
	CHECK(map->prices[1].event.cause > seen && map->prices[1].event.price.px_e8 == 107 * E8);
	trade(1, 400 * E8, open_ns(DAY) + 8 * NS_PER_S);
	CHECK_EQ(waiting(CHANNEL_market_ledger), 2);        /* nor is this one passed over as known */
}

/* An analyst that was held down, and is released after a close that it missed, has the cycles of the days before to end first: none of them decides today. */
TEST(t_P3_the_cycle_of_another_day_decides_nothing)
{
	struct event close = event_make(EVENT_TICK, SYM_NONE, close_ns(DAY)), cycle = event_make(EVENT_CYCLE, SYM_NONE, close_ns(DAY - 1));
	close.tick = (struct tick){ .day = DAY, .phase = TICK_CLOSE, .calendar = CALENDAR_NYSE };
	begin(PLACED(desk));
	put(CHANNEL_market_desk, &close);
	pump_settle(&pump);
	CHECK_EQ(rooms.desk.inputs, 1);        /* nobody is waited for */
	put(CHANNEL_signals_normal, &cycle);
	pump_settle(&pump);
	CHECK_EQ(rooms.desk.inputs, 1);
	cycle.t_ns = close_ns(DAY);
	put(CHANNEL_signals_normal, &cycle);
	pump_settle(&pump);
	CHECK_EQ(rooms.desk.inputs, 2);
}
