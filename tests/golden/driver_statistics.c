/* driver_statistics.c - test-only: the statistics behind pairs, pca and jump_diffusion. For statistics_ref.py. On stdin a table:
 *   cointegration LAGS                          y,x
 *   residual FACTORS WINDOW ANNUAL_DAYS ASSETS  one column an asset
 *   jumps ANNUAL_DAYS                           price                                        */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strategies/factors/cointegration.h"
#include "strategies/factors/jumps.h"
#include "strategies/factors/residual.h"

enum { ROWS_MAX = 20000 };

static double table[ROWS_MAX][EIGEN_MAX];

static uint32_t read_table(uint32_t columns)
{
	for (uint32_t row = 0; row < ROWS_MAX; row++) {
		for (uint32_t i = 0; i < columns; i++) if (scanf(i ? ",%lf" : "%lf", &table[row][i]) != 1) return row;
	}
	return ROWS_MAX;
}

static int cointegration(uint32_t lags)
{
	static double        y[COINTEGRATION_MOST], x[COINTEGRATION_MOST];
	struct cointegration c;
	uint32_t             rows = read_table(2);
	if (rows > COINTEGRATION_MOST) return 2;
	for (uint32_t t = 0; t < rows; t++) y[t] = table[t][0], x[t] = table[t][1];
	if (!cointegration_test(y, x, rows, lags, &c)) return 2;
	printf("hedge,intercept,statistic,critical_1,critical_5,critical_10,half_life,deviation,zscore\n");
	printf("%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g,%.17g\n", c.hedge, c.intercept, c.statistic, c.critical[0], c.critical[1],
		c.critical[2], c.half_life, c.deviation, c.zscore);
	return 0;
}

static int residual(uint32_t factors, uint32_t window, uint32_t annual_days, uint32_t assets)
{
	static double                factor[RESIDUAL_DAYS_MAX][COLUMNS_MAX];
	static struct residual_model model;
	struct residual_score        score[EIGEN_MAX];
	uint16_t                     member[EIGEN_MAX];
	uint32_t                     rows = read_table(assets);
	for (uint32_t i = 0; i < EIGEN_MAX; i++) member[i] = (uint16_t)i;
	if (rows > RESIDUAL_DAYS_MAX || !residual_fit(&model, table, rows, member, assets, factors)) return 2;
	for (uint32_t t = 0; t < rows; t++) residual_factors(&model, table[t], factor[t]);
	residual_scores(&model, &(struct residual_ring){ rows, table, factor }, rows - window, window, score);
	printf("s,kappa,m,sigma,explained\n");
	for (uint32_t i = 0; i < assets; i++) {
		if (!score[i].valid) {
			printf(",,,,%.17g\n", model.explained);
			continue;
		}
		double kappa = residual_kappa(&score[i], annual_days);
		printf("%.17g,%.17g,%.17g,%.17g,%.17g\n", score[i].s, kappa, score[i].m, score[i].sigma, model.explained);
	}
	return 0;
}

static int jumps(uint32_t annual_days)
{
	static struct jumps jumps;
	uint32_t            rows = read_table(1);
	jumps_init(&jumps, 0.01);
	printf("statistic,jump,lambda,jump_mean,jump_deviation,sigma,drift\n");
	for (uint32_t t = 0; t < rows; t++) {
		struct jump_diffusion d;
		if (!jumps_push(&jumps, table[t][0])) return 2;
		if (jumps_tested(&jumps)) printf("%.17g,%d,", jumps_statistic(&jumps), jumps_now(&jumps));
		else printf(",,");
		if (!jumps_ready(&jumps)) {
			printf(",,,,\n");
			continue;
		}
		d = jumps_value(&jumps, annual_days);
		printf("%.17g,%.17g,%.17g,%.17g,%.17g\n", d.lambda, d.jump_mean, d.jump_deviation, sqrt(d.variance), d.drift);
	}
	return 0;
}

int main(int argc, char **argv)
{
	uint32_t number[4] = { 0, 0, 0, 0 };
	for (int i = 2; i < argc && i < 6; i++) number[i - 2] = (uint32_t)strtoul(argv[i], 0, 10);
	if (argc > 2 && strcmp(argv[1], "cointegration") == 0) return cointegration(number[0]);
	if (argc > 5 && strcmp(argv[1], "residual") == 0) return residual(number[0], number[1], number[2], number[3]);
	if (argc > 2 && strcmp(argv[1], "jumps") == 0) return jumps(number[0]);
	return 2;
}
