/* check_live_test.c - the keys of real money: each alone missing or wrong is a failure with a sentence of its own (R9). */
#include "tests/kit/test.h"
#include "tests/unit/firmware/preflight/patient.h"

#define KEYS "APCA_API_KEY_ID = a\nAPCA_API_SECRET_KEY = b\nTICKWORK_DATA_KEY_ID = c\nTICKWORK_DATA_SECRET_KEY = d\n"

static const char *number, *typed;
static uint32_t calls, asked;
static enum preflight_verdict found_verdict;

static void venue(void *context, enum preflight_host host, const struct venue_plan *to, const struct secrets *with, struct preflight_venue *found)
{
	(void)context, (void)to, (void)with, (void)host;
	calls++;
	*found = (struct preflight_venue){ .has_clock = true };
	if (found_verdict == PREFLIGHT_OK) preflight_say(&found->result, PREFLIGHT_OK, "reached");
	else preflight_say(&found->result, found_verdict, "has trouble of its own:\nask later");
	snprintf(found->account_number, sizeof found->account_number, "%s", number);
	snprintf(found->account_id, sizeof found->account_id, "%s", *number ? "e6fe16f3-64a4" : "");
}

static void ask(char account[PREFLIGHT_ACCOUNT_BYTES], const char *host)
{
	CHECK_STR(host, "venue.example");
	asked++;
	snprintf(account, PREFLIGHT_ACCOUNT_BYTES, "%s", typed);
}

/* A good machine at a venue whose account is `of`, with this mode and this account in its options. */
static void at_venue(enum trade_mode mode, const char *of, const char *account)
{
	good(VENUE_alpaca);
	write_file("secrets", KEYS, 0600);
	(void)secrets_take(&secrets, test_folder(), refusal);
	write_file("tickwork.conf", mode == TRADE_LIVE ? "live = 1\n" : "", 0600);
	plan.mode = mode;
	plan.account = account;
	plan.stepped = true;
	preflight.venue_check = venue;
	number = of;
	found_verdict = PREFLIGHT_OK;
	calls = asked = 0;
}

TEST(t_R9_all_three_keys)
{
	at_venue(TRADE_LIVE, "123456789", "123456789");
	check_result(PREFLIGHT_live, PREFLIGHT_OK, "LIVE: real money, as tickwork.conf allows");
	check_result(PREFLIGHT_account, PREFLIGHT_OK, "123456789, as venue.example names it: real money");
	at_venue(TRADE_LIVE, "123456789", "e6fe16f3-64a4");
	check_result(PREFLIGHT_account, PREFLIGHT_OK, "123456789, as venue.example names it: real money");
	CHECK_EQ(preflight_run(&preflight), PREFLIGHT_OK);
}

TEST(t_R9_without_the_setting_the_venue_is_not_asked)
{
	char want[1024];
	at_venue(TRADE_LIVE, "123456789", "123456789");
	write_file("tickwork.conf", "live = 0\n", 0600);
	snprintf(want, sizeof want, "--live is given and %s/tickwork.conf does not allow it: write the line `live = 1` there if this home shall trade real money",
	    test_folder());
	check_result(PREFLIGHT_live, PREFLIGHT_FAILURE, want);
	CHECK_STR(preflight.result[PREFLIGHT_venue].sentence, "venue.example is not asked: see the check `live`");
	CHECK_EQ(calls, 0);
	CHECK(preflight_is_rule(preflight_failed(&preflight)));
}

TEST(t_R9_without_an_account_and_without_a_terminal)
{
	at_venue(TRADE_LIVE, "123456789", 0);
	check_result(PREFLIGHT_live, PREFLIGHT_FAILURE,
	    "--live is given without the account, and there is no terminal to type it on: give --account with its number, as the venue's own page shows it");
	CHECK_EQ(calls, 0);
}

TEST(t_R9_another_account_is_refused)
{
	static const char *const others[] = { "123456780", "12345678", "1234567890", "PA123456789", " 123456789", "E6FE16F3-64A4" };
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		at_venue(TRADE_LIVE, "123456789", others[i]);
		CHECK(result_has(PREFLIGHT_account, PREFLIGHT_FAILURE, "is not the one that venue.example names for these keys: look its number up"));
		CHECK(preflight_failed(&preflight) == PREFLIGHT_account && preflight_is_rule(PREFLIGHT_account));
	}
}

TEST(t_R9_the_account_is_typed_when_all_else_is_good)
{
	at_venue(TRADE_LIVE, "123456789", 0);
	preflight.account.ask = ask;
	typed = "123456789";
	check_result(PREFLIGHT_account, PREFLIGHT_OK, "123456789, as venue.example names it: real money");
	CHECK_EQ(asked, 1);
	typed = "";
	check_result(PREFLIGHT_account, PREFLIGHT_FAILURE, "no account was typed: type its number, as the venue's own page shows it");
	typed = "987654321";
	CHECK(result_has(PREFLIGHT_account, PREFLIGHT_FAILURE, "the account \"987654321\" is not the one"));
	preflight.account.is_rehearsal = true;
	check_result(PREFLIGHT_account, PREFLIGHT_NOTE, "it will be asked for on the terminal: give --account to have it compared now");
	CHECK_EQ(asked, 3);
}

TEST(t_R9_nobody_is_asked_when_another_check_fails)
{
	at_venue(TRADE_LIVE, "123456789", 0);
	preflight.account.ask = ask;
	preflight.facts.has_random = false;
	CHECK(result_has(PREFLIGHT_account, PREFLIGHT_FAILURE, "nobody was asked for it, because another check has failed: see the check `random`"));
	CHECK_EQ(asked, 0);
	CHECK_EQ(preflight_failed(&preflight), PREFLIGHT_random);
}

/* For paper trouble of the venue is a warning; real money does not start on it. */
TEST(t_R9_a_venue_that_names_no_account)
{
	at_venue(TRADE_LIVE, "", "123456789");
	found_verdict = PREFLIGHT_WARNING;
	CHECK(result_has(PREFLIGHT_account, PREFLIGHT_FAILURE, "venue.example has not named the account of these keys, so nobody knows whose money it would be:"));
	at_venue(TRADE_PAPER, "", 0);
	found_verdict = PREFLIGHT_WARNING;
	check_result(PREFLIGHT_account, PREFLIGHT_OK, "the venue has not named it");
}

TEST(t_R9_keys_of_the_other_kind)
{
	at_venue(TRADE_LIVE, "PA2XXXXXXX", "PA2XXXXXXX");
	check_result(PREFLIGHT_account, PREFLIGHT_FAILURE, "the keys in APCA_API_KEY_ID are of a paper account (PA2XXXXXXX), and --live is given: give the keys of "
	                                                   "the account with real money, or leave --live out");
	at_venue(TRADE_PAPER, "123456789", 0);
	check_result(PREFLIGHT_account, PREFLIGHT_FAILURE,
	    "the keys in APCA_API_KEY_ID are of an account with real money, and --live is not given: give the keys of the paper account, or --live");
	at_venue(TRADE_PAPER, "PA2XXXXXXX", 0);
	check_result(PREFLIGHT_account, PREFLIGHT_OK, "PA2XXXXXXX, a paper account");
	check_result(PREFLIGHT_live, PREFLIGHT_OK, "PAPER: no real money");
	good(VENUE_sim);
	check_result(PREFLIGHT_account, PREFLIGHT_OK, "that of the paper venue inside");
}
