/* vwap.h - volume-weighted average price of the last n bars, or of all bars since the last reset (a session).
 *
 *     typical = (high + low + close) / 3       vwap = sum (typical * volume) / sum (volume)
 *
 * Over n bars: first value at the n-th bar; where nothing traded in any of them, the last typical price. Reference: pandas,
 * rolling(n).sum() of both; relative error <= 1e-12. Does not drift: see window.h; a session is a plain forward sum. */
#ifndef STRATEGIES_FACTORS_VWAP_H
#define STRATEGIES_FACTORS_VWAP_H
#include "strategies/factors/window.h"

struct vwap { struct window_sum money, volume; double typical; };

/* A period outside 1..WINDOW_SUM_MAX is a bug (2000). */
void vwap_init(struct vwap *vwap, uint32_t period);
/* False, and nothing changes, when a price is not sound or the volume is negative, not finite or above VOLUME_MOST (price.h). */
bool vwap_push(struct vwap *vwap, double high, double low, double close, double volume);
static inline bool vwap_ready(const struct vwap *vwap) { return vwap->money.full; }
/* A bug (2002) before it is ready. */
double vwap_value(const struct vwap *vwap);

/* Since the start of a session: make it {0} to start one. Ready at the first trade. */
struct vwap_session { double money, volume; };

bool vwap_session_push(struct vwap_session *session, double price, double volume);
static inline bool vwap_session_ready(const struct vwap_session *session) { return session->volume > 0; }
/* A bug (2042) before it is ready. */
double vwap_session_value(const struct vwap_session *session);

#endif
