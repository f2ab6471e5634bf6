/* driver_risk_parity.c - test-only: a covariance matrix on stdin; COUNT and CAP (0: none) as arguments; weights on stdout. */
#include <stdio.h>
#include <stdlib.h>

#include "strategies/portfolios/risk_parity.h"

int main(int argc, char **argv)
{
	static double covariance[RISK_PARITY_MAX][RISK_PARITY_MAX], cap[RISK_PARITY_MAX], weight[RISK_PARITY_MAX];
	uint32_t      count = argc > 1 ? (uint32_t)strtoul(argv[1], 0, 10) : 0;
	double        limit = argc > 2 ? strtod(argv[2], 0) : 0;
	if (count < 1 || count > RISK_PARITY_MAX) return 2;
	for (uint32_t i = 0; i < count; i++) {
		cap[i] = limit;
		for (uint32_t k = 0; k < count; k++) if (scanf(k ? ",%lf" : "%lf", &covariance[i][k]) != 1) return 2;
	}
	if (risk_parity(covariance, count, 0, limit > 0 ? cap : 0, weight) != RISK_PARITY_DONE) return 2;
	printf("weight\n");
	for (uint32_t i = 0; i < count; i++) printf("%.17g\n", weight[i]);
	return 0;
}
