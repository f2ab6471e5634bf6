/* journal_seam_test.c - the seam where a place of the circle is used again, and every way to be interrupted there.
 *
 * How many sectors of a segment head change with a new lap depends on who writes it, and which of them a power cut keeps depends on
 * a coin. Neither may decide whether a test looks where it should: the seam is reached for several setups, and the sectors of a
 * head are torn in all combinations. */
#include "tests/unit/hal/store/journal_kit.h"

enum { SECTOR = DISK_SIM_SECTOR_BYTES, DIRTY_MAX = 10 };

/* Who writes the lap before and who writes the new one: text of the build, settings and symbols. */
struct writer { const char *build; uint32_t settings_n, symbols_n; int32_t from; };
struct seam { struct writer before, after; };

static const struct seam seams[] = {
	{ { "one", 0, 0, 0 }, { "one", 0, 0, 0 } },
	{ { "one", 120, 2, 5 }, { "one", 120, 2, 5 } },
	{ { "one", 120, 2, 5 }, { "one", 130, 2, 5 } },
	{ { "one", 130, 9, 5 }, { "two", 130, 40, 5 } },
	{ { "two", JOURNAL_SETTINGS_MAX, JOURNAL_SYMBOLS_MAX, 5 }, { "one", 1, 1, 900 } },
	{ { "one", 1, 1, 5 }, { "two", JOURNAL_SETTINGS_MAX, JOURNAL_SYMBOLS_MAX, 900 } },
};
enum { SEAMS_N = sizeof seams / sizeof seams[0] };

static void setup_of(const struct writer *writer)
{
	char symbol[] = "S000";
	memset(&kit.setup, 0, sizeof kit.setup);
	memcpy(kit.setup.build, writer->build, strlen(writer->build));
	memcpy(kit.setup.kind_bytes, event_payload_bytes, sizeof event_payload_bytes);
	kit.setup.settings_n = writer->settings_n;
	for (uint32_t i = 0; i < writer->settings_n; i++) kit.setup.setting[i] = writer->from + (int32_t)i;
	for (uint32_t i = 0; i < writer->symbols_n; i++) {
		for (uint32_t digit = 3, rest = i; digit > 0; digit--, rest /= 10) symbol[digit] = (char)('0' + rest % 10);
		journal_setup_symbol(&kit.setup, symbol);
	}
}

static struct disk_sim_file *the_file(void) { return disk_sim_find(&kit.disk, "journal"); }

/* --- the world, kept and brought back ------------------------------------------------------------------------------------- */

static struct kit kept;
static uint8_t    kept_memory[2][KIT_FILE_BYTES], kept_durable[2][KIT_FILE_BYTES], kept_buffer[JOURNAL_BUFFER_MIN];

static void keep(void)
{
	kept = kit;
	memcpy(kept_memory, kit_memory, sizeof kit_memory);
	memcpy(kept_durable, kit_durable, sizeof kit_durable);
	memcpy(kept_buffer, kit_buffer, sizeof kit_buffer);
}

static void bring_back(void)
{
	kit = kept;
	memcpy(kit_memory, kept_memory, sizeof kit_memory);
	memcpy(kit_durable, kept_durable, sizeof kit_durable);
	memcpy(kit_buffer, kept_buffer, sizeof kit_buffer);
}

/* Recovers and goes on as this writer. An INPUT still open stays open. */
static enum journal_verdict reopen_as(const struct writer *writer)
{
	uint64_t records = 0;
	setup_of(writer);
	CHECK_EQ(kit_read_open(), JOURNAL_OK);
	CHECK_EQ(journal_seek_newest(&kit.reader), JOURNAL_OK);
	CHECK(kit_recover(&records));
	enum journal_verdict verdict =
	    journal_reopen(&kit.journal, &kit.disk.disk, "journal", &kit.reader, &kit.setup, kit_buffer, sizeof kit_buffer);
	journal_read_close(&kit.reader);
	return verdict;
}

/* All places of the circle are full, all is durable, and the next record needs the place of the oldest segment. */
static void reach(const struct seam *seam)
{
	kit_disk();
	setup_of(&seam->before);
	CHECK_EQ(kit_create(JOURNAL_CIRCLE), JOURNAL_OK);
	while (kit.journal.segments_begun < KIT_SEGMENTS || !journal_needs_segment(&kit.journal)) CHECK_EQ(kit_run_one(48), JOURNAL_OK);
	CHECK_EQ(journal_sync(&kit.journal), JOURNAL_OK);
	journal_abandon(&kit.journal);
	disk_sim_restart(&kit.disk);
	CHECK_EQ(reopen_as(&seam->after), JOURNAL_OK);
	CHECK(journal_needs_segment(&kit.journal));
	disk_sim_restart(&kit.disk);
	the_file()->written_open = true;
	keep();
}

/* --- a head, torn in every way ------------------------------------------------------------------------------------------- */

static uint32_t changed_sectors(uint64_t changed[DIRTY_MAX])
{
	uint32_t n = 0;
	for (uint64_t at = 0; at < KIT_FILE_BYTES; at += SECTOR) {
		if (memcmp(the_file()->memory + at, the_file()->durable + at, SECTOR) == 0) continue;
		BUG_UNLESS(3092, n < DIRTY_MAX);
		changed[n++] = at;
	}
	return n;
}

/* The power goes at the sync of the new head. */
static void stop_at_head(void)
{
	bring_back();
	disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_SYNC, .nth = 1, .power = 1 });
	CHECK_EQ(kit_segment(UINT64_MAX), JOURNAL_LOST);
}

static void tear_head(uint32_t kept_mask)
{
	uint64_t changed[DIRTY_MAX];
	stop_at_head();
	uint64_t durable = kit.journal.durable_seq, appended = journal_last_seq(&kit.journal);
	uint32_t n = changed_sectors(changed);
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *now = the_file()->memory + changed[i], *safe = the_file()->durable + changed[i];
		if (kept_mask >> i & 1) memcpy(safe, now, SECTOR);
		else memcpy(now, safe, SECTOR);
	}
	the_file()->dirty_from = the_file()->dirty_to = 0;
	disk_sim_restart(&kit.disk);
	kit_back_to_work(durable, appended, true);
}

TEST(t_X2_the_head_of_a_new_lap_torn_in_every_way_spoils_no_older_record)
{
	for (uint32_t i = 0; i < SEAMS_N; i++) {
		uint64_t changed[DIRTY_MAX];
		reach(&seams[i]);
		stop_at_head();
		uint32_t n = changed_sectors(changed);
		CHECK(n >= 2 && changed[n - 1] - changed[0] < JOURNAL_PAGE_BYTES);
		for (uint32_t kept_mask = 0; kept_mask >> n == 0; kept_mask++) tear_head(kept_mask);
	}
}

/* --- an erasure, torn between the head and the rest ---------------------------------------------------------------------------- */

/* Where the head of a place is empty, all of the place is: nothing older can be taken for the records of a later segment. */
static bool nothing_behind_an_empty_head(void)
{
	for (uint64_t slot = 0; slot < KIT_SEGMENTS; slot++) {
		const uint8_t *at = the_file()->memory + JOURNAL_PAGE_BYTES + slot * KIT_SEGMENT_BYTES;
		uint64_t       head = 0, all = 0;
		for (uint64_t i = 0; i < JOURNAL_PAGE_BYTES; i++) head += at[i] != 0;
		for (uint64_t i = 0; head == 0 && i < KIT_SEGMENT_BYTES; i++) all += at[i] != 0;
		if (all != 0) return false;
	}
	return true;
}

/* Of all that is not durable yet, the power cut keeps what lies in the head of the place in use again, or only what does not. */
static void cut_at_head(bool head_kept)
{
	struct disk_sim_file *file = the_file();
	for (uint64_t at = 0; at < KIT_FILE_BYTES; at += SECTOR) {
		bool in_head = at >= JOURNAL_PAGE_BYTES && at < 2 * JOURNAL_PAGE_BYTES;
		if (in_head == head_kept) memcpy(file->durable + at, file->memory + at, SECTOR);
		else memcpy(file->memory + at, file->durable + at, SECTOR);
	}
	file->dirty_from = file->dirty_to = 0;
	disk_sim_restart(&kit.disk);
}

/* The process is killed while the segment begins; the power goes at the n-th sync of the return. False when there is no n-th. */
static bool erasure(const struct seam *seam, struct disk_sim_fault killed, uint64_t nth, bool head_kept)
{
	bring_back();
	disk_sim_script(&kit.disk, killed);
	CHECK_EQ(kit_segment(UINT64_MAX), JOURNAL_LOST);
	uint64_t durable = kit.journal.durable_seq, appended = journal_last_seq(&kit.journal);
	disk_sim_restart(&kit.disk);
	disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = DISK_SIM_SYNC, .nth = nth, .power = 1 });
	bool dark = reopen_as(&seam->after) != JOURNAL_OK;
	cut_at_head(head_kept);
	CHECK(nothing_behind_an_empty_head());
	kit_back_to_work(durable, appended, true);
	return dark;
}

TEST(t_X2_an_erasure_torn_between_head_and_records_leaves_no_old_record_to_a_new_segment)
{
	static const struct disk_sim_fault killed[] = {
		{ .verb = DISK_SIM_WRITE_CALL, .nth = 1, .power = 1, .short_bytes = 40 },         /* in the middle of the head */
		{ .verb = DISK_SIM_SYNC, .nth = 1, .power = 1 },                                  /* behind the head */
		{ .verb = DISK_SIM_WRITE_CALL, .nth = 2, .power = 1, .short_bytes = 500 },        /* in the middle of the snapshot */
	};
	for (uint32_t i = 0; i < SEAMS_N; i++) {
		reach(&seams[i]);
		for (uint32_t how = 0; how < sizeof killed / sizeof killed[0]; how++) {
			uint64_t nth = 1;
			for (bool dark = true; dark; nth++) dark = erasure(&seams[i], killed[how], nth, true) && erasure(&seams[i], killed[how], nth, false);
			CHECK(nth > 3);
		}
	}
}

/* --- interrupted again and again ------------------------------------------------------------------------------------------- */

/* A killed process leaves everything it wrote, durable or not; a power cut does not. */
enum { KILLED = DISK_SIM_CUTS_N, INTERRUPTIONS_N };

static uint64_t throws;
static uint64_t dice(uint64_t below) { return hash_mix(++throws * UINT64_C(0x9e3779b97f4a7c15)) % below; }

static void interrupt(void)
{
	uint64_t how = dice(INTERRUPTIONS_N);
	journal_abandon(&kit.journal);
	if (how != KILLED) disk_sim_power_cut(&kit.disk, (enum disk_sim_cut)how, dice(UINT64_MAX));
	disk_sim_restart(&kit.disk);
}

static void script_dark(uint64_t writes_most, uint64_t syncs_most)
{
	bool     sync = dice(2);
	uint64_t nth = 1 + dice(sync ? syncs_most : writes_most);
	disk_sim_script(&kit.disk, (struct disk_sim_fault){ .verb = sync ? DISK_SIM_SYNC : DISK_SIM_WRITE_CALL, .nth = nth, .power = 1,
	    .short_bytes = dice(6000) });
}

/* Work over the seam, interrupted; then up to three returns, each interrupted while it erases. */
static void trial(const struct seam *seam)
{
	enum { WORK_CALLS = 6, ERASE_WRITES = 12, ERASE_SYNCS = 4, STEPS = 60, SYNC_EVERY = 8 };
	bring_back();
	script_dark(WORK_CALLS, WORK_CALLS);
	(void)kit_run(STEPS, SYNC_EVERY);
	uint64_t durable = kit.journal.durable_seq, appended = journal_last_seq(&kit.journal);
	interrupt();
	for (uint64_t returns = dice(4); returns-- > 0;) {
		CHECK(nothing_behind_an_empty_head());
		script_dark(ERASE_WRITES, ERASE_SYNCS);
		(void)reopen_as(dice(2) ? &seam->before : &seam->after);
		interrupt();
	}
	CHECK(nothing_behind_an_empty_head());
	kit_back_to_work(durable, appended, true);
}

TEST(t_X2_interrupted_again_and_again_where_a_place_is_used_again)
{
	enum { TRIALS = 150 };
	for (uint32_t i = 0; i < SEAMS_N; i++) {
		reach(&seams[i]);
		for (uint64_t seed = 1; seed <= TRIALS; seed++) {
			throws = (i * TRIALS + seed) << 20;
			trial(&seams[i]);
		}
	}
}
