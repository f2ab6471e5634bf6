/* check_home.c - the files in HOME: what a start would find there, and what a running instance shows. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "firmware/attach.h"
#include "firmware/console/console.h"
#include "firmware/lastwords.h"
#include "firmware/memory_map.h"
#include "firmware/preflight/check.h"
#include "fsm/care/process.h"
#include "hal/linux/disk.h"
#include "hal/linux/lock.h"
#include "hal/linux/memory.h"
#include "hal/store/books.h"
#include "hal/store/journal_read.h"

enum { DAY_S = 86400, STAMP_CHARS = 20 };

void check_configuration(struct preflight *preflight, struct preflight_result *result)
{
	const struct conf *conf = &preflight->conf;
	uint32_t           tightened = 0;
	for (size_t i = 0; i < SETTINGS_N; i++) tightened += conf->line[i] != 0;
	if (conf->refusal[0]) check_quote(result, PREFLIGHT_FAILURE, conf->refusal);
	else if (conf->present) preflight_say(result, PREFLIGHT_OK, CONF_NAME " tightens %u settings, all within their bounds", tightened);
	else preflight_say(result, PREFLIGHT_OK, "no " CONF_NAME ": the built-in settings");
}

void check_lock(struct preflight *preflight, struct preflight_result *result)
{
	const char *home = preflight->home;
	int         holder = 0;
	char        who[LOCK_WHO_BYTES];
	switch (lock_look(home, &holder)) {
	case LOCK_OK: preflight_say(result, PREFLIGHT_OK, "no other instance in %s", home); return;
	case LOCK_TAKEN:
		if (preflight->is_visit) preflight_say(result, PREFLIGHT_OK, "an instance (%s) runs in %s", lock_who(holder, who), home);
		else
			preflight_say(result, PREFLIGHT_FAILURE, "another instance (%s) runs in %s:\nstop it, or choose another --home",
			    lock_who(holder, who), home);
		return;
	case LOCK_DENIED: break;
	}
	preflight_say(result, PREFLIGHT_FAILURE, "%s/lock may not be written by this user:\nchange its owner, or choose another --home", home);
}

/* A run that is there and the file that it writes into is not, or is another one: its map knows, that of a single process is for nobody to see. */
static bool is_gone(const struct preflight *preflight, const char *name, enum care_condition condition, struct preflight_result *result)
{
	struct attach attach;
	uint64_t      bytes, in_force = 0;
	char          path[FILES_PATH_MAX];
	if (!preflight->holder_pid || files_path(path, preflight->home, name) != FILES_OK) return false;
	if (attach_open(&attach, preflight->home)) {
		in_force = attach.holder_pid ? attach.map->conditions->in_force : 0;
		attach_close(&attach);
	}
	if (!(in_force >> condition & 1) && files_size(path, &bytes) != FILES_MISSING) return false;
	preflight_say(result, PREFLIGHT_WARNING, "%s was removed, replaced or cut short while process %d writes into it:\nput the same file back, or stop the run "
	    "and bring back a copy", path, preflight->holder_pid);
	return true;
}

/* --- the journal ---------------------------------------------------------------------------------------------------------------- */

enum { WINDOW_BYTES = 1 << 20 };
struct chain {
	struct disk_linux     disk;
	struct journal_reader reader;
	uint64_t              records, first_input, last_input;
	uint8_t               window[WINDOW_BYTES];
};

/* Every record from where the reader stands: its checksum, its number, its place in a segment. */
static enum journal_ending walk(struct chain *chain, bool is_live)
{
	struct journal_record record;
	enum journal_type     type = JOURNAL_INPUT;
	chain->records = chain->first_input = chain->last_input = 0;
	while (type != JOURNAL_END) {
		type = is_live ? journal_read_live(&chain->reader, &record) : journal_read_next(&chain->reader, &record);
		if (type == JOURNAL_END) break;
		chain->records++;
		if (type != JOURNAL_INPUT) continue;
		if (chain->first_input == 0) chain->first_input = record.input_seq;
		chain->last_input = record.input_seq;
	}
	return chain->reader.end;
}

static bool is_bad(enum journal_ending end) { return end == JOURNAL_ENDED_DAMAGED || end == JOURNAL_ENDED_FAILED; }

/* The mode of a journal is its run's for ever. */
static void judge_mode(const struct chain *chain, const struct preflight *preflight, struct preflight_result *result)
{
	char     sentence[PREFLIGHT_SENTENCE_BYTES];
	uint32_t mode = chain->reader.segment.setup.mode, wanted = preflight->plan->mode;
	if (preflight->is_visit || mode == wanted) return;
	(void)snprintf(sentence, sizeof sentence, TRADE_MODE_OTHER, preflight->home, trade_mode_word(mode), trade_mode_word(wanted));
	check_quote(result, PREFLIGHT_FAILURE, sentence);
}

static void say_bad_chain(struct preflight_result *result, enum preflight_verdict verdict, const char *home, const char *what)
{
	if (verdict == PREFLIGHT_WARNING)
		preflight_say(result, verdict, "%s/journal %s, before its newest snapshot:\na start goes on from that; look at the disk (kernel log), "
		    "and keep a copy", home, what);
	else
		preflight_say(result, verdict, "%s/journal %s:\nbring it back from a backup, or move it away and start anew: the venue still has the "
		    "orders and positions",
		    home, what);
}

/* What a start needs is the newest snapshot and what follows it; what lies before is only a warning. */
static void judge_chain(struct chain *chain, const char *home, bool is_live, struct preflight_result *result)
{
	enum journal_verdict verdict = journal_seek_oldest(&chain->reader);
	if (verdict != JOURNAL_OK && verdict != JOURNAL_GAP) {
		say_bad_chain(result, PREFLIGHT_FAILURE, home, journal_verdict_text[verdict]);
		return;
	}
	enum journal_ending end = walk(chain, is_live);
	if (verdict == JOURNAL_OK && !is_bad(end)) {
		preflight_say(result, PREFLIGHT_OK, "%llu records whole and in order, inputs %llu to %llu, %s", (unsigned long long)chain->records,
		    (unsigned long long)chain->first_input, (unsigned long long)chain->last_input, is_live ? "being written" : journal_ending_text[end]);
		return;
	}
	const char *what = is_bad(end) ? journal_ending_text[end] : journal_verdict_text[verdict];
	bool        is_lost = journal_seek_newest(&chain->reader) != JOURNAL_OK || is_bad(walk(chain, is_live));
	say_bad_chain(result, is_lost ? PREFLIGHT_FAILURE : PREFLIGHT_WARNING, home, what);
}

void check_journal(struct preflight *preflight, struct preflight_result *result)
{
	const char   *home = preflight->home;
	if (is_gone(preflight, "journal", CARE_JOURNAL, result)) return;
	struct chain *chain = check_is_new(preflight) ? 0 : memory_take(sizeof *chain);
	preflight_say(result, PREFLIGHT_OK, "none yet: a first run makes it");
	if (!chain) return;
	if (disk_linux_init(&chain->disk, home) == DISK_OK) {
		enum journal_verdict verdict = journal_read_open(&chain->reader, &chain->disk.disk, "journal", chain->window, sizeof chain->window);
		if (verdict == JOURNAL_OK) judge_chain(chain, home, preflight->holder_pid != 0, result);
		if (verdict == JOURNAL_OK && result->verdict != PREFLIGHT_FAILURE) judge_mode(chain, preflight, result);
		else if (verdict != JOURNAL_MISSING) say_bad_chain(result, PREFLIGHT_FAILURE, home, journal_verdict_text[verdict]);
		if (verdict == JOURNAL_OK) journal_read_close(&chain->reader);
		disk_linux_end(&chain->disk);
	}
	memory_give(chain, sizeof *chain);
}

/* --- the books -------------------------------------------------------------------------------------------------------------------- */

static uint64_t bytes_of(const char *home, const char *name)
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes = 0;
	if (files_path(path, home, name) == FILES_OK) (void)files_size(path, &bytes);
	return bytes;
}

static void examine(const char *home, const char *name, struct preflight_result *result)
{
	char                path[FILES_PATH_MAX], sentence[BOOKS_SENTENCE_MAX];
	struct books        books;
	size_t              heap_bytes = (size_t)CFG_ledger_heap_kib << 10;
	void               *heap = memory_take(heap_bytes);
	struct books_config config = { .path = path, .heap = heap, .heap_bytes = heap_bytes };
	if (!heap || files_path(path, home, name) != FILES_OK) {
		preflight_say(result, PREFLIGHT_NOTE, "%s/%s is not looked at: no memory for it:\nfree some memory, and ask again", home, name);
		return;
	}
	enum books_verdict verdict = books_examine(&books, &config);
	if (verdict == BOOKS_OK) preflight_say(result, PREFLIGHT_OK, "%s is whole, %llu KiB", name, (unsigned long long)(bytes_of(home, name) >> 10));
	else check_quote(result, PREFLIGHT_FAILURE, books_sentence(&books, verdict, sentence, sizeof sentence));
	memory_give(heap, heap_bytes);
}

/* A running instance holds books.db; what it copies for people every hour is looked at instead. */
void check_books(struct preflight *preflight, struct preflight_result *result)
{
	const char *home = preflight->home, *name = preflight->holder_pid ? "books-copy.db" : "books.db";
	uint64_t    log_bytes = bytes_of(home, "books.db-wal");
	if (is_gone(preflight, "books.db", CARE_BOOKS, result)) return;
	if (bytes_of(home, name) == 0)
		preflight_say(result, PREFLIGHT_OK, preflight->holder_pid ? "in use by the running instance, and no copy of it yet" : "none yet: a "
		    "first run makes them");
	else if (!preflight->holder_pid && log_bytes > 0)
		preflight_say(result, PREFLIGHT_OK, "their last run did not close them; the next takes in %llu KiB of its log",
		    (unsigned long long)(log_bytes >> 10) + 1);
	else examine(home, name, result);
}

/* --- a running instance ------------------------------------------------------------------------------------------------------------ */

static bool is_file_there(const char *home, const char *name, mode_t kind)
{
	char        path[FILES_PATH_MAX];
	struct stat info;
	return files_path(path, home, name) == FILES_OK && stat(path, &info) == 0 && (info.st_mode & S_IFMT) == kind;
}

/* The map of another run or build is made anew by a start, so it can only matter while its maker runs. */
void check_map(struct preflight *preflight, struct preflight_result *result)
{
	struct attach attach;
	if (check_is_new(preflight) || !is_file_there(preflight->home, MAP_NAME, S_IFREG)) {
		preflight_say(result, PREFLIGHT_OK, "none: no layout of several processes runs in %s", preflight->home);
		return;
	}
	if (!attach_open(&attach, preflight->home)) {
		if (preflight->holder_pid) check_quote(result, PREFLIGHT_WARNING, attach.sentence);
		else preflight_say(result, PREFLIGHT_OK, "of another build or user; a start makes it anew");
		return;
	}
	const struct map_stamp *stamp = attach.map->stamp;
	preflight_say(result, PREFLIGHT_OK, "%zu KiB, layout %.31s, venue %.31s, %s", sizeof(struct memory_map) >> 10, stamp->layout, stamp->venue,
	    attach.holder_pid ? "running" : "of a run that has ended");
	attach_close(&attach);
}

void check_control(struct preflight *preflight, struct preflight_result *result)
{
	size_t length = strlen(preflight->home) + sizeof "/" CONSOLE_NAME;
	bool   is_there = is_file_there(preflight->home, CONSOLE_NAME, S_IFSOCK);
	if (length > CONTROL_PATH_BYTES)
		preflight_say(result, PREFLIGHT_WARNING, "%s/" CONSOLE_NAME " has %zu characters and a socket may have %d, so there will be "
		    "none:\nchoose a shorter --home",
		    preflight->home, length - 1, CONTROL_PATH_BYTES - 1);
	else if (is_there && preflight->holder_pid) preflight_say(result, PREFLIGHT_OK, "%s/" CONSOLE_NAME " is there", preflight->home);
	else if (is_there) preflight_say(result, PREFLIGHT_OK, "left by a run that did not end itself; a start makes it anew");
	else preflight_say(result, PREFLIGHT_OK, "none: a layout of several processes makes it");
}

static const struct process_life *first_held(const struct life *life)
{
	for (uint32_t i = 0; i < life->processes && i < LIFE_ROWS; i++)
		if (life->of[i].state == PROCESS_HELD) return &life->of[i];
	return 0;
}

void check_held_down(struct preflight *preflight, struct preflight_result *result)
{
	struct attach attach;
	preflight_say(result, PREFLIGHT_OK, "none");
	if (!preflight->holder_pid || !is_file_there(preflight->home, MAP_NAME, S_IFREG) || !attach_open(&attach, preflight->home)) return;
	const struct process_life *held = attach.holder_pid ? first_held(attach.map->life) : 0;
	if (held)
		preflight_say(result, PREFLIGHT_WARNING, "%.31s is held down after %u deaths; while it is the desk's, the rescue trades in its "
		    "place:\nread tickwork log, "
		    "mend it, then tickwork release",
		    held->name, held->deaths);
	attach_close(&attach);
}

/* Lines of the last words that tell of a death, as process_words says it. */
static bool is_death(const char *text)
{
	const char *what = strstr(text, ": ");
	return what && (strncmp(what + 2, "killed by ", 10) == 0 || strncmp(what + 2, "bug ", 4) == 0 || strncmp(what + 2, "exit ", 5) == 0);
}

void check_deaths(struct preflight *preflight, struct preflight_result *result)
{
	struct lastword word[LASTWORDS_MAX];
	char            since[STAMP_CHARS + 1];
	uint32_t        count = 0, deaths = 0, last = 0;
	int64_t         from_s = preflight->facts.wall_s - DAY_S, day = from_s / DAY_S;
	struct civil    date = civil_from_day((int32_t)day);
	int             second = (int)(from_s - day * DAY_S);
	(void)snprintf(since, sizeof since, "%04d-%02u-%02uT%02d:%02d:%02dZ", (int)date.year, date.month, date.day, second / 3600, second / 60 % 60,
	    second % 60);
	if (check_is_new(preflight) || lastwords_read(preflight->home, word, &count) != FILES_OK) count = 0;
	for (uint32_t i = 0; i < count; i++)
		if (is_death(word[i].text) && strncmp(word[i].text, since, STAMP_CHARS) >= 0) deaths++, last = i;
	if (deaths == 0) preflight_say(result, PREFLIGHT_OK, "none in the last words of a day");
	else preflight_say(result, PREFLIGHT_NOTE, "%u within a day, the last %.100s:\ntickwork log --home %s shows them", deaths, word[last].text,
	    preflight->home);
}
