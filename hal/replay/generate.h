/* generate.h - bars of a seeded random walk, for a machine without recorded data.
 *
 * The universe over its own calendars: one market factor with three regimes (calm, normal, crisis: volatility 0.7, 1 and 2.5
 * times the usual, the drift turning against holders in a crisis), a share of it in each symbol (beta) and the rest of its own; VIX is
 * what was realised over the last weeks with a premium on top. Bitcoin begins on 2014-09-17, trades every day, and has no share
 * in the market. No dividends: adj_close = close. Prices have two decimals.
 *
 * Not a model of anything that may be traded: it exercises the program, with crises in it. Nothing can be learned from its returns.
 *
 * Integers only, so that every compiler and library gives the same bars for a seed. The range changes them: the walk
 * begins at from_day. Row D1. */
#ifndef HAL_REPLAY_GENERATE_H
#define HAL_REPLAY_GENERATE_H
#include "hal/replay/bars.h"

/* Fills bars for the sessions of [from_day, to_day], cut to the calendars' cover and to CFG_bars_max bars a symbol. */
void generate_bars(struct bars *bars, uint64_t seed, int32_t from_day, int32_t to_day);

#endif
