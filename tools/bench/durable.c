/* durable.c - what it costs to be sure: INPUT, RESULT and one sync of a step that adds risk, beside the bare system calls. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "hal/linux/disk.h"
#include "hal/sim/disk.h"
#include "hal/store/journal.h"
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

enum { APPEND_TURNS = 301, STEPS = 20000, SEGMENT_BYTES = 4 << 20, SEGMENTS = 2, BARE_BYTES = 1 << 20 };
static const double append_goal = 1.1;

static struct outbox  made, checkpoint;
static struct journal journal;
static uint8_t        buffer[1 << 17], memory[(SEGMENTS + 1) * SEGMENT_BYTES], bare[4096];

static void begin_segment(void)
{
	static uint64_t         state[8];
	struct journal_snapshot snapshot = { state, sizeof state, journal.input_seq, 0 };
	outbox_begin(&checkpoint, 0, journal.input_seq, 0);
	if (journal_segment_begin(&journal, &snapshot, UINT64_MAX) != JOURNAL_OK || journal_checkpoint(&journal, &checkpoint, true) != JOURNAL_OK)
		give_up("no segment of", "the journal");
}

static void open_journal(struct disk *disk, const char *name)
{
	struct settings      settings;
	struct journal_setup setup;
	struct journal_plan  plan = { 1, SEGMENT_BYTES, SEGMENTS, JOURNAL_CIRCLE };
	settings_default(&settings);
	journal_setup_make(&setup, "bench", &settings);
	if (journal_create(&journal, disk, name, &plan, &setup, buffer, sizeof buffer) != JOURNAL_OK) give_up("no journal in", name);
	begin_segment();
}

/* The step of a CYCLE that buys: an order, its record, the account. */
static void one_step(void)
{
	struct event in = event_make(EVENT_CYCLE, SYM_NONE, 0);
	uint64_t     number = 0;
	if (journal_needs_segment(&journal)) begin_segment();
	if (journal_input(&journal, &in, &number) != JOURNAL_OK) give_up("no input to", "the journal");
	outbox_begin(&made, 0, number, 0);
	(void)outbox_add(&made, EVENT_ORDER_NEW, 0);
	(void)outbox_add(&made, EVENT_ORDER, 0);
	(void)outbox_add(&made, EVENT_ACCOUNT, SYM_NONE);
	if (journal_result(&journal, &made, false, 0) != JOURNAL_OK) give_up("no result to", "the journal");
}

static double durable_us(uint64_t *bytes)
{
	uint64_t before = journal.at;
	double   begun_ns = now_ns();
	one_step();
	if (journal_sync(&journal) != JOURNAL_OK) give_up("no sync of", "the journal");
	*bytes = journal.at - before;
	return (now_ns() - begun_ns) / 1e3;
}

static int open_bare(const struct bench *bench)
{
	char path[PATH_BYTES + 16];
	snprintf(path, sizeof path, "%s/bare", bench->folder);
	int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	for (off_t at = 0; file >= 0 && at < BARE_BYTES; at += (off_t)sizeof bare)
		if (pwrite(file, bare, sizeof bare, at) != (ssize_t)sizeof bare) give_up("cannot write", path);
	if (file < 0 || fdatasync(file) != 0) give_up("cannot write", path);
	return file;
}

static double bare_us(int file, off_t at, size_t bytes)
{
	double begun_ns = now_ns();
	if (pwrite(file, bare, bytes, at) != (ssize_t)bytes || fdatasync(file) != 0) give_up("cannot write", "a bare file");
	return (now_ns() - begun_ns) / 1e3;
}

static void on_disk(const struct bench *bench)
{
	static struct disk_linux disk;
	static struct series     ours, theirs;
	uint64_t                 bytes = 0;
	if (disk_linux_init(&disk, bench->folder) != DISK_OK) give_up("cannot open", bench->folder);
	open_journal(&disk.disk, "durable");
	int file = open_bare(bench);
	(void)durable_us(&bytes);
	for (int i = 0; i < APPEND_TURNS; i++) {
		series_add(&ours, durable_us(&bytes));
		series_add(&theirs, bare_us(file, (off_t)((uint64_t)i * bytes % (BARE_BYTES - sizeof bare)), (size_t)bytes));
	}
	close(file);
	journal_abandon(&journal);
	disk_linux_end(&disk);
	report(&(struct row){ "durable append of a step", "us", series_median(&ours), "pwrite + fdatasync", series_median(&theirs), GOAL_OF_RATIO, append_goal,
	    "pre-written files, the same bytes, 301 turns" });
}

static void in_memory(void)
{
	static struct disk_sim disk;
	disk_sim_init(&disk);
	disk_sim_room(&disk, memory, 0, sizeof memory);
	open_journal(&disk.disk, "memory");
	for (int i = 0; i < STEPS; i++) one_step();        /* every page has been written once */
	double begun_ns = now_ns();
	for (int i = 0; i < STEPS; i++) one_step();
	double each_ns = (now_ns() - begun_ns) / STEPS;
	report(&(struct row){ "journal of a step, in memory", "ns", each_ns, 0, 0, GOAL_NONE, 0, "the same step, 20,000 of them" });
	journal_abandon(&journal);
}

void bench_durable(const struct bench *bench)
{
	on_disk(bench);
	in_memory();
}
