/* faults.c - how each of them is done. */
#include "firmware/sim/faults.h"

#include <stdlib.h>
#include <string.h>

#include "fsm/hash.h"
#include "hal/sim/chance.h"

#define FAULT_ROW(kind, group, what) { #kind, #group, what },
const struct house_fault_row house_fault_rows[HOUSE_FAULTS_N] = { HOUSE_FAULTS(FAULT_ROW) };

enum {
	LASTS_MOST_S = 30, /* s, weather */
	DARK_MOST_S = 300,
	DARK_HALVINGS = 8,
	DARK_ORDER_S = 80,
	WAY_MOST_MS = 90,
	WAY_DOUBLINGS = 5,  /* below a second and a half: the venue's dead time is ten */
	CALLS_MOST = 40,  /* calls until a death at one of them: a step of the desk makes about five */
	FAULTS_A_DAY = 4, /* n, at most, in the mean of a run */
	GAP_HALVINGS = 16,
	GAP_DOUBLINGS = 6,  /* a gap is at most 64 s and often a millisecond, which is a moment of the market */
	MIX_FATE = 1 << 24,   /* numbers of fates that are no fault's: beyond 64 thousand faults */
	ORDER_FATE = 1 << 25, /* + messages about orders so far */
	STEP_FATE = 1 << 26,  /* + moments of the market so far */
	AGAIN_MOST_MS = 50,   /* until an answer comes a second time: by then the next question is out */
	STEPS_AGAIN = 3,      /* that are fallen upon, in the mean */
	STEP_LEAST_MS = 1000,
	STEP_WAYS_LEAST = 16, STEP_WAYS_MORE = 8, /* as long as a step is on its way others go so often: a new session is at its snapshot then */
	GENTLE_SEEDS = 5,
	COLD_SEEDS = 8,       /* one in so many has faults while the history is read, too */
	HOLD_SEEDS = 4,       /* in one of so many who dies too often is held down */
	HOLD_DEATHS_MOST = 4,
	SOON_HALVINGS = 18,   /* after a message about an order: from a second down to the time of a system call */
	PAYS_LEAST_USD = 1000000,
	CLOCK_JUMP_S = 3600,
	DRIFT_PPM = 500
};

static const struct net_weather fair = { .latency_ns = 200000, .jitter_ns = 100000 };

/* --- the means ---------------------------------------------------------------------------------------------------- */

/* Chance of the fault in hand: its own, so that one fault more or less changes no other. */
static uint64_t fate(struct house *house, uint64_t below) { return chance_below(&house->fate, below); }

static void begin_fate(struct house *house, uint64_t which) { house->fate = hash_mix(hash_u64(hash_u64(HASH_SEED, house->plan.seed), which)); }

static int64_t upto_ns(struct house *house, int64_t most_ns) { return 1 + (int64_t)fate(house, (uint64_t)most_ns); }

static void arm(struct house *house, enum fault_kind kind, enum fault_where where, uint32_t most, uint32_t ms)
{
	uint32_t     count = 1 + (uint32_t)fate(house, most), after = fate(house, 2) ? (uint32_t)fate(house, 4) : 0;
	struct fault fault = { (uint8_t)kind, (uint8_t)where, count, after, ms };
	(void)faults_arm(&house->server->faults, &fault); /* a table full of faults to come is bad enough */
}

static void die_at_call(struct house *house, enum worker_id worker)
{
	house->row[house_row_of(house, worker)].dies_in = 1 + (uint32_t)fate(house, CALLS_MOST);
}

/* At one page of one of the regions that this process writes: in the middle of a record, of a commit, between a record and its count. */
static void die_at_write(struct house *house, uint32_t row)
{
	uint32_t region = (uint32_t)fate(house, REGION_ROWS_N);
	while (!(house->run.placed[row] >> region_rows[region].writer & 1)) region = (region + 1) % REGION_ROWS_N;
	house->row[row].dies_at_region = region + 1;
	house->row[row].dies_at_page = fate(house, (region_rows[region].bytes + MAP_PAGE_BYTES - 1) / MAP_PAGE_BYTES);
	house->row[row].dies_uncounted = false;
}

/* Some process has written to a region of one page, which is a word of its own about what it did, and dies before it counts that as done. */
static void die_uncounted(struct house *house)
{
	uint32_t row = (uint32_t)fate(house, house->run.processes), region = (uint32_t)fate(house, REGION_ROWS_N);
	bool     is_word;
	do {
		region = (region + 1) % REGION_ROWS_N;
		is_word = region_rows[region].bytes <= MAP_PAGE_BYTES && fate(house, 2);
	} while (!is_word || !(house->run.placed[row] >> region_rows[region].writer & 1));
	house->row[row].dies_at_region = region + 1;
	house->row[row].dies_at_page = 0;
	house->row[row].dies_uncounted = true;
}

/* Between two turns, or in the next one that writes there. */
static void kill_worker(struct house *house, enum worker_id worker)
{
	int row = house_row_of(house, worker);
	if (fate(house, 2)) die_at_write(house, (uint32_t)row);
	else house_kill(house, row);
}

/* The rescue is there for a short time only. */
static struct house_row *any_row(struct house *house)
{
	struct house_row *desk = &house->row[house_row_of(house, WORKER_desk)];
	return desk->is_rescue && fate(house, 2) ? desk : &house->row[fate(house, house->run.processes)];
}

static void hang(struct house *house, int64_t for_ns)
{
	struct house_row *at = any_row(house);
	if (at->runner) at->hangs_until_ns = for_ns == INT64_MAX ? INT64_MAX : house->now_ns + for_ns;
}

/* No darkness ends before one that began earlier: what was written then would come after what is written now, long after its sender took it for dead. */
static void get_dark(struct house *house, int64_t for_ns)
{
	struct net_weather *weather = &house->net->weather;
	weather->dark_until_ns = e8_max(weather->dark_until_ns, house->now_ns + for_ns);
}

static void mute_now(struct house *house)
{
	for (int i = 0; i < NET_LINES_MAX; i++) house->net->line[i].to_client.is_muted = true;
}

static void fail_disk(struct house *house, enum disk_code code)
{
	house->disk_fails_in = 1 + fate(house, CALLS_MOST);
	house->disk_fails_by = code;
}

static void short_write(struct house *house)
{
	uint64_t nth = house->disk.calls[DISK_SIM_WRITE_CALL] + 1 + fate(house, CALLS_MOST);
	if (house->disk.fault[DISK_SIM_FAULTS_MAX - 1].armed) return; /* enough of them are to come */
	disk_sim_script(&house->disk, (struct disk_sim_fault){ .nth = nth, .short_bytes = fate(house, 4096),
		.verb = DISK_SIM_WRITE_CALL, .code = DISK_FAILED, .armed = 1 });
}

/* More than what is working could explain. */
static void pay_in(struct house *house)
{
	const struct desk *desk = house_desk(house);
	int64_t            usd_e8 = (PAYS_LEAST_USD + (int64_t)fate(house, PAYS_LEAST_USD)) * E8;
	if (!desk || house->paid_in_usd_e8) return;
	house->server->broker.cash_usd_e8 += usd_e8;
	house->paid_in_usd_e8 = usd_e8;
	house->compared_then = desk->reconcile.compared;
}

/* Fills end most orders; in half of the ambushes one waits for what nobody but the venue can tell. */
static uint64_t ends_of_orders(const struct house *house)
{
	const struct server_counts *counts = &house->server->counts;
	return counts->orders_expired + counts->orders_cancelled + (house->ambush_on_cancel ? 0 : counts->fills);
}

static void command(struct house *house, uint8_t what)
{
	if (house->person.owes) return;
	house->person.owes = (uint8_t)(what + 1);
	house->person.due_ns = house->now_ns;
}

/* --- the kinds ---------------------------------------------------------------------------------------------------- */

/* True: it was weather, and ends. */
static bool befall_net(struct house *house, enum house_fault kind)
{
	struct net_weather *weather = &house->net->weather;
	switch ((int)kind) {
	case HOUSE_FAULT_net_latency: weather->latency_ns = upto_ns(house, 2 * NS_PER_S); return true;
	case HOUSE_FAULT_net_jitter: weather->jitter_ns = upto_ns(house, NS_PER_S); return true;
	case HOUSE_FAULT_net_loss: weather->lose_bp = 2000, weather->lose_ns = upto_ns(house, 3 * NS_PER_S); return true;
	case HOUSE_FAULT_net_chop: weather->chop_max = 1 + (uint32_t)fate(house, 16); return true;
	case HOUSE_FAULT_net_cut_all: net_sim_cut(house->net, NET_NOBODY); return false;
	case HOUSE_FAULT_net_cut_some: weather->cut_bp = 1 + (uint32_t)fate(house, 1000); return true;
	case HOUSE_FAULT_net_half_open: weather->half_bp = 5000; return true;
	case HOUSE_FAULT_net_deaf: weather->deaf_bp = 1 + (uint32_t)fate(house, 1000); return true;
	case HOUSE_FAULT_net_mute_now: mute_now(house); return false;
	case HOUSE_FAULT_net_refuse: weather->refuse_bp = BP_ONE; return true;
	case HOUSE_FAULT_net_late: weather->late_bp = BP_ONE; return true;
	case HOUSE_FAULT_net_dark:
		get_dark(house, upto_ns(house, (int64_t)DARK_MOST_S * NS_PER_S >> fate(house, DARK_HALVINGS)));
		return false;
	default: return false;
	}
}

/* At once, which nobody can take for another's; or of a new order when the next one's is awaited. */
static void double_answer(struct house *house, enum fault_where where, uint32_t ms)
{
	if (fate(house, 2)) arm(house, FAULT_DOUBLE, FAULT_AT_POSTS, 2, ms);
	else arm(house, FAULT_DOUBLE, where, 2, 0);
}

static void befall_venue(struct house *house, enum house_fault kind)
{
	uint32_t         ms = 1 + (uint32_t)fate(house, 15000);
	enum fault_where orders = fate(house, 2) ? FAULT_AT_POSTS : FAULT_AT_ORDERS;
	switch ((int)kind) {
	case HOUSE_FAULT_venue_drop_order: arm(house, FAULT_DROP, orders, 2, 0); break;
	case HOUSE_FAULT_venue_cut_order: arm(house, FAULT_CUT, orders, 2, 0); break;
	case HOUSE_FAULT_venue_mute_order: arm(house, FAULT_MUTE, orders, 1, 0); break;
	case HOUSE_FAULT_venue_500_order: arm(house, FAULT_500, orders, 5, 0); break;
	case HOUSE_FAULT_venue_500: arm(house, FAULT_500, FAULT_AT_REST, 5, 0); break;
	case HOUSE_FAULT_venue_429: arm(house, FAULT_429, FAULT_AT_REST, 8, 0); break;
	case HOUSE_FAULT_venue_late_order: arm(house, FAULT_DELAY, orders, 4, ms); break;
	case HOUSE_FAULT_venue_garbage: arm(house, FAULT_GARBAGE, FAULT_AT_REST, 2, 0); break;
	case HOUSE_FAULT_venue_half_frame: arm(house, FAULT_HALF_FRAME, FAULT_AT_STREAM, 1, 0); break;
	case HOUSE_FAULT_venue_drop_update: arm(house, FAULT_DROP, FAULT_AT_STREAM, 3, 0); break;
	case HOUSE_FAULT_venue_double_update: arm(house, FAULT_DOUBLE, FAULT_AT_STREAM, 4, 0); break;
	case HOUSE_FAULT_venue_late_update: arm(house, FAULT_DELAY, FAULT_AT_STREAM, 4, ms); break;
	case HOUSE_FAULT_venue_mute_updates: arm(house, FAULT_MUTE, FAULT_AT_STREAM, 1, 0); break;
	case HOUSE_FAULT_venue_garbage_update: arm(house, FAULT_GARBAGE, FAULT_AT_STREAM, 1, 0); break;
	case HOUSE_FAULT_venue_drop_data: arm(house, FAULT_DROP, FAULT_AT_DATA, 2, 0); break;
	case HOUSE_FAULT_venue_garbage_data: arm(house, FAULT_GARBAGE, FAULT_AT_DATA, 2, 0); break;
	case HOUSE_FAULT_venue_double_order: double_answer(house, orders, 1 + ms % AGAIN_MOST_MS); break;
	case HOUSE_FAULT_venue_money: pay_in(house); break;
	default: break;
	}
}

static void befall_machine(struct house *house, enum house_fault kind)
{
	switch ((int)kind) {
	case HOUSE_FAULT_disk_write_fails: fail_disk(house, fate(house, 2) ? DISK_FAILED : DISK_FULL); break;
	case HOUSE_FAULT_disk_sync_fails: fail_disk(house, DISK_OK); break;
	case HOUSE_FAULT_disk_short_write: short_write(house); break;
	case HOUSE_FAULT_power_lose: house_power_cut(house, DISK_SIM_LOSE); break;
	case HOUSE_FAULT_power_keep: house_power_cut(house, DISK_SIM_KEEP); break;
	case HOUSE_FAULT_power_tear: house_power_cut(house, DISK_SIM_TEAR); break;
	case HOUSE_FAULT_power_part: house_power_cut(house, DISK_SIM_PART); break;
	case HOUSE_FAULT_power_at_call: house->power_in = 1 + (uint32_t)fate(house, CALLS_MOST); break;
	case HOUSE_FAULT_clock_forward: house->wall_off_ns += upto_ns(house, CLOCK_JUMP_S * NS_PER_S); break;
	case HOUSE_FAULT_clock_back: house->wall_off_ns -= upto_ns(house, CLOCK_JUMP_S * NS_PER_S); break;
	case HOUSE_FAULT_clock_drift: house->drift_ppm = (int64_t)fate(house, 2 * DRIFT_PPM) - DRIFT_PPM; break;
	default: break;
	}
}

static void befall_process(struct house *house, enum house_fault kind)
{
	int desk = house_row_of(house, WORKER_desk);
	switch ((int)kind) {
	case HOUSE_FAULT_kill_feed: kill_worker(house, WORKER_feed); break;
	case HOUSE_FAULT_kill_analyst: kill_worker(house, WORKER_analyst); break;
	case HOUSE_FAULT_kill_context: kill_worker(house, WORKER_context); break;
	case HOUSE_FAULT_kill_health: kill_worker(house, WORKER_health); break;
	case HOUSE_FAULT_kill_desk: kill_worker(house, WORKER_desk); break;
	case HOUSE_FAULT_kill_desk_at_call: die_at_call(house, WORKER_desk); break;
	case HOUSE_FAULT_kill_feed_at_call: die_at_call(house, WORKER_feed); break;
	case HOUSE_FAULT_kill_at_write: die_at_write(house, (uint32_t)fate(house, house->run.processes)); break;
	case HOUSE_FAULT_kill_uncounted: die_uncounted(house); break;
	case HOUSE_FAULT_kill_boot:
		house_kill(house, desk);
		house->row[desk].dies_in = 1 + (uint32_t)fate(house, CALLS_MOST);
		break;
	case HOUSE_FAULT_kill_all: house_kill_all(house); break;
	case HOUSE_FAULT_hang_short: hang(house, upto_ns(house, CFG_heartbeat_ms * NS_PER_MS / 2)); break;
	case HOUSE_FAULT_hang_long: hang(house, INT64_MAX); break;
	case HOUSE_FAULT_slow_process: any_row(house)->slow = 2 + (uint32_t)fate(house, 30); break;
	case HOUSE_FAULT_person_halt: command(house, OPERATOR_HALT); break;
	case HOUSE_FAULT_person_pause: command(house, OPERATOR_PAUSE); break;
	case HOUSE_FAULT_person_flatten: command(house, OPERATOR_FLATTEN); break;
	default: break;
	}
}

/* Lies in wait for the next message about an order, or for the next end of one; instead of one that has waited in vain so far, for a cancel that nobody
 * sends. */
static void befall_order(struct house *house, enum house_fault kind)
{
	if (kind < HOUSE_FAULT_order_kill || kind > HOUSE_FAULT_order_end || (house->ambush && house->ambush_ns != INT64_MAX)) return;
	house->ambush = (uint32_t)kind;
	house->ambush_on_cancel = fate(house, 2);
	house->ambush_at_step = kind == HOUSE_FAULT_order_cut && fate(house, 2);
	house->ambush_ns = INT64_MAX;
	house->ends_then = ends_of_orders(house);
}

static void clear_up(struct house *house)
{
	int64_t dark_until_ns = house->net->weather.dark_until_ns; /* has its own end */
	house->net->weather = fair;
	house->net->weather.dark_until_ns = dark_until_ns;
	house->weather_until_ns = 0;
}

/* The desk's alone when the market is about to move: its new session takes a snapshot, at a pace at which that move falls anywhere into it. */
static void cut(struct house *house)
{
	net_sim_cut(house->net, house->ambush_at_step ? house_row_of(house, WORKER_desk) : NET_NOBODY);
	if (!house->ambush_at_step && fate(house, 3) == 0) command(house, OPERATOR_FLATTEN);
	if (!house->ambush_at_step) return;
	house->net->weather.latency_ns = house->step_way_ns / (STEP_WAYS_LEAST + (int64_t)fate(house, STEP_WAYS_MORE));
	house->weather_until_ns = house->now_ns + 2 * house->step_way_ns;
	if (fate(house, STEPS_AGAIN) != 0) house->ambush = HOUSE_FAULT_order_cut;
	else house->ambush_at_step = false;
}

static void spring(struct house *house)
{
	enum house_fault kind = (enum house_fault)house->ambush;
	house->ambush = 0;
	house->ambush_ns = INT64_MAX;
	house->last_fault_ns = house->now_ns;
	clear_up(house); /* what comes after it may be faster than it */
	house_trace(house, 8, (uint64_t)kind);
	switch ((int)kind) {
	case HOUSE_FAULT_order_kill:
	case HOUSE_FAULT_order_end: house_kill(house, house_row_of(house, WORKER_desk)); break;
	case HOUSE_FAULT_order_cut: cut(house); break;
	case HOUSE_FAULT_order_dark: get_dark(house, upto_ns(house, DARK_ORDER_S * NS_PER_S)); break;
	case HOUSE_FAULT_order_halt: command(house, fate(house, 2) ? OPERATOR_HALT : OPERATOR_FLATTEN); break;
	case HOUSE_FAULT_order_power: house_power_cut(house, (enum disk_sim_cut)fate(house, DISK_SIM_CUTS_N)); break;
	default: break;
	}
}

/* An order has left: slowly, so that there is time to fall upon it. */
static void ambush_order(struct house *house, bool is_cancel)
{
	if (!house->ambush || is_cancel != house->ambush_on_cancel || house->ambush == HOUSE_FAULT_order_end || house->ambush_ns != INT64_MAX) return;
	if (house->ambush_at_step) return;
	int64_t way_ns = upto_ns(house, (int64_t)WAY_MOST_MS * NS_PER_MS << fate(house, WAY_DOUBLINGS));
	house->net->weather.latency_ns = way_ns;
	house->weather_until_ns = house->now_ns + 4 * way_ns;
	house->ambush_ns = house->now_ns + upto_ns(house, 2 * way_ns);
}

/* Orders are filled as the exchange opens, which on most days comes after midnight, the open of the others. */
void house_faults_at_step(struct house *house)
{
	const struct server *server = house->server;
	bool                 may_open = server->moment.tick.phase == TICK_OPEN && server->moment.tick.calendar != CALENDAR_NYSE;
	if (!house->ambush_at_step || house->ambush_ns != INT64_MAX || server->broker.open_n == 0 || !may_open) return;
	begin_fate(house, STEP_FATE + (uint64_t)server->moment.number);
	house->step_way_ns = STEP_LEAST_MS * NS_PER_MS + upto_ns(house, STEP_LEAST_MS * NS_PER_MS);
	house->net->weather.latency_ns = house->step_way_ns;
	house->ambush_ns = house->now_ns;
}

static void befall(struct house *house, enum house_fault kind)
{
	house->befell[kind]++;
	house->counts.faults++;
	house->last_fault_ns = house->now_ns;
	house_trace(house, 3, (uint64_t)kind);
	if (befall_net(house, kind)) house->weather_until_ns = house->now_ns + upto_ns(house, LASTS_MOST_S * NS_PER_S);
	befall_venue(house, kind);
	befall_machine(house, kind);
	befall_process(house, kind);
	befall_order(house, kind);
}

/* --- the mix ------------------------------------------------------------------------------------------------------ */

/* Bursts and silences: each gap is drawn below a bound that is drawn too. */
static void draw_next(struct house *house)
{
	begin_fate(house, (uint64_t)house->faults_drawn << 8 | HOUSE_FAULTS_N);
	int64_t most_ns = upto_ns(house, house->gap_ns) >> fate(house, GAP_HALVINGS);
	house->next_fault_ns = house->now_ns + upto_ns(house, most_ns);
}

/* Each kind's share of this seed's mix: half of the kinds, a quarter, or a few that then come again and again; of a kind the same in every list that
 * has it. */
static bool is_in_mix(struct house *house, int kind)
{
	static const uint64_t one_in[] = { 2, 4, 16, 16 };
	begin_fate(house, MIX_FATE + HOUSE_FAULTS_N + 3);
	uint64_t share = one_in[fate(house, sizeof one_in / sizeof *one_in)];
	begin_fate(house, MIX_FATE + (uint64_t)kind);
	return fate(house, share) == 0;
}

/* How faults come: by the clock alone, or also when there is a word about an order; in most seeds not before the market moves. */
static void draw_habits(struct house *house)
{
	static const uint32_t at_order_bp[] = { 0, 1000, 3000, 6000 };
	begin_fate(house, MIX_FATE + HOUSE_FAULTS_N + 1);
	house->at_order_bp = at_order_bp[fate(house, sizeof at_order_bp / sizeof *at_order_bp)];
	house->waits_for_market = fate(house, COLD_SEEDS) != 0;
}

/* How many deaths hold a process down; an hour of this house is months of another, so in most seeds none are too many. Drawn from a number that leaves
 * the seeds of tests/sim/seeds what they were. */
static void draw_patience(struct house *house)
{
	begin_fate(house, MIX_FATE + HOUSE_FAULTS_N + 6);
	house->restarts_hour_max = PROCESS_DEATHS_MAX - 1;
	if (!house->is_gentle && fate(house, HOLD_SEEDS) == 0) house->restarts_hour_max = (uint32_t)fate(house, HOLD_DEATHS_MOST);
}

/* Deaths and delays of those who do not trade: they may not change one order. */
#define GENTLE(kind) (UINT64_C(1) << HOUSE_FAULT_##kind)
#define GENTLE_KINDS                                                                                                                          \
	(GENTLE(kill_feed) | GENTLE(kill_analyst) | GENTLE(kill_context) | GENTLE(kill_health) | GENTLE(kill_feed_at_call) | GENTLE(hang_short) | \
	 GENTLE(slow_process) | GENTLE(net_chop) | GENTLE(venue_drop_data) | GENTLE(venue_garbage_data))

/* In one seed of so many only those befall, and the days are compared with undisturbed ones. */
static void draw_gentle(struct house *house)
{
	begin_fate(house, MIX_FATE + HOUSE_FAULTS_N + 2);
	if (fate(house, GENTLE_SEEDS) == 0 && (house->plan.kinds & GENTLE_KINDS)) house->plan.kinds &= GENTLE_KINDS;
	house->is_gentle = house->plan.kinds != 0 && (house->plan.kinds & ~GENTLE_KINDS) == 0;
}

void house_faults_begin(struct house *house)
{
	draw_gentle(house);
	uint64_t wanted = house->plan.kinds;
	house->net->weather = fair;
	house->mix = 0;
	for (int kind = 0; kind < HOUSE_FAULTS_N; kind++)
		if (wanted >> kind & 1 && is_in_mix(house, kind)) house->mix |= UINT64_C(1) << kind;
	if (!house->mix) house->mix = wanted;
	begin_fate(house, MIX_FATE + HOUSE_FAULTS_N);
	house->gap_ns = NS_PER_S << fate(house, GAP_DOUBLINGS);
	house->faults_most = 1 + (uint32_t)fate(house, (uint64_t)house->plan.days * FAULTS_A_DAY);
	if (house->plan.faults_most && house->plan.faults_most < house->faults_most) house->faults_most = house->plan.faults_most;
	house->faults_drawn = 0;
	house->ambush_ns = INT64_MAX;
	house->next_fault_ns = INT64_MAX;
	draw_habits(house);
	draw_patience(house);
	if (!house->mix) house->is_calm = true;
	else if (!house->waits_for_market) draw_next(house);
}

void house_faults_at_order(struct house *house, bool is_cancel)
{
	begin_fate(house, ORDER_FATE + house->order_messages++);
	ambush_order(house, is_cancel);
	if (house->is_calm || house->next_fault_ns == INT64_MAX || fate(house, BP_ONE) >= house->at_order_bp) return;
	house->next_fault_ns = e8_min(house->next_fault_ns, house->now_ns + upto_ns(house, NS_PER_S >> fate(house, SOON_HALVINGS)));
}

/* The history is read: now. */
static void market_begins(struct house *house)
{
	if (!house->waits_for_market || house->server->moment.number == 0) return;
	house->waits_for_market = false;
	if (house->mix && !house->is_calm) draw_next(house);
}

/* The kind of the mix with the least hash: another kind in the list takes only the draws that it wins. */
static enum house_fault draw_kind(struct house *house)
{
	uint64_t least = UINT64_MAX;
	int      drawn = 0;
	for (int kind = 0; kind < HOUSE_FAULTS_N; kind++) {
		if (!(house->mix >> kind & 1)) continue;
		begin_fate(house, (uint64_t)house->faults_drawn << 8 | (uint64_t)kind);
		if (house->fate >= least) continue;
		least = house->fate;
		drawn = kind;
	}
	begin_fate(house, (uint64_t)house->faults_drawn << 8 | (uint64_t)drawn);
	return (enum house_fault)drawn;
}

static bool is_skipped(const struct house *house)
{
	uint32_t at = house->faults_drawn;
	return at < HOUSE_SKIPS_MAX && (house->plan.skip[at / 64] >> (at % 64) & 1) != 0;
}

void house_faults_turn(struct house *house)
{
	if (house->weather_until_ns && house->now_ns >= house->weather_until_ns) clear_up(house);
	market_begins(house);
	if (house->ambush == HOUSE_FAULT_order_end && ends_of_orders(house) != house->ends_then) spring(house);
	if (house->now_ns >= house->ambush_ns) spring(house);
	if (house->is_calm || house->now_ns < house->next_fault_ns) return;
	enum house_fault kind = draw_kind(house);
	if (!is_skipped(house)) befall(house, kind);
	house->faults_drawn++;
	draw_next(house);
	if (house->faults_drawn >= house->faults_most) house_faults_end(house);
}

void house_faults_end(struct house *house)
{
	house->is_calm = true;
	house->next_fault_ns = INT64_MAX;
	house->disk_fails_in = house->power_in = 0;
	house->ambush = 0;
	house->ambush_at_step = false;
	house->ambush_ns = INT64_MAX;
	house->drift_ppm = 0;
	clear_up(house);
	memset(&house->server->faults, 0, sizeof house->server->faults);
	for (uint32_t row = 0; row < house->run.processes; row++) {
		struct house_row *at = &house->row[row];
		at->slow = at->dies_in = at->dies_at_region = 0;
		if (at->hangs_until_ns == INT64_MAX && !at->is_rescue) house_kill(house, (int)row); /* for a rescue the market waits anyway */
	}
}

/* --- the list ----------------------------------------------------------------------------------------------------- */

static uint64_t kinds_of(const char *word, size_t length)
{
	uint64_t kinds = 0;
	if (length == 3 && memcmp(word, "all", 3) == 0) return HOUSE_FAULTS_ALL;
	for (int kind = 0; kind < HOUSE_FAULTS_N; kind++) {
		const struct house_fault_row *row = &house_fault_rows[kind];
		bool                          is_it = strlen(row->name) == length && memcmp(row->name, word, length) == 0;
		bool                          is_in = strlen(row->group) == length && memcmp(row->group, word, length) == 0;
		if (is_it || is_in) kinds |= UINT64_C(1) << kind;
	}
	return kinds;
}

bool house_faults_parse(const char *list, uint64_t *kinds, const char **bad, size_t *length)
{
	*kinds = 0;
	if (strcmp(list, "none") == 0) return true;
	for (const char *word = list;; word += *length + 1) {
		*length = strcspn(word, ",");
		*bad = word;
		uint64_t more = kinds_of(word, *length);
		if (!more) return false;
		*kinds |= more;
		if (!word[*length]) return true;
	}
}

/* One of "7" and "3-9". */
static bool skip_range(uint64_t skip[HOUSE_SKIPS_MAX / 64], const char **at)
{
	char         *end;
	unsigned long from = strtoul(*at, &end, 10), to = from;
	if (end == *at) return false;
	if (*end == '-') {
		const char *second = end + 1;
		to = strtoul(second, &end, 10);
		if (end == second) return false;
	}
	if (to < from || to >= HOUSE_SKIPS_MAX || (*end && *end != ',')) return false;
	for (unsigned long i = from; i <= to; i++) skip[i / 64] |= UINT64_C(1) << (i % 64);
	*at = end;
	return true;
}

bool house_skips_parse(const char *list, uint64_t skip[HOUSE_SKIPS_MAX / 64])
{
	memset(skip, 0, HOUSE_SKIPS_MAX / 8);
	for (;; list++) {
		if (!skip_range(skip, &list)) return false;
		if (!*list) return true;
	}
}
