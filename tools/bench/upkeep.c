/* upkeep.c - what the appliance costs while it waits: memory of all its processes, processor time, a TLS connection. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "firmware/modes/result.h"
#include "hal/linux/stream.h"
#include "tools/bench/live.h"
#include "tools/bench/measure.h"
#include "tools/bench/report.h"

enum { IDLE_S = 5, SETTLE_S = 1, LOOK_MS = 20, WHOLE_S = 8, PROCESSES_MAX = LIFE_ROWS + 1 };
static const double pss_goal_mb = 24, idle_goal_pct = 2, tls_goal_kb = 48;

/* The watchdog and its children, as pids: the map is left, because who looks at shared pages takes a share of them. */
struct cast { uint32_t count; int pid[PROCESSES_MAX]; char name[PROCESSES_MAX][PROCESS_NAME_BYTES]; };

static void take_cast(const struct live *live, struct cast *cast)
{
	const struct life *life = live->attach.map->life;
	*cast = (struct cast){ .count = 1, .pid = { live->pid }, .name = { "watchdog" } };
	for (uint32_t row = 0; row < life->processes; row++) {
		snprintf(cast->name[cast->count], PROCESS_NAME_BYTES, "%s", life->of[row].name);
		cast->pid[cast->count++] = life->of[row].pid;
	}
}

/* --- memory ------------------------------------------------------------------------------------------------------------------ */

/* Kilobytes of 1,000 bytes; false where the kernel does not let us look. */
static bool pss_of(int pid, double *kb)
{
	char  path[64], text[4096];
	char *at;
	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
	if (!read_text(path, text, sizeof text) || !(at = strstr(text, "\nPss:"))) return false;
	*kb = atof(at + 5) * 1.024;
	return true;
}

static bool pss_of_all(const struct cast *cast, double kb[PROCESSES_MAX], double *sum_mb)
{
	*sum_mb = 0;
	for (uint32_t i = 0; i < cast->count; i++) {
		if (!pss_of(cast->pid[i], &kb[i])) return false;
		*sum_mb += kb[i] / 1e3;
	}
	return true;
}

static void measure_memory(const struct cast *cast)
{
	double kb[PROCESSES_MAX], sum_mb;
	if (!pss_of_all(cast, kb, &sum_mb)) {
		report_note("Pss of all processes", "skipped: the kernel shows smaps_rollup of these processes to root only");
		return;
	}
	report(&(struct row){ "Pss of all processes", "MB", sum_mb, 0, 0, GOAL_OF_VALUE, pss_goal_mb, "15 symbols, after the start" });
	for (uint32_t i = 0; i < cast->count; i++) {
		char name[PROCESS_NAME_BYTES + 8];
		snprintf(name, sizeof name, "  %s", cast->name[i]);
		report(&(struct row){ name, "kB", kb[i], 0, 0, GOAL_NONE, 0, "" });
	}
}

/* The most while years of recorded days pass: bars that were read once stay. */
static void measure_memory_over_years(const struct bench *bench)
{
	static struct live live;
	struct cast        cast;
	double             kb[PROCESSES_MAX], sum_mb, most_mb = 0, since_ns = now_ns();
	const char *const  words[] = { "--data", bench->data, "--speed", "40000000", 0 };
	live_start(&live, bench, words);
	(void)live_until(&live, live_is_ready, 0);
	take_cast(&live, &cast);
	while (now_ns() - since_ns < WHOLE_S * 1e9 && !live.attach.map->progress_feed->ended && pss_of_all(&cast, kb, &sum_mb)) {
		if (sum_mb > most_mb) most_mb = sum_mb;
		(void)usleep(LOOK_MS * 1000);
	}
	char how[96], day[DATE_TEXT_BYTES];
	snprintf(how, sizeof how, "the most until %s of the market, recorded bars in it", date_text(day_from_t_ns(live.attach.map->progress_desk->t_ns), day));
	live_stop(&live);
	if (most_mb > 0) report(&(struct row){ "  the same over years", "MB", most_mb, 0, 0, GOAL_OF_VALUE, pss_goal_mb, how });
}

/* --- processor -------------------------------------------------------------------------------------------------------------- */

/* On a processor so far, in nanoseconds; /proc/PID/stat counts in ticks of 10 ms, too coarse for this. */
static double spent_ns(const struct cast *cast)
{
	char   path[64], text[128];
	double sum_ns = 0;
	for (uint32_t i = 0; i < cast->count; i++) {
		snprintf(path, sizeof path, "/proc/%d/schedstat", cast->pid[i]);
		if (!read_text(path, text, sizeof text)) return -1;
		sum_ns += atof(text);
	}
	return sum_ns;
}

static void measure_idle(const struct cast *cast)
{
	double before_ns = spent_ns(cast), begun_ns = now_ns();
	(void)sleep(IDLE_S);
	double after_ns = spent_ns(cast), pct = (after_ns - before_ns) / (now_ns() - begun_ns) * 100;
	if (before_ns < 0 || after_ns < 0)
		report_note("idle", "skipped: this kernel has no /proc/PID/schedstat");
	else
		report(&(struct row){ "idle", "%", pct, 0, 0, GOAL_OF_VALUE, idle_goal_pct, "of one core, all processes, 15 symbols, 5 s between two moments" });
}

/* --- TLS --------------------------------------------------------------------------------------------------------------------- */

static double socket_kb(int option)
{
	int       bytes = 0, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t length = sizeof bytes;
	if (fd < 0 || getsockopt(fd, SOL_SOCKET, option, &bytes, &length) != 0) give_up("no socket of", "the kernel");
	close(fd);
	return bytes / 1e3;
}

static void measure_tls(void)
{
	char how[128];
	report(&(struct row){ "TLS connection", "kB", sizeof(struct stream) / 1e3, 0, 0, GOAL_OF_VALUE, tls_goal_kb,
	    "struct stream: socket, TLS, records of 16 kB both ways; asserted at build" });
	snprintf(how, sizeof how, "at the start %.4g in, %.4g out; the kernel's, taken only as bytes wait", socket_kb(SO_RCVBUF), socket_kb(SO_SNDBUF));
	report(&(struct row){ "  its kernel buffers", "kB", socket_kb(SO_RCVBUF) + socket_kb(SO_SNDBUF), 0, 0, GOAL_NONE, 0, how });
}

void bench_upkeep(const struct bench *bench)
{
	static struct live live;
	struct cast        cast;
	const int32_t      first_day = day_from_civil(2000, 1, 1);
	const char *const  words[] = { "--speed", "1", 0 };
	live_start(&live, bench, words);
	(void)live_until(&live, live_is_trading, &first_day);
	take_cast(&live, &cast);
	attach_close(&live.attach);
	(void)sleep(SETTLE_S);
	measure_memory(&cast);
	measure_idle(&cast);
	live_stop(&live);
	measure_memory_over_years(bench);
	measure_tls();
}
