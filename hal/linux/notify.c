/* notify.c - one datagram a word. */
#include "hal/linux/notify.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

_Static_assert(sizeof(((struct sockaddr_un *)0)->sun_path) == NOTIFY_PATH_MAX, "the kernel's own limit");

bool notify_open(struct notify *notify, const char *socket_name)
{
	*notify = (struct notify){ .fd = -1 };
	size_t bytes = socket_name ? strlen(socket_name) : 0;
	if (bytes < 2 || bytes >= NOTIFY_PATH_MAX || (socket_name[0] != '/' && socket_name[0] != '@')) return false;
	memcpy(notify->path, socket_name, bytes);
	if (notify->path[0] == '@') notify->path[0] = '\0';        /* the abstract name space */
	notify->path_bytes = (uint32_t)bytes;
	notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return notify->fd >= 0;
}

/* 0 for what is no whole number of at most 15 digits. */
static int64_t number_of(const char *text)
{
	int64_t value = 0;
	size_t  digits = 0;
	for (; text && text[digits] >= '0' && text[digits] <= '9'; digits++)
		if (digits < 15) value = value * 10 + (text[digits] - '0');
	return text && digits > 0 && digits <= 15 && text[digits] == '\0' ? value : 0;
}

void notify_watch(struct notify *notify, const char *usec, const char *pid, int32_t own_pid)
{
	bool is_ours = !pid || number_of(pid) == own_pid;
	notify->watch_ns = is_ours ? e8_min(number_of(usec), INT64_MAX / 1000) * 1000 : 0;
}

void notify_say(const struct notify *notify, const char *text)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	if (notify->fd < 0) return;
	memcpy(at.sun_path, notify->path, notify->path_bytes);
	socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + notify->path_bytes);
	(void)sendto(notify->fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)(const void *)&at, bytes);
}

void notify_close(struct notify *notify)
{
	if (notify->fd >= 0) (void)close(notify->fd);
	notify->fd = -1;
}
