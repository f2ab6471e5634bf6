/* path.c - looks at a path before a verb does. The names beside it are read with getdents64: opendir would allocate. */
#include "firmware/cli/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "firmware/cli/near.h"
#include "firmware/cli/text.h"

enum { CLAUSE_BYTES = 320, ENTRIES_BYTES = 4096 };

/* One entry as the kernel writes it (getdents64(2)). */
struct entry { uint64_t inode; int64_t offset; uint16_t bytes; uint8_t type; char name[]; };

static size_t offer_entries(struct near *near, const char *block, size_t length)
{
	size_t count = 0;
	for (size_t at = 0; at < length; count++) {
		uint16_t    bytes;
		const char *name = block + at + offsetof(struct entry, name);
		memcpy(&bytes, block + at + offsetof(struct entry, bytes), sizeof bytes);
		if (name[0] != '.') near_offer(near, name);
		at += bytes;
	}
	return count;
}

static void offer_folder(struct near *near, const char *folder)
{
	char   block[ENTRIES_BYTES] __attribute__((aligned(8)));
	size_t seen = 0;
	int    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) return;
	while (seen < PATH_ENTRIES_MAX) {
		long length = syscall(SYS_getdents64, fd, block, sizeof block);
		if (length <= 0) break;
		seen += offer_entries(near, block, (size_t)length);
	}
	close(fd);
}

/* Splits "a/b/" into "a" and "b"; without a slash the folder is ".". */
static void split(const char *path, char folder[PATH_BYTES_MAX], char name[PATH_BYTES_MAX])
{
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/') length--;
	size_t slash = length;
	while (slash > 0 && path[slash - 1] != '/') slash--;
	snprintf(name, PATH_BYTES_MAX, "%.*s", (int)(length - slash), path + slash);
	snprintf(folder, PATH_BYTES_MAX, "%.*s", slash == 0 ? 1 : (int)slash, slash == 0 ? "." : path);
}

static void explain_missing(const char *path, bool folder, char sentence[PATH_SENTENCE_BYTES])
{
	char        beside[PATH_BYTES_MAX], name[PATH_BYTES_MAX], quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	struct near near;
	split(path, beside, name);
	near_begin(&near, name);
	offer_folder(&near, beside);
	snprintf(sentence, PATH_SENTENCE_BYTES, "%s: no such %s%s", text_quote(quote, path), folder ? "folder" : "file",
	    near_clause(&near, clause, sizeof clause));
}

bool path_is_there(const char *path, bool folder, char sentence[PATH_SENTENCE_BYTES])
{
	struct stat info;
	char        quote[TEXT_QUOTE_BYTES];
	text_quote(quote, path);
	sentence[0] = '\0';
	if (strlen(path) >= PATH_BYTES_MAX)
		snprintf(sentence, PATH_SENTENCE_BYTES, "%s: longer than %d bytes", quote, PATH_BYTES_MAX - 1);
	else if (stat(path, &info) != 0 && errno == ENOENT)
		explain_missing(path, folder, sentence);
	else if (stat(path, &info) != 0)
		snprintf(sentence, PATH_SENTENCE_BYTES, "%s: %s", quote, strerror(errno));
	else if (S_ISDIR(info.st_mode) != folder)
		snprintf(sentence, PATH_SENTENCE_BYTES, "%s is a %s, not a %s", quote, folder ? "file" : "folder", folder ? "folder" : "file");
	else if (access(path, folder ? R_OK | X_OK : R_OK) != 0)
		snprintf(sentence, PATH_SENTENCE_BYTES, "%s: %s", quote, strerror(errno));
	return sentence[0] == '\0';
}
