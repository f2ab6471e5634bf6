/* record.c - bytes of a file that may be anybody's, as records. */
#include "firmware/log/record.h"

#include "hal/store/crc32c.h"

static uint32_t sum(const uint8_t *slot, size_t crc_at)
{
	static const uint32_t none = 0;
	uint32_t              crc = crc32c_add(crc32c_add(CRC32C_BEGIN, slot, crc_at), &none, sizeof none);
	return crc32c_end(crc32c_add(crc, slot + crc_at + sizeof none, LOG_RECORD_BYTES - crc_at - sizeof none));
}

uint32_t log_head_sum(const struct log_head *head) { return sum((const uint8_t *)head, offsetof(struct log_head, crc)); }
uint32_t log_record_sum(const struct log_record *record) { return sum((const uint8_t *)record, offsetof(struct log_record, crc)); }

uint32_t log_head_of(const uint8_t slot[static LOG_RECORD_BYTES], int32_t *day)
{
	struct log_head head;
	memcpy(&head, slot, sizeof head);
	if (head.magic != LOG_MAGIC || head.crc != log_head_sum(&head)) return 0;
	*day = head.day;
	return head.generation;
}

bool log_record_is(const uint8_t slot[static LOG_RECORD_BYTES], uint32_t generation)
{
	struct log_record record;
	memcpy(&record, slot, sizeof record);
	if (record.seq == 0 || record.generation != generation || record.kind >= LOG_KINDS_N || record.level >= LOG_LEVELS_N) return false;
	return memchr(record.text, 0, sizeof record.text) && memchr(record.process, 0, sizeof record.process) && record.crc == log_record_sum(&record);
}
