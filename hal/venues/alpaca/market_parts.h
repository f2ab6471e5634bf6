/* market_parts.h - what the files of the market data driver share. Nobody else includes it. */
#ifndef HAL_VENUES_ALPACA_MARKET_PARTS_H
#define HAL_VENUES_ALPACA_MARKET_PARTS_H
#include "hal/venues/alpaca/market.h"

/* Something changed: look at everything soon. */
void alpaca_market_look_soon(struct alpaca_market *market);

/* market_reads.c: reads.read[0..n) are asked for one after the other, and again until they are answered; then alpaca_market_read_done. */
void alpaca_reads_begin(struct alpaca_market *market, enum alpaca_read_use use);
void alpaca_reads_go_on(struct alpaca_market *market, int64_t now_ns);
void alpaca_reads_on_answer(void *self, const struct rest_answer *answer);
/* A read more, unless this feed has no symbol of ours. */
void alpaca_reads_add(struct alpaca_market *market, struct alpaca_read read);
/* market.c: all reads of a use are done. */
void alpaca_market_read_done(struct alpaca_market *market, enum alpaca_read_use use);

/* market_moment.c: the moment in hand. */
void alpaca_moment_begin(struct alpaca_market *market, bool is_late);
void alpaca_moment_take_bar(void *self, uint16_t sym, const struct bar *bar);
void alpaca_moment_take_adjusted(void *self, uint16_t sym, const struct bar *bar);
void alpaca_moment_take_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot);
/* How many symbols of this moment have no bar. */
uint32_t alpaca_moment_missing(const struct alpaca_market *market);
/* All is read: scales are applied. */
void alpaca_moment_ready(struct alpaca_market *market);
/* The next event of it; its TICK is the last. */
void alpaca_moment_event(struct alpaca_market *market, struct event *event);

/* market_history.c: days before the market begins. */
void alpaca_history_begin(struct alpaca_market *market);
void alpaca_history_take_bar(void *self, uint16_t sym, const struct bar *bar);
void alpaca_history_take_adjusted(void *self, uint16_t sym, const struct bar *bar);
void alpaca_history_take_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot);
void alpaca_history_ready(struct alpaca_market *market);
/* False when it is over. */
bool alpaca_history_event(struct alpaca_market *market, struct event *event);

/* market_hours.c: the moments of real time. The next one of a place; false behind the last day of the calendars. */
bool alpaca_hours_next(struct alpaca_market_place *place, struct alpaca_moment *moment);

/* market_live.c: prices between moments. */
void alpaca_live_take(struct alpaca_market *market, const struct alpaca_data *data);
void alpaca_live_take_snapshot(void *self, uint16_t sym, const struct alpaca_snapshot *snapshot);
bool alpaca_live_event(struct alpaca_market *market, struct event *event);
int64_t alpaca_market_wall_ns(const struct alpaca_market *market);

#endif
