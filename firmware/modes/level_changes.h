/* level_changes.h - when the risk levels fired and cleared in a backtest, with dates: kept as they come, shown as table rows and as JSON.
 *
 * The first LEVEL_CHANGES_MAX changes are kept; how many there were in all is counted. Row R1. */
#ifndef FIRMWARE_MODES_LEVEL_CHANGES_H
#define FIRMWARE_MODES_LEVEL_CHANGES_H
#include "firmware/cli/out.h"
#include "fsm/event.h"
#include "hal/wire/json_write.h"

enum { LEVEL_CHANGES_MAX = 512, LEVEL_CHANGES_SHOWN = 24, LEVEL_CHANGE_JSON_BYTES = 192 };

struct level_changes { uint64_t count; struct risk_note note[LEVEL_CHANGES_MAX]; };

/* Of a RISK event. */
void level_changes_add(struct level_changes *changes, const struct risk_note *note);
/* "risk_changes": [{"date","from","to","event","cause","drawdown_pct","nav_usd","peak_usd"}, ...]; at most LEVEL_CHANGES_MAX * LEVEL_CHANGE_JSON_BYTES. */
void level_changes_json(const struct level_changes *changes, struct json *json);
/* The first LEVEL_CHANGES_SHOWN, a line each, and how many more there are. */
void level_changes_print(const struct level_changes *changes, struct out *out);

#endif
