/* analyst_test.c - what of the analyst a successor needs: all that steps change, and no more than that. */
#include "firmware/workers/analyst.h"

#include "fsm/desk/shares.h"
#include "fsm/feed/calendar.h"
#include "tests/kit/test.h"

static struct analyst analyst, before;
static struct outbox  out;

static void step(struct event event)
{
	outbox_begin(&out, 0, 1, event.t_ns);
	analyst_step(&analyst, &event, &out);
}

static void day(int32_t number)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct event bar = event_make(EVENT_BAR, sym, number * NS_PER_DAY);
		int64_t      px_e8 = (100 + (number * 7 + sym) % 13) * E8;
		bar.bar = (struct bar){ .open_px_e8 = px_e8, .high_px_e8 = px_e8 + E8, .low_px_e8 = px_e8 - E8, .close_px_e8 = px_e8, .adj_px_e8 = px_e8,
			.volume = 1000, .day = number };
		step(bar);
	}
	struct event tick = event_make(EVENT_TICK, SYM_NONE, number * NS_PER_DAY);
	tick.tick.phase = TICK_CLOSE;
	tick.tick.calendar = CALENDAR_NYSE;
	step(tick);
}

static size_t changed_bytes(void)
{
	const uint8_t *now = (const uint8_t *)&analyst, *then = (const uint8_t *)&before;
	size_t         end = sizeof analyst;
	while (end > 0 && now[end - 1] == then[end - 1]) end--;
	return end;
}

static void run(const struct settings *settings)
{
	analyst_init(&analyst, settings);
	before = analyst;
	for (int32_t number = 1; number <= 320; number++) day(number);
}

TEST(t_P3_analyst_commit_holds_all_that_changes)
{
	struct settings settings;
	settings_default(&settings);
	run(&settings);
	CHECK(changed_bytes() <= analyst_live_bytes(&analyst));
	CHECK(analyst_live_bytes(&analyst) < sizeof analyst / 2);        /* eight strategies are off */
}

/* A strategy far down the list is given a share: its state moves to the front and is part of the commit. */
TEST(t_P3_analyst_commit_holds_each_strategy_with_a_share)
{
	struct settings settings;
	int             moved = 0;
	for (int id = 0; id < STRATEGY_COUNT; id++) {
		settings_default(&settings);
		CHECK(strategy_share_only(&settings, id));
		run(&settings);
		CHECK(changed_bytes() <= analyst_live_bytes(&analyst));
		moved += changed_bytes() > offsetof(struct analyst, room);
	}
	CHECK(moved >= STRATEGY_COUNT / 2);        /* not all read what there is here */
}

TEST(t_P3_analyst_states_of_strategies_do_not_overlap)
{
	struct settings settings;
	settings_default(&settings);
	analyst_init(&analyst, &settings);
	for (int a = 0; a < STRATEGY_COUNT; a++)
		for (int b = 0; b < STRATEGY_COUNT; b++) {
			if (a == b || analyst.state_at[a] > analyst.state_at[b]) continue;
			CHECK(analyst.state_at[a] + strategy_of((enum strategy_id)a)->state_bytes <= analyst.state_at[b]);
		}
}

TEST(t_S1_states_of_all_strategies_fit_the_analysts_room)
{
	uint32_t sum = 0;
	for (int id = 0; id < STRATEGY_COUNT; id++) sum += (strategy_of((enum strategy_id)id)->state_bytes + 15u) & ~15u;
	CHECK(sum <= ANALYST_ROOM_BYTES);        /* else raise it in analyst.h */
}
