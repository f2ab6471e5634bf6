/* blackbox.h - one death of HOME/blackbox in full, for people and as JSON. Row P3. */
#ifndef FIRMWARE_MODES_BLACKBOX_H
#define FIRMWARE_MODES_BLACKBOX_H
#include "firmware/blackbox/blackbox.h"
#include "firmware/cli/cli.h"
#include "hal/wire/json_write.h"

enum { BLACKBOX_HOW_BYTES = 160,
	BLACKBOX_TIME_BYTES = 40 };

/* "killed by signal 11 (SIGSEGV): nothing is mapped there, at 0x10"; "bug 4052"; "hung: killed by signal 9 (SIGKILL)". Returns text. */
const char *blackbox_how(char text[BLACKBOX_HOW_BYTES], const struct blackbox_death *death);
/* 2026-11-30T05:19:44Z, or "unknown". */
const char *blackbox_time(char text[BLACKBOX_TIME_BYTES], int64_t wall_ns);
/* Of each worker at most `events`, the latest. */
void blackbox_show(struct cli *cli, const char *folder, const struct blackbox_death *death, uint32_t events);
void blackbox_show_json(struct cli *cli, const char *folder, const struct blackbox_death *death, uint32_t events);
/* The members that a death of the list and one in full share; within an object. */
void blackbox_members(struct json *json, const struct blackbox_death *death);

#endif
