/* desk_correlation.c - the assets together (document 04 section 4.3.5): pairs share a cap, a book that moves as one is a level of the ladder. */
#include "fsm/desk/desk.h"

static bool is_above(int32_t value_e8, int32_t limit_bp) { return value_e8 > limit_bp * (E8 / BP_ONE); }

/* Two or three assets are pairs, and have their joint caps. Every pair above a limit that is not below 0 means all in one direction. */
uint8_t desk_correlation_level(const struct desk *desk)
{
	const struct correlation_note *note = &desk->correlation;
	if (note->assets < desk_setting(desk, SETTING_correlation_assets_min)) return 0;
	if (is_above(note->lowest_e8, desk_setting(desk, SETTING_correlation_all_bp)) && !desk->together_confirmed) return 2;
	return is_above(note->average_e8, desk_setting(desk, SETTING_correlation_average_bp)) ? 1 : 0;
}

void desk_take_correlation(struct desk *desk, const struct correlation_note *note)
{
	desk->correlation = *note;
	correlation_unpack(note->pair, desk->together);
	bool together = is_above(note->lowest_e8, desk_setting(desk, SETTING_correlation_all_bp));
	if (!together) desk->together_confirmed = 0;
}

/* It comes after the mark of its close and before the decision: where the level changes, the ladder is asked again. */
void desk_on_correlation(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	uint8_t      before = desk_correlation_level(desk);
	desk_take_correlation(desk, &in->correlation);
	outbox_add(out, EVENT_CORRELATION, SYM_NONE)->correlation = in->correlation;
	if (desk_correlation_level(desk) != before) desk_mark(worker, in, out);
}
