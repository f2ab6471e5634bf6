/* measure.h - how the bench measures: medians of interleaved turns, two pinned cores, processes from fork to exit.
 *
 * The machine is shared and noisy, so nothing is believed but a ratio of two medians taken in turns (A B A B) in one run. */
#ifndef TOOLS_BENCH_MEASURE_H
#define TOOLS_BENCH_MEASURE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TURNS_MAX = 1024 };

/* One measured thing: a value for each turn. */
struct series { double value[TURNS_MAX]; size_t count; };

void   series_add(struct series *series, double value);
/* Sorts the series; 0 when it is empty. */
double series_median(struct series *series);
double series_most(const struct series *series);

/* Monotonic, in nanoseconds. */
double now_ns(void);
/* This process to one of the first 64 cores; false where the machine has no such core. */
bool pin_to(unsigned core);
/* Keeps a value alive, so that what made it is not optimised away. */
void keep(uint64_t value);
/* Zeroed memory shared with children; ends the program when there is none. */
void *shared_memory(size_t bytes);
/* Says why on stderr and ends with 1. */
_Noreturn void give_up(const char *why, const char *what);

/* A program of its own: stdout goes to the file `out`, and it is told to end when this one does. */
int begin_program(char *const argv[], const char *out);
/* One run of a program: stdout goes to the file `out`. */
struct run { double wall_ms, cpu_ms; int code; };
struct run run_program(char *const argv[], const char *out);
/* The Python that has the libraries measured beside ours: $BENCH_PYTHON, else that of tools/bench/libraries. */
enum { PYTHON_BYTES = 512 };
void find_python(char python[PYTHON_BYTES]);
/* The file as text, cut to bytes; false when it cannot be read. */
bool read_text(const char *path, char *text, size_t bytes);

#endif
