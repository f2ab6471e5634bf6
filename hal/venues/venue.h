/* venue.h - what every driver of a venue promises, and what it needs from its owner.
 *
 * A driver is a struct of the caller's, its ports (hal/hal.h), and a row of this kind. send takes ORDER_NEW, ORDER_CANCEL, ORDER_REPLACE and
 * ORDER_QUERY and never blocks; recv gives ACK, FILL, CANCELLED, EXPIRED, REPLACED, the three rejects, NOT_FOUND, and of the venue itself:
 *   VENUE      DOWN, SYNCING, UP, REFUSED. UP only after everything missed meanwhile has been told, with a snapshot
 *   HOLDING.. BALANCE   one snapshot of the account; a snapshot without its BALANCE is not whole
 *   EXTERNAL   an order at the venue that is not ours, in each snapshot while it works; filled_qty_e8 == qty_e8 when nothing of it is open
 *   CASH       money that moved without a fill, once by its activity
 * The end of an order (CANCELLED, EXPIRED) is told after its fills: what it did is known before it is asked to be done again.
 * An order is sent once. What may have taken effect is asked for, never sent again; NOT_FOUND is told only when it is conclusive: the request is
 * older than dead_after and was asked for on a connection begun after that.
 * Client order ids are the desk's: the owner hands in the words that make and read them. */
#ifndef HAL_VENUES_VENUE_H
#define HAL_VENUES_VENUE_H
#include "hal/hal.h"

/* How long a venue remembers a client order id. */
enum venue_id_class { VENUE_ID_FOREVER, VENUE_ID_WHILE_OPEN, VENUE_ID_NONE };

struct venue { const char *name; enum venue_id_class id_class; int32_t dead_after_ms; const struct hal_world *ports; };

enum { VENUE_ID_BYTES = 24 };        /* of the text, with its final zero: 20 characters */
/* The text of (journal, order), VENUE_ID_BYTES of room; and back: false when the text is none of ours. */
struct venue_words {
	void (*text)(uint64_t journal_id, uint64_t order_id, char *text);
	bool (*parse)(const char *text, size_t length, uint64_t *journal_id, uint64_t *order_id);
};

#endif
