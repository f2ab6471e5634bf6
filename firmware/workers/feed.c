/* feed.c - believe or quarantine. */
#include "firmware/workers/feed.h"

#include <string.h>

void feed_init(struct feed *feed, const struct settings *settings)
{
	memset(feed, 0, sizeof *feed);
	feed->settings = *settings;
}

static bool is_jump(const struct feed *feed, int64_t from_px_e8, int64_t to_px_e8)
{
	int64_t limit_bp = setting(&feed->settings, SETTING_bar_jump_max_bp);
	return e8_abs(to_px_e8 - from_px_e8) > e8_bp(from_px_e8, limit_bp);
}

static void quarantine(struct feed *feed, const struct event *in, int64_t px_e8, uint32_t fault, struct outbox *out)
{
	struct event *event = outbox_add(out, EVENT_QUARANTINE, in->sym);
	feed->quarantined++;
	event->quarantine.px_e8 = px_e8;
	event->quarantine.before_px_e8 = feed->last_px_e8[in->sym];
	event->quarantine.day = day_from_t_ns(in->t_ns);
	event->quarantine.fault = fault;
}

static bool is_believed(struct feed *feed, const struct event *in, int64_t px_e8, struct outbox *out)
{
	int64_t last = feed->last_px_e8[in->sym], doubted = feed->doubted_px_e8[in->sym];
	if (px_e8 <= 0) {
		quarantine(feed, in, px_e8, FEED_FAULT_NOT_A_PRICE, out);
		return false;
	}
	bool is_index = universe[in->sym].asset_class == ASSET_INDEX;
	bool jumped = last && !is_index && is_jump(feed, last, px_e8);
	bool confirmed = doubted && !is_jump(feed, doubted, px_e8);
	if (jumped && !confirmed) {
		feed->doubted_px_e8[in->sym] = px_e8;
		quarantine(feed, in, px_e8, FEED_FAULT_JUMP, out);
		return false;
	}
	feed->last_px_e8[in->sym] = px_e8;
	feed->doubted_px_e8[in->sym] = 0;
	return true;
}

static void publish_price(const struct event *in, int64_t px_e8, uint32_t kind, struct outbox *out)
{
	struct event *event = outbox_add(out, EVENT_PRICE, in->sym);
	event->price.px_e8 = px_e8;
	event->price.day = in->kind == EVENT_BAR ? in->bar.day : in->price.day;
	event->price.price_kind = kind;
	event->price.volume = in->kind == EVENT_BAR ? in->bar.volume : in->price.volume;
}

static void on_bar(struct feed *feed, const struct event *in, struct outbox *out)
{
	if (!is_believed(feed, in, in->bar.close_px_e8, out)) return;
	outbox_add(out, EVENT_BAR, in->sym)->bar = in->bar;
	publish_price(in, in->bar.close_px_e8, PRICE_CLOSE, out);
}

void feed_step(void *self, const struct event *in, struct outbox *out)
{
	struct feed *feed = self;
	BUG_UNLESS(4000, in->sym < UNIVERSE_N || in->kind == EVENT_TICK);
	if (in->kind == EVENT_PRICE && is_believed(feed, in, in->price.px_e8, out))
		publish_price(in, in->price.px_e8, in->price.price_kind, out);
	if (in->kind == EVENT_BAR) on_bar(feed, in, out);
	if (in->kind == EVENT_DIVIDEND) outbox_add(out, EVENT_DIVIDEND, in->sym)->dividend = in->dividend;
	if (in->kind == EVENT_FUNDING) outbox_add(out, EVENT_FUNDING, in->sym)->funding = in->funding;
	if (in->kind == EVENT_TICK) {
		feed->ticks++;
		struct event *tick = outbox_add(out, EVENT_TICK, SYM_NONE);
		tick->flags = in->flags & EVENT_WARMING;
		tick->tick = in->tick;
	}
}
