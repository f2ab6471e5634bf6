/* cointegration_screen_test.c - the screen of all pairs against the test of each, and the parts it keeps from one screen to the next. */
#include <math.h>
#include <string.h>

#include "strategies/factors/cointegration_screen.h"
#include "tests/kit/test.h"

/* A ring of random walks, of series that keep together with them, one that stands still and one or more that are another exactly. */
static struct { struct screen_ring ring; double value[SCREEN_ROWS][SCREEN_SERIES], last[SCREEN_SERIES]; uint64_t random; } screened;

static void screened_day(void)
{
	double *row = screened.value[screened.ring.oldest];
	for (int i = 0; i < SCREEN_SERIES; i++) {
		screened.random ^= screened.random << 13, screened.random ^= screened.random >> 7, screened.random ^= screened.random << 17;
		double noise = (double)(screened.random >> 11) / 9007199254740992.0 - 0.5;
		row[i] = i < 9 ? screened.last[i] + 0.03 * noise : i < 18 ? 1 + 0.7 * row[i - 9] + 0.01 * noise * i : i == 18 ? 5 : row[i % 9] * (i - 18);
		screened.last[i] = row[i];
	}
	screened.ring.oldest = screened.ring.oldest + 1 < screened.ring.rows ? screened.ring.oldest + 1 : 0;
}

static void screened_begin(uint32_t rows)
{
	screened.ring = (struct screen_ring){ rows, 0, screened.value };
	screened.random = 88172645463325252u;
	for (int i = 0; i < SCREEN_SERIES; i++) screened.last[i] = 4 + i;
	for (uint32_t t = 0; t < rows + rows / 3; t++) screened_day();
}

struct screen_answers { int asked, said; };

/* Every pair at once is every pair by itself, or is asked. */
static struct screen_answers check_screen(struct screen_parts *parts, uint32_t series, uint32_t lags)
{
	static double         statistic[SCREEN_SERIES][SCREEN_SERIES];
	static struct centred centred[SCREEN_SERIES];
	struct cointegration  c;
	struct screen_answers answers = { 0, 0 };
	for (uint32_t i = 0; i < series; i++) {
		const uint32_t count = screened.ring.rows - 1;
		for (uint32_t t = 0; t < count; t++) centred[i].value[t] = screened.value[(screened.ring.oldest + 1 + t) % screened.ring.rows][i];
		cointegration_centre_own(count, &centred[i]);
	}
	cointegration_screen(parts, &screened.ring, series, lags, statistic);
	for (uint32_t y = 0; y < series; y++) {
		for (uint32_t x = y + 1; x < series; x++) {
			bool answered = cointegration_of(&centred[y], &centred[x], lags, &c);
			answers.asked += statistic[y][x] == -INFINITY;
			if (statistic[y][x] == -INFINITY) continue;
			answers.said++;
			CHECK(answered && fabs(statistic[y][x] - c.statistic) <= SCREEN_ERROR * 1e-3);
		}
	}
	return answers;
}

TEST(t_S1_cointegration_screen_is_the_test)
{
	static struct screen_parts parts;
	int                        asked = 0, said = 0;
	for (uint32_t lags = 0; lags <= COINTEGRATION_LAGS_MAX; lags++) {
		for (uint32_t rows = 41; rows <= SCREEN_ROWS; rows += 53) {
			memset(&parts, 0, sizeof parts);
			screened_begin(rows);
			struct screen_answers answers = check_screen(&parts, 21, lags);
			asked += answers.asked;
			said += answers.said;
		}
	}
	CHECK(said > 7 * asked && asked > 0);
}

/* Parts that were kept are those that would be made: after few rows and many, of rings that end within a part, of more series and of fewer. */
TEST(t_S1_cointegration_screen_of_what_was_written)
{
	static const struct { uint32_t rows, series, lags; } of[] = { { 253, 15, 1 }, { 253, 16, 0 }, { 240, 21, 1 }, { 253, 21, 4 }, { 96, 15, 2 }, { 41, 9, 3 },
		{ 253, SCREEN_SERIES, COINTEGRATION_LAGS_MAX } };
	static struct screen_parts parts, fresh;
	static const uint32_t      days[] = { 1, 21, 0, 5, 23, 60, 21, 300 };
	memset(&parts, 0, sizeof parts);
	for (uint32_t k = 0; k < sizeof of / sizeof of[0]; k++) {
		screened_begin(of[k].rows);
		for (uint32_t d = 0; d < sizeof days / sizeof days[0]; d++) {
			for (uint32_t t = 0; t < days[d]; t++) {
				screened_day();
				screen_parts_written(&parts);
			}
			struct screen_answers kept = check_screen(&parts, of[k].series, of[k].lags);
			memset(&fresh, 0, sizeof fresh);
			struct screen_answers made = check_screen(&fresh, of[k].series, of[k].lags);
			CHECK(kept.said > 0 && kept.said >= made.said - 2);
		}
	}
}

static void screen_of_too_many(void)
{
	static struct screen_parts parts;
	static double              statistic[SCREEN_SERIES][SCREEN_SERIES];
	screened_begin(SCREEN_ROWS);
	cointegration_screen(&parts, &screened.ring, SCREEN_SERIES + 1, 1, statistic);
}
TEST(t_S1_cointegration_screen_of_too_many_is_a_bug) { CHECK_BUG(screen_of_too_many, 2334); }
