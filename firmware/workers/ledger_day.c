/* ledger_day.c - the end of a day: its row in portfolio_state, and its report out of the books. Everything is asked of the books, so a
 * restart in the middle of a day makes the same report. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "firmware/workers/ledger_parts.h"
#include "hal/wire/json_write.h"
#include "strategies/metrics/performance.h"

/* The day before: where this day's rows begin, and what the totals were. */
struct before { uint64_t id; int64_t nav_usd_e8, realised_usd_e8, fees_usd_e8, dividends_usd_e8; };

static bool ask(struct ledger *ledger, enum books_statement question, int64_t value)
{
	const struct books_value values[] = { books_number(value) };
	return ledger_books_ok(ledger, books_ask(&ledger->books, question, values, 1));
}

/* True while there is a row; *ok is false when there is none because the books failed. */
static bool next(struct ledger *ledger, enum books_statement question, bool *ok)
{
	bool more = false;
	*ok = ledger_books_ok(ledger, books_next(&ledger->books, question, &more));
	return *ok && more;
}

static int64_t number(struct ledger *ledger, enum books_statement question, int column)
{
	return books_column(&ledger->books, question, column);
}

static void text(struct ledger *ledger, enum books_statement question, int column, char into[DAY_TEXT_MAX])
{
	books_column_text(&ledger->books, question, column, into, DAY_TEXT_MAX);
}

static bool load_positions(struct ledger *ledger)
{
	const enum books_statement q = BOOKS_POSITIONS;
	char                       symbol[DAY_TEXT_MAX];
	bool                       ok = ledger_books_ok(ledger, books_ask(&ledger->books, q, 0, 0));
	memset(ledger->position, 0, sizeof ledger->position);
	while (ok && next(ledger, q, &ok)) {
		text(ledger, q, 0, symbol);
		uint16_t sym = universe_find(symbol, strlen(symbol));
		if (sym == SYM_NONE) continue;        /* no longer in the universe: its row stays in the books */
		ledger->position[sym] = (struct position_note){ .qty_e8 = number(ledger, q, 1),
			.cost_usd_e8 = number(ledger, q, 2),
			.realised_usd_e8 = number(ledger, q, 3),
			.px_e8 = number(ledger, q, 4),
			.fees_usd_e8 = number(ledger, q, 5),
			.dividends_usd_e8 = number(ledger, q, 6),
			.reserved_qty_e8 = number(ledger, q, 7),
			.day = (int32_t)number(ledger, q, 8),
			.stop_state = (uint32_t)number(ledger, q, 9) };
	}
	return ok;
}

/* The books answer newest first; the table is kept oldest first. */
static bool load_navs(struct ledger *ledger)
{
	const enum books_statement q = BOOKS_NAVS;
	bool                       ok = ask(ledger, q, LEDGER_NAVS_MAX);
	uint32_t                   at = LEDGER_NAVS_MAX;
	while (ok && next(ledger, q, &ok)) {
		BUG_UNLESS(4130, at > 0);
		ledger->nav[--at] = (struct ledger_day){ .day = (int32_t)number(ledger, q, 0), .nav_usd_e8 = number(ledger, q, 1) };
	}
	ledger->navs = LEDGER_NAVS_MAX - at;
	memmove(ledger->nav, ledger->nav + at, ledger->navs * sizeof ledger->nav[0]);
	return ok;
}

static bool load_nav(struct ledger *ledger)
{
	bool ok = ledger_books_ok(ledger, books_ask(&ledger->books, BOOKS_RISK_STATE, 0, 0));
	ledger->nav_usd_e8 = ledger->initial_usd_e8;
	while (ok && next(ledger, BOOKS_RISK_STATE, &ok)) ledger->nav_usd_e8 = number(ledger, BOOKS_RISK_STATE, 0);
	return ok;
}

bool ledger_load(struct ledger *ledger) { return load_positions(ledger) && load_navs(ledger) && load_nav(ledger); }

static void nav_push(struct ledger *ledger, int32_t day, int64_t nav_usd_e8)
{
	if (ledger->navs > 0 && ledger->nav[ledger->navs - 1].day >= day) return;
	if (ledger->navs == LEDGER_NAVS_MAX) memmove(ledger->nav, ledger->nav + 1, --ledger->navs * sizeof ledger->nav[0]);
	ledger->nav[ledger->navs++] = (struct ledger_day){ .day = day, .nav_usd_e8 = nav_usd_e8 };
}

static double sharpe_of(const struct ledger *ledger, uint32_t returns)
{
	struct performance performance;
	if (ledger->navs < returns + 1) return NAN;
	performance_init(&performance);
	for (uint32_t i = ledger->navs - returns - 1; i < ledger->navs; i++)
		if (performance_push(&performance, ledger->nav[i].day, e8_to_double(ledger->nav[i].nav_usd_e8), 0) != PERFORMANCE_OK) return NAN;
	return performance_figures(&performance).sharpe;
}

static bool ask_before(struct ledger *ledger, int32_t day, struct before *before)
{
	const enum books_statement q = BOOKS_DAY_BEFORE;
	bool                       ok = ask(ledger, q, day);
	*before = (struct before){ .nav_usd_e8 = ledger->initial_usd_e8 };
	while (ok && next(ledger, q, &ok))
		*before = (struct before){ (uint64_t)number(ledger, q, 0), number(ledger, q, 1), number(ledger, q, 2), number(ledger, q, 3),
			number(ledger, q, 4) };
	return ok;
}

static void fill_head(struct ledger *ledger, const struct before *before)
{
	const struct account_note *account = &ledger->day_end.account;
	struct day_report         *report = &ledger->report;
	report->mode = ledger->mode;
	report->day = account->day;
	report->level = account->level;
	report->drawdown_bp = account->drawdown_bp;
	report->session = (ledger->day_end.flags & ACCOUNT_SESSION) != 0;
	report->initial_usd_e8 = ledger->initial_usd_e8;
	report->nav_usd_e8 = account->nav_usd_e8;
	report->cash_usd_e8 = account->cash_usd_e8;
	report->peak_nav_usd_e8 = account->peak_nav_usd_e8;
	report->reserved_usd_e8 = account->reserved_usd_e8;
	report->before_nav_usd_e8 = before->nav_usd_e8;
	report->realised_total_usd_e8 = account->realised_usd_e8;
	report->fees_total_usd_e8 = account->fees_usd_e8;
	report->dividends_total_usd_e8 = account->dividends_usd_e8;
	report->realised_usd_e8 = account->realised_usd_e8 - before->realised_usd_e8;
	report->fees_usd_e8 = account->fees_usd_e8 - before->fees_usd_e8;
	report->dividends_usd_e8 = account->dividends_usd_e8 - before->dividends_usd_e8;
	report->unrealised_usd_e8 = account->unrealised_usd_e8;
	for (int i = 0; i < DAY_WINDOWS_N; i++) report->sharpe[i] = sharpe_of(ledger, day_window_returns[i]);
}

static void fill_positions(struct ledger *ledger)
{
	struct day_report *report = &ledger->report;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		const struct position_note *note = &ledger->position[sym];
		if (note->qty_e8 == 0) continue;
		struct day_position *row = &report->position[report->positions++];
		(void)snprintf(row->symbol, sizeof row->symbol, "%.11s", universe[sym].symbol);
		row->qty_e8 = note->qty_e8;
		row->cost_usd_e8 = note->cost_usd_e8;
		row->px_e8 = note->px_e8;
		row->value_usd_e8 = e8_mul(note->qty_e8, note->px_e8);
		row->unrealised_usd_e8 = row->value_usd_e8 - note->cost_usd_e8;
		if (report->nav_usd_e8 > 0) row->weight_bp = (int32_t)i128_narrow(div_near((i128)row->value_usd_e8 * BP_ONE, report->nav_usd_e8));
	}
}

static bool fill_orders(struct ledger *ledger, int64_t since)
{
	const enum books_statement q = BOOKS_DAY_ORDERS;
	struct day_report         *report = &ledger->report;
	bool                       ok = ask(ledger, q, since);
	for (; ok && next(ledger, q, &ok); report->orders_total++) {
		if (report->orders == DAY_ORDERS_MAX) continue;
		struct day_order *row = &report->order[report->orders++];
		row->t_ns = number(ledger, q, 0);
		text(ledger, q, 1, row->symbol);
		text(ledger, q, 2, row->side);
		row->qty_e8 = number(ledger, q, 3);
		row->filled_qty_e8 = number(ledger, q, 4);
		row->limit_px_e8 = number(ledger, q, 5);
		row->average_px_e8 = number(ledger, q, 6);
		text(ledger, q, 7, row->order_type);
		text(ledger, q, 8, row->state);
		text(ledger, q, 9, row->reason);
	}
	return ok;
}

static bool fill_fills(struct ledger *ledger, int64_t since)
{
	const enum books_statement q = BOOKS_DAY_FILLS;
	struct day_report         *report = &ledger->report;
	struct day_fill            row;
	bool                       ok = ask(ledger, q, since);
	for (; ok && next(ledger, q, &ok); report->fills_total++) {
		row = (struct day_fill){ .t_ns = number(ledger, q, 0),
			.qty_e8 = number(ledger, q, 3),
			.px_e8 = number(ledger, q, 4),
			.fee_usd_e8 = number(ledger, q, 5),
			.realised_usd_e8 = number(ledger, q, 6) };
		text(ledger, q, 1, row.symbol);
		text(ledger, q, 2, row.side);
		text(ledger, q, 7, row.reason);
		*(strcmp(row.side, "BUY") == 0 ? &report->bought_usd_e8 : &report->sold_usd_e8) += e8_mul(row.qty_e8, row.px_e8);
		if (report->fills < DAY_FILLS_MAX) report->fill[report->fills++] = row;
	}
	return ok;
}

static bool fill_risks(struct ledger *ledger, int64_t since)
{
	const enum books_statement q = BOOKS_DAY_RISKS;
	struct day_report         *report = &ledger->report;
	bool                       ok = ask(ledger, q, since);
	for (; ok && next(ledger, q, &ok); report->risks_total++) {
		if (report->risks == DAY_RISKS_MAX) continue;
		struct day_risk *row = &report->risk[report->risks++];
		row->t_ns = number(ledger, q, 0);
		text(ledger, q, 1, row->from);
		text(ledger, q, 2, row->to);
		text(ledger, q, 3, row->cause);
		text(ledger, q, 4, row->action);
		row->nav_usd_e8 = number(ledger, q, 5);
		row->drawdown_bp = (int32_t)number(ledger, q, 6);
	}
	return ok;
}

/* What does not fit the table is summed in its last row. */
static bool fill_counts(struct ledger *ledger, enum books_statement q, int64_t since, struct day_counts *counts)
{
	bool ok = ask(ledger, q, since);
	while (ok && next(ledger, q, &ok)) {
		bool              is_full = counts->count == DAY_COUNTS_MAX;
		struct day_count *row = &counts->row[is_full ? DAY_COUNTS_MAX - 1 : counts->count];
		row->count += number(ledger, q, 1);
		if (is_full) (void)snprintf(row->name, sizeof row->name, "others");
		else text(ledger, q, 0, row->name);
		counts->count += !is_full;
	}
	return ok;
}

static bool fill(struct ledger *ledger)
{
	struct day_report *report = &ledger->report;
	struct before      before;
	memset(report, 0, sizeof *report);
	if (!ask_before(ledger, ledger->day_end.account.day, &before)) return false;
	int64_t since = (int64_t)before.id;
	fill_head(ledger, &before);
	fill_positions(ledger);
	return fill_orders(ledger, since) && fill_fills(ledger, since) && fill_risks(ledger, since) &&
	       fill_counts(ledger, BOOKS_DAY_REFUSALS, since, &report->refusals) &&
	       fill_counts(ledger, BOOKS_DAY_QUARANTINE, since, &report->quarantined) &&
	       fill_counts(ledger, BOOKS_DAY_SIGNALS, since, &report->signals);
}

static void write_positions_json(struct ledger *ledger)
{
	const struct day_report *report = &ledger->report;
	struct json              positions, weights;
	json_begin(&positions, ledger->positions_json, sizeof ledger->positions_json);
	json_begin(&weights, ledger->weights_json, sizeof ledger->weights_json);
	json_object_begin(&positions);
	json_object_begin(&weights);
	for (const struct day_position *row = report->position; row < report->position + report->positions; row++) {
		json_key(&positions, row->symbol);
		json_object_begin(&positions);
		json_key(&positions, "qty");
		json_e8(&positions, row->qty_e8);
		json_key(&positions, "cost_usd");
		json_e8(&positions, row->cost_usd_e8);
		json_key(&positions, "price");
		json_e8(&positions, row->px_e8);
		json_object_end(&positions);
		json_key(&weights, row->symbol);
		json_e8(&weights, (int64_t)row->weight_bp * (E8 / BP_ONE));
	}
	json_object_end(&positions);
	json_object_end(&weights);
	BUG_UNLESS(4131, json_length(&positions) > 0 && json_length(&weights) > 0);
}

static bool add_row(struct ledger *ledger, uint64_t id)
{
	const struct account_note *account = &ledger->day_end.account;
	const struct day_report   *report = &ledger->report;
	int64_t                    cost = 0;
	for (uint32_t i = 0; i < report->positions; i++) cost += report->position[i].cost_usd_e8;
	write_positions_json(ledger);
	const struct books_value row[] = { books_id(id), books_number(ledger->day_end.t_ns), books_number(account->day), books_number(report->session),
		books_number(account->nav_usd_e8), books_number(account->cash_usd_e8), books_text(ledger->positions_json),
		books_text(ledger->weights_json), books_number(account->unrealised_usd_e8), books_number(cost), books_number(account->realised_usd_e8),
		books_number(account->fees_usd_e8), books_number(account->dividends_usd_e8), books_number(account->peak_nav_usd_e8),
		books_number(account->reserved_usd_e8), books_number(account->turnover_usd_e8), books_number(account->drawdown_bp),
		books_number(account->level), books_number(account->recovery_weeks), books_text(report->regime) };
	return LEDGER_RUN(ledger, BOOKS_PORTFOLIO_ADD, row);
}

typedef size_t report_writer(const struct day_report *report, char *text, size_t size);

static bool write_report(struct ledger *ledger, const char *ending, report_writer *write)
{
	char   name[DAY_NAME_BYTES + 8], path[FILES_PATH_MAX];
	size_t length = write(&ledger->report, ledger->text, sizeof ledger->text);
	if (length == 0) {        /* only when somebody wrote other words into the books */
		(void)snprintf(ledger->sentence, sizeof ledger->sentence, "a day report is longer than %d bytes: look at its texts in books.db",
		    (int)DAY_REPORT_TEXT_MAX);
		return false;
	}
	day_name(name, ledger->report.day);
	(void)strcat(name, ending);
	return ledger_files_ok(ledger, files_path(path, ledger->reports_folder, name), ledger->reports_folder) &&
	       ledger_files_ok(ledger, files_replace(path, ledger->text, length, ledger->is_durable), path);
}

void ledger_report(struct ledger *ledger)
{
	if (!ledger->is_report_owed) return;
	bool written = write_report(ledger, ".json", day_report_json) && write_report(ledger, ".md", day_report_markdown);
	ledger->is_report_owed = false;
	ledger->reports += written;
	ledger->reports_failed += !written;
}

bool ledger_day_close(struct ledger *ledger, uint64_t id)
{
	const struct account_note *account = &ledger->day_end.account;
	if (ledger->day_end.flags & ACCOUNT_SESSION) nav_push(ledger, account->day, account->nav_usd_e8);
	if (!fill(ledger)) return false;
	(void)snprintf(ledger->report.regime, sizeof ledger->report.regime, "%s", ledger_regime(account->regime));
	if (!add_row(ledger, id)) return false;
	ledger->reports_skipped += ledger->is_report_owed;
	ledger->is_report_owed = true;
	if (!ledger->puts_off_reports) ledger_report(ledger);
	return true;
}
