/* blackbox.h - HOME/blackbox: why each process died and what it was doing, for whoever looks after everything is dead, or the machine was off.
 *
 * A file of CFG_blackbox_deaths slots of BLACKBOX_SLOT_BYTES, zero-written whole and synced in BOOT, then written in place: a full disk cannot stop
 * it. A death is a head (struct blackbox_death) and behind it the latest events of each worker of the process, oldest first, TRACE_EVENTS at most.
 * Numbers go on from 1 over restarts; the newest takes the oldest's place. A record is checksummed (CRC-32C over the head, with
 * the sum as 0, and all events), and made durable by blackbox_sync when the watchdog has dealt with what is more urgent. A record that is torn, or not
 * ours, is left out when reading. A file of another shape is set aside (blackbox.old-N) and made anew.
 *
 * One writer: the watchdog; in layout `single`, and for the watchdog's own death, the dying process itself: blackbox_put calls nothing but pwrite.
 * Written are: general registers, no vector registers and no stack, which may hold keys. Rows P3, P8. */
#ifndef FIRMWARE_BLACKBOX_BLACKBOX_H
#define FIRMWARE_BLACKBOX_BLACKBOX_H
#include "firmware/blackbox/trace.h"
#include "fsm/settings.h"
#include "hal/linux/disk.h"
#include "hal/linux/files.h"

#define BLACKBOX_NAME "blackbox"
#define BLACKBOX_MAGIC UINT64_C(0x31786f626b636974) /* "tickbox1" */

enum {
	BLACKBOX_WORKERS_MAX = 6,
	BLACKBOX_SLOTS_MAX = 256,
	BLACKBOX_HEAD_BYTES = 4096,
	BLACKBOX_TEXT_BYTES = 176,
	BLACKBOX_NAME_BYTES = 32,
	BLACKBOX_SLOT_BYTES = (BLACKBOX_HEAD_BYTES + BLACKBOX_WORKERS_MAX * TRACE_EVENTS * EVENT_BYTES + 4095) / 4096 * 4096,
};

/* A signal or an exit that nobody asked for, or the watchdog's SIGTERM or SIGKILL to a process that no longer moved. */
enum blackbox_how { BLACKBOX_ENDED,
	BLACKBOX_HUNG,
	BLACKBOX_HOWS_N };

/* worker: enum worker_id. steps, t_ns: as struct worker_progress; count, life_from: as struct worker_trace; events: of them in this record. */
struct blackbox_worker {
	uint64_t count, life_from, steps, ticks;
	int64_t t_ns;
	uint32_t worker, events;
};

struct blackbox_death {
	uint64_t magic, number;
	uint32_t crc, bytes;                 /* of head and events */
	int64_t wall_ns, life_ns;            /* since 1970; how long it lived */
	int32_t pid, status;                 /* as waitpid gave it; of a process that writes for itself: its signal */
	uint32_t bug, how, state, deaths;    /* bug id or 0; enum blackbox_how; enum process_state; of this process since the start */
	uint64_t journal_input, dying_input; /* the last INPUT in the journal's file; the one that the desk was stepping, or had stepped last */
	char process[BLACKBOX_NAME_BYTES], build[BLACKBOX_NAME_BYTES], said[BLACKBOX_TEXT_BYTES];
	struct fatal_note fatal;
	uint32_t workers, pad;
	struct blackbox_worker worker[BLACKBOX_WORKERS_MAX];
};
_Static_assert(sizeof(struct blackbox_death) <= BLACKBOX_HEAD_BYTES, "the head has a page");

struct blackbox {
	uint64_t last_number;
	int fd;
	bool is_dirty;
	union {
		struct blackbox_death death;
		uint8_t bytes[BLACKBOX_HEAD_BYTES];
	} head;
};

/* BOOT. Any verdict but FILES_OK leaves a box that takes deaths and keeps none: nothing stops for want of one. is_renewed: what was there was none
 * of this build's shape, and lies aside. */
enum files_verdict blackbox_open(struct blackbox *box, const char *folder, bool *is_renewed);
/* The head to be filled in, zeroed but for magic, number, time and build. */
struct blackbox_death *blackbox_begin(struct blackbox *box);
/* Writes it with the events of these traces, one each of the head's workers (whose count, life_from and events it fills in). False: it is not kept. */
bool blackbox_put(struct blackbox *box, const struct worker_trace *const *trace);
/* Safe from a power cut, when something was put. */
void blackbox_sync(struct blackbox *box);
void blackbox_close(struct blackbox *box);

/* Looks at one slot; 0 when it holds no whole record. The events of its workers follow one another behind the head. */
const struct blackbox_death *blackbox_parse(const uint8_t *slot, size_t bytes);
const struct event *blackbox_events(const struct blackbox_death *death, uint32_t worker);

/* A file for reading. Slots are read one at a time into the caller's BLACKBOX_SLOT_BYTES, aligned as an event. */
struct blackbox_file {
	int fd;
	uint32_t slots;
};
enum files_verdict blackbox_read_open(struct blackbox_file *file, const char *folder);
const struct blackbox_death *blackbox_read(const struct blackbox_file *file, uint32_t slot, uint8_t *room);
void blackbox_read_close(struct blackbox_file *file);

#endif
