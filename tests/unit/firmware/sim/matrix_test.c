/* matrix_test.c - the crash matrix: in `make test` the calls of the way of an order and one of each other kind, in the long test all of them. */
#include <stdlib.h>
#include <string.h>

#include "firmware/sim/matrix.h"
#include "hal/linux/memory.h"
#include "tests/kit/test.h"

enum { SEED = 7,
	DAYS = 2 };

static struct matrix *begin(bool keeps_entries)
{
	struct matrix *matrix = memory_take(sizeof *matrix);
	BUG_UNLESS(9004, matrix != 0);
	CHECK(matrix_begin(matrix, SEED, DAYS, keeps_entries));
	CHECK_STR(matrix->sentence, "");
	CHECK(matrix->calm.orders > 0 && matrix->calm.fills > 0);
	return matrix;
}

static bool is_post(const struct house_called *called) { return called->call == HOUSE_CALL_send && strncmp(called->words, "POST", 4) == 0; }

/* The one in the middle of all that are of its kind. */
static bool is_middle(const struct matrix *matrix, uint64_t call)
{
	uint64_t before = 0, after = 0;
	for (uint64_t i = 1; i <= matrix->calls; i++) {
		if (matrix->called[i - 1].call != matrix->called[call - 1].call) continue;
		before += i < call;
		after += i > call;
	}
	return before == after || before == after + 1;
}

static bool is_chosen(const struct matrix *matrix, uint64_t call)
{
	const struct house_called *called = &matrix->called[call - 1];
	if (getenv("TICKWORK_LONG")) return true;
	return called->call == HOUSE_CALL_order || is_post(called) || is_middle(matrix, call) || call == matrix->calls;
}

static void go_over(struct matrix *matrix)
{
	for (uint64_t call = 1; call <= matrix->calls; call++) {
		if (!is_chosen(matrix, call)) continue;
		for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) {
			matrix->sentence[0] = '\0';
			CHECK(matrix_cell(matrix, call, (enum house_ruin)ruin) != MATRIX_VIOLATED);
			CHECK_STR(matrix->sentence, "");
		}
	}
}

/* Each kind of call that a working desk makes has been ended at. */
static void check_kinds(const struct matrix *matrix)
{
	static const enum house_call made[] = { HOUSE_CALL_open, HOUSE_CALL_read, HOUSE_CALL_write, HOUSE_CALL_sync, HOUSE_CALL_connect, HOUSE_CALL_receive,
		HOUSE_CALL_send, HOUSE_CALL_hear, HOUSE_CALL_order };
	for (size_t i = 0; i < sizeof made / sizeof made[0]; i++) {
		const uint64_t *cells = matrix->by_call[made[i]];
		CHECK(cells[MATRIX_SAME] + cells[MATRIX_OTHER] >= HOUSE_RUINS_N);
	}
}

/* Nothing doubled, nothing lost, the journal whole; where no order was on its way the end is that of the undisturbed run. */
TEST(t_X2_crash_matrix_at_each_call_of_an_order)
{
	struct matrix *matrix = begin(true);
	go_over(matrix);
	check_kinds(matrix);
	for (int ruin = 0; ruin < HOUSE_RUINS_N; ruin++) CHECK(matrix->cells[ruin][MATRIX_SAME] > 0);
}

/* As shipped: entries that worked at the crash are cancelled, so the end is another one, and holds as well. */
TEST(t_X11_crash_matrix_with_entries_cancelled)
{
	struct matrix *matrix = begin(false);
	if (getenv("TICKWORK_LONG")) {
		go_over(matrix);
		return;
	}
	for (uint64_t call = matrix->calls / 4; call <= matrix->calls; call += matrix->calls / 4)
		CHECK(matrix_cell(matrix, call, (enum house_ruin)(call % HOUSE_RUINS_N)) != MATRIX_VIOLATED);
}

enum { LIE_SOME = 11,        /* one of so many in the short test; no multiple of the kinds of lies */
	LIE_LATER = 25 };    /* calls, until an order has left */

/* Whatever a disk says that is not so: no order twice, no fill lost, no position wrong; where the books themselves are damaged, nothing is traded. */
TEST(t_X2_a_disk_that_lies_is_found_or_does_no_harm)
{
	struct matrix *matrix = begin(true);
	uint64_t       seen = 0;
	for (uint64_t call = 1; call <= matrix->calls; call++) {
		for (int lie = HOUSE_LIE_none + 1; lie < HOUSE_LIES_N; lie++) {
			uint32_t after = call / 2 % 2 ? 1 : LIE_LATER;
			bool     is_chosen = getenv("TICKWORK_LONG") || seen++ % LIE_SOME == 0 || lie == HOUSE_LIE_unsynced;
			if (!is_chosen || !matrix_may_lie(matrix, call, (enum house_lie)lie, after)) continue;
			matrix->sentence[0] = '\0';
			CHECK(matrix_lie(matrix, call, (enum house_lie)lie, after) != MATRIX_VIOLATED);
			CHECK_STR(matrix->sentence, "");
		}
	}
	for (int lie = HOUSE_LIE_none + 1; lie < HOUSE_LIES_N; lie++) CHECK(matrix->lies[lie][MATRIX_SAME] + matrix->lies[lie][MATRIX_OTHER] > 0);
	CHECK(matrix->lies[HOUSE_LIE_astray][MATRIX_FOUND] > 0);
}
