/* secret.c - environ and HOME/secrets in, memory files out; every buffer that held a value is wiped before its function returns. */
#include "hal/linux/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hal/linux/files.h"
#include "hal/linux/memory.h"

/* MFD_NOEXEC_SEAL of Linux 6.3, younger than some C libraries. */
enum { MEMFD_NOEXEC_SEAL = 8, WINDOW_BYTES = 1024, SHOWN_MIN = 8 };

struct secret_row { const char *name; uint8_t pair; bool is_key_id; };
#define SECRET_ROW(id, pair, name) [SECRET_##id] = { name, SECRET_PAIR_##pair, SECRET_##id == SECRET_##pair##_key_id },
static const struct secret_row rows[SECRETS_N] = { SECRETS(SECRET_ROW) };

/* What a memory file holds: a slot for each secret, of which those of its pair are filled. length 0: absent. */
struct slot { uint16_t length; char text[SECRET_BYTES_MAX]; };
struct slots { struct slot of[SECRETS_N]; };
_Static_assert(sizeof(struct slot) <= SECRET_PAGE_BYTES, "a secret lies in one page");

const char      *secret_name(enum secret_id id) { return rows[id].name; }
enum secret_pair secret_pair_of(enum secret_id id) { return (enum secret_pair)rows[id].pair; }

__attribute__((format(printf, 2, 3))) static bool refuse(char sentence[SECRET_SENTENCE_BYTES], const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(sentence, SECRET_SENTENCE_BYTES, format, arguments);
	va_end(arguments);
	return false;
}

/* 0, or what is wrong with it. */
static const char *fault(const char *text, size_t length)
{
	if (length == 0) return "is empty: give it a value, or take it out";
	if (length >= SECRET_BYTES_MAX) return "is longer than 255 characters: that is no key of a venue";
	for (size_t i = 0; i < length; i++)
		if (text[i] <= ' ' || text[i] > '~') return "holds a space or a character that is not plain ASCII: copy the key again";
	return 0;
}

static void keep(struct slot *slot, const char *text, size_t length)
{
	memcpy(slot->text, text, length);
	slot->length = (uint16_t)length;
}

/* --- the environment ------------------------------------------------------------------------------------------------- */

/* The secret an entry NAME=value of the environment is; SECRETS_N when it is none. */
static size_t entry_id(const char *entry)
{
	size_t id = 0;
	for (; id < SECRETS_N; id++) {
		size_t length = strlen(rows[id].name);
		if (strncmp(entry, rows[id].name, length) == 0 && entry[length] == '=') break;
	}
	return id;
}

static bool take_entry(struct slots *slots, size_t id, const char *value, char sentence[SECRET_SENTENCE_BYTES])
{
	const char *wrong = fault(value, strlen(value));
	if (wrong) return refuse(sentence, "%s in the environment %s", rows[id].name, wrong);
	if (slots->of[id].length > 0) return refuse(sentence, "%s is twice in the environment: keep one of them", rows[id].name);
	keep(&slots->of[id], value, strlen(value));
	return true;
}

/* Takes what is ours out of the environment, bytes and entry, whatever becomes of it. */
static bool take_environment(struct slots *slots, char sentence[SECRET_SENTENCE_BYTES])
{
	char **to = environ;
	bool   good = true;
	if (!environ) return true;
	for (char **at = environ; *at; at++) {
		size_t id = entry_id(*at);
		if (id == SECRETS_N) {
			*to++ = *at;
			continue;
		}
		good = good && take_entry(slots, id, *at + strlen(rows[id].name) + 1, sentence);
		explicit_bzero(*at, strlen(*at));
	}
	*to = 0;
	return good;
}

/* --- the file -------------------------------------------------------------------------------------------------------- */

struct secrets_file { char path[FILES_PATH_MAX], *sentence; uint32_t line; struct slots slots; };

static char *trim(char *text)
{
	text += strspn(text, " \t");
	size_t length = strlen(text);
	while (length > 0 && strchr(" \t\r", text[length - 1])) length--;
	text[length] = '\0';
	return text;
}

static bool take_line(struct secrets_file *file, char *line)
{
	char *name = trim(line), *equals = strchr(name, '=');
	if (*name == '\0' || *name == '#') return true;
	if (!equals) return refuse(file->sentence, "%s line %u has no \"=\": write NAME = value", file->path, file->line);
	*equals = '\0';
	const char *value = trim(equals + 1);
	name = trim(name);
	size_t id = 0;
	while (id < SECRETS_N && strcmp(rows[id].name, name) != 0) id++;
	if (id == SECRETS_N)
		return refuse(file->sentence, "%s line %u is none of the names it may hold: %s, %s, %s, %s", file->path, file->line, rows[0].name, rows[1].name,
		    rows[2].name, rows[3].name);
	if (file->slots.of[id].length > 0) return refuse(file->sentence, "%s line %u: %s is there twice: keep one of them", file->path, file->line, rows[id].name);
	const char *wrong = fault(value, strlen(value));
	if (wrong) return refuse(file->sentence, "%s line %u: %s %s", file->path, file->line, rows[id].name, wrong);
	keep(&file->slots.of[id], value, strlen(value));
	return true;
}

static bool take_text(struct secrets_file *file, char *text, size_t length)
{
	if (memchr(text, '\0', length)) return refuse(file->sentence, "%s holds a zero byte: this is a text file", file->path);
	for (char *line = text, *next; line; line = next) {
		file->line++;
		next = strchr(line, '\n');
		if (next) *next++ = '\0';
		if (!take_line(file, line)) return false;
	}
	return true;
}

static bool is_private(struct secrets_file *file, int fd)
{
	struct stat info;
	if (fstat(fd, &info) != 0) return refuse(file->sentence, "%s cannot be read: %s", file->path, strerror(errno));
	if (!S_ISREG(info.st_mode)) return refuse(file->sentence, "%s is not a regular file", file->path);
	if (info.st_uid != geteuid() && info.st_uid != 0)
		return refuse(file->sentence, "%s belongs to another user (%u): give it to the user that runs this", file->path, (unsigned)info.st_uid);
	if ((info.st_mode & 077) == 0) return true;
	return refuse(file->sentence, "%s has mode %04o and others may open it: chmod 600 %s, and change the keys if they could be read", file->path,
	    (unsigned)info.st_mode & 07777, file->path);
}

static bool read_file(struct secrets_file *file, int fd)
{
	char    text[SECRETS_FILE_BYTES_MAX + 1];
	size_t  used = 0;
	ssize_t got = 1;
	bool    good = true;
	while (used < SECRETS_FILE_BYTES_MAX && got > 0) {
		got = read(fd, text + used, SECRETS_FILE_BYTES_MAX - used);
		if (got > 0) used += (size_t)got;
		if (got < 0 && errno == EINTR) got = 1;
	}
	text[used] = '\0';
	if (got < 0) good = refuse(file->sentence, "%s cannot be read: %s", file->path, strerror(errno));
	else if (used == SECRETS_FILE_BYTES_MAX) good = refuse(file->sentence, "%s has %d bytes or more; four lines take less", file->path, SECRETS_FILE_BYTES_MAX);
	else good = take_text(file, text, used);
	explicit_bzero(text, sizeof text);
	return good;
}

/* No file is fine. */
static bool take_file(struct secrets_file *file, const char *folder)
{
	const char        *path = file->path;
	enum files_verdict verdict = files_path(file->path, folder, SECRETS_FILE);
	if (verdict != FILES_OK) return refuse(file->sentence, "the path of the folder of " SECRETS_FILE " is too long: choose a shorter one");
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR)) return true;
	if (fd < 0 && errno == ELOOP) return refuse(file->sentence, "%s is a link: put the file itself there", path);
	if (fd < 0) return refuse(file->sentence, "%s cannot be read: %s", path, strerror(errno));
	bool good = is_private(file, fd) && read_file(file, fd);
	close(fd);
	return good;
}

/* --- into the kernel ------------------------------------------------------------------------------------------------- */

/* Empty, unnamed, close-on-exec; -1 when there is none. */
static int make_memory_file(void)
{
	int fd = memfd_create("keys", MFD_CLOEXEC | MFD_ALLOW_SEALING | MEMFD_NOEXEC_SEAL);
	if (fd < 0 && errno == EINVAL) fd = memfd_create("keys", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0) fd = open("/dev/shm", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd;
}

/* A memory file is sealed for good; one of /dev/shm cannot be (EPERM), and nobody else can open it. */
static bool put(int fd, const struct slots *slots)
{
	if (pwrite(fd, slots, sizeof *slots, 0) != (ssize_t)sizeof *slots) return false;
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0 || errno == EPERM;
}

static bool has_any(const struct slots *slots, enum secret_pair pair)
{
	bool any = false;
	for (size_t id = 0; id < SECRETS_N; id++) any = any || (rows[id].pair == pair && slots->of[id].length > 0);
	return any;
}

static bool put_pair(struct secrets *secrets, enum secret_pair pair, const struct slots *from)
{
	struct slots mine = { 0 };
	if (!has_any(from, pair)) return true;
	for (size_t id = 0; id < SECRETS_N; id++) {
		if (rows[id].pair != pair || from->of[id].length == 0) continue;
		mine.of[id] = from->of[id];
		secrets->held |= 1u << id;
	}
	secrets->fd[pair] = make_memory_file();
	bool good = secrets->fd[pair] >= 0 && put(secrets->fd[pair], &mine);
	explicit_bzero(&mine, sizeof mine);
	return good;
}

static bool take(struct secrets *secrets, const char *folder, struct slots *found, struct secrets_file *file)
{
	if (!take_environment(found, file->sentence) || !take_file(file, folder)) return false;
	for (enum secret_pair pair = 0; pair < SECRET_PAIRS_N; pair++)
		if (!put_pair(secrets, pair, has_any(found, pair) ? found : &file->slots))
			return refuse(file->sentence, "the kernel gives no memory file for keys (memfd_create, or room on /dev/shm)");
	return true;
}

bool secrets_take(struct secrets *secrets, const char *folder, char sentence[SECRET_SENTENCE_BYTES])
{
	struct slots        found = { 0 };
	struct secrets_file file = { .sentence = sentence };
	*secrets = (struct secrets){ { -1, -1 }, 0 };
	*sentence = '\0';
	bool good = take(secrets, folder, &found, &file);
	explicit_bzero(&found, sizeof found);
	explicit_bzero(&file, sizeof file);
	if (!good) secrets_close(secrets);
	return good;
}

void secrets_close(struct secrets *secrets)
{
	for (size_t pair = 0; pair < SECRET_PAIRS_N; pair++)
		if (secrets->fd[pair] >= 0) close(secrets->fd[pair]);
	*secrets = (struct secrets){ { -1, -1 }, 0 };
}

/* --- in the process that needs it ---------------------------------------------------------------------------------------- */

static void *locked_page(void)
{
	void *page = memory_take(SECRET_PAGE_BYTES);
	if (!page) return 0;
	bool good = mlock(page, SECRET_PAGE_BYTES) == 0 && madvise(page, SECRET_PAGE_BYTES, MADV_DONTDUMP) == 0 &&
	            madvise(page, SECRET_PAGE_BYTES, MADV_DONTFORK) == 0;
	if (!good) memory_give(page, SECRET_PAGE_BYTES);
	return good ? page : 0;
}

bool secrets_read(int fd, enum secret_id id, struct secret *out)
{
	struct slot *slot;
	*out = (struct secret){ 0, 0 };
	BUG_UNLESS(3550, id < SECRETS_N);
	slot = fd < 0 ? 0 : locked_page();
	if (!slot) return false;
	ssize_t got = pread(fd, slot, sizeof *slot, (off_t)((size_t)id * sizeof *slot));
	bool    good = got == (ssize_t)sizeof *slot && slot->length > 0 && slot->length < SECRET_BYTES_MAX;
	*out = (struct secret){ slot->text, good ? slot->length : 0 };
	if (!good) secret_wipe(out);
	return good;
}

static char *page_of(const struct secret *secret) { return (char *)((uintptr_t)secret->text & ~(uintptr_t)(SECRET_PAGE_BYTES - 1)); }

void secret_wipe(struct secret *secret)
{
	if (!secret->text) return;
	char *page = page_of(secret);
	explicit_bzero(page, SECRET_PAGE_BYTES);
	memory_give(page, SECRET_PAGE_BYTES);
	*secret = (struct secret){ 0, 0 };
}

void secret_overwrite(struct secret *secret)
{
	if (secret->text) explicit_bzero(page_of(secret), SECRET_PAGE_BYTES);
	*secret = (struct secret){ 0, 0 };
}

bool secrets_may_be_locked(void)
{
	void *page = memory_take(SECRETS_N * SECRET_PAGE_BYTES);
	bool  may = page && mlock(page, SECRETS_N * SECRET_PAGE_BYTES) == 0;
	if (page) memory_give(page, SECRETS_N * SECRET_PAGE_BYTES);
	return may;
}

/* --- the command line -------------------------------------------------------------------------------------------------- */

/* Is the text anywhere in the file? Windows overlap by its length. */
static bool file_holds(int fd, const struct secret *secret)
{
	char    window[SECRET_BYTES_MAX + WINDOW_BYTES];
	size_t  used = 0;
	ssize_t got;
	bool    found = false;
	while (!found && (got = read(fd, window + used, WINDOW_BYTES)) > 0) {
		used += (size_t)got;
		found = memmem(window, used, secret->text, secret->length) != 0;
		size_t kept = used < secret->length - 1 ? used : secret->length - 1;
		memmove(window, window + used - kept, kept);
		used = kept;
	}
	explicit_bzero(window, sizeof window);
	return found;
}

static bool on_command_line(const struct secrets *secrets, enum secret_id id)
{
	struct secret secret;
	if (!secrets_read(secrets->fd[rows[id].pair], id, &secret)) return false;
	int  fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	bool found = fd >= 0 && secret.length >= SHOWN_MIN && file_holds(fd, &secret);
	if (fd >= 0) close(fd);
	secret_wipe(&secret);
	return found;
}

enum secret_id secrets_on_command_line(const struct secrets *secrets)
{
	enum secret_id id = 0;
	while (id < SECRETS_N && (rows[id].is_key_id || !secrets_hold(secrets, id) || !on_command_line(secrets, id))) id++;
	return id;
}
