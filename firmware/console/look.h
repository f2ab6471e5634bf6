/* look.h - what the map says, as JSON: one writer for the verbs and for the control socket, so both say the same.
 *
 * Keys are snake_case with the unit at the end. Money, prices and quantities are exact decimals. What is not known is null: before the first
 * record, and where `stale` is true (the writer has held the record for too long, or died in it). Rows R9, P3. */
#ifndef FIRMWARE_CONSOLE_LOOK_H
#define FIRMWARE_CONSOLE_LOOK_H
#include "firmware/console/rows.h"
#include "hal/wire/json_write.h"

/* The longest object any of these writes, and a row. */
enum { LOOK_JSON_BYTES = 24576, LOOK_ROW_BYTES = 1024 };

/* now_ns is monotonic; silent_ns as attach_silent_ns says it; holder_pid 0: the watchdog does not run. */
struct look { const struct memory_map *map; const char *folder; int64_t now_ns, silent_ns; int32_t holder_pid; };

void look_status(struct json *json, const struct look *look);
/* Everything of status, and conditions, credits, memory and positions. */
void look_top(struct json *json, const struct look *look);
void look_account(struct json *json, const struct look *look);
void look_risk(struct json *json, const struct look *look);
/* One row of a list as one object. */
void look_row(struct json *json, const struct rows *rows, uint32_t i);

/* One process or worker of the status; false when there is none in this place. */
bool look_process(const struct look *look, uint32_t i, struct process_life *out);
enum { LOOK_WORKERS_N = 6 };
const struct worker_progress *look_worker(const struct look *look, uint32_t i, const char **name);
/* The account record: LOOK_NONE before the first one. */
enum look_known { LOOK_KNOWN, LOOK_NONE, LOOK_STALE };
enum look_known look_read_account(const struct look *look, struct event *event);
/* Market value less cost; market value in *value. */
int64_t look_unrealised_usd_e8(const struct position_note *position, int64_t *value_usd_e8);

#endif
