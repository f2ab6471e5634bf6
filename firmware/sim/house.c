/* house.c - builds the house, turns it, moves its clock. */
#include "firmware/sim/house.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "firmware/sim/faults.h"
#include "firmware/sim/parts.h"
#include "fsm/hash.h"
#include "hal/linux/loop.h"
#include "hal/linux/memory.h"
#include "hal/sim/chance.h"

/* The layout's rows without the books and the console. */
enum { PLACED = 1 << WORKER_feed | 1 << WORKER_context | 1 << WORKER_analyst | 1 << WORKER_health | 1 << WORKER_desk };
enum { SESSIONS_A_YEAR = 250,
	FIRST_NS = 1000000000,
	DISK_FILES = 1 };
#define JOURNAL_ID UINT64_C(0x686f757365) /* "house" */

/* --- chance, trace, word ------------------------------------------------------------------------------------------- */

uint64_t house_chance(struct house *house, uint64_t below) { return chance_below(&house->chance, below); }

void house_trace(struct house *house, uint64_t what, uint64_t which)
{
	house->trace = hash_u64(hash_u64(hash_u64(house->trace, (uint64_t)house->now_ns), what), which);
}

void house_violates(struct house *house, const char *format, ...)
{
	va_list  arguments;
	uint32_t at = house->violations++;
	if (at >= HOUSE_VIOLATIONS_MAX) return;
	va_start(arguments, format);
	(void)vsnprintf(house->violation[at], sizeof house->violation[at], format, arguments);
	va_end(arguments);
}

/* --- the machine ----------------------------------------------------------------------------------------------------- */

static int64_t source_monotonic_ns(void *self) { return ((struct house *)self)->now_ns; }
static int64_t source_wall_ns(void *self)
{
	const struct house *house = self;
	return house->now_ns + house->wall_off_ns + house->now_ns / 1000000 * house->drift_ppm;
}
static uint64_t source_random(void *self) { return chance_next(&((struct house *)self)->chance); }

static struct house *house_of(struct disk *disk) { return (struct house *)(void *)((uint8_t *)disk - offsetof(struct house, port)); }

/* The fault that is due at this call of write or sync. */
static enum disk_code disk_fault(struct house *house, bool is_sync)
{
	if (house->disk_fails_in == 0 || --house->disk_fails_in > 0) return DISK_OK;
	if (house->disk_fails_by == DISK_OK && !is_sync) { /* it is a sync that fails, the next one */
		house->disk_fails_in = 1;
		return DISK_OK;
	}
	return house->disk_fails_by == DISK_OK ? DISK_FAILED : house->disk_fails_by;
}

/* Of the call in hand. */
static enum house_lie lie_of(const struct house *house)
{
	const struct house_crash *crash = &house->plan.crash;
	return crash->at > 0 && house->calls == crash->at ? crash->lie : HOUSE_LIE_none;
}

static enum disk_code write_or_lie(struct house *house, int32_t file, uint64_t offset, const void *from, size_t bytes)
{
	struct disk   *disk = &house->disk.disk;
	enum house_lie lie = lie_of(house);
	uint64_t       pages = HOUSE_DISK_BYTES / JOURNAL_PAGE_BYTES, draw = hash_u64(house->plan.seed, house->calls);
	if (lie == HOUSE_LIE_unwritten) return DISK_OK;
	if (lie == HOUSE_LIE_astray) {
		uint64_t page = (offset / JOURNAL_PAGE_BYTES + 1 + draw % (pages - 1)) % pages, room = HOUSE_DISK_BYTES - page * JOURNAL_PAGE_BYTES;
		return disk_write(disk, file, page * JOURNAL_PAGE_BYTES, from, bytes < room ? bytes : (size_t)room);
	}
	enum disk_code code = disk_write(disk, file, offset, from, bytes);
	if (lie == HOUSE_LIE_rotten && code == DISK_OK && bytes > 0) house->memory[offset + draw % bytes] ^= (uint8_t)(1U << (draw >> 61));
	return code;
}

static enum disk_code port_create(struct disk *disk, const char *name, uint64_t bytes, int32_t *file)
{
	house_point(house_of(disk), HOUSE_CALL_create, 0, 0);
	return disk_create(&house_of(disk)->disk.disk, name, bytes, file);
}
static enum disk_code port_open(struct disk *disk, const char *name, enum disk_right right, int32_t *file)
{
	house_point(house_of(disk), HOUSE_CALL_open, 0, 0);
	return disk_open(&house_of(disk)->disk.disk, name, right, file);
}
static enum disk_code port_rename(struct disk *disk, const char *from, const char *to)
{
	house_point(house_of(disk), HOUSE_CALL_rename, 0, 0);
	return disk_rename(&house_of(disk)->disk.disk, from, to);
}
static enum disk_code port_remove(struct disk *disk, const char *name)
{
	house_point(house_of(disk), HOUSE_CALL_remove, 0, 0);
	return disk_remove(&house_of(disk)->disk.disk, name);
}
static enum disk_code port_read(struct disk *disk, int32_t file, uint64_t offset, void *into, size_t bytes, size_t *got)
{
	house_point(house_of(disk), HOUSE_CALL_read, 0, 0);
	return disk_read(&house_of(disk)->disk.disk, file, offset, into, bytes, got);
}
static enum disk_code port_write(struct disk *disk, int32_t file, uint64_t offset, const void *from, size_t bytes)
{
	house_point(house_of(disk), HOUSE_CALL_write, 0, 0);
	enum disk_code code = disk_fault(house_of(disk), false);
	if (code == DISK_OK) code = write_or_lie(house_of(disk), file, offset, from, bytes);
	return code;
}
static enum disk_code port_sync(struct disk *disk, int32_t file)
{
	house_point(house_of(disk), HOUSE_CALL_sync, 0, 0);
	enum disk_code code = disk_fault(house_of(disk), true);
	if (code != DISK_OK || lie_of(house_of(disk)) == HOUSE_LIE_unsynced) return code;
	return disk_sync(&house_of(disk)->disk.disk, file);
}
static enum disk_code port_size(struct disk *disk, int32_t file, uint64_t *bytes) { return disk_size(&house_of(disk)->disk.disk, file, bytes); }
static void port_close(struct disk *disk, int32_t file) { disk_close(&house_of(disk)->disk.disk, file); }
static const struct disk_verbs port_verbs = { port_create, port_open, port_rename, port_remove, port_read, port_write, port_sync, port_size, port_close };

static void at_verb(void *self, enum net_verb verb, const char *bytes, size_t count)
{
	static const enum house_call calls[] = { [NET_CONNECT] = HOUSE_CALL_connect, [NET_READ] = HOUSE_CALL_receive, [NET_WRITE] = HOUSE_CALL_send,
		[NET_CLOSE] = HOUSE_CALL_hang_up };
	static const char            step[] = "POST /sim/v1/advance ";
	house_point(self, calls[verb], bytes, count);
	if (verb == NET_WRITE && count >= sizeof step - 1 && memcmp(bytes, step, sizeof step - 1) == 0) house_faults_at_step(self);
}

/* --- building ---------------------------------------------------------------------------------------------------------- */

static bool refuse(struct house *house, const char *what)
{
	snprintf(house->sentence, sizeof house->sentence, "%s", what);
	return false;
}

static bool take_memory(struct house *house)
{
	house->trading = memory_take(sizeof *house->trading);
	house->bars = memory_take(sizeof *house->bars);
	house->server = memory_take(sizeof *house->server);
	house->net = memory_take(sizeof *house->net);
	house->boot = memory_take(sizeof *house->boot);
	house->memory = memory_take(HOUSE_DISK_BYTES);
	house->durable = memory_take(HOUSE_DISK_BYTES);
	house->map = map_make();
	return house->trading && house->bars && house->server && house->net && house->boot && house->memory && house->durable && house->map;
}

static int32_t first_day(const struct house_plan *plan) { return plan->from_day ? plan->from_day : day_from_civil(HOUSE_YEAR, 1, 1); }

static void begin_machine(struct house *house)
{
	house->now_ns = FIRST_NS;
	house->clock = (struct clock_source){ source_monotonic_ns, source_wall_ns, source_random, house };
	house->wall_off_ns = first_day(&house->plan) * NS_PER_DAY;
	clock_use(&house->clock);
	loop_open_virtual();
	disk_sim_init(&house->disk);
	disk_sim_room(&house->disk, house->memory, house->durable, HOUSE_DISK_BYTES);
	house->port.verbs = &port_verbs;
}

/* Of the sessions wanted. */
static int32_t last_day(const struct house_plan *plan)
{
	int32_t        day = first_day(plan) - 1;
	struct session session;
	for (int32_t left = plan->days; left > 0; left -= calendar_session(CALENDAR_NYSE, day, &session)) day++;
	return day;
}

/* False: the sentence of the loading says why. */
static bool make_market(struct house *house, int32_t from_day, int32_t to_day)
{
	int32_t warm_day = from_day - SERVER_WARM_DAYS;
	if (house->plan.data) return bars_load(house->bars, &house->loading, house->plan.data, warm_day > 0 ? warm_day : 0, to_day) == BARS_OK;
	house_market(house->bars, house->plan.seed, warm_day, from_day, to_day);
	return true;
}

/* As many days of bars as sessions are wanted, and a margin: the run ends by its sessions. */
static bool begin_venue(struct house *house)
{
	const char          *why = "";
	int32_t              from_day = first_day(&house->plan), to_day = from_day + house->plan.days * 3 / 2 + 14;
	if (house->plan.ends_with_days) to_day = last_day(&house->plan);
	struct server_config config = { .bars = house->bars, .from_day = from_day, .to_day = to_day, .cash_usd_e8 = CFG_initial_usd * E8,
		.rate = SERVER_RATE_MAX,
		.key = { [SERVER_KEY_DATA] = { "PKSIMDATA", "sim-data-secret" }, [SERVER_KEY_TRADING] = { "PKSIM", "sim-secret" } } };
	if (!make_market(house, from_day, to_day)) return refuse(house, house->loading.sentence);
	if (!server_init(house->server, &config, &why)) return refuse(house, why);
	server_now(house->server, house->now_ns);
	net_sim_init(house->net, house->server, chance_next(&house->chance));
	house->net->at_verb = at_verb;
	house->net->at_verb_self = house;
	net_sim_use(house->net);
	return true;
}

static void place_rows(struct house *house)
{
	const struct layout *layout = &layouts[LAYOUT_appliance_id];
	struct runner_plan  *run = &house->run;
	for (size_t i = 0; i < layout->places; i++) {
		uint32_t row = 0, worker = layout->place[i].worker;
		if (!((uint32_t)PLACED >> worker & 1)) continue;
		while (row < run->processes && strcmp(house->row[row].name, layout->place[i].process) != 0) row++;
		run->processes = row < run->processes ? run->processes : row + 1;
		house->row[row].name = layout->place[i].process;
		run->placed[row] |= 1u << worker;
		run->all |= 1u << worker;
	}
}

static void plan_run(struct house *house)
{
	struct runner_plan *run = &house->run;
	struct secret      *secret = house->world.secret;
	house->world.disk = &house->port;
	house->world.warm_days = HOUSE_WARM_DAYS;
	secret[SECRET_trading_key_id] = (struct secret){ "PKSIM", 5 };
	secret[SECRET_trading_secret_key] = (struct secret){ "sim-secret", 10 };
	secret[SECRET_data_key_id] = (struct secret){ "PKSIMDATA", 9 };
	secret[SECRET_data_secret_key] = (struct secret){ "sim-data-secret", 15 };
	run->folder = "house";
	run->mode = TRADE_SIM;
	run->map = house->map;
	run->trading = house->trading;
	run->ledger_row = RUNNER_NO_ROW;
	run->sessions_max = house->plan.ends_with_days ? UINT64_MAX : (uint64_t)house->plan.days;
	run->initial_usd_e8 = CFG_initial_usd * E8;
	run->world = &house->world;
	run->speed = 1.0 / 0.0;
	run->venue = (struct venue_place){ .kind = VENUE_KIND_ALPACA, .is_stepped = true, .trade_port = 443, .data_port = 443,
		.trade_host = "house", .data_host = "house", .stream_host = "house" };
	house->trading->plan.settings = house->world.settings;
	place_rows(house);
}

/* The journal gets its name and its first segment. */
static bool make_journal(struct house *house)
{
	struct home        *home = house->boot;
	struct journal_plan plan = { .journal_id = JOURNAL_ID, .segment_bytes = HOUSE_SEGMENT_BYTES, .segments_max = HOUSE_SEGMENTS, .shape = JOURNAL_CIRCLE };
	struct trading     *trading = house->trading;
	home->disk = &house->disk.disk;
	home->conf.settings = house->world.settings;
	home->mode = TRADE_SIM;
	recorder_setup(&home->setup, &home->conf.settings, home->mode);
	rooms_init(&trading->rooms, 1u << WORKER_desk, JOURNAL_ID, &house->world.settings, false);
	pump_init(&trading->pump, house->map, &trading->rooms, &trading->hal, 0);
	if (journal_create(&home->journal, home->disk, "journal", &plan, &home->setup, home->buffer, sizeof home->buffer) != JOURNAL_OK)
		return refuse(house, "the journal of the house cannot be made");
	trading->pump.journal = &home->journal;
	if (pump_segment(&trading->pump) != JOURNAL_OK || journal_flush(&home->journal) != JOURNAL_OK)
		return refuse(house, "the journal of the house has no room for a segment");
	journal_abandon(&home->journal);
	return true;
}

bool house_build(struct house *house, const struct house_plan *plan)
{
	house->plan = *plan;
	house->chance = plan->seed;
	house->running = HOUSE_NOBODY;
	settings_default(&house->world.settings);
	if (plan->keeps_entries) house->world.settings.value[SETTING_recovery_cancel_entries] = 0;
	if (!take_memory(house)) return refuse(house, "the kernel has no memory for the house: 250 MB of address space are needed");
	begin_machine(house);
	if (!begin_venue(house)) return false;
	plan_run(house);
	if (!make_journal(house)) return false;
	house_faults_begin(house);
	house_rows_begin(house);
	return true;
}

void house_drop(struct house *house)
{
	clock_use(0);
	house_rows_end();
	net_sim_use(0);
	loop_close();
	for (uint32_t row = 0; row < house->run.processes; row++)
		if (house->row[row].runner) runner_forget(house->row[row].runner);
	if (house->map) map_drop(house->map);
	if (house->trading) memory_give(house->trading, sizeof *house->trading);
	if (house->bars) memory_give(house->bars, sizeof *house->bars);
	if (house->server) memory_give(house->server, sizeof *house->server);
	if (house->net) memory_give(house->net, sizeof *house->net);
	if (house->boot) memory_give(house->boot, sizeof *house->boot);
	if (house->memory) memory_give(house->memory, HOUSE_DISK_BYTES);
	if (house->durable) memory_give(house->durable, HOUSE_DISK_BYTES);
}

/* --- turning ---------------------------------------------------------------------------------------------------------- */

static void turn_net(struct house *house) { (void)net_sim_turn(house->net, house->now_ns); }
static void turn_loop(struct house *house)
{
	(void)house;
	loop_turn(0);
}

/* To a process that stands still bytes and timers come when it goes on. */
static void serve_loop(struct house *house, int owner)
{
	int64_t until_ns = house->row[owner].hangs_until_ns;
	if (until_ns > house->now_ns) loop_delay(owner, until_ns);
	else house_as_row(house, owner, turn_loop);
}

static void serve_net(struct house *house)
{
	int     owner = net_sim_owner(house->net);
	int64_t until_ns = owner == NET_NOBODY ? 0 : house->row[owner].hangs_until_ns;
	if (until_ns > house->now_ns) net_sim_delay(house->net, owner, until_ns);
	else house_as_row(house, owner, turn_net);
}

/* Everything of the network and of the drivers' timers that is due by now, each in the name of its owner. */
static bool serve(struct house *house)
{
	int64_t due_ns;
	bool    any = false;
	for (int i = 0; i < NET_SEGMENTS_MAX; i++) {
		int owner = loop_next(&due_ns);
		if (net_sim_next_ns(house->net) <= house->now_ns) serve_net(house);
		else if (owner != LOOP_NONE && due_ns <= house->now_ns) serve_loop(house, owner);
		else return any;
		any = true;
	}
	return any;
}

static int64_t desk_timer_ns(const struct house *house)
{
	const struct house_row *row = &house->row[house_row_of(house, WORKER_desk)];
	const struct runner    *runner = row->runner;
	int64_t                 next_ns = INT64_MAX;
	for (uint32_t i = 0; runner && i < runner->pump.timers; i++) next_ns = e8_min(next_ns, runner->pump.timer_at_ns[i]);
	return e8_max(next_ns, row->hangs_until_ns);
}

/* Nothing is left to do: to whatever is due next. */
static void move_clock(struct house *house)
{
	int64_t due_ns, next_ns = e8_min(net_sim_next_ns(house->net), house_rows_next_ns(house));
	(void)loop_next(&due_ns);
	next_ns = e8_min(e8_min(next_ns, due_ns), e8_min(desk_timer_ns(house), house->person.due_ns));
	if (!house->is_calm) next_ns = e8_min(next_ns, e8_min(house->next_fault_ns, house->ambush_ns));
	if (house->weather_until_ns) next_ns = e8_min(next_ns, house->weather_until_ns);
	house->now_ns = e8_max(next_ns, house->now_ns + 1000);
}

static bool is_over(const struct house *house)
{
	const struct memory_map *map = house->map;
	const struct desk       *desk = house_desk(house);
	if (!map->progress_feed[0].ended || !desk || house_held_row(house) != HOUSE_NOBODY) return false;
	if (map->progress_desk[0].ticks != map->progress_feed[0].ticks) return false;
	return house->is_calm && desk->recovery.state == RECOVERY_TRADING && order_table_in_flight(&desk->orders) == 0;
}

/* The market goes on, or will within the hour; the last fifth of the days is calm. */
static void watch_progress(struct house *house)
{
	const struct runner *feed = house->row[house_row_of(house, WORKER_feed)].runner;
	uint64_t             ticks = house->map->progress_feed[0].ticks;
	if (ticks != house->ticks) {
		house->ticks = ticks;
		house->last_tick_ns = house->now_ns;
	}
	if (!house->is_calm && feed && feed->pump.place.sessions * 5 >= (uint64_t)house->plan.days * 4) house_faults_end(house);
	int64_t since_ns = e8_max(house->last_tick_ns, house->last_fault_ns);
	if (house->now_ns - since_ns <= HOUSE_STUCK_S * NS_PER_S || is_over(house)) return;
	house->is_refused = house->plan.crash.lie != HOUSE_LIE_none && !house_desk(house) && *house->refusal;
	if (!house->is_refused)
		house_violates(house, "an hour after the last fault the market has not gone on%s%s", *house->refusal ? "; last refusal: " : "", house->refusal);
}

void house_run(struct house *house)
{
	while (!is_over(house) && house->violations == 0 && !house->is_refused) {
		if (house->is_dark) house_crash_power(house);
		house_faults_turn(house);
		house_rows_watch(house);
		bool worked = serve(house);
		worked = house_rows_turn(house) || worked;
		house_check_desk(house);
		house_audit(house);
		house_person_turn(house);
		if (!worked) move_clock(house);
		watch_progress(house);
	}
	if (house->violations == 0 && house->is_refused) house_check_refused(house);
	else if (house->violations == 0) house_check_end(house);
	const struct desk *desk = house_desk(house);
	if (desk) house->books = (struct house_books){ desk->account, desk->orders_sent, desk->fills };
	house_trace(house, 7, desk ? desk_hash(desk) : 0);
}

void house_compare(struct house *house, struct house *twin)
{
	struct house_plan plan = { .seed = house->plan.seed, .days = house->plan.days, .data = house->plan.data, .from_day = house->plan.from_day };
	if (!twin || !house->is_gentle || house->counts.faults == 0 || house->violations > 0) return;
	if (!house_build(twin, &plan)) {
		house_violates(house, "the undisturbed house could not be built: %s", twin->sentence);
		return;
	}
	house_run(twin);
	house_drop(twin);
	if (memcmp(&house->books, &twin->books, sizeof twin->books) == 0) return;
	house_violates(house, "undisturbed the desk sends %llu orders and ends with %lld e-8 USD; now %llu and %lld", (unsigned long long)twin->books.orders_sent,
	    (long long)twin->books.account.cash_usd_e8, (unsigned long long)house->books.orders_sent, (long long)house->books.account.cash_usd_e8);
}
