/* account.c - `tickwork account`: cash, NAV and what became of the deposit. */
#include "firmware/modes/looking.h"
#include "firmware/report/day.h"

static void money(struct cli *cli, const char *label, int64_t usd_e8)
{
	char text[TEXT_USD_BYTES];
	out_format(&cli->out, "%-15s%16s USD\n", label, text_usd(text, usd_e8));
}

static void show(struct cli *cli, const struct event *event)
{
	char                       time[DAY_TIME_BYTES], pct[E8_TEXT_BYTES];
	const struct account_note *account = &event->account;
	day_time(time, event->t_ns);
	looking_line(cli, "market time", "%s", time);
	money(cli, "NAV", account->nav_usd_e8);
	money(cli, "cash", account->cash_usd_e8);
	money(cli, "reserved", account->reserved_usd_e8);
	money(cli, "peak NAV", account->peak_nav_usd_e8);
	looking_line(cli, "drawdown", "%s %%", looking_pct(pct, account->drawdown_bp));
	money(cli, "realised", account->realised_usd_e8);
	money(cli, "unrealised", account->unrealised_usd_e8);
	money(cli, "fees", account->fees_usd_e8);
	money(cli, "dividends", account->dividends_usd_e8);
	money(cli, "turnover", account->turnover_usd_e8);
	looking_line(cli, "holds", "%u positions, %u working orders", account->positions, account->orders_working);
}

int verb_account(struct cli *cli)
{
	struct looking looking;
	struct event   event;
	int            code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	if (cli->json) {
		looking_json(cli, &looking, look_account);
	} else {
		looking_head(cli, &looking);
		if (looking_account(cli, &looking, &event)) show(cli, &event);
	}
	looking_end(&looking);
	return CLI_DONE;
}
