/* golden.h - reads the golden files of tests/golden (format: metrics_cases.py) for the tests of metrics, risk, quotes and sizing.
 *
 * One file at a time, whole, in a static buffer. A missing file or key fails the test that asked: a golden test never passes empty. */
#ifndef TESTS_UNIT_STRATEGIES_METRICS_GOLDEN_H
#define TESTS_UNIT_STRATEGIES_METRICS_GOLDEN_H
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kit/test.h"

enum { GOLDEN_BYTES_MAX = 4 << 20, GOLDEN_VALUES_MAX = 1 << 14 };

static char   golden_text[GOLDEN_BYTES_MAX];
static double golden_values[GOLDEN_VALUES_MAX];

static inline void golden_open(const char *path)
{
	FILE *file = fopen(path, "rb");
	CHECK(file);
	golden_text[0] = 0;
	if (!file) return;
	size_t bytes = fread(golden_text, 1, sizeof golden_text - 1, file);
	golden_text[bytes] = 0;
	CHECK(bytes > 0 && bytes < sizeof golden_text - 1);
	fclose(file);
}

/* The next case whose name starts with prefix, after `after` (0: from the top); 0 when there is none. */
static inline const char *golden_case(const char *prefix, const char *after)
{
	char head[128];
	snprintf(head, sizeof head, "case %s", prefix);
	const char *at = after ? strchr(after, '\n') : golden_text;
	for (; at; at = strchr(at, '\n')) {
		if (*at == '\n') at++;
		if (strncmp(at, head, strlen(head)) == 0) return at;
	}
	return 0;
}

static inline const char *golden_line(const char *at_case, const char *head)
{
	for (const char *at = strchr(at_case, '\n'); at; at = strchr(at, '\n')) {
		at++;
		if (strncmp(at, "case ", 5) == 0) return 0;
		if (strncmp(at, head, strlen(head)) == 0 && (at[strlen(head)] == ' ' || at[strlen(head)] == '\n')) return at + strlen(head);
	}
	return 0;
}

/* The values of `in KEY` or `want KEY` of a case, copied to out; their count. */
static inline uint32_t golden_get(const char *at_case, const char *head, double *out, uint32_t max)
{
	const char *at = golden_line(at_case, head);
	uint32_t    count = 0;
	if (!at) fprintf(stderr, "  golden: %.40s has no \"%s\"\n", at_case, head);
	CHECK(at);
	while (at && *at == ' ') {
		char *end;
		double value = strtod(at, &end);
		CHECK(count < max);
		if (count < max) out[count++] = value;
		at = end;
	}
	return count;
}

static inline double golden_one(const char *at_case, const char *head)
{
	double   value = 0;
	uint32_t count = golden_get(at_case, head, golden_values, GOLDEN_VALUES_MAX);
	CHECK_EQ(count, 1);
	if (count == 1) value = golden_values[0];
	return value;
}

/* A figure of ours against the value wanted, with the case named when it differs. */
static inline void golden_near(const char *at_case, const char *key, double got, double relative)
{
	char head[64], said[128];
	snprintf(head, sizeof head, "want %s", key);
	snprintf(said, sizeof said, "%.*s %s", (int)strcspn(at_case, "\n"), at_case, key);
	test_check_near(got, golden_one(at_case, head), relative, __FILE__, __LINE__, said);
}

/* A congruential sequence for property tests: uniform in [0, 1), and roughly normal returns. */
static inline double golden_uniform(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (double)(*state >> 11) / 9007199254740992.0;
}

static inline double golden_normal(uint64_t *state)
{
	double sum = -6;
	for (int i = 0; i < 12; i++) sum += golden_uniform(state);
	return sum;
}

#endif
