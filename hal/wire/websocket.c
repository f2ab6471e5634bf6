/* websocket.c - the frames of websocket.h; the handshake is in websocket_handshake.c. */
#include "hal/wire/websocket.h"

#include <string.h>

#include "fsm/bug.h"

enum { LAST = 0x80, RESERVED = 0x70, OPCODE = 0x0f, MASK = 0x80, LENGTH = 0x7f, LENGTH_16 = 126, LENGTH_64 = 127, CONTROL = 8 };
enum { STEP_AGAIN = -1 };

#define VERDICT_TEXT(name, code, text) text,
const char *const websocket_verdict_text[WEBSOCKET_VERDICTS_N] = { WEBSOCKET_VERDICTS(VERDICT_TEXT) };

uint16_t websocket_code_of(enum websocket_verdict verdict)
{
#define VERDICT_CODE(name, code, text) code,
	static const uint16_t code[WEBSOCKET_VERDICTS_N] = { WEBSOCKET_VERDICTS(VERDICT_CODE) };
	return code[verdict];
}

void websocket_init(struct websocket *ws, enum websocket_role role, char *message, size_t message_bytes_max)
{
	memset(ws, 0, sizeof *ws);
	ws->role = (uint8_t)role;
	ws->message = message;
	ws->message_bytes_max = message_bytes_max;
}

void websocket_feed(struct websocket *ws, const char *bytes, size_t count)
{
	BUG_UNLESS(3409, ws->next == ws->end || ws->verdict != WEBSOCKET_IS_OK);
	ws->next = bytes;
	ws->end = bytes + count;
}

void websocket_peer_closed(struct websocket *ws) { ws->peer_closed = true; }

static size_t rest(const struct websocket *ws) { return (size_t)(ws->end - ws->next); }

static int fail(struct websocket *ws, enum websocket_verdict verdict)
{
	ws->verdict = verdict;
	return WEBSOCKET_FAILED;
}

static int tell(struct websocket *ws, enum websocket_event event, const char *at, size_t length)
{
	ws->at = at;
	ws->length = length;
	return (int)event;
}

static int starve(struct websocket *ws)
{
	if (!ws->peer_closed) return WEBSOCKET_MORE;
	return ws->closed ? WEBSOCKET_GONE : fail(ws, WEBSOCKET_IS_CUT_SHORT);
}

/* --- the head of a frame ------------------------------------------------------------------------------------------- */

static uint8_t opcode_of(const struct websocket *ws) { return ws->head[0] & OPCODE; }
static bool is_control(const struct websocket *ws) { return opcode_of(ws) >= CONTROL; }
static bool is_last(const struct websocket *ws) { return ws->head[0] & LAST; }

static bool is_known(uint8_t opcode) { return opcode <= WEBSOCKET_OP_BINARY || (opcode >= WEBSOCKET_OP_CLOSE && opcode <= WEBSOCKET_OP_PONG); }

/* What the first two bytes may be at this place of the stream. */
static enum websocket_verdict begin_allowed(const struct websocket *ws)
{
	uint8_t opcode = opcode_of(ws), length = ws->head[1] & LENGTH;
	bool    masked = ws->head[1] & MASK;
	if (ws->head[0] & RESERVED) return WEBSOCKET_IS_RESERVED;
	if (!is_known(opcode)) return WEBSOCKET_IS_OPCODE;
	if (masked && ws->role == WEBSOCKET_CLIENT) return WEBSOCKET_IS_MASKED;
	if (!masked && ws->role == WEBSOCKET_SERVER) return WEBSOCKET_IS_UNMASKED;
	if (opcode >= CONTROL) return is_last(ws) && length <= WEBSOCKET_CONTROL_BYTES_MAX ? WEBSOCKET_IS_OK : WEBSOCKET_IS_CONTROL;
	if (opcode == WEBSOCKET_OP_CONTINUE) return ws->message_opcode ? WEBSOCKET_IS_OK : WEBSOCKET_IS_NO_MESSAGE;
	return ws->message_opcode ? WEBSOCKET_IS_IN_MESSAGE : WEBSOCKET_IS_OK;
}

static uint32_t length_bytes(const struct websocket *ws)
{
	uint8_t length = ws->head[1] & LENGTH;
	return length == LENGTH_64 ? 8 : length == LENGTH_16 ? 2 : 0;
}

static uint32_t head_bytes(const struct websocket *ws)
{
	return ws->head_bytes < 2 ? 2 : 2 + length_bytes(ws) + (ws->head[1] & MASK ? WEBSOCKET_MASK_BYTES : 0);
}

static const uint8_t *mask_of(const struct websocket *ws) { return ws->head + 2 + length_bytes(ws); }

/* The length, in its shortest form and within the room for the message. */
static enum websocket_verdict take_length(struct websocket *ws)
{
	uint32_t bytes = length_bytes(ws);
	uint64_t length = bytes ? 0 : ws->head[1] & LENGTH;
	for (uint32_t i = 0; i < bytes; i++) length = length << 8 | ws->head[2 + i];
	if ((bytes == 2 && length < LENGTH_16) || (bytes == 8 && (length <= UINT16_MAX || length >> 63))) return WEBSOCKET_IS_LENGTH;
	if (!is_control(ws) && length > ws->message_bytes_max - ws->message_bytes) return WEBSOCKET_IS_TOO_LONG;
	ws->payload_bytes = length;
	ws->payload_read = 0;
	return WEBSOCKET_IS_OK;
}

static int read_head(struct websocket *ws)
{
	while (ws->head_bytes < head_bytes(ws)) {
		if (rest(ws) == 0) return starve(ws);
		ws->head[ws->head_bytes++] = (uint8_t)*ws->next++;
		enum websocket_verdict verdict = ws->head_bytes == 2 ? begin_allowed(ws) : WEBSOCKET_IS_OK;
		if (verdict != WEBSOCKET_IS_OK) return fail(ws, verdict);
	}
	enum websocket_verdict verdict = take_length(ws);
	if (verdict != WEBSOCKET_IS_OK) return fail(ws, verdict);
	if (!is_control(ws) && opcode_of(ws) != WEBSOCKET_OP_CONTINUE) ws->message_opcode = opcode_of(ws);
	ws->head_bytes = 0;
	ws->in_payload = true;
	return STEP_AGAIN;
}

/* --- the payload --------------------------------------------------------------------------------------------------- */

void websocket_mask(char *to, const char *from, size_t count, const uint8_t mask[WEBSOCKET_MASK_BYTES], uint64_t offset)
{
	uint8_t  turned[8];
	uint64_t word, wide;
	size_t   i = 0;
	for (uint32_t j = 0; j < sizeof turned; j++) turned[j] = mask[(offset + j) % WEBSOCKET_MASK_BYTES];
	memcpy(&wide, turned, sizeof wide);
	for (; count - i >= sizeof word; i += sizeof word) {
		memcpy(&word, from + i, sizeof word);
		word ^= wide;
		memcpy(to + i, &word, sizeof word);
	}
	for (; i < count; i++) to[i] = (char)(from[i] ^ turned[i % sizeof turned]);
}

/* What has come of the payload, unmasked, behind what came before; where it went. */
static const char *take_payload(struct websocket *ws, char *to, size_t *count)
{
	uint64_t wanted = ws->payload_bytes - ws->payload_read;
	*count = rest(ws) < wanted ? rest(ws) : (size_t)wanted;
	if (*count == 0) return to;
	if (ws->role == WEBSOCKET_SERVER) websocket_mask(to, ws->next, *count, mask_of(ws), ws->payload_read);
	else memcpy(to, ws->next, *count);
	ws->next += *count;
	ws->payload_read += *count;
	return to;
}

static bool is_code(uint32_t code)
{
	if (code >= 3000) return code <= 4999;
	return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

static int closed(struct websocket *ws, size_t length)
{
	uint32_t code = length < 2 ? WEBSOCKET_CODE_NONE : (uint32_t)(uint8_t)ws->control[0] << 8 | (uint8_t)ws->control[1];
	if (length == 1 || (length >= 2 && !is_code(code))) return fail(ws, WEBSOCKET_IS_CLOSE);
	size_t reason = length < 2 ? 0 : length - 2;
	if (reason && !utf8_is(ws->control + 2, reason)) return fail(ws, WEBSOCKET_IS_UTF8);
	ws->closed = true;
	ws->code = (uint16_t)code;
	return tell(ws, WEBSOCKET_CLOSED, ws->control + (reason ? 2 : 0), reason);
}

static int read_control(struct websocket *ws)
{
	size_t count;
	(void)take_payload(ws, ws->control + ws->payload_read, &count);
	if (ws->payload_read < ws->payload_bytes) return starve(ws);
	ws->in_payload = false;
	if (opcode_of(ws) == WEBSOCKET_OP_CLOSE) return closed(ws, (size_t)ws->payload_bytes);
	return tell(ws, opcode_of(ws) == WEBSOCKET_OP_PING ? WEBSOCKET_PING : WEBSOCKET_PONG, ws->control, (size_t)ws->payload_bytes);
}

/* The last fragment is there. */
static int message(struct websocket *ws, const char *at, size_t length)
{
	enum websocket_event event = ws->message_opcode == WEBSOCKET_OP_TEXT ? WEBSOCKET_TEXT : WEBSOCKET_BINARY;
	if (event == WEBSOCKET_TEXT && !utf8_whole(&ws->utf8)) return fail(ws, WEBSOCKET_IS_UTF8);
	ws->message_opcode = 0;
	ws->message_bytes = 0;
	return tell(ws, event, at, length);
}

static bool is_text_right(struct websocket *ws, const char *at, size_t count)
{
	return ws->message_opcode != WEBSOCKET_OP_TEXT || utf8_feed(&ws->utf8, at, count);
}

/* A message in one unmasked frame that has come whole: it stays where it is. */
static int read_in_place(struct websocket *ws)
{
	const char *at = ws->next;
	size_t      length = (size_t)ws->payload_bytes;
	ws->next += length;
	ws->in_payload = false;
	return is_text_right(ws, at, length) ? message(ws, at, length) : fail(ws, WEBSOCKET_IS_UTF8);
}

static int read_data(struct websocket *ws)
{
	bool alone = is_last(ws) && ws->message_bytes == 0 && ws->payload_read == 0;
	if (alone && ws->role == WEBSOCKET_CLIENT && rest(ws) >= ws->payload_bytes && ws->payload_bytes > 0) return read_in_place(ws);
	size_t      count;
	const char *at = take_payload(ws, ws->message + ws->message_bytes, &count);
	ws->message_bytes += count;
	if (count && !is_text_right(ws, at, count)) return fail(ws, WEBSOCKET_IS_UTF8);
	if (ws->payload_read < ws->payload_bytes) return starve(ws);
	ws->in_payload = false;
	return is_last(ws) ? message(ws, ws->message, ws->message_bytes) : STEP_AGAIN;
}

enum websocket_event websocket_next(struct websocket *ws)
{
	int told = STEP_AGAIN;
	if (ws->verdict != WEBSOCKET_IS_OK) return WEBSOCKET_FAILED;
	if (ws->closed) ws->next = ws->end;
	while (told == STEP_AGAIN) told = !ws->in_payload ? read_head(ws) : is_control(ws) ? read_control(ws) : read_data(ws);
	return (enum websocket_event)told;
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

size_t websocket_head(char out[WEBSOCKET_HEAD_BYTES_MAX], enum websocket_opcode opcode, bool last, const uint8_t *mask, uint64_t count)
{
	BUG_UNLESS(3410, opcode < WEBSOCKET_OP_CLOSE || (last && count <= WEBSOCKET_CONTROL_BYTES_MAX));
	uint32_t bytes = count < LENGTH_16 ? 0 : count <= UINT16_MAX ? 2 : 8;
	uint32_t length = bytes == 0 ? (uint32_t)count : bytes == 2 ? LENGTH_16 : LENGTH_64;
	out[0] = (char)((last ? LAST : 0) | opcode);
	out[1] = (char)((mask ? MASK : 0) | length);
	for (uint32_t i = 0; i < bytes; i++) out[2 + i] = (char)(count >> 8 * (bytes - 1 - i));
	if (mask) memcpy(out + 2 + bytes, mask, WEBSOCKET_MASK_BYTES);
	return 2 + bytes + (mask ? WEBSOCKET_MASK_BYTES : 0);
}

size_t websocket_frame(char *out, size_t size, enum websocket_opcode opcode, bool last, const uint8_t *mask, const char *payload, size_t count)
{
	char   head[WEBSOCKET_HEAD_BYTES_MAX];
	size_t bytes = websocket_head(head, opcode, last, mask, count);
	if (size < bytes || size - bytes < count) return 0;
	memcpy(out, head, bytes);
	if (mask) websocket_mask(out + bytes, payload, count, mask, 0);
	else if (count) memcpy(out + bytes, payload, count);
	return bytes + count;
}

size_t websocket_close(char *out, size_t size, const uint8_t *mask, uint16_t code, const char *reason)
{
	char   payload[WEBSOCKET_CONTROL_BYTES_MAX + 1] = { (char)(code >> 8), (char)code };
	size_t length = strlen(reason);
	BUG_UNLESS(3411, length <= WEBSOCKET_REASON_BYTES_MAX);
	memcpy(payload + 2, reason, length + 1);
	return websocket_frame(out, size, WEBSOCKET_OP_CLOSE, true, mask, payload, is_code(code) ? length + 2 : 0);
}
