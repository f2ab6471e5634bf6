/* level_changes_test.c - the list of a backtest's risk levels: kept up to its maximum, counted beyond it, and never longer as text than its bound. */
#include "firmware/modes/level_changes.h"

#include <stdio.h>
#include <string.h>

#include "fsm/risk/ladder.h"
#include "tests/kit/test.h"

static struct level_changes changes;
static char                 text[LEVEL_CHANGES_MAX * LEVEL_CHANGE_JSON_BYTES + 64];

TEST(t_R1_changes_beyond_the_maximum_are_counted_and_the_longest_fit)
{
	struct json      json;
	struct risk_note longest = { .nav_usd_e8 = -INT64_MAX, .peak_nav_usd_e8 = -INT64_MAX, .drawdown_bp = INT32_MAX, .day = 20000,
		.from_level = LADDER_RECOVERY, .to_level = LADDER_RECOVERY, .event = LADDER_EV_DD_CLEAR };
	memset(&changes, 0, sizeof changes);
	for (int i = 0; i < LEVEL_CHANGES_MAX + 3; i++) level_changes_add(&changes, &longest);
	CHECK_EQ(changes.count, LEVEL_CHANGES_MAX + 3);
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	level_changes_json(&changes, &json);
	json_object_end(&json);
	json_line(&json);
	CHECK(json_length(&json) > 0 && json_length(&json) < sizeof text);        /* 0: it did not fit */
	const char *one = "{\"date\":\"2024-10-04\",\"from\":\"RECOVERY\",\"to\":\"RECOVERY\",\"event\":\"DD_CLEAR\",";
	CHECK(strstr(text, one) != 0);
	uint32_t told = 0;
	for (const char *at = text; (at = strstr(at, "\"date\"")); at++) told++;
	CHECK_EQ(told, LEVEL_CHANGES_MAX);
}
