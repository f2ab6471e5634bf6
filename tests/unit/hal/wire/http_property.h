/* http_property.h - what must hold of the HTTP reader for any bytes: however they are cut, it tells the same. Used by http_test.c
 * and by the fuzzer of tests/fuzz. */
#ifndef TESTS_UNIT_HAL_WIRE_HTTP_PROPERTY_H
#define TESTS_UNIT_HAL_WIRE_HTTP_PROPERTY_H
#include <stdio.h>
#include <string.h>

#include "hal/wire/http.h"

enum { HTTP_STORY_BYTES = 1 << 17, HTTP_PROPERTY_BODY_MAX = 2000, HTTP_MESSAGES_MAX = 4 };

/* Everything the reader told, as text; portions of a body run together. */
struct http_story { size_t length; bool in_body; char text[HTTP_STORY_BYTES]; };

static void story_put(struct http_story *story, const char *bytes, size_t count)
{
	if (count > HTTP_STORY_BYTES - 1 - story->length) count = HTTP_STORY_BYTES - 1 - story->length;
	if (count) memcpy(story->text + story->length, bytes, count);
	story->length += count;
	story->text[story->length] = 0;
}

static void story_text(struct http_story *story, struct http_text text, const char *behind)
{
	story_put(story, text.at, text.length);
	story_put(story, behind, strlen(behind));
}

static void story_head(struct http_story *story, const struct http_reader *http)
{
	char line[64];
	int  length = snprintf(line, sizeof line, "[%u 1.%u %s ", http->status, http->minor, http->keep_alive ? "stays" : "ends");
	story_put(story, line, (size_t)length);
	story_text(story, http->method, " ");
	story_text(story, http->target, " ");
	story_text(story, http->reason, "]");
	for (uint32_t i = 0; i < http->headers; i++) {
		story_text(story, http->header[i].name, "=");
		story_text(story, http->header[i].value, ";");
	}
}

/* One event; false when nothing more comes now. */
static bool story_event(struct http_story *story, struct http_reader *http, enum http_event event)
{
	switch (event) {
	case HTTP_MORE: return false;
	case HTTP_HEAD: story_head(story, http); return true;
	case HTTP_BODY:
		if (!story->in_body) story_put(story, "(", 1);
		story->in_body = true;
		story_text(story, http->body, "");
		return true;
	case HTTP_DONE:
		story_put(story, "DONE\n", 5);
		story->in_body = false;
		if (http->role == HTTP_CLIENT) http_asked(http, HTTP_PLAIN);
		return true;
	case HTTP_CLOSED: story_put(story, "CLOSED", 6); return false;
	case HTTP_FAILED: story_put(story, http_verdict_text[http->verdict], strlen(http_verdict_text[http->verdict])); return false;
	}
	return false;
}

/* Bytes in pieces of at most `most` bytes, then the end of the connection. */
static void http_story(struct http_story *story, enum http_role role, enum http_asked what, const char *bytes, size_t count, size_t most)
{
	static struct http_reader http;
	story->length = 0;
	story->in_body = false;
	http_reader_init(&http, role, HTTP_PROPERTY_BODY_MAX);
	if (role == HTTP_CLIENT) http_asked(&http, what);
	for (size_t at = 0; at < count && http.verdict == HTTP_OK; at += most) {
		http_feed(&http, bytes + at, count - at < most ? count - at : most);
		while (story_event(story, &http, http_next(&http))) continue;
	}
	http_peer_closed(&http);
	if (http.verdict == HTTP_OK)
		while (story_event(story, &http, http_next(&http))) continue;
}

static const char *http_property(enum http_role role, enum http_asked what, const char *bytes, size_t count)
{
	static struct http_story whole, cut;
	http_story(&whole, role, what, bytes, count, count ? count : 1);
	for (size_t most = 1; most <= 7; most += 3) {
		http_story(&cut, role, what, bytes, count, most);
		if (cut.length != whole.length || memcmp(cut.text, whole.text, whole.length) != 0) return "another cut tells another story";
	}
	return 0;
}

#endif
