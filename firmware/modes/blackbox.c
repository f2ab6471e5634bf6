/* blackbox.c - `tickwork blackbox`: the deaths that HOME/blackbox keeps, and one of them in full. It asks nobody, so all may be dead. */
#include "firmware/modes/blackbox.h"

#include <stdio.h>
#include <string.h>

#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/modes/looking.h"
#include "hal/linux/memory.h"

enum { CELL_BYTES = 24,
	EVENTS_DEFAULT = 20 };

struct box_list {
	struct blackbox_file file;
	uint32_t count;
	struct {
		uint64_t number;
		uint32_t slot;
	} of[BLACKBOX_SLOTS_MAX]; /* by number */
	_Alignas(64) uint8_t room[BLACKBOX_SLOT_BYTES];
};

static void add(struct box_list *list, uint64_t number, uint32_t slot)
{
	uint32_t at = list->count++;
	for (; at > 0 && list->of[at - 1].number > number; at--) list->of[at] = list->of[at - 1];
	list->of[at].number = number;
	list->of[at].slot = slot;
}

static void read_all(struct box_list *list)
{
	for (uint32_t slot = 0; slot < list->file.slots; slot++) {
		const struct blackbox_death *death = blackbox_read(&list->file, slot, list->room);
		if (death) add(list, death->number, slot);
	}
}

static void show_row(struct cli *cli, struct table table, const struct blackbox_death *death)
{
	char number[CELL_BYTES], time[BLACKBOX_TIME_BYTES], how[BLACKBOX_HOW_BYTES];
	const char *const text[] = { number, blackbox_time(time, death->wall_ns), death->process, blackbox_how(how, death) };
	(void)snprintf(number, sizeof number, "%llu", (unsigned long long)death->number);
	table_row(&cli->out, table, text);
}

static void show_row_json(struct cli *cli, const struct blackbox_death *death)
{
	struct print_json print;
	struct json *json = print_json_begin(&print);
	json_object_begin(json);
	blackbox_members(json, death);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static int show_list(struct cli *cli, struct box_list *list)
{
	static const struct table_column column[] = { { "NO", 3, true }, { "TIME", 20, false }, { "PROCESS", 23, false }, { "HOW", 1, false } };
	const struct table table = { column, 4 };
	if (!cli->json && list->count) table_head(&cli->out, table);
	if (!cli->json && !list->count) out_text(&cli->out, "nothing has died here\n");
	for (uint32_t i = 0; i < list->count; i++) {
		const struct blackbox_death *death = blackbox_read(&list->file, list->of[i].slot, list->room);
		if (!death) continue; /* written anew since it was listed */
		if (cli->json) show_row_json(cli, death);
		else show_row(cli, table, death);
	}
	return CLI_DONE;
}

static const struct blackbox_death *find(struct box_list *list, const char *word)
{
	int64_t number = list->count ? (int64_t)list->of[list->count - 1].number : 0;
	if (strcmp(word, "last") != 0 && !text_to_int(word, &number)) return 0;
	for (uint32_t i = 0; i < list->count; i++)
		if (list->of[i].number == (uint64_t)number) return blackbox_read(&list->file, list->of[i].slot, list->room);
	return 0;
}

static int show_one(struct cli *cli, struct box_list *list, const char *folder)
{
	char quoted[TEXT_QUOTE_BYTES];
	const struct blackbox_death *death = find(list, cli->argument);
	uint32_t events = (uint32_t)cli_int(cli, "--events", cli->json ? TRACE_EVENTS : EVENTS_DEFAULT);
	if (!death && !list->count) return cli_refuse(cli, CLI_BAD_INPUT, "no death %s in %s: nothing has died there", text_quote(quoted, cli->argument), folder);
	if (!death)
		return cli_refuse(cli, CLI_BAD_INPUT, "no death %s in %s: it has %llu to %llu, and `last`", text_quote(quoted, cli->argument), folder,
			(unsigned long long)list->of[0].number, (unsigned long long)list->of[list->count - 1].number);
	if (cli->json) blackbox_show_json(cli, folder, death, events);
	else blackbox_show(cli, folder, death, events);
	return CLI_DONE;
}

int verb_blackbox(struct cli *cli)
{
	const char *folder = cli_text(cli, "--home", HOME_DEFAULT);
	struct box_list *list = memory_take(sizeof *list);
	char path[FILES_PATH_MAX], sentence[FILES_SENTENCE_MAX];
	if (!list) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this");
	enum files_verdict verdict = blackbox_read_open(&list->file, folder);
	if (verdict == FILES_MISSING)
		return cli_refuse(cli, CLI_OUT_OF_REACH, "no black box in %s: nothing has run there; tickwork run --home %s makes one", folder, folder);
	if (verdict != FILES_OK) {
		const char *named = files_path(path, folder, BLACKBOX_NAME) == FILES_OK ? path : folder;
		return cli_refuse(cli, CLI_OUT_OF_REACH, "%s", files_sentence(verdict, named, sentence, sizeof sentence));
	}
	read_all(list);
	int code = cli->argument ? show_one(cli, list, folder) : show_list(cli, list);
	blackbox_read_close(&list->file);
	return code;
}
