/* control.h - a unix stream socket on the loop for this machine's own user: a line comes in, bytes go out.
 *
 * Only the user this process runs as, and root, may talk (SO_PEERCRED); the file is 0600 besides. What happens is told through one function:
 *   CONTROL_LINE   a request: control_line. It may be answered now or later; no other line of this client is told until control_done
 *   CONTROL_ROOM   the answer is not done, and all of it so far is taken: more may be written. Also told without need
 *   CONTROL_GONE   the client has left or was dropped; what was being answered is to be forgotten
 * The function writes to its client, or finishes; it does not close the control.
 *
 * Bounds: CONTROL_CLIENTS_MAX at a time (one more is accepted and closed), a line of CONTROL_LINE_MAX, CONTROL_OUT_BYTES of answer not yet taken.
 * Dropped, and counted: a longer line, a reader that takes nothing for CONTROL_SLOW_MS, a client without a request for CONTROL_IDLE_MS. A line ends with
 * a line feed or with the end of the client's sending, after which it still gets its answers. The caller owns the struct; nothing blocks. */
#ifndef HAL_LINUX_CONTROL_H
#define HAL_LINUX_CONTROL_H
#include "fsm/units.h"

enum { CONTROL_CLIENTS_MAX = 4, CONTROL_LINE_MAX = 128, CONTROL_OUT_BYTES = 32768, CONTROL_PATH_BYTES = 108 };
enum { CONTROL_SLOW_MS = 2000, CONTROL_IDLE_MS = 10000, CONTROL_PAUSE_MS = 100 };        /* the last: without descriptors, until some may be free */

enum control_event { CONTROL_LINE, CONTROL_ROOM, CONTROL_GONE };
enum control_verdict { CONTROL_OK, CONTROL_TOO_LONG, CONTROL_DENIED, CONTROL_NO_ROOM, CONTROL_VERDICTS_N };
/* What a person reads after the path and a space. */
extern const char *const control_verdict_text[CONTROL_VERDICTS_N];

struct control;
typedef void control_fn(void *self, struct control *control, uint32_t client, enum control_event event);

struct control_client {
	struct control *control;
	int             fd, watch, timer;        /* fd -1: a free row */
	uint32_t        in_bytes, line_bytes, out_from, out_bytes;
	bool            busy, ended, serving;
	char            in[CONTROL_LINE_MAX + 1];        /* line_bytes of it are the line being answered, its end included */
	char            out[CONTROL_OUT_BYTES];
};

struct control {
	int                   fd, watch, timer;
	control_fn           *fn;
	void                 *self;
	uint64_t              accepted, strangers, crowded, dropped;
	uint32_t              clients_most;        /* at once */
	struct control_client client[CONTROL_CLIENTS_MAX];
	uint32_t              user;        /* of this process: who may talk, beside root */
	char                  path[CONTROL_PATH_BYTES];
};

/* Replaces what lies at the path: whoever calls holds the folder's lock. */
enum control_verdict control_open(struct control *control, const char *path, control_fn *fn, void *self);
/* Drops everybody (nobody is told). The file stays: its process may touch none any more. */
void control_close(struct control *control);
void control_remove(const char *path);

/* The request being answered, without its end. */
const char *control_line(const struct control *control, uint32_t client);
/* How much control_write takes now. */
size_t control_room(const struct control *control, uint32_t client);
void   control_write(struct control *control, uint32_t client, const void *bytes, size_t length);
/* The answer is whole: the next line may come. */
void control_done(struct control *control, uint32_t client);

#endif
