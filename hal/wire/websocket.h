/* websocket.h - WebSocket (RFC 6455), whole, for both sides: the handshake over http.h, frames from bytes, frames into bytes.
 * No I/O, no randomness and no memory of its own. Extensions are not offered and not accepted, subprotocols neither.
 *
 * HANDSHAKE. A client: websocket_key, websocket_ask, further headers (http_put), http_no_body, http_asked(HTTP_TO_UPGRADE); at
 * HTTP_HEAD websocket_answered. A server: at HTTP_HEAD websocket_asked, then websocket_answer, http_no_body, or
 * websocket_refuse. After HTTP_DONE the bytes behind the head (http->next, http_rest) are the first to be fed here.
 *
 * READING. Bytes in, events out; any cut of the bytes gives the same events.
 *
 *   websocket_init(&ws, WEBSOCKET_CLIENT, buffer, sizeof buffer);          the buffer is the longest message
 *   websocket_feed(&ws, bytes, count);                                     until WEBSOCKET_MORE
 *   while ((event = websocket_next(&ws)) != WEBSOCKET_MORE) ...
 *
 *   WEBSOCKET_TEXT, _BINARY   a whole message, however it was fragmented: at, length. Text is UTF-8
 *   WEBSOCKET_PING, _PONG     at, length <= 125. Answer a ping with a pong of the same bytes
 *   WEBSOCKET_CLOSED          code and reason (at, length) of the peer's close frame; code 1005: it named none. Answer with the
 *                             same code unless we closed first. What comes after is dropped
 *   WEBSOCKET_GONE            the connection ended after the close frame
 *   WEBSOCKET_FAILED          verdict says why, for ever: send a close frame with websocket_code_of(verdict), end the connection
 *
 * at .. length stays until the next call: a message that arrived in one piece and unmasked is not copied. A peer is refused
 * at the first byte that is wrong: text in the middle of a character, a message at the header that makes it too long.
 *
 * WRITING. websocket_frame makes one frame. A client gives four unpredictable bytes a frame as its mask, a server gives none (0).
 * Rows: X5, "Bad input". */
#ifndef HAL_WIRE_WEBSOCKET_H
#define HAL_WIRE_WEBSOCKET_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hal/wire/http.h"
#include "hal/wire/utf8.h"

enum {
	WEBSOCKET_HEAD_BYTES_MAX = 14,  /* 2 + a length of 8 + a mask of 4 */
	WEBSOCKET_CONTROL_BYTES_MAX = 125,
	WEBSOCKET_REASON_BYTES_MAX = 123, /* of a close frame, behind its code */
	WEBSOCKET_MASK_BYTES = 4,
	WEBSOCKET_NONCE_BYTES = 16,     /* random, of a client's key */
	WEBSOCKET_KEY_BYTES = 25        /* the nonce in base 64, with a final zero */
};

/* Name, the code of our close frame, the sentence about the peer. */
#define WEBSOCKET_VERDICTS(X)                                                                 \
	X(OK, 1000, "is fine")                                                                \
	X(RESERVED, 1002, "sets reserved bits")                                               \
	X(OPCODE, 1002, "uses a reserved opcode")                                             \
	X(MASKED, 1002, "masks its frames though it is the server")                           \
	X(UNMASKED, 1002, "does not mask its frames though it is the client")                 \
	X(LENGTH, 1002, "writes a length that is not the shortest, or too long for anybody")  \
	X(CONTROL, 1002, "sends a control frame that is too long or in fragments")            \
	X(NO_MESSAGE, 1002, "goes on with a message that never began")                        \
	X(IN_MESSAGE, 1002, "begins a message inside another")                                \
	X(UTF8, 1007, "sends text that is not UTF-8")                                         \
	X(CLOSE, 1002, "closes with a code that nobody may send")                             \
	X(TOO_LONG, 1009, "sends a message that is too long")                                 \
	X(CUT_SHORT, 1006, "ended the connection without closing it")                         \
	X(STATUS, 1006, "does not answer the handshake with status 101")                      \
	X(UPGRADE, 1006, "does not upgrade to websocket")                                     \
	X(ACCEPT, 1006, "has not read our key")                                               \
	X(EXTENSION, 1006, "chooses an extension or subprotocol that was not offered")        \
	X(METHOD, 1006, "asks with something else than GET and HTTP/1.1")                     \
	X(VERSION, 1006, "asks for another version than 13")                                  \
	X(KEY, 1006, "asks without one right key")
#define WEBSOCKET_VERDICT_ID(name, code, text) WEBSOCKET_IS_##name,
enum websocket_verdict { WEBSOCKET_VERDICTS(WEBSOCKET_VERDICT_ID) WEBSOCKET_VERDICTS_N };
extern const char *const websocket_verdict_text[WEBSOCKET_VERDICTS_N];

enum websocket_event {
	WEBSOCKET_MORE, WEBSOCKET_TEXT, WEBSOCKET_BINARY, WEBSOCKET_PING, WEBSOCKET_PONG, WEBSOCKET_CLOSED, WEBSOCKET_GONE, WEBSOCKET_FAILED
};
enum websocket_role { WEBSOCKET_CLIENT, WEBSOCKET_SERVER };      /* who we are: a server reads masked frames */
enum websocket_opcode {
	WEBSOCKET_OP_CONTINUE = 0, WEBSOCKET_OP_TEXT = 1, WEBSOCKET_OP_BINARY = 2, WEBSOCKET_OP_CLOSE = 8, WEBSOCKET_OP_PING = 9, WEBSOCKET_OP_PONG = 10
};
enum websocket_code {
	WEBSOCKET_CODE_NORMAL = 1000, WEBSOCKET_CODE_AWAY = 1001, WEBSOCKET_CODE_NONE = 1005, WEBSOCKET_CODE_ABNORMAL = 1006
};

struct websocket {
	const char            *next, *end;      /* what was fed and not read */
	enum websocket_verdict verdict;
	uint8_t                role;
	bool                   peer_closed, closed;

	const char *at;                         /* of the event told last */
	size_t      length;
	uint16_t    code;                       /* of WEBSOCKET_CLOSED */

	char       *message;                    /* the caller's buffer */
	size_t      message_bytes_max, message_bytes;
	uint8_t     message_opcode;             /* of the message begun; 0 between messages */
	struct utf8 utf8;

	uint8_t  head[WEBSOCKET_HEAD_BYTES_MAX], head_bytes;
	bool     in_payload;
	uint64_t payload_bytes, payload_read;   /* of the frame begun */
	char     control[WEBSOCKET_CONTROL_BYTES_MAX];
};

void websocket_init(struct websocket *ws, enum websocket_role role, char *message, size_t message_bytes_max);
/* More bytes; they stay where they are until WEBSOCKET_MORE. What was fed before must have been read to WEBSOCKET_MORE. */
void websocket_feed(struct websocket *ws, const char *bytes, size_t count);
void websocket_peer_closed(struct websocket *ws);
enum websocket_event websocket_next(struct websocket *ws);
/* 1002, 1007 or 1009; 1006 when there is nobody to send a close frame to. */
uint16_t websocket_code_of(enum websocket_verdict verdict);

/* The head of a frame of so many payload bytes, which follow it, masked (websocket_mask) when a mask was given. Its bytes. */
size_t websocket_head(char out[WEBSOCKET_HEAD_BYTES_MAX], enum websocket_opcode opcode, bool last, const uint8_t *mask, uint64_t count);
/* Masks or unmasks; offset: of the first byte within its payload. From and to may be the same. */
void websocket_mask(char *to, const char *from, size_t count, const uint8_t mask[WEBSOCKET_MASK_BYTES], uint64_t offset);
/* A whole frame; its bytes, 0 when it does not fit. A control frame beyond 125 bytes or in fragments is a bug. */
size_t websocket_frame(char *out, size_t size, enum websocket_opcode opcode, bool last, const uint8_t *mask, const char *payload, size_t count);
/* A close frame. Codes that may not be sent (1005, 1006) leave it empty; a reason beyond WEBSOCKET_REASON_BYTES_MAX is a bug. */
size_t websocket_close(char *out, size_t size, const uint8_t *mask, uint16_t code, const char *reason);

void websocket_key(char key[WEBSOCKET_KEY_BYTES], const uint8_t nonce[WEBSOCKET_NONCE_BYTES]);
/* The request and its headers; the head stays open for more. */
void websocket_ask(struct http_writer *out, const char *host, const char *target, const char *key);
enum websocket_verdict websocket_answered(const struct http_reader *http, const char *key);
enum websocket_verdict websocket_asked(const struct http_reader *http, char key[WEBSOCKET_KEY_BYTES]);
/* Status 101 and its headers; the head stays open for more. */
void websocket_answer(struct http_writer *out, const char *key);
/* A whole answer: 426 to another version, otherwise 400, with the sentence as its body. */
void websocket_refuse(struct http_writer *out, enum websocket_verdict verdict);

#endif
