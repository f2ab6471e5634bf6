/* blackbox_read.c - bytes of a file that may be anybody's, as deaths. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/blackbox/blackbox_parts.h"
#include "hal/store/crc32c.h"

enum { NUMBER_BITS = 48,
	CRC_AT = offsetof(struct blackbox_death, crc) };

uint32_t blackbox_head_sum(const uint8_t head[static BLACKBOX_HEAD_BYTES])
{
	static const uint32_t none = 0;
	uint32_t crc = crc32c_add(CRC32C_BEGIN, head, CRC_AT);
	crc = crc32c_add(crc, &none, sizeof none);
	return crc32c_add(crc, head + CRC_AT + sizeof none, BLACKBOX_HEAD_BYTES - CRC_AT - sizeof none);
}

bool blackbox_head_is_sound(const struct blackbox_death *death)
{
	uint64_t bytes = BLACKBOX_HEAD_BYTES;
	if (death->magic != BLACKBOX_MAGIC || death->number == 0 || death->number >> NUMBER_BITS) return false;
	if (death->workers > BLACKBOX_WORKERS_MAX || death->how >= BLACKBOX_HOWS_N) return false;
	for (uint32_t i = 0; i < death->workers; i++) {
		if (death->worker[i].events > TRACE_EVENTS) return false;
		bytes += (uint64_t)death->worker[i].events * EVENT_BYTES;
	}
	return bytes == death->bytes && !death->process[BLACKBOX_NAME_BYTES - 1] && !death->build[BLACKBOX_NAME_BYTES - 1] &&
		!death->said[BLACKBOX_TEXT_BYTES - 1];
}

const struct blackbox_death *blackbox_parse(const uint8_t *slot, size_t bytes)
{
	const struct blackbox_death *death = (const void *)slot;
	if (bytes < BLACKBOX_HEAD_BYTES || !blackbox_head_is_sound(death) || death->bytes > bytes) return 0;
	uint32_t crc = crc32c_add(blackbox_head_sum(slot), slot + BLACKBOX_HEAD_BYTES, death->bytes - BLACKBOX_HEAD_BYTES);
	return crc32c_end(crc) == death->crc ? death : 0;
}

const struct event *blackbox_events(const struct blackbox_death *death, uint32_t worker)
{
	const uint8_t *at = (const uint8_t *)death + BLACKBOX_HEAD_BYTES;
	for (uint32_t i = 0; i < worker; i++) at += (size_t)death->worker[i].events * EVENT_BYTES;
	return (const void *)at;
}

enum files_verdict blackbox_file_open(int *fd, const char *folder, int flags, off_t *bytes)
{
	char path[FILES_PATH_MAX];
	struct stat info;
	*fd = -1;
	enum files_verdict verdict = files_path(path, folder, BLACKBOX_NAME);
	if (verdict != FILES_OK) return verdict;
	int opened = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (opened < 0) return files_verdict_of(errno);
	bool is_file = fstat(opened, &info) == 0 && S_ISREG(info.st_mode);
	*bytes = is_file ? info.st_size : 0;
	*fd = opened;
	return FILES_OK;
}

enum files_verdict blackbox_read_open(struct blackbox_file *file, const char *folder)
{
	off_t bytes = 0;
	enum files_verdict verdict = blackbox_file_open(&file->fd, folder, O_RDONLY, &bytes);
	file->slots = (uint32_t)(bytes / BLACKBOX_SLOT_BYTES);
	if (verdict != FILES_OK || (bytes > 0 && bytes % BLACKBOX_SLOT_BYTES == 0 && file->slots <= BLACKBOX_SLOTS_MAX)) return verdict;
	blackbox_read_close(file);
	return FILES_BROKEN;
}

const struct blackbox_death *blackbox_read(const struct blackbox_file *file, uint32_t slot, uint8_t *room)
{
	ssize_t got = pread(file->fd, room, BLACKBOX_SLOT_BYTES, (off_t)slot * BLACKBOX_SLOT_BYTES);
	const struct blackbox_death *death = got == BLACKBOX_SLOT_BYTES ? blackbox_parse(room, BLACKBOX_SLOT_BYTES) : 0;
	return death && death->number % file->slots == slot ? death : 0;
}

void blackbox_read_close(struct blackbox_file *file)
{
	if (file->fd >= 0) (void)close(file->fd);
	file->fd = -1;
}
