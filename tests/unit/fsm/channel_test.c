/* channel_test.c - rings between processes: nothing lost, nothing out of order, repeats recognisable, full counted (P7). */
#include "fsm/channel.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/kit/random.h"
#include "tests/kit/test.h"

enum { SLOTS = 8, FLOOD_SLOTS = 1024, FLOOD = 1000000, KILLS = 200 };

struct record { uint64_t seq, number, square, pad[5]; };
_Static_assert(sizeof(struct record) == 64, "one of the three sizes");

/* Both regions of a channel and what the test wants to see across processes. */
struct shared {
	struct channel_tail   tail;
	struct record         slot[FLOOD_SLOTS];
	struct channel_cursor cursor;
	volatile uint64_t     made, stop;
};

static struct shared *make_shared(struct channel *channel, uint32_t slots_n)
{
	struct shared *shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) SKIP("no shared memory");
	channel_bind(channel, &shared->tail, shared->slot, &shared->cursor, slots_n, sizeof(struct record));
	channel_init(channel);
	return shared;
}

static bool put(const struct channel *channel, uint64_t number)
{
	struct record record = { UINT64_MAX, number, number * number, { 0 } };
	return channel_put(channel, &record, sizeof record);
}

TEST(t_P7_what_is_put_is_taken_in_order_with_its_sequence)
{
	struct channel channel;
	struct record  record = { 0 };
	(void)make_shared(&channel, SLOTS);
	CHECK(!channel_peek(&channel, &record, sizeof record));
	for (uint64_t i = 1; i <= 3; i++) CHECK(put(&channel, i));
	CHECK_EQ(channel_waiting(&channel), 3);
	for (uint64_t i = 1; i <= 3; i++) {
		CHECK(channel_peek(&channel, &record, sizeof record));
		CHECK(record.seq == i && record.number == i && record.square == i * i);
		channel_done(&channel);
	}
	CHECK(!channel_peek(&channel, &record, sizeof record));
	CHECK_EQ(channel_waiting(&channel), 0);
}

TEST(t_P7_a_consumer_that_dies_before_done_sees_the_record_again)
{
	struct channel channel, successor;
	struct record  first = { 0 }, again = { 0 };
	struct shared *shared = make_shared(&channel, SLOTS);
	CHECK(put(&channel, 7) && put(&channel, 8));
	CHECK(channel_peek(&channel, &first, sizeof first));
	channel_bind(&successor, &shared->tail, shared->slot, &shared->cursor, SLOTS, sizeof(struct record));
	CHECK(channel_peek(&successor, &again, sizeof again));
	CHECK(again.seq == first.seq && again.number == 7);
	channel_done(&successor);
	CHECK(channel_peek(&successor, &again, sizeof again));
	CHECK_EQ(again.number, 8);
}

TEST(t_P7_full_refuses_counts_and_keeps_what_was_there)
{
	struct channel channel;
	struct record  record = { 0 };
	struct shared *shared = make_shared(&channel, SLOTS);
	for (uint64_t i = 0; i < SLOTS; i++) CHECK(put(&channel, i));
	CHECK(!put(&channel, 99));
	CHECK(!put(&channel, 99));
	CHECK_EQ(shared->tail.full_count, 2);
	CHECK_EQ(shared->tail.low_water, 0);
	CHECK(channel_peek(&channel, &record, sizeof record));
	CHECK_EQ(record.number, 0);
	channel_done(&channel);
	CHECK(put(&channel, SLOTS));
	CHECK(!put(&channel, 99));
	for (uint64_t i = 1; i <= SLOTS; i++) {
		CHECK(channel_peek(&channel, &record, sizeof record));
		CHECK_EQ(record.number, i);
		channel_done(&channel);
	}
	CHECK(!channel_peek(&channel, &record, sizeof record));
}

TEST(t_P7_wraps_for_ever_and_low_water_is_what_the_producer_saw)
{
	struct channel channel;
	struct record  record = { 0 };
	struct shared *shared = make_shared(&channel, SLOTS);
	for (uint64_t i = 0; i < 1000 * SLOTS; i++) {
		CHECK(put(&channel, i));
		if (i < 3) continue;        /* three records always wait */
		CHECK(channel_peek(&channel, &record, sizeof record));
		CHECK_EQ(record.number, i - 3);
		channel_done(&channel);
	}
	CHECK_EQ(shared->tail.full_count, 0);
	CHECK_EQ(channel_waiting(&channel), 3);
	CHECK_EQ(shared->tail.low_water, SLOTS - 3);
}

static void consume_flood(const struct channel *channel)
{
	struct record record = { 0 };
	for (uint64_t want = 1; want <= FLOOD;) {
		if (!channel_peek(channel, &record, sizeof record)) continue;
		if (record.seq != want || record.number != want || record.square != want * want) _exit(1);
		channel_done(channel);
		want++;
	}
	_exit(channel_peek(channel, &record, sizeof record) ? 2 : 0);
}

TEST(t_P7_a_million_records_between_two_processes_in_order_and_none_lost)
{
	struct channel channel;
	(void)make_shared(&channel, FLOOD_SLOTS);
	pid_t child = fork();
	if (child == 0) consume_flood(&channel);
	for (uint64_t i = 1; i <= FLOOD; i++)
		while (!put(&channel, i)) continue;
	int status = -1;
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 0);
	CHECK_EQ(channel.cursor->next, FLOOD);
}

/* A producer that is killed anywhere; its successor goes on where it was. */
static void produce_until_killed(const struct channel *channel, struct shared *shared)
{
	channel_repair(channel);
	for (;;)
		if (put(channel, shared->tail.tail + 1)) shared->made++;
}

static void sleep_us(int64_t us)
{
	struct timespec time = { 0, us * 1000 };
	nanosleep(&time, 0);
}

static void consume_until_told(const struct channel *channel, struct shared *shared)
{
	struct record record = { 0 };
	uint64_t      want = 1;
	for (;;) {
		bool is_last_look = shared->stop;        /* asked before it looks: what was put until then is taken */
		if (channel_peek(channel, &record, sizeof record)) {
			if (record.seq != want || record.number != want || record.square != want * want) _exit(1);
			channel_done(channel);
			want++;
		} else if (is_last_look)
			_exit(0);
	}
}

/* It has put something in this life, however late the machine lets it run. One in eight is killed without having been waited for. */
static void wait_for_a_put(const struct shared *shared, uint64_t before, int life)
{
	while (life % 8 != 0 && __atomic_load_n(&shared->tail.tail, __ATOMIC_RELAXED) == before) sleep_us(50);
}

TEST(t_P7_a_producer_killed_anywhere_leaves_no_hole_and_overwrites_nothing)
{
	struct channel channel;
	struct random  random = { 7 };
	struct shared *shared = make_shared(&channel, SLOTS);
	pid_t          consumer = fork();
	if (consumer == 0) consume_until_told(&channel, shared);
	for (int i = 0; i < KILLS; i++) {
		uint64_t before = __atomic_load_n(&shared->tail.tail, __ATOMIC_RELAXED);
		pid_t    producer = fork();
		if (producer == 0) produce_until_killed(&channel, shared);
		wait_for_a_put(shared, before, i);
		sleep_us(random_between(&random, 50, 1500));
		kill(producer, SIGKILL);
		waitpid(producer, 0, 0);
	}
	channel_repair(&channel);
	shared->stop = 1;        /* when all is taken */
	int status = -1;
	waitpid(consumer, &status, 0);
	CHECK_EQ(status, 0);
	CHECK_EQ(channel_waiting(&channel), 0);
	CHECK(channel.cursor->next >= shared->made && channel.cursor->next >= KILLS - (KILLS + 7) / 8);
}

/* The two instants a kill can fall between, made by hand. */
TEST(t_P7_repair_completes_a_put_that_was_published_but_not_counted)
{
	struct channel channel;
	struct record  record = { 0 };
	struct shared *shared = make_shared(&channel, SLOTS);
	CHECK(put(&channel, 1) && put(&channel, 2));
	shared->tail.tail = 1;        /* killed after slot 2 was published, before the tail moved */
	CHECK(channel_peek(&channel, &record, sizeof record));
	channel_done(&channel);
	CHECK(channel_peek(&channel, &record, sizeof record));
	channel_done(&channel);
	channel_repair(&channel);
	CHECK_EQ(shared->tail.tail, 2);
	CHECK(put(&channel, 3));
	CHECK(channel_peek(&channel, &record, sizeof record));
	CHECK(record.seq == 3 && record.number == 3);
	channel_repair(&channel);        /* nothing to do: changes nothing */
	CHECK_EQ(shared->tail.tail, 3);
}

static void put_a_wrong_size(void)
{
	struct channel channel;
	uint8_t        record[128] = { 0 };
	(void)make_shared(&channel, SLOTS);
	(void)channel_put(&channel, record, sizeof record);
}

static void bind_an_odd_ring(void)
{
	struct channel channel;
	channel_bind(&channel, 0, 0, 0, 12, 64);
}

static void bind_an_odd_record(void)
{
	struct channel channel;
	channel_bind(&channel, 0, 0, 0, 16, 96);
}

TEST(t_P7_wrong_sizes_trap)
{
	CHECK_BUG(put_a_wrong_size, 1112);
	CHECK_BUG(bind_an_odd_ring, 1110);
	CHECK_BUG(bind_an_odd_record, 1111);
}
