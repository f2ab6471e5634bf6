/* crash_matrix.h - `tickwork sim --crash-matrix`: prints firmware/sim/matrix.h call by call. */
#ifndef FIRMWARE_MODES_CRASH_MATRIX_H
#define FIRMWARE_MODES_CRASH_MATRIX_H
#include "firmware/cli/cli.h"

/* Every stride-th call of the desk's process, in each way of ending. The exit code. */
int crash_matrix(struct cli *cli, uint64_t seed, int32_t days, uint64_t stride, bool keeps_entries);

#endif
