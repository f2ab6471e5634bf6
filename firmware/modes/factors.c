/* factors.c - `tickwork factors`: the factors of one symbol, day by day, as CSV or JSON lines. */
#include <string.h>

#include "firmware/cli/cli.h"
#include "firmware/cli/near.h"
#include "firmware/cli/text.h"
#include "fsm/feed/calendar.h"
#include "fsm/settings.h"
#include "hal/linux/memory.h"
#include "hal/replay/bars.h"
#include "hal/wire/json_write.h"
#include "strategies/factors/extended.h"

enum { ANNUAL_SESSIONS = 252, ANNUAL_DAYS = 365, COLUMNS_MAX = FACTOR_COUNT + EXTENDED_COUNT, CLAUSE_BYTES = 320, LINE_BYTES = 2048 };

/* What is printed: columns first..end of the eleven followed by the extended ones. */
struct factor_run {
	struct bars         bars;
	struct bars_load    load;
	struct factors      factors;
	struct extended     extended;
	struct factor_row   row;
	struct extended_row extended_row;
	const char         *folder;
	uint16_t            sym, against;
	size_t              first, end;
	int32_t             from_day, to_day;
	char                line[LINE_BYTES];
};

static const char *column_name(size_t column)
{
	return column < FACTOR_COUNT ? factor_name((enum factor)column) : extended_name((enum extended_factor)(column - FACTOR_COUNT));
}

static bool column_ready(const struct factor_run *run, size_t column)
{
	return column < FACTOR_COUNT ? run->row.ready[column] : run->extended_row.ready[column - FACTOR_COUNT];
}

static double column_value(const struct factor_run *run, size_t column)
{
	return column < FACTOR_COUNT ? run->row.value[column] : run->extended_row.value[column - FACTOR_COUNT];
}

static int choose_columns(struct cli *cli, struct factor_run *run)
{
	const char *wanted = cli_text(cli, "--factor", 0);
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	struct near near;
	run->first = wanted && strcmp(wanted, "extended") == 0 ? FACTOR_COUNT : 0;
	run->end = wanted ? (size_t)COLUMNS_MAX : (size_t)FACTOR_COUNT;
	if (!wanted || strcmp(wanted, "all") == 0 || strcmp(wanted, "extended") == 0) return CLI_DONE;
	near_begin(&near, wanted);
	for (size_t i = 0; i < COLUMNS_MAX; i++) {
		near_offer(&near, column_name(i));
		if (strcmp(column_name(i), wanted) != 0) continue;
		run->first = i;
		run->end = i + 1;
		return CLI_DONE;
	}
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown factor %s%s", text_quote(quote, wanted), near_clause(&near, clause, sizeof clause));
}

static int find_symbol(struct cli *cli, const char *option, const char *fallback, uint16_t *sym)
{
	const char *symbol = cli_text(cli, option, fallback);
	char        quote[TEXT_QUOTE_BYTES], clause[CLAUSE_BYTES];
	struct near near;
	*sym = universe_find(symbol, strlen(symbol));
	if (*sym != SYM_NONE) return CLI_DONE;
	near_begin(&near, symbol);
	for (size_t i = 0; i < UNIVERSE_N; i++) near_offer(&near, universe[i].symbol);
	return cli_refuse(cli, CLI_BAD_INPUT, "unknown symbol %s of %s%s", text_quote(quote, symbol), option, near_clause(&near, clause, sizeof clause));
}

static struct factor_bar factor_bar_of(const struct bar *bar)
{
	return (struct factor_bar){ e8_to_double(bar->open_px_e8), e8_to_double(bar->high_px_e8), e8_to_double(bar->low_px_e8),
		e8_to_double(bar->close_px_e8), e8_to_double(bar->adj_px_e8), (double)bar->volume };
}

/* The loader has checked the prices; what is left is a volume beyond what the factors take. */
static int check_volumes(struct cli *cli, const struct factor_run *run, uint16_t sym)
{
	const struct bars_series *series = &run->bars.of[sym];
	char                      day[TEXT_DAY_BYTES];
	for (uint32_t i = 0; i < series->count; i++) {
		struct factor_bar row = factor_bar_of(&series->bar[i]);
		if (!factor_bar_is_sound(&row))
			return cli_refuse(cli, CLI_BAD_INPUT, "%s/%s.csv line of %s, column volume: %.0f is too large; correct the cell or remove the line", run->folder,
			    universe[sym].symbol, text_day(day, series->bar[i].day), row.volume);
	}
	return CLI_DONE;
}

/* All days up to the last one asked for: the days before the first one warm the factors up. */
static int load_symbol(struct cli *cli, struct factor_run *run, uint16_t sym)
{
	if (bars_load_symbol(&run->bars, &run->load, run->folder, sym, CALENDAR_DAY_FIRST, run->to_day) != BARS_OK)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s", run->load.sentence);
	if (cli_choice(cli, "--gaps", 0) == 0 && bars_check_gaps(&run->bars, &run->load, run->folder, sym) != BARS_OK)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s, or say --gaps keep", run->load.sentence);
	return check_volumes(cli, run, sym);
}

static bool wants_pairs(const struct factor_run *run) { return run->end > FACTOR_COUNT + EXTENDED_CORRELATION_60; }

static int load(struct cli *cli, struct factor_run *run)
{
	int code = load_symbol(cli, run, run->sym);
	return code == CLI_DONE && wants_pairs(run) && run->against != run->sym ? load_symbol(cli, run, run->against) : code;
}

static void print_head(struct cli *cli, const struct factor_run *run)
{
	out_text(&cli->out, "date");
	for (size_t i = run->first; i < run->end; i++) out_format(&cli->out, ",%s", column_name(i));
	out_text(&cli->out, "\n");
}

static void print_csv(struct cli *cli, const struct factor_run *run, const char *date)
{
	char text[DOUBLE_TEXT_BYTES];
	out_text(&cli->out, date);
	for (size_t i = run->first; i < run->end; i++) {
		out_text(&cli->out, ",");
		if (column_ready(run, i)) out_bytes(&cli->out, text, double_text(text, column_value(run, i)));
	}
	out_text(&cli->out, "\n");
}

static void print_json(struct cli *cli, struct factor_run *run, const char *date)
{
	struct json json;
	json_begin(&json, run->line, sizeof run->line);
	json_object_begin(&json);
	json_key(&json, "date");
	json_string(&json, date);
	json_key(&json, "symbol");
	json_string(&json, universe[run->sym].symbol);
	for (size_t i = run->first; i < run->end; i++) {
		json_key(&json, column_name(i));
		if (column_ready(run, i)) json_double(&json, column_value(run, i)); else json_null(&json);
	}
	json_object_end(&json);
	json_line(&json);
	BUG_UNLESS(4342, json_length(&json) > 0);
	out_bytes(&cli->out, run->line, json_length(&json));
}

/* The other symbol's adj_close of that day, 0 without a bar; `at` walks along. */
static double other_close(const struct factor_run *run, int32_t day, uint32_t *at)
{
	const struct bars_series *other = &run->bars.of[run->against];
	if (!wants_pairs(run)) return 0;
	while (*at < other->count && other->bar[*at].day < day) ++*at;
	return *at < other->count && other->bar[*at].day == day ? e8_to_double(other->bar[*at].adj_px_e8) : 0;
}

static void take_bar(struct factor_run *run, const struct bar *bar, double other)
{
	struct factor_bar row = factor_bar_of(bar);
	bool              taken = factors_push(&run->factors, &row) && extended_push(&run->extended, &row, other);
	BUG_UNLESS(4343, taken);
	factors_row(&run->factors, &run->row);
	extended_row(&run->extended, &run->extended_row);
}

static void print(struct cli *cli, struct factor_run *run)
{
	const struct bars_series *series = &run->bars.of[run->sym];
	char                      date[TEXT_DAY_BYTES];
	uint32_t                  annual_days = universe[run->sym].calendar == CALENDAR_CRYPTO ? ANNUAL_DAYS : ANNUAL_SESSIONS, other = 0;
	factors_init(&run->factors, annual_days);
	extended_init(&run->extended, annual_days);
	if (!cli->json) print_head(cli, run);
	for (uint32_t i = 0; i < series->count; i++) {
		take_bar(run, &series->bar[i], other_close(run, series->bar[i].day, &other));
		if (series->bar[i].day < run->from_day) continue;
		text_day(date, series->bar[i].day);
		if (cli->json) print_json(cli, run, date); else print_csv(cli, run, date);
	}
}

int verb_factors(struct cli *cli)
{
	struct factor_run *run = memory_take(sizeof *run);
	if (!run) return cli_refuse(cli, CLI_FAILED, "the kernel has no memory for this run: %zu MB are needed", sizeof *run >> 20);
	run->folder = cli_text(cli, "--data", 0);
	run->from_day = cli_day(cli, "--from", CALENDAR_DAY_FIRST);
	run->to_day = cli_day(cli, "--to", CALENDAR_DAY_LAST);
	int code = choose_columns(cli, run);
	if (code == CLI_DONE) code = find_symbol(cli, "--symbol", "", &run->sym);
	if (code == CLI_DONE) code = find_symbol(cli, "--against", "SPY", &run->against);
	if (code == CLI_DONE) code = load(cli, run);
	if (code != CLI_DONE) return code;
	const struct bars_series *series = &run->bars.of[run->sym];
	if (series->bar[series->count - 1].day < run->from_day)
		return cli_refuse(cli, CLI_BAD_INPUT, "%s ends before --from %s; choose an earlier day", universe[run->sym].symbol, cli_text(cli, "--from", ""));
	print(cli, run);
	return CLI_DONE;
}
