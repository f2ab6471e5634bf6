/* home_mode.c - the head of one segment; the rest of the journal is not read. */
#include "firmware/modes/home_mode.h"

#include "firmware/modes/home.h"
#include "hal/linux/memory.h"

struct glance {
	struct disk_linux     disk;
	struct journal_reader reader;
	uint8_t               window[HOME_WINDOW_BYTES];
};

static bool read_head(struct glance *glance, uint32_t *mode)
{
	if (journal_read_open(&glance->reader, &glance->disk.disk, "journal", glance->window, sizeof glance->window) != JOURNAL_OK) return false;
	enum journal_verdict verdict = journal_seek_newest(&glance->reader);
	*mode = glance->reader.segment.setup.mode;
	journal_read_close(&glance->reader);
	return verdict == JOURNAL_OK;
}

bool home_mode_read(const char *folder, uint32_t *mode)
{
	struct glance *glance = memory_take(sizeof *glance);
	bool           is_known = false;
	if (!glance) return false;
	if (disk_linux_init(&glance->disk, folder) == DISK_OK) {
		is_known = read_head(glance, mode);
		disk_linux_end(&glance->disk);
	}
	memory_give(glance, sizeof *glance);
	return is_known;
}

uint32_t home_mode(const char *folder)
{
	uint32_t mode;
	return home_mode_read(folder, &mode) ? mode : TRADE_MODE_UNKNOWN;
}
