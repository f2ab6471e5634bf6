#!/bin/sh
# Five generated years of the whole pipeline, counted in instructions: the same on every machine with this compiler, whatever else runs there.
# tests/budget/pipeline.txt holds the figure; more or less than 10 % beside it fails (lower it when the product became faster).
# The last line is `N passed, N failed, N skipped`.
set -u
cd "$(dirname "$0")/../.." || exit 1
name=t_T1_five_years_within_the_budget_of_instructions
figure=tests/budget/pipeline.txt

skip() { echo "skip $name: $1"; echo '0 passed, 0 failed, 1 skipped'; exit 0; }
fail() { echo "FAIL $name: $1"; echo '0 passed, 1 failed, 0 skipped'; exit 1; }

command -v valgrind > /dev/null || skip 'valgrind is missing (apt-get install valgrind)'
[ -x build/bench ] && [ -x build/tickwork ] || skip 'no build/bench and build/tickwork here; make builds them'
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
build/bench --write-bars "$work" || fail 'bench could not write the bars'
valgrind --tool=callgrind --callgrind-out-file=/dev/null build/tickwork backtest --data "$work" --from 2018-01-01 --to 2022-12-31 --json \
	> "$work/out" 2> "$work/log" || fail "the backtest failed: $(tail -n 1 "$work/log")"
grep -q '"days":1259}' "$work/out" || fail 'not the five years that were asked for'
counted=$(awk '/Collected :/ { print $NF }' "$work/log")
allowed=$(awk '$1 == "instructions" { print $2 }' $figure)
[ -n "$counted" ] && [ -n "$allowed" ] || fail "no figure from valgrind, or none in $figure"
difference=$(awk -v a="$counted" -v b="$allowed" 'BEGIN { printf "%+.1f", (a / b - 1) * 100 }')
awk -v d="$difference" 'BEGIN { exit !(d >= -10 && d <= 10) }' || fail "$counted instructions, $difference % beside $allowed ($figure)"
echo "ok   $name: $counted instructions, $difference % beside $allowed"
echo '1 passed, 0 failed, 0 skipped'
