/* ring.h - structured log records on their way: one ring a worker and one of the watchdog, in shared memory, one writer each.
 *
 * To put a record is a few stores: it never waits and never fails. Who reads (the ledger, firmware/log/drain.h) may be slow, stopped or dead; the ring then
 * goes round and overtakes it, and the reader counts what it has missed. The sequence stands in the slot and is written last; a reader that finds
 * another one after copying has been overtaken. A record is LOG_RECORD_BYTES with fields, its text cut. Keys and codes are in no record. Row P8. */
#ifndef FIRMWARE_LOG_RING_H
#define FIRMWARE_LOG_RING_H
#include "fsm/event.h"

enum { LOG_RECORD_BYTES = 256, LOG_SLOTS = 512, LOG_TEXT_BYTES = 120, LOG_PROCESS_BYTES = 24 };

#define LOG_LEVELS(X) X(info) X(warn) X(error)
#define LOG_LEVEL_ID(name) LOG_##name,
enum log_level { LOG_LEVELS(LOG_LEVEL_ID) LOG_LEVELS_N };
#define LOG_KINDS(X)                                                                                                       \
	X(said) X(process) X(session) X(order) X(fill) X(refusal) X(risk) X(operator) X(reconcile) X(recovery) X(cash) X(alarm) \
	X(quarantine) X(journal) X(drop) X(signal) X(queue) X(care)
#define LOG_KIND_ID(name) LOG_KIND_##name,
enum log_kind { LOG_KINDS(LOG_KIND_ID) LOG_KINDS_N };

/* Why records are not there: of a record of kind drop, whose value says how many (0: nobody knows). */
#define LOG_DROPS(X)                                                             \
	X(late, "were overtaken before they were written: the ledger was late")      \
	X(capped, "were beyond log_day_kib of their day") X(failed, "were refused by the disk")
#define LOG_DROP_ID(name, why) LOG_DROP_##name,
#define LOG_DROP_WHY(name, why) [LOG_DROP_##name] = (why),
enum log_drop { LOG_DROPS(LOG_DROP_ID) LOG_DROPS_N };

/* trace_id ties a decision of the desk together, signal, order, fill, refusal: the number of the input that made it (order_id_input), over restarts. Of a
 * signal, value is its own trace id, which the books and signals.csv have.
 * seq: of its ring, from 1. t_ns: market time, 0 for none. input: the step that said it. source: enum worker_id, or the watchdog. crc, generation: of
 * the file (file.h). */
struct log_record {
	uint64_t seq;
	int64_t  wall_ns, mono_ns, t_ns;
	uint64_t order_id, trace_id, input;
	int64_t  qty_e8, px_e8, usd_e8, value;
	uint32_t crc, generation;
	uint16_t kind, sym;
	uint8_t  level, source, drop, pad;
	char     process[LOG_PROCESS_BYTES], text[LOG_TEXT_BYTES + 8];
};
_Static_assert(sizeof(struct log_record) == LOG_RECORD_BYTES, "a record is four cache lines");

/* key: (cause, index) of the worker's last output in it, so that a step that is repeated after a crash is not told twice. */
struct log_ring { uint64_t count, key; char process[LOG_PROCESS_BYTES]; uint8_t pad[24]; _Alignas(64) struct log_record slot[LOG_SLOTS]; };

/* Takes the times and the sequence; the rest is the caller's. */
/* The time of now, by both clocks. */
void log_stamp(struct log_record *record);
void log_put(struct log_ring *ring, struct log_record *record);
/* A sentence about or of a process. */
void log_say(struct log_ring *ring, enum log_kind kind, enum log_level level, uint8_t source, const char *process, const char *text);
/* An event that a worker gives out, or takes in, where its kind is worth a record. An output of a step that is repeated is told once. */
void log_event(struct log_ring *ring, uint8_t source, const struct event *event);
void log_input(struct log_ring *ring, uint8_t source, const struct event *event);
/* The signal behind an order that the desk gives out (ORDER_NEW). */
void log_signal(struct log_ring *ring, uint8_t source, const struct event *order, const struct event *signal);

/* The record *next, and moves on; false when there is none yet. *missed grows by what was overtaken. */
bool log_take(const struct log_ring *ring, uint64_t *next, uint64_t *missed, struct log_record *out);

#endif
