/* status_line.h - the state of a run in one line: day, NAV, drawdown, positions, orders, risk level.
 *
 * On a terminal the line is redrawn in place, at most twenty times a second; elsewhere a plain line (or a JSON object) is
 * printed every so many calls. The caller brings the clock (monotonic nanoseconds). */
#ifndef FIRMWARE_CLI_STATUS_LINE_H
#define FIRMWARE_CLI_STATUS_LINE_H
#include "firmware/cli/out.h"

#define STATUS_REDRAW_NS (50 * NS_PER_MS)

struct status { int64_t nav_usd_e8; int32_t day, drawdown_bp; uint32_t positions, orders, level; };

struct status_line { struct out *out; int64_t shown_ns; uint64_t calls; uint32_t every; bool json, drawn; struct status last; };

/* every: one line each so many calls where it is no terminal; more than 0. */
void status_begin(struct status_line *line, struct out *out, uint32_t every, bool json);
void status_show(struct status_line *line, const struct status *status, int64_t now_ns);
/* The last state stays on the screen, with a line feed. */
void status_end(struct status_line *line);

#endif
