/* console_test.c - the control socket of a child, asked from here; the child's console lies in shared memory, so its counters are seen. */
#include "firmware/console/console.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "hal/linux/loop.h"
#include "tests/unit/firmware/control_kit.h"

enum { ANSWER_BYTES = 1 << 20, PATIENCE_S = 20 };

static const char        *home;
static struct memory_map *map;
static struct console    *console;
static char               path[600], answer[ANSWER_BYTES];
static pid_t              server;

static void serve(void *self)
{
	(void)self;
	BUG_UNLESS(4297, loop_open() && console_open(console, home, map) == CONTROL_OK);
	kit_ready();
	while (!loop_stop_signal()) loop_once(NS_PER_S);
	console_close(console);
	loop_close();
}

static void begin_on(void)
{
	snprintf(path, sizeof path, "%s/control", home);
	map = kit_map(home);
	kit_stamp(map, 12345678);
	console = mmap(0, sizeof *console, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	server = kit_child(serve, 0);
}

static void begin(void)
{
	home = test_folder();
	begin_on();
}

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval     patience = { PATIENCE_S, 0 };
	int                fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0) return fd;
	close(fd);
	return -1;
}

static void say(int fd, const char *words) { CHECK_EQ(send(fd, words, strlen(words), MSG_NOSIGNAL), strlen(words)); }

/* One line, or what came before the end; false at the end. */
static bool hear(int fd)
{
	size_t length = 0;
	while (length < sizeof answer - 1) {
		ssize_t came = recv(fd, answer + length, 1, 0);
		if (came <= 0) break;
		if (answer[length++] == '\n') break;
	}
	answer[length] = '\0';
	return length > 0 && answer[length - 1] == '\n';
}

static const char *ask(int fd, const char *words)
{
	say(fd, words);
	CHECK(hear(fd));
	return answer;
}

static bool at_end(int fd)
{
	char byte;
	return recv(fd, &byte, 1, 0) <= 0 && errno != EAGAIN;
}

/* Until a counter of the server has got there. */
static bool reaches(const uint64_t *counter, uint64_t value)
{
	for (int i = 0; i < PATIENCE_S * 200; i++) {
		if (__atomic_load_n(counter, __ATOMIC_RELAXED) >= value) return true;
		nanosleep(&(struct timespec){ 0, 5000000 }, 0);
	}
	return false;
}

static size_t count_of(const char *text, const char *word)
{
	size_t count = 0;
	for (; (text = strstr(text, word)); text++) count++;
	return count;
}

TEST(t_R9_each_request_is_one_object)
{
	begin();
	kit_account(map, &(struct account_note){ .nav_usd_e8 = 1000 * E8, .halted = 1 });
	kit_cause(map, CAUSE_HALTED, SYM_NONE);
	kit_correlation(map);
	kit_order(map, 0, 900, 1, ORDER_LIVE);
	kit_order(map, 1, 800, 1, ORDER_DONE);
	kit_position(map, 0, 10, STOP_ARMED);
	kit_fill(map, 0, 5, 0);
	kit_break(&map->positions[3]);
	int fd = dial();
	CHECK(strstr(ask(fd, "status\n"), "{\"home\":\"") == answer);
	CHECK(strstr(answer, "\"running\":false,\"watchdog_pid\":null,\"silent_s\":null,") != 0);
	CHECK(strstr(ask(fd, "account\n"), "{\"known\":true,\"stale\":false,") == answer);
	CHECK(strstr(ask(fd, "risk\n"), "\"causes\":[\"halted by the operator\"]") != 0);
	CHECK(strstr(answer, "{\"cause\":\"HALTED\",\"in_force\":true,\"action\":\"no new risk\",") != 0);
	CHECK(strstr(answer, "\"correlation\":{\"pairs_above\":12,\"held\":9,\"average\":0.43,\"lowest\":-0.2,\"highest\":0.95,\"highest_a\":\"GLD\",") != 0);
	CHECK(strstr(ask(fd, "orders\n"), "{\"orders\":[{\"order_id\":900,") == answer);
	CHECK_EQ(count_of(answer, "order_id"), 1);
	CHECK(strstr(ask(fd, "orders all\r\n"), "{\"orders\":[{\"order_id\":800,") == answer);
	CHECK_EQ(count_of(answer, "order_id"), 2);
	CHECK(strstr(ask(fd, "positions\n"), "{\"positions\":[{\"symbol\":\"GLD\",") == answer);
	CHECK(strstr(answer, ",{\"slot\":3,\"stale\":true,\"mode\":\"paper\"}]}\n") != 0);
	CHECK(strstr(ask(fd, "fills\n"), "{\"fills\":[{\"time\":\"2020-03-16T14:00:00Z\",\"execution_id\":5,") == answer);
	close(fd);
	kit_kill(server);
}

TEST(t_R9_a_line_that_is_no_request_is_answered)
{
	static const char *const line[] = { "\n", "statu\n", "status now\n", "orders some\n", "a-word-longer-than-any-request-there-is status\n", " status\n" };
	begin();
	int fd = dial();
	for (size_t i = 0; i < sizeof line / sizeof *line; i++) CHECK(strstr(ask(fd, line[i]), "{\"error\":\"unknown request; one of: status,") == answer);
	CHECK_STR(ask(fd, "halt now\n"), "{\"error\":\"this command stands alone\"}\n");
	CHECK_STR(ask(fd, "flatten GLDD\n"), "{\"error\":\"that symbol is not in the universe\"}\n");
	CHECK_STR(ask(fd, "resume 12\n"), "{\"error\":\"that is not a code of six characters\"}\n");
	CHECK(send(fd, "sta\0us\n", 7, MSG_NOSIGNAL) == 7 && hear(fd));
	CHECK(strstr(answer, "{\"error\":\"unknown request") == answer);
	CHECK_EQ(console->errors, sizeof line / sizeof *line + 4);
	close(fd);
	kit_kill(server);
}

TEST(t_R9_lines_wait_for_each_other_and_the_end_is_an_end)
{
	begin();
	int fd = dial();
	say(fd, "orders\nposit");
	CHECK(hear(fd));
	CHECK_STR(answer, "{\"orders\":[]}\n");
	say(fd, "ions\nfills");
	shutdown(fd, SHUT_WR);        /* as `echo fills | socat` does, without the line feed */
	CHECK(hear(fd));
	CHECK_STR(answer, "{\"positions\":[]}\n");
	CHECK(hear(fd));
	CHECK_STR(answer, "{\"fills\":[]}\n");
	CHECK(at_end(fd));
	close(fd);
	kit_kill(server);
}

TEST(t_R9_a_long_list_goes_out_as_it_is_taken)
{
	begin();
	for (uint32_t i = 0; i < ORDERS_MAX; i++) kit_order(map, i, i + 1, 1, ORDER_LIVE);
	int fd = dial();
	ask(fd, "orders\n");
	CHECK(strlen(answer) > 8 * CONTROL_OUT_BYTES);
	CHECK_EQ(count_of(answer, "{\"order_id\":"), ORDERS_MAX);
	CHECK_EQ(count_of(answer, "},{"), ORDERS_MAX - 1);
	CHECK_STR(answer + strlen(answer) - 4, "}]}\n");
	CHECK_STR(ask(fd, "fills\n"), "{\"fills\":[]}\n");
	close(fd);
	kit_kill(server);
}

TEST(t_R9_who_does_not_read_is_dropped_and_others_are_served)
{
	int small = 1;
	begin();
	for (uint32_t i = 0; i < ORDERS_MAX; i++) kit_order(map, i, i + 1, 1, ORDER_LIVE);
	int slow = dial(), quick = dial();
	setsockopt(slow, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
	say(slow, "orders\n");
	CHECK_STR(ask(quick, "fills\n"), "{\"fills\":[]}\n");
	CHECK(reaches(&console->control.dropped, 1));
	CHECK(!hear(slow));        /* cut somewhere */
	close(slow);
	CHECK_STR(ask(quick, "fills\n"), "{\"fills\":[]}\n");
	CHECK_EQ(console->control.dropped, 1);
	close(quick);
	kit_kill(server);
}

TEST(t_R9_a_line_without_end_is_dropped)
{
	char long_line[CONTROL_LINE_MAX + 1];
	begin();
	memset(long_line, 'x', sizeof long_line);
	int fd = dial();
	CHECK(send(fd, long_line, CONTROL_LINE_MAX, MSG_NOSIGNAL) == CONTROL_LINE_MAX);
	CHECK(at_end(fd));
	CHECK(reaches(&console->control.dropped, 1));
	close(fd);
	fd = dial();
	long_line[CONTROL_LINE_MAX - 1] = '\n';
	CHECK(send(fd, long_line, CONTROL_LINE_MAX, MSG_NOSIGNAL) == CONTROL_LINE_MAX && hear(fd));        /* the longest there is */
	CHECK(strstr(answer, "unknown request") != 0);
	close(fd);
	kit_kill(server);
}

TEST(t_R9_four_clients_and_no_more)
{
	int fd[CONTROL_CLIENTS_MAX];
	begin();
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) {
		fd[i] = dial();
		CHECK_STR(ask(fd[i], "fills\n"), "{\"fills\":[]}\n");
	}
	int fifth = dial();
	CHECK(at_end(fifth));
	close(fifth);
	CHECK_EQ(console->control.crowded, 1);
	close(fd[2]);
	for (int i = 0; i < 400; i++) {        /* until the server has seen that one leave */
		fd[2] = dial();
		say(fd[2], "fills\n");
		if (hear(fd[2])) break;
		close(fd[2]);
	}
	CHECK_STR(answer, "{\"fills\":[]}\n");
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) close(fd[i]);
	kit_kill(server);
}

TEST(t_O7_the_socket_is_for_this_user_only)
{
	struct stat info;
	home = test_folder();
	umask(0);
	snprintf(path, sizeof path, "%s/control", home);
	int left = open(path, O_CREAT | O_RDWR, 0666);        /* of a predecessor that died */
	close(left);
	begin_on();
	CHECK_EQ(stat(path, &info), 0);
	CHECK(S_ISSOCK(info.st_mode));
	CHECK_EQ(info.st_mode & 0777, 0600);
	kill(server, SIGTERM);
	waitpid(server, 0, 0);
	CHECK_EQ(stat(path, &info), 0);        /* a sealed process touches no file: whoever started it removes the name */
	console_remove(home);
	CHECK_EQ(stat(path, &info), -1);
}

TEST(t_O7_another_user_is_sent_away_even_where_the_file_lets_him)
{
	begin();
	if (geteuid() != 0) {
		kit_kill(server);
		SKIP("only root can be another user");
	}
	CHECK(chmod(path, 0666) == 0 && chmod(home, 0755) == 0);
	pid_t child = fork();
	if (child == 0) {
		int fd = seteuid(54321) == 0 ? dial() : -1;
		_exit(fd >= 0 && at_end(fd) ? 0 : 1);
	}
	int status = 1;
	waitpid(child, &status, 0);
	CHECK_EQ(status, 0);
	CHECK_EQ(console->control.strangers, 1);
	CHECK_EQ(console->control.accepted, 0);
	kit_kill(server);
}

TEST(t_R9_commands_go_through_the_watchdog_and_are_answered)
{
	char code[OPERATOR_CODE_BYTES] = { 0 }, line[64];
	begin();
	kit_account(map, &(struct account_note){ 0 });
	struct kit_watchdog watchdog = { home, map, true, true };
	pid_t               child = kit_child(kit_watch, &watchdog);
	int                 fd = dial(), other = dial();
	CHECK_STR(ask(fd, "halt\n"), "{\"command\":\"halt\",\"outcome\":\"done\",\"code\":null,"
	                             "\"text\":\"trading is halted: open buys are cancelled, only exits go on until resume\"}\n");
	CHECK(strstr(ask(other, "status\n"), "\"halted\":true") != 0);
	CHECK(strstr(ask(fd, "resume\n"), "{\"command\":\"resume\",\"outcome\":\"needs_code\",\"code\":\"") == answer);
	memcpy(code, strstr(answer, "\"code\":\"") + 8, 6);
	snprintf(line, sizeof line, "resume %s\n", code);
	CHECK(strstr(ask(fd, line), "\"outcome\":\"done\"") != 0);
	CHECK(strstr(ask(fd, "confirm\nflatten SPY\n"), "needs_code") != 0);
	CHECK(hear(fd));
	CHECK(strstr(answer, "{\"command\":\"flatten\",\"outcome\":\"done\"") == answer);
	kit_kill(child);
	CHECK(strstr(ask(fd, "pause\n"), "{\"command\":\"pause\",\"outcome\":\"unreachable\"") == answer);
	close(fd);
	close(other);
	kit_kill(server);
}

TEST(t_R9_a_command_nobody_answers_holds_nobody_up)
{
	begin();
	struct kit_watchdog watchdog = { home, map, false, true };
	pid_t               child = kit_child(kit_watch, &watchdog);
	int                 fd = dial(), leaves = dial(), other = dial();
	say(fd, "halt\n");
	say(leaves, "pause\n");
	close(leaves);
	CHECK_STR(ask(other, "fills\n"), "{\"fills\":[]}\n");
	CHECK(hear(fd));
	CHECK(strstr(answer, "{\"command\":\"halt\",\"outcome\":\"unanswered\"") == answer);
	CHECK_STR(ask(fd, "fills\n"), "{\"fills\":[]}\n");
	close(fd);
	close(other);
	kit_kill(child);
	kit_kill(server);
}

static void never(void *self, struct control *control, uint32_t client, enum control_event event)
{
	(void)self;
	(void)control;
	(void)client;
	(void)event;
	CHECK(false);
}

TEST(t_O7_a_socket_that_cannot_be_made_is_a_verdict)
{
	static struct control control;
	char                  long_path[200];
	CHECK(loop_open());
	memset(long_path, 'x', sizeof long_path - 1);
	long_path[sizeof long_path - 1] = '\0';
	CHECK_EQ(control_open(&control, long_path, never, 0), CONTROL_TOO_LONG);
	CHECK_EQ(control_open(&control, "/nonexistent-folder-of-a-test/control", never, 0), CONTROL_DENIED);
	control_close(&control);        /* does nothing */
	loop_close();
}
