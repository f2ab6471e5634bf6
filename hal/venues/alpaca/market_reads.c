/* market_reads.c - what is asked of the data host, one after the other; every answer is fine, to be asked again, or a refusal. */
#include <stdio.h>
#include <string.h>

#include "hal/venues/alpaca/market_parts.h"
#include "hal/venues/port.h"
#include "hal/wire/percent.h"

enum { TARGET_BYTES = REST_TARGET_BYTES_MAX, QUOTED_BYTES = 120, DATE_BYTES = 16 };
enum { STATUS_OK = 200, STATUS_WRONG_KEY = 401, STATUS_FORBIDDEN = 403, STATUS_LIMITED = 429 };
enum outcome { OUTCOME_FINE, OUTCOME_AGAIN, OUTCOME_REFUSED };

static const struct alpaca_read *in_hand(const struct alpaca_market *market) { return &market->reads.read[market->reads.at]; }

/* --- requests ----------------------------------------------------------------------------------------------------- */

static const char *date_text(int32_t day, char text[DATE_BYTES])
{
	struct civil date = civil_from_day(day);
	snprintf(text, DATE_BYTES, "%04d-%02u-%02u", (int)date.year % 10000, date.month % 100, date.day % 100);
	return text;
}

/* Whole days of UTC: a day's bar is named by a midnight of New York or of UTC, which both lie in it. */
static bool bars_target(const struct alpaca_market *market, const struct alpaca_read *read, char target[TARGET_BYTES])
{
	char   symbols[TARGET_BYTES], token[TARGET_BYTES] = "", from[DATE_BYTES], to[DATE_BYTES];
	size_t length;
	if (alpaca_symbols(read->is_crypto, symbols, sizeof symbols) == 0) return false;
	if (!percent_encode(token, sizeof token, market->reads.token, strlen(market->reads.token), &length)) return false;
	int written = snprintf(target, TARGET_BYTES, "%s?symbols=%s&timeframe=1Day&start=%sT00:00:00Z&end=%sT23:59:59Z&limit=%d%s%s%s%s%s",
	    read->is_crypto ? "/v1beta3/crypto/us/bars" : "/v2/stocks/bars", symbols, date_text(read->from_day, from), date_text(read->to_day, to),
	    (int)ALPACA_MARKET_PAGE_BARS, read->is_crypto ? "" : read->is_adjusted ? "&adjustment=all" : "&adjustment=split",
	    read->is_crypto ? "" : "&feed=", read->is_crypto ? "" : market->plan.feed, *token ? "&page_token=" : "", token);
	return written > 0 && written < TARGET_BYTES;
}

static bool snapshots_target(const struct alpaca_market *market, const struct alpaca_read *read, char target[TARGET_BYTES])
{
	char symbols[TARGET_BYTES];
	if (alpaca_symbols(read->is_crypto, symbols, sizeof symbols) == 0) return false;
	int written = snprintf(target, TARGET_BYTES, "%s?symbols=%s%s%s", read->is_crypto ? "/v1beta3/crypto/us/snapshots" : "/v2/stocks/snapshots", symbols,
	    read->is_crypto ? "" : "&feed=", read->is_crypto ? "" : market->plan.feed);
	return written > 0 && written < TARGET_BYTES;
}

static bool target_of(const struct alpaca_market *market, char target[TARGET_BYTES])
{
	const struct alpaca_read *read = in_hand(market);
	switch (read->kind) {
	case ALPACA_READ_NOW: return snprintf(target, TARGET_BYTES, "/sim/v1/now") > 0;
	case ALPACA_READ_ADVANCE: return snprintf(target, TARGET_BYTES, "/sim/v1/advance") > 0;
	case ALPACA_READ_SNAPSHOTS: return snapshots_target(market, read, target);
	case ALPACA_READ_BARS: return bars_target(market, read, target);
	}
	return false;
}

static void wait_backoff(struct alpaca_market *market)
{
	struct alpaca_reads *reads = &market->reads;
	backoff_failed(&market->backoff, port_chance(), port_now_ns());
	reads->again_ns = market->backoff.due_ns;
	reads->failures++;
	market->counts.failures++;
}

static void ask(struct alpaca_market *market)
{
	char                target[TARGET_BYTES], body[64];
	bool                advances = in_hand(market)->kind == ALPACA_READ_ADVANCE;
	struct rest_request request = { .method = advances ? "POST" : "GET", .target = target, .body = advances ? body : 0 };
	snprintf(body, sizeof body, "{\"after\":%lld}", (long long)market->place.done);
	if (!target_of(market, target) || !rest_ask(&market->rest, &request)) {
		snprintf(market->sentence, sizeof market->sentence, "%s: the question is too long to be asked: the universe has too many symbols for one request",
		    market->plan.data->host);
		wait_backoff(market);
		return;
	}
	market->reads.is_out = true;
	market->counts.reads++;
}

void alpaca_reads_add(struct alpaca_market *market, struct alpaca_read read)
{
	struct alpaca_reads *reads = &market->reads;
	char                 symbols[TARGET_BYTES];
	bool                 of_symbols = read.kind == ALPACA_READ_SNAPSHOTS || read.kind == ALPACA_READ_BARS;
	if (of_symbols && alpaca_symbols(read.is_crypto, symbols, sizeof symbols) == 0) return;
	BUG_UNLESS(3702, reads->n < ALPACA_MARKET_READS_MAX);
	reads->read[reads->n++] = read;
	most_see(&reads->most, reads->n);
}

void alpaca_reads_begin(struct alpaca_market *market, enum alpaca_read_use use)
{
	struct alpaca_reads *reads = &market->reads;
	BUG_UNLESS(3703, !reads->is_busy);
	reads->use = use;
	reads->at = reads->pages = 0;
	reads->token[0] = '\0';
	reads->is_busy = true;
	if (reads->n > 0) ask(market);
	alpaca_market_look_soon(market);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* The first words of a body, for a sentence. */
static const char *quoted(const struct rest_answer *answer, char text[QUOTED_BYTES])
{
	size_t length = answer->body_bytes < QUOTED_BYTES ? answer->body_bytes : QUOTED_BYTES - 1;
	for (size_t i = 0; i < length; i++) text[i] = answer->body[i] < ' ' || answer->body[i] > '~' ? ' ' : answer->body[i];
	text[length] = '\0';
	return text;
}

static enum outcome refused(struct alpaca_market *market, const struct rest_answer *answer)
{
	char text[QUOTED_BYTES];
	if (answer->status == STATUS_WRONG_KEY || answer->status == STATUS_FORBIDDEN)
		snprintf(market->sentence, sizeof market->sentence,
		    "%s: the venue refuses the data key with status %u: check %s and its secret, and that its plan includes the feed '%s'", market->plan.data->host,
		    answer->status, market->plan.key_name, market->plan.feed);
	else if (in_hand(market)->kind == ALPACA_READ_ADVANCE || in_hand(market)->kind == ALPACA_READ_NOW)
		snprintf(market->sentence, sizeof market->sentence,
		    "%s: the venue does not step time for us, status %u %s: stepped time needs the simulator, at the moment where this run is", market->plan.data->host,
		    answer->status, quoted(answer, text));
	else
		snprintf(market->sentence, sizeof market->sentence, "%s: the venue refuses to be asked for market data, status %u %s", market->plan.data->host,
		    answer->status, quoted(answer, text));
	return OUTCOME_REFUSED;
}

static void forget_pages(struct alpaca_reads *reads)
{
	reads->token[0] = '\0';
	reads->pages = 0;
}

/* A venue that repeats itself, or does not end, is not believed. */
static bool is_next_page(struct alpaca_reads *reads, const char *before)
{
	return !reads->token[0] || (strcmp(reads->token, before) != 0 && ++reads->pages < ALPACA_MARKET_PAGES_MAX);
}

static bool read_bars(struct alpaca_market *market, const struct rest_answer *answer)
{
	struct alpaca_reads *reads = &market->reads;
	alpaca_bar_fn *const take[2][2] = { { alpaca_moment_take_bar, alpaca_moment_take_adjusted }, { alpaca_history_take_bar, alpaca_history_take_adjusted } };
	alpaca_bar_fn       *fn = take[reads->use == ALPACA_FOR_HISTORY][in_hand(market)->is_adjusted];
	char                 before[ALPACA_TOKEN_BYTES];
	memcpy(before, reads->token, sizeof before);
	if (!alpaca_read_bars(&market->codec, answer->body, answer->body_bytes, fn, market, reads->token)) {
		memcpy(reads->token, before, sizeof before);        /* the same page again */
		return false;
	}
	if (is_next_page(reads, before)) return true;
	forget_pages(reads);
	return false;
}

static bool read_body(struct alpaca_market *market, const struct rest_answer *answer)
{
	const struct alpaca_read *read = in_hand(market);
	alpaca_snapshot_fn       *take = alpaca_moment_take_snapshot;
	if (market->reads.use == ALPACA_FOR_SYNC) take = alpaca_live_take_snapshot;
	if (market->reads.use == ALPACA_FOR_HISTORY) take = alpaca_history_take_snapshot;
	switch (read->kind) {
	case ALPACA_READ_NOW: return alpaca_read_moment(&market->codec, answer->body, answer->body_bytes, &market->moment);
	case ALPACA_READ_ADVANCE:
		return alpaca_read_moment(&market->codec, answer->body, answer->body_bytes, &market->moment) &&
		       (market->moment.end || market->moment.number == market->place.done + 1);
	case ALPACA_READ_SNAPSHOTS: return alpaca_read_snapshots(&market->codec, answer->body, answer->body_bytes, read->is_crypto, take, market);
	case ALPACA_READ_BARS: return read_bars(market, answer);
	}
	return false;
}

static enum outcome outcome_of(struct alpaca_market *market, const struct rest_answer *answer)
{
	char text[QUOTED_BYTES];
	if (answer->outcome != REST_ANSWERED) {
		snprintf(market->sentence, sizeof market->sentence, "%s", answer->sentence);
		return OUTCOME_AGAIN;
	}
	if (answer->status / 100 == 4 && answer->status != STATUS_LIMITED) return refused(market, answer);
	if (answer->status == STATUS_OK && read_body(market, answer)) return OUTCOME_FINE;
	snprintf(market->sentence, sizeof market->sentence, "%s: the answer cannot be used, status %u %s", market->plan.data->host, answer->status,
	    quoted(answer, text));
	return OUTCOME_AGAIN;
}

/* A page behind this one is asked for. */
static bool has_more(struct alpaca_market *market)
{
	struct alpaca_reads *reads = &market->reads;
	if (in_hand(market)->kind == ALPACA_READ_BARS && reads->token[0]) return true;
	forget_pages(reads);
	reads->at++;
	return false;
}

static void fine(struct alpaca_market *market)
{
	struct alpaca_reads *reads = &market->reads;
	backoff_proved(&market->backoff);
	reads->failures = 0;
	reads->is_refused = false;
	if (has_more(market) || reads->at < reads->n) ask(market);
}

/* A step of a former life may still be on its way while a driver without a past asks where the venue stands, and moves that on after it was told: the
 * next step is refused then. As long as no moment was told whole, the driver can begin again where the venue stands now. */
static void begin_again(struct alpaca_market *market)
{
	struct alpaca_reads *reads = &market->reads;
	if (reads->use != ALPACA_FOR_STEP || market->place.moment_ns) return;
	reads->use = ALPACA_FOR_BEGIN;
	reads->read[reads->at].kind = ALPACA_READ_NOW;
}

void alpaca_reads_on_answer(void *self, const struct rest_answer *answer)
{
	struct alpaca_market *market = self;
	struct alpaca_reads  *reads = &market->reads;
	reads->is_out = false;
	switch (outcome_of(market, answer)) {
	case OUTCOME_FINE: fine(market); break;
	case OUTCOME_AGAIN: wait_backoff(market); break;
	case OUTCOME_REFUSED:
		reads->is_refused = true;
		reads->again_ns = port_now_ns() + SESSION_REFUSED_S * NS_PER_S;
		market->counts.refused++;
		begin_again(market);
		break;
	}
	alpaca_reads_go_on(market, port_now_ns());
	alpaca_market_look_soon(market);
}

void alpaca_reads_go_on(struct alpaca_market *market, int64_t now_ns)
{
	struct alpaca_reads *reads = &market->reads;
	if (!reads->is_busy || reads->is_out) return;
	if (reads->at == reads->n) {
		reads->is_busy = false;
		reads->n = 0;
		alpaca_market_read_done(market, reads->use);
	} else if (reads->again_ns && now_ns >= reads->again_ns) {
		reads->again_ns = 0;
		ask(market);
	}
}
