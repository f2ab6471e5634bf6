/* stop.c - the actions of a stop. */
#include "fsm/risk/stop.h"

MACHINE_DEFINE(stop, STOP)

static void stop_arm(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct stop *)self)->duty = STOP_DUTY_NONE;
}

static void stop_disarm(void *self, const struct event *in, struct outbox *out)
{
	struct stop *stop = self;
	stop->sessions_left = 0;
	stop_arm(stop, in, out);
}

static void stop_sell_half(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct stop *)self)->duty = STOP_DUTY_SELL_HALF;
}

static void stop_sell_all(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct stop *)self)->duty = STOP_DUTY_SELL_ALL;
}

/* The owner puts the length of the rest into sessions_left. */
static void stop_cool(void *self, const struct event *in, struct outbox *out) { stop_arm(self, in, out); }
