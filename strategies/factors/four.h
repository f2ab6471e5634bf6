/* four.h - four doubles at a time: what the batch forms and the strategies of many assets are written in.
 *
 * The vectors are those of gcc and clang, and the built-in functions are single instructions of x86-64-v3, so both compilers give the same
 * bits. Sums of many values are kept in several vectors, so that one addition need not wait for the one before; their order is written
 * down in the loops that use this. */
#ifndef STRATEGIES_FACTORS_FOUR_H
#define STRATEGIES_FACTORS_FOUR_H
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LANES = 4 };

typedef double  four __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t four_mask __attribute__((vector_size(LANES * sizeof(int64_t))));

static inline four four_load(const double *from)
{
	four value;
	memcpy(&value, from, sizeof value);
	return value;
}

static inline void four_store(double *to, four value) { memcpy(to, &value, sizeof value); }

static inline four four_all(double value) { return (four){ value, value, value, value }; }

/* a b + c, rounded once. */
static inline four four_fma(four a, four b, four c) { return __builtin_ia32_vfmaddpd256(a, b, c); }

/* The larger of each two, and the smaller; of no NaN. */
static inline four four_max(four a, four b) { return __builtin_ia32_maxpd256(a, b); }
static inline four four_min(four a, four b) { return __builtin_ia32_minpd256(a, b); }

/* value cut to 0..1, without a branch that would be guessed; 0 for NaN. */
static inline double share_of(double value)
{
	typedef double two __attribute__((vector_size(2 * sizeof(double))));
	two            most = __builtin_ia32_minsd((two){ 1, 0 }, (two){ value, 0 });
	return __builtin_ia32_maxsd(most, (two){ 0, 0 })[0];
}

static inline four four_sqrt(four value) { return __builtin_ia32_sqrtpd256(value); }

/* To be said where a function that used vectors ends. Code without them (the C library) runs some fifty times slower while the upper halves
 * of the registers are in use; compilers clear them, but gcc 12 forgets it after a call whose registers it knows (-fipa-ra). */
static inline void four_done(void) { __builtin_ia32_vzeroupper(); }

static inline double four_sum(four value) { return (value[0] + value[2]) + (value[1] + value[3]); }

/* What comparisons counted: whole numbers of 0..2^52 - 1 as doubles. */
static inline four four_of_counts(four_mask count)
{
	const int64_t two_to_52 = 0x4330000000000000;
	return (four)(count | (four_mask){ two_to_52, two_to_52, two_to_52, two_to_52 }) - four_all(0x1p52);
}

/* Four rows of four become four columns. */
static inline void four_transpose(four row[LANES])
{
	four even = __builtin_shufflevector(row[0], row[1], 0, 4, 2, 6), odd = __builtin_shufflevector(row[0], row[1], 1, 5, 3, 7);
	four other_even = __builtin_shufflevector(row[2], row[3], 0, 4, 2, 6), other_odd = __builtin_shufflevector(row[2], row[3], 1, 5, 3, 7);
	row[0] = __builtin_shufflevector(even, other_even, 0, 1, 4, 5);
	row[1] = __builtin_shufflevector(odd, other_odd, 0, 1, 4, 5);
	row[2] = __builtin_shufflevector(even, other_even, 2, 3, 6, 7);
	row[3] = __builtin_shufflevector(odd, other_odd, 2, 3, 6, 7);
}

/* Sum of value - anchor over the whole vectors of count, four of them at a time, then one. */
static inline four four_distances(const double *value, double anchor, size_t count)
{
	const four from = four_all(anchor);
	four       s0 = { 0, 0, 0, 0 }, s1 = s0, s2 = s0, s3 = s0;
	size_t     at = 0;
	for (; at + 4 * LANES <= count; at += 4 * LANES) {
		s0 += four_load(value + at) - from;
		s1 += four_load(value + at + LANES) - from;
		s2 += four_load(value + at + 2 * LANES) - from;
		s3 += four_load(value + at + 3 * LANES) - from;
	}
	for (; at + LANES <= count; at += LANES) s0 += four_load(value + at) - from;
	return (s0 + s1) + (s2 + s3);
}

/* Sum of products of what lies in whole vectors: count is rounded up to LANES, so both must be padded with zeros as far. Eight vectors at a
 * time, then four, then one. */
static inline double four_dot(const double *a, const double *b, size_t count)
{
	four   s0 = { 0, 0, 0, 0 }, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
	size_t at = 0;
	for (; at + 7 * LANES < count; at += 8 * LANES) {
		s0 = four_fma(four_load(a + at), four_load(b + at), s0);
		s1 = four_fma(four_load(a + at + LANES), four_load(b + at + LANES), s1);
		s2 = four_fma(four_load(a + at + 2 * LANES), four_load(b + at + 2 * LANES), s2);
		s3 = four_fma(four_load(a + at + 3 * LANES), four_load(b + at + 3 * LANES), s3);
		s4 = four_fma(four_load(a + at + 4 * LANES), four_load(b + at + 4 * LANES), s4);
		s5 = four_fma(four_load(a + at + 5 * LANES), four_load(b + at + 5 * LANES), s5);
		s6 = four_fma(four_load(a + at + 6 * LANES), four_load(b + at + 6 * LANES), s6);
		s7 = four_fma(four_load(a + at + 7 * LANES), four_load(b + at + 7 * LANES), s7);
	}
	for (; at + 3 * LANES < count; at += 4 * LANES) {
		s0 = four_fma(four_load(a + at), four_load(b + at), s0);
		s1 = four_fma(four_load(a + at + LANES), four_load(b + at + LANES), s1);
		s2 = four_fma(four_load(a + at + 2 * LANES), four_load(b + at + 2 * LANES), s2);
		s3 = four_fma(four_load(a + at + 3 * LANES), four_load(b + at + 3 * LANES), s3);
	}
	for (; at < count; at += LANES) s4 = four_fma(four_load(a + at), four_load(b + at), s4);
	return four_sum(((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)));
}

#endif
