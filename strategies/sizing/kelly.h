/* kelly.h - the most a bet may take of the capital: J. L. Kelly (1956), "A new interpretation of information rate".
 *
 *   of a bet      won with chance p, paying `payoff` times what is lost otherwise: p - (1 - p) / payoff. quantstats.kelly_criterion
 *   of returns    mean / variance per period (E. O. Thorp 2006, small returns): the leverage of fastest growth
 *   cap           what is used: fraction (a half is usual, since p is estimated) of it, never below 0, never above the maximum
 *
 * A negative Kelly share says that the bet has no edge: the cap is 0. What cannot be judged (no payoff, no variance, NaN) is 0 too. */
#ifndef STRATEGIES_SIZING_KELLY_H
#define STRATEGIES_SIZING_KELLY_H

#define KELLY_SHARE_MAX 1e3                  /* leverage: figures beyond it mean an estimate of no variance */

/* p in 0..1, payoff above 0. At least -KELLY_SHARE_MAX. */
double kelly_of_bet(double p, double payoff);
double kelly_of_returns(double mean, double deviation);
/* fraction 0..1, share_max above 0. */
double kelly_cap(double kelly_share, double fraction, double share_max);

#endif
