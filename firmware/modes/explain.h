/* explain.h - why one order is what it is, found again by stepping HOME's journal to it: nothing is kept beside the journal for this.
 *
 * The journal is read from its oldest record. As long as this build wrote it, its INPUTs are stepped and every RESULT must come out as it is written; so
 * the desk of the moment before the order is there again, and with it what was in force. Of another build's journal only the records are read,
 * and `is_stepped` is false: what needs the desk is then not shown. The journal may be being written. Row R8. */
#ifndef FIRMWARE_MODES_EXPLAIN_H
#define FIRMWARE_MODES_EXPLAIN_H
#include "firmware/modes/recorder.h"
#include "fsm/desk/desk.h"
#include "hal/store/journal_read.h"

struct cli;

enum { EXPLAIN_MESSAGES_MAX = 512, EXPLAIN_SENTENCE_BYTES = 768 };

/* The last SIGNAL of each strategy about each symbol; seq 0: none. */
struct explain_signals { struct event of[STRATEGY_COUNT][UNIVERSE_N]; };

struct explain {
	const char            *home;
	uint64_t               order_id, below, above;        /* nearest orders where there is none of this number; 0: none on that side */
	bool                   is_found, is_stepped, is_sized, is_live;
	struct event           request, size, by;             /* ORDER_NEW and SIZE of the order; the input that led to it */
	struct explain_signals signals, at_order;             /* in force now, and when the order was made */
	uint64_t               causes_book, causes_symbol[UNIVERSE_N];        /* in force when the order was made */
	int64_t                nav_usd_e8;                    /* then; 0: not known */
	struct event           message[EXPLAIN_MESSAGES_MAX];        /* to and from the venue and the desk's word on the order, in the journal's order */
	uint32_t               messages, messages_lost;
	struct order_note      last;                          /* as the desk last had it */
	char                   sentence[EXPLAIN_SENTENCE_BYTES];
	/* the way there */
	struct disk_linux     disk;
	struct journal_reader reader;
	struct journal_setup  setup;
	struct journal_record record;
	struct desk           desk;
	struct machine_log    log;
	struct outbox         out;
	struct event          in;
	uint8_t               window[1 << 20];
};

/* home, order_id and is_live (somebody writes the journal) are given. False: the sentence says why there is nothing to read. */
bool explain_read(struct explain *explain);
/* Both write everything that was found. */
void explain_text(struct cli *cli, const struct explain *explain);
void explain_json(struct cli *cli, const struct explain *explain);

#endif
