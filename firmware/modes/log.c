/* log.c - `tickwork log`: what the processes said and how they ended. It reads HOME/lastwords and asks nobody, so all may be dead. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/print_json.h"
#include "firmware/cli/table.h"
#include "firmware/lastwords.h"
#include "firmware/modes/looking.h"

enum { TIME_WIDTH = 20, NAME_WIDTH = 23 };

/* "TIME NAME: WHAT" of a record in its three parts. A line without them is all WHAT. */
struct log_line { const char *time, *process, *what; };
static struct log_line split(struct lastword *word)
{
	struct log_line line = { "", "", word->text };
	char           *space = strchr(word->text, ' '), *colon = space ? strstr(space, ": ") : 0;
	if (!colon) return line;
	*space = 0;
	*colon = 0;
	return (struct log_line){ word->text, space + 1, colon + 2 };
}

static void put(struct json *json, const char *key, const char *text)
{
	json_key(json, key);
	json_string(json, text);
}

static void print_line(struct cli *cli, uint64_t number, const struct log_line *line)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "number");
	json_u64(json, number);
	put(json, "time", line->time);
	put(json, "process", line->process);
	put(json, "what", line->what);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

int verb_log(struct cli *cli)
{
	static const struct table_column column[] = { { "TIME", TIME_WIDTH, false }, { "PROCESS", NAME_WIDTH, false }, { "WHAT", 1, false } };
	const struct table               table = { column, sizeof column / sizeof *column };
	struct lastword                  word[LASTWORDS_MAX];
	const char                      *folder = cli_text(cli, "--home", HOME_DEFAULT);
	uint32_t                         count;
	enum files_verdict               verdict = lastwords_read(folder, word, &count);
	char                             path[FILES_PATH_MAX], sentence[FILES_SENTENCE_MAX];
	if (verdict == FILES_MISSING)
		return cli_refuse(cli, CLI_OUT_OF_REACH, "no log in %s: no watchdog has run there; tickwork run --layout appliance --home %s has one", folder, folder);
	if (verdict != FILES_OK) {
		const char *named = files_path(path, folder, "lastwords") == FILES_OK ? path : folder;
		return cli_refuse(cli, CLI_OUT_OF_REACH, "%s", files_sentence(verdict, named, sentence, sizeof sentence));
	}
	if (!cli->json) table_head(&cli->out, table);
	for (uint32_t i = 0; i < count; i++) {
		struct log_line   line = split(&word[i]);
		const char *const text[] = { line.time, line.process, line.what };
		if (cli->json) print_line(cli, word[i].number, &line); else table_row(&cli->out, table, text);
	}
	return CLI_DONE;
}
