/* watchdog_operator_test.c - a command on its way to those who trade: numbered, rung, refused where there is no room, never written over (R9). */
#include <poll.h>

#include "firmware/operator_file.h"
#include "hal/linux/wake.h"
#include "tests/unit/firmware/watchdog_rig.h"

static struct operator_request command = { .command = OPERATOR_HALT, .sym = SYM_NONE, .code = 77 };

static bool a_command_has_come(void *context)
{
	(void)context;
	return stage->requests.count == 1 || patience_is_over();
}

static void write_a_command(void *context)
{
	static bool written;
	(void)context;
	if (written || !is_ready(ROW_A)) return;
	written = true;
	CHECK_EQ(operator_file_write(test_folder(), &command), OPERATOR_FILE_OK);
	(void)raise(SIGUSR1);
}

static bool rings(int fd)
{
	struct pollfd bell = { .fd = fd, .events = POLLIN };
	return poll(&bell, 1, 0) == 1;
}

TEST(t_R9_a_command_is_numbered_and_rung_at_those_who_trade)
{
	set_stage(2, child_works, child_works, 0);
	for (uint32_t i = 0; i < 2; i++) plan.row[i].wake_fd = wake_make();
	plan.row[ROW_B].hears_operator = true;
	plan.on_turn = write_a_command;
	CHECK_EQ(run_until(a_command_has_come), CLI_DONE);
	CHECK(stage->requests.ring[0].seq == 1 && stage->requests.ring[0].code == 77 && stage->requests.ring[0].command == OPERATOR_HALT);
	CHECK(!rings(plan.row[ROW_A].wake_fd) && rings(plan.row[ROW_B].wake_fd));
	CHECK_EQ(dog.refused, 0);
}

/* One command a turn, until one is refused; then the first is answered, and one more fits. */
static void write_commands(void *context)
{
	(void)context;
	if (!is_ready(ROW_A)) return;
	if (dog.refused) {
		stage->answers.ring[0].outcome = OPERATOR_REFUSED;
		stage->answers.ring[0].seq = 1;
	}
	if (operator_file_write(test_folder(), &command) == OPERATOR_FILE_OK) (void)raise(SIGUSR1);
}

static bool one_more_has_come(void *context)
{
	(void)context;
	return stage->requests.count == OPERATOR_RING + 1 || patience_is_over();
}

TEST(t_R9_a_command_nobody_has_answered_is_never_written_over)
{
	set_stage(1, child_works, 0, 0);
	plan.on_turn = write_commands;
	CHECK_EQ(run_until(one_more_has_come), CLI_DONE);
	CHECK_EQ(dog.refused, 1);
	CHECK_EQ(stage->requests.ring[0].seq, OPERATOR_RING + 1);
	for (uint32_t i = 1; i < OPERATOR_RING; i++) CHECK_EQ(stage->requests.ring[i].seq, i + 1);
	CHECK(words_say("watchdog: a command is refused: too many wait for an answer"));
}

static struct operator_desk console;

/* First one that is sane and one that is not; then more than there is room for. */
static void call_from_the_console(void *context)
{
	if (!all_are_ready(context) || console.count > 2 || dog.called != console.count) return;
	for (int i = 0; i < OPERATOR_RING; i++) console.ring[i] = (struct operator_request){ .command = OPERATOR_COMMANDS_N, .sym = SYM_NONE };
	console.ring[0] = command;
	console.count += console.count ? OPERATOR_RING + 1 : 2;
	(void)raise(SIGUSR1);
}

static bool console_is_heard(void *context)
{
	(void)context;
	return dog.called > OPERATOR_RING || patience_is_over();
}

TEST(t_R9_of_a_console_nothing_is_believed)
{
	set_stage(1, child_works, 0, 0);
	plan.calls = &console;
	plan.on_turn = call_from_the_console;
	CHECK_EQ(run_until(console_is_heard), CLI_DONE);
	CHECK(stage->requests.count >= 1 && stage->requests.ring[0].code == command.code);
	CHECK(dog.refused >= OPERATOR_RING - 1);
	CHECK(words_say("commands of a console are lost"));
}

TEST(t_R9_a_command_from_before_the_start_is_dropped)
{
	set_stage(1, child_works, 0, 0);
	CHECK_EQ(operator_file_write(test_folder(), &command), OPERATOR_FILE_OK);
	CHECK_EQ(run_until(all_are_ready), CLI_DONE);
	CHECK_EQ(stage->requests.count, 0);
	CHECK(words_say("watchdog: a command from before the start is dropped"));
}
