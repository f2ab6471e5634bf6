/* http_write.c - the writer of http.h: what could change the meaning of a message is refused before a byte of it is written. */
#include <stdio.h>
#include <string.h>

#include "hal/wire/http.h"

static void put(struct http_writer *out, const char *bytes, size_t count)
{
	if (out->verdict != HTTP_OK) return;
	if (count > out->size - out->length) {
		out->verdict = HTTP_NO_ROOM;
		return;
	}
	if (count) memcpy(out->at + out->length, bytes, count);
	out->length += count;
}

static void put_text(struct http_writer *out, const char *text) { put(out, text, strlen(text)); }

static void refuse(struct http_writer *out, enum http_verdict verdict)
{
	if (out->verdict == HTTP_OK) out->verdict = verdict;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static bool is_token(const char *text)
{
	static const char token[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
	return *text && text[strspn(text, token)] == 0;
}

static bool is_target(const char *text)
{
	for (const char *at = text; *at; at++)
		if (*at <= ' ' || *at >= 0x7f || *at == '#') return false;
	return *text == '/';
}

/* What a receiver would give back unchanged: no controls, no blanks at the ends. */
static bool is_value(const char *text)
{
	size_t length = strlen(text);
	for (size_t i = 0; i < length; i++)
		if (((uint8_t)text[i] < ' ' && text[i] != '\t') || text[i] == 0x7f) return false;
	return length == 0 || (!is_blank(text[0]) && !is_blank(text[length - 1]));
}

static bool same_name(const char *a, const char *b) { return http_text_is((struct http_text){ a, (uint32_t)strlen(a) }, b); }

void http_writer_init(struct http_writer *out, char *buffer, size_t size) { *out = (struct http_writer){ .at = buffer, .size = size }; }

void http_request(struct http_writer *out, const char *method, const char *target)
{
	if (!is_token(method) || !is_target(target)) refuse(out, HTTP_BAD_TARGET);
	put_text(out, method);
	put_text(out, " ");
	put_text(out, target);
	put_text(out, " HTTP/1.1\r\n");
}

const char *http_reason(uint32_t status)
{
	static const struct { uint32_t status; const char *reason; } rows[] = {
		{ 100, "Continue" }, { 101, "Switching Protocols" }, { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" },
		{ 207, "Multi-Status" }, { 301, "Moved Permanently" }, { 302, "Found" }, { 304, "Not Modified" }, { 307, "Temporary Redirect" },
		{ 308, "Permanent Redirect" }, { 400, "Bad Request" }, { 401, "Unauthorized" }, { 403, "Forbidden" }, { 404, "Not Found" },
		{ 405, "Method Not Allowed" }, { 408, "Request Timeout" }, { 409, "Conflict" }, { 411, "Length Required" }, { 413, "Content Too Large" },
		{ 422, "Unprocessable Content" }, { 426, "Upgrade Required" }, { 429, "Too Many Requests" }, { 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" }, { 501, "Not Implemented" }, { 502, "Bad Gateway" }, { 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" }, { 505, "HTTP Version Not Supported" } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].status == status) return rows[i].reason;
	return "";
}

void http_response(struct http_writer *out, uint32_t status)
{
	char line[64];
	if (status < 100 || status > 599) refuse(out, HTTP_BAD_TARGET);
	int length = snprintf(line, sizeof line, "HTTP/1.1 %u %s\r\n", status, http_reason(status));
	put(out, line, (size_t)length);
}

static void put_header(struct http_writer *out, const char *name, const char *value)
{
	put_text(out, name);
	put_text(out, ": ");
	put_text(out, value);
	put_text(out, "\r\n");
}

void http_put(struct http_writer *out, const char *name, const char *value)
{
	if (!is_token(name) || !is_value(value)) refuse(out, HTTP_BAD_HEADER);
	if (same_name(name, "Content-Length") || same_name(name, "Transfer-Encoding")) refuse(out, HTTP_OWN_HEADER);
	put_header(out, name, value);
}

void http_put_u64(struct http_writer *out, const char *name, uint64_t value)
{
	char text[24];
	(void)snprintf(text, sizeof text, "%llu", (unsigned long long)value);
	http_put(out, name, text);
}

void http_no_body(struct http_writer *out) { put_text(out, "\r\n"); }

void http_body_elsewhere(struct http_writer *out, uint64_t count)
{
	char text[24];
	(void)snprintf(text, sizeof text, "%llu", (unsigned long long)count);
	put_header(out, "Content-Length", text);
	http_no_body(out);
}

void http_body(struct http_writer *out, const char *bytes, size_t count)
{
	http_body_elsewhere(out, count);
	put(out, bytes, count);
}

void http_chunks(struct http_writer *out)
{
	put_header(out, "Transfer-Encoding", "chunked");
	http_no_body(out);
}

void http_chunk(struct http_writer *out, const char *bytes, size_t count)
{
	char line[24];
	if (count == 0) return;
	int length = snprintf(line, sizeof line, "%zx\r\n", count);
	put(out, line, (size_t)length);
	put(out, bytes, count);
	put_text(out, "\r\n");
}

void http_chunks_end(struct http_writer *out) { put_text(out, "0\r\n\r\n"); }
