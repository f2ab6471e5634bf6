/* journal_kit.h - what the journal's tests share: a small journal on the memory disk, and a run of steps with known content.
 *
 * A step's events are a function of its input number, so a reader's record can be checked against what was written. */
#ifndef TESTS_JOURNAL_KIT_H
#define TESTS_JOURNAL_KIT_H
#include <string.h>

#include "fsm/hash.h"
#include "hal/sim/disk.h"
#include "hal/store/journal.h"
#include "hal/store/journal_read.h"
#include "tests/kit/test.h"

enum { KIT_SEGMENT_BYTES = JOURNAL_SEGMENT_BYTES_MIN, KIT_SEGMENTS = 3, KIT_STATE_BYTES = 1024 };
enum { KIT_FILE_BYTES = JOURNAL_PAGE_BYTES + KIT_SEGMENTS * KIT_SEGMENT_BYTES };

struct kit {
	struct disk_sim       disk;
	struct journal        journal;
	struct journal_reader reader;
	struct journal_setup  setup;
	struct outbox         outbox;
	uint64_t              state[KIT_STATE_BYTES / 8];        /* state[0]: the last input stepped */
};

static struct kit kit;
static uint8_t    kit_memory[2][KIT_FILE_BYTES], kit_durable[2][KIT_FILE_BYTES];
static uint8_t    kit_buffer[JOURNAL_BUFFER_MIN], kit_window[JOURNAL_WINDOW_MIN];

static inline void kit_setup(struct journal_setup *setup, const char *build)
{
	struct settings settings = { { 0 } };
	for (int i = 0; i < SETTINGS_N; i++) settings.value[i] = 1000 + i;
	journal_setup_make(setup, build, &settings);
	journal_setup_symbol(setup, "SPY");
	journal_setup_symbol(setup, "BTC-USD");
}

static inline void kit_disk(void)
{
	disk_sim_init(&kit.disk);
	for (int i = 0; i < 2; i++) {
		memset(kit_memory[i], 0, sizeof kit_memory[i]);
		memset(kit_durable[i], 0, sizeof kit_durable[i]);
		disk_sim_room(&kit.disk, kit_memory[i], kit_durable[i], KIT_FILE_BYTES);
	}
	kit_setup(&kit.setup, "build one");
	memset(kit.state, 0, sizeof kit.state);
}

static inline struct event kit_input(uint64_t number)
{
	struct event event = event_make(number % 3 ? EVENT_TICK : EVENT_PRICE, (uint16_t)(number % 2), (int64_t)number * NS_PER_S);
	event.seq = number + 7;
	event.flags = (uint8_t)(number % 251);
	if (number % 3) event.tick = (struct tick){ .day = (int32_t)number, .phase = 1 };
	else event.price = (struct price){ .px_e8 = (int64_t)number * E8, .day = (int32_t)number };
	return event;
}

/* The outputs of a step: none, one or a few, of different sizes. */
static inline void kit_step(uint64_t number)
{
	outbox_begin(&kit.outbox, 3, number, (int64_t)number * NS_PER_S);
	for (uint64_t i = 0; i < number % 4; i++) {
		if (i == 1) outbox_add(&kit.outbox, EVENT_ACCOUNT, SYM_NONE)->account.nav_usd_e8 = (int64_t)number;
		else outbox_add(&kit.outbox, EVENT_FILL, 1)->fill = (struct fill){ .order_id = number, .qty_e8 = (int64_t)i };
	}
	kit.state[0] = number;
	kit.state[1 + number % (KIT_STATE_BYTES / 8 - 1)] += number;
}

static inline uint64_t kit_hash(void) { return hash_end(hash_words(HASH_SEED, kit.state, sizeof kit.state)); }

static inline enum journal_verdict kit_segment(uint64_t projected_seq)
{
	struct journal_snapshot snapshot = { kit.state, sizeof kit.state, kit.state[0], kit_hash() };
	enum journal_verdict    verdict = journal_segment_begin(&kit.journal, &snapshot, projected_seq);
	if (verdict != JOURNAL_OK) return verdict;
	outbox_begin(&kit.outbox, 3, kit.state[0], 0);
	outbox_add(&kit.outbox, EVENT_ACCOUNT, SYM_NONE)->account.nav_usd_e8 = (int64_t)kit.state[0];
	verdict = journal_checkpoint(&kit.journal, &kit.outbox, false);
	return verdict == JOURNAL_OK ? journal_checkpoint(&kit.journal, &kit.outbox, true) : verdict;
}

static inline enum journal_verdict kit_create_as(enum journal_shape shape, uint32_t segments)
{
	struct journal_plan plan = { 0x123456789abc, KIT_SEGMENT_BYTES, segments, shape };
	return journal_create(&kit.journal, &kit.disk.disk, "journal", &plan, &kit.setup, kit_buffer, sizeof kit_buffer);
}

static inline enum journal_verdict kit_create(enum journal_shape shape)
{
	enum journal_verdict verdict = kit_create_as(shape, KIT_SEGMENTS);
	return verdict == JOURNAL_OK ? kit_segment(UINT64_MAX) : verdict;
}

/* One step with its records; every eighth RESULT carries the hash, every sync_every-th step is durable. */
static inline enum journal_verdict kit_run_one(uint64_t sync_every)
{
	uint64_t     number = 0;
	struct event event = kit_input(kit.state[0] + 1);
	if (journal_needs_segment(&kit.journal)) {
		enum journal_verdict verdict = kit_segment(journal_last_seq(&kit.journal));
		if (verdict != JOURNAL_OK) return verdict;
	}
	enum journal_verdict verdict = journal_input(&kit.journal, &event, &number);
	if (verdict != JOURNAL_OK) return verdict;
	kit_step(number);
	verdict = journal_result(&kit.journal, &kit.outbox, number % 8 == 0, kit_hash());
	if (verdict != JOURNAL_OK || number % sync_every != 0) return verdict;
	return journal_sync(&kit.journal);
}

static inline enum journal_verdict kit_run(uint64_t steps, uint64_t sync_every)
{
	enum journal_verdict verdict = JOURNAL_OK;
	for (uint64_t i = 0; i < steps && verdict == JOURNAL_OK; i++) verdict = kit_run_one(sync_every);
	return verdict;
}

static inline enum journal_verdict kit_read_open(void)
{
	return journal_read_open(&kit.reader, &kit.disk.disk, "journal", kit_window, sizeof kit_window);
}

/* Recovery as the desk does it: state from the newest snapshot, INPUTs stepped again and held against their RESULTs.
 * False when something does not agree. */
static inline bool kit_recover(uint64_t *records)
{
	struct journal_record record;
	enum journal_type     type;
	struct event          event, want;
	if (journal_read_state(&kit.reader, kit.state, sizeof kit.state, &record) != JOURNAL_OK) return false;
	*records = 1;
	if (kit.state[0] != record.input_seq || kit_hash() != record.state_hash) return false;
	while ((type = journal_read_next(&kit.reader, &record)) != JOURNAL_END) {
		++*records;
		if (type == JOURNAL_RESULT && !journal_result_same(&record, &kit.outbox)) return false;
		if (type == JOURNAL_RESULT && record.hashed && record.state_hash != kit_hash()) return false;
		if (type != JOURNAL_INPUT) continue;
		want = kit_input(record.input_seq);
		if (!journal_event_next(&record, &event) || memcmp(&event, &want, sizeof event) != 0) return false;
		kit_step(record.input_seq);
	}
	return true;
}

/* Back after a power cut: nothing durable is lost, nothing is believed that was not written, and the journal goes on. */
static inline void kit_back_to_work(uint64_t durable, uint64_t appended, bool existed)
{
	uint64_t             records = 0;
	enum journal_verdict verdict = kit_read_open();
	CHECK(verdict == JOURNAL_OK || (verdict == JOURNAL_MISSING && !existed));
	if (verdict != JOURNAL_OK) return;
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK(kit.reader.next_seq > durable && kit.reader.next_seq <= appended + 1);
	CHECK(kit.reader.end == JOURNAL_ENDED_OPEN || kit.reader.end == JOURNAL_ENDED_CUT);
	uint64_t next_seq = kit.reader.next_seq;
	CHECK_EQ(journal_seek_oldest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	CHECK_EQ(kit.reader.next_seq, next_seq);
	CHECK_EQ(journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer), JOURNAL_OK);
	if (journal_input_open(&kit.reader)) CHECK_EQ(journal_result(&kit.journal, &kit.outbox, false, 0), JOURNAL_OK);
	CHECK_EQ(kit_run(40, 10), JOURNAL_OK);
	CHECK_EQ(journal_close(&kit.journal, kit_hash()), JOURNAL_OK);
	uint64_t want = kit_hash();
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records) && kit_hash() == want);
	CHECK_EQ(kit.reader.end, JOURNAL_ENDED_CLOSED);
}

#endif
