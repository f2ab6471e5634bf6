/* analyst.c - bars into factors, factors into signals. */
#include "firmware/workers/analyst.h"

#include <math.h>
#include <string.h>

#include "fsm/desk/shares.h"
#include "fsm/feed/calendar.h"

enum { ANNUAL_SESSIONS = 252, ANNUAL_DAYS = 365, TRACE_STRATEGY_SHIFT = 8, TRACE_CYCLE_SHIFT = 16 };

/* What config.h says of a strategy goes into its own settings by name; the rest keep their defaults. */
static void apply_config(struct analyst *analyst)
{
	static const struct { enum strategy_id strategy; const char *name; enum setting_id id; double sign; } given[] = {
		{ STRATEGY_momentum, "high", SETTING_momentum_high_bp, 1 },
		{ STRATEGY_momentum, "low", SETTING_momentum_low_bp, 1 },
		{ STRATEGY_momentum, "neg", SETTING_momentum_negative_bp, -1 },
		{ STRATEGY_momentum, "neg_high", SETTING_momentum_negative_high_bp, -1 },
		{ STRATEGY_momentum, "weight", SETTING_signal_weight_bp, 1 },
		{ STRATEGY_mean_reversion, "weight", SETTING_signal_weight_bp, 1 },
	};
	for (size_t g = 0; g < sizeof given / sizeof given[0]; g++) {
		const struct strategy *strategy = strategy_of(given[g].strategy);
		uint32_t               found = 0;
		for (uint32_t i = 0; i < strategy->settings; i++) {
			if (strcmp(strategy->setting[i].name, given[g].name) != 0) continue;
			analyst->setting[given[g].strategy][i] = given[g].sign * setting(&analyst->settings, given[g].id) / BP_ONE;
			found++;
		}
		BUG_UNLESS(4021, found == 1);
	}
}

static bool runs(const struct analyst *analyst, int strategy) { return analyst->runs_all || strategy_share_bp(&analyst->settings, strategy) != 0; }

/* A place for the state of each strategy that has a share, or of each that has none; where the next one goes. */
static uint32_t place_states(struct analyst *analyst, bool with_share, uint32_t at)
{
	for (int s = 0; s < STRATEGY_COUNT; s++) {
		if (runs(analyst, s) != with_share) continue;
		analyst->state_at[s] = at;
		at += (strategy_of((enum strategy_id)s)->state_bytes + 15u) & ~15u;
		BUG_UNLESS(3990, at <= ANALYST_ROOM_BYTES);
	}
	return at;
}

size_t analyst_live_bytes(const struct analyst *analyst)
{
	return analyst->runs_all ? sizeof *analyst : offsetof(struct analyst, room) + analyst->running_bytes;
}

void analyst_init(struct analyst *analyst, const struct settings *settings)
{
	memset(analyst, 0, sizeof *analyst);
	analyst->settings = *settings;
	for (size_t i = 0; i < UNIVERSE_N; i++)
		factors_init(&analyst->factors[i], universe[i].calendar == CALENDAR_CRYPTO ? ANNUAL_DAYS : ANNUAL_SESSIONS);
	analyst->market.assets = UNIVERSE_N;
	for (size_t i = 0; i < UNIVERSE_N; i++)
		if (universe[i].asset_class == ASSET_HAVEN) analyst->market.asset[i].roles = ROLE_SAFE_HAVEN;
	analyst->market.vix = NAN;
	for (int s = 0; s < STRATEGY_COUNT; s++) strategy_settings(strategy_of((enum strategy_id)s), analyst->setting[s]);
	apply_config(analyst);
	analyst->running_bytes = place_states(analyst, true, 0);
	(void)place_states(analyst, false, analyst->running_bytes);
	for (int s = 0; s < STRATEGY_COUNT; s++) {
		const struct strategy *strategy = strategy_of((enum strategy_id)s);
		BUG_UNLESS(4020, strategy_settings_wrong(strategy, analyst->setting[s]) < 0);
		strategy->init(analyst->room + analyst->state_at[s], analyst->setting[s]);
	}
}

static void on_bar(struct analyst *analyst, const struct event *in)
{
	const struct bar  *bar = &in->bar;
	struct asset_view *view = &analyst->market.asset[in->sym];
	struct factor_bar  row = { e8_to_double(bar->open_px_e8), e8_to_double(bar->high_px_e8), e8_to_double(bar->low_px_e8),
		 e8_to_double(bar->close_px_e8), e8_to_double(bar->adj_px_e8), (double)bar->volume };
	if (!factors_push(&analyst->factors[in->sym], &row)) return;        /* not sound: no news of this symbol */
	view->fresh = true;
	view->bar = row;
	factors_row(&analyst->factors[in->sym], &view->factors);
	analyst->hash[in->sym] = feature_cache_put(&analyst->features, in->sym, bar->day, &view->factors)->hash;
	analyst->market.day = bar->day;
}

static void on_funding(struct analyst *analyst, const struct event *in)
{
	BUG_UNLESS(2331, in->sym < UNIVERSE_N && in->funding.venue < FUNDING_VENUES);
	funding_add(&analyst->market.funding[in->sym][in->funding.venue], e8_to_double(in->funding.rate_e8));
}

static int32_t bp_from_double(double share)
{
	int64_t share_e8 = 0;
	if (!e8_from_double(share, &share_e8)) return 0;
	return (int32_t)i128_narrow(div_near(share_e8, E8 / BP_ONE));
}

/* The longer window where it is ready, the shorter one when it says more. */
static int64_t volatility_e8(const struct factor_row *row)
{
	int64_t short_e8 = 0, long_e8 = 0;
	if (row->ready[FACTOR_VOLATILITY_20]) (void)e8_from_double(row->value[FACTOR_VOLATILITY_20], &short_e8);
	if (row->ready[FACTOR_VOLATILITY_60]) (void)e8_from_double(row->value[FACTOR_VOLATILITY_60], &long_e8);
	return e8_max(short_e8, long_e8);
}

static bool put_signal(struct analyst *analyst, const struct signal *said, struct outbox *out)
{
	const struct asset_view *view = &analyst->market.asset[said->asset];
	struct event            *event = outbox_add(out, EVENT_SIGNAL, said->asset);
	struct signal_note      *note = &event->signal;
	bool                     warming = said->bars_seen < said->bars_needed;
	note->trace_id = analyst->cycles << TRACE_CYCLE_SHIFT | (uint64_t)said->strategy << TRACE_STRATEGY_SHIFT | said->asset;
	note->feature_hash = analyst->hash[said->asset];
	note->volatility_e8 = volatility_e8(&view->factors);
	if (view->factors.ready[FACTOR_ATR_14]) (void)e8_from_double(view->factors.value[FACTOR_ATR_14], &note->atr_e8);
	(void)e8_from_double(view->bar.close, &note->px_e8);
	note->day = analyst->market.day;
	note->confidence_bp = bp_from_double(said->confidence);
	note->weight_bp = bp_from_double(said->target_weight);
	note->bars_seen = (int32_t)said->bars_seen;
	note->bars_needed = (int32_t)said->bars_needed;
	note->strategy = said->strategy;
	note->grade = said->grade;
	note->regime = said->regime;
	note->reason = said->reason;
	return !warming;
}

static void end_cycle(struct analyst *analyst, uint8_t calendar, struct outbox *out)
{
	uint32_t signals = 0, warming = 0;
	analyst->cycles++;
	for (int s = 0; s < STRATEGY_COUNT; s++) {
		if (!runs(analyst, s)) continue;
		strategy_step((enum strategy_id)s, analyst->room + analyst->state_at[s], analyst->setting[s], &analyst->market, analyst->said);
		for (uint16_t i = 0; i < UNIVERSE_N; i++) {
			if (!analyst->market.asset[i].fresh || universe[i].asset_class == ASSET_INDEX || universe[i].calendar != calendar) continue;
			bool ready = put_signal(analyst, &analyst->said[i], out);
			signals++;
			warming += !ready;
		}
	}
	for (uint16_t i = 0; i < UNIVERSE_N; i++)
		if (universe[i].calendar == calendar) analyst->market.asset[i].fresh = false;
	struct event *event = outbox_add(out, EVENT_CYCLE, SYM_NONE);
	event->cycle.day = analyst->market.day;
	event->cycle.calendar = calendar;
	event->cycle.signals = signals;
	event->cycle.warming = warming;
}

void analyst_step(void *self, const struct event *in, struct outbox *out)
{
	struct analyst *analyst = self;
	if (in->kind == EVENT_BAR) on_bar(analyst, in);
	if (in->kind == EVENT_FUNDING) on_funding(analyst, in);
	if (in->kind == EVENT_REGIME) analyst->market.vix = e8_to_double(in->regime.vix_e8);
	if (in->kind == EVENT_TICK && in->tick.phase == TICK_CLOSE) end_cycle(analyst, in->tick.calendar, out);
}
