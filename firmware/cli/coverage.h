/* coverage.h - which cells of the machines were ever taken: read from what the tests wrote down (tests/kit/cells.h), held against the tables. */
#ifndef FIRMWARE_CLI_COVERAGE_H
#define FIRMWARE_CLI_COVERAGE_H
#include "firmware/cli/cli.h"

/* The file: lines of machine, state, event, how often by its owner, how often by hand. Prints a line for each machine (of this name; 0: all), then
 * the cells that no owner took. Returns the exit code: CLI_FAILED when a cell that is no BUG was never taken at all. */
int coverage_show(struct cli *cli, const char *path, const char *name);

#endif
