/* order_model.c - words into a real desk and out of it. See order_model.h. */
#include "tests/fsm/order_model.h"

#include <string.h>

#include "tests/kit/desk_rig.h"
#include "tests/kit/test.h"

enum { UNIT_BP = 500, TRIES_MOST = 2, LIFE = 5, MEMO = INPUTS_N * PLACES, WORD_CELLS = 1 << 19 };
#define PX USD(100)
#define UNIT QTY(50)                    /* 5,000 of 100,000 USD */
#define START_CASH USD(100000)
#define LATER_NS (2 * CFG_order_retire_s * NS_PER_S)

#define WRONG_TEXT(name, text) text,
const char *const model_wrong_text[WRONGS_N] = { MODEL_WRONGS(WRONG_TEXT) };

static struct desk_rig       rig, fresh;
static uint64_t              word_of[WORDS_MAX];
static struct model_reaction memo[WORDS_MAX][MEMO];
static uint32_t              cell[WORD_CELLS], words; /* word + 1 in a hash table */

uint32_t model_words(void) { return words; }

/* --- words ------------------------------------------------------------------------------------------------------------- */

static uint64_t pack(const struct model_desk *desk)
{
	uint64_t word = 0;
#define FIELD_IN(name, bits) word = word << (bits) | desk->name;
	MODEL_FIELDS(FIELD_IN)
	return word;
}

static struct model_desk unpack(uint64_t word)
{
	struct model_desk desk;
#define FIELD_BITS(name, bits) +(bits)
	uint32_t at = 0 MODEL_FIELDS(FIELD_BITS);
#define FIELD_OUT(name, bits) \
	at -= (bits);         \
	desk.name = (uint8_t)(word >> at & ((1u << (bits)) - 1));
	MODEL_FIELDS(FIELD_OUT)
	return desk;
}

static uint32_t number_of(uint64_t word)
{
	uint32_t at = (uint32_t)(hash_mix(word) % WORD_CELLS);
	while (cell[at] && word_of[cell[at] - 1] != word) at = (at + 1) % WORD_CELLS;
	if (!cell[at]) {
		BUG_UNLESS(4010, words < WORDS_MAX);
		word_of[words] = word;
		cell[at] = ++words;
	}
	return cell[at] - 1;
}

struct model_desk model_desk_of(uint32_t word) { return unpack(word_of[word]); }

struct model_order model_order_of(const struct model_desk *desk, int place)
{
	if (place == 0) return (struct model_order){ desk->state0, desk->qty0, desk->booked0, desk->side0, desk->reduces0 };
	return (struct model_order){ desk->state1, desk->qty1, desk->booked1, desk->side1, desk->reduces1 };
}

static void place_order(struct model_desk *desk, int place, struct model_order order)
{
	if (place == 0) desk->state0 = order.state, desk->qty0 = order.qty, desk->booked0 = order.booked, desk->side0 = order.side, desk->reduces0 = order.reduces;
	else desk->state1 = order.state, desk->qty1 = order.qty, desk->booked1 = order.booked, desk->side1 = order.side, desk->reduces1 = order.reduces;
}

uint32_t model_forget(uint32_t word, int place)
{
	struct model_desk desk = model_desk_of(word);
	place_order(&desk, place, (struct model_order){ .state = ORDER_FREE });
	return number_of(pack(&desk));
}

/* --- into a desk ------------------------------------------------------------------------------------------------------- */

static uint64_t id_of(int place) { return UINT64_C(1) << 41 | (uint64_t)(place + 1) << 8; }
static uint64_t execution_of(int place, int which) { return (uint64_t)place * UNITS_MOST + (uint64_t)which + 1; }

/* Only what the last step left, for the table is large. */
static void clear_orders(struct order_table *table)
{
	for (size_t i = table->used_max; i-- > 0;) {
		struct order *order = &table->order[i];
		uint64_t      order_id = order->order_id, venue_id = order->venue_id;
		if (order_id == 0) continue;
		order->state = ORDER_FREE;
		order_table_give(table, order, order_id, venue_id);
		memset(order, 0, sizeof *order);
	}
	table->used_max = 0;
	for (uint64_t id = 1; id <= PLACES * UNITS_MOST; id++)
		for (uint32_t i = idmap_home(id, EXECUTION_CELLS_N); table->executions.id[0][i]; i = (i + 1) & (EXECUTION_CELLS_N - 1)) table->executions.id[0][i] = 0;
	table->executions.in_generation = 0;
}

static void unpack_order(struct desk *desk, int place, struct model_order from)
{
	for (int k = 0; k < UNITS_MOST; k++)
		if (from.booked >> k & 1) (void)executions_first_time(&desk->orders.executions, execution_of(place, k));
	if (from.state == ORDER_FREE) return;
	struct order *order = order_table_take(&desk->orders, id_of(place), true);
	order->sym = GLD;
	order->state = from.state;
	order->side = from.side;
	order->reduce_only = from.reduces;
	order->reason = ORDER_REASON_SIGNAL;
	order->qty_e8 = from.qty * UNIT;
	order->filled_qty_e8 = model_units(from.booked) * UNIT;
	order->decided_px_e8 = PX;
	order->paid_usd_e8 = e8_mul(order->filled_qty_e8, PX);
	order->sent_ns = order->done_ns = rig.t_ns;
	order->due_ns = rig.t_ns;
	if (order->side == SIDE_BUY) order->reserved_usd_e8 = desk_reserve_usd_e8(order);
	desk->unknown[GLD] += order->state == ORDER_UNKNOWN;
}

static void unpack_book(struct desk *desk, const struct model_desk *from)
{
	struct position *position = &desk->account.position[GLD];
	position->qty_e8 = from->position * UNIT;
	position->cost_usd_e8 = e8_mul(position->qty_e8, PX);
	desk->account.cash_usd_e8 = START_CASH - position->cost_usd_e8;
	desk->stop[GLD].state = position->qty_e8 ? STOP_ARMED : STOP_IDLE;
	desk->halted = from->halted;
	desk->owed[GLD] = (struct owed){ .all = from->owed_all, .held = from->held, .qty_e8 = from->owed_qty * UNIT };
	if (from->owed_all || from->held) desk->owed[GLD].reason = ORDER_REASON_OPERATOR;
}

static void into_desk(const struct model_desk *from)
{
	struct desk *desk = &rig.desk;
	memcpy(desk, &fresh.desk, offsetof(struct desk, orders));
	rig.t_ns = fresh.t_ns;
	rig.snapshots = 0;
	clear_orders(&desk->orders);
	unpack_book(desk, from);
	for (int place = 0; place < PLACES; place++) unpack_order(desk, place, model_order_of(from, place));
	desk->recovery = (struct recovery){ .life = LIFE, .state = from->recovery, .venue = from->venue, .tries = from->tries, .has_venue = 1 };
	desk->recovery.due_ns = from->armed ? rig.t_ns : 0;
	desk->reconcile.state = from->reconcile;
	desk->reconcile.has_compared = from->compared;
}

/* --- and out of it ----------------------------------------------------------------------------------------------------- */

/* The executions of a place that the desk remembers. */
static uint8_t booked_of(const struct desk *desk, int place)
{
	uint8_t booked = 0;
	for (int k = 0; k < UNITS_MOST; k++) {
		uint64_t id = execution_of(place, k);
		for (uint32_t i = idmap_home(id, EXECUTION_CELLS_N); desk->orders.executions.id[0][i]; i = (i + 1) & (EXECUTION_CELLS_N - 1))
			if (desk->orders.executions.id[0][i] == id) booked |= (uint8_t)(1 << k);
	}
	return booked;
}

static uint8_t judge_order(const struct order *order, const struct model_order *as)
{
	if (order->qty_e8 % UNIT || order->qty_e8 > UNITS_MOST * UNIT) return WRONG_LARGER;
	return order->filled_qty_e8 == model_units(as->booked) * UNIT ? WRONG_NOTHING : WRONG_FORGOT_FILL;
}

static void order_out(struct model_desk *to, const struct order *order, int place, struct model_reaction *reaction)
{
	struct model_order as = { order->state, (uint8_t)(order->qty_e8 / UNIT), model_order_of(to, place).booked, order->side, order->reduce_only };
	uint8_t            wrong = judge_order(order, &as);
	if (wrong) reaction->wrong = wrong;
	else place_order(to, place, as);
}

static void orders_out(struct model_desk *to, int place, struct model_reaction *reaction)
{
	const struct desk *desk = &rig.desk;
	for (int i = 0; i < PLACES; i++) place_order(to, i, (struct model_order){ .state = ORDER_FREE, .booked = booked_of(desk, i) });
	for (size_t i = 0; i < desk->orders.used_max; i++) {
		const struct order *order = &desk->orders.order[i];
		if (order->order_id == 0) continue;
		int known = order->order_id == id_of(0) ? 0 : order->order_id == id_of(1) ? 1 : PLACES;
		struct model_order there = model_order_of(to, place);
		bool is_crowded = known == PLACES && (there.state != ORDER_FREE || there.booked); /* then whoever asked gave it no place */
		if (!is_crowded) order_out(to, order, known < PLACES ? known : place, reaction);
	}
}

static struct model_desk out_of_desk(int place, struct model_reaction *reaction)
{
	const struct desk *desk = &rig.desk;
	int64_t            held_e8 = desk->account.position[GLD].qty_e8;
	struct model_desk  to = { .recovery = desk->recovery.state,
		 .venue = desk->recovery.venue,
		 .tries = (uint8_t)e8_min(desk->recovery.tries, TRIES_MOST),
		 .armed = desk->recovery.due_ns != 0,
		 .reconcile = desk->reconcile.state,
		 .compared = desk->reconcile.has_compared,
		 .owed_all = desk->owed[GLD].all,
		 .owed_qty = (uint8_t)(desk->owed[GLD].qty_e8 / UNIT),
		 .held = desk->owed[GLD].held,
		 .halted = desk->halted };
	if (held_e8 < 0 || held_e8 > UNITS_MOST * UNIT || held_e8 % UNIT) reaction->wrong = WRONG_POSITION;
	else to.position = (uint8_t)(held_e8 / UNIT);
	if (desk->recovery.duty != RECOVERY_DUTY_NONE) reaction->wrong = WRONG_PAGES;
	orders_out(&to, place, reaction);
	return to;
}

/* --- one step ---------------------------------------------------------------------------------------------------------- */

static void decide(uint8_t grade)
{
	struct view *view = &rig.desk.view[STRATEGY_momentum][GLD];
	if (grade == GRADE_SELL) view->level_bp = 0;
	rig.desk.day[CALENDAR_NYSE].state = DAY_DECIDING;
	rig_cycle(&rig, CALENDAR_NYSE);
}

static void operate(uint8_t command, uint16_t sym)
{
	struct event in = event_make(EVENT_OPERATOR, sym, 0);
	in.instruction.command = command;
	rig_step(&rig, in);
}

static void step_book(enum model_input input)
{
	switch (input) {
	case INPUT_BUY: decide(GRADE_BUY); return;
	case INPUT_SELL: decide(GRADE_SELL); return;
	case INPUT_DOWN: rig_venue(&rig, VENUE_DOWN, LIFE); return;
	case INPUT_SYNCING: rig_venue(&rig, VENUE_SYNCING, LIFE + 1); return;
	case INPUT_UP: rig_venue(&rig, VENUE_UP, LIFE + 1); return;
	case INPUT_REFUSED: rig_venue(&rig, VENUE_REFUSED, LIFE + 1); return;
	case INPUT_CARE: rig_care_timer(&rig); return;
	case INPUT_SNAPSHOT: rig_snapshot(&rig, 0, 0); return;
	case INPUT_DAY_END:
		rig.t_ns += LATER_NS;
		rig_step(&rig, (struct event){ .kind = EVENT_TICK, .sym = SYM_NONE, .tick = { .day = rig.day, .phase = TICK_DAY_END, .calendar = CALENDAR_NYSE } });
		return;
	case INPUT_HALT: operate(OPERATOR_HALT, SYM_NONE); return;
	case INPUT_RESUME: operate(OPERATOR_RESUME, SYM_NONE); return;
	case INPUT_FLATTEN: operate(OPERATOR_FLATTEN, GLD); return;
	case INPUT_OF_PLACES: break;
	}
	bug_trap(4011);
}

static void step_place(int place, int of)
{
	static const uint16_t kind[OF_FILL] = { EVENT_ACK, EVENT_NEW_REJECTED, EVENT_CANCELLED, EVENT_EXPIRED, EVENT_CANCEL_REJECTED, EVENT_NOT_FOUND,
		EVENT_NOT_FOUND };
	uint64_t id = id_of(place);
	if (of >= OF_FILL) rig_fill_as(&rig, id, GLD, (of - OF_FILL) / UNITS_MOST ? SIDE_SELL : SIDE_BUY, UNIT, PX, execution_of(place, (of - OF_FILL) % UNITS_MOST));
	else if (of == OF_TIMEOUT) rig_timer(&rig, id);
	else rig_reply(&rig, kind[of], id, 0, of == OF_NOT_FOUND);
}

static bool is_blind(const struct model_desk *before)
{
	bool unknown = before->state0 == ORDER_UNKNOWN || before->state1 == ORDER_UNKNOWN;
	return unknown || !before->compared || before->venue != VENUE_UP;
}

/* What left in this step. */
static void judge_outbox(const struct model_desk *before, struct model_reaction *reaction)
{
	for (uint32_t i = 0; i < rig.out.count; i++) {
		const struct event *event = &rig.out.event[i];
		for (int place = 0; event->kind == EVENT_ORDER_CANCEL && place < PLACES; place++)
			if (event->ref.order_id == id_of(place)) reaction->cancels |= (uint8_t)(1 << place);
		if (event->kind != EVENT_ORDER_NEW) continue;
		bool is_again = reaction->qty || event->request.order_id == id_of(0) || event->request.order_id == id_of(1);
		if (is_again) reaction->wrong = WRONG_RESENT;
		else if (!event->request.reduce_only && is_blind(before)) reaction->wrong = WRONG_BLIND;
		reaction->qty = (uint8_t)(event->request.qty_e8 / UNIT);
		reaction->is_sale = event->request.side == SIDE_SELL;
	}
	reaction->syncs = desk_must_be_durable(&rig.out);
}

static struct model_reaction step(uint32_t word, int input, int place)
{
	struct model_reaction reaction = { .is_known = 1 };
	struct model_desk     before = model_desk_of(word);
	into_desk(&before);
	if (input < INPUT_OF_PLACES) step_book((enum model_input)input);
	else step_place((input - INPUT_OF_PLACES) / OF_N, (input - INPUT_OF_PLACES) % OF_N);
	judge_outbox(&before, &reaction);
	struct model_desk after = out_of_desk(place, &reaction);
	reaction.to = reaction.wrong ? word : number_of(pack(&after));
	return reaction;
}

struct model_reaction model_react(uint32_t word, int input, int place)
{
	struct model_reaction *known = &memo[word][input * PLACES + place];
	if (!known->is_known) *known = step(word, input, place);
	return *known;
}

uint32_t model_begin(int units)
{
	struct model_reaction none = { 0 };
	memset(memo, 0, words * sizeof *memo);
	memset(cell, 0, sizeof cell);
	words = 0;
	rig_init(&fresh);
	fresh.desk.settings.value[SETTING_recovery_tries_max] = TRIES_MOST;
	rig_price(&fresh, GLD, PX);
	rig_wish(&fresh, GLD, units * UNIT_BP);
	rig_tick(&fresh, CALENDAR_NYSE, TICK_OPEN);
	rig_venue(&fresh, VENUE_DOWN, LIFE);
	rig = fresh;
	rig.worker.desk = &rig.desk;
	struct model_desk first = out_of_desk(0, &none);
	return number_of(pack(&first));
}
