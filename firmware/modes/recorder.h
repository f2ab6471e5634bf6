/* recorder.h - the journal of a backtest: in memory, or in a file that `tickwork replay` reads.
 *
 * The buffer is small enough to stay in the processor's cache between two writes.
 * In memory it is a circle of two small segments whose only use is that a backtest does the same work as a live run; with a file it
 * grows from the first record and keeps everything. A backtest's journal id is fixed, so equal runs write equal bytes. */
#ifndef FIRMWARE_MODES_RECORDER_H
#define FIRMWARE_MODES_RECORDER_H
#include "firmware/pump.h"
#include "firmware/trade_mode.h"
#include "hal/linux/disk.h"
#include "hal/sim/disk.h"
#include "hal/store/journal.h"

#define RECORDER_BACKTEST_ID UINT64_C(0x7469636b776f)        /* "tickwo": 48 bits */

enum { RECORDER_SEGMENT_BYTES = 4 << 20, RECORDER_SEGMENTS = 2, RECORDER_FILE_SEGMENTS_MAX = 4096, RECORDER_BUFFER_BYTES = 1 << 17 };

struct recorder {
	struct disk_linux    on_disk;
	struct disk_sim      in_memory;
	struct journal       journal;
	struct journal_setup setup;
	bool                 open, to_file;
	uint8_t              buffer[RECORDER_BUFFER_BYTES];
	uint8_t              memory[(RECORDER_SEGMENTS + 1) * RECORDER_SEGMENT_BYTES];
};

/* The build, settings, symbols and mode that a journal of this process is written by. */
void recorder_setup(struct journal_setup *setup, const struct settings *settings, enum trade_mode mode);
/* Gives the pump a journal: path 0 is memory. 0, or the second half of a sentence that begins with the path. */
const char *recorder_begin(struct recorder *recorder, struct pump *pump, const char *path, const struct settings *settings);
/* Closes it; 0, or what went wrong on the way. */
const char *recorder_end(struct recorder *recorder, uint64_t state_hash);

#endif
