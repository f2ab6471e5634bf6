/* home.c - open the folder, bring the desk back, hand the journal on. */
#include "firmware/modes/home.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/clock.h"
#include "hal/linux/files.h"
#include "hal/linux/lock.h"

#define JOURNAL_NAME "journal"
#define JOURNAL_ID_MASK ((UINT64_C(1) << 48) - 1)

static bool refuse(struct home *home, const char *what)
{
	snprintf(home->sentence, sizeof home->sentence, "%s/" JOURNAL_NAME " %s", home->folder, what);
	return false;
}

bool home_lock(struct home *home, const char *folder)
{
	home->folder = folder;
	int                holder = 0;
	char               who[LOCK_WHO_BYTES];
	enum files_verdict verdict = files_folder(home->folder);
	if (verdict != FILES_OK) {
		files_sentence(verdict, home->folder, home->sentence, sizeof home->sentence);
		return false;
	}
	switch (lock_take(home->folder, &holder, &home->lock_fd)) {
	case LOCK_OK: return true;
	case LOCK_TAKEN:
		snprintf(home->sentence, sizeof home->sentence, "another instance (%s) runs in %s: stop it, or choose another --home", lock_who(holder, who),
		    home->folder);
		return false;
	case LOCK_DENIED: break;
	}
	snprintf(home->sentence, sizeof home->sentence, "%s may not be written by this user: change its owner, or choose another --home", home->folder);
	return false;
}

/* Steps the INPUTs after the snapshot; every RESULT must come out as it was written. */
static bool step_again(struct home *home)
{
	struct desk_worker    worker = { &home->desk, &home->log };
	struct journal_record record;
	for (enum journal_type type = journal_read_next(&home->reader, &record); type != JOURNAL_END; type = journal_read_next(&home->reader, &record)) {
		if (type == JOURNAL_RESULT && !journal_result_same(&record, &home->out))
			return refuse(home, "has a RESULT that this build does not come to: use the build that wrote it, or another --home");
		if (type != JOURNAL_INPUT || !journal_event_next(&record, &home->in)) continue;
		home->in.cause = record.input_seq;
		if (home->in.cause != home->desk.inputs + 1) return refuse(home, "misses an INPUT: it is damaged");
		outbox_begin(&home->out, WORKER_desk, home->in.cause, home->in.t_ns);
		desk_step(&worker, &home->in, &home->out);
		home->replayed++;
	}
	return true;
}

/* Orders, books and reports of one kind of money never mix with those of another. */
static bool refuse_mode(struct home *home)
{
	(void)snprintf(home->sentence, sizeof home->sentence, TRADE_MODE_OTHER, home->folder, trade_mode_word(home->reader.segment.setup.mode),
	    trade_mode_word(home->mode));
	return false;
}

static bool bring_back(struct home *home)
{
	struct journal_record record;
	enum journal_verdict  verdict = journal_seek_newest(&home->reader);
	if (verdict == JOURNAL_OK && home->reader.segment.setup.mode != home->mode) return refuse_mode(home);
	if (verdict == JOURNAL_OK) verdict = journal_read_state(&home->reader, &home->desk, sizeof home->desk, &record);
	if (verdict == JOURNAL_OK && !journal_same_setup(&home->reader, &home->setup)) verdict = JOURNAL_OTHER_BUILD;
	if (verdict == JOURNAL_OTHER_BUILD) return refuse(home, "was written by another build or under other settings: go on with those, or choose another --home");
	if (verdict != JOURNAL_OK) return refuse(home, journal_verdict_text[verdict]);
	if (desk_hash(&home->desk) != record.state_hash) return refuse(home, "has a snapshot whose hash does not fit: it is damaged");
	if (!step_again(home)) return false;
	if (home->reader.end == JOURNAL_ENDED_DAMAGED || home->reader.end == JOURNAL_ENDED_FAILED) return refuse(home, journal_ending_text[home->reader.end]);
	home->was_cut = home->reader.end == JOURNAL_ENDED_CUT;
	if (journal_input_open(&home->reader)) home->open_input = home->reader.input_seq;
	home->comes_back = true;
	home->journal_id = home->reader.head.journal_id;
	return true;
}

static bool new_journal_id(struct home *home)
{
	uint64_t word = 0;
	if (!random_u64(&word)) {
		snprintf(home->sentence, sizeof home->sentence, "the kernel gives no random numbers: a journal needs an id of its own");
		return false;
	}
	home->journal_id = word & JOURNAL_ID_MASK;
	return true;
}

bool home_open(struct home *home, const char *folder) { return home_lock(home, folder) && home_read(home, folder); }

static bool open_folder(struct home *home)
{
	if (!conf_read(&home->conf, home->folder)) {
		snprintf(home->sentence, sizeof home->sentence, "%s", home->conf.refusal);
		return false;
	}
	enum disk_code code = disk_linux_init(&home->own_disk, home->folder);
	if (code != DISK_OK) return refuse(home, disk_code_text(code));
	home->disk = &home->own_disk.disk;
	return true;
}

bool home_read(struct home *home, const char *folder)
{
	home->folder = folder;
	if (!home->disk && !open_folder(home)) return false;
	recorder_setup(&home->setup, &home->conf.settings, home->mode);
	enum journal_verdict verdict = journal_read_open(&home->reader, home->disk, JOURNAL_NAME, home->window, sizeof home->window);
	if (verdict == JOURNAL_MISSING) return new_journal_id(home);
	if (verdict != JOURNAL_OK) return refuse(home, journal_verdict_text[verdict]);
	return bring_back(home);
}

static enum journal_verdict reopen(struct home *home)
{
	enum journal_verdict verdict = journal_reopen(&home->journal, home->disk, JOURNAL_NAME, &home->reader, &home->setup, home->buffer,
	    sizeof home->buffer);
	journal_read_close(&home->reader);
	return verdict;
}

static enum journal_verdict go_on(struct home *home, struct pump *pump)
{
	enum journal_verdict verdict = reopen(home);
	pump->shadow = true;
	pump->shadow_until = home->desk.inputs - (home->open_input != 0);
	pump->shadow_hash = desk_hash(&home->desk);
	pump->open_input = home->open_input;
	if (verdict == JOURNAL_OK) pump->journal = &home->journal;
	return verdict;
}

/* With its first segment, and so with its name: books that are made now and carry its id will find it, whenever this process dies. */
static enum journal_verdict begin(struct home *home, struct pump *pump)
{
	struct journal_plan plan = { .journal_id = home->journal_id,
		.segment_bytes = (uint64_t)CFG_journal_segment_kib << 10,
		.segments_max = CFG_journal_segments,
		.shape = JOURNAL_CIRCLE };
	enum journal_verdict verdict = journal_create(&home->journal, home->disk, JOURNAL_NAME, &plan, &home->setup, home->buffer, sizeof home->buffer);
	if (verdict != JOURNAL_OK) return verdict;
	pump->journal = &home->journal;
	verdict = pump_segment(pump);
	if (verdict != JOURNAL_OK) journal_abandon(&home->journal);
	return verdict;
}

bool home_attach(struct home *home, struct pump *pump)
{
	enum journal_verdict verdict = home->comes_back ? go_on(home, pump) : begin(home, pump);
	if (verdict != JOURNAL_OK) return refuse(home, journal_verdict_text[verdict]);
	home->journal_open = true;
	pump->durable = true;
	return true;
}

uint32_t home_commands(struct home *home, struct journal_reader *reader, uint8_t *window, size_t window_bytes, struct event *commands, uint32_t room)
{
	struct journal_record record;
	struct event          event;
	uint32_t              count = 0;
	if (journal_read_open(reader, home->disk, JOURNAL_NAME, window, window_bytes) != JOURNAL_OK) return 0;
	enum journal_verdict verdict = journal_seek_oldest(reader);
	bool                 ok = verdict == JOURNAL_OK || verdict == JOURNAL_GAP;
	for (enum journal_type type = JOURNAL_INPUT; ok && type != JOURNAL_END && count < room;) {
		type = journal_read_next(reader, &record);
		if (type != JOURNAL_INPUT || !journal_event_next(&record, &event) || !pump_comes_from_outside(&event)) continue;
		event.cause = record.input_seq;
		commands[count++] = event;
	}
	journal_read_close(reader);
	return count;
}

bool home_continue(struct home *home, struct pump *pump)
{
	enum journal_verdict verdict = home->comes_back ? reopen(home) : JOURNAL_MISSING;
	if (verdict != JOURNAL_OK) return refuse(home, journal_verdict_text[verdict]);
	home->journal_open = pump->durable = true;
	pump->journal = &home->journal;
	if (home->replayed > 0) pump_finish(pump, &home->in, &home->out, home->open_input != 0);
	return true;
}

static void close_folder(struct home *home)
{
	if (home->disk == &home->own_disk.disk) disk_linux_end(&home->own_disk);
	home->disk = 0;
}

enum journal_verdict home_close(struct home *home, uint64_t state_hash)
{
	enum journal_verdict verdict = home->journal_open ? journal_close(&home->journal, state_hash) : JOURNAL_OK;
	home->journal_open = false;
	close_folder(home);
	return verdict;
}

void home_abandon(struct home *home)
{
	if (home->journal_open) journal_abandon(&home->journal);
	home->journal_open = false;
	close_folder(home);
}
