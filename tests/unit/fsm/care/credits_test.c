/* credits_test.c - the model against AWS's rules worked out second by second, and what is shed in which order (rows P3, O4). */
#include "fsm/care/credits.h"

#include "tests/kit/random.h"
#include "tests/kit/test.h"

static struct settings settings;
static struct credits  credits;

static void begin(bool is_unlimited)
{
	struct credits_limits limits;
	settings_default(&settings);
	credits_limits_from(&limits, &settings);
	limits.is_unlimited = is_unlimited;
	credits_begin(&credits, &limits);
}

/* So many seconds with so many per cent of both vCPUs, a second at a time. */
static void live(int64_t seconds, int64_t percent)
{
	for (int64_t i = 0; i < seconds; i++) credits_step(&credits, credits.at_ns + NS_PER_S, credits.used_ns + 2 * NS_PER_S * percent / 100);
}

TEST(t_P3_an_idle_hour_earns_twelve_credits_and_no_more_than_the_maximum_is_kept)
{
	begin(false);
	live(3600, 0);
	CHECK_EQ(credits.balance_ns, 12 * CREDIT_NS);
	CHECK_EQ(credits_empty_in_ns(&credits), CREDITS_NEVER_NS);
	live(24 * 3600, 0);
	CHECK_EQ(credits.balance_ns, 144 * CREDIT_NS);
}

TEST(t_P3_ten_per_cent_of_both_is_the_baseline)
{
	begin(false);
	live(3600, 0);
	live(7200, 10);
	CHECK_EQ(credits.balance_ns, 12 * CREDIT_NS);
}

TEST(t_P3_both_at_full_speed_spend_two_a_minute_less_what_is_earned)
{
	begin(false);
	live(12 * 3600, 0);
	CHECK_EQ(credits.balance_ns, 144 * CREDIT_NS);
	live(600, 100);        /* 20 spent, 2 earned */
	CHECK_EQ(credits.balance_ns, 126 * CREDIT_NS);
	live(6 * 3600, 100);
	CHECK(credits.balance_ns == 0 && credits.surplus_ns == 0);
}

TEST(t_P3_an_unlimited_machine_pays_its_surplus_back_first)
{
	begin(true);
	live(600, 100);
	CHECK(credits.balance_ns == 0 && credits.surplus_ns == 18 * CREDIT_NS);
	live(5400, 0);
	CHECK(credits.balance_ns == 0 && credits.surplus_ns == 0);
	live(300, 0);
	CHECK_EQ(credits.balance_ns, CREDIT_NS);
}

TEST(t_P3_the_first_look_begins_at_the_machine_s_boot)
{
	begin(false);
	credits_step(&credits, 5 * 3600 * NS_PER_S, 20 * CREDIT_NS);
	CHECK_EQ(credits.balance_ns, 40 * CREDIT_NS);
}

TEST(t_P3_days_to_empty_are_the_balance_at_the_pace_of_the_last_hours)
{
	begin(false);
	live(12 * 3600, 0);
	live(2 * 3600, 15);        /* 18 an hour, 12 earned: 6 net; the idle hours are forgotten */
	CHECK_EQ(credits.balance_ns, 132 * CREDIT_NS);
	CHECK_EQ(credits_empty_in_ns(&credits) / (3600 * NS_PER_S), 22);
}

/* A reference of its own: whole nanoseconds of CPU in sixtieths, nothing shared with the model but the rules. */
TEST(t_P3_any_life_agrees_with_the_rules_added_up)
{
	struct random random = { 4561 };
	for (int run = 0; run < 200; run++) {
		bool unlimited = run & 1;
		i128 sixtieths = 0, most = (i128)144 * 60 * CREDIT_NS;
		begin(unlimited);
		for (int step = 0; step < 500; step++) {
			int64_t span_ns = random_between(&random, 0, 3600 * NS_PER_S), spent_ns = random_between(&random, 0, 2 * span_ns);
			if (random_below(&random, 3)) spent_ns /= 8;
			credits_step(&credits, credits.at_ns + span_ns, credits.used_ns + spent_ns);
			sixtieths += (i128)span_ns * 12 - (i128)spent_ns * 60;
			if (sixtieths > most) sixtieths = most;
			if (sixtieths < 0 && !unlimited) sixtieths = 0;
			int64_t want_ns = (int64_t)(sixtieths / 60), have_ns = credits.balance_ns - credits.surplus_ns;
			CHECK(have_ns - want_ns <= step + 1 && want_ns - have_ns <= step + 1);        /* a nanosecond a clamp is lost or kept */
			CHECK(credits.balance_ns >= 0 && credits.balance_ns <= 144 * CREDIT_NS && (credits.balance_ns == 0 || credits.surplus_ns == 0));
		}
	}
}

TEST(t_P3_a_clock_that_runs_backwards_earns_and_spends_nothing)
{
	begin(false);
	live(3600, 0);
	credits_step(&credits, NS_PER_S, 0);
	CHECK_EQ(credits.balance_ns, 12 * CREDIT_NS);
}

TEST(t_P3_reports_are_shed_first_then_copies_and_come_back_in_turn)
{
	const uint64_t reports = UINT64_C(1) << SHED_REPORTS, copies = UINT64_C(1) << SHED_COPIES;
	uint64_t       seen[8] = { 0 };
	int            n = 0;
	begin(false);
	live(3 * 3600, 0);
	CHECK(!credits_judge(&credits, &settings) && credits.shed == 0);        /* 36 */
	for (int minute = 0; minute < 30; minute++) {
		live(60, 100);
		if (credits_judge(&credits, &settings)) seen[n++] = credits.shed;
	}
	for (int minute = 0; minute < 400; minute++) {
		live(60, 0);
		if (credits_judge(&credits, &settings)) seen[n++] = credits.shed;
	}
	CHECK_EQ(n, 4);
	CHECK(seen[0] == reports && seen[1] == (reports | copies) && seen[2] == reports && seen[3] == 0);
}
