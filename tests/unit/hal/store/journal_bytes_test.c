/* journal_bytes_test.c - the journal to the byte: the listing of JOURNAL.md, made by tests/golden/journal.py from the words of that
 * file, against what the writer writes. A change here is a change of the format: JOURNAL_FORMAT goes up with it. */
#include <stdio.h>

#include "hal/sim/disk.h"
#include "hal/store/journal.h"
#include "tests/kit/test.h"

// clang-format off
static const char listing[] =
	"000000  74 69 63 6b 6a 72 6e 6c 01 00 00 00 00 00 00 00\n"
	"000010  f6 e5 d4 c3 b2 a1 00 00 00 00 04 00 00 00 00 00\n"
	"000020  02 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"000ff0  00 00 00 00 00 00 00 00 00 00 00 00 3b da 4d 16\n"
	"001000  74 69 63 6b 73 65 67 6d f6 e5 d4 c3 b2 a1 00 00\n"
	"001010  00 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00\n"
	"001020  65 78 61 6d 70 6c 65 00 00 00 00 00 00 00 00 00\n"
	"001040  02 00 00 00 01 00 00 00 00 08 00 00 00 00 00 00\n"
	"001060  10 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"001080  00 00 00 00 00 00 00 00 f4 01 00 00 ff ff ff ff\n"
	"0013a0  00 00 00 00 00 00 00 00 53 50 59 00 00 00 00 00\n"
	"001ff0  00 00 00 00 00 00 00 00 00 00 00 00 60 81 41 5c\n"
	"002000  28 00 00 00 03 00 01 00 01 00 00 00 00 00 00 00\n"
	"002010  9a 26 89 c7 5b 6b 8f 21 00 00 00 00 00 00 00 00\n"
	"002020  11 11 00 00 00 00 00 00 08 00 00 00 00 00 00 00\n"
	"002030  00 00 00 00 00 00 00 00 31 30 30 45 54 41 54 53\n"
	"002040  18 00 00 00 04 00 02 00 02 00 00 00 00 00 00 00\n"
	"002050  8e 44 18 e6 40 32 8e 2b 00 00 00 00 00 00 00 00\n"
	"002060  00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 00\n"
	"002070  30 00 00 00 01 00 01 00 03 00 00 00 00 00 00 00\n"
	"002080  89 d4 6a 62 3d 48 ef a6 01 00 00 00 00 00 00 00\n"
	"002090  05 00 00 00 00 00 00 00 00 ca 9a 3b 00 00 00 00\n"
	"0020a0  00 00 00 00 00 00 00 00 01 00 ff ff 00 00 02 00\n"
	"0020b0  38 4a 00 00 01 00 00 01 48 00 00 00 02 00 02 00\n"
	"0020c0  04 00 00 00 00 00 00 00 7b 27 50 b8 eb 6d e3 0e\n"
	"0020d0  01 00 00 00 00 00 00 00 01 00 00 00 01 00 00 00\n"
	"0020e0  22 22 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n"
	"0020f0  00 ca 9a 3b 00 00 00 00 01 00 00 00 00 00 00 00\n"
	"002100  18 00 03 00 00 00 04 00 4d 00 00 00 00 00 00 00\n"
	"002110  02 01 00 00 00 00 00 00 10 00 00 00 05 00 01 00\n"
	"002120  05 00 00 00 00 00 00 00 ee d2 59 c2 fd d7 08 51\n"
	"002130  01 00 00 00 00 00 00 00 22 22 00 00 00 00 00 00\n";
// clang-format on

enum { SEGMENT_BYTES = 262144, FILE_BYTES = JOURNAL_PAGE_BYTES + 2 * SEGMENT_BYTES, LISTING_MAX = 16384 };

static uint8_t        memory[FILE_BYTES], buffer[JOURNAL_BUFFER_MIN];
static struct journal journal;
static struct outbox  outbox;

static void write_example(struct disk_sim *disk)
{
	struct journal_plan     plan = { 0x0000a1b2c3d4e5f6, SEGMENT_BYTES, 2, JOURNAL_CIRCLE };
	struct journal_setup    setup = { .build = "example", .settings_n = 2, .symbols_n = 1, .setting = { 500, -1 }, .symbol = { "SPY" } };
	const uint64_t          state = 0x5354415445303031;
	struct journal_snapshot snapshot = { &state, sizeof state, 0, 0x1111 };
	struct event            tick = event_make(EVENT_TICK, SYM_NONE, NS_PER_S);
	uint64_t                number = 0;
	setup.kind_bytes[EVENT_TICK] = sizeof(struct tick);
	setup.kind_bytes[EVENT_OPERATOR] = sizeof(struct operator_order);
	CHECK_EQ(journal_create(&journal, &disk->disk, "journal", &plan, &setup, buffer, sizeof buffer), JOURNAL_OK);
	CHECK_EQ(journal_segment_begin(&journal, &snapshot, 0), JOURNAL_OK);
	outbox_begin(&outbox, 4, 0, 0);
	CHECK_EQ(journal_checkpoint(&journal, &outbox, true), JOURNAL_OK);
	tick.seq = 5;
	tick.from = 2;
	tick.tick = (struct tick){ .day = 19000, .phase = TICK_CLOSE, .last = 1 };
	CHECK_EQ(journal_input(&journal, &tick, &number), JOURNAL_OK);
	outbox_begin(&outbox, 4, number, NS_PER_S);
	struct operator_order *order = &outbox_add(&outbox, EVENT_OPERATOR, 3)->instruction;
	*order = (struct operator_order){ .code = 77, .command = OPERATOR_PAUSE, .scripted = 1 };
	CHECK_EQ(journal_result(&journal, &outbox, true, 0x2222), JOURNAL_OK);
	CHECK_EQ(journal_close(&journal, 0x2222), JOURNAL_OK);
}

static size_t row_print(char *at, uint32_t offset)
{
	char  *start = at;
	size_t any = 0;
	for (int i = 0; i < 16; i++) any += memory[offset + (uint32_t)i];
	if (any == 0) return 0;
	at += sprintf(at, "%06x ", offset);
	for (int i = 0; i < 16; i++) at += sprintf(at, " %02x", memory[offset + (uint32_t)i]);
	at += sprintf(at, "\n");
	return (size_t)(at - start);
}

TEST(t_X2_the_bytes_of_a_journal_are_those_of_its_specification)
{
	static char     got[LISTING_MAX];
	struct disk_sim disk;
	size_t          used = 0;
	disk_sim_init(&disk);
	disk_sim_room(&disk, memory, 0, sizeof memory);
	write_example(&disk);
	for (uint32_t offset = 0; offset < FILE_BYTES && used < LISTING_MAX - 128; offset += 16) used += row_print(got + used, offset);
	CHECK_STR(got, listing);
}
