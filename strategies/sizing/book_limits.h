/* book_limits.h - the limits of one book of positions (row R6): the portfolio has its own, and so has each other book that trades.
 *
 * A book is what one sizer sizes: its weights are shares of its own NAV, its counts are its own day's. Shares in bp. Only what adds risk is asked;
 * a reduction has no limit but the lot. The numbers are rows of config.h, which a machine's own file may tighten and nothing may raise. */
#ifndef STRATEGIES_SIZING_BOOK_LIMITS_H
#define STRATEGIES_SIZING_BOOK_LIMITS_H
#include "fsm/settings.h"

struct book_limits {
	int32_t leverage_bp;    /* gross exposure and what is reserved, of the NAV */
	int32_t cash_buffer_bp; /* cash that stays, of the NAV */
	int32_t volatility_bp;  /* of the whole book, a year */
	int32_t band_bp;        /* a smaller change of weight is not made */
	int32_t trade_min_usd;
	int32_t trades_day_max;  /* that add risk */
	int32_t turnover_day_bp; /* that adds risk, of the NAV */
	int32_t stage_bp;        /* part of the capital in use (T7) */
};

static inline struct book_limits book_limits_of_portfolio(const struct settings *settings)
{
	return (struct book_limits){ .leverage_bp = setting(settings, SETTING_leverage_max_bp),
		.cash_buffer_bp = setting(settings, SETTING_cash_buffer_bp),
		.volatility_bp = setting(settings, SETTING_portfolio_volatility_bp),
		.band_bp = setting(settings, SETTING_rebalance_band_bp),
		.trade_min_usd = setting(settings, SETTING_trade_min_usd),
		.trades_day_max = setting(settings, SETTING_trades_day_max),
		.turnover_day_bp = setting(settings, SETTING_turnover_day_max_bp),
		.stage_bp = setting(settings, SETTING_capital_stage_bp) };
}

#endif
