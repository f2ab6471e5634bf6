/* log_property.h - what must hold of the reader of HOME/log for any bytes whatever; the loop of log_file_test.c and the fuzzer call the same function. */
#ifndef TESTS_UNIT_FIRMWARE_LOG_LOG_PROPERTY_H
#define TESTS_UNIT_FIRMWARE_LOG_LOG_PROPERTY_H
#include "firmware/log/record.h"

static const char *log_property(const uint8_t *bytes, size_t count)
{
	struct log_record record;
	uint8_t           slot[LOG_RECORD_BYTES] = { 0 };
	int32_t           day;
	memcpy(slot, bytes, count < sizeof slot ? count : sizeof slot);
	(void)log_head_of(slot, &day);
	memcpy(&record, slot, sizeof record);
	for (int turn = 0; turn < 2; turn++) {        /* as it is, and with its sum put right */
		if (log_record_is((const uint8_t *)&record, record.generation)) {
			if (record.kind >= LOG_KINDS_N || record.level >= LOG_LEVELS_N) return "a record has a kind or level without a name";
			if (!memchr(record.text, 0, sizeof record.text) || !memchr(record.process, 0, sizeof record.process)) return "a text without an end";
			if (log_record_is((const uint8_t *)&record, record.generation + 1)) return "a record is of two generations";
		}
		record.crc = log_record_sum(&record);
	}
	return 0;
}

#endif
