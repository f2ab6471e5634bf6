/* check_live.c - the keys that real money needs beside --live: the setting, and the account. What is not live is looked at from the other side. */
#include <string.h>

#include "firmware/preflight/check.h"

/* Alpaca's paper accounts have numbers that begin so; those of real ones are digits. */
#define PAPER_NUMBER "PA"

static bool is_live(const struct preflight *preflight) { return preflight->plan->mode == TRADE_LIVE; }

/* The two keys that are known without the venue: the setting, and that there is an account or somebody to type it. */
void check_live(struct preflight *preflight, struct preflight_result *result)
{
	const struct preflight_account_words *given = &preflight->account;
	if (!is_live(preflight)) preflight_say(result, PREFLIGHT_OK, "%s: %s", trade_mode_word(preflight->plan->mode), trade_mode_what(preflight->plan->mode));
	else if (!setting(&preflight->conf.settings, SETTING_live))
		preflight_say(result, PREFLIGHT_FAILURE, "--live is given and %s/" CONF_NAME " does not allow it:\nwrite the line `live = 1` there if this home "
		    "shall trade real money", preflight->home);
	else if (!preflight->plan->account && !given->ask)
		preflight_say(result, PREFLIGHT_FAILURE, "--live is given without the account, and there is no terminal to type it on:\ngive --account with its "
		    "number, as the venue's own page shows it");
	else preflight_say(result, PREFLIGHT_OK, "LIVE: real money, as " CONF_NAME " allows");
}

bool check_live_is_good(const struct preflight *preflight) { return preflight->result[PREFLIGHT_live].verdict != PREFLIGHT_FAILURE; }

static bool is_paper_number(const char *number) { return strncmp(number, PAPER_NUMBER, sizeof PAPER_NUMBER - 1) == 0; }

/* What was typed; 0 when nobody was asked. */
static const char *typed(struct preflight *preflight)
{
	struct preflight_account_words *words = &preflight->account;
	if (preflight->plan->account) return preflight->plan->account;
	if (!words->ask || words->is_rehearsal) return 0;
	words->ask(words->text, preflight->plan->trading.host);
	return words->text;
}

static void compare(struct preflight *preflight, struct preflight_result *result)
{
	const struct preflight_venue *told = &preflight->told;
	const char                   *host = preflight->plan->trading.host, *account = typed(preflight);
	char                          quote[TEXT_QUOTE_BYTES];
	if (!account)
		preflight_say(result, PREFLIGHT_NOTE, "it will be asked for on the terminal:\ngive --account to have it compared now");
	else if (!*account) preflight_say(result, PREFLIGHT_FAILURE, "no account was typed:\ntype its number, as the venue's own page shows it");
	else if (strcmp(account, told->account_number) != 0 && strcmp(account, told->account_id) != 0)
		preflight_say(result, PREFLIGHT_FAILURE, "the account %s is not the one that %s names for these keys:\nlook its number up on the venue's own "
		    "page, and see that the keys are its keys", text_quote(quote, account), host);
	else preflight_say(result, PREFLIGHT_OK, "%s, as %s names it: real money", told->account_number, host);
}

/* Real money is not risked on a word that the venue has not said. */
void check_account(struct preflight *preflight, struct preflight_result *result)
{
	const struct preflight_venue *told = &preflight->told;
	const char                   *host = preflight->plan->trading.host, *number = told->account_number;
	if (!check_is_outside(preflight)) preflight_say(result, PREFLIGHT_OK, "that of the paper venue inside");
	else if (!*number && !is_live(preflight)) preflight_say(result, PREFLIGHT_OK, "the venue has not named it");
	else if (!*number)
		preflight_say(result, PREFLIGHT_FAILURE, "%s has not named the account of these keys, so nobody knows whose money it would be:\nsee the check "
		    "`venue`, and start again when it is good", host);
	else if (is_live(preflight) && is_paper_number(number))
		preflight_say(result, PREFLIGHT_FAILURE, "the keys in %s are of a paper account (%s), and --live is given:\ngive the keys of the account with real "
		    "money, or leave --live out", secret_name(SECRET_trading_key_id), number);
	else if (!is_live(preflight) && !is_paper_number(number))
		preflight_say(result, PREFLIGHT_FAILURE, "the keys in %s are of an account with real money, and --live is not given:\ngive the keys of the paper "
		    "account, or --live", secret_name(SECRET_trading_key_id));
	else if (!is_live(preflight)) preflight_say(result, PREFLIGHT_OK, "%s, a paper account", number);
	else if (preflight_failed(preflight) < PREFLIGHT_account) preflight_say(result, PREFLIGHT_FAILURE, "nobody was asked for it, because another check has "
	    "failed:\nsee the check `%s`", preflight_name(preflight_failed(preflight)));
	else compare(preflight, result);
}
