/* check.h - what the two readers of build/check hand to its judge.
 *
 * The checker is written from hal/store/JOURNAL.md and hal/sim/server/log.h and shares no code with the product: only the layout of an event
 * (fsm/event.h) is the same. It has its own checksum, its own numbers and its own reading of both files, so that a mistake of the product
 * in any of them does not hide itself here. A tool: it allocates and uses stdio. */
#ifndef TOOLS_CHECK_CHECK_H
#define TOOLS_CHECK_CHECK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHECK_SYMBOLS_MAX = 256, CHECK_SYMBOL_BYTES = 16, CHECK_ID_BYTES = 64, CHECK_SHOWN_MAX = 20 };

/* Prints `name: text`, counts it; after CHECK_SHOWN_MAX it only counts. */
__attribute__((format(printf, 2, 3))) void complain(const char *name, const char *format, ...);
/* What makes further reading senseless: one sentence, exit code 2. */
__attribute__((format(printf, 1, 2))) _Noreturn void give_up(const char *format, ...);

/* An order of the desk: an ORDER_NEW in a RESULT. */
struct sent { uint64_t order_id, input_seq; int64_t t_ns, qty_e8, filled_qty_e8; uint16_t sym; uint8_t side; bool is_at_venue; };
/* A fill that the desk has booked: a FILL in a RESULT; told: INPUT FILLs of its execution. */
struct booked {
	uint64_t execution_id, order_id, input_seq;
	int64_t  qty_e8, px_e8, fee_usd_e8;
	uint32_t times, told;
	uint16_t sym;
	uint8_t  side;
	bool     is_at_venue;
};

struct journal {
	uint64_t id, records, inputs, results, segments, notes;
	char     symbol[CHECK_SYMBOLS_MAX][CHECK_SYMBOL_BYTES];
	uint32_t symbols;
	bool     begins_at_zero, is_open, is_cut;        /* its first segment is there; its last INPUT has no RESULT; it ends in a cut record */
	int64_t  cash_usd_e8, qty_e8[CHECK_SYMBOLS_MAX];        /* recomputed from fills, dividends and cash movements */
	int64_t  noted_cash_usd_e8, noted_qty_e8[CHECK_SYMBOLS_MAX];        /* as the desk last said it */
	struct sent   *sent;
	struct booked *booked;
	size_t    sent_n, booked_n;
	uint64_t  dividends, cash_moves;
};

/* Reads a whole journal and complains of what contradicts itself in it. */
void journal_check(struct journal *journal, const char *path);
struct sent   *journal_sent(struct journal *journal, uint64_t order_id);
struct booked *journal_booked(struct journal *journal, uint64_t execution_id);

/* Reads the venue's log and complains of what contradicts the journal. */
struct venue_counts { uint64_t lines, accepted, refused, fills, cash; };
void venue_check(struct venue_counts *counts, struct journal *journal, const char *path);

uint8_t *file_read(const char *path, size_t *bytes);
/* a * b, both with eight decimals, to nearest, halves away from zero. */
int64_t product_e8(int64_t a_e8, int64_t b_e8);
/* A number with eight decimals as text; in a ring of eight buffers. */
const char *e8_shown(int64_t value_e8);

#endif
