/* read.h - HOME/log as a list: everything whole that is there, oldest first, each record once. Row P8. */
#ifndef FIRMWARE_LOG_READ_H
#define FIRMWARE_LOG_READ_H
#include "firmware/log/file.h"

enum { LOG_RECORDS_MAX = CFG_log_files * LOG_FILE_SLOTS };

struct log_list { uint32_t count; struct log_record record[LOG_RECORDS_MAX]; };

/* What the files of this folder hold; 0 records where there are none. */
void log_read(struct log_list *list, const char *folder);

#endif
