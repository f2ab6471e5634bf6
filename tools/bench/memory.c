/* memory.c - what the whole appliance keeps in memory, beside what a Python trading stack keeps after its imports. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tools/bench/live.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

/* Stated where no stack is here to be measured: numpy, pandas, scipy, scikit-learn and an exchange's client. */
static const double stated_mb = 148, goal_ratio = 0.5;
static const double bytes_a_mb = 1e6;

/* Each process that runs has looked at itself since they all stand. */
static bool have_looked(const struct memory_map *map, const void *context)
{
	const double *since_ns = context;
	if (!live_is_ready(map, 0) || (double)map->life->memory.looked_ns < *since_ns) return false;
	for (uint32_t row = 0; row < map->life->processes; row++) {
		const struct worker_progress *word[WORKERS_N];
		if (map->life->of[row].pid && (!live_workers(map, row, word) || (double)word[0]->memory.looked_ns < *since_ns)) return false;
	}
	return true;
}

static double sum_mb(const struct memory_map *map)
{
	uint64_t bytes = map->life->memory.share_bytes;
	for (uint32_t row = 0; row < map->life->processes; row++) {
		const struct worker_progress *word[WORKERS_N];
		if (map->life->of[row].pid && live_workers(map, row, word)) bytes += word[0]->memory.share_bytes;
	}
	return (double)bytes / bytes_a_mb;
}

/* False where there is no Python with anything of it. */
static bool measure_imports(const struct bench *bench, double *mb, char *names, size_t size)
{
	char   python[PYTHON_BYTES], script[] = "tools/bench/imports_ref.py", out[PATH_BYTES + 8], text[512];
	char  *argv[] = { python, script, 0 }, list[256];
	double kilobytes;
	find_python(python);
	snprintf(out, sizeof out, "%s/out", bench->folder);
	if (access(python, X_OK) != 0 || run_program(argv, out).code != 0) return false;
	if (!read_text(out, text, sizeof text) || sscanf(text, "%lf %255s", &kilobytes, list) != 2) return false;
	*mb = kilobytes * 1024 / bytes_a_mb;
	snprintf(names, size, "sum of Pss of six processes, in a session; theirs measured here: %s", list);
	return true;
}

void bench_memory(const struct bench *bench)
{
	static struct live live;
	char               how[400] = "sum of Pss of six processes, in a session; theirs is stated, not measured here";
	double             theirs_mb = stated_mb, since_ns;
	const char *const  words[] = { "--data", bench->data, "--speed", "1", 0 };
	live_start(&live, bench, words);
	(void)live_until(&live, live_is_ready, 0);
	since_ns = now_ns();
	(void)live_until(&live, have_looked, &since_ns);
	double ours_mb = sum_mb(live.attach.map);
	live_stop(&live);
	(void)measure_imports(bench, &theirs_mb, how, sizeof how);
	report(&(struct row){ "memory of the appliance", "MB", ours_mb, "imports of a Python trading stack", theirs_mb, GOAL_OF_RATIO, goal_ratio, how });
}
