/* tape.h - everything the world said to one process, in order, so that it can be said again.
 *
 * RECORD appends each answer of recv, now_ns and random (hal/hal.h), and whatever else a port keeps (tape_keep); PLAY gives them back in order and
 * sends nothing out. The memory is the caller's. Full while recording: `full` is set and nothing more is kept (a tape is whole or says it is not). A
 * question that differs from the recorded one while playing sets `diverged` and `why`, and the port then answers END or 0: never a guess.
 *
 * One entry: struct tape_entry, then its bytes, padded to eight. With a file (tape_to_file) the memory is a buffer, written as a block when it is full:
 * a head with a checksum, then entries, which go on from block to block. A file is read whole: tape_unpack looks at each block and leaves the entries
 * in one piece. Row P15, the replay of a day by protocol. */
#ifndef HAL_TAPE_H
#define HAL_TAPE_H
#include "hal/hal.h"

/* value, bytes: RECV the event; NOW, RANDOM, WALL the answer; the others by who keeps them: hal/venues/port.h, firmware/runner_tape.h. */
#define TAPE_KINDS(X)                                                                                                                \
	X(NONE, "nothing") X(RECV, "an event") X(NOW, "the time") X(RANDOM, "chance") X(WALL, "the date")                            \
	X(TIMER, "a timer") X(STREAM, "a word of a connection") X(READ, "bytes from the venue") X(WROTE, "bytes to the venue")       \
	X(HEAD, "the head of the tape") X(STATE, "the state of the desk") X(CALL, "a call of the driver") X(TOLD, "an event of the driver") \
	X(SENT, "an order") X(INPUT, "an input of the desk") X(END, "the end")
#define TAPE_KIND_ID(name, what) TAPE_##name,
enum tape_kind { TAPE_KINDS(TAPE_KIND_ID) TAPE_KINDS_N };
extern const char *const tape_kind_text[TAPE_KINDS_N];

enum tape_mode { TAPE_RECORD, TAPE_PLAY };
enum { TAPE_BLOCK_HEAD = 16, TAPE_NO_FILE = -1 };

struct tape_entry { uint8_t kind, recv; uint16_t number; uint32_t bytes; uint64_t value; };

struct tape {
	uint8_t       *bytes;
	size_t         bytes_max, used, at;
	enum tape_mode mode;
	bool           full, diverged;
	int            fd;                             /* of the file, or TAPE_NO_FILE */
	uint32_t       blocks;                         /* written */
	uint64_t       file_bytes, file_bytes_max;
	const char    *why;                            /* of diverged: what the tape has at `at` */
};

void tape_record(struct tape *tape, void *bytes, size_t bytes_max);
/* After tape_record: blocks go to the end of this descriptor, at most so many bytes of it. It stays the caller's. */
void tape_to_file(struct tape *tape, int fd, uint64_t file_bytes_max);
/* What is in the buffer goes to the file. False: it is full, or cannot be written. */
bool tape_flush(struct tape *tape);
/* Plays what has been recorded from its start; a tape without a file. */
void tape_rewind(struct tape *tape);
/* Plays these entries. */
void tape_play(struct tape *tape, void *bytes, size_t used);

/* One entry more; bytes of payload that the entry's own count says. */
void tape_keep(struct tape *tape, struct tape_entry entry, const void *payload);
/* The next entry and where its bytes lie; false at the end of the tape. */
bool tape_next(struct tape *tape, struct tape_entry *entry, const uint8_t **payload);
/* The same of this kind and number, else the tape diverges. */
bool tape_take(struct tape *tape, enum tape_kind kind, uint16_t number, struct tape_entry *entry, const uint8_t **payload);
void tape_diverge(struct tape *tape, const char *why);

/* A file as read, into its entries, in place. How many bytes of them; *bad_at is where a block is not what was written, UINT64_MAX: nowhere. */
size_t tape_unpack(uint8_t *file, size_t bytes, uint64_t *bad_at);

#endif
