/* file.h - HOME/log/NN.log: CFG_log_files preallocated files of fixed records, used in a circle, one writer.
 *
 * Slot 0 is a head (struct log_head), the others are records (ring.h). A file that is begun anew gets the next generation, which every record
 * of it carries and its checksum covers: what is left of an older use, and a record that was torn by a kill, is left out when reading. All files
 * have their room in BOOT or none is there; after that a full disk cannot stop the log. It goes on in the next file when one is full or another
 * day (UTC) begins. What is beyond log_day_kib a day is counted and not written; the last record of such a day says that it was used up. Not synced: it
 * outlives every process, and the power only by luck.
 * Row P8. */
#ifndef FIRMWARE_LOG_FILE_H
#define FIRMWARE_LOG_FILE_H
#include "firmware/log/ring.h"
#include "fsm/settings.h"

#define LOG_FOLDER "log"
#define LOG_MAGIC UINT64_C(0x31676f6c6b636974)        /* "ticklog1" */
enum { LOG_FILE_SLOTS = CFG_log_file_kib * 1024 / LOG_RECORD_BYTES, LOG_DAY_RECORDS = CFG_log_day_kib * 1024 / LOG_RECORD_BYTES };

enum { LOG_PAGE_SLOTS = 4096 / LOG_RECORD_BYTES };
_Static_assert(LOG_FILE_SLOTS % LOG_PAGE_SLOTS == 0, "a file is read in pages");

struct log_head { uint64_t magic; uint32_t generation, crc; int32_t day; uint32_t pad; uint8_t rest[LOG_RECORD_BYTES - 24]; };
_Static_assert(sizeof(struct log_head) == LOG_RECORD_BYTES, "a head has a slot");

struct log_file {
	int      fd[CFG_log_files];
	uint32_t at, slot, generation;        /* where the next record goes */
	int32_t  day;
	uint64_t day_records, capped, failed, written;        /* of this day; beyond its cap; that the disk refused; written */
	bool     is_open, is_failing;        /* is_failing: the disk has refused the latest one */
};

/* Before the processes: the files are made now, not when the ledger's first life waits for them. What fails is said by the ledger. */
void log_file_prepare(const char *folder);
/* BOOT. False: the files cannot be made; records are counted as failed. */
bool log_file_open(struct log_file *file, const char *folder);
/* A record of this time would be written: the day's cap has room, and the disk is not known to refuse. */
bool log_file_takes(const struct log_file *file, int64_t wall_ns);
void log_file_add(struct log_file *file, struct log_record *record);
void log_file_close(struct log_file *file);

/* LOG_PAGE_SLOTS slots from `at` on; returns how many the file has there. */
uint32_t log_page_read(int fd, uint32_t at, uint8_t slot[static LOG_PAGE_SLOTS][LOG_RECORD_BYTES]);
/* Of the bytes of one file: its generation, 0 when it is none. */
uint32_t log_head_of(const uint8_t slot[static LOG_RECORD_BYTES], int32_t *day);
/* A record of that generation, whole and within its bounds. */
bool log_record_is(const uint8_t slot[static LOG_RECORD_BYTES], uint32_t generation);
/* HOME/log/NN.log */
bool log_file_path(char *path, size_t size, const char *folder, uint32_t index);

#endif
