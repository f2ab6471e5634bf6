/* dns.h - host names to addresses, without blocking: own resolver on the loop, because the C library's blocks and allocates.
 *
 * In BOOT the name servers and the hosts file are read, once. Then dns_resolve answers by its function: before it returns for IP
 * literals, localhost, the hosts file, the cache and bad names; later, from the loop, for what must be asked: such a lookup has a
 * number to cancel it by. A lookup asks for IPv4 and IPv6 at once, from a fresh socket on a port the kernel picks at random, with
 * random ids; DNS_ROUNDS rounds over all servers, timeout_ns each. When one family has answered the other has DNS_GRACE_MS left. A cut
 * answer is asked for again over TCP. The result holds IPv4 first, for machines without an IPv6 route.
 *
 * What was found is kept for its lifetime (DNS_TTL_MAX_S at most), DNS_CACHE_MAX names, the one that ends first gives way; failures
 * are not kept. Names are absolute: no search list. A full table of lookups answers DNS_NO_ROOM. The struct points into itself and
 * stays where it is. */
#ifndef HAL_LINUX_DNS_H
#define HAL_LINUX_DNS_H
#include "hal/wire/dns.h"

#include "hal/linux/sock.h"

/* n, as resolv.conf(5); n; n names; n at once; n times all servers; n foreign datagrams before a try is given up. */
enum { DNS_SERVERS_MAX = 3, DNS_HOSTS_MAX = 32, DNS_CACHE_MAX = 16, DNS_LOOKUPS_MAX = 8, DNS_ROUNDS = 2, DNS_STRANGERS_MAX = 64, DNS_NONE = -1 };
/* ms a server has; ms for the second family; s; bytes of an answer over TCP. */
enum { DNS_TIMEOUT_MS = 2000, DNS_GRACE_MS = 300, DNS_TTL_MAX_S = 86400, DNS_TCP_BYTES_MAX = 4096, DNS_RESULT_MAX = 2 * DNS_ADDRESSES_MAX };

struct dns_result { enum dns_verdict verdict; uint32_t addresses_n; struct address addresses[DNS_RESULT_MAX]; };        /* ports are 0 */
typedef void dns_done_fn(void *self, const struct dns_result *result);

struct dns_question { uint16_t id; bool answered, cut, failed; enum dns_verdict verdict; struct dns_answer answer; };

struct dns_lookup {
	struct dns         *dns;
	bool                taken;
	dns_done_fn        *done;
	void               *self;
	char                name[DNS_NAME_BYTES];
	int                 fd, watch, timer;
	uint32_t            tries, strangers;
	enum dns_verdict    failure;
	struct dns_question questions[2];
	struct sock         tcp;
	size_t              tcp_question, tcp_n;
	uint8_t             tcp_bytes[2 + DNS_TCP_BYTES_MAX];
};

struct dns_host { char name[DNS_NAME_BYTES]; struct address address; };
struct dns_known { char name[DNS_NAME_BYTES]; int64_t until_ns; struct dns_result result; };

struct dns {
	uint32_t          servers_n, hosts_n, hosts_left_out;
	int64_t           timeout_ns;
	struct address    servers[DNS_SERVERS_MAX];
	struct dns_host   hosts[DNS_HOSTS_MAX];
	struct dns_known  cache[DNS_CACHE_MAX];
	struct dns_lookup lookups[DNS_LOOKUPS_MAX];
	uint64_t          asked, from_cache;        /* datagrams and TCP questions sent; answers without any */
	uint64_t          lookups_most, cache_most; /* rows in use at once */
};

void dns_init(struct dns *dns);
/* A server more; false when there are DNS_SERVERS_MAX. */
bool dns_server_add(struct dns *dns, const struct address *server);
/* In BOOT: /etc/resolv.conf and /etc/hosts, or others; what cannot be read is left out. Without any server it is 127.0.0.1, port 53. */
void dns_boot(struct dns *dns, const char *resolv_conf, const char *hosts);
/* DNS_NONE when the answer was given already. */
int  dns_resolve(struct dns *dns, const char *name, dns_done_fn *done, void *self);
/* Its function will not be called. */
void dns_cancel(struct dns *dns, int lookup);

#endif
