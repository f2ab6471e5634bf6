/* marks.h - low-water marks of the tables, buffers and arenas that a process has to itself: the fewest of each ever free.
 *
 * MARKS rows: name, maximum, whose, when, free, what. free is asked of the process (`runner`) each time it publishes its footprint, and stands in its place
 * of footprint.low_water; a row of a venue BY_PROTOCOL is asked where there is one. The channels, which are shared, carry their own. A table whose oldest row
 * gives way (dns_cache, tls_sessions, told) ends at 0, and nothing is amiss. Printed by `tickwork audit --home`. Rows O10, P7, X5. */
#ifndef FIRMWARE_MARKS_H
#define FIRMWARE_MARKS_H
#include "firmware/budget.h"
#include "hal/linux/control.h"
#include "hal/linux/loop.h"
#include "hal/venues/alpaca/market.h"
#include "hal/venues/alpaca/trading.h"

// clang-format off
#define MARKS(X)                                                                                                                     \
	/* name            maximum                     whose              when         free                                    what     */ \
	X(orders,          ORDERS_MAX,                 BUDGET_OF(desk),   ALWAYS,      runner->rooms.desk.orders.pool.low_water, "slots of the desk") \
	X(timers,          PUMP_TIMERS_MAX,            BUDGET_OF(desk),   ALWAYS,      PUMP_TIMERS_MAX - runner->pump.timers_most, "orders timed at once") \
	X(outbox,          OUTBOX_MAX,                 BUDGET_WORKERS,    ALWAYS,      OUTBOX_MAX - runner->pump.outbox_most,  "events of one step") \
	X(sqlite, CFG_ledger_heap_kib * 1024, BUDGET_OF(ledger), ALWAYS, CFG_ledger_heap_kib * 1024 - books_heap_high_water(), "bytes of its heap") \
	X(control_clients, CONTROL_CLIENTS_MAX, BUDGET_OF(feed), ALWAYS, CONTROL_CLIENTS_MAX - runner->console->control.clients_most, "people at the socket") \
	X(libev,           LOOP_ARENA_BYTES,           BUDGET_WORKERS,    ALWAYS,      LOOP_ARENA_BYTES - loop_arena_used(),   "bytes of its arena") \
	X(loop_watches,    LOOP_WATCHES_MAX,           BUDGET_WORKERS,    ALWAYS,      LOOP_WATCHES_MAX - loop_watches_most(), "descriptors watched at once") \
	X(loop_timers,     LOOP_TIMERS_MAX,            BUDGET_WORKERS,    ALWAYS,      LOOP_TIMERS_MAX - loop_timers_most(),   "timers at once") \
	X(dns_lookups, DNS_LOOKUPS_MAX, MARKS_OF_VENUE, BY_PROTOCOL, DNS_LOOKUPS_MAX - runner->venue->dns.lookups_most, "names asked for at once") \
	X(dns_cache,       DNS_CACHE_MAX,              MARKS_OF_VENUE,    BY_PROTOCOL, DNS_CACHE_MAX - runner->venue->dns.cache_most, "names known") \
	X(dns_hosts,       DNS_HOSTS_MAX,              MARKS_OF_VENUE,    BY_PROTOCOL, DNS_HOSTS_MAX - runner->venue->dns.hosts_n, "names of the hosts file") \
	X(roots,           ANCHORS_MAX,                MARKS_OF_VENUE,    BY_PROTOCOL, ANCHORS_MAX - runner->venue->anchors.count, "certificates trusted") \
	X(tls_sessions, TLS_SESSIONS_MAX, MARKS_OF_VENUE, BY_PROTOCOL, TLS_SESSIONS_MAX - runner->venue->sessions.most, "hosts to resume TLS with") \
	X(data_queue, REST_QUEUE_MAX, BUDGET_OF(feed), BY_PROTOCOL, REST_QUEUE_MAX - runner->market->rest.queued_most, "requests that wait") \
	X(data_body, ALPACA_MARKET_BODY_BYTES, BUDGET_OF(feed), BY_PROTOCOL, ALPACA_MARKET_BODY_BYTES - runner->market->rest.body_most, "bytes of an answer") \
	X(data_reads, ALPACA_MARKET_READS_MAX, BUDGET_OF(feed), BY_PROTOCOL, ALPACA_MARKET_READS_MAX - runner->market->reads.most, "reads of a moment") \
	X(data_message, ALPACA_STREAM_MESSAGE_BYTES, BUDGET_OF(feed), BY_PROTOCOL, alpaca_market_message_free(runner->market), "bytes of a message") \
	X(data_push, PUSH_OUT_BYTES, BUDGET_OF(feed), BY_PROTOCOL, alpaca_market_push_free(runner->market), "bytes on their way out") \
	X(history,         CFG_bars_max,               BUDGET_OF(feed),   BY_PROTOCOL, CFG_bars_max - runner->market->history_most, "bars of one symbol") \
	X(venue_rows, CFG_orders_max, BUDGET_OF(desk), BY_PROTOCOL, CFG_orders_max - runner->trading->rows_n, "orders that the driver knows") \
	X(venue_line, CFG_orders_max, BUDGET_OF(desk), BY_PROTOCOL, CFG_orders_max - alpaca_trading_line_most(runner->trading), "orders to be sent") \
	X(venue_events, ALPACA_EVENTS_MAX, BUDGET_OF(desk), BY_PROTOCOL, ALPACA_EVENTS_MAX - runner->trading->events_most, "events not yet taken") \
	X(told, ALPACA_TOLD_MAX, BUDGET_OF(desk), BY_PROTOCOL, ALPACA_TOLD_MAX - runner->trading->told_n, "executions, against repeats") \
	X(holdings, ALPACA_HOLDINGS_MAX, BUDGET_OF(desk), BY_PROTOCOL, ALPACA_HOLDINGS_MAX - runner->trading->sync.holdings_most, "positions of a snapshot") \
	X(orphans, ALPACA_PAGE_ACTIVITIES, BUDGET_OF(desk), BY_PROTOCOL, ALPACA_PAGE_ACTIVITIES - runner->trading->sync.orphans_most, "fills of unknown orders") \
	X(order_queue, REST_QUEUE_MAX, BUDGET_OF(desk), BY_PROTOCOL, REST_QUEUE_MAX - runner->trading->rest.queued_most, "requests that wait") \
	X(order_body, ALPACA_BODY_BYTES, BUDGET_OF(desk), BY_PROTOCOL, ALPACA_BODY_BYTES - runner->trading->rest.body_most, "bytes of an answer") \
	X(bulk_queue, REST_QUEUE_MAX, BUDGET_OF(desk), BY_PROTOCOL, REST_QUEUE_MAX - runner->trading->hot.queued_most, "bulk cancels that wait") \
	X(bulk_body, ALPACA_HOT_BODY_BYTES, BUDGET_OF(desk), BY_PROTOCOL, ALPACA_HOT_BODY_BYTES - runner->trading->hot.body_most, "bytes of their answer") \
	X(update_message, ALPACA_MESSAGE_MAX, BUDGET_OF(desk), BY_PROTOCOL, ALPACA_MESSAGE_MAX - runner->trading->push.message_most, "bytes of a trade update") \
	X(update_push, PUSH_OUT_BYTES, BUDGET_OF(desk), BY_PROTOCOL, PUSH_OUT_BYTES - runner->trading->push.out_most, "bytes on their way out")
// clang-format on

/* Those who have a half of the venue's driver. */
#define MARKS_OF_VENUE (BUDGET_OF(feed) | BUDGET_OF(desk))
#define MARK_ID(name, maximum, whose, when, free, what) MARK_##name,
enum mark_id { MARKS(MARK_ID) MARKS_N };
_Static_assert((int)MARKS_N <= (int)FOOTPRINT_MARKS, "raise FOOTPRINT_MARKS");

struct mark { const char *name, *what; uint64_t maximum; uint32_t whose, when; };        /* enum budget_when */
extern const struct mark marks[MARKS_N];
/* The process of these workers has that table. */
bool mark_is_of(const struct mark *mark, uint32_t whose, bool by_protocol);

struct runner;
/* Into the footprint of this process, those that are its own. */
void marks_publish(const struct runner *runner, uint32_t whose, struct footprint *out);

#endif
