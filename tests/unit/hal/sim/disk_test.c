/* disk_test.c - the memory disk keeps the disk port's contract, and its faults are the ones that were scripted. */
#include <string.h>

#include "hal/sim/disk.h"
#include "tests/kit/test.h"

enum { ROOM_BYTES = 16384 };

static struct disk_sim disk;
static uint8_t         memory[2][ROOM_BYTES], durable[2][ROOM_BYTES], block[4096];

static int32_t fresh(void)
{
	int32_t file = -1;
	disk_sim_init(&disk);
	memset(memory, 0, sizeof memory);
	memset(durable, 0, sizeof durable);
	for (int i = 0; i < 2; i++) disk_sim_room(&disk, memory[i], durable[i], ROOM_BYTES);
	CHECK_EQ(disk_create(&disk.disk, "a", 8192, &file), DISK_OK);
	memset(block, 0xab, sizeof block);
	return file;
}

static uint64_t marked(void)
{
	const struct disk_sim_file *file = disk_sim_find(&disk, "a");
	uint64_t                    count = 0;
	for (uint64_t i = 0; i < ROOM_BYTES; i++) count += file->memory[i] == 0xab;
	return count;
}

TEST(t_X2_sim_disk_reads_what_was_written_up_to_the_end)
{
	uint8_t  back[100];
	size_t   got;
	uint64_t bytes;
	int32_t  file = fresh();
	CHECK_EQ(disk_write(&disk.disk, file, 8150, block, 42), DISK_OK);
	CHECK_EQ(disk_read(&disk.disk, file, 8140, back, sizeof back, &got), DISK_OK);
	CHECK_EQ(got, 52);
	CHECK(back[9] == 0 && back[10] == 0xab && back[51] == 0xab);
	CHECK_EQ(disk_read(&disk.disk, file, 9000, back, sizeof back, &got), DISK_OK);
	CHECK_EQ(got, 0);
	CHECK_EQ(disk_write(&disk.disk, file, 9000, block, 10), DISK_OK);
	CHECK_EQ(disk_size(&disk.disk, file, &bytes), DISK_OK);
	CHECK_EQ(bytes, 9010);
	CHECK_EQ(disk_write(&disk.disk, file, ROOM_BYTES - 5, block, 6), DISK_FULL);
	CHECK_EQ(disk_write(&disk.disk, file, UINT64_MAX, block, 6), DISK_FULL);
}

TEST(t_X2_sim_disk_names_and_the_one_writer)
{
	int32_t file = fresh(), other;
	CHECK_EQ(disk_open(&disk.disk, "b", DISK_READ, &other), DISK_MISSING);
	CHECK_EQ(disk_open(&disk.disk, "a", DISK_WRITE, &other), DISK_BUSY);
	CHECK_EQ(disk_create(&disk.disk, "a", 10, &other), DISK_BUSY);
	CHECK_EQ(disk_open(&disk.disk, "a", DISK_READ, &other), DISK_OK);
	disk_close(&disk.disk, other);
	CHECK_EQ(disk_open(&disk.disk, "a", DISK_WRITE, &other), DISK_BUSY);
	disk_close(&disk.disk, file);
	CHECK_EQ(disk_open(&disk.disk, "a", DISK_WRITE, &file), DISK_OK);
	CHECK_EQ(disk_create(&disk.disk, "b", ROOM_BYTES + 1, &other), DISK_FULL);
	CHECK_EQ(disk_create(&disk.disk, "b", 10, &other), DISK_OK);
	CHECK_EQ(disk_rename(&disk.disk, "a", "b"), DISK_EXISTS);
	CHECK_EQ(disk_rename(&disk.disk, "c", "d"), DISK_MISSING);
	CHECK_EQ(disk_rename(&disk.disk, "a", "c"), DISK_OK);
	CHECK_EQ(disk_remove(&disk.disk, "a"), DISK_MISSING);
	CHECK_EQ(disk_remove(&disk.disk, "c"), DISK_OK);
}

TEST(t_X2_sim_disk_gives_zeros_where_an_older_file_lay)
{
	int32_t file = fresh();
	CHECK_EQ(disk_write(&disk.disk, file, 100, block, sizeof block), DISK_OK);
	disk_close(&disk.disk, file);
	CHECK_EQ(disk_remove(&disk.disk, "a"), DISK_OK);
	CHECK_EQ(disk_create(&disk.disk, "a", 8192, &file), DISK_OK);
	CHECK_EQ(marked(), 0);
}

TEST(t_X2_sim_disk_fails_the_nth_call_only)
{
	int32_t file = fresh();
	disk_sim_script(&disk, (struct disk_sim_fault){ .verb = DISK_SIM_WRITE_CALL, .nth = 2, .code = DISK_FULL, .short_bytes = 7 });
	disk_sim_script(&disk, (struct disk_sim_fault){ .verb = DISK_SIM_SYNC, .nth = 1, .code = DISK_FAILED });
	CHECK_EQ(disk_write(&disk.disk, file, 0, block, 100), DISK_OK);
	CHECK_EQ(disk_write(&disk.disk, file, 1000, block, 100), DISK_FULL);
	CHECK_EQ(marked(), 107);
	CHECK_EQ(disk_write(&disk.disk, file, 2000, block, 100), DISK_OK);
	CHECK_EQ(disk_sync(&disk.disk, file), DISK_FAILED);
	CHECK_EQ(disk_sync(&disk.disk, file), DISK_OK);
}

static uint64_t after_power_cut(enum disk_sim_cut cut, uint64_t seed)
{
	int32_t file = fresh();
	CHECK_EQ(disk_write(&disk.disk, file, 0, block, 512), DISK_OK);
	CHECK_EQ(disk_sync(&disk.disk, file), DISK_OK);
	CHECK_EQ(disk_write(&disk.disk, file, 512, block, 3584), DISK_OK);
	disk_sim_power_cut(&disk, cut, seed);
	CHECK_EQ(disk_write(&disk.disk, file, 0, block, 1), DISK_FAILED);
	disk_sim_restart(&disk);
	CHECK_EQ(disk_open(&disk.disk, "a", DISK_WRITE, &file), DISK_OK);
	return marked();
}

TEST(t_X2_sim_disk_power_cut_keeps_what_was_synced)
{
	CHECK_EQ(after_power_cut(DISK_SIM_LOSE, 1), 512);
	CHECK_EQ(after_power_cut(DISK_SIM_KEEP, 1), 4096);
	bool torn[8] = { false };
	for (uint64_t seed = 0; seed < 64; seed++) {
		uint64_t kept = after_power_cut(DISK_SIM_TEAR, seed);
		CHECK(kept >= 512 && kept % 512 == 0);
		torn[kept / 512 - 1] = true;
	}
	CHECK(torn[2] && torn[3] && torn[4]);
}

TEST(t_X2_sim_disk_power_cut_ends_the_last_write_at_any_byte)
{
	uint64_t least = 4096, most = 512;
	for (uint64_t seed = 0; seed < 64; seed++) {
		uint64_t kept = after_power_cut(DISK_SIM_PART, seed);
		CHECK(kept >= 512 && kept < 4096);
		least = kept < least ? kept : least;
		most = kept > most ? kept : most;
	}
	CHECK(least < 1024 && most > 3584 && most % 512 != 0);
}

TEST(t_X2_sim_disk_goes_dark_in_the_middle_of_a_write)
{
	int32_t file = fresh();
	disk_sim_script(&disk, (struct disk_sim_fault){ .verb = DISK_SIM_WRITE_CALL, .nth = 1, .power = 1, .short_bytes = 10 });
	CHECK_EQ(disk_write(&disk.disk, file, 0, block, 100), DISK_FAILED);
	CHECK_EQ(disk_sync(&disk.disk, file), DISK_FAILED);
	disk_sim_power_cut(&disk, DISK_SIM_KEEP, 0);
	CHECK_EQ(marked(), 10);
}
