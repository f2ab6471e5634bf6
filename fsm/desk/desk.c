/* desk.c - one turn of the desk: sort the event to its room, then put out what changed. */
#include "fsm/desk/desk.h"

#include <string.h>

void desk_init(struct desk *desk, uint64_t journal_id, const struct settings *settings)
{
	memset(desk, 0, sizeof *desk);
	desk->journal_id = journal_id;
	desk->settings = *settings;
	account_init(&desk->account, CFG_initial_usd * E8);
	order_table_init(&desk->orders);
	desk->ladder.peak_nav_usd_e8 = desk->account.cash_usd_e8;
	for (uint8_t i = 0; i < CALENDARS_N; i++) desk->day[i].calendar = i;
}

static void on_price(struct desk *desk, const struct event *in)
{
	struct position *position = &desk->account.position[in->sym];
	position->px_e8 = in->price.px_e8;
	position->px_day = in->price.day;
	position->px_age = 0;
}

/* HOLD keeps the wish in force; a buy below the confidence threshold is a HOLD. */
static void on_signal(struct desk *desk, const struct event *in)
{
	const struct signal_note *signal = &in->signal;
	BUG_UNLESS(1220, signal->strategy < STRATEGY_COUNT);
	struct view *view = &desk->view[signal->strategy][in->sym];
	view->ready = signal->bars_seen >= signal->bars_needed;
	if (!view->ready) return;
	view->volatility_e8 = signal->volatility_e8;
	view->trace_id = signal->trace_id;
	view->day = signal->day;
	view->grade = signal->grade;
	if (signal->grade == GRADE_SELL || signal->grade == GRADE_STRONG_SELL) view->level_bp = 0;
	if (signal->grade != GRADE_BUY && signal->grade != GRADE_STRONG_BUY) return;
	int32_t threshold_bp = desk_setting(desk, cause_raises_threshold(desk_causes_of_book(desk)) ? SETTING_confidence_level1_bp : SETTING_confidence_min_bp);
	if (signal->confidence_bp < threshold_bp) return;
	view->level_bp = signal->weight_bp;
	view->sure_bp = signal->confidence_bp;
	view->regime = signal->regime;
}

static void on_dividend(struct desk *desk, const struct event *in)
{
	if (desk->account.position[in->sym].qty_e8 == 0 || desk->recovery.has_venue) return;        /* a venue pays by CASH */
	account_on_dividend(&desk->account, in->sym, in->dividend.per_unit_e8);
	desk_touch(desk, in->sym);
}

static void on_regime(struct desk *desk, const struct event *in)
{
	desk->vix_e8 = in->regime.vix_e8;
	desk->account_dirty |= desk->regime != in->regime.regime;
	desk->regime = in->regime.regime;
	desk->sentiment_bp = in->regime.sentiment_bp;
}

static void begin_day(struct desk *desk, const struct day *day)
{
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (universe[i].calendar == day->calendar) desk->use.children[i] = 0;
	if (day->calendar != CALENDAR_NYSE) return;
	desk->use.trades_today = 0;
	desk->use.turnover_day_usd_e8 = 0;
	book_use_session(&desk->use);
}

static void day_event(struct desk_worker *worker, uint8_t calendar, uint8_t event, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	BUG_UNLESS(1221, calendar < CALENDARS_N);
	struct day *day = &desk->day[calendar];
	day->duty = DAY_DUTY_NONE;
	day->state = machine_step(&day_machine, day->state, event, day, in, out, worker->log);
	uint8_t duty = day->duty;
	day->duty = DAY_DUTY_NONE;
	switch ((enum day_duty)duty) {
	case DAY_DUTY_NONE:
	case DAY_DUTY_END: return;
	case DAY_DUTY_BEGIN: begin_day(desk, day); return;
	case DAY_DUTY_MARK: desk_mark(worker, in, out); return;
	case DAY_DUTY_DECIDE: desk_decide(worker, calendar, in, out); return;
	}
}

static bool any_owed(const struct desk *desk)
{
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (desk->owed[i].all) return true;
	return false;
}

static void on_tick(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	switch ((enum tick_phase)in->tick.phase) {
	case TICK_OPEN:
		if (any_owed(worker->desk)) desk_sweep(worker);        /* what a closed market refused */
		day_event(worker, in->tick.calendar, DAY_EV_OPENED, in, out);
		return;
	case TICK_CLOSE: day_event(worker, in->tick.calendar, DAY_EV_CLOSED, in, out); return;
	case TICK_DAY_END:
		for (uint8_t i = 0; i < CALENDARS_N; i++) day_event(worker, i, DAY_EV_ENDED, in, out);
		desk_day_end(worker, in, out);
		return;
	case TICK_PHASES_N: break;
	}
	bug_trap(1222);
}

/* These index by their symbol; they come from workers of ours, so one without a symbol is a bug. */
static bool needs_symbol(uint16_t kind)
{
	return kind == EVENT_PRICE || kind == EVENT_DIVIDEND || kind == EVENT_SIGNAL || kind == EVENT_ALARM;
}

static void turn(struct desk_worker *worker, const struct event *in, struct outbox *out)
{
	struct desk *desk = worker->desk;
	switch ((enum event_kind)in->kind) {
	case EVENT_TICK: on_tick(worker, in, out); return;
	case EVENT_PRICE: on_price(desk, in); return;
	case EVENT_DIVIDEND: on_dividend(desk, in); return;
	case EVENT_REGIME: on_regime(desk, in); return;
	case EVENT_SIGNAL: on_signal(desk, in); return;
	case EVENT_CYCLE: day_event(worker, in->cycle.calendar, DAY_EV_CYCLE, in, out); return;
	case EVENT_ALARM: desk_on_alarm(worker, in, out); return;
	case EVENT_TIMER: desk_on_timer(worker, in, out); return;
	case EVENT_OPERATOR: desk_on_operator(worker, in, out); return;
	case EVENT_ACK:
	case EVENT_NEW_REJECTED:
	case EVENT_CANCEL_REJECTED:
	case EVENT_REPLACE_REJECTED:
	case EVENT_REPLACED:
	case EVENT_CANCELLED:
	case EVENT_EXPIRED:
	case EVENT_NOT_FOUND:
	case EVENT_FILL: desk_on_venue(worker, in, out); return;
	case EVENT_VENUE: desk_on_session(worker, in, out); return;
	case EVENT_HOLDING: desk_on_holding(worker, in); return;
	case EVENT_BALANCE: desk_on_balance(worker, in, out); return;
	case EVENT_EXTERNAL: desk_on_external(worker, in); return;
	case EVENT_CASH: desk_on_cash(worker, in, out); return;
	case EVENT_CARE: desk_on_care(desk, in); return;
	case EVENT_CORRELATION: desk_on_correlation(worker, in, out); return;
	case EVENT_NONE:
	case EVENT_BAR:
	case EVENT_TRADE:
	case EVENT_ORDER_NEW:
	case EVENT_ORDER_CANCEL:
	case EVENT_ORDER_REPLACE:
	case EVENT_ORDER_QUERY:
	case EVENT_POSITION:
	case EVENT_ACCOUNT:
	case EVENT_ORDER:
	case EVENT_RISK:
	case EVENT_REFUSAL:
	case EVENT_QUARANTINE:
	case EVENT_HEARTBEAT:
	case EVENT_SHUTDOWN:
	case EVENT_RECONCILED:
	case EVENT_RECOVERY:
	case EVENT_FUNDING:
	case EVENT_SIZE:
	case EVENT_CAUSE:
	case EVENT_KINDS_N: break;
	}
	bug_trap(1223);        /* the pump routes only what is listed above */
}

static void note_position(const struct desk *desk, uint16_t sym, struct outbox *out)
{
	const struct position *position = &desk->account.position[sym];
	struct event          *event = outbox_add(out, EVENT_POSITION, sym);
	event->position = (struct position_note){ .qty_e8 = position->qty_e8,
		.cost_usd_e8 = position->cost_usd_e8,
		.realised_usd_e8 = position->realised_usd_e8,
		.px_e8 = position->px_e8,
		.fees_usd_e8 = position->fees_usd_e8,
		.dividends_usd_e8 = position->dividends_usd_e8,
		.day = position->px_day,
		.stop_state = desk->stop[sym].state };
}

void desk_note_account(const struct desk *desk, struct event *event)
{
	const struct account *account = &desk->account;
	uint8_t               positions = 0;
	int64_t               nav = account_nav_usd_e8(account), cost = 0;
	for (size_t i = 0; i < UNIVERSE_N; i++) {
		positions = (uint8_t)(positions + (account->position[i].qty_e8 != 0));
		cost += account->position[i].cost_usd_e8;
	}
	event->account = (struct account_note){ .cash_usd_e8 = account->cash_usd_e8,
		.nav_usd_e8 = nav,
		.peak_nav_usd_e8 = desk->ladder.peak_nav_usd_e8,
		.reserved_usd_e8 = desk_reserved_usd_e8(desk),
		.realised_usd_e8 = account->realised_usd_e8,
		.fees_usd_e8 = account->fees_usd_e8,
		.dividends_usd_e8 = account->dividends_usd_e8,
		.turnover_usd_e8 = account->turnover_usd_e8,
		.unrealised_usd_e8 = nav - account->cash_usd_e8 - cost,
		.day = desk->day[CALENDAR_NYSE].day,
		.drawdown_bp = desk->ladder.drawdown_bp,
		.level = ladder_level(&desk->ladder),
		.recovery_weeks = (uint8_t)(desk->ladder.weeks > UINT8_MAX ? UINT8_MAX : desk->ladder.weeks),
		.regime = desk->regime,
		.review_open = desk->ladder.review_open,
		.positions = positions,
		.orders_working = (uint16_t)order_table_live(&desk->orders),
		.ladder_state = desk->ladder.state,
		.halted = desk->halted,
		.paused = desk->paused,
		.reviews_open = desk_reviews_open(desk),
		.care = (uint32_t)desk->care };
}

static void put_out_changes(struct desk *desk, struct outbox *out)
{
	for (uint64_t left = desk->positions_dirty; left; left &= left - 1) note_position(desk, (uint16_t)__builtin_ctzll(left), out);
	if (desk->account_dirty) desk_note_account(desk, outbox_add(out, EVENT_ACCOUNT, SYM_NONE));
	desk->positions_dirty = desk->account_dirty = 0;
	for (size_t i = 0; i < out->count; i++) {
		struct event *event = &out->event[i];
		if (event->kind == EVENT_ORDER_NEW) event->request.journal_id = desk->journal_id;
		if (event->kind != EVENT_ORDER_CANCEL && event->kind != EVENT_ORDER_REPLACE && event->kind != EVENT_ORDER_QUERY) continue;
		event->ref.journal_id = desk->journal_id;
		desk->use.messages++;
	}
}

void desk_step(void *self, const struct event *in, struct outbox *out)
{
	struct desk_worker *worker = self;
	struct desk        *desk = worker->desk;
	BUG_UNLESS(1224, in->cause == desk->inputs + 1);
	BUG_UNLESS(1225, in->sym < UNIVERSE_N || (in->sym == SYM_NONE && !needs_symbol(in->kind)));
	BUG_UNLESS(1227, in->seq == 0 || (in->flags > DESK_SOURCE_NONE && in->flags < DESK_SOURCES_N));
	desk->inputs = in->cause;
	desk->t_ns = in->t_ns;
	desk->order_index = 0;
	book_use_minute(&desk->use, in->t_ns);
	if (in->seq) desk->taken[in->flags] = in->seq;
	if (in->kind == EVENT_VENUE && in->flags == EVENT_NEW_MAP) memset(desk->taken, 0, sizeof desk->taken);
	turn(worker, in, out);
	desk_care(worker, in, out);
	desk_say_causes(desk, in, out);
	put_out_changes(desk, out);
	BUG_UNLESS(1226, account_is_conserved(&desk->account));
}

bool desk_must_be_durable(const struct outbox *out)
{
	for (uint32_t i = 0; i < out->count; i++)
		if (out->event[i].kind == EVENT_ORDER_NEW) return true;
	return false;
}

uint64_t desk_hash(const struct desk *desk)
{
	/* from inputs on: equal days give equal hashes whatever file they went to and however they travelled */
	uint64_t h = hash_words(HASH_SEED, &desk->inputs, offsetof(struct desk, orders) - offsetof(struct desk, inputs));
	for (size_t i = 0; i < desk->orders.used_max; i++)
		if (desk->orders.order[i].state != ORDER_FREE) h = hash_words(h, &desk->orders.order[i], sizeof(struct order));
	h = hash_u64(h, desk->orders.executions.count);
	return hash_end(hash_u64(h, desk->orders.executions.hash));
}

uint32_t desk_checkpoint(const struct desk *desk, uint32_t from, struct outbox *out)
{
	uint32_t at = from, orders = (uint32_t)desk->orders.used_max;
	for (; at < UNIVERSE_N; at++) note_position(desk, (uint16_t)at, out);
	for (; at < UNIVERSE_N + orders && out->count + CAUSE_PLACES_N + 4 < OUTBOX_MAX; at++)
		if (desk->orders.order[at - UNIVERSE_N].state != ORDER_FREE)
			desk_note_order(&desk->orders.order[at - UNIVERSE_N], ORDER_EVENTS_N, out);
	if (at < UNIVERSE_N + orders) return at;
	desk_note_causes(desk, out);
	outbox_add(out, EVENT_CORRELATION, SYM_NONE)->correlation = desk->correlation;
	if (desk->recovery.has_venue) desk_note_recovery(desk, RECOVERY_EVENTS_N, out);
	if (desk->recovery.has_venue) desk_note_reconciled(desk, out);
	desk_note_account(desk, outbox_add(out, EVENT_ACCOUNT, SYM_NONE));
	return 0;
}
