/* tape_test.c - what the world said once can be said again: whole, in order, and with nobody listening outside. */
#include "hal/tape.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* --- with a file ------------------------------------------------------------------------------------------------------- */

enum { BLOCK = 200, ENTRIES = 50 };
static uint8_t block[BLOCK], file[SMALL_BYTES];

/* Entries of 0 .. 49 bytes, over many blocks; how many bytes of the file. */
static size_t written(uint64_t file_bytes_max)
{
	char path[256];
	(void)snprintf(path, sizeof path, "%s/tape", test_folder());
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	CHECK(fd > 0);
	tape_record(&tape, block, sizeof block);
	tape_to_file(&tape, fd, file_bytes_max);
	for (uint32_t i = 0; i < ENTRIES; i++) {
		uint8_t payload[ENTRIES];
		memset(payload, (int)i, sizeof payload);
		tape_keep(&tape, (struct tape_entry){ .kind = TAPE_READ, .number = (uint16_t)i, .bytes = i, .value = i * i }, payload);
	}
	(void)tape_flush(&tape);
	memset(file, 0, sizeof file);
	ssize_t got = pread(fd, file, sizeof file, 0);
	close(fd);
	CHECK(got > 0 && (uint64_t)got == tape.file_bytes);
	return (size_t)got;
}

static uint32_t read_again(size_t used)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	uint32_t          count = 0;
	tape_play(&tape, file, used);
	for (; tape_next(&tape, &entry, &payload); count++) {
		CHECK(entry.number == count && entry.bytes == count && entry.value == (uint64_t)count * count);
		for (uint32_t i = 0; i < entry.bytes; i++) CHECK(payload[i] == count);
	}
	return count;
}

TEST(t_P15_a_tape_in_a_file_is_read_as_it_was_written)
{
	uint64_t bad_at;
	size_t   bytes = written(SMALL_BYTES);
	CHECK(!tape.full && tape.blocks > 5);
	size_t used = tape_unpack(file, sizeof file, &bad_at); /* zeros behind it: the room that it was given */
	CHECK(bad_at == UINT64_MAX && used < bytes);
	CHECK_EQ(read_again(used), ENTRIES);
}

TEST(t_P15_a_tape_in_a_file_that_is_full_says_so)
{
	uint64_t bad_at;
	size_t   bytes = written(1000);
	CHECK(tape.full && bytes <= 1000);
	size_t   used = tape_unpack(file, sizeof file, &bad_at);
	uint32_t count = read_again(used);
	CHECK(bad_at == UINT64_MAX && count > 5 && count < ENTRIES);
}

TEST(t_P15_a_tape_with_a_bit_turned_is_refused_at_its_block)
{
	uint64_t bad_at;
	size_t   bytes = written(SMALL_BYTES);
	for (size_t at = 0; at < bytes; at++) {
		(void)written(SMALL_BYTES);
		file[at] ^= (uint8_t)(1u << at % 8);
		(void)tape_unpack(file, sizeof file, &bad_at);
		CHECK(bad_at <= at && at - bad_at < BLOCK);
	}
}

TEST(t_P15_a_tape_diverges_at_the_first_other_question)
{
	struct tape_entry entry;
	const uint8_t    *payload;
	uint64_t          bad_at;
	(void)written(SMALL_BYTES);
	tape_play(&tape, file, tape_unpack(file, sizeof file, &bad_at));
	CHECK(tape_take(&tape, TAPE_READ, 0, &entry, &payload));
	size_t at = tape.at;
	CHECK(!tape_take(&tape, TAPE_NOW, 0, &entry, &payload) && tape.diverged && tape.at == at);
	CHECK_STR(tape.why, tape_kind_text[TAPE_READ]);
	CHECK(!tape_next(&tape, &entry, &payload));
}
