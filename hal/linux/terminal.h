/* terminal.h - a person's terminal as a screen that is redrawn, and left as it was found.
 *
 * From terminal_begin to terminal_end the text is on the other screen, the cursor is hidden and a key comes without a line feed; SIGINT, SIGTERM,
 * SIGHUP and SIGQUIT end the wait instead of the process, so that terminal_end is always reached (SIGKILL leaves the terminal as it is: `reset`). */
#ifndef HAL_LINUX_TERMINAL_H
#define HAL_LINUX_TERMINAL_H
#include <termios.h>

#include "hal/linux/signals.h"

struct terminal { int in_fd, out_fd; bool has_keys; struct termios before; struct signals signals; };

/* Columns and rows now; 80 by 24 where nobody says. */
void terminal_size(int fd, uint32_t *columns, uint32_t *rows);
bool terminal_begin(struct terminal *terminal, int in_fd, int out_fd);
/* Waits so long, or less when the window changes. True: a key `q`, or a signal that asks to stop. */
bool terminal_is_over(struct terminal *terminal, int32_t wait_ms);
void terminal_end(struct terminal *terminal);

/* Without a screen: is a person there; the question, and the line that is typed, without blanks around it. Empty when nothing came. Waits. */
bool terminal_is_there(int in_fd);
void terminal_ask(int in_fd, int out_fd, const char *question, char *answer, size_t answer_bytes);

#endif
