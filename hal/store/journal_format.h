/* journal_format.h - the journal's bytes as C structs. JOURNAL.md says the same in words; a test holds a listing of both.
 *
 * Little-endian, every struct without padding, every byte written. Shared by writer and reader, by nobody else. */
#ifndef HAL_STORE_JOURNAL_FORMAT_H
#define HAL_STORE_JOURNAL_FORMAT_H
#include <string.h>

#include "fsm/settings.h"
#include "fsm/worker.h"
#include "hal/store/crc32c.h"

enum { JOURNAL_FORMAT = 1 };

enum {
	JOURNAL_PAGE_BYTES = 4096,
	JOURNAL_SETTINGS_MAX = 200,
	JOURNAL_SYMBOLS_MAX = 256,
	JOURNAL_SYMBOL_BYTES = 12,
	JOURNAL_BUILD_BYTES = 32,
	JOURNAL_KINDS_MAX = 64,
	JOURNAL_CIRCLE_SEGMENTS_MAX = 64,
	JOURNAL_GROW_SEGMENTS_MAX = 4096,
	JOURNAL_SEGMENT_BYTES_MIN = 1 << 18,        /* two worst steps and a small snapshot */
	JOURNAL_SEGMENT_BYTES_MAX = 1 << 28,
};
_Static_assert((int)SETTINGS_N <= (int)JOURNAL_SETTINGS_MAX, "raise JOURNAL_SETTINGS_MAX, and JOURNAL_FORMAT with it");
_Static_assert((int)CFG_symbols_max <= (int)JOURNAL_SYMBOLS_MAX, "raise JOURNAL_SYMBOLS_MAX, and JOURNAL_FORMAT with it");
_Static_assert((int)EVENT_KINDS_N <= (int)JOURNAL_KINDS_MAX, "raise JOURNAL_KINDS_MAX, and JOURNAL_FORMAT with it");

enum journal_shape { JOURNAL_CIRCLE, JOURNAL_GROW, JOURNAL_SHAPES_N };

#define JOURNAL_MAGIC "tickjrnl"
#define JOURNAL_SEGMENT_MAGIC "ticksegm"

/* What a segment was written by and for: it stands alone. Unused rows are zero. */
struct journal_setup {
	char     build[JOURNAL_BUILD_BYTES];
	uint32_t settings_n, symbols_n;
	uint8_t  kind_bytes[JOURNAL_KINDS_MAX];        /* payload bytes of each event kind of that build; 0: no such kind */
	int32_t  setting[JOURNAL_SETTINGS_MAX];
	char     symbol[JOURNAL_SYMBOLS_MAX][JOURNAL_SYMBOL_BYTES];
	uint32_t mode;        /* whose money it is, in the writer's words (firmware/trade_mode.h) */
};

struct journal_head {
	char     magic[8];
	uint32_t format, shape;
	uint64_t journal_id, segment_bytes;
	uint32_t segments_max, zero;
	uint8_t  spare[JOURNAL_PAGE_BYTES - 44];
	uint32_t checksum;
};
_Static_assert(sizeof(struct journal_head) == JOURNAL_PAGE_BYTES, "the head is a page");

struct journal_segment_head {
	char                 magic[8];
	uint64_t             journal_id, number, first_seq;
	struct journal_setup setup;
	uint8_t              spare[JOURNAL_PAGE_BYTES - 36 - sizeof(struct journal_setup)];
	uint32_t             checksum;
};
_Static_assert(sizeof(struct journal_segment_head) == JOURNAL_PAGE_BYTES, "the head of a segment is a page");

enum journal_type { JOURNAL_END, JOURNAL_INPUT, JOURNAL_RESULT, JOURNAL_SNAPSHOT, JOURNAL_CHECKPOINT, JOURNAL_CLOSE, JOURNAL_TYPES_N };

struct journal_record_head {
	uint32_t length;         /* of the payload: a multiple of eight */
	uint16_t type;
	uint16_t unsynced;       /* this record and those before it not yet known durable when it was made; 0xffff: that many or more */
	uint64_t seq;
	uint32_t payload_checksum;
	uint32_t head_checksum;  /* of the 20 bytes before it */
};
enum { JOURNAL_RECORD_HEAD_BYTES = 24, JOURNAL_HEAD_SUMMED_BYTES = 20, JOURNAL_UNSYNCED_MAX = 0xffff };
_Static_assert(sizeof(struct journal_record_head) == JOURNAL_RECORD_HEAD_BYTES, "no padding");

/* Before the events of a RESULT or CHECKPOINT. */
struct journal_result_head { uint64_t input_seq; uint32_t count, flags; uint64_t state_hash; };
enum { JOURNAL_RESULT_HASHED = 1, JOURNAL_RESULT_LAST = 2 };

/* Before the bytes of a piece of a SNAPSHOT. */
struct journal_snapshot_head { uint64_t input_seq, state_hash, state_bytes, offset; };

struct journal_close { uint64_t input_seq, state_hash; };

enum {
	JOURNAL_INPUT_MAX = 8 + EVENT_BYTES,
	JOURNAL_RESULT_MAX = (int)sizeof(struct journal_result_head) + OUTBOX_MAX * EVENT_BYTES,
	JOURNAL_SNAPSHOT_PIECE_BYTES = 65536 - (int)sizeof(struct journal_snapshot_head),
	JOURNAL_PAYLOAD_MAX = JOURNAL_RESULT_MAX > 65536 ? JOURNAL_RESULT_MAX : 65536,
	JOURNAL_RECORD_MAX = JOURNAL_RECORD_HEAD_BYTES + JOURNAL_PAYLOAD_MAX,
	JOURNAL_STEP_MAX = 2 * JOURNAL_RECORD_HEAD_BYTES + JOURNAL_INPUT_MAX + JOURNAL_RESULT_MAX,
	JOURNAL_CLOSE_RECORD_BYTES = JOURNAL_RECORD_HEAD_BYTES + (int)sizeof(struct journal_close),
	JOURNAL_BUFFER_MIN = JOURNAL_RECORD_MAX + JOURNAL_RECORD_HEAD_BYTES + EVENT_BYTES,        /* a record, the empty head, a copy's surplus */
};
_Static_assert(JOURNAL_BUFFER_MIN % 8 == 0, "records are aligned");

static inline uint64_t journal_slot_at(const struct journal_head *head, uint64_t number)
{
	return JOURNAL_PAGE_BYTES + number % head->segments_max * head->segment_bytes;
}

static inline uint32_t journal_page_checksum(const void *page) { return crc32c(page, JOURNAL_PAGE_BYTES - sizeof(uint32_t)); }

static inline uint32_t journal_head_checksum(const struct journal_record_head *head)
{
	return crc32c(head, JOURNAL_HEAD_SUMMED_BYTES);
}

#endif
