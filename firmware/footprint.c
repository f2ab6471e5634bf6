/* footprint.c - the kernel's figures and the stack's depth, into the shared map. */
#include "firmware/footprint.h"

#include "hal/linux/stack.h"

/* Each figure is whole; that they are of one moment nobody needs. */
static void put(uint64_t *figure, uint64_t value) { __atomic_store_n(figure, value, __ATOMIC_RELAXED); }

void footprint_begin(struct footprint_watch *watch, struct footprint *out, uint64_t declared_bytes)
{
	(void)usage_open(&watch->probe);
	watch->out = out;
	watch->due_ns = 0;
	*out = (struct footprint){ .declared_bytes = declared_bytes, .stack_bytes = stack_bytes() };
}

bool footprint_turn(struct footprint_watch *watch, int64_t now_ns)
{
	struct footprint *out = watch->out;
	struct usage usage;
	if (now_ns < watch->due_ns) return false;
	watch->due_ns = now_ns + FOOTPRINT_EVERY_S * NS_PER_S;
	if (usage_look(&watch->probe, &usage)) {
		put(&out->mapped_bytes, usage.mapped_bytes);
		put(&out->resident_bytes, usage.resident_bytes);
		put(&out->share_bytes, usage.share_bytes);
	}
	put(&out->stack_low_water, stack_low_water());
	__atomic_store_n(&out->looked_ns, now_ns, __ATOMIC_RELEASE);
	return true;
}

void footprint_end(struct footprint_watch *watch) { usage_close(&watch->probe); }
