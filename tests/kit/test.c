/* test.c - runs every registered test in a child of its own and counts. See test.h. */
#include "tests/kit/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fsm/bug.h"
#include "tests/kit/cells.h"

enum { EXIT_FAILED = 1, EXIT_SKIPPED = 77, FAILURES_SHOWN_MAX = 10 };

static struct test *first;
static uint64_t     checks, failures;
static char         folder[64];

void test_register(struct test *test)
{
	test->next = first;
	first = test;
}

static void failed(const char *file, int line, const char *text)
{
	if (++failures <= FAILURES_SHOWN_MAX) fprintf(stderr, "  %s:%d: %s\n", file, line, text);
}

void test_check(bool ok, const char *file, int line, const char *text)
{
	checks++;
	if (!ok) failed(file, line, text);
}

void test_check_eq(int64_t got, int64_t want, const char *file, int line, const char *text)
{
	char said[512];
	checks++;
	if (got == want) return;
	snprintf(said, sizeof said, "%s: got %lld, want %lld", text, (long long)got, (long long)want);
	failed(file, line, said);
}

void test_check_near(double got, double want, double relative, const char *file, int line, const char *text)
{
	char   said[512];
	double scale = fmax(fabs(got), fabs(want));
	checks++;
	if (fabs(got - want) <= relative * scale) return;
	snprintf(said, sizeof said, "%s: got %.17g, want %.17g", text, got, want);
	failed(file, line, said);
}

void test_check_str(const char *got, const char *want, const char *file, int line, const char *text)
{
	char said[1024];
	checks++;
	if (strcmp(got, want) == 0) return;
	snprintf(said, sizeof said, "%s: got \"%s\", want \"%s\"", text, got, want);
	failed(file, line, said);
}

_Noreturn void test_skip(const char *why)
{
	fprintf(stderr, "  skipped: %s\n", why);
	fflush(stderr);
	_exit(EXIT_SKIPPED);
}

uint32_t test_bug_of(test_fn *fn)
{
	volatile uint32_t *shared = mmap(0, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED) test_skip("no memory for a child");
	fflush(0);
	pid_t child = fork();
	if (child == 0) {
		bug_catch(shared);
		fn();
		_exit(0);
	}
	int status = 0;
	waitpid(child, &status, 0);
	uint32_t id = WIFSIGNALED(status) || WEXITSTATUS(status) ? *shared : 0;
	munmap((void *)(uintptr_t)shared, sizeof *shared);
	return id;
}

const char *test_folder(void)
{
	if (folder[0]) return folder;
	snprintf(folder, sizeof folder, "/tmp/tickwork-test-XXXXXX");
	if (!mkdtemp(folder)) test_skip("no folder under /tmp");
	return folder;
}

const char *test_shared(void)
{
	static char path[512];
	const char *told = getenv("TICKWORK_SHARED");
	struct stat info;
	snprintf(path, sizeof path, "%s/data", told ? told : "../shared");
	if (stat(path, &info) != 0) test_skip("no ../shared with real market data beside the project");
	return path;
}

static void remove_folder(void)
{
	char command[128];
	if (!folder[0]) return;
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	if (system(command) != 0) fprintf(stderr, "  could not remove %s\n", folder);
}

_Noreturn static void run_child(const struct test *test)
{
	test->run();
	remove_folder();
	if (checks == 0) failed(test->file, 0, "a test that checks nothing");
	if (failures > FAILURES_SHOWN_MAX) fprintf(stderr, "  ... %llu failures in all\n", (unsigned long long)failures);
	fflush(0);
	exit(failures ? EXIT_FAILED : 0);
}

static int run_one(const struct test *test)
{
	fflush(0);
	pid_t child = fork();
	if (child == 0) run_child(test);
	int status = 0;
	waitpid(child, &status, 0);
	if (WIFEXITED(status)) return WEXITSTATUS(status);
	fprintf(stderr, "  ended by signal %d\n", WTERMSIG(status));
	return EXIT_FAILED;
}

static struct test *in_order(void)
{
	struct test *sorted = 0;
	while (first) {
		struct test *test = first, **at = &sorted;
		first = first->next;
		while (*at && strcmp((*at)->name, test->name) < 0) at = &(*at)->next;
		test->next = *at;
		*at = test;
	}
	return sorted;
}

int main(int argc, char **argv)
{
	int  passed = 0, broken = 0, skipped = 0;
	char cells[512];
	cells_begin();
	for (struct test *test = in_order(); test; test = test->next) {
		if (argc > 1 && !strstr(test->name, argv[1])) continue;
		int code = run_one(test);
		passed += code == 0;
		skipped += code == EXIT_SKIPPED;
		broken += code != 0 && code != EXIT_SKIPPED;
		printf("%s %s\n", code == 0 ? "ok  " : code == EXIT_SKIPPED ? "skip" : "FAIL", test->name);
	}
	snprintf(cells, sizeof cells, "%s.cells", argv[0]);
	if (argc == 1 && !cells_write(cells)) printf("FAIL %s could not be written\n", cells), broken++; /* of all tests, or of none */
	printf("%d passed, %d failed, %d skipped\n", passed, broken, skipped);
	return broken || passed == 0;
}
