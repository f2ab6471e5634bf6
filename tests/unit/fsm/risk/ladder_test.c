/* ladder_test.c - how a drawdown is classified, what each state counts as, how recovery ramps (R1, R4). */
#include "fsm/risk/ladder.h"

#include "tests/kit/test.h"

TEST(t_R1_a_threshold_belongs_to_the_deeper_level)
{
	struct settings settings;
	settings_default(&settings);
	for (int32_t bp = -100; bp <= 12000; bp++) {
		uint8_t want = bp < 500 ? LADDER_EV_DD_CLEAR : bp < 800 ? LADDER_EV_DD_1 : bp < 1200 ? LADDER_EV_DD_2 : bp < 1500 ? LADDER_EV_DD_3 : LADDER_EV_DD_4;
		CHECK_EQ(ladder_classify(&settings, bp, 0), want);
	}
	settings.value[SETTING_drawdown_level1_bp] = 300;        /* tightened on this machine */
	CHECK_EQ(ladder_classify(&settings, 300, 0), LADDER_EV_DD_1);
	CHECK_EQ(ladder_classify(&settings, INT32_MAX, 0), LADDER_EV_DD_4);
}

TEST(t_R3_correlation_deepens_a_mark_up_to_level_2_and_never_lightens_it)
{
	struct settings settings;
	settings_default(&settings);
	for (int32_t bp = 0; bp <= 2000; bp += 50)
		for (uint8_t level = 0; level <= 2; level++) {
			uint8_t alone = ladder_classify(&settings, bp, 0), both = ladder_classify(&settings, bp, level);
			CHECK_EQ(both, e8_max(alone, LADDER_EV_DD_CLEAR + level));
		}
}

TEST(t_R1_what_each_state_counts_as)
{
	static const uint8_t want[LADDER_STATES_N] = { [LADDER_CLEAR] = 0, [LADDER_LEVEL1] = 1, [LADDER_LEVEL2] = 2, [LADDER_LEVEL3] = 3,
		[LADDER_LEVEL4] = 4, [LADDER_OUT] = 4, [LADDER_READY] = 4, [LADDER_RECOVERY] = 1 };
	for (uint8_t s = 0; s < LADDER_STATES_N; s++) {
		struct ladder ladder = { .state = s };
		CHECK_EQ(ladder_level(&ladder), want[s]);
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
