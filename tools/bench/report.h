/* report.h - the one table of `make bench`, and the same rows as JSON lines.
 *
 * A row says what was measured, beside the reference measured in the same run, and whether the goal holds. No row fails the program: a
 * figure of a noisy machine is read by a person. */
#ifndef TOOLS_BENCH_REPORT_H
#define TOOLS_BENCH_REPORT_H
#include <stdbool.h>

enum goal_of { GOAL_NONE, GOAL_OF_RATIO, GOAL_OF_VALUE };

struct row {
	const char  *name, *unit;
	double       ours;
	const char  *reference;        /* what it is compared with; 0: nothing */
	double       theirs;           /* in the same unit */
	enum goal_of goal_of;
	double       goal;             /* at most */
	const char  *how;              /* counts and circumstances */
};

void report_begin(bool json);
void report(const struct row *row);
/* What could not be measured here, and why; or a fact that is no figure. */
void report_note(const char *name, const char *why);

#endif
