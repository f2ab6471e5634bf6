/* fields.c - see fields.h. */
#include "hal/sim/server/fields.h"

#include "hal/sim/server/stamp.h"

void field_text(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

void field_bool(struct json *json, const char *key, bool truth)
{
	json_key(json, key);
	json_bool(json, truth);
}

void field_null(struct json *json, const char *key)
{
	json_key(json, key);
	json_null(json);
}

void field_i64(struct json *json, const char *key, int64_t number)
{
	json_key(json, key);
	json_i64(json, number);
}

void field_e8(struct json *json, const char *key, int64_t value_e8)
{
	json_key(json, key);
	json_e8(json, value_e8);
}

void field_e8_text(struct json *json, const char *key, int64_t value_e8)
{
	char text[E8_TEXT_BYTES];
	e8_text(text, value_e8);
	field_text(json, key, text);
}

void field_stamp(struct json *json, const char *key, int64_t t_ns)
{
	char text[STAMP_BYTES];
	if (t_ns) field_text(json, key, stamp_utc(t_ns, text));
	else field_null(json, key);
}

void field_date(struct json *json, const char *key, int32_t day)
{
	char text[STAMP_DATE_BYTES];
	field_text(json, key, stamp_date(day, text));
}

void field_uuid(struct json *json, const char *key, enum uuid_kind kind, uint64_t number)
{
	char text[NAME_UUID_BYTES];
	field_text(json, key, name_uuid(kind, number, text));
}

void field_symbol(struct json *json, const char *key, uint16_t sym)
{
	char text[NAME_SYMBOL_BYTES];
	field_text(json, key, name_symbol(sym, text));
}
