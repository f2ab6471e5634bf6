/* doctor.h - the checks before a run, shown: all of them by `tickwork doctor` and `run --dry-run`, else only what a person must read. Row P12. */
#ifndef FIRMWARE_MODES_DOCTOR_H
#define FIRMWARE_MODES_DOCTOR_H
#include "firmware/preflight/preflight.h"

struct cli;

/* Looks at this machine, judges, and shows every check as a table, or as one object with --json. CLI_DONE when a run may start, else CLI_FAILED.
 * The caller gave home, data, plan, secrets, is_visit and venue_check. */
int doctor_show(struct preflight *preflight, struct cli *cli);
/* The same with warnings alone, on standard error, and CLI_DONE; or the first failure as a refusal: CLI_BAD_INPUT, or CLI_REFUSED
 * where a key of real money is missing. */
int doctor_warn(struct preflight *preflight, struct cli *cli);
/* Before a run: takes the keys out of the environment, whether this venue needs them or not, then doctor_warn; with --dry-run doctor_show. */
int doctor_before(struct cli *cli, const struct venue_plan *plan, struct secrets *secrets);

#endif
