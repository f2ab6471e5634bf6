/* world.h - the world of backtest and paper: recorded or generated bars, the matching venue, a virtual clock and a scripted operator.
 *
 * One thread of market time: what the venue owes comes after the TICK of its moment (so a dividend of the open is paid before the fills of the
 * open) and before the next market event, so no order is in flight when the market moves on.
 * now_ns is the market's time; random is a seeded generator: the same seed gives the same run.
 * The operator answers an open review with CONFIRM right after the next NYSE open, when `confirms`; each is counted.
 * The market itself (struct market_replay) points into bars that outlive it. Rows T1, T3, R9 (scripted). */
#ifndef HAL_SIM_WORLD_H
#define HAL_SIM_WORLD_H
#include "hal/hal.h"
#include "hal/replay/market.h"
#include "hal/sim/match.h"

struct sim_world {
	struct market_replay market;
	struct match         match;
	uint64_t             random_state, confirms_sent, orders_in;
	int64_t              t_ns;
	bool                 operator_confirms, review_open, unseen, confirm_due, ack_due, within_moment;
};

extern const struct hal_world sim_world_ports;

void sim_world_init(struct sim_world *world, const struct bars *bars, int32_t from_day, int32_t to_day, const struct match_costs *costs,
    uint64_t seed, bool operator_confirms);
/* The account says whether a review is open, and whether one is unseen: the scripted operator reads it as a person reads the screen. */
void sim_world_show_account(struct sim_world *world, const struct account_note *account);

/* The halves of recv, for who has the market and the venue in two processes: what the venue (or the operator) owes before the market goes on;
 * the market's next event, which the venue sees too. False: there is none. */
bool sim_world_answer(struct sim_world *world, struct event *event);
bool sim_world_market(struct sim_world *world, struct event *event);
/* sim_world_answer would give one. */
bool sim_world_owes(const struct sim_world *world);
void sim_world_order(struct sim_world *world, const struct event *event);

#endif
