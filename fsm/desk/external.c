/* external.c - the table of orders that are not ours. */
#include "fsm/desk/external.h"

static struct external_order *find(struct externals *externals, uint64_t venue_id)
{
	for (uint32_t i = 0; i < externals->count; i++)
		if (externals->order[i].venue_id == venue_id) return &externals->order[i];
	return 0;
}

static void drop(struct externals *externals, struct external_order *order)
{
	*order = externals->order[--externals->count];
	externals->order[externals->count] = (struct external_order){ 0 };
}

static struct external_order *take(struct externals *externals, uint16_t sym)
{
	if (externals->count < EXTERNALS_MAX) return &externals->order[externals->count++];
	externals->full++;
	if (sym < UNIVERSE_N) externals->paused |= UINT64_C(1) << sym;
	return 0;
}

void externals_tell(struct externals *externals, uint16_t sym, const struct external *external, int64_t px_e8)
{
	struct external_order *order = find(externals, external->venue_id);
	int64_t                open_e8 = external->qty_e8 - external->filled_qty_e8;
	if (open_e8 <= 0) {
		if (order) drop(externals, order);
		return;
	}
	if (!order) order = take(externals, sym);
	if (!order) return;
	*order = (struct external_order){ external->venue_id, open_e8, external->side == SIDE_BUY ? e8_mul_ceil(open_e8, px_e8) : 0, sym,
		external->side, 1, { 0 } };
}

void externals_snapshot(struct externals *externals)
{
	for (uint32_t i = externals->count; i > 0; i--) {
		struct external_order *order = &externals->order[i - 1];
		if (!order->told) drop(externals, order);
		else order->told = 0;
	}
	externals->paused_before = externals->paused;
	externals->paused = 0;
}
