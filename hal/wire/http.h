/* http.h - HTTP/1.1 (RFC 9110, 9112): reads answers or requests, writes the other. No I/O, no memory of its own.
 *
 * READING. Bytes in, events out; any cut of the bytes gives the same events (only HTTP_BODY comes in other portions).
 *
 *   http_reader_init(&http, HTTP_CLIENT, body_bytes_max);
 *   http_asked(&http, HTTP_PLAIN);                          a client says so for each request it sends
 *   http_feed(&http, bytes, count);                         until HTTP_MORE; http_peer_closed(&http) when no more will come
 *   while ((event = http_next(&http)) != HTTP_MORE) ...
 *
 *   HTTP_HEAD      status (or method and target) and headers are known; slices live in the reader until the next message
 *   HTTP_BODY      body: a portion, inside the bytes that were fed
 *   HTTP_DONE      the message is complete. Bytes behind it stay (http_rest): the next message, or WebSocket after a 101
 *   HTTP_CLOSED    the peer closed between two messages
 *   HTTP_FAILED    verdict says why, for ever: close the connection
 *
 * Framing is never guessed: Content-Length twice with two values, Content-Length beside Transfer-Encoding, a coding other than
 * chunked, folded headers, lines that end in a bare LF, blanks before a colon, control characters are refused. Interim answers
 * (1xx) are passed over, but a 101 comes when it was asked for. 204, 304 and the answer to HEAD have no body; an answer
 * without a length ends with the connection. Trailers are checked and dropped. keep_alive says whether another message may follow.
 *
 * WRITING. Text of a message into a buffer of the caller; an error stays and nothing is written after it.
 *
 *   http_writer_init(&out, buffer, sizeof buffer);
 *   http_request(&out, "POST", "/v2/orders");
 *   http_put(&out, "Host", "api.example.com");
 *   http_body(&out, json, json_bytes);                      writes Content-Length and the end of the head
 *   size_t bytes = http_written(&out);                      0: out.verdict says why
 *
 * No header can be smuggled in: names are tokens, values have no CR, LF or other control character, and the headers that frame
 * a message (Content-Length, Transfer-Encoding) are written by the writer alone. Rows: X5, "Bad input". */
#ifndef HAL_WIRE_HTTP_H
#define HAL_WIRE_HTTP_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HTTP_HEAD_BYTES_MAX = 8192,     /* bytes of one head, its line ends included */
	HTTP_HEADERS_MAX = 64,          /* headers of one message; as many trailers */
	HTTP_LINE_BYTES_MAX = 512,      /* of a chunk's size line or of a trailer, its line end included */
	HTTP_INTERIM_MAX = 8            /* 1xx answers before one that counts */
};

#define HTTP_VERDICTS(X)                                                                     \
	X(OK, "is fine")                                                                     \
	X(HEAD_TOO_LONG, "has a head that is too long")                                      \
	X(TOO_MANY_HEADERS, "has too many headers")                                          \
	X(LINE_TOO_LONG, "has a chunk size or trailer that is too long")                     \
	X(LINE_END, "has a line that does not end in CR LF")                                 \
	X(START_LINE, "does not begin as an HTTP message begins")                            \
	X(VERSION, "is not HTTP/1.0 or HTTP/1.1")                                            \
	X(HEADER, "has a header that is not name: value")                                    \
	X(FOLDED, "has a header that goes on in the next line")                              \
	X(HOST, "does not name its host exactly once")                                       \
	X(LENGTH, "has a Content-Length that is no number, or two of them")                  \
	X(CODING, "has a transfer coding other than chunked, or one beside a length")        \
	X(CHUNK, "has a chunk without a right size or end")                                  \
	X(BODY_TOO_LONG, "has a body that is too long")                                      \
	X(UNASKED, "came without a request")                                                 \
	X(UPGRADE, "changes the protocol without having been asked")                         \
	X(INTERIM, "has too many interim answers before it")                                 \
	X(UNANSWERED, "never came: the connection was closed")                               \
	X(CUT_SHORT, "ended before it was complete: the connection was closed")              \
	X(NO_ROOM, "does not fit the buffer")                                                \
	X(BAD_TARGET, "has a method or target that cannot be written")                       \
	X(BAD_HEADER, "has a header that cannot be written")                                 \
	X(OWN_HEADER, "has a header that only the writer writes")
#define HTTP_VERDICT_ID(name, text) HTTP_##name,
enum http_verdict { HTTP_VERDICTS(HTTP_VERDICT_ID) HTTP_VERDICTS_N };
extern const char *const http_verdict_text[HTTP_VERDICTS_N];

enum http_event { HTTP_MORE, HTTP_HEAD, HTTP_BODY, HTTP_DONE, HTTP_CLOSED, HTTP_FAILED };
enum http_role { HTTP_CLIENT, HTTP_SERVER };                      /* who reads: a client reads answers */
enum http_asked { HTTP_PLAIN, HTTP_WITHOUT_BODY, HTTP_TO_UPGRADE };    /* a request; HEAD; one with Upgrade */

struct http_text { const char *at; uint32_t length; };          /* at is 0: there is none */
struct http_header { struct http_text name, value; };

struct http_reader {
	const char       *next, *end;   /* what was fed and not read */
	uint8_t           role, state, asked_for, interim, event;
	bool              asked, peer_closed;
	enum http_verdict verdict;
	uint64_t          body_bytes_max, body_bytes, rest;

	uint32_t          status;       /* of an answer, 100 to 599 */
	uint32_t          minor;        /* HTTP/1.minor, 0 or 1 */
	struct http_text  method, target, reason;
	bool              keep_alive;
	struct http_text  body;         /* of HTTP_BODY */

	uint32_t           headers, trailers;
	struct http_header header[HTTP_HEADERS_MAX];
	uint32_t           head_bytes, line_begin;
	char               head[HTTP_HEAD_BYTES_MAX];
	uint32_t           line_bytes;
	char               line[HTTP_LINE_BYTES_MAX];
};

void http_reader_init(struct http_reader *http, enum http_role role, uint64_t body_bytes_max);
/* A client has sent a request; its answer may come. Not before the answer to the last one is done. */
void http_asked(struct http_reader *http, enum http_asked what);
/* More bytes; they stay where they are until HTTP_MORE. What was fed before must have been read to HTTP_MORE. */
void http_feed(struct http_reader *http, const char *bytes, size_t count);
void http_peer_closed(struct http_reader *http);
enum http_event http_next(struct http_reader *http);
static inline size_t http_rest(const struct http_reader *http) { return (size_t)(http->end - http->next); }

/* The value of the first header of this name, in any case of letters; at is 0 when there is none. */
struct http_text http_header_of(const struct http_reader *http, const char *name);
/* How many headers have this name. */
uint32_t http_header_count(const struct http_reader *http, const char *name);
/* Is this one of the comma-separated words of all headers of this name (Connection, Upgrade)? */
bool http_header_has(const struct http_reader *http, const char *name, const char *word);
/* The same text, in any case of ASCII letters. */
bool http_text_is(struct http_text text, const char *want);
/* A whole number without sign, of at most 18 digits. */
bool http_text_u64(struct http_text text, uint64_t *out);

struct http_writer {
	char             *at;
	size_t            size, length;
	enum http_verdict verdict;
};

void http_writer_init(struct http_writer *out, char *buffer, size_t size);
/* Target: a path from '/', percent-encoded where it must be. Host is the caller's header. */
void http_request(struct http_writer *out, const char *method, const char *target);
void http_response(struct http_writer *out, uint32_t status);
void http_put(struct http_writer *out, const char *name, const char *value);
void http_put_u64(struct http_writer *out, const char *name, uint64_t value);
/* One of these ends the head: no body at all; this body; a body of so many bytes that somebody else sends; chunks. */
void http_no_body(struct http_writer *out);
void http_body(struct http_writer *out, const char *bytes, size_t count);
void http_body_elsewhere(struct http_writer *out, uint64_t count);
void http_chunks(struct http_writer *out);
/* A chunk; an empty one is left out, because it would be the end. */
void http_chunk(struct http_writer *out, const char *bytes, size_t count);
void http_chunks_end(struct http_writer *out);
/* Bytes written; 0 after an error. */
static inline size_t http_written(const struct http_writer *out) { return out->verdict == HTTP_OK ? out->length : 0; }
/* The phrase of a status, empty for one that has none here. */
const char *http_reason(uint32_t status);

#endif
