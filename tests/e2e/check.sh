#!/bin/sh
# build/check finds nothing in honest runs, and each of five planted bugs by its name (rows X2, O1; invariant 4). kit/plant.c plants those of
# the journal, awk those of the venue's log. TICKWORK, VENUE and CHECK name the binaries.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_X2_check
need_venue t_X2_check
compiler=$(command -v cc || command -v gcc || command -v clang) || { skip t_X2_check "no C compiler for kit/plant.c (apt-get install gcc)"; close; }
"$compiler" -O1 -std=c11 -Wall -Wextra "$kit/plant.c" -o "$work/plant" || { fail t_X2_check "kit/plant.c does not compile"; close; }

# honest NAME JOURNAL [LOG]: nothing is found.
honest() {
	name=$1
	shift
	"$checker" "$@" >"$work/out" 2>&1
	code=$?
	if [ $code -eq 0 ] && grep -q '^0 duplicate orders, 0 lost fills, 0 wrong positions ' "$work/out"; then pass "$name"
	else fail "$name" "exit code $code: $(head -n 3 "$work/out" | tr '\n' ' ')"; fi
}
# finds NAME WORDS JOURNAL [LOG]: code 1, and a line that begins with the words.
finds() {
	name=$1 words=$2
	shift 2
	"$checker" "$@" >"$work/out" 2>&1
	code=$?
	if [ $code -eq 1 ] && grep -q "^$words: " "$work/out"; then pass "$name"
	else fail "$name" "exit code $code, not \"$words\": $(head -n 3 "$work/out" | tr '\n' ' ')"; fi
}
# plant HOW: a copy of the journal with that bug.
plant() {
	cp "$work/home/journal" "$work/$1" && "$work/plant" "$work/$1" "$2" || fail "t_X2_plant_$2" "not planted"
}

check t_X2_run_single 0 run --home "$work/single" --days 60 && honest t_X2_single_is_honest "$work/single/journal"
venue_start day --seed 3 --from 2015-01-02 --to 2015-04-30
mkdir "$work/home"
at_venue "$work/home" >"$work/run.log" 2>&1 </dev/null || fail t_X5_run "$(tail -n 2 "$work/run.log")"
venue_end
log=$work/day/log
honest t_X2_venue_is_honest "$work/home/journal" "$log"
fills=$(grep -c '"what":"fill"' "$log")
[ "$fills" -ge 50 ] && grep -q "^venue: .* $fills fills" "$work/out" && pass t_X2_counts_the_fills || fail t_X2_counts_the_fills "$fills: $(tail -n 2 "$work/out")"

# Lines of the log get their numbers again.
number() { awk '{ sub(/"seq":[0-9]+/, "\"seq\":" NR); print }'; }
first=$(grep -m 1 '"what":"accepted"' "$log")
id=$(echo "$first" | sed 's/.*"client_order_id":"\([^"]*\)".*/\1/')
other=$(echo "$id" | sed 's/..$/ZZ/')
awk -v id="\"$id\"" -v other="\"$other\"" '{ print } !done && index($0, id) { sub(id, other); print; done = 1 }' "$log" | number >"$work/twice"
finds t_X2_an_order_sent_twice_under_two_ids 'duplicate order' "$work/home/journal" "$work/twice"
awk '{ print } !done && /"what":"accepted"/ { print; done = 1 }' "$log" | number >"$work/same"
finds t_X2_an_order_sent_twice_under_one_id 'duplicate order' "$work/home/journal" "$work/same"
plant dropped drop
finds t_X2_a_fill_dropped_from_the_journal 'lost fill' "$work/dropped" "$log"
plant doubled double
finds t_X2_a_fill_booked_twice 'fill booked twice' "$work/doubled" "$log"
awk -v other="\"$other\"" '{ print } !done && /"what":"accepted"/ { sub(/"client_order_id":"[^"]*"/, "\"client_order_id\":" other); sub(/"qty":"[^"]*"/, "\"qty\":\"7777\""); print; done = 1 }' \
	"$log" | number >"$work/foreign"
finds t_X2_an_order_never_journalled 'order never journalled' "$work/home/journal" "$work/foreign"
plant position position
finds t_O1_a_wrong_position_record 'wrong position' "$work/position" "$log"
finds t_O1_a_wrong_position_record_without_a_log 'wrong position' "$work/position"
plant cash cash
finds t_O1_a_wrong_cash_record 'wrong cash' "$work/cash" "$log"
finds t_O1_a_wrong_cash_record_without_a_log 'wrong cash' "$work/cash"
awk '/"what":"fill"/ && !done { sub(/"commission":"/, "\"commission\":\"1"); done = 1 } { print }' "$log" >"$work/fee"
finds t_O1_a_wrong_fee 'wrong fill' "$work/home/journal" "$work/fee"

for bad in "$log" /dev/null; do
	"$checker" "$bad" >"$work/out" 2>"$work/err"
	[ $? -eq 2 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && pass "t_X2_no_journal_$(basename "$bad")" || fail "t_X2_no_journal_$(basename "$bad")" "$(cat "$work/err")"
done
close
