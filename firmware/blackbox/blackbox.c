/* blackbox.c - slots that are written whole; blackbox_read.c reads them. */
#include "firmware/blackbox/blackbox_parts.h"

#include <fcntl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "firmware/version.h"
#include "hal/store/crc32c.h"

#define FILE_BYTES ((off_t)CFG_blackbox_deaths * BLACKBOX_SLOT_BYTES)
enum { PIECES_MAX = 1 + 2 * BLACKBOX_WORKERS_MAX };

static enum files_verdict verdict_of(enum disk_code code)
{
	if (code == DISK_OK) return FILES_OK;
	if (code == DISK_FULL) return FILES_FULL;
	if (code == DISK_DENIED) return FILES_DENIED;
	return code == DISK_MISSING ? FILES_MISSING : FILES_BROKEN;
}

/* What lies there is set aside; the new one is whole, or is not there. */
static enum files_verdict make(struct blackbox *box, const char *folder)
{
	char path[FILES_PATH_MAX];
	struct disk_linux disk;
	enum files_verdict verdict = files_path(path, folder, BLACKBOX_NAME);
	if (verdict == FILES_OK) verdict = files_aside(path);
	if (verdict != FILES_OK) return verdict;
	if (disk_linux_init(&disk, folder) != DISK_OK) return FILES_MISSING;
	int32_t file = -1;
	enum disk_code code = disk_create(&disk.disk, BLACKBOX_NAME ".new", (uint64_t)FILE_BYTES, &file);
	if (code == DISK_OK) code = disk_rename(&disk.disk, BLACKBOX_NAME ".new", BLACKBOX_NAME);
	if (code == DISK_OK) box->fd = file;
	else if (file >= 0) disk_close(&disk.disk, file);
	disk_linux_end(&disk);
	return verdict_of(code);
}

/* The newest number; the heads alone say it, and a head that lies costs no more than a gap in the numbers. */
static uint64_t newest(const struct blackbox *box)
{
	struct blackbox_death death;
	uint64_t last = 0;
	for (off_t slot = 0; slot < CFG_blackbox_deaths; slot++) {
		if (pread(box->fd, &death, sizeof death, slot * BLACKBOX_SLOT_BYTES) != (ssize_t)sizeof death || !blackbox_head_is_sound(&death)) continue;
		if (death.number % CFG_blackbox_deaths == (uint64_t)slot && death.number > last) last = death.number;
	}
	return last;
}

enum files_verdict blackbox_open(struct blackbox *box, const char *folder, bool *is_renewed)
{
	off_t bytes = 0;
	*is_renewed = false;
	memset(box, 0, sizeof *box);
	enum files_verdict verdict = blackbox_file_open(&box->fd, folder, O_RDWR, &bytes);
	if (verdict == FILES_OK && bytes == FILE_BYTES) {
		box->last_number = newest(box);
		return FILES_OK;
	}
	*is_renewed = verdict == FILES_OK;
	blackbox_close(box);
	return verdict == FILES_OK || verdict == FILES_MISSING ? make(box, folder) : verdict;
}

struct blackbox_death *blackbox_begin(struct blackbox *box)
{
	struct blackbox_death *death = &box->head.death;
	struct timespec wall = { 0, 0 };
	memset(&box->head, 0, sizeof box->head);
	(void)clock_gettime(CLOCK_REALTIME, &wall);
	death->magic = BLACKBOX_MAGIC;
	death->number = box->last_number + 1;
	death->wall_ns = wall.tv_sec * NS_PER_S + wall.tv_nsec;
	strncpy(death->build, build_id(), sizeof death->build - 1);
	return death;
}

/* The latest events of a ring, oldest first: one piece, or two where it comes round. */
static int pieces_of(struct iovec piece[static 2], const struct worker_trace *trace, uint32_t events)
{
	uint64_t from = (trace->count - events) & (TRACE_SLOTS - 1), first = TRACE_SLOTS - from < events ? TRACE_SLOTS - from : events;
	piece[0] = (struct iovec){ (void *)(uintptr_t)&trace->ring[from], first * EVENT_BYTES };
	piece[1] = (struct iovec){ (void *)(uintptr_t)&trace->ring[0], (events - first) * EVENT_BYTES };
	return events > first ? 2 : 1;
}

/* One after the other: the watchdog's filter has no row for a call that takes them all. */
static bool write_all(int fd, const struct iovec *piece, int pieces, off_t at)
{
	bool ok = true;
	for (int i = 0; i < pieces; i++) {
		ok = pwrite(fd, piece[i].iov_base, piece[i].iov_len, at) == (ssize_t)piece[i].iov_len && ok;
		at += (off_t)piece[i].iov_len;
	}
	return ok;
}

bool blackbox_put(struct blackbox *box, const struct worker_trace *const *trace)
{
	struct blackbox_death *death = &box->head.death;
	struct iovec piece[PIECES_MAX] = { { box->head.bytes, BLACKBOX_HEAD_BYTES } };
	int pieces = 1;
	if (box->fd < 0) return false;
	death->bytes = BLACKBOX_HEAD_BYTES;
	for (uint32_t i = 0; i < death->workers; i++) {
		struct blackbox_worker *worker = &death->worker[i];
		worker->count = trace[i]->count;
		worker->life_from = trace[i]->life_from;
		worker->events = trace_events(trace[i]);
		death->bytes += worker->events * EVENT_BYTES;
		if (worker->events > 0) pieces += pieces_of(&piece[pieces], trace[i], worker->events);
	}
	uint32_t crc = blackbox_head_sum(box->head.bytes);
	for (int i = 1; i < pieces; i++) crc = crc32c_add(crc, piece[i].iov_base, piece[i].iov_len);
	death->crc = crc32c_end(crc);
	box->last_number = death->number;
	box->is_dirty = true;
	return write_all(box->fd, piece, pieces, (off_t)(death->number % CFG_blackbox_deaths) * BLACKBOX_SLOT_BYTES);
}

void blackbox_sync(struct blackbox *box)
{
	if (box->fd >= 0 && box->is_dirty) (void)fdatasync(box->fd);
	box->is_dirty = false;
}

void blackbox_close(struct blackbox *box)
{
	if (box->fd >= 0) (void)close(box->fd);
	box->fd = -1;
}
