/* operator_file.h - the one-record letter box of the operator's commands: HOME/request.
 *
 * A verb writes the record and sends SIGUSR1 to the watchdog (its pid is in `life` and in HOME/lock); the watchdog takes the record out, checks it
 * and appends it to the `requests` region, where whoever trades finds it. The answer comes back through the `answers` region, never by this file.
 *
 * A command is never written over: while one lies in the box operator_file_write answers OPERATOR_FILE_BUSY, and the verb tries again for
 * a moment. operator_file_read takes the record out, so it is told once. The record appears whole or not at all (written aside, then linked),
 * but is not made durable: a command does not outlive the machine's power.
 *
 * The record is 44 bytes, 0600, little endian: magic, version, struct operator_request as the map has it, CRC-32C of all that. Version 1. */
#ifndef FIRMWARE_OPERATOR_FILE_H
#define FIRMWARE_OPERATOR_FILE_H
#include "firmware/memory_map.h"
#include "hal/linux/files.h"

enum operator_file_verdict {
	OPERATOR_FILE_OK,
	OPERATOR_FILE_NONE,             /* read: nothing lies in the box */
	OPERATOR_FILE_BUSY,             /* write: the watchdog has not yet taken the last command */
	OPERATOR_FILE_DAMAGED,          /* read: not a record of ours, whole; it has been thrown away */
	OPERATOR_FILE_UNREACHABLE,      /* the folder cannot be written or read: missing, another user's, full */
	OPERATOR_FILE_VERDICTS_N
};
/* What a person reads after "HOME/request: ". */
extern const char *const operator_file_text[OPERATOR_FILE_VERDICTS_N];

/* Of the request: seq is the watchdog's to give and stays 0; command < OPERATOR_COMMANDS_N; sym < UNIVERSE_N or SYM_NONE. */
bool operator_request_is_sane(const struct operator_request *request);

/* OK, BUSY or UNREACHABLE. Any number of writers. */
enum operator_file_verdict operator_file_write(const char *folder, const struct operator_request *request);
/* OK, NONE, DAMAGED or UNREACHABLE; *out is zero unless OK. One reader: the watchdog. */
enum operator_file_verdict operator_file_read(const char *folder, struct operator_request *out);

#endif
