/* fields.h - members of a JSON object as the venue writes them: numbers of orders are strings, instants RFC 3339, nothing is null.
 *
 * Each writes a key and a value into an object that has begun (hal/wire/json_write.h). */
#ifndef HAL_SIM_SERVER_FIELDS_H
#define HAL_SIM_SERVER_FIELDS_H
#include "hal/sim/server/names.h"
#include "hal/wire/json_write.h"

void field_text(struct json *json, const char *key, const char *text);
void field_bool(struct json *json, const char *key, bool truth);
void field_null(struct json *json, const char *key);
void field_i64(struct json *json, const char *key, int64_t number);
/* As a number, and as a string. */
void field_e8(struct json *json, const char *key, int64_t value_e8);
void field_e8_text(struct json *json, const char *key, int64_t value_e8);
/* 0 is null. */
void field_stamp(struct json *json, const char *key, int64_t t_ns);
void field_date(struct json *json, const char *key, int32_t day);
void field_uuid(struct json *json, const char *key, enum uuid_kind kind, uint64_t number);
void field_symbol(struct json *json, const char *key, uint16_t sym);
/* The members that a trade and a quote have by REST and in the stream: one lot, one share each way, of the venue's own exchange. */
void field_trade(struct json *json, uint16_t sym, int64_t px_e8, int64_t trade_id, int64_t t_ns);
void field_quote(struct json *json, int64_t px_e8, int64_t t_ns);

#endif
