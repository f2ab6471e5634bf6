/* disk.c - files in memory, with faults and power cuts. Contract: hal/disk.h and hal/sim/disk.h. */
#include "hal/sim/disk.h"

#include <string.h>

#include "fsm/hash.h"

static struct disk_sim *self_of(struct disk *disk) { return (struct disk_sim *)(void *)disk; }

/* The writer's number of a file differs from its readers', so that a reader's close does not end the writer. */
enum { WRITER = DISK_SIM_FILES_MAX };

static struct disk_sim_file *file_of(struct disk_sim *self, int32_t number)
{
	uint32_t file = (uint32_t)number % WRITER;
	BUG_UNLESS(3060, number >= 0 && number < 2 * WRITER && file < self->files_n && self->file[file].used);
	return &self->file[file];
}

/* Counts the call; the scripted fault that hits it, or null. */
static struct disk_sim_fault *fault_of(struct disk_sim *self, enum disk_sim_verb verb)
{
	self->calls[verb]++;
	for (uint32_t i = 0; i < DISK_SIM_FAULTS_MAX; i++) {
		struct disk_sim_fault *fault = &self->fault[i];
		if (fault->armed && fault->verb == verb && fault->nth == self->calls[verb]) return fault;
	}
	return 0;
}

static enum disk_code strike(struct disk_sim *self, const struct disk_sim_fault *fault)
{
	if (fault->power) self->dark = true;
	return fault->power ? DISK_FAILED : (enum disk_code)fault->code;
}

static enum disk_code refuse(struct disk_sim *self, enum disk_sim_verb verb)
{
	if (self->dark) return DISK_FAILED;
	const struct disk_sim_fault *fault = fault_of(self, verb);
	return fault ? strike(self, fault) : DISK_OK;
}

struct disk_sim_file *disk_sim_find(struct disk_sim *disk, const char *name)
{
	for (uint32_t i = 0; i < disk->files_n; i++) {
		if (disk->file[i].used && strcmp(disk->file[i].name, name) == 0) return &disk->file[i];
	}
	return 0;
}

static struct disk_sim_file *room_for(struct disk_sim *self, uint64_t bytes)
{
	for (uint32_t i = 0; i < self->files_n; i++) {
		if (!self->file[i].used && self->file[i].capacity_bytes >= bytes) return &self->file[i];
	}
	return 0;
}

static void make_empty(struct disk_sim_file *file)
{
	memset(file->memory, 0, file->touched_bytes);
	if (file->durable) memset(file->durable, 0, file->touched_bytes);
	file->touched_bytes = file->size_bytes = file->durable_bytes = 0;
	file->dirty_from = file->dirty_to = file->last_from = file->last_to = 0;
}

static enum disk_code sim_create(struct disk *disk, const char *name, uint64_t bytes, int32_t *number)
{
	struct disk_sim *self = self_of(disk);
	*number = -1;
	enum disk_code code = refuse(self, DISK_SIM_CREATE);
	if (code != DISK_OK) return code;
	struct disk_sim_file *file = disk_sim_find(self, name);
	if (file && file->written_open) return DISK_BUSY;
	if (file) file->used = false;
	file = room_for(self, bytes);
	if (!file) return DISK_FULL;
	make_empty(file);
	BUG_UNLESS(3061, strlen(name) <= DISK_NAME_MAX);
	memcpy(file->name, name, strlen(name) + 1);
	file->used = file->written_open = true;
	file->size_bytes = file->durable_bytes = bytes;
	*number = (int32_t)(file - self->file) + WRITER;
	return DISK_OK;
}

static enum disk_code sim_open(struct disk *disk, const char *name, enum disk_right right, int32_t *number)
{
	struct disk_sim *self = self_of(disk);
	*number = -1;
	enum disk_code code = refuse(self, DISK_SIM_OPEN);
	if (code != DISK_OK) return code;
	struct disk_sim_file *file = disk_sim_find(self, name);
	if (!file) return DISK_MISSING;
	if (right == DISK_WRITE && file->written_open) return DISK_BUSY;
	if (right == DISK_WRITE) file->written_open = true;
	*number = (int32_t)(file - self->file) + (right == DISK_WRITE ? WRITER : 0);
	return DISK_OK;
}

static enum disk_code sim_rename(struct disk *disk, const char *from, const char *to)
{
	struct disk_sim *self = self_of(disk);
	enum disk_code   code = refuse(self, DISK_SIM_RENAME);
	if (code != DISK_OK) return code;
	struct disk_sim_file *file = disk_sim_find(self, from);
	if (!file) return DISK_MISSING;
	if (disk_sim_find(self, to)) return DISK_EXISTS;
	BUG_UNLESS(3062, strlen(to) <= DISK_NAME_MAX);
	memcpy(file->name, to, strlen(to) + 1);
	return DISK_OK;
}

static enum disk_code sim_remove(struct disk *disk, const char *name)
{
	struct disk_sim *self = self_of(disk);
	enum disk_code   code = refuse(self, DISK_SIM_REMOVE);
	if (code != DISK_OK) return code;
	struct disk_sim_file *file = disk_sim_find(self, name);
	if (!file) return DISK_MISSING;
	file->used = file->written_open = false;
	return DISK_OK;
}

static enum disk_code sim_read(struct disk *disk, int32_t number, uint64_t offset, void *into, size_t bytes, size_t *got)
{
	struct disk_sim *self = self_of(disk);
	*got = 0;
	enum disk_code code = refuse(self, DISK_SIM_READ_CALL);
	if (code != DISK_OK) return code;
	const struct disk_sim_file *file = file_of(self, number);
	uint64_t                    left = offset < file->size_bytes ? file->size_bytes - offset : 0;
	*got = bytes < left ? bytes : (size_t)left;
	memcpy(into, file->memory + (left ? offset : 0), *got);
	return DISK_OK;
}

static void put(struct disk_sim_file *file, uint64_t offset, const void *from, uint64_t bytes)
{
	uint64_t end = offset + bytes;
	bool     clean = file->dirty_to == file->dirty_from;
	memcpy(file->memory + offset, from, bytes);
	if (end > file->size_bytes) file->size_bytes = end;
	if (end > file->touched_bytes) file->touched_bytes = end;
	if (clean || offset < file->dirty_from) file->dirty_from = offset;
	if (clean || end > file->dirty_to) file->dirty_to = end;
	file->last_from = offset;
	file->last_to = end;
}

static enum disk_code sim_write(struct disk *disk, int32_t number, uint64_t offset, const void *from, size_t bytes)
{
	struct disk_sim *self = self_of(disk);
	if (self->dark) return DISK_FAILED;
	struct disk_sim_file        *file = file_of(self, number);
	const struct disk_sim_fault *fault = fault_of(self, DISK_SIM_WRITE_CALL);
	BUG_UNLESS(3063, number >= WRITER && file->written_open);
	if (offset > file->capacity_bytes || bytes > file->capacity_bytes - offset) return DISK_FULL;
	put(file, offset, from, fault && fault->short_bytes < bytes ? fault->short_bytes : bytes);
	return fault ? strike(self, fault) : DISK_OK;
}

static enum disk_code sim_sync(struct disk *disk, int32_t number)
{
	struct disk_sim *self = self_of(disk);
	enum disk_code   code = refuse(self, DISK_SIM_SYNC);
	if (code != DISK_OK) return code;
	struct disk_sim_file *file = file_of(self, number);
	uint64_t              from = file->dirty_from, bytes = file->dirty_to - from;
	if (file->durable) memcpy(file->durable + from, file->memory + from, bytes);
	file->durable_bytes = file->size_bytes;
	file->dirty_from = file->dirty_to = file->last_from = file->last_to = 0;
	return DISK_OK;
}

static enum disk_code sim_size(struct disk *disk, int32_t number, uint64_t *bytes)
{
	*bytes = file_of(self_of(disk), number)->size_bytes;
	return DISK_OK;
}

static void sim_close(struct disk *disk, int32_t number)
{
	if (number >= WRITER) self_of(disk)->file[number % WRITER].written_open = false;
}

static const struct disk_verbs verbs = {
	.create = sim_create,
	.open = sim_open,
	.rename = sim_rename,
	.remove = sim_remove,
	.read = sim_read,
	.write = sim_write,
	.sync = sim_sync,
	.size = sim_size,
	.close = sim_close,
};

void disk_sim_init(struct disk_sim *disk)
{
	memset(disk, 0, sizeof *disk);
	disk->disk.verbs = &verbs;
}

void disk_sim_room(struct disk_sim *disk, void *memory, void *durable, uint64_t capacity_bytes)
{
	BUG_UNLESS(3064, disk->files_n < DISK_SIM_FILES_MAX);
	disk->file[disk->files_n++] = (struct disk_sim_file){ .memory = memory, .durable = durable, .capacity_bytes = capacity_bytes };
}

void disk_sim_script(struct disk_sim *disk, struct disk_sim_fault fault)
{
	for (uint32_t i = 0; i < DISK_SIM_FAULTS_MAX; i++) {
		if (disk->fault[i].armed) continue;
		disk->fault[i] = fault;
		disk->fault[i].armed = 1;
		return;
	}
	bug_trap(3065);
}

static bool survives(enum disk_sim_cut cut, uint64_t seed, uint64_t sector)
{
	if (cut == DISK_SIM_TEAR) return hash_mix(seed ^ hash_mix(sector + 1)) & 1;
	return cut != DISK_SIM_LOSE;
}

/* Takes back the end of the last write, and of the file where it had grown by it. */
static void shorten_last(struct disk_sim_file *file, uint64_t seed)
{
	uint64_t bytes = file->last_to - file->last_from;
	if (bytes == 0) return;
	uint64_t from = file->last_from + hash_mix(seed + 1) % bytes;
	memcpy(file->memory + from, file->durable + from, file->last_to - from);
	if (file->last_to == file->size_bytes) file->size_bytes = from > file->durable_bytes ? from : file->durable_bytes;
}

/* A sector keeps what was written or falls back to what was durable. The size is metadata and falls back with the last sector. */
static void cut_file(struct disk_sim_file *file, enum disk_sim_cut cut, uint64_t seed)
{
	if (cut == DISK_SIM_PART) shorten_last(file, seed);
	uint64_t first = file->dirty_from / DISK_SIM_SECTOR_BYTES, size = file->durable_bytes;
	for (uint64_t sector = first; sector * DISK_SIM_SECTOR_BYTES < file->dirty_to; sector++) {
		uint64_t at = sector * DISK_SIM_SECTOR_BYTES, end = at + DISK_SIM_SECTOR_BYTES;
		if (end > file->capacity_bytes) end = file->capacity_bytes;
		if (!survives(cut, seed, sector)) memcpy(file->memory + at, file->durable + at, end - at);
		else if (end > size) size = end < file->size_bytes ? end : file->size_bytes;
	}
	file->size_bytes = size;
	if (file->dirty_to > size) memset(file->memory + size, 0, file->dirty_to - size);
	memcpy(file->durable, file->memory, file->touched_bytes);
	file->durable_bytes = size;
	file->dirty_from = file->dirty_to = file->last_from = file->last_to = 0;
}

void disk_sim_power_cut(struct disk_sim *disk, enum disk_sim_cut cut, uint64_t seed)
{
	disk->dark = true;
	for (uint32_t i = 0; i < disk->files_n; i++) {
		struct disk_sim_file *file = &disk->file[i];
		if (!file->used) continue;
		BUG_UNLESS(3066, file->durable);
		cut_file(file, cut, seed);
	}
}

void disk_sim_restart(struct disk_sim *disk)
{
	disk->dark = false;
	memset(disk->fault, 0, sizeof disk->fault);
	memset(disk->calls, 0, sizeof disk->calls);
	for (uint32_t i = 0; i < disk->files_n; i++) disk->file[i].written_open = false;
}
