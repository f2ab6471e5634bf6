/* cells.c - counts in memory that all children share. See cells.h. */
#undef machine_step
#undef process_step
#undef session_step
#include "tests/kit/cells.h"

#include <stdio.h>
#include <sys/mman.h>

#include "fsm/care/process.h"
#include "hal/venues/session.h"

enum { BY_OWNER, BY_HAND, HOWS_N };
typedef uint64_t cells_of[HOWS_N][MACHINE_CELLS_MAX];

static cells_of *taken; /* by machine id */
static bool      is_by_hand;

uint8_t __real_machine_step(const struct machine *machine, uint8_t state, uint8_t event, void *self, const struct event *in, struct outbox *out,
    struct machine_log *log);
uint8_t __wrap_machine_step(const struct machine *machine, uint8_t state, uint8_t event, void *self, const struct event *in, struct outbox *out,
    struct machine_log *log);
uint8_t machine_step_by_hand(const struct machine *machine, uint8_t state, uint8_t event, void *self, const struct event *in, struct outbox *out,
    struct machine_log *log);
void process_step_by_hand(struct process *process, enum process_event event, int64_t t_ns, struct machine_log *log);
void session_step_by_hand(struct venue_session *session, uint8_t event, int64_t t_ns, struct machine_log *log);

uint8_t __wrap_machine_step(const struct machine *machine, uint8_t state, uint8_t event, void *self, const struct event *in, struct outbox *out,
    struct machine_log *log)
{
	uint8_t to = __real_machine_step(machine, state, event, self, in, out, log);
	if (taken) __atomic_add_fetch(&taken[machine->id][is_by_hand][state * machine->events + event], 1, __ATOMIC_RELAXED);
	return to;
}

uint8_t machine_step_by_hand(const struct machine *machine, uint8_t state, uint8_t event, void *self, const struct event *in, struct outbox *out,
    struct machine_log *log)
{
	is_by_hand = true;
	uint8_t to = __wrap_machine_step(machine, state, event, self, in, out, log);
	is_by_hand = false;
	return to;
}

void process_step_by_hand(struct process *process, enum process_event event, int64_t t_ns, struct machine_log *log)
{
	is_by_hand = true;
	process_step(process, event, t_ns, log);
	is_by_hand = false;
}

void session_step_by_hand(struct venue_session *session, uint8_t event, int64_t t_ns, struct machine_log *log)
{
	is_by_hand = true;
	session_step(session, event, t_ns, log);
	is_by_hand = false;
}

void cells_begin(void)
{
	void *shared = mmap(0, MACHINES_MAX * sizeof *taken, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	taken = shared == MAP_FAILED ? 0 : shared;
}

static void write_machine(FILE *file, const struct machine *machine)
{
	for (uint8_t s = 0; s < machine->states; s++)
		for (uint8_t e = 0; e < machine->events; e++) {
			uint64_t owner = taken[machine->id][BY_OWNER][s * machine->events + e], hand = taken[machine->id][BY_HAND][s * machine->events + e];
			if (owner + hand == 0) continue;
			fprintf(file, "%s %s %s %llu %llu\n", machine->name, machine->state_name[s], machine->event_name[e], (unsigned long long)owner,
			    (unsigned long long)hand);
		}
}

bool cells_write(const char *path)
{
	FILE *file = taken ? fopen(path, "we") : 0;
	if (!file) return false;
	for (size_t i = 0; i < MACHINES_N; i++) write_machine(file, machines[i]);
	write_machine(file, &session_machine);
	return fclose(file) == 0;
}
