/* marks.c - the rows, and each asked in its process. */
#include "firmware/marks.h"

#include "firmware/runner.h"

#define ROW(name, maximum, whose, when, free, what) { #name, what, (maximum), (whose), BUDGET_##when },
const struct mark marks[MARKS_N] = { MARKS(ROW) };

bool mark_is_of(const struct mark *mark, uint32_t whose, bool by_protocol)
{
	return (mark->whose & whose) != 0 && (mark->when == BUDGET_ALWAYS || by_protocol);
}

#define ASK(name, maximum, of, when, free, what)                                                                   \
	static void ask_##name(const struct runner *runner, uint32_t whose, struct footprint *out)                   \
	{                                                                                                            \
		const struct mark *mark = &marks[MARK_##name];                                                       \
		if (!mark_is_of(mark, whose, runner->venue != 0)) return;                                            \
		__atomic_store_n(&out->low_water[MARK_##name], (uint64_t)(free), __ATOMIC_RELAXED);                  \
	}
MARKS(ASK)

void marks_publish(const struct runner *runner, uint32_t whose, struct footprint *out)
{
#define CALL(name, maximum, of, when, free, what) ask_##name(runner, whose, out);
	MARKS(CALL)
}
