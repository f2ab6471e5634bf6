/* desk_risk.c - marks, the ladder, the stops and the operator: what makes positions smaller. Nothing here can be refused. */
#include "fsm/desk/desk.h"

/* bp of a size in whole lots, rounded up; all of it where that is more than there is. */
static int64_t share_e8(uint16_t sym, int64_t size_e8, int32_t bp)
{
	int64_t lot_e8 = universe[sym].lot_e8;
	if (bp == BP_ONE) return size_e8;
	return e8_min(e8_lots(i128_narrow(div_ceil((i128)size_e8 * bp, BP_ONE)) + lot_e8 - 1, lot_e8), size_e8);
}

void desk_reduce(struct desk_worker *worker, uint16_t sym, int32_t bp, uint8_t reason, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	int64_t      held_e8 = desk->account.position[sym].qty_e8;
	uint8_t      closes = held_e8 < 0 ? SIDE_BUY : SIDE_SELL;
	BUG_UNLESS(1240, bp > 0 && bp <= BP_ONE);
	desk_cancel_open(worker, sym, closes == SIDE_BUY ? SIDE_SELL : SIDE_BUY, in, out);
	int64_t qty_e8 = share_e8(sym, e8_abs(held_e8), bp) - order_table_open_qty_e8(&desk->orders, sym, closes);
	if (qty_e8 > 0) desk_close(worker, sym, qty_e8, bp == BP_ONE, reason, in, out);
}

static void reduce_all(struct desk_worker *worker, int32_t bp, uint8_t reason, const struct event *in, struct outbox *out)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		bool closes = universe[sym].asset_class == ASSET_CRYPTO;        /* level 2 and above close crypto */
		desk_reduce(worker, sym, closes ? BP_ONE : bp, reason, in, out);
	}
}

/* The peak starts again from here: recovery is measured from the NAV at confirmation. */
static void rebase(struct desk *desk)
{
	desk->ladder.peak_nav_usd_e8 = account_nav_usd_e8(&desk->account);
	desk->ladder.drawdown_bp = 0;
	desk->recovery_sessions = 0;
}

static void do_ladder_duty(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	uint8_t      duty = desk->ladder.duty;
	desk->ladder.duty = LADDER_DUTY_NONE;
	switch ((enum ladder_duty)duty) {
	case LADDER_DUTY_NONE: return;
	case LADDER_DUTY_REDUCE_QUARTER:
		reduce_all(worker, desk_setting(desk, SETTING_reduce_level2_bp), ORDER_REASON_RISK_REDUCE, in, out);
		return;
	case LADDER_DUTY_REDUCE_HALF:
		reduce_all(worker, desk_setting(desk, SETTING_reduce_level3_bp), ORDER_REASON_RISK_REDUCE, in, out);
		return;
	case LADDER_DUTY_FLATTEN: reduce_all(worker, BP_ONE, ORDER_REASON_RISK_FLATTEN, in, out); return;
	case LADDER_DUTY_REBASE: rebase(desk); return;
	}
}

/* Why the ladder moved: correlation where the drawdown alone would have been a lighter class. */
static uint8_t cause_of(const struct desk *desk, uint8_t event, bool asks)
{
	if (event == LADDER_EV_CONFIRM) return RISK_OPERATOR;
	if (asks) return RISK_REVIEW;
	bool by_both = event == LADDER_EV_DD_1 || event == LADDER_EV_DD_2;
	return by_both && event > ladder_classify(&desk->settings, desk->ladder.drawdown_bp, 0) ? RISK_CORRELATION : RISK_DRAWDOWN;
}

void desk_ladder_event(struct desk_worker *worker, uint8_t event, const struct event *in, struct outbox *out)
{
	struct desk   *desk = worker->desk;
	struct ladder *ladder = &desk->ladder;
	uint8_t        from = ladder->state, review = ladder->review_open;
	int64_t        nav = account_nav_usd_e8(&desk->account), peak = ladder->peak_nav_usd_e8;
	int32_t        held = ladder->sessions_held;
	ladder->state = machine_step(&ladder_machine, ladder->state, event, ladder, in, out, worker->log);
	if (ladder->state != from || ladder->review_open != review) {
		struct event *note = outbox_add(out, EVENT_RISK, SYM_NONE);
		note->risk = (struct risk_note){ .nav_usd_e8 = nav,
			.peak_nav_usd_e8 = peak,
			.drawdown_bp = ladder->drawdown_bp,
			.day = in->kind == EVENT_TICK ? in->tick.day : day_from_t_ns(in->t_ns),        /* bitcoin closes at 24:00 of its date */
			.from_level = from,
			.to_level = ladder->state,
			.cause = cause_of(desk, event, ladder->review_open && !review),
			.event = event,
			.sessions = (uint8_t)(held > UINT8_MAX ? UINT8_MAX : held) };
		desk->account_dirty = 1;
	}
	do_ladder_duty(worker, in, out);
	/* a liquidation of nothing is done at once */
	if (ladder->state == LADDER_LEVEL4 && event != LADDER_EV_FLAT && account_is_flat(&desk->account))
		desk_ladder_event(worker, LADDER_EV_FLAT, in, out);
}

void desk_mark(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct ladder *ladder = &worker->desk->ladder;
	int64_t        nav = account_nav_usd_e8(&worker->desk->account);
	if (nav > ladder->peak_nav_usd_e8) ladder->peak_nav_usd_e8 = nav;
	int64_t peak = e8_max(ladder->peak_nav_usd_e8, 1);
	i128 drawdown_bp = div_floor((i128)(peak - nav) * BP_ONE, peak);        /* of a bankrupt book it has no bound */
	ladder->drawdown_bp = drawdown_bp < INT32_MAX ? (int32_t)drawdown_bp : INT32_MAX;
	worker->desk->account_dirty = 1;        /* the peak goes into the records: who adopts them measures from it */
	desk_ladder_event(worker, ladder_classify(&worker->desk->settings, ladder->drawdown_bp, desk_correlation_level(worker->desk)), in, out);
}

void desk_stop_event(struct desk_worker *worker, uint16_t sym, uint8_t event, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	struct stop *stop = &desk->stop[sym];
	stop->duty = STOP_DUTY_NONE;
	uint8_t from = stop->state;
	stop->state = machine_step(&stop_machine, stop->state, event, stop, in, out, worker->log);
	if (stop->state == STOP_COOLING && from != STOP_COOLING) stop->sessions_left = desk_setting(desk, SETTING_stop_cooldown_sessions);
	uint8_t duty = stop->duty;
	stop->duty = STOP_DUTY_NONE;
	if (stop->state != from) desk_touch(desk, sym);
	if (duty == STOP_DUTY_SELL_HALF) desk_reduce(worker, sym, BP_ONE / 2, ORDER_REASON_STOP_HALF, in, out);
	if (duty == STOP_DUTY_SELL_ALL) desk_reduce(worker, sym, BP_ONE, ORDER_REASON_STOP_EXIT, in, out);
}

_Static_assert((int)ALARM_KINDS_N <= 8, "desk.alarms has 8 bits");

/* What begins and ends; a stop is a life of its own. */
static void note_alarm(struct desk *desk, const struct event *in)
{
	const uint32_t stops = 1u << ALARM_STOP_HALF | 1u << ALARM_STOP_EXIT | 1u << ALARM_RECOVERED;
	uint32_t       bit = in->alarm.alarm_kind < ALARM_KINDS_N ? (1u << in->alarm.alarm_kind) & ~stops : 0;
	bool           ends = in->alarm.is_over || desk->account.position[in->sym].qty_e8 == 0;        /* of what is sold meanwhile it is over */
	desk->alarms[in->sym] = (uint8_t)(ends ? desk->alarms[in->sym] & ~bit : desk->alarms[in->sym] | bit);
}

void desk_on_alarm(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	note_alarm(worker->desk, in);
	switch ((enum alarm_kind)in->alarm.alarm_kind) {
	case ALARM_STOP_HALF: desk_stop_event(worker, in->sym, STOP_EV_LOSS_HALF, in, out); return;
	case ALARM_STOP_EXIT: desk_stop_event(worker, in->sym, STOP_EV_LOSS_EXIT, in, out); return;
	case ALARM_RECOVERED: desk_stop_event(worker, in->sym, STOP_EV_RECOVERED, in, out); return;
	case ALARM_STALE:        /* these are causes while they last; the next decision sizes anyway */
	case ALARM_STOP_NEAR:
	case ALARM_OVERSIZED:
	case ALARM_VOLATILE:
	case ALARM_VAR_SHARE:
	case ALARM_KINDS_N: return;
	}
}

static void cancel_all_buys(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) desk_cancel_open(worker, sym, SIDE_BUY, in, out);
}

/* Owed until nothing is left, whatever the venue says in between; nothing is bought again before RESUME. */
static void flatten(struct desk_worker *worker, uint16_t sym, const struct event *in, struct outbox *out)
{
	struct owed *owed = &worker->desk->owed[sym];
	owed->all = owed->held = 1;
	owed->reason = ORDER_REASON_OPERATOR;
	desk_reduce(worker, sym, BP_ONE, ORDER_REASON_OPERATOR, in, out);
}

static void on_flatten(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	if (in->sym < UNIVERSE_N) {
		flatten(worker, in->sym, in, out);
		return;
	}
	worker->desk->halted = 1;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) flatten(worker, sym, in, out);
}

/* A person has looked: differences of the books are known now, and what FLATTEN has not closed stays. */
static void on_resume(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	desk->halted = desk->paused = 0;
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		desk->owed[i].held = 0;
		if (desk->owed[i].reason == ORDER_REASON_OPERATOR) desk->owed[i] = (struct owed){ 0 };
	}
	desk_reconcile_event(worker, RECONCILE_EV_RESUMED, in, out);
}

/* What all move as one is taken with the level that it asked for. */
static void on_confirm(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	if (desk_correlation_level(desk) == 2 && desk->ladder.state >= LADDER_LEVEL2) desk->together_confirmed = 1;
	desk_ladder_event(worker, LADDER_EV_CONFIRM, in, out);
}

void desk_on_operator(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	desk->account_dirty = 1;
	switch ((enum operator_command)in->instruction.command) {
	case OPERATOR_HALT:
		desk->halted = 1;
		cancel_all_buys(worker, in, out);
		return;
	case OPERATOR_RESUME: on_resume(worker, in, out); return;
	case OPERATOR_PAUSE: desk->paused = 1; return;
	case OPERATOR_FLATTEN: on_flatten(worker, in, out); return;
	case OPERATOR_CONFIRM: on_confirm(worker, in, out); return;
	case OPERATOR_ACK: desk_acknowledge(desk, in->instruction.code, out); return;
	case OPERATOR_COMMANDS_N: return;
	}
}

/* A flat book has no volatility of its own, so the market's stands for it: quiet is a VIX regime below HIGH_VOL (R4). */
static void count_quiet(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct ladder *ladder = &worker->desk->ladder;
	if (ladder->state != LADDER_OUT && ladder->state != LADDER_READY) return;
	bool quiet = worker->desk->regime < REGIME_HIGH_VOL;
	ladder->quiet_sessions = quiet ? ladder->quiet_sessions + 1 : 0;
	if (!quiet) desk_ladder_event(worker, LADDER_EV_NOISY, in, out);
	if (ladder->quiet_sessions >= desk_setting(worker->desk, SETTING_quiet_days)) desk_ladder_event(worker, LADDER_EV_QUIET, in, out);
}

static void count_recovery(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	if (desk->ladder.state != LADDER_RECOVERY) return;
	if (++desk->recovery_sessions % RECOVERY_SESSIONS_A_WEEK) return;
	desk_ladder_event(worker, LADDER_EV_WEEK, in, out);
	if (ladder_ramp_bp(&desk->settings, &desk->ladder) >= BP_ONE) desk_ladder_event(worker, LADDER_EV_RAMPED, in, out);
}

static void count_held(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct ladder *ladder = &worker->desk->ladder;
	ladder->sessions_held++;
	if (ladder->state != LADDER_LEVEL2 && ladder->state != LADDER_LEVEL3) return;
	if (!ladder->review_open && ladder->sessions_held >= desk_setting(worker->desk, SETTING_review_sessions))
		desk_ladder_event(worker, LADDER_EV_HELD, in, out);
}

static void count_cooling(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct stop *stop = &worker->desk->stop[sym];
		if (stop->state != STOP_COOLING) continue;
		if (--stop->sessions_left <= 0) desk_stop_event(worker, sym, STOP_EV_COOLED, in, out);
	}
}

void desk_day_end(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	bool         session = in->tick.calendar == CALENDAR_NYSE;
	for (size_t i = 0; i < UNIVERSE_N; i++)        /* each by the sessions of its own market: crypto has one every date */
		desk->account.position[i].px_age += session || universe[i].calendar == CALENDAR_CRYPTO;
	if (session) {
		count_held(worker, in, out);
		count_quiet(worker, in, out);
		count_recovery(worker, in, out);
		count_cooling(worker, in, out);
		desk_count_reviews(desk);
	}
	desk_retire(worker, in, out);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)        /* the report of the day wants today's prices */
		if (desk->account.position[sym].qty_e8) desk->positions_dirty |= UINT64_C(1) << sym;
	struct event *note = outbox_add(out, EVENT_ACCOUNT, SYM_NONE);
	desk_note_account(desk, note);
	note->account.day = in->tick.day;
	note->account.calendar = in->tick.calendar;
	note->flags = (uint8_t)(ACCOUNT_DAY_END | (session ? ACCOUNT_SESSION : 0));
	desk->account_dirty = 0;
}
