#include "firmware/cli/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "firmware/cli/near.h"
#include "firmware/cli/text.h"

enum { PATH_MAX_BYTES = 1024, CLAUSE_BYTES = 320, RANGE_BYTES = 64 };

__attribute__((format(printf, 3, 4))) static bool refuse(struct conf *conf, unsigned line, const char *format, ...)
{
	va_list arguments;
	int     length = line ? snprintf(conf->refusal, sizeof conf->refusal, CONF_NAME " line %u", line)
	                      : snprintf(conf->refusal, sizeof conf->refusal, CONF_NAME);
	va_start(arguments, format);
	vsnprintf(conf->refusal + length, sizeof conf->refusal - (size_t)length, format, arguments);
	va_end(arguments);
	settings_default(&conf->settings);
	return false;
}

static bool refuse_unknown(struct conf *conf, unsigned line, const char *key)
{
	struct near near;
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	near_begin(&near, key);
	for (size_t i = 0; i < SETTINGS_N; i++)
		if (settings_table[i].tighten != SETTINGS_FIXED) near_offer(&near, settings_table[i].name);
	return refuse(conf, line, ": unknown key %s%s", text_quote(quote, key), near_clause(&near, clause, sizeof clause));
}

static size_t setting_index(const char *key)
{
	size_t index = 0;
	while (index < SETTINGS_N && strcmp(settings_table[index].name, key) != 0) index++;
	return index;
}

static bool refuse_verdict(struct conf *conf, unsigned line, size_t index, const char *value, enum settings_verdict verdict)
{
	const struct setting_row *row = &settings_table[index];
	char                      quote[TEXT_QUOTE_BYTES], range[RANGE_BYTES];
	text_quote(quote, value);
	snprintf(range, sizeof range, "%d..%d %s", (int)row->min, (int)row->max, row->unit);
	switch (verdict) {
	case SETTINGS_NOT_HERE:
		return refuse(conf, line, ": %s is fixed when the binary is built; change it in config.h and build again", row->name);
	case SETTINGS_NOT_A_NUMBER:
		return refuse(conf, line, ": %s = %s is not a whole number; give %s", row->name, quote, range);
	case SETTINGS_OUT_OF_BOUNDS:
		return refuse(conf, line, ": %s = %s is out of bounds; give %s", row->name, quote, range);
	case SETTINGS_LOOSER:
		return refuse(conf, line, ": %s = %s would loosen it; here it may only be %s from %d %s", row->name, quote,
		    row->tighten == SETTINGS_LOWER ? "lowered" : "raised", (int)row->value, row->unit);
	case SETTINGS_OK:
	case SETTINGS_UNKNOWN: break;
	}
	return refuse_unknown(conf, line, row->name);
}

/* Of two lines that do not go together the later one is named; one of them may be built in. */
static bool refuse_order(struct conf *conf, const struct settings_order *broken)
{
	unsigned lesser_line = conf->line[broken->lesser], greater_line = conf->line[broken->greater];
	int      lesser = (int)conf->settings.value[broken->lesser], greater = (int)conf->settings.value[broken->greater];
	return refuse(conf, lesser_line > greater_line ? lesser_line : greater_line, ": %s (%d) must %s %s (%d): %s", settings_table[broken->lesser].name,
	    lesser, broken->words, settings_table[broken->greater].name, greater, broken->otherwise);
}

static bool take_setting(struct conf *conf, unsigned line, const char *key, const char *value)
{
	size_t index = setting_index(key);
	if (index == SETTINGS_N) return refuse_unknown(conf, line, key);
	if (conf->line[index])
		return refuse(conf, line, ": %s is set twice, first on line %u; keep one of them", key, (unsigned)conf->line[index]);
	if (*value == '\0') return refuse(conf, line, ": %s has no value; write %s = number", key, key);
	enum settings_verdict verdict = settings_tighten(&conf->settings, key, value);
	if (verdict != SETTINGS_OK) return refuse_verdict(conf, line, index, value, verdict);
	conf->line[index] = (uint16_t)line;
	return true;
}

static char *trim(char *text)
{
	size_t length;
	text += strspn(text, " \t");
	length = strlen(text);
	while (length > 0 && strchr(" \t\r", text[length - 1])) length--;
	text[length] = '\0';
	return text;
}

static bool take_line(struct conf *conf, unsigned number, const char *text, size_t bytes)
{
	char line[CONF_LINE_MAX], quote[TEXT_QUOTE_BYTES];
	if (bytes >= sizeof line) return refuse(conf, number, ": longer than %d characters", CONF_LINE_MAX - 1);
	if (memchr(text, '\0', bytes)) return refuse(conf, number, ": holds a zero byte; this is a text file");
	memcpy(line, text, bytes);
	line[bytes] = '\0';
	line[strcspn(line, "#")] = '\0';
	char *key = trim(line), *equals = strchr(key, '=');
	if (*key == '\0') return true;
	if (!equals) return refuse(conf, number, ": %s has no \"=\"; write key = value", text_quote(quote, key));
	*equals = '\0';
	if (*trim(key) == '\0') return refuse(conf, number, ": a value without a key; write key = value");
	return take_setting(conf, number, trim(key), trim(equals + 1));
}

bool conf_parse(struct conf *conf, const char *text, size_t bytes)
{
	unsigned number = 0;
	memset(conf, 0, sizeof *conf);
	settings_default(&conf->settings);
	conf->present = true;
	while (bytes > 0) {
		const char *end = memchr(text, '\n', bytes);
		size_t      length = end ? (size_t)(end - text) : bytes;
		if (!take_line(conf, ++number, text, length)) return false;
		length += end != 0;
		text += length;
		bytes -= length;
	}
	const struct settings_order *broken = settings_broken(&conf->settings);
	return broken ? refuse_order(conf, broken) : true;
}

/* The whole file into text; -1 with errno, also for one over the maximum (EFBIG) and what is no regular file (EINVAL). */
static ssize_t read_all(const char *path, char text[CONF_BYTES_MAX])
{
	struct stat info;
	size_t      used = 0;
	ssize_t     got = 1;
	int         fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) return -1;
	errno = EINVAL;
	bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
	while (regular && got > 0 && used < CONF_BYTES_MAX) {
		got = read(fd, text + used, CONF_BYTES_MAX - used);
		if (got > 0) used += (size_t)got;
		if (got < 0 && errno == EINTR) got = 1;
	}
	int why = used == CONF_BYTES_MAX ? EFBIG : errno;
	close(fd);
	errno = why;
	return !regular || got < 0 || used == CONF_BYTES_MAX ? -1 : (ssize_t)used;
}

bool conf_read(struct conf *conf, const char *home)
{
	char path[PATH_MAX_BYTES], text[CONF_BYTES_MAX];
	memset(conf, 0, sizeof *conf);
	settings_default(&conf->settings);
	if (snprintf(path, sizeof path, "%s/" CONF_NAME, home) >= (int)sizeof path)
		return refuse(conf, 0, ": the path of its folder is longer than %d bytes", PATH_MAX_BYTES - 1);
	ssize_t bytes = read_all(path, text);
	if (bytes >= 0) return conf_parse(conf, text, (size_t)bytes);
	if (errno == ENOENT) return true;
	if (errno == EFBIG) return refuse(conf, 0, ": %d bytes or more; a line for each setting takes less", CONF_BYTES_MAX);
	if (errno == EINVAL) return refuse(conf, 0, " in \"%s\" is not a regular file", home);
	return refuse(conf, 0, " in \"%s\" cannot be read: %s", home, strerror(errno));
}
