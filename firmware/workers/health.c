/* health.c - one look at each position at each close. */
#include "firmware/workers/health.h"

#include <string.h>

#include "fsm/feed/calendar.h"
#include "fsm/risk/stop.h"

void health_init(struct health *health) { memset(health, 0, sizeof *health); }

static void alarm_put(struct health *health, uint16_t sym, enum alarm_kind kind, int32_t loss_bp, struct outbox *out)
{
	struct event *event = outbox_add(out, EVENT_ALARM, sym);
	health->alarms++;
	event->alarm.px_e8 = health->position[sym].px_e8;
	event->alarm.entry_px_e8 = position_entry_px_e8(&health->position[sym]);
	event->alarm.loss_bp = loss_bp;
	event->alarm.alarm_kind = (uint8_t)kind;
	event->alarm.priority = 1;
}

/* Strictly more than the stop's share, as the document's code has it. */
static void look(struct health *health, uint16_t sym, struct outbox *out)
{
	const struct asset *asset = &universe[sym];
	uint8_t             state = health->stop_state[sym];
	int32_t             loss_bp = position_loss_bp(&health->position[sym]);
	if (health->position[sym].qty_e8 == 0) return;
	if (loss_bp > asset->stop_exit_bp)
		alarm_put(health, sym, ALARM_STOP_EXIT, loss_bp, out);
	else if (loss_bp > asset->stop_half_bp && state == STOP_ARMED)
		alarm_put(health, sym, ALARM_STOP_HALF, loss_bp, out);
	else if (loss_bp <= 0 && state == STOP_HALVED)
		alarm_put(health, sym, ALARM_RECOVERED, loss_bp, out);
}

void health_step(void *self, const struct event *in, struct outbox *out)
{
	struct health *health = self;
	if (in->kind == EVENT_PRICE) health->position[in->sym].px_e8 = in->price.px_e8;
	if (in->kind == EVENT_POSITION) {
		health->position[in->sym].qty_e8 = in->position.qty_e8;
		health->position[in->sym].cost_usd_e8 = in->position.cost_usd_e8;
		health->stop_state[in->sym] = (uint8_t)in->position.stop_state;
	}
	if (in->kind != EVENT_TICK || in->tick.phase != TICK_CLOSE) return;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (universe[sym].calendar == in->tick.calendar) look(health, sym, out);
}
