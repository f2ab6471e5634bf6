/* kept.c - a path against the file that was opened by it. */
#include "firmware/kept.h"

#include <stdio.h>

#include "firmware/pump.h"

#define KEPT_ROW(file, name, worker, without) [KEPT_##file] = { name, without, WORKER_##worker, CARE_##file },
static const struct { const char *name, *without; uint8_t worker, condition; } rows[KEPT_N] = { KEPT_FILES(KEPT_ROW) };

static const struct files_identity *noted_in(const struct memory_map *map, enum kept_id id)
{
	return id == KEPT_JOURNAL ? &map->progress_desk->kept : &map->progress_ledger->kept;
}

static bool ask(enum kept_id id, const char *home, struct files_identity *found)
{
	char path[FILES_PATH_MAX];
	return files_path(path, home, rows[id].name) == FILES_OK && files_identify(path, found) == FILES_OK;
}

/* Inode 0 is no file: whoever looks meanwhile waits. */
void kept_note(struct memory_map *map, enum kept_id id, const char *home)
{
	struct files_identity *noted = &pump_progress(map, (enum worker_id)rows[id].worker)->kept, found;
	__atomic_store_n(&noted->inode, 0, __ATOMIC_SEQ_CST);
	if (!ask(id, home, &found)) return;
	noted->device = found.device;
	noted->bytes = found.bytes;
	__atomic_store_n(&noted->inode, found.inode, __ATOMIC_SEQ_CST);
}

static bool is_gone(const struct files_identity *noted, enum kept_id id, const char *home, bool was_gone)
{
	char                  path[FILES_PATH_MAX];
	struct files_identity found;
	uint64_t              inode = __atomic_load_n(&noted->inode, __ATOMIC_SEQ_CST);
	if (inode == 0 || files_path(path, home, rows[id].name) != FILES_OK) return was_gone;
	enum files_verdict verdict = files_identify(path, &found);
	if (verdict == FILES_MISSING) return true;
	if (verdict != FILES_OK) return was_gone;
	return found.inode != inode || found.device != noted->device || found.bytes < noted->bytes;
}

bool kept_turn(struct kept *kept, const struct memory_map *map, const char *home, int64_t now_ns)
{
	uint32_t before = kept->gone;
	kept->news = 0;
	if (now_ns - kept->looked_ns < KEPT_LOOK_MS * NS_PER_MS) return false;
	kept->looked_ns = now_ns;
	for (enum kept_id id = 0; id < KEPT_N; id++) {
		bool was = kept->gone >> id & 1;
		bool is = is_gone(noted_in(map, id), id, home, was);
		kept->gone ^= (uint32_t)(was != is) << id;
	}
	kept->news = before ^ kept->gone;
	return kept->news != 0;
}

uint64_t kept_conditions(const struct kept *kept)
{
	uint64_t conditions = 0;
	for (enum kept_id id = 0; id < KEPT_N; id++) conditions |= (uint64_t)(kept->gone >> id & 1) << rows[id].condition;
	return conditions;
}

const char *kept_sentence(const struct kept *kept, enum kept_id id, const char *home, char text[KEPT_SENTENCE_BYTES])
{
	if (kept->gone >> id & 1)
		(void)snprintf(text, KEPT_SENTENCE_BYTES, "%s/%s was removed, replaced or cut short while it is in use: no new risk is taken, exits go on, and what is "
		    "written now is lost at the end; put the same file back, or stop and bring back a copy (%s)", home, rows[id].name, rows[id].without);
	else (void)snprintf(text, KEPT_SENTENCE_BYTES, "%s/%s is in its place again", home, rows[id].name);
	return text;
}
