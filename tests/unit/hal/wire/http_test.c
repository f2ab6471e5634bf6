/* http_test.c - framing that is never guessed, headers that cannot be smuggled in, and the same story from any cut. */
#include "hal/wire/http.h"

#include <stdio.h>
#include <string.h>

#include "tests/kit/test.h"
#include "tests/unit/hal/wire/http_property.h"
#include "tests/unit/hal/wire/mutate.h"

static struct http_story story;

static void check_story(enum http_role role, enum http_asked what, const char *bytes, const char *want)
{
	http_story(&story, role, what, bytes, strlen(bytes), strlen(bytes) + 1);
	CHECK_STR(story.text, want);
	CHECK(!http_property(role, what, bytes, strlen(bytes)));
}

static void check_answer(const char *bytes, const char *want) { check_story(HTTP_CLIENT, HTTP_PLAIN, bytes, want); }
static void check_request(const char *bytes, const char *want) { check_story(HTTP_SERVER, HTTP_PLAIN, bytes, want); }

static void check_refused(enum http_role role, const char *bytes, enum http_verdict verdict)
{
	http_story(&story, role, HTTP_PLAIN, bytes, strlen(bytes), strlen(bytes) + 1);
	const char *want = http_verdict_text[verdict];
	size_t      length = strlen(want);
	CHECK_STR(story.length >= length ? story.text + story.length - length : story.text, want);
	CHECK(!http_property(role, HTTP_PLAIN, bytes, strlen(bytes)));
}

#define UNANSWERED "never came: the connection was closed"

TEST(t_X5_http_answers_with_a_length)
{
	check_answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length:  5 \r\n\r\nhello",
		"[200 1.1 stays   OK]Content-Type=application/json;content-length=5;(helloDONE\n" UNANSWERED);
	check_answer("HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\nHTTP/1.1 429\r\nContent-Length: 2\r\nContent-Length: 2\r\nConnection: x, Close\r\n\r\nno",
		"[404 1.1 stays   ]Content-Length=0;DONE\n[429 1.1 ends   ]Content-Length=2;Content-Length=2;Connection=x, Close;(noDONE\n" UNANSWERED);
	check_answer("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", "[200 1.0 ends   OK]Content-Length=1;(xDONE\n" UNANSWERED);
	check_answer("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx",
		"[200 1.0 stays   OK]Connection=Keep-Alive;Content-Length=1;(xDONE\n" UNANSWERED);
}

TEST(t_X5_http_answers_in_chunks)
{
	check_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n006;name=\"x\"\r\n world\r\nA \r\n0123456789\r\n0\r\n\r\n",
		"[200 1.1 stays   OK]Transfer-Encoding=Chunked;(hello world0123456789DONE\n" UNANSWERED);
	check_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
		"[200 1.1 stays   OK]Transfer-Encoding=chunked;DONE\n[204 1.1 stays   No Content]DONE\n" UNANSWERED);
	static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
	static const struct { const char *chunks; enum http_verdict verdict; } wrong[] = {
		{ "\r\n", HTTP_CHUNK }, { "x\r\n", HTTP_CHUNK }, { "-1\r\n", HTTP_CHUNK }, { "0x1\r\na\r\n", HTTP_CHUNK }, { " 1\r\na\r\n", HTTP_CHUNK },
		{ "1 1\r\na\r\n", HTTP_CHUNK }, { "1\nb\r\n", HTTP_LINE_END }, { "1\r\nab\r\n", HTTP_CHUNK }, { "2\r\nab\n0\r\n\r\n", HTTP_LINE_END },
		{ "1234567890123456\r\n", HTTP_CHUNK }, { "7d1\r\n", HTTP_BODY_TOO_LONG }, { "fffffffffffffff\r\n", HTTP_BODY_TOO_LONG },
		{ "1;\x01\r\na\r\n", HTTP_CHUNK }, { "0\r\nbad\r\n\r\n", HTTP_HEADER }, { "0\r\n folded: 1\r\n\r\n", HTTP_FOLDED },
		{ "3\r\nab", HTTP_CUT_SHORT }, { "3", HTTP_CUT_SHORT }, { "0\r\n", HTTP_CUT_SHORT }, { "2\r\nab\r", HTTP_CUT_SHORT } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char bytes[256];
		(void)snprintf(bytes, sizeof bytes, "%s%s", head, wrong[i].chunks);
		check_refused(HTTP_CLIENT, bytes, wrong[i].verdict);
	}
}

TEST(t_X5_http_answers_to_the_end_of_the_connection)
{
	check_answer("HTTP/1.1 200 OK\r\n\r\nall of it", "[200 1.1 ends   OK](all of itDONE\n" UNANSWERED);
	check_answer("HTTP/1.1 200 OK\r\n\r\n", "[200 1.1 ends   OK]DONE\n" UNANSWERED);
}

TEST(t_X5_http_answers_without_a_body)
{
	check_answer("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", "[204 1.1 stays   No Content]Content-Length=9;DONE\n" UNANSWERED);
	check_answer("HTTP/1.1 304 Not Modified\r\n\r\n", "[304 1.1 stays   Not Modified]DONE\n" UNANSWERED);
	check_story(HTTP_CLIENT, HTTP_WITHOUT_BODY, "HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n",
		"[200 1.1 stays   OK]Content-Length=900000;DONE\n" UNANSWERED);
	check_story(HTTP_CLIENT, HTTP_WITHOUT_BODY, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
		"[200 1.1 stays   OK]Transfer-Encoding=chunked;DONE\n" UNANSWERED);
}

TEST(t_X5_http_interim_answers_are_passed_over)
{
	check_answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
		"[200 1.1 stays   OK]Content-Length=0;DONE\n" UNANSWERED);
	char bytes[512] = "";
	for (int i = 0; i <= HTTP_INTERIM_MAX; i++) strcat(bytes, "HTTP/1.1 100 Continue\r\n\r\n");
	check_refused(HTTP_CLIENT, bytes, HTTP_INTERIM);
}

TEST(t_X5_http_upgrade_only_when_asked)
{
	const char *bytes = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n\x81\x01x";
	struct http_reader http;
	check_refused(HTTP_CLIENT, bytes, HTTP_UPGRADE);
	http_reader_init(&http, HTTP_CLIENT, 0);
	http_asked(&http, HTTP_TO_UPGRADE);
	http_feed(&http, bytes, strlen(bytes));
	CHECK_EQ(http_next(&http), HTTP_HEAD);
	CHECK_EQ(http.status, 101);
	CHECK(http_header_has(&http, "connection", "upgrade"));
	CHECK_EQ(http_next(&http), HTTP_DONE);
	CHECK_EQ(http_rest(&http), 3);
	CHECK_EQ(*http.next, (char)0x81);
}

TEST(t_X5_http_an_answer_nobody_asked_for_is_refused)
{
	struct http_reader http;
	http_reader_init(&http, HTTP_CLIENT, 100);
	http_feed(&http, "HTTP/1.1 200 OK\r\n", 17);
	CHECK_EQ(http_next(&http), HTTP_FAILED);
	CHECK_EQ(http.verdict, HTTP_UNASKED);
	CHECK_EQ(http_next(&http), HTTP_FAILED);
	http_reader_init(&http, HTTP_CLIENT, 100);
	CHECK_EQ(http_next(&http), HTTP_MORE);
	http_peer_closed(&http);
	CHECK_EQ(http_next(&http), HTTP_CLOSED);
}

TEST(t_X5_http_bad_answers_are_named)
{
	static const struct { const char *bytes; enum http_verdict verdict; } wrong[] = {
		{ "", HTTP_UNANSWERED }, { "H", HTTP_CUT_SHORT }, { "HTTP/1.1 200 OK\r\n", HTTP_CUT_SHORT }, { "HTTP/1.1 200 OK\r\nA: b\r\n", HTTP_CUT_SHORT },
		{ "SSH-2.0-x\r\n", HTTP_START_LINE }, { "\r\nHTTP/1.1 200 OK\r\n\r\n", HTTP_START_LINE }, { "HTTP/2.0 200 OK\r\n\r\n", HTTP_VERSION },
		{ "HTTP/1.2 200 OK\r\n\r\n", HTTP_VERSION }, { "HTTP/1.1\r\n\r\n", HTTP_START_LINE }, { "HTTP/1.1 20 OK\r\n\r\n", HTTP_START_LINE },
		{ "HTTP/1.1 2000 OK\r\n\r\n", HTTP_START_LINE }, { "HTTP/1.1  200 OK\r\n\r\n", HTTP_START_LINE }, { "HTTP/1.1 099 x\r\n\r\n", HTTP_START_LINE },
		{ "HTTP/1.1 600 x\r\n\r\n", HTTP_START_LINE }, { "HTTP/1.1 200 a\x01\r\n\r\n", HTTP_START_LINE }, { "HTTP/1.1 200 OK\n\n", HTTP_LINE_END },
		{ "HTTP/1.1 200 OK\r\nA: b\nC: d\r\n\r\n", HTTP_LINE_END }, { "HTTP/1.1 200 OK\r\nA\r\n\r\n", HTTP_HEADER },
		{ "HTTP/1.1 200 OK\r\n: b\r\n\r\n", HTTP_HEADER }, { "HTTP/1.1 200 OK\r\nA : b\r\n\r\n", HTTP_HEADER },
		{ "HTTP/1.1 200 OK\r\nA\x80: b\r\n\r\n", HTTP_HEADER }, { "HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", HTTP_HEADER },
		{ "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", HTTP_FOLDED }, { "HTTP/1.1 200 OK\r\n A: b\r\n\r\n", HTTP_FOLDED },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", HTTP_LENGTH },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", HTTP_LENGTH }, { "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", HTTP_LENGTH },
		{ "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", HTTP_LENGTH }, { "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n", HTTP_LENGTH },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 0x1\r\n\r\n", HTTP_LENGTH }, { "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n", HTTP_LENGTH },
		{ "HTTP/1.1 200 OK\r\nContent-Length: 2001\r\n\r\n", HTTP_BODY_TOO_LONG }, { "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", HTTP_CUT_SHORT },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", HTTP_CODING },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", HTTP_CODING },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_CODING },
		{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", HTTP_CODING },
		{ "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_CODING } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) check_refused(HTTP_CLIENT, wrong[i].bytes, wrong[i].verdict);
}

TEST(t_X5_http_limits_are_exact)
{
	static char bytes[HTTP_HEAD_BYTES_MAX + 64];
	size_t      length = (size_t)sprintf(bytes, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ");
	memset(bytes + length, 'x', HTTP_HEAD_BYTES_MAX - 4 - length);
	strcpy(bytes + HTTP_HEAD_BYTES_MAX - 4, "\r\n\r\n");
	http_story(&story, HTTP_CLIENT, HTTP_PLAIN, bytes, HTTP_HEAD_BYTES_MAX, HTTP_HEAD_BYTES_MAX);
	CHECK(strstr(story.text, "DONE") != 0);
	strcpy(bytes + HTTP_HEAD_BYTES_MAX - 4, "x\r\n\r\n");
	check_refused(HTTP_CLIENT, bytes, HTTP_HEAD_TOO_LONG);
	length = (size_t)sprintf(bytes, "HTTP/1.1 200 OK\r\n");
	for (int i = 0; i <= HTTP_HEADERS_MAX; i++) length += (size_t)sprintf(bytes + length, "N: %d\r\n", i);
	strcpy(bytes + length, "\r\n");
	check_refused(HTTP_CLIENT, bytes, HTTP_TOO_MANY_HEADERS);
	length = (size_t)sprintf(bytes, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
	for (int i = 0; i < HTTP_HEADERS_MAX; i++) length += (size_t)sprintf(bytes + length, "N: %d\r\n", i);
	strcpy(bytes + length, "\r\n");
	http_story(&story, HTTP_CLIENT, HTTP_PLAIN, bytes, strlen(bytes), 100);
	CHECK(strstr(story.text, "DONE") != 0);
	strcpy(bytes + length, "N: one more\r\n\r\n");
	check_refused(HTTP_CLIENT, bytes, HTTP_TOO_MANY_HEADERS);        /* trailers are not kept, and counted all the same */
	length = (size_t)sprintf(bytes, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;");
	memset(bytes + length, 'x', HTTP_LINE_BYTES_MAX);
	bytes[length + HTTP_LINE_BYTES_MAX] = 0;
	check_refused(HTTP_CLIENT, bytes, HTTP_LINE_TOO_LONG);
	length = (size_t)sprintf(bytes, "HTTP/1.1 200 OK\r\n\r\n");
	memset(bytes + length, 'b', HTTP_PROPERTY_BODY_MAX + 1);
	bytes[length + HTTP_PROPERTY_BODY_MAX + 1] = 0;
	check_refused(HTTP_CLIENT, bytes, HTTP_BODY_TOO_LONG);
	bytes[length + HTTP_PROPERTY_BODY_MAX] = 0;
	http_story(&story, HTTP_CLIENT, HTTP_PLAIN, bytes, strlen(bytes), 100);
	CHECK(strstr(story.text, "DONE") != 0);
}

TEST(t_X5_http_requests)
{
	check_request("GET /v2/clock HTTP/1.1\r\nHost: h\r\n\r\n\r\nPOST /o?a=b%20c HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}",
		"[0 1.1 stays GET /v2/clock ]Host=h;DONE\n[0 1.1 stays POST /o?a=b%20c ]Host=h;Content-Length=2;({}DONE\nCLOSED");
	check_request("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n1\r\nx\r\n0\r\n\r\n",
		"[0 1.1 ends POST / ]Host=h;Transfer-Encoding=chunked;Connection=close;(xDONE\nCLOSED");
	check_request("GET / HTTP/1.0\r\n\r\n", "[0 1.0 ends GET / ]DONE\nCLOSED");
	static const struct { const char *bytes; enum http_verdict verdict; } wrong[] = {
		{ "GET / HTTP/1.1\r\n\r\n", HTTP_HOST }, { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", HTTP_HOST },
		{ "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", HTTP_HOST }, { "GET /\r\n", HTTP_START_LINE },
		{ "GET  / HTTP/1.1\r\n", HTTP_START_LINE }, { "GET / HTTP/3.0\r\n", HTTP_VERSION }, { "GET / HTTP/1.1 \r\n", HTTP_VERSION },
		{ "G:T / HTTP/1.1\r\n", HTTP_START_LINE }, { " GET / HTTP/1.1\r\n", HTTP_START_LINE }, { "GET /\x7f HTTP/1.1\r\n", HTTP_START_LINE },
		{ "GET /\xc3\xa9 HTTP/1.1\r\n", HTTP_START_LINE }, { "\r\n\r\nGET / HTTP/1.1\r\n", HTTP_START_LINE }, { "GET / HTTP/1.1\n", HTTP_LINE_END },
		{ "GET", HTTP_CUT_SHORT }, { "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc", HTTP_CUT_SHORT } };
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) check_refused(HTTP_SERVER, wrong[i].bytes, wrong[i].verdict);
}

static char               buffer[1024];
static struct http_writer out;

static struct http_writer *fresh(size_t size)
{
	http_writer_init(&out, buffer, size);
	return &out;
}

static void check_written(const char *want)
{
	CHECK_EQ(out.verdict, HTTP_OK);
	CHECK_EQ(http_written(&out), strlen(want));
	CHECK(memcmp(buffer, want, strlen(want)) == 0);
}

TEST(t_X5_http_writes_what_it_reads)
{
	http_request(fresh(sizeof buffer), "POST", "/v2/orders?a=%20");
	http_put(&out, "Host", "api.example.com");
	http_put_u64(&out, "X-Count", UINT64_MAX);
	http_put(&out, "X-Empty", "");
	http_body(&out, "{}", 2);
	check_written("POST /v2/orders?a=%20 HTTP/1.1\r\nHost: api.example.com\r\nX-Count: 18446744073709551615\r\nX-Empty: \r\n"
		"Content-Length: 2\r\n\r\n{}");
	http_story(&story, HTTP_SERVER, HTTP_PLAIN, buffer, http_written(&out), 3);
	CHECK_STR(story.text, "[0 1.1 stays POST /v2/orders?a=%20 ]Host=api.example.com;X-Count=18446744073709551615;X-Empty=;Content-Length=2;({}DONE\nCLOSED");
	http_response(fresh(sizeof buffer), 429);
	http_chunks(&out);
	http_chunk(&out, "0123456789abcdef!", 17);
	http_chunk(&out, "", 0);
	http_chunk(&out, "x", 1);
	http_chunks_end(&out);
	check_written("HTTP/1.1 429 Too Many Requests\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n0123456789abcdef!\r\n1\r\nx\r\n0\r\n\r\n");
	http_response(fresh(sizeof buffer), 299);
	http_no_body(&out);
	check_written("HTTP/1.1 299 \r\n\r\n");
	http_response(fresh(sizeof buffer), 200);
	http_body_elsewhere(&out, 123456789012);
	check_written("HTTP/1.1 200 OK\r\nContent-Length: 123456789012\r\n\r\n");
}

TEST(t_X5_http_nothing_is_smuggled_into_a_message)
{
	static const char *const bad_value[] = { "a\r\nX: y", "a\nb", "a\rb", "\x01", "a\x7f", " a", "a ", "a\t" };
	static const char *const bad_name[] = { "", "A B", "A:", "A\r\n", "A\xc3" };
	static const char *const bad_target[] = { "", "x", "/a b", "/a\r\nX: y", "/a#b", "/\xc3\xa9", "/\x7f", "http://h/" };
	for (size_t i = 0; i < sizeof bad_value / sizeof *bad_value; i++) {
		http_put(fresh(sizeof buffer), "A", bad_value[i]);
		CHECK_EQ(out.verdict, HTTP_BAD_HEADER);
		CHECK_EQ(out.length, 0);
		CHECK_EQ(http_written(&out), 0);
	}
	for (size_t i = 0; i < sizeof bad_name / sizeof *bad_name; i++) {
		http_put(fresh(sizeof buffer), bad_name[i], "v");
		CHECK_EQ(out.verdict, HTTP_BAD_HEADER);
	}
	for (size_t i = 0; i < sizeof bad_target / sizeof *bad_target; i++) {
		http_request(fresh(sizeof buffer), "GET", bad_target[i]);
		CHECK_EQ(out.verdict, HTTP_BAD_TARGET);
	}
	http_request(fresh(sizeof buffer), "GE T", "/");
	CHECK_EQ(out.verdict, HTTP_BAD_TARGET);
	http_put(fresh(sizeof buffer), "content-length", "5");
	CHECK_EQ(out.verdict, HTTP_OWN_HEADER);
	http_put(fresh(sizeof buffer), "Transfer-encoding", "chunked");
	CHECK_EQ(out.verdict, HTTP_OWN_HEADER);
	http_response(fresh(sizeof buffer), 42);
	CHECK_EQ(out.verdict, HTTP_BAD_TARGET);
	http_response(fresh(sizeof buffer), 600);
	CHECK_EQ(out.verdict, HTTP_BAD_TARGET);
	http_put(&out, "A", "a\r\nX: y");        /* the first mistake keeps the word */
	CHECK_EQ(out.verdict, HTTP_BAD_TARGET);
}

TEST(t_X5_http_a_full_buffer_stays_full)
{
	const char *want = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
	for (size_t size = 0; size <= strlen(want); size++) {
		http_response(fresh(size), 200);
		http_body(&out, "ok", 2);
		CHECK_EQ(out.verdict, size < strlen(want) ? HTTP_NO_ROOM : HTTP_OK);
		CHECK_EQ(http_written(&out), size < strlen(want) ? 0 : size);
	}
}

TEST(t_X5_http_header_lookups)
{
	const char        *bytes = "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive , Upgrade\r\nUpgrade:a,,websocket\r\nN: 12\r\n\r\n";
	struct http_reader http;
	uint64_t           number;
	http_reader_init(&http, HTTP_SERVER, 0);
	http_feed(&http, bytes, strlen(bytes));
	CHECK_EQ(http_next(&http), HTTP_HEAD);
	CHECK(http_header_has(&http, "connection", "upgrade"));
	CHECK(http_header_has(&http, "UPGRADE", "WebSocket"));
	CHECK(!http_header_has(&http, "upgrade", "web"));
	CHECK(!http_header_has(&http, "upgrade", "websockets"));
	CHECK(http_text_u64(http_header_of(&http, "n"), &number));
	CHECK_EQ(number, 12);
	CHECK(!http_text_u64(http_header_of(&http, "none"), &number));
	CHECK(http_header_of(&http, "none").at == 0);
	CHECK(!http_text_is(http_header_of(&http, "none"), ""));
	CHECK_EQ(http_header_count(&http, "HOST"), 1);
}

TEST(t_X5_http_damage_never_surprises)
{
	static const char        letters[] = "\r\n\r\n :;,0123456789abcdefXHTP/\t\x00\x80";
	static const char *const sample[] = {
		"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: keep-alive\r\n\r\nhello world!HTTP/1.1 204 No Content\r\n\r\n",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\nT: 1\r\n\r\nHTTP/1.1 304 x\r\nA: b\r\n\r\n",
		"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nX: y\r\n\r\nto the end",
		"POST /v2/orders HTTP/1.1\r\nHost: h\r\nContent-Length: 8\r\n\r\n{\"a\":12}GET / HTTP/1.0\r\n\r\n",
		"PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\nGET /y?z HTTP/1.1\r\nHost: h\r\n\r\n" };
	static char bytes[MUTATED_MAX];
	uint32_t    count = mutations();
	for (uint32_t i = 0; i < count; i++) {
		uint64_t    seed = i;
		const char *from = sample[i % 5];
		size_t      length = mutate(bytes, from, strlen(from), letters, sizeof letters - 1, &seed);
		const char *broken = http_property(i % 5 < 3 ? HTTP_CLIENT : HTTP_SERVER, (enum http_asked)(i / 5 % 8 ? HTTP_PLAIN : i / 40 % 3), bytes, length);
		if (broken) fprintf(stderr, "  seed %u: %s\n", i, broken);
		CHECK(!broken);
	}
}
