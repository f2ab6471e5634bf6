/* print_json.h - one JSON value as one line of output: a writer with its text, for a verb's stack. A value over PRINT_JSON_BYTES
 * is a bug. */
#ifndef FIRMWARE_CLI_PRINT_JSON_H
#define FIRMWARE_CLI_PRINT_JSON_H
#include "firmware/cli/out.h"
#include "hal/wire/json_write.h"

enum { PRINT_JSON_BYTES = 32768 };

struct print_json { struct json json; char text[PRINT_JSON_BYTES]; };

struct json *print_json_begin(struct print_json *print);
void         print_json_end(struct print_json *print, struct out *out);

#endif
