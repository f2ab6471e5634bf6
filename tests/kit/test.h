/* test.h - the whole test framework: a test is a function, a check is a line.
 *
 *   TEST(t_P11_thanksgiving_is_closed) { CHECK(calendar_is_closed(...)); CHECK_EQ(count, 3); }
 *
 * Tests register themselves and each runs in a child of its own, so a trap fails one test and CHECK_BUG can expect one.
 * The name carries the row id of the requirement it proves. A test that cannot run says why with SKIP (counted as skipped,
 * never as passed). A test that checks nothing fails. The last line of a run is `N passed, N failed` (`, N skipped`). */
#ifndef TESTS_KIT_TEST_H
#define TESTS_KIT_TEST_H
#include <stdbool.h>
#include <stdint.h>

typedef void test_fn(void);

struct test { const char *name, *file; test_fn *run; struct test *next; };

void test_register(struct test *test);
void test_check(bool ok, const char *file, int line, const char *text);
void test_check_eq(int64_t got, int64_t want, const char *file, int line, const char *text);
void test_check_near(double got, double want, double relative, const char *file, int line, const char *text);
void test_check_str(const char *got, const char *want, const char *file, int line, const char *text);
_Noreturn void test_skip(const char *why);
/* Runs fn in a child and returns the bug id it trapped with; 0 when it returned. */
uint32_t test_bug_of(test_fn *fn);
/* A fresh folder of this test's own, removed afterwards. */
const char *test_folder(void);
/* The folder of real market data beside the project ($TICKWORK_SHARED/data, or ../shared/data), or a skip when it is absent. */
const char *test_shared(void);

#define TEST(name)                                                                        \
	static void name(void);                                                           \
	static struct test name##_entry = { #name, __FILE__, name, 0 };                   \
	__attribute__((constructor)) static void name##_register(void) { test_register(&name##_entry); } \
	static void name(void)

#define CHECK(condition) test_check((condition), __FILE__, __LINE__, #condition)
#define CHECK_EQ(got, want) test_check_eq((int64_t)(got), (int64_t)(want), __FILE__, __LINE__, #got " == " #want)
#define CHECK_NEAR(got, want, relative) test_check_near((got), (want), (relative), __FILE__, __LINE__, #got " ~ " #want)
#define CHECK_STR(got, want) test_check_str((got), (want), __FILE__, __LINE__, #got " is " #want)
#define CHECK_BUG(fn, id) test_check_eq((int64_t)test_bug_of(fn), (id), __FILE__, __LINE__, "bug of " #fn)
#define SKIP(why) test_skip(why)

#endif
