/* ledger_parts.h - what the three files of the ledger say to one another: ledger.c keeps cursor and batch, ledger_rows.c makes rows and
 * CSV lines of events, ledger_day.c makes the report. */
#ifndef FIRMWARE_WORKERS_LEDGER_PARTS_H
#define FIRMWARE_WORKERS_LEDGER_PARTS_H
#include "firmware/workers/ledger.h"

/* True when it went well; else the sentence is kept for people. */
bool ledger_books_ok(struct ledger *ledger, enum books_verdict verdict);
bool ledger_files_ok(struct ledger *ledger, enum files_verdict verdict, const char *path);

/* Rows and lines of one event; false after a failure. */
bool ledger_book(struct ledger *ledger, const struct event *event, uint64_t id);
bool ledger_book_quarantine(struct ledger *ledger, const struct event *event);
const char *ledger_csv_header(enum ledger_csv csv);
const char *ledger_regime(uint8_t regime);

/* The row of portfolio_state and the two files of the day end in ledger->day_end; false after a failure of the books. */
bool ledger_day_close(struct ledger *ledger, uint64_t id);
/* Everything the memory of the ledger takes from the books. */
bool ledger_load(struct ledger *ledger);

#define LEDGER_RUN(ledger, statement, values) \
	ledger_books_ok((ledger), books_run(&(ledger)->books, (statement), (values), sizeof(values) / sizeof((values)[0])))

#endif
