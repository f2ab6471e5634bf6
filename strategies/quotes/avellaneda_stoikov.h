/* avellaneda_stoikov.h - where a market maker quotes: reservation price, spread, levels and sizes.
 *
 * Paper: M. Avellaneda, S. Stoikov (2008), "High-frequency trading in a limit order book", Quantitative Finance 8(3), 217-224: the closed
 * form of section 3.2 (asymptotic expansion in q); its table of simulated spreads is reproduced by the test.
 * Requirements: document 03 section 3.1, row S7.
 *
 * Symbols: s mid price, q position in units of the instrument (short is negative), gamma risk aversion, kappa decay of the chance of a
 * fill with the distance from the mid (1 / price), sigma volatility, T - t time left. sigma and T - t share their unit of time: here one
 * price observation, so horizon counts observations.
 *
 *   reservation price   r = s - q gamma sigma^2 (T - t) w                            paper with w = 1
 *   optimal spread      S = gamma sigma^2 (T - t) + (2 / gamma) ln(1 + gamma / kappa) paper: bid and ask distance together
 *   quoted spread       min(S impact + base, spread_max)                             document 03
 *   level 0             r - half the quoted spread, r + half the quoted spread
 *   level i             level_gap half-spreads further out for each i                ours: the document gives sizes of levels, not prices
 *
 * Two things are said differently by the paper and by the document. Both are settings.
 *
 * sigma. The paper's price is arithmetic, dS = sigma dW: sigma is in units of price. AVELLANEDA_PAPER therefore takes
 * sigma = volatility x mid. The document puts the deviation of log returns (0.01) into the same formula: AVELLANEDA_DOCUMENT. Its terms in
 * sigma are then smaller by mid^2 and gamma has to be chosen for it; a gamma chosen for one form is wrong for the other.
 * AVELLANEDA_DOCUMENT is the default because row S7 names the document's formulas.
 *
 * Skew. In the paper a position moves both quotes the same way, through r: long quotes lower on both sides, so that the sale comes sooner
 * and the next purchase later. That is all, and AVELLANEDA_SKEW_PAPER (the default) does that. The document moves them apart as well,
 * bid - q w and ask + q w, with w the same inventory weight, now in price per unit: long, it steps away from the sale it needs; short, it
 * closes in on both sides and can cross its own quotes. AVELLANEDA_SKEW_DOCUMENT does that, with the step kept from crossing r.
 *
 * Volatility. Exponentially weighted root mean square of the log returns of the last volatility_window prices, mids and trades in the
 * order in which they happened, seeded with the oldest squared return (pandas ewm(span, adjust=False)). Below two prices it is
 * volatility_default. The document reads its ring from slot 0, which after the first lap mixes new prices before old ones; not here.
 *
 * Sizes. size_base x multiplier of the level x max(size_floor, 1 - |q| / position_max), and on the side that brings the position down
 * x (1 + |q| / position_max / 2). Sizes are then cut so that even if a whole side is filled, |q| stays within position_max: at the limit
 * the side that adds exposure is empty and the other still quotes.
 *
 * Limits: at most AVELLANEDA_LEVELS_MAX levels and AVELLANEDA_WINDOW_MAX prices. The caller owns the state (a few hundred bytes), one per
 * instrument. Doubles inside; avellaneda_orders is the only way out into e8. A level whose price is not positive or whose size is below one
 * lot is absent. */
#ifndef STRATEGIES_QUOTES_AVELLANEDA_STOIKOV_H
#define STRATEGIES_QUOTES_AVELLANEDA_STOIKOV_H
#include <stdbool.h>
#include <stdint.h>

enum { AVELLANEDA_LEVELS_MAX = 3, AVELLANEDA_WINDOW_MAX = 256 };
#define AVELLANEDA_PX_MAX 1e10               /* largest price believed; e8 holds 9.2e10 */
#define AVELLANEDA_QTY_MAX 1e10

enum avellaneda_form { AVELLANEDA_DOCUMENT, AVELLANEDA_PAPER };
enum avellaneda_skew { AVELLANEDA_SKEW_PAPER, AVELLANEDA_SKEW_DOCUMENT };

struct avellaneda_config {
	enum avellaneda_form form;
	enum avellaneda_skew skew;
	double   gamma;                      /* risk aversion, 1e-9..1e3 */
	double   kappa;                      /* fill decay, 1e-9..1e9, 1 / price */
	double   horizon;                    /* T - t, 0..1e9 observations */
	double   inventory_weight;           /* w, 0..1e6; price per unit where the skew is the document's */
	double   impact;                     /* factor on the optimal spread, 0..1e3 */
	double   spread_base;                /* added to it, 0..1e9, price */
	double   spread_max;                 /* cap, above 0, price */
	uint32_t volatility_window;          /* prices, 2..AVELLANEDA_WINDOW_MAX */
	double   volatility_span;            /* of the exponential weights, 1..1e6 observations */
	double   volatility_default, volatility_floor, volatility_ceiling;   /* log return per observation, floor <= ceiling <= 1 */
	uint32_t levels;                     /* 1..AVELLANEDA_LEVELS_MAX */
	double   level_gap;                  /* half-spreads between levels, 0..100 */
	double   multiplier[AVELLANEDA_LEVELS_MAX];   /* of size_base, 0..1e3 */
	double   size_base, size_floor;      /* units; share of full size that is left near the limit, 0..1 */
	double   position_max;               /* units, above 0 */
};

enum avellaneda_status {
	AVELLANEDA_OK,
	AVELLANEDA_BAD_PRICE,                /* NaN, not positive, or above AVELLANEDA_PX_MAX */
	AVELLANEDA_BAD_POSITION,             /* NaN or beyond AVELLANEDA_QTY_MAX */
	AVELLANEDA_LATE                      /* stamped before a price already taken */
};

/* The state: log returns of the window in a ring, oldest first from `oldest`. */
struct avellaneda {
	struct avellaneda_config config;
	int64_t  last_t_ns;
	double   last_px;
	uint32_t prices, returns, oldest;
	double   log_return[AVELLANEDA_WINDOW_MAX];
};

struct avellaneda_level { double px, qty; };

struct avellaneda_quotes {
	double   reservation, spread, volatility;    /* price, price (capped), log return per observation (bounded) */
	uint32_t bids, asks;                         /* best first */
	struct avellaneda_level bid[AVELLANEDA_LEVELS_MAX], ask[AVELLANEDA_LEVELS_MAX];
};

struct avellaneda_order { int64_t px_e8, qty_e8; };

struct avellaneda_orders {
	uint32_t bids, asks;
	struct avellaneda_order bid[AVELLANEDA_LEVELS_MAX], ask[AVELLANEDA_LEVELS_MAX];
};

/* What the venue says: steps of price and quantity (above 0) and the best quotes of others, 0 where there is none. */
struct avellaneda_venue { int64_t tick_e8, lot_e8, best_bid_e8, best_ask_e8; };

/* Document 03's values (window 50, default volatility 0.01, multipliers 1, 2, 3, size floor 0.1) and ours where it gives none. */
struct avellaneda_config avellaneda_defaults(void);
/* 0 when the settings can be used, else the sentence that says which cannot. */
const char *avellaneda_refusal(const struct avellaneda_config *config);
/* The settings must have passed avellaneda_refusal. */
void avellaneda_init(struct avellaneda *model, const struct avellaneda_config *config);

/* A mid (when it changed) or a trade price. What is refused leaves the state as it was. */
enum avellaneda_status avellaneda_price(struct avellaneda *model, int64_t t_ns, double px);
/* Log return per observation, between floor and ceiling. */
double avellaneda_volatility(const struct avellaneda *model);
/* On anything but AVELLANEDA_OK the quotes are empty. */
enum avellaneda_status avellaneda_quote(const struct avellaneda *model, double mid, double position, struct avellaneda_quotes *quotes);

/* The one conversion: bids down and asks up to the tick, sizes down to the lot, never touching the other side's best quote (post-only),
 * own bid and ask at least one tick apart, levels of one side at different prices. */
struct avellaneda_orders avellaneda_orders(const struct avellaneda_quotes *quotes, const struct avellaneda_venue *venue);

/* The formulas on their own; sigma in the unit of the form. */
double avellaneda_reservation(double mid, double position, double gamma, double sigma, double horizon, double inventory_weight);
double avellaneda_spread(double gamma, double sigma, double horizon, double kappa);

#endif
