/* websocket_test.c - the cases of the Autobahn test suite by their numbers, written anew; the handshake; damage of every kind.
 *
 * A case is a script of frames and the story it must give, told to a client (bare frames) and to a server (masked ones):
 *   T text, B binary, C continuation, X close, P ping, O pong, in lower case not the last fragment, !hh a first byte of its own,
 *   then ':' and the payload, or '*' and how many stars; frames are separated by '|'. */
#include "hal/wire/websocket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit/test.h"
#include "tests/unit/hal/wire/mutate.h"
#include "tests/unit/hal/wire/websocket_property.h"

enum { STREAM_MAX = 1 << 18, MESSAGE_MAX = 1 << 16 };
struct script { const char *name, *frames, *story; };
static char            stream[STREAM_MAX], payload[1 << 17];
static size_t          stream_bytes;
static struct ws_story story;

/* A frame of any first byte, well-formed or not. */
static void add_frame(uint8_t first, const char *bytes, size_t count, bool masked)
{
	static const uint8_t mask[] = { 0x37, 0xfa, 0x21, 0x3d };
	size_t               head = websocket_head(stream + stream_bytes, WEBSOCKET_OP_BINARY, true, masked ? mask : 0, count);
	stream[stream_bytes] = (char)first;
	if (masked) websocket_mask(stream + stream_bytes + head, bytes, count, mask, 0);
	else memcpy(stream + stream_bytes + head, bytes, count);
	stream_bytes += head + count;
}

static uint8_t first_byte(const char **at)
{
	static const char letter[] = "CTB.....XPO";
	if (**at == '!') {
		uint8_t first = (uint8_t)strtoul(*at + 1, 0, 16);
		*at += 3;
		return first;
	}
	char        upper = (char)(**at & ~0x20);
	const char *found = strchr(letter, upper);
	bool        last = **at == upper;
	(*at)++;
	return (uint8_t)((last ? 0x80 : 0) | (found - letter));
}

static void build(const char *frames, bool masked)
{
	stream_bytes = 0;
	for (const char *at = frames; *at; at += *at == '|') {
		uint8_t     first = first_byte(&at);
		const char *end = strchr(at, '|');
		size_t      count = end ? (size_t)(end - at) - 1 : strlen(at) - 1;
		if (*at == '*') {
			size_t stars = strtoul(at + 1, 0, 10);
			memset(payload, '*', stars);
			add_frame(first, payload, stars, masked);
		} else {
			add_frame(first, at + 1, count, masked);
		}
		at += 1 + count;
	}
}

static void check_script(struct script script)
{
	for (int role = WEBSOCKET_CLIENT; role <= WEBSOCKET_SERVER; role++) {
		static const size_t most[] = { STREAM_MAX, 1, 2, 3, 997 };
		build(script.frames, role == WEBSOCKET_SERVER);
		for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
			ws_tell(&story, (enum websocket_role)role, stream, stream_bytes, most[i], MESSAGE_MAX);
			if (strcmp(story.text, script.story) != 0) fprintf(stderr, "  case %s, %s, pieces of %zu:\n", script.name, role ? "server" : "client", most[i]);
			CHECK_STR(story.text, script.story);
			CHECK(!story.broken);
		}
	}
}

static void check_scripts(const struct script *script, size_t count)
{
	for (size_t i = 0; i < count; i++) check_script(script[i]);
}
#define CHECK_SCRIPTS(table) check_scripts(table, sizeof table / sizeof *table)

#define RESERVED "!1002 sets reserved bits"
#define OPCODE "!1002 uses a reserved opcode"
#define CONTROL "!1002 sends a control frame that is too long or in fragments"
#define NO_MESSAGE "!1002 goes on with a message that never began"
#define IN_MESSAGE "!1002 begins a message inside another"
#define NOT_UTF8 "!1007 sends text that is not UTF-8"
#define BAD_CLOSE "!1002 closes with a code that nobody may send"
#define TOO_LONG "!1009 sends a message that is too long"

TEST(t_X5_websocket_autobahn_1_framing)
{
	static const struct script table[] = {
		{ "1.1.1", "T:", "T()" }, { "1.1.2", "T*63", "T(***************************************************************)" },
		{ "1.1.2", "T*125", "T(125:87ac5aaa)" }, { "1.1.3", "T*126", "T(126:6ddefac0)" }, { "1.1.4", "T*127", "T(127:4e005d6a)" },
		{ "1.1.5", "T*128", "T(128:720b5000)" }, { "1.1.6", "T*65535", "T(65535:6c15ad6a)" }, { "1.1.7", "T*65536", "T(65536:16a00000)" },
		{ "1.2.1", "B:", "B()" }, { "1.2.2", "B*125", "B(125:87ac5aaa)" }, { "1.2.5", "B*128", "B(128:720b5000)" },
		{ "1.2.6", "B*65535", "B(65535:6c15ad6a)" }, { "1.2.7", "B*65536", "B(65536:16a00000)" }, { "1.2.x", "B:\xff\xfe", "B(\xff\xfe)" } };
	CHECK_SCRIPTS(table);
}

TEST(t_X5_websocket_autobahn_2_pings)
{
	static const struct script table[] = {
		{ "2.1", "P:", "P()" }, { "2.2", "P:Hello, world!", "P(Hello, world!)" },
		{ "2.3", "P:\x01\xff\xfe\xfd\xfc\xfb", "P(\x01\xff\xfe\xfd\xfc\xfb)" },
		{ "2.4", "P*125", "P(125:87ac5aaa)" }, { "2.5", "P*126", CONTROL }, { "2.7", "O:", "O()" }, { "2.8", "O:unsolicited", "O(unsolicited)" },
		{ "2.9", "O:x|P:y", "O(x)P(y)" }, { "2.10", "P:0|P:1|P:2|P:3|P:4|P:5|P:6|P:7|P:8|P:9", "P(0)P(1)P(2)P(3)P(4)P(5)P(6)P(7)P(8)P(9)" } };
	CHECK_SCRIPTS(table);
}

TEST(t_X5_websocket_autobahn_3_reserved_bits)
{
	static const struct script table[] = {
		{ "3.1", "!c1:Hello", RESERVED }, { "3.2", "T:a|!a1:b|P:", "T(a)" RESERVED }, { "3.3", "T:a|!b1:b|P:", "T(a)" RESERVED },
		{ "3.4", "T:a|!d1:b|P:", "T(a)" RESERVED }, { "3.5", "!d2:\x01\x02", RESERVED }, { "3.6", "!e9:x", RESERVED },
		{ "3.7", "!f8:\x03\xe8", RESERVED } };
	CHECK_SCRIPTS(table);
}

TEST(t_X5_websocket_autobahn_4_opcodes)
{
	static const struct script table[] = {
		{ "4.1.1", "!83:", OPCODE }, { "4.1.2", "!84:x", OPCODE }, { "4.1.3", "T:a|!85:|P:", "T(a)" OPCODE },
		{ "4.1.4", "T:a|!86:x|P:", "T(a)" OPCODE },
		{ "4.1.5", "T:a|!87:x|P:", "T(a)" OPCODE }, { "4.2.1", "!8b:", OPCODE }, { "4.2.2", "!8c:x", OPCODE },
		{ "4.2.3", "T:a|!8d:|P:", "T(a)" OPCODE },
		{ "4.2.4", "T:a|!8e:x|P:", "T(a)" OPCODE }, { "4.2.5", "T:a|!8f:x|P:", "T(a)" OPCODE } };
	CHECK_SCRIPTS(table);
}

TEST(t_X5_websocket_autobahn_5_fragments)
{
	static const struct script table[] = {
		{ "5.1", "p:a|C:b", CONTROL }, { "5.2", "o:a|C:b", CONTROL }, { "5.3", "t:frag|C:ment", "T(fragment)" },
		{ "5.6", "t:frag|P:ping|C:ment", "P(ping)T(fragment)" }, { "5.9", "C:x|T:y", NO_MESSAGE }, { "5.12", "c:x|T:y", NO_MESSAGE },
		{ "5.15", "t:a|C:b|c:c|T:d", "T(ab)" NO_MESSAGE }, { "5.18", "t:a|T:b", IN_MESSAGE },
		{ "5.19", "t:1|c:2|P:p|c:3|c:4|P:q|C:5", "P(p)P(q)T(12345)" }, { "5.x", "b:a|C:\xff", "B(a\xff)" }, { "5.x", "b:a|B:b", IN_MESSAGE },
		{ "5.x", "t:|c:|C:", "T()" }, { "5.x", "t:|C:whole", "T(whole)" }, { "5.x", "t:a|X:\x03\xe8", "X1000()" },
		{ "5.x", "t:a|C:b|T:c|B:d", "T(ab)T(c)B(d)" } };
	CHECK_SCRIPTS(table);
}

TEST(t_X5_websocket_autobahn_6_utf8)
{
	static const struct script table[] = {
		{ "6.1.1", "T:", "T()" }, { "6.1.2", "t:|c:|C:", "T()" },
		{ "6.2.1", "T:Hello-\xc2\xb5@\xc3\x9f\xc3\xb6", "T(Hello-\xc2\xb5@\xc3\x9f\xc3\xb6)" },
		{ "6.2.3", "t:\xe2|c:\x82|C:\xac", "T(\xe2\x82\xac)" }, { "6.3.1", "T:\xce\xba\xed\xa0\x80" "edited", NOT_UTF8 },
		{ "6.3.2", "t:\xce\xba|c:\xed\xa0\x80|C:edited", NOT_UTF8 }, { "6.4.1", "t:\xce\xba|c:\xf4\x90\x80\x80|P:never", NOT_UTF8 },
		{ "6.4.x", "t:\xf4|P:p|c:\x90", "P(p)" NOT_UTF8 }, { "6.5.1", "T:\xce\xba\xe1\xbd\xb9", "T(\xce\xba\xe1\xbd\xb9)" },
		{ "6.6.1", "T:\xce", NOT_UTF8 },
		{ "6.6.3", "T:\xce\xba\xe1", NOT_UTF8 }, { "6.6.x", "t:\xce|C:", NOT_UTF8 }, { "6.7.2", "T:\xc2\x80", "T(\xc2\x80)" },
		{ "6.7.3", "T:\xe0\xa0\x80", "T(\xe0\xa0\x80)" }, { "6.7.4", "T:\xf0\x90\x80\x80", "T(\xf0\x90\x80\x80)" },
		{ "6.8.1", "T:\xf8\x88\x80\x80\x80", NOT_UTF8 },
		{ "6.9.4", "T:\xf4\x8f\xbf\xbf", "T(\xf4\x8f\xbf\xbf)" }, { "6.10.1", "T:\xf7\xbf\xbf\xbf", NOT_UTF8 },
		{ "6.11.3", "T:\xef\xbf\xbd", "T(\xef\xbf\xbd)" },
		{ "6.11.5", "T:\xf4\x90\x80\x80", NOT_UTF8 }, { "6.12.1", "T:\x80", NOT_UTF8 }, { "6.12.3", "T:\x80\xbf", NOT_UTF8 },
		{ "6.13.1", "T:\xc0 \xc1 ", NOT_UTF8 },
		{ "6.14.5", "T:\xdf", NOT_UTF8 }, { "6.15.1", "T:\xc0\xe0\x80\xf0\x80\x80", NOT_UTF8 }, { "6.16.1", "T:\xfe", NOT_UTF8 },
		{ "6.17.1", "T:\xc0\xaf", NOT_UTF8 },
		{ "6.18.1", "T:\xc1\xbf", NOT_UTF8 }, { "6.19.1", "T:\xc0\x80", NOT_UTF8 }, { "6.20.1", "T:\xed\xa0\x80", NOT_UTF8 },
		{ "6.20.7", "T:\xed\xbf\xbf", NOT_UTF8 },
		{ "6.21.1", "T:\xed\xa0\x80\xed\xb0\x80", NOT_UTF8 }, { "6.22.1", "T:\xef\xbf\xbe", "T(\xef\xbf\xbe)" },
		{ "6.23.1", "T:\xef\xbf\xb9", "T(\xef\xbf\xb9)" } };
	CHECK_SCRIPTS(table);
}

TEST(t_X5_websocket_autobahn_7_close)
{
	static const struct script table[] = {
		{ "7.1.1", "T:a|X:\x03\xe8", "T(a)X1000()" }, { "7.1.2", "X:\x03\xe8|X:\x03\xe8", "X1000()" }, { "7.1.3", "X:\x03\xe8|P:p", "X1000()" },
		{ "7.1.4", "X:\x03\xe8|T:t", "X1000()" }, { "7.1.5", "t:a|X:\x03\xe8|C:b", "X1000()" }, { "7.1.x", "X:\x03\xe8|!ff:junk", "X1000()" },
		{ "7.3.1", "X:", "X1005()" }, { "7.3.2", "X:a", BAD_CLOSE }, { "7.3.3", "X:\x03\xe8", "X1000()" },
		{ "7.3.4", "X:\x03\xe8Hello World!", "X1000(Hello World!)" },
		{ "7.3.6", "X*126", CONTROL }, { "7.5.1", "X:\x03\xe8\xce\xba\xed\xa0\x80", NOT_UTF8 }, { "7.5.x", "X:\x03\xe8\xce", NOT_UTF8 },
		{ "7.x", "x:\x03\xe8", CONTROL } };
	CHECK_SCRIPTS(table);
}

TEST(t_X5_websocket_autobahn_7_close_codes)
{
	static const uint16_t right[] = { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999 };
	static const uint16_t wrong[] = { 0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535 };
	char                  want[32];
	for (size_t i = 0; i < sizeof right / sizeof *right + sizeof wrong / sizeof *wrong; i++) {
		bool     good = i < sizeof right / sizeof *right;
		uint16_t code = good ? right[i] : wrong[i - sizeof right / sizeof *right];
		char     bytes[4] = { (char)(code >> 8), (char)code, 'o', 'k' };
		stream_bytes = 0;
		add_frame(0x88, bytes, 4, false);
		ws_tell(&story, WEBSOCKET_CLIENT, stream, stream_bytes, 3, MESSAGE_MAX);
		(void)snprintf(want, sizeof want, "X%u(ok)", code);
		CHECK_STR(story.text, good ? want : BAD_CLOSE);
	}
	stream_bytes = 0;
	memset(payload, '*', 125);
	payload[0] = (char)(1000 >> 8);
	payload[1] = (char)1000;
	add_frame(0x88, payload, 125, false);
	ws_tell(&story, WEBSOCKET_CLIENT, stream, stream_bytes, 1, MESSAGE_MAX);
	CHECK_EQ(memcmp(story.text, "X1000(123:", 10), 0);
}

TEST(t_X5_websocket_autobahn_9_limits)
{
	static const struct script table[] = {
		{ "9.1", "T*65537", TOO_LONG }, { "9.2", "B*65537", TOO_LONG }, { "9.3", "t*65536|c:|C:", "T(65536:16a00000)" },
		{ "9.4", "b*65536|C:x", TOO_LONG },
		{ "9.5", "b*60000|c*5000|P:p|C*536", "P(p)B(65536:16a00000)" }, { "9.6", "b*60000|c*5000|P:p|C*537", "P(p)" TOO_LONG } };
	CHECK_SCRIPTS(table);
}

static void check_raw(enum websocket_role role, const char *bytes, size_t count, const char *want)
{
	for (size_t most = 1; most <= count; most++) {
		ws_tell(&story, role, bytes, count, most, MESSAGE_MAX);
		CHECK_STR(story.text, want);
	}
}

TEST(t_X5_websocket_lengths_and_masks)
{
#define LENGTH "!1002 writes a length that is not the shortest, or too long for anybody"
	check_raw(WEBSOCKET_CLIENT, "\x81\x7e\x00\x7d", 4, LENGTH);
	check_raw(WEBSOCKET_CLIENT, "\x81\x7f\0\0\0\0\0\0\xff\xff", 10, LENGTH);
	check_raw(WEBSOCKET_CLIENT, "\x81\x7f\x80\0\0\0\0\0\0\0", 10, LENGTH);
	check_raw(WEBSOCKET_CLIENT, "\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10, TOO_LONG);
	check_raw(WEBSOCKET_CLIENT, "\x89\x7e\x00\x7e", 4, CONTROL);
	check_raw(WEBSOCKET_CLIENT, "\x81\x85\x37\xfa\x21\x3d", 6, "!1002 masks its frames though it is the server");
	check_raw(WEBSOCKET_SERVER, "\x81\x05Hello", 7, "!1002 does not mask its frames though it is the client");
	/* The examples of RFC 6455, section 5.7. */
	check_raw(WEBSOCKET_CLIENT, "\x81\x05\x48\x65\x6c\x6c\x6f", 7, "T(Hello)");
	check_raw(WEBSOCKET_SERVER, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11, "T(Hello)");
	check_raw(WEBSOCKET_CLIENT, "\x01\x03\x48\x65\x6c\x80\x02\x6c\x6f", 9, "T(Hello)");
	check_raw(WEBSOCKET_CLIENT, "\x89\x05\x48\x65\x6c\x6c\x6f", 7, "P(Hello)");
	check_raw(WEBSOCKET_SERVER, "\x8a\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11, "O(Hello)");
}

TEST(t_X5_websocket_an_end_without_close_is_no_close)
{
	struct websocket ws;
	char             room[8];
	websocket_init(&ws, WEBSOCKET_CLIENT, room, sizeof room);
	websocket_feed(&ws, "\x81\x01", 2);
	CHECK_EQ(websocket_next(&ws), WEBSOCKET_MORE);
	websocket_peer_closed(&ws);
	CHECK_EQ(websocket_next(&ws), WEBSOCKET_FAILED);
	CHECK_EQ(ws.verdict, WEBSOCKET_IS_CUT_SHORT);
	websocket_init(&ws, WEBSOCKET_CLIENT, room, sizeof room);
	websocket_feed(&ws, "\x88\x00xyz", 5);
	CHECK_EQ(websocket_next(&ws), WEBSOCKET_CLOSED);
	CHECK_EQ(ws.code, WEBSOCKET_CODE_NONE);
	CHECK_EQ(websocket_next(&ws), WEBSOCKET_MORE);
	websocket_peer_closed(&ws);
	CHECK_EQ(websocket_next(&ws), WEBSOCKET_GONE);
}

TEST(t_X5_websocket_a_whole_message_is_not_copied)
{
	struct websocket ws;
	char             room[8] = "untouch";
	const char      *bytes = "\x81\x05Hello\x81\x05world";
	websocket_init(&ws, WEBSOCKET_CLIENT, room, sizeof room);
	websocket_feed(&ws, bytes, 14);
	CHECK_EQ(websocket_next(&ws), WEBSOCKET_TEXT);
	CHECK(ws.at == bytes + 2);
	CHECK_EQ(websocket_next(&ws), WEBSOCKET_TEXT);
	CHECK(ws.at == bytes + 9);
	CHECK_STR(room, "untouch");
}

TEST(t_X5_websocket_writes_what_it_reads)
{
	static const uint8_t mask[] = { 1, 2, 3, 4 };
	char                 frame[256];
	CHECK_EQ(websocket_frame(frame, sizeof frame, WEBSOCKET_OP_TEXT, true, 0, "Hello", 5), 7);
	CHECK_EQ(memcmp(frame, "\x81\x05Hello", 7), 0);
	CHECK_EQ(websocket_frame(frame, 6, WEBSOCKET_OP_TEXT, true, 0, "Hello", 5), 0);
	CHECK_EQ(websocket_frame(frame, 1, WEBSOCKET_OP_TEXT, true, 0, "", 0), 0);
	CHECK_EQ(websocket_frame(frame, 11, WEBSOCKET_OP_TEXT, true, mask, "Hello", 5), 11);
	ws_tell(&story, WEBSOCKET_SERVER, frame, 11, 4, 100);
	CHECK_STR(story.text, "T(Hello)");
	size_t bytes = websocket_close(frame, sizeof frame, mask, 1001, "bye");
	CHECK_EQ(bytes, 11);
	ws_tell(&story, WEBSOCKET_SERVER, frame, bytes, 4, 100);
	CHECK_STR(story.text, "X1001(bye)");
	CHECK_EQ(websocket_close(frame, sizeof frame, 0, WEBSOCKET_CODE_NONE, "never sent"), 2);
	CHECK_EQ(websocket_head(frame, WEBSOCKET_OP_BINARY, true, 0, 65535), 4);
	CHECK_EQ(websocket_head(frame, WEBSOCKET_OP_BINARY, false, mask, 65536), 14);
	CHECK_EQ(memcmp(frame, "\x02\xff\0\0\0\0\0\1\0\0\1\2\3\4", 14), 0);
}

TEST(t_X5_websocket_masks_at_any_offset)
{
	static const uint8_t mask[] = { 0x11, 0x22, 0x44, 0x88 };
	char                 from[40], to[40];
	for (size_t i = 0; i < sizeof from; i++) from[i] = (char)(i * 7);
	for (uint64_t offset = 0; offset < 9; offset++)
		for (size_t count = 0; count <= sizeof from; count++) {
			websocket_mask(to, from, count, mask, offset);
			for (size_t i = 0; i < count; i++) CHECK_EQ((uint8_t)to[i], (uint8_t)from[i] ^ mask[(i + offset) % 4]);
		}
}

static void long_ping(void)
{
	static char frame[256];
	(void)websocket_frame(frame, sizeof frame, WEBSOCKET_OP_PING, true, 0, frame, 126);
}

static void ping_in_fragments(void)
{
	static char frame[256];
	(void)websocket_frame(frame, sizeof frame, WEBSOCKET_OP_PING, false, 0, frame, 1);
}

TEST(t_X5_websocket_wrong_frames_of_ours_are_bugs)
{
	CHECK_BUG(long_ping, 3410);
	CHECK_BUG(ping_in_fragments, 3410);
}

/* --- the handshake ------------------------------------------------------------------------------------------------- */

static const char example_key[] = "dGhlIHNhbXBsZSBub25jZQ==", example_accept[] = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

TEST(t_X5_websocket_handshake_example_of_rfc_6455)
{
	static struct http_reader http;
	struct http_writer        out;
	char                      head[512], answer[512], key[WEBSOCKET_KEY_BYTES], made[WEBSOCKET_KEY_BYTES];
	websocket_key(made, (const uint8_t *)"the sample nonce");
	CHECK_STR(made, example_key);
	http_writer_init(&out, head, sizeof head);
	websocket_ask(&out, "example.com:443", "/stream", made);
	http_put(&out, "Authorization", "Bearer x");
	http_no_body(&out);
	http_reader_init(&http, HTTP_SERVER, 0);
	http_feed(&http, head, http_written(&out));
	CHECK_EQ(http_next(&http), HTTP_HEAD);
	CHECK_EQ(websocket_asked(&http, key), WEBSOCKET_IS_OK);
	CHECK_STR(key, example_key);
	http_writer_init(&out, answer, sizeof answer);
	websocket_answer(&out, key);
	http_no_body(&out);
	http_reader_init(&http, HTTP_CLIENT, 0);
	http_asked(&http, HTTP_TO_UPGRADE);
	http_feed(&http, answer, http_written(&out));
	CHECK_EQ(http_next(&http), HTTP_HEAD);
	CHECK(http_header_of(&http, "Sec-WebSocket-Accept").length == strlen(example_accept));
	CHECK_EQ(memcmp(http_header_of(&http, "Sec-WebSocket-Accept").at, example_accept, strlen(example_accept)), 0);
	CHECK_EQ(websocket_answered(&http, example_key), WEBSOCKET_IS_OK);
	CHECK_EQ(websocket_answered(&http, "AAAAAAAAAAAAAAAAAAAAAA=="), WEBSOCKET_IS_ACCEPT);
}

static enum websocket_verdict answered(const char *status, const char *headers)
{
	static struct http_reader http;
	char                      head[512];
	int                       length = snprintf(head, sizeof head, "HTTP/1.1 %s\r\n%s\r\n", status, headers);
	http_reader_init(&http, HTTP_CLIENT, 0);
	http_asked(&http, HTTP_TO_UPGRADE);
	http_feed(&http, head, (size_t)length);
	CHECK_EQ(http_next(&http), HTTP_HEAD);
	return websocket_answered(&http, example_key);
}

TEST(t_X5_websocket_a_wrong_answer_is_named)
{
#define UPGRADE "Upgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n"
#define ACCEPT "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
	CHECK_EQ(answered("101 ok", UPGRADE ACCEPT), WEBSOCKET_IS_OK);
	CHECK_EQ(answered("401 Unauthorized", "Content-Length: 0\r\n"), WEBSOCKET_IS_STATUS);
	CHECK_EQ(answered("101 ok", ACCEPT "Connection: Upgrade\r\n"), WEBSOCKET_IS_UPGRADE);
	CHECK_EQ(answered("101 ok", ACCEPT "Upgrade: websocket\r\n"), WEBSOCKET_IS_UPGRADE);
	CHECK_EQ(answered("101 ok", UPGRADE), WEBSOCKET_IS_ACCEPT);
	CHECK_EQ(answered("101 ok", UPGRADE ACCEPT ACCEPT), WEBSOCKET_IS_ACCEPT);
	CHECK_EQ(answered("101 ok", UPGRADE "Sec-WebSocket-Accept: S3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), WEBSOCKET_IS_ACCEPT);
	CHECK_EQ(answered("101 ok", UPGRADE ACCEPT "Sec-WebSocket-Extensions: permessage-deflate\r\n"), WEBSOCKET_IS_EXTENSION);
	CHECK_EQ(answered("101 ok", UPGRADE ACCEPT "Sec-WebSocket-Protocol: chat\r\n"), WEBSOCKET_IS_EXTENSION);
}

static enum websocket_verdict asked(const char *line, const char *headers)
{
	static struct http_reader http;
	char                      head[512], key[WEBSOCKET_KEY_BYTES];
	int                       length = snprintf(head, sizeof head, "%s\r\nHost: h\r\n%s\r\n", line, headers);
	http_reader_init(&http, HTTP_SERVER, 0);
	http_feed(&http, head, (size_t)length);
	CHECK_EQ(http_next(&http), HTTP_HEAD);
	enum websocket_verdict verdict = websocket_asked(&http, key);
	CHECK_STR(key, verdict == WEBSOCKET_IS_OK ? example_key : "");
	return verdict;
}

TEST(t_X5_websocket_a_wrong_request_is_named)
{
#define KEY "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
#define VERSION "Sec-WebSocket-Version: 13\r\n"
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE KEY VERSION), WEBSOCKET_IS_OK);
	CHECK_EQ(asked("POST / HTTP/1.1", UPGRADE KEY VERSION), WEBSOCKET_IS_METHOD);
	CHECK_EQ(asked("GET / HTTP/1.0", UPGRADE KEY VERSION), WEBSOCKET_IS_METHOD);
	CHECK_EQ(asked("GET / HTTP/1.1", KEY VERSION), WEBSOCKET_IS_UPGRADE);
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE KEY), WEBSOCKET_IS_VERSION);
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE KEY "Sec-WebSocket-Version: 8\r\n"), WEBSOCKET_IS_VERSION);
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE VERSION), WEBSOCKET_IS_KEY);
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE VERSION KEY KEY), WEBSOCKET_IS_KEY);
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZ!==\r\n"), WEBSOCKET_IS_KEY);
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE VERSION "Sec-WebSocket-Key: dGhl\r\n"), WEBSOCKET_IS_KEY);
	CHECK_EQ(asked("GET / HTTP/1.1", UPGRADE VERSION "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZXM=\r\n"), WEBSOCKET_IS_KEY);        /* 17 bytes */
	CHECK_EQ(asked("PUT / HTTP/1.1", UPGRADE KEY VERSION), WEBSOCKET_IS_METHOD);
	char               answer[512];
	struct http_writer out;
	http_writer_init(&out, answer, sizeof answer);
	websocket_refuse(&out, WEBSOCKET_IS_VERSION);
	CHECK(http_written(&out) > 0 && strstr(answer, "HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 13\r\n") == answer);
	http_writer_init(&out, answer, sizeof answer);
	websocket_refuse(&out, WEBSOCKET_IS_KEY);
	CHECK(http_written(&out) > 0 && strstr(answer, "HTTP/1.1 400 Bad Request\r\n") == answer);
}

TEST(t_X5_websocket_damage_never_surprises)
{
	static const char        letters[] = "\x81\x82\x01\x02\x80\x00\x88\x89\x8a\x7e\x7f\x05\xe2\x82\xac\x03\xe8\xff";
	static const char *const frames[] = { "T:Hello|t:\xe2|P:ping|C:\x82\xac|B:\xff\xfe|X:\x03\xe8later", "b*20|c:x|O:|C:y|T*130|P*125",
		"T:a|T:\xf0\x9f\x98\x80|t:\xf0\x9f|c:\x98|C:\x80|X:" };
	static char bytes[MUTATED_MAX];
	uint32_t    count = mutations();
	for (uint32_t i = 0; i < count; i++) {
		uint64_t            seed = i;
		enum websocket_role role = i % 2 ? WEBSOCKET_SERVER : WEBSOCKET_CLIENT;
		build(frames[i / 2 % 3], role == WEBSOCKET_SERVER);
		size_t      length = mutate(bytes, stream, stream_bytes, letters, sizeof letters - 1, &seed);
		const char *broken = websocket_property(role, bytes, length, i % 7 ? 1000 : 16);
		if (broken) fprintf(stderr, "  seed %u: %s\n", i, broken);
		CHECK(!broken);
	}
}
