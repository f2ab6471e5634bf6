/* http.c - the reader of http.h: each state looks at the bytes it has and either tells something or goes on. */
#include "hal/wire/http.h"

#include <string.h>

#include "fsm/bug.h"

enum state { START, HEADERS, BODY_COUNTED, BODY_TO_CLOSE, CHUNK_SIZE, CHUNK_BODY, CHUNK_END, TRAILERS, COMPLETE };
enum line { LINE_WHOLE, LINE_MORE, LINE_LONG };
enum { STATUS_MIN = 100, STATUS_MAX = 599, LENGTH_DIGITS_MAX = 18, CHUNK_DIGITS_MAX = 15, SWITCHING = 101, NO_CONTENT = 204, NOT_MODIFIED = 304 };

#define HTTP_VERDICT_TEXT(name, text) text,
const char *const http_verdict_text[HTTP_VERDICTS_N] = { HTTP_VERDICTS(HTTP_VERDICT_TEXT) };

void http_reader_init(struct http_reader *http, enum http_role role, uint64_t body_bytes_max)
{
	memset(http, 0, sizeof *http);
	http->role = (uint8_t)role;
	http->body_bytes_max = body_bytes_max;
}

void http_asked(struct http_reader *http, enum http_asked what)
{
	BUG_UNLESS(3406, http->role == HTTP_CLIENT && !http->asked);
	http->asked = true;
	http->asked_for = (uint8_t)what;
	http->interim = 0;
}

void http_feed(struct http_reader *http, const char *bytes, size_t count)
{
	BUG_UNLESS(3407, http->next == http->end || http->verdict != HTTP_OK);
	http->next = bytes;
	http->end = bytes + count;
}

void http_peer_closed(struct http_reader *http) { http->peer_closed = true; }

/* --- small words --------------------------------------------------------------------------------------------------- */

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c | ' ') : c; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_blank(char c) { return c == ' ' || c == '\t'; }
static bool is_visible(char c) { return c > ' ' && c < 0x7f; }
static bool is_control(char c) { return ((uint8_t)c < ' ' && c != '\t') || c == 0x7f; }
static bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
static bool is_token(char c) { return is_letter(c) || is_digit(c) || (c && strchr("!#$%&'*+-.^_`|~", c)); }

static bool all(struct http_text text, bool (*is)(char))
{
	for (uint32_t i = 0; i < text.length; i++)
		if (!is(text.at[i])) return false;
	return text.length > 0;
}

static struct http_text slice(const char *at, const char *end) { return (struct http_text){ at, (uint32_t)(end - at) }; }

static struct http_text trimmed(const char *at, const char *end)
{
	while (at < end && is_blank(*at)) at++;
	while (at < end && is_blank(end[-1])) end--;
	return slice(at, end);
}

bool http_text_is(struct http_text text, const char *want)
{
	for (uint32_t i = 0; i < text.length; i++)
		if (!want[i] || lower(text.at[i]) != lower(want[i])) return false;
	return text.at && want[text.length] == 0;
}

bool http_text_u64(struct http_text text, uint64_t *out)
{
	uint64_t value = 0;
	if (text.length > LENGTH_DIGITS_MAX || !all(text, is_digit)) return false;
	for (uint32_t i = 0; i < text.length; i++) value = value * 10 + (uint64_t)(text.at[i] - '0');
	*out = value;
	return true;
}

struct http_text http_header_of(const struct http_reader *http, const char *name)
{
	for (uint32_t i = 0; i < http->headers; i++)
		if (http_text_is(http->header[i].name, name)) return http->header[i].value;
	return (struct http_text){ 0, 0 };
}

uint32_t http_header_count(const struct http_reader *http, const char *name)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < http->headers; i++) count += http_text_is(http->header[i].name, name);
	return count;
}

static bool list_has(struct http_text list, const char *word)
{
	const char *at = list.at, *end = list.at + list.length;
	while (at < end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		if (http_text_is(trimmed(at, comma ? comma : end), word)) return true;
		at = comma ? comma + 1 : end;
	}
	return false;
}

bool http_header_has(const struct http_reader *http, const char *name, const char *word)
{
	for (uint32_t i = 0; i < http->headers; i++)
		if (http_text_is(http->header[i].name, name) && list_has(http->header[i].value, word)) return true;
	return false;
}

/* --- what a state may say ------------------------------------------------------------------------------------------ */

static bool tell(struct http_reader *http, enum http_event event, enum state state)
{
	http->event = (uint8_t)event;
	http->state = (uint8_t)state;
	return true;
}

static bool go_on(struct http_reader *http, enum state state)
{
	http->state = (uint8_t)state;
	return false;
}

static bool fail(struct http_reader *http, enum http_verdict verdict)
{
	http->verdict = verdict;
	http->keep_alive = false;
	return tell(http, HTTP_FAILED, (enum state)http->state);
}

/* All bytes are read. Nothing more will come after a close. */
static bool starve(struct http_reader *http)
{
	if (!http->peer_closed) return tell(http, HTTP_MORE, (enum state)http->state);
	return fail(http, http->state == START && http->head_bytes == 0 ? HTTP_UNANSWERED : HTTP_CUT_SHORT);
}

/* Moves bytes through the next LF to the end of a buffer. */
static enum line take_line(struct http_reader *http, char *buffer, uint32_t size, uint32_t *used)
{
	if (http_rest(http) == 0) return LINE_MORE;
	const char *feed = memchr(http->next, '\n', http_rest(http));
	size_t      count = feed ? (size_t)(feed + 1 - http->next) : http_rest(http);
	if (count > size - *used) return LINE_LONG;
	memcpy(buffer + *used, http->next, count);
	*used += (uint32_t)count;
	http->next += count;
	return feed ? LINE_WHOLE : LINE_MORE;
}

/* The line of a buffer without its CR LF; false when it ends otherwise. */
static bool without_end(const char *begin, const char *end, struct http_text *line)
{
	*line = slice(begin, end - 1);
	if (line->length == 0 || end[-2] != '\r') return false;
	line->length--;
	return true;
}

/* --- the head ------------------------------------------------------------------------------------------------------- */

/* HTTP/1.0 or HTTP/1.1. */
static bool version(const char *at, uint32_t *minor)
{
	*minor = (uint32_t)(at[7] - '0');
	return memcmp(at, "HTTP/1.", 7) == 0 && *minor <= 1;
}

/* HTTP/1.1 200 OK */
static enum http_verdict status_line(struct http_reader *http, struct http_text line)
{
	const char *at = line.at;
	if (line.length < 5 || memcmp(at, "HTTP/", 5) != 0) return HTTP_START_LINE;
	if (line.length < 8 || !version(at, &http->minor)) return HTTP_VERSION;
	if (line.length < 12 || at[8] != ' ' || !is_digit(at[9]) || !is_digit(at[10]) || !is_digit(at[11])) return HTTP_START_LINE;
	if (line.length > 12 && at[12] != ' ') return HTTP_START_LINE;
	http->status = (uint32_t)((at[9] - '0') * 100 + (at[10] - '0') * 10 + (at[11] - '0'));
	http->reason = line.length > 13 ? slice(at + 13, at + line.length) : slice(at + 12, at + 12);
	for (uint32_t i = 0; i < http->reason.length; i++)
		if (is_control(http->reason.at[i])) return HTTP_START_LINE;
	return http->status >= STATUS_MIN && http->status <= STATUS_MAX ? HTTP_OK : HTTP_START_LINE;
}

/* GET /path HTTP/1.1 */
static enum http_verdict request_line(struct http_reader *http, struct http_text line)
{
	const char *end = line.at + line.length, *space = memchr(line.at, ' ', line.length);
	if (!space) return HTTP_START_LINE;
	const char *target = space + 1, *behind = memchr(target, ' ', (size_t)(end - target));
	if (!behind) return HTTP_START_LINE;
	http->method = slice(line.at, space);
	http->target = slice(target, behind);
	if (!all(http->method, is_token) || !all(http->target, is_visible)) return HTTP_START_LINE;
	return end - behind == 9 && version(behind + 1, &http->minor) ? HTTP_OK : HTTP_VERSION;
}

static enum http_verdict header_of_line(struct http_text line, struct http_header *header)
{
	const char *end = line.at + line.length, *colon = memchr(line.at, ':', line.length);
	if (is_blank(*line.at)) return HTTP_FOLDED;
	if (!colon) return HTTP_HEADER;
	header->name = slice(line.at, colon);
	header->value = trimmed(colon + 1, end);
	if (!all(header->name, is_token)) return HTTP_HEADER;
	for (uint32_t i = 0; i < header->value.length; i++)
		if (is_control(header->value.at[i])) return HTTP_HEADER;
	return HTTP_OK;
}

/* Where the body ends when a Content-Length says it; *given: there is one. */
static bool counted(struct http_reader *http, bool *given)
{
	uint64_t count;
	*given = false;
	for (uint32_t i = 0; i < http->headers; i++) {
		if (!http_text_is(http->header[i].name, "Content-Length")) continue;
		if (!http_text_u64(http->header[i].value, &count) || (*given && count != http->rest)) return false;
		http->rest = count;
		*given = true;
	}
	return true;
}

static bool is_interim(const struct http_reader *http) { return http->role == HTTP_CLIENT && http->status < 200 && http->status != SWITCHING; }

static bool without_body(const struct http_reader *http)
{
	if (http->role == HTTP_SERVER) return false;
	return http->asked_for == HTTP_WITHOUT_BODY || http->status < 200 || http->status == NO_CONTENT || http->status == NOT_MODIFIED;
}

static bool lasts(const struct http_reader *http)
{
	if (http_header_has(http, "Connection", "close")) return false;
	return http->minor == 1 || http_header_has(http, "Connection", "keep-alive");
}

/* RFC 9112, section 6.3, with everything ambiguous refused. */
static enum http_verdict frame(struct http_reader *http)
{
	struct http_text coding = http_header_of(http, "Transfer-Encoding");
	bool             given;
	if (!counted(http, &given)) return HTTP_LENGTH;
	if (coding.at && (given || http->minor == 0 || http_header_count(http, "Transfer-Encoding") != 1)) return HTTP_CODING;
	if (coding.at && !http_text_is(coding, "chunked")) return HTTP_CODING;
	http->keep_alive = lasts(http);
	if (coding.at) http->state = CHUNK_SIZE;
	else if (given) http->state = BODY_COUNTED;
	else if (http->role == HTTP_CLIENT) http->state = BODY_TO_CLOSE;
	else http->state = COMPLETE;
	if (without_body(http)) http->state = COMPLETE;
	if (http->state == BODY_TO_CLOSE) http->keep_alive = false;
	return http->state == BODY_COUNTED && http->rest > http->body_bytes_max ? HTTP_BODY_TOO_LONG : HTTP_OK;
}

static void forget_head(struct http_reader *http)
{
	http->head_bytes = http->line_begin = http->line_bytes = http->headers = http->trailers = 0;
	http->body_bytes = http->rest = 0;
	http->status = 0;
	http->method = http->target = http->reason = (struct http_text){ 0, 0 };
}

static bool head_complete(struct http_reader *http)
{
	if (is_interim(http)) {
		if (http->interim++ == HTTP_INTERIM_MAX) return fail(http, HTTP_INTERIM);
		forget_head(http);
		return go_on(http, START);
	}
	if (http->role == HTTP_CLIENT && http->status == SWITCHING && http->asked_for != HTTP_TO_UPGRADE) return fail(http, HTTP_UPGRADE);
	if (http->role == HTTP_SERVER && http_header_count(http, "Host") != 1 && (http->minor == 1 || http_header_of(http, "Host").at))
		return fail(http, HTTP_HOST);
	enum http_verdict verdict = frame(http);
	return verdict == HTTP_OK ? tell(http, HTTP_HEAD, (enum state)http->state) : fail(http, verdict);
}

/* One line of the head into its buffer: LINE_WHOLE with the line, or what was told. */
static enum line head_line(struct http_reader *http, struct http_text *line, bool *told)
{
	enum line taken = take_line(http, http->head, HTTP_HEAD_BYTES_MAX, &http->head_bytes);
	*told = true;
	if (taken == LINE_LONG) (void)fail(http, HTTP_HEAD_TOO_LONG);
	if (taken == LINE_MORE) (void)starve(http);
	if (taken != LINE_WHOLE) return taken;
	if (!without_end(http->head + http->line_begin, http->head + http->head_bytes, line)) {
		(void)fail(http, HTTP_LINE_END);
		return LINE_LONG;
	}
	http->line_begin = http->head_bytes;
	*told = false;
	return taken;
}

static bool read_start(struct http_reader *http)
{
	struct http_text line;
	bool             told, unasked = http->role == HTTP_CLIENT ? !http->asked : http->head_bytes == 0;
	if (http_rest(http) == 0 && http->peer_closed && unasked) return tell(http, HTTP_CLOSED, START);
	if (http->role == HTTP_CLIENT && unasked && http_rest(http) > 0) return fail(http, HTTP_UNASKED);
	if (head_line(http, &line, &told) != LINE_WHOLE) return told;
	/* A request may have one empty line before it (RFC 9112, section 2.2). */
	if (line.length == 0 && http->role == HTTP_SERVER && http->head_bytes == 2) return go_on(http, START);
	enum http_verdict verdict = http->role == HTTP_CLIENT ? status_line(http, line) : request_line(http, line);
	return verdict == HTTP_OK ? go_on(http, HEADERS) : fail(http, verdict);
}

static bool read_headers(struct http_reader *http)
{
	struct http_text line;
	bool             told;
	if (head_line(http, &line, &told) != LINE_WHOLE) return told;
	if (line.length == 0) return head_complete(http);
	if (http->headers == HTTP_HEADERS_MAX) return fail(http, HTTP_TOO_MANY_HEADERS);
	enum http_verdict verdict = header_of_line(line, &http->header[http->headers]);
	if (verdict != HTTP_OK) return fail(http, verdict);
	http->headers++;
	return go_on(http, HEADERS);
}

/* --- the body ------------------------------------------------------------------------------------------------------- */

/* At most `most` bytes of body, and the state they leave behind. */
static bool portion(struct http_reader *http, uint64_t most)
{
	size_t count = http_rest(http) < most ? http_rest(http) : (size_t)most;
	if (count > UINT32_MAX) count = UINT32_MAX;
	http->body = (struct http_text){ http->next, (uint32_t)count };
	http->next += count;
	http->body_bytes += count;
	return tell(http, HTTP_BODY, (enum state)http->state);
}

static bool read_counted(struct http_reader *http)
{
	bool chunk = http->state == CHUNK_BODY;
	if (http->rest == 0) return go_on(http, chunk ? CHUNK_END : COMPLETE);
	if (http_rest(http) == 0) return starve(http);
	(void)portion(http, http->rest);
	http->rest -= http->body.length;
	return true;
}

static bool read_to_close(struct http_reader *http)
{
	if (http_rest(http) == 0) return http->peer_closed ? go_on(http, COMPLETE) : starve(http);
	uint64_t room = http->body_bytes_max - http->body_bytes;
	return room == 0 ? fail(http, HTTP_BODY_TOO_LONG) : portion(http, room);
}

/* A line of the chunked coding. False and told when there is none yet or it is wrong. */
static bool chunk_line(struct http_reader *http, struct http_text *line)
{
	enum line taken = take_line(http, http->line, HTTP_LINE_BYTES_MAX, &http->line_bytes);
	if (taken == LINE_LONG) (void)fail(http, HTTP_LINE_TOO_LONG);
	if (taken == LINE_MORE) (void)starve(http);
	if (taken != LINE_WHOLE) return false;
	uint32_t count = http->line_bytes;
	http->line_bytes = 0;
	return without_end(http->line, http->line + count, line) || !fail(http, HTTP_LINE_END);
}

/* Hexadecimal digits, then nothing or an extension, which says nothing to us. */
static bool chunk_size(struct http_text line, uint64_t *size)
{
	uint32_t i = 0;
	for (*size = 0; i < line.length; i++) {
		char c = lower(line.at[i]);
		if (!is_digit(c) && (c < 'a' || c > 'f')) break;
		if (i == CHUNK_DIGITS_MAX) return false;
		*size = *size << 4 | (uint64_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	struct http_text extension = trimmed(line.at + i, line.at + line.length);
	for (uint32_t j = 0; j < extension.length; j++)
		if (is_control(extension.at[j])) return false;
	return i > 0 && (extension.length == 0 || *extension.at == ';');
}

static bool read_chunk_size(struct http_reader *http)
{
	struct http_text line;
	if (!chunk_line(http, &line)) return true;
	if (!chunk_size(line, &http->rest)) return fail(http, HTTP_CHUNK);
	if (http->rest > http->body_bytes_max - http->body_bytes) return fail(http, HTTP_BODY_TOO_LONG);
	return go_on(http, http->rest ? CHUNK_BODY : TRAILERS);
}

static bool read_chunk_end(struct http_reader *http)
{
	struct http_text line;
	if (!chunk_line(http, &line)) return true;
	return line.length == 0 ? go_on(http, CHUNK_SIZE) : fail(http, HTTP_CHUNK);
}

static bool read_trailers(struct http_reader *http)
{
	struct http_text   line;
	struct http_header dropped;
	if (!chunk_line(http, &line)) return true;
	if (line.length == 0) return go_on(http, COMPLETE);
	if (http->trailers++ == HTTP_HEADERS_MAX) return fail(http, HTTP_TOO_MANY_HEADERS);
	enum http_verdict verdict = header_of_line(line, &dropped);
	return verdict == HTTP_OK ? go_on(http, TRAILERS) : fail(http, verdict);
}

static bool complete(struct http_reader *http)
{
	http->asked = false;
	return tell(http, HTTP_DONE, START);
}

static bool step(struct http_reader *http)
{
	switch ((enum state)http->state) {
	case START: return read_start(http);
	case HEADERS: return read_headers(http);
	case BODY_COUNTED:
	case CHUNK_BODY: return read_counted(http);
	case BODY_TO_CLOSE: return read_to_close(http);
	case CHUNK_SIZE: return read_chunk_size(http);
	case CHUNK_END: return read_chunk_end(http);
	case TRAILERS: return read_trailers(http);
	case COMPLETE: return complete(http);
	}
	bug_trap(3408);
}

enum http_event http_next(struct http_reader *http)
{
	if (http->verdict != HTTP_OK) return HTTP_FAILED;
	if (http->event == HTTP_DONE) forget_head(http);
	http->event = HTTP_MORE;
	while (!step(http)) continue;
	return (enum http_event)http->event;
}
