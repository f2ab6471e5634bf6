/* sizer.h - how much: one chain of named steps from a wish to a quantity, all integers. Row R5; used three times:
 *
 *   initial   the desk's targets at the end of a cycle       (fsm/desk/ticket.h: ticket_size)
 *   health    what is held against what would be allowed now (firmware/workers/health.h)
 *   final     an order at the price, NAV and reservations of the moment it is sent (ticket_comply)
 *
 * Weights are shares of the book's NAV in 1e-8, so that a step's rounding (always down) is worth less than a cent. Each step of the first
 * chain looks at the whole book and may only shrink, except those that SIZE_STEPS marks as free; that is checked after each step. What
 * every step left is kept: the trace is what `tickwork explain` prints.
 *
 * An asset whose volatility is not known is not sized: weight 0. Long only: a wish below 0 counts as 0.
 * Sources: volatility target and caps document 04 §3.4.1; Kelly: E. O. Thorp (2006), growth is greatest at mean / variance = Sharpe / deviation,
 * of which a fraction is used; joint cap of what moves together §4.3.5; the stage of capital §4.12. */
#ifndef STRATEGIES_SIZING_SIZER_H
#define STRATEGIES_SIZING_SIZER_H
#include "strategies/sizing/book_limits.h"

// clang-format off
#define SIZE_STEPS(X)                                                                                                       \
	/* step         may      what it does                                                                             */ \
	X(WISH,        FREE,    "what the strategies ask, by their shares")                                                 \
	X(CONFIDENCE,  SHRINKS, "times how sure each of them is")                                                           \
	X(REGIME,      SHRINKS, "a wish from calmer days is halved above VIX 30")                                           \
	X(SENTIMENT,   SHRINKS, "bad news takes its part; good news gives nothing")                                         \
	X(VOLATILITY,  FREE,    "so that the asset alone would have its target volatility")                                 \
	X(KELLY,       SHRINKS, "a part of what Kelly would bet on an edge this sure")                                      \
	X(CAP,         SHRINKS, "the asset's cap")                                                                          \
	X(CORRELATION, SHRINKS, "a joint cap for every two assets that move together")                                      \
	X(ROOM,        SHRINKS, "all in proportion, so that cash buffer and leverage hold")                                 \
	X(RISK,        SHRINKS, "all in proportion, so that the book keeps its volatility target, as if all moved together") \
	X(STAGE,       SHRINKS, "the part of the capital that is in use")                                                   \
	X(RAMP,        SHRINKS, "the part that the way back after a liquidation allows")

/* From a weight to an order that adds risk: each step leaves a quantity and may only shrink it. */
#define FIT_STEPS(X)                                                                                                        \
	X(MOVE,     "from what is held to the target, in whole lots")                                                       \
	X(CAP,      "what the asset's cap, and each joint one, leaves beside what is held and on its way")                   \
	X(LEVERAGE, "what the leverage leaves beside everything held and reserved")                                         \
	X(CASH,     "what cash leaves above its buffer, costs and reservations paid")                                       \
	X(TURNOVER, "what the day's turnover leaves")
// clang-format on

#define SIZE_STEP_ID(name, may, what) SIZE_##name,
enum size_step_id { SIZE_STEPS(SIZE_STEP_ID) SIZE_STEPS_N };
#define FIT_STEP_ID(name, what) FIT_##name,
enum fit_step_id { FIT_STEPS(FIT_STEP_ID) FIT_STEPS_N };

struct size_step_row { const char *name, *what; bool shrinks; };
extern const struct size_step_row size_steps[SIZE_STEPS_N], fit_steps[FIT_STEPS_N];

/* What the chain is told of one asset. */
struct size_asset {
	int64_t  wish_e8, sure_e8, calm_e8;        /* sums over the strategies: size_add_wish */
	int64_t  volatility_e8;                    /* expected, a year; 0: not known */
	uint64_t correlated;                       /* bit j: moves with asset j; its own bit says nothing */
	int64_t  sentiment_bp;                     /* -BP_ONE (worst news) to BP_ONE; 0 without news */
};

struct size_book {
	struct size_asset  asset[UNIVERSE_N];
	struct book_limits limits;
	int32_t            leverage_now_bp;        /* in force: the limit, or less on the way back */
	int32_t            ramp_bp;                /* BP_ONE, or less on the way back */
	int32_t            kelly_fraction_bp, kelly_sharpe_bp, sentiment_max_bp, correlated_cap_bp;
};

/* What each step left of one asset. */
struct size_trace { int64_t weight_e8[SIZE_STEPS_N]; };

/* The numbers of a book from the settings; no asset, no way back. */
void size_book_init(struct size_book *book, const struct settings *settings);
/* One strategy's wish: weight and confidence 0..BP_ONE as it said them, its share of the target, and the part that the regime leaves of it. */
void size_add_wish(struct size_asset *asset, int32_t weight_bp, int32_t confidence_bp, int32_t share_bp, int32_t regime_part_bp);
/* The part a regime leaves of a wish made in another: BP_ONE, or less where the market is wilder now than it was. The numbers are enum regime's. */
int32_t size_regime_part_bp(const struct settings *settings, uint8_t made_in, uint8_t now);
/* The whole chain. */
void size_chain(const struct size_book *book, struct size_trace trace[static UNIVERSE_N]);

/* What two assets that move together may have of the NAV: a part of the sum of their caps. */
static inline int64_t size_joint_cap_e8(int32_t correlated_cap_bp, int a, int b)
{
	return (int64_t)(universe[a].cap_bp + universe[b].cap_bp) * correlated_cap_bp; /* bp x bp is 1e-8 */
}

/* The weight at the end of the chain, in bp, rounded down. */
static inline int32_t size_target_bp(const struct size_trace *trace)
{
	return (int32_t)(trace->weight_e8[SIZE_STEPS_N - 1] / (E8 / BP_ONE));
}

/* Where an order would stand: its price, what a unit takes in cash with its costs, and the money that each limit leaves (may be below 0;
 * [FIT_MOVE] is not read). */
struct fit_room { int64_t px_e8, cost_px_e8, lot_e8, usd_e8[FIT_STEPS_N]; };
/* What each step left, and the last step that took something (FIT_MOVE: none did). */
struct size_fit { int64_t qty_e8[FIT_STEPS_N]; uint8_t bit, pad[7]; };

/* An increase of move_e8, which is whole lots above 0; px_e8 and lot_e8 above 0, cost_px_e8 not below px_e8. */
void size_fit(const struct fit_room *room, int64_t move_e8, struct size_fit *fit);

#endif
