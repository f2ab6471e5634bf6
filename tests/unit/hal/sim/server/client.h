/* client.h - a venue in memory and a client without sockets, for the tests of hal/sim/server.
 *
 * The market: SPY and BTC-USD, eight days from Monday 2018-03-05 on (BTC-USD from Sunday), SPY opening at 100, 101, ... and closing 0.5 higher, with a
 * dividend of 1 on Thursday; warm days before. The account has 100,000 USD. */
#ifndef TESTS_UNIT_HAL_SIM_SERVER_CLIENT_H
#define TESTS_UNIT_HAL_SIM_SERVER_CLIENT_H
#include "hal/sim/server/server.h"

enum { CLIENT_FIRST_DAY = 17595 /* Monday, 2018-03-05 */, CLIENT_DAYS = 8, CLIENT_BODY_BYTES = 1 << 21 };

struct client_reply { uint32_t status; size_t body_bytes, bytes; bool over; char limit[32], remaining[32]; };

extern char client_body[CLIENT_BODY_BYTES];           /* of the last reply or message, with a final zero */
extern char client_log[1 << 16];                   /* what the venue has logged */
extern struct server *venue;

void client_begin(void);
/* The same with changes to the plan made by the test in between. */
struct server_config client_config(void);
void client_begin_with(const struct server_config *config);

/* One call of the trading key on a connection of its own; the status. */
uint32_t client_call(const char *method, const char *target, const char *body);
uint32_t client_call_as(enum server_key who, const char *method, const char *target, const char *body, struct client_reply *reply);
/* The body has this text in it. */
bool client_has(const char *text);
/* A member of the body's first object that is a string or a number, as text in a buffer of its own; "" when it is not there. */
const char *client_member(const char *name);

int64_t client_moment(void);
/* One moment on. */
void client_step(void);
/* On to the next moment of this phase and calendar. */
void client_until(enum tick_phase phase, enum calendar_id calendar);

/* A stream: its connection. packed: asks for MessagePack. SERVER_FULL: refused, with the status in *status. */
int  client_stream(const char *target, bool packed, uint32_t *status);
void client_say(int connection, const char *bytes, size_t count);
/* The next message, or control frame, of a stream into client_body; its opcode, -1 when there is none. */
int client_hear(int connection, size_t *length);
/* A stream of trade_updates that listens. */
int client_listen(void);
#endif
