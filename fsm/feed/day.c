/* day.c - the actions of a trading day: each says what its owner has to do. */
#include "fsm/feed/day.h"

MACHINE_DEFINE(day, DAY)

static void day_begin(void *self, const struct event *in, struct outbox *out)
{
	struct day *day = self;
	(void)out;
	day->day = in->tick.day;
	day->sessions++;
	day->duty = DAY_DUTY_BEGIN;
}

static void day_mark(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct day *)self)->duty = DAY_DUTY_MARK;
}

static void day_decide(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct day *)self)->duty = DAY_DUTY_DECIDE;
}

static void day_end(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct day *)self)->duty = DAY_DUTY_END;
}
