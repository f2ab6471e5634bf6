/* pump_care.c - what the appliance lacks, as inputs of the desk. */
#include "firmware/pump.h"

/* Inputs that come from no queue, source or timer: a re-run finds them in the journal alone. */
bool pump_comes_from_outside(const struct event *event)
{
	return event->kind == EVENT_CARE || (event->kind == EVENT_OPERATOR && !event->instruction.scripted);
}

bool pump_care(struct pump *pump, uint64_t in_force)
{
	const struct desk *desk = &pump->rooms->desk;
	uint64_t           changed = in_force ^ desk->care;
	for (uint64_t left = changed; left; left &= left - 1) {
		struct event event = event_make(EVENT_CARE, SYM_NONE, desk->t_ns);
		event.care.condition = (uint32_t)__builtin_ctzll(left);
		event.care.is_active = (in_force >> event.care.condition & 1) != 0;
		pump_outside(pump, &event);
	}
	return changed != 0;
}
