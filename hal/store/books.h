/* books.h - SQLite as the books for people: tables to ask questions of, never what the desk lives by.
 *
 * The books are a projection of the desk's RESULTs by a cursor that is kept in the same transaction, so they are always the
 * books of a whole prefix of the journal and can be made again from it. Tables and statements: hal/store/books_schema.h.
 *
 * Memory     All of SQLite lives in the heap the caller gives (BOOKS_HEAP_MIN at least); when it is used up, the verdict is
 *            BOOKS_MEMORY. One books a process (a second is bug 3300). Every statement is prepared by books_open, the write-ahead
 *            log is opened there too, and locking is exclusive, so that nothing is mapped: no -shm file, no mmap of the data.
 * Writing    The first books_run after a commit begins a transaction; books_commit ends it. After any verdict but BOOKS_OK call
 *            books_rollback, which never fails: the books are then as after the last commit, and the caller reads the cursor again.
 * Power cut  durable: a commit may be lost back to a checkpoint, never torn (WAL, synchronous NORMAL). Not durable: OFF, for
 *            virtual time, where the journal can be run again.
 * Copy       People read a copy while we run: books_copy_begin, then books_copy_step between two batches until it is done. It holds what
 *            was committed at its last step, gets its name whole (rename), and needs neither log nor lock to be read.
 * Errors     A full disk, a read-only folder, a damaged or foreign file, a second process come back as verdicts; books_sentence
 *            makes one sentence. A wrong number of values or a misnamed column is a bug of ours (3301, 3302, 3303).
 *
 * books.c is the only file that includes sqlite3.h. Row O1. */
#ifndef HAL_STORE_BOOKS_H
#define HAL_STORE_BOOKS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/store/books_schema.h"

enum { BOOKS_PATH_MAX = 512, BOOKS_SENTENCE_MAX = 1024, BOOKS_HEAP_MIN = 1024 * 1024, BOOKS_TEXT_MAX = 64 };

/*        verdict    what to say of the file it happened to */
#define BOOKS_VERDICTS(X)                                                                                                 \
	X(OK,        "is open")                                                                                            \
	X(FULL,      "cannot grow: the disk, the quota or the allowed file size is full; free some space")                 \
	X(READ_ONLY, "is on a read-only file system or may not be written: mount it writable or change its owner")         \
	X(DENIED,    "cannot be opened by this user: check the folder, its owner and its mode")                            \
	X(CORRUPT,   "is damaged or is not a database: move it aside and start again, the journal makes it anew")          \
	X(FOREIGN,   "belongs to another program, another version or another journal: move it aside and start again")      \
	X(BUSY,      "is in use by another process: stop that one, or choose another folder")                              \
	X(MEMORY,    "needs more than the memory reserved for it: raise ledger_heap_kib in config.h")                      \
	X(BROKEN,    "cannot be read or written: the disk or the file system reports an error; see the kernel log")

#define BOOKS_VERDICT_ID(name, text) BOOKS_##name,
enum books_verdict { BOOKS_VERDICTS(BOOKS_VERDICT_ID) BOOKS_VERDICTS_N };

#define BOOKS_STATEMENT_ID(name, values, sql) BOOKS_##name,
enum books_statement { BOOKS_STATEMENTS(BOOKS_STATEMENT_ID) BOOKS_STATEMENTS_N };

struct books_config {
	const char *path;
	void       *heap;                /* aligned to 8; the caller's, until books_close */
	size_t      heap_bytes;
	uint64_t    journal_id;          /* below 2^63; the journal whose RESULTs these books project */
	int64_t     initial_usd_e8;
	bool        durable;
};

/* How far the projection has come, and how long the CSV files were then. */
struct books_cursor {
	uint64_t journal_id, seq, idx, orders_bytes, signals_bytes, fills_bytes;
	int64_t  initial_usd_e8;
};

struct sqlite3;
struct sqlite3_stmt;
struct books {
	struct sqlite3      *db;
	struct sqlite3_stmt *statement[BOOKS_STATEMENTS_N];
	bool                 created, in_batch;
	int                  code;               /* SQLite's own number for the last thing that went wrong */
	char                 path[BOOKS_PATH_MAX];
};

/* One value of a row. Texts are copied by no one: they live until the call returns. */
enum books_type { BOOKS_TYPE_NULL, BOOKS_TYPE_NUMBER, BOOKS_TYPE_TEXT };
struct books_value { enum books_type type; int64_t number; const char *text; };
static inline struct books_value books_number(int64_t number) { return (struct books_value){ BOOKS_TYPE_NUMBER, number, 0 }; }
static inline struct books_value books_id(uint64_t number) { return (struct books_value){ BOOKS_TYPE_NUMBER, (int64_t)number, 0 }; }
static inline struct books_value books_text(const char *text) { return (struct books_value){ text ? BOOKS_TYPE_TEXT : BOOKS_TYPE_NULL, 0, text }; }

/* Opens or makes the books; `created` tells which. On any other verdict nothing stays open. */
enum books_verdict books_open(struct books *books, const struct books_config *config);
void               books_close(struct books *books);
/* Is a file whole (PRAGMA quick_check)? It is read without a lock and nothing is written, so nobody may write it meanwhile and no log may wait beside it.
 * Of config path and heap count. OK, CORRUPT, DENIED, MEMORY, BROKEN; nothing stays open, and books_sentence may be asked. */
enum books_verdict books_examine(struct books *books, const struct books_config *config);
/* "PATH is damaged ... (SQLite 11)" into text, terminated; returns text. */
const char *books_sentence(const struct books *books, enum books_verdict verdict, char *text, size_t size);

/* Runs a statement that gives no rows. */
enum books_verdict books_run(struct books *books, enum books_statement which, const struct books_value *values, size_t count);
/* Asks; then books_next until *more is false, reading columns between. One question of a kind at a time. */
enum books_verdict books_ask(struct books *books, enum books_statement which, const struct books_value *values, size_t count);
enum books_verdict books_next(struct books *books, enum books_statement which, bool *more);
int64_t            books_column(struct books *books, enum books_statement which, int column);
/* The text of a column, cut to size - 1 bytes and terminated; "" for NULL. */
void books_column_text(struct books *books, enum books_statement which, int column, char *text, size_t size);
/* Ends a question before its last row. */
void books_enough(struct books *books, enum books_statement which);

enum books_verdict books_cursor_read(struct books *books, struct books_cursor *cursor);
enum books_verdict books_commit(struct books *books, const struct books_cursor *cursor);
void               books_rollback(struct books *books);

/* One copy at a time, to a path of its own; what is begun lies at path + ".new". Its memory is of the same heap. */
struct sqlite3_backup;
struct books_copy {
	struct sqlite3        *db;
	struct sqlite3_backup *backup;            /* 0: none is being made */
	bool                   durable;
	int                    code;
	char                   path[BOOKS_PATH_MAX], working[BOOKS_PATH_MAX];
};
/* After any verdict but OK there is no copy being made, and the one of before is as it was. */
enum books_verdict books_copy_begin(struct books_copy *copy, const struct books *books, const char *path, bool durable);
/* At most so many pages (4 KiB each), outside a batch; *done: the copy has its name. */
enum books_verdict books_copy_step(struct books_copy *copy, const struct books *books, int pages, bool *done);
/* Gives up what was begun, if anything; before books_close. */
void books_copy_abandon(struct books_copy *copy);
const char *books_copy_sentence(const struct books_copy *copy, enum books_verdict verdict, char *text, size_t size);

/* Most of the heap that was ever used, in bytes. */
size_t books_heap_high_water(void);

#endif
