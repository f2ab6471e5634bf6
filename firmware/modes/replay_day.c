/* replay_day.c - the three parts of restage.h one after the other, and what they came to. */
#include "firmware/modes/replay_day.h"

#include <stdio.h>

#include "firmware/cli/print_json.h"
#include "firmware/modes/restage.h"
#include "hal/linux/memory.h"

static void print_json(struct cli *cli, const struct restage *restage)
{
	static struct print_json print;
	struct json             *json = print_json_begin(&print);
	char                     hash[17];
	(void)snprintf(hash, sizeof hash, "%016llx", (unsigned long long)desk_hash(&restage->rooms.desk));
	json_object_begin(json);
	json_key(json, "bytes_in"), json_u64(json, restage->bytes_in);
	json_key(json, "requests"), json_u64(json, restage->requests);
	json_key(json, "market_events"), json_u64(json, restage->told);
	json_key(json, "orders"), json_u64(json, restage->sent);
	json_key(json, "last_input"), json_u64(json, restage->rooms.desk.inputs);
	json_key(json, "state_hash"), json_string(json, hash);
	json_key(json, "same"), json_bool(json, !*restage->sentence);
	if (*restage->sentence) json_key(json, "difference"), json_string(json, restage->sentence);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

static void print_text(struct cli *cli, const struct restage *restage)
{
	out_format(&cli->out, "%llu bytes of the venue's became the same %llu events of the market and the same words to the desk\n",
		(unsigned long long)restage->bytes_in, (unsigned long long)restage->told);
	out_format(&cli->out, "%llu inputs of the desk made the same %llu calls of its driver, and both drivers the same %llu requests\n",
		(unsigned long long)restage->rooms.desk.inputs, (unsigned long long)restage->sent, (unsigned long long)restage->requests);
	out_format(&cli->out, "state hash %016llx, as in the run\n", (unsigned long long)restage->last_hash);
}

int replay_day(struct cli *cli, const char *folder)
{
	struct restage *restage = memory_take(sizeof *restage);
	if (!restage) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this");
	bool is_same = restage_open(restage, folder) && restage_feed(restage) && restage_desk(restage) && restage_run(restage);
	if (restage->is_bad_input) return cli_refuse(cli, CLI_BAD_INPUT, "%s", restage->sentence);
	if (cli->json) print_json(cli, restage);
	else if (is_same) print_text(cli, restage);
	return is_same ? CLI_DONE : cli_refuse(cli, CLI_FAILED, "%s", restage->sentence);
}
