/* check_disk_test.c - the disk of HOME by handed-in facts: kinds of file systems, a slow sync, encryption, modes (P12). */
#include "tests/unit/firmware/preflight/patient.h"

TEST(t_P12_file_systems)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_file_system, PREFLIGHT_OK, "ext4");
	preflight.folder.type_name = 0;
	check_result(PREFLIGHT_file_system, PREFLIGHT_NOTE, "a file system this program does not know (0xef53): see that it is local, and keeps what it "
	    "has synced");
	preflight.folder.type_name = "nfs";
	preflight.folder.is_remote = true;
	CHECK(result_has(PREFLIGHT_file_system, PREFLIGHT_WARNING, " is on nfs, whose locks and syncs are another machine's word: choose a --home on a "
	    "local disk"));
	preflight.folder.verdict = FILES_DENIED;
	CHECK(result_has(PREFLIGHT_file_system, PREFLIGHT_NOTE, "not known while "));
	CHECK_EQ(preflight_failed(&preflight), PREFLIGHT_folder);
}

TEST(t_P12_a_sync_is_a_figure)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_disk_sync, PREFLIGHT_OK, "one small write was durable after 900 us");
	preflight.folder.sync_ns = 1000000000;
	CHECK(result_has(PREFLIGHT_disk_sync, PREFLIGHT_OK, "after 1000000 us"));
	preflight.folder.sync_ns++;
	CHECK(result_has(PREFLIGHT_disk_sync, PREFLIGHT_WARNING, "one small write took 1000 ms until it was durable, and every order waits for one: see "
	    "the kernel log"));
	preflight.folder.verdict = FILES_BROKEN;
	CHECK(result_has(PREFLIGHT_disk_sync, PREFLIGHT_NOTE, "not measured while "));
}

TEST(t_O7_an_encrypted_volume_is_told_or_asked_for)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_disk_encrypted, PREFLIGHT_OK, "dm-crypt");
	preflight.folder.encryption = 0;
	CHECK(result_has(PREFLIGHT_disk_encrypted, PREFLIGHT_NOTE, "no dm-crypt below HOME; a volume that its host encrypts (EBS) looks the same from "
	    "here: see that it is"));
	preflight.folder.encryption = FACTS_UNKNOWN;
	CHECK(result_has(PREFLIGHT_disk_encrypted, PREFLIGHT_NOTE, "not seen from here: see that the volume of HOME is encrypted"));
}

TEST(t_O7_a_home_that_others_may_enter)
{
	good(VENUE_sim);
	check_result(PREFLIGHT_home_private, PREFLIGHT_OK, "mode 0700, of user 1000");
	preflight.folder.mode = 0755;
	CHECK(result_has(PREFLIGHT_home_private, PREFLIGHT_NOTE, " has mode 0755, so others may look into it: chmod 700 "));
	preflight.folder.mode = 0770;
	CHECK(result_has(PREFLIGHT_home_private, PREFLIGHT_WARNING, " has mode 0770, so others may replace what is in it: chmod 700 "));
	preflight.folder.owner = 1001;
	CHECK(result_has(PREFLIGHT_home_private, PREFLIGHT_WARNING, " belongs to user 1001, and this is user 1000: run as its owner"));
	preflight.folder.is_there = false;
	check_result(PREFLIGHT_home_private, PREFLIGHT_OK, "a first run makes it with mode 0700");
}
