/* external.h - working orders at the venue that are not ours: counted, never touched.
 *
 * Each is known by the venue's id. Those not told again between two BALANCEs of the venue work no more. A table that is full is an event: what does
 * not fit pauses its symbol until the next snapshot all the same. Pointer-free. DESIGN section 7. */
#ifndef FSM_DESK_EXTERNAL_H
#define FSM_DESK_EXTERNAL_H
#include "fsm/event.h"
#include "fsm/settings.h"

enum { EXTERNALS_MAX = 64 };

/* exposure_usd_e8: what a buy may still take in cash, as far as its price is known; 0 for a sell. */
struct external_order { uint64_t venue_id; int64_t open_qty_e8, exposure_usd_e8; uint16_t sym; uint8_t side, told, pad[4]; };
struct externals {
	struct external_order order[EXTERNALS_MAX];
	uint64_t              paused, paused_before;        /* bit a symbol: did not fit, in this snapshot and in the one before */
	uint32_t              count, full;                  /* now; how often one did not fit */
};

/* One was told: new, changed, or (nothing open) over. px_e8: what a unit may cost, 0 unknown. */
void externals_tell(struct externals *externals, uint16_t sym, const struct external *external, int64_t px_e8);
/* The snapshot is whole: who was not told since the one before is gone. */
void externals_snapshot(struct externals *externals);
static inline bool externals_work_in(const struct externals *externals, uint16_t sym)
{
	if ((externals->paused | externals->paused_before) >> sym & 1) return true;
	for (uint32_t i = 0; i < externals->count; i++)
		if (externals->order[i].sym == sym) return true;
	return false;
}
static inline int64_t externals_usd_e8(const struct externals *externals)
{
	int64_t usd_e8 = 0;
	for (uint32_t i = 0; i < externals->count; i++) usd_e8 += externals->order[i].exposure_usd_e8;
	return usd_e8;
}

#endif
