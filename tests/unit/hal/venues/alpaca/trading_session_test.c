/* trading_session_test.c - whatever happens in whatever state of the session, the driver knows what it waits for. */
#include "hal/venues/alpaca/trading_parts.h"
#include "tests/unit/hal/venues/alpaca/trading_rig.h"

/* Each state has one thing that leads on from it, or nothing is wanted. */
static bool knows_its_way(const struct alpaca_trading *trading, int64_t begun_ns)
{
	switch ((enum session_state)trading->session.state) {
	case SESSION_DOWN: return !trading->connects && trading->sync.step == ALPACA_SYNC_NONE;
	case SESSION_CONNECTING: return trading->connects;
	case SESSION_AUTHENTICATING:
	case SESSION_LISTENING: return trading->late_ns > begun_ns;
	case SESSION_SYNCING: return trading->sync.wants_whole;
	case SESSION_UP: return trading->late_ns == 0;
	case SESSION_BACKOFF:
	case SESSION_REFUSED: return trading->due_ns > begun_ns && !trading->connects;
	case SESSION_STATES_N: break;
	}
	return false;
}

/* How a session comes to this state: by what happens, not by hand. */
static void lead_to(struct alpaca_trading *trading, uint8_t state)
{
	static const uint8_t way[] = { SESSION_EV_START, SESSION_EV_OPENED, SESSION_EV_AUTHORIZED, SESSION_EV_LISTENING, SESSION_EV_SYNCED };
	for (uint8_t i = 0; state != SESSION_DOWN && i < sizeof way && trading->session.state < (state <= SESSION_UP ? state : SESSION_CONNECTING); i++)
		alpaca_session_event(trading, (enum session_event)way[i]);
	if (state == SESSION_BACKOFF) alpaca_session_event(trading, SESSION_EV_ENDED);
	if (state == SESSION_REFUSED) alpaca_session_event(trading, SESSION_EV_REFUSED);
}

static void check_one(uint8_t state, uint8_t event)
{
	int64_t begun_ns = clock_monotonic_ns();
	alpaca_trading_init(&rig.trading, &rig.plan);
	lead_to(&rig.trading, state);
	CHECK_EQ(rig.trading.session.state, state);
	CHECK(knows_its_way(&rig.trading, begun_ns));
	alpaca_session_event(&rig.trading, (enum session_event)event);
	CHECK(knows_its_way(&rig.trading, begun_ns));
	alpaca_trading_close(&rig.trading);
}

TEST(t_X5_whatever_happens_in_a_session_the_driver_knows_what_it_waits_for)
{
	rig_open();
	for (uint8_t state = 0; state < SESSION_STATES_N; state++)
		for (uint8_t event = 0; event < SESSION_EVENTS_N; event++) check_one(state, event);
}
