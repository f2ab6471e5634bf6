/* driver_factors.c - test-only: bars on stdin (open,high,low,close,adj_close,volume), factor rows on stdout. For factors_ref.py. */
#include <stdio.h>
#include <stdlib.h>

#include "strategies/factors/factors.h"

int main(int argc, char **argv)
{
	static struct factors factors;
	struct factor_bar     bar;
	struct factor_row     row;
	factors_init(&factors, (uint32_t)(argc > 1 ? strtoul(argv[1], 0, 10) : 252));
	for (enum factor f = 0; f < FACTOR_COUNT; f++) printf("%s%s", f ? "," : "", factor_name(f));
	printf("\n");
	while (scanf("%lf,%lf,%lf,%lf,%lf,%lf", &bar.open, &bar.high, &bar.low, &bar.close, &bar.adj_close, &bar.volume) == 6) {
		if (!factors_push(&factors, &bar)) return 2;
		factors_row(&factors, &row);
		for (enum factor f = 0; f < FACTOR_COUNT; f++) {
			if (f) printf(",");
			if (row.ready[f]) printf("%.17g", row.value[f]);
		}
		printf("\n");
	}
	return 0;
}
