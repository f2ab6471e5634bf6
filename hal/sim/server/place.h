/* place.h - a new order: what a client asks for, whether it may be, and its way into books and matching engine. */
#ifndef HAL_SIM_SERVER_PLACE_H
#define HAL_SIM_SERVER_PLACE_H
#include "hal/sim/server/rest.h"

/* An order as asked for; client_id "": the venue makes one. */
struct wish { char client_id[BROKER_ID_BYTES]; uint16_t sym; uint8_t side, order_type, tif; int64_t qty_e8, limit_px_e8; };

/* Reads the body of POST /v2/orders. False after refusing. */
bool place_read(struct rest *rest, struct wish *wish);
/* The same checks of a price: what the venue's increments allow. */
bool place_check_limit(struct rest *rest, uint16_t sym, int64_t limit_px_e8, uint32_t cut);
/* The order of this wish, accepted or refused by the engine; BROKER_NONE after refusing the call. */
uint32_t place_order(struct server *server, struct rest *rest, const struct wish *wish);
/* To the matching engine about a known order: its answer is taken at once. */
void place_send(struct server *server, enum event_kind kind, uint32_t order, int64_t qty_e8, int64_t limit_px_e8);

#endif
