/* venue_plan_test.c - the options of a venue: what they default to, and what each wrong one is told (P12). */
#include "firmware/modes/venue_plan.h"

#include <fcntl.h>

#include "tests/kit/test.h"
#include "tests/unit/firmware/cli/capture.h"

static struct capture    said;
static struct venue_plan plan;

static int take(struct cli *cli) { return venue_plan_take(&plan, cli); }

/* The words of the real `run`, with a function that only takes the plan. */
static void run_words(const char *options)
{
	static struct verb run;
	char               line[1024];
	run = *verb_find(verb_table, "run");
	run.run = take;
	snprintf(line, sizeof line, "run %s", options);
	capture_run(&said, (struct verb_table){ &run, 1 }, line);
}

static void check_hosts(const char *options, const char *trading, const char *data)
{
	char text[URL_TEXT_BYTES];
	run_words(options);
	CHECK_EQ(said.code, CLI_DONE);
	CHECK_STR(url_text(&plan.trading, text), trading);
	CHECK_STR(url_text(&plan.data, text), data);
}

TEST(t_P12_the_venue_inside_is_the_default)
{
	run_words("");
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(plan.venue == VENUE_sim && plan.trading.port == 0 && plan.data.port == 0 && !plan.trust && !plan.stepped);
	run_words("--venue sim --data . --speed max --seed 3");
	CHECK_EQ(said.code, CLI_DONE);
}

TEST(t_P12_the_hosts_of_a_venue)
{
	check_hosts("--venue alpaca", "https://paper-api.alpaca.markets", "https://data.alpaca.markets");
	CHECK(plan.venue == VENUE_alpaca && !plan.stepped && !plan.trust);
	check_hosts("--venue alpaca --venue-url https://paper-api.alpaca.markets:443/", "https://paper-api.alpaca.markets", "https://data.alpaca.markets");
	check_hosts("--venue alpaca --venue-url https://localhost:8443", "https://localhost:8443", "https://localhost:8443");
	check_hosts("--venue alpaca --venue-url https://localhost:8443 --data-url https://localhost:8444", "https://localhost:8443", "https://localhost:8444");
	check_hosts("--venue alpaca --data-url https://localhost:8444", "https://paper-api.alpaca.markets", "https://localhost:8444");
}

TEST(t_P12_a_simulators_time_and_root)
{
	char path[256], options[512];
	snprintf(path, sizeof path, "%s/root.pem", test_folder());
	int fd = open(path, O_WRONLY | O_CREAT, 0600);
	CHECK(fd >= 0);
	close(fd);
	snprintf(options, sizeof options, "--venue alpaca --venue-url https://localhost:8443 --venue-time stepped --speed max --trust %s", path);
	run_words(options);
	CHECK_EQ(said.code, CLI_DONE);
	CHECK(plan.stepped);
	CHECK_STR(plan.trust, path);
}

static void check_refused_by(enum cli_exit code, const char *options, const char *sentence)
{
	char want[1024];
	snprintf(want, sizeof want, "tickwork: %s\n", sentence);
	run_words(options);
	CHECK_EQ(said.code, code);
	CHECK_STR(said.err, want);
}

static void check_refused(const char *options, const char *sentence) { check_refused_by(CLI_BAD_INPUT, options, sentence); }

TEST(t_P12_what_does_not_go_together_is_named)
{
	check_refused("--venue-url https://localhost", "--venue-url is for a venue outside; give --venue alpaca with it, or leave it out");
	check_refused("--venue sim --venue-time real", "--venue-time is for a venue outside; give --venue alpaca with it, or leave it out");
	check_refused("--venue alpaca --data .", "--data is for days of this machine's own; with --venue alpaca they come from the venue: leave it out");
	check_refused("--venue alpaca --seed 3", "--seed is for days of this machine's own; with --venue alpaca they come from the venue: leave it out");
	check_refused("--venue alpaca --speed max",
	    "--speed is for recorded days: the venue's clock goes at its own; leave it out, or give --venue-time stepped with a simulator");
	check_refused("--venue alpaca --venue-time stepped",
	    "--venue-time stepped is for a simulator: Alpaca's own clock cannot be told to move; leave it out, or give the simulator's --venue-url");
	check_refused("--venue alpaka", "unknown value \"alpaka\" of --venue; did you mean alpaca? (sim alpaca)");
}

TEST(t_R9_real_money_is_said_with_an_option)
{
	check_hosts("--venue alpaca --live", "https://api.alpaca.markets", "https://data.alpaca.markets");
	CHECK(plan.mode == TRADE_LIVE && !plan.account);
	check_hosts("--venue alpaca --live --account 123456789 --venue-url https://API.Alpaca.Markets.:443/", "https://api.alpaca.markets",
	    "https://data.alpaca.markets");
	CHECK_STR(plan.account, "123456789");
	check_hosts("--venue alpaca --live --venue-url https://localhost:8443", "https://localhost:8443", "https://localhost:8443");
	CHECK_EQ(plan.mode, TRADE_LIVE);
	check_hosts("--venue alpaca", "https://paper-api.alpaca.markets", "https://data.alpaca.markets");
	CHECK_EQ(plan.mode, TRADE_PAPER);
}

TEST(t_R9_the_option_and_the_host_must_agree)
{
	static const char live[] = "--venue-url names Alpaca's live host, where money is real, and --live is not given: give it, or leave --venue-url out for "
	                           "https://paper-api.alpaca.markets";
	static const char paper[] = "--live goes to https://api.alpaca.markets, or to a simulator on localhost, and --venue-url names paper-api.alpaca.markets: "
	                            "leave one of them out";
	check_refused_by(CLI_REFUSED, "--venue alpaca --venue-url https://api.alpaca.markets", live);
	check_refused_by(CLI_REFUSED, "--venue alpaca --venue-url https://API.Alpaca.Markets.:443/", live);
	check_refused_by(CLI_REFUSED, "--venue alpaca --live --venue-url https://paper-api.alpaca.markets", paper);
	run_words("--venue alpaca --live --venue-url https://localhost.example.com");
	CHECK_EQ(said.code, CLI_REFUSED);
	check_refused("--live", "--live is for a venue outside; give --venue alpaca with it, or leave it out");
	check_refused("--account 1", "--account is for a venue outside; give --venue alpaca with it, or leave it out");
	check_refused("--venue alpaca --account 1", "--account is for real money; give --live with it, or leave it out");
}

TEST(t_P12_bad_addresses_are_refused)
{
	check_refused("--venue alpaca --venue-url http://localhost:8443",
	    "--venue-url \"http://localhost:8443\" does not begin with https://: nothing else is spoken, because keys travel in it");
	check_refused("--venue alpaca --venue-url https://localhost --data-url https://localhost:99999",
	    "--data-url \"https://localhost:99999\" has a bad port: give 1..65535, or leave it out for 443");
	check_refused("--venue alpaca --venue-url https://AK1:topsecret@localhost",
	    "--venue-url holds an @: keys belong in the environment, never in an address");
	check_refused("--venue alpaca --trust /nowhere/root.pem", "--trust \"/nowhere/root.pem\": no such file");
}
