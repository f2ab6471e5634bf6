/* service.c - see service.h. */
#include "hal/sim/server/service.h"

#include <stdio.h>
#include <string.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"

enum { READ_BYTES = 16384, DAY_S = 86400, YEAR_DAYS = 365 };

/* --- TLS records -------------------------------------------------------------------------------------------------- */

/* How many records a direction has carried under its keys: its sequence number. The suites are AES-GCM or ChaCha20-Poly1305. */
static uint64_t records(const struct tls *tls, bool in)
{
	const br_ssl_engine_context *engine = tls->engine;
	uint16_t                     suite = engine->session.cipher_suite;
	bool                         chacha = suite == BR_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256;
	if (suite == 0 || tls->state == TLS_SHAKING) return 0;
	if (chacha) return in ? engine->in.chapol.seq : engine->out.chapol.seq;
	return in ? engine->in.gcm.seq : engine->out.gcm.seq;
}

static void count_records(const struct service *service, uint64_t *in, uint64_t *out)
{
	*in = service->records_in;
	*out = service->records_out;
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		const struct stream *stream = &service->line[i].stream;
		if (!service->line[i].used || stream->state != STREAM_OPEN) continue;
		*in += records(&stream->tls, true);
		*out += records(&stream->tls, false);
	}
}

static void more_counts(void *self, struct json *json)
{
	uint64_t in, out;
	count_records(self, &in, &out);
	json_key(json, "tls_records_in"), json_u64(json, in);
	json_key(json, "tls_records_out"), json_u64(json, out);
}

size_t service_counts(struct service *service, char *text, size_t size)
{
	struct json json;
	json_begin(&json, text, size);
	json_object_begin(&json);
	server_write_counts(&service->server, &json);
	json_object_end(&json);
	json_line(&json);
	return json_length(&json);
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void now(struct service *service) { server_now(&service->server, clock_monotonic_ns()); }

static void hang_up(struct service *service, struct service_line *line)
{
	if (line->stream.tls.engine) {
		service->records_in += records(&line->stream.tls, true);
		service->records_out += records(&line->stream.tls, false);
	}
	if (line->number >= 0) server_disconnect(&service->server, line->number);
	line->number = -1;
	line->used = false;
	sock_hold(&service->listener, false);
}

static void flush_line(struct service *service, struct service_line *line)
{
	size_t count, sent;
	if (line->number < 0) return;
	do {
		const char *bytes = server_pending(&service->server, line->number, &count);
		sent = count ? stream_write(&line->stream, bytes, count) : 0;
		server_sent(&service->server, line->number, sent);
	} while (sent > 0 && sent < count);
	if (!server_is_over(&service->server, line->number)) return;
	stream_close(&line->stream);
	hang_up(service, line);
}

/* One client's request may have something to say to all of them. */
static void flush(struct service *service)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) flush_line(service, &service->line[i]);
}

static void receive(struct service *service, struct service_line *line)
{
	char   bytes[READ_BYTES];
	size_t got;
	while (line->number >= 0 && (got = stream_read(&line->stream, bytes, sizeof bytes)) > 0)
		server_receive(&service->server, line->number, bytes, got);
}

static void on_stream(void *self, struct stream *stream, enum stream_event event)
{
	struct service_line *line = self;
	struct service      *service = line->service;
	(void)stream;
	now(service);
	switch (event) {
	case STREAM_OPENED:
		line->number = server_connect(&service->server);
		if (line->number >= 0) break;
		stream_close(&line->stream);
		hang_up(service, line);
		break;
	case STREAM_BYTES: receive(service, line); break;
	case STREAM_ROOM: break;
	case STREAM_ENDED: hang_up(service, line); break;
	}
	flush(service);
}

static bool fill_seed(uint8_t *seed, size_t bytes)
{
	uint64_t bits;
	for (size_t i = 0; i < bytes; i += sizeof bits) {
		if (!random_u64(&bits)) return false;
		memcpy(seed + i, &bits, sizeof bits);
	}
	return true;
}

static struct service_line *free_line(struct service *service)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++)
		if (!service->line[i].used) return &service->line[i];
	return 0;
}

static void on_call(void *self, struct sock *listener, enum sock_event event)
{
	static const struct stream_limits limits = { 0, SERVICE_SHAKE_S * NS_PER_S, SERVICE_IDLE_S * NS_PER_S };
	struct service                   *service = self;
	uint8_t                           seed[TLS_SEED_BYTES];
	while (event == SOCK_READABLE) {
		struct service_line *line = free_line(service);
		if (!line) sock_hold(listener, true);
		if (!line || !fill_seed(seed, sizeof seed)) return;
		if (stream_accept(&line->stream, listener, &service->tls, seed, &limits) != SOCK_OK) return;
		line->used = true;
	}
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

static void write_log(void *self, const char *line, size_t length)
{
	struct service *service = self;
	if (service->log_failed || append_write(&service->log, line, length) == FILES_OK) return;
	service->log_failed = true;        /* said once, by service_close's caller through the counts: a venue without a log goes on */
}

static bool refuse(struct service *service, const char *what, const char *why)
{
	snprintf(service->sentence, sizeof service->sentence, "%s%s%s", what, *why ? " " : "", why);
	return false;
}

static bool open_log(struct service *service, const char *path)
{
	char              text[FILES_SENTENCE_MAX];
	enum files_verdict verdict = path ? append_open(&service->log, path, service->log_buffer, sizeof service->log_buffer) : FILES_OK;
	if (path && verdict == FILES_OK) verdict = append_cut(&service->log, 0);
	if (verdict == FILES_OK) return true;
	return refuse(service, files_sentence(verdict, path, text, sizeof text), "");
}

static bool write_file(struct service *service, const char *path, const char *bytes, size_t length)
{
	char               text[FILES_SENTENCE_MAX];
	enum files_verdict verdict = path ? files_replace(path, bytes, length, false) : FILES_OK;
	return verdict == FILES_OK || refuse(service, files_sentence(verdict, path, text, sizeof text), "");
}

static bool make_certificate(struct service *service, const char *trust, int64_t wall_s)
{
	struct certificate_plan plan = { .names = { "localhost" }, .from_s = wall_s - DAY_S, .to_s = wall_s + YEAR_DAYS * DAY_S };
	char                    pem[CERTIFICATE_PEM_BYTES_MAX];
	if (!fill_seed(plan.seed, sizeof plan.seed)) return refuse(service, "the kernel", "gives no random bytes for a key");
	BUG_UNLESS(3640, certificate_make(&service->certificate, &plan));
	tls_service_init(&service->tls, &service->certificate);
	return write_file(service, trust, pem, certificate_pem(&service->certificate, pem));
}

static bool listen_on(struct service *service, uint16_t port, const char *port_file)
{
	struct address at;
	char           text[64];
	BUG_UNLESS(3641, address_parse("127.0.0.1", port, &at));
	sock_init(&service->listener, on_call, service);
	enum sock_verdict verdict = sock_listen(&service->listener, &at);
	snprintf(text, sizeof text, "port %u on 127.0.0.1", port);
	if (verdict != SOCK_OK || !sock_local(&service->listener, &at)) return refuse(service, text, sock_verdict_text[verdict]);
	service->port = at.port;
	int length = snprintf(text, sizeof text, "%u\n", at.port);
	return write_file(service, port_file, text, (size_t)length);
}

bool service_open(struct service *service, const struct service_plan *plan, const struct server_config *config)
{
	struct server_config own = *config;
	int64_t              wall_ns = clock_wall_ns();
	const char          *why = "";
	own.wall_ns = wall_ns - clock_monotonic_ns();
	own.log = plan->log ? write_log : 0;
	own.log_self = own.more_self = service;
	own.more_counts = more_counts;
	service->sentence[0] = '\0';
	service->log.fd = -1;
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		service->line[i] = (struct service_line){ .service = service, .number = -1 };
		stream_init(&service->line[i].stream, on_stream, &service->line[i]);
	}
	if (!open_log(service, plan->log) || !make_certificate(service, plan->trust, wall_ns / NS_PER_S)) return false;
	if (!server_init(&service->server, &own, &why)) return refuse(service, why, "");
	now(service);
	return listen_on(service, plan->port, plan->port_file);
}

/* --- turning ------------------------------------------------------------------------------------------------------ */

void service_turn(struct service *service)
{
	int64_t wakes_ns = server_wakes_ns(&service->server), most_ns = SERVICE_TURN_MS * NS_PER_MS;
	int64_t sleep_ns = wakes_ns == INT64_MAX ? most_ns : e8_min(e8_max(wakes_ns - clock_monotonic_ns(), 0), most_ns);
	loop_once(sleep_ns);
	now(service);
	flush(service);
	if (service->log.fd >= 0 && service->log.used > 0 && append_flush(&service->log) != FILES_OK) service->log_failed = true;
}

void service_close(struct service *service)
{
	for (int i = 0; i < SERVER_CONNECTIONS_MAX; i++) {
		if (!service->line[i].used) continue;
		stream_close(&service->line[i].stream);
		hang_up(service, &service->line[i]);
	}
	sock_close(&service->listener);
	if (service->log.fd >= 0 && append_flush(&service->log) != FILES_OK) service->log_failed = true;
	append_close(&service->log);
}
