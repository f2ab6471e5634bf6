/* run.h - everything that `tickwork run` holds beside struct trading: where its journal, books and status line live.
 *
 * One struct taken from the kernel in BOOT. It is here and not in run.c so that `tickwork audit` declares what a run maps. */
#ifndef FIRMWARE_MODES_RUN_H
#define FIRMWARE_MODES_RUN_H
#include "firmware/cli/status_line.h"
#include "firmware/kept.h"
#include "firmware/log/drain.h"
#include "firmware/modes/bookkeeper.h"
#include "firmware/modes/run_box.h"

struct run {
	struct home        home;
	struct bookkeeper  keeper;
	struct status_line line;
	struct run_box     box;
	struct log_drain   log;               /* one process has all rings, and the ledger's duty to empty them */
	struct kept        kept;
	struct event       command[HOME_COMMANDS_MAX];        /* what came from outside before, for the re-run */
	double             speed;             /* market seconds a second; INFINITY: as fast as it goes */
	int64_t            begun_ns, begun_market_ns;
	uint64_t           sessions_max;
	bool               said_lost;
};

#endif
