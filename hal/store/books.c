/* books.c - the one file that knows SQLite: opening, binding, stepping, and what its numbers mean in our words. */
#include "hal/store/books.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fsm/bug.h"
#include "hal/linux/files.h"

enum { HEAP_UNIT_BYTES = 64, CACHE_SHARE = 4, FILE_MODE = 0600, PRAGMA_MAX = 96 };
/* Where a database file says which log it needs (fileformat.html, 1.3): 2 the write-ahead log, 1 the older one, made when needed. */
enum { FILE_VERSIONS_AT = 18, FILE_VERSION_PLAIN = 1 };
#define WORKING_SUFFIX ".new"

struct statement_row { const char *sql; int values; };
#define STATEMENT_ROW(name, count, text) [BOOKS_##name] = { .sql = text, .values = count },
static const struct statement_row statements[BOOKS_STATEMENTS_N] = { BOOKS_STATEMENTS(STATEMENT_ROW) };

#define VERDICT_TEXT(name, text) [BOOKS_##name] = text,
static const char *const verdict_text[BOOKS_VERDICTS_N] = { BOOKS_VERDICTS(VERDICT_TEXT) };

/* SQLite's heap is one for the process, so its holder is too. */
static bool heap_taken;

/* SQLite keeps no errno for a failed COMMIT, so ours is cleared before each step and read here. */
static enum books_verdict verdict_of_io(int code)
{
	switch (files_verdict_of(errno)) {
	case FILES_FULL: return BOOKS_FULL;
	case FILES_READ_ONLY: return BOOKS_READ_ONLY;
	case FILES_DENIED: return BOOKS_DENIED;
	case FILES_OK:
	case FILES_MISSING:
	case FILES_TOO_LONG:
	case FILES_CROWDED:
	case FILES_FOLDER:
	case FILES_BROKEN:
	case FILES_VERDICTS_N: break;
	}
	return code == SQLITE_IOERR_NOMEM ? BOOKS_MEMORY : BOOKS_BROKEN;
}

/* What SQLite answered, in our words; its fuller number is kept for the sentence. */
static enum books_verdict verdict_kept(sqlite3 *db, int code, int *kept)
{
	if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return BOOKS_OK;
	*kept = db ? sqlite3_extended_errcode(db) : code;
	if ((*kept & 0xff) != (code & 0xff)) *kept = code;
	switch (code & 0xff) {
	case SQLITE_FULL: return BOOKS_FULL;
	case SQLITE_READONLY: return BOOKS_READ_ONLY;
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH: return BOOKS_DENIED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB: return BOOKS_CORRUPT;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_PROTOCOL: return BOOKS_BUSY;
	case SQLITE_NOMEM: return BOOKS_MEMORY;
	default: return verdict_of_io(*kept);
	}
}

static enum books_verdict verdict_of(struct books *books, int code) { return verdict_kept(books->db, code, &books->code); }

static const char *sentence(const char *path, enum books_verdict verdict, int code, char *text, size_t size)
{
	BUG_UNLESS(3304, (unsigned)verdict < BOOKS_VERDICTS_N);
	if (verdict == BOOKS_OK || code == 0) (void)snprintf(text, size, "%s %s", path, verdict_text[verdict]);
	else (void)snprintf(text, size, "%s %s (SQLite %d)", path, verdict_text[verdict], code);
	return text;
}

const char *books_sentence(const struct books *books, enum books_verdict verdict, char *text, size_t size)
{
	return sentence(books->path, verdict, books->code, text, size);
}

static enum books_verdict execute(struct books *books, const char *sql)
{
	return verdict_of(books, sqlite3_exec(books->db, sql, 0, 0, 0));
}

/* The number a pragma answers with; -1 when it gives none. */
static enum books_verdict pragma_number(struct books *books, const char *sql, int64_t *number)
{
	sqlite3_stmt *statement = 0;
	int           code = sqlite3_prepare_v2(books->db, sql, -1, &statement, 0);
	*number = -1;
	if (code == SQLITE_OK) code = sqlite3_step(statement);
	if (code == SQLITE_ROW) *number = sqlite3_column_int64(statement, 0);
	enum books_verdict verdict = verdict_of(books, code);
	(void)sqlite3_finalize(statement);
	return verdict;
}

/* --- few system calls, so that few need a row in firmware/rights.h -------------------------------------------------- */

static int open_here(const char *path, int flags, int mode) { return openat(AT_FDCWD, path, flags, mode); }

/* A path stays as it was given: this process never changes its folder, and none of our files may be a link. */
static int name_as_given(sqlite3_vfs *vfs, const char *path, int size, char *out)
{
	(void)vfs;
	int length = snprintf(out, (size_t)size, "%s", path);
	return length > 0 && length < size ? SQLITE_OK : SQLITE_CANTOPEN;
}

static int frugal_take(void)
{
	static sqlite3_vfs ours;
	sqlite3_vfs       *theirs = sqlite3_vfs_find("unix");
	if (!theirs) return SQLITE_ERROR;
	(void)sqlite3_vfs_unregister(&ours);
	ours = *theirs;
	ours.pNext = 0;
	ours.zName = "frugal";
	ours.xFullPathname = name_as_given;
	int code = theirs->xSetSystemCall(theirs, "open", (sqlite3_syscall_ptr)open_here);
	if (code == SQLITE_OK) code = theirs->xSetSystemCall(theirs, "stat", (sqlite3_syscall_ptr)lstat);
	return code == SQLITE_OK ? sqlite3_vfs_register(&ours, 1) : code;
}

static enum books_verdict heap_take(struct books *books, const struct books_config *config)
{
	BUG_UNLESS(3300, !heap_taken && config->heap_bytes >= BOOKS_HEAP_MIN && config->heap_bytes <= INT32_MAX);
	heap_taken = true;
	int code = sqlite3_config(SQLITE_CONFIG_HEAP, config->heap, (int)config->heap_bytes, HEAP_UNIT_BYTES);
	if (code == SQLITE_OK) code = sqlite3_initialize();
	if (code == SQLITE_OK) code = frugal_take();
	return verdict_of(books, code);
}

/* Made by us first, so that it is private from its first byte and errno says why it cannot be. */
static enum books_verdict file_touch(const char *path, int flags, off_t *length)
{
	int fd = openat(AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, FILE_MODE);
	if (fd < 0) return files_verdict_of(errno) == FILES_FULL ? BOOKS_FULL : errno == EROFS ? BOOKS_READ_ONLY : BOOKS_DENIED;
	*length = lseek(fd, 0, SEEK_END);
	(void)close(fd);
	return BOOKS_OK;
}

static enum books_verdict file_make(struct books *books, const struct books_config *config)
{
	off_t              length = 0;
	enum books_verdict verdict = file_touch(config->path, 0, &length);
	if (verdict != BOOKS_OK) return verdict;
	books->created = length == 0;
	int code = sqlite3_open_v2(config->path, &books->db, SQLITE_OPEN_READWRITE, 0);
	return verdict_of(books, code);
}

/* Exclusive before the first touch of the log: that is what keeps its index in our heap and not in a mapped file. How durable before the log is made:
 * that waits for the disk, too. */
static enum books_verdict pragmas_set(struct books *books, const struct books_config *config)
{
	char    cache[PRAGMA_MAX];
	int64_t ignored;
	(void)snprintf(cache, sizeof cache, "PRAGMA cache_size = -%zu", config->heap_bytes / 1024 / CACHE_SHARE);
	enum books_verdict verdict = pragma_number(books, "PRAGMA locking_mode = EXCLUSIVE", &ignored);
	if (verdict == BOOKS_OK) verdict = pragma_number(books, "PRAGMA mmap_size = 0", &ignored);
	if (verdict == BOOKS_OK) verdict = execute(books, config->durable ? "PRAGMA synchronous = NORMAL" : "PRAGMA synchronous = OFF");
	if (verdict == BOOKS_OK) verdict = pragma_number(books, "PRAGMA journal_mode = WAL", &ignored);
	if (verdict == BOOKS_OK) verdict = execute(books, cache);
	return verdict;
}

static enum books_verdict schema_make(struct books *books, const struct books_config *config)
{
	char owner[256];
	(void)snprintf(owner, sizeof owner, "INSERT INTO cursor VALUES(1, %lld, 0, 0, 0, 0, 0, %lld);"
	               "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
	    (long long)config->journal_id, (long long)config->initial_usd_e8, BOOKS_APPLICATION_ID, BOOKS_SCHEMA_VERSION);
	enum books_verdict verdict = execute(books, "BEGIN IMMEDIATE;" BOOKS_TABLES);
	if (verdict == BOOKS_OK) verdict = execute(books, BOOKS_REASONS);
	if (verdict == BOOKS_OK) verdict = execute(books, BOOKS_VIEWS);
	return verdict == BOOKS_OK ? execute(books, owner) : verdict;
}

/* A file that was made but never written (a crash at the first start) counts as new. */
static enum books_verdict schema_check(struct books *books, const struct books_config *config)
{
	int64_t            application = 0, version = 0, tables = 0;
	enum books_verdict verdict = pragma_number(books, "PRAGMA application_id", &application);
	if (verdict == BOOKS_OK) verdict = pragma_number(books, "PRAGMA user_version", &version);
	if (verdict == BOOKS_OK) verdict = pragma_number(books, "SELECT count(*) FROM sqlite_schema", &tables);
	if (verdict != BOOKS_OK) return verdict;
	books->created = tables == 0 && application == 0;
	if (books->created) return schema_make(books, config);
	return application == BOOKS_APPLICATION_ID && version == BOOKS_SCHEMA_VERSION ? BOOKS_OK : BOOKS_FOREIGN;
}

static enum books_verdict statements_prepare(struct books *books)
{
	for (int i = 0; i < BOOKS_STATEMENTS_N; i++) {
		int code = sqlite3_prepare_v3(books->db, statements[i].sql, -1, SQLITE_PREPARE_PERSISTENT, &books->statement[i], 0);
		BUG_UNLESS(3301, code != SQLITE_ERROR || !books->created);
		if (code == SQLITE_ERROR) return BOOKS_CORRUPT;
		if (code != SQLITE_OK) return verdict_of(books, code);
		BUG_UNLESS(3302, sqlite3_bind_parameter_count(books->statement[i]) == statements[i].values);
	}
	return BOOKS_OK;
}

/* The first write in BOOT: every file is open and every refusal is known before the appliance is sealed. */
static enum books_verdict writing_try(struct books *books, const struct books_config *config)
{
	struct books_cursor cursor;
	enum books_verdict  verdict = books_cursor_read(books, &cursor);
	if (verdict == BOOKS_OK && cursor.journal_id != config->journal_id) return BOOKS_FOREIGN;
	return verdict == BOOKS_OK ? books_commit(books, &cursor) : verdict;
}

enum books_verdict books_open(struct books *books, const struct books_config *config)
{
	*books = (struct books){ 0 };
	int length = snprintf(books->path, sizeof books->path, "%s", config->path);
	enum books_verdict verdict = length < BOOKS_PATH_MAX ? heap_take(books, config) : BOOKS_DENIED;
	if (verdict == BOOKS_OK) verdict = file_make(books, config);
	if (verdict == BOOKS_OK) verdict = pragmas_set(books, config);
	if (verdict == BOOKS_OK) verdict = schema_check(books, config);
	if (verdict == BOOKS_OK) verdict = statements_prepare(books);
	if (verdict == BOOKS_OK) verdict = writing_try(books, config);
	if (verdict != BOOKS_OK) books_close(books);
	return verdict;
}

/* A name as SQLite's URIs want it: what means something else there is escaped. False: no room. */
static bool uri_of(const char *path, char *uri, size_t size)
{
	size_t used = (size_t)snprintf(uri, size, "file:");
	for (; *path && used + 4 < size; path++) used += (size_t)snprintf(uri + used, size - used, strchr("?#%", *path) ? "%%%02X" : "%c", (unsigned char)*path);
	return *path == '\0' && (size_t)snprintf(uri + used, size - used, "?immutable=1") < size - used;
}

enum books_verdict books_examine(struct books *books, const struct books_config *config)
{
	char          uri[BOOKS_PATH_MAX * 3];
	sqlite3_stmt *statement = 0;
	*books = (struct books){ 0 };
	(void)snprintf(books->path, sizeof books->path, "%s", config->path);
	enum books_verdict verdict = uri_of(config->path, uri, sizeof uri) ? heap_take(books, config) : BOOKS_DENIED;
	if (verdict == BOOKS_OK) verdict = verdict_of(books, sqlite3_open_v2(uri, &books->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, 0));
	if (verdict == BOOKS_OK) verdict = verdict_of(books, sqlite3_prepare_v2(books->db, "PRAGMA quick_check(1)", -1, &statement, 0));
	if (verdict == BOOKS_OK) verdict = verdict_of(books, sqlite3_step(statement));
	const unsigned char *said = verdict == BOOKS_OK ? sqlite3_column_text(statement, 0) : 0;
	if (verdict == BOOKS_OK && (!said || strcmp((const char *)said, "ok") != 0)) verdict = BOOKS_CORRUPT;
	(void)sqlite3_finalize(statement);
	books_close(books);
	return verdict;
}

void books_close(struct books *books)
{
	for (int i = 0; i < BOOKS_STATEMENTS_N; i++) {
		(void)sqlite3_finalize(books->statement[i]);
		books->statement[i] = 0;
	}
	if (books->db) (void)sqlite3_close(books->db);
	books->db = 0;
	books->in_batch = false;
	if (heap_taken) (void)sqlite3_shutdown();
	heap_taken = false;
}

static int bind(sqlite3_stmt *statement, int at, const struct books_value *value)
{
	switch (value->type) {
	case BOOKS_TYPE_NULL: return sqlite3_bind_null(statement, at);
	case BOOKS_TYPE_NUMBER: return sqlite3_bind_int64(statement, at, value->number);
	case BOOKS_TYPE_TEXT: return sqlite3_bind_text(statement, at, value->text, -1, SQLITE_STATIC);
	}
	bug_trap(3305);
}

enum books_verdict books_ask(struct books *books, enum books_statement which, const struct books_value *values, size_t count)
{
	sqlite3_stmt *statement = books->statement[which];
	BUG_UNLESS(3303, statement && count == (size_t)statements[which].values);
	(void)sqlite3_reset(statement);
	for (size_t i = 0; i < count; i++) {
		int code = bind(statement, (int)i + 1, &values[i]);
		if (code != SQLITE_OK) return verdict_of(books, code);
	}
	return BOOKS_OK;
}

/* The texts of the values are the caller's and may be gone afterwards, so a finished statement forgets them. */
static void forget(sqlite3_stmt *statement)
{
	(void)sqlite3_reset(statement);
	(void)sqlite3_clear_bindings(statement);
}

enum books_verdict books_next(struct books *books, enum books_statement which, bool *more)
{
	errno = 0;
	int                code = sqlite3_step(books->statement[which]);
	enum books_verdict verdict = verdict_of(books, code);
	*more = code == SQLITE_ROW;
	if (!*more) forget(books->statement[which]);
	return verdict;
}

void books_enough(struct books *books, enum books_statement which) { forget(books->statement[which]); }

static enum books_verdict run(struct books *books, enum books_statement which, const struct books_value *values, size_t count)
{
	bool               more = false;
	enum books_verdict verdict = books_ask(books, which, values, count);
	if (verdict == BOOKS_OK) verdict = books_next(books, which, &more);
	BUG_UNLESS(3306, !more);
	return verdict;
}

enum books_verdict books_run(struct books *books, enum books_statement which, const struct books_value *values, size_t count)
{
	enum books_verdict verdict = books->in_batch ? BOOKS_OK : run(books, BOOKS_BEGIN, 0, 0);
	if (verdict != BOOKS_OK) return verdict;
	books->in_batch = true;
	return run(books, which, values, count);
}

int64_t books_column(struct books *books, enum books_statement which, int column)
{
	return sqlite3_column_int64(books->statement[which], column);
}

void books_column_text(struct books *books, enum books_statement which, int column, char *text, size_t size)
{
	const unsigned char *found = sqlite3_column_text(books->statement[which], column);
	(void)snprintf(text, size, "%s", found ? (const char *)found : "");
}

enum books_verdict books_cursor_read(struct books *books, struct books_cursor *cursor)
{
	bool               more = false;
	enum books_verdict verdict = books_ask(books, BOOKS_CURSOR, 0, 0);
	*cursor = (struct books_cursor){ 0 };
	if (verdict == BOOKS_OK) verdict = books_next(books, BOOKS_CURSOR, &more);
	if (verdict != BOOKS_OK) return verdict;
	if (!more) return BOOKS_CORRUPT;
	uint64_t *const fields[] = { &cursor->journal_id, &cursor->seq, &cursor->idx, &cursor->orders_bytes, &cursor->signals_bytes,
		&cursor->fills_bytes };
	for (int i = 0; i < (int)(sizeof fields / sizeof fields[0]); i++) *fields[i] = (uint64_t)books_column(books, BOOKS_CURSOR, i);
	cursor->initial_usd_e8 = books_column(books, BOOKS_CURSOR, 6);
	books_enough(books, BOOKS_CURSOR);
	return BOOKS_OK;
}

enum books_verdict books_commit(struct books *books, const struct books_cursor *cursor)
{
	const struct books_value values[] = { books_id(cursor->seq), books_id(cursor->idx), books_id(cursor->orders_bytes),
		books_id(cursor->signals_bytes), books_id(cursor->fills_bytes) };
	enum books_verdict verdict = books_run(books, BOOKS_CURSOR_MOVE, values, sizeof values / sizeof values[0]);
	if (verdict == BOOKS_OK) verdict = run(books, BOOKS_COMMIT, 0, 0);
	if (verdict == BOOKS_OK) books->in_batch = false;
	return verdict;
}

void books_rollback(struct books *books)
{
	for (int i = 0; i < BOOKS_STATEMENTS_N; i++) forget(books->statement[i]);
	if (!sqlite3_get_autocommit(books->db)) (void)run(books, BOOKS_ROLLBACK, 0, 0);
	books->in_batch = false;
}

/* --- the copy for people ----------------------------------------------------------------------------------------------------- */

const char *books_copy_sentence(const struct books_copy *copy, enum books_verdict verdict, char *text, size_t size)
{
	return sentence(copy->path, verdict, copy->code, text, size);
}

/* Nobody reads the copy before it has its name, so it needs no log, no sync on the way and next to no cache. */
static enum books_verdict copy_open(struct books_copy *copy, const struct books *books)
{
	static const char pragmas[] = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA mmap_size = 0; PRAGMA journal_mode = OFF;"
	                              "PRAGMA synchronous = OFF; PRAGMA cache_size = 16";
	errno = 0;
	int code = sqlite3_open_v2(copy->working, &copy->db, SQLITE_OPEN_READWRITE, 0);
	if (code == SQLITE_OK) code = sqlite3_exec(copy->db, pragmas, 0, 0, 0);
	if (code != SQLITE_OK) return verdict_kept(copy->db, code, &copy->code);
	copy->backup = sqlite3_backup_init(copy->db, "main", books->db, "main");
	return copy->backup ? BOOKS_OK : verdict_kept(copy->db, sqlite3_errcode(copy->db), &copy->code);
}

enum books_verdict books_copy_begin(struct books_copy *copy, const struct books *books, const char *path, bool durable)
{
	off_t length = 0;
	*copy = (struct books_copy){ .durable = durable };
	int                path_bytes = snprintf(copy->path, sizeof copy->path, "%s", path);
	int                working_bytes = snprintf(copy->working, sizeof copy->working, "%s" WORKING_SUFFIX, path);
	enum books_verdict verdict = path_bytes < BOOKS_PATH_MAX && working_bytes < BOOKS_PATH_MAX ? BOOKS_OK : BOOKS_DENIED;
	if (verdict == BOOKS_OK) verdict = file_touch(copy->working, O_TRUNC, &length);
	if (verdict == BOOKS_OK) verdict = copy_open(copy, books);
	if (verdict != BOOKS_OK) books_copy_abandon(copy);
	return verdict;
}

void books_copy_abandon(struct books_copy *copy)
{
	if (copy->backup) (void)sqlite3_backup_finish(copy->backup);
	if (copy->db) (void)sqlite3_close(copy->db);
	copy->backup = 0;
	copy->db = 0;
}

/* A page is copied as it is, with the word that it needs a write-ahead log: the copy does not, and its readers may have no right to
 * make one. */
static bool copy_name(const struct books_copy *copy)
{
	static const uint8_t plain[] = { FILE_VERSION_PLAIN, FILE_VERSION_PLAIN };
	int                  fd = openat(AT_FDCWD, copy->working, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	bool                 ok = fd >= 0 && lseek(fd, FILE_VERSIONS_AT, SEEK_SET) == FILE_VERSIONS_AT && write(fd, plain, sizeof plain) == (ssize_t)sizeof plain;
	ok = ok && (!copy->durable || fsync(fd) == 0);
	ok = fd >= 0 && close(fd) == 0 && ok;
	return ok && rename(copy->working, copy->path) == 0;
}

static enum books_verdict copy_finish(struct books_copy *copy)
{
	int code = sqlite3_backup_finish(copy->backup);
	copy->backup = 0;
	if (code == SQLITE_OK) code = sqlite3_close(copy->db);
	if (code == SQLITE_OK) copy->db = 0;
	if (code == SQLITE_OK && copy_name(copy)) return BOOKS_OK;
	enum books_verdict verdict = verdict_kept(copy->db, code == SQLITE_OK ? SQLITE_IOERR : code, &copy->code);
	books_copy_abandon(copy);
	return verdict;
}

enum books_verdict books_copy_step(struct books_copy *copy, const struct books *books, int pages, bool *done)
{
	*done = false;
	BUG_UNLESS(4140, copy->backup && !books->in_batch);
	errno = 0;
	int code = sqlite3_backup_step(copy->backup, pages);
	if (code == SQLITE_OK) return BOOKS_OK;
	if (code == SQLITE_DONE) {
		enum books_verdict named = copy_finish(copy);
		*done = named == BOOKS_OK;
		return named;
	}
	enum books_verdict verdict = verdict_kept(copy->db, code, &copy->code);
	books_copy_abandon(copy);
	return verdict;
}

size_t books_heap_high_water(void)
{
	sqlite3_int64 now = 0, high = 0;
	(void)sqlite3_status64(SQLITE_STATUS_MEMORY_USED, &now, &high, 0);
	return (size_t)high;
}
