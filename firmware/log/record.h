/* record.h - sums of what stands in HOME/log. For file.c and record.c, and their tests. */
#ifndef FIRMWARE_LOG_RECORD_H
#define FIRMWARE_LOG_RECORD_H
#include "firmware/log/file.h"

/* Over the whole slot with the sum as 0; a record's own generation is part of it. */
uint32_t log_head_sum(const struct log_head *head);
uint32_t log_record_sum(const struct log_record *record);

#endif
