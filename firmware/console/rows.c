/* rows.c - which cells, in which order. */
#include "firmware/console/rows.h"

static bool is_shown(enum rows_kind kind, const struct event *event, bool all)
{
	switch (kind) {
	case ROWS_ORDERS:
		if (event->order.state == ORDER_FREE) return false;
		return all || event->order.state != ORDER_DONE;
	case ROWS_POSITIONS: return all || event->position.qty_e8 != 0;
	case ROWS_FILLS:
	case ROWS_KINDS_N: break;
	}
	return true;
}

static uint64_t key_of(enum rows_kind kind, const struct event *event, uint32_t slot)
{
	if (kind == ROWS_ORDERS) return event->order.order_id;
	return kind == ROWS_FILLS ? event->cause << 16 | event->index : slot;
}

/* Nearly sorted as it comes: a ring is two rising runs. */
static void insert(struct rows *rows, uint64_t *key, uint64_t of_slot, uint32_t slot)
{
	uint32_t at = rows->count++;
	for (; at > 0 && key[at - 1] > of_slot; at--) {
		key[at] = key[at - 1];
		rows->slot[at] = rows->slot[at - 1];
	}
	key[at] = of_slot;
	rows->slot[at] = (uint16_t)slot;
}

void rows_list(struct rows *rows, const struct memory_map *map, enum rows_kind kind, bool all)
{
	static const uint32_t cells[ROWS_KINDS_N] = { [ROWS_ORDERS] = ORDERS_MAX, [ROWS_POSITIONS] = UNIVERSE_N, [ROWS_FILLS] = FILL_CELLS };
	uint64_t              key[ROWS_MAX];
	BUG_UNLESS(4252, kind < ROWS_KINDS_N);
	rows->event_kind = kind == ROWS_ORDERS ? EVENT_ORDER : kind == ROWS_POSITIONS ? EVENT_POSITION : EVENT_FILL;
	rows->cell = kind == ROWS_ORDERS ? map->orders : kind == ROWS_POSITIONS ? map->positions : map->fills;
	rows->map = map;
	rows->count = 0;
	for (uint32_t slot = 0; slot < cells[kind]; slot++) {
		struct event event;
		bool         stale = !cell_read(&rows->cell[slot], &event);
		if (stale || (event.kind == rows->event_kind && is_shown(kind, &event, all))) insert(rows, key, stale ? UINT64_MAX : key_of(kind, &event, slot), slot);
	}
}

bool rows_read(const struct rows *rows, uint32_t i, struct event *event)
{
	BUG_UNLESS(4253, i < rows->count);
	return cell_read(&rows->cell[rows->slot[i]], event) && event->kind == rows->event_kind;
}
