/* top.c - `tickwork top`: the whole appliance on one screen of 80 columns, drawn again each second. Reads the map and asks nobody.
 *
 * Every line is made whole and then cut to the window, so a narrow one loses its right. A window too low for all of it has no blank lines, two workers
 * and two positions a line, and says how many positions have no room: at 80 by 24 that is every part of it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "firmware/cli/table.h"
#include "firmware/console/look_causes.h"
#include "firmware/console/words.h"
#include "firmware/modes/looking.h"
#include "firmware/progress.h"
#include "firmware/report/day.h"
#include "firmware/trade_mode.h"
#include "fsm/care/credits.h"
#include "fsm/care/process.h"
#include "hal/linux/holder.h"
#include "hal/linux/terminal.h"

enum { LINES_MAX = 64, LINE_BYTES = TABLE_WIDTH + 1, EVERY_MS = 1000 };
/* rows: of a window that is too low for everything, 0: there is room. more: lines that found none. */
struct screen { uint32_t lines, rows, more; struct { enum out_colour colour; char text[LINE_BYTES]; } line[LINES_MAX]; };

static void put(struct screen *screen, enum out_colour colour, const char *format, ...) __attribute__((format(printf, 3, 4)));
static void put(struct screen *screen, enum out_colour colour, const char *format, ...)
{
	va_list arguments;
	if (screen->lines == LINES_MAX) {
		screen->more++;
		return;
	}
	va_start(arguments, format);
	(void)vsnprintf(screen->line[screen->lines].text, LINE_BYTES, format, arguments);
	va_end(arguments);
	screen->line[screen->lines++].colour = colour;
}

static void put_gap(struct screen *screen)
{
	if (screen->rows == 0) put(screen, OUT_PLAIN, "%s", "");
}

/* --- the parts ------------------------------------------------------------------------------------------------------------ */

static void put_head(struct screen *screen, const struct look *look)
{
	const struct map_stamp *stamp = look->map->stamp;
	char                    time[DAY_TIME_BYTES] = "-", span[TEXT_SPAN_BYTES];
	if (look->map->progress_feed->t_ns) day_time(time, look->map->progress_feed->t_ns);
	put(screen, trade_mode_colour(stamp->mode), "tickwork  %s, venue %.16s, layout %.16s   market %s", trade_mode_word(stamp->mode), stamp->venue,
	    stamp->layout, time);
	if (look->holder_pid) put(screen, OUT_PLAIN, "watchdog  process %d, up %s", look->holder_pid, text_span(span, look->now_ns - look->map->life->begun_ns));
	else if (look->silent_ns >= 0) put(screen, OUT_RED, "not running since %s ago: this is how it was left", text_span(span, look->silent_ns));
	else put(screen, OUT_RED, "not running: this is how it was left");
}

static void put_money(struct screen *screen, const struct look *look)
{
	struct event               event;
	const struct account_note *account = &event.account;
	char                       nav[TEXT_USD_BYTES], cash[TEXT_USD_BYTES], realised[TEXT_USD_BYTES], unrealised[TEXT_USD_BYTES], pct[E8_TEXT_BYTES];
	enum look_known            known = look_read_account(look, &event);
	if (known != LOOK_KNOWN) {
		put(screen, OUT_YELLOW, "account   %s", known == LOOK_STALE ? "STALE: it is being written, or its writer died in it" : "none yet");
		return;
	}
	put(screen, OUT_PLAIN, "NAV       %s USD, cash %s, drawdown %s %%", text_usd(nav, account->nav_usd_e8), text_usd(cash, account->cash_usd_e8),
	    looking_pct(pct, account->drawdown_bp));
	put(screen, OUT_PLAIN, "P&L       realised %s, unrealised %s USD", text_usd(realised, account->realised_usd_e8),
	    text_usd(unrealised, account->unrealised_usd_e8));
	put(screen, account->level ? OUT_RED : OUT_GREEN, "risk      level %u (%s), %u positions, %u working orders", account->level,
	    word_ladder_state(account->ladder_state), account->positions, account->orders_working);
	for (int cause = 0; cause < CAUSES_N; cause++)
		if (!cause_table[cause].of_symbol && look_cause(look, (enum cause_id)cause, SYM_NONE, &event) == LOOK_KNOWN)
			put(screen, OUT_YELLOW, "          %s", cause_table[cause].text);
}

static void put_machine(struct screen *screen, const struct look *look)
{
	const struct conditions *machine = look->map->conditions;
	char                     span[TEXT_SPAN_BYTES];
	for (uint32_t i = 0; i < CARE_CONDITIONS_N; i++)
		if (machine->in_force >> i & 1) put(screen, OUT_RED, "lacks     %s: %s", degraded[i].missing, degraded[i].meanwhile);
	if (!machine->is_burstable) {
		put(screen, OUT_PLAIN, "credits   none: this machine does not live on them");
		return;
	}
	bool ends = machine->empty_in_ns < CREDITS_NEVER_NS;
	long long   credits = machine->credits_ns / CREDIT_NS, most = machine->credits_max_ns / CREDIT_NS;
	enum out_colour colour = machine->shed ? OUT_RED : OUT_PLAIN;
	if (ends) put(screen, colour, "credits   %lld of %lld, empty in %.2f days at this pace", credits, most, (double)machine->empty_in_ns / (double)NS_PER_DAY);
	else put(screen, colour, "credits   %lld of %lld, no more is spent than earned", credits, most);
	for (uint32_t i = 0; i < SHEDS_N && screen->rows == 0; i++)
		if (machine->shed >> i & 1) put(screen, OUT_YELLOW, "          %s", sheds[i].what);
	if (machine->surplus_ns) put(screen, OUT_YELLOW, "          surplus %s of CPU time", text_span(span, machine->surplus_ns));
}

static const struct worker_progress *first_of(const struct look *look, const struct process_life *life)
{
	const struct layout *layout = layout_find(look->map->stamp->layout);
	const char          *name;
	for (size_t i = 0; layout && i < layout->places; i++) {
		if (strcmp(layout->place[i].process, life->name) != 0 || layout->place[i].worker > WORKER_ledger) continue;
		for (uint32_t w = 0; w < LOOK_WORKERS_N; w++) {
			const struct worker_progress *word = look_worker(look, w, &name);
			if (strcmp(name, workers[layout->place[i].worker].name) == 0) return word;
		}
	}
	return 0;
}

static double mib(uint64_t bytes) { return (double)bytes / (1 << 20); }

static void put_processes(struct screen *screen, const struct look *look)
{
	struct process_life life;
	char                span[TEXT_SPAN_BYTES];
	put(screen, OUT_BOLD, "%-24s %-11s %7s %8s %6s %6s %6s", "PROCESS", "STATE", "PID", "SINCE", "STARTS", "RES MB", "OF MB");
	for (uint32_t i = 0; i < LIFE_ROWS; i++) {
		if (!look_process(look, i, &life) || (screen->rows && life.state == PROCESS_OFF)) continue;
		const struct worker_progress *word = first_of(look, &life);
		bool is_gone = life.pid && !process_exists(life.pid), is_well = !is_gone && (life.state == PROCESS_READY || life.state == PROCESS_OFF);
		put(screen, is_well ? OUT_PLAIN : OUT_RED, "%-24.24s %-11s %7d %8s %6u %6.1f %6.1f", life.name, is_gone ? "gone" : word_process_state(life.state), life.pid,
		    life.since_ns > 0 && life.since_ns <= look->now_ns ? text_span(span, look->now_ns - life.since_ns) : "-", life.restarts,
		    word ? mib(word->memory.resident_bytes) : 0.0, word ? mib(word->memory.declared_bytes) : 0.0);
		if (life.stalled_row && life.stalled_row <= PROGRESS_N)
			put(screen, OUT_YELLOW, "  stalled %u times, last: %s", life.stalls, progress_rows[life.stalled_row - 1].what);
	}
}

static void put_workers(struct screen *screen, const struct look *look)
{
	const char *name;
	put(screen, OUT_BOLD, "%-8s %9s %11s %11s %6s  %s", "WORKER", "TICKS", "STEPS", "BEATS", "TRAP", "MARKET TIME");
	for (uint32_t i = 0; i < LOOK_WORKERS_N; i++) {
		const struct worker_progress *word = look_worker(look, i, &name);
		char                          time[DAY_TIME_BYTES] = "-";
		if (word->t_ns) day_time(time, word->t_ns);
		put(screen, word->trap ? OUT_RED : OUT_PLAIN, "%-8s %9llu %11llu %11llu %6u  %s", name, (unsigned long long)word->ticks,
		    (unsigned long long)word->steps, (unsigned long long)word->beats, word->trap, time);
	}
}

/* The same, two in a line. */
static void put_worker_pairs(struct screen *screen, const struct look *look)
{
	char        half[2][LINE_BYTES];
	const char *name;
	bool        is_trapped = false;
	put(screen, OUT_BOLD, "%-8s %9s %11s %6s    %-8s %9s %11s %6s", "WORKER", "TICKS", "STEPS", "TRAP", "WORKER", "TICKS", "STEPS", "TRAP");
	for (uint32_t i = 0; i < LOOK_WORKERS_N; i++) {
		const struct worker_progress *word = look_worker(look, i, &name);
		is_trapped = word->trap || (is_trapped && i % 2);
		(void)snprintf(half[i % 2], LINE_BYTES, "%-8s %9llu %11llu %6u", name, (unsigned long long)word->ticks, (unsigned long long)word->steps, word->trap);
		if (i % 2) put(screen, is_trapped ? OUT_RED : OUT_PLAIN, "%s    %s", half[0], half[1]);
	}
}
_Static_assert((int)LOOK_WORKERS_N % 2 == 0, "each has a half");

static void put_positions(struct screen *screen, const struct look *look)
{
	static struct rows rows;
	struct event       event;
	rows_list(&rows, look->map, ROWS_POSITIONS, false);
	if (rows.count) put(screen, OUT_BOLD, "%-10s %14s %12s %16s %16s", "SYMBOL", "QTY", "PRICE", "VALUE USD", "UNREALISED USD");
	for (uint32_t i = 0; i < rows.count; i++) {
		char    price[TEXT_USD_BYTES], value[TEXT_USD_BYTES], unrealised[TEXT_USD_BYTES];
		int64_t value_usd_e8;
		if (!rows_read(&rows, i, &event)) continue;
		int64_t gain_usd_e8 = look_unrealised_usd_e8(&event.position, &value_usd_e8);
		put(screen, gain_usd_e8 < 0 ? OUT_RED : OUT_PLAIN, "%-10s %14.4f %12s %16s %16s", word_symbol(event.sym), e8_to_double(event.position.qty_e8),
		    text_usd(price, event.position.px_e8), text_usd(value, value_usd_e8), text_usd(unrealised, gain_usd_e8));
	}
}

/* The same in half a line each. The last row of the window says how many have none. */
static void put_pairs(struct screen *screen, const struct look *look)
{
	static struct rows rows;
	struct event       event;
	char               half[2][LINE_BYTES], quantity[TEXT_USD_BYTES], value[TEXT_USD_BYTES], gain[TEXT_USD_BYTES];
	int64_t            value_usd_e8;
	rows_list(&rows, look->map, ROWS_POSITIONS, false);
	if (rows.count && screen->lines + 2 > screen->rows) {
		put(screen, OUT_YELLOW, "%u positions: tickwork positions", rows.count);
		return;
	}
	if (rows.count) put(screen, OUT_BOLD, "%-8s %9s %10s %8s   %-8s %9s %10s %8s", "SYMBOL", "QTY", "VALUE", "GAIN", "SYMBOL", "QTY", "VALUE", "GAIN");
	for (uint32_t i = 0; i < rows.count; i += 2) {
		if (screen->lines + 1 >= screen->rows && i + 2 < rows.count) {
			put(screen, OUT_YELLOW, "and %u more: tickwork positions", rows.count - i);
			return;
		}
		for (uint32_t k = 0; k < 2; k++) {
			half[k][0] = 0;
			if (i + k >= rows.count || !rows_read(&rows, i + k, &event)) continue;
			int64_t gain_usd_e8 = look_unrealised_usd_e8(&event.position, &value_usd_e8);
			(void)snprintf(half[k], LINE_BYTES, "%-8s %9.9s %10.10s %8.8s", word_symbol(event.sym), text_usd(quantity, event.position.qty_e8),
			    text_usd(value, value_usd_e8), text_usd(gain, gain_usd_e8));
		}
		put(screen, OUT_PLAIN, "%-38s   %s", half[0], half[1]);
	}
}

static void look_at_parts(struct screen *screen, const struct look *look, uint32_t rows)
{
	screen->lines = screen->more = 0;
	screen->rows = rows;
	put_head(screen, look);
	put_money(screen, look);
	put_machine(screen, look);
	put_gap(screen);
	put_processes(screen, look);
	put_gap(screen);
	if (rows) put_worker_pairs(screen, look);
	else put_workers(screen, look);
	put_gap(screen);
	if (rows) put_pairs(screen, look);
	else put_positions(screen, look);
}

static void look_at_all(struct screen *screen, const struct look *look, uint32_t rows)
{
	if (rows > LINES_MAX) rows = LINES_MAX;
	look_at_parts(screen, look, 0);
	if (screen->lines + screen->more > rows) look_at_parts(screen, look, rows);
	if (rows == 0 || screen->lines + screen->more <= rows) return;
	uint32_t hidden = screen->lines + screen->more - (rows - 1);
	screen->lines = rows - 1;
	put(screen, OUT_YELLOW, "and %u more lines: tickwork status, risk and positions have them", hidden);
}

/* --- to the terminal ------------------------------------------------------------------------------------------------------ */

static void show(struct out *out, const struct screen *screen, uint32_t columns, uint32_t rows)
{
	for (uint32_t i = 0; i < screen->lines && i < rows; i++) {
		out_paint(out, screen->line[i].colour);
		out_format(out, "%.*s", (int)columns, screen->line[i].text);
		out_paint(out, OUT_PLAIN);
		if (out->terminal) out_text(out, "\033[K");
		if (i + 1 < rows) out_text(out, "\n");
	}
	if (out->terminal) out_text(out, "\033[J");
	out_flush(out);
}

static int once(struct cli *cli)
{
	struct looking       looking;
	static struct screen screen;
	int                  code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	if (cli->json) {
		looking_json(cli, &looking, look_top);
	} else {
		look_at_all(&screen, &looking.look, LINES_MAX);
		for (uint32_t i = 0; i < screen.lines; i++) {
			out_paint(&cli->out, screen.line[i].colour);
			out_text(&cli->out, screen.line[i].text);
			out_paint(&cli->out, OUT_PLAIN);
			out_text(&cli->out, "\n");
		}
	}
	looking_end(&looking);
	return CLI_DONE;
}

static int live(struct cli *cli)
{
	static struct screen screen;
	struct terminal      terminal;
	struct looking       looking;
	uint32_t             columns, rows;
	int                  code = looking_begin(&looking, cli);
	if (code != CLI_DONE) return code;
	looking_end(&looking);
	if (!terminal_begin(&terminal, STDIN_FILENO, cli->out.fd)) return cli_refuse(cli, CLI_FAILED, "the kernel has no descriptor left: use --once");
	do {
		code = looking_begin(&looking, cli);        /* anew each time: the appliance may have been restarted */
		if (code != CLI_DONE) break;
		terminal_size(cli->out.fd, &columns, &rows);
		look_at_all(&screen, &looking.look, rows);
		looking_end(&looking);
		out_text(&cli->out, "\033[H");
		show(&cli->out, &screen, columns < TABLE_WIDTH ? columns : TABLE_WIDTH, rows);
	} while (!cli->out.gone && !terminal_is_over(&terminal, EVERY_MS));
	terminal_end(&terminal);
	return code;
}

int verb_top(struct cli *cli) { return cli->json || cli_given(cli, "--once") || !cli->out.terminal ? once(cli) : live(cli); }
