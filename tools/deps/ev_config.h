/* ev_config.h - how libev is built; put in front of the installed ev.h so that its users see the same choices.
 * epoll only, one explicit loop a process, no kernel headers (musl brings none), no stat and embed watchers. */
#define EV_STANDALONE 1
#define EV_MULTIPLICITY 1
#define EV_USE_EPOLL 1
#define EV_USE_EVENTFD 1
#define EV_USE_SIGNALFD 1
#define EV_USE_MONOTONIC 1
#define EV_USE_REALTIME 1
#define EV_USE_SELECT 0
#define EV_USE_POLL 0
#define EV_USE_LINUXAIO 0
#define EV_USE_IOURING 0
#define EV_USE_INOTIFY 0
#define EV_USE_TIMERFD 0
#define EV_STAT_ENABLE 0
#define EV_EMBED_ENABLE 0
