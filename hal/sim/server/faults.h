/* faults.h - what goes wrong on purpose, armed at start or while the venue runs.
 *
 *   kind         a REST call                                     a message of a stream
 *   drop         the connection closes, nothing took effect      the connection closes, the message is lost
 *   cut          it takes effect, half the reply, then closed    half the frame, then closed
 *   double       the reply comes twice, the second ms later      the message comes twice, the second ms later
 *   429, 500     refused with that status, no effect             the upgrade is refused with that status
 *   mute         it takes effect, the connection stays silent    the connection stays silent
 *   delay        the reply comes ms later                        the message, and those after it, come ms later
 *   garbage      it takes effect, the body is no JSON            the message is no JSON
 *   half_frame   it takes effect, half the reply, then silence   half the frame, then silence
 *
 *   where        rest: every call but those of /sim; orders: calls on /v2/orders; posts: those that make one; data: calls for market
 *                data, and the messages of the market data streams; stream: messages of trade_updates
 * A fault passes `after` occasions and then happens `count` times. The caller owns the table; full is refused. */
#ifndef HAL_SIM_SERVER_FAULTS_H
#define HAL_SIM_SERVER_FAULTS_H
#include "fsm/units.h"

enum { FAULTS_MAX = 64, FAULT_COUNT_MAX = 1000000, FAULT_MS_MAX = 600000 };

#define FAULT_KINDS(X) \
	X(DROP, "drop") X(CUT, "cut") X(DOUBLE, "double") X(429, "429") X(MUTE, "mute") X(DELAY, "delay") X(500, "500") X(GARBAGE, "garbage") \
	X(HALF_FRAME, "half_frame")
#define FAULT_ID(name, text) FAULT_##name,
enum fault_kind { FAULT_KINDS(FAULT_ID) FAULT_KINDS_N, FAULT_NONE = FAULT_KINDS_N };

#define FAULT_WHERES(X) X(REST, "rest") X(ORDERS, "orders") X(POSTS, "posts") X(STREAM, "stream") X(DATA, "data")
#define FAULT_WHERE_ID(name, text) FAULT_AT_##name,
enum fault_where { FAULT_WHERES(FAULT_WHERE_ID) FAULT_WHERES_N };

/* The kinds that meet a stream when it opens; the others meet its messages. */
enum { FAULTS_OF_OPENING = 1u << FAULT_429 | 1u << FAULT_500, FAULTS_ALL = (1u << FAULT_KINDS_N) - 1 };

struct fault { uint8_t kind, where; uint32_t count, after, ms; };
struct faults { uint32_t count; struct fault fault[FAULTS_MAX]; uint64_t happened[FAULT_KINDS_N]; };

/* Arms one; false when the table is full of faults that have not happened yet, or a number is out of range. */
bool faults_arm(struct faults *faults, const struct fault *fault);
/* "kind:where[:count[:after[:ms]]]", any number of them between commas. False at the first that is wrong; *bad then begins there. */
bool faults_parse(struct faults *faults, const char *spec, const char **bad);
/* FAULT_KINDS_N, FAULT_WHERES_N when there is none of that name. */
enum fault_kind  fault_kind_of(const char *text, size_t length);
enum fault_where fault_where_of(const char *text, size_t length);
/* An occasion at one of these places (bits), for these kinds (bits): which fault happens, *ms with it, or FAULT_NONE. */
enum fault_kind faults_take(struct faults *faults, uint32_t wheres, uint32_t kinds, uint32_t *ms);

#endif
