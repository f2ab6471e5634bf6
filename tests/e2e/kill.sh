#!/bin/sh
# Any process of the appliance, the watchdog too, may end at any instant: the state, the books and the reports at the end are those of the
# undisturbed run and of the run in one process (rows P1, P3, P4, X2; invariant 4). kit/killer.c kills by a seed, which each line says; `kit/killer.c`
# with the same seed draws the same victims and times. TICKWORK_LONG=1 has twenty times as many runs. TICKWORK names the binary.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_P3_kill
compiler=$(command -v cc || command -v gcc || command -v clang) || { skip t_P3_kill "no C compiler for kit/killer.c (apt-get install gcc)"; close; }
"$compiler" -O1 -std=c11 -D_GNU_SOURCE -Wall -Wextra "$kit/killer.c" -o "$work/killer" || { fail t_P3_kill "kit/killer.c does not compile"; close; }
times=$([ -n "${TICKWORK_LONG:-}" ] && echo 20 || echo 1)
seed=${SEED:-1} bars=$work/bars
mkdir "$bars" && awk -v folder="$bars" -v sessions=150 -v first=2014-06-02 -v crash=60 -f "$kit/bars.awk" || { fail t_P1_bars "awk could not make them"; close; }
conf='heartbeat_ms = 1000\nterm_grace_ms = 1000\n'
hash_in() { sed -n 's/.*state hash \([0-9a-f]*\).*/\1/p' "$1" | tail -n 1; }
words_of() { if [ "$1" = walk ]; then echo "--days 150 --seed 3"; else echo "--data $bars"; fi; }

# --- undisturbed: in one process, and in six ------------------------------------------------------------------------
# differs HOME HOME: what the second has that the first has not; nothing when state, files and books are the same.
differs() {
	[ -n "$(hash_in "$1.log")" ] && [ "$(hash_in "$1.log")" = "$(hash_in "$2.log")" ] || echo "state hash $(hash_in "$2.log") instead of $(hash_in "$1.log")"
	for file in fills.csv orders.csv signals.csv; do cmp "$1/$file" "$2/$file" 2>&1; done
	diff -rq "$1/reports" "$2/reports" 2>&1 | head -n 3
	[ -z "$python" ] || "$python" "$kit/books.py" "$1" "$2" 2>&1 | tail -n 3
}
[ -n "$python" ] || skip t_P1_books "no python3 to read books.db with; the CSV files are compared"

# whole LAYOUT MARKET: an undisturbed run.
whole() {
	home=$work/$1.$2
	mkdir "$home" && printf "$conf" >"$home/tickwork.conf"
	# shellcheck disable=SC2046
	"$binary" run --layout "$1" --home "$home" $(words_of "$2") >"$home.log" 2>&1 </dev/null || fail "t_P1_$1_$2" "$(tail -n 2 "$home.log")"
}
for market in walk bars; do
	whole single $market
	whole appliance $market
	verdict "t_P1_single_and_appliance_$market" "$(differs "$work/single.$market" "$work/appliance.$market" | head -n 3)"
	[ "$(wc -l <"$work/single.$market/fills.csv")" -gt 50 ] || fail "t_P1_trades_$market" "hardly any fills"
done
grep -q -E '"level":[2-4]|"risk_level":[2-4]' "$work"/single.bars/reports/*.json && pass t_P1_the_bars_crash || fail t_P1_the_bars_crash "no risk level"

# --- disturbed -----------------------------------------------------------------------------------------------------
# kills NAME RUNS WHO HOW FROM_MS TO_MS KILLS: so many runs, in turn on both markets, each with the next seed. One line each.
kills() {
	name=$1 runs=$(($2 * times)) who=$3 how=$4 from=$5 to=$6 most=$7 at=$seed
	while [ $runs -gt 0 ]; do
		market=$([ $((at % 2)) -eq 0 ] && echo bars || echo walk)
		home=$work/$name.$at
		mkdir "$home" && printf "$conf" >"$home/tickwork.conf"
		# shellcheck disable=SC2046
		if "$work/killer" "$binary" "$home" "$home.log" $at "$who" "$how" "$from" "$to" "$most" $(words_of $market) >"$home.said" 2>&1; then
			why=$(differs "$work/single.$market" "$home" | head -n 3)
		else why=$(tail -n 3 "$home.log"); fi
		if [ -z "$why" ]; then echo "ok   ${name}_seed_$at: $market, $(cat "$home.said")"
		else echo "FAIL ${name}_seed_$at: $market, $(cat "$home.said"): $why" | tr '\n' ' ' && echo; fi
		[ -n "${KEEP:-}" ] || rm -rf "$home" "$home.log" "$home.said"
		runs=$((runs - 1)) at=$((at + 1))
	done
}
# A stopped process is missed after a heartbeat and killed after the grace, seconds in which nothing runs: beside the others.
kills t_P3_stopped 3 any stop 5 60 3 >"$work/stopped" 2>&1 &
beside=$!
kills t_P3_killed 10 child kill 2 40 1000 >"$work/killed" 2>&1
kills t_P3_watchdog_killed 10 any kill 2 60 1000 >"$work/watchdog" 2>&1
kills t_X2_in_quick_succession 4 child kill 0 8 400 >"$work/fast" 2>&1
kills t_P3_faults 6 any fault 2 60 1000 >"$work/faults" 2>&1
kills t_P3_killed_in_boot 6 boot kill 0 60 12 >"$work/boot" 2>&1
kills t_P4_asked_to_end 4 any term 2 80 1000 >"$work/term" 2>&1
# By protocol: a run's inputs depend on when it was killed, so no hash is compared; build/check holds the journal against the venue's log.
at_protocol() {
	name=$1 runs=$(($2 * times)) who=$3 how=$4 from=$5 to=$6 most=$7 at=$seed
	while [ $runs -gt 0 ]; do
		home=$work/$name.$at why=
		venue_start "$name.$at.venue" --seed $at --from 2015-01-02 --to 2015-03-13
		mkdir "$home" && printf "$conf" >"$home/tickwork.conf"
		# shellcheck disable=SC2086
		"$work/killer" "$binary" "$home" "$home.log" $at "$who" "$how" "$from" "$to" "$most" $venue_words >"$home.said" 2>&1 || why=$(tail -n 3 "$home.log")
		venue_end
		"$checker" "$home/journal" "$place/log" >"$home.checked" 2>&1 || why="$why $(head -n 3 "$home.checked")"
		grep -q "^venue: .* [1-9][0-9]* fills" "$home.checked" || why="$why no fills"
		if [ -z "$why" ]; then echo "ok   ${name}_seed_$at: $(cat "$home.said"); $(tail -n 2 "$home.checked" | tr '\n' ' ')"
		else echo "FAIL ${name}_seed_$at: $(cat "$home.said"): $why" | tr '\n' ' ' && echo; fi
		[ -n "${KEEP:-}" ] || rm -rf "$home" "$home".* "$place"
		runs=$((runs - 1)) at=$((at + 1))
	done
}
need_venue t_X2_killed_at_a_venue
at_protocol t_X2_killed_at_a_venue 6 child kill 2 60 1000 >"$work/protocol" 2>&1
at_protocol t_X2_watchdog_killed_at_a_venue 4 any kill 5 120 40 >"$work/protocol_any" 2>&1
wait $beside
for part in killed watchdog fast faults boot term protocol protocol_any stopped; do judged "$work/$part"; done
close
