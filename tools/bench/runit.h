/* runit.h - runit's runsv as the reference of a supervisor: found in PATH, or its Debian package unpacked into build/refs/runit, which needs no root. */
#ifndef TOOLS_BENCH_RUNIT_H
#define TOOLS_BENCH_RUNIT_H
#include "tools/bench/bench.h"
#include "tools/bench/measure.h"

/* Kills a service that sleeps, `turns` times, each time after it has run for ran_ms; adds the milliseconds until runsv names another pid. False when
 * there is no runsv. */
bool runit_kills(const struct bench *bench, int turns, int ran_ms, struct series *respawned);

#endif
