/* live.c - see live.h. */
#include "tools/bench/live.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/bench/measure.h"

/* Where the map keeps the word of each worker; 0 for those that are not built. */
static const size_t word_at[WORKERS_N] = {
	[WORKER_feed] = offsetof(struct memory_map, progress_feed),
	[WORKER_context] = offsetof(struct memory_map, progress_context),
	[WORKER_analyst] = offsetof(struct memory_map, progress_analyst),
	[WORKER_health] = offsetof(struct memory_map, progress_health),
	[WORKER_desk] = offsetof(struct memory_map, progress_desk),
	[WORKER_ledger] = offsetof(struct memory_map, progress_ledger),
};

static bool has_ended(struct live *live)
{
	int status;
	return waitpid(live->pid, &status, WNOHANG) == live->pid;
}

static void look_again(struct live *live, double since_ns)
{
	if (has_ended(live)) give_up("the appliance has ended, which it should not:", live->home);
	if (now_ns() - since_ns > LIVE_PATIENCE_S * 1e9) give_up("the appliance does not come so far within a minute:", live->home);
	(void)usleep(LIVE_LOOK_US);
}

void live_start(struct live *live, const struct bench *bench, const char *const words[])
{
	char  word[LIVE_WORDS_MAX][PATH_BYTES + 16], out[PATH_BYTES + 16];
	char *argv[LIVE_WORDS_MAX + 1] = { 0 };
	int   n = 0;
	snprintf(live->home, sizeof live->home, "%s/home", bench->folder);
	snprintf(out, sizeof out, "%s/live", bench->folder);
	const char *const first[] = { bench->product, "run", "--layout", "appliance", "--home", live->home };
	for (size_t i = 0; i < sizeof first / sizeof first[0]; i++) snprintf(word[n++], sizeof word[0], "%s", first[i]);
	for (; *words && n < LIVE_WORDS_MAX; words++) snprintf(word[n++], sizeof word[0], "%s", *words);
	for (int i = 0; i < n; i++) argv[i] = word[i];
	live->begun_ns = now_ns();
	live->pid = begin_program(argv, out);
	while (!attach_open(&live->attach, live->home)) look_again(live, live->begun_ns);
}

double live_until(struct live *live, live_is *is, const void *context)
{
	double since_ns = now_ns();
	while (!is(live->attach.map, context)) look_again(live, since_ns);
	return now_ns();
}

uint32_t live_workers(const struct memory_map *map, uint32_t row, const struct worker_progress *word[WORKERS_N])
{
	const struct layout *layout = layout_find("appliance");
	uint32_t             n = 0;
	for (size_t i = 0; i < layout->places; i++) {
		const struct place *place = &layout->place[i];
		if (word_at[place->worker] == 0 || strcmp(place->process, map->life->of[row].name) != 0) continue;
		word[n++] = (const struct worker_progress *)(const void *)((const uint8_t *)map + word_at[place->worker]);
	}
	return n;
}

uint32_t live_processes(const struct memory_map *map)
{
	const struct worker_progress *word[WORKERS_N];
	uint32_t                      rows = 0;
	while (rows < map->life->processes && live_workers(map, rows, word) > 0) rows++;
	return rows;
}

double live_ready_ns(const struct memory_map *map)
{
	const struct worker_progress *word[WORKERS_N];
	int64_t                       last_ns = 0;
	for (uint32_t row = 0; row < map->life->processes; row++)
		for (uint32_t n = live_workers(map, row, word); n-- > 0;) last_ns = e8_max(last_ns, word[n]->ready_ns);
	return (double)last_ns;
}

bool live_is_ready(const struct memory_map *map, const void *context)
{
	const struct worker_progress *word[WORKERS_N];
	(void)context;
	for (uint32_t row = 0; row < map->life->processes; row++)
		for (uint32_t n = live_workers(map, row, word); n-- > 0;)
			if (__atomic_load_n(&word[n]->ready_ns, __ATOMIC_ACQUIRE) < map->life->begun_ns) return false;
	return map->life->processes > 0;
}

/* context: the first day that is traded, int32_t. */
bool live_is_trading(const struct memory_map *map, const void *context)
{
	int64_t  from_ns = *(const int32_t *)context * NS_PER_DAY;
	uint64_t ticks = __atomic_load_n(&map->progress_desk->ticks, __ATOMIC_ACQUIRE);
	return live_is_ready(map, 0) && map->progress_desk->t_ns >= from_ns && ticks > 0 && ticks == map->progress_feed->ticks;
}

/* And the map, which the home may only point to. */
static void remove_home(const struct live *live)
{
	char        out[] = "/dev/null", remove[] = "/bin/rm", how[] = "-rf", what[PATH_BYTES + 16], link[PATH_BYTES + 32], map[PATH_BYTES];
	char *const argv[] = { remove, how, what, 0 };
	snprintf(what, sizeof what, "%s", live->home);
	snprintf(link, sizeof link, "%s/" MAP_NAME, live->home);
	ssize_t length = readlink(link, map, sizeof map - 1);
	map[length > 0 ? length : 0] = 0;
	if (length > 0) (void)unlink(map);
	(void)run_program(argv, out);
}

void live_stop(struct live *live)
{
	double since_ns = now_ns();
	attach_close(&live->attach);
	(void)kill(live->pid, SIGTERM);
	while (!has_ended(live)) {
		if (now_ns() - since_ns > LIVE_PATIENCE_S * 1e9) give_up("the appliance does not end within a minute:", live->home);
		(void)usleep(LIVE_LOOK_US);
	}
	remove_home(live);
}
