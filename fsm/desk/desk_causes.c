/* desk_causes.c - which causes are in force: read from the desk's state, each in one place, and every change said once. */
#include "fsm/desk/desk.h"

static uint64_t ladder_causes(const struct ladder *ladder)
{
	static const uint8_t of_state[LADDER_STATES_N] = { [LADDER_CLEAR] = CAUSES_N,
		[LADDER_LEVEL1] = CAUSE_LEVEL1,
		[LADDER_LEVEL2] = CAUSE_LEVEL2,
		[LADDER_LEVEL3] = CAUSE_LEVEL3,
		[LADDER_LEVEL4] = CAUSE_LEVEL4,
		[LADDER_OUT] = CAUSE_OUT,
		[LADDER_READY] = CAUSE_READY,
		[LADDER_RECOVERY] = CAUSE_RAMP };
	uint8_t cause = of_state[ladder->state];
	return cause == CAUSES_N ? 0 : cause_bit(cause, true);
}

static bool is_overdue(const struct desk *desk)
{
	for (int i = 0; i < CAUSES_BOOK_N; i++) {
		const struct review *review = &desk->causes.review[i];
		if (review->state == CAUSE_REVIEW_OPEN && review->sessions >= desk_setting(desk, SETTING_unacknowledged_sessions)) return true;
	}
	return false;
}

uint64_t desk_causes_of_book(const struct desk *desk)
{
	bool    away = recovery_is_away(&desk->recovery);
	uint8_t correlation = desk_correlation_level(desk);
	const uint64_t files = UINT64_C(1) << CARE_JOURNAL | UINT64_C(1) << CARE_BOOKS;
	uint64_t parts = desk->care & ~(files | UINT64_C(1) << CARE_MEMORY | UINT64_C(1) << CARE_CREDITS);        /* these have rows of their own */
	return ladder_causes(&desk->ladder) | cause_bit(CAUSE_JOURNAL, desk->journal_lost) | cause_bit(CAUSE_HALTED, desk->halted) |
		cause_bit(CAUSE_PAUSED, desk->paused) | cause_bit(CAUSE_VENUE, away) | cause_bit(CAUSE_DEGRADED, !degraded_allows_more(parts)) |
		cause_bit(CAUSE_LACKING, parts && degraded_allows_more(parts)) | cause_bit(CAUSE_MEMORY, desk->care >> CARE_MEMORY & 1) |
		cause_bit(CAUSE_CREDITS, desk->care >> CARE_CREDITS & 1) | cause_bit(CAUSE_FILES, (desk->care & files) != 0) |
		cause_bit(CAUSE_RECOVERY, !away && !recovery_allows_more(&desk->recovery)) |
		cause_bit(CAUSE_RECONCILE, !reconcile_allows_more(&desk->reconcile)) | cause_bit(CAUSE_BLOCKED, desk->blocked) |
		cause_bit(CAUSE_UNACKNOWLEDGED, is_overdue(desk)) | cause_bit(CAUSE_TOGETHER, correlation == 2) | cause_bit(CAUSE_CORRELATED, correlation == 1) |
		cause_bit(CAUSE_EXTREME, desk->regime >= REGIME_EXTREME) | cause_bit(CAUSE_HIGH_VOL, desk->regime == REGIME_HIGH_VOL);
}

/* The guard of brokers that keep the pattern-day-trader rule (book_use.h). */
static bool day_trades_forbid(const struct desk *desk, uint16_t sym)
{
	int32_t most = desk_setting(desk, SETTING_day_trades_max);
	if (most == DAY_TRADES_OFF || universe[sym].asset_class == ASSET_CRYPTO || book_use_day_trades(&desk->use) < (uint32_t)most) return false;
	return account_nav_usd_e8(&desk->account) < (int64_t)desk_setting(desk, SETTING_day_trades_equity_usd) * E8;
}

static uint64_t compliance_causes(const struct desk *desk, uint16_t sym)
{
	bool washes = book_use_in_wash_window(&desk->use, sym, desk->day[CALENDAR_NYSE].day);
	enum cause_id wash = desk_setting(desk, SETTING_wash_sale_guard) ? CAUSE_NO_WASH : CAUSE_WASH;
	return cause_bit(wash, washes) | cause_bit(CAUSE_DAY_TRADES, day_trades_forbid(desk, sym));
}

/* Of those that are no stop; STALE by health's clock, within a session. */
static uint64_t alarm_causes(uint32_t alarms)
{
	const uint32_t warnings = 1u << ALARM_STOP_NEAR | 1u << ALARM_OVERSIZED, notes = 1u << ALARM_VOLATILE | 1u << ALARM_VAR_SHARE;
	return cause_bit(CAUSE_ALARMED, alarms & warnings) | cause_bit(CAUSE_WATCHED, alarms & notes) | cause_bit(CAUSE_STALE, alarms & 1u << ALARM_STALE);
}

uint64_t desk_causes_of_symbol(const struct desk *desk, uint16_t sym)
{
	static const uint64_t of_stop[STOP_STATES_N] = { [STOP_EXITING] = UINT64_C(1) << CAUSE_STOP_EXIT,
		[STOP_HALVED] = UINT64_C(1) << CAUSE_STOP_HALF,
		[STOP_COOLING] = UINT64_C(1) << CAUSE_STOP_REST };
	/* a price that never came is not old: nothing can be decided without one */
	bool stale = desk->account.position[sym].px_e8 > 0 && desk->account.position[sym].px_age > desk_setting(desk, SETTING_price_stale_sessions);
	return of_stop[desk->stop[sym].state] | cause_bit(CAUSE_FLATTENED, desk->owed[sym].held) |
		cause_bit(CAUSE_UNKNOWN, desk->unknown[sym] > 0) | cause_bit(CAUSE_EXTERNAL, externals_work_in(&desk->externals, sym)) |
		cause_bit(CAUSE_STALE, stale) | cause_bit(CAUSE_PAIRED, desk->together[sym] != 0) |
		compliance_causes(desk, sym) | (desk->alarms[sym] ? alarm_causes(desk->alarms[sym]) : 0);
}

/* A review opens with its cause and is closed with it. */
static void turn_review(struct desk *desk, enum cause_id cause, bool in_force)
{
	if (!cause_table[cause].opens_review) return;
	struct review *review = &desk->causes.review[cause];
	if (in_force) *review = (struct review){ .id = (uint32_t)++desk->causes.reviews, .state = CAUSE_REVIEW_OPEN };
	else review->state = CAUSE_REVIEW_CLOSED;
	desk->account_dirty = 1;
}

static void note_cause(const struct desk *desk, enum cause_id cause, uint16_t sym, struct outbox *out)
{
	struct event *event = outbox_add(out, EVENT_CAUSE, sym);
	event->change = (struct cause_note){ .since_ns = desk->causes.since_ns[cause_place(cause, sym)],
		.nav_usd_e8 = account_nav_usd_e8(&desk->account),
		.peak_nav_usd_e8 = desk->ladder.peak_nav_usd_e8,
		.drawdown_bp = desk->ladder.drawdown_bp,
		.cause = (uint8_t)cause,
		.review = sym < UNIVERSE_N ? CAUSE_REVIEW_NONE : desk->causes.review[cause].state,
		.review_id = sym < UNIVERSE_N ? 0 : desk->causes.review[cause].id,
		.in_force = desk->causes.since_ns[cause_place(cause, sym)] != 0,
		.action = (uint8_t)cause_action_of(desk->causes.book | (sym < UNIVERSE_N ? desk->causes.symbol[sym] : 0)) };
}

/* Says what has changed between two sets of causes. What does not fit into this step, beside the positions and the account, is said by a later one. */
static void change(struct desk *desk, uint64_t *set, uint64_t now, uint16_t sym, struct outbox *out)
{
	for (uint64_t left = *set ^ now; left && out->count + UNIVERSE_N + 2 < OUTBOX_MAX; left &= left - 1) {
		enum cause_id cause = (enum cause_id)__builtin_ctzll(left);
		*set ^= cause_bit(cause, true);
		desk->causes.since_ns[cause_place(cause, sym)] = now >> cause & 1 ? e8_max(desk->t_ns, 1) : 0;
		turn_review(desk, cause, now >> cause & 1);
		note_cause(desk, cause, sym, out);
	}
}

void desk_acknowledge(struct desk *desk, uint64_t id, struct outbox *out)
{
	for (int i = 0; i < CAUSES_BOOK_N; i++) {
		struct review *review = &desk->causes.review[i];
		if (review->state != CAUSE_REVIEW_OPEN || (id != 0 && review->id != id)) continue;
		review->state = CAUSE_REVIEW_ACKNOWLEDGED;
		note_cause(desk, (enum cause_id)i, SYM_NONE, out);
	}
}

void desk_count_reviews(struct desk *desk)
{
	for (int i = 0; i < CAUSES_BOOK_N; i++) desk->causes.review[i].sessions += desk->causes.review[i].state == CAUSE_REVIEW_OPEN;
}

uint8_t desk_reviews_open(const struct desk *desk)
{
	uint8_t open = 0;
	for (int i = 0; i < CAUSES_BOOK_N; i++) open = (uint8_t)(open + (desk->causes.review[i].state == CAUSE_REVIEW_OPEN));
	return open;
}

/* A price or a signal touches its own symbol, unless the desk is on its way back to the venue: then any step may do a part of that. */
static bool is_of_one_symbol(const struct desk *desk, const struct event *in)
{
	return (in->kind == EVENT_PRICE || in->kind == EVENT_SIGNAL) && desk->recovery.state == RECOVERY_TRADING && !desk->recovery.duty;
}

void desk_say_causes(struct desk *desk, const struct event *in, struct outbox *out)
{
	struct causes *causes = &desk->causes;
	if (is_of_one_symbol(desk, in)) {
		change(desk, &causes->symbol[in->sym], desk_causes_of_symbol(desk, in->sym), in->sym, out);
		return;
	}
	if (in->kind == EVENT_VENUE && in->flags == EVENT_NEW_MAP) desk_note_causes(desk, out); /* its cells are empty */
	change(desk, &causes->book, desk_causes_of_book(desk), SYM_NONE, out);
	if (causes->book >> CAUSE_UNACKNOWLEDGED & 1)        /* a review that was closed just now may have been the one nobody saw */
		change(desk, &causes->book, desk_causes_of_book(desk), SYM_NONE, out);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) change(desk, &causes->symbol[sym], desk_causes_of_symbol(desk, sym), sym, out);
}

void desk_note_causes(const struct desk *desk, struct outbox *out)
{
	for (uint64_t left = desk->causes.book; left; left &= left - 1) note_cause(desk, (enum cause_id)__builtin_ctzll(left), SYM_NONE, out);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		for (uint64_t left = desk->causes.symbol[sym]; left; left &= left - 1)
			note_cause(desk, (enum cause_id)__builtin_ctzll(left), sym, out);
}
