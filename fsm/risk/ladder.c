/* ladder.c - the actions of the risk ladder. What they ask of the desk is a duty; the desk turns duties into orders. */
#include "fsm/risk/ladder.h"

MACHINE_DEFINE(ladder, LADDER)

static void enter(struct ladder *ladder, uint8_t duty)
{
	ladder->sessions_held = 0;
	ladder->quiet_sessions = 0;
	ladder->duty = duty;
	ladder->review_open = 0;
}

static void ladder_clear(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	enter(self, LADDER_DUTY_NONE);
}

static void ladder_warn(void *self, const struct event *in, struct outbox *out) { ladder_clear(self, in, out); }

static void ladder_wait(void *self, const struct event *in, struct outbox *out) { ladder_clear(self, in, out); }

static void ladder_reduce_quarter(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	enter(self, LADDER_DUTY_REDUCE_QUARTER);
}

static void ladder_reduce_half(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	enter(self, LADDER_DUTY_REDUCE_HALF);
}

static void ladder_liquidate(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	enter(self, LADDER_DUTY_FLATTEN);
}

static void ladder_ask_review(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct ladder *)self)->review_open = 1;
}

static void ladder_rebase(void *self, const struct event *in, struct outbox *out)
{
	struct ladder *ladder = self;
	(void)in;
	(void)out;
	enter(ladder, LADDER_DUTY_REBASE);
	ladder->weeks = 0;
	if (ladder->confirms < UINT8_MAX) ladder->confirms++;
}

static void ladder_ramp(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct ladder *)self)->weeks++;
}

static uint8_t of_drawdown(const struct settings *settings, int32_t drawdown_bp)
{
	if (drawdown_bp >= setting(settings, SETTING_drawdown_level4_bp)) return LADDER_EV_DD_4;
	if (drawdown_bp >= setting(settings, SETTING_drawdown_level3_bp)) return LADDER_EV_DD_3;
	if (drawdown_bp >= setting(settings, SETTING_drawdown_level2_bp)) return LADDER_EV_DD_2;
	if (drawdown_bp >= setting(settings, SETTING_drawdown_level1_bp)) return LADDER_EV_DD_1;
	return LADDER_EV_DD_CLEAR;
}

_Static_assert(LADDER_EV_DD_1 == LADDER_EV_DD_CLEAR + 1 && LADDER_EV_DD_2 == LADDER_EV_DD_CLEAR + 2, "the classes are in order");

uint8_t ladder_classify(const struct settings *settings, int32_t drawdown_bp, uint8_t correlation_level)
{
	uint8_t drawdown = of_drawdown(settings, drawdown_bp), correlation = (uint8_t)(LADDER_EV_DD_CLEAR + correlation_level);
	BUG_UNLESS(3970, correlation_level <= 2);
	return drawdown > correlation ? drawdown : correlation;
}

uint8_t ladder_level(const struct ladder *ladder)
{
	switch ((enum ladder_state)ladder->state) {
	case LADDER_CLEAR: return 0;
	case LADDER_LEVEL1:
	case LADDER_RECOVERY: return 1;
	case LADDER_LEVEL2: return 2;
	case LADDER_LEVEL3: return 3;
	case LADDER_LEVEL4:
	case LADDER_OUT:
	case LADDER_READY:
	case LADDER_STATES_N: return 4;
	}
	return 4;
}

int32_t ladder_ramp_bp(const struct settings *settings, const struct ladder *ladder)
{
	if (ladder->state != LADDER_RECOVERY) return BP_ONE;
	int32_t step_bp = setting(settings, SETTING_reentry_step_bp);
	int64_t ramp_bp = (int64_t)step_bp * (ladder->weeks + 1);
	return ramp_bp > BP_ONE ? BP_ONE : (int32_t)ramp_bp;
}
