/* driver_measures.c - test-only: high,low,close,volume,other on stdin, the further factors on stdout. For measures_ref.py. */
#include <stdio.h>

#include "strategies/factors/bipower.h"
#include "strategies/factors/bollinger.h"
#include "strategies/factors/correlation.h"
#include "strategies/factors/ewm.h"
#include "strategies/factors/momentum_12_1.h"
#include "strategies/factors/vwap.h"

static struct momentum_12_1 momentum;
static struct bollinger     bollinger;
static struct vwap          vwap;
static struct correlation   correlation;
static struct ewm           ewm;
static struct bipower       bipower;

static void put(bool ready, double value, const char *end)
{
	if (ready) printf("%.17g", value);
	printf("%s", end);
}

static void row(void)
{
	struct bollinger_bands bands = { 0, 0, 0, 0, 0 };
	bool                   banded = bollinger_ready(&bollinger), paired = correlation_ready(&correlation), moved = bipower_ready(&bipower);
	if (banded) bands = bollinger_value(&bollinger);
	put(momentum_12_1_ready(&momentum), momentum_12_1_ready(&momentum) ? momentum_12_1_value(&momentum, false) : 0, ",");
	put(momentum_12_1_ready(&momentum), momentum_12_1_ready(&momentum) ? momentum_12_1_value(&momentum, true) : 0, ",");
	put(banded, bands.upper, ",");
	put(banded, bands.middle, ",");
	put(banded, bands.lower, ",");
	put(banded, bands.percent_b, ",");
	put(banded, bands.bandwidth, ",");
	put(vwap_ready(&vwap), vwap_ready(&vwap) ? vwap_value(&vwap) : 0, ",");
	put(paired, paired ? correlation_value(&correlation) : 0, ",");
	put(paired, paired ? correlation_covariance(&correlation) : 0, ",");
	put(ewm_ready(&ewm), ewm_ready(&ewm) ? ewm_value(&ewm) : 0, ",");
	put(moved, moved ? bipower_realised(&bipower) : 0, ",");
	put(moved, moved ? bipower_value(&bipower) : 0, ",");
	put(moved, moved ? bipower_jump_share(&bipower) : 0, "\n");
}

int main(void)
{
	double high, low, close, volume, other, last = 0, last_other = 0;
	momentum_12_1_init(&momentum);
	bollinger_init(&bollinger, 20, 2);
	vwap_init(&vwap, 20);
	correlation_init(&correlation, 60);
	ewm_init(&ewm, 0.94, 252);
	bipower_init(&bipower, 20);
	printf("momentum_12_1,momentum_12_1_summed,upper,middle,lower,percent_b,bandwidth,vwap_20,correlation_60,covariance_60,ewm,"
		"realised_20,bipower_20,jump_share_20\n");
	while (scanf("%lf,%lf,%lf,%lf,%lf", &high, &low, &close, &volume, &other) == 5) {
		bool taken = momentum_12_1_push(&momentum, close) && bollinger_push(&bollinger, close);
		taken = taken && vwap_push(&vwap, high, low, close, volume) && ewm_push(&ewm, close) && bipower_push(&bipower, close);
		if (taken && last > 0) taken = correlation_push(&correlation, close / last - 1, other / last_other - 1);
		if (!taken) return 2;
		last = close;
		last_other = other;
		row();
	}
	return 0;
}
