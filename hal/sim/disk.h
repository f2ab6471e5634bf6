/* disk.h - the disk port in memory: the journal of a backtest, and a disk that fails on command.
 *
 * The caller gives each file its memory, zeroed. With a second copy of the same size (`durable`) the disk knows what has been
 * synced and can cut the power: every sector of 512 bytes written since the last sync is then kept, lost, or kept by the
 * throw of a seeded coin (torn and reordered writes); or all writes are kept, in order, but the last one ends at any byte (PART).
 * Without it a sync costs nothing.
 *
 * Faults are scripted: the n-th call of a verb (from 1, over all files) fails with a code, writes only its first bytes and
 * fails, or takes the power away: after that every verb answers DISK_FAILED until disk_sim_restart.
 * A write beyond a file's memory is DISK_FULL. Names are compared whole; there are no folders. Row X2. */
#ifndef HAL_SIM_DISK_H
#define HAL_SIM_DISK_H
#include "hal/disk.h"

enum { DISK_SIM_FILES_MAX = 4, DISK_SIM_FAULTS_MAX = 8, DISK_SIM_SECTOR_BYTES = 512 };

enum disk_sim_verb {
	DISK_SIM_CREATE, DISK_SIM_OPEN, DISK_SIM_RENAME, DISK_SIM_REMOVE,
	DISK_SIM_READ_CALL, DISK_SIM_WRITE_CALL, DISK_SIM_SYNC, DISK_SIM_VERBS_N
};
enum disk_sim_cut { DISK_SIM_LOSE, DISK_SIM_KEEP, DISK_SIM_TEAR, DISK_SIM_PART, DISK_SIM_CUTS_N };

/* short_bytes: of a write, how many bytes arrive before it fails. power: the call is the last one before the dark. */
struct disk_sim_fault { uint64_t nth; uint64_t short_bytes; uint8_t verb, code, power, armed; };

struct disk_sim_file {
	uint8_t *memory, *durable;
	uint64_t capacity_bytes, size_bytes, durable_bytes;
	uint64_t dirty_from, dirty_to;        /* written since the last sync: [from, to) */
	uint64_t last_from, last_to;          /* the last write of them */
	uint64_t touched_bytes;               /* everything beyond is still zero */
	char     name[DISK_NAME_MAX + 1];
	bool     used, written_open;
};

struct disk_sim {
	struct disk           disk;
	struct disk_sim_file  file[DISK_SIM_FILES_MAX];
	struct disk_sim_fault fault[DISK_SIM_FAULTS_MAX];
	uint64_t              calls[DISK_SIM_VERBS_N];
	uint32_t              files_n;
	bool                  dark;
};

void disk_sim_init(struct disk_sim *disk);
/* Room for one more file: capacity_bytes of zeroed memory, and the same again or null. */
void disk_sim_room(struct disk_sim *disk, void *memory, void *durable, uint64_t capacity_bytes);
void disk_sim_script(struct disk_sim *disk, struct disk_sim_fault fault);
/* The power is off now. Needs the second copy. */
void disk_sim_power_cut(struct disk_sim *disk, enum disk_sim_cut cut, uint64_t seed);
/* The power is back: no file is open, no fault is scripted, no call counted. */
void disk_sim_restart(struct disk_sim *disk);
/* The bytes of a file, for tests that read or spoil them; null when there is none. */
struct disk_sim_file *disk_sim_find(struct disk_sim *disk, const char *name);

#endif
