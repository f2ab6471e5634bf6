/* tls.c - BearSSL's engine, set up by hand: TLS 1.2, ephemeral keys and AEAD suites only, so that the rest is not linked. */
#include "hal/linux/tls.h"

#include <stdio.h>
#include <string.h>

#include "hal/wire/address.h"

enum { ALERT_HANDSHAKE_FAILURE = 40, ALERT_PROTOCOL_VERSION = 70, ALERT_INSUFFICIENT_SECURITY = 71 };
enum { RECORD_FIRST = 20, RECORD_LAST = 23, DAY_S = 86400 };

static const uint16_t suites[] = {
	BR_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
	BR_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
	BR_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
	BR_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
	BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
	BR_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
};
enum { SUITES_N = sizeof suites / sizeof *suites };

static const char *const verdict_text[TLS_VERDICTS_N] = {
	[TLS_OK] = "closed in order",
	[TLS_EXPIRED] = "its certificate expired on",
	[TLS_NOT_YET_VALID] = "its certificate is valid only from",
	[TLS_NOT_ANCHORED] = "its certificate is self-signed, or signed by an issuer that is not among the roots given to this program",
	[TLS_WRONG_HOST] = "its certificate is for another host name",
	[TLS_BAD_CERTIFICATE] = "its certificate is damaged, or of a kind this build cannot check",
	[TLS_ONLY_13] = "peer speaks only TLS 1.3; this build speaks 1.2",
	[TLS_ONLY_OLD] = "peer speaks no TLS 1.2, only older versions, which are not safe",
	[TLS_NOTHING_SHARED] = "peer shares no cipher suite or curve with this build",
	[TLS_REFUSED] = "peer refused the connection",
	[TLS_NOT_TLS] = "what answers there does not speak TLS: is the port right?",
	[TLS_LATE] = "the TLS handshake was not finished in time",
	[TLS_CUT_SHAKING] = "peer closed the connection in the TLS handshake",
	[TLS_CUT] = "peer closed the connection without a goodbye: the end of its data may be missing",
	[TLS_DAMAGED] = "a record was changed on its way",
	[TLS_BROKEN] = "peer broke the TLS protocol",
	[TLS_BAD_HOST] = "not a host name that a certificate can be checked for: give a name, not an address",
};

/* --- sessions ----------------------------------------------------------------------------------------------------- */

static struct tls_session *session_of(struct tls_sessions *sessions, const char *host)
{
	for (size_t i = 0; i < TLS_SESSIONS_MAX; i++) if (strcmp(sessions->row[i].host, host) == 0) return &sessions->row[i];
	return 0;
}

/* The host's own row, else an empty one, else the oldest. */
static struct tls_session *session_row(struct tls_sessions *sessions, const char *host)
{
	struct tls_session *row = session_of(sessions, host), *oldest = sessions->row;
	if (row) return row;
	for (size_t i = 1; i < TLS_SESSIONS_MAX; i++) if (sessions->row[i].made_s < oldest->made_s) oldest = &sessions->row[i];
	row = session_of(sessions, "");
	return row ? row : oldest;
}

static uint64_t sessions_used(const struct tls_sessions *sessions)
{
	uint64_t used = 0;
	for (size_t i = 0; i < TLS_SESSIONS_MAX; i++) used += sessions->row[i].host[0] != '\0';
	return used;
}

static void session_keep(struct tls *tls)
{
	if (!tls->sessions || tls->resumed || tls->engine->session.session_id_len == 0) return;
	struct tls_session *row = session_row(tls->sessions, tls->host);
	memset(row, 0, sizeof *row);
	memcpy(row->host, tls->host, sizeof row->host);
	row->made_s = tls->witness.now_s;
	br_ssl_engine_get_session_parameters(tls->engine, &row->parameters);
	most_see(&tls->sessions->most, sessions_used(tls->sessions));
}

static bool session_offer(struct tls *tls)
{
	const struct tls_session *row = tls->sessions ? session_of(tls->sessions, tls->host) : 0;
	if (!row || tls->witness.now_s < row->made_s || tls->witness.now_s - row->made_s > TLS_SESSION_AGE_MAX_S) return false;
	br_ssl_engine_set_session_parameters(tls->engine, &row->parameters);
	return true;
}

void tls_session_forget(struct tls_sessions *sessions, const char *host)
{
	struct tls_session *row = sessions && *host ? session_of(sessions, host) : 0;
	if (row) memset(row, 0, sizeof *row);
}

/* --- the end ------------------------------------------------------------------------------------------------------ */

static enum tls_verdict verdict_of_alert(int alert, bool is_client)
{
	switch (alert) {
	case ALERT_PROTOCOL_VERSION: return is_client ? TLS_ONLY_13 : TLS_REFUSED;
	case ALERT_HANDSHAKE_FAILURE: case ALERT_INSUFFICIENT_SECURITY: return TLS_NOTHING_SHARED;
	default: return TLS_REFUSED;
	}
}

static enum tls_verdict verdict_of_error(const struct tls *tls, int error)
{
	if (error == BR_ERR_OK) return TLS_OK;
	if (tls->has_first && (tls->first < RECORD_FIRST || tls->first > RECORD_LAST)) return TLS_NOT_TLS;
	if (error >= BR_ERR_SEND_FATAL_ALERT) return verdict_of_alert(error - BR_ERR_SEND_FATAL_ALERT, false);
	if (error >= BR_ERR_RECV_FATAL_ALERT) return verdict_of_alert(error - BR_ERR_RECV_FATAL_ALERT, tls->is_client);
	switch (error) {
	case BR_ERR_X509_EXPIRED: return tls->witness.dates == WITNESS_EARLY ? TLS_NOT_YET_VALID : TLS_EXPIRED;
	case BR_ERR_X509_NOT_TRUSTED: return TLS_NOT_ANCHORED;
	case BR_ERR_X509_BAD_SERVER_NAME: return TLS_WRONG_HOST;
	case BR_ERR_UNSUPPORTED_VERSION: return TLS_ONLY_OLD;
	case BR_ERR_BAD_CIPHER_SUITE: return TLS_NOTHING_SHARED;
	case BR_ERR_BAD_MAC: case BR_ERR_BAD_FINISHED: return TLS_DAMAGED;
	default: return error > BR_ERR_X509_OK && error <= BR_ERR_X509_NOT_TRUSTED ? TLS_BAD_CERTIFICATE : TLS_BROKEN;
	}
}

static void end(struct tls *tls, enum tls_verdict verdict)
{
	if (tls->state == TLS_DONE) return;
	tls->state = TLS_DONE;
	tls->verdict = verdict;
	if (verdict != TLS_OK && verdict != TLS_CUT && tls->is_client) tls_session_forget(tls->sessions, tls->host);
}

/* A resumed handshake is one in which the peer showed no certificate. */
static void opened(struct tls *tls)
{
	tls->state = TLS_OPEN;
	if (!tls->is_client) return;
	tls->resumed = tls->witness.certificates == 0;
	session_keep(tls);
}

static void look(struct tls *tls)
{
	unsigned state = br_ssl_engine_current_state(tls->engine);
	if (tls->state == TLS_DONE) return;
	if (state == BR_SSL_CLOSED) {
		tls->error = br_ssl_engine_last_error(tls->engine);
		end(tls, tls->error == BR_ERR_OK && tls->state == TLS_SHAKING && !tls->said_goodbye ? TLS_CUT_SHAKING : verdict_of_error(tls, tls->error));
	} else if (tls->state == TLS_SHAKING && state & (BR_SSL_SENDAPP | BR_SSL_RECVAPP)) opened(tls);
}

/* --- the beginning ------------------------------------------------------------------------------------------------ */

static void engine_init(struct tls *tls, const uint8_t seed[TLS_SEED_BYTES])
{
	br_ssl_engine_context *engine = tls->engine;
	br_ssl_engine_set_versions(engine, BR_TLS12, BR_TLS12);
	br_ssl_engine_set_suites(engine, suites, SUITES_N);
	br_ssl_engine_set_hash(engine, br_sha256_ID, &br_sha256_vtable);
	br_ssl_engine_set_hash(engine, br_sha384_ID, &br_sha384_vtable);
	br_ssl_engine_set_hash(engine, br_sha512_ID, &br_sha512_vtable);
	br_ssl_engine_set_prf_sha256(engine, &br_tls12_sha256_prf);
	br_ssl_engine_set_prf_sha384(engine, &br_tls12_sha384_prf);
	br_ssl_engine_set_default_rsavrfy(engine);
	br_ssl_engine_set_default_ecdsa(engine);
	br_ssl_engine_set_default_aes_gcm(engine);
	br_ssl_engine_set_default_chapol(engine);
	br_ssl_engine_add_flags(engine, BR_OPT_NO_RENEGOTIATION);
	br_ssl_engine_inject_entropy(engine, seed, TLS_SEED_BYTES);
	engine->rng_os_rand_done = 1;        /* the seed is all: no device is opened behind our back */
}

static bool host_is_name(const char *host)
{
	struct address literal;
	size_t         bytes = strnlen(host, TLS_HOST_BYTES);
	return bytes > 0 && bytes < TLS_HOST_BYTES && !address_parse(host, 0, &literal);
}

static void begin(struct tls *tls)
{
	memset(tls, 0, offsetof(struct tls, buffer));
	tls->state = TLS_SHAKING;
}

/* Old bytes must not look like ours to a later reader of the memory. */
static void give_buffer(struct tls *tls)
{
	memset(tls->buffer, 0, sizeof tls->buffer);
	br_ssl_engine_set_buffer(tls->engine, tls->buffer, sizeof tls->buffer, 1);
}

void tls_client_init(struct tls *tls, const struct tls_client *how)
{
	br_ssl_client_context *client = &tls->context.client;
	begin(tls);
	tls->is_client = true;
	tls->engine = &client->eng;
	if (!host_is_name(how->host)) {
		end(tls, TLS_BAD_HOST);
		return;
	}
	memcpy(tls->host, how->host, strlen(how->host));
	tls->sessions = how->sessions;
	br_ssl_client_zero(client);
	engine_init(tls, how->seed);
	witness_init(&tls->witness, how->anchors->row, how->anchors->count, how->now_s);
	br_ssl_engine_set_x509(tls->engine, &tls->witness.vtable);
	give_buffer(tls);
	br_ssl_client_reset(client, tls->host, session_offer(tls));
	look(tls);
}

void tls_service_init(struct tls_service *service, const struct certificate *certificate)
{
	service->certificate = certificate;
	br_ssl_session_cache_lru_init(&service->sessions, service->store, sizeof service->store);
}

void tls_server_init(struct tls *tls, struct tls_service *service, const uint8_t seed[TLS_SEED_BYTES])
{
	br_ssl_server_context *server = &tls->context.server;
	begin(tls);
	tls->engine = &server->eng;
	br_ssl_server_zero(server);
	engine_init(tls, seed);
	br_ssl_server_set_single_ec(server, &service->certificate->chain, 1, &service->certificate->key, BR_KEYTYPE_SIGN, BR_KEYTYPE_EC,
	    br_ssl_engine_get_ec(tls->engine), br_ecdsa_i31_sign_asn1);
	br_ssl_server_set_cache(server, &service->sessions.vtable);
	give_buffer(tls);
	br_ssl_server_reset(server);
	look(tls);
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

uint8_t *tls_recv_room(struct tls *tls, size_t *room)
{
	uint8_t *at = tls->state == TLS_DONE ? 0 : br_ssl_engine_recvrec_buf(tls->engine, room);
	if (!at) *room = 0;
	return at;
}

void tls_received(struct tls *tls, size_t bytes)
{
	size_t         room;
	const uint8_t *at = tls_recv_room(tls, &room);
	BUG_UNLESS(3520, bytes <= room);
	if (bytes == 0) return;
	if (!tls->has_first) tls->first = *at;
	tls->has_first = true;
	br_ssl_engine_recvrec_ack(tls->engine, bytes);
	look(tls);
}

const uint8_t *tls_send_bytes(struct tls *tls, size_t *bytes)
{
	const uint8_t *at = tls->state == TLS_DONE ? 0 : br_ssl_engine_sendrec_buf(tls->engine, bytes);
	if (!at) *bytes = 0;
	return at;
}

void tls_sent(struct tls *tls, size_t bytes)
{
	size_t ready;
	(void)tls_send_bytes(tls, &ready);
	BUG_UNLESS(3521, bytes <= ready);
	if (bytes == 0) return;
	br_ssl_engine_sendrec_ack(tls->engine, bytes);
	look(tls);
}

size_t tls_read(struct tls *tls, void *into, size_t room)
{
	size_t         ready;
	const uint8_t *at = tls->state == TLS_OPEN ? br_ssl_engine_recvapp_buf(tls->engine, &ready) : 0;
	if (!at || room == 0) return 0;
	if (ready > room) ready = room;
	memcpy(into, at, ready);
	br_ssl_engine_recvapp_ack(tls->engine, ready);
	look(tls);
	return ready;
}

size_t tls_write(struct tls *tls, const void *from, size_t bytes)
{
	size_t   room;
	uint8_t *at = tls->state == TLS_OPEN && !tls->said_goodbye ? br_ssl_engine_sendapp_buf(tls->engine, &room) : 0;
	if (!at || bytes == 0) return 0;
	if (bytes > room) bytes = room;
	memcpy(at, from, bytes);
	br_ssl_engine_sendapp_ack(tls->engine, bytes);
	look(tls);
	return bytes;
}

void tls_flush(struct tls *tls)
{
	if (tls->state == TLS_OPEN) br_ssl_engine_flush(tls->engine, 0);
}

void tls_close(struct tls *tls)
{
	if (tls->state == TLS_DONE || tls->said_goodbye) return;
	tls->said_goodbye = true;
	br_ssl_engine_close(tls->engine);
	look(tls);
}

void tls_ended(struct tls *tls)
{
	if (tls->said_goodbye) end(tls, TLS_OK);
	else end(tls, tls->state == TLS_SHAKING ? TLS_CUT_SHAKING : TLS_CUT);
}

void tls_late(struct tls *tls) { end(tls, TLS_LATE); }

/* --- for people --------------------------------------------------------------------------------------------------- */

const char *tls_name(const struct tls *tls) { return tls->is_client ? tls->host : tls->engine->server_name; }

static void say_date(char *text, size_t used, int64_t t_s, const char *advice)
{
	struct civil date = civil_from_day((int32_t)div_floor(t_s, DAY_S));
	int          second = (int)(t_s - (int64_t)div_floor(t_s, DAY_S) * DAY_S);
	snprintf(text + used, TLS_SENTENCE_BYTES - used, " %04d-%02u-%02u %02d:%02d:%02d UTC: %s", date.year, date.month, date.day,
	    second / 3600, second / 60 % 60, second % 60, advice);
}

const char *tls_sentence(const struct tls *tls, char text[TLS_SENTENCE_BYTES])
{
	const char *name = *tls_name(tls) ? tls_name(tls) : "the peer";
	size_t      used = (size_t)snprintf(text, TLS_SENTENCE_BYTES, "%s: %s", name, verdict_text[tls->verdict]);
	size_t      left = TLS_SENTENCE_BYTES - used;
	bool        is_alert = tls->error >= BR_ERR_RECV_FATAL_ALERT;
	if (tls->verdict == TLS_EXPIRED) say_date(text, used, tls->witness.limit_s, "the peer must renew it, or the clock of this machine is ahead");
	if (tls->verdict == TLS_NOT_YET_VALID) say_date(text, used, tls->witness.limit_s, "the clock of this machine is behind, or the peer's was ahead");
	if (tls->verdict == TLS_REFUSED || tls->verdict == TLS_BROKEN || tls->verdict == TLS_BAD_CERTIFICATE)
		snprintf(text + used, left, is_alert ? " (alert %d)" : " (BearSSL error %d)", is_alert ? tls->error & 0xff : tls->error);
	return text;
}
