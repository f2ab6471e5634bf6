/* describe.h - fills the head of a death from what the map and the signal's note say. All but blackbox_start may run in a signal handler. Row P3. */
#ifndef FIRMWARE_BLACKBOX_DESCRIBE_H
#define FIRMWARE_BLACKBOX_DESCRIBE_H
#include "firmware/blackbox/blackbox.h"
#include "firmware/memory_map.h"
#include "fsm/care/process.h"

enum { BLACKBOX_SENTENCE_BYTES = FILES_SENTENCE_MAX + 64 };

/* BOOT: opens HOME/blackbox. False: the sentence is to be said; it tells whether deaths are kept. */
bool blackbox_start(struct blackbox *box, const char *home, char sentence[BLACKBOX_SENTENCE_BYTES]);
/* The head of a process that writes its own end. */
struct blackbox_death *blackbox_begin_own(struct blackbox *box, const char *process, const struct fatal_note *fatal, int64_t life_ns);
void blackbox_describe_worker(struct blackbox_death *death, uint32_t index, uint32_t worker, const struct worker_progress *progress);
/* Of a process that has all workers: their heads, and their traces for blackbox_put. */
void blackbox_describe_all(struct blackbox_death *death, struct memory_map *map, const struct worker_trace *trace[static BLACKBOX_WORKERS_MAX]);
/* Where the journal stands, by the desk's trace. */
void blackbox_describe_journal(struct blackbox_death *death, const struct worker_trace *desk);

#endif
