/* progress.h - how far a long piece of work is, on standard error: one line with the time to go, redrawn in place, on a terminal;
 * else JSON lines. The caller brings the clock (monotonic nanoseconds), so showing too often costs a comparison. */
#ifndef FIRMWARE_CLI_PROGRESS_H
#define FIRMWARE_CLI_PROGRESS_H
#include "firmware/cli/out.h"

/* Between two lines: a terminal redraws ten times a second; a log gets one JSON line a second. */
#define PROGRESS_REDRAW_NS (100 * NS_PER_MS)
#define PROGRESS_LINE_NS NS_PER_S

struct progress { struct out *out; const char *what, *unit; uint64_t total; int64_t begun_ns, shown_ns; bool drawn; };

/* what: "backtest"; unit: "days". Both stay the caller's. total is more than 0. */
void progress_begin(struct progress *progress, struct out *out, const char *what, const char *unit, uint64_t total,
    int64_t now_ns);
void progress_show(struct progress *progress, uint64_t done, int64_t now_ns);
/* Takes the line away again, so that the result stands alone. */
void progress_end(struct progress *progress);

#endif
