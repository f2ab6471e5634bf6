/* memory_test.c - what BOOT takes stays; after SEALED each verb is a bug with an id (O10; invariant 1). */
#include "hal/linux/memory.h"

#include <string.h>
#include <sys/syscall.h>

#include "tests/kit/resident.h"
#include "tests/kit/test.h"
#include "tests/kit/without_call.h"

#define SHARED_AT ((uintptr_t)UINT64_C(0x230000000000))
enum { BYTES = 8192 };

static void *taken;

TEST(t_O10_memory_is_zeroed_and_can_be_given_back_in_boot)
{
	uint8_t *at = memory_take(BYTES), *shared = memory_share_at(SHARED_AT, BYTES);
	CHECK(at && at[0] == 0 && at[BYTES - 1] == 0);
	CHECK_EQ((uintptr_t)shared, SHARED_AT);
	CHECK(!memory_share_at(SHARED_AT, BYTES));
	CHECK(memory_read_only(at, BYTES) && memory_writable(at, BYTES));
	*(volatile uint8_t *)at = 1;
	memory_give(at, BYTES);
	memory_give(shared, BYTES);
}

/* Private and shared, and only what was asked for. */
TEST(t_O10_what_is_touched_is_in_memory_and_what_is_emptied_is_not)
{
	enum { LARGE_BYTES = 64 * 4096, HALF_BYTES = LARGE_BYTES / 2 };
	uint8_t *own = memory_take(LARGE_BYTES), *shared = memory_share_at(SHARED_AT, LARGE_BYTES), *both[] = { own, shared };
	CHECK(pages_are(own, LARGE_BYTES, false) && pages_are(shared, LARGE_BYTES, false));
	memory_touch_own(own + 1, HALF_BYTES - 1);
	memory_touch(shared + 1, HALF_BYTES - 1);
	for (int i = 0; i < 2; i++) {
		CHECK(pages_are(both[i], HALF_BYTES, true));
		CHECK(pages_are(both[i] + HALF_BYTES, HALF_BYTES, false));
		memset(both[i], 1, HALF_BYTES);
		memory_empty(both[i] + 1, HALF_BYTES - 2);        /* the pages at its ends hold bytes of others */
		CHECK(pages_are(both[i] + 4096, HALF_BYTES - 2 * 4096, false));
		CHECK(both[i][0] == 1 && both[i][4095] == 1 && both[i][4096] == 0 && both[i][HALF_BYTES - 1] == 1);
	}
	void *whole = memory_take_whole(LARGE_BYTES);
	CHECK(pages_are(whole, LARGE_BYTES, true));
}

TEST(t_O10_a_kernel_without_the_advice_is_touched_page_by_page)
{
	enum { LARGE_BYTES = 64 * 4096, HALF_BYTES = LARGE_BYTES / 2 };
	uint8_t *own = memory_take(LARGE_BYTES), *shared = memory_share_at(SHARED_AT, LARGE_BYTES);
	without_call(SYS_madvise, EINVAL);
	own[HALF_BYTES - 1] = 7;
	memory_touch_own(own + 1, HALF_BYTES - 1);
	memory_touch(shared + 1, HALF_BYTES - 1);
	CHECK(pages_are(own, HALF_BYTES, true) && pages_are(shared, HALF_BYTES, true));
	CHECK(pages_are(own + HALF_BYTES, HALF_BYTES, false));
	CHECK_EQ(own[HALF_BYTES - 1], 7);
	memory_empty(own, LARGE_BYTES);        /* refused, and nothing is lost but room */
	CHECK_EQ(own[HALF_BYTES - 1], 7);
}

static void take(void)
{
	memory_seal();
	(void)memory_take(BYTES);
}

static void take_dense(void)
{
	memory_seal();
	(void)memory_take_dense(BYTES);
}

static void share(void)
{
	memory_seal();
	(void)memory_share_at(SHARED_AT, BYTES);
}

static void give(void)
{
	memory_seal();
	memory_give(taken, BYTES);
}

static void narrow(void)
{
	memory_seal();
	(void)memory_read_only(taken, BYTES);
}

static void widen(void)
{
	memory_seal();
	(void)memory_writable(taken, BYTES);
}

static void empty(void)
{
	memory_seal();
	memory_empty(taken, BYTES);
}

TEST(t_O10_after_sealed_each_verb_traps_with_its_id)
{
	taken = memory_take(BYTES);
	CHECK_BUG(take, 3800);
	CHECK_BUG(take_dense, 3800);
	CHECK_BUG(share, 3801);
	CHECK_BUG(give, 3802);
	CHECK_BUG(narrow, 3803);
	CHECK_BUG(widen, 3806);
	CHECK_BUG(empty, 3900);
	*(volatile uint8_t *)taken = 1; /* in this process nothing was sealed, and what was taken is there */
	CHECK_EQ(*(uint8_t *)taken, 1);
}
