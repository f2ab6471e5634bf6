/* runit.c - see runit.h. */
#include "tools/bench/runit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNPACKED "build/refs/runit"

enum { LOOK_US = 50, PATIENCE_MS = 10000 };

static bool find_in_path(char program[PATH_BYTES])
{
	char  folders[PATH_BYTES * 4];
	char *rest = folders;
	snprintf(folders, sizeof folders, "%s", getenv("PATH") ? getenv("PATH") : "");
	for (char *folder = strtok_r(folders, ":", &rest); folder; folder = strtok_r(0, ":", &rest)) {
		snprintf(program, PATH_BYTES, "%.1000s/runsv", folder);
		if (access(program, X_OK) == 0) return true;
	}
	return false;
}

static bool find(const struct bench *bench, char program[PATH_BYTES])
{
	char  script[] = "tools/bench/runit_fetch", folder[] = UNPACKED, out[PATH_BYTES + 16];
	char *argv[] = { script, folder, 0 };
	if (find_in_path(program)) return true;
	snprintf(program, PATH_BYTES, UNPACKED "/usr/bin/runsv");
	if (access(program, X_OK) == 0) return true;
	snprintf(out, sizeof out, "%s/runit_fetch", bench->folder);
	return run_program(argv, out).code == 0 && access(program, X_OK) == 0;
}

static void make_service(const char *service)
{
	char  path[PATH_BYTES + 32];
	FILE *file;
	snprintf(path, sizeof path, "%s/run", service);
	if (mkdir(service, 0700) != 0 || !(file = fopen(path, "w"))) give_up("cannot make", service);
	if (fputs("#!/bin/sh\nexec sleep 100000\n", file) < 0 || fclose(file) != 0 || chmod(path, 0700) != 0) give_up("cannot write", path);
}

/* The pid that runsv names, once it names another than this. */
static int next_pid(const char *service, int other)
{
	char   path[PATH_BYTES + 32], text[32];
	double since_ns = now_ns();
	snprintf(path, sizeof path, "%s/supervise/pid", service);
	while (now_ns() - since_ns < PATIENCE_MS * 1e6) {
		int pid = read_text(path, text, sizeof text) ? atoi(text) : 0;
		if (pid > 0 && pid != other) return pid;
		(void)usleep(LOOK_US);
	}
	give_up("runsv does not start", service);
}

bool runit_kills(const struct bench *bench, int turns, int ran_ms, struct series *respawned)
{
	char  program[PATH_BYTES], service[PATH_BYTES + 16], out[PATH_BYTES + 16], gone[] = "/dev/null", remove[] = "/bin/rm", how[] = "-rf";
	char *argv[] = { program, service, 0 }, *remove_argv[] = { remove, how, service, 0 };
	int   status;
	if (!find(bench, program)) return false;
	snprintf(service, sizeof service, "%s/service", bench->folder);
	snprintf(out, sizeof out, "%s/runsv", bench->folder);
	make_service(service);
	int runsv = begin_program(argv, out), pid = next_pid(service, 0);
	for (int turn = 0; turn < turns; turn++) {
		(void)usleep((useconds_t)ran_ms * 1000);
		double killed_ns = now_ns();
		if (kill(pid, SIGKILL) != 0) give_up("cannot kill a service of", program);
		pid = next_pid(service, pid);
		series_add(respawned, (now_ns() - killed_ns) / 1e6);
	}
	(void)kill(runsv, SIGTERM);
	if (waitpid(runsv, &status, 0) != runsv) give_up("no end of", program);
	(void)run_program(remove_argv, gone);
	return true;
}
