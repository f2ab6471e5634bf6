#!/bin/sh
# The backtest as a script meets it (row T1): shapes of its files, and every figure computed again from outside. kit/backtest.py judges.
# On generated bars always; on the recorded ones where ../shared (or TICKWORK_SHARED) has them.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_T1_backtest

# backtest NAME FOLDER WORD...: result in $work/NAME.json, .equity, .trades; what it said in .err.
backtest() {
	run=$1 from=$2
	shift 2
	"$binary" backtest --data "$from" --json --equity "$work/$run.equity" --trades "$work/$run.trades" "$@" \
		>"$work/$run.json" 2>"$work/$run.err" </dev/null && return 0
	fail "t_T1_$run" "exit code $?: $(tail -n 1 "$work/$run.err")"
	return 1
}
value() { sed 's/.*"'"$2"'":"\{0,1\}\([^",}]*\).*/\1/' "$work/$1.json"; }
judge() {
	if [ -z "$python" ]; then skip "t_T1_$1_from_outside" "no python3 to compute it again with"; return; fi
	"$python" "$kit/backtest.py" "$2" "$work/$1.equity" "$work/$1.trades" "$work/$1.json" "t_T1_$1_" >"$work/judged" 2>"$work/err" ||
		echo "FAIL t_T1_$1_judge: $(tail -n 1 "$work/err")" >>"$work/judged"
	judged "$work/judged"
}

bars=$work/bars
mkdir "$bars" && awk -v folder="$bars" -v sessions=1000 -v crash=500 -f "$kit/bars.awk" || { fail t_T1_bars "awk could not make them"; close; }

# --- the figures --------------------------------------------------------------------------------------------------
backtest made "$bars" && judge made "$bars"
if [ ! -f "$daily/SPY.csv" ]; then skip t_T1_recorded "no ../shared/data/daily beside the project (TICKWORK_SHARED=DIR names another)"
elif backtest recorded "$daily"; then
	judge recorded "$daily"
	[ "$(value recorded symbols)" = 15 ] && pass t_T1_recorded_15_assets || fail t_T1_recorded_15_assets "$(value recorded symbols)"
	verdict t_T1_recorded_15_years_below_30_s "$(awk -v ms="$(value recorded elapsed_ms)" 'BEGIN { if (!(ms > 0 && ms < 30000)) print ms " ms" }')"
fi

# --- days and files that cannot be ----------------------------------------------------------------------------------
refused t_T1_begins_after_the_data 2 'no file in .* has a bar from .*; choose other days' \
	backtest --data "$bars" --from 2040-01-01
refused t_T1_ends_before_the_default_begin 2 'the period would begin 2007-01-01 and end 1999-01-01: give both --from and --to' \
	backtest --data "$bars" --to 1999-01-01
refused t_T1_weekend 2 'no session of NYSE ends from 2014-11-02 to 2014-11-02; choose other days' backtest --data "$bars" --from 2014-11-02 --to 2014-11-02
mkdir "$work/long" "$work/folder" && awk -v folder="$work/long" -v sessions=3400 -v crash=500 -f "$kit/bars.awk" && backtest long "$work/long" --from 2022-06-01 && {
	last=$(tail -n 1 "$work/long/SPY.csv" | cut -d, -f1)
	case $last in 202[3-9]-*) ;; *) fail t_T1_to_the_last_day_of_the_data "the bars end $last" ;; esac
	case $(tail -n 1 "$work/long.equity") in "$last",*) pass t_T1_to_the_last_day_of_the_data ;; *) fail t_T1_to_the_last_day_of_the_data "$(tail -n 1 "$work/long.equity")" ;; esac
}
refused t_T1_equity_is_a_folder 2 '.*/folder is a folder: name a file' backtest --data "$bars" --equity "$work/folder"
refused t_T1_one_file_for_two 2 "--equity and --trades are the same file, $work/folder/../two; name two" \
	backtest --data "$bars" --equity "$work/two" --trades "$work/folder/../two"

# --- the same bytes twice -----------------------------------------------------------------------------------------
if backtest again "$bars"; then
	if ! cmp -s "$work/made.equity" "$work/again.equity"; then fail t_T1_same_twice "another equity file"
	elif ! cmp -s "$work/made.trades" "$work/again.trades"; then fail t_T1_same_twice "another trades file"
	elif [ "$(value made state_hash)" != "$(value again state_hash)" ]; then fail t_T1_same_twice "another state hash"
	else pass t_T1_same_twice; fi
fi
"$binary" backtest --data "$bars" >"$work/table" 2>"$work/err" && grep -q "state hash  *$(value made state_hash)\$" "$work/table" &&
	pass t_T1_table_has_the_same_hash || fail t_T1_table_has_the_same_hash "$(tail -n 1 "$work/table")"
verdict t_T1_table_80_columns "$(awk 'length > 80 { print; exit }' "$work/table")"

# --- no look into the future: a shorter period is the beginning of the longer one -----------------------------------
if backtest short "$bars" --to 2015-04-17; then
	rows=$(wc -l <"$work/short.equity") trades=$(wc -l <"$work/short.trades")
	head -n "$rows" "$work/made.equity" | cmp -s - "$work/short.equity" && pass t_T1_no_look_ahead_equity || fail t_T1_no_look_ahead_equity "rows differ"
	head -n "$trades" "$work/made.trades" | cmp -s - "$work/short.trades" && pass t_T1_no_look_ahead_trades || fail t_T1_no_look_ahead_trades "rows differ"
	case $(tail -n 1 "$work/short.equity") in 2015-04-17,*) pass t_T1_to ;; *) fail t_T1_to "ends $(tail -n 1 "$work/short.equity")" ;; esac
fi
# The last day's high, low, close and volume are not known at its open: other ones leave its fills as they were.
mkdir "$work/other" && for file in "$bars"/*.csv; do
	awk -F, -v OFS=, '$1 == "2015-04-17" { $3 = $3 * 3; $4 = $4 / 3; $5 = $5 * 1.2; $6 = $6 * 1.2; $7 = 1 } 1' "$file" >"$work/other/${file##*/}"
done
if backtest other "$work/other" --to 2015-04-17; then
	cmp -s "$work/other.trades" "$work/short.trades" && ! cmp -s "$work/other.equity" "$work/short.equity" && pass t_T1_fills_know_only_the_open ||
		fail t_T1_fills_know_only_the_open "$(diff "$work/other.trades" "$work/short.trades" | head -n 3)"
fi
if backtest late "$bars" --from 2014-02-03 --to 2016-03-31; then
	sed -n 2p "$work/late.equity" | grep -q '^2014-02-03,100000,100000,0' && pass t_T1_from || fail t_T1_from "begins $(sed -n 2p "$work/late.equity")"
	case $(tail -n 1 "$work/late.equity") in 2016-03-31,*) pass t_T1_from_to ;; *) fail t_T1_from_to "ends $(tail -n 1 "$work/late.equity")" ;; esac
	judge late "$bars"
fi
refused t_T1_from_after_to 2 '--from 2015-01-02 is after --to 2014-01-02; give an earlier --from, or a later --to' backtest --data "$bars" --from 2015-01-02 --to 2014-01-02
refused t_T1_no_day_there 2 "no file in $bars has a bar from [0-9-]* to 1996-01-02; choose other days" backtest --data "$bars" --from 1995-01-02 --to 1996-01-02

# --- the operator who never comes ---------------------------------------------------------------------------------
if backtest absent "$bars" --operator absent; then
	[ "$(value absent operator_confirmations)" = 0 ] && [ "$(value made operator_confirmations)" -gt 0 ] && pass t_R1_confirmations_counted ||
		fail t_R1_confirmations_counted "$(value absent operator_confirmations) and $(value made operator_confirmations)"
	# Out of the market for good: after the last trade everything is cash, and that lasts for most of the period.
	awk -F, 'NR == FNR { last = $1; next } FNR > 1 && $1 > last { rows++; if ($2 != $3) risk = $0 } END {
		if (rows < 200) print "only " rows + 0 " rows after the last trade, " last; else if (risk) print "still holds something: " risk }' \
		"$work/absent.trades" "$work/absent.equity" >"$work/why"
	verdict t_R1_absent_operator_stays_out "$(cat "$work/why")"
	judge absent "$bars"
fi

# --- progress -----------------------------------------------------------------------------------------------------
# A line a second at most, so a run that is over sooner shows none: this one is stopped in the middle for longer than that.
lines=0 try=0
while [ $lines -eq 0 ] && [ $try -lt 20 ]; do
	try=$((try + 1))
	"$binary" backtest --data "$bars" --json >"$work/out" 2>"$work/err" </dev/null &
	sleep 0.0$((try % 5 + 1))
	kill -STOP $! 2>/dev/null && sleep 1.1 && kill -CONT $!
	wait $!
	lines=$(wc -l <"$work/err")
done
if [ "$lines" -eq 0 ]; then skip t_P18_progress_lines "over too soon to be stopped in the middle"
elif grep -v '^{"progress":"backtest","done":[0-9]*,"total":[0-9]*,"unit":"days","elapsed_ms":[0-9]*,"eta_ms":[0-9]*}$' "$work/err" >"$work/why"; then
	fail t_P18_progress_lines "$(head -n 1 "$work/why")"
elif [ "$(wc -l <"$work/out")" -ne 1 ]; then fail t_P18_progress_lines "standard output is not the result alone"
else pass t_P18_progress_lines; fi

# --- files that cannot be written ---------------------------------------------------------------------------------
refused t_T1_equity_no_folder 2 "$work/nowhere/equity .*" backtest --data "$bars" --equity "$work/nowhere/equity"
refused t_T1_trades_is_a_folder 2 "$work .*" backtest --data "$bars" --trades "$work"
if [ -w /dev/full ]; then refused t_T1_full_disk 1 '.*full.*' backtest --data "$bars" --equity /dev/full; else skip t_T1_full_disk "no /dev/full here"; fi
close
