/* health.c - one look at each position at each mark, and between marks where time is real. */
#include "firmware/workers/health.h"

#include <math.h>
#include <string.h>

#include "fsm/feed/calendar.h"
#include "fsm/risk/stop.h"
#include "strategies/risk/tail.h"
#include "strategies/sizing/sizer.h"

enum { ANNUAL_SESSIONS = 252, ANNUAL_DAYS = 365, LAMBDA_PERCENT = 94, RETURN_MAX = 10 };
#define VARIANCE_MAX_E12 INT64_C(1000000000000)        /* 100 % a day */
#define TAIL 0.05
#define BIT(kind) (1u << ALARM_##kind)

#define ALARM_PRIORITY(name, priority, text) [ALARM_##name] = (priority),
static const uint8_t priority_of[ALARM_KINDS_N] = { ALARMS(ALARM_PRIORITY) };

void health_init(struct health *health, const struct settings *settings)
{
	memset(health, 0, sizeof *health);
	health->settings = *settings;
	for (int i = 0; i < UNIVERSE_N; i++) atr_init(&health->range[i], HEALTH_ATR_DAYS);
}

static int32_t sessions_a_year(uint8_t calendar) { return calendar == CALENDAR_CRYPTO ? ANNUAL_DAYS : ANNUAL_SESSIONS; }

int64_t health_volatility_e8(const struct health_position *of, uint8_t calendar)
{
	if (of->returns < HEALTH_RETURNS_MIN) return 0;
	return (int64_t)sqrt((double)(of->variance_e12 * sessions_a_year(calendar) * BP_ONE));        /* root of 1e16 is 1e8 */
}

/* A mark: one more return of what had a price since the last one. */
static void mark(struct health_position *of)
{
	int64_t px_e8 = of->position.px_e8;
	of->position.px_age = of->is_fresh ? 0 : of->position.px_age + 1;
	if (of->is_fresh && of->mark_px_e8 > 0) {
		int64_t most_e8 = RETURN_MAX * E8;
		i128    change_e8 = div_near((i128)(px_e8 - of->mark_px_e8) * E8, of->mark_px_e8);
		int64_t return_e8 = change_e8 < most_e8 ? (int64_t)change_e8 : most_e8;        /* a price above 0 falls by 1 at most */
		int64_t square_e12 = e8_min(return_e8 * return_e8 / BP_ONE, VARIANCE_MAX_E12);
		bool    first = of->returns++ == 0;
		of->variance_e12 = first ? square_e12 : (of->variance_e12 * LAMBDA_PERCENT + square_e12 * (100 - LAMBDA_PERCENT)) / 100;
	}
	if (of->is_fresh) of->mark_px_e8 = px_e8;
	of->is_fresh = 0;
}

/* The figures of the whole book, once a look. */
struct book_health { int64_t volatility_e8[UNIVERSE_N], risk_usd_e8[UNIVERSE_N], sum_risk_usd_e8, allowed_e8[UNIVERSE_N]; uint32_t held; };

static void weigh(const struct health *health, struct book_health *book)
{
	struct size_book  size;
	struct size_trace trace[UNIVERSE_N];
	memset(book, 0, sizeof *book);
	size_book_init(&size, &health->settings);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		const struct health_position *of = &health->of[sym];
		if (of->position.qty_e8 == 0) continue;
		book->held++;
		book->volatility_e8[sym] = size.asset[sym].volatility_e8 = health_volatility_e8(of, universe[sym].calendar);
		book->risk_usd_e8[sym] = e8_mul(e8_abs(position_value_usd_e8(&of->position)), book->volatility_e8[sym]);
		book->sum_risk_usd_e8 += book->risk_usd_e8[sym];
		size_add_wish(&size.asset[sym], BP_ONE, BP_ONE, BP_ONE, BP_ONE);
	}
	if (book->held == 0) return;
	size_chain(&size, trace);
	for (int i = 0; i < UNIVERSE_N; i++) book->allowed_e8[i] = trace[i].weight_e8[SIZE_CAP];
}

static int32_t bp_of(int64_t part_e8, int64_t whole_e8)
{
	i128 bp = whole_e8 > 0 ? div_near((i128)part_e8 * BP_ONE, whole_e8) : 0;
	return bp < INT32_MAX ? (int32_t)bp : INT32_MAX;
}

/* A stop of a position, of its entry price, with what the range leaves of it. */
static int32_t stop_bp(const struct health *health, uint16_t sym, int32_t share_bp)
{
	const struct atr *range = &health->range[sym];
	int64_t           range_e8 = 0, entry_px_e8 = position_entry_px_e8(&health->of[sym].position);
	int32_t           times_bp = setting(&health->settings, SETTING_stop_atr_bp);
	if (times_bp == settings_table[SETTING_stop_atr_bp].max || !atr_ready(range)) return share_bp;
	if (entry_px_e8 <= 0 || !e8_from_double(atr_value(range), &range_e8) || range_e8 == 0) return share_bp;
	i128 exit_bp = (i128)range_e8 * times_bp / entry_px_e8;
	if (exit_bp >= universe[sym].stop_exit_bp) return share_bp;
	return (int32_t)(share_bp * exit_bp / universe[sym].stop_exit_bp);
}

/* The figures of one position, as they go into its alarms. */
static void measure(const struct health *health, const struct book_health *book, uint16_t sym, struct alarm *figures)
{
	const struct health_position *of = &health->of[sym];
	double                        daily = e8_to_double(book->volatility_e8[sym]) / sqrt(sessions_a_year(universe[sym].calendar));
	int64_t                       var_e8 = 0;
	(void)e8_from_double(tail_var_parametric(0, daily, TAIL), &var_e8);
	*figures = (struct alarm){ .px_e8 = of->position.px_e8, .entry_px_e8 = position_entry_px_e8(&of->position) };
	figures->loss_bp = position_loss_bp(&of->position);
	figures->stop_distance_bp = stop_bp(health, sym, of->stop_state == STOP_ARMED ? universe[sym].stop_half_bp : universe[sym].stop_exit_bp) - figures->loss_bp;
	figures->volatility_bp = bp_of(book->volatility_e8[sym], E8);
	figures->weight_bp = bp_of(e8_abs(position_value_usd_e8(&of->position)), health->nav_usd_e8);
	figures->allowed_bp = bp_of(book->allowed_e8[sym], E8);
	figures->var_share_bp = bp_of(book->risk_usd_e8[sym], book->sum_risk_usd_e8);
	figures->var_bp = bp_of(e8_mul(figures->weight_bp * (E8 / BP_ONE), var_e8), E8);
	figures->age_sessions = (uint8_t)e8_min(of->position.px_age, UINT8_MAX);
}

/* Strictly more than the stop's share, as the document's code has it. */
static uint32_t stop_alarms(const struct health *health, uint16_t sym, const struct alarm *figures)
{
	uint8_t state = health->of[sym].stop_state;
	if (figures->loss_bp > stop_bp(health, sym, universe[sym].stop_exit_bp)) return BIT(STOP_EXIT);
	if (figures->loss_bp > stop_bp(health, sym, universe[sym].stop_half_bp) && state == STOP_ARMED) return BIT(STOP_HALF);
	return figures->loss_bp <= 0 && state == STOP_HALVED ? BIT(RECOVERED) : 0;
}

static uint32_t other_alarms(const struct health *health, const struct book_health *book, uint16_t sym, const struct alarm *figures)
{
	const struct settings *s = &health->settings;
	bool     is_known = figures->volatility_bp > 0, near = figures->stop_distance_bp >= 0 && figures->stop_distance_bp < setting(s, SETTING_health_stop_near_bp);
	bool     silent = health->of[sym].silent_beats * (int64_t)setting(s, SETTING_health_period_ms) > setting(s, SETTING_price_stale_s) * INT64_C(1000);
	uint32_t kinds = silent || figures->age_sessions > setting(s, SETTING_price_stale_sessions) ? BIT(STALE) : 0;
	if (near) kinds |= BIT(STOP_NEAR);
	if (!is_known) return kinds;
	if (figures->weight_bp >= figures->allowed_bp + setting(s, SETTING_rebalance_band_bp)) kinds |= BIT(OVERSIZED);
	if (figures->volatility_bp > (int64_t)universe[sym].volatility_bp * setting(s, SETTING_health_volatile_bp) / BP_ONE) kinds |= BIT(VOLATILE);
	if (book->held > 1 && figures->var_share_bp > setting(s, SETTING_health_var_share_bp)) kinds |= BIT(VAR_SHARE);
	return kinds;
}

static void put(struct health *health, uint16_t sym, uint8_t kind, bool is_over, const struct alarm *figures, struct outbox *out)
{
	struct event *event = outbox_add(out, EVENT_ALARM, sym);
	health->alarms++;
	event->alarm = *figures;
	event->alarm.alarm_kind = kind;
	event->alarm.is_over = is_over;
	event->alarm.priority = is_over ? ALARM_PRIORITIES : priority_of[kind];
}

/* Stops at every mark and once in between; the rest when it begins and when it ends. */
static void say(struct health *health, uint16_t sym, uint32_t kinds, bool is_mark, const struct alarm *figures, struct outbox *out)
{
	const uint32_t          stops = BIT(STOP_HALF) | BIT(STOP_EXIT) | BIT(RECOVERED);
	struct health_position *of = &health->of[sym];
	uint32_t                begun = kinds & ~(is_mark ? of->said & ~stops : of->said), ended = of->said & ~kinds & ~stops;
	for (uint8_t kind = 0; kind < ALARM_KINDS_N; kind++) {
		if (begun >> kind & 1) put(health, sym, kind, false, figures, out);
		if (ended >> kind & 1) put(health, sym, kind, true, figures, out);
	}
	of->said = (uint8_t)(kinds | (is_mark ? 0 : of->said & stops));
}

static void look(struct health *health, uint8_t calendar, bool is_mark, struct outbox *out)
{
	struct book_health book;
	weigh(health, &book);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct health_position *of = &health->of[sym];
		struct alarm            figures = { 0 };
		uint32_t                kinds = 0;
		if ((is_mark && universe[sym].calendar != calendar) || (of->position.qty_e8 == 0 && of->said == 0)) continue;
		if (!is_mark && health->is_history && !of->is_live) continue;        /* the price of another day against what is held today */
		if (of->position.qty_e8 != 0) {
			measure(health, &book, sym, &figures);
			kinds = stop_alarms(health, sym, &figures) | other_alarms(health, &book, sym, &figures);
		}
		say(health, sym, kinds, is_mark, &figures, out);
	}
}

/* --- correlation ------------------------------------------------------------------------------------------------- */

/* Close to close of the NYSE; false while there is none to be trusted. */
static bool session_return(struct health *health, uint16_t sym, int64_t *return_e7)
{
	const struct position *position = &health->of[sym].position;
	int64_t                before_e8 = health->close_px_e8[sym];
	bool                   fresh = position->px_e8 > 0 && position->px_age <= setting(&health->settings, SETTING_price_stale_sessions);
	health->close_px_e8[sym] = fresh ? position->px_e8 : 0;
	if (!fresh || before_e8 == 0 || universe[sym].asset_class == ASSET_INDEX) return false;
	i128 change_e7 = div_near((i128)(position->px_e8 - before_e8) * CORRELATION_RETURN_ONE, before_e8);
	*return_e7 = change_e7 < CORRELATION_RETURN_ONE ? (int64_t)change_e7 : CORRELATION_RETURN_ONE;
	return true;
}

static int32_t of_double_e8(double value)
{
	int64_t value_e8 = 0;
	(void)e8_from_double(value, &value_e8);        /* within -1..1 */
	return (int32_t)value_e8;
}

static void say_correlation(const struct health *health, int32_t day, struct outbox *out)
{
	struct correlation_note *note = &outbox_add(out, EVENT_CORRELATION, SYM_NONE)->correlation;
	struct correlation_matrix matrix;
	uint64_t held = 0, with[UNIVERSE_N];
	correlation_of(&health->together, &matrix);
	for (int i = 0; i < UNIVERSE_N; i++) held |= (uint64_t)(health->of[i].position.qty_e8 != 0) << i;
	correlation_sets(&matrix, setting(&health->settings, SETTING_correlation_pair_bp) / (double)BP_ONE, with);
	struct correlation_figures figures = correlation_figures(&matrix, held);
	*note = (struct correlation_note){ .day = day, .highest_a = (uint16_t)figures.highest_a, .highest_b = (uint16_t)figures.highest_b };
	note->average_e8 = of_double_e8(figures.average);
	note->lowest_e8 = of_double_e8(figures.lowest);
	note->highest_e8 = of_double_e8(figures.highest);
	note->assets = (uint8_t)figures.assets;
	correlation_pack(with, note->pair);
	for (int i = 0; i < CORRELATION_WORDS; i++) note->pairs_above = (uint16_t)(note->pairs_above + __builtin_popcountll(note->pair[i]));
}

static void session_over(struct health *health, int32_t day, struct outbox *out)
{
	int64_t  return_e7[UNIVERSE_N] = { 0 };
	uint64_t known = 0;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) known |= (uint64_t)session_return(health, sym, &return_e7[sym]) << sym;
	correlation_window_push(&health->together, return_e7, known);
	say_correlation(health, day, out);
}

static void on_price(struct health_position *of, const struct price *price)
{
	of->position.px_e8 = price->px_e8;
	of->is_fresh = 1;
	of->is_live = price->price_kind == PRICE_TRADE;
	of->silent_beats = 0;
}

/* A stream that is silent while its market is open is measured in HEARTBEATs, since market time stands. */
static void beat(struct health *health, struct outbox *out)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) health->of[sym].silent_beats += health->of[sym].is_live && health->is_open[universe[sym].calendar];
	look(health, 0, false, out);
	for (uint32_t i = 0; i < out->count; i++) out->event[i].flags = EVENT_OF_NOW;
}

static void on_position(struct health_position *of, const struct position_note *note)
{
	of->position.qty_e8 = note->qty_e8;
	of->position.cost_usd_e8 = note->cost_usd_e8;
	of->stop_state = (uint8_t)note->stop_state;
}

/* What is no bar says nothing. */
static void on_bar(struct atr *range, const struct bar *bar)
{
	(void)atr_push(range, e8_to_double(bar->high_px_e8), e8_to_double(bar->low_px_e8), e8_to_double(bar->close_px_e8));
}

void health_step(void *self, const struct event *in, struct outbox *out)
{
	struct health *health = self;
	if (in->kind == EVENT_BAR) on_bar(&health->range[in->sym], &in->bar);
	if (in->kind == EVENT_PRICE) on_price(&health->of[in->sym], &in->price);
	if (in->kind == EVENT_POSITION) on_position(&health->of[in->sym], &in->position);
	if (in->kind == EVENT_ACCOUNT) health->nav_usd_e8 = in->account.nav_usd_e8;
	if (in->kind == EVENT_HEARTBEAT) beat(health, out);
	if (in->kind != EVENT_TICK) return;
	health->is_history = (in->flags & EVENT_WARMING) != 0;
	if (in->tick.phase == TICK_OPEN) health->is_open[in->tick.calendar] = 1;
	if (in->tick.phase != TICK_CLOSE) return;
	health->is_open[in->tick.calendar] = 0;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		if (universe[sym].calendar == in->tick.calendar) mark(&health->of[sym]);
	look(health, in->tick.calendar, true, out);
	if (in->tick.calendar == CALENDAR_NYSE) session_over(health, in->tick.day, out);
}
