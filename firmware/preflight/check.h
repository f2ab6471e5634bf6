/* check.h - for the files of this room: a check, and what several of them need. */
#ifndef FIRMWARE_PREFLIGHT_CHECK_H
#define FIRMWARE_PREFLIGHT_CHECK_H
#include "firmware/cli/text.h"
#include "firmware/preflight/preflight.h"
#include "hal/store/journal.h"

enum { MIB_SHIFT = 20 };
#define JOURNAL_FILE_BYTES ((uint64_t)CFG_journal_segments * CFG_journal_segment_kib * 1024 + JOURNAL_PAGE_BYTES)
#define BUDGET_BYTES ((uint64_t)CFG_budget_all_kib * 1024)

/* Writes one result; may keep what it learned in preflight's `out` fields. */
#define CHECK_DECLARE(name, what) void check_##name(struct preflight *preflight, struct preflight_result *result);
PREFLIGHTS(CHECK_DECLARE)

/* A whole sentence of another room, in this house's form: what to do follows the last colon or semicolon. */
void check_quote(struct preflight_result *result, enum preflight_verdict verdict, const char *sentence);

static inline unsigned long long check_mib(uint64_t bytes) { return (unsigned long long)(bytes >> MIB_SHIFT); }
static inline bool check_is_outside(const struct preflight *preflight) { return preflight->plan->venue != VENUE_sim; }
/* Real time matters: to a venue outside that is no simulator in steps. */
static inline bool check_is_timely(const struct preflight *preflight) { return check_is_outside(preflight) && !preflight->plan->stepped; }
/* The setting stands, and an account is there or can be typed. */
bool check_live_is_good(const struct preflight *preflight);
/* HOME is not there yet: its files are not, either. */
static inline bool check_is_new(const struct preflight *preflight) { return !preflight->folder.is_there; }

#endif
