/* show.h - the objects of the venue as JSON: order, activity, position, bar; the same in replies and in streams. */
#ifndef HAL_SIM_SERVER_SHOW_H
#define HAL_SIM_SERVER_SHOW_H
#include "hal/sim/server/server.h"

const char *show_side(uint8_t side);
const char *show_type(uint8_t order_type);

/* Each one object, as the next value. */
void show_order(const struct server *server, struct json *json, uint32_t order);
void show_activity(const struct server *server, struct json *json, uint32_t activity);
void show_position(const struct server *server, struct json *json, uint16_t sym);
/* "TIME::UUID". */
enum { SHOW_ACTIVITY_BYTES = 96 };
const char *show_activity_id(const struct activity *activity, char text[SHOW_ACTIVITY_BYTES]);

#endif
