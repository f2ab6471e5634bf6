/* preflight.c - the table of checks, run from top to bottom, and how a check says what it found. */
#include "firmware/preflight/preflight.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware/preflight/check.h"
#include "hal/linux/lock.h"

const char *const preflight_verdict_text[PREFLIGHT_VERDICTS_N] = {
	[PREFLIGHT_OK] = "ok", [PREFLIGHT_NOTE] = "note", [PREFLIGHT_WARNING] = "warn", [PREFLIGHT_FAILURE] = "FAIL"
};

/* The mark stands between what was found and what to do; the colon before it belongs to neither. */
static void split(struct preflight_result *result, char *mark)
{
	result->found_bytes = (uint16_t)strlen(result->sentence);
	result->advice_at = 0;
	if (!mark || mark == result->sentence || mark[1] == '\0') return;
	*mark = ' ';
	result->found_bytes = (uint16_t)(mark - result->sentence - 1);
	result->advice_at = (uint16_t)(mark - result->sentence + 1);
}

void preflight_say(struct preflight_result *result, enum preflight_verdict verdict, const char *format, ...)
{
	va_list arguments;
	result->verdict = verdict;
	va_start(arguments, format);
	(void)vsnprintf(result->sentence, sizeof result->sentence, format, arguments);
	va_end(arguments);
	split(result, strrchr(result->sentence, '\n'));
	BUG_UNLESS(4301, verdict == PREFLIGHT_OK || result->advice_at > 0 || strlen(result->sentence) == sizeof result->sentence - 1);
}

void check_quote(struct preflight_result *result, enum preflight_verdict verdict, const char *sentence)
{
	char *mark = 0;
	result->verdict = verdict;
	(void)snprintf(result->sentence, sizeof result->sentence, "%s", sentence);
	for (char *at = result->sentence; *at; at++)
		if ((*at == ':' || *at == ';') && at[1] == ' ') mark = at + 1;
	split(result, mark);
}

struct preflight_row {
	const char *name, *what;
	void (*check)(struct preflight *preflight, struct preflight_result *result);
};
#define PREFLIGHT_ROW(name, what) [PREFLIGHT_##name] = { #name, what, check_##name },
static const struct preflight_row rows[PREFLIGHTS_N] = { PREFLIGHTS(PREFLIGHT_ROW) };

const char *preflight_name(enum preflight_id id) { return rows[id].name; }
const char *preflight_what(enum preflight_id id) { return rows[id].what; }

void preflight_look(struct preflight *preflight)
{
	preflight->cpu = cpu_ask();
	facts_look(&preflight->facts);
	facts_look_folder(&preflight->folder, preflight->home);
	preflight->exposed.pid = secrets_above(&preflight->exposed.id);
}

enum preflight_verdict preflight_run(struct preflight *preflight)
{
	enum preflight_verdict worst = PREFLIGHT_OK;
	preflight->told = (struct preflight_venue){ .result.verdict = PREFLIGHT_OK };
	preflight->holder_pid = 0;
	(void)conf_read(&preflight->conf, preflight->home);        /* its refusal is one of the checks */
	(void)lock_look(preflight->home, &preflight->holder_pid);        /* and so is its verdict */
	memset(preflight->result, 0, sizeof preflight->result);
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) {
		struct preflight_result *result = &preflight->result[id];
		rows[id].check(preflight, result);
		BUG_UNLESS(4300, result->sentence[0]);
		if (result->verdict > worst) worst = result->verdict;
	}
	return worst;
}

enum preflight_id preflight_failed(const struct preflight *preflight)
{
	enum preflight_id id = 0;
	while (id < PREFLIGHTS_N && preflight->result[id].verdict != PREFLIGHT_FAILURE) id++;
	return id;
}
