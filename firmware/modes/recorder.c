/* recorder.c - one journal, two places to keep it. */
#include "firmware/modes/recorder.h"

#include "firmware/version.h"

void recorder_setup(struct journal_setup *setup, const struct settings *settings, enum trade_mode mode)
{
	journal_setup_make(setup, build_id(), settings);
	for (size_t i = 0; i < UNIVERSE_N; i++) journal_setup_symbol(setup, universe[i].symbol);
	setup->mode = mode;
}

const char *recorder_begin(struct recorder *recorder, struct pump *pump, const char *path, const struct settings *settings)
{
	struct journal_plan plan = { .journal_id = pump->rooms->desk.journal_id,
		.segment_bytes = RECORDER_SEGMENT_BYTES,
		.segments_max = path ? RECORDER_FILE_SEGMENTS_MAX : RECORDER_SEGMENTS,
		.shape = path ? JOURNAL_GROW : JOURNAL_CIRCLE };
	struct disk *disk = &recorder->in_memory.disk;
	recorder->to_file = path != 0;
	recorder_setup(&recorder->setup, settings, TRADE_SIM);
	if (path) {
		enum disk_code code = disk_linux_init(&recorder->on_disk, ".");
		if (code != DISK_OK) return disk_code_text(code);
		disk = &recorder->on_disk.disk;
	} else {
		disk_sim_init(&recorder->in_memory);
		disk_sim_room(&recorder->in_memory, recorder->memory, 0, sizeof recorder->memory);
	}
	enum journal_verdict verdict = journal_create(&recorder->journal, disk, path ? path : "journal", &plan, &recorder->setup, recorder->buffer,
	    sizeof recorder->buffer);
	if (verdict != JOURNAL_OK) return journal_verdict_text[verdict];
	recorder->open = true;
	pump->journal = &recorder->journal;
	return 0;
}

const char *recorder_end(struct recorder *recorder, uint64_t state_hash)
{
	if (!recorder->open) return 0;
	recorder->open = false;
	enum journal_verdict verdict = journal_close(&recorder->journal, state_hash);
	if (recorder->to_file) disk_linux_end(&recorder->on_disk);
	return verdict == JOURNAL_OK ? 0 : journal_verdict_text[verdict];
}
