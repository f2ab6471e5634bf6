/* market_test.c - the order of a market's events, their counts, and dividends against the payers' own record. */
#include "hal/replay/market.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/kit/test.h"

static struct bars      bars;
static struct bars_load load;
static struct market_replay    market;

static void add(const char *symbol, int32_t day, int64_t close_px_e8, int64_t adj_px_e8)
{
	struct bars_series *series = &bars.of[universe_find(symbol, strlen(symbol))];
	series->bar[series->count++] = (struct bar){
		.open_px_e8 = close_px_e8 - E8, .high_px_e8 = close_px_e8, .low_px_e8 = close_px_e8 - E8,
		.close_px_e8 = close_px_e8, .adj_px_e8 = adj_px_e8, .volume = 1000, .day = day,
	};
}

/* Writes an event as a few letters: what, whose, at which hour of New Year's week. */
static void spell(const struct event *event, int32_t first_day, char *text, size_t room)
{
	static const char *const phase[] = { "open", "close", "end" };
	int64_t                  minute = (event->t_ns - first_day * NS_PER_DAY) / (60 * NS_PER_S);
	int                      day = (int)(minute / 1440), clock = (int)(minute % 1440);
	size_t                   used = strlen(text);
	if (event->kind == EVENT_TICK)
		snprintf(text + used, room - used, "%d %02d:%02d %s %s%s%s\n", day, clock / 60, clock % 60, phase[event->tick.phase],
		    calendar_name((enum calendar_id)event->tick.calendar), event->tick.early_close ? " early" : "", event->tick.last ? " last" : "");
	else
		snprintf(text + used, room - used, "%d %02d:%02d %s %s\n", day, clock / 60, clock % 60, event_kind_name[event->kind], universe[event->sym].symbol);
}

/* Friday 3 July 2020 was a holiday, Thursday was not; the Saturday bar of SPY is a mistake, Monday is missing for SPY. */
TEST(t_D3_a_week_of_two_calendars)
{
	static char  got[4096];
	struct event event;
	int32_t      day = day_from_civil(2020, 7, 2);
	add("SPY", day, 100 * E8, 90 * E8);
	add("SPY", day + 2, 100 * E8, 90 * E8);
	add("SPY", day + 5, 99 * E8, 90 * E8);
	add("GLD", day + 4, 50 * E8, 50 * E8);
	add("BTC-USD", day + 3, 9000 * E8, 9000 * E8);
	add("BTC-USD", day + 4, 9000 * E8, 9000 * E8);
	market_init(&market, &bars, day - 5, day + 30);
	CHECK_EQ(market_peek_t_ns(&market), day * NS_PER_DAY + 13 * 3600 * NS_PER_S + 1800 * NS_PER_S);
	while (market_next(&market, &event)) spell(&event, day, got, sizeof got);
	CHECK_STR(got,
	    "0 13:30 PRICE SPY\n0 13:30 open NYSE\n0 20:00 BAR SPY\n0 20:00 close NYSE\n1 00:00 end NYSE\n"
	    "3 00:00 PRICE BTC-USD\n3 00:00 open CRYPTO\n4 00:00 BAR BTC-USD\n4 00:00 close CRYPTO\n4 00:00 end CRYPTO\n"
	    "4 00:00 PRICE BTC-USD\n4 00:00 open CRYPTO\n4 13:30 PRICE GLD\n4 13:30 open NYSE\n4 20:00 BAR GLD\n4 20:00 close NYSE\n"
	    "5 00:00 BAR BTC-USD\n5 00:00 close CRYPTO\n5 00:00 end NYSE\n"
	    "5 00:00 open CRYPTO\n5 13:30 DIVIDEND SPY\n5 13:30 PRICE SPY\n5 13:30 open NYSE\n5 20:00 BAR SPY\n5 20:00 close NYSE\n"
	    "6 00:00 close CRYPTO\n6 00:00 end NYSE last\n");
	CHECK_EQ(market.days_total, 4);
	CHECK_EQ(market.days_done, 4);
	CHECK_EQ(market_peek_t_ns(&market), INT64_MAX);
	CHECK(!market_next(&market, &event));
	uint16_t spy = universe_find("SPY", 3);
	CHECK_EQ(market.quality[spy].bars, 2);
	CHECK_EQ(market.quality[spy].on_closed_day, 1);
	CHECK_EQ(market.quality[spy].missing, 1);
	CHECK_EQ(market.faults, 2);
	CHECK_EQ(market.fault[0].day, day + 2);
	CHECK_EQ(market.fault[0].kind, MARKET_FAULT_CLOSED);
	CHECK_EQ(market.fault[1].day, day + 4);
	CHECK_EQ(market.fault[1].kind, MARKET_FAULT_MISSING);
}

/* A rate is sent once, in order of its stamp, before the first moment that is later than it; one of the moment itself waits for the next. */
TEST(t_S5_funding_is_sent_when_it_is_known)
{
	static char         got[4096];
	const int32_t       day = day_from_civil(2020, 7, 4);
	const int64_t       first_ns = day * NS_PER_DAY, step_ns = 8 * 3600 * NS_PER_S;
	const int64_t       binance[] = { first_ns - step_ns, first_ns, first_ns + step_ns, first_ns + 2 * step_ns, first_ns + 3 * step_ns, first_ns + 9 * step_ns };
	const int64_t       bybit[] = { first_ns + step_ns };
	const double        rate[] = { 1e-4, 2e-4, 3e-4, 4e-4, 5e-4, 6e-4 };
	struct market_rates rates = { 6, universe_find("BTC-USD", 7), binance, rate };
	struct event        event;
	int64_t             sum_e8 = 0;
	add("BTC-USD", day, 9000 * E8, 9000 * E8);
	add("BTC-USD", day + 1, 9000 * E8, 9000 * E8);
	market_init(&market, &bars, day, day + 1);
	market_fund(&market, FUNDING_BINANCE, &rates);
	rates.count = 1, rates.t_ns = bybit;
	market_fund(&market, FUNDING_BYBIT, &rates);
	while (market_next(&market, &event)) {
		spell(&event, day, got, sizeof got);
		if (event.kind == EVENT_FUNDING) sum_e8 += event.funding.rate_e8 * (event.funding.venue == FUNDING_BYBIT ? 1000 : 1);
	}
	CHECK_STR(got,
	    "0 00:00 PRICE BTC-USD\n0 00:00 open CRYPTO\n0 00:00 FUNDING BTC-USD\n0 08:00 FUNDING BTC-USD\n0 08:00 FUNDING BTC-USD\n"
	    "0 16:00 FUNDING BTC-USD\n1 00:00 BAR BTC-USD\n1 00:00 close CRYPTO\n1 00:00 end CRYPTO\n"
	    "1 00:00 PRICE BTC-USD\n1 00:00 open CRYPTO\n1 00:00 FUNDING BTC-USD\n2 00:00 BAR BTC-USD\n2 00:00 close CRYPTO\n2 00:00 end CRYPTO last\n");
	CHECK_EQ(sum_e8, 20000 + 30000 + 40000 + 50000 + 1000 * 10000);
}

TEST(t_D3_a_half_day_closes_early)
{
	struct event event;
	int32_t      day = day_from_civil(2020, 11, 27);
	add("SPY", day, 100 * E8, 100 * E8);
	market_init(&market, &bars, day, day);
	while (market_next(&market, &event))
		if (event.kind == EVENT_BAR) CHECK_EQ(event.t_ns, day * NS_PER_DAY + 18 * 3600 * NS_PER_S);
	CHECK_EQ(event.tick.last, 1);
	CHECK_EQ(market.days_done, 1);
}

TEST(t_D3_no_bar_no_event)
{
	struct event event;
	market_init(&market, &bars, INT32_MIN, INT32_MAX);
	CHECK(!market_next(&market, &event));
	CHECK_EQ(market.days_total, 0);
	add("SPY", day_from_civil(2020, 1, 4), E8, E8);                 /* a Saturday */
	market_init(&market, &bars, INT32_MIN, INT32_MAX);
	CHECK(!market_next(&market, &event));
	CHECK_EQ(market.quality[universe_find("SPY", 3)].on_closed_day, 1);
}

/* 100 before; 1 paid: adj before is 99 % of close. Then one wrong close for a day, which pays nothing. */
TEST(t_T1_dividends_by_hand)
{
	bool                      noise;
	const struct bars_series *spy = &bars.of[universe_find("SPY", 3)];
	static const int64_t      close_usd[] = { 101, 102, 100, 99, 100, 101, 102, 103, 104 };
	for (int32_t i = 0; i < 9; i++) add("SPY", 18000 + i, close_usd[i] * E8, close_usd[i] * (i < 3 ? E8 * 99 / 100 : E8));
	for (uint32_t i = 0; i < 9; i++) CHECK_EQ(market_dividend_e8(spy, i, &noise), i == 3 ? E8 : 0);
	bars.of[universe_find("SPY", 3)].bar[6].close_px_e8 -= E8 / 4;          /* 25 bp low: f up for a day, then down */
	CHECK_EQ(market_dividend_e8(spy, 6, &noise), 0);
	CHECK(noise);
	CHECK_EQ(market_dividend_e8(spy, 7, &noise), 0);
	CHECK(noise);
	CHECK_EQ(market_dividend_e8(spy, 3, &noise), E8);
	CHECK(!noise);
}

TEST(t_T1_dividends_below_the_least_are_rounding)
{
	bool                      noise;
	const struct bars_series *spy = &bars.of[universe_find("SPY", 3)];
	for (int32_t i = 0; i < 6; i++) add("SPY", 18000 + i, 100 * E8, 100 * E8 - (i < 3 ? E8 * CFG_dividend_min_bp / 100 - 1000 : 0));
	CHECK_EQ(market_dividend_e8(spy, 3, &noise), 0);
	CHECK(!noise);
}

/* --- the real years --- */

static void load_shared(int32_t from_year, int32_t to_year)
{
	char folder[600];
	snprintf(folder, sizeof folder, "%s/daily", test_shared());
	CHECK_EQ(bars_load(&bars, &load, folder, day_from_civil(from_year, 1, 1), day_from_civil(to_year, 12, 31)), BARS_OK);
}

TEST(t_D3_the_real_years_flow)
{
	struct event event;
	int64_t      before_ns = INT64_MIN;
	uint32_t     count[EVENT_KINDS_N] = { 0 }, lasts = 0, falls = 0;
	load_shared(2007, 2022);
	market_init(&market, &bars, day_from_civil(2007, 1, 1), day_from_civil(2022, 12, 31));
	while (market_next(&market, &event)) {
		falls += event.t_ns < before_ns;
		before_ns = event.t_ns;
		count[event.kind]++;
		lasts += event.kind == EVENT_TICK && event.tick.last;
	}
	CHECK_EQ(falls, 0);
	CHECK_EQ(lasts, 1);
	CHECK_EQ(event.tick.last, 1);
	CHECK_EQ(count[EVENT_BAR], 15 * 4028 + 3028);           /* 4,028 sessions of 2007 to 2022; bitcoin every day */
	CHECK_EQ(count[EVENT_PRICE], count[EVENT_BAR]);
	CHECK_EQ(market.days_done, market.days_total);
	for (uint16_t sym = 0; sym < UNIVERSE_N; sym++) CHECK_EQ(market.quality[sym].missing, 0);
	CHECK_EQ(market.quality[universe_find("VIX", 3)].on_closed_day, 5);
}

/* A dividend of the record: day and amount per unit of the unadjusted price, in basis points of the close. */
struct paid { int32_t day; int64_t bp_e4; };
static struct paid paid[256];

static uint32_t read_paid(const char *symbol)
{
	char     path[600], line[256];
	uint32_t n = 0;
	snprintf(path, sizeof path, "%s/daily_raw/%s.csv", test_shared(), symbol);
	FILE *file = fopen(path, "r");
	if (!file) return 0;
	while (fgets(line, sizeof line, file) && n < 256) {
		double          px[5], volume, dividend;
		struct csv_cell date = { line, 10 };
		if (sscanf(line + 10, ",%lf,%lf,%lf,%lf,%lf,%lf,%lf", &px[0], &px[1], &px[2], &px[3], &px[4], &volume, &dividend) != 7) continue;
		if (dividend <= 0 || csv_day(date, &paid[n].day) != CSV_OK) continue;
		paid[n++].bp_e4 = (int64_t)(dividend / px[3] * 1e8);
	}
	fclose(file);
	return n;
}

static int64_t derived_bp_e4(const struct bars_series *series, uint32_t index)
{
	bool noise;
	return market_dividend_e8(series, index, &noise) * INT64_C(10000) / (series->bar[index].close_px_e8 / 10000);
}

struct found { uint32_t paid, same_day, near, within_2_percent, invented; };

/* Counts the dividends found on their day, or one session beside it (vendors differ by one), and those nobody paid. */
static void compare(const char *symbol, struct found *found)
{
	const struct bars_series *series = &bars.of[universe_find(symbol, strlen(symbol))];
	uint32_t                  n = read_paid(symbol), next = 0, derived = 0, matched = 0;
	for (uint32_t i = 0; i < series->count && series->bar[i].day <= day_from_civil(2020, 12, 11); i++) derived += derived_bp_e4(series, i) > 0;
	for (uint32_t i = 1; i + 1 < series->count && next < n; i++) {
		while (next < n && paid[next].day < series->bar[i].day) next++;
		if (next == n || paid[next].day != series->bar[i].day) continue;
		int64_t here = derived_bp_e4(series, i), beside = derived_bp_e4(series, i - 1) + derived_bp_e4(series, i + 1);
		int64_t got = here > 0 ? here : beside, error = llabs(got - paid[next].bp_e4);
		found->paid++;
		found->same_day += here > 0;
		found->near += here <= 0 && beside > 0;
		matched += got > 0;
		found->within_2_percent += error * 50 <= paid[next].bp_e4;
	}
	found->invented += derived - matched;
}

TEST(t_T1_dividends_agree_with_the_record)
{
	struct found found = { 0 };
	load_shared(1999, 2020);
	static const char *const symbols[] = { "GLD", "SPY", "QQQ", "SLV", "XLK", "XLF", "XLE", "XLV", "TLT", "TIP", "EFA", "EEM", "DBC", "VNQ" };
	for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++) compare(symbols[i], &found);
	fprintf(stderr, "  of %u dividends paid: %u on their day, %u one session beside, %u within 2 %%; %u invented\n", found.paid, found.same_day,
	    found.near, found.within_2_percent, found.invented);
	CHECK_EQ(found.paid, 965);
	CHECK(found.same_day >= 910);
	CHECK(found.same_day + found.near >= 945);
	CHECK(found.within_2_percent >= 800);
	CHECK(found.invented <= 45);
}

static uint32_t dividends_of(const char *symbol) { return market.quality[universe_find(symbol, strlen(symbol))].dividends; }

TEST(t_T1_who_pays_how_often)
{
	load_shared(2010, 2019);
	market_init(&market, &bars, day_from_civil(2010, 1, 1), day_from_civil(2019, 12, 31));
	CHECK_EQ(dividends_of("SPY"), 40);
	CHECK_EQ(dividends_of("TLT"), 119);             /* 120 were paid; the closes know nothing of 2012-11-01 */
	CHECK_EQ(dividends_of("GLD"), 0);
	CHECK_EQ(dividends_of("SLV"), 0);
	CHECK_EQ(dividends_of("BTC-USD"), 0);
	CHECK_EQ(dividends_of("VIX"), 0);
}
