/* control.c - one listener, four rows, and a turn of each row that ends when it waits for the other side. */
#include "hal/linux/control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "hal/linux/loop.h"

enum { FILE_MODE = 0600, BACKLOG = 8 };
_Static_assert(sizeof((struct sockaddr_un){ 0 }.sun_path) == CONTROL_PATH_BYTES, "unix(7)");

const char *const control_verdict_text[CONTROL_VERDICTS_N] = {
	[CONTROL_OK] = "listens",
	[CONTROL_TOO_LONG] = "is a path too long for a socket (107 characters at most): choose a shorter home",
	[CONTROL_DENIED] = "cannot be made: the folder is read-only or another user's",
	[CONTROL_NO_ROOM] = "cannot be served: no descriptors, watches or timers are left",
};

static uint32_t index_of(const struct control_client *client) { return (uint32_t)(client - client->control->client); }
static void     tell(struct control_client *client, enum control_event event)
{
	client->control->fn(client->control->self, client->control, index_of(client), event);
}

static void leave(struct control_client *client)
{
	if (client->fd < 0) return;
	if (client->watch != LOOP_NONE) loop_watch_end(client->watch);
	if (client->timer != LOOP_NONE) loop_timer_end(client->timer);
	(void)close(client->fd);
	client->fd = -1;
}

static void gone(struct control_client *client, bool dropped)
{
	client->control->dropped += dropped;
	leave(client);
	tell(client, CONTROL_GONE);
}

/* --- one client's turn -------------------------------------------------------------------------------------------- */

/* False when it has left. */
static bool receive(struct control_client *client)
{
	size_t  room = CONTROL_LINE_MAX - client->in_bytes;
	ssize_t came = room == 0 ? -1 : recv(client->fd, client->in + client->in_bytes, room, 0);
	if (room == 0 || client->ended) return true;
	if (came > 0) client->in_bytes += (uint32_t)came;
	client->ended = came == 0;
	return came >= 0 || errno == EAGAIN || errno == EINTR;
}

static bool flush(struct control_client *client)
{
	while (client->out_bytes > 0) {
		ssize_t went = send(client->fd, client->out + client->out_from, client->out_bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (went < 0 && errno == EINTR) continue;
		if (went < 0) return errno == EAGAIN;
		client->out_from += (uint32_t)went;
		client->out_bytes -= (uint32_t)went;
	}
	client->out_from = 0;
	return true;
}

static bool next_line(struct control_client *client)
{
	char *end = memchr(client->in, '\n', client->in_bytes);
	if (!end && !(client->ended && client->in_bytes > 0)) return false;
	client->line_bytes = end ? (uint32_t)(end - client->in) + 1 : client->in_bytes;
	uint32_t length = end ? client->line_bytes - 1 : client->line_bytes;
	if (length > 0 && client->in[length - 1] == '\r') length--;
	client->in[length] = '\0';
	return client->busy = true;
}

/* Tells one thing, when there is one to tell and the answers so far are taken; false when this turn is over. */
static bool tell_next(struct control_client *client)
{
	if (client->out_bytes > 0) return false;
	bool was_busy = client->busy;
	if (!was_busy && !next_line(client)) return false;
	tell(client, was_busy ? CONTROL_ROOM : CONTROL_LINE);
	return !client->busy || client->out_bytes > 0;
}

static bool is_over(const struct control_client *client) { return client->ended && !client->busy && client->in_bytes == 0 && client->out_bytes == 0; }

static void wait_on(struct control_client *client)
{
	bool writes = client->out_bytes > 0, reads = !client->ended && client->in_bytes < CONTROL_LINE_MAX;
	loop_watch_for(client->watch, (writes ? LOOP_WRITE : 0) | (reads ? LOOP_READ : 0));
	if (writes) loop_timer_start(client->timer, CONTROL_SLOW_MS * NS_PER_MS);
	else if (!client->busy) loop_timer_start(client->timer, CONTROL_IDLE_MS * NS_PER_MS);
	else loop_timer_stop(client->timer);
}

static void serve(struct control_client *client)
{
	bool well = true, more = true;
	client->serving = true;
	while (well && more) {
		well = flush(client);
		more = well && tell_next(client);
	}
	client->serving = false;
	bool too_long = !client->busy && client->in_bytes == CONTROL_LINE_MAX && !memchr(client->in, '\n', client->in_bytes);
	if (!well || too_long || is_over(client)) gone(client, too_long);
	else wait_on(client);
}

static void on_ready(void *self, int ready)
{
	struct control_client *client = self;
	if (ready & LOOP_READ && !receive(client)) gone(client, false);
	else serve(client);
}

static void on_late(void *self) { gone(self, true); }

/* --- coming ------------------------------------------------------------------------------------------------------- */

static bool is_friend(int fd, uint32_t user)
{
	struct ucred peer = { 0, 0, 0 };
	socklen_t    bytes = sizeof peer;
	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) == 0 && bytes == sizeof peer && (peer.uid == user || peer.uid == 0);
}

static struct control_client *free_row(struct control *control)
{
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) if (control->client[i].fd < 0) return &control->client[i];
	return 0;
}

static void take(struct control *control, struct control_client *client, int fd)
{
	client->control = control;
	client->fd = fd;
	client->in_bytes = client->line_bytes = client->out_from = client->out_bytes = 0;
	client->busy = client->ended = client->serving = false;
	client->watch = loop_watch(fd, LOOP_READ, on_ready, client);
	client->timer = loop_timer(on_late, client);
	if (client->watch == LOOP_NONE || client->timer == LOOP_NONE) {
		control->crowded++;
		leave(client);
		return;
	}
	control->accepted++;
	if (index_of(client) >= control->clients_most) control->clients_most = index_of(client) + 1;
	wait_on(client);
}

static void on_resume(void *self) { loop_watch_for(((struct control *)self)->watch, LOOP_READ); }

static void on_client(void *self, int ready)
{
	struct control *control = self;
	int             fd = accept4(control->fd, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
	(void)ready;
	if (fd < 0) {
		if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
		loop_watch_for(control->watch, 0);        /* no descriptors: it would be told again at once */
		loop_timer_start(control->timer, CONTROL_PAUSE_MS * NS_PER_MS);
		return;
	}
	struct control_client *client = free_row(control);
	bool                   friendly = is_friend(fd, control->user);
	control->strangers += !friendly;
	control->crowded += friendly && !client;
	if (friendly && client) take(control, client, fd);
	else (void)close(fd);
}

static bool bind_file(const struct control *control)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	memcpy(address.sun_path, control->path, sizeof address.sun_path);
	if (unlink(control->path) != 0 && errno != ENOENT) return false;
	/* The mode of the socket is the mode the file is made with (Linux): at no moment may another user connect. */
	return fchmod(control->fd, FILE_MODE) == 0 && bind(control->fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
	       chmod(control->path, FILE_MODE) == 0 && listen(control->fd, BACKLOG) == 0;
}

enum control_verdict control_open(struct control *control, const char *path, control_fn *fn, void *self)
{
	memset(control, 0, sizeof *control);
	control->fn = fn;
	control->self = self;
	control->fd = -1;
	control->user = geteuid();
	control->watch = control->timer = LOOP_NONE;
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) control->client[i].fd = -1;
	if ((size_t)snprintf(control->path, sizeof control->path, "%s", path) >= sizeof control->path) return CONTROL_TOO_LONG;
	control->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (control->fd < 0) return CONTROL_NO_ROOM;
	if (!bind_file(control)) {
		(void)close(control->fd);
		control->fd = -1;
		return CONTROL_DENIED;
	}
	control->watch = loop_watch(control->fd, LOOP_READ, on_client, control);
	control->timer = loop_timer(on_resume, control);
	if (control->watch != LOOP_NONE && control->timer != LOOP_NONE) return CONTROL_OK;
	control_close(control);
	return CONTROL_NO_ROOM;
}

void control_close(struct control *control)
{
	for (int i = 0; i < CONTROL_CLIENTS_MAX; i++) leave(&control->client[i]);
	if (control->watch != LOOP_NONE) loop_watch_end(control->watch);
	if (control->timer != LOOP_NONE) loop_timer_end(control->timer);
	control->watch = control->timer = LOOP_NONE;
	if (control->fd < 0) return;
	(void)close(control->fd);
	control->fd = -1;
}

void control_remove(const char *path) { (void)unlink(path); }

/* --- answering ---------------------------------------------------------------------------------------------------- */

static struct control_client *client_at(struct control *control, uint32_t client)
{
	BUG_UNLESS(4257, client < CONTROL_CLIENTS_MAX && control->client[client].fd >= 0 && control->client[client].busy);
	return &control->client[client];
}

const char *control_line(const struct control *control, uint32_t client) { return control->client[client].in; }

size_t control_room(const struct control *control, uint32_t client)
{
	const struct control_client *at = &control->client[client];
	return CONTROL_OUT_BYTES - at->out_from - at->out_bytes;
}

void control_write(struct control *control, uint32_t client, const void *bytes, size_t length)
{
	struct control_client *at = client_at(control, client);
	BUG_UNLESS(4258, length <= control_room(control, client));
	memcpy(at->out + at->out_from + at->out_bytes, bytes, length);
	at->out_bytes += (uint32_t)length;
}

void control_done(struct control *control, uint32_t client)
{
	struct control_client *at = client_at(control, client);
	at->busy = false;
	at->in_bytes -= at->line_bytes;
	memmove(at->in, at->in + at->line_bytes, at->in_bytes);
	at->line_bytes = 0;
	if (!at->serving) serve(at);
}
