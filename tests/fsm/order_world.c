/* order_world.c - moves of the world, each a choice that hal/venues/venue.h leaves it, what must hold after each, and the way home in fair weather. */
#include "tests/fsm/order_world.h"

#include <stdio.h>

#include "hal/venues/session.h"

/* --- the world --------------------------------------------------------------------------------------------------------- */

/* What the venue knows of an order. */
enum { NOTHING, WORKS, ENDED, REJECTED };
enum { CRASHED = WORDS_MAX - 1, BASE_LEAST = 4 };

#define WORLD_FIELDS(X)                                                                                       \
	X(now, 18) X(durable, 18) X(session, 3) X(base, 3)                                                    \
	X(knows0, 2) X(done0, 2) X(qty0, 2) X(side0, 1) X(on_its_way0, 1) X(cancelled0, 1)                    \
	X(knows1, 2) X(done1, 2) X(qty1, 2) X(side1, 1) X(on_its_way1, 1) X(cancelled1, 1)
#define BITS(name, bits) +(bits)
_Static_assert(0 WORLD_FIELDS(BITS) <= 64, "a state is one word");
#define FIELD(name, bits) uint32_t name;
struct flat { WORLD_FIELDS(FIELD) };

uint64_t world_pack(const struct world *w)
{
	const struct place *a = &w->place[0], *b = &w->place[1];
	struct flat         f = { w->now, w->durable, w->session, (uint32_t)(w->base + BASE_LEAST), a->knows, a->done, a->qty, a->side, a->on_its_way, a->cancelled,
		        b->knows, b->done, b->qty, b->side, b->on_its_way, b->cancelled };
	uint64_t            word = 0;
#define FIELD_IN(name, bits) word = word << (bits) | f.name;
	WORLD_FIELDS(FIELD_IN)
	return word;
}

struct world world_unpack(uint64_t word)
{
	struct flat f;
	uint32_t    at = 0 WORLD_FIELDS(BITS);
#define FIELD_OUT(name, bits) \
	at -= (bits);         \
	f.name = (uint32_t)(word >> at & ((UINT64_C(1) << (bits)) - 1));
	WORLD_FIELDS(FIELD_OUT)
	return (struct world){ f.now, f.durable, (uint8_t)f.session, (int16_t)((int)f.base - BASE_LEAST),
		{ { (uint8_t)f.knows0, (uint8_t)f.done0, (uint8_t)f.qty0, (uint8_t)f.side0, (uint8_t)f.on_its_way0, (uint8_t)f.cancelled0 },
		    { (uint8_t)f.knows1, (uint8_t)f.done1, (uint8_t)f.qty1, (uint8_t)f.side1, (uint8_t)f.on_its_way1, (uint8_t)f.cancelled1 } } };
}

/* --- what may happen --------------------------------------------------------------------------------------------------- */

#define BOOK_MOVES(X)                                                                                         \
	X(WRITE_BACK, "what was appended becomes durable") X(CRASH, "the power is cut")                       \
	X(RESTART, "a new process reads the journal") X(BUY, "a strategy wants to hold") X(SELL, "a strategy wants out")   \
	X(SNAPSHOT, "a snapshot of the venue") X(CARE, "the desk's own timer") X(DAY_END, "the day ends: old orders are let go") \
	X(HALT, "the operator halts") X(RESUME, "the operator resumes") X(FLATTEN, "the operator flattens")
#define PLACE_MOVES(X)                                                                                        \
	X(ARRIVES, "arrives at the venue") X(ARRIVES_TWICE, "arrives, and is still under way")                \
	X(REFUSED, "is refused by the venue") X(LOST, "is lost on its way") X(CANCEL_ARRIVES, "is cancelled at the venue") \
	X(ENDS, "ends at the venue by itself") X(EXECUTES, "executes one unit")                               \
	X(ACK, "ACK is told") X(TELL_REJECTED, "NEW_REJECTED is told") X(TELL_CANCELLED, "CANCELLED is told") X(TELL_EXPIRED, "EXPIRED is told") \
	X(TELL_CANCEL_REJECTED, "CANCEL_REJECTED is told") X(TELL_NOT_FOUND, "NOT_FOUND is told")             \
	X(TELL_MAYBE, "an inconclusive NOT_FOUND is told") X(TIMEOUT, "its timer runs out")                   \
	X(FILL0, "its first fill is told") X(FILL1, "its second fill is told") X(FORGET, "is over everywhere")
#define MOVE_ID(name, text) MOVE_##name,
#define OF_PLACE_ID(name, text) PLACE_##name,
enum { BOOK_MOVES(MOVE_ID) MOVE_SESSION };
enum { PLACE_MOVES(OF_PLACE_ID) PLACE_MOVES_N };
enum { MOVE_PLACES = MOVE_SESSION + SESSION_EVENTS_N, MOVES_N = MOVE_PLACES + PLACES * PLACE_MOVES_N };
_Static_assert((int)MOVES_N < (int)NO_MOVE, "a move is a byte");

#define MOVE_TEXT(name, text) text,
static const char *const book_text[] = { BOOK_MOVES(MOVE_TEXT) };
static const char *const place_text[] = { PLACE_MOVES(MOVE_TEXT) };

const int                world_moves_n = MOVES_N;
const char              *world_wrong;
uint64_t                 world_thirds;
static struct world_plan plan;

struct world world_begin(struct world_plan with)
{
	plan = with;
	world_wrong = 0;
	world_thirds = 0;
	uint32_t first = model_begin(plan.units);
	return (struct world){ .now = first, .durable = first, .session = SESSION_DOWN };
}

static bool is_up(const struct world *w) { return w->now != CRASHED; }
static bool is_open(const struct place *p) { return p->knows == WORKS && p->done < p->qty; }
/* What it may still do. */
static int remaining(const struct place *p) { return is_open(p) ? p->qty - p->done : p->knows == NOTHING && p->on_its_way ? p->qty : 0; }

static struct model_order order_of(uint32_t word, int place)
{
	struct model_desk desk = model_desk_of(word);
	return model_order_of(&desk, place);
}

static bool is_unused(uint32_t word, int place)
{
	struct model_order order = order_of(word, place);
	return order.state == ORDER_FREE && order.booked == 0;
}

static bool is_vacant(const struct world *w, int place)
{
	const struct place *p = &w->place[place];
	return p->knows == NOTHING && !p->on_its_way && is_unused(w->now, place) && is_unused(w->durable, place);
}

/* One input of the desk: journalled before the step, its result after it, durable before it leaves where it must be. */
static bool give(struct world *w, int input)
{
	int                   first = is_vacant(w, 0), place = first ? 0 : 1;
	struct model_reaction reaction = model_react(w->now, input, place);
	if (reaction.wrong) world_wrong = model_wrong_text[reaction.wrong];
	bool has_place = is_vacant(w, place) && (place == 0 || plan.has_two);
	if (reaction.qty && !reaction.wrong && !has_place) {
		world_thirds++;
		return false;
	}
	w->now = reaction.to;
	if (reaction.syncs && !plan.never_syncs) w->durable = w->now;
	for (int i = 0; i < PLACES; i++) w->place[i].cancelled |= reaction.cancels >> i & 1;
	if (reaction.qty) w->place[place] = (struct place){ .qty = reaction.qty, .side = reaction.is_sale ? SIDE_SELL : SIDE_BUY, .on_its_way = 1 };
	return true;
}

static bool knows_all_fills(const struct world *w)
{
	for (int i = 0; i < PLACES; i++)
		if (model_units(order_of(w->now, i).booked) != w->place[i].done) return false;
	return true;
}

static bool session_moves(struct world *w, uint8_t event)
{
	static struct machine_log log;
	static const int          input[VENUE_STATES_N] = { INPUT_DOWN, INPUT_SYNCING, INPUT_UP, INPUT_REFUSED };
	struct venue_session      session = { .state = w->session, .told = model_desk_of(w->now).venue };
	if (event == SESSION_EV_STOP || (event == SESSION_EV_SYNCED && !knows_all_fills(w))) return false;
	session_step(&session, event, 1, &log);
	w->session = session.state;
	return session.tells == VENUE_STATES_N || give(w, input[session.tells]);
}

static bool hears(const struct world *w) { return w->session == SESSION_SYNCING || w->session == SESSION_UP; }

static bool book_moves(struct world *w, int move)
{
	static const int input[MOVE_SESSION] = { [MOVE_BUY] = INPUT_BUY, [MOVE_SELL] = INPUT_SELL, [MOVE_SNAPSHOT] = INPUT_SNAPSHOT, [MOVE_CARE] = INPUT_CARE,
		[MOVE_DAY_END] = INPUT_DAY_END, [MOVE_HALT] = INPUT_HALT, [MOVE_RESUME] = INPUT_RESUME, [MOVE_FLATTEN] = INPUT_FLATTEN };
	if (move == MOVE_RESTART) {
		w->now = w->durable;
		w->session = SESSION_DOWN;
		return give(w, INPUT_DOWN);
	}
	if (move == MOVE_CRASH) w->now = CRASHED;
	else if (move == MOVE_WRITE_BACK) w->durable = w->now;
	else if (move == MOVE_SNAPSHOT) return hears(w) && knows_all_fills(w) && give(w, INPUT_SNAPSHOT);
	else if (move == MOVE_CARE) return model_desk_of(w->now).armed && give(w, INPUT_CARE);
	else if (move >= MOVE_HALT) return plan.has_operator && give(w, input[move]);
	else return give(w, input[move]);
	return true;
}

/* An order of ours at the venue, without us. */
static bool venue_moves(struct world *w, struct place *p, int move)
{
	bool is_new = p->knows == NOTHING && p->on_its_way;
	switch (move) {
	case PLACE_ARRIVES: p->on_its_way = 0; break;
	case PLACE_ARRIVES_TWICE: break;
	case PLACE_REFUSED: p->on_its_way = 0, p->knows = REJECTED; return is_new;
	case PLACE_LOST: p->on_its_way = 0; return is_new || (p->knows != NOTHING && !p->on_its_way);
	case PLACE_CANCEL_ARRIVES:
		if (!p->cancelled || !is_open(p)) return false;
		p->knows = ENDED;
		return true;
	case PLACE_ENDS:        /* or was never posted */
		if (!is_open(p) && !is_new) return false;
		p->knows = ENDED;
		p->on_its_way = 0;
		return true;
	case PLACE_EXECUTES: p->done++; return is_open(&(struct place){ .knows = p->knows, .done = (uint8_t)(p->done - 1), .qty = p->qty });
	default: (void)w; return false;
	}
	if (is_new) p->knows = WORKS;        /* a second one of the same id is not taken */
	return is_new || !p->on_its_way;
}

static int signed_units(const struct place *p) { return p->side == SIDE_BUY ? p->done : -p->done; }

/* Of two orders that are over the one goes first which keeps what is held in sight. */
static bool fits_base(const struct world *w, const struct place *p)
{
	int base = w->base + signed_units(p);
	return base >= -UNITS_MOST && base <= UNITS_MOST;
}

/* Nobody will hear of it again: its executions are in both books, its place is the next order's. */
static bool forget(struct world *w, int place)
{
	struct place      *p = &w->place[place];
	struct model_order now = order_of(w->now, place), then = order_of(w->durable, place);
	bool               is_over = remaining(p) == 0 && !p->on_its_way && now.state == ORDER_FREE && then.state == ORDER_FREE;
	bool               is_booked = model_units(now.booked) == p->done && model_units(then.booked) == p->done;
	if (!is_over || !is_booked || !fits_base(w, p)) return false;
	w->base = (int16_t)(w->base + signed_units(p));
	w->now = model_forget(w->now, place);
	w->durable = model_forget(w->durable, place);
	*p = (struct place){ 0 };
	return true;
}

/* What is told is true, and stays so: once, again, and late. */
static bool is_true(const struct place *p, int move)
{
	switch (move) {
	case PLACE_ACK: return p->knows == WORKS || (p->knows == ENDED && p->qty);
	case PLACE_TELL_REJECTED: return p->knows == REJECTED;
	case PLACE_TELL_CANCELLED:
	case PLACE_TELL_EXPIRED: return p->knows == ENDED;
	case PLACE_TELL_CANCEL_REJECTED: return p->cancelled;
	case PLACE_TELL_NOT_FOUND: return p->knows == NOTHING && !p->on_its_way;
	case PLACE_FILL0: return p->done > 0;
	case PLACE_FILL1: return p->done > 1;
	default: return true;
	}
}

static bool told(struct world *w, int place, int move)
{
	static const int of[PLACE_MOVES_N] = { [PLACE_ACK] = OF_ACK, [PLACE_TELL_REJECTED] = OF_REJECTED, [PLACE_TELL_CANCELLED] = OF_CANCELLED,
		[PLACE_TELL_EXPIRED] = OF_EXPIRED, [PLACE_TELL_CANCEL_REJECTED] = OF_CANCEL_REJECTED, [PLACE_TELL_NOT_FOUND] = OF_NOT_FOUND,
		[PLACE_TELL_MAYBE] = OF_MAYBE, [PLACE_TIMEOUT] = OF_TIMEOUT, [PLACE_FILL0] = OF_FILL, [PLACE_FILL1] = OF_FILL + 1 };
	const struct place *p = &w->place[place];
	bool                is_fill = move == PLACE_FILL0 || move == PLACE_FILL1;
	bool                is_end = move == PLACE_TELL_CANCELLED || move == PLACE_TELL_EXPIRED;
	if (!is_up(w) || !is_true(p, move)) return false;
	if (is_end && plan.has_two && model_units(order_of(w->now, place).booked) < p->done) return false;
	return give(w, model_input_of(place, of[move] + (is_fill && p->side == SIDE_SELL ? UNITS_MOST : 0)));
}

static bool place_moves(struct world *w, int place, int move)
{
	struct place *p = &w->place[place];
	if (p->qty == 0) return false;
	if (move <= PLACE_EXECUTES) return venue_moves(w, p, move);
	if (move == PLACE_FORGET) return is_up(w) && forget(w, place);
	return told(w, place, move);
}

/* Does it, or says that it cannot be. */
bool world_move(struct world *w, int move)
{
	if (move >= MOVE_PLACES) return place_moves(w, (move - MOVE_PLACES) / PLACE_MOVES_N, (move - MOVE_PLACES) % PLACE_MOVES_N);
	if (is_up(w) == (move == MOVE_RESTART)) return false;
	if (move >= MOVE_SESSION) return session_moves(w, (uint8_t)(move - MOVE_SESSION));
	return book_moves(w, move);
}

void world_say_move(int move)
{
	if (move < MOVE_SESSION) printf("    %s\n", book_text[move]);
	else if (move < MOVE_PLACES) printf("    session: %s\n", session_machine.event_name[move - MOVE_SESSION]);
	else printf("    order %c: %s\n", 'A' + (move - MOVE_PLACES) / PLACE_MOVES_N, place_text[(move - MOVE_PLACES) % PLACE_MOVES_N]);
}

/* --- what must hold ---------------------------------------------------------------------------------------------------- */

/* What the venue holds now, and what it may come to hold at most and at least by what works and is under way. */
static void exposure(const struct world *w, int *held, int *most, int *least)
{
	*held = w->base;
	int buys = 0, sells = 0;
	for (int i = 0; i < PLACES; i++) {
		const struct place *p = &w->place[i];
		*held += signed_units(p);
		*(p->side == SIDE_BUY ? &buys : &sells) += remaining(p);
	}
	*most = *held + buys;
	*least = *held - sells;
}

/* These books know of each order that works or is under way, and that it may still do as much; and each execution they have is one. */
static void check_books(const struct world *w, uint32_t word)
{
	struct model_desk desk = model_desk_of(word);
	int               held = w->base;
	for (int i = 0; i < PLACES; i++) {
		const struct place *p = &w->place[i];
		struct model_order  order = model_order_of(&desk, i);
		bool                is_live = order.state != ORDER_FREE && order.state != ORDER_DONE;
		int                 open = is_live ? order.qty - model_units(order.booked) : 0;
		if (open < remaining(p)) world_wrong = "an order works that the books do not have";
		if (order.booked >> p->done) world_wrong = "a fill was booked that never was";
		held += (p->side == SIDE_BUY ? 1 : -1) * model_units(order.booked);
	}
	if (held != desk.position) world_wrong = "the position is not the sum of its executions";
}

void world_check(const struct world *w)
{
	int held, most, least;
	exposure(w, &held, &most, &least);
	if (most > UNITS_MOST) world_wrong = "more is bought than was wished: a second order of one intention";
	if (least < 0) world_wrong = "more is sold than is held: a second order of one intention";
	if (is_up(w)) check_books(w, w->now);
	check_books(w, w->durable);
}

/* --- fair weather ------------------------------------------------------------------------------------------------------ */

static int of_place(int place, int move) { return MOVE_PLACES + place * PLACE_MOVES_N + move; }

static int session_next(const struct world *w)
{
	static const uint8_t next[SESSION_STATES_N] = { [SESSION_DOWN] = SESSION_EV_START, [SESSION_CONNECTING] = SESSION_EV_OPENED,
		[SESSION_AUTHENTICATING] = SESSION_EV_AUTHORIZED, [SESSION_LISTENING] = SESSION_EV_LISTENING, [SESSION_SYNCING] = SESSION_EV_SYNCED,
		[SESSION_BACKOFF] = SESSION_EV_DUE, [SESSION_REFUSED] = SESSION_EV_DUE };
	return w->session == SESSION_UP ? NO_MOVE : MOVE_SESSION + next[w->session];
}

/* What the venue owes a word on. */
static int answer_next(const struct place *p, const struct model_order *order)
{
	bool waits = order->state == ORDER_SENDING || order->state == ORDER_CANCELLING || order->state == ORDER_UNKNOWN || order->state == ORDER_LIVE;
	if (!waits) return NO_MOVE;
	if (p->knows == NOTHING) return order->state == ORDER_SENDING ? PLACE_TIMEOUT : PLACE_TELL_NOT_FOUND;
	if (p->knows == REJECTED) return PLACE_TELL_REJECTED;
	if (p->knows == ENDED) return PLACE_TELL_CANCELLED;
	if (order->state == ORDER_CANCELLING) return PLACE_CANCEL_ARRIVES;
	return order->state == ORDER_LIVE ? PLACE_EXECUTES : PLACE_ACK;
}

static int place_next(const struct world *w, int i)
{
	const struct place *p = &w->place[i];
	struct model_order  order = order_of(w->now, i);
	if (p->on_its_way) return of_place(i, PLACE_ARRIVES);
	if (p->done > 0 && !(order.booked & 1)) return of_place(i, PLACE_FILL0);
	if (p->done > 1 && !(order.booked & 2)) return of_place(i, PLACE_FILL1);
	int answer = session_next(w) == NO_MOVE ? answer_next(p, &order) : NO_MOVE;
	return answer == NO_MOVE ? NO_MOVE : of_place(i, answer);
}

/* What happens next when nothing goes wrong any more and nobody wants anything new; NO_MOVE: all is quiet. */
int world_fair_next(const struct world *w)
{
	if (!is_up(w)) return MOVE_RESTART;
	struct model_desk desk = model_desk_of(w->now);
	for (int i = 0; i < PLACES; i++)
		if (place_next(w, i) != NO_MOVE) return place_next(w, i);
	if (session_next(w) != NO_MOVE) return session_next(w);
	if (desk.recovery != RECOVERY_TRADING || desk.owed_qty || (desk.owed_all && desk.position)) return MOVE_SNAPSHOT;
	for (int i = 0; i < PLACES; i++)
		if (order_of(w->now, i).state == ORDER_DONE) return MOVE_DAY_END;
	if (w->durable != w->now) return MOVE_WRITE_BACK;
	for (int i = 0; i < PLACES; i++)
		if (w->place[i].qty && fits_base(w, &w->place[i])) return of_place(i, PLACE_FORGET);
	return NO_MOVE;
}

bool world_is_quiet(const struct world *w)
{
	struct model_desk desk = model_desk_of(w->now);
	return is_up(w) && w->session == SESSION_UP && desk.recovery == RECOVERY_TRADING && desk.position == w->base && w->durable == w->now && is_vacant(w, 0) &&
	       is_vacant(w, 1);
}
