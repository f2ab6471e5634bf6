#!/bin/sh
# `tickwork tax`: the form of a golden home, of a run, by year and method; files that are none (row R8).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_R8_tax
golden=tests/golden/lots

# sums: the form by part and days: units, cents of proceeds, cost, adjustment.
sums() {
	awk -F, 'NR > 1 { split($2, what, " "); key = $1 " " $3 " " $4; n[key] += what[1]; p[key] += $5 * 100; c[key] += $6 * 100; a[key] += $8 * 100 }
		END { for (key in n) printf "%s %d %.0f %.0f %.0f\n", key, n[key], p[key], c[key], a[key] }' "$work/out" | sort
}
check t_R8_golden_form 0 tax --home "$golden" && sums >"$work/sums" && cmp -s "$work/sums" "$golden/form.txt" && pass t_R8_golden_form ||
	fail t_R8_golden_form "$(diff "$work/sums" "$golden/form.txt" | head -n 3)"
[ "$(head -n 1 "$work/out")" = part,description,date_acquired,date_sold,proceeds_usd,cost_usd,code,adjustment_usd,gain_usd ] && pass t_R8_columns || fail t_R8_columns
awk -F, 'NR > 1 && ($7 == "W") != ($8 != "") { bad = 1 } NR > 1 && $7 == "W" { w++ } END { exit bad || !w }' "$work/out" && pass t_R8_code_w || fail t_R8_code_w
cp "$work/out" "$work/all"
for year in 2019 2020 2021 2022 2023 2024; do
	check t_R8_year 0 tax --home "$golden" --year $year || continue
	tail -n +2 "$work/out" >>"$work/years"
done
tail -n +2 "$work/all" | sort >"$work/want" && sort "$work/years" | cmp -s - "$work/want" && pass t_R8_years_make_the_whole || fail t_R8_years_make_the_whole
check t_R8_hifo 0 tax --home "$golden" --method hifo && ! cmp -s "$work/out" "$work/all" && pass t_R8_hifo_differs || fail t_R8_hifo_differs

# of a run: every unit that was sold is on the form
home=$work/home
check t_R8_run 0 run --home "$home" --days 300
check t_R8_of_a_run 0 tax --home "$home"
sold=$(awk -F, '$7 == "SELL" { n += $8 } END { printf "%.4f", n }' "$home/fills.csv")
[ "$sold" = "$(awk -F, 'NR > 1 { split($2, what, " "); n += what[1] } END { printf "%.4f", n }' "$work/out")" ] && pass t_R8_every_unit_sold || fail t_R8_every_unit_sold "$sold"
check t_R8_json 0 tax --home "$home" --json && ! grep -v '^{"part":"I*","symbol":".*"gain_usd":[-0-9.]*}$' "$work/out" >/dev/null && pass t_R8_json || fail t_R8_json "$(head -n 1 "$work/out")"
day=$(tail -n 1 "$home/fills.csv" | cut -dT -f1)
check t_R8_windows 0 tax --home "$home" --windows "$day" && grep -q '^[A-Z]*: a purchase until [-0-9]* takes losses of up to ' "$work/out" && pass t_R8_windows || fail t_R8_windows "$(head -n 2 "$work/out")"

check t_R8_windows_json 0 tax --home "$home" --windows "$day" --json && ! grep -v '^{"symbol":"[A-Z-]*","date":"'"$day"'","purchase_takes_loss_usd":.*}$' "$work/out" >/dev/null &&
	[ -s "$work/out" ] && pass t_R8_windows_json || fail t_R8_windows_json "$(head -n 2 "$work/out")"

# a file that was taken away while nothing ran is begun anew, and the form says what may be missing; the journal makes it again
cp "$home/fills.csv" "$work/fills.whole" && rm "$home/fills.csv"
check t_R8_begun_anew 0 run --home "$home" --days 300 && check t_R8_begun_anew 0 tax --home "$home" && grep -q '^tickwork: .*: sales from before may be missing here; ' "$work/err" &&
	pass t_R8_begun_anew || fail t_R8_begun_anew "$(cat "$work/err")"
mv "$home/books.db" "$work/books.db"
check t_R8_made_again 0 run --home "$home" --days 300 && cmp -s "$home/fills.csv" "$work/fills.whole" && pass t_R8_made_again || fail t_R8_made_again "fills.csv differs"

# lots that were named; a cell that is wrong
sale=$(awk -F, '$7 == "SELL" && $6 == "SPY" { print $5; exit }' "$golden/fills.csv")
printf 'sale,purchase,qty\n%s,2,1\n' "$sale" >"$work/picks.csv"
check t_R8_picks 0 tax --home "$golden" --picks "$work/picks.csv" && ! cmp -s "$work/out" "$work/all" && pass t_R8_picks || fail t_R8_picks
printf 'sale,purchase,qty\n%s,none,1\n' "$sale" >"$work/picks.csv"
refused t_R8_bad_pick 2 ".*/picks.csv line 2, column purchase: 'none' is no number of an order; correct the cell or take the line out" tax --home "$golden" --picks "$work/picks.csv"
mkdir "$work/empty" "$work/bad"
refused t_R8_no_fills 2 '.*/fills.csv cannot be read: name the --home of a run' tax --home "$work/empty"
sed '3s/SPY/XXX/' "$golden/fills.csv" >"$work/bad/fills.csv"
refused t_R8_unknown_symbol 2 ".*/fills.csv line 3, column symbol: 'XXX' is not of the universe; .*" tax --home "$work/bad"
sed '2d' "$golden/fills.csv" | head -n 6 >"$work/bad/fills.csv"
printf '2030-01-02T15:00:00Z,9,0,99,99,SPY,SELL,100000,10,0,0,signal\n' >>"$work/bad/fills.csv"
check t_R8_sold_more_than_held 1 tax --home "$work/bad" && grep -q '1 sales were of more than was held' "$work/err" && pass t_R8_sold_more_than_held || fail t_R8_sold_more_than_held "$(cat "$work/err")"
: >"$work/bad/fills.csv"
refused t_R8_empty_file 2 '.*/fills.csv is empty or was being written: try again' tax --home "$work/bad"
refused t_R8_picks_no_file 2 '/dev/null cannot be read: name a CSV with the columns sale,purchase,qty' tax --home "$golden" --picks /dev/null
close
