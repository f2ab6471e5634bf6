/* console.h - the control socket HOME/control: one request line, one JSON object.
 *
 *   status | account | risk                       the objects of look.h
 *   orders [all] | positions | fills              {"orders":[...]} and so on
 *   halt | pause | flatten [SYMBOL]               {"command":...,"outcome":...,"code":...,"text":...} (operator_call.h)
 *   resume [CODE] | confirm [CODE]
 *   anything else                                 {"error":"..."}
 *
 *   echo status | socat - UNIX:HOME/control
 *
 * Served on the loop of its process between other things: nothing blocks, a long list goes out as the reader takes it. It reads the map; a command is
 * appended to its `calls` region, which the watchdog is rung for, and is answered when whoever trades has answered: after BOOT no file is
 * opened. Rows R9, O6. */
#ifndef FIRMWARE_CONSOLE_CONSOLE_H
#define FIRMWARE_CONSOLE_CONSOLE_H
#include "firmware/console/look.h"
#include "firmware/operator_call.h"
#include "hal/linux/control.h"
#include "hal/linux/files.h"

#define CONSOLE_NAME "control"

/* LIST: rows from `at` are still to be written. CALL: a command waits for its answer. */
enum console_doing { CONSOLE_NOTHING, CONSOLE_LIST, CONSOLE_CALL };
struct console_client {
	enum console_doing   doing;
	enum call_state      call_state;
	uint32_t             at;
	struct rows          rows;
	struct operator_call call;
};

struct console {
	struct control           control;
	struct memory_map       *map;
	int                      timer;
	uint64_t                 requests, errors;
	struct console_client    client[CONTROL_CLIENTS_MAX];
	char                     folder[FILES_PATH_MAX], text[LOOK_JSON_BYTES];
};

/* In BOOT, the loop open. The map is the process's own. A refusal is sentence-ready: folder/control and control_verdict_text. */
enum control_verdict console_open(struct console *console, const char *folder, struct memory_map *map);
void                 console_close(struct console *console);
/* The socket's name, once its process has ended: that one may touch no file any more. */
void                 console_remove(const char *folder);

#endif
