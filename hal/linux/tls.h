/* tls.h - TLS 1.2 client and server without I/O: bytes of the wire in and out, plain bytes in and out, one sticky verdict.
 *
 *   wire in     tls_recv_room, fill it, tls_received         plain in     tls_write, then tls_flush
 *   wire out    tls_send_bytes, send them, tls_sent          plain out    tls_read
 *   the stream of the peer has ended: tls_ended              the caller's patience has: tls_late
 * After each of these look at tls->state. TLS_SHAKING until keys are agreed, TLS_OPEN while bytes may pass, TLS_DONE for good; then tls->verdict
 * is TLS_OK (both said goodbye, or the peer did) or the reason. tls_close says goodbye; what is then still to send comes by tls_send_bytes.
 * What is not taken out by tls_read stops what comes in: tls_recv_room is empty until then.
 *
 * Memory: struct tls is the whole connection, buffers for records of 16 kB both ways included, at most TLS_BYTES_MAX; it points into itself and
 * stays where it is. Nothing is allocated, no clock is read, no file is opened: time and 32 random bytes are given. The same seed,
 * time and bytes give the same bytes, so never use a seed twice outside of tests.
 *
 * The client speaks AES-GCM first (the processor has it), then ChaCha20-Poly1305, always with ephemeral elliptic keys; sends the host's name,
 * checks it in the certificate (a name, not an IP literal), and trusts the anchors given and nothing else. No renegotiation, no client certificates,
 * no revocation lists. A peer that speaks TLS 1.3 only gets its own verdict.
 *
 * Sessions are kept per host in a fixed table, the oldest row gives way; a resumed handshake costs a thirtieth and shows no certificate, so a
 * session is offered for TLS_SESSION_AGE_MAX_S at most and forgotten at any failure. */
#ifndef HAL_LINUX_TLS_H
#define HAL_LINUX_TLS_H
#include "hal/linux/anchors.h"
#include "hal/linux/certificate.h"
#include "hal/linux/witness.h"

enum { TLS_BYTES_MAX = 48 * 1024, TLS_SEED_BYTES = 32, TLS_HOST_BYTES = 256, TLS_SENTENCE_BYTES = 512 };
/* n, hosts of one process; s, a day: RFC 5246 F.1.4; bytes of a server's memory of sessions, 100 each. */
enum { TLS_SESSIONS_MAX = 8, TLS_SESSION_AGE_MAX_S = 86400, TLS_SERVICE_BYTES = 3200 };

enum tls_state { TLS_SHAKING, TLS_OPEN, TLS_DONE };

enum tls_verdict {
	TLS_OK,
	TLS_EXPIRED, TLS_NOT_YET_VALID, TLS_NOT_ANCHORED, TLS_WRONG_HOST, TLS_BAD_CERTIFICATE,
	TLS_ONLY_13, TLS_ONLY_OLD, TLS_NOTHING_SHARED, TLS_REFUSED, TLS_NOT_TLS,
	TLS_LATE, TLS_CUT_SHAKING, TLS_CUT, TLS_DAMAGED, TLS_BROKEN, TLS_BAD_HOST,
	TLS_VERDICTS_N
};

struct tls_session { char host[TLS_HOST_BYTES]; int64_t made_s; br_ssl_session_parameters parameters; };
/* Zeroed is empty. Holds secrets: private memory only. */
struct tls_sessions { struct tls_session row[TLS_SESSIONS_MAX]; uint64_t most; };        /* most: hosts that had a row at once */

struct tls_client {
	const char           *host;
	const struct anchors *anchors;
	struct tls_sessions  *sessions;        /* or null: none is offered or kept */
	int64_t               now_s;           /* of the wall, since 1970 */
	uint8_t               seed[TLS_SEED_BYTES];
};

/* What the connections of one server share. It points into itself and stays where it is. */
struct tls_service {
	const struct certificate *certificate;
	br_ssl_session_cache_lru  sessions;
	uint8_t                   store[TLS_SERVICE_BYTES];
};

struct tls {
	union { br_ssl_client_context client; br_ssl_server_context server; } context;
	br_ssl_engine_context *engine;
	struct witness         witness;
	enum tls_state         state;
	enum tls_verdict       verdict;
	int                    error;        /* BearSSL's, for the sentence */
	bool                   is_client, resumed, said_goodbye, has_first;
	uint8_t                first;        /* the first byte of the peer: TLS or not */
	struct tls_sessions   *sessions;
	char                   host[TLS_HOST_BYTES];
	uint8_t                buffer[BR_SSL_BUFSIZE_BIDI];
};
_Static_assert(sizeof(struct tls) <= TLS_BYTES_MAX, "one TLS connection is at most 48 kB");

/* A host that is empty, an IP literal or too long ends at once: TLS_DONE, TLS_BAD_HOST. */
void tls_client_init(struct tls *tls, const struct tls_client *how);
void tls_service_init(struct tls_service *service, const struct certificate *certificate);
void tls_server_init(struct tls *tls, struct tls_service *service, const uint8_t seed[TLS_SEED_BYTES]);

uint8_t       *tls_recv_room(struct tls *tls, size_t *room);
void           tls_received(struct tls *tls, size_t bytes);
const uint8_t *tls_send_bytes(struct tls *tls, size_t *bytes);
void           tls_sent(struct tls *tls, size_t bytes);

/* How many were taken: 0 when none can be now. */
size_t tls_read(struct tls *tls, void *into, size_t room);
size_t tls_write(struct tls *tls, const void *from, size_t bytes);
/* Makes a record of what was written so far. */
void   tls_flush(struct tls *tls);
void   tls_close(struct tls *tls);
void   tls_ended(struct tls *tls);
void   tls_late(struct tls *tls);

/* The host name: a client's own, or what a client asked a server for ("" when it did not). */
const char *tls_name(const struct tls *tls);
/* "HOST: its certificate expired on 2026-01-02 03:04:05 UTC: ...", into text; returns text. */
const char *tls_sentence(const struct tls *tls, char text[TLS_SENTENCE_BYTES]);
void        tls_session_forget(struct tls_sessions *sessions, const char *host);

#endif
