/* conf.h - HOME/tickwork.conf: what one machine tightens without a new build.
 *
 *   # comments and blank lines; CRLF is fine
 *   drawdown_level1_bp = 400        # a whole number, in the unit of the key's name
 *
 * A machine's file may only tighten (settings.h). Anything else refuses the whole file with one sentence that names the line:
 * an unknown key with the nearest known one, a bad value, one out of bounds, a loosening, a row that is fixed at build time, a
 * key set twice, and two settings that no longer go together (SETTINGS_ORDERS). Without a file the built-in values are in force. Row P18. */
#ifndef FIRMWARE_CLI_CONF_H
#define FIRMWARE_CLI_CONF_H
#include "fsm/settings.h"

#define CONF_NAME "tickwork.conf"

enum { CONF_BYTES_MAX = 16384, CONF_LINE_MAX = 256, CONF_SENTENCE_BYTES = 640 };

struct conf {
	struct settings settings;                        /* in force; the built-in ones when refused */
	uint16_t        line[SETTINGS_N];                /* which line set it; 0 where it is built in */
	bool            present;                         /* there is a file */
	char            refusal[CONF_SENTENCE_BYTES];    /* empty when the file is good */
};

/* Reads HOME/tickwork.conf. False after writing the refusal. */
bool conf_read(struct conf *conf, const char *home);
/* The same from a text. */
bool conf_parse(struct conf *conf, const char *text, size_t bytes);

#endif
