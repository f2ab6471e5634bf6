/* drawdown.c - remembers the peak. */
#include "strategies/risk/drawdown.h"

#include <math.h>
#include <string.h>

void drawdown_init(struct drawdown *drawdown) { memset(drawdown, 0, sizeof *drawdown); }

bool drawdown_rebase(struct drawdown *drawdown, int32_t day, double value)
{
	if (!isfinite(value) || value <= 0) return false;
	drawdown_init(drawdown);
	drawdown->started = true;
	drawdown->peak = value;
	drawdown->peak_day = drawdown->from = drawdown->to = day;
	return true;
}

bool drawdown_push(struct drawdown *drawdown, int32_t day, double value)
{
	if (!drawdown->started) return drawdown_rebase(drawdown, day, value);
	if (!isfinite(value)) return false;
	if (value >= drawdown->peak) {
		drawdown->peak = value;
		drawdown->peak_day = day;
	}
	drawdown->now = fmin(1, 1 - value / drawdown->peak);
	if (drawdown->now <= drawdown->deepest) return true;
	drawdown->deepest = drawdown->now;
	drawdown->from = drawdown->peak_day;
	drawdown->to = day;
	return true;
}
