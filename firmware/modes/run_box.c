/* run_box.c - a process that writes its own death. */
#include "firmware/modes/run_box.h"

#include "hal/linux/clock.h"

static void on_death(void *context)
{
	struct run_box *run_box = context;
	struct blackbox_death *death = blackbox_begin_own(&run_box->box, "everything", &run_box->fatal, clock_monotonic_ns() - run_box->begun_ns);
	const struct worker_trace *trace[BLACKBOX_WORKERS_MAX];
	blackbox_describe_all(death, run_box->map, trace);
	(void)blackbox_put(&run_box->box, trace);
	blackbox_sync(&run_box->box);
}

bool run_box_open(struct run_box *run_box, const char *home, struct memory_map *map)
{
	run_box->map = map;
	run_box->begun_ns = clock_monotonic_ns();
	bool is_whole = blackbox_start(&run_box->box, home, run_box->sentence);
	fatal_catch(&run_box->fatal, on_death, run_box);
	return is_whole;
}

void run_box_close(struct run_box *run_box)
{
	blackbox_close(&run_box->box);
}
