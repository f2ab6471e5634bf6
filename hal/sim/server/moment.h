/* moment.h - market time of the venue: the next moment, the matching engine's answers, and what both mean to books and streams. */
#ifndef HAL_SIM_SERVER_MOMENT_H
#define HAL_SIM_SERVER_MOMENT_H
#include "hal/sim/server/server.h"

/* History before the first day, to the matching engine alone. */
void moment_warm(struct server *server);
/* Everything up to and with the next TICK, and what is due before the next event. False at the end. */
bool moment_next(struct server *server);
/* Answers of the matching engine that are due go to the books, the log and the streams; the last refusal or replacement stays in server->verdict. */
void moment_settle(struct server *server);
/* When time runs by itself: everything up to now. */
void moment_run(struct server *server);
/* Machine time of the next event when time runs by itself; INT64_MAX when it stands or has ended. */
int64_t moment_wakes_ns(const struct server *server);

#endif
