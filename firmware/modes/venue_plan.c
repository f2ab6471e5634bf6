/* venue_plan.c - the options of a venue, each alone and then against each other. */
#include "firmware/modes/venue_plan.h"

#include "firmware/cli/cli.h"
#include "firmware/cli/text.h"

#define ALPACA      "alpaca.markets"
#define ALPACA_LIVE "api.alpaca.markets"

static int take_url(struct cli *cli, const char *option, const char *fallback, struct url *url)
{
	char             quote[TEXT_QUOTE_BYTES];
	const char      *text = cli_text(cli, option, fallback);
	enum url_verdict verdict = url_parse(text, url);
	if (verdict == URL_OK) return CLI_DONE;
	if (verdict == URL_HOLDS_USER) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", option, url_verdict_text[verdict]);        /* a key is not said again */
	return cli_refuse(cli, CLI_BAD_INPUT, "%s %s %s", option, text_quote(quote, text), url_verdict_text[verdict]);
}

/* Options of a run that `doctor` does not have are not given there. */
static bool is_given(const struct cli *cli, const char *option) { return verb_option(cli->verb, option) && cli_given(cli, option); }

static int refuse_first_given(struct cli *cli, const char *const *options, const char *why)
{
	for (; *options; options++)
		if (is_given(cli, *options)) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", *options, why);
	return CLI_DONE;
}

static int take_hosts(struct venue_plan *plan, struct cli *cli)
{
	bool is_live = plan->mode == TRADE_LIVE;
	int  code = take_url(cli, "--venue-url", is_live ? VENUE_PLAN_LIVE_URL : VENUE_PLAN_PAPER_URL, &plan->trading);
	if (code != CLI_DONE) return code;
	if (!is_live && url_is_below(&plan->trading, ALPACA_LIVE))
		return cli_refuse(cli, CLI_REFUSED, "--venue-url names Alpaca's live host, where money is real, and --live is not given: give it, or leave "
		    "--venue-url out for %s", VENUE_PLAN_PAPER_URL);
	if (is_live && !url_is_below(&plan->trading, ALPACA_LIVE) && !url_is_below(&plan->trading, "localhost"))
		return cli_refuse(cli, CLI_REFUSED, "--live goes to %s, or to a simulator on localhost, and --venue-url names %s: leave one of them out",
		    VENUE_PLAN_LIVE_URL, plan->trading.host);
	plan->data = plan->trading;
	if (!cli_given(cli, "--data-url") && !url_is_below(&plan->trading, ALPACA)) return CLI_DONE;
	return take_url(cli, "--data-url", VENUE_PLAN_DATA_URL, &plan->data);
}

static int take_time(struct venue_plan *plan, struct cli *cli)
{
	plan->stepped = cli_choice(cli, "--venue-time", 0) == 1;
	if (plan->stepped && url_is_below(&plan->trading, ALPACA))
		return cli_refuse(cli, CLI_BAD_INPUT, "--venue-time stepped is for a simulator: Alpaca's own clock cannot be told to move; leave it out, or "
		    "give the simulator's --venue-url");
	if (!plan->stepped && is_given(cli, "--tape"))
		return cli_refuse(cli, CLI_BAD_INPUT, "--tape is for --venue-time stepped: where time is real, the workers' own clocks are on no tape; leave it out");
	if (!plan->stepped && is_given(cli, "--speed"))
		return cli_refuse(cli, CLI_BAD_INPUT, "--speed is for recorded days: the venue's clock goes at its own; leave it out, or give "
		    "--venue-time stepped with a simulator");
	return CLI_DONE;
}

int venue_plan_take(struct venue_plan *plan, struct cli *cli)
{
	static const char *const of_a_venue[] = { "--live", "--account", "--venue-url", "--data-url", "--trust", "--venue-time", "--tape", 0 };
	static const char *const of_days[] = { "--data", "--seed", 0 }, *const of_live[] = { "--account", 0 };
	*plan = (struct venue_plan){ .venue = (enum venue_id)cli_choice(cli, "--venue", VENUE_sim), .mode = cli_given(cli, "--live") ? TRADE_LIVE : TRADE_PAPER };
	if (plan->venue == VENUE_sim) return refuse_first_given(cli, of_a_venue, "is for a venue outside; give --venue alpaca with it, or leave it out");
	int code = refuse_first_given(cli, of_days, "is for days of this machine's own; with --venue alpaca they come from the venue: leave it out");
	if (code == CLI_DONE && plan->mode != TRADE_LIVE) code = refuse_first_given(cli, of_live, "is for real money; give --live with it, or leave it out");
	if (code == CLI_DONE) code = take_hosts(plan, cli);
	if (code == CLI_DONE) code = take_time(plan, cli);
	plan->trust = cli_text(cli, "--trust", 0);
	plan->account = cli_text(cli, "--account", 0);
	return code;
}
