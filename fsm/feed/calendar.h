/* calendar.h - on which days and hours a venue trades.
 *
 *   NYSE    New York Stock Exchange, core session, 09:30 to 16:00 New York time. Holidays and their observance, funerals,
 *           attacks and storms, early closes and late openings, each with its reason.
 *   CRYPTO  venues that never close: the session of a day is the whole UTC day, [00:00, 24:00).
 *
 * A `day` is the calendar day on the venue's own wall clock (days since 1970-01-01). A session is half open: the venue is
 * open at open_ns and no longer at close_ns.
 *
 * Cover: 1990-01-01 to 2046-12-31, the same for all calendars. Outside it there is no answer: ask calendar_covers about a
 * day, calendar_covers_instant about an instant, that comes from the world (a file, a clock); asking anything else about
 * what is not covered is a bug (1501, 1502). Past years are what happened; years to come are the rules of today
 * (NYSE rule 7.2), so a later funeral, storm or new holiday is a line in calendar.c.
 *
 * Halts within a day (circuit breakers, breakdowns, minutes of silence after the opening) are not here.
 *
 * Everything is pure and needs no memory. calendar_session costs about a tenth of a microsecond; whoever asks on each
 * event keeps the session of the day. How it is checked: tests/golden/calendar_ref.py. */
#ifndef FSM_FEED_CALENDAR_H
#define FSM_FEED_CALENDAR_H
#include <stdbool.h>
#include <stdint.h>

#include "fsm/feed/zone.h"

/*        id      name      wall clock     ordinary hours, minutes of the day */
#define CALENDARS(X)                                                 \
	X(NYSE,   "NYSE",   ZONE_NEW_YORK, 9 * 60 + 30, 16 * 60)     \
	X(CRYPTO, "CRYPTO", ZONE_UTC,      0,           24 * 60)

enum calendar_id {
#define ROW(id, name, zone, open, close) CALENDAR_##id,
	CALENDARS(ROW)
#undef ROW
	CALENDARS_N
};

struct session {
	int64_t open_ns, close_ns;
	bool    early_close;        /* before the ordinary hour of the calendar */
};

enum {
	CALENDAR_DAY_FIRST = 7305,          /* 1990-01-01 */
	CALENDAR_DAY_LAST = 28123,          /* 2046-12-31 */
	CALENDAR_DAY_NONE = INT32_MAX       /* no session within the cover */
};

const char *calendar_name(enum calendar_id id);

bool calendar_covers(int32_t day);
bool calendar_covers_instant(enum calendar_id id, int64_t t_ns);

/* The venue's day at an instant within the cover. */
int32_t calendar_day(enum calendar_id id, int64_t t_ns);

/* The session of a day; false, and a session of zeros, when the venue is closed that day. */
bool calendar_session(enum calendar_id id, int32_t day, struct session *out);

/* Whether the venue is open at an instant within the cover. */
bool calendar_is_open(enum calendar_id id, int64_t t_ns);

/* Why a day is closed or its hours are not the ordinary ones ("Thanksgiving Day"), for people; "" on an ordinary day. */
const char *calendar_reason(enum calendar_id id, int32_t day);

/* The first session day after a day; CALENDAR_DAY_NONE when the cover ends before it. */
int32_t calendar_next_day(enum calendar_id id, int32_t day);

/* The number of sessions in [from, to). Both are covered, or `to` is the day after the last; to < from is a bug (1503).
 * It looks at every day: about a tenth of a microsecond each. */
int32_t calendar_sessions_between(enum calendar_id id, int32_t from, int32_t to);

#endif
