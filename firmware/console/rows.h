/* rows.h - orders, positions and fills of the map as lists for people.
 *
 * rows_list picks the cells worth showing, once, in the order people expect: orders and fills as they were made, positions as the universe
 * has them. rows_read copies one out at the moment it is shown. A cell that its writer holds for too long, or died in, is in the list and reads as
 * STALE: nobody knows what it would have said. */
#ifndef FIRMWARE_CONSOLE_ROWS_H
#define FIRMWARE_CONSOLE_ROWS_H
#include "firmware/memory_map.h"

enum rows_kind { ROWS_ORDERS, ROWS_POSITIONS, ROWS_FILLS, ROWS_KINDS_N };
enum { ROWS_MAX = ORDERS_MAX };
_Static_assert((int)FILL_CELLS <= (int)ROWS_MAX && (int)UNIVERSE_N <= (int)ROWS_MAX, "rows.h: raise ROWS_MAX");

struct rows { const struct memory_map *map; const struct event_cell *cell; uint32_t count; uint16_t event_kind, slot[ROWS_MAX]; };

/* all: orders that ended and positions that are flat, too. */
void rows_list(struct rows *rows, const struct memory_map *map, enum rows_kind kind, bool all);
/* False: STALE, or taken back by a successor since it was listed. */
bool rows_read(const struct rows *rows, uint32_t i, struct event *event);

#endif
