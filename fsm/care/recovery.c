/* recovery.c - the actions of the way back: counters and duties. The desk asks, cancels and compares. */
#include "fsm/care/recovery.h"

MACHINE_DEFINE(recovery, RECOVERY)

static void enter(struct recovery *recovery, uint8_t duty)
{
	recovery->due_ns = 0;
	recovery->tries = 0;
	recovery->at = 0;
	recovery->duty = duty;
}

static void recovery_load(void *self, const struct event *in, struct outbox *out)
{
	struct recovery *recovery = self;
	(void)in;
	(void)out;
	enter(recovery, RECOVERY_DUTY_NONE);
	recovery->asked = recovery->found = recovery->filled = recovery->cancelled = 0;
}

static void recovery_ask(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	enter(self, RECOVERY_DUTY_ASK);
}

static void recovery_cancel(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	enter(self, RECOVERY_DUTY_SWEEP);
}

static void recovery_wait(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct recovery *)self)->tries++;
}

static void recovery_cancel_again(void *self, const struct event *in, struct outbox *out)
{
	struct recovery *recovery = self;
	recovery_wait(recovery, in, out);
	recovery->duty = RECOVERY_DUTY_SWEEP;
	recovery->at = 0;
}

static void recovery_compare(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	enter(self, RECOVERY_DUTY_NONE);
}

static void recovery_warn(void *self, const struct event *in, struct outbox *out) { recovery_wait(self, in, out); }

/* Exits that are owed go out although orders have not answered. */
static void recovery_alarm(void *self, const struct event *in, struct outbox *out) { recovery_cancel(self, in, out); }

static void recovery_resume(void *self, const struct event *in, struct outbox *out) { recovery_compare(self, in, out); }
