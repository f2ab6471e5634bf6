/* check_disk.c - the folder HOME and the disk below it. */
#include "firmware/preflight/check.h"

enum { US = 1000, MS = 1000000, SYNC_SLOW_MS = 1000, OTHERS_WRITE = 022, OTHERS = 077 };

static bool is_usable(const struct facts_folder *folder) { return folder->verdict == FILES_OK || folder->verdict == FILES_FULL; }

/* What of the journal has its room on the disk already. */
static uint64_t journal_bytes_there(const char *home)
{
	char     path[FILES_PATH_MAX];
	uint64_t bytes = 0;
	if (files_path(path, home, "journal") == FILES_OK) (void)files_size(path, &bytes);
	return bytes < JOURNAL_FILE_BYTES ? bytes : JOURNAL_FILE_BYTES;
}

void check_room(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts_folder *folder = &preflight->folder;
	const char                *home = preflight->home;
	uint64_t                   journal_bytes = JOURNAL_FILE_BYTES - journal_bytes_there(home);
	int32_t                    room_mib = setting(&preflight->conf.settings, SETTING_home_room_mib);
	if (!is_usable(folder)) preflight_say(result, PREFLIGHT_NOTE, "not known while %s cannot be used:\nsee the check `folder`", home);
	else if (folder->free_bytes < journal_bytes)
		preflight_say(result, PREFLIGHT_FAILURE,
		    "%s/journal does not fit on the disk: it takes %llu MiB and %llu MiB are free:\nfree some space, or choose another --home", home,
		    check_mib(journal_bytes) + 1, check_mib(folder->free_bytes));
	else if (folder->free_bytes < journal_bytes + ((uint64_t)room_mib << MIB_SHIFT))
		preflight_say(result, PREFLIGHT_WARNING, "%s has %llu MiB left for books and reports, fewer than the %d of home_room_mib:\nfree some "
		    "space", home,
		    check_mib(folder->free_bytes - journal_bytes), room_mib);
	else preflight_say(result, PREFLIGHT_OK, "%llu MiB free", check_mib(folder->free_bytes));
}

void check_folder(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts_folder *folder = &preflight->folder;
	char                       sentence[FILES_SENTENCE_MAX];
	if (folder->verdict != FILES_OK) check_quote(result, PREFLIGHT_FAILURE, files_sentence(folder->verdict, preflight->home, sentence, sizeof sentence));
	else preflight_say(result, PREFLIGHT_OK, "%s %s", preflight->home, folder->is_there ? "is writable, and syncs" : "can be made");
}

void check_file_system(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts_folder *folder = &preflight->folder;
	const char                *home = preflight->home;
	if (!is_usable(folder)) preflight_say(result, PREFLIGHT_NOTE, "not known while %s cannot be used:\nsee the check `folder`", home);
	else if (folder->is_in_memory)
		preflight_say(result, PREFLIGHT_WARNING,
		    "%s is in memory (%s): the journal and the books are gone when this machine restarts:\nchoose a --home on a disk", home,
		    folder->type_name);
	else if (folder->is_remote)
		preflight_say(result, PREFLIGHT_WARNING, "%s is on %s, whose locks and syncs are another machine's word:\nchoose a --home on a local "
		    "disk", home,
		    folder->type_name);
	else if (!folder->type_name)
		preflight_say(result, PREFLIGHT_NOTE, "a file system this program does not know (0x%llx):\nsee that it is local, and keeps what it has "
		    "synced",
		    (unsigned long long)folder->type);
	else preflight_say(result, PREFLIGHT_OK, "%s", folder->type_name);
}

/* A figure and no limit, but for a disk that is ill: every order waits for one of these. */
void check_disk_sync(struct preflight *preflight, struct preflight_result *result)
{
	long long us = preflight->folder.sync_ns / US;
	if (preflight->folder.verdict != FILES_OK) preflight_say(result, PREFLIGHT_NOTE, "not measured while %s cannot be used:\nsee the check "
	    "`folder`", preflight->home);
	else if (preflight->folder.sync_ns > (int64_t)SYNC_SLOW_MS * MS)
		preflight_say(result, PREFLIGHT_WARNING, "one small write took %lld ms until it was durable, and every order waits for one:\nsee the "
		    "kernel log, and "
		    "what else writes to this disk",
		    us / 1000);
	else preflight_say(result, PREFLIGHT_OK, "one small write was durable after %lld us", us);
}

void check_disk_encrypted(struct preflight *preflight, struct preflight_result *result)
{
	if (preflight->folder.encryption == 1) preflight_say(result, PREFLIGHT_OK, "dm-crypt");
	else if (preflight->folder.encryption == 0)
		preflight_say(result, PREFLIGHT_NOTE, "no dm-crypt below HOME; a volume that its host encrypts (EBS) looks the same from here:\nsee "
		    "that it is, or "
		    "put HOME on a LUKS volume");
	else preflight_say(result, PREFLIGHT_NOTE, "not seen from here:\nsee that the volume of HOME is encrypted (lsblk -o NAME,TYPE,MOUNTPOINT; the "
	    "host's console)");
}

void check_home_private(struct preflight *preflight, struct preflight_result *result)
{
	const struct facts_folder *folder = &preflight->folder;
	const char                *home = preflight->home;
	uint32_t                   user = preflight->facts.user;
	if (check_is_new(preflight)) preflight_say(result, PREFLIGHT_OK, "a first run makes it with mode 0700");
	else if (folder->owner != user && user != 0)
		preflight_say(result, PREFLIGHT_WARNING, "%s belongs to user %u, and this is user %u:\nrun as its owner, or chown it", home,
		    folder->owner, user);
	else if (folder->mode & OTHERS_WRITE)
		preflight_say(result, PREFLIGHT_WARNING, "%s has mode %04o, so others may replace what is in it:\nchmod 700 %s", home, folder->mode, home);
	else if (folder->mode & OTHERS)
		preflight_say(result, PREFLIGHT_NOTE, "%s has mode %04o, so others may look into it:\nchmod 700 %s", home, folder->mode, home);
	else preflight_say(result, PREFLIGHT_OK, "mode %04o, of user %u", folder->mode, folder->owner);
}
