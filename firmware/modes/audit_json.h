/* audit_json.h - what `tickwork audit` found, as one JSON object. */
#ifndef FIRMWARE_MODES_AUDIT_JSON_H
#define FIRMWARE_MODES_AUDIT_JSON_H
#include "firmware/audit.h"
#include "firmware/cli/out.h"

void audit_json(struct out *out, const struct audit_view *view);

#endif
