#!/bin/sh
# The mathematics from a shell: factors, signals, quotes and metrics, with good input and bad (rows D6, S1, S7, T4).
# On generated bars; the figures against other libraries are in tests/golden.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_D6_math

bars=$work/bars
mkdir "$bars" && awk -v folder="$bars" -v sessions=700 -v crash=600 -f "$kit/bars.awk" || { fail t_D6_bars "awk could not make them"; close; }
eleven=date,sma_20,sma_50,sma_200,ema_20,rsi_14,atr_14,momentum_60,momentum_120,volatility_20,volatility_60,zscore_20
last_day() { tail -n 1 "$1" | cut -d, -f1; }
is_json() { [ -z "$python" ] || "$python" -c 'import json, sys
for line in open(sys.argv[1]): json.loads(line)' "$1" 2>/dev/null; }
# same NAME GOT WANT
same() { [ "$2" = "$3" ] && pass "$1" || fail "$1" "$2 instead of $3"; }

# --- factors ------------------------------------------------------------------------------------------------------
if check t_D6_factors 0 factors --data "$bars" --symbol SPY; then
	cp "$work/out" "$work/all.csv"
	same t_D6_factors_header "$(head -n 1 "$work/all.csv")" "$eleven"
	same t_D6_factors_a_row_a_day "$(wc -l <"$work/all.csv")" "$(wc -l <"$bars/SPY.csv")"
	same t_D6_factors_empty_while_warming_up "$(sed -n 2p "$work/all.csv" | cut -d, -f2-)" ",,,,,,,,,,"
	verdict t_D6_factors_begin_where_they_should "$(awk -F, 'BEGIN { split("20 50 200 20 15 15 61 121 21 61 20", need, " ") }
		NR > 1 { for (i = 1; i <= 11; i++) if (($(i + 1) != "") != (NR - 1 >= need[i])) { print "row " NR - 1 " column " i; exit } }' "$work/all.csv")"
	verdict t_D6_factors_sma_20_is_a_mean "$(paste -d, "$bars/SPY.csv" "$work/all.csv" | awk -F, 'NR > 1 { n++; sum += $5; old[n] = $5
		if (n > 20) sum -= old[n - 20]
		if (n >= 20 && ($9 - sum / 20) ^ 2 > 1e-16 * $9 ^ 2) { print $1 ": " $9 " for " sum / 20; exit } }')"
fi
if check t_D6_factors_range 0 factors --data "$bars" --symbol SPY --from 2014-01-01 --to 2014-02-01; then
	sed -n '/^2014-01/p' "$work/all.csv" >"$work/want"
	tail -n +2 "$work/out" | cmp -s - "$work/want" && pass t_D6_factors_range || fail t_D6_factors_range "the days before --from do not warm up"
fi
if check t_D6_factors_one 0 factors --data "$bars" --symbol SPY --factor rsi_14; then
	cut -d, -f1,6 "$work/all.csv" | cmp -s - "$work/out" && pass t_D6_factors_one || fail t_D6_factors_one
fi
check t_D6_factors_all 0 factors --data "$bars" --symbol GLD --factor all && same t_D6_factors_all "$(head -n 1 "$work/out" | cut -d, -f1-12)" "$eleven"
check t_D6_factors_by_name 0 factors --data "$bars" --symbol GLD --factor momentum_12_1 &&
	same t_D6_factors_by_name "$(awk -F, 'NR > 1 && $2 != ""' "$work/out" | wc -l)" "$(($(wc -l <"$bars/GLD.csv") - 1 - 252))"
check t_D6_correlation_with_itself 0 factors --data "$bars" --symbol SPY --factor correlation_60 &&
	verdict t_D6_correlation_with_itself "$(awk -F, 'NR > 1 && $2 != "" && ($2 - 1) ^ 2 > 1e-20 { print; exit }' "$work/out")"
if check t_D6_factors_json 0 factors --data "$bars" --symbol SPY --json; then
	verdict t_D6_factors_json "$(is_json "$work/out" || echo "not JSON")"
	same t_D6_factors_json_null "$(head -n 1 "$work/out" | grep -c '"sma_20":null,')" 1
	same t_D6_factors_json_numbers "$(tail -n 1 "$work/out" | sed 's/.*"sma_20":\([^,]*\),.*/\1/')" "$(tail -n 1 "$work/all.csv" | cut -d, -f2)"
fi

# --- factors, bad input -------------------------------------------------------------------------------------------
refused t_D6_unknown_factor 2 'unknown factor "sma20"; did you mean sma_20?' factors --data "$bars" --symbol SPY --factor sma20
refused t_D6_unknown_symbol 2 'unknown symbol "SPX" of --symbol; did you mean SPY?' factors --data "$bars" --symbol SPX
refused t_D6_unknown_against 2 'unknown symbol "GOLD" of --against; .*' factors --data "$bars" --symbol SPY --against GOLD
refused t_D6_after_the_end 2 'SPY ends before --from 2030-01-01; choose an earlier day' factors --data "$bars" --symbol SPY --from 2030-01-01
mkdir "$work/none" "$work/bad"
refused t_D6_no_file 2 '.*/none/SPY.csv is not there; fetch the bars of SPY or name another symbol' factors --data "$work/none" --symbol SPY
# spoiled NAME LINE COLUMN CELL PATTERN: one cell of SPY's file is another
spoiled() {
	awk -F, -v OFS=, -v line="$2" -v column="$3" -v cell="$4" 'NR == line { $column = cell } { print }' "$bars/SPY.csv" >"$work/bad/SPY.csv"
	refused "$1" 2 "$5" factors --data "$work/bad" --symbol SPY
}
spoiled t_D6_nan 30 5 nan ".*/SPY.csv line 30, column close: 'nan' is not a number; .*"
spoiled t_D6_zero 30 5 0 ".*/SPY.csv line 30, column close: '0' is not above 0; .*"
spoiled t_D6_negative 30 2 -5 ".*/SPY.csv line 30, column open: '-5' is not above 0; .*"
spoiled t_D6_empty_cell 30 6 '' ".*/SPY.csv line 30, column adj_close: '' is empty; .*"
spoiled t_D6_infinite 30 6 inf ".*/SPY.csv line 30, column adj_close: 'inf' is not a number; .*"
spoiled t_D6_duplicate 30 1 "$(sed -n 29p "$bars/SPY.csv" | cut -d, -f1)" ".*/SPY.csv line 30, column date: '.*' comes twice; .*"
spoiled t_D6_falling 30 1 1999-12-31 ".*/SPY.csv line 30, column date: '1999-12-31' comes after .*"
gap=$(sed -n 100p "$bars/SPY.csv" | cut -d, -f1)
sed 100d "$bars/SPY.csv" >"$work/bad/SPY.csv"
refused t_D6_gap 2 ".*/SPY.csv has no line for the session of $gap, between .*, or say --gaps keep" factors --data "$work/bad" --symbol SPY
check t_D6_gap_kept 0 factors --data "$work/bad" --symbol SPY --gaps keep && same t_D6_gap_kept "$(wc -l <"$work/out")" "$(wc -l <"$work/bad/SPY.csv")"

# --- signals ------------------------------------------------------------------------------------------------------
if check t_S1_signals 0 signals --data "$bars"; then
	cp "$work/out" "$work/signals.csv"
	same t_S1_signals_header "$(head -n 1 "$work/out")" date,symbol,strategy,grade,confidence,target_weight,regime,reason,bars_seen,bars_needed
	same t_S1_signals_every_strategy "$(tail -n +2 "$work/out" | cut -d, -f3 | sort -u | wc -l)" \
		"$(sed -n '/^#define STRATEGIES/,/^$/p' strategies/signals/signal.h | grep -c '^	X(')"
	same t_S1_signals_every_asset "$(tail -n +2 "$work/out" | cut -d, -f2 | sort -u | wc -l)" 15
	same t_S1_signals_last_day "$(grep ,SPY,momentum, "$work/out" | cut -d, -f1)" "$(last_day "$bars/SPY.csv")"
	verdict t_S1_signals_in_bounds "$(awk -F, 'NR > 1 && ($4 !~ /^(STRONG_)?(BUY|SELL)$|^HOLD$/ || $5 < 0 || $5 > 1 || $6 < -1 || $6 > 1)' "$work/out" | head -n 1)"
fi
day=$(sed -n 150p "$bars/SPY.csv" | cut -d, -f1)
if check t_S1_signals_warming 0 signals --data "$bars" --date "$day" --strategy momentum; then
	same t_S1_signals_warming "$(grep "^$day,SPY,momentum,HOLD,0,0,.*,\"warming up, 149 of 200\",149,200$" "$work/out" | wc -l)" 1
fi
if check t_S1_signals_json 0 signals --data "$bars" --json; then
	verdict t_S1_signals_json "$(is_json "$work/out" || echo "not JSON")"
	same t_S1_signals_json_lines "$(wc -l <"$work/out")" "$(($(wc -l <"$work/signals.csv") - 1))"
fi
# what is said of a day does not depend on the days after it
cut=$work/cut
mkdir "$cut" && for file in "$bars"/*.csv; do awk -F, -v day="$day" 'NR == 1 || $1 <= day' "$file" >"$cut/${file##*/}"; done
find "$cut" -name '*.csv' | while read -r file; do [ "$(wc -l <"$file")" -gt 1 ] || rm "$file"; done
"$binary" signals --data "$bars" --date "$day" >"$work/one" 2>/dev/null
"$binary" signals --data "$cut" >"$work/two" 2>/dev/null
[ -s "$work/one" ] && cmp -s "$work/one" "$work/two" && pass t_S1_signals_no_look_ahead || fail t_S1_signals_no_look_ahead
refused t_S1_unknown_strategy 2 'unknown value "momentun" of --strategy; did you mean momentum?.*' signals --data "$bars" --strategy momentun
refused t_S1_date_after_the_end 2 '--date 2040-01-01 is more than a week after the last bar, .*' signals --data "$bars" --date 2040-01-01
refused t_S1_empty_folder 2 '.*/none holds no file of the universe; .*' signals --data "$work/none"
sed 100d "$bars/SPY.csv" >"$work/bad/SPY.csv"
refused t_S1_gap 2 ".*/SPY.csv has no line for the session of $gap, .*" signals --data "$work/bad"

# funding: three quiet rates a day for the last 31 days of the bars, the very last one high
end=$(last_day "$bars/BTC-USD.csv")
{ echo timestamp_utc,funding_rate; tail -n 31 "$bars/BTC-USD.csv" | cut -d, -f1 | while read -r date; do
	printf '%sT%s:00:00Z,0.00004\n' "$date" 00 "$date" 08 "$date" 16; done; } | sed '$s/0.00004/0.0002/' >"$work/rates.csv"
carry() { name=$1 && shift && check "$name" 0 signals --data "$bars" --strategy carry "$@"; }
# spoilt_rates NAME SED SENTENCE: the rates with line 20 edited are refused
spoilt_rates() { sed "20$2" "$work/rates.csv" >"$work/spoilt.csv"
	refused "$1" 2 ".*/spoilt.csv line 20, column $3" signals --data "$bars" --strategy carry --funding-bybit "$work/spoilt.csv"; }
carry t_S5_carry --funding-binance "$work/rates.csv" &&
	same t_S5_carry "$(grep -c "^$end,BTC-USD,carry,BUY,.*,0.08,.*,funding pays for .*,93,90$" "$work/out")" 1
carry t_S5_carry_of_two_venues --funding-binance "$work/rates.csv" --funding-bybit "$work/rates.csv" --json &&
	same t_S5_carry_of_two_venues "$(grep -c '"symbol":"BTC-USD".*"grade":"BUY".*"target_weight":0.1,' "$work/out")" 1
carry t_S5_carry_without_rates && same t_S5_carry_without_rates "$(grep -c '^.*,BTC-USD,carry,HOLD,.*,no funding rate for this asset,' "$work/out")" 1
spoilt_rates t_S5_rate_nan 's/,.*/,nan/' "funding_rate: 'nan' is not a number; .*"
spoilt_rates t_S5_rate_out_of_bounds 's/,.*/,-0.2/' "funding_rate: '-0.2' is not between -0.1 and 0.1; .*"
sed 19p "$work/rates.csv" >"$work/spoilt.csv"
refused t_S5_rate_twice 2 ".*/spoilt.csv line 20, column timestamp_utc: '.*' comes twice; .*" \
	signals --data "$bars" --strategy carry --funding-bybit "$work/spoilt.csv"
spoilt_rates t_S5_rate_gap d "timestamp_utc: '.*' is not 8 h after the line above it; .*, or say --gaps keep"
spoilt_rates t_S5_rate_time 's/T/ /' "timestamp_utc: '.*' is not a time like .*"
sed 20d "$work/rates.csv" >"$work/spoilt.csv"
carry t_S5_rate_gap_kept --funding-bybit "$work/spoilt.csv" --gaps keep && same t_S5_rate_gap_kept "$(grep -c '^.*,BTC-USD,.*,92,90$' "$work/out")" 1
head -n 50 "$work/rates.csv" >"$work/spoilt.csv"
refused t_S5_rates_that_end_early 2 ".*/spoilt.csv ends on .*, more than a day before $end; .*" \
	signals --data "$bars" --strategy carry --funding-binance "$work/spoilt.csv"

# --from alone, and a --from that the day lies before
check t_S1_signals_from 0 signals --data "$bars" --from 2014-06-02 && cp "$work/out" "$work/later" && check t_S1_signals_from 0 signals --data "$bars" &&
	same t_S1_signals_from "$(wc -l <"$work/later")" "$(wc -l <"$work/out")"
refused t_S1_signals_from_after_date 2 '--from 2015-01-02 is after --date 2014-01-02' signals --data "$bars" --from 2015-01-02 --date 2014-01-02

# --- quotes: by hand, sigma = 0.02 x 100 = 2, r = 100 - 2 x 0.1 x 4, S = 0.1 x 4 + 20 ln(1 + 0.1 / 1.5) ----------------------
paper="quotes --mid 100 --position 2 --volatility 0.02 --gamma 0.1 --kappa 1.5 --horizon 1 --form paper"
# shellcheck disable=SC2086
if check t_S7_quotes 0 $paper; then
	same t_S7_quotes_header "$(head -n 1 "$work/out")" side,level,price,size,reservation_price,spread,volatility
	same t_S7_quotes_levels "$(wc -l <"$work/out")" 7
	verdict t_S7_quotes_by_hand "$(awk -F, 'NR == 2 { spread = 0.4 + 20 * log(1 + 0.1 / 1.5)
		if (($5 - 99.2) ^ 2 > 1e-20 || ($6 - spread) ^ 2 > 1e-20 || ($3 - 99.2 + spread / 2) ^ 2 > 1e-20) print }' "$work/out")"
fi
# shellcheck disable=SC2086
check t_S7_quotes_json 0 $paper --json && verdict t_S7_quotes_json "$(is_json "$work/out" || echo "not JSON")"
# shellcheck disable=SC2086
check t_S7_quotes_one_level 0 $paper --levels 1 && same t_S7_quotes_one_level "$(wc -l <"$work/out")" 3
check t_S7_quotes_document 0 quotes --mid 100 --position 2 --volatility 0.02 --skew document --json &&
	same t_S7_quotes_document "$(grep -c '"form":"document","skew":"document"' "$work/out")" 1
# at the limit only the side that reduces is left
check t_S7_quotes_at_the_limit 0 quotes --mid 100 --position 10 --position-max 10 && same t_S7_quotes_at_the_limit "$(grep -c ^bid "$work/out")" 0
printf 'time,mid\n1,100\n2,101\n3,100.5\n' >"$work/mids.csv"
check t_S7_quotes_mids 0 quotes --mids "$work/mids.csv" --stamps time --json && same t_S7_quotes_mids "$(grep -c '"mid":100.5,' "$work/out")" 1
refused t_S7_gamma 2 '--gamma "0" is out of bounds; give more than 0, up to 1000' quotes --mid 100 --gamma 0
refused t_S7_kappa 2 '--kappa "-1" is out of bounds; give more than 0, .*' quotes --mid 100 --kappa -1
refused t_S7_levels 2 '--levels "4" is out of bounds; give 1..3' quotes --mid 100 --levels 4
refused t_S7_volatility 2 '--volatility "2" is out of bounds; give more than 0, up to 1' quotes --mid 100 --volatility 2
refused t_S7_volatility_zero 2 '--volatility "0" is out of bounds; give more than 0, up to 1' quotes --mid 100 --volatility 0
refused t_S7_horizon 2 'quotes: horizon must be .*' quotes --mid 100 --horizon -1
refused t_S7_no_number 2 '--mid "abc" is not a number; give one like 2.5, .*' quotes --mid abc
refused t_S7_mid 2 '--mid -3 is no price; .*' quotes --mid -3
refused t_S7_position 2 '--position 1e11 is out of bounds; .*' quotes --mid 10 --position 1e11
refused t_S7_no_mid 2 'quotes needs --mid PRICE or --mids FILE' quotes
refused t_S7_two_sources 2 '--mids and --volatility are two sources .*' quotes --mids "$work/mids.csv" --volatility 0.1
refused t_S7_nan 2 '--gamma "nan" is not a number; .*' quotes --mid 100 --gamma nan
printf 'time,mid\n1,100\n2,0\n' >"$work/bad.csv"
refused t_S7_mids_zero 2 ".*/bad.csv line 3, column mid: '0' is not above 0; .*" quotes --mids "$work/bad.csv"
printf 'time,mid\n2,100\n1,101\n' >"$work/bad.csv"
refused t_S7_mids_falling 2 ".*/bad.csv line 3, column time: '1' is before the line above it; .*" quotes --mids "$work/bad.csv" --stamps time

# --- metrics ------------------------------------------------------------------------------------------------------
"$binary" backtest --data "$bars" --equity "$work/equity.csv" --json >"$work/backtest.json" 2>/dev/null
figure() { sed 's/.*"'"$1"'":\([-0-9.e]*\).*/\1/' "$2"; }
if check t_T4_metrics 0 metrics "$work/equity.csv" --json; then
	verdict t_T4_metrics_json "$(is_json "$work/out" || echo "not JSON")"
	same t_T4_metrics_45 "$(sed 's/.*"metrics":{\([^}]*\)}.*/\1/' "$work/out" | tr ',' '\n' | wc -l)" 45
	for key in cagr_pct volatility_pct sharpe sortino calmar max_drawdown_pct; do
		verdict "t_T4_metrics_${key}_is_the_backtest_s" "$(awk -v a="$(figure $key "$work/out")" -v b="$(figure $key "$work/backtest.json")" \
			'BEGIN { if ((a - b) ^ 2 > 1e-18 * b * b) print a " for " b }')"
	done
	same t_T4_deflated_after_one_trial "$(figure deflated_sharpe_pct "$work/out")" "$(figure probabilistic_sharpe_pct "$work/out")"
	cp "$work/out" "$work/one"
fi
check t_T4_deflated 0 metrics "$work/equity.csv" --trials 100 --trials-variance 0.001 --json &&
	verdict t_T4_deflated "$(awk -v a="$(figure deflated_sharpe_pct "$work/out")" -v b="$(figure deflated_sharpe_pct "$work/one")" 'BEGIN { if (!(a < b)) print a }')"
check t_T4_metrics_table 0 metrics "$work/equity.csv" && same t_T4_metrics_table "$(wc -l <"$work/out")" 47
refused t_T4_trials_alone 2 '--trials needs --trials-variance.*' metrics "$work/equity.csv" --trials 9
refused t_T4_no_column 2 '.*/equity.csv line 1: there is no column nav; the columns are: date nav_usd .*' metrics "$work/equity.csv" --column nav
# worse NAME LINE COLUMN CELL PATTERN
worse() {
	awk -F, -v OFS=, -v line="$2" -v column="$3" -v cell="$4" 'NR == line { $column = cell } { print }' "$work/equity.csv" >"$work/bad.csv"
	refused "$1" 2 "$5" metrics "$work/bad.csv"
}
worse t_T4_nan 9 2 NaN ".*/bad.csv line 9, column nav_usd: 'NaN' is not a number; .*"
worse t_T4_negative 9 2 -1 ".*/bad.csv line 9, column nav_usd: '-1' is not above 0; .*"
worse t_T4_empty_cell 9 2 '' ".*/bad.csv line 9, column nav_usd: '' is empty; .*"
worse t_T4_date 9 1 2013-02-30 ".*/bad.csv line 9, column date: '2013-02-30' is not a date .*"
worse t_T4_duplicate 9 1 "$(sed -n 8p "$work/equity.csv" | cut -d, -f1)" ".*/bad.csv line 9, column date: .* comes twice; .*"
head -n 2 "$work/equity.csv" >"$work/bad.csv"
refused t_T4_one_row 2 '.*/bad.csv has one row: .*' metrics "$work/bad.csv"
head -n 1 "$work/equity.csv" >"$work/bad.csv"
refused t_T4_no_row 2 '.*/bad.csv holds no row below its header; .*' metrics "$work/bad.csv"
: >"$work/bad.csv"
refused t_T4_empty 2 '.*/bad.csv holds no row below its header; .*' metrics "$work/bad.csv"
head -c 70000 /dev/zero >"$work/bad.csv"
refused t_T4_no_text 2 '.*/bad.csv line 1: it is longer than .*' metrics "$work/bad.csv"
close
