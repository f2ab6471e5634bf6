/* watchdog_request_test.c - the watchdog where the world gives it less or worse than it should: damaged commands, no descriptors, a box that cannot be
 * written; and its own sentences in the log (P3, P8, R9). */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "firmware/cli/exit_code.h"
#include "firmware/log/ring.h"
#include "firmware/operator_file.h"
#include "firmware/watchdog.h"
#include "hal/linux/clock.h"
#include "tests/kit/test.h"

enum { PATIENCE_S = 60 };

struct scene {
	struct life             life;
	struct operator_desk    requests;
	struct operator_answers answers;
	struct worker_progress  progress;
	struct log_ring         log;
	uint32_t                lives;
	int                     killed_by;        /* the signal that ends its first life once it is ready; 0: none */
};
static struct scene        *scene;
static struct watchdog      dog;
static struct watchdog_plan plan;
static int64_t              patience_ns;

/* Beats until a signal ends it, SIGTERM, too. */
_Noreturn static int child(void *context, uint32_t row)
{
	struct timespec pause = { 0, 2 * NS_PER_MS };
	(void)context;
	(void)row;
	scene->lives++;
	scene->progress.ready_ns = clock_monotonic_ns();
	for (;;) {
		__atomic_add_fetch(&scene->progress.beats, 1, __ATOMIC_SEQ_CST);
		(void)nanosleep(&pause, 0);
		if (scene->killed_by && scene->lives == 1 && scene->life.of[0].state == PROCESS_READY && scene->life.turns > 3) (void)raise(scene->killed_by);
	}
}

static void set_scene(void)
{
	static const struct worker_progress *progress;
	scene = mmap(0, sizeof *scene, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (scene == MAP_FAILED) SKIP("no memory for shared pages");
	progress = &scene->progress;
	plan = (struct watchdog_plan){ .rows = 1, .life = &scene->life, .home = test_folder(), .requests = &scene->requests, .answers = &scene->answers };
	plan.limits = (struct process_limits){ .heartbeat_ns = 300 * NS_PER_S, .boot_grace_ns = 300 * NS_PER_S, .term_grace_ns = 300 * NS_PER_S,
		.backoff_first_ns = NS_PER_MS, .backoff_most_ns = NS_PER_S, .healthy_ns = 300 * NS_PER_S, .restarts_hour_max = 100 };
	plan.row[0] = (struct watchdog_row){ .name = "a", .run = child, .workers = 1, .progress = &progress, .wake_fd = -1, .hears_operator = true };
	patience_ns = clock_monotonic_ns() + PATIENCE_S * NS_PER_S;
}

static int run_until(bool (*over)(void *context))
{
	plan.should_end = over;
	int code = watchdog_run(&dog, &plan);
	CHECK(clock_monotonic_ns() <= patience_ns);
	return code;
}

static bool is_ready(void) { return scene->life.of[0].state == PROCESS_READY; }

static bool is_up(void *context)
{
	(void)context;
	return is_ready() || clock_monotonic_ns() > patience_ns;
}

static bool lives_again(void *context) { return is_up(context) && (scene->lives >= 2 || clock_monotonic_ns() > patience_ns); }

static bool words_say(const char *what)
{
	static struct lastword word[LASTWORDS_MAX];
	uint32_t               count = 0;
	CHECK_EQ(lastwords_read(test_folder(), word, &count), FILES_OK);
	for (uint32_t i = 0; i < count; i++)
		if (strstr(word[i].text, what)) return true;
	return false;
}

static const char *in_home(const char *name)
{
	static char path[FILES_PATH_MAX];
	CHECK_EQ(files_path(path, test_folder(), name), FILES_OK);
	return path;
}

/* --- commands ------------------------------------------------------------------------------------------------------ */

static void write_garbage(size_t bytes)
{
	char garbage[64];
	int  file = open(in_home("request"), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
	memset(garbage, 'x', sizeof garbage);
	CHECK_EQ(write(file, garbage, bytes), (ssize_t)bytes);
	(void)close(file);
}

/* Shorter than a command, as long as one, and longer. */
static void ask_with_garbage(void *context)
{
	static const size_t lengths[] = { 10, 44, 60 };
	(void)context;
	if (!is_ready() || dog.refused >= sizeof lengths / sizeof *lengths || access(in_home("request"), F_OK) == 0) return;
	write_garbage(lengths[dog.refused]);
	(void)raise(SIGUSR1);
}

static bool three_are_refused(void *context)
{
	(void)context;
	return dog.refused == 3 || clock_monotonic_ns() > patience_ns;
}

TEST(t_R9_a_damaged_request_is_thrown_away_and_said)
{
	set_scene();
	plan.on_turn = ask_with_garbage;
	CHECK_EQ(run_until(three_are_refused), CLI_DONE);
	CHECK(dog.refused == 3 && scene->requests.count == 0);
	CHECK(words_say("watchdog: HOME/request is not a command: thrown away"));
	CHECK(access(in_home("request"), F_OK) != 0);
}

static const struct operator_request halt = { .command = OPERATOR_HALT, .sym = SYM_NONE, .code = 77 };

static void ask(void *context)
{
	(void)context;
	if (is_ready() && operator_file_write(test_folder(), &halt) == OPERATOR_FILE_OK) (void)raise(SIGUSR1);
}

static bool a_ring_and_one_more_have_come(void *context)
{
	(void)context;
	return scene->requests.count > OPERATOR_RING || dog.refused > 0 || clock_monotonic_ns() > patience_ns;
}

/* Its answer has the number and says that the desk has not done it yet. */
static void ask_and_let_wait(void *context)
{
	for (uint64_t i = 0; i < OPERATOR_RING; i++) scene->answers.ring[i] = (struct operator_answer){ .seq = i + 1, .outcome = OPERATOR_WAITS };
	ask(context);
}

TEST(t_R9_a_command_whose_answer_says_that_it_waits_is_not_written_over)
{
	set_scene();
	plan.on_turn = ask_and_let_wait;
	CHECK_EQ(run_until(a_ring_and_one_more_have_come), CLI_DONE);
	CHECK(scene->requests.count == OPERATOR_RING && dog.refused == 1);
	CHECK_EQ(scene->requests.ring[0].seq, 1);
}

TEST(t_R9_where_nobody_answers_nobody_waits)
{
	set_scene();
	plan.answers = 0;
	plan.on_turn = ask;
	CHECK_EQ(run_until(a_ring_and_one_more_have_come), CLI_DONE);
	CHECK(scene->requests.count == OPERATOR_RING + 1 && dog.refused == 0);
	CHECK_EQ(scene->requests.ring[0].seq, OPERATOR_RING + 1);
}

static void ring_for_nothing(void *context)
{
	(void)context;
	(void)raise(SIGUSR1);
}

static bool has_turned(void *context) { return (is_up(context) && scene->life.turns > 5) || clock_monotonic_ns() > patience_ns; }

TEST(t_R9_without_a_place_for_commands_the_box_is_left_alone)
{
	set_scene();
	plan.requests = 0;
	plan.on_turn = ring_for_nothing;
	CHECK_EQ(operator_file_write(test_folder(), &halt), OPERATOR_FILE_OK);
	CHECK_EQ(run_until(has_turned), CLI_DONE);
	CHECK_EQ(access(in_home("request"), F_OK), 0);
	CHECK_EQ(dog.refused, 0);
}

/* --- ends by a signal ------------------------------------------------------------------------------------------------ */

static uint32_t logged(enum log_level level, const char *text)
{
	uint32_t found = 0;
	for (uint64_t i = 0; i < scene->log.count; i++) {
		const struct log_record *record = &scene->log.slot[i];
		CHECK(record->kind == LOG_KIND_process && record->source == WORKER_watchdog);
		found += record->level == level && strstr(record->text, text) != 0;
	}
	return found;
}

/* What it says of itself is calm, and so is all before the first time that all were ready; a death after that is an error. */
TEST(t_P8_a_death_by_any_signal_is_in_the_log_and_the_diary)
{
	static const struct { int number; const char *words; } ends[] = { { SIGSEGV, "signal 11" }, { SIGKILL, "signal 9" }, { SIGTERM, "signal 15" } };
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		set_scene();
		scene->killed_by = ends[i].number;
		plan.log = &scene->log;
		CHECK_EQ(run_until(lives_again), CLI_DONE);
		CHECK(scene->lives == 2 && scene->life.of[0].deaths == 1);
		CHECK(words_say(ends[i].words));
		CHECK_EQ(logged(LOG_error, ends[i].words), 1);
		CHECK(logged(LOG_info, "starts") == 1 && logged(LOG_info, "has ended") == 1);
		CHECK_EQ(logged(LOG_error, "has ended"), 0);
		CHECK_EQ(munmap(scene, sizeof *scene), 0);
	}
}

/* --- a machine without ------------------------------------------------------------------------------------------------ */

TEST(t_P3_without_a_descriptor_for_its_signals_it_forks_nobody)
{
	struct rlimit before, none;
	set_scene();
	plan.log = &scene->log;
	CHECK_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 3;
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
	int code = watchdog_run(&dog, &plan);
	CHECK_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
	CHECK_EQ(code, CLI_FAILED);
	CHECK(scene->lives == 0 && scene->life.turns == 0);
	CHECK(logged(LOG_info, "cannot start: no descriptor") == 1 && logged(LOG_info, "has ended, not well") == 1);
}

TEST(t_P3_a_box_that_cannot_be_made_is_said_and_stops_nothing)
{
	set_scene();
	scene->killed_by = SIGSEGV;
	CHECK_EQ(mkdir(in_home("blackbox"), 0700), 0);
	CHECK_EQ(run_until(lives_again), CLI_DONE);
	CHECK(scene->lives == 2 && words_say("blackbox") && !words_say("this death is not kept"));
}

/* The box's descriptor can only be read from now on. */
static void spoil_the_box(void *context)
{
	(void)context;
	if (dog.box.fd < 0 || (fcntl(dog.box.fd, F_GETFL) & O_ACCMODE) == O_RDONLY) return;
	int reads = open(in_home("blackbox"), O_RDONLY | O_CLOEXEC);
	CHECK(reads >= 0 && dup2(reads, dog.box.fd) == dog.box.fd);
	(void)close(reads);
}

TEST(t_P3_a_death_that_the_box_does_not_take_is_said)
{
	set_scene();
	scene->killed_by = SIGSEGV;
	plan.on_turn = spoil_the_box;
	CHECK_EQ(run_until(lives_again), CLI_DONE);
	CHECK(words_say("watchdog: HOME/blackbox cannot be written: this death is not kept"));
}
