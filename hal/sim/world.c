/* world.c - market time moves one event at a time; what the venue owes comes first. */
#include "hal/sim/world.h"

#include <string.h>

#include "hal/sim/chance.h"

void sim_world_init(struct sim_world *world, const struct bars *bars, int32_t from_day, int32_t to_day, const struct match_costs *costs,
    uint64_t seed, bool operator_confirms)
{
	memset(world, 0, offsetof(struct sim_world, match));
	market_init(&world->market, bars, from_day, to_day);
	match_init(&world->match, costs);
	world->random_state = seed;
	world->confirms_sent = world->orders_in = 0;
	world->t_ns = 0;
	world->operator_confirms = operator_confirms;
	world->review_open = world->unseen = world->confirm_due = world->ack_due = world->within_moment = false;
}

void sim_world_show_account(struct sim_world *world, const struct account_note *account)
{
	world->review_open = account->review_open;
	world->unseen = account->reviews_open > 0;
}

/* First that it was seen, then that it may go on. */
static void say(struct sim_world *world, struct event *event)
{
	bool acknowledges = world->ack_due;
	event_begin(event, EVENT_OPERATOR, SYM_NONE, world->t_ns);
	event->instruction.command = acknowledges ? OPERATOR_ACK : OPERATOR_CONFIRM;
	event->instruction.scripted = 1;
	world->ack_due = false;
	if (acknowledges) return;
	world->confirm_due = false;
	world->confirms_sent++;
}

static void note_open(struct sim_world *world, const struct event *event)
{
	bool opens = event->kind == EVENT_TICK && event->tick.phase == TICK_OPEN && event->tick.calendar == CALENDAR_NYSE;
	if (!opens || !world->operator_confirms) return;
	world->ack_due = world->ack_due || world->unseen;
	world->confirm_due = world->confirm_due || world->review_open;
}

bool sim_world_answer(struct sim_world *world, struct event *event)
{
	if (world->within_moment) return false;
	if (match_next(&world->match, market_peek_t_ns(&world->market), event)) {
		if (event->t_ns > world->t_ns) world->t_ns = event->t_ns;
		return true;
	}
	if (!world->confirm_due && !world->ack_due) return false;
	say(world, event);
	return true;
}

bool sim_world_owes(const struct sim_world *world)
{
	struct market_replay market = world->market;        /* peeking may move it on */
	return !world->within_moment && (world->confirm_due || world->ack_due || match_due_ns(&world->match) <= market_peek_t_ns(&market));
}

bool sim_world_market(struct sim_world *world, struct event *event)
{
	if (!market_next(&world->market, event)) return false;
	world->t_ns = event->t_ns;
	world->within_moment = event->kind != EVENT_TICK;        /* more of this moment follows, up to its TICK */
	match_market(&world->match, event);
	note_open(world, event);
	return true;
}

static enum hal_recv world_recv(void *self, struct event *event)
{
	return sim_world_answer(self, event) || sim_world_market(self, event) ? HAL_EVENT : HAL_END;
}

void sim_world_order(struct sim_world *world, const struct event *event)
{
	world->orders_in++;
	match_order(&world->match, event);
}

static void world_send(void *self, const struct event *event) { sim_world_order(self, event); }

static int64_t world_now_ns(void *self) { return ((struct sim_world *)self)->t_ns; }

static uint64_t world_random(void *self)
{
	struct sim_world *world = self;
	return chance_next(&world->random_state);
}

const struct hal_world sim_world_ports = { world_recv, world_send, world_now_ns, world_random };
