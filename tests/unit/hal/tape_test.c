/* tape_test.c - what the world said once can be said again: whole, in order, and with nobody listening outside. */
#include "hal/tape.h"

#include <string.h>

#include "firmware/modes/trading.h"
#include "tests/kit/test.h"

/* --- a small world whose answers are numbers ---------------------------------------------------------------------------- */

struct counting { uint64_t asked, sent; };

static enum hal_recv counting_recv(void *self, struct event *event)
{
	struct counting *world = self;
	uint64_t         n = world->asked++;
	if (n % 5 == 4) return HAL_IDLE;
	*event = event_make(EVENT_PRICE, (uint16_t)(n % UNIVERSE_N), (int64_t)n);
	event->price.px_e8 = (int64_t)n * E8;
	return HAL_EVENT;
}
static void counting_send(void *self, const struct event *event)
{
	(void)event;
	((struct counting *)self)->sent++;
}

static int64_t  counting_now_ns(void *self) { return -(int64_t)++((struct counting *)self)->asked; }
static uint64_t counting_random(void *self) { return ++((struct counting *)self)->asked * UINT64_C(0x9e3779b97f4a7c15); }
static const struct hal_world counting_ports = { counting_recv, counting_send, counting_now_ns, counting_random };

enum { SMALL_BYTES = 1 << 16, ANSWERS = 60 };
static uint8_t         small[SMALL_BYTES];
static struct counting world;
static struct tape     tape;

struct answers { struct event event[ANSWERS]; enum hal_recv recv[ANSWERS]; int64_t now[ANSWERS]; uint64_t random[ANSWERS]; };

static void ask_all(struct hal *hal, struct answers *answers)
{
	struct event order = event_make(EVENT_ORDER_NEW, 0, 0);
	memset(answers, 0, sizeof *answers);
	for (int i = 0; i < ANSWERS; i++) {
		answers->recv[i] = hal_recv(hal, &answers->event[i]);
		answers->now[i] = hal_now_ns(hal);
		if (i % 3 == 0) answers->random[i] = hal_random(hal);
		hal_send(hal, &order);
	}
}

static struct answers said, again;

static struct hal recorded(size_t bytes)
{
	struct hal hal = { &world, &counting_ports, &tape };
	tape_record(&tape, small, bytes);
	ask_all(&hal, &said);
	return hal;
}

TEST(t_P15_a_tape_says_the_same_again_and_the_world_is_not_asked)
{
	struct hal hal = recorded(SMALL_BYTES);
	CHECK(!tape.full);
	CHECK_EQ(world.sent, ANSWERS);
	struct counting before = world;
	tape_rewind(&tape);
	ask_all(&hal, &again);
	CHECK(memcmp(&said, &again, sizeof said) == 0);
	CHECK(!tape.diverged);
	CHECK(memcmp(&before, &world, sizeof world) == 0);
	CHECK_EQ(said.recv[4], HAL_EVENT);
	struct event event;
	CHECK_EQ(hal_recv(&hal, &event), HAL_END);        /* nothing behind the end */
	CHECK_EQ(hal_random(&hal), 0);
	CHECK(!tape.diverged);
}

TEST(t_P15_a_tape_plays_twice)
{
	struct hal hal = recorded(SMALL_BYTES);
	for (int i = 0; i < 2; i++) {
		tape_rewind(&tape);
		ask_all(&hal, &again);
		CHECK(memcmp(&said, &again, sizeof said) == 0);
	}
}

TEST(t_P15_a_full_tape_says_so_and_keeps_a_whole_beginning)
{
	for (size_t bytes = 0; bytes < 2000; bytes += 7) {
		struct answers first;
		world = (struct counting){ 0, 0 };
		struct hal hal = recorded(bytes);
		first = said;
		CHECK(tape.full);
		CHECK(tape.used <= bytes);
		tape_rewind(&tape);
		ask_all(&hal, &again);
		int same = 0;
		while (same < ANSWERS && memcmp(&first.event[same], &again.event[same], sizeof first.event[0]) == 0 && first.recv[same] == again.recv[same]) same++;
		CHECK(same >= (int)(bytes / 200) && same < ANSWERS);        /* one turn is at most 144 + 16 + 16 bytes */
		CHECK_EQ(again.recv[ANSWERS - 1], HAL_END);
	}
}

TEST(t_P15_another_question_diverges_and_is_never_guessed)
{
	struct hal   hal = recorded(SMALL_BYTES);
	struct event event;
	tape_rewind(&tape);
	CHECK_EQ(hal_recv(&hal, &event), HAL_EVENT);
	CHECK_EQ(hal_random(&hal), 0);        /* the tape has a clock here */
	CHECK(tape.diverged);
	CHECK_EQ(hal_now_ns(&hal), 0);
	CHECK_EQ(hal_recv(&hal, &event), HAL_END);
	tape_rewind(&tape);
	tape.diverged = false;
	CHECK_EQ(hal_now_ns(&hal), 0);
	CHECK(tape.diverged);
}

/* --- a whole backtest ---------------------------------------------------------------------------------------------------- */

enum { TAPE_BYTES = 24 << 20 };
static uint8_t long_tape[TAPE_BYTES];

static uint64_t disturb(void *self) { return ++*(uint64_t *)self; }
static int64_t  nobody_now_ns(void *self) { return (int64_t)disturb(self); }

static enum hal_recv nobody_recv(void *self, struct event *event)
{
	(void)event;
	disturb(self);
	return HAL_END;
}

static void nobody_send(void *self, const struct event *event)
{
	(void)event;
	disturb(self);
}

static const struct hal_world nobody = { nobody_recv, nobody_send, nobody_now_ns, disturb };

static struct trading *generated(void)
{
	struct trading_plan plan = { .from_day = day_from_civil(2016, 1, 1), .to_day = day_from_civil(2016, 9, 30), .seed = 5, .operator_confirms = true };
	struct trading     *trading = trading_take();
	BUG_UNLESS(4325, trading);
	settings_default(&plan.settings);
	BUG_UNLESS(4326, trading_boot(trading, &plan, 1));
	return trading;
}

TEST(t_P15_a_backtest_played_from_its_tape_comes_to_the_same_state)
{
	uint64_t        disturbed = 0;
	struct trading *trading = generated();
	trading->hal.tape = &tape;
	tape_record(&tape, long_tape, sizeof long_tape);
	while (trading_turn(trading)) {}
	uint64_t hash = desk_hash(&trading->rooms.desk), inputs = trading->rooms.desk.inputs, orders = trading->rooms.desk.orders_sent;
	CHECK(!tape.full);
	CHECK(orders > 20);
	map_drop(trading->map);
	struct trading *played = generated();
	played->hal = (struct hal){ &disturbed, &nobody, &tape };
	tape_rewind(&tape);
	while (trading_turn(played)) {}
	CHECK_EQ(played->rooms.desk.inputs, inputs);
	CHECK_EQ(played->rooms.desk.orders_sent, orders);
	CHECK_EQ(desk_hash(&played->rooms.desk), hash);
	CHECK_EQ(disturbed, 0);
	CHECK(!tape.diverged);
}
