/* cpu.h - is this processor new enough for the instructions the rest of the program is compiled with?
 *
 * The product is built for x86-64-v3 (AVX2, BMI2, FMA ...: Intel since Haswell 2013, AMD since Excavator 2015, every t3). On an
 * older one it would die of an illegal instruction in the middle of something; so main asks here first and says it in a sentence.
 * What runs before the answer is compiled for any x86-64: main and the functions of cpu.c carry CPU_BASELINE. */
#ifndef FIRMWARE_CPU_H
#define FIRMWARE_CPU_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CPU_BASELINE __attribute__((target("arch=x86-64")))

/* The answers of CPUID and XGETBV that x86-64-v3 is made of. */
struct cpu { uint32_t leaf1_ecx, leaf7_ebx, leaf80000001_ecx, xcr0; };

struct cpu cpu_ask(void);
/* The first thing that is missing, by its usual name ("AVX2"); 0 when nothing is. */
const char *cpu_missing(struct cpu cpu);
/* Says on standard error what is missing. */
void cpu_refuse(const char *missing);

#endif
