#include "firmware/care.h"

#include "fsm/care/process.h"
#include "hal/linux/machine_memory.h"
#include "hal/linux/machine_time.h"

/* Workers that a condition is about; the others are not built yet. */
static const struct { uint8_t worker, condition; } of_worker[] = {
	{ WORKER_feed, CARE_FEED }, { WORKER_context, CARE_CONTEXT }, { WORKER_analyst, CARE_ANALYST },
	{ WORKER_health, CARE_HEALTH }, { WORKER_desk, CARE_DESK }, { WORKER_ledger, CARE_LEDGER },
};

static uint64_t conditions_of(uint32_t placed)
{
	uint64_t bits = 0;
	for (size_t i = 0; i < sizeof of_worker / sizeof *of_worker; i++)
		if (placed >> of_worker[i].worker & 1) bits |= UINT64_C(1) << of_worker[i].condition;
	return bits;
}

uint64_t care_of_processes(uint64_t before, const struct life *life, const uint32_t *placed, uint32_t processes)
{
	uint64_t now = before;
	for (uint32_t i = 0; i < processes; i++) {
		if (life->of[i].state == PROCESS_HELD) now |= conditions_of(placed[i]);
		if (life->of[i].state == PROCESS_READY) now &= ~conditions_of(placed[i]);
	}
	return now;
}

void care_begin(struct care *care, const struct settings *settings, const char *kind, const char *home)
{
	struct credits_limits limits;
	credits_limits_from(&limits, settings);
	credits_begin(&care->credits, &limits);
	care->is_burstable = machine_kind_is_burstable(kind) || setting(settings, SETTING_credits_always);
	care->stat_fd = machine_time_open();
	care->memory_fd = machine_memory_open();
	care->kept = (struct kept){ 0 };
	care->home = home;
	care->is_short = false;
	care->looked_ns = 0;
}

void care_end(struct care *care)
{
	machine_time_close(care->stat_fd);
	care->stat_fd = -1;
	machine_memory_close(care->memory_fd);
	care->memory_fd = -1;
}

bool care_is_short(bool is_short, int64_t free_kib, const struct settings *settings)
{
	int64_t least_kib = (int64_t)setting(settings, SETTING_memory_free_mib) * 1024;
	return free_kib < (is_short ? least_kib + least_kib / 8 : least_kib);
}

static void publish(const struct care *care, struct conditions *out, const struct machine_time *time)
{
	out->is_burstable = care->is_burstable;
	out->busy_ns = time->busy_ns;
	out->steal_ns = time->steal_ns;
	if (!care->is_burstable) return;
	out->credits_ns = care->credits.balance_ns;
	out->credits_max_ns = care->credits.limits.most_ns;
	out->surplus_ns = care->credits.surplus_ns;
	out->empty_in_ns = credits_empty_in_ns(&care->credits);
	__atomic_store_n(&out->shed, care->credits.shed, __ATOMIC_RELEASE);
}

static void look(struct care *care, struct conditions *out, const struct settings *settings, int64_t now_ns)
{
	struct machine_time time;
	int64_t             free_kib;
	if (now_ns - care->looked_ns < CARE_LOOK_MS * NS_PER_MS) return;
	care->looked_ns = now_ns;
	if (machine_memory_free_kib(care->memory_fd, &free_kib)) care->is_short = care_is_short(care->is_short, free_kib, settings);
	if (!machine_time_look(care->stat_fd, &time)) return;
	if (care->is_burstable) {
		credits_step(&care->credits, now_ns, time.busy_ns);
		(void)credits_judge(&care->credits, settings);
	}
	publish(care, out, &time);
}

void care_turn(struct care *care, struct memory_map *map, const struct settings *settings, const uint32_t *placed, uint32_t processes, int64_t now_ns)
{
	const uint64_t     of_processes = conditions_of(UINT32_MAX), credits = UINT64_C(1) << CARE_CREDITS, memory = UINT64_C(1) << CARE_MEMORY;
	struct conditions *out = map->conditions;
	look(care, out, settings, now_ns);
	(void)kept_turn(&care->kept, map, care->home, now_ns);
	uint64_t in_force = care_of_processes(out->in_force, map->life, placed, processes) & of_processes;
	if (care->credits.shed) in_force |= credits;
	if (care->is_short) in_force |= memory;
	in_force |= kept_conditions(&care->kept);
	__atomic_store_n(&out->in_force, in_force, __ATOMIC_RELEASE);
}
