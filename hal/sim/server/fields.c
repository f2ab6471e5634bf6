/* fields.c - see fields.h. */
#include "hal/sim/server/fields.h"

#include "hal/sim/server/stamp.h"

enum { QUOTE_SIZE = 1 };

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

/* "c" has one condition; "z" is the tape it was printed on. */
static void conditions(struct json *json, const char *condition)
{
	json_key(json, "c");
	json_array_begin(json);
	json_string(json, condition);
	json_array_end(json);
	field_text(json, "z", "C");
}

void field_trade(struct json *json, uint16_t sym, int64_t px_e8, int64_t trade_id, int64_t t_ns)
{
	field_i64(json, "i", trade_id);
	field_text(json, "x", "V");
	field_e8(json, "p", px_e8);
	field_e8(json, "s", universe[sym].lot_e8);
	field_stamp(json, "t", t_ns);
	conditions(json, "@");
}

void field_quote(struct json *json, int64_t px_e8, int64_t t_ns)
{
	field_text(json, "bx", "V");
	field_e8(json, "bp", px_e8);
	field_i64(json, "bs", QUOTE_SIZE);
	field_text(json, "ax", "V");
	field_e8(json, "ap", px_e8);
	field_i64(json, "as", QUOTE_SIZE);
	field_stamp(json, "t", t_ns);
	conditions(json, "R");
}
