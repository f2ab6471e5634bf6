/* window.c - the turns of the windows: once a block, backwards, tails of what has just been filled. See window.h. */
#include "strategies/factors/window.h"

#include <string.h>

void window_sum_init(struct window_sum *window, uint32_t period)
{
	BUG_UNLESS(2000, period >= 1 && period <= WINDOW_SUM_MAX);
	memset(window, 0, sizeof *window);
	window->period = period;
}

void window_sum_turn(struct window_sum *window)
{
	double tail = 0;
	for (uint32_t at = window->period; at-- > 0; ) window->slot[at] = tail += window->slot[at];
	window->head = 0;
	window->at = 0;
}

void window_moments_init(struct window_moments *window, uint32_t period)
{
	BUG_UNLESS(2001, period >= 2 && period <= WINDOW_MOMENTS_MAX);
	memset(window, 0, sizeof *window);
	window->period = period;
	window->each = 1.0 / period;
}

void window_moments_turn(struct window_moments *window, double anchor)
{
	double sum = 0, squares = 0;
	for (uint32_t at = window->at; at-- > 0; ) {
		double distance = window->slot[at].sum - anchor;
		window->slot[at].sum = sum += distance;
		window->slot[at].squares = squares += distance * distance;
	}
	window->anchor = anchor;
	window->head.sum = window->head.squares = 0;
	window->at = 0;
	window->begun = true;
}

void window_co_moments_init(struct window_co_moments *window, uint32_t period)
{
	BUG_UNLESS(2004, period >= 2 && period <= WINDOW_MOMENTS_MAX);
	memset(window, 0, sizeof *window);
	window->period = period;
}

static struct co_tail co_tail_plus(struct co_tail tail, double x, double y)
{
	tail.x += x;
	tail.y += y;
	tail.xx += x * x;
	tail.yy += y * y;
	tail.xy += x * y;
	return tail;
}

static void co_moments_turn(struct window_co_moments *window, double x, double y)
{
	struct co_tail tail = { 0, 0, 0, 0, 0 };
	for (uint32_t at = window->at; at-- > 0; ) {
		tail = co_tail_plus(tail, window->slot[at].x - x, window->slot[at].y - y);
		window->slot[at] = tail;
	}
	memset(&window->head, 0, sizeof window->head);
	window->anchor_x = x;
	window->anchor_y = y;
	window->at = 0;
	window->begun = true;
}

void window_co_moments_push(struct window_co_moments *window, double x, double y)
{
	if (!window->begun || window->at == window->period) co_moments_turn(window, x, y);
	window->slot[window->at].x = x;
	window->slot[window->at++].y = y;
	window->head = co_tail_plus(window->head, x - window->anchor_x, y - window->anchor_y);
	window->full |= window->at == window->period;
}

struct co_moments window_co_moments(const struct window_co_moments *window)
{
	BUG_UNLESS(2005, window->full);
	const struct co_tail *tail = &window->slot[window->at], *head = &window->head;
	double n = window->period, x = tail->x + head->x, y = tail->y + head->y;
	double xx = tail->xx + head->xx - x * x / n, yy = tail->yy + head->yy - y * y / n;
	return (struct co_moments){ window->anchor_x + x / n, window->anchor_y + y / n, xx > 0 ? xx : 0, yy > 0 ? yy : 0,
		tail->xy + head->xy - x * y / n };
}
