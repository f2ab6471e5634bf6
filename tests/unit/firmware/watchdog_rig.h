/* watchdog_rig.h - a real watchdog over real children on a shared page, and what the children can do.
 *
 * No check depends on how fast the machine is: what must happen is waited for (a minute, then the test fails), what may not happen too early
 * is compared with times the children wrote themselves. */
#ifndef TESTS_UNIT_FIRMWARE_WATCHDOG_RIG_H
#define TESTS_UNIT_FIRMWARE_WATCHDOG_RIG_H
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "firmware/cli/exit_code.h"
#include "firmware/watchdog.h"
#include "hal/linux/clock.h"
#include "tests/kit/test.h"

enum { ROWS_MAX = 4, NOTES_MAX = 64, LIVES_MAX = 32, PATIENCE_S = 60, BEAT_MS = 2, ROW_A = 0, ROW_B = 1, ROW_C = 2 };
enum note_kind { NOTE_TERM, NOTE_END };
struct note { uint32_t row, kind; };

/* What the children and the test see of each other. */
struct stage {
	struct life             life;
	struct operator_desk    requests;
	struct operator_answers answers;
	struct worker_progress  progress[ROWS_MAX];
	uint32_t                lives[ROWS_MAX], notes, rivals_met;
	int64_t                 born_ns[ROWS_MAX][LIVES_MAX];
	int                     pid[ROWS_MAX];
	struct note             note[NOTES_MAX];
	bool                    desk_is_well;
};

static struct stage         *stage;
static struct watchdog       dog;
static struct watchdog_plan  plan;
static int64_t               patience_ns;
static uint64_t              turns;
static uint32_t              deaths_told;
static volatile sig_atomic_t term_came;

static inline bool patience_is_over(void) { return clock_monotonic_ns() > patience_ns; }
static inline const struct process_life *life_of(uint32_t row) { return &stage->life.of[row]; }
static inline bool is_ready(uint32_t row) { return life_of(row)->state == PROCESS_READY; }

/* --- children ----------------------------------------------------------------------------------------------------- */

static inline void nap(int64_t ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * NS_PER_MS };
	(void)nanosleep(&pause, 0);
}

static inline void note(uint32_t row, enum note_kind kind)
{
	uint32_t at = __atomic_fetch_add(&stage->notes, 1, __ATOMIC_SEQ_CST);
	if (at < NOTES_MAX) stage->note[at] = (struct note){ row, kind };
}

static inline uint32_t be_born(uint32_t row)
{
	uint32_t life = stage->lives[row];
	stage->pid[row] = (int)getpid();
	if (life < LIVES_MAX) stage->born_ns[row][life] = clock_monotonic_ns();
	__atomic_store_n(&stage->lives[row], life + 1, __ATOMIC_SEQ_CST);
	return life;
}

static inline void on_term(int number)
{
	(void)number;
	term_came = 1;
}

static inline void work(uint32_t row)
{
	__atomic_store_n(&stage->progress[row].ready_ns, clock_monotonic_ns(), __ATOMIC_SEQ_CST);
	while (!term_came) {
		__atomic_add_fetch(&stage->progress[row].beats, 1, __ATOMIC_SEQ_CST);
		nap(BEAT_MS);
	}
	note(row, NOTE_TERM);
	nap(20);
	note(row, NOTE_END);
}

static inline int child_works(void *context, uint32_t row)
{
	struct sigaction action = { .sa_handler = on_term };
	(void)context;
	(void)sigaction(SIGTERM, &action, 0);
	(void)be_born(row);
	work(row);
	return 0;
}

static inline int child_dies(void *context, uint32_t row)
{
	(void)context;
	(void)be_born(row);
	return 3;
}

static inline int child_dies_first(void *context, uint32_t row) { return stage->lives[row] == 0 ? child_dies(context, row) : child_works(context, row); }

/* Works, and stops dead in its first life. */
static inline int child_hangs_first(void *context, uint32_t row)
{
	if (stage->lives[row] > 0) return child_works(context, row);
	(void)be_born(row);
	stage->progress[row].ready_ns = clock_monotonic_ns();
	stage->progress[row].beats++;
	(void)raise(SIGSTOP);
	return 0;
}

static inline int child_ignores_term(void *context, uint32_t row)
{
	(void)context;
	(void)signal(SIGTERM, SIG_IGN);
	(void)be_born(row);
	work(row);        /* for ever */
	return 0;
}

/* Dies when its watchdog has called it READY. */
static inline int child_dies_ready(void *context, uint32_t row)
{
	(void)context;
	(void)be_born(row);
	__atomic_store_n(&stage->progress[row].ready_ns, clock_monotonic_ns(), __ATOMIC_SEQ_CST);
	while (!is_ready(row)) nap(1);
	return 3;
}

_Noreturn static inline int child_hangs(void *context, uint32_t row)
{
	(void)context;
	(void)be_born(row);
	for (;;) nap(1000);
}

_Noreturn static inline int child_hangs_and_ignores_term(void *context, uint32_t row)
{
	(void)signal(SIGTERM, SIG_IGN);
	child_hangs(context, row);
}

/* --- the test's side ---------------------------------------------------------------------------------------------- */

static inline void count_death(void *context, uint32_t row, int status)
{
	(void)context;
	(void)row;
	(void)status;
	deaths_told++;
}

static inline void count_turn(void *context)
{
	(void)context;
	turns++;
}

/* A plan of these children, all RESTART, with limits that no busy machine reaches; a test shortens those it is about. */
static inline void set_stage(uint32_t rows, process_main *a, process_main *b, process_main *c)
{
	static const struct worker_progress *progress[ROWS_MAX];
	static const char *const             names[ROWS_MAX] = { "a", "b", "c" };
	process_main *const                  run[ROWS_MAX] = { a, b, c };
	stage = mmap(0, sizeof *stage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (stage == MAP_FAILED) SKIP("no memory for a shared page");
	plan = (struct watchdog_plan){ .rows = rows, .life = &stage->life, .requests = &stage->requests, .answers = &stage->answers,
		.home = test_folder(), .on_death = count_death, .on_turn = count_turn };
	plan.limits = (struct process_limits){ .heartbeat_ns = 300 * NS_PER_S, .boot_grace_ns = 300 * NS_PER_S, .term_grace_ns = 300 * NS_PER_S,
		.backoff_first_ns = NS_PER_MS, .backoff_most_ns = NS_PER_S, .healthy_ns = 300 * NS_PER_S, .restarts_hour_max = 100 };
	for (uint32_t i = 0; i < rows; i++) {
		progress[i] = &stage->progress[i];
		plan.row[i] = (struct watchdog_row){ .name = names[i], .run = run[i], .stop_order = i, .workers = 1, .progress = &progress[i], .wake_fd = -1 };
	}
	patience_ns = clock_monotonic_ns() + PATIENCE_S * NS_PER_S;
}

/* Runs until `over`, which must come before patience ends; afterwards nobody is left. */
static inline int run_until(bool (*over)(void *context))
{
	plan.should_end = over;
	int code = watchdog_run(&dog, &plan);
	CHECK(!patience_is_over());
	CHECK(waitpid(-1, 0, 0) == -1 && errno == ECHILD);
	for (uint32_t i = 0; i < plan.rows; i++) CHECK_EQ(life_of(i)->state, PROCESS_DONE);
	return code;
}

static inline bool words_say(const char *what)
{
	static struct lastword word[LASTWORDS_MAX];
	uint32_t               count = 0;
	CHECK_EQ(lastwords_read(test_folder(), word, &count), FILES_OK);
	for (uint32_t i = 0; i < count; i++)
		if (strstr(word[i].text, what)) return true;
	return false;
}

static inline bool a_lives_again(void *context)
{
	(void)context;
	return (stage->lives[ROW_A] >= 2 && is_ready(ROW_A)) || patience_is_over();
}

static inline bool all_are_ready(void *context)
{
	bool all = true;
	(void)context;
	for (uint32_t i = 0; i < plan.rows; i++) all = all && is_ready(i);
	return all || patience_is_over();
}

static inline bool a_is_held(void *context)
{
	(void)context;
	return life_of(ROW_A)->state == PROCESS_HELD || patience_is_over();
}

static inline bool a_waits_to_be_forked(void *context)
{
	(void)context;
	return life_of(ROW_A)->state == PROCESS_BACKOFF || patience_is_over();
}

#endif
