/* generate.c - see generate.h. Fractions, returns and normals are e8 integers; random bits are splitmix64 (Steele, Lea, Flood 2014). */
#include "hal/replay/generate.h"

#include <string.h>

#include "fsm/feed/calendar.h"
#include "hal/sim/chance.h"
#include "hal/sim/root.h"

enum {
	CENT_E8 = 1000000,
	E8_PER_BP = 10000,
	PX_MAX_USD = 1000000,           /* a walk of decades ends here, far below what a price may be */
	BTC_FIRST_DAY = 16330,          /* 2014-09-17 */
	MARKET_VOLATILITY_BP = 1400,    /* a year */
	VIX_FIRST = 18,
	VIX_DAYS = 22,
	SESSIONS_YEAR = 252,
	NORMALS = 12,
	REGIME_NORMAL = 1
};

/* What a symbol looks like: first close, yearly volatility and drift, share of the market factor. */
struct look { const char *symbol; int32_t px_usd, volatility_bp, drift_bp, beta_bp, volume; };
static const struct look looks[] = {
	{ "GLD", 60, 1600, 500, 500, 8000000 },
	{ "SPY", 140, 1400, 800, 10000, 90000000 },
	{ "QQQ", 45, 1800, 1100, 11500, 50000000 },
	{ "BTC-USD", 450, 6500, 4000, 0, 500000 },
	{ "SLV", 13, 2800, 300, 2500, 12000000 },
	{ "XLE", 58, 2400, 500, 11000, 15000000 },
	{ "TLT", 88, 1300, 200, -3000, 9000000 },
	{ "TIP", 99, 600, 100, -500, 1000000 },
	{ "EFA", 73, 1700, 400, 10500, 18000000 },
	{ "EEM", 38, 2100, 500, 11500, 50000000 },
	{ "", 30, 1700, 600, 9500, 5000000 },           /* any other */
};

struct regime { int32_t volatility_bp, drift_bp, leaves_bp, worse_bp; };
static const struct regime regimes[] = {
	/* times usual  drift a year  chance a day to leave; of that, to the worse */
	{ 7000, 500, 80, 10000 },
	{ 10000, 0, 120, 3500 },
	{ 25000, -3000, 300, 0 },
};

struct walk {
	uint64_t random;
	size_t   regime;
	int64_t  market_e8, vix_variance_e16;           /* today's factor: a normal; of daily returns */
	int64_t  close_px_e8[UNIVERSE_N];
};

/* --- chance --- */

static uint64_t draw(struct walk *walk) { return chance_next(&walk->random); }

static int32_t draw_bp(struct walk *walk) { return (int32_t)(draw(walk) % BP_ONE); }

/* A normal of variance 1, e8: twelve uniforms less their mean (Irwin-Hall), which ends at six deviations. */
static int64_t draw_normal_e8(struct walk *walk)
{
	int64_t sum = 0;
	for (int i = 0; i < NORMALS; i++) sum += (int64_t)(draw(walk) >> 32);
	return (int64_t)(((i128)sum - ((i128)NORMALS << 31)) * E8 / (INT64_C(1) << 32));
}

/* exp of a small fraction: five terms of its series, beyond e8 for |x| < 0.1 and smooth further out. */
static int64_t exp_e8(int64_t x_e8)
{
	int64_t term = E8, sum = E8;
	for (int64_t n = 1; n <= 5; n++) {
		term = i128_narrow(div_near((i128)term * x_e8, E8 * n));
		sum += term;
	}
	return e8_max(sum, E8 / 4);
}

/* --- one day --- */

static void step_regime(struct walk *walk)
{
	const struct regime *regime = &regimes[walk->regime];
	bool                 leaves = draw_bp(walk) < regime->leaves_bp, worse = draw_bp(walk) < regime->worse_bp;
	if (leaves) walk->regime = worse ? walk->regime + 1 : walk->regime - 1;
	walk->market_e8 = draw_normal_e8(walk);
}

/* Of a day: a yearly volatility over sqrt(252), times the regime's. */
static int64_t volatility_e8(const struct walk *walk, int64_t yearly_bp)
{
	int64_t yearly_e8 = yearly_bp * E8_PER_BP;
	return root_floor(yearly_e8 * yearly_e8 / SESSIONS_YEAR) * regimes[walk->regime].volatility_bp / BP_ONE;
}

static const struct look *look_of(uint16_t sym)
{
	const struct look *look = looks;
	while (look->symbol[0] && strcmp(look->symbol, universe[sym].symbol) != 0) look++;
	return look;
}

/* A return: drift, beta times the market's volatility (that of SPY), and the rest of the symbol's own. */
static int64_t return_e8(struct walk *walk, const struct look *look)
{
	int64_t shared_bp = (int64_t)look->beta_bp * MARKET_VOLATILITY_BP / BP_ONE;
	int64_t own_bp = root_floor(e8_max((int64_t)look->volatility_bp * look->volatility_bp - shared_bp * shared_bp, 0));
	int64_t shared_e8 = e8_mul(volatility_e8(walk, e8_abs(shared_bp)), walk->market_e8);
	int64_t own_e8 = e8_mul(volatility_e8(walk, own_bp), draw_normal_e8(walk));
	int64_t drift_bp = look->drift_bp + (int64_t)regimes[walk->regime].drift_bp * look->beta_bp / BP_ONE;
	return drift_bp * E8_PER_BP / SESSIONS_YEAR + (shared_bp < 0 ? -shared_e8 : shared_e8) + own_e8;
}

static int64_t cents(int64_t px_e8) { return e8_max(i128_narrow(div_near(px_e8, CENT_E8)) * CENT_E8, CENT_E8); }

/* A bar from the close before to this close; how far it wanders beside is a share of the day's volatility. */
static struct bar make_bar(struct walk *walk, uint16_t sym, int32_t day, int64_t close_px_e8, int64_t wander_e8)
{
	int64_t before_px_e8 = walk->close_px_e8[sym];
	int64_t open_px_e8 = cents(e8_mul(before_px_e8, exp_e8(e8_mul(wander_e8, draw_normal_e8(walk)) / 2)));
	int64_t up_e8 = e8_abs(e8_mul(wander_e8, draw_normal_e8(walk))) / 2, down_e8 = e8_abs(e8_mul(wander_e8, draw_normal_e8(walk))) / 2;
	close_px_e8 = cents(close_px_e8);
	walk->close_px_e8[sym] = close_px_e8;
	return (struct bar){
		.open_px_e8 = open_px_e8,
		.high_px_e8 = cents(e8_mul(e8_max(open_px_e8, close_px_e8), exp_e8(up_e8))),
		.low_px_e8 = cents(e8_mul(e8_min(open_px_e8, close_px_e8), exp_e8(-down_e8))),
		.close_px_e8 = close_px_e8,
		.adj_px_e8 = close_px_e8,
		.day = day,
		.calendar = universe[sym].calendar,
	};
}

static struct bar traded_bar(struct walk *walk, uint16_t sym, int32_t day)
{
	const struct look *look = look_of(sym);
	int64_t            close_px_e8 = e8_mul(walk->close_px_e8[sym], exp_e8(return_e8(walk, look)));
	struct bar         bar = make_bar(walk, sym, day, e8_min(close_px_e8, PX_MAX_USD * E8), volatility_e8(walk, look->volatility_bp));
	bar.volume = look->volume / 2 + (int64_t)(draw(walk) % (uint64_t)look->volume);
	return bar;
}

/* A hundred times the yearly volatility of the last weeks, a quarter on top: implied is above realised. */
static struct bar vix_bar(struct walk *walk, uint16_t sym, int32_t day)
{
	int64_t market_e8 = e8_mul(volatility_e8(walk, MARKET_VOLATILITY_BP), walk->market_e8);
	walk->vix_variance_e16 += (market_e8 * market_e8 - walk->vix_variance_e16) / VIX_DAYS;
	return make_bar(walk, sym, day, root_floor(walk->vix_variance_e16 * SESSIONS_YEAR) * 125, volatility_e8(walk, 3000));
}

static bool begins_later(uint16_t sym, int32_t day) { return universe[sym].asset_class == ASSET_CRYPTO && day < BTC_FIRST_DAY; }

static void add_bar(struct bars *bars, struct walk *walk, uint16_t sym, int32_t day)
{
	struct bars_series *series = &bars->of[sym];
	struct session      session;
	if (begins_later(sym, day) || series->count == CFG_bars_max) return;
	if (!calendar_session((enum calendar_id)universe[sym].calendar, day, &session)) return;
	bool index = universe[sym].asset_class == ASSET_INDEX;
	series->bar[series->count++] = index ? vix_bar(walk, sym, day) : traded_bar(walk, sym, day);
}

static void begin(struct bars *bars, struct walk *walk, uint64_t seed)
{
	int64_t usual_e8;
	*walk = (struct walk){ .random = seed, .regime = REGIME_NORMAL };
	usual_e8 = volatility_e8(walk, MARKET_VOLATILITY_BP);
	walk->vix_variance_e16 = usual_e8 * usual_e8;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		bool index = universe[sym].asset_class == ASSET_INDEX;
		walk->close_px_e8[sym] = (index ? VIX_FIRST : look_of(sym)->px_usd) * E8;
		bars->of[sym].count = bars->of[sym].pad = 0;
	}
}

void generate_bars(struct bars *bars, uint64_t seed, int32_t from_day, int32_t to_day)
{
	struct walk    walk;
	struct session session;
	begin(bars, &walk, seed);
	if (from_day < CALENDAR_DAY_FIRST) from_day = CALENDAR_DAY_FIRST;
	if (to_day > CALENDAR_DAY_LAST) to_day = CALENDAR_DAY_LAST;
	for (int32_t day = from_day; day <= to_day; day++) {
		if (calendar_session(CALENDAR_NYSE, day, &session)) step_regime(&walk);
		for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) add_bar(bars, &walk, sym, day);
	}
}
