/* help.h - what the program says about itself, printed from the table of verbs. */
#ifndef FIRMWARE_CLI_HELP_H
#define FIRMWARE_CLI_HELP_H
#include "firmware/cli/cli.h"

/* Every verb in a line. */
void help_all(struct cli *cli);
/* Usage, options, argument and one example of a verb. */
void help_verb(struct cli *cli, const struct verb *verb);

#endif
