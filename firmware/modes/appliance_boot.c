/* appliance_boot.c - the child that comes before all others: bars, history, and the way back to where the journal ends. */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "firmware/blackbox/describe.h"
#include "firmware/lastwords.h"
#include "firmware/log/file.h"
#include "firmware/modes/appliance.h"
#include "hal/linux/anchors.h"
#include "hal/linux/clock.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/linux/seccomp.h"

#define BOOT_NAME "boot"

static int refuse(struct boot_word *word, const char *sentence)
{
	snprintf(word->sentence, sizeof word->sentence, "%s", sentence);
	return CLI_BAD_INPUT;
}

static int refuse_journal(struct appliance *appliance, const char *what)
{
	snprintf(appliance->boot->sentence, sizeof appliance->boot->sentence, "the journal in %s %s: give the same ones, or choose another --home",
	    appliance->plan.folder, what);
	return CLI_BAD_INPUT;
}

/* What people commanded since the journal's beginning: the re-run must take it, too. */
struct boot_commands { struct journal_reader reader; struct event command[HOME_COMMANDS_MAX]; uint8_t window[HOME_WINDOW_BYTES]; };

static bool read_commands(struct appliance *appliance)
{
	struct boot_commands *room = memory_take(sizeof *room);
	struct pump          *pump = &appliance->boot->trading.pump;
	if (!room) return false;
	pump->commands_n = home_commands(appliance->home, &room->reader, room->window, sizeof room->window, room->command, HOME_COMMANDS_MAX);
	pump->commands = room->command;
	return true;
}

/* Runs until the journal's end is reached and a new moment of the market would begin; the desk lives here so far. */
static int come_back(struct appliance *appliance)
{
	struct trading *trading = &appliance->boot->trading;
	struct pump    *pump = &trading->pump;
	while (!pump_is_back(pump) || !trading_between_moments(trading)) {
		if (loop_stop_signal()) return CLI_FAILED;
		if (pump->diverged || !trading_turn(trading)) break;
		if (pump->shadow && pump->place.sessions > appliance->plan.sessions_max) return refuse_journal(appliance, "goes on after the --days that were asked for");
	}
	if (pump->diverged || pump->shadow) return refuse_journal(appliance, "was made from other bars, dates or settings");
	return CLI_DONE;
}

/* Every worker as its successor wants to find it. The books read the journal; what waits for them in the ring is in there. */
static void leave(struct appliance *appliance, uint64_t answers)
{
	struct trading       *trading = &appliance->boot->trading;
	struct pump          *pump = &trading->pump;
	const struct channel *results = &pump->channel[CHANNEL_results];
	pump->place.of.recorded = trading->world.market;
	pump_progress(pump->map, WORKER_desk)->state_hash = desk_hash(&trading->rooms.desk);
	pump_commit_all(pump);
	paper_begin(pump->map->paper, &trading->world, pump_progress(pump->map, WORKER_desk)->ticks, answers);
	channel_done_to(results, results->tail->tail);
	results->tail->full_count = 0;
}

/* What each process will trust; a file that holds no root is said now, not by all of them for ever. */
static bool trusts(struct boot_word *word, const char *path)
{
	struct anchors *anchors = memory_take(sizeof *anchors);
	if (!anchors) return refuse(word, "the kernel has no memory for the roots that are trusted"), false;
	anchors_init(anchors);
	enum anchors_verdict verdict = anchors_load(anchors, path);
	if (verdict != ANCHORS_OK) snprintf(word->sentence, sizeof word->sentence, "%.256s %s", path, anchors_verdict_text[verdict]);
	return verdict == ANCHORS_OK;
}

/* A real venue has the days: here the journal gets its name and its first segment, where there is none. */
static int boot_for_venue(struct appliance *appliance)
{
	struct boot_word *word = appliance->boot;
	struct trading   *trading = &word->trading;
	struct home      *home = appliance->home;
	if (!trusts(word, appliance->plan.venue.trust)) return CLI_BAD_INPUT;
	trading->plan = appliance->days;
	rooms_init(&trading->rooms, 1u << WORKER_desk, home->journal_id, &trading->plan.settings, false);
	pump_init(&trading->pump, trading->map, &trading->rooms, &trading->hal, 0);
	if (home->comes_back) journal_read_close(&home->reader);
	if (!home->comes_back && !home_attach(home, &trading->pump)) return refuse(word, home->sentence);
	if (!home->comes_back && journal_flush(&home->journal) != JOURNAL_OK) return refuse(word, "the journal cannot be written: free some space");
	home_abandon(home);
	log_file_prepare(appliance->plan.folder);
	word->is_ready = 1;
	return CLI_DONE;
}

static void write_diary(const char *folder, const char *what)
{
	struct lastwords words;
	if (lastwords_open(&words, folder) == FILES_OK) lastwords_add(&words, clock_wall_ns(), BOOT_NAME, what);
	lastwords_close(&words);
}

void appliance_bury_boot(struct appliance *appliance, const struct boot_end *end)
{
	const struct worker_trace *trace[BLACKBOX_WORKERS_MAX];
	struct memory_map         *map = appliance->plan.map;
	struct blackbox           *box = &appliance->dog.box;        /* nobody's yet */
	char                       sentence[BLACKBOX_SENTENCE_BYTES], words[PROCESS_WORDS_BYTES];
	write_diary(appliance->plan.folder, process_words(end->status, appliance->boot->trap, words));
	(void)blackbox_start(box, appliance->plan.folder, sentence);        /* what is wrong with it the watchdog will say */
	struct blackbox_death *death = blackbox_begin(box);
	(void)snprintf(death->process, sizeof death->process, BOOT_NAME);
	death->pid = end->pid;
	death->status = end->status;
	death->state = PROCESS_BOOTING;
	death->deaths = end->deaths;
	death->life_ns = end->lived_ns;
	if (WIFSIGNALED(end->status) && WTERMSIG(end->status) == SIGILL) death->bug = appliance->boot->trap;
	death->fatal = map->trace_feed[0].fatal;
	blackbox_describe_all(death, map, trace);
	(void)blackbox_put(box, trace);
	blackbox_sync(box);
	blackbox_close(box);
}

int appliance_boot(void *context, uint32_t row)
{
	struct appliance *appliance = context;
	struct boot_word *word = appliance->boot;
	struct trading   *trading = &word->trading;
	struct home      *home = appliance->home;
	(void)row;
	bug_catch(&word->trap);
	seccomp_catch(&word->trap);
	fatal_catch(&appliance->plan.map->trace_feed[0].fatal, 0, 0);
	if (!loop_open() || !home_read(home, appliance->plan.folder)) return refuse(word, home->sentence);
	appliance->days.settings = home->conf.settings;
	trading->map = appliance->plan.map;
	word->comes_back = home->comes_back;
	word->was_cut = home->was_cut;
	word->journal_id = home->journal_id;
	word->journal_inputs = home->desk.inputs;
	if (appliance->plan.venue.kind != VENUE_KIND_SIM) return boot_for_venue(appliance);
	if (!trading_boot(trading, &appliance->days, home->journal_id)) return refuse(word, trading->sentence);
	uint64_t answers = home->desk.taken[DESK_SOURCE_VENUE];
	trading->pump.placed &= ~(1u << WORKER_ledger);
	if (home->comes_back && !read_commands(appliance)) return refuse(word, "the kernel has no memory for this run");
	if (!home_attach(home, &trading->pump)) return refuse(word, home->sentence);
	trading_warm(trading);
	int code = come_back(appliance);
	if (code != CLI_DONE) return code;
	leave(appliance, answers);
	if (journal_flush(&home->journal) != JOURNAL_OK) return refuse(word, "the journal cannot be written: free some space");
	home_abandon(home);
	log_file_prepare(appliance->plan.folder);
	word->is_ready = 1;
	return CLI_DONE;
}
