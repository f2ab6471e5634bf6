/* day_markdown.c - the day report for people: tables that align in plain text and fit 100 columns. See day.h. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware/report/day.h"
#include "hal/wire/json_write.h"

enum { USD_TEXT_BYTES = 40 };

/* A text that grows; too long for its buffer is remembered and nothing is written beyond. */
struct page { char *text; size_t size, length; bool overflow; };

__attribute__((format(printf, 2, 3))) static void say(struct page *page, const char *format, ...)
{
	va_list values;
	size_t  room = page->size - page->length;
	if (page->overflow) return;
	va_start(values, format);
	int length = vsnprintf(page->text + page->length, room, format, values);
	va_end(values);
	page->overflow = length < 0 || (size_t)length >= room;
	if (!page->overflow) page->length += (size_t)length;
}

/* Dollars and cents, to nearest, thousands apart: -12,345.68 */
static const char *usd(char text[USD_TEXT_BYTES], int64_t usd_e8)
{
	char    whole[24];
	int64_t cents = (int64_t)div_near(usd_e8, E8 / 100);
	int     digits = snprintf(whole, sizeof whole, "%lld", (long long)(e8_abs(cents) / 100)), at = 0;
	if (cents < 0) text[at++] = '-';
	for (int i = 0; i < digits; i++) {
		if (i && (digits - i) % 3 == 0) text[at++] = ',';
		text[at++] = whole[i];
	}
	(void)snprintf(text + at, USD_TEXT_BYTES - (size_t)at, ".%02d", (int)(e8_abs(cents) % 100));
	return text;
}

static const char *exact(char text[USD_TEXT_BYTES], int64_t value_e8)
{
	(void)e8_text(text, value_e8);
	return text;
}

static const char *signed_pct(char text[USD_TEXT_BYTES], int64_t part_e8, int64_t whole_e8)
{
	if (whole_e8 <= 0) return "-";
	(void)snprintf(text, USD_TEXT_BYTES, "%+.2f %%", 100 * (double)part_e8 / (double)whole_e8);
	return text;
}

static const char *hour(char text[USD_TEXT_BYTES], int64_t t_ns)
{
	int64_t second = (int64_t)div_floor(t_ns, NS_PER_S) - (int64_t)day_from_t_ns(t_ns) * 86400;
	(void)snprintf(text, USD_TEXT_BYTES, "%02d:%02d", (int)(second / 3600), (int)(second / 60 % 60));
	return text;
}

/* A text that came from elsewhere would break its table with a bar or a line feed in it. */
static const char *cell(char text[DAY_TEXT_MAX], const char *from)
{
	size_t at = 0;
	for (; from[at] && at < DAY_TEXT_MAX - 1; at++) text[at] = from[at] == '|' || (unsigned char)from[at] < ' ' ? '/' : from[at];
	text[at] = 0;
	return text;
}

static void say_result(struct page *page, const struct day_report *report)
{
	char    day[USD_TEXT_BYTES], total[USD_TEXT_BYTES];
	int64_t gain = report->nav_usd_e8 - report->before_nav_usd_e8, gain_total = report->nav_usd_e8 - report->initial_usd_e8;
	say(page, "| Result     |            Day |          Total |\n|:-----------|---------------:|---------------:|\n");
	say(page, "| P&L USD    | %14s | %14s |\n", usd(day, gain), usd(total, gain_total));
	say(page, "| Return     | %14s | %14s |\n", signed_pct(day, gain, report->before_nav_usd_e8),
	    signed_pct(total, gain_total, report->initial_usd_e8));
	say(page, "| Realised   | %14s | %14s |\n", usd(day, report->realised_usd_e8), usd(total, report->realised_total_usd_e8));
	say(page, "| Unrealised | %14s | %14s |\n", "", usd(total, report->unrealised_usd_e8));
	say(page, "| Dividends  | %14s | %14s |\n", usd(day, report->dividends_usd_e8), usd(total, report->dividends_total_usd_e8));
	say(page, "| Fees       | %14s | %14s |\n\n", usd(day, report->fees_usd_e8), usd(total, report->fees_total_usd_e8));
}

static void say_head(struct page *page, const struct day_report *report)
{
	char a[USD_TEXT_BYTES], b[USD_TEXT_BYTES], c[USD_TEXT_BYTES], name[DAY_NAME_BYTES], regime[DAY_TEXT_MAX];
	day_name(name, report->day);
	say(page, "# Day report %s\n\n**%s**: %s.\n\n", name, trade_mode_word(report->mode), trade_mode_what(report->mode));
	if (!report->session) say(page, "No NYSE session on this day.\n\n");
	say(page, "NAV %s USD, cash %s USD (%s USD held for orders).\n", usd(a, report->nav_usd_e8), usd(b, report->cash_usd_e8),
	    usd(c, report->reserved_usd_e8));
	say(page, "Risk level %d, drawdown %d.%02d %% from a peak of %s USD. Regime %s.\n\n", (int)report->level, (int)(report->drawdown_bp / 100),
	    (int)(report->drawdown_bp % 100), usd(a, report->peak_nav_usd_e8), cell(regime, report->regime));
}

static void say_sharpe(struct page *page, const struct day_report *report)
{
	say(page, "Sharpe ratio of the last");
	for (int i = 0; i < DAY_WINDOWS_N; i++) {
		say(page, "%s %u days: ", i ? "," : "", day_window_returns[i]);
		if (isfinite(report->sharpe[i])) say(page, "%.2f", report->sharpe[i]);
		else say(page, "-");
	}
	say(page, ".\n\n");
}

static void say_positions(struct page *page, const struct day_report *report)
{
	char a[USD_TEXT_BYTES], b[USD_TEXT_BYTES], c[USD_TEXT_BYTES], d[USD_TEXT_BYTES], e[USD_TEXT_BYTES], f[USD_TEXT_BYTES], s[DAY_TEXT_MAX];
	say(page, "## Positions\n\n");
	if (report->positions == 0) {
		say(page, "None.\n\n");
		return;
	}
	say(page, "| Symbol   |     Quantity |     Cost USD |      Price |    Value USD |  Weight | Unrealised |\n");
	say(page, "|:---------|-------------:|-------------:|-----------:|-------------:|--------:|-----------:|\n");
	for (const struct day_position *at = report->position; at < report->position + report->positions; at++) {
		(void)snprintf(e, sizeof e, "%.2f %%", at->weight_bp / 100.0);
		say(page, "| %-8s | %12s | %12s | %10s | %12s | %7s | %10s |\n", cell(s, at->symbol), exact(a, at->qty_e8), usd(b, at->cost_usd_e8),
		    usd(c, at->px_e8), usd(d, at->value_usd_e8), e, usd(f, at->unrealised_usd_e8));
	}
	say(page, "\n");
}

static void say_more(struct page *page, uint32_t listed, int64_t total)
{
	if (total > (int64_t)listed) say(page, "\nand %lld more, in the books.\n", (long long)(total - (int64_t)listed));
	say(page, "\n");
}

static void say_orders(struct page *page, const struct day_report *report)
{
	char a[USD_TEXT_BYTES], b[USD_TEXT_BYTES], c[USD_TEXT_BYTES], h[USD_TEXT_BYTES];
	char symbol[DAY_TEXT_MAX], side[DAY_TEXT_MAX], state[DAY_TEXT_MAX], reason[DAY_TEXT_MAX];
	say(page, "## Orders: %lld\n\n", (long long)report->orders_total);
	if (report->orders == 0) return;
	say(page, "| Time  | Symbol   | Side |     Quantity |       Filled |    Average | State     | Reason       |\n");
	say(page, "|:------|:---------|:-----|-------------:|-------------:|-----------:|:----------|:-------------|\n");
	for (const struct day_order *at = report->order; at < report->order + report->orders; at++)
		say(page, "| %5s | %-8s | %-4s | %12s | %12s | %10s | %-9s | %-12s |\n", hour(h, at->t_ns), cell(symbol, at->symbol),
		    cell(side, at->side), exact(a, at->qty_e8), exact(b, at->filled_qty_e8), usd(c, at->average_px_e8), cell(state, at->state),
		    cell(reason, at->reason));
	say_more(page, report->orders, report->orders_total);
}

static void say_fills(struct page *page, const struct day_report *report)
{
	char a[USD_TEXT_BYTES], b[USD_TEXT_BYTES], c[USD_TEXT_BYTES], d[USD_TEXT_BYTES], h[USD_TEXT_BYTES];
	char symbol[DAY_TEXT_MAX], side[DAY_TEXT_MAX], reason[DAY_TEXT_MAX];
	say(page, "## Fills: %lld\n\n", (long long)report->fills_total);
	if (report->fills == 0) return;
	say(page, "Bought %s USD, sold %s USD.\n\n", usd(a, report->bought_usd_e8), usd(b, report->sold_usd_e8));
	say(page, "| Time  | Symbol   | Side |     Quantity |      Price |  Fee USD |     Realised | Reason       |\n");
	say(page, "|:------|:---------|:-----|-------------:|-----------:|---------:|-------------:|:-------------|\n");
	for (const struct day_fill *at = report->fill; at < report->fill + report->fills; at++)
		say(page, "| %5s | %-8s | %-4s | %12s | %10s | %8s | %12s | %-12s |\n", hour(h, at->t_ns), cell(symbol, at->symbol),
		    cell(side, at->side), exact(a, at->qty_e8), usd(b, at->px_e8), usd(c, at->fee_usd_e8), usd(d, at->realised_usd_e8),
		    cell(reason, at->reason));
	say_more(page, report->fills, report->fills_total);
}

static void say_risks(struct page *page, const struct day_report *report)
{
	char a[USD_TEXT_BYTES], h[USD_TEXT_BYTES], from[DAY_TEXT_MAX], to[DAY_TEXT_MAX], cause[DAY_TEXT_MAX], action[DAY_TEXT_MAX];
	say(page, "## Risk events: %lld\n\n", (long long)report->risks_total);
	for (const struct day_risk *at = report->risk; at < report->risk + report->risks; at++)
		say(page, "- %s %s to %s (%s, drawdown %d.%02d %%, NAV %s): %s\n", hour(h, at->t_ns), cell(from, at->from), cell(to, at->to),
		    cell(cause, at->cause), (int)(at->drawdown_bp / 100), (int)(at->drawdown_bp % 100), usd(a, at->nav_usd_e8),
		    cell(action, at->action));
	if (report->risks) say_more(page, report->risks, report->risks_total);
}

static void say_counts(struct page *page, const char *title, const struct day_counts *counts)
{
	char name[DAY_TEXT_MAX];
	say(page, "## %s\n\n", title);
	if (counts->count == 0) {
		say(page, "None.\n\n");
		return;
	}
	for (const struct day_count *at = counts->row; at < counts->row + counts->count; at++)
		say(page, "- %lld x %s\n", (long long)at->count, cell(name, at->name));
	say(page, "\n");
}

size_t day_report_markdown(const struct day_report *report, char *text, size_t size)
{
	struct page page = { .text = text, .size = size };
	BUG_UNLESS(4110, size > 0);
	text[0] = 0;
	say_head(&page, report);
	say_result(&page, report);
	say_sharpe(&page, report);
	say_positions(&page, report);
	say_orders(&page, report);
	say_fills(&page, report);
	say_counts(&page, "Refusals", &report->refusals);
	say_risks(&page, report);
	say_counts(&page, "Signals", &report->signals);
	say_counts(&page, "Data in quarantine", &report->quarantined);
	return page.overflow ? 0 : page.length;
}
