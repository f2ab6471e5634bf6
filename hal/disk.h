/* disk.h - the disk port: files of a known size, read and written at an offset, made durable by one verb.
 *
 * Siblings: hal/linux/disk.h (real files below a folder) and hal/sim/disk.h (memory, with scripted faults and power cuts).
 * The verbs block. None is called between a step and the sending of its orders but write and sync of an open file.
 *
 * name     relative to the disk's folder, or absolute where the sibling has a world outside; at most DISK_NAME_MAX bytes
 * file     a small number given by create or open, valid until close
 * create   a file of exactly `bytes` zero bytes, written (not a hole) and durable, open for writing. A leftover of that name
 *          is emptied first, so use a working name and rename. Fails whole: a file that could not be filled is removed
 * open     an existing regular file. DISK_WRITE takes the one writer's lock: DISK_BUSY when another process has it
 * rename   durable, and never over an existing file (DISK_EXISTS)
 * read     got < bytes only at the end of the file
 * write    all bytes or a failure; what a failed write left behind is unknown
 * sync     everything written to this file so far survives a power cut. After a failure nothing is known: give the file up
 *
 * Codes, not errno: what went wrong is a fact of the world and becomes a status, never a trap. Row X2. */
#ifndef HAL_DISK_H
#define HAL_DISK_H
#include "fsm/units.h"

enum { DISK_NAME_MAX = 480 };        /* bytes without the final zero: fits every path a person types */

#define DISK_CODES(X)                                                                                       \
	X(OK, "is fine") X(MISSING, "is not there") X(EXISTS, "is there already") X(DENIED, "may not be used by this user") \
	X(FULL, "does not fit on the disk") X(BUSY, "is open for writing in another process")                  \
	X(NOT_A_FILE, "is not a regular file") X(FAILED, "could not be read or written")
#define DISK_CODE_ID(name, text) DISK_##name,
enum disk_code { DISK_CODES(DISK_CODE_ID) DISK_CODES_N };

enum disk_right { DISK_READ, DISK_WRITE };

struct disk;
struct disk_verbs {
	enum disk_code (*create)(struct disk *disk, const char *name, uint64_t bytes, int32_t *file);
	enum disk_code (*open)(struct disk *disk, const char *name, enum disk_right right, int32_t *file);
	enum disk_code (*rename)(struct disk *disk, const char *from, const char *to);
	enum disk_code (*remove)(struct disk *disk, const char *name);
	enum disk_code (*read)(struct disk *disk, int32_t file, uint64_t offset, void *into, size_t bytes, size_t *got);
	enum disk_code (*write)(struct disk *disk, int32_t file, uint64_t offset, const void *from, size_t bytes);
	enum disk_code (*sync)(struct disk *disk, int32_t file);
	enum disk_code (*size)(struct disk *disk, int32_t file, uint64_t *bytes);
	void (*close)(struct disk *disk, int32_t file);
};
struct disk { const struct disk_verbs *verbs; };

static inline enum disk_code disk_create(struct disk *disk, const char *name, uint64_t bytes, int32_t *file)
{
	return disk->verbs->create(disk, name, bytes, file);
}

static inline enum disk_code disk_open(struct disk *disk, const char *name, enum disk_right right, int32_t *file)
{
	return disk->verbs->open(disk, name, right, file);
}

static inline enum disk_code disk_rename(struct disk *disk, const char *from, const char *to)
{
	return disk->verbs->rename(disk, from, to);
}

static inline enum disk_code disk_remove(struct disk *disk, const char *name) { return disk->verbs->remove(disk, name); }

static inline enum disk_code disk_read(struct disk *disk, int32_t file, uint64_t offset, void *into, size_t bytes, size_t *got)
{
	return disk->verbs->read(disk, file, offset, into, bytes, got);
}

static inline enum disk_code disk_write(struct disk *disk, int32_t file, uint64_t offset, const void *from, size_t bytes)
{
	return disk->verbs->write(disk, file, offset, from, bytes);
}

static inline enum disk_code disk_sync(struct disk *disk, int32_t file) { return disk->verbs->sync(disk, file); }

static inline enum disk_code disk_size(struct disk *disk, int32_t file, uint64_t *bytes)
{
	return disk->verbs->size(disk, file, bytes);
}

static inline void disk_close(struct disk *disk, int32_t file) { disk->verbs->close(disk, file); }

/* The second half of a sentence that begins with the file's name. */
static inline const char *disk_code_text(enum disk_code code)
{
#define DISK_CODE_TEXT(name, text) text,
	static const char *const texts[DISK_CODES_N] = { DISK_CODES(DISK_CODE_TEXT) };
	return texts[code];
}

#endif
