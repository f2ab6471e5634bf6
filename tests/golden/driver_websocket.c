/* driver_websocket.c - test-only: a blocking echo over loopback, as a server or as a client, for websocket_ref.py.
 *
 *   driver_websocket server         says its port on stdout, serves one connection after another
 *   driver_websocket client PORT    connects once
 *
 * Every message comes back as it was, except
 *   #fragments TEXT     TEXT in fragments of three bytes, with a ping between them
 *   #close CODE TEXT    we close with this code and reason
 * After each connection a line on stdout: how it ended, and how many pings and pongs came. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hal/wire/websocket.h"

enum { MESSAGE_MAX = 1 << 20, FRAME_MAX = MESSAGE_MAX + WEBSOCKET_HEAD_BYTES_MAX, READ_MAX = 1 << 16 };
static char               message[MESSAGE_MAX], frame[FRAME_MAX], bytes[READ_MAX];
static struct http_reader http;
static struct websocket   ws;
static bool               client, closing;
static unsigned           pings, pongs;

static void send_all(int fd, const char *at, size_t count)
{
	while (count > 0) {
		ssize_t sent = write(fd, at, count);
		if (sent <= 0) return;
		at += sent;
		count -= (size_t)sent;
	}
}

/* Reads of every size, so that frames are cut everywhere. */
static size_t receive(int fd)
{
	static const size_t size[] = { 1, 2, 3, 7, 61, 1000, READ_MAX, READ_MAX };
	static unsigned     turn;
	ssize_t             count = read(fd, bytes, size[turn++ % (sizeof size / sizeof *size)]);
	return count > 0 ? (size_t)count : 0;
}

static const uint8_t *next_mask(void)
{
	static uint8_t mask[WEBSOCKET_MASK_BYTES];
	for (size_t i = 0; i < sizeof mask; i++) mask[i] = (uint8_t)rand();
	return client ? mask : 0;
}

static void send_frame(int fd, enum websocket_opcode opcode, bool last, const char *payload, size_t count)
{
	send_all(fd, frame, websocket_frame(frame, sizeof frame, opcode, last, next_mask(), payload, count));
}

static void send_close(int fd, uint16_t code, const char *reason)
{
	closing = true;
	send_all(fd, frame, websocket_close(frame, sizeof frame, next_mask(), code, reason));
}

static void send_fragments(int fd, enum websocket_opcode opcode, const char *at, size_t count)
{
	for (enum websocket_opcode next = opcode; count > 3; at += 3, count -= 3, next = WEBSOCKET_OP_CONTINUE) {
		send_frame(fd, next, false, at, 3);
		send_frame(fd, WEBSOCKET_OP_PING, true, at, 3);
		opcode = WEBSOCKET_OP_CONTINUE;
	}
	send_frame(fd, opcode, true, at, count);
}

static void on_message(int fd, enum websocket_opcode opcode)
{
	static const char fragments[] = "#fragments ", close_with[] = "#close ";
	size_t            skip = sizeof fragments - 1;
	char              text[WEBSOCKET_REASON_BYTES_MAX + 1] = "", *reason;
	if (ws.length >= skip && memcmp(ws.at, fragments, skip) == 0) send_fragments(fd, opcode, ws.at + skip, ws.length - skip);
	else if (ws.length >= sizeof close_with && ws.length < sizeof text && memcmp(ws.at, close_with, sizeof close_with - 1) == 0) {
		memcpy(text, ws.at + sizeof close_with - 1, ws.length - sizeof close_with + 1);
		long code = strtol(text, &reason, 10);
		send_close(fd, (uint16_t)code, *reason ? reason + 1 : reason);
	} else send_frame(fd, opcode, true, ws.at, ws.length);
}

/* False when the connection is over. */
static bool on_event(int fd, enum websocket_event event)
{
	switch (event) {
	case WEBSOCKET_MORE: return true;
	case WEBSOCKET_TEXT: on_message(fd, WEBSOCKET_OP_TEXT); return true;
	case WEBSOCKET_BINARY: on_message(fd, WEBSOCKET_OP_BINARY); return true;
	case WEBSOCKET_PING:
		pings++;
		send_frame(fd, WEBSOCKET_OP_PONG, true, ws.at, ws.length);
		return true;
	case WEBSOCKET_PONG: pongs++; return true;
	case WEBSOCKET_CLOSED:
		printf("closed %u %.*s", ws.code, (int)ws.length, ws.at);
		if (!closing) send_close(fd, ws.code, "");
		return false;
	case WEBSOCKET_GONE: return false;
	case WEBSOCKET_FAILED:
		printf("failed %s", websocket_verdict_text[ws.verdict]);
		send_close(fd, websocket_code_of(ws.verdict), websocket_verdict_text[ws.verdict]);
		return false;
	}
	return false;
}

/* Everything in the bytes read; false when the connection is over. */
static bool on_bytes(int fd, const char *at, size_t count)
{
	enum websocket_event event;
	websocket_feed(&ws, at, count);
	do {
		event = websocket_next(&ws);
		if (!on_event(fd, event)) return false;
	} while (event != WEBSOCKET_MORE);
	return true;
}

static bool shake_hands(int fd)
{
	char                   key[WEBSOCKET_KEY_BYTES] = "", head[1024];
	struct http_writer     out;
	enum http_event        event;
	enum websocket_verdict verdict = WEBSOCKET_IS_STATUS;
	http_writer_init(&out, head, sizeof head);
	http_reader_init(&http, client ? HTTP_CLIENT : HTTP_SERVER, 0);
	if (client) {
		websocket_key(key, (const uint8_t *)"sixteen bytes...");
		websocket_ask(&out, "127.0.0.1", "/echo", key);
		http_no_body(&out);
		http_asked(&http, HTTP_TO_UPGRADE);
		send_all(fd, head, http_written(&out));
	}
	while ((event = http_next(&http)) != HTTP_DONE) {
		if (event == HTTP_FAILED || event == HTTP_CLOSED) return false;
		if (event == HTTP_HEAD) verdict = client ? websocket_answered(&http, key) : websocket_asked(&http, key);
		if (event != HTTP_MORE) continue;
		size_t count = receive(fd);
		if (count) http_feed(&http, bytes, count);
		else http_peer_closed(&http);
	}
	if (verdict == WEBSOCKET_IS_OK && !client) {
		websocket_answer(&out, key);
		http_no_body(&out);
	} else if (!client) websocket_refuse(&out, verdict);
	if (!client) send_all(fd, head, http_written(&out));
	if (verdict != WEBSOCKET_IS_OK) printf("refused: %s", websocket_verdict_text[verdict]);
	return verdict == WEBSOCKET_IS_OK;
}

/* Reads until the peer is done, so that what we sent last is not lost with the connection. */
static void drain(int fd)
{
	shutdown(fd, SHUT_WR);
	while (receive(fd)) continue;
}

static void serve(int fd)
{
	pings = pongs = 0;
	closing = false;
	if (shake_hands(fd)) {
		websocket_init(&ws, client ? WEBSOCKET_CLIENT : WEBSOCKET_SERVER, message, sizeof message);
		bool goes_on = on_bytes(fd, http.next, http_rest(&http));
		while (goes_on) {
			size_t count = receive(fd);
			if (count == 0) websocket_peer_closed(&ws);
			goes_on = on_bytes(fd, bytes, count);
		}
	}
	printf("; %u pings, %u pongs\n", pings, pongs);
	fflush(stdout);
	drain(fd);
	close(fd);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t          length = sizeof address;
	int                fd = socket(AF_INET, SOCK_STREAM, 0);
	client = argc == 3 && strcmp(argv[1], "client") == 0;
	if (client) {
		address.sin_port = htons((uint16_t)atoi(argv[2]));
		if (connect(fd, (struct sockaddr *)&address, length) != 0) return 1;
		serve(fd);
		return 0;
	}
	if (bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 8) != 0) return 1;
	if (getsockname(fd, (struct sockaddr *)&address, &length) != 0) return 1;
	printf("%u\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		int peer = accept(fd, 0, 0);
		if (peer >= 0) serve(peer);
	}
}
