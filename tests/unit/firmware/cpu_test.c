#include "firmware/cpu.h"

#include "tests/kit/test.h"

static struct cpu whole(void) { return (struct cpu){ UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX }; }

TEST(t_O8_this_processor_passes) { CHECK(cpu_missing(cpu_ask()) == 0); }

TEST(t_O8_a_whole_processor_passes) { CHECK(cpu_missing(whole()) == 0); }

TEST(t_O8_each_missing_part_is_named)
{
	struct cpu cpu = whole();
	cpu.leaf7_ebx &= ~(1U << 5);
	CHECK_STR(cpu_missing(cpu), "AVX2");
	cpu = whole();
	cpu.leaf1_ecx &= ~(1U << 12);
	CHECK_STR(cpu_missing(cpu), "FMA");
	cpu = whole();
	cpu.leaf80000001_ecx &= ~(1U << 5);
	CHECK_STR(cpu_missing(cpu), "LZCNT");
	cpu = whole();
	cpu.xcr0 = 2;        /* the kernel keeps no AVX state */
	CHECK_STR(cpu_missing(cpu), "AVX support of the kernel");
}

/* An Ivy Bridge of 2012: AVX and F16C, but neither AVX2, BMI, FMA nor MOVBE. */
TEST(t_O8_an_older_processor_is_refused)
{
	struct cpu ivy_bridge = { 0x7fbae3ff, 0x00000281, 0x00000001, 7 };
	CHECK_STR(cpu_missing(ivy_bridge), "FMA");
	CHECK_STR(cpu_missing((struct cpu){ 0, 0, 0, 0 }), "SSE3");
}
