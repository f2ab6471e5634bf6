/* measure.c - see measure.h. */
#include "tools/bench/measure.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void series_add(struct series *series, double value)
{
	if (series->count < TURNS_MAX) series->value[series->count++] = value;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double series_median(struct series *series)
{
	if (series->count == 0) return 0;
	qsort(series->value, series->count, sizeof series->value[0], by_value);
	return series->value[series->count / 2];
}

double series_most(const struct series *series)
{
	double most = 0;
	for (size_t i = 0; i < series->count; i++)
		if (series->value[i] > most) most = series->value[i];
	return most;
}

double now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

bool pin_to(unsigned core)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	((unsigned long *)&set)[0] = 1ul << core;        /* CPU_SET of this C library converts signs */
	return sched_setaffinity(0, sizeof set, &set) == 0;
}

void keep(uint64_t value) { __asm__ volatile("" ::"r"(value)); }

void *shared_memory(size_t bytes)
{
	void *at = mmap(0, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED) give_up("the kernel has no memory for", "the measurement");
	return at;
}

void give_up(const char *why, const char *what)
{
	fprintf(stderr, "bench: %s %s\n", why, what);
	exit(1);
}

_Noreturn static void become(char *const argv[], const char *out)
{
	int file = open(out, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (file < 0 || dup2(file, STDOUT_FILENO) < 0) _exit(126);
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	execv(argv[0], argv);
	_exit(127);
}

static double ms_of(struct timeval time) { return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3; }

int begin_program(char *const argv[], const char *out)
{
	pid_t child = fork();
	if (child < 0) give_up("no process for", argv[0]);
	if (child == 0) become(argv, out);
	return child;
}

struct run run_program(char *const argv[], const char *out)
{
	struct rusage usage;
	int           status = 0;
	double        begun_ns = now_ns();
	pid_t         child = begin_program(argv, out);
	if (wait4(child, &status, 0, &usage) != child) give_up("no end of", argv[0]);
	return (struct run){ (now_ns() - begun_ns) / 1e6, ms_of(usage.ru_utime) + ms_of(usage.ru_stime),
		WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status) };
}

void find_python(char python[PYTHON_BYTES])
{
	const char *given = getenv("BENCH_PYTHON");
	snprintf(python, PYTHON_BYTES, "%s", given ? given : "build/bench-libraries/bin/python");
}

bool read_text(const char *path, char *text, size_t bytes)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0) return false;
	ssize_t got = read(file, text, bytes - 1);
	close(file);
	text[got > 0 ? got : 0] = 0;
	return got > 0;
}
