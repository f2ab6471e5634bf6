/* run_box.h - the black box of layout `single`: nobody watches this process, so its own fatal-signal handler writes the death. What no handler can catch
 * (SIGKILL, the machine's power) leaves nothing here; the journal goes on from its last whole record all the same. Rows P3, P8. */
#ifndef FIRMWARE_MODES_RUN_BOX_H
#define FIRMWARE_MODES_RUN_BOX_H
#include "firmware/blackbox/describe.h"

struct run_box {
	struct blackbox box;
	struct fatal_note fatal;
	struct memory_map *map;
	int64_t begun_ns;
	char sentence[BLACKBOX_SENTENCE_BYTES];
};

/* BOOT, before the process is sealed. False: the sentence is to be said; the run goes on. */
bool run_box_open(struct run_box *run_box, const char *home, struct memory_map *map);
/* The handlers stay, a sealed process may not change them; a death after this is not kept. */
void run_box_close(struct run_box *run_box);

#endif
