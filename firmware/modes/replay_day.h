/* replay_day.h - `tickwork replay HOME`: a run by protocol from its tapes (restage.h). */
#ifndef FIRMWARE_MODES_REPLAY_DAY_H
#define FIRMWARE_MODES_REPLAY_DAY_H
#include "firmware/cli/cli.h"

/* The exit code. */
int replay_day(struct cli *cli, const char *folder);

#endif
