/* level_changes.c - a list of the ladder's steps. */
#include "firmware/modes/level_changes.h"

#include "firmware/console/words.h"
#include "firmware/modes/result.h"
#include "fsm/risk/ladder.h"

void level_changes_add(struct level_changes *changes, const struct risk_note *note)
{
	if (changes->count < LEVEL_CHANGES_MAX) changes->note[changes->count] = *note;
	changes->count++;
}

static uint64_t kept(const struct level_changes *changes) { return changes->count < LEVEL_CHANGES_MAX ? changes->count : LEVEL_CHANGES_MAX; }

static void text(struct json *json, const char *key, const char *value)
{
	json_key(json, key);
	json_string(json, value);
}

static void money(struct json *json, const char *key, int64_t usd_e8)
{
	json_key(json, key);
	json_e8(json, usd_e8);
}

void level_changes_json(const struct level_changes *changes, struct json *json)
{
	json_key(json, "risk_changes");
	json_array_begin(json);
	for (uint64_t i = 0; i < kept(changes); i++) {
		const struct risk_note *note = &changes->note[i];
		char                    day[DATE_TEXT_BYTES];
		json_object_begin(json);
		text(json, "date", date_text(note->day, day));
		text(json, "from", ladder_machine.state_name[note->from_level]);
		text(json, "to", ladder_machine.state_name[note->to_level]);
		text(json, "event", ladder_machine.event_name[note->event]);
		text(json, "cause", word_risk_cause(note->cause));
		json_key(json, "drawdown_pct");
		json_double(json, note->drawdown_bp / 100.0);
		money(json, "nav_usd", note->nav_usd_e8);
		money(json, "peak_usd", note->peak_nav_usd_e8);
		json_object_end(json);
	}
	json_array_end(json);
}

void level_changes_print(const struct level_changes *changes, struct out *out)
{
	for (uint64_t i = 0; i < kept(changes) && i < LEVEL_CHANGES_SHOWN; i++) {
		const struct risk_note *note = &changes->note[i];
		char                    day[DATE_TEXT_BYTES];
		out_format(out, "    %s  %-8s to %-8s  %6.2f %% below the peak  %s\n", date_text(note->day, day), ladder_machine.state_name[note->from_level],
		    ladder_machine.state_name[note->to_level], note->drawdown_bp / 100.0,
		    note->cause == RISK_CORRELATION ? "correlation" : ladder_machine.event_name[note->event]);
	}
	if (changes->count > LEVEL_CHANGES_SHOWN)
		out_format(out, "    and %llu more, all of them with --json\n", (unsigned long long)(changes->count - LEVEL_CHANGES_SHOWN));
}
