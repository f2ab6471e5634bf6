/* cli.h - the command line: what a verb's function is given, and how it answers.
 *
 * A verb prints results to cli->out, refuses with cli_refuse (one sentence on standard error, which names the input and what to
 * do) and returns an enum cli_exit. Options are asked for by name; asking for one that is not in the verb's row is a bug.
 * Everything lives in one struct cli of fixed size on main's stack. */
#ifndef FIRMWARE_CLI_CLI_H
#define FIRMWARE_CLI_CLI_H
#include "firmware/cli/exit_code.h"
#include "firmware/cli/out.h"
#include "firmware/cli/verb.h"

enum { CLI_WORDS_MAX = 64 };        /* words on a command line */

struct option_value { const char *text; double number; int64_t integer; int32_t day; uint32_t choice; bool given; };

struct cli {
	struct out            out, err;
	struct verb_table     table;
	const struct verb    *verb;
	const char           *argument;        /* 0 when none was given */
	struct option_value   value[VERB_OPTIONS_MAX];
	bool                  json;
};

/* The whole program; returns its exit code. */
int cli_main(int argc, char **argv);
/* The same over another table and other descriptors, for tests. */
int cli_run(struct verb_table table, int argc, char **argv, int out_fd, int err_fd);

/* The values of options; the fallback when the option was not given. */
bool        cli_given(const struct cli *cli, const char *option);
const char *cli_text(const struct cli *cli, const char *option, const char *fallback);
int64_t     cli_int(const struct cli *cli, const char *option, int64_t fallback);
double      cli_double(const struct cli *cli, const char *option, double fallback);
int32_t     cli_day(const struct cli *cli, const char *option, int32_t fallback);
uint32_t    cli_choice(const struct cli *cli, const char *option, uint32_t fallback);

/* Prints `tickwork: ` and the sentence on standard error; returns the code, so that a verb can `return cli_refuse(...)`. */
int cli_refuse(struct cli *cli, enum cli_exit code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
