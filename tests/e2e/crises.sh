#!/bin/sh
# The risk levels in the crises of 2008, 2020 and 2022 on recorded days (row R1): they fire and clear, with dates in the result, and the dates agree
# with a drawdown computed from the equity file alone (kit/crises.py), and with correlations computed from the recorded days and the list of trades
# (row R3, kit/correlations.py). Needs ../shared/data/daily (TICKWORK_SHARED=DIR names another place).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_R1_crises
if [ ! -f "$daily/SPY.csv" ]; then skip t_R1_crises "no ../shared/data/daily beside the project (TICKWORK_SHARED=DIR names another)"; close; fi
if [ -z "$python" ]; then skip t_R1_crises "no python3 to compute the drawdown with"; close; fi

# crisis NAME FROM TO DEEPEST SLACK CORRELATED: the level that correlation alone must have caused
crisis() {
	if ! "$binary" backtest --data "$daily" --from "$2" --to "$3" --json --equity "$work/$1.equity" \
		--trades "$work/$1.trades" >"$work/$1.json" 2>"$work/err" </dev/null; then
		fail "t_R1_$1" "$(tail -n 1 "$work/err")"
		return
	fi
	"$python" "$kit/crises.py" "$work/$1.equity" "$work/$1.json" "t_R1_$1_" "$4" "$5" >"$work/judged" 2>"$work/err" ||
		echo "FAIL t_R1_$1_judge: $(tail -n 1 "$work/err")" >>"$work/judged"
	"$python" "$kit/correlations.py" "$daily" "$work/$1.trades" "$work/$1.equity" "$work/$1.json" "t_R3_$1_" "$6" >>"$work/judged" 2>"$work/err" ||
		echo "FAIL t_R3_$1_judge: $(tail -n 1 "$work/err")" >>"$work/judged"
	judged "$work/judged"
}
# In 2008 nothing trades after the close, so the figures are the same to the basis point; later bitcoin, at most 15 % of the book, does.
crisis 2008 2008-01-01 2009-12-31 1 0 2
crisis 2020 2019-06-01 2020-12-31 1 1 1
crisis 2022 2021-06-01 2022-12-31 1 1 1
crisis all 2007-01-01 2022-12-31 1 1 2

# The table says it to people, within a terminal's width.
"$binary" backtest --data "$daily" --from 2008-01-01 --to 2009-12-31 >"$work/table" 2>"$work/err" </dev/null
grep -q '^    2008-[0-9-]*  CLEAR    to LEVEL1  *[0-9.]* % below the peak  DD_1$' "$work/table" && pass t_R1_table_has_dates ||
	fail t_R1_table_has_dates "$(grep LEVEL "$work/table" | head -n 1)"
verdict t_R1_table_80_columns "$(awk 'length > 80 { print; exit }' "$work/table")"
close
