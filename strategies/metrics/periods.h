/* periods.h - months and years of a daily NAV series, one at a time: no table, so no limit.
 *
 * The return of a period is its last NAV over the last NAV before it, less 1; the first period starts from the first NAV. A period with no NAV
 * is not there. quantstats: aggregate_returns(eom, eoy), compounded.
 *
 *   struct periods months = periods_of(day, nav, count, PERIODS_MONTH);
 *   for (struct period_return month; periods_next(&months, &month);) ... */
#ifndef STRATEGIES_METRICS_PERIODS_H
#define STRATEGIES_METRICS_PERIODS_H
#include <stdbool.h>
#include <stdint.h>

enum periods_length { PERIODS_MONTH, PERIODS_YEAR };

/* Borrows the series: days ascend, NAVs are positive except perhaps the last. */
struct periods { const int32_t *day; const double *nav; uint32_t count, next; enum periods_length length; };
struct period_return { int32_t year; uint32_t month; double simple_return; };    /* month 1..12; 0 for a year */

struct periods periods_of(const int32_t *day, const double *nav, uint32_t count, enum periods_length length);
bool periods_next(struct periods *periods, struct period_return *period);

#endif
