/* risk.c - `tickwork risk`: the level, why less is traded than could be, and every stop that is armed. */
#include "firmware/cli/table.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"
#include "fsm/risk/stop.h"

static void show_level(struct cli *cli, const struct account_note *account)
{
	char nav[TEXT_USD_BYTES], peak[TEXT_USD_BYTES], pct[E8_TEXT_BYTES];
	looking_line(cli, "level", "%u of 4, ladder %s", account->level, word_ladder_state(account->ladder_state));
	looking_line(cli, "drawdown", "%s %%: NAV %s USD, peak %s USD", looking_pct(pct, account->drawdown_bp), text_usd(nav, account->nav_usd_e8),
	    text_usd(peak, account->peak_nav_usd_e8));
	looking_line(cli, "regime", "%s", word_regime(account->regime));
	if (account->recovery_weeks) looking_line(cli, "recovery", "week %u", account->recovery_weeks);
	if (!look_cause(account, 0)) looking_line(cli, "causes", "none: trading is free within its limits");
	for (uint32_t i = 0; look_cause(account, i); i++) looking_line(cli, i ? "" : "causes", "%s", look_cause(account, i));
}

static void show_stops(struct cli *cli, const struct looking *looking)
{
	static const struct table_column column[] = { { "STOP OF", 8, false }, { "STATE", 8, false }, { "QTY", 12, true }, { "UNREALISED USD", 16, true } };
	struct table                     table = { column, 4 };
	struct rows                      rows;
	struct event                     event;
	bool                             begun = false;
	rows_list(&rows, looking->look.map, ROWS_POSITIONS, true);
	for (uint32_t i = 0; i < rows.count; i++) {
		char    qty[E8_TEXT_BYTES] = "", usd[TEXT_USD_BYTES] = "";
		bool    stale = !rows_read(&rows, i, &event);
		int64_t value_usd_e8;
		if (!stale && event.position.stop_state == STOP_IDLE) continue;
		if (!stale) (void)e8_text(qty, event.position.qty_e8);
		if (!stale) (void)text_usd(usd, look_unrealised_usd_e8(&event.position, &value_usd_e8));
		if (!begun) table_head(&cli->out, table);
		begun = true;
		table_row(&cli->out, table, (const char *const[]){ word_symbol(rows.slot[i]), stale ? "STALE" : word_stop_state(event.position.stop_state), qty, usd });
	}
}

int verb_risk(struct cli *cli)
{
	struct looking looking;
	struct event   event;
	int            code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	if (cli->json) {
		looking_json(cli, &looking, look_risk);
	} else {
		looking_warn(cli, &looking);
		if (looking_account(cli, &looking, &event)) show_level(cli, &event.account);
		show_stops(cli, &looking);
	}
	looking_end(&looking);
	return CLI_DONE;
}
