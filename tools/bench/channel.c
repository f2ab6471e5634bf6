/* channel.c - a hop from process to process on two cores, beside two cache lines that do nothing but travel. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fsm/channel.h"
#include "fsm/event.h"
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

enum { HOP_TURNS = 301, ROUNDS = 500, SLOTS = 1024, RECORDS = 10000, FLOW_TURNS = 301, SMALL_BYTES = 64 };
static const double hop_goal = 1.1;

struct line { _Alignas(64) uint64_t word; };

/* Two of everything: there and back. */
struct pair {
	struct line           line[2];
	struct channel_tail   tail[2];
	struct channel_cursor cursor[2];
	uint8_t               slots[2][SLOTS * EVENT_BYTES];
};
struct room { _Alignas(4096) struct pair raw, small, large, small_flow, large_flow; struct line go; };

static void bind(struct channel *channel, struct pair *pair, int way, uint32_t record_bytes, bool first)
{
	channel_bind(channel, &pair->tail[way], pair->slots[way], &pair->cursor[way], SLOTS, record_bytes);
	if (first) channel_init(channel);
}

static inline void wait_word(struct line *line, uint64_t value)
{
	while (__atomic_load_n(&line->word, __ATOMIC_ACQUIRE) != value) {}
}

/* The first side begins, the second answers; `done` counts over all turns. */
static void raw_rounds(struct pair *pair, bool begins, uint64_t done)
{
	for (uint64_t i = done + 1; i <= done + ROUNDS; i++) {
		if (begins) __atomic_store_n(&pair->line[0].word, i, __ATOMIC_RELEASE);
		wait_word(&pair->line[begins], i);
		if (!begins) __atomic_store_n(&pair->line[1].word, i, __ATOMIC_RELEASE);
	}
}

#define CHANNEL_ROUNDS(name, bytes)                                                              \
	static void name(struct pair *pair, bool begins, uint64_t done)                         \
	{                                                                                       \
		struct channel  out, in;                                                        \
		static uint64_t record[(bytes) / 8];                                            \
		(void)done;                                                                     \
		bind(&out, pair, !begins, bytes, false);                                        \
		bind(&in, pair, begins, bytes, false);                                          \
		for (int i = 0; i < ROUNDS; i++) {                                              \
			if (begins) (void)channel_put(&out, record, bytes);                     \
			while (!channel_peek(&in, record, bytes)) {} \
			channel_done(&in);                                                      \
			if (!begins) (void)channel_put(&out, record, bytes);                    \
		}                                                                               \
	}
CHANNEL_ROUNDS(small_rounds, SMALL_BYTES)
CHANNEL_ROUNDS(large_rounds, EVENT_BYTES)

/* The other side has taken all. */
static void last_word(struct pair *pair, bool begins, uint64_t done)
{
	if (!begins) __atomic_store_n(&pair->line[0].word, done + 1, __ATOMIC_RELEASE);
	if (begins) wait_word(&pair->line[0], done + 1);
}

#define CHANNEL_FLOW(name, bytes)                                                                \
	static void name(struct pair *pair, bool begins, uint64_t done)                         \
	{                                                                                       \
		struct channel  way;                                                            \
		static uint64_t record[(bytes) / 8];                                            \
		(void)done;                                                                     \
		bind(&way, pair, 0, bytes, false);                                              \
		for (int i = 0; i < RECORDS; i++) {                                             \
			if (begins) {                                                           \
				while (!channel_put(&way, record, bytes)) {} \
			} else {                                                                \
				while (!channel_peek(&way, record, bytes)) {} \
				channel_done(&way);                                             \
			}                                                                       \
		}                                                                               \
		last_word(pair, begins, done);                                                  \
	}
CHANNEL_FLOW(small_flow, SMALL_BYTES)
CHANNEL_FLOW(large_flow, EVENT_BYTES)

typedef void rounds_fn(struct pair *pair, bool begins, uint64_t done);

/* Both sides go through the same plan; a turn begins when both are there. */
static double turn(struct room *room, rounds_fn *rounds, struct pair *pair, bool begins, uint64_t number, uint64_t done)
{
	if (begins)
		__atomic_store_n(&room->go.word, number, __ATOMIC_RELEASE);
	else
		wait_word(&room->go, number);
	double begun_ns = now_ns();
	rounds(pair, begins, done);
	return now_ns() - begun_ns;
}

enum { RAW, SMALL, LARGE, FLOW_SMALL, FLOW_LARGE, KINDS_N };

static void plan(struct room *room, bool begins, struct series series[KINDS_N])
{
	uint64_t number = 0;
	for (uint64_t i = 0; i < HOP_TURNS; i++) {
		series_add(&series[RAW], turn(room, raw_rounds, &room->raw, begins, ++number, i * ROUNDS) / (2 * ROUNDS));
		series_add(&series[SMALL], turn(room, small_rounds, &room->small, begins, ++number, 0) / (2 * ROUNDS));
		series_add(&series[LARGE], turn(room, large_rounds, &room->large, begins, ++number, 0) / (2 * ROUNDS));
	}
	for (uint64_t i = 0; i < FLOW_TURNS; i++) {
		series_add(&series[FLOW_SMALL], turn(room, small_flow, &room->small_flow, begins, ++number, i) / RECORDS);
		series_add(&series[FLOW_LARGE], turn(room, large_flow, &room->large_flow, begins, ++number, i) / RECORDS);
	}
}

static void make_channels(struct room *room)
{
	struct pair   *pair[] = { &room->small, &room->large, &room->small_flow, &room->large_flow };
	struct channel channel;
	for (size_t i = 0; i < sizeof pair / sizeof pair[0]; i++)
		for (int way = 0; way < 2; way++) bind(&channel, pair[i], way, i % 2 ? EVENT_BYTES : SMALL_BYTES, true);
}

void bench_channel(const struct bench *bench)
{
	static struct series series[KINDS_N], other[KINDS_N];
	static const char    how[] = "two pinned processes, spinning, 301 turns of 500 round trips";
	struct room         *room = shared_memory(sizeof *room);
	(void)bench;
	make_channels(room);
	pid_t child = fork();
	if (child < 0) give_up("no process for", "the other side of a channel");
	if (child == 0) {
		if (!pin_to(1)) _exit(1);
		plan(room, false, other);
		_exit(0);
	}
	int status = 0;
	if (!pin_to(0) || waitpid(child, &status, WNOHANG) != 0) {
		kill(child, SIGKILL);
		report_note("channel hop", "skipped: it needs two cores");
		return;
	}
	plan(room, true, series);
	waitpid(child, &status, 0);
	double raw_ns = series_median(&series[RAW]);
	report(&(struct row){ "channel hop, 64 bytes", "ns", series_median(&series[SMALL]), "two raw cache lines", raw_ns, GOAL_OF_RATIO, hop_goal, how });
	report(&(struct row){ "channel hop, event of 128", "ns", series_median(&series[LARGE]), "two raw cache lines", raw_ns, GOAL_NONE, 0,
	    "two lines travel, not one" });
	report(&(struct row){ "channel flow, 64 bytes", "M/s", 1e3 / series_median(&series[FLOW_SMALL]), 0, 0, GOAL_NONE, 0, "301 turns of 10,000 records" });
	report(&(struct row){ "channel flow, event of 128", "M/s", 1e3 / series_median(&series[FLOW_LARGE]), 0, 0, GOAL_NONE, 0, "301 turns of 10,000 records" });
}
