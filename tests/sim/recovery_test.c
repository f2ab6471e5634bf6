/* recovery_test.c - the power goes at any moment of a run: what the journal gives back is a state the run has been in, no order that
 * added risk is missing from it, and going on from there ends where the undisturbed run ended. */
#include <stdlib.h>

#include "firmware/modes/recorder.h"
#include "hal/sim/disk.h"
#include "hal/store/journal_read.h"
#include "tests/sim/pipeline_kit.h"

enum {
	SEED = 12,
	SEGMENT_BYTES = 4 << 20,
	SEGMENTS_MAX = 10,
	DISK_BYTES = SEGMENTS_MAX * SEGMENT_BYTES + JOURNAL_PAGE_BYTES,
	INPUTS_MAX = 60000,
	CUTS = 12,
	CUTS_LONG = 200
};

static struct line           line;
static struct disk_sim       disk;
static uint8_t               disk_memory[DISK_BYTES], disk_durable[DISK_BYTES];
static struct journal        journal;
static struct journal_setup  setup;
static struct journal_reader reader;
static struct desk           desk;
static struct machine_log    machine_log;
static struct outbox         outbox;
static uint8_t               buffer[1 << 20], window[1 << 20];
static uint64_t              hash_at[INPUTS_MAX];        /* of the undisturbed run, after each input */
static uint64_t              inputs_n, events_n;
static uint64_t              risk_sent;                  /* the last input whose order added risk and left */

static void spy_send(void *self, const struct event *event)
{
	if (event->kind == EVENT_ORDER_NEW && !event->request.reduce_only) risk_sent = event->cause;
	sim_world_ports.send(self, event);
}
static enum hal_recv    spy_recv(void *self, struct event *event) { return sim_world_ports.recv(self, event); }
static struct hal_world spy = { spy_recv, spy_send, 0, 0 };

static void begin(void)
{
	line_begin(&line, SEED, day_from_civil(2015, 3, 1), day_from_civil(2016, 6, 30));
	line.trading->hal.world = &spy;
	recorder_setup(&setup, &line.trading->rooms.desk.settings, TRADE_SIM);
	line.trading->pump.durable = true;
}

static void begin_on_new_disk(void)
{
	struct journal_plan plan = { .journal_id = 1, .segment_bytes = SEGMENT_BYTES, .segments_max = SEGMENTS_MAX, .shape = JOURNAL_GROW };
	begin();
	disk_sim_init(&disk);
	disk_sim_room(&disk, disk_memory, disk_durable, sizeof disk_memory);
	memset(disk_memory, 0, sizeof disk_memory);
	memset(disk_durable, 0, sizeof disk_durable);
	BUG_UNLESS(4335, journal_create(&journal, &disk.disk, "journal", &plan, &setup, buffer, sizeof buffer) == JOURNAL_OK);
	line.trading->pump.journal = &journal;
	risk_sent = 0;
}

static void step(const struct journal_record *record)
{
	struct desk_worker    worker = { &desk, &machine_log };
	struct journal_record copy = *record;
	struct event          in;
	CHECK(journal_event_next(&copy, &in));
	in.cause = record->input_seq;
	CHECK_EQ(in.cause, desk.inputs + 1);
	outbox_begin(&outbox, WORKER_desk, in.cause, in.t_ns);
	desk_step(&worker, &in, &outbox);
}

/* From the snapshot the reader stands at to the end. keep: these are the hashes to come to; else they are compared. */
static void step_to_the_end(bool keep)
{
	struct journal_record record;
	uint64_t              wrong_results = 0, wrong_hashes = 0;
	CHECK_EQ(journal_read_state(&reader, &desk, sizeof desk, &record), JOURNAL_OK);
	CHECK_EQ(desk_hash(&desk), record.state_hash);
	for (enum journal_type type; (type = journal_read_next(&reader, &record)) != JOURNAL_END;) {
		if (type == JOURNAL_RESULT) wrong_results += !journal_result_same(&record, &outbox);
		if (type != JOURNAL_INPUT) continue;
		step(&record);
		BUG_UNLESS(4336, desk.inputs < INPUTS_MAX);
		if (keep) hash_at[desk.inputs] = desk_hash(&desk);
		wrong_hashes += !keep && desk.inputs % 64 == 0 && hash_at[desk.inputs] != desk_hash(&desk);
	}
	CHECK_EQ(wrong_results, 0);
	CHECK_EQ(wrong_hashes, 0);
}

static void read_open(void) { CHECK_EQ(journal_read_open(&reader, &disk.disk, "journal", window, sizeof window), JOURNAL_OK); }

static void run_undisturbed(void)
{
	begin_on_new_disk();
	line_run(&line);
	CHECK_EQ(line.trading->pump.journal_verdict, JOURNAL_OK);
	CHECK_EQ(journal_close(&journal, line_hash(&line)), JOURNAL_OK);
	read_open();
	CHECK_EQ(journal_seek_oldest(&reader), JOURNAL_OK);
	step_to_the_end(true);
	CHECK_EQ(reader.end, JOURNAL_ENDED_CLOSED);
	journal_read_close(&reader);
	CHECK_EQ(desk_hash(&desk), line_hash(&line));
	inputs_n = desk.inputs;
	events_n = line.trading->events;
	CHECK(risk_sent > 0);
	CHECK(line.trading->pump.syncs > 30);
	line_end(&line);
}

/* Everything up to the cut is a prefix of the undisturbed run. */
static uint64_t recover(void)
{
	read_open();
	CHECK_EQ(journal_seek_newest(&reader), JOURNAL_OK);
	step_to_the_end(false);
	CHECK(reader.end == JOURNAL_ENDED_OPEN || reader.end == JOURNAL_ENDED_CUT);
	CHECK(desk.inputs > 0 && desk.inputs <= inputs_n);
	CHECK_EQ(desk_hash(&desk), hash_at[desk.inputs]);
	CHECK(desk.inputs >= risk_sent);        /* invariant 4 */
	return journal_input_open(&reader) ? reader.input_seq : 0;
}

/* A new process: the period again from its start in shadow, the journal from where it ends. */
static void go_on(uint64_t open_input)
{
	struct pump *pump;
	begin();
	pump = &line.trading->pump;
	CHECK_EQ(journal_reopen(&journal, &disk.disk, "journal", &reader, &setup, buffer, sizeof buffer), JOURNAL_OK);
	journal_read_close(&reader);
	pump->journal = &journal;
	pump->shadow = true;
	pump->shadow_until = desk.inputs - (open_input != 0);
	pump->shadow_hash = desk_hash(&desk);
	pump->open_input = open_input;
}

static void finish(void)
{
	line_run(&line);
	CHECK(!line.trading->pump.diverged);
	CHECK(!line.trading->pump.shadow);
	CHECK_EQ(line.trading->pump.journal_verdict, JOURNAL_OK);
	CHECK_EQ(line.trading->rooms.desk.inputs, inputs_n);
	CHECK_EQ(line_hash(&line), hash_at[inputs_n]);
	CHECK_EQ(journal_close(&journal, line_hash(&line)), JOURNAL_OK);
	read_open();
	CHECK_EQ(journal_seek_oldest(&reader), JOURNAL_OK);
	step_to_the_end(false);
	CHECK_EQ(reader.end, JOURNAL_ENDED_CLOSED);
	CHECK_EQ(desk.inputs, inputs_n);
	journal_read_close(&reader);
	line_end(&line);
}

static void run_until(uint64_t event)
{
	while (line.trading->events < event && trading_turn(line.trading)) {}
}

/* Past the first trading days, so that there is a journal; before the last, so that there is something left. */
static uint64_t throw_event(uint64_t *dice) { return events_n / 2 + line_chance(dice, events_n / 2 - 100); }

static void cut(uint64_t n)
{
	uint64_t dice = n;
	begin_on_new_disk();
	run_until(throw_event(&dice));
	CHECK(line.trading->rooms.desk.inputs > 0);
	line_end(&line);
	disk_sim_power_cut(&disk, (enum disk_sim_cut)(n % DISK_SIM_CUTS_N), dice);
	disk_sim_restart(&disk);
	go_on(recover());
	finish();
}

TEST(t_P15_the_power_goes_at_any_moment_and_the_run_ends_the_same)
{
	uint64_t cuts = getenv("TICKWORK_LONG") ? CUTS_LONG : CUTS;
	run_undisturbed();
	for (uint64_t n = 1; n <= cuts; n++) cut(n);
}

/* The n-th write arrives in part and the power is gone; the process does not know and turns on for a while. */
static bool cut_in_a_write(uint64_t n)
{
	uint64_t dice = 1000 + n, open_input;
	begin_on_new_disk();
	run_until(events_n / 2);
	uint64_t nth = disk.calls[DISK_SIM_WRITE_CALL] + 1 + line_chance(&dice, 30);
	disk_sim_script(&disk, (struct disk_sim_fault){ .nth = nth, .short_bytes = line_chance(&dice, 6000), .verb = DISK_SIM_WRITE_CALL, .power = 1 });
	while (line.trading->pump.journal_verdict == JOURNAL_OK && trading_turn(line.trading)) {}
	CHECK_EQ(line.trading->pump.journal_verdict, JOURNAL_LOST);
	run_until(line.trading->events + 2000);
	line_end(&line);
	disk_sim_restart(&disk);
	open_input = recover();
	go_on(open_input);
	finish();
	return open_input != 0;
}

TEST(t_P15_the_power_goes_in_the_middle_of_a_write)
{
	uint64_t cuts = getenv("TICKWORK_LONG") ? CUTS_LONG : CUTS, open_inputs = 0;
	run_undisturbed();
	for (uint64_t n = 1; n <= cuts; n++) open_inputs += cut_in_a_write(n);
	CHECK(open_inputs > 0);               /* an INPUT without its RESULT was stepped again */
	CHECK(open_inputs < cuts);
}

/* Killed three times in one run; the journal is one at the end. */
TEST(t_P15_cut_again_and_again)
{
	uint64_t dice = 99, open_input = 0;
	run_undisturbed();
	begin_on_new_disk();
	for (int n = 0; n < 3; n++) {
		run_until(events_n / 2 + events_n / 8 * (uint64_t)n + line_chance(&dice, events_n / 8));
		line_end(&line);
		disk_sim_power_cut(&disk, DISK_SIM_TEAR, dice);
		disk_sim_restart(&disk);
		open_input = recover();
		go_on(open_input);
	}
	finish();
}

/* The journal of other bars is noticed where the two meet, and nothing is appended to it. */
TEST(t_P15_another_market_than_the_journal_s_is_noticed)
{
	run_undisturbed();
	begin_on_new_disk();
	run_until(events_n * 3 / 4);
	line_end(&line);
	disk_sim_power_cut(&disk, DISK_SIM_KEEP, 1);
	disk_sim_restart(&disk);
	go_on(recover());
	uint64_t last = journal_last_seq(&journal);
	struct bars_series *series = &line.trading->bars.of[universe_find("SPY", 3)];
	for (uint32_t i = 0; i < series->count; i++) series->bar[i].close_px_e8 = series->bar[i].adj_px_e8 = e8_bp(series->bar[i].close_px_e8, 10100);
	line_run(&line);
	CHECK(line.trading->pump.diverged);
	CHECK(journal_last_seq(&journal) <= last + 2);
	line_end(&line);
}
