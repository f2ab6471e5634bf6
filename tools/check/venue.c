/* venue.c - reads the venue's log by hal/sim/server/log.h and holds it against the journal. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/check/check.h"

enum { WORDS_MAX = 256, ORDERS_GROW = 1024, ID_HALF = 10 };

/* An order as the venue has it. */
struct taken { char client_id[CHECK_ID_BYTES], symbol[CHECK_SYMBOL_BYTES]; int64_t t_ns, qty_e8, filled_qty_e8; bool is_sell, is_over; };

struct log {
	struct journal      *journal;
	struct venue_counts *counts;
	struct taken        *taken;
	size_t               taken_n;
	int64_t              cash_usd_e8, qty_e8[CHECK_SYMBOLS_MAX];
	bool                 has_cash;
};

/* --- words of a line ---------------------------------------------------------------------------------------------------------- */

/* The value of a key, without quotes; empty when the line has none. */
static const char *word_of(const char *line, const char *key, char out[WORDS_MAX])
{
	char quoted[WORDS_MAX];
	snprintf(quoted, sizeof quoted, "\"%s\":", key);
	const char *at = strstr(line, quoted);
	out[0] = 0;
	if (!at) return out;
	at += strlen(quoted);
	bool   is_text = *at == '"';
	size_t length = strcspn(at + is_text, is_text ? "\"" : ",}");
	snprintf(out, WORDS_MAX, "%.*s", (int)length, at + is_text);
	return out;
}

/* Decimals to eight places, as the log writes them. */
static int64_t e8_of(const char *line, const char *key)
{
	char    text[WORDS_MAX];
	int64_t whole = 0, part = 0, scale = 100000000;
	word_of(line, key, text);
	const char *at = text + (text[0] == '-');
	for (; *at >= '0' && *at <= '9'; at++) whole = whole * 10 + (*at - '0');
	for (at += *at == '.'; *at >= '0' && *at <= '9' && scale > 1; at++) part += (*at - '0') * (scale /= 10);
	return (text[0] == '-' ? -1 : 1) * (whole * 100000000 + part);
}

static int64_t number_of(const char *line, const char *key)
{
	char text[WORDS_MAX];
	return strtoll(word_of(line, key, text), 0, 10);
}

/* FNV-1a over the lower-case letters: how an execution's uuid becomes a number. */
static uint64_t number_of_uuid(const char *text)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (; *text; text++) hash = (hash ^ (uint8_t)(*text >= 'A' && *text <= 'Z' ? *text | 0x20 : *text)) * UINT64_C(0x100000001b3);
	return hash ? hash : 1;
}

/* Base 32 without I, L, O, U: ten letters of the journal's id, ten of the order's. False: none of ours. */
static bool parse_id(const char *text, uint64_t *journal_id, uint64_t *order_id)
{
	static const char digit[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint64_t          half[2] = { 0, 0 };
	if (strlen(text) != 2 * ID_HALF) return false;
	for (int i = 0; i < 2 * ID_HALF; i++) {
		const char *at = strchr(digit, text[i]);
		if (!at) return false;
		half[i / ID_HALF] = half[i / ID_HALF] << 5 | (uint64_t)(at - digit);
	}
	*journal_id = half[0];
	*order_id = half[1];
	return true;
}

static int symbol_in(const struct journal *journal, const char *line)
{
	char text[WORDS_MAX];
	word_of(line, "symbol", text);
	for (char *at = text; *at; at++)
		if (*at == '/') *at = '-';
	for (uint32_t sym = 0; sym < journal->symbols; sym++)
		if (strcmp(journal->symbol[sym], text) == 0) return (int)sym;
	return -1;
}

/* --- orders ------------------------------------------------------------------------------------------------------------------- */

static struct taken *taken_by(struct log *log, const char *client_id)
{
	for (size_t i = log->taken_n; i-- > 0;)
		if (strcmp(log->taken[i].client_id, client_id) == 0) return &log->taken[i];
	return 0;
}

static void against_journal(struct log *log, const struct taken *taken, int sym)
{
	uint64_t     journal_id, order_id;
	bool         ours = parse_id(taken->client_id, &journal_id, &order_id) && journal_id == log->journal->id;
	struct sent *sent = ours ? journal_sent(log->journal, order_id) : 0;
	if (!sent) {
		complain("order never journalled", "the venue has %s (%s of %s)", taken->client_id, e8_shown(taken->qty_e8), taken->symbol);
		return;
	}
	sent->is_at_venue = true;
	if (sent->qty_e8 != taken->qty_e8 || (sent->side != 0) != taken->is_sell || sent->sym != sym)
		complain("wrong order", "%s is %s of %s at the venue and %s in the journal", taken->client_id, e8_shown(taken->qty_e8), taken->symbol,
		    e8_shown(sent->qty_e8));
	if (sent->t_ns > taken->t_ns) complain("order before its record", "%s reached the venue before the journal had it", taken->client_id);
}

/* One intent is one order: another of the same size and side while the first is open is the same intent sent again. */
static void on_accepted(struct log *log, const char *line)
{
	struct taken taken = { .t_ns = number_of(line, "t_ns"), .qty_e8 = e8_of(line, "qty") };
	char         text[WORDS_MAX];
	snprintf(taken.client_id, sizeof taken.client_id, "%.63s", word_of(line, "client_order_id", text));
	snprintf(taken.symbol, sizeof taken.symbol, "%.15s", word_of(line, "symbol", text));
	taken.is_sell = strcmp(word_of(line, "side", text), "sell") == 0;
	if (taken_by(log, taken.client_id)) complain("duplicate order", "the venue took %s twice", taken.client_id);
	for (size_t i = 0; i < log->taken_n; i++) {
		const struct taken *other = &log->taken[i];
		if (!other->is_over && strcmp(other->symbol, taken.symbol) == 0 && other->is_sell == taken.is_sell && other->qty_e8 == taken.qty_e8)
			complain("duplicate order", "%s and %s are the same intent: %s of %s", other->client_id, taken.client_id, e8_shown(taken.qty_e8), taken.symbol);
	}
	if (log->taken_n % ORDERS_GROW == 0) log->taken = realloc(log->taken, (log->taken_n + ORDERS_GROW) * sizeof *log->taken);
	if (!log->taken) give_up("the kernel has no memory for it");
	log->taken[log->taken_n++] = taken;
	log->counts->accepted++;
	against_journal(log, &taken, symbol_in(log->journal, line));
}

/* --- fills and money ---------------------------------------------------------------------------------------------------------- */

static void on_fill(struct log *log, const char *line)
{
	struct journal *journal = log->journal;
	char            uuid[WORDS_MAX], client[WORDS_MAX], side[WORDS_MAX];
	int             sym = symbol_in(journal, line);
	int64_t         qty_e8 = e8_of(line, "qty"), px_e8 = e8_of(line, "price"), fee_usd_e8 = e8_of(line, "commission");
	bool            is_sell = strcmp(word_of(line, "side", side), "sell") == 0;
	struct booked  *booked = journal_booked(journal, number_of_uuid(word_of(line, "execution_id", uuid)));
	struct taken   *taken = taken_by(log, word_of(line, "client_order_id", client));
	log->counts->fills++;
	if (taken) taken->filled_qty_e8 += qty_e8;
	if (taken) taken->is_over = taken->filled_qty_e8 >= taken->qty_e8;
	if (sym >= 0) log->qty_e8[sym] += is_sell ? -qty_e8 : qty_e8;
	if (!booked || booked->times == 0) {
		complain("lost fill", "the venue filled %s (%s at %s), the journal has not booked execution %s", client, e8_shown(qty_e8), e8_shown(px_e8), uuid);
		return;
	}
	if (booked->is_at_venue) complain("wrong log", "the venue says execution %s twice", uuid);
	booked->is_at_venue = true;
	if (booked->qty_e8 != qty_e8 || booked->px_e8 != px_e8 || booked->fee_usd_e8 != fee_usd_e8 || (booked->side != 0) != is_sell || booked->sym != sym)
		complain("wrong fill", "execution %s is %s at %s, fee %s; booked %s at %s, fee %s", uuid, e8_shown(qty_e8), e8_shown(px_e8), e8_shown(fee_usd_e8),
		    e8_shown(booked->qty_e8), e8_shown(booked->px_e8), e8_shown(booked->fee_usd_e8));
}

static void on_over(struct log *log, const char *line)
{
	char          text[WORDS_MAX];
	struct taken *taken = taken_by(log, word_of(line, "client_order_id", text));
	if (taken) taken->is_over = true;
}

static void on_line(struct log *log, const char *line)
{
	char what[WORDS_MAX], text[WORDS_MAX];
	word_of(line, "what", what);
	if (number_of(line, "seq") != (int64_t)++log->counts->lines) give_up("line %llu of the venue's log is not its record of that number",
		    (unsigned long long)log->counts->lines);
	if (strcmp(what, "accepted") == 0) on_accepted(log, line);
	else if (strcmp(what, "fill") == 0) on_fill(log, line);
	else if (strcmp(what, "refused") == 0) log->counts->refused++;
	else if (strcmp(what, "cash") == 0) log->counts->cash++;
	else on_over(log, line);
	if (!*word_of(line, "cash", text)) return;
	log->cash_usd_e8 = e8_of(line, "cash");
	log->has_cash = true;
}

/* --- the end ------------------------------------------------------------------------------------------------------------------ */

static void against_account(struct log *log)
{
	struct journal *journal = log->journal;
	for (size_t i = 0; i < journal->booked_n; i++)
		if (journal->booked[i].times > 0 && !journal->booked[i].is_at_venue)
			complain("fill out of nothing", "the journal has booked execution %016llx, which the venue does not know",
			    (unsigned long long)journal->booked[i].execution_id);
	for (uint32_t sym = 0; sym < journal->symbols; sym++)
		if (log->qty_e8[sym] != journal->noted_qty_e8[sym])
			complain("wrong position", "%s of %s at the venue, %s in the journal", e8_shown(log->qty_e8[sym]), journal->symbol[sym],
			    e8_shown(journal->noted_qty_e8[sym]));
	if (log->has_cash && log->cash_usd_e8 != journal->noted_cash_usd_e8)
		complain("wrong cash", "%s USD at the venue, %s in the journal", e8_shown(log->cash_usd_e8), e8_shown(journal->noted_cash_usd_e8));
}

void venue_check(struct venue_counts *counts, struct journal *journal, const char *path)
{
	struct log log = { .journal = journal, .counts = counts };
	size_t     bytes;
	if (!journal->begins_at_zero) give_up("the journal has been used in a circle: its beginning is gone, so the venue's log cannot be held against it");
	char *text = (char *)file_read(path, &bytes);
	for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n")) on_line(&log, line);
	against_account(&log);
}
