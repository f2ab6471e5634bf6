/* journal.c - reads the journal by hal/store/JOURNAL.md and holds it against itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fsm/event.h"
#include "tools/check/check.h"

enum { PAGE = 4096, RECORD_HEAD = 24, SUMMED = 20, INPUT = 1, RESULT = 2, SNAPSHOT = 3, CHECKPOINT = 4, CLOSE = 5, SEGMENTS_MAX = 4096, GROWTH = 1024 };
enum { KIND_BYTES_AT = 72, SYMBOLS_N_AT = 68, SYMBOLS_AT = 936, SYMBOL_WIDTH = 12, RESULT_EVENTS_AT = 24, CHECKPOINT_LAST = 2 };

struct reading {
	struct journal *journal;
	const uint8_t  *file;
	size_t          bytes;
	uint64_t        segment_bytes, next_seq, input_seq, result_seq;
	uint8_t         kind_bytes[64];
	bool            starts;        /* no account yet: the first CHECKPOINT gives it */
};

static uint32_t u32(const uint8_t *at) { return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24; }
static uint64_t u64(const uint8_t *at) { return u32(at) | (uint64_t)u32(at + 4) << 32; }

/* CRC-32C (RFC 3720), a bit at a time. */
static uint32_t checksum(const uint8_t *at, size_t bytes)
{
	uint32_t sum = UINT32_MAX;
	for (size_t i = 0; i < bytes; i++) {
		sum ^= at[i];
		for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0x82f63b78u : 0);
	}
	return ~sum;
}

static const char *symbol_of(const struct journal *journal, uint16_t sym) { return sym < journal->symbols ? journal->symbol[sym] : "no symbol"; }

/* --- what was found ------------------------------------------------------------------------------------------------------- */

static void *grown(void *rows, size_t count, size_t row_bytes)
{
	if (count % GROWTH != 0) return rows;
	rows = realloc(rows, (count + GROWTH) * row_bytes);
	if (!rows) give_up("the kernel has no memory for it");
	return rows;
}

struct sent *journal_sent(struct journal *journal, uint64_t order_id)
{
	for (size_t i = journal->sent_n; i-- > 0;)
		if (journal->sent[i].order_id == order_id) return &journal->sent[i];
	return 0;
}

struct booked *journal_booked(struct journal *journal, uint64_t execution_id)
{
	for (size_t i = journal->booked_n; i-- > 0;)
		if (journal->booked[i].execution_id == execution_id) return &journal->booked[i];
	return 0;
}

static void on_order_new(struct reading *reading, const struct event *event)
{
	struct journal *journal = reading->journal;
	if (journal_sent(journal, event->request.order_id))
		complain("duplicate order", "the journal has order %llu twice, again at input %llu", (unsigned long long)event->request.order_id,
		    (unsigned long long)reading->input_seq);
	journal->sent = grown(journal->sent, journal->sent_n, sizeof *journal->sent);
	journal->sent[journal->sent_n++] = (struct sent){ .order_id = event->request.order_id, .input_seq = reading->input_seq, .t_ns = event->t_ns,
		.qty_e8 = event->request.qty_e8, .sym = event->sym, .side = event->request.side };
}

static struct booked *row_of(struct journal *journal, const struct event *event)
{
	struct booked *row = journal_booked(journal, event->fill.execution_id);
	if (row) return row;
	journal->booked = grown(journal->booked, journal->booked_n, sizeof *journal->booked);
	row = &journal->booked[journal->booked_n++];
	*row = (struct booked){ .execution_id = event->fill.execution_id, .order_id = event->fill.order_id, .sym = event->sym, .side = event->fill.side,
		.qty_e8 = event->fill.qty_e8, .px_e8 = event->fill.px_e8, .fee_usd_e8 = event->fill.fee_usd_e8 };
	return row;
}

static void book(struct reading *reading, const struct event *event)
{
	struct journal    *journal = reading->journal;
	const struct fill *fill = &event->fill;
	struct booked     *row = row_of(journal, event);
	struct sent       *sent = journal_sent(journal, fill->order_id);
	int64_t            sign = fill->side == SIDE_BUY ? 1 : -1;
	row->input_seq = reading->input_seq;
	if (++row->times > 1)
		complain("fill booked twice", "execution %016llx of %s, again at input %llu", (unsigned long long)fill->execution_id, symbol_of(journal, event->sym),
		    (unsigned long long)reading->input_seq);
	if (row->told == 0)
		complain("fill out of nothing", "execution %016llx is booked at input %llu and was never told", (unsigned long long)fill->execution_id,
		    (unsigned long long)reading->input_seq);
	if (!sent && journal->begins_at_zero)
		complain("fill without an order", "execution %016llx of order %llu at input %llu", (unsigned long long)fill->execution_id,
		    (unsigned long long)fill->order_id, (unsigned long long)reading->input_seq);
	if (sent) sent->filled_qty_e8 += fill->qty_e8;
	if (sent && (sent->sym != event->sym || sent->side != fill->side || sent->filled_qty_e8 > sent->qty_e8))
		complain("wrong fill", "order %llu: %s of %s filled", (unsigned long long)fill->order_id, e8_shown(sent->filled_qty_e8), e8_shown(sent->qty_e8));
	if (event->sym < CHECK_SYMBOLS_MAX) journal->qty_e8[event->sym] += sign * fill->qty_e8;
	journal->cash_usd_e8 -= sign * product_e8(fill->qty_e8, fill->px_e8) + fill->fee_usd_e8;
}

/* --- events ----------------------------------------------------------------------------------------------------------------- */

static void take_input(struct reading *reading, const struct event *event)
{
	struct journal *journal = reading->journal;
	if (event->kind == EVENT_FILL) row_of(journal, event)->told++;
	if (event->kind != EVENT_DIVIDEND || event->sym >= CHECK_SYMBOLS_MAX) return;
	journal->cash_usd_e8 += product_e8(journal->qty_e8[event->sym], event->dividend.per_unit_e8);
	journal->dividends++;
}

/* The desk's word on its account, as a CHECKPOINT or a RESULT has it. */
static void take_note(struct journal *journal, const struct event *event)
{
	if (event->kind == EVENT_ACCOUNT) journal->noted_cash_usd_e8 = event->account.cash_usd_e8;
	if (event->kind == EVENT_POSITION && event->sym < CHECK_SYMBOLS_MAX) journal->noted_qty_e8[event->sym] = event->position.qty_e8;
}

static void take_result(struct reading *reading, const struct event *event)
{
	struct journal *journal = reading->journal;
	if (event->kind == EVENT_ORDER_NEW) on_order_new(reading, event);
	if (event->kind == EVENT_FILL) book(reading, event);
	if (event->kind == EVENT_CASH) {
		journal->cash_usd_e8 += event->cash.usd_e8;
		journal->cash_moves++;
	}
	take_note(journal, event);
}

/* After a RESULT or CHECKPOINT: what it said of the account is what its fills make of it. */
static void compare(struct reading *reading, bool says_cash, const bool says_qty[CHECK_SYMBOLS_MAX])
{
	struct journal *journal = reading->journal;
	if (says_cash && journal->noted_cash_usd_e8 != journal->cash_usd_e8) {
		complain("wrong cash", "%s USD noted at input %llu, its fills make %s", e8_shown(journal->noted_cash_usd_e8),
		    (unsigned long long)reading->input_seq, e8_shown(journal->cash_usd_e8));
		journal->cash_usd_e8 = journal->noted_cash_usd_e8;        /* once */
	}
	for (uint16_t sym = 0; sym < CHECK_SYMBOLS_MAX; sym++) {
		if (!says_qty[sym] || journal->noted_qty_e8[sym] == journal->qty_e8[sym]) continue;
		complain("wrong position", "%s of %s noted at input %llu, its fills make %s", e8_shown(journal->noted_qty_e8[sym]), symbol_of(journal, sym),
		    (unsigned long long)reading->input_seq, e8_shown(journal->qty_e8[sym]));
		journal->qty_e8[sym] = journal->noted_qty_e8[sym];
	}
}

/* One event out of the bytes; 0 when they do not hold one. */
static size_t event_from(const struct reading *reading, const uint8_t *at, size_t left, struct event *event)
{
	memset(event, 0, sizeof *event);
	if (left < EVENT_HEAD_BYTES) return 0;
	memcpy(event, at, EVENT_HEAD_BYTES);
	size_t payload = event->kind < 64 ? reading->kind_bytes[event->kind] : 0;
	if (payload > EVENT_PAYLOAD_MAX || left < EVENT_HEAD_BYTES + payload) return 0;
	memcpy(event->bytes, at + EVENT_HEAD_BYTES, payload);
	return EVENT_HEAD_BYTES + payload;
}

/* The events of a RESULT or CHECKPOINT. */
static void take_events(struct reading *reading, int type, const uint8_t *payload, size_t length)
{
	struct journal *journal = reading->journal;
	bool            says_cash = false, says_qty[CHECK_SYMBOLS_MAX] = { 0 };
	size_t          at = RESULT_EVENTS_AT;
	for (uint32_t i = 0; i < u32(payload + 8); i++) {
		struct event event;
		size_t       took = event_from(reading, payload + at, length - at, &event);
		if (took == 0) give_up("a record of input %llu holds no whole event: not a journal of this build", (unsigned long long)reading->input_seq);
		at += took;
		if (type == RESULT) take_result(reading, &event);
		else take_note(journal, &event);
		says_cash = says_cash || event.kind == EVENT_ACCOUNT;
		if (event.kind == EVENT_POSITION && event.sym < CHECK_SYMBOLS_MAX) says_qty[event.sym] = true;
		journal->notes += event.kind == EVENT_ACCOUNT || event.kind == EVENT_POSITION;
	}
	if (type == CHECKPOINT && reading->starts) {
		journal->cash_usd_e8 = journal->noted_cash_usd_e8;
		memcpy(journal->qty_e8, journal->noted_qty_e8, sizeof journal->qty_e8);
		reading->starts = !(u32(payload + 12) & CHECKPOINT_LAST);
		return;
	}
	compare(reading, says_cash, says_qty);
}

static void take_record(struct reading *reading, int type, const uint8_t *payload, size_t length)
{
	struct journal *journal = reading->journal;
	struct event    event;
	uint64_t        number = u64(payload);
	journal->records++;
	if (type == INPUT) {
		if (number != reading->input_seq + 1) complain("missing input", "input %llu follows %llu", (unsigned long long)number,
			    (unsigned long long)reading->input_seq);
		reading->input_seq = number;
		journal->inputs++;
		if (event_from(reading, payload + 8, length - 8, &event) == 0) give_up("input %llu holds no whole event", (unsigned long long)number);
		take_input(reading, &event);
	}
	if (type == RESULT) {
		if (number != reading->input_seq || number == reading->result_seq) complain("wrong result", "of input %llu after input %llu",
		    (unsigned long long)number, (unsigned long long)reading->input_seq);
		reading->result_seq = number;
		journal->results++;
	}
	if (type == CHECKPOINT && reading->starts) reading->input_seq = reading->result_seq = number;
	if (type == RESULT || type == CHECKPOINT) take_events(reading, type, payload, length);
}

/* --- the file --------------------------------------------------------------------------------------------------------------- */

static bool is_page(const uint8_t *page, const char *magic)
{
	return memcmp(page, magic, 8) == 0 && checksum(page, PAGE - 4) == u32(page + PAGE - 4);
}

static bool is_zero(const uint8_t *at, size_t bytes)
{
	while (bytes > 0 && at[bytes - 1] == 0) bytes--;
	return bytes == 0;
}

/* Records of one segment, to its end or the journal's. */
static void read_segment(struct reading *reading, const uint8_t *segment)
{
	struct journal *journal = reading->journal;
	const uint8_t  *at = segment + PAGE, *end = segment + reading->segment_bytes;
	memcpy(reading->kind_bytes, segment + KIND_BYTES_AT, sizeof reading->kind_bytes);
	journal->segments++;
	journal->symbols = u32(segment + SYMBOLS_N_AT);
	for (uint32_t sym = 0; sym < journal->symbols && sym < CHECK_SYMBOLS_MAX; sym++)
		memcpy(journal->symbol[sym], segment + SYMBOLS_AT + sym * SYMBOL_WIDTH, SYMBOL_WIDTH);
	reading->next_seq = u64(segment + 24);
	while (at + RECORD_HEAD <= end && !is_zero(at, RECORD_HEAD)) {
		uint32_t length = u32(at);
		bool     whole = checksum(at, SUMMED) == u32(at + SUMMED) && u64(at + 8) == reading->next_seq && length % 8 == 0 && length >= 8;
		whole = whole && length <= (size_t)(end - at) - RECORD_HEAD && checksum(at + RECORD_HEAD, length) == u32(at + 16);
		journal->is_cut = !whole;
		if (!whole) return;
		take_record(reading, at[4] | at[5] << 8, at + RECORD_HEAD, length);
		reading->next_seq++;
		at += RECORD_HEAD + length;
	}
}

/* Segments by number; each begins where the one before it ended. */
static void read_all(struct reading *reading)
{
	uint64_t       places = (reading->bytes - PAGE) / reading->segment_bytes, first = UINT64_MAX;
	const uint8_t *place[SEGMENTS_MAX];
	for (uint64_t i = 0; i < places && i < SEGMENTS_MAX; i++) {
		place[i] = reading->file + PAGE + i * reading->segment_bytes;
		if (!is_page(place[i], "ticksegm") || u64(place[i] + 8) != reading->journal->id) place[i] = 0;
		if (place[i] && u64(place[i] + 16) < first) first = u64(place[i] + 16);
	}
	if (first == UINT64_MAX) give_up("the journal has no segment");
	reading->journal->begins_at_zero = first == 0;
	reading->starts = true;
	for (uint64_t number = first;; number++) {
		const uint8_t *segment = 0;
		for (uint64_t i = 0; i < places && i < SEGMENTS_MAX; i++)
			if (place[i] && u64(place[i] + 16) == number) segment = place[i];
		if (!segment) return;
		if (number > first && u64(segment + 24) != reading->next_seq)
			complain("missing records", "segment %llu begins with record %llu, %llu would follow", (unsigned long long)number,
			    (unsigned long long)u64(segment + 24), (unsigned long long)reading->next_seq);
		read_segment(reading, segment);
	}
}

void journal_check(struct journal *journal, const char *path)
{
	struct reading reading = { .journal = journal };
	reading.file = file_read(path, &reading.bytes);
	if (reading.bytes < 2 * PAGE || !is_page(reading.file, "tickjrnl") || u32(reading.file + 8) != 1) give_up("%s is no journal of format 1", path);
	journal->id = u64(reading.file + 16);
	reading.segment_bytes = u64(reading.file + 24);
	if (reading.segment_bytes < PAGE || reading.segment_bytes % PAGE != 0) give_up("%s has segments of no size", path);
	read_all(&reading);
	journal->is_open = reading.input_seq != reading.result_seq;
	for (size_t i = 0; i < journal->booked_n; i++)
		if (journal->booked[i].times == 0 && !journal->is_open)
			complain("lost fill", "execution %016llx of %s was told and is not booked", (unsigned long long)journal->booked[i].execution_id,
			    symbol_of(journal, journal->booked[i].sym));
}
