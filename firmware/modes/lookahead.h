/* lookahead.h - does the past change when the future does? The test that a backtest must not fail.
 *
 * For LOOKAHEAD_CUTS days spread over the period: trade up to that day, remember the state hash; then disturb every later bar of every
 * symbol and trade up to the same day again. The hash must be the same. Dates stay, so that calendars and warm-up are equal. Rows T1, D8. */
#ifndef FIRMWARE_MODES_LOOKAHEAD_H
#define FIRMWARE_MODES_LOOKAHEAD_H
#include "firmware/modes/trading.h"

enum { LOOKAHEAD_CUTS = 6 };

struct lookahead { int32_t cut_day[LOOKAHEAD_CUTS]; bool same[LOOKAHEAD_CUTS]; uint32_t cuts, differing; };

/* trading has been loaded; it is left with disturbed bars. False: trading->sentence says why it could not be done. */
bool lookahead_check(struct lookahead *check, struct trading *trading, uint64_t journal_id);

/* Its two halves. Changes every bar after that day by 0.8 to 1.2; trades from the start to the end of that date, and the desk's hash there. */
void lookahead_disturb(struct bars *bars, int32_t day);
bool lookahead_hash(struct trading *trading, uint64_t journal_id, int32_t day, uint64_t *hash);

#endif
