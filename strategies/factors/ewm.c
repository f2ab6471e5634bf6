/* ewm.c - see ewm.h. */
#include "strategies/factors/ewm.h"

#include <math.h>

#include "fsm/bug.h"
#include "strategies/factors/price.h"

void ewm_init(struct ewm *ewm, double lambda, uint32_t annual_days)
{
	BUG_UNLESS(2043, lambda > 0 && lambda < 1 && annual_days >= 1 && annual_days <= 366);
	*ewm = (struct ewm){ .lambda = lambda, .annual = sqrt(annual_days) };
}

static void add(struct ewm *ewm, double moved)
{
	if (ewm->returns == 0) ewm->variance = moved * moved;
	else ewm->variance = ewm->lambda * ewm->variance + (1 - ewm->lambda) * (moved * moved);
	ewm->returns += ewm->returns < UINT32_MAX;
}

bool ewm_push(struct ewm *ewm, double price)
{
	if (!price_is_sound(price)) return false;
	if (ewm->begun) add(ewm, price / ewm->last - 1);
	ewm->begun = true;
	ewm->last = price;
	return true;
}

double ewm_value(const struct ewm *ewm)
{
	BUG_UNLESS(2044, ewm->returns > 0);
	return sqrt(ewm->variance) * ewm->annual;
}
