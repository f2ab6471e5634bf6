/* venue_plan.h - which venue `tickwork run` trades at, as its options say it, checked as a whole before anything is opened.
 *
 *   --venue sim        the paper venue inside; the default. None of the options below goes with it
 *   --venue alpaca     an account at Alpaca, or a simulator of it; the days come from there, so --data and --seed are refused
 *   --live             real money: --venue alpaca alone, at its live host or a simulator on this machine. Without it the live host is refused
 *   --account ID       the account that --live trades, and refused without it: the account's number or its id
 *   --venue-url URL    its trading host; else VENUE_PLAN_PAPER_URL, with --live VENUE_PLAN_LIVE_URL
 *   --data-url URL     its data host; else VENUE_PLAN_DATA_URL for a host of Alpaca's, and the trading host for any other
 *   --trust FILE       PEM, the roots that are trusted; else VENUE_PLAN_ROOTS in HOME
 *   --venue-time       real: the venue's clock goes by itself, so --speed is refused. stepped: a simulator's goes when told. Default real
 * It owns nothing: texts are those of the command line. Row P12. */
#ifndef FIRMWARE_MODES_VENUE_PLAN_H
#define FIRMWARE_MODES_VENUE_PLAN_H
#include "firmware/trade_mode.h"
#include "hal/wire/url.h"

struct cli;

#define VENUE_PLAN_PAPER_URL "https://paper-api.alpaca.markets"
#define VENUE_PLAN_LIVE_URL  "https://api.alpaca.markets"
#define VENUE_PLAN_DATA_URL  "https://data.alpaca.markets"
#define VENUE_PLAN_ROOTS     "roots.pem"

enum venue_id { VENUE_sim, VENUE_alpaca };        /* in the order of the words of --venue */

struct venue_plan {
	enum venue_id   venue;
	enum trade_mode mode;        /* PAPER or LIVE */
	struct url      trading, data;        /* port 0 where the venue is inside */
	const char     *trust;                /* 0: HOME/roots.pem */
	const char     *account;              /* 0: not given */
	bool            stepped;
};

/* CLI_DONE; or CLI_BAD_INPUT, or CLI_REFUSED where --live is missing or does not fit, after one sentence on standard error. Of `run` and `doctor`. */
int venue_plan_take(struct venue_plan *plan, struct cli *cli);

#endif
