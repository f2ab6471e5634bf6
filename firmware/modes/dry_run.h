/* dry_run.h - the checks before a run, shown: all of them for --dry-run, else only what a person must read. Row P12. */
#ifndef FIRMWARE_MODES_DRY_RUN_H
#define FIRMWARE_MODES_DRY_RUN_H
#include "firmware/preflight.h"

struct cli;

/* Fills in the facts of this machine and runs the checks of `run`; the caller gave home, data, plan, secrets and venue_check.
 * With --dry-run: prints the table, or one object with --json; CLI_DONE when a run may start, else CLI_FAILED.
 * Without: warnings on standard error and CLI_DONE, or the first failure as a refusal, CLI_BAD_INPUT. */
int dry_run(struct preflight *preflight, struct cli *cli);

#endif
