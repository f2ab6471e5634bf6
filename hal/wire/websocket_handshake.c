/* websocket_handshake.c - the handshake of websocket.h (RFC 6455, section 4). */
#include <string.h>

#include "hal/wire/base64.h"
#include "hal/wire/digest.h"
#include "hal/wire/websocket.h"

enum { ACCEPT_BYTES = BASE64_BYTES(DIGEST_SHA1_BYTES), SWITCHING = 101, BAD_REQUEST = 400, UPGRADE_REQUIRED = 426 };
static const char version[] = "13";
_Static_assert(WEBSOCKET_KEY_BYTES == BASE64_BYTES(WEBSOCKET_NONCE_BYTES), "a key is the nonce in base 64");

void websocket_key(char key[WEBSOCKET_KEY_BYTES], const uint8_t nonce[WEBSOCKET_NONCE_BYTES]) { base64_encode(key, nonce, WEBSOCKET_NONCE_BYTES); }

/* What only a server that speaks WebSocket can make of a key. */
static void accept_of(char accept[ACCEPT_BYTES], const char *key)
{
	static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char              both[WEBSOCKET_KEY_BYTES + sizeof magic];
	uint8_t           hash[DIGEST_SHA1_BYTES];
	size_t            length = strnlen(key, WEBSOCKET_KEY_BYTES - 1);
	memcpy(both, key, length);
	memcpy(both + length, magic, sizeof magic - 1);
	digest_sha1(both, length + sizeof magic - 1, hash);
	base64_encode(accept, hash, sizeof hash);
}

static void put_upgrade(struct http_writer *out)
{
	http_put(out, "Upgrade", "websocket");
	http_put(out, "Connection", "Upgrade");
}

void websocket_ask(struct http_writer *out, const char *host, const char *target, const char *key)
{
	http_request(out, "GET", target);
	http_put(out, "Host", host);
	put_upgrade(out);
	http_put(out, "Sec-WebSocket-Key", key);
	http_put(out, "Sec-WebSocket-Version", version);
}

void websocket_answer(struct http_writer *out, const char *key)
{
	char accept[ACCEPT_BYTES];
	accept_of(accept, key);
	http_response(out, SWITCHING);
	put_upgrade(out);
	http_put(out, "Sec-WebSocket-Accept", accept);
}

void websocket_refuse(struct http_writer *out, enum websocket_verdict verdict)
{
	const char *why = websocket_verdict_text[verdict];
	http_response(out, verdict == WEBSOCKET_IS_VERSION ? UPGRADE_REQUIRED : BAD_REQUEST);
	if (verdict == WEBSOCKET_IS_VERSION) http_put(out, "Sec-WebSocket-Version", version);
	http_put(out, "Connection", "close");
	http_put(out, "Content-Type", "text/plain");
	http_body(out, why, strlen(why));
}

static bool upgrades(const struct http_reader *http)
{
	return http_header_has(http, "Upgrade", "websocket") && http_header_has(http, "Connection", "Upgrade");
}

/* The only header of its name, exactly this text. */
static bool is_exactly(const struct http_reader *http, const char *name, const char *want)
{
	struct http_text value = http_header_of(http, name);
	return http_header_count(http, name) == 1 && value.length == strlen(want) && memcmp(value.at, want, value.length) == 0;
}

enum websocket_verdict websocket_answered(const struct http_reader *http, const char *key)
{
	char accept[ACCEPT_BYTES];
	accept_of(accept, key);
	if (http->status != SWITCHING) return WEBSOCKET_IS_STATUS;
	if (!upgrades(http)) return WEBSOCKET_IS_UPGRADE;
	if (!is_exactly(http, "Sec-WebSocket-Accept", accept)) return WEBSOCKET_IS_ACCEPT;
	if (http_header_of(http, "Sec-WebSocket-Extensions").at || http_header_of(http, "Sec-WebSocket-Protocol").at) return WEBSOCKET_IS_EXTENSION;
	return WEBSOCKET_IS_OK;
}

enum websocket_verdict websocket_asked(const struct http_reader *http, char key[WEBSOCKET_KEY_BYTES])
{
	uint8_t          nonce[WEBSOCKET_NONCE_BYTES];
	size_t           count;
	struct http_text text = http_header_of(http, "Sec-WebSocket-Key");
	key[0] = 0;
	if (http->minor != 1 || http->method.length != 3 || memcmp(http->method.at, "GET", 3) != 0) return WEBSOCKET_IS_METHOD;
	if (!upgrades(http)) return WEBSOCKET_IS_UPGRADE;
	if (!is_exactly(http, "Sec-WebSocket-Version", version)) return WEBSOCKET_IS_VERSION;
	if (http_header_count(http, "Sec-WebSocket-Key") != 1 || text.length != WEBSOCKET_KEY_BYTES - 1) return WEBSOCKET_IS_KEY;
	if (!base64_decode(nonce, sizeof nonce, text.at, text.length, &count) || count != sizeof nonce) return WEBSOCKET_IS_KEY;
	memcpy(key, text.at, text.length);
	key[text.length] = 0;
	return WEBSOCKET_IS_OK;
}
