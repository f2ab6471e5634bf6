/* read.c - files in any order and state, put in order. */
#include "firmware/log/read.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "hal/linux/files.h"

static void read_file(struct log_list *list, int fd)
{
	uint8_t  slot[LOG_PAGE_SLOTS][LOG_RECORD_BYTES];
	int32_t  day;
	uint32_t generation = 0;
	for (uint32_t at = 0; at < LOG_FILE_SLOTS; at += LOG_PAGE_SLOTS) {
		uint32_t slots = log_page_read(fd, at, slot), first = at == 0;
		if (first && slots > 0) generation = log_head_of(slot[0], &day);
		for (uint32_t i = first; generation && i < slots; i++)
			if (log_record_is(slot[i], generation)) memcpy(&list->record[list->count++], slot[i], LOG_RECORD_BYTES);
	}
}

/* By time; then by who said it, and in whose order. */
static int compare(const void *a, const void *b)
{
	const struct log_record *x = a, *y = b;
	if (x->wall_ns != y->wall_ns) return x->wall_ns < y->wall_ns ? -1 : 1;
	if (x->source != y->source) return x->source < y->source ? -1 : 1;
	return (x->seq > y->seq) - (x->seq < y->seq);
}

static bool is_same(const struct log_record *a, const struct log_record *b)
{
	return a->wall_ns == b->wall_ns && a->mono_ns == b->mono_ns && a->source == b->source && a->seq == b->seq && strcmp(a->text, b->text) == 0;
}

static void drop_repeats(struct log_list *list)
{
	uint32_t kept = 0;
	for (uint32_t i = 0; i < list->count; i++)
		if (kept == 0 || !is_same(&list->record[i], &list->record[kept - 1])) list->record[kept++] = list->record[i];
	list->count = kept;
}

void log_read(struct log_list *list, const char *folder)
{
	char path[FILES_PATH_MAX];
	list->count = 0;
	for (uint32_t i = 0; i < CFG_log_files; i++) {
		int fd = log_file_path(path, sizeof path, folder, i) ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;
		if (fd < 0) continue;
		read_file(list, fd);
		(void)close(fd);
	}
	qsort(list->record, list->count, sizeof list->record[0], compare);
	drop_repeats(list);
}
