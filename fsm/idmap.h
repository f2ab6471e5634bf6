/* idmap.h - a fixed hash map from a 64-bit id to a slot number, pointer-free, with removal.
 *
 * Open addressing, linear probing, backward-shift deletion (Knuth 6.4, algorithm R), so there are no tombstones to gather over months.
 * The cells belong to the caller: a power of two, at least twice the entries. Id 0 is not an id. */
#ifndef FSM_IDMAP_H
#define FSM_IDMAP_H
#include "fsm/hash.h"

struct idmap_cell { uint64_t id, slot; };

static inline uint32_t idmap_home(uint64_t id, uint32_t cells_n) { return (uint32_t)hash_mix(id) & (cells_n - 1); }

static inline bool idmap_find(const struct idmap_cell *cells, uint32_t cells_n, uint64_t id, uint32_t *slot)
{
	for (uint32_t i = idmap_home(id, cells_n), tries = 0; cells[i].id && tries < cells_n; i = (i + 1) & (cells_n - 1), tries++) {
		if (cells[i].id != id) continue;
		*slot = (uint32_t)cells[i].slot;
		return true;
	}
	return false;
}

static inline void idmap_put(struct idmap_cell *cells, uint32_t cells_n, uint64_t id, uint32_t slot)
{
	uint32_t i = idmap_home(id, cells_n), tries = 0;
	BUG_UNLESS(1160, id != 0);
	for (; cells[i].id && cells[i].id != id; i = (i + 1) & (cells_n - 1)) BUG_UNLESS(1161, ++tries < cells_n);
	cells[i] = (struct idmap_cell){ id, slot };
}

/* Removing an id that is not there changes nothing. */
static inline void idmap_remove(struct idmap_cell *cells, uint32_t cells_n, uint64_t id)
{
	uint32_t hole = idmap_home(id, cells_n), tries = 0;
	while (cells[hole].id != id) {
		if (!cells[hole].id || ++tries >= cells_n) return;
		hole = (hole + 1) & (cells_n - 1);
	}
	for (uint32_t i = (hole + 1) & (cells_n - 1); cells[i].id; i = (i + 1) & (cells_n - 1)) {
		uint32_t home = idmap_home(cells[i].id, cells_n);
		if (((i - home) & (cells_n - 1)) < ((i - hole) & (cells_n - 1))) continue;        /* it lies at or after its home */
		cells[hole] = cells[i];
		hole = i;
	}
	cells[hole] = (struct idmap_cell){ 0, 0 };
}

#endif
