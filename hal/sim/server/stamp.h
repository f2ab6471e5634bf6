/* stamp.h - dates and instants as the venue writes them: RFC 3339, to the nanosecond, in UTC or on New York's clock.
 *
 *   2026-11-20                           a date
 *   2026-11-20T14:31:05.123456789Z       UTC; the fraction is left out when it is zero
 *   2026-11-20T09:31:05-05:00            New York, as the market clock is given
 *   20261120143105123                    as it stands in front of the id of an activity
 *
 * Instants are market time in nanoseconds since 1970. What comes from a client is checked; nothing here traps on any text. */
#ifndef HAL_SIM_SERVER_STAMP_H
#define HAL_SIM_SERVER_STAMP_H
#include "fsm/units.h"

enum { STAMP_BYTES = 48, STAMP_DATE_BYTES = 16 };

/* Each into text, terminated; returns text. */
const char *stamp_date(int32_t day, char text[STAMP_DATE_BYTES]);
const char *stamp_utc(int64_t t_ns, char text[STAMP_BYTES]);
const char *stamp_new_york(int64_t t_ns, char text[STAMP_BYTES]);
const char *stamp_digits(int64_t t_ns, char text[STAMP_BYTES]);

/* YYYY-MM-DD of a day that there is. */
bool stamp_parse_date(const char *text, size_t length, int32_t *day);
/* A date (then *is_date; its midnight in UTC) or an instant with Z or an offset. */
bool stamp_parse(const char *text, size_t length, int64_t *t_ns, bool *is_date);

#endif
