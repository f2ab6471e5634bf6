/* report.c - see report.h. */
#include "tools/bench/report.h"

#include <stdio.h>

static bool as_json;

void report_begin(bool json)
{
	as_json = json;
	if (json) return;
	printf("%-30s %10s %-5s %-28s %10s %8s %-9s %s\n", "what", "ours", "unit", "reference of the same run", "theirs", "ratio", "goal", "");
}

static double ratio_of(const struct row *row) { return row->reference && row->theirs > 0 ? row->ours / row->theirs : 0; }

static const char *verdict(const struct row *row)
{
	if (row->goal_of == GOAL_NONE) return "";
	return (row->goal_of == GOAL_OF_RATIO ? ratio_of(row) : row->ours) <= row->goal ? "ok" : "over";
}

static void line(const struct row *row)
{
	char theirs[32] = "", ratio[32] = "", goal[32] = "";
	if (row->reference) {
		snprintf(theirs, sizeof theirs, "%.4g", row->theirs);
		snprintf(ratio, sizeof ratio, "%.3gx", ratio_of(row));
	}
	if (row->goal_of != GOAL_NONE) snprintf(goal, sizeof goal, "<= %.4g%s", row->goal, row->goal_of == GOAL_OF_RATIO ? "x" : "");
	printf("%-30s %10.4g %-5s %-28s %10s %8s %-9s %-4s  %s\n", row->name, row->ours, row->unit, row->reference ? row->reference : "", theirs, ratio,
	    goal, verdict(row), row->how);
}

static void json_line(const struct row *row)
{
	printf("{\"name\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"", row->name, row->ours, row->unit);
	if (row->reference) printf(",\"reference\":\"%s\",\"theirs\":%.6g,\"ratio\":%.6g", row->reference, row->theirs, ratio_of(row));
	if (row->goal_of != GOAL_NONE)
		printf(",\"goal\":%.6g,\"goal_of\":\"%s\",\"verdict\":\"%s\"", row->goal, row->goal_of == GOAL_OF_RATIO ? "ratio" : "ours", verdict(row));
	printf(",\"how\":\"%s\"}\n", row->how);
}

void report(const struct row *row)
{
	if (as_json)
		json_line(row);
	else
		line(row);
	fflush(stdout);
}

void report_note(const char *name, const char *why)
{
	if (as_json)
		printf("{\"name\":\"%s\",\"note\":\"%s\"}\n", name, why);
	else
		printf("%-30s %s\n", name, why);
	fflush(stdout);
}
