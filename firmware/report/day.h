/* day.h - the report of one day as text: JSON for programs, Markdown for people. Pure: from a struct to a buffer, no I/O.
 *
 * The ledger fills the struct from the books and writes both texts to HOME/reports/YYYY-MM-DD.{json,md}. What the figures mean:
 *   day                      NAV of this day end less NAV of the one before (the initial cash before the first)
 *   realised, fees, ...      of the day, and `_total` since the beginning; realised is before fees and dividends
 *   cumulative return        NAV / initial - 1
 *   drawdown                 from the peak NAV, positive
 *   Sharpe n                 of the last n returns between NYSE day ends: mean / sample deviation x sqrt(252), risk-free 0; absent
 *                            (NAN here, null in JSON, - in Markdown) until there are n
 * Lists have maxima; what did not fit is counted in `*_total` and said in both texts. Markdown tables fit 100 columns and align in
 * plain text. Times are UTC. Rows T4, P16. */
#ifndef FIRMWARE_REPORT_DAY_H
#define FIRMWARE_REPORT_DAY_H
#include "firmware/trade_mode.h"
#include "fsm/settings.h"

enum {
	DAY_POSITIONS_MAX = UNIVERSE_N,
	DAY_ORDERS_MAX = 128,
	DAY_FILLS_MAX = 128,
	DAY_RISKS_MAX = 32,
	DAY_COUNTS_MAX = 32,
	DAY_TEXT_MAX = 64,
	DAY_ROW_TEXT_MAX = 640,           /* an order: 5 texts of 63, 4 numbers of 21, a time, 10 keys */
	DAY_HEAD_TEXT_MAX = 8192,         /* everything that is not a row */
	DAY_REPORT_TEXT_MAX = (DAY_POSITIONS_MAX + DAY_ORDERS_MAX + DAY_FILLS_MAX + DAY_RISKS_MAX + 3 * DAY_COUNTS_MAX) * DAY_ROW_TEXT_MAX +
	                      DAY_HEAD_TEXT_MAX,
};
enum day_window { DAY_SHARPE_20, DAY_SHARPE_60, DAY_SHARPE_252, DAY_WINDOWS_N };
extern const uint32_t day_window_returns[DAY_WINDOWS_N];

struct day_position { char symbol[DAY_TEXT_MAX]; int64_t qty_e8, cost_usd_e8, px_e8, value_usd_e8, unrealised_usd_e8; int32_t weight_bp; };
struct day_order {
	int64_t t_ns, qty_e8, filled_qty_e8, limit_px_e8, average_px_e8;
	char    symbol[DAY_TEXT_MAX], side[DAY_TEXT_MAX], order_type[DAY_TEXT_MAX], state[DAY_TEXT_MAX], reason[DAY_TEXT_MAX];
};
struct day_fill {
	int64_t t_ns, qty_e8, px_e8, fee_usd_e8, realised_usd_e8;
	char    symbol[DAY_TEXT_MAX], side[DAY_TEXT_MAX], reason[DAY_TEXT_MAX];
};
struct day_risk {
	int64_t t_ns, nav_usd_e8;
	int32_t drawdown_bp;
	char    from[DAY_TEXT_MAX], to[DAY_TEXT_MAX], cause[DAY_TEXT_MAX], action[DAY_TEXT_MAX];
};
struct day_count { char name[DAY_TEXT_MAX]; int64_t count; };
struct day_counts { uint32_t count; struct day_count row[DAY_COUNTS_MAX]; };

struct day_report {
	uint32_t mode;                   /* enum trade_mode */
	int32_t  day, level, drawdown_bp;
	bool     session;                /* the NYSE had a session */
	char     regime[DAY_TEXT_MAX];
	int64_t  initial_usd_e8, nav_usd_e8, cash_usd_e8, peak_nav_usd_e8, reserved_usd_e8;
	int64_t  before_nav_usd_e8;      /* NAV at the day end before */
	int64_t  realised_usd_e8, unrealised_usd_e8, fees_usd_e8, dividends_usd_e8;        /* of the day; unrealised now */
	int64_t  realised_total_usd_e8, fees_total_usd_e8, dividends_total_usd_e8;
	int64_t  bought_usd_e8, sold_usd_e8;
	double   sharpe[DAY_WINDOWS_N];
	uint32_t positions, orders, fills, risks;                 /* rows below */
	int64_t  orders_total, fills_total, risks_total;          /* of the day, listed or not */
	struct day_position position[DAY_POSITIONS_MAX];
	struct day_order    order[DAY_ORDERS_MAX];
	struct day_fill     fill[DAY_FILLS_MAX];
	struct day_risk     risk[DAY_RISKS_MAX];
	struct day_counts   refusals, quarantined, signals;
};

/* "2020-03-16" and "2020-03-16T20:00:00Z". */
enum { DAY_NAME_BYTES = 16, DAY_TIME_BYTES = 40 };
void day_name(char text[DAY_NAME_BYTES], int32_t day);
void day_time(char text[DAY_TIME_BYTES], int64_t t_ns);

/* Characters written, terminated; 0 when it did not fit (never with DAY_REPORT_TEXT_MAX). */
size_t day_report_json(const struct day_report *report, char *text, size_t size);
size_t day_report_markdown(const struct day_report *report, char *text, size_t size);

#endif
