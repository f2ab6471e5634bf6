#include "firmware/cli/cli.h"
#include "firmware/cli/print_json.h"
#include "firmware/version.h"

static void print_version(struct cli *cli)
{
	out_format(&cli->out, "tickwork %s\nbuild     %s\ncompiler  %s\n", TICKWORK_VERSION, build_id(), build_compiler());
	for (size_t i = 0; version_part(i); i++) {
		const struct version_part *part = version_part(i);
		out_format(&cli->out, "%-9s %s (%s)\n", part->name, part->version, part->licence);
	}
}

static void json_parts(struct json *json)
{
	json_array_begin(json);
	for (size_t i = 0; version_part(i); i++) {
		json_object_begin(json);
		json_key(json, "name");
		json_string(json, version_part(i)->name);
		json_key(json, "version");
		json_string(json, version_part(i)->version);
		json_key(json, "licence");
		json_string(json, version_part(i)->licence);
		json_object_end(json);
	}
	json_array_end(json);
}

static void json_version(struct cli *cli)
{
	struct print_json print;
	struct json      *json = print_json_begin(&print);
	json_object_begin(json);
	json_key(json, "version");
	json_string(json, TICKWORK_VERSION);
	json_key(json, "build_id");
	json_string(json, build_id());
	json_key(json, "compiler");
	json_string(json, build_compiler());
	json_key(json, "dependencies");
	json_parts(json);
	json_object_end(json);
	print_json_end(&print, &cli->out);
}

int verb_version(struct cli *cli)
{
	if (cli->json) json_version(cli); else print_version(cli);
	return CLI_DONE;
}
