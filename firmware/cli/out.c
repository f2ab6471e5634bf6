#include "firmware/cli/out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool colour_is_wanted(void)
{
	const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
	return !(refused && *refused) && terminal && strcmp(terminal, "dumb") != 0;
}

void out_open(struct out *out, int fd)
{
	out->fd = fd;
	out->error = 0;
	out->used = 0;
	out->gone = false;
	out->terminal = isatty(fd) == 1;
	out->colour = out->terminal && colour_is_wanted();
}

void out_flush(struct out *out)
{
	size_t done = 0;
	while (done < out->used && !out->gone) {
		ssize_t written = write(out->fd, out->bytes + done, out->used - done);
		if (written >= 0) {
			done += (size_t)written;
		} else if (errno != EINTR) {
			out->gone = true;
			out->error = errno == EPIPE ? 0 : errno;
		}
	}
	out->used = 0;
}

void out_bytes(struct out *out, const char *bytes, size_t length)
{
	while (length > 0 && !out->gone) {
		size_t room = OUT_BYTES - out->used;
		size_t part = length < room ? length : room;
		memcpy(out->bytes + out->used, bytes, part);
		out->used += (uint32_t)part;
		bytes += part;
		length -= part;
		if (out->used == OUT_BYTES) out_flush(out);
	}
}

void out_text(struct out *out, const char *text) { out_bytes(out, text, strlen(text)); }

void out_format(struct out *out, const char *format, ...)
{
	char    line[OUT_LINE_MAX];
	va_list arguments;
	va_start(arguments, format);
	int length = vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (length > 0) out_bytes(out, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
}

void out_pad(struct out *out, size_t count)
{
	for (; count > 0; count--) out_bytes(out, " ", 1);
}

void out_paint(struct out *out, enum out_colour colour)
{
	static const char *const sequence[] = { "\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[32m", "\033[33m" };
	if (out->colour) out_text(out, sequence[colour]);
}
