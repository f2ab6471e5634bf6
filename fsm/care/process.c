/* process.c - the actions of a process's life: counts, the one timer, and a duty for the watchdog. */
#include "fsm/care/process.h"

enum { DOUBLINGS_MAX = 20, JITTER_STEPS = 65536 };

MACHINE_DEFINE(process, PROCESS)

void process_limits_from(struct process_limits *limits, const struct settings *settings)
{
	*limits = (struct process_limits){
		.heartbeat_ns = setting(settings, SETTING_heartbeat_ms) * NS_PER_MS,
		.boot_grace_ns = setting(settings, SETTING_boot_grace_ms) * NS_PER_MS,
		.term_grace_ns = setting(settings, SETTING_term_grace_ms) * NS_PER_MS,
		.backoff_first_ns = setting(settings, SETTING_backoff_first_ms) * NS_PER_MS,
		.backoff_most_ns = setting(settings, SETTING_backoff_most_ms) * NS_PER_MS,
		.healthy_ns = setting(settings, SETTING_healthy_s) * NS_PER_S,
		.restarts_hour_max = (uint32_t)setting(settings, SETTING_restarts_hour_max),
	};
}

void process_begin(struct process *process, const struct process_limits *limits)
{
	BUG_UNLESS(1600, limits->restarts_hour_max < PROCESS_DEATHS_MAX);
	BUG_UNLESS(1601, limits->heartbeat_ns > 0 && limits->boot_grace_ns > 0 && limits->term_grace_ns > 0);
	BUG_UNLESS(1602, limits->backoff_first_ns > 0 && limits->backoff_first_ns <= limits->backoff_most_ns);
	memset(process, 0, sizeof *process);
	process->limits = *limits;
	process->due_ns = PROCESS_NEVER_NS;
}

void process_step(struct process *process, enum process_event event, int64_t t_ns, struct machine_log *log)
{
	struct event in = event_make(EVENT_HEARTBEAT, SYM_NONE, t_ns);
	uint8_t      before = process->state;
	process->state = machine_step(&process_machine, before, (uint8_t)event, process, &in, 0, log);
	if (process->state != before) process->since_ns = t_ns;
}

enum process_event process_end_event(const struct process *process, int64_t t_ns)
{
	uint32_t most = process->limits.restarts_hour_max;
	if (process->is_given_up) return PROCESS_EV_GONE;
	if (process->deaths < most) return PROCESS_EV_DIED;
	if (most == 0) return PROCESS_EV_LOOPED;
	int64_t oldest_ns = process->death_ns[(process->deaths - most) % PROCESS_DEATHS_MAX];
	return t_ns - oldest_ns < PROCESS_HOUR_NS ? PROCESS_EV_LOOPED : PROCESS_EV_DIED;
}

enum process_event process_due_event(const struct process *process)
{
	BUG_UNLESS(1603, process->due_ns != PROCESS_NEVER_NS);
	switch ((enum process_state)process->state) {
	case PROCESS_BOOTING: case PROCESS_READY: return PROCESS_EV_OVERDUE;
	case PROCESS_LATE: case PROCESS_TERMINATING: case PROCESS_KILLING: return PROCESS_EV_GRACE_OVER;
	case PROCESS_BACKOFF: return PROCESS_EV_BACKOFF_OVER;
	case PROCESS_OFF: case PROCESS_HELD: case PROCESS_DONE: case PROCESS_STATES_N: break;
	}
	bug_trap(1604);        /* these states have no timer */
}

bool process_is_within_limits(const struct process *process, bool held_is_well)
{
	switch ((enum process_state)process->state) {
	case PROCESS_OFF: case PROCESS_BOOTING: case PROCESS_READY: case PROCESS_TERMINATING: case PROCESS_BACKOFF: case PROCESS_DONE: return true;
	case PROCESS_HELD: return held_is_well;
	case PROCESS_LATE: case PROCESS_KILLING: case PROCESS_STATES_N: break;
	}
	return false;
}

/* Every action below leaves one due time and one duty. */
static void leave(struct process *process, int64_t due_ns, enum process_duty duty)
{
	process->due_ns = due_ns;
	process->duty = (uint8_t)duty;
}

static void process_spawn(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	process->spawns++;
	process->spawned_ns = in->t_ns;
	process->ready_ns = 0;
	process->is_given_up = 0;
	leave(process, in->t_ns + process->limits.boot_grace_ns, PROCESS_DUTY_SPAWN);
}

static void process_boot_on(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	process->due_ns = in->t_ns + process->limits.boot_grace_ns;
}

static void process_go_on(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	process->due_ns = in->t_ns + process->limits.heartbeat_ns;
}

static void process_work(void *self, const struct event *in, struct outbox *out)
{
	((struct process *)self)->ready_ns = in->t_ns;
	process_go_on(self, in, out);
}

static void process_end_hang(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	process->hangs++;
	leave(process, in->t_ns + process->limits.term_grace_ns, PROCESS_DUTY_TERM);
}

static void process_give_up(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	((struct process *)self)->is_given_up = 1;
}

static void process_ask_to_end(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	process_give_up(process, in, out);
	leave(process, in->t_ns + process->limits.term_grace_ns, PROCESS_DUTY_TERM);
}

static void process_kill(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	leave(process, in->t_ns + process->limits.term_grace_ns, PROCESS_DUTY_KILL);
}

static void note_death(struct process *process, int64_t t_ns)
{
	bool was_healthy = process->ready_ns && t_ns - process->ready_ns >= process->limits.healthy_ns;
	process->death_ns[process->deaths++ % PROCESS_DEATHS_MAX] = t_ns;
	process->failures = was_healthy ? 1 : process->failures + 1;
}

/* Nothing after a first failure; then first, twice that, and so on to the most; half of it fixed, half by chance. */
static int64_t backoff_ns(const struct process *process)
{
	int64_t  whole_ns = process->limits.backoff_first_ns;
	uint32_t doublings = process->failures - 2;
	if (process->failures <= 1) return 0;
	for (uint32_t i = 0; i < doublings && i < DOUBLINGS_MAX && whole_ns < process->limits.backoff_most_ns; i++) whole_ns *= 2;
	whole_ns = e8_min(whole_ns, process->limits.backoff_most_ns);
	return whole_ns / 2 + whole_ns / 2 * (int64_t)(process->random % JITTER_STEPS) / JITTER_STEPS;
}

static void process_back_off(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	note_death(process, in->t_ns);
	leave(process, in->t_ns + backoff_ns(process), PROCESS_DUTY_NONE);
}

/* The kernel's want of memory or pids is no death of ours: it is tried for ever. */
static void process_fork_later(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	process->failures++;
	leave(process, in->t_ns + backoff_ns(process), PROCESS_DUTY_NONE);
}

static void process_hold(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)out;
	note_death(process, in->t_ns);
	leave(process, PROCESS_NEVER_NS, PROCESS_DUTY_NONE);
}

static void process_rest(void *self, const struct event *in, struct outbox *out)
{
	(void)in;
	(void)out;
	leave(self, PROCESS_NEVER_NS, PROCESS_DUTY_NONE);
}

static void process_forgive(void *self, const struct event *in, struct outbox *out)
{
	struct process *process = self;
	(void)in;
	(void)out;
	process->failures = process->deaths = 0;
	process->is_given_up = 0;
}
