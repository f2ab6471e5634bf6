/* tax.c - `tickwork tax`: Form 8949 of a year out of fills.csv, and what a trade now would do to losses (strategies/compliance/lots.h).
 *
 * A purchase is an order, however many executions it had. Money is exact, to 1e-8 USD: a person rounds the form's lines. */
#include <stdio.h>
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/text.h"
#include "firmware/modes/looking.h"
#include "hal/linux/files.h"
#include "hal/linux/memory.h"
#include "hal/linux/peek.h"
#include "hal/wire/csv.h"
#include "hal/wire/json_write.h"
#include "strategies/compliance/lots.h"

enum { FILLS_MAX = 65536, PICKS_MAX = 4096, SENTENCE_BYTES = 1024, ROW_BYTES = 1024, DATE_CHARS = 10, CELL_SHOWN = 40 };

struct tax_fill { uint64_t order_id; int64_t qty_e8, px_e8, fee_usd_e8; int32_t day; uint16_t sym; bool is_buy; };
struct tax_pick { uint64_t sale_id; struct lot_pick pick; };

struct tax {
	char             path[FILES_PATH_MAX], sentence[SENTENCE_BYTES];
	struct csv       csv;
	uint32_t         fills, picks, short_n;        /* short_n: sales of more than was held */
	enum lots_method method;
	struct tax_fill  fill[FILLS_MAX];
	struct tax_pick  pick[PICKS_MAX];
	struct lot_pick  named[PICKS_MAX];
	struct lots      lots;
};

/* --- two files ----------------------------------------------------------------------------------------------------------------- */

static bool fail(struct tax *tax, const char *column, struct csv_cell cell, const char *what)
{
	char   text[CELL_SHOWN];
	size_t length = cell.length < CELL_SHOWN ? cell.length : CELL_SHOWN - 1;
	for (size_t i = 0; i < length; i++) text[i] = cell.at[i] >= ' ' && cell.at[i] <= '~' ? cell.at[i] : '?';
	text[length] = '\0';
	(void)snprintf(tax->sentence, sizeof tax->sentence, "%s line %llu, column %s: '%s' %s; correct the cell or take the line out", tax->path,
	    (unsigned long long)tax->csv.line, column, text, what);
	return false;
}

/* One line after the other of a file with these columns, in this order of cells. */
typedef bool tax_row_fn(struct tax *tax, const struct csv_cell *cell);
struct tax_file { const char *const *column; uint32_t columns; tax_row_fn *row; };

static bool whole(struct tax *tax, const char *column, struct csv_cell cell, uint64_t *out)
{
	int64_t value = 0;
	if (csv_whole(cell, &value) != CSV_OK || value <= 0) return fail(tax, column, cell, "is no number of an order");
	*out = (uint64_t)value;
	return true;
}

static bool amount(struct tax *tax, const char *column, struct csv_cell cell, int64_t least, int64_t *out)
{
	uint32_t         cut = 0;
	enum csv_verdict verdict = csv_e8(cell, out, &cut);
	if (verdict != CSV_OK) return fail(tax, column, cell, csv_verdict_text[verdict]);
	return *out >= least ? true : fail(tax, column, cell, "is too small");
}

static bool is_word(struct csv_cell cell, const char *word) { return cell.length == strlen(word) && memcmp(cell.at, word, cell.length) == 0; }

enum { FILL_TIME, FILL_ORDER, FILL_SYMBOL, FILL_SIDE, FILL_QTY, FILL_PRICE, FILL_FEE, FILL_COLUMNS };
static const char *const fill_columns[FILL_COLUMNS] = { "time", "order_id", "symbol", "side", "qty", "price", "fee_usd" };

static bool take_fill(struct tax *tax, const struct csv_cell *cell)
{
	struct tax_fill *fill = &tax->fill[tax->fills];
	struct csv_cell  day = { cell[FILL_TIME].at, cell[FILL_TIME].length < DATE_CHARS ? cell[FILL_TIME].length : DATE_CHARS };
	if (tax->fills == FILLS_MAX) return fail(tax, "time", day, "is one execution more than this program has room for");
	*fill = (struct tax_fill){ .sym = 0, .is_buy = is_word(cell[FILL_SIDE], "BUY") };
	if (csv_day(day, &fill->day) != CSV_OK) return fail(tax, "time", cell[FILL_TIME], "is no time");
	if (tax->fills > 0 && fill->day < fill[-1].day) return fail(tax, "time", cell[FILL_TIME], "is before the line above it");
	while (fill->sym < UNIVERSE_N && !is_word(cell[FILL_SYMBOL], universe[fill->sym].symbol)) fill->sym++;
	if (fill->sym == UNIVERSE_N) return fail(tax, "symbol", cell[FILL_SYMBOL], "is not of the universe");
	if (!fill->is_buy && !is_word(cell[FILL_SIDE], "SELL")) return fail(tax, "side", cell[FILL_SIDE], "is neither BUY nor SELL");
	tax->fills++;
	return whole(tax, "order_id", cell[FILL_ORDER], &fill->order_id) && amount(tax, "qty", cell[FILL_QTY], 1, &fill->qty_e8) &&
	       amount(tax, "price", cell[FILL_PRICE], 0, &fill->px_e8) && amount(tax, "fee_usd", cell[FILL_FEE], 0, &fill->fee_usd_e8);
}

enum { PICK_SALE, PICK_PURCHASE, PICK_QTY, PICK_COLUMNS };
static const char *const pick_columns[PICK_COLUMNS] = { "sale", "purchase", "qty" };

static bool take_pick(struct tax *tax, const struct csv_cell *cell)
{
	struct tax_pick *pick = &tax->pick[tax->picks];
	if (tax->picks == PICKS_MAX) return fail(tax, "sale", cell[PICK_SALE], "is one pick more than this program has room for");
	tax->picks++;
	return whole(tax, "sale", cell[PICK_SALE], &pick->sale_id) && whole(tax, "purchase", cell[PICK_PURCHASE], &pick->pick.lot_id) &&
	       amount(tax, "qty", cell[PICK_QTY], 1, &pick->pick.qty_e8);
}

static bool read_rows(struct tax *tax, const struct tax_file *file)
{
	struct csv_cell  line, all[CSV_COLUMNS_MAX], mine[CSV_COLUMNS_MAX];
	uint32_t         bad = 0;
	enum csv_verdict verdict = csv_line(&tax->csv, &line);
	if (verdict == CSV_OK) verdict = csv_header(&tax->csv, line);
	if (verdict != CSV_OK) return fail(tax, "1", (struct csv_cell){ "", 0 }, "is no header");
	for (uint32_t i = 0; i < file->columns; i++)
		if (csv_column(&tax->csv, file->column[i]) < 0) return fail(tax, file->column[i], (struct csv_cell){ "", 0 }, "is not there");
	while (csv_line(&tax->csv, &line) == CSV_OK) {
		verdict = csv_cells(&tax->csv, line, all, &bad);
		if (verdict != CSV_OK) return fail(tax, "of a cell", (struct csv_cell){ "", 0 }, csv_verdict_text[verdict]);
		for (uint32_t i = 0; i < file->columns; i++) mine[i] = all[csv_column(&tax->csv, file->column[i])];
		if (!file->row(tax, mine)) return false;
	}
	return true;
}

/* A running appliance may add to it meanwhile: what is read is as long as the file was when it was opened. */
static bool read_file(struct tax *tax, const struct tax_file *file, const char *advice)
{
	struct peek peek;
	bool        is_good = false;
	if (peek_open(&peek, tax->path) != PEEK_OK) {
		(void)snprintf(tax->sentence, sizeof tax->sentence, "%s cannot be read: %s", tax->path, advice);
		return false;
	}
	const void *text = peek.bytes > 0 ? peek_map(&peek, peek.bytes) : 0;
	csv_init(&tax->csv);
	csv_feed(&tax->csv, text, text ? peek.bytes : 0, true);
	if (text) is_good = read_rows(tax, file);
	else (void)snprintf(tax->sentence, sizeof tax->sentence, "%s is empty or was being written: try again", tax->path);
	if (text) peek_unmap(text, peek.bytes);
	peek_close(&peek);
	return is_good;
}

/* --- lots ------------------------------------------------------------------------------------------------------------------------ */

/* What of the picks the last sale has used up. */
static void use_picks(struct tax *tax, uint64_t sale_id, uint32_t from)
{
	for (uint32_t row = from; row < tax->lots.sales; row++) {
		int64_t left = tax->lots.sale[row].qty_e8;
		for (uint32_t i = 0; i < tax->picks && left > 0; i++) {
			struct tax_pick *pick = &tax->pick[i];
			if (pick->sale_id != sale_id || pick->pick.lot_id != tax->lots.sale[row].lot_id) continue;
			int64_t used = e8_min(left, pick->pick.qty_e8);
			pick->pick.qty_e8 -= used;
			left -= used;
		}
	}
}

static enum lots_verdict sell(struct tax *tax, struct lots_trade *trade)
{
	uint32_t from = tax->lots.sales;
	for (uint32_t i = 0; i < tax->picks; i++)
		if (tax->pick[i].sale_id == trade->id && tax->pick[i].pick.qty_e8 > 0) tax->named[trade->picks_n++] = tax->pick[i].pick;
	trade->picks = tax->named;
	if (trade->picks_n > 0) trade->method = LOTS_PICKED;
	enum lots_verdict verdict = lots_sell(&tax->lots, trade);
	use_picks(tax, trade->id, from);
	return verdict;
}

/* All executions of one symbol up to a day. False: they are more than there is room for. */
static bool replay(struct tax *tax, uint16_t sym, int32_t until)
{
	lots_init(&tax->lots, universe[sym].asset_class != ASSET_CRYPTO);
	for (uint32_t i = 0; i < tax->fills; i++) {
		const struct tax_fill *fill = &tax->fill[i];
		if (fill->sym != sym || fill->day > until) continue;
		int64_t           usd_e8 = e8_mul(fill->qty_e8, fill->px_e8);
		struct lots_trade trade = { .id = fill->order_id, .day = fill->day, .qty_e8 = fill->qty_e8, .method = tax->method };
		trade.usd_e8 = fill->is_buy ? usd_e8 + fill->fee_usd_e8 : e8_max(usd_e8 - fill->fee_usd_e8, 0);
		enum lots_verdict verdict = fill->is_buy ? lots_buy(&tax->lots, &trade) : sell(tax, &trade);
		if (verdict == LOTS_FULL) return false;
		tax->short_n += verdict == LOTS_SHORT;
	}
	return !tax->lots.is_cramped;
}

/* --- the form ---------------------------------------------------------------------------------------------------------------------- */

#define CSV_HEAD "part,description,date_acquired,date_sold,proceeds_usd,cost_usd,code,adjustment_usd,gain_usd\n"

static void put_csv(struct cli *cli, uint16_t sym, const struct lot_sale *sale)
{
	char acquired[TEXT_DAY_BYTES], sold[TEXT_DAY_BYTES], qty[E8_TEXT_BYTES], proceeds[E8_TEXT_BYTES], cost[E8_TEXT_BYTES], gain[E8_TEXT_BYTES],
	    adjustment[E8_TEXT_BYTES];
	bool is_wash = sale->disallowed_usd_e8 > 0;
	(void)e8_text(qty, sale->qty_e8), (void)e8_text(proceeds, sale->proceeds_usd_e8), (void)e8_text(cost, sale->cost_usd_e8);
	(void)e8_text(adjustment, sale->disallowed_usd_e8), (void)e8_text(gain, lot_sale_gain_usd_e8(sale));
	out_format(&cli->out, "%s,%s %s,%s,%s,%s,%s,%s,%s,%s\n", lot_sale_is_long(sale) ? "II" : "I", qty, universe[sym].symbol,
	    text_day(acquired, sale->acquired_day), text_day(sold, sale->day), proceeds, cost, is_wash ? "W" : "", is_wash ? adjustment : "", gain);
}

static void put_json(struct cli *cli, uint16_t sym, const struct lot_sale *sale)
{
	char        text[ROW_BYTES], day[TEXT_DAY_BYTES];
	struct json json;
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	json_key(&json, "part"), json_string(&json, lot_sale_is_long(sale) ? "II" : "I");
	json_key(&json, "symbol"), json_string(&json, universe[sym].symbol);
	json_key(&json, "qty"), json_e8(&json, sale->qty_e8);
	json_key(&json, "purchase"), json_u64(&json, sale->lot_id);
	json_key(&json, "date_acquired"), json_string(&json, text_day(day, sale->acquired_day));
	json_key(&json, "held_from"), json_string(&json, text_day(day, sale->held_day));
	json_key(&json, "date_sold"), json_string(&json, text_day(day, sale->day));
	json_key(&json, "proceeds_usd"), json_e8(&json, sale->proceeds_usd_e8);
	json_key(&json, "cost_usd"), json_e8(&json, sale->cost_usd_e8);
	json_key(&json, "disallowed_usd"), json_e8(&json, sale->disallowed_usd_e8);
	json_key(&json, "gain_usd"), json_e8(&json, lot_sale_gain_usd_e8(sale));
	json_object_end(&json);
	json_line(&json);
	out_text(&cli->out, text);
}

static void show_form(struct cli *cli, const struct tax *tax, uint16_t sym, int64_t year)
{
	for (uint32_t i = 0; i < tax->lots.sales; i++) {
		const struct lot_sale *sale = &tax->lots.sale[i];
		if (year && civil_from_day(sale->day).year != year) continue;
		if (cli->json) put_json(cli, sym, sale);
		else put_csv(cli, sym, sale);
	}
}

/* --- before a trade ------------------------------------------------------------------------------------------------------------------ */

struct tax_window { const char *symbol; int64_t open_usd_e8, recent_qty_e8; int32_t last_day; };

static void window_text(struct cli *cli, const struct tax_window *window)
{
	char qty[E8_TEXT_BYTES], usd[TEXT_USD_BYTES], until[TEXT_DAY_BYTES];
	(void)e8_text(qty, window->recent_qty_e8);
	if (window->open_usd_e8 > 0)
		out_format(&cli->out, "%s: a purchase until %s takes losses of up to %s USD\n", window->symbol, text_day(until, window->last_day),
		    text_usd(usd, window->open_usd_e8));
	if (window->recent_qty_e8 > 0)
		out_format(&cli->out, "%s: a loss now on older units is disallowed for up to %s bought within %d days\n", window->symbol, qty, WASH_DAYS);
}

static void window_json(struct cli *cli, const struct tax_window *window, int32_t day)
{
	char        text[ROW_BYTES], date[TEXT_DAY_BYTES];
	struct json json;
	json_begin(&json, text, sizeof text);
	json_object_begin(&json);
	json_key(&json, "symbol"), json_string(&json, window->symbol);
	json_key(&json, "date"), json_string(&json, text_day(date, day));
	json_key(&json, "purchase_takes_loss_usd"), json_e8(&json, window->open_usd_e8);
	json_key(&json, "purchase_until");
	if (window->open_usd_e8 > 0) json_string(&json, text_day(date, window->last_day));
	else json_null(&json);
	json_key(&json, "loss_disallowed_qty"), json_e8(&json, window->recent_qty_e8);
	json_object_end(&json);
	json_line(&json);
	out_text(&cli->out, text);
}

/* The most that a trade on this day could do. */
static void show_window(struct cli *cli, struct tax *tax, uint16_t sym, int32_t day)
{
	struct tax_window window = { universe[sym].symbol, lots_open_loss_usd_e8(&tax->lots, day), lots_recent_qty_e8(&tax->lots, day), day };
	if (window.recent_qty_e8 >= lots_qty_e8(&tax->lots)) window.recent_qty_e8 = 0;        /* no older unit to sell */
	if (!tax->lots.washes || (window.open_usd_e8 <= 0 && window.recent_qty_e8 <= 0)) return;
	for (uint32_t i = tax->lots.first_open; i < tax->lots.sales; i++)
		if (tax->lots.sale[i].open_qty_e8 > 0 && tax->lots.sale[i].day + WASH_DAYS > window.last_day)
			window.last_day = tax->lots.sale[i].day + WASH_DAYS;
	if (cli->json) window_json(cli, &window, day);
	else window_text(cli, &window);
}

static int read_both(struct cli *cli, struct tax *tax)
{
	static const struct tax_file fills = { fill_columns, FILL_COLUMNS, take_fill }, picks = { pick_columns, PICK_COLUMNS, take_pick };
	const char                  *home = cli_text(cli, "--home", HOME_DEFAULT), *file = cli_text(cli, "--picks", 0);
	if (files_path(tax->path, home, "fills.csv") != FILES_OK) return cli_refuse(cli, CLI_BAD_INPUT, "--home is a path too long for this program");
	if (!read_file(tax, &fills, "name the --home of a run")) return cli_refuse(cli, CLI_BAD_INPUT, "%s", tax->sentence);
	if (!file) return CLI_DONE;
	if (snprintf(tax->path, sizeof tax->path, "%s", file) >= (int)sizeof tax->path) return cli_refuse(cli, CLI_BAD_INPUT, "--picks is a path too long");
	return read_file(tax, &picks, "name a CSV with the columns sale,purchase,qty") ? CLI_DONE : cli_refuse(cli, CLI_BAD_INPUT, "%s", tax->sentence);
}

/* A fills.csv that was begun anew beside an older one may lack what only that one had: no figure of the form shows it. */
static void warn_of_older(struct cli *cli)
{
	char        path[FILES_PATH_MAX];
	uint64_t    bytes;
	const char *home = cli_text(cli, "--home", HOME_DEFAULT);
	if (files_path(path, home, "fills.csv.old-1") != FILES_OK || files_size(path, &bytes) != FILES_OK) return;
	out_format(&cli->err, "tickwork: %s/fills.csv was begun anew once, fills.csv.old-1 lies beside it: sales from before may be missing here; with books.db "
	    "moved aside the next start makes it again from the journal\n", home);
}

int verb_tax(struct cli *cli)
{
	struct tax *tax = memory_take(sizeof *tax);
	bool        asks = cli_given(cli, "--windows");
	if (!tax) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for lots: %zu MB are needed", sizeof *tax >> 20);
	tax->method = cli_choice(cli, "--method", 0) == 1 ? LOTS_HIFO : LOTS_FIFO;
	int code = read_both(cli, tax);
	if (code != CLI_DONE) return code;
	warn_of_older(cli);
	int32_t day = cli_day(cli, "--windows", INT32_MAX);
	if (!cli->json && !asks) out_text(&cli->out, CSV_HEAD);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		if (!replay(tax, sym, day))
			return cli_refuse(cli, CLI_BAD_INPUT, "%s has more lots or sales than this program has room for (%d and %d)",
			    universe[sym].symbol, LOTS_MAX, LOT_SALES_MAX);
		if (asks) show_window(cli, tax, sym, day);
		else show_form(cli, tax, sym, cli_int(cli, "--year", 0));
	}
	if (tax->short_n) return cli_refuse(cli, CLI_FAILED, "%u sales were of more than was held; what was not held is left out: a part of fills.csv "
	    "is missing", tax->short_n);
	return CLI_DONE;
}
