/* terminal.c - termios, a window's size, and one poll. */
#include "hal/linux/terminal.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ENTER "\033[?1049h\033[?25l"        /* xterm: the other screen, no cursor */
#define LEAVE "\033[0m\033[?25h\033[?1049l"
enum { COLUMNS = 80, ROWS = 24, KEYS = 32 };

static void say(int fd, const char *text) { (void)!write(fd, text, strlen(text)); }

void terminal_size(int fd, uint32_t *columns, uint32_t *rows)
{
	struct winsize size = { 0 };
	bool           is_known = ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0;
	*columns = is_known ? size.ws_col : COLUMNS;
	*rows = is_known ? size.ws_row : ROWS;
}

bool terminal_begin(struct terminal *terminal, int in_fd, int out_fd)
{
	static const int heard[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH };
	*terminal = (struct terminal){ .in_fd = in_fd, .out_fd = out_fd };
	if (!signals_hear(&terminal->signals, heard, sizeof heard / sizeof *heard)) return false;
	terminal->has_keys = tcgetattr(in_fd, &terminal->before) == 0;
	struct termios raw = terminal->before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	if (terminal->has_keys) (void)tcsetattr(in_fd, TCSANOW, &raw);
	say(out_fd, ENTER);
	return true;
}

static bool quits(const struct terminal *terminal)
{
	char    keys[KEYS];
	ssize_t bytes = read(terminal->in_fd, keys, sizeof keys);
	return bytes > 0 && memchr(keys, 'q', (size_t)bytes) != 0;
}

bool terminal_is_over(struct terminal *terminal, int32_t wait_ms)
{
	struct pollfd on[2] = { { terminal->signals.fd, POLLIN, 0 }, { terminal->has_keys ? terminal->in_fd : -1, POLLIN, 0 } };
	(void)poll(on, 2, wait_ms);
	for (int number; (number = signals_take(&terminal->signals)) != 0;)
		if (number != SIGWINCH) return true;
	return (on[1].revents & (POLLIN | POLLHUP)) != 0 && ((on[1].revents & POLLHUP) != 0 || quits(terminal));
}

void terminal_end(struct terminal *terminal)
{
	say(terminal->out_fd, LEAVE);
	if (terminal->has_keys) (void)tcsetattr(terminal->in_fd, TCSANOW, &terminal->before);
	signals_deafen(&terminal->signals);
}

bool terminal_is_there(int in_fd) { return isatty(in_fd) == 1; }

/* A line longer than the room is read to its end, and is no answer. */
void terminal_ask(int in_fd, int out_fd, const char *question, char *answer, size_t answer_bytes)
{
	size_t used = 0;
	char   byte = 0;
	say(out_fd, question);
	while (read(in_fd, &byte, 1) == 1 && byte != '\n')
		if (used < answer_bytes && (used > 0 || (byte != ' ' && byte != '\t'))) answer[used++] = byte;
	if (used == answer_bytes) used = 0;
	while (used > 0 && (answer[used - 1] == ' ' || answer[used - 1] == '\t' || answer[used - 1] == '\r')) used--;
	answer[used] = '\0';
}
