/* rate_test.c - the bucket and the backoff, in virtual time. */
#include "hal/venues/backoff.h"
#include "tests/kit/test.h"

static struct rate    rate;
static struct backoff backoff;

static int64_t let_go(bool is_urgent, int64_t now_ns)
{
	int64_t count = 0;
	while (count < 1000 && rate_take(&rate, is_urgent, now_ns)) count++;
	return count;
}

TEST(t_X4_plain_requests_leave_the_reserve_alone)
{
	rate_init(&rate, 200, RATE_RESERVE_BP, 0);
	CHECK_EQ(let_go(false, 0), 160);        /* 200 less a fifth */
	CHECK(rate_wait_ns(&rate, false, 0) > 0);
	CHECK_EQ(rate_wait_ns(&rate, true, 0), 0);
	CHECK_EQ(let_go(false, 30 * NS_PER_S), 100);        /* half a minute fills half of 200 */
	CHECK_EQ(let_go(false, 600 * NS_PER_S), 160);       /* never more than a minute's worth */
}

TEST(t_X4_the_wait_is_exact)
{
	rate_init(&rate, 60, 0, 0);
	CHECK_EQ(let_go(false, 0), 60);
	int64_t wait_ns = rate_wait_ns(&rate, false, 0);
	CHECK_EQ(wait_ns, NS_PER_S);
	CHECK(!rate_take(&rate, false, wait_ns - 1));
	CHECK(rate_take(&rate, false, wait_ns));
}

TEST(t_X4_urgent_requests_are_never_refused_here)
{
	rate_init(&rate, 10, RATE_RESERVE_BP, 0);
	CHECK_EQ(let_go(true, 0), 1000);
	CHECK_EQ(rate.over, 990);
	rate_pause(&rate, 30, 0);
	CHECK(!rate_take(&rate, false, 29 * NS_PER_S));
	CHECK(rate_take(&rate, true, 29 * NS_PER_S));
}

TEST(t_X4_the_venue_corrects_the_bucket)
{
	rate_init(&rate, 200, RATE_RESERVE_BP, 0);
	rate_limit(&rate, 1000);
	CHECK_EQ(let_go(false, 0), 800);
	rate_init(&rate, 200, RATE_RESERVE_BP, 0);
	rate_left(&rate, 50);
	CHECK_EQ(let_go(false, 0), 10);
	rate_limit(&rate, 0);
	rate_limit(&rate, INT64_MAX);
	rate_left(&rate, -1);
	rate_left(&rate, INT64_MAX);
	CHECK(rate.tokens_e6 >= 0 && rate.tokens_e6 <= rate.limit_e6);
	rate_pause(&rate, INT64_MAX / NS_PER_S, 0);        /* a venue whose clock is years off */
	CHECK(rate.paused_until_ns <= RATE_PAUSE_MAX_S * NS_PER_S);
}

TEST(t_X5_waits_double_and_start_anew_when_proved)
{
	backoff_init(&backoff, 600, 0);
	CHECK_EQ(backoff_try(&backoff, 0), 0);
	for (uint32_t i = 0; i < 40; i++) {
		backoff_failed(&backoff, 0, 0);
		int64_t want_ns = e8_min((int64_t)BACKOFF_FIRST_MS << (i < 10 ? i : 10), BACKOFF_LAST_MS) * NS_PER_MS;
		CHECK_EQ(backoff_try(&backoff, 0), want_ns);
	}
	backoff_failed(&backoff, UINT64_MAX, 0);
	CHECK(backoff.due_ns >= BACKOFF_LAST_MS * NS_PER_MS && backoff.due_ns < 3 * BACKOFF_LAST_MS * NS_PER_MS / 2);
	backoff_proved(&backoff);
	CHECK_EQ(backoff_try(&backoff, 0), 0);
}

/* A peer that answers once and cuts, for ever: the waits never grow, the budget holds all the same. */
TEST(t_X5_no_reconnect_storm_whatever_the_peer_does)
{
	backoff_init(&backoff, 30, 0);
	for (int64_t now_ns = 0; now_ns < 10 * 60 * NS_PER_S; now_ns += NS_PER_MS)
		if (backoff_try(&backoff, now_ns) == 0) backoff_proved(&backoff);
	CHECK(backoff.tried <= 30 * 11);
	CHECK(backoff.tried >= 30 * 10);
	CHECK(backoff.held > 0);
}
