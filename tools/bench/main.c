/* main.c - `make bench`: figures of the product beside a reference measured in the same run, and the goal beside them.
 *
 *   bench [--json] [--data DIR] [PART ...]     parts: pipeline channel book durable steps factors boot kills upkeep memory size; all of them by default
 *   bench --write-bars DIR                     generated bars as CSV files, for tests that count instructions
 *
 * Ends with 0 whatever the figures say: a shared machine is no judge. 1 when something could not be run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/bench/bench.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

#define RECORDED_BARS "../shared/data/daily"

static const struct { const char *name; void (*measure)(const struct bench *bench); } parts[] = {
	{ "pipeline", bench_pipeline },
	{ "channel", bench_channel },
	{ "book", bench_book },
	{ "durable", bench_durable },
	{ "steps", bench_steps },
	{ "factors", bench_factors },
	{ "boot", bench_boot },
	{ "kills", bench_kills },
	{ "upkeep", bench_upkeep },
	{ "memory", bench_memory },
	{ "size", bench_size },
};
enum { PARTS_N = sizeof parts / sizeof parts[0] };

static int usage(void)
{
	fprintf(stderr, "usage: bench [--json] [--data DIR] [PART ...] | bench --write-bars DIR; parts:");
	for (size_t i = 0; i < PARTS_N; i++) fprintf(stderr, " %s", parts[i].name);
	fprintf(stderr, "\n");
	return 2;
}

/* The product lies beside this program; files go there too, since that is the disk it will run on. */
static void find_places(struct bench *bench)
{
	char    own[PATH_BYTES - 32];
	ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);
	if (length <= 0) give_up("cannot find", "its own place");
	own[length] = 0;
	*strrchr(own, '/') = 0;
	snprintf(bench->product, sizeof bench->product, "%s/tickwork", own);
	snprintf(bench->folder, sizeof bench->folder, "%s/bench-XXXXXX", own);
	if (access(bench->product, X_OK) != 0) give_up("build first, there is no", bench->product);
	if (!mkdtemp(bench->folder)) give_up("cannot make", bench->folder);
}

static void find_bars(struct bench *bench, const char *wanted)
{
	const char *recorded = wanted ? wanted : getenv("DATA") && *getenv("DATA") ? getenv("DATA") : RECORDED_BARS;
	bench->data_what = "recorded";
	snprintf(bench->data, sizeof bench->data, "%s", recorded);
	if (access(recorded, R_OK) == 0) return;
	if (wanted) give_up("cannot read", wanted);
	bench->data_what = "generated";
	snprintf(bench->data, sizeof bench->data, "%.*s/bars", PATH_BYTES - 8, bench->folder);
	if (mkdir(bench->data, 0700) != 0 || !write_bars(bench->data)) give_up("cannot write bars to", bench->data);
}

static void remove_folder(const char *folder)
{
	char        out[] = "/dev/null", remove[] = "/bin/rm", how[] = "-rf", what[PATH_BYTES];
	char *const argv[] = { remove, how, what, 0 };
	snprintf(what, sizeof what, "%s", folder);
	(void)run_program(argv, out);
}

static bool is_wanted(const char *name, char *const *wanted, int wanted_n)
{
	for (int i = 0; i < wanted_n; i++)
		if (strcmp(name, wanted[i]) == 0) return true;
	return wanted_n == 0;
}

static bool are_parts(char *const *wanted, int wanted_n)
{
	for (int i = 0; i < wanted_n; i++) {
		bool known = false;
		for (size_t part = 0; part < PARTS_N; part++) known |= strcmp(wanted[i], parts[part].name) == 0;
		if (!known) return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct bench bench;
	const char         *data = 0;
	bool                json = false;
	int                 at = 1;
	if (argc == 3 && strcmp(argv[1], "--write-bars") == 0) return write_bars(argv[2]) ? 0 : 1;
	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--json") == 0)
			json = true;
		else if (strcmp(argv[at], "--data") == 0 && at + 1 < argc)
			data = argv[++at];
		else
			return usage();
	}
	if (!are_parts(argv + at, argc - at)) return usage();
	find_places(&bench);
	find_bars(&bench, data);
	report_begin(json);
	for (size_t i = 0; i < PARTS_N; i++)
		if (is_wanted(parts[i].name, argv + at, argc - at)) parts[i].measure(&bench);
	remove_folder(bench.folder);
	return 0;
}
