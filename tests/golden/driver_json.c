/* driver_json.c - test-only: texts on stdin (four bytes of length, little end first, then the bytes), a line for each on stdout:
 * the verdict, or every piece with its conversions. For json_ref.py. */
#include <inttypes.h>
#include <stdio.h>

#include "hal/wire/json.h"

enum { TEXT_MAX = 1 << 20 };
static char text[TEXT_MAX], characters[TEXT_MAX];

static void put_number(const struct json_value *value)
{
	int64_t  number = 0;
	uint32_t cut = 0;
	double   nearest = 0;
	printf(" n:%.*s", (int)value->length, value->at);
	if (json_to_e8(value, &number, &cut) == JSON_OK) printf(",%" PRId64 ",%u", number, cut); else printf(",-");
	enum json_verdict whole = json_to_i64(value, &number);
	if (whole == JSON_OK) printf(",%" PRId64, number); else printf(",%s", whole == JSON_RANGE ? "-" : "/");
	if (json_to_double(value, &nearest) == JSON_OK) printf(",%.17g", nearest); else printf(",-");
}

static void put_string(const struct json_value *value)
{
	size_t length;
	printf(value->kind == JSON_KEY ? " k:" : " s:");
	if (json_text(value, characters, sizeof characters, &length) != JSON_OK) printf("?");
	for (size_t i = 0; i < length; i++) printf("%02x", (unsigned char)characters[i]);
}

static void put_piece(const struct json_value *value)
{
	static const char letter[] = " {}[]   tf0";
	if (value->kind == JSON_NUMBER) put_number(value);
	else if (value->kind == JSON_STRING || value->kind == JSON_KEY) put_string(value);
	else printf(" %c", letter[value->kind]);
}

static bool right(size_t count)
{
	struct json_reader json;
	struct json_value  value;
	json_open(&json, text, count);
	while (json_next(&json, &value) != JSON_NONE)
		if (value.kind == JSON_END) return true;
	printf("no: %s\n", json_verdict_text[json.verdict]);
	return false;
}

static void put_pieces(size_t count)
{
	struct json_reader json;
	struct json_value  value;
	json_open(&json, text, count);
	printf("yes");
	while (json_next(&json, &value) != JSON_END) put_piece(&value);
	printf("\n");
}

int main(void)
{
	unsigned char head[4];
	while (fread(head, 1, sizeof head, stdin) == sizeof head) {
		size_t count = head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
		if (count > TEXT_MAX || fread(text, 1, count, stdin) != count) return 2;
		if (right(count)) put_pieces(count);
	}
	return 0;
}
