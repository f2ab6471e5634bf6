/* machine.c - the one place where a state changes. */
#include "fsm/machine.h"

static void note(const struct machine *machine, struct machine_log *log, const struct event *in, uint8_t from, uint8_t event, uint8_t to)
{
	struct machine_trace *trace = &log->trace[log->steps % MACHINE_TRACE_MAX];
	*trace = (struct machine_trace){ in->t_ns, in->cause, machine->id, from, event, to, in->sym };
	log->hits[machine->id][from * machine->events + event]++;
	log->steps++;
}

uint8_t machine_step(const struct machine *machine, uint8_t state, uint8_t event, void *self, const struct event *in,
    struct outbox *out, struct machine_log *log)
{
	BUG_UNLESS(1100, state < machine->states);
	BUG_UNLESS(1101, event < machine->events);
	const struct machine_cell *cell = machine_cell(machine, state, event);
	BUG_UNLESS(1102, cell->kind != CELL_BUG);
	note(machine, log, in, state, event, cell->to);
	if (cell->kind == CELL_DROP)
		log->drops++;
	else
		cell->action(self, in, out);
	return cell->to;
}

uint32_t machine_reach(const struct machine *machine, bool reached[static 256])
{
	uint32_t count = 1, before = 0;
	for (size_t i = 0; i < 256; i++) reached[i] = i == 0;
	while (before != count) {
		before = count;
		for (uint8_t s = 0; s < machine->states; s++)
			for (uint8_t e = 0; reached[s] && e < machine->events; e++) {
				uint8_t to = machine_cell(machine, s, e)->to;
				count += !reached[to];
				reached[to] = true;
			}
	}
	return count;
}
