/* ladder_test.c - how a drawdown is classified, what each level allows, how recovery ramps (R1, R4). */
#include "fsm/risk/ladder.h"

#include "tests/kit/test.h"

TEST(t_R1_a_threshold_belongs_to_the_deeper_level)
{
	struct settings settings;
	settings_default(&settings);
	for (int32_t bp = -100; bp <= 12000; bp++) {
		uint8_t want = bp < 500 ? LADDER_EV_DD_CLEAR : bp < 800 ? LADDER_EV_DD_1 : bp < 1200 ? LADDER_EV_DD_2 : bp < 1500 ? LADDER_EV_DD_3 : LADDER_EV_DD_4;
		CHECK_EQ(ladder_classify(&settings, bp), want);
	}
	settings.value[SETTING_drawdown_level1_bp] = 300;        /* tightened on this machine */
	CHECK_EQ(ladder_classify(&settings, 300), LADDER_EV_DD_1);
	CHECK_EQ(ladder_classify(&settings, INT32_MAX), LADDER_EV_DD_4);
}

TEST(t_R1_what_each_state_allows_and_is_called)
{
	static const struct { uint8_t level; bool more, crypto; } want[LADDER_STATES_N] = {
		[LADDER_CLEAR] = { 0, true, true }, [LADDER_LEVEL1] = { 1, true, false }, [LADDER_LEVEL2] = { 2, false, false },
		[LADDER_LEVEL3] = { 3, false, false }, [LADDER_LEVEL4] = { 4, false, false }, [LADDER_OUT] = { 4, false, false },
		[LADDER_READY] = { 4, false, false }, [LADDER_RECOVERY] = { 1, true, true } };
	for (uint8_t s = 0; s < LADDER_STATES_N; s++) {
		struct ladder ladder = { .state = s };
		CHECK_EQ(ladder_level(&ladder), want[s].level);
		CHECK_EQ(ladder_allows_more(&ladder), want[s].more);
		CHECK_EQ(ladder_allows_crypto(&ladder), want[s].crypto);
	}
}

TEST(t_R4_the_ramp_is_a_quarter_more_each_week_up_to_all)
{
	struct settings settings;
	struct ladder   ladder = { .state = LADDER_RECOVERY };
	settings_default(&settings);
	for (ladder.weeks = 0; ladder.weeks < 1000; ladder.weeks++)
		CHECK_EQ(ladder_ramp_bp(&settings, &ladder), ladder.weeks < 3 ? 2500 * (ladder.weeks + 1) : BP_ONE);
	ladder.state = LADDER_CLEAR;
	ladder.weeks = 0;
	CHECK_EQ(ladder_ramp_bp(&settings, &ladder), BP_ONE);
}
