/* risk.c - `tickwork risk`: the level, every reason to trade less with what is in force, and every stop that is armed. */
#include <stdio.h>

#include "firmware/cli/table.h"
#include "firmware/console/look_causes.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"
#include "firmware/report/day.h"
#include "fsm/risk/stop.h"

static void show_level(struct cli *cli, const struct account_note *account)
{
	char nav[TEXT_USD_BYTES], peak[TEXT_USD_BYTES], pct[E8_TEXT_BYTES];
	looking_line(cli, "level", "%u of 4, ladder %s", account->level, word_ladder_state(account->ladder_state));
	looking_line(cli, "drawdown", "%s %%: NAV %s USD, peak %s USD", looking_pct(pct, account->drawdown_bp), text_usd(nav, account->nav_usd_e8),
	    text_usd(peak, account->peak_nav_usd_e8));
	looking_line(cli, "regime", "%s", word_regime(account->regime));
	if (account->recovery_weeks) looking_line(cli, "recovery", "week %u", account->recovery_weeks);
}

static void show_correlation(struct cli *cli, const struct look *look)
{
	struct event                   event;
	const struct correlation_note *note = &event.correlation;
	char                           average[E8_TEXT_BYTES], highest[E8_TEXT_BYTES];
	if (!cell_read(&look->map->correlation[0], &event) || event.kind != EVENT_CORRELATION) return;
	looking_line(cli, "correlation", "%u pairs of the universe share a cap; %u assets are held", note->pairs_above, note->assets);
	if (note->assets < 2) return;
	(void)e8_text(average, note->average_e8);
	(void)e8_text(highest, note->highest_e8);
	looking_line(cli, "", "of what is held: average %s, highest %s (%s, %s)", average, highest, word_symbol(note->highest_a), word_symbol(note->highest_b));
}

/* --- causes ------------------------------------------------------------------------------------------------------- */

enum { WHAT_BYTES = 320 };
static const struct table_column cause_column[] = { { "CAUSE", 14, false }, { "ACTION", 11, false }, { "SINCE", 20, false },
	{ "WHY, AND HOW IT ENDS", 29, false } };
static const struct table_column rest_column[] = { { "NOT IN FORCE", 14, false }, { "ACTION", 11, false }, { "WHY, AND HOW IT ENDS", 51, false } };
static const struct table        cause_columns = { cause_column, 4 }, rest_columns = { rest_column, 3 };

/* "halted by the operator; ends by the operator: tickwork resume" */
static const char *what_of(char text[WHAT_BYTES], const struct cause_row *row)
{
	(void)snprintf(text, WHAT_BYTES, "%s; ends %s: %s", row->text, cause_clears_text[row->clears], row->way_out);
	return text;
}

/* The reviews: the latest of each cause. */
static void show_reviews(struct cli *cli, const struct look *look)
{
	struct event event;
	bool         begun = false;
	for (int i = 0; i < CAUSES_BOOK_N; i++) {
		bool read = cell_read(&look->map->causes[i], &event) && event.kind == EVENT_CAUSE;
		if (!read || event.change.review == CAUSE_REVIEW_NONE || event.change.review >= CAUSE_REVIEWS_N) continue;
		looking_line(cli, begun ? "" : "reviews", "%u %s: %s", event.change.review_id, cause_review_text[event.change.review], cause_table[i].text);
		begun = true;
	}
}

static void rest_line(struct cli *cli, const struct cause_row *row)
{
	char what[WHAT_BYTES];
	table_row(&cli->out, rest_columns, (const char *const[]){ row->name, cause_action_text[row->action], what_of(what, row) });
}

static void cause_line(struct cli *cli, enum cause_id cause, uint16_t sym, const char *since)
{
	const struct cause_row *row = &cause_table[cause];
	char                    what[WHAT_BYTES], name[LOOKING_CELL_BYTES];
	(void)snprintf(name, sizeof name, "%s%s%s", row->name, sym == SYM_NONE ? "" : " ", word_symbol(sym));
	table_row(&cli->out, cause_columns, (const char *const[]){ name, cause_action_text[row->action], since, what_of(what, row) });
}

/* True when it is in force, or nobody knows. */
static bool show_cause(struct cli *cli, const struct look *look, enum cause_id cause, uint16_t sym)
{
	struct event    event;
	char            since[DAY_TIME_BYTES];
	enum look_known known = look_cause(look, cause, sym, &event);
	if (known == LOOK_NONE) return false;
	if (known == LOOK_KNOWN) day_time(since, event.change.since_ns);
	cause_line(cli, cause, sym, known == LOOK_KNOWN ? since : "STALE");
	return true;
}

static void show_causes(struct cli *cli, const struct look *look)
{
	bool shown[CAUSES_N] = { false }, any = false;
	table_head(&cli->out, cause_columns);
	for (int i = 0; i < CAUSES_N; i++) {
		enum cause_id cause = (enum cause_id)i;
		if (!cause_table[i].of_symbol) shown[i] = show_cause(cli, look, cause, SYM_NONE);
		for (uint16_t sym = 0; cause_table[i].of_symbol && sym < UNIVERSE_N; sym++) shown[i] |= show_cause(cli, look, cause, sym);
		any |= shown[i];
	}
	if (!any) out_text(&cli->out, "none is in force: trading is free within its limits\n");
	table_head(&cli->out, rest_columns);
	for (int i = 0; i < CAUSES_N; i++)
		if (!shown[i]) rest_line(cli, &cause_table[i]);
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
		looking_head(cli, &looking);
		if (looking_account(cli, &looking, &event)) show_level(cli, &event.account);
		show_correlation(cli, &looking.look);
		show_reviews(cli, &looking.look);
		show_causes(cli, &looking.look);
		show_stops(cli, &looking);
	}
	looking_end(&looking);
	return CLI_DONE;
}
