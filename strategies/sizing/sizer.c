/* sizer.c - the steps, one function each, and the two loops that run them. */
#include "strategies/sizing/sizer.h"

#include <string.h>

#include "strategies/signals/signal.h"

_Static_assert(UNIVERSE_N <= 64, "size_asset.correlated has 64 bits");

typedef void size_step(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N]);

/* bp of a weight, rounded down. A wish is at most 1e8 a strategy (size_add_wish), 1.6e9 of all: products of a weight with a bp, two of them or another
 * weight fit 64 bit. */
static int64_t part_e8(int64_t weight_e8, int64_t bp) { return weight_e8 * bp / BP_ONE; }

static void step_WISH(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) weight_e8[i] = book->asset[i].volatility_e8 > 0 ? book->asset[i].wish_e8 : 0;
}

static void step_CONFIDENCE(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) weight_e8[i] = e8_min(weight_e8[i], book->asset[i].sure_e8);
}

static void step_REGIME(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) weight_e8[i] = e8_min(weight_e8[i], book->asset[i].calm_e8);
}

static void step_SENTIMENT(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) {
		int64_t bad_bp = e8_min(e8_max(-book->asset[i].sentiment_bp, 0), BP_ONE);
		weight_e8[i] = i128_narrow((i128)weight_e8[i] * (E8 - bad_bp * book->sentiment_max_bp) / E8); /* bp x bp is 1e-8 */
	}
}

/* A quiet week may not order more than the whole book: the caps decide from there. */
static void step_VOLATILITY(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) {
		if (weight_e8[i] == 0) continue;
		weight_e8[i] = e8_min(weight_e8[i] * universe[i].volatility_bp * (E8 / BP_ONE) / book->asset[i].volatility_e8, E8);
	}
}

/* fraction x Sharpe x confidence / deviation; bp x bp is 1e-8. */
static void step_KELLY(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) {
		const struct size_asset *asset = &book->asset[i];
		if (weight_e8[i] == 0) continue;
		i128 edge = (i128)asset->sure_e8 * book->kelly_fraction_bp * book->kelly_sharpe_bp * E8;
		i128 stake = (i128)asset->wish_e8 * asset->volatility_e8;
		if (edge < stake * weight_e8[i]) weight_e8[i] = (int64_t)(edge / stake);
	}
}

static void step_CAP(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	(void)book;
	for (int i = 0; i < UNIVERSE_N; i++) weight_e8[i] = e8_min(weight_e8[i], universe[i].cap_bp * (E8 / BP_ONE));
}

/* Two that move together are one bet: together they get a part of the sum of their caps, in proportion to what each had. An asset of several such
 * pairs gets what the tightest of them leaves it; so no order of the pairs matters, and no pair has more than its joint cap. */
static void step_CORRELATION(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	int64_t least_e8[UNIVERSE_N];
	memcpy(least_e8, weight_e8, sizeof least_e8);
	for (int a = 0; a < UNIVERSE_N; a++)
		for (uint64_t left = book->asset[a].correlated & (UINT64_MAX >> (64 - UNIVERSE_N)) & ~(UINT64_C(1) << a); left; left &= left - 1) {
			int     b = __builtin_ctzll(left);
			int64_t both_e8 = weight_e8[a] + weight_e8[b], most_e8 = size_joint_cap_e8(book->correlated_cap_bp, a, b);
			if (both_e8 <= most_e8) continue;
			least_e8[a] = e8_min(least_e8[a], weight_e8[a] * most_e8 / both_e8);
			least_e8[b] = e8_min(least_e8[b], weight_e8[b] * most_e8 / both_e8);
		}
	memcpy(weight_e8, least_e8, sizeof least_e8);
}

/* All in proportion where their sum is above what there is room for. */
static void share_room(int64_t weight_e8[static UNIVERSE_N], int64_t sum_e8, int64_t room_bp)
{
	int64_t room_e8 = room_bp * (E8 / BP_ONE);
	for (int i = 0; i < UNIVERSE_N && sum_e8 > room_e8; i++) weight_e8[i] = weight_e8[i] * room_e8 / sum_e8;
}

static void step_ROOM(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	int64_t gross_e8 = 0, room_bp = e8_min(BP_ONE - book->limits.cash_buffer_bp, e8_min(book->limits.leverage_bp, book->leverage_now_bp));
	for (int i = 0; i < UNIVERSE_N; i++) gross_e8 += weight_e8[i];
	share_room(weight_e8, gross_e8, room_bp);
}

static void step_RISK(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	int64_t risk_e8 = 0;
	for (int i = 0; i < UNIVERSE_N; i++)
		if (weight_e8[i]) risk_e8 += weight_e8[i] * book->asset[i].volatility_e8 / E8;        /* VOLATILITY has bounded the product */
	share_room(weight_e8, risk_e8, book->limits.volatility_bp);
}

static void step_STAGE(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) weight_e8[i] = part_e8(weight_e8[i], book->limits.stage_bp);
}

static void step_RAMP(const struct size_book *book, int64_t weight_e8[static UNIVERSE_N])
{
	for (int i = 0; i < UNIVERSE_N; i++) weight_e8[i] = part_e8(weight_e8[i], book->ramp_bp);
}

// clang-format off
enum { FREE, SHRINKS };
#define SIZE_STEP_ROW(name, may, what) { #name, what, may == SHRINKS },
const struct size_step_row size_steps[SIZE_STEPS_N] = { SIZE_STEPS(SIZE_STEP_ROW) };
#define FIT_STEP_ROW(name, what) { #name, what, true },
const struct size_step_row fit_steps[FIT_STEPS_N] = { FIT_STEPS(FIT_STEP_ROW) };
#define SIZE_STEP_DO(name, may, what) step_##name,
static size_step *const step_do[SIZE_STEPS_N] = { SIZE_STEPS(SIZE_STEP_DO) };
// clang-format on

void size_book_init(struct size_book *book, const struct settings *settings)
{
	memset(book, 0, sizeof *book);
	book->limits = book_limits_of_portfolio(settings);
	book->leverage_now_bp = book->limits.leverage_bp;
	book->ramp_bp = BP_ONE;
	book->kelly_fraction_bp = setting(settings, SETTING_kelly_fraction_bp);
	book->kelly_sharpe_bp = setting(settings, SETTING_kelly_sharpe_bp);
	book->sentiment_max_bp = setting(settings, SETTING_sentiment_max_bp);
	book->correlated_cap_bp = setting(settings, SETTING_correlated_cap_bp);
}

void size_add_wish(struct size_asset *asset, int32_t weight_bp, int32_t confidence_bp, int32_t share_bp, int32_t regime_part_bp)
{
	BUG_UNLESS(2400, weight_bp <= BP_ONE && share_bp >= 0 && share_bp <= BP_ONE);
	BUG_UNLESS(2403, confidence_bp >= 0 && confidence_bp <= BP_ONE && regime_part_bp >= 0 && regime_part_bp <= BP_ONE);
	int64_t wish_e8 = e8_max(weight_bp, 0) * share_bp; /* bp x bp is 1e-8 */
	int64_t sure_e8 = part_e8(wish_e8, confidence_bp);
	asset->wish_e8 += wish_e8;
	asset->sure_e8 += sure_e8;
	asset->calm_e8 += part_e8(sure_e8, regime_part_bp);
}

int32_t size_regime_part_bp(const struct settings *settings, uint8_t made_in, uint8_t now)
{
	bool wilder = now >= REGIME_HIGH_VOL && made_in < REGIME_HIGH_VOL; /* else the strategy has halved its confidence itself (S3) */
	return wilder ? setting(settings, SETTING_regime_high_vol_bp) : BP_ONE;
}

void size_chain(const struct size_book *book, struct size_trace trace[static UNIVERSE_N])
{
	int64_t weight_e8[UNIVERSE_N] = { 0 };
	for (int step = 0; step < SIZE_STEPS_N; step++) {
		step_do[step](book, weight_e8);
		for (int i = 0; i < UNIVERSE_N; i++) {
			BUG_UNLESS(2401, weight_e8[i] >= 0 && (!size_steps[step].shrinks || weight_e8[i] <= trace[i].weight_e8[step - 1]));
			trace[i].weight_e8[step] = weight_e8[i];
		}
	}
}

void size_fit(const struct fit_room *room, int64_t move_e8, struct size_fit *fit)
{
	BUG_UNLESS(2402, move_e8 > 0 && room->px_e8 > 0 && room->cost_px_e8 >= room->px_e8);
	*fit = (struct size_fit){ .qty_e8 = { [FIT_MOVE] = move_e8 }, .bit = FIT_MOVE };
	for (uint8_t step = FIT_MOVE + 1; step < FIT_STEPS_N; step++) {
		int64_t px_e8 = step == FIT_CASH ? room->cost_px_e8 : room->px_e8;
		int64_t fits_e8 = room->usd_e8[step] > 0 ? e8_lots(e8_div_floor(room->usd_e8[step], px_e8), room->lot_e8) : 0;
		if (fits_e8 < fit->qty_e8[step - 1]) fit->bit = step;
		fit->qty_e8[step] = e8_min(fit->qty_e8[step - 1], fits_e8);
	}
}
