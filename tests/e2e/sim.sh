#!/bin/sh
# sim.sh - `tickwork sim` as a person drives it: a seed is a run, faults are named, bad input gets a sentence. Rows P15, X2.
set -u
bin=${TICKWORK:-build/tickwork}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
check() {
	name=$1
	shift
	if "$@"; then passed=$((passed + 1)); echo "ok   $name"; else failed=$((failed + 1)); echo "FAIL $name"; fi
}
hash_of() { sed -n 's/.*"trace_hash":"\([0-9a-f]*\)".*/\1/p' "$1"; }

"$bin" sim --seed 7 --days 10 --json > "$dir/a" 2>&1; code_a=$?
"$bin" sim --seed 7 --days 10 --json > "$dir/b" 2>&1
"$bin" sim --seed 8 --days 10 --json > "$dir/c" 2>&1
check t_P15_sim_ends_with_0_when_all_holds [ $code_a -eq 0 ]
check t_P15_sim_same_seed_same_trace [ -n "$(hash_of "$dir/a")" -a "$(hash_of "$dir/a")" = "$(hash_of "$dir/b")" ]
check t_P15_sim_another_seed_another_trace [ "$(hash_of "$dir/a")" != "$(hash_of "$dir/c")" ]
for key in seed days steps faults violations trace_hash virtual_s elapsed_s; do
	check "t_P15_sim_json_has_$key" grep -q "\"$key\":" "$dir/a"
done
"$bin" sim --seed 7 --days 5 --faults none > "$dir/none" 2>&1
check t_P15_sim_no_faults_when_none_are_wanted grep -q '^0 faults befell' "$dir/none"
"$bin" sim --faults fire > "$dir/bad" 2>&1; code=$?
check t_P15_sim_unknown_fault_is_named [ $code -eq 2 ]
check t_P15_sim_unknown_fault_sentence grep -q '"fire" is no kind and no group' "$dir/bad"
"$bin" sim --list > "$dir/list"
check t_P15_sim_lists_forty_kinds_of_faults [ "$(wc -l < "$dir/list")" -ge 40 ]
"$bin" sim --days 0 > "$dir/bad" 2>&1; code=$?
check t_P15_sim_days_have_bounds [ $code -eq 2 ]
# Who dies too often is held down; for the desk its rescue speaks with the venue until the operator lets it come back.
"$bin" sim --seed 3 --days 5 --faults kill_desk,order_kill,kill_boot,order_end,kill_desk_at_call --json > "$dir/held" 2>&1; code=$?
check t_P3_sim_of_a_desk_that_is_held_down_holds [ $code -eq 0 ]
check t_P3_sim_says_how_many_were_held_down grep -q '"held_down":1,' "$dir/held"
# Recorded days as the market: the generated ones, written as files; where there are real ones, a crash with everything that may befall.
bars=$dir/bars
if [ -x build/bench ] && mkdir "$bars" && build/bench --write-bars "$bars" 2> /dev/null; then
	"$bin" sim --seed 7 --days 10 --data "$bars" --from 2018-01-02 --json > "$dir/recorded" 2>&1; code=$?
	"$bin" sim --seed 7 --days 10 --data "$bars" --from 2018-01-02 --json > "$dir/again" 2>&1
	check t_P15_sim_of_recorded_days_holds [ $code -eq 0 ]
	check t_P15_sim_of_recorded_days_is_the_same_again [ -n "$(hash_of "$dir/recorded")" -a "$(hash_of "$dir/recorded")" = "$(hash_of "$dir/again")" ]
	check t_P15_sim_of_recorded_days_is_another_market [ "$(hash_of "$dir/recorded")" != "$(hash_of "$dir/a")" ]
	rm "$bars"/*
	"$bin" sim --data "$bars" > "$dir/bad" 2>&1; code=$?
	check t_P15_sim_a_folder_without_days_is_named [ $code -eq 2 -a "$(grep -c "$bars" "$dir/bad")" -eq 1 ]
else
	echo "skip t_P15_sim_of_recorded_days: no build/bench to write some"
fi
daily=$(realpath "${TICKWORK_SHARED:-../shared}" 2> /dev/null)/data/daily
if [ -f "$daily/SPY.csv" ]; then
	for seed in 1 2 3 4 5 6; do
		"$bin" sim --seed $seed --days 30 --data "$daily" --from 2020-02-10 > "$dir/crisis" 2>&1; code=$?
		check "t_P15_sim_seed_${seed}_through_the_crash_of_2020_holds" [ $code -eq 0 ]
	done
else
	echo "skip t_P15_sim_through_the_crash_of_2020: no recorded days here"
fi
"$bin" sim --from 2020-02-10 > "$dir/bad" 2>&1; code=$?
check t_P15_sim_a_first_day_is_of_recorded_days [ $code -eq 2 -a "$(grep -c -- '--data' "$dir/bad")" -eq 1 ]
"$bin" sim --crash-matrix --seed 7 --stride 461 --json > "$dir/matrix" 2>&1; code=$?
check t_X2_sim_the_matrix_as_json_says_how_each_lie_ends [ $code -eq 0 -a "$(grep -c '"lie":"[a-z]*","after":[0-9]*,"end":"[a-z]*"' "$dir/matrix")" -ge 2 ]
# What one kind of run has no use for is not passed over.
for words in '--stride 2' '--cancel-entries' '--crash-matrix --faults all' '--crash-matrix --most 3' '--crash-matrix --skip 0-2'; do
	# shellcheck disable=SC2086
	"$bin" sim --days 2 $words > "$dir/bad" 2>&1; code=$?
	check "t_P15_sim_$(echo "$words" | tr -c 'a-z0-9\n' _)_is_refused" [ $code -eq 2 -a "$(grep -c -e '--crash-matrix' "$dir/bad")" -eq 1 ]
done
while read -r seed days faults; do
	case $seed in '#'*|'') continue ;; esac
	"$bin" sim --seed "$seed" --days "$days" --faults "$faults" > "$dir/seed" 2>&1; code=$?
	check "t_P15_sim_seed_${seed}_of_${faults}_holds" [ $code -eq 0 ]
done < "$(dirname "$0")/../sim/seeds"
if [ -x build/clang/tickwork ]; then
	build/clang/tickwork sim --seed 7 --days 10 --json > "$dir/clang" 2>&1
	check t_P15_sim_gcc_and_clang_come_to_the_same_trace [ "$(hash_of "$dir/a")" = "$(hash_of "$dir/clang")" ]
else
	echo "skip t_P15_sim_gcc_and_clang_come_to_the_same_trace: build/clang/tickwork is not built"
fi
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
