/* periods.c - a cursor over the days. */
#include "strategies/metrics/periods.h"

#include <math.h>

#include "fsm/units.h"

struct periods periods_of(const int32_t *day, const double *nav, uint32_t count, enum periods_length length)
{
	return (struct periods){ day, nav, count, 1, length };
}

static bool same_period(const struct periods *periods, uint32_t index, const struct civil *date)
{
	struct civil other = civil_from_day(periods->day[index]);
	return other.year == date->year && (periods->length == PERIODS_YEAR || other.month == date->month);
}

bool periods_next(struct periods *periods, struct period_return *period)
{
	if (periods->next >= periods->count) return false;
	uint32_t     before = periods->next - 1;
	struct civil date = civil_from_day(periods->day[periods->next]);
	while (periods->next < periods->count && same_period(periods, periods->next, &date)) periods->next++;
	period->year = date.year;
	period->month = periods->length == PERIODS_YEAR ? 0 : date.month;
	period->simple_return = fmax(-1, periods->nav[periods->next - 1] / periods->nav[before] - 1);
	return true;
}
