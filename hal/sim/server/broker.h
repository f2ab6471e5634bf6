/* broker.h - the books of the venue: one account's cash, positions, orders and activities.
 *
 * Orders are kept for ever (of this run), by number: the index of an order in the table is its name, its uuid holds it, the matching engine knows the
 * first of a chain of replacements by it. A client_order_id is unique for ever, too. Activities (fills, dividends) stand in the order in which
 * they happened. Full tables refuse new orders (broker_has_room), counted by whoever asks; a fill that comes when activities are full is booked and
 * counted (activities_lost), but not kept.
 * Cash and positions move by fills and dividends only, rounded as our own books round: the notional to nearest, the commission as charged.
 * The caller owns struct broker; it is pointer-free and zeroed memory is an account without cash. Bugs: 3600-3609. */
#ifndef HAL_SIM_SERVER_BROKER_H
#define HAL_SIM_SERVER_BROKER_H
#include "fsm/event.h"
#include "fsm/settings.h"

enum {
	BROKER_ORDERS_MAX = 65536,              /* n, of one run */
	BROKER_OPEN_MAX = 2 * CFG_orders_max,   /* n, at once: what works in the engine, and as many that wait for their last answer */
	BROKER_ACTIVITIES_MAX = 131072,         /* n, of one run: two for each order */
	BROKER_INDEX_CELLS = 2 * BROKER_ORDERS_MAX,
	BROKER_ID_BYTES = 129                   /* of a client_order_id, with the final zero */
};
#define BROKER_NONE UINT32_MAX

enum broker_state {
	BROKER_ACCEPTED, BROKER_NEW, BROKER_PARTIAL, BROKER_FILLED, BROKER_CANCELED, BROKER_EXPIRED, BROKER_REPLACED, BROKER_REJECTED, BROKER_STATES_N
};
/* As the venue calls them. */
extern const char *const broker_state_text[BROKER_STATES_N];
extern const char *const broker_tif_text[];
enum broker_tif { BROKER_DAY, BROKER_GTC, BROKER_OPG, BROKER_IOC, BROKER_TIFS_N };

struct broker_order {
	char     client_id[BROKER_ID_BYTES];
	uint8_t  side, order_type, tif, state;
	uint16_t sym;
	int64_t  qty_e8, limit_px_e8, filled_qty_e8, filled_usd_e8, fee_usd_e8;
	int64_t  created_ns;                    /* market time, moved on by nanoseconds where needed so that no two orders have the same */
	int64_t  updated_ns, filled_ns, ended_ns;
	uint32_t first;                         /* of its chain of replacements: the id that the matching engine knows */
	uint32_t replaces, replaced_by;         /* BROKER_NONE: none */
};

enum activity_kind { ACTIVITY_FILL, ACTIVITY_DIVIDEND };
/* number: of the execution, or of the cash movement, from 1. */
struct activity {
	uint64_t number;
	int64_t  t_ns, qty_e8, px_e8, fee_usd_e8, net_usd_e8, cum_qty_e8, leaves_qty_e8;
	uint32_t order;
	uint16_t sym;
	uint8_t  kind, side;
};

struct broker_position { int64_t qty_e8, cost_usd_e8; };

struct broker {
	int64_t                cash_usd_e8, last_equity_usd_e8;
	struct broker_position position[UNIVERSE_N];
	uint32_t               orders_n, activities_n, open_n;
	uint64_t               dividends_n, activities_lost;
	uint32_t               open[BROKER_OPEN_MAX];             /* numbers of the open orders, oldest first */
	uint32_t               current[BROKER_ORDERS_MAX];        /* of a chain, by its first: the order that works now */
	uint32_t               by_client_id[BROKER_INDEX_CELLS];  /* number + 1, by hash, linear probing; nothing is removed */
	struct broker_order    order[BROKER_ORDERS_MAX];
	struct activity        activity[BROKER_ACTIVITIES_MAX + 1];        /* one more, for what is not kept */
};

void broker_init(struct broker *broker, int64_t cash_usd_e8);
/* Room for one more order. */
bool broker_has_room(const struct broker *broker);
/* The number of the order with this client_order_id; BROKER_NONE. */
uint32_t broker_find(const struct broker *broker, const char *client_id, size_t length);
/* Takes a copy; its number. The id is not known yet, and there is room (3600, 3601). */
uint32_t broker_add(struct broker *broker, const struct broker_order *order);
/* A new order takes the place of one: the chain goes on with it, fills included. Its number. */
uint32_t broker_replace(struct broker *broker, uint32_t old, const char *client_id, int64_t qty_e8, int64_t limit_px_e8, int64_t t_ns);
bool     broker_is_open(const struct broker_order *order);
/* An open order is over, other than by a fill. */
void     broker_end(struct broker *broker, uint32_t order, enum broker_state state, int64_t t_ns);

/* A fill of the order; its activity. */
const struct activity *broker_fill(struct broker *broker, uint32_t order, const struct fill *fill, int64_t t_ns);
/* A dividend to who holds; its activity, 0 when nothing is held. */
const struct activity *broker_dividend(struct broker *broker, uint16_t sym, int64_t per_unit_e8, int64_t t_ns);

/* Mean price of what was filled; 0 before any. */
int64_t broker_average_px_e8(const struct broker_order *order);
int64_t broker_entry_px_e8(const struct broker_position *position);

#endif
