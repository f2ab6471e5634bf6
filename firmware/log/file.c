/* file.c - slots that are written one by one, and found again after a kill. */
#include "firmware/log/file.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/log/record.h"
#include "hal/linux/disk.h"
#include "hal/linux/files.h"

enum { FILE_BYTES = CFG_log_file_kib * 1024 };

bool log_file_path(char *path, size_t size, const char *folder, uint32_t index)
{
	return snprintf(path, size, "%s/" LOG_FOLDER "/%02u.log", folder, index) < (int)size;
}

static int open_whole(const char *path)
{
	struct stat info;
	int         fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0) return -1;
	if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == FILE_BYTES) return fd;
	(void)close(fd);
	return -1;
}

static int open_or_make(struct disk_linux *disk, const char *folder, uint32_t index)
{
	char    path[FILES_PATH_MAX];
	int32_t made = -1;
	if (!log_file_path(path, sizeof path, folder, index)) return -1;
	int fd = open_whole(path);
	return fd >= 0 || disk_linux_reserve(disk, path, FILE_BYTES, &made) != DISK_OK ? fd : made;
}

uint32_t log_page_read(int fd, uint32_t at, uint8_t slot[static LOG_PAGE_SLOTS][LOG_RECORD_BYTES])
{
	ssize_t got = pread(fd, slot, (size_t)LOG_PAGE_SLOTS * LOG_RECORD_BYTES, (off_t)at * LOG_RECORD_BYTES);
	return got < 0 ? 0 : (uint32_t)got / LOG_RECORD_BYTES;
}

/* After the last record of that generation. */
static uint32_t end_of(int fd, uint32_t generation)
{
	uint8_t  slot[LOG_PAGE_SLOTS][LOG_RECORD_BYTES];
	uint32_t end = 1;
	for (uint32_t at = 0; at < LOG_FILE_SLOTS; at += LOG_PAGE_SLOTS) {
		uint32_t slots = log_page_read(fd, at, slot);
		for (uint32_t i = at == 0; i < slots; i++)
			if (log_record_is(slot[i], generation)) end = at + i + 1;
	}
	return end;
}

/* Where a file of this generation ends, and how much of its day the newest of them hold: a clock may have been ahead once. */
static void look_into(struct log_file *file, uint32_t index)
{
	uint8_t  slot[LOG_RECORD_BYTES];
	int32_t  day = 0;
	uint32_t generation = pread(file->fd[index], slot, sizeof slot, 0) == (ssize_t)sizeof slot ? log_head_of(slot, &day) : 0;
	if (generation == 0) return;
	uint32_t end = end_of(file->fd[index], generation);
	if (generation > file->generation && day != file->day) {
		file->day_records = 0;
		file->day = day;
	}
	if (day == file->day) file->day_records += end - 1;
	if (generation < file->generation) return;
	file->generation = generation;
	file->at = index;
	file->slot = end;
}

bool log_file_open(struct log_file *file, const char *folder)
{
	struct disk_linux disk;
	char              path[FILES_PATH_MAX];
	bool              ok = disk_linux_init(&disk, ".") == DISK_OK;
	*file = (struct log_file){ .slot = LOG_FILE_SLOTS, .at = CFG_log_files - 1 };
	for (uint32_t i = 0; i < CFG_log_files; i++) file->fd[i] = -1;
	ok = ok && files_path(path, folder, LOG_FOLDER) == FILES_OK && files_folder(path) == FILES_OK;
	for (uint32_t i = 0; i < CFG_log_files && ok; i++) {
		file->fd[i] = open_or_make(&disk, folder, i);
		ok = file->fd[i] >= 0;
	}
	disk_linux_end(&disk);
	file->is_open = ok;
	for (uint32_t i = 0; i < CFG_log_files && ok; i++) look_into(file, i);
	if (!ok) log_file_close(file);
	return ok;
}

void log_file_prepare(const char *folder)
{
	struct log_file file;
	if (log_file_open(&file, folder)) log_file_close(&file);
}

/* The descriptor's place is moved first: a sealed process has no right to write elsewhere in one call. */
static bool write_slot(const struct log_file *file, const void *slot)
{
	off_t at = (off_t)file->slot * LOG_RECORD_BYTES;
	return lseek(file->fd[file->at], at, SEEK_SET) == at && write(file->fd[file->at], slot, LOG_RECORD_BYTES) == LOG_RECORD_BYTES;
}

/* Without its head a file's records would not be read: when the disk refuses that, the next record tries again. */
static bool begin_next(struct log_file *file, int32_t day)
{
	struct log_head head = { .magic = LOG_MAGIC, .generation = file->generation + 1, .day = day };
	uint32_t        at = file->at, slot = file->slot;
	head.crc = log_head_sum(&head);
	file->at = (at + 1) % CFG_log_files;
	file->slot = 0;
	if (!write_slot(file, &head)) {
		file->at = at;
		file->slot = slot;
		return false;
	}
	file->slot = 1;
	file->generation++;
	if (file->day != day) file->day_records = 0;
	file->day = day;
	return true;
}

/* A record of just before midnight that comes late belongs to today: rings are emptied one after the other. */
static int32_t day_of(const struct log_file *file, int64_t wall_ns)
{
	int32_t day = day_from_t_ns(wall_ns);
	return day == file->day - 1 ? file->day : day;
}

static bool is_used_up(const struct log_file *file, int32_t day) { return day == file->day && file->day_records >= LOG_DAY_RECORDS; }

bool log_file_takes(const struct log_file *file, int64_t wall_ns)
{
	return file->is_open && !file->is_failing && !is_used_up(file, day_of(file, wall_ns));
}

/* In the last record's place, so that the files alone say that a day was cut. */
static void say_used_up(struct log_record *record)
{
	*record = (struct log_record){ .seq = record->seq, .wall_ns = record->wall_ns, .mono_ns = record->mono_ns, .kind = LOG_KIND_drop, .level = LOG_warn,
		.source = record->source, .sym = SYM_NONE, .drop = LOG_DROP_capped };
	(void)snprintf(record->process, sizeof record->process, "log");
	(void)snprintf(record->text, LOG_TEXT_BYTES, "log_day_kib of this day is used up: what comes is counted, not written");
}

static void put(struct log_file *file, struct log_record *record, int32_t day)
{
	bool ok = file->is_open;
	if (ok && (file->slot >= LOG_FILE_SLOTS || day != file->day)) ok = begin_next(file, day);
	record->generation = file->generation;
	record->crc = log_record_sum(record);
	ok = ok && write_slot(file, record);
	file->is_failing = !ok;
	file->failed += !ok;
	if (!ok) return;
	file->slot++;
	file->day_records++;
	file->written++;
}

void log_file_add(struct log_file *file, struct log_record *record)
{
	int32_t day = day_of(file, record->wall_ns);
	if (file->is_open && is_used_up(file, day)) {
		file->capped++;
		return;
	}
	if (file->is_open && day == file->day && file->day_records == LOG_DAY_RECORDS - 1) {
		file->capped++;
		say_used_up(record);
	}
	put(file, record, day);
}

void log_file_close(struct log_file *file)
{
	for (uint32_t i = 0; i < CFG_log_files; i++)
		if (file->fd[i] >= 0) (void)close(file->fd[i]);
	for (uint32_t i = 0; i < CFG_log_files; i++) file->fd[i] = -1;
	file->is_open = false;
}
