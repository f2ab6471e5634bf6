/* credits.c - earn, spend, clamp; and the pace it goes at. */
#include "fsm/care/credits.h"

#include <string.h>

#define HOUR_NS (INT64_C(3600) * NS_PER_S)
enum { CREDITS_A_VCPU_HOUR = 60 };        /* one vCPU at 100 % for an hour */

_Static_assert((int)CFG_credits_reports > (int)CFG_credits_copies, "config.h: reports are shed before copies");
#define SHED_ROW(name, below, what) [SHED_##name] = { #name, what, SETTING_##below },
const struct shed_row sheds[SHEDS_N] = { SHEDS(SHED_ROW) };

void credits_limits_from(struct credits_limits *limits, const struct settings *settings)
{
	*limits = (struct credits_limits){ .hour = setting(settings, SETTING_credits_hour),
		.most_ns = setting(settings, SETTING_credits_max) * CREDIT_NS,
		.is_unlimited = setting(settings, SETTING_credits_unlimited) != 0 };
}

void credits_begin(struct credits *credits, const struct credits_limits *limits)
{
	BUG_UNLESS(1621, limits->hour > 0 && limits->most_ns > 0);
	memset(credits, 0, sizeof *credits);
	credits->limits = *limits;
}

/* hour credits an hour are hour/60 of a vCPU; what the division leaves over is not lost. */
static int64_t earn(struct credits *credits, int64_t span_ns)
{
	i128 parts = (i128)span_ns * credits->limits.hour + credits->carry;
	credits->carry = (int64_t)(parts % CREDITS_A_VCPU_HOUR);
	return i128_narrow(parts / CREDITS_A_VCPU_HOUR);
}

static void pace(struct credits *credits, int64_t span_ns, int64_t spent_ns)
{
	if (credits->span_ns[1] >= HOUR_NS) {
		credits->span_ns[0] = credits->span_ns[1];
		credits->spent_ns[0] = credits->spent_ns[1];
		credits->span_ns[1] = credits->spent_ns[1] = 0;
	}
	credits->span_ns[1] += span_ns;
	credits->spent_ns[1] += spent_ns;
}

void credits_step(struct credits *credits, int64_t now_ns, int64_t used_ns)
{
	int64_t span_ns = e8_max(now_ns - credits->at_ns, 0), spent_ns = e8_max(used_ns - credits->used_ns, 0);
	int64_t balance_ns = credits->balance_ns - credits->surplus_ns + earn(credits, span_ns) - spent_ns;
	credits->at_ns = e8_max(now_ns, credits->at_ns);
	credits->used_ns = e8_max(used_ns, credits->used_ns);
	credits->balance_ns = e8_min(e8_max(balance_ns, 0), credits->limits.most_ns);
	credits->surplus_ns = credits->limits.is_unlimited ? e8_max(-balance_ns, 0) : 0;
	pace(credits, span_ns, spent_ns);
}

int64_t credits_empty_in_ns(const struct credits *credits)
{
	int64_t span_ns = credits->span_ns[0] + credits->span_ns[1], spent_ns = credits->spent_ns[0] + credits->spent_ns[1];
	int64_t earned_ns = i128_narrow((i128)span_ns * credits->limits.hour / CREDITS_A_VCPU_HOUR);
	if (spent_ns <= earned_ns) return CREDITS_NEVER_NS;
	i128 empty_in_ns = (i128)credits->balance_ns * span_ns / (spent_ns - earned_ns);
	return empty_in_ns < CREDITS_NEVER_NS ? (int64_t)empty_in_ns : CREDITS_NEVER_NS;
}

bool credits_judge(struct credits *credits, const struct settings *settings)
{
	uint64_t before = credits->shed;
	for (size_t i = 0; i < SHEDS_N; i++) {
		int64_t below_ns = setting(settings, sheds[i].setting) * CREDIT_NS, back_ns = setting(settings, SETTING_credits_back) * CREDIT_NS;
		if (credits->balance_ns < below_ns) credits->shed |= UINT64_C(1) << i;
		if (credits->balance_ns >= below_ns + back_ns) credits->shed &= ~(UINT64_C(1) << i);
	}
	return credits->shed != before;
}
