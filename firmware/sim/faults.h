/* faults.h - what may befall the house: one table, a row a kind. `tickwork sim --faults LIST` names kinds or groups.
 *
 * Each seed draws its own mix of the kinds that are allowed (swarm testing: Groce et al. 2012) and how often they come. A kind acts once, or makes
 * weather for a while; the last fifth of the days is calm, so that what must become right again has time to. In three of four seeds many of them
 * come just as an order, a cancel or a question leaves, because that is where they hurt. */
#ifndef FIRMWARE_SIM_FAULTS_H
#define FIRMWARE_SIM_FAULTS_H
#include "firmware/sim/house.h"

// clang-format off
#define HOUSE_FAULTS(X)                                                                                           \
	/* kind                group    what befalls                                                           */ \
	X(net_latency,         net,     "each segment takes up to two seconds, for a while")                     \
	X(net_jitter,          net,     "connections overtake each other")                                       \
	X(net_loss,            net,     "segments are lost and sent again")                                      \
	X(net_chop,            net,     "reads and writes end at every byte")                                    \
	X(net_cut_all,         net,     "every connection is reset now")                                         \
	X(net_cut_some,        net,     "connections are reset in the middle of a segment, for a while")         \
	X(net_half_open,       net,     "new connections hear nothing, and nobody is told")                      \
	X(net_deaf,            net,     "what is written vanishes, and nobody is told")                          \
	X(net_mute_now,        net,     "every connection there is stops hearing")                               \
	X(net_refuse,          net,     "the venue refuses connections, for a while")                            \
	X(net_late,            net,     "connections are not answered, for a while")                             \
	X(net_dark,            net,     "nothing arrives for a while, up to five minutes")                       \
	X(venue_drop_order,    venue,   "a call about an order is not answered and not done")                    \
	X(venue_cut_order,     venue,   "an order is taken, its answer is cut off")                              \
	X(venue_mute_order,    venue,   "an order is taken and never answered")                                  \
	X(venue_500_order,     venue,   "calls about orders fail with 500")                                      \
	X(venue_500,           venue,   "calls fail with 500")                                                   \
	X(venue_429,           venue,   "calls are refused for their rate")                                      \
	X(venue_late_order,    venue,   "answers about orders come late")                                        \
	X(venue_garbage,       venue,   "an answer is no JSON")                                                  \
	X(venue_half_frame,    venue,   "a frame of the trade updates ends in its middle")                       \
	X(venue_drop_update,   venue,   "a trade update is never told")                                          \
	X(venue_double_update, venue,   "a trade update is told twice")                                          \
	X(venue_late_update,   venue,   "trade updates come late")                                               \
	X(venue_mute_updates,  venue,   "the trade updates go silent")                                           \
	X(venue_garbage_update, venue,  "a trade update is no JSON")                                             \
	X(venue_drop_data,     venue,   "a call for market data is not answered")                                \
	X(venue_garbage_data,  venue,   "market data is no JSON")                                                \
	X(venue_double_order,  venue,   "an answer about an order comes twice")                                  \
	X(order_kill,          order,   "the desk's process is killed while an order is on its way")             \
	X(order_cut,           order,   "connections are reset while an order, or a step of the market, is on its way") \
	X(order_dark,          order,   "nothing arrives for up to 80 s after an order has left")                \
	X(order_halt,          order,   "the operator halts or flattens just as an order has left")                   \
	X(order_power,         order,   "the power goes while an order is on its way")                           \
	X(order_end,           order,   "the desk's process is killed as the venue fills or ends an order")      \
	X(venue_money,         venue,   "money comes into the account, and the venue does not say from where")   \
	X(disk_write_fails,    disk,    "a write to the journal fails")                                          \
	X(disk_sync_fails,     disk,    "a sync of the journal fails")                                           \
	X(disk_short_write,    disk,    "a write ends in its middle")                                            \
	X(power_lose,          power,   "the power goes; what was not synced is lost")                           \
	X(power_keep,          power,   "the power goes; what was written is there")                             \
	X(power_tear,          power,   "the power goes; sectors of what was not synced are kept by chance")     \
	X(power_part,          power,   "the power goes; the last write ends at some byte")                      \
	X(power_at_call,       power,   "the power goes at one of the next calls to disk or network")            \
	X(kill_feed,           process, "the feed's process is killed")                                          \
	X(kill_analyst,        process, "the analyst's process is killed")                                       \
	X(kill_context,        process, "the context's process is killed")                                       \
	X(kill_health,         process, "the health's process is killed")                                        \
	X(kill_desk,           process, "the desk's process is killed between two turns")                        \
	X(kill_desk_at_call,   process, "the desk's process is killed at one of its next calls to disk or network") \
	X(kill_feed_at_call,   process, "the feed's process is killed at one of its next calls to the network")  \
	X(kill_at_write,       process, "a process is killed at its next write to some region of the map")       \
	X(kill_boot,           process, "the desk's process is killed while it comes back")                      \
	X(kill_all,            process, "the watchdog is killed, and everyone with it")                          \
	X(hang_short,          process, "a process stands still for less than a heartbeat")                      \
	X(hang_long,           process, "a process stands still until it is killed for it")                      \
	X(slow_process,        process, "a process is turned rarely")                                            \
	X(clock_forward,       clock,   "the wall clock jumps forward")                                          \
	X(clock_back,          clock,   "the wall clock jumps back")                                             \
	X(clock_drift,         clock,   "the clock runs fast or slow")                                           \
	X(person_halt,         person,  "the operator halts, and resumes with a code")                           \
	X(person_pause,        person,  "the operator pauses, and resumes with a code")                          \
	X(person_flatten,      person,  "the operator flattens")                                                 \
	X(kill_uncounted,      process, "a process is killed between a write to the map and its word of what is done")
// clang-format on
#define HOUSE_FAULT_ID(kind, group, what) HOUSE_FAULT_##kind,
enum house_fault { HOUSE_FAULTS(HOUSE_FAULT_ID) HOUSE_FAULTS_N };
_Static_assert((int)HOUSE_FAULTS_N >= 40 && (int)HOUSE_FAULTS_N <= 64, "forty kinds at least; their set is a word of 64 bits");
#define HOUSE_FAULTS_ALL (UINT64_MAX >> (64 - HOUSE_FAULTS_N))

struct house_fault_row {
	const char *name, *group, *what;
};
extern const struct house_fault_row house_fault_rows[HOUSE_FAULTS_N];

/* "all", "none", kinds and groups between commas. False at the first word that is none; *bad is it, its length in *length. */
bool house_faults_parse(const char *list, uint64_t *kinds, const char **bad, size_t *length);
/* Numbers and ranges of faults that do not befall, from 0: "0-4,7". False when it is not such a list, or beyond HOUSE_SKIPS_MAX. */
bool house_skips_parse(const char *list, uint64_t skip[HOUSE_SKIPS_MAX / 64]);
/* Draws this seed's mix and when the first comes. */
void house_faults_begin(struct house *house);
/* A message about an order is on its way to the venue: in some seeds that is when the next one comes. */
void house_faults_at_order(struct house *house, bool is_cancel);
/* The feed's request to move the market is on its way. */
void house_faults_at_step(struct house *house);
/* One fault, if it is time for one; weather that is over clears. */
void house_faults_turn(struct house *house);
/* From now on the weather is fair, and what a fault has left behind is mended as a person would. */
void house_faults_end(struct house *house);

#endif
