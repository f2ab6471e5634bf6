/* pipeline_test.c - bars to fills through every worker, judged by a second bookkeeping that knows nothing of the first. */
#include "fsm/hash.h"

#include "tests/sim/pipeline_kit.h"

enum { SEEDS = 4 };
static struct line line;

static int32_t from_day(void) { return day_from_civil(2015, 3, 1); }
static int32_t to_day(void) { return day_from_civil(2017, 12, 31); }

static void run_whole(uint64_t seed)
{
	line_begin(&line, seed, from_day(), to_day());
	line_run(&line);
}

static const struct bars_series *series(uint16_t sym) { return &line.trading->bars.of[sym]; }

/* The first bar after a day; 0 when there is none. */
static const struct bar *bar_after(uint16_t sym, int32_t day)
{
	for (uint32_t i = 0; i < series(sym)->count; i++)
		if (series(sym)->bar[i].day > day) return &series(sym)->bar[i];
	return 0;
}

static int64_t close_of(uint16_t sym, int32_t day)
{
	int64_t close = 0;
	for (uint32_t i = 0; i < series(sym)->count && series(sym)->bar[i].day <= day; i++) close = series(sym)->bar[i].close_px_e8;
	return close;
}

/* The day whose close an order was decided on: a day of the crypto calendar closes at the first instant of the next date. */
static int32_t decision_day(const struct event *submit)
{
	return day_from_t_ns(submit->t_ns - (universe[submit->sym].calendar == CALENDAR_CRYPTO));
}

static const struct event *submit_of(uint64_t order_id)
{
	for (uint32_t i = 0; i < line.results; i++)
		if (line.result[i].kind == EVENT_ORDER && line.result[i].order.order_id == order_id && line.result[i].order.event == ORDER_EV_SUBMIT)
			return &line.result[i];
	return 0;
}

static bool is_submit(const struct event *event) { return event->kind == EVENT_ORDER && event->order.event == ORDER_EV_SUBMIT; }

/* Rounded against us, in one division of exact integers. */
static int64_t ceil_div(i128 a, i128 b) { return (int64_t)(a / b + (a % b != 0)); }

/* --- T1 ------------------------------------------------------------------------------------------------------------------------ */

static void check_fill(const struct event *fill)
{
	const struct event *submit = submit_of(fill->fill.order_id);
	const struct asset *asset = &universe[fill->sym];
	CHECK(submit != 0);
	if (!submit) return;
	const struct bar *bar = bar_after(fill->sym, decision_day(submit));
	struct session    session;
	CHECK(bar != 0);
	if (!bar) return;
	CHECK(calendar_session((enum calendar_id)asset->calendar, bar->day, &session));
	CHECK_EQ(fill->t_ns, session.open_ns);
	i128 factor = fill->fill.side == SIDE_BUY ? BP_ONE + asset->slippage_bp : BP_ONE - asset->slippage_bp;
	i128 px = (i128)bar->open_px_e8 * factor;
	CHECK_EQ(fill->fill.px_e8, fill->fill.side == SIDE_BUY ? ceil_div(px, BP_ONE) : (int64_t)(px / BP_ONE));
	CHECK_EQ(fill->fill.fee_usd_e8, ceil_div((i128)fill->fill.qty_e8 * fill->fill.px_e8 * asset->commission_bp, (i128)E8 * BP_ONE));
	CHECK_EQ(fill->fill.qty_e8 % asset->lot_e8, 0);
}

TEST(t_T1_each_fill_is_at_the_next_open_plus_costs)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		uint32_t fills = 0, crypto = 0, sells = 0;
		run_whole(seed);
		for (uint32_t i = 0; i < line.results; i++) {
			if (line.result[i].kind != EVENT_FILL) continue;
			check_fill(&line.result[i]);
			fills++;
			crypto += universe[line.result[i].sym].calendar == CALENDAR_CRYPTO;
			sells += line.result[i].fill.side == SIDE_SELL;
		}
		CHECK(fills > 50);
		CHECK(sells > 10);
		CHECK(crypto > 0);
		line_end(&line);
	}
}

/* Cash and quantities from the fills alone; prices from the bars alone. */
struct second_books { int64_t cash_usd_e8, qty_e8[UNIVERSE_N]; };

static void second_fill(struct second_books *books, const struct event *fill)
{
	int64_t notional = (int64_t)(((i128)fill->fill.qty_e8 * fill->fill.px_e8 + E8 / 2) / E8);
	int64_t sign = fill->fill.side == SIDE_BUY ? 1 : -1;
	books->cash_usd_e8 -= sign * notional + fill->fill.fee_usd_e8;
	books->qty_e8[fill->sym] += sign * fill->fill.qty_e8;
}

static int64_t second_nav(const struct second_books *books, int32_t day)
{
	int64_t nav = books->cash_usd_e8;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++)
		nav += (int64_t)(((i128)books->qty_e8[sym] * close_of(sym, day) + E8 / 2) / E8);
	return nav;
}

TEST(t_T1_nav_is_cash_and_quantities_at_the_close_every_day)
{
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct second_books books = { .cash_usd_e8 = CFG_initial_usd * E8 };
		uint32_t            days = 0, wrong = 0;
		run_whole(seed);
		for (uint32_t i = 0; i < line.results; i++) {
			const struct event *event = &line.result[i];
			if (event->kind == EVENT_FILL) second_fill(&books, event);
			if (event->kind != EVENT_ACCOUNT || !(event->flags & ACCOUNT_DAY_END)) continue;
			days++;
			wrong += event->account.cash_usd_e8 != books.cash_usd_e8;
			wrong += event->account.nav_usd_e8 != second_nav(&books, event->account.day);
		}
		CHECK_EQ(wrong, 0);
		CHECK(days > 1000);        /* bitcoin trades every date */
		CHECK(account_is_conserved(&line.trading->rooms.desk.account));
		for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) CHECK_EQ(line.trading->rooms.desk.account.position[sym].qty_e8, books.qty_e8[sym]);
		line_end(&line);
	}
}

TEST(t_P6_conservation_every_day)
{
	for (uint64_t seed = 11; seed < 11 + SEEDS; seed++) {
		int64_t  cost_usd_e8[UNIVERSE_N] = { 0 };
		uint32_t days = 0, wrong = 0;
		run_whole(seed);
		for (uint32_t i = 0; i < line.results; i++) {
			const struct event *event = &line.result[i];
			if (event->kind == EVENT_POSITION) cost_usd_e8[event->sym] = event->position.cost_usd_e8;
			if (event->kind != EVENT_ACCOUNT || !(event->flags & ACCOUNT_DAY_END)) continue;
			const struct account_note *account = &event->account;
			i128 held = account->cash_usd_e8, made = (i128)CFG_initial_usd * E8 + account->realised_usd_e8 + account->dividends_usd_e8 - account->fees_usd_e8;
			for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) held += cost_usd_e8[sym];
			wrong += held != made;
			days++;
		}
		CHECK_EQ(wrong, 0);
		CHECK(days > 1000);
		line_end(&line);
	}
}

/* --- T1: no look-ahead ---------------------------------------------------------------------------------------------------------- */

static uint32_t fills_until(int64_t t_ns, uint64_t *hash)
{
	uint32_t count = 0;
	*hash = HASH_SEED;
	for (uint32_t i = 0; i < line.results; i++) {
		const struct event *event = &line.result[i];
		if (event->t_ns > t_ns || (event->kind != EVENT_FILL && event->kind != EVENT_SIGNAL && !is_submit(event))) continue;
		count += event->kind == EVENT_FILL;
		*hash = hash_words(hash_u64(*hash, (uint64_t)event->t_ns), event->bytes, sizeof event->bytes);
	}
	return count;
}

/* Every bar after the day becomes another one: prices a third higher or lower by the throw, opens not in step with closes. */
static void disturb_after(int32_t day, uint64_t seed)
{
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		struct bars_series *bars = &line.trading->bars.of[sym];
		for (uint32_t i = 0; i < bars->count; i++) {
			struct bar *bar = &bars->bar[i];
			if (bar->day <= day) continue;
			int64_t close_bp = 7000 + (int64_t)line_chance(&seed, 6000), open_bp = 7000 + (int64_t)line_chance(&seed, 6000);
			bar->open_px_e8 = e8_bp(bar->open_px_e8, open_bp);
			bar->close_px_e8 = bar->adj_px_e8 = e8_bp(bar->close_px_e8, close_bp);
			bar->high_px_e8 = e8_max(bar->open_px_e8, bar->close_px_e8);
			bar->low_px_e8 = e8_min(bar->open_px_e8, bar->close_px_e8);
			bar->volume += 1;
		}
	}
}

TEST(t_T1_what_comes_later_changes_nothing_before_it)
{
	uint64_t dice = 4;
	run_whole(3);
	uint64_t whole_hash = line_results_hash(&line);
	line_end(&line);
	for (int n = 0; n < 6; n++) {
		int32_t  day = from_day() + 200 + (int32_t)line_chance(&dice, 600);
		int64_t  until_ns = (int64_t)day * NS_PER_DAY + NS_PER_DAY;        /* the decisions on this day's closes included */
		uint64_t hash, disturbed_hash;
		run_whole(3);
		uint32_t fills = fills_until(until_ns - 1, &hash);
		CHECK(fills > 20);
		line_end(&line);
		line_begin(&line, 3, from_day(), to_day());
		disturb_after(day, dice);
		line_run(&line);
		CHECK_EQ(fills_until(until_ns - 1, &disturbed_hash), fills);
		CHECK_EQ(disturbed_hash, hash);
		CHECK(line_results_hash(&line) != whole_hash);        /* the rest did change */
		line_end(&line);
	}
}

/* --- the same again ------------------------------------------------------------------------------------------------------------- */

TEST(t_P15_the_same_seed_gives_the_same_run_and_another_another)
{
	uint64_t state[3], results[3], seeds[3] = { 8, 8, 9 };
	for (int i = 0; i < 3; i++) {
		run_whole(seeds[i]);
		state[i] = line_hash(&line);
		results[i] = line_results_hash(&line);
		line_end(&line);
	}
	CHECK_EQ(state[0], state[1]);
	CHECK_EQ(results[0], results[1]);
	CHECK(state[0] != state[2]);
	CHECK(results[0] != results[2]);
}

static struct trading    kept;
static struct memory_map kept_map;

/* Everything of the process copied between two events, run on, put back, run on again. */
TEST(t_P15_a_snapshot_at_any_point_goes_on_the_same)
{
	uint64_t dice = 15;
	run_whole(2);
	uint64_t hash = line_hash(&line), results_hash = line_results_hash(&line), events = line.trading->events;
	line_end(&line);
	for (int n = 0; n < 6; n++) {
		uint64_t cut = line_chance(&dice, events);
		line_begin(&line, 2, from_day(), to_day());
		while (line.trading->events < cut && trading_turn(line.trading)) {}
		kept = *line.trading;
		kept_map = *line.trading->map;
		uint32_t results = line.results;
		for (int i = 0; i < 500 && trading_turn(line.trading); i++) {}
		*line.trading = kept;
		*line.trading->map = kept_map;
		line.results = results;
		line_run(&line);
		CHECK_EQ(line_hash(&line), hash);
		CHECK_EQ(line_results_hash(&line), results_hash);
		line_end(&line);
	}
}

/* --- R6 ---------------------------------------------------------------------------------------------------------------------------- */

/* What is held and what is on its way, from the results alone. */
struct watch { int64_t qty_e8[UNIVERSE_N], open_buy_e8[UNIVERSE_N], cash_usd_e8, turnover_usd_e8; int32_t session; uint32_t buys_today, buys, wrong; };

static int64_t value(int64_t qty_e8, int64_t px_e8) { return (int64_t)((i128)qty_e8 * px_e8 / E8); }

/* A trading day begins with the open of the NYSE; what bitcoin does on a weekend belongs to the Friday before. */
static void begin_day(struct watch *watch, int64_t t_ns)
{
	struct session session;
	int32_t        day = day_from_t_ns(t_ns);
	while (!calendar_session(CALENDAR_NYSE, day, &session) || session.open_ns > t_ns) day--;
	if (watch->session == day) return;
	watch->session = day;
	watch->buys_today = 0;
	watch->turnover_usd_e8 = 0;
}

static void check_buy(struct watch *watch, const struct event *submit)
{
	const struct asset *asset = &universe[submit->sym];
	int32_t             day = decision_day(submit);
	int64_t             nav = watch->cash_usd_e8, gross = 0;
	begin_day(watch, submit->t_ns);
	watch->open_buy_e8[submit->sym] += submit->order.qty_e8;
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) {
		/* at a crypto close the NYSE has long closed; at a NYSE close bitcoin still has the close of the day before */
		bool    earlier = universe[sym].calendar == CALENDAR_CRYPTO && asset->calendar == CALENDAR_NYSE;
		int64_t px = close_of(sym, earlier ? day - 1 : day);
		if (earlier && px) {
			const struct bar *today = bar_after(sym, day - 1);
			px = today && today->day == day ? today->open_px_e8 : px;        /* its open of today is the last price */
		}
		nav += value(watch->qty_e8[sym], px);
		gross += value(watch->qty_e8[sym] + watch->open_buy_e8[sym], px);
	}
	int64_t px = close_of(submit->sym, day), mine = value(watch->qty_e8[submit->sym] + watch->open_buy_e8[submit->sym], px);
	int64_t slack = UNIVERSE_N;        /* 1e-8 USD of rounding a symbol */
	watch->turnover_usd_e8 += value(submit->order.qty_e8, px);
	watch->buys_today++;
	watch->buys++;
	watch->wrong += mine > e8_bp(nav, asset->cap_bp) + slack;
	watch->wrong += gross > e8_bp(nav, BP_ONE - CFG_cash_buffer_bp) + slack;
	watch->wrong += watch->buys_today > CFG_trades_day_max;
	watch->wrong += watch->turnover_usd_e8 > e8_bp(nav, CFG_turnover_day_max_bp) + slack;
	watch->wrong += value(submit->order.qty_e8, px) + 1 < (int64_t)CFG_trade_min_usd * E8;
	watch->wrong += submit->order.qty_e8 % asset->lot_e8 != 0;
}

static void watch_event(struct watch *watch, const struct event *event)
{
	if (is_submit(event) && event->order.side == SIDE_BUY) check_buy(watch, event);
	if (is_submit(event) && event->order.side == SIDE_SELL) watch->wrong += event->order.qty_e8 > watch->qty_e8[event->sym];
	if (event->kind == EVENT_POSITION) {
		watch->qty_e8[event->sym] = event->position.qty_e8;
		watch->wrong += event->position.qty_e8 < 0;        /* never short */
	}
	if (event->kind == EVENT_FILL && event->fill.side == SIDE_BUY) watch->open_buy_e8[event->sym] -= event->fill.qty_e8;
	if (event->kind == EVENT_ORDER && event->order.side == SIDE_BUY && event->order.event != ORDER_EV_SUBMIT && event->order.state == ORDER_DONE)
		watch->open_buy_e8[event->sym] -= event->order.qty_e8 - event->order.filled_qty_e8;
	if (event->kind == EVENT_ACCOUNT) {
		watch->cash_usd_e8 = event->account.cash_usd_e8;
		watch->wrong += event->account.cash_usd_e8 < 0;
	}
}

TEST(t_R6_the_limits_hold_at_every_decision_and_every_day)
{
	for (uint64_t seed = 21; seed < 21 + SEEDS; seed++) {
		struct watch watch = { .cash_usd_e8 = CFG_initial_usd * E8 };
		run_whole(seed);
		for (uint32_t i = 0; i < line.results; i++) {
			uint32_t before = watch.wrong;
			watch_event(&watch, &line.result[i]);
			if (watch.wrong != before && before < 3) CHECK_EQ(line.result[i].cause, 0);        /* names the input */
		}
		CHECK_EQ(watch.wrong, 0);
		CHECK(watch.buys > 30);
		line_end(&line);
	}
}

/* --- P5: which queue a signal takes --------------------------------------------------------------------------------------------------- */

TEST(t_P5_signals_travel_by_confidence)
{
	uint64_t high = 0, normal = 0;
	line_begin(&line, 6, from_day() + 420, to_day());
	struct event event;
	while (hal_recv(&line.trading->hal, &event) == HAL_EVENT) pump_event(&line.trading->pump, &event);        /* no warming: each signal is stepped */
	for (uint32_t i = 0; i < line.results; i++) {
		if (line.result[i].kind != EVENT_SIGNAL) continue;
		high += line.result[i].signal.confidence_bp >= CFG_confidence_min_bp;
		normal += line.result[i].signal.confidence_bp < CFG_confidence_min_bp;
	}
	CHECK(high > 1000 && normal > 1000);
	CHECK_EQ(line.trading->pump.channel[CHANNEL_signals_high].tail->tail, high);
	CHECK_EQ(line.trading->pump.channel[CHANNEL_signals_normal].tail->tail, normal + line.trading->rooms.analyst.cycles);
	for (int id = 0; id < CHANNELS_N; id++) CHECK_EQ(line.trading->pump.channel[id].tail->full_count, 0);
}

/* A session's decisions see the market of that session: the regime of the same close, for each symbol. */
TEST(t_S3_no_buy_is_sent_in_an_extreme_regime)
{
	uint32_t buys = 0, extreme = 0;
	for (uint64_t seed = 31; seed < 31 + SEEDS; seed++) {
		uint8_t regime = 0;
		run_whole(seed);
		for (uint32_t i = 0; i < line.results; i++) {
			const struct event *result = &line.result[i];
			if (result->kind == EVENT_REGIME) regime = result->regime.regime;
			extreme += result->kind == EVENT_REGIME && regime == REGIME_EXTREME;
			if (is_submit(result) && result->order.side == SIDE_BUY) buys += regime == REGIME_EXTREME;
		}
		line_end(&line);
	}
	CHECK(extreme > 0);
	CHECK_EQ(buys, 0);
}
