/* dns.c - lookups as rows: a try asks one server, a timer or an error brings the next try, the tries are counted. */
#include "hal/linux/dns.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hal/linux/clock.h"
#include "hal/linux/loop.h"

enum { QUESTIONS = 2, LINE_BYTES = 512, READ_BYTES = 1024, DATAGRAMS_A_TURN = 16 };

static const enum dns_type types[QUESTIONS] = { DNS_A, DNS_AAAA };
static const char          blanks[] = " \t\r";

/* --- files, in BOOT ----------------------------------------------------------------------------------------------- */

typedef void line_fn(struct dns *dns, char *line);

static void take_line(struct dns *dns, char *line, line_fn *fn)
{
	line[strcspn(line, "#;\n")] = '\0';
	fn(dns, line);
}

/* Lines longer than LINE_BYTES are passed over. */
static void each_line(struct dns *dns, const char *path, line_fn *fn)
{
	char    bytes[READ_BYTES], line[LINE_BYTES];
	size_t  used = 0;
	ssize_t got;
	int     fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) return;
	while ((got = read(fd, bytes, sizeof bytes)) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			if (bytes[i] != '\n') {
				if (used < sizeof line) line[used++] = bytes[i];
				continue;
			}
			if (used < sizeof line) {
				line[used] = '\0';
				take_line(dns, line, fn);
			}
			used = 0;
		}
	}
	close(fd);
	if (used == 0 || used == sizeof line) return;
	line[used] = '\0';
	take_line(dns, line, fn);
}

/* The next word of a line, cut out; null at its end. */
static char *word(char **line)
{
	char *at = *line + strspn(*line, blanks), *end = at + strcspn(at, blanks);
	*line = *end ? end + 1 : end;
	*end = '\0';
	return *at ? at : 0;
}

static void server_line(struct dns *dns, char *line)
{
	struct address server;
	const char    *key = word(&line), *value = word(&line);
	if (key && value && strcmp(key, "nameserver") == 0 && address_parse(value, DNS_PORT, &server)) (void)dns_server_add(dns, &server);
}

static void host_line(struct dns *dns, char *line)
{
	struct dns_host host = { .name = "" };
	const char     *literal = word(&line), *name;
	if (!literal || !address_parse(literal, 0, &host.address)) return;
	while ((name = word(&line)) != 0) {
		if (!dns_name_clean(name, host.name)) continue;
		if (dns->hosts_n < DNS_HOSTS_MAX) dns->hosts[dns->hosts_n++] = host;
		else dns->hosts_left_out++;
	}
}

bool dns_server_add(struct dns *dns, const struct address *server)
{
	if (dns->servers_n == DNS_SERVERS_MAX) return false;
	dns->servers[dns->servers_n++] = *server;
	return true;
}

void dns_init(struct dns *dns)
{
	memset(dns, 0, sizeof *dns);
	dns->timeout_ns = DNS_TIMEOUT_MS * NS_PER_MS;
}

void dns_boot(struct dns *dns, const char *resolv_conf, const char *hosts)
{
	struct address loopback;
	each_line(dns, resolv_conf, server_line);
	each_line(dns, hosts, host_line);
	if (dns->servers_n == 0 && address_parse("127.0.0.1", DNS_PORT, &loopback)) (void)dns_server_add(dns, &loopback);
}

/* --- what is known without asking --------------------------------------------------------------------------------- */

static void add_address(struct dns_result *result, const struct address *address)
{
	if (result->addresses_n < DNS_RESULT_MAX) result->addresses[result->addresses_n++] = *address;
	result->verdict = DNS_OK;
}

static bool from_hosts(const struct dns *dns, const char *name, struct dns_result *result)
{
	for (uint32_t i = 0; i < dns->hosts_n; i++)
		if (strcmp(dns->hosts[i].name, name) == 0) add_address(result, &dns->hosts[i].address);
	if (result->addresses_n || strcmp(name, "localhost") != 0) return result->addresses_n != 0;
	add_address(result, &(struct address){ .family = ADDRESS_IP4, .bytes = { 127, 0, 0, 1 } });        /* RFC 6761, 6.3 */
	add_address(result, &(struct address){ .family = ADDRESS_IP6, .bytes = { [15] = 1 } });
	return true;
}

static bool from_cache(struct dns *dns, const char *name, struct dns_result *result)
{
	for (size_t i = 0; i < DNS_CACHE_MAX; i++) {
		const struct dns_known *known = &dns->cache[i];
		if (strcmp(known->name, name) != 0 || clock_monotonic_ns() >= known->until_ns) continue;
		*result = known->result;
		dns->from_cache++;
		return true;
	}
	return false;
}

static void keep(struct dns *dns, const char *name, const struct dns_result *result, uint32_t ttl_s)
{
	struct dns_known *row = dns->cache;
	if (ttl_s > DNS_TTL_MAX_S) ttl_s = DNS_TTL_MAX_S;
	for (size_t i = 0; i < DNS_CACHE_MAX; i++) {
		if (dns->cache[i].until_ns < row->until_ns) row = &dns->cache[i];
		if (strcmp(dns->cache[i].name, name) != 0) continue;
		row = &dns->cache[i];
		break;
	}
	memcpy(row->name, name, sizeof row->name);
	row->until_ns = clock_monotonic_ns() + ttl_s * NS_PER_S;
	row->result = *result;
	uint32_t used = 0;
	for (size_t i = 0; i < DNS_CACHE_MAX; i++) used += dns->cache[i].name[0] != '\0';
	most_see(&dns->cache_most, used);
}

/* --- the end of a lookup ------------------------------------------------------------------------------------------ */

static void hang_up(struct dns_lookup *lookup)
{
	if (lookup->watch != LOOP_NONE) loop_watch_end(lookup->watch);
	if (lookup->fd >= 0) close(lookup->fd);
	lookup->watch = LOOP_NONE;
	lookup->fd = -1;
	sock_close(&lookup->tcp);
}

static void release(struct dns_lookup *lookup)
{
	hang_up(lookup);
	if (lookup->timer != LOOP_NONE) loop_timer_end(lookup->timer);
	lookup->timer = LOOP_NONE;
	lookup->taken = false;
}

/* Without an address: that the name is unknown says more than that it has none, and that more than a failure. */
static enum dns_verdict no_address(const struct dns_lookup *lookup)
{
	enum dns_verdict verdict = lookup->failure;
	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct dns_question *question = &lookup->questions[i];
		if (question->answered && (question->verdict == DNS_NO_NAME || verdict != DNS_NO_NAME)) verdict = question->verdict;
	}
	return verdict;
}

static void finish(struct dns_lookup *lookup)
{
	struct dns_result result = { .verdict = no_address(lookup) };
	uint32_t          ttl_s = UINT32_MAX;
	for (size_t i = 0; i < QUESTIONS; i++) {
		const struct dns_answer *answer = &lookup->questions[i].answer;
		if (!lookup->questions[i].answered || lookup->questions[i].verdict != DNS_OK) continue;
		for (uint32_t n = 0; n < answer->addresses_n; n++) add_address(&result, &answer->addresses[n]);
		if (answer->ttl_s < ttl_s) ttl_s = answer->ttl_s;
	}
	if (result.verdict == DNS_OK) keep(lookup->dns, lookup->name, &result, ttl_s);
	release(lookup);
	lookup->done(lookup->self, &result);
}

static bool has_address(const struct dns_lookup *lookup)
{
	for (size_t i = 0; i < QUESTIONS; i++) if (lookup->questions[i].answered && lookup->questions[i].verdict == DNS_OK) return true;
	return false;
}

/* --- tries -------------------------------------------------------------------------------------------------------- */

static void on_datagram(void *self, int ready);

static const struct address *server_of(const struct dns_lookup *lookup)
{
	return &lookup->dns->servers[(lookup->tries - 1) % lookup->dns->servers_n];
}

/* A fresh socket for each try: a fresh port, and answers of no other server. */
static bool open_socket(struct dns_lookup *lookup, const struct address *server)
{
	bool                six = server->family == ADDRESS_IP6;
	struct sockaddr_in  to4 = { .sin_family = AF_INET, .sin_port = htons(server->port) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(server->port) };
	memcpy(&to4.sin_addr, server->bytes, ADDRESS_IP4_BYTES);
	memcpy(&to6.sin6_addr, server->bytes, ADDRESS_IP6_BYTES);
	const void *to = six ? (const void *)&to6 : (const void *)&to4;
	lookup->fd = socket(six ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (lookup->fd < 0 || connect(lookup->fd, to, six ? sizeof to6 : sizeof to4) != 0) return false;
	lookup->watch = loop_watch(lookup->fd, LOOP_READ, on_datagram, lookup);
	return lookup->watch != LOOP_NONE;
}

static bool random_id(uint16_t *id)
{
	uint64_t bits;
	if (!random_u64(&bits)) return false;
	*id = (uint16_t)bits;
	return true;
}

static bool ask(struct dns_lookup *lookup)
{
	uint8_t query[DNS_QUERY_BYTES_MAX];
	hang_up(lookup);
	lookup->tries++;
	lookup->strangers = 0;
	if (!open_socket(lookup, server_of(lookup))) return false;
	for (size_t i = 0; i < QUESTIONS; i++) {
		struct dns_question *question = &lookup->questions[i];
		if (question->answered) continue;
		question->cut = question->failed = false;
		if (!random_id(&question->id)) return false;
		size_t n = dns_query_write(query, question->id, lookup->name, types[i]);
		if (send(lookup->fd, query, n, MSG_NOSIGNAL) != (ssize_t)n) return false;
		lookup->dns->asked++;
	}
	loop_timer_start(lookup->timer, lookup->dns->timeout_ns);
	return true;
}

/* The next server that can be asked, or the end. */
static void next_try(struct dns_lookup *lookup)
{
	while (lookup->tries < DNS_ROUNDS * lookup->dns->servers_n)
		if (ask(lookup)) return;
	finish(lookup);
}

static void on_late(void *self)
{
	struct dns_lookup *lookup = self;
	if (has_address(lookup)) finish(lookup);
	else next_try(lookup);
}

/* --- TCP, for what was cut ---------------------------------------------------------------------------------------- */

static void settle(struct dns_lookup *lookup);

static void tcp_answered(struct dns_lookup *lookup, enum dns_verdict verdict)
{
	struct dns_question *question = &lookup->questions[lookup->tcp_question];
	sock_close(&lookup->tcp);
	question->cut = false;
	question->answered = true;
	question->verdict = verdict;
	settle(lookup);
}

static void tcp_ask(struct dns_lookup *lookup)
{
	uint8_t                    query[2 + DNS_QUERY_BYTES_MAX];
	const struct dns_question *question = &lookup->questions[lookup->tcp_question];
	size_t                     sent, n = dns_query_write(query + 2, question->id, lookup->name, types[lookup->tcp_question]);
	query[0] = (uint8_t)(n >> 8);
	query[1] = (uint8_t)n;
	lookup->dns->asked++;
	if (sock_send(&lookup->tcp, query, n + 2, &sent) != SOCK_OK || sent != n + 2) tcp_answered(lookup, DNS_TRUNCATED);
}

static void tcp_recv(struct dns_lookup *lookup)
{
	struct dns_question *question = &lookup->questions[lookup->tcp_question];
	size_t               got, wanted = 2;
	enum sock_verdict    verdict = sock_recv(&lookup->tcp, lookup->tcp_bytes + lookup->tcp_n, sizeof lookup->tcp_bytes - lookup->tcp_n, &got);
	lookup->tcp_n += got;
	if (lookup->tcp_n >= 2) wanted = 2 + ((size_t)lookup->tcp_bytes[0] << 8 | lookup->tcp_bytes[1]);
	if (verdict == SOCK_WAIT || (verdict == SOCK_OK && lookup->tcp_n < wanted && wanted <= sizeof lookup->tcp_bytes)) return;
	if (lookup->tcp_n < wanted || wanted == 2) {
		tcp_answered(lookup, DNS_TRUNCATED);
		return;
	}
	enum dns_verdict answer = dns_answer_read(lookup->tcp_bytes + 2, wanted - 2, question->id, lookup->name, types[lookup->tcp_question], &question->answer);
	tcp_answered(lookup, answer == DNS_NOT_OURS ? DNS_TRUNCATED : answer);
}

static void on_tcp(void *self, struct sock *sock, enum sock_event event)
{
	(void)sock;
	switch (event) {
	case SOCK_CONNECTED: tcp_ask(self); return;
	case SOCK_READABLE: tcp_recv(self); return;
	case SOCK_FAILED: tcp_answered(self, DNS_TRUNCATED); return;
	case SOCK_WRITABLE: return;
	}
}

static void tcp_begin(struct dns_lookup *lookup, size_t question)
{
	struct sock_limits limits = { lookup->dns->timeout_ns, lookup->dns->timeout_ns };
	hang_up(lookup);
	lookup->tcp_question = question;
	lookup->tcp_n = 0;
	loop_timer_stop(lookup->timer);        /* the sock has its own deadlines */
	if (sock_connect(&lookup->tcp, server_of(lookup), &limits) != SOCK_OK) tcp_answered(lookup, DNS_TRUNCATED);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

/* A question still open while there is an address: not for long. Cut ones go to TCP, failed ones to the next server unless one
 * family is enough. */
static void settle(struct dns_lookup *lookup)
{
	const struct dns_question *questions = lookup->questions;
	bool                       open = false, failed = false;
	size_t                     cut = QUESTIONS;
	for (size_t i = 0; i < QUESTIONS; i++) {
		if (questions[i].answered) continue;
		open |= !questions[i].cut && !questions[i].failed;
		failed |= questions[i].failed;
		if (questions[i].cut) cut = i;
	}
	if (open && has_address(lookup)) loop_timer_start(lookup->timer, DNS_GRACE_MS * NS_PER_MS);
	if (open) return;
	if (cut < QUESTIONS) tcp_begin(lookup, cut);
	else if (failed && !has_address(lookup)) next_try(lookup);
	else finish(lookup);
}

static void take_answer(struct dns_lookup *lookup, struct dns_question *question, enum dns_verdict verdict, const struct dns_answer *answer)
{
	question->failed = verdict == DNS_SERVER_FAILED || verdict == DNS_SERVER_REFUSES || verdict == DNS_MALFORMED;
	question->cut = verdict == DNS_TRUNCATED;
	question->answered = !question->failed && !question->cut;
	question->verdict = verdict;
	question->answer = *answer;
	if (question->failed) lookup->failure = verdict;
	settle(lookup);
}

/* False when the lookup has gone on: its socket may be another. */
static bool take_datagram(struct dns_lookup *lookup, const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < QUESTIONS; i++) {
		struct dns_question *question = &lookup->questions[i];
		struct dns_answer    answer;
		if (question->answered || question->cut || question->failed) continue;
		enum dns_verdict verdict = dns_answer_read(bytes, n, question->id, lookup->name, types[i], &answer);
		if (verdict == DNS_NOT_OURS) continue;
		take_answer(lookup, question, verdict, &answer);
		return false;
	}
	if (++lookup->strangers < DNS_STRANGERS_MAX) return true;
	next_try(lookup);
	return false;
}

/* One datagram that counts a turn: the loop comes back when more wait. */
static void on_datagram(void *self, int ready)
{
	struct dns_lookup *lookup = self;
	uint8_t            bytes[DNS_UDP_BYTES_MAX];
	(void)ready;
	for (int i = 0; i < DATAGRAMS_A_TURN; i++) {
		ssize_t n = recv(lookup->fd, bytes, sizeof bytes, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
		if (n < 0) {
			next_try(lookup);        /* nothing listens there */
			return;
		}
		if (!take_datagram(lookup, bytes, (size_t)n)) return;
	}
}

/* --- the beginning ------------------------------------------------------------------------------------------------ */

static int begin(struct dns *dns, const char *name, dns_done_fn *done, void *self)
{
	int at = 0;
	while (at < DNS_LOOKUPS_MAX && dns->lookups[at].taken) at++;
	int timer = at == DNS_LOOKUPS_MAX ? LOOP_NONE : loop_timer(on_late, &dns->lookups[at]);
	if (timer == LOOP_NONE) {
		done(self, &(struct dns_result){ .verdict = DNS_NO_ROOM });
		return DNS_NONE;
	}
	struct dns_lookup *lookup = &dns->lookups[at];
	memset(lookup, 0, sizeof *lookup);
	lookup->dns = dns;
	lookup->taken = true;
	lookup->done = done;
	lookup->self = self;
	lookup->timer = timer;
	lookup->fd = -1;
	lookup->watch = LOOP_NONE;
	lookup->failure = DNS_LATE;
	memcpy(lookup->name, name, sizeof lookup->name);
	sock_init(&lookup->tcp, on_tcp, lookup);
	most_see(&dns->lookups_most, (uint64_t)at + 1);        /* the lowest free row is taken: none above was ever needed */
	loop_timer_start(timer, 0);        /* from the loop, so that the answer never comes before the number */
	return at;
}

int dns_resolve(struct dns *dns, const char *name, dns_done_fn *done, void *self)
{
	char              clean[DNS_NAME_BYTES] = { 0 };
	struct address    literal;
	struct dns_result result = { .verdict = DNS_BAD_NAME };
	if (address_parse(name, 0, &literal)) add_address(&result, &literal);
	else if (dns_name_clean(name, clean)) {
		if (!from_hosts(dns, clean, &result) && !from_cache(dns, clean, &result)) return begin(dns, clean, done, self);
	}
	done(self, &result);
	return DNS_NONE;
}

void dns_cancel(struct dns *dns, int lookup)
{
	BUG_UNLESS(3531, lookup >= 0 && lookup < DNS_LOOKUPS_MAX);
	if (dns->lookups[lookup].taken) release(&dns->lookups[lookup]);
}
