/* result.h - what came out of a backtest: figures, an equity curve, a list of trades. A listener of the desk's results.
 *
 * One equity point for each NYSE session, at the end of its date; where the data has no NYSE symbol, for each date.
 * A round trip is a position from flat to flat; its result is what it realised and received less its fees. Files are written as it goes
 * through fixed buffers. Shapes: the command-line document ("Shapes that tools rely on"). Row T1. */
#ifndef FIRMWARE_MODES_RESULT_H
#define FIRMWARE_MODES_RESULT_H
#include "firmware/modes/level_changes.h"
#include "fsm/event.h"
#include "fsm/settings.h"
#include "hal/linux/files.h"
#include "strategies/metrics/performance.h"

enum { RESULT_BUFFER_BYTES = 65536 };

struct result {
	struct performance  performance;
	struct account_note last;
	int32_t             first_day, last_day;
	uint64_t            days, trades, orders, refusals, quarantined;
	struct level_changes levels;
	int64_t             before_usd_e8[UNIVERSE_N];        /* a position's realised + dividends - fees when it was last flat */
	uint8_t             held[UNIVERSE_N];
	bool                every_date, writes_equity, writes_trades;
	struct append_file  equity, trades_file;
	enum files_verdict  failure;
	char                equity_buffer[RESULT_BUFFER_BYTES], trades_buffer[RESULT_BUFFER_BYTES];
};

void result_begin(struct result *result, bool every_date);
/* New files; an existing one is replaced. */
enum files_verdict result_equity_to(struct result *result, const char *path);
enum files_verdict result_trades_to(struct result *result, const char *path);
/* pump_listener. */
void result_on_event(void *self, const struct event *event);
/* Flushes and closes; the first failure of any write. */
enum files_verdict result_end(struct result *result);

const char *order_reason_text(uint8_t reason);
/* YYYY-MM-DD. */
enum { DATE_TEXT_BYTES = 16 };
const char *date_text(int32_t day, char text[static DATE_TEXT_BYTES]);

#endif
