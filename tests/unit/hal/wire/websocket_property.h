/* websocket_property.h - what must hold of the WebSocket reader for any bytes: however they are cut, it tells the same, and
 * what it tells is within its limits. Used by websocket_test.c and by the fuzzer of tests/fuzz. */
#ifndef TESTS_UNIT_HAL_WIRE_WEBSOCKET_PROPERTY_H
#define TESTS_UNIT_HAL_WIRE_WEBSOCKET_PROPERTY_H
#include <stdio.h>
#include <string.h>

#include "hal/wire/websocket.h"

enum { WS_STORY_BYTES = 1 << 15, WS_SHOWN_BYTES = 64 };

/* Everything the reader told, as text: T(hello)P()X1000(bye). Long payloads as their length and a checksum. */
struct ws_story { size_t length; const char *broken; char text[WS_STORY_BYTES]; };

static void ws_put(struct ws_story *story, const char *bytes, size_t count)
{
	if (count > WS_STORY_BYTES - 1 - story->length) count = WS_STORY_BYTES - 1 - story->length;
	memcpy(story->text + story->length, bytes, count);
	story->length += count;
	story->text[story->length] = 0;
}

static void ws_payload(struct ws_story *story, const struct websocket *ws)
{
	char     line[64];
	uint32_t sum = 0;
	for (size_t i = 0; i < ws->length; i++) sum = sum * 31 + (uint8_t)ws->at[i];
	int length = snprintf(line, sizeof line, "%zu:%08x", ws->length, sum);
	ws_put(story, "(", 1);
	if (ws->length > WS_SHOWN_BYTES) ws_put(story, line, (size_t)length);
	else if (ws->length) ws_put(story, ws->at, ws->length);
	ws_put(story, ")", 1);
}

/* One event; false when nothing more comes now. */
static bool ws_event(struct ws_story *story, const struct websocket *ws, enum websocket_event event)
{
	static const char letter[] = " TBPOX";
	char              line[80];
	if (event == WEBSOCKET_MORE || event == WEBSOCKET_GONE) return false;
	if (event == WEBSOCKET_FAILED) {
		int length = snprintf(line, sizeof line, "!%u %s", websocket_code_of(ws->verdict), websocket_verdict_text[ws->verdict]);
		ws_put(story, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
		return false;
	}
	ws_put(story, letter + event, 1);
	if (event == WEBSOCKET_CLOSED) ws_put(story, line, (size_t)snprintf(line, sizeof line, "%u", ws->code));
	ws_payload(story, ws);
	if (ws->length > (event >= WEBSOCKET_PING ? WEBSOCKET_CONTROL_BYTES_MAX : ws->message_bytes_max)) story->broken = "more than the limit";
	if (event == WEBSOCKET_TEXT && !utf8_is(ws->at, ws->length)) story->broken = "text that is not UTF-8";
	return true;
}

/* Bytes in pieces of at most `most` bytes. */
static void ws_tell(struct ws_story *story, enum websocket_role role, const char *bytes, size_t count, size_t most, size_t message_max)
{
	static char      message[1 << 17];
	struct websocket ws;
	story->length = 0;
	story->broken = 0;
	story->text[0] = 0;
	websocket_init(&ws, role, message, message_max < sizeof message ? message_max : sizeof message);
	for (size_t at = 0; at < count && ws.verdict == WEBSOCKET_IS_OK; at += most) {
		websocket_feed(&ws, bytes + at, count - at < most ? count - at : most);
		while (ws_event(story, &ws, websocket_next(&ws))) continue;
	}
	if (ws.verdict != WEBSOCKET_IS_OK) return;
	websocket_peer_closed(&ws);
	enum websocket_event event = websocket_next(&ws);
	if (event != WEBSOCKET_FAILED && event != WEBSOCKET_GONE) story->broken = "an end that is none";
	if ((event == WEBSOCKET_GONE) != ws.closed) story->broken = "an end without a close frame is not clean";
}

static const char *websocket_property(enum websocket_role role, const char *bytes, size_t count, size_t message_max)
{
	static struct ws_story whole, cut;
	ws_tell(&whole, role, bytes, count, count ? count : 1, message_max);
	if (whole.broken) return whole.broken;
	for (size_t most = 1; most <= 9; most += 4) {
		ws_tell(&cut, role, bytes, count, most, message_max);
		if (cut.broken) return cut.broken;
		if (cut.length != whole.length || memcmp(cut.text, whole.text, whole.length) != 0) return "another cut tells another story";
	}
	return 0;
}

#endif
