/* check_venue.c - keys, and the venue itself. */
#include "firmware/preflight/check.h"

static enum secret_id first_absent(const struct secrets *secrets)
{
	enum secret_id id = 0;
	while (id < SECRETS_N && secrets_hold(secrets, id)) id++;
	return id;
}

void check_secrets(struct preflight *preflight, struct preflight_result *result)
{
	bool           is_outside = check_is_outside(preflight);
	enum secret_id absent = first_absent(preflight->secrets);
	if (*preflight->secrets_refusal) check_quote(result, is_outside ? PREFLIGHT_FAILURE : PREFLIGHT_WARNING, preflight->secrets_refusal);
	else if (!is_outside) preflight_say(result, PREFLIGHT_OK, "none are needed for the paper venue inside");
	else if (absent < SECRETS_N)
		preflight_say(result, PREFLIGHT_FAILURE, "%s is missing:\nset it in the environment, or write it into %s/" SECRETS_FILE " (mode 0600)",
		    secret_name(absent),
		    preflight->home);
	else preflight_say(result, PREFLIGHT_OK, "%d keys taken and out of the environment", SECRETS_N);
}

void check_locked_memory(struct preflight *preflight, struct preflight_result *result)
{
	uint64_t bytes_max = preflight->facts.locked_bytes_max;
	if (!check_is_outside(preflight)) preflight_say(result, PREFLIGHT_OK, "none is needed for the paper venue inside");
	else if (!secrets_may_be_locked())
		preflight_say(result, PREFLIGHT_FAILURE, "keys cannot be locked into memory:\nraise ulimit -l to 64 (LimitMEMLOCK of the service)");
	else if (bytes_max == FACTS_NO_LIMIT) preflight_say(result, PREFLIGHT_OK, "no limit");
	else preflight_say(result, PREFLIGHT_OK, "%llu KiB may be locked, which is enough", (unsigned long long)(bytes_max >> 10));
}

void check_command_line(struct preflight *preflight, struct preflight_result *result)
{
	enum secret_id shown = secrets_on_command_line(preflight->secrets);
	if (shown < SECRETS_N)
		preflight_say(result, PREFLIGHT_FAILURE, "%s stands on the command line, where every user of this machine reads it:\ntake it out, and "
		    "change the key",
		    secret_name(shown));
	else preflight_say(result, PREFLIGHT_OK, "no key on it");
}

void check_environment(struct preflight *preflight, struct preflight_result *result)
{
	const struct preflight_exposed *exposed = &preflight->exposed;
	if (exposed->pid)
		preflight_say(result, PREFLIGHT_NOTE, "%s stands in the environment of process %d, which started this one; whatever that user runs can "
		    "read it:\nkeep keys in "
		    "%s/" SECRETS_FILE " (mode 0600), or give them to this command alone",
		    secret_name(exposed->id), exposed->pid, preflight->home);
	else preflight_say(result, PREFLIGHT_OK, "no key in that of a process above this one");
}

static void ask(struct preflight *preflight, enum preflight_host host, const char *name, struct preflight_venue *found)
{
	*found = (struct preflight_venue){ .result.verdict = PREFLIGHT_OK };
	if (!check_live_is_good(preflight)) preflight_say(&found->result, PREFLIGHT_FAILURE, "%s is not asked:\nsee the check `live`", name);
	else if (!preflight->venue_check)
		preflight_say(&found->result, PREFLIGHT_WARNING, "%s is not asked before the start:\nwatch its first connection (tickwork log)", name);
	else preflight->venue_check(preflight->venue_context, host, preflight->plan, preflight->secrets, found);
}

void check_venue(struct preflight *preflight, struct preflight_result *result)
{
	if (!check_is_outside(preflight)) {
		preflight_say(result, PREFLIGHT_OK, "the paper venue inside");
		return;
	}
	ask(preflight, PREFLIGHT_TRADING, preflight->plan->trading.host, &preflight->told);
	*result = preflight->told.result;
}

void check_venue_data(struct preflight *preflight, struct preflight_result *result)
{
	struct preflight_venue found;
	if (!check_is_outside(preflight)) {
		preflight_say(result, PREFLIGHT_OK, "no host of data: the days are this machine's own");
		return;
	}
	ask(preflight, PREFLIGHT_DATA, preflight->plan->data.host, &found);
	*result = found.result;
}
