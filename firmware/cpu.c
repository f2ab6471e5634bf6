/* cpu.c - the start-up check. No library call but write(2): anything else may already be compiled for the newer processor.
 * Bits: Intel SDM volume 2A, CPUID; the level's list is that of the x86-64 psABI, table 3.1. */
#include "firmware/cpu.h"

#include <cpuid.h>
#include <unistd.h>

enum { XCR0_SSE_AND_AVX = 6 };

enum cpu_word { LEAF1_ECX, LEAF7_EBX, LEAF80000001_ECX };
struct cpu_bit { const char *name; uint8_t word, bit; };

static const struct cpu_bit wanted[] = {
	{ "SSE3", LEAF1_ECX, 0 },    { "SSSE3", LEAF1_ECX, 9 },   { "FMA", LEAF1_ECX, 12 },    { "CMPXCHG16B", LEAF1_ECX, 13 },
	{ "SSE4.1", LEAF1_ECX, 19 }, { "SSE4.2", LEAF1_ECX, 20 }, { "MOVBE", LEAF1_ECX, 22 },  { "POPCNT", LEAF1_ECX, 23 },
	{ "OSXSAVE", LEAF1_ECX, 27 }, { "AVX", LEAF1_ECX, 28 },   { "F16C", LEAF1_ECX, 29 },   { "BMI1", LEAF7_EBX, 3 },
	{ "AVX2", LEAF7_EBX, 5 },    { "BMI2", LEAF7_EBX, 8 },    { "LAHF", LEAF80000001_ECX, 0 }, { "LZCNT", LEAF80000001_ECX, 5 },
};

CPU_BASELINE struct cpu cpu_ask(void)
{
	struct cpu cpu = { 0, 0, 0, 0 };
	uint32_t   a, b, c, d, high;
	if (__get_cpuid(1, &a, &b, &c, &d)) cpu.leaf1_ecx = c;
	if (__get_cpuid_count(7, 0, &a, &b, &c, &d)) cpu.leaf7_ebx = b;
	if (__get_cpuid(0x80000001, &a, &b, &c, &d)) cpu.leaf80000001_ecx = c;
	if (cpu.leaf1_ecx >> 27 & 1) __asm__ volatile("xgetbv" : "=a"(cpu.xcr0), "=d"(high) : "c"(0));
	return cpu;
}

CPU_BASELINE const char *cpu_missing(struct cpu cpu)
{
	const uint32_t word[] = { [LEAF1_ECX] = cpu.leaf1_ecx, [LEAF7_EBX] = cpu.leaf7_ebx, [LEAF80000001_ECX] = cpu.leaf80000001_ecx };
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!(word[wanted[i].word] >> wanted[i].bit & 1)) return wanted[i].name;
	return (cpu.xcr0 & XCR0_SSE_AND_AVX) == XCR0_SSE_AND_AVX ? 0 : "AVX support of the kernel";
}

CPU_BASELINE static void say(const char *text)
{
	size_t length = 0;
	while (text[length]) length++;
	if (write(STDERR_FILENO, text, length) < 0) return;
}

CPU_BASELINE void cpu_refuse(const char *missing)
{
	say("tickwork: this processor lacks ");
	say(missing);
	say("; run it on one with x86-64-v3 (Intel since 2013, AMD since 2015)\n");
}
