/* context.h - the regime of the market, from VIX (document 04: 20/30/40; a boundary belongs to the higher regime).
 *
 * Inputs   BAR, TICK.   Output  REGIME (to the regime region only: the desk samples it).
 * Where the data has no VIX, the annualised 20-day volatility of SPY in points stands for it, and every REGIME says so (is_proxy).
 * Comes back by REBUILD: the next bars give it all again. Rows S3, N6. */
#ifndef FIRMWARE_WORKERS_CONTEXT_H
#define FIRMWARE_WORKERS_CONTEXT_H
#include "fsm/settings.h"
#include "fsm/worker.h"
#include "strategies/factors/volatility.h"

struct context { struct volatility market; int64_t vix_e8; int32_t day; uint16_t vix_sym, market_sym; uint8_t has_vix, is_new, is_proxy; };

/* has_vix: the data carries the index; otherwise the proxy is used from the start. */
void context_init(struct context *context, bool has_vix);
void context_step(void *self, const struct event *in, struct outbox *out);

#endif
