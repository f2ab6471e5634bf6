/* msgpack.h - MessagePack of the market data stream, both ways through JSON, so that the streams are written once.
 *
 * Out: a JSON text becomes MessagePack; whole numbers become integers, others doubles, and the members t, created_at and updated_at with an RFC 3339
 * instant become timestamps (extension -1), as the venue packs them. In: maps, arrays, strings, numbers, booleans and nil become JSON.
 * No memory of their own; false when it does not fit, or is nothing we know. Nothing here traps on any bytes. */
#ifndef HAL_SIM_SERVER_MSGPACK_H
#define HAL_SIM_SERVER_MSGPACK_H
#include "hal/wire/json_write.h"

enum { MSGPACK_NESTING_MAX = 8 };

bool msgpack_of_json(const char *text, size_t length, char *out, size_t size, size_t *packed);
bool msgpack_to_json(const char *packed, size_t count, struct json *json);

#endif
