/* out.h - writes text to a descriptor through a small fixed buffer: what the verbs print with.
 *
 * Nothing is lost silently: a failed write is kept in `error` and cli_main turns it into a sentence and an exit code. A reader
 * that went away (`tickwork fsm | head -1`) is not an error: what follows is dropped and the verb goes on, so that a trading
 * run never depends on who looks at it. A text longer than OUT_LINE_MAX after formatting is cut.
 * `terminal` and `colour` are found at out_open: colour only on a terminal and without NO_COLOR (no-color.org). */
#ifndef FIRMWARE_CLI_OUT_H
#define FIRMWARE_CLI_OUT_H
#include "fsm/units.h"

enum { OUT_BYTES = 4096, OUT_LINE_MAX = 1024 };

enum out_colour { OUT_PLAIN, OUT_BOLD, OUT_DIM, OUT_RED, OUT_GREEN, OUT_YELLOW };

struct out {
	int      fd, error;        /* errno of the write that failed; 0 */
	uint32_t used;
	bool     terminal, colour, gone;
	char     bytes[OUT_BYTES];
};

void out_open(struct out *out, int fd);
void out_bytes(struct out *out, const char *bytes, size_t length);
void out_text(struct out *out, const char *text);
void out_format(struct out *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Spaces. */
void out_pad(struct out *out, size_t count);
/* Says nothing where colour is off. */
void out_paint(struct out *out, enum out_colour colour);
void out_flush(struct out *out);

#endif
