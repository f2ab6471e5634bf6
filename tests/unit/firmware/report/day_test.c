/* day_test.c - the two texts of a day report, to the byte, and what happens when there is nothing or too much to say. */
#include "firmware/report/day.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/kit/test.h"

static struct day_report report;
static char              text[DAY_REPORT_TEXT_MAX];

static void begin(void)
{
	report = (struct day_report){
		.day = 18323, .level = 1, .drawdown_bp = 612, .session = true, .regime = "ELEVATED",
		.initial_usd_e8 = 100000 * E8, .nav_usd_e8 = 101234567800000 / 10, .cash_usd_e8 = 50000 * E8, .peak_nav_usd_e8 = 107834 * E8,
		.reserved_usd_e8 = 0, .before_nav_usd_e8 = 100000 * E8, .realised_usd_e8 = -1250 * E8 / 100, .unrealised_usd_e8 = 125000000000,
		.fees_usd_e8 = 3 * E8, .realised_total_usd_e8 = 5 * E8, .fees_total_usd_e8 = 30 * E8, .sharpe = { 1.23456, NAN, NAN }
	};
}

static void add_rows(void)
{
	int64_t t_ns = 18323 * NS_PER_DAY + (14 * 3600 + 31 * 60 + 5) * NS_PER_S;
	report.position[report.positions++] = (struct day_position){ "BTC-USD", 12345678, 1000 * E8, 8900 * E8, 109876534200, 9876534200, 109 };
	report.order[report.orders++] = (struct day_order){ t_ns, 10 * E8, 10 * E8, 0, 30012 * E8 / 100, "SPY", "BUY", "MARKET", "DONE", "signal" };
	report.fill[report.fills++] = (struct day_fill){ t_ns, 10 * E8, 30012 * E8 / 100, 3 * E8, 0, "SPY", "BUY", "signal" };
	report.risk[report.risks++] = (struct day_risk){ t_ns, 101234 * E8, 512, "CLEAR", "LEVEL1", "drawdown", "warn" };
	report.orders_total = report.fills_total = report.risks_total = 1;
	report.bought_usd_e8 = 300120 * E8 / 100;
	report.refusals = (struct day_counts){ 1, { { "the cash buffer is kept", 3 } } };
	report.quarantined = (struct day_counts){ 1, { { "QQQ: jump", 1 } } };
	report.signals = (struct day_counts){ 2, { { "HOLD", 12 }, { "BUY", 2 } } };
}

TEST(t_P16_report_markdown_reads_like_this)
{
	begin();
	add_rows();
	size_t length = day_report_markdown(&report, text, sizeof text);
	CHECK_EQ(length, strlen(text));
	CHECK_STR(text,
	    "# Day report 2020-03-02\n\n**PAPER**: no real money.\n\n"
	    "NAV 101,234.57 USD, cash 50,000.00 USD (0.00 USD held for orders).\n"
	    "Risk level 1, drawdown 6.12 % from a peak of 107,834.00 USD. Regime ELEVATED.\n\n"
	    "| Result     |            Day |          Total |\n"
	    "|:-----------|---------------:|---------------:|\n"
	    "| P&L USD    |       1,234.57 |       1,234.57 |\n"
	    "| Return     |        +1.23 % |        +1.23 % |\n"
	    "| Realised   |         -12.50 |           5.00 |\n"
	    "| Unrealised |                |       1,250.00 |\n"
	    "| Dividends  |           0.00 |           0.00 |\n"
	    "| Fees       |           3.00 |          30.00 |\n\n"
	    "Sharpe ratio of the last 20 days: 1.23, 60 days: -, 252 days: -.\n\n"
	    "## Positions\n\n"
	    "| Symbol   |     Quantity |     Cost USD |      Price |    Value USD |  Weight | Unrealised |\n"
	    "|:---------|-------------:|-------------:|-----------:|-------------:|--------:|-----------:|\n"
	    "| BTC-USD  |   0.12345678 |     1,000.00 |   8,900.00 |     1,098.77 |  1.09 % |      98.77 |\n\n"
	    "## Orders: 1\n\n"
	    "| Time  | Symbol   | Side |     Quantity |       Filled |    Average | State     | Reason       |\n"
	    "|:------|:---------|:-----|-------------:|-------------:|-----------:|:----------|:-------------|\n"
	    "| 14:31 | SPY      | BUY  |           10 |           10 |     300.12 | DONE      | signal       |\n\n"
	    "## Fills: 1\n\n"
	    "Bought 3,001.20 USD, sold 0.00 USD.\n\n"
	    "| Time  | Symbol   | Side |     Quantity |      Price |  Fee USD |     Realised | Reason       |\n"
	    "|:------|:---------|:-----|-------------:|-----------:|---------:|-------------:|:-------------|\n"
	    "| 14:31 | SPY      | BUY  |           10 |     300.12 |     3.00 |         0.00 | signal       |\n\n"
	    "## Refusals\n\n- 3 x the cash buffer is kept\n\n"
	    "## Risk events: 1\n\n- 14:31 CLEAR to LEVEL1 (drawdown, drawdown 5.12 %, NAV 101,234.00): warn\n\n"
	    "## Signals\n\n- 12 x HOLD\n- 2 x BUY\n\n"
	    "## Data in quarantine\n\n- 1 x QQQ: jump\n\n");
}

TEST(t_P16_report_markdown_fits_100_columns)
{
	begin();
	add_rows();
	CHECK(day_report_markdown(&report, text, sizeof text) > 0);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1) CHECK(strcspn(line, "\n") <= 100);
}

TEST(t_T4_report_json_has_every_figure_of_the_day)
{
	begin();
	add_rows();
	size_t length = day_report_json(&report, text, sizeof text);
	CHECK_EQ(length, strlen(text));
	CHECK_STR(text,
	    "{\"day\":\"2020-03-02\",\"mode\":\"paper\",\"nyse_session\":true,\"nav_usd\":101234.5678,\"cash_usd\":50000,\"reserved_usd\":0,\"initial_usd\":100000,"
	    "\"peak_nav_usd\":107834,\"drawdown_pct\":6.12,\"risk_level\":1,\"regime\":\"ELEVATED\",\"pnl_day_usd\":1234.5678,"
	    "\"return_day_pct\":1.2345678,\"pnl_total_usd\":1234.5678,\"return_total_pct\":1.2345678,\"realised_day_usd\":-12.5,"
	    "\"realised_total_usd\":5,\"unrealised_usd\":1250,\"fees_day_usd\":3,\"fees_total_usd\":30,\"dividends_day_usd\":0,"
	    "\"dividends_total_usd\":0,\"bought_usd\":3001.2,\"sold_usd\":0,\"sharpe_20\":1.23456,\"sharpe_60\":null,\"sharpe_252\":null,"
	    "\"positions\":[{\"symbol\":\"BTC-USD\",\"qty\":0.12345678,\"cost_usd\":1000,\"price\":8900,\"value_usd\":1098.765342,"
	    "\"weight_pct\":1.09,\"unrealised_usd\":98.765342}],\"orders_count\":1,\"orders\":[{\"time\":\"2020-03-02T14:31:05Z\","
	    "\"symbol\":\"SPY\",\"side\":\"BUY\",\"type\":\"MARKET\",\"qty\":10,\"filled_qty\":10,\"limit_price\":0,\"average_price\":300.12,"
	    "\"state\":\"DONE\",\"reason\":\"signal\"}],\"fills_count\":1,\"fills\":[{\"time\":\"2020-03-02T14:31:05Z\",\"symbol\":\"SPY\","
	    "\"side\":\"BUY\",\"qty\":10,\"price\":300.12,\"fee_usd\":3,\"realised_usd\":0,\"reason\":\"signal\"}],"
	    "\"refusals\":{\"the cash buffer is kept\":3},\"risk_events_count\":1,\"risk_events\":[{\"time\":\"2020-03-02T14:31:05Z\","
	    "\"from\":\"CLEAR\",\"to\":\"LEVEL1\",\"cause\":\"drawdown\",\"action\":\"warn\",\"drawdown_pct\":5.12,\"nav_usd\":101234}],"
	    "\"signals\":{\"HOLD\":12,\"BUY\":2},\"quarantined\":{\"QQQ: jump\":1}}\n");
}

TEST(t_P16_an_empty_day_is_a_report_too)
{
	report = (struct day_report){ .day = 0, .sharpe = { NAN, NAN, NAN } };
	CHECK(day_report_json(&report, text, sizeof text) > 0);
	CHECK(strstr(text, "\"return_day_pct\":null") && strstr(text, "\"positions\":[]") && strstr(text, "\"refusals\":{}"));
	CHECK(day_report_markdown(&report, text, sizeof text) > 0);
	CHECK(strstr(text, "# Day report 1970-01-01\n\n**PAPER**: no real money.\n\nNo NYSE session on this day.\n") == text);
	CHECK(strstr(text, "## Positions\n\nNone.\n") != 0);
}

TEST(t_P16_what_is_not_listed_is_counted)
{
	begin();
	add_rows();
	report.fills_total = 1001;
	CHECK(day_report_markdown(&report, text, sizeof text) > 0);
	CHECK(strstr(text, "## Fills: 1001\n") && strstr(text, "\nand 1000 more, in the books.\n"));
}

static void widest(char word[DAY_TEXT_MAX]) { memset(word, 'W', DAY_TEXT_MAX - 1); }

/* The longest row of everything, in every place, fits DAY_REPORT_TEXT_MAX. */
TEST(t_P16_the_longest_report_fits)
{
	int64_t most = -INT64_MAX / 4;
	begin();
	struct day_position position = { "", most, most, most, most, most, INT32_MIN };
	struct day_order    order = { 0, most, most, most, most, "", "", "", "", "" };
	struct day_fill     fill = { 0, most, most, most, most, "", "", "" };
	struct day_risk     risk = { 0, most, INT32_MIN, "", "", "", "" };
	struct day_count    count = { "", most };
	widest(position.symbol), widest(order.symbol), widest(order.side), widest(order.order_type), widest(order.state), widest(order.reason);
	widest(fill.symbol), widest(fill.side), widest(fill.reason), widest(risk.from), widest(risk.to), widest(risk.cause), widest(risk.action);
	widest(count.name);
	for (; report.positions < DAY_POSITIONS_MAX; report.positions++) report.position[report.positions] = position;
	for (; report.orders < DAY_ORDERS_MAX; report.orders++) report.order[report.orders] = order;
	for (; report.fills < DAY_FILLS_MAX; report.fills++) report.fill[report.fills] = fill;
	for (; report.risks < DAY_RISKS_MAX; report.risks++) report.risk[report.risks] = risk;
	for (; report.refusals.count < DAY_COUNTS_MAX; report.refusals.count++) report.refusals.row[report.refusals.count] = count;
	report.quarantined = report.signals = report.refusals;
	CHECK(day_report_json(&report, text, sizeof text) > 0);
	CHECK(day_report_markdown(&report, text, sizeof text) > 0);
}

TEST(t_P16_a_report_that_does_not_fit_is_nothing)
{
	begin();
	add_rows();
	size_t json = day_report_json(&report, text, sizeof text), markdown = day_report_markdown(&report, text, sizeof text);
	CHECK_EQ(day_report_json(&report, text, json), 0);
	CHECK_EQ(day_report_json(&report, text, json + 1), json);
	CHECK_EQ(day_report_markdown(&report, text, markdown), 0);
	CHECK_EQ(day_report_markdown(&report, text, markdown + 1), markdown);
}

TEST(t_P16_a_bar_in_a_word_breaks_no_table)
{
	begin();
	add_rows();
	snprintf(report.fill[0].reason, sizeof report.fill[0].reason, "a|b\nc");
	CHECK(day_report_markdown(&report, text, sizeof text) > 0);
	CHECK(strstr(text, "| a/b/c        |\n") != 0);
}

TEST(t_P16_times_and_days_are_utc)
{
	char name[DAY_NAME_BYTES], time[DAY_TIME_BYTES];
	day_name(name, 18323);
	CHECK_STR(name, "2020-03-02");
	day_time(time, 18323 * NS_PER_DAY + 3661 * NS_PER_S + 999);
	CHECK_STR(time, "2020-03-02T01:01:01Z");
	day_time(time, -1);
	CHECK_STR(time, "1969-12-31T23:59:59Z");
}
