#!/bin/sh
# Nonsense in config.h does not compile, and the compiler says the sentence that says why (row P18). Each case is one value of a copy changed.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
compiler=$(command -v "${CC:-gcc}" || command -v clang) || { skip t_P18_limits "no compiler here"; close; }
compiles() { "$compiler" -std=c11 -fsyntax-only -I"$work" -I. -x c - >"$work/said" 2>&1 <<-END
	#include "fsm/settings.h"
END
}
cp config.h "$work/config.h"
compiles && pass t_P18_config_compiles || { fail t_P18_config_compiles "$(head -n 3 "$work/said")"; close; }

# refuses NAME SENTENCE SED: with config.h changed by SED the compiler stops, and says SENTENCE.
refuses() {
	name=t_P18_$1
	sed "$3" config.h >"$work/config.h"
	if cmp -s config.h "$work/config.h"; then fail "$name" "changes nothing: $3"
	elif compiles; then fail "$name" "compiles: $3"
	elif grep -q "config.h: $2" "$work/said"; then pass "$name"
	else fail "$name" "said: $(grep -m 1 error "$work/said")"; fi
}
# value NAME VALUE SENTENCE: of a setting; its column keeps its place.
value() { refuses "$1=$2" "$3" "s/X($1,  *[0-9]*,/X($1, $2,/"; }
# asset SYMBOL COLUMN VALUE SENTENCE: of a row of the universe; 3 cap, 4 volatility, 5 half, 6 exit, 7 commission, 9 lot.
asset() { refuses "$1:$2=$3" "$4" "s/\\(X(\"$1\",\\([^,]*,\\)\\{$(($2 - 1))\\}\\)[^,]*,/\\1 $3,/"; }

# --- levels and pairs out of their order
value drawdown_level1_bp 800 'drawdown_level1_bp must stay below drawdown_level2_bp: a risk level below the one before it'
value drawdown_level2_bp 1300 'drawdown_level2_bp must stay below drawdown_level3_bp'
value drawdown_level4_bp 1200 'drawdown_level3_bp must stay below drawdown_level4_bp'
value reduce_level2_bp 5001 'reduce_level2_bp must not exceed reduce_level3_bp: a higher risk level would sell less'
value confidence_min_bp 7000 'confidence_min_bp must not exceed confidence_level1_bp'
value correlation_average_bp 9000 'correlation_average_bp must not exceed correlation_all_bp'
value credits_reports 144 'credits_reports must stay below credits_max'
value order_timeout_ms 20000 'order_timeout_ms must not exceed venue_dead_after_ms'
value momentum_low_bp 1000 'momentum_low_bp must stay below momentum_high_bp'
value desk_messages_per_min 101 'desk_messages_per_min leaves exits no half of venue_requests_per_min'

# --- negative sizes, zero periods, history shorter than the warm-up, too much
value trade_min_usd -100 'trade_min_usd is out of its bounds'
value orders_max -1 'orders_max is out of its bounds'
value heartbeat_ms 0 'heartbeat_ms is out of its bounds (P2: due every 30 s at most)'
value signal_cycle_s 0 'signal_cycle_s is out of its bounds'
value health_period_ms 0 'health_period_ms is out of its bounds'
value bars_max 251 'bars_max is out of its bounds'
value leverage_max_bp 15001 'leverage_max_bp is out of its bounds'
value portfolio_volatility_bp 5001 'portfolio_volatility_bp is out of its bounds'
value ring_trades 16385 'rings are powers of two'
refuses a_bound_below_zero 'trades_day_max has a bound below zero' 's/X(trades_day_max,  *5,  *0,/X(trades_day_max, 5, -1,/'

# --- shares and assets
refuses shares_over_one 'shares of the target exceed one' 's/momentum,        7000,/momentum,        7001,/'
refuses a_share_below_zero 'share_momentum_bp is out of its bounds' 's/momentum,        7000,/momentum,        -1,/'
asset SPY 3 10001 'the cap of SPY is a share of the portfolio'
asset SPY 3 -1 'the cap of SPY is a share of the portfolio'
asset SPY 4 0 'the volatility of SPY is above 0 and at most 100 %'
asset SPY 5 1800 'the half stop of SPY comes before its exit stop'
asset SPY 5 0 'the stops of SPY are losses of 1 to 10000 bp'
asset SPY 6 10001 'the stops of SPY are losses of 1 to 10000 bp'
asset SPY 7 -1 'the costs of SPY are a part of its price'
asset SPY 9 0 'SPY needs a smallest unit'
close
