/* check_clock.c - what time this machine has, who keeps it, and what day that is. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/text.h"
#include "firmware/preflight/check.h"
#include "fsm/feed/calendar.h"

enum { DAY_S = 86400, MINUTE_S = 60, WHEN_BYTES = 32, US_PER_MS = 1000, COVER_DAYS_MIN = 365 };

static const char *when(int64_t wall_s, char text[WHEN_BYTES])
{
	int64_t      day = wall_s / DAY_S - (wall_s % DAY_S < 0), second = wall_s - day * DAY_S;
	struct civil date = civil_from_day((int32_t)day);
	snprintf(text, WHEN_BYTES, "%04d-%02u-%02u %02d:%02d:%02d UTC", (int)date.year, date.month, date.day, (int)(second / 3600), (int)(second / 60 % 60),
	    (int)(second % 60));
	return text;
}

static int64_t earliest_s(void)
{
	uint32_t date = CFG_clock_earliest_yyyymmdd;
	return (int64_t)day_from_civil((int32_t)(date / 10000), date / 100 % 100, date % 100) * DAY_S;
}

static bool is_covered(const struct facts *facts) { return calendar_covers_instant(CALENDAR_NYSE, facts->wall_s * NS_PER_S); }

void check_clock(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	char                now[WHEN_BYTES], first[WHEN_BYTES];
	when(facts->wall_s, now);
	if (facts->wall_s < earliest_s())
		preflight_say(result, PREFLIGHT_FAILURE, "the clock of this machine says %s, before this program was made (%.10s):\nset it, and let "
		    "chrony or ntpd keep it",
		    now, when(earliest_s(), first));
	else if (!is_covered(facts))
		preflight_say(result, PREFLIGHT_FAILURE, "the clock of this machine says %s, beyond the calendars of this build:\nset it, or build a "
		    "newer one", now);
	else if (facts->monotonic_later_ns <= facts->monotonic_ns)
		preflight_say(result, PREFLIGHT_FAILURE,
		    "the monotonic clock of this machine stands still:\nuse another clock source (see the kernel log)");
	else preflight_say(result, PREFLIGHT_OK, "%s", now);
}

/* What the kernel still has to add to its clock is how far behind the keeper says it is. */
void check_clock_kept(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	int64_t             most_us = (int64_t)setting(&preflight->conf.settings, SETTING_clock_tolerance_s) * US_PER_MS * US_PER_MS;
	int64_t             behind_us = facts->clock_behind_us;
	const char         *side = behind_us < 0 ? "ahead" : "behind";
	long long           off_ms = (long long)((behind_us < 0 ? -behind_us : behind_us) / US_PER_MS);
	if (!facts->is_synchronised && check_is_timely(preflight))
		preflight_say(result, PREFLIGHT_WARNING, "the kernel says nobody keeps this clock:\nstart chrony or ntpd");
	else if (!facts->is_synchronised)
		preflight_say(result, PREFLIGHT_NOTE, "the kernel says nobody keeps this clock; these days need none that is right:\nstart chrony or "
		    "ntpd before real ones");
	else if (facts->clock_error_us > most_us)
		preflight_say(result, PREFLIGHT_WARNING,
		    "a time service keeps this clock, and says it may be %lld ms off, more than the %lld of clock_tolerance_s:\nsee that it reaches its "
		    "servers "
		    "(chronyc sources, timedatectl)",
		    (long long)(facts->clock_error_us / US_PER_MS), (long long)(most_us / US_PER_MS));
	else if (off_ms > 0)
		preflight_say(result, PREFLIGHT_OK, "kept by a time service, at most %lld ms off; it is %lld ms %s and being corrected",
		    (long long)(facts->clock_error_us / US_PER_MS), off_ms, side);
	else preflight_say(result, PREFLIGHT_OK, "kept by a time service, at most %lld ms off", (long long)(facts->clock_error_us / US_PER_MS));
}

/* The slow ones cost a trap of a microsecond and more for each reading, and are what the kernel falls back to when it distrusts the processor's. */
void check_clock_source(struct preflight *preflight, struct preflight_result *result)
{
	static const char *const slow[] = { "hpet", "acpi_pm", "jiffies", "refined-jiffies", "pit" };
	const char        *source = preflight->facts.clock_source;
	for (size_t i = 0; i < sizeof slow / sizeof *slow; i++) {
		if (strcmp(source, slow[i]) != 0) continue;
		preflight_say(result, PREFLIGHT_WARNING,
		    "the kernel reads time from %s, which is slow:\nsee the kernel log for why it left the processor's own (tsc, kvm-clock)", source);
		return;
	}
	if (*source) preflight_say(result, PREFLIGHT_OK, "%s", source);
	else preflight_say(result, PREFLIGHT_OK, "the kernel does not say");
}

/* Hours of the exchange, on its own wall clock, as minutes of the day. */
static void say_session(const struct session *session, int32_t day, struct preflight_result *result)
{
	char        date[TEXT_DAY_BYTES];
	const char *reason = calendar_reason(CALENDAR_NYSE, day);
	long long   open_min = (session->open_ns / NS_PER_S % DAY_S) / MINUTE_S, close_min = (session->close_ns / NS_PER_S % DAY_S) / MINUTE_S;
	preflight_say(result, PREFLIGHT_OK, "%s is a session of NYSE, %02lld:%02lld to %02lld:%02lld UTC%s%s%s", text_day(date, day), open_min / 60,
	    open_min % 60,
	    close_min / 60, close_min % 60, session->early_close ? ", an early close" : "", *reason ? ": " : "", reason);
}

void check_calendar(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	struct session      session;
	char                date[TEXT_DAY_BYTES], next[TEXT_DAY_BYTES];
	if (!is_covered(facts)) {
		preflight_say(result, PREFLIGHT_FAILURE, "the calendars do not hold today:\nset the clock, or build a newer program");
		return;
	}
	int32_t     day = calendar_day(CALENDAR_NYSE, facts->wall_s * NS_PER_S);
	const char *reason = calendar_reason(CALENDAR_NYSE, day);
	bool        is_open = calendar_session(CALENDAR_NYSE, day, &session);
	int32_t     after = calendar_next_day(CALENDAR_NYSE, day);
	if (CALENDAR_DAY_LAST - day < COVER_DAYS_MIN)
		preflight_say(result, PREFLIGHT_WARNING, "the calendars of this build end on %s:\nbuild a newer one before that",
		    text_day(date, CALENDAR_DAY_LAST));
	else if (is_open) say_session(&session, day, result);
	else
		preflight_say(result, PREFLIGHT_OK, "%s is no session of NYSE%s%s; the next is %s", text_day(date, day), *reason ? ": " : "", reason,
		    text_day(next, after));
}

void check_clock_venue(struct preflight *preflight, struct preflight_result *result)
{
	const struct preflight_venue *told = &preflight->told;
	int32_t                       most_s = setting(&preflight->conf.settings, SETTING_clock_tolerance_s);
	long long                     off_s = (long long)(told->ahead_s < 0 ? -told->ahead_s : told->ahead_s);
	const char                   *side = told->ahead_s < 0 ? "ahead of" : "behind";
	if (!check_is_outside(preflight)) preflight_say(result, PREFLIGHT_OK, "the paper venue inside has no clock of its own");
	else if (!told->has_clock && preflight->plan->stepped) preflight_say(result, PREFLIGHT_OK, "a simulator in steps has no clock to compare");
	else if (!told->has_clock) preflight_say(result, PREFLIGHT_NOTE, "the venue has not told its time:\nsee the check `venue`");
	else if (off_s > most_s)
		preflight_say(result, PREFLIGHT_FAILURE,
		    "this machine's clock is %lld s %s the venue's, more than the %d of clock_tolerance_s:\nlet chrony or ntpd keep it", off_s, side, most_s);
	else if (off_s > 0) preflight_say(result, PREFLIGHT_OK, "this machine's clock is %lld s %s the venue's", off_s, side);
	else preflight_say(result, PREFLIGHT_OK, "the same as the venue's, within a second");
}
