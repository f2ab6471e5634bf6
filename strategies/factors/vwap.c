/* vwap.c - see vwap.h. */
#include "strategies/factors/vwap.h"

#include "strategies/factors/price.h"

static bool volume_is_sound(double volume) { return volume >= 0 && volume <= VOLUME_MOST; }

void vwap_init(struct vwap *vwap, uint32_t period)
{
	window_sum_init(&vwap->money, period);
	window_sum_init(&vwap->volume, period);
	vwap->typical = 0;
}

bool vwap_push(struct vwap *vwap, double high, double low, double close, double volume)
{
	if (!price_is_sound(high) || !price_is_sound(low) || !price_is_sound(close) || !volume_is_sound(volume)) return false;
	vwap->typical = (high + low + close) / 3;
	window_sum_push(&vwap->money, vwap->typical * volume);
	window_sum_push(&vwap->volume, volume);
	return true;
}

double vwap_value(const struct vwap *vwap)
{
	double volume = window_sum(&vwap->volume);
	return volume > 0 ? window_sum(&vwap->money) / volume : vwap->typical;
}

bool vwap_session_push(struct vwap_session *session, double price, double volume)
{
	if (!price_is_sound(price) || !volume_is_sound(volume)) return false;
	session->money += price * volume;
	session->volume += volume;
	return true;
}

double vwap_session_value(const struct vwap_session *session)
{
	BUG_UNLESS(2042, session->volume > 0);
	return session->money / session->volume;
}
