/* preflight.c - a row a check: each writes one sentence about what it found, the worst first. */
#include "firmware/preflight.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsm/feed/calendar.h"
#include "hal/linux/anchors.h"
#include "hal/linux/lock.h"
#include "hal/store/journal.h"

enum { KERNEL_MIN = 4005, DAY_S = 86400, WHEN_BYTES = 32, MIB_SHIFT = 20 };
#define JOURNAL_FILE_BYTES ((uint64_t)CFG_journal_segments * CFG_journal_segment_kib * 1024 + JOURNAL_PAGE_BYTES)
#define BUDGET_BYTES       ((uint64_t)CFG_budget_all_kib * 1024)

typedef void check_fn(const struct preflight *preflight, struct preflight_result *result);

const char *const preflight_verdict_text[] = { [PREFLIGHT_OK] = "ok", [PREFLIGHT_WARNING] = "warn", [PREFLIGHT_FAILURE] = "FAIL" };

__attribute__((format(printf, 3, 4))) static void say(struct preflight_result *result, enum preflight_verdict verdict, const char *format, ...)
{
	va_list arguments;
	result->verdict = verdict;
	va_start(arguments, format);
	vsnprintf(result->sentence, sizeof result->sentence, format, arguments);
	va_end(arguments);
}

static unsigned long long mib(uint64_t bytes) { return (unsigned long long)(bytes >> MIB_SHIFT); }
static bool               is_outside(const struct preflight *preflight) { return preflight->plan->venue != VENUE_sim; }

/* --- clock ---------------------------------------------------------------------------------------------------------------- */

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

static void check_clock(const struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	char                  now[WHEN_BYTES], first[WHEN_BYTES];
	when(facts->wall_s, now);
	if (facts->wall_s < earliest_s())
		say(result, PREFLIGHT_FAILURE, "the clock of this machine says %s, before this program was made (%.10s): set it, and let chrony or ntpd keep it", now,
		    when(earliest_s(), first));
	else if (!calendar_covers_instant(CALENDAR_NYSE, facts->wall_s * NS_PER_S))
		say(result, PREFLIGHT_FAILURE, "the clock of this machine says %s, beyond the calendars of this build: set it, or build a newer one", now);
	else if (facts->monotonic_later_ns <= facts->monotonic_ns)
		say(result, PREFLIGHT_FAILURE, "the monotonic clock of this machine stands still: use another clock source (see the kernel log)");
	else if (is_outside(preflight) && !preflight->plan->stepped && !facts->is_synchronised)
		say(result, PREFLIGHT_WARNING, "%s, but the kernel says nobody keeps this clock: start chrony or ntpd", now);
	else
		say(result, PREFLIGHT_OK, "%s%s", now, facts->is_synchronised ? ", kept by a time service" : "");
}

/* --- HOME ----------------------------------------------------------------------------------------------------------------- */

/* What of the journal has its room on the disk already. */
static uint64_t journal_bytes_there(const char *home)
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes = 0;
	if (files_path(path, home, "journal") == FILES_OK) (void)files_size(path, &bytes);
	return bytes < JOURNAL_FILE_BYTES ? bytes : JOURNAL_FILE_BYTES;
}

static void check_folder(const struct preflight *preflight, struct preflight_result *result)
{
	struct facts_folder folder;
	const char           *home = preflight->home;
	facts_look_folder(&folder, home);
	uint64_t journal_bytes = JOURNAL_FILE_BYTES - journal_bytes_there(home);
	int32_t  room_mib = setting(&preflight->conf.settings, SETTING_home_room_mib);
	result->verdict = PREFLIGHT_FAILURE;
	if (folder.verdict != FILES_OK && folder.verdict != FILES_FULL) files_sentence(folder.verdict, home, result->sentence, sizeof result->sentence);
	else if (folder.free_bytes < journal_bytes)
		say(result, PREFLIGHT_FAILURE, "%s/journal does not fit on the disk: it takes %llu MiB and %llu MiB are free: free some space, or choose another --home",
		    home, mib(journal_bytes) + 1, mib(folder.free_bytes));
	else if (folder.verdict == FILES_FULL) files_sentence(FILES_FULL, home, result->sentence, sizeof result->sentence);
	else if (folder.free_bytes < journal_bytes + ((uint64_t)room_mib << MIB_SHIFT))
		say(result, PREFLIGHT_WARNING, "%s has %llu MiB left for books and reports, fewer than the %d of home_room_mib: free some space", home,
		    mib(folder.free_bytes - journal_bytes), room_mib);
	else if (folder.is_in_memory)
		say(result, PREFLIGHT_WARNING, "%s is in memory (tmpfs): the journal and the books are gone when this machine restarts", home);
	else
		say(result, PREFLIGHT_OK, "%s %s, %llu MiB free", home, folder.is_there ? "is writable" : "can be made", mib(folder.free_bytes));
}

/* --- the machine ----------------------------------------------------------------------------------------------------------- */

static void check_limits(const struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	if (facts->files_max < PREFLIGHT_FILES_MIN)
		say(result, PREFLIGHT_FAILURE, "%llu open files are allowed and %d are needed: raise ulimit -n (LimitNOFILE of the service)",
		    (unsigned long long)facts->files_max, PREFLIGHT_FILES_MIN);
	else if (facts->file_bytes_max < JOURNAL_FILE_BYTES)
		say(result, PREFLIGHT_FAILURE, "a file may grow to %llu MiB and the journal takes %llu: raise ulimit -f (LimitFSIZE of the service)",
		    mib(facts->file_bytes_max), mib(JOURNAL_FILE_BYTES) + 1);
	else if (facts->address_bytes_max < BUDGET_BYTES)
		say(result, PREFLIGHT_FAILURE, "%llu MiB of address space are allowed and %llu are needed: raise ulimit -v (LimitAS of the service)",
		    mib(facts->address_bytes_max), mib(BUDGET_BYTES));
	else if (facts->available_bytes < BUDGET_BYTES)
		say(result, PREFLIGHT_FAILURE, "%llu MiB of memory are free and %llu are needed (budget_all_kib): stop something else on this machine",
		    mib(facts->available_bytes), mib(BUDGET_BYTES));
	else if (facts->promised_bytes_left < BUDGET_BYTES)
		say(result, PREFLIGHT_FAILURE, "the kernel promises %llu MiB more and %llu are needed: vm.overcommit_memory is 2, raise vm.overcommit_ratio or stop "
		    "something else", mib(facts->promised_bytes_left), mib(BUDGET_BYTES));
	else say(result, PREFLIGHT_OK, "%llu MiB of memory free, %llu needed at most", mib(facts->available_bytes), mib(BUDGET_BYTES));
}

static void check_kernel(const struct preflight *preflight, struct preflight_result *result)
{
	const struct facts *facts = &preflight->facts;
	bool                  is_old = facts->kernel_major * 1000 + facts->kernel_minor < KERNEL_MIN;
	const char           *absent = !facts->has_epoll ? "epoll" : !facts->has_eventfd ? "eventfd" : !facts->has_signalfd ? "signalfd" : 0;
	const char           *late = !facts->has_memfd ? "memfd_create" : !facts->has_pidfd ? "pidfd_open" : !facts->has_close_range ? "close_range" : 0;
	if (is_old) say(result, PREFLIGHT_FAILURE, "this kernel is Linux %s: this program needs 4.5 or newer", facts->release);
	else if (absent) say(result, PREFLIGHT_FAILURE, "this kernel (Linux %s) refuses %s: allow it, if a container's filter refuses it", facts->release, absent);
	else if (late)
		say(result, PREFLIGHT_WARNING, "this kernel (Linux %s) has no %s: the run does without it; Linux 5.9 or newer has all", facts->release, late);
	else say(result, PREFLIGHT_OK, "Linux %s", facts->release);
}

static void check_processor(const struct preflight *preflight, struct preflight_result *result)
{
	const char *missing = cpu_missing(preflight->cpu);
	if (missing) say(result, PREFLIGHT_FAILURE, "this processor lacks %s: run it on one with x86-64-v3 (Intel since 2013, AMD since 2015)", missing);
	else say(result, PREFLIGHT_OK, "x86-64-v3");
}

/* --- configuration, data, keys --------------------------------------------------------------------------------------------- */

static void check_configuration(const struct preflight *preflight, struct preflight_result *result)
{
	const struct conf *conf = &preflight->conf;
	uint32_t           tightened = 0;
	for (size_t i = 0; i < SETTINGS_N; i++) tightened += conf->line[i] != 0;
	if (conf->refusal[0]) say(result, PREFLIGHT_FAILURE, "%s", conf->refusal);
	else if (conf->present) say(result, PREFLIGHT_OK, CONF_NAME " tightens %u settings", tightened);
	else say(result, PREFLIGHT_OK, "no " CONF_NAME ": the built-in settings");
}

/* Files of the universe that can be read. */
static uint32_t files_of_bars(const char *data)
{
	char     path[FILES_PATH_MAX], name[32];
	uint32_t count = 0;
	for (size_t sym = 0; sym < UNIVERSE_N; sym++) {
		snprintf(name, sizeof name, "%.11s.csv", universe[sym].symbol);
		count += files_path(path, data, name) == FILES_OK && access(path, R_OK) == 0;
	}
	return count;
}

static void check_bars(const char *data, struct preflight_result *result)
{
	uint32_t files = data ? files_of_bars(data) : 0;
	if (!data) say(result, PREFLIGHT_OK, "no --data: a random walk");
	else if (files == 0) say(result, PREFLIGHT_FAILURE, "%s holds no file of the universe; name a folder with files like %s.csv", data, universe[0].symbol);
	else say(result, PREFLIGHT_OK, "%u of %u files in %s", files, (unsigned)UNIVERSE_N, data);
}

static void check_data(const struct preflight *preflight, struct preflight_result *result)
{
	const struct venue_plan *plan = preflight->plan;
	char                     trading[URL_TEXT_BYTES], data[URL_TEXT_BYTES], roots[FILES_PATH_MAX];
	struct anchors           anchors;
	anchors_init(&anchors);
	snprintf(roots, sizeof roots, "%s/" VENUE_PLAN_ROOTS, preflight->home);
	if (!is_outside(preflight)) {
		check_bars(preflight->data, result);
		return;
	}
	const char          *trust = plan->trust ? plan->trust : roots;
	enum anchors_verdict verdict = anchors_load(&anchors, trust);
	if (verdict != ANCHORS_OK) say(result, PREFLIGHT_FAILURE, "%s%s %s", plan->trust ? "--trust " : "", trust, anchors_verdict_text[verdict]);
	else say(result, PREFLIGHT_OK, "%s, data from %s", url_text(&plan->trading, trading), url_text(&plan->data, data));
}

static enum secret_id first_absent(const struct secrets *secrets)
{
	enum secret_id id = 0;
	while (id < SECRETS_N && secrets_hold(secrets, id)) id++;
	return id;
}

static void check_secrets(const struct preflight *preflight, struct preflight_result *result)
{
	enum secret_id absent = first_absent(preflight->secrets), shown = secrets_on_command_line(preflight->secrets);
	if (*preflight->secrets_refusal) say(result, is_outside(preflight) ? PREFLIGHT_FAILURE : PREFLIGHT_WARNING, "%s", preflight->secrets_refusal);
	else if (shown < SECRETS_N)
		say(result, PREFLIGHT_FAILURE, "%s stands on the command line, where every user of this machine reads it: take it out, and change the key",
		    secret_name(shown));
	else if (!is_outside(preflight)) say(result, PREFLIGHT_OK, "none are needed for the paper venue inside");
	else if (absent < SECRETS_N)
		say(result, PREFLIGHT_FAILURE, "%s is missing: set it in the environment, or write it into %s/" SECRETS_FILE " (mode 0600)", secret_name(absent),
		    preflight->home);
	else if (!secrets_may_be_locked())
		say(result, PREFLIGHT_FAILURE, "keys cannot be locked into memory: raise ulimit -l to 64 (LimitMEMLOCK of the service)");
	else say(result, PREFLIGHT_OK, "%d keys taken and out of the environment", SECRETS_N);
}

/* --- the venue, and others --------------------------------------------------------------------------------------------------- */

static void check_venue(const struct preflight *preflight, struct preflight_result *result)
{
	struct preflight_venue found = { .result.verdict = PREFLIGHT_OK };
	int32_t                most_s = setting(&preflight->conf.settings, SETTING_clock_tolerance_s);
	if (!is_outside(preflight)) {
		say(result, PREFLIGHT_OK, "the paper venue inside");
		return;
	}
	if (!preflight->venue_check) {
		say(result, PREFLIGHT_WARNING, "%s is not asked before the start", preflight->plan->trading.host);
		return;
	}
	preflight->venue_check(preflight->venue_context, preflight->plan, preflight->secrets, &found);
	*result = found.result;
	bool is_far = found.has_clock && (found.ahead_s > most_s || found.ahead_s < -most_s);
	if (result->verdict != PREFLIGHT_FAILURE && is_far)
		say(result, PREFLIGHT_FAILURE, "this machine's clock is %lld s %s the venue's, more than the %d of clock_tolerance_s: let chrony or ntpd keep it",
		    (long long)(found.ahead_s < 0 ? -found.ahead_s : found.ahead_s), found.ahead_s < 0 ? "ahead of" : "behind", most_s);
}

static void check_lock(const struct preflight *preflight, struct preflight_result *result)
{
	int holder = 0;
	switch (lock_look(preflight->home, &holder)) {
	case LOCK_OK: say(result, PREFLIGHT_OK, "no other instance in %s", preflight->home); return;
	case LOCK_TAKEN:
		say(result, PREFLIGHT_FAILURE, "another instance (process %d) runs in %s: stop it, or choose another --home", holder, preflight->home);
		return;
	case LOCK_DENIED: break;
	}
	say(result, PREFLIGHT_FAILURE, "%s/lock may not be written by this user: change its owner, or choose another --home", preflight->home);
}

/* --- the table ------------------------------------------------------------------------------------------------------------------ */

struct preflight_row { const char *name, *what; check_fn *check; };
#define PREFLIGHT_ROW(name, what) [PREFLIGHT_##name] = { #name, what, check_##name },
static const struct preflight_row rows[PREFLIGHTS_N] = { PREFLIGHTS(PREFLIGHT_ROW) };

const char *preflight_name(enum preflight_id id) { return rows[id].name; }
const char *preflight_what(enum preflight_id id) { return rows[id].what; }

enum preflight_verdict preflight_run(struct preflight *preflight)
{
	enum preflight_verdict worst = PREFLIGHT_OK;
	(void)conf_read(&preflight->conf, preflight->home);        /* its refusal is one of the checks */
	for (enum preflight_id id = 0; id < PREFLIGHTS_N; id++) {
		struct preflight_result *result = &preflight->result[id];
		*result = (struct preflight_result){ .verdict = PREFLIGHT_OK };
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
