#include "firmware/cli/print_json.h"

struct json *print_json_begin(struct print_json *print)
{
	json_begin(&print->json, print->text, sizeof print->text);
	return &print->json;
}

void print_json_end(struct print_json *print, struct out *out)
{
	json_line(&print->json);
	size_t length = json_length(&print->json);
	BUG_UNLESS(4210, length > 0);
	out_bytes(out, print->text, length);
}
