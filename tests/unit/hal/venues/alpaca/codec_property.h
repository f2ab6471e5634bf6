/* codec_property.h - what must hold for any bytes as a message of Alpaca's; 0, or what does not. Used by the tests and by the fuzzer. */
#ifndef TESTS_UNIT_HAL_VENUES_ALPACA_CODEC_PROPERTY_H
#define TESTS_UNIT_HAL_VENUES_ALPACA_CODEC_PROPERTY_H
#include <string.h>

#include "fsm/settings.h"
#include "hal/venues/alpaca/codec.h"

enum { PROPERTY_ELEMENTS_MAX = 100000 };

static inline bool property_is_id(const char *id, size_t size)
{
	return memchr(id, '\0', size) != 0 && strspn(id, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:._-") == strlen(id);
}

static inline const char *property_order(const struct alpaca_order *order)
{
	if (!order->id[0] || !property_is_id(order->id, sizeof order->id)) return "an order without an id";
	if (!property_is_id(order->replaced_by, sizeof order->replaced_by)) return "a successor that is no id";
	if (!memchr(order->client_id, '\0', sizeof order->client_id)) return "a client id without an end";
	if (order->qty_e8 < 0 || order->filled_qty_e8 < 0 || order->submitted_ns < 0) return "an order with a quantity or time below 0";
	if (order->venue_id == 0 || (order->sym >= UNIVERSE_N && order->sym != SYM_NONE)) return "an order of no symbol";
	return 0;
}

static inline const char *property_update(const struct alpaca_update *update)
{
	bool has_order = update->order.id[0] != '\0';
	if (update->kind >= ALPACA_UPDATE_NEW && update->kind <= ALPACA_UPDATE_QUIET && !has_order) return "an update without its order";
	if (update->kind == ALPACA_UPDATE_FILL && (update->execution_id == 0 || update->px_e8 <= 0 || update->qty_e8 <= 0)) return "a fill of nothing";
	return has_order ? property_order(&update->order) : 0;
}

static inline const char *property_activity(const struct alpaca_activity *activity)
{
	if (!activity->id[0] || !property_is_id(activity->id, sizeof activity->id) || activity->activity_id == 0) return "an activity without an id";
	if (activity->kind != ALPACA_ACTIVITY_FILL) return 0;
	return activity->qty_e8 > 0 && activity->px_e8 > 0 && property_is_id(activity->order, sizeof activity->order) ? 0 : "an activity that fills nothing";
}

static inline const char *property_lists(struct alpaca_codec *codec, const char *bytes, size_t count)
{
	struct alpaca_order    order;
	struct alpaca_position position;
	struct alpaca_activity activity;
	struct alpaca_session  hours;
	const char            *broken = 0;
	uint32_t               n = 0;
	alpaca_list_begin(codec, bytes, count);
	while (!broken && alpaca_list_order(codec, &order) && n++ < PROPERTY_ELEMENTS_MAX) broken = property_order(&order);
	if (!broken) (void)alpaca_list_whole(codec);
	alpaca_list_begin(codec, bytes, count);
	while (!broken && alpaca_list_activity(codec, &activity) && n++ < PROPERTY_ELEMENTS_MAX) broken = property_activity(&activity);
	alpaca_list_begin(codec, bytes, count);
	while (alpaca_list_position(codec, &position)) n++;
	alpaca_list_begin(codec, bytes, count);
	while (alpaca_list_session(codec, &hours)) n += hours.open_min < 24 * 60;
	return broken ? broken : n > 4 * count ? "more elements than bytes" : 0;
}

static inline const char *codec_property(struct alpaca_codec *codec, const char *bytes, size_t count)
{
	struct alpaca_order   order;
	struct alpaca_update  update;
	struct alpaca_error   error;
	struct alpaca_account account;
	struct alpaca_clock   clock;
	const char           *broken = alpaca_read_order(codec, bytes, count, &order) ? property_order(&order) : 0;
	if (!broken && alpaca_read_update(codec, bytes, count, &update)) broken = property_update(&update);
	(void)alpaca_read_account(codec, bytes, count, &account);
	if (alpaca_read_clock(codec, bytes, count, &clock) && clock.t_ns < 0) broken = "a clock before 1970";
	alpaca_read_error(codec, bytes, count, &error);
	if (!memchr(error.message, '\0', sizeof error.message)) broken = "an error without an end";
	if (alpaca_code_of(422, &error) >= ALPACA_CODES_N) broken = "a code without a text";
	return broken ? broken : property_lists(codec, bytes, count);
}

#endif
