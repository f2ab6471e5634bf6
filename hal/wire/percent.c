/* percent.c - see percent.h. */
#include "hal/wire/percent.h"

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool stays(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

static bool no_room(char *out, size_t size, size_t *length)
{
	if (size > 0) out[0] = 0;
	*length = 0;
	return false;
}

bool percent_encode(char *out, size_t size, const char *bytes, size_t count, size_t *length)
{
	static const char digit[] = "0123456789ABCDEF";
	size_t            used = 0;
	for (size_t i = 0; i < count; i++) {
		unsigned char byte = (unsigned char)bytes[i];
		size_t        wanted = stays(bytes[i]) ? 1 : 3;
		if (size < used + wanted + 1) return no_room(out, size, length);
		out[used] = wanted == 1 ? bytes[i] : '%';
		if (wanted == 3) {
			out[used + 1] = digit[byte >> 4];
			out[used + 2] = digit[byte & 15];
		}
		used += wanted;
	}
	if (size == used) return no_room(out, size, length);
	out[used] = 0;
	*length = used;
	return true;
}

static int hex(char c)
{
	if (is_digit(c)) return c - '0';
	char lower = (char)(c | ' ');
	return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool percent_decode(char *out, size_t size, const char *text, size_t count, size_t *length)
{
	size_t used = 0;
	for (size_t i = 0; i < count; i++, used++) {
		if (size < used + 2) return no_room(out, size, length);
		out[used] = text[i] == '+' ? ' ' : text[i];
		if (text[i] != '%') continue;
		if (count - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return no_room(out, size, length);
		out[used] = (char)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
		i += 2;
	}
	if (size == used) return no_room(out, size, length);
	out[used] = 0;
	*length = used;
	return true;
}
