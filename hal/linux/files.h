/* files.h - small files for people: replaced whole, or grown line by line.
 *
 * Two shapes. files_replace writes a whole small file so that a reader, or a power cut, sees the old or the new one and never a
 * half. struct append_file grows a file of lines through a buffer of the caller, knows its own length, and can be cut back to
 * a length somebody else has remembered; that is how rows are neither doubled nor lost after a crash (one writer a file).
 *
 * Nothing here is a bug of the caller's world: a full disk, a read-only folder, a missing folder come back as a verdict, and
 * files_sentence makes one sentence of it. Files are made 0600, folders 0700. Paths are at most FILES_PATH_MAX - 1 long.
 * After any verdict but FILES_OK an append_file may hold a part of what was buffered: cut it back before going on. */
#ifndef HAL_LINUX_FILES_H
#define HAL_LINUX_FILES_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILES_PATH_MAX = 512, FILES_SENTENCE_MAX = 768, FILES_ASIDE_MAX = 99 };

/*        verdict    what to say of the path it happened to */
#define FILES_VERDICTS(X)                                                                                          \
	X(OK,        "is written")                                                                                 \
	X(FULL,      "cannot grow: the disk, the quota or the allowed file size is full; free some space")          \
	X(READ_ONLY, "is on a read-only file system: mount it writable or choose another folder")                  \
	X(DENIED,    "may not be written by this user: change its owner or its mode")                              \
	X(MISSING,   "does not exist, or a part of its path is not a folder: make the folder first")               \
	X(FOLDER,    "is a folder: name a file")                                                                  \
	X(TOO_LONG,  "is a path too long for this program: choose a shorter one")                                  \
	X(CROWDED,   "has too many older copies (.old-1 to .old-99): move them away")                              \
	X(BROKEN,    "cannot be read or written: the disk or the file system reports an error; see the kernel log")

#define FILES_VERDICT_ID(name, text) FILES_##name,
enum files_verdict { FILES_VERDICTS(FILES_VERDICT_ID) FILES_VERDICTS_N };

/* The verdict of an errno. */
enum files_verdict files_verdict_of(int error);
/* "PATH cannot grow: ..." into text, terminated; returns text. */
const char *files_sentence(enum files_verdict verdict, const char *path, char *text, size_t size);

/* folder/name into path of FILES_PATH_MAX. */
enum files_verdict files_path(char path[FILES_PATH_MAX], const char *folder, const char *name);
/* The folder exists afterwards; its parent must exist. */
enum files_verdict files_folder(const char *path);
/* Bytes of a file into *bytes; FILES_MISSING when there is none. */
enum files_verdict files_size(const char *path, uint64_t *bytes);
/* Which file a path leads to at this moment. */
struct files_identity { uint64_t device, inode, bytes; };
enum files_verdict files_identify(const char *path, struct files_identity *found);
/* The file becomes these bytes or stays as it was. durable: also after a power cut (fsync of file and folder). */
enum files_verdict files_replace(const char *path, const void *bytes, size_t length, bool durable);
/* Renames path to path.old-N, the first N that is free: nothing a person may want is written over. OK when there is no file. */
enum files_verdict files_aside(const char *path);

struct append_file {
	char    *buffer;
	size_t   size, used;
	uint64_t bytes;                /* in the file; what is buffered comes after */
	int      fd;
	char     path[FILES_PATH_MAX];
};

/* Opens or makes the file and stands at its end. The buffer is the caller's and lives as long as the file is open. */
enum files_verdict append_open(struct append_file *file, const char *path, char *buffer, size_t size);
/* Adds bytes; they reach the file when the buffer is full or flushed. */
enum files_verdict append_write(struct append_file *file, const void *bytes, size_t length);
enum files_verdict append_flush(struct append_file *file);
/* Flushed, and safe from a power cut. */
enum files_verdict append_sync(struct append_file *file);
/* Throws away what is buffered and everything beyond `bytes`; a file shorter than that keeps what it has. */
enum files_verdict append_cut(struct append_file *file, uint64_t bytes);
/* Both write into the same file of a disk, whatever it was called. */
bool append_is_same(const struct append_file *a, const struct append_file *b);
/* The length with what is buffered. */
static inline uint64_t append_end(const struct append_file *file) { return file->bytes + file->used; }
/* Throws away what is buffered: flush first. Closing twice does nothing. */
void append_close(struct append_file *file);

#endif
