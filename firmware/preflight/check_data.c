/* check_data.c - recorded bars, or where a venue's come from and by which roots it is trusted. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/cli/text.h"
#include "firmware/preflight/check.h"
#include "fsm/feed/calendar.h"
#include "hal/linux/anchors.h"

enum { NAME_BYTES = 32, TAIL_BYTES = 512, DATE_CHARS = 10 };

static bool file_of(char path[FILES_PATH_MAX], const char *data, size_t sym)
{
	char name[NAME_BYTES];
	snprintf(name, sizeof name, "%.11s.csv", universe[sym].symbol);
	return files_path(path, data, name) == FILES_OK && access(path, R_OK) == 0;
}

static uint32_t files_of_bars(const char *data)
{
	char     path[FILES_PATH_MAX];
	uint32_t count = 0;
	for (size_t sym = 0; sym < UNIVERSE_N; sym++) count += file_of(path, data, sym);
	return count;
}

void check_data(struct preflight *preflight, struct preflight_result *result)
{
	const struct venue_plan *plan = preflight->plan;
	char                     trading[URL_TEXT_BYTES], data[URL_TEXT_BYTES];
	const char              *folder = preflight->data;
	uint32_t                 files = folder && !check_is_outside(preflight) ? files_of_bars(folder) : 0;
	if (check_is_outside(preflight)) preflight_say(result, PREFLIGHT_OK, "%s, data from %s", url_text(&plan->trading, trading),
	    url_text(&plan->data, data));
	else if (!folder) preflight_say(result, PREFLIGHT_OK, "no --data: a random walk");
	else if (files == 0)
		preflight_say(result, PREFLIGHT_FAILURE, "%s holds no file of the universe;\nname a folder with files like %s.csv", folder,
		    universe[0].symbol);
	else preflight_say(result, PREFLIGHT_OK, "%u of %u files in %s", files, (unsigned)UNIVERSE_N, folder);
}

/* The date that begins the last line of a file; CALENDAR_DAY_NONE when none does. Whether the rest is right, the reader of bars says. */
static int32_t last_day_of(const char *path)
{
	char        tail[TAIL_BYTES + 1];
	struct stat info;
	int         fd = open(path, O_RDONLY | O_CLOEXEC);
	int32_t     day;
	bool        is_file = fd >= 0 && fstat(fd, &info) == 0;
	off_t       from = is_file && info.st_size > TAIL_BYTES ? info.st_size - TAIL_BYTES : 0;
	ssize_t     got = is_file ? pread(fd, tail, TAIL_BYTES, from) : 0;
	if (fd >= 0) (void)close(fd);
	while (got > 0 && (tail[got - 1] == '\n' || tail[got - 1] == '\r')) got--;
	tail[got > 0 ? got : 0] = '\0';
	char *line = strrchr(tail, '\n');
	line = line ? line + 1 : tail;
	if (strlen(line) > DATE_CHARS) line[DATE_CHARS] = '\0';
	return text_to_day(line, &day) ? day : CALENDAR_DAY_NONE;
}

/* The symbols whose bars end first and last. */
struct ages {
	uint32_t count;
	int32_t  newest, oldest;
	size_t   oldest_sym;
};

static struct ages ages_of(const char *data)
{
	struct ages ages = { 0, INT32_MIN, CALENDAR_DAY_NONE, 0 };
	char        path[FILES_PATH_MAX];
	for (size_t sym = 0; sym < UNIVERSE_N; sym++) {
		int32_t day = file_of(path, data, sym) ? last_day_of(path) : CALENDAR_DAY_NONE;
		if (day == CALENDAR_DAY_NONE || !calendar_covers(day)) continue;
		ages.count++;
		if (day > ages.newest) ages.newest = day;
		if (day < ages.oldest) ages.oldest = day, ages.oldest_sym = sym;
	}
	return ages;
}

/* Recorded days are traded as they were, however long ago: what counts is whether one symbol ends before the others. */
static void say_ages(const struct ages *ages, struct preflight *preflight, struct preflight_result *result)
{
	char        newest[TEXT_DAY_BYTES], oldest[TEXT_DAY_BYTES];
	int64_t     wall_ns = preflight->facts.wall_s * NS_PER_S;
	int32_t     today = calendar_covers_instant(CALENDAR_NYSE, wall_ns) ? calendar_day(CALENDAR_NYSE, wall_ns) : ages->newest;
	int32_t     most = setting(&preflight->conf.settings, SETTING_price_stale_sessions);
	int32_t     apart = calendar_sessions_between(CALENDAR_NYSE, ages->oldest, ages->newest);
	const char *symbol = universe[ages->oldest_sym].symbol;
	text_day(newest, ages->newest);
	text_day(oldest, ages->oldest);
	if (ages->newest > today)
		preflight_say(result, PREFLIGHT_NOTE, "the newest bar is of %s, after today:\nset the clock, or see where the bars are from", newest);
	else if (apart > most)
		preflight_say(result, PREFLIGHT_NOTE, "%.11s ends on %s, %d sessions before the newest bar (%s), so nothing new is bought of it at the "
		    "end:\nbring newer bars of it, "
		    "or leave its file out",
		    symbol, oldest, apart, newest);
	else
		preflight_say(result, PREFLIGHT_OK, "newest bar %s, %d sessions ago; the first to end is %.11s, %s", newest,
		    calendar_sessions_between(CALENDAR_NYSE, ages->newest, today), symbol, oldest);
}

void check_data_age(struct preflight *preflight, struct preflight_result *result)
{
	const char *data = check_is_outside(preflight) ? 0 : preflight->data;
	struct ages ages = data ? ages_of(data) : (struct ages){ 0, 0, 0, 0 };
	if (check_is_outside(preflight)) preflight_say(result, PREFLIGHT_OK, "bars come from the venue, as they are made");
	else if (!data) preflight_say(result, PREFLIGHT_OK, "a random walk has no age");
	else if (ages.count == 0) preflight_say(result, PREFLIGHT_NOTE, "no file in %s ends in a line with a date:\nsee the check `data`", data);
	else say_ages(&ages, preflight, result);
}

void check_roots(struct preflight *preflight, struct preflight_result *result)
{
	const struct venue_plan *plan = preflight->plan;
	char                     roots[FILES_PATH_MAX], sentence[FILES_PATH_MAX * 2];
	struct anchors           anchors;
	if (!check_is_outside(preflight)) {
		preflight_say(result, PREFLIGHT_OK, "none are needed for the paper venue inside");
		return;
	}
	snprintf(roots, sizeof roots, "%s/" VENUE_PLAN_ROOTS, preflight->home);
	anchors_init(&anchors);
	const char          *trust = plan->trust ? plan->trust : roots;
	enum anchors_verdict verdict = anchors_load(&anchors, trust);
	snprintf(sentence, sizeof sentence, "%s%s %s", plan->trust ? "--trust " : "", trust, anchors_verdict_text[verdict]);
	if (verdict != ANCHORS_OK) check_quote(result, PREFLIGHT_FAILURE, sentence);
	else preflight_say(result, PREFLIGHT_OK, "%u in %s", (unsigned)anchors.count, trust);
}
