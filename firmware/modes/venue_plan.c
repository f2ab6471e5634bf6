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

static int refuse_first_given(struct cli *cli, const char *const *options, const char *why)
{
	for (; *options; options++)
		if (cli_given(cli, *options)) return cli_refuse(cli, CLI_BAD_INPUT, "%s %s", *options, why);
	return CLI_DONE;
}

static int take_hosts(struct venue_plan *plan, struct cli *cli)
{
	int code = take_url(cli, "--venue-url", VENUE_PLAN_PAPER_URL, &plan->trading);
	if (code != CLI_DONE) return code;
	if (url_is_below(&plan->trading, ALPACA_LIVE))
		return cli_refuse(cli, CLI_BAD_INPUT, "--venue-url names Alpaca's live host, where money is real; this program trades on paper: leave it out for %s",
		    VENUE_PLAN_PAPER_URL);
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
	if (!plan->stepped && cli_given(cli, "--speed"))
		return cli_refuse(cli, CLI_BAD_INPUT, "--speed is for recorded days: the venue's clock goes at its own; leave it out, or give "
		    "--venue-time stepped with a simulator");
	return CLI_DONE;
}

int venue_plan_take(struct venue_plan *plan, struct cli *cli)
{
	static const char *const of_a_venue[] = { "--venue-url", "--data-url", "--trust", "--venue-time", 0 };
	static const char *const of_days[] = { "--data", "--seed", 0 };
	*plan = (struct venue_plan){ .venue = (enum venue_id)cli_choice(cli, "--venue", VENUE_sim) };
	if (plan->venue == VENUE_sim) return refuse_first_given(cli, of_a_venue, "is for a venue outside; give --venue alpaca with it, or leave it out");
	int code = refuse_first_given(cli, of_days, "is for days of this machine's own; with --venue alpaca they come from the venue: leave it out");
	if (code == CLI_DONE) code = take_hosts(plan, cli);
	if (code == CLI_DONE) code = take_time(plan, cli);
	plan->trust = cli_text(cli, "--trust", 0);
	return code;
}
