/* avellaneda_stoikov.c - prices first, sizes second, ticks last; see avellaneda_stoikov.h for the formulas and their sources. */
#include "strategies/quotes/avellaneda_stoikov.h"

#include <math.h>
#include <string.h>

#include "fsm/units.h"

struct avellaneda_config avellaneda_defaults(void)
{
	return (struct avellaneda_config){
		.form = AVELLANEDA_DOCUMENT, .skew = AVELLANEDA_SKEW_PAPER, .gamma = 0.1, .kappa = 1.5, .horizon = 1, .inventory_weight = 1,
		.impact = 1, .spread_base = 0, .spread_max = 1e6, .volatility_window = 50, .volatility_span = 50, .volatility_default = 0.01,
		.volatility_floor = 1e-6, .volatility_ceiling = 1, .levels = 3, .level_gap = 1, .multiplier = { 1, 2, 3 }, .size_base = 1,
		.size_floor = 0.1, .position_max = 10,
	};
}

static bool between(double value, double min, double max) { return value >= min && value <= max; }

static const char *volatility_refusal(const struct avellaneda_config *c)
{
	if (!between(c->volatility_window, 2, AVELLANEDA_WINDOW_MAX)) return "quotes: volatility_window must be 2..256 prices";
	if (!between(c->volatility_span, 1, 1e6)) return "quotes: volatility_span must be 1..1e6 observations";
	if (!between(c->volatility_ceiling, 0, 1)) return "quotes: volatility_ceiling must be 0..1";
	if (!between(c->volatility_floor, 0, c->volatility_ceiling)) return "quotes: volatility_floor must be 0..volatility_ceiling";
	if (!between(c->volatility_default, 0, 1)) return "quotes: volatility_default must be 0..1";
	return 0;
}

static const char *size_refusal(const struct avellaneda_config *c)
{
	if (!between(c->levels, 1, AVELLANEDA_LEVELS_MAX)) return "quotes: levels must be 1..3";
	if (!between(c->level_gap, 0, 100)) return "quotes: level_gap must be 0..100 half-spreads";
	for (uint32_t i = 0; i < c->levels; i++)
		if (!between(c->multiplier[i], 0, 1e3)) return "quotes: every size multiplier must be 0..1000";
	if (!between(c->size_base, 0, AVELLANEDA_QTY_MAX)) return "quotes: size_base must be 0..1e10 units";
	if (!between(c->size_floor, 0, 1)) return "quotes: size_floor must be 0..1";
	if (!between(c->position_max, 1e-8, AVELLANEDA_QTY_MAX)) return "quotes: position_max must be 1e-8..1e10 units";
	return 0;
}

const char *avellaneda_refusal(const struct avellaneda_config *c)
{
	if (!between(c->gamma, 1e-9, 1e3)) return "quotes: gamma must be 1e-9..1e3";
	if (!between(c->kappa, 1e-9, 1e9)) return "quotes: kappa must be 1e-9..1e9";
	if (!between(c->horizon, 0, 1e9)) return "quotes: horizon must be 0..1e9 observations";
	if (!between(c->inventory_weight, 0, 1e6)) return "quotes: inventory_weight must be 0..1e6";
	if (!between(c->impact, 0, 1e3)) return "quotes: impact must be 0..1e3";
	if (!between(c->spread_base, 0, 1e9)) return "quotes: spread_base must be 0..1e9";
	if (!between(c->spread_max, 1e-8, 1e9)) return "quotes: spread_max must be 1e-8..1e9";
	const char *refusal = volatility_refusal(c);
	return refusal ? refusal : size_refusal(c);
}

void avellaneda_init(struct avellaneda *model, const struct avellaneda_config *config)
{
	BUG_UNLESS(2210, avellaneda_refusal(config) == 0);
	memset(model, 0, sizeof *model);
	model->config = *config;
}

static bool price_is_good(double px) { return px > 0 && px <= AVELLANEDA_PX_MAX; }

static void take_return(struct avellaneda *model, double log_return)
{
	uint32_t returns_max = model->config.volatility_window - 1;
	if (model->returns < returns_max) {
		model->log_return[model->returns++] = log_return;
		return;
	}
	model->log_return[model->oldest] = log_return;
	model->oldest = (model->oldest + 1) % returns_max;
}

enum avellaneda_status avellaneda_price(struct avellaneda *model, int64_t t_ns, double px)
{
	if (!price_is_good(px)) return AVELLANEDA_BAD_PRICE;
	if (model->prices && t_ns < model->last_t_ns) return AVELLANEDA_LATE;
	if (model->prices) take_return(model, log(px / model->last_px));
	else model->prices = 1;
	model->last_t_ns = t_ns;
	model->last_px = px;
	return AVELLANEDA_OK;
}

static double ewm_deviation(const struct avellaneda *model)
{
	double   weight = 2 / (model->config.volatility_span + 1), variance = 0;
	uint32_t at = model->oldest;
	for (uint32_t i = 0; i < model->returns; i++) {
		double square = model->log_return[at] * model->log_return[at];
		variance = i ? weight * square + (1 - weight) * variance : square;
		if (++at == model->returns) at = 0;
	}
	return sqrt(variance);
}

double avellaneda_volatility(const struct avellaneda *model)
{
	const struct avellaneda_config *c = &model->config;
	double volatility = model->returns ? ewm_deviation(model) : c->volatility_default;
	return fmax(c->volatility_floor, fmin(volatility, c->volatility_ceiling));
}

/* The paper's indifference price; the weight is the document's. */
double avellaneda_reservation(double mid, double position, double gamma, double sigma, double horizon, double inventory_weight)
{
	return mid - position * gamma * sigma * sigma * horizon * inventory_weight;
}

/* The paper's sum of both distances. log1p keeps the digits of a gamma much smaller than kappa. */
double avellaneda_spread(double gamma, double sigma, double horizon, double kappa)
{
	return gamma * sigma * sigma * horizon + 2 / gamma * log1p(gamma / kappa);
}

static void fill_prices(const struct avellaneda *model, double mid, double position, struct avellaneda_quotes *quotes)
{
	const struct avellaneda_config *c = &model->config;
	quotes->volatility = avellaneda_volatility(model);
	double sigma = c->form == AVELLANEDA_PAPER ? quotes->volatility * mid : quotes->volatility;
	quotes->reservation = avellaneda_reservation(mid, position, c->gamma, sigma, c->horizon, c->inventory_weight);
	quotes->spread = fmin(avellaneda_spread(c->gamma, sigma, c->horizon, c->kappa) * c->impact + c->spread_base, c->spread_max);
	double half = quotes->spread / 2;
	double skew = c->skew == AVELLANEDA_SKEW_DOCUMENT ? fmax(-half, position * c->inventory_weight) : 0;
	for (uint32_t i = 0; i < c->levels; i++) {
		double distance = half * (1 + c->level_gap * i) + skew;
		quotes->bid[i].px = quotes->reservation - distance;
		quotes->ask[i].px = quotes->reservation + distance;
	}
}

/* Sizes of one side within the room that is left to the position limit; the number of levels that have any. */
static uint32_t fill_sizes(const struct avellaneda_config *c, struct avellaneda_level *side, double factor, double room)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < c->levels; i++) {
		double qty = fmin(c->size_base * c->multiplier[i] * factor, room);
		if (!(qty > 0) || !price_is_good(side[i].px)) continue;
		room -= qty;
		side[count].px = side[i].px;
		side[count++].qty = qty;
	}
	return count;
}

enum avellaneda_status avellaneda_quote(const struct avellaneda *model, double mid, double position, struct avellaneda_quotes *quotes)
{
	const struct avellaneda_config *c = &model->config;
	memset(quotes, 0, sizeof *quotes);
	if (!price_is_good(mid)) return AVELLANEDA_BAD_PRICE;
	if (!between(position, -AVELLANEDA_QTY_MAX, AVELLANEDA_QTY_MAX)) return AVELLANEDA_BAD_POSITION;
	fill_prices(model, mid, position, quotes);
	double used = position / c->position_max;
	double size = fmax(c->size_floor, 1 - fabs(used));
	quotes->bids = fill_sizes(c, quotes->bid, size * (1 + fmax(0, -used / 2)), c->position_max - position);
	quotes->asks = fill_sizes(c, quotes->ask, size * (1 + fmax(0, used / 2)), c->position_max + position);
	return AVELLANEDA_OK;
}

static int64_t tick_floor(int64_t px_e8, int64_t tick_e8) { return px_e8 - px_e8 % tick_e8; }
static int64_t tick_ceil(int64_t px_e8, int64_t tick_e8) { return tick_floor(px_e8 + tick_e8 - 1, tick_e8); }

/* Levels from best to worst; each at most (for bids, at least for asks) `bound`, which then moves one tick beyond it. */
static uint32_t convert(const struct avellaneda_level *level, uint32_t count, const struct avellaneda_venue *venue, int64_t bound,
	bool is_bid, struct avellaneda_order *order)
{
	uint32_t orders = 0;
	for (uint32_t i = 0; i < count; i++) {
		int64_t px_e8, qty_e8;
		if (!e8_from_double(level[i].px, &px_e8) || !e8_from_double(level[i].qty, &qty_e8)) continue;
		px_e8 = is_bid ? e8_min(tick_floor(px_e8, venue->tick_e8), bound) : e8_max(tick_ceil(px_e8, venue->tick_e8), bound);
		qty_e8 = e8_lots(qty_e8, venue->lot_e8);
		if (px_e8 <= 0 || qty_e8 <= 0) continue;
		bound = is_bid ? px_e8 - venue->tick_e8 : px_e8 + venue->tick_e8;
		order[orders++] = (struct avellaneda_order){ px_e8, qty_e8 };
	}
	return orders;
}

struct avellaneda_orders avellaneda_orders(const struct avellaneda_quotes *quotes, const struct avellaneda_venue *venue)
{
	struct avellaneda_orders orders;
	BUG_UNLESS(2211, venue->tick_e8 > 0 && venue->lot_e8 > 0);
	memset(&orders, 0, sizeof orders);
	int64_t bid_max = venue->best_ask_e8 > 0 ? tick_ceil(venue->best_ask_e8, venue->tick_e8) - venue->tick_e8 : INT64_MAX;
	int64_t ask_min = venue->best_bid_e8 > 0 ? tick_floor(venue->best_bid_e8, venue->tick_e8) + venue->tick_e8 : 0;
	orders.bids = convert(quotes->bid, quotes->bids, venue, bid_max, true, orders.bid);
	if (orders.bids) ask_min = e8_max(ask_min, orders.bid[0].px_e8 + venue->tick_e8);
	orders.asks = convert(quotes->ask, quotes->asks, venue, ask_min, false, orders.ask);
	BUG_UNLESS(2212, !orders.bids || !orders.asks || orders.bid[0].px_e8 < orders.ask[0].px_e8);
	return orders;
}
