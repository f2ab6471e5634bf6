/* result.c - listens to the desk and keeps score. */
#include "firmware/modes/result.h"

#include <stdio.h>
#include <string.h>

#include "fsm/desk/order.h"
#include "hal/wire/json_write.h"

enum { LINE_MAX_BYTES = 256 };

#define REASON_TEXT(name, text) [ORDER_REASON_##name] = text,
static const char *const reason_texts[ORDER_REASONS_N] = { ORDER_REASONS(REASON_TEXT) };

const char *order_reason_text(uint8_t reason) { return reason < ORDER_REASONS_N ? reason_texts[reason] : "unknown"; }

const char *date_text(int32_t day, char text[static DATE_TEXT_BYTES])
{
	struct civil date = civil_from_day(day);
	snprintf(text, DATE_TEXT_BYTES, "%04d-%02u-%02u", (int)date.year % 10000, date.month % 100, date.day % 100);
	return text;
}

void result_begin(struct result *result, bool every_date)
{
	memset(result, 0, offsetof(struct result, equity_buffer));
	result->every_date = every_date;
	result->equity.fd = result->trades_file.fd = -1;
	performance_init(&result->performance);
}

static enum files_verdict begin_file(struct append_file *file, const char *path, char *buffer, const char *header)
{
	enum files_verdict verdict = append_open(file, path, buffer, RESULT_BUFFER_BYTES);
	if (verdict == FILES_OK) verdict = append_cut(file, 0);
	if (verdict == FILES_OK) verdict = append_write(file, header, strlen(header));
	return verdict;
}

enum files_verdict result_equity_to(struct result *result, const char *path)
{
	result->writes_equity = true;
	return begin_file(&result->equity, path, result->equity_buffer, "date,nav_usd,cash_usd,drawdown_pct\n");
}

enum files_verdict result_trades_to(struct result *result, const char *path)
{
	result->writes_trades = true;
	return begin_file(&result->trades_file, path, result->trades_buffer, "date,symbol,side,qty,price,commission_usd,reason\n");
}

static void write_line(struct result *result, struct append_file *file, const char *line, int length)
{
	if (result->failure != FILES_OK || length <= 0 || length >= LINE_MAX_BYTES) return;
	result->failure = append_write(file, line, (size_t)length);
}

static void write_equity(struct result *result, const struct account_note *account)
{
	char line[LINE_MAX_BYTES], date[DATE_TEXT_BYTES], nav[E8_TEXT_BYTES], cash[E8_TEXT_BYTES];
	if (!result->writes_equity) return;
	e8_text(nav, account->nav_usd_e8);
	e8_text(cash, account->cash_usd_e8);
	write_line(result, &result->equity, line,
	    snprintf(line, sizeof line, "%s,%s,%s,%.6f\n", date_text(account->day, date), nav, cash, performance_drawdown_pct(&result->performance)));
}

static void on_day_end(struct result *result, const struct event *event)
{
	const struct account_note *account = &event->account;
	if (!(event->flags & ACCOUNT_SESSION) && !result->every_date) return;
	if (result->days == 0) result->first_day = account->day;
	result->last_day = account->day;
	result->days++;
	(void)performance_push(&result->performance, account->day, e8_to_double(account->nav_usd_e8), e8_to_double(account->cash_usd_e8));
	write_equity(result, account);
}

/* The slippage inside the price, by the universe row; the fee beside it. */
static void on_fill(struct result *result, const struct event *event)
{
	char        line[LINE_MAX_BYTES], date[DATE_TEXT_BYTES], qty[E8_TEXT_BYTES], px[E8_TEXT_BYTES], fee[E8_TEXT_BYTES];
	const struct fill *fill = &event->fill;
	double      notional = e8_to_double(e8_mul(fill->qty_e8, fill->px_e8));
	double      slippage = notional * universe[event->sym].slippage_bp / (double)BP_ONE;
	result->trades++;
	(void)performance_fill(&result->performance, notional, e8_to_double(fill->fee_usd_e8) + slippage);
	if (!result->writes_trades) return;
	e8_text(qty, fill->qty_e8);
	e8_text(px, fill->px_e8);
	e8_text(fee, fill->fee_usd_e8);
	write_line(result, &result->trades_file, line,
	    snprintf(line, sizeof line, "%s,%s,%s,%s,%s,%s,%s\n", date_text(day_from_t_ns(event->t_ns), date), universe[event->sym].symbol,
	        fill->side == SIDE_BUY ? "buy" : "sell", qty, px, fee, order_reason_text(fill->reason)));
}

static void on_position(struct result *result, const struct event *event)
{
	const struct position_note *position = &event->position;
	int64_t now_usd_e8 = position->realised_usd_e8 + position->dividends_usd_e8 - position->fees_usd_e8;
	bool    holds = position->qty_e8 != 0;
	if (result->held[event->sym] && !holds) {
		(void)performance_trade(&result->performance, e8_to_double(now_usd_e8 - result->before_usd_e8[event->sym]));
		result->before_usd_e8[event->sym] = now_usd_e8;
	}
	result->held[event->sym] = holds;
}

void result_on_event(void *self, const struct event *event)
{
	struct result *result = self;
	if (event->kind == EVENT_ACCOUNT) result->last = event->account;
	if (event->kind == EVENT_ACCOUNT && (event->flags & ACCOUNT_DAY_END)) on_day_end(result, event);
	if (event->kind == EVENT_FILL) on_fill(result, event);
	if (event->kind == EVENT_POSITION) on_position(result, event);
	if (event->kind == EVENT_ORDER && event->order.event == ORDER_EV_SUBMIT) result->orders++;
	if (event->kind == EVENT_RISK) level_changes_add(&result->levels, &event->risk);
	result->refusals += event->kind == EVENT_REFUSAL;
	result->quarantined += event->kind == EVENT_QUARANTINE;
}

static void end_file(struct result *result, struct append_file *file)
{
	enum files_verdict verdict = append_flush(file);
	if (result->failure == FILES_OK) result->failure = verdict;
	append_close(file);
}

enum files_verdict result_end(struct result *result)
{
	if (result->writes_equity) end_file(result, &result->equity);
	if (result->writes_trades) end_file(result, &result->trades_file);
	return result->failure;
}
