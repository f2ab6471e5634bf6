/* service.h - the venue on the loop: a listener on loopback, TLS connections, the trust file, the log. The only file here with sockets.
 *
 * service_open makes a certificate of its own and writes its PEM to `trust`, listens on 127.0.0.1 and writes the port to `port_file`; then
 * service_turn again and again. A full table of connections leaves the next ones waiting in the kernel's queue.
 * False, with one sentence in service->sentence, when something does not open. The caller owns the struct, 160 MB of it, mostly untouched. */
#ifndef HAL_SIM_SERVER_SERVICE_H
#define HAL_SIM_SERVER_SERVICE_H
#include "hal/linux/files.h"
#include "hal/linux/stream.h"
#include "hal/sim/server/server.h"

enum { SERVICE_SENTENCE_BYTES = 1024, SERVICE_LOG_BYTES = 1 << 16, SERVICE_TURN_MS = 1000, SERVICE_SHAKE_S = 10, SERVICE_IDLE_S = 3600 };

struct service_plan { const char *trust, *port_file, *log; uint16_t port; };

struct service;
struct service_line { struct service *service; struct stream stream; int number; bool used; };

struct service {
	struct server       server;
	uint16_t            port;
	char                sentence[SERVICE_SENTENCE_BYTES];
	uint64_t            records_in, records_out;          /* of connections that have ended */
	bool                log_failed;
	struct sock         listener;
	struct certificate  certificate;
	struct tls_service  tls;
	struct append_file  log;
	char                log_buffer[SERVICE_LOG_BYTES];
	struct service_line line[SERVER_CONNECTIONS_MAX];
};

/* The loop is open. config->log and more_counts are the service's own. */
bool service_open(struct service *service, const struct service_plan *plan, const struct server_config *config);
/* Sleeps until something is to be done, and does it. */
void service_turn(struct service *service);
/* Writes the counts as one JSON line into text; its length. */
size_t service_counts(struct service *service, char *text, size_t size);
void   service_close(struct service *service);

#endif
