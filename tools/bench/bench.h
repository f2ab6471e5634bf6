/* bench.h - the parts of the bench, and what they share. */
#ifndef TOOLS_BENCH_BENCH_H
#define TOOLS_BENCH_BENCH_H
#include <stdbool.h>
#include <stdint.h>

enum { PATH_BYTES = 1024 };

struct bench {
	char        product[PATH_BYTES];        /* build/tickwork, beside this program */
	char        folder[PATH_BYTES];         /* for files of this run, on the disk that is measured; removed at the end */
	char        data[PATH_BYTES];           /* bars: recorded ones, or generated ones in the folder */
	const char *data_what;
};

void bench_pipeline(const struct bench *bench);
void bench_channel(const struct bench *bench);
void bench_book(const struct bench *bench);
void bench_durable(const struct bench *bench);
void bench_steps(const struct bench *bench);
void bench_factors(const struct bench *bench);
void bench_boot(const struct bench *bench);
void bench_kills(const struct bench *bench);
void bench_upkeep(const struct bench *bench);
void bench_memory(const struct bench *bench);
void bench_size(const struct bench *bench);

/* Writes generated bars from 2016-06 to 2022 as FOLDER/SYMBOL.csv: the same bytes on every machine. */
bool write_bars(const char *folder);

#endif
