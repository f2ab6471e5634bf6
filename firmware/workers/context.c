/* context.c - one number in, one regime out. */
#include "firmware/workers/context.h"

#include <string.h>

#include "strategies/signals/signal.h"

enum { PROXY_DAYS = 20, ANNUAL_SESSIONS = 252 };

void context_init(struct context *context, bool has_vix)
{
	memset(context, 0, sizeof *context);
	volatility_init(&context->market, PROXY_DAYS, ANNUAL_SESSIONS);
	context->vix_sym = universe_find("VIX", 3);
	context->market_sym = universe_find("SPY", 3);
	context->has_vix = has_vix;
	BUG_UNLESS(4010, context->vix_sym != SYM_NONE && context->market_sym != SYM_NONE);
}

static void on_proxy_bar(struct context *context, const struct event *in)
{
	if (context->has_vix || !volatility_push(&context->market, e8_to_double(in->bar.adj_px_e8))) return;
	if (!volatility_ready(&context->market)) return;
	context->is_new = e8_from_double(volatility_value(&context->market) * 100.0, &context->vix_e8);
	context->is_proxy = 1;
	context->day = in->bar.day;
}

static void on_bar(struct context *context, const struct event *in)
{
	if (in->sym == context->market_sym) on_proxy_bar(context, in);
	if (in->sym != context->vix_sym) return;
	context->vix_e8 = in->bar.close_px_e8;
	context->day = in->bar.day;
	context->is_new = context->has_vix = 1;
	context->is_proxy = 0;
}

void context_step(void *self, const struct event *in, struct outbox *out)
{
	struct context *context = self;
	if (in->kind == EVENT_BAR) on_bar(context, in);
	if (in->kind != EVENT_TICK || in->tick.phase != TICK_CLOSE || !context->is_new) return;
	struct event *event = outbox_add(out, EVENT_REGIME, SYM_NONE);
	event->regime.vix_e8 = context->vix_e8;
	event->regime.day = context->day;
	event->regime.regime = (uint8_t)regime_from_vix(e8_to_double(context->vix_e8));
	event->regime.is_proxy = context->is_proxy;
	context->is_new = 0;
}
