#!/bin/sh
# A run by protocol again from its tapes, without the venue: the same orders, the same bytes to the venue and the same last state, through both drivers
# and all workers; and what is not whole, not ours or not the same is refused or named (row P15). kit/tape.py changes an entry and
# seals it again. TICKWORK and VENUE name the binaries.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_P15_tape
need_venue t_P15_tape
hash_said() { sed -n 's/.*state hash \([0-9a-f]*\).*/\1/p' "$1" | tail -n 1; }

# run_at HOME WORD...: a run with tapes at the venue that is there.
run_at() {
	home=$1
	shift
	mkdir -p "$home"
	at_venue "$home" --tape 16 "$@" >"$home.out" 2>&1 </dev/null || fail "t_P15_run_$(basename "$home")" "$(tail -n 2 "$home.out")"
}
# replays NAME HOME: with the hash that the run has said. Where a process had to be restarted, on a machine with much else to do, the tape is of one of its
# lives and the hash of another.
replays() {
	grep -q '[1-9][0-9]* restarts$' "$2.out" && { skip "$1" "$(grep 'restarts$' "$2.out")"; return; }
	check "$1" 0 replay "$2" || return
	if [ -n "$(hash_said "$2.out")" ] && [ "$(hash_said "$work/out")" = "$(hash_said "$2.out")" ]; then pass "$1"
	else fail "$1" "state hash $(hash_said "$work/out") instead of $(hash_said "$2.out"), $(grep restarts "$2.out")"; fi
}

whole=$work/whole
venue_start venue.whole --seed 3 --from 2015-01-02 --to 2015-03-30
run_at "$whole"
venue_end
replays t_P15_tape_of_a_whole_run "$whole"
orders=$(sed -n 's/.* made the same \([0-9]*\) calls of its driver.*/\1/p' "$work/out")
[ "${orders:-0}" -ge 50 ] && pass t_P15_tape_has_orders || fail t_P15_tape_has_orders "${orders:-no} orders"
check t_P15_tape_json 0 replay "$whole" --json && grep -q "\"state_hash\":\"$(hash_said "$whole.out")\",\"same\":true" "$work/out" && pass t_P15_tape_json ||
	fail t_P15_tape_json "$(cat "$work/out")"
grep -q -a -e sim-secret -e sim-data-secret "$whole"/tape.* && fail t_O7_tape_has_no_key "a key is on the tape" || pass t_O7_tape_has_no_key

# A home that went on, with the operator's commands in the second run; and one that was asked to end.
venue_start venue.goes_on --seed 4 --from 2015-01-02 --to 2015-03-30
run_at "$work/goes_on" --days 20
replays t_P15_tape_of_the_first_days "$work/goes_on"
(
	tries=600
	while [ $tries -gt 0 ] && ! "$binary" halt --home "$work/goes_on" >/dev/null 2>&1; do sleep 0.05; tries=$((tries - 1)); done
	code=$("$binary" resume --home "$work/goes_on" --json 2>/dev/null | sed -n 's/.*"code":"\([A-Z0-9]*\)".*/\1/p')
	"$binary" resume --home "$work/goes_on" "$code" >"$work/resumed" 2>&1
) &
person=$!
run_at "$work/goes_on" --speed 1000000
wait $person
venue_end
replays t_P15_tape_of_a_home_that_went_on "$work/goes_on"
mkdir "$work/asked"
venue_start venue.asked --seed 5 --from 2015-01-02 --to 2015-12-31
at_venue "$work/asked" --tape 16 >"$work/asked.out" 2>&1 </dev/null &
asked=$!
tries=600
while [ $tries -gt 0 ] && [ "$(cat "$work/asked/fills.csv" 2>/dev/null | wc -l)" -lt 20 ]; do sleep 0.05; tries=$((tries - 1)); done
kill -TERM "$(cat "$work/asked/lock")"
wait $asked
venue_end
grep -q '^stopped by a signal' "$work/asked.out" || fail t_P15_asked_to_end "$(tail -n 2 "$work/asked.out")"
replays t_P15_tape_of_a_run_that_was_asked_to_end "$work/asked"

# --- what is no whole tape ----------------------------------------------------------------------------------------
mkdir "$work/small"
venue_start venue.small --seed 6 --from 2015-01-02 --to 2015-03-30
at_venue "$work/small" --tape 1 >"$work/small.out" 2>&1 </dev/null && grep -q '^tickwork: the tape is full after ' "$work/small.out" && pass t_P15_tape_full_is_said ||
	fail t_P15_tape_full_is_said "$(tail -n 2 "$work/small.out")"
venue_end
refused t_P15_tape_full_does_not_replay 1 "$work/small/tape.feed ends without an end: .*" replay "$work/small"
# changed NAME CODE PATTERN TAPE WORD...: a copy of the whole run's tapes with one thing changed.
changed() {
	name=$1 code=$2 pattern=$3 tape=$4
	shift 4
	rm -rf "$work/changed" && mkdir "$work/changed" && cp "$whole"/tape.* "$work/changed"
	"$python" "$kit/tape.py" "$work/changed/$tape" "$@" || { fail "$name" "not changed"; return; }
	refused "$name" "$code" "$pattern" replay "$work/changed"
}
if [ -n "$python" ]; then
	for at in 5 700 100000 1000000; do
		changed "t_P15_tape_bit_$at" 2 "$work/changed/tape.desk is damaged at byte [0-9]*.*" tape.desk bit $at
		changed "t_P15_tape_feed_bit_$at" 2 "$work/changed/tape.feed is damaged at byte [0-9]*.*" tape.feed bit $at
	done
	changed t_P15_tape_other_bytes_in 1 "$work/changed/tape.desk, byte [0-9]* of its entries: the run had .*" tape.desk entry READ '"price":"' 1
	changed t_P15_tape_other_bytes_out 1 "$work/changed/tape.desk, byte [0-9]* of its entries: the run had other bytes to the venue .*" tape.desk entry WROTE '"qty":"' 1
	changed t_P15_tape_other_price 1 "$work/changed/tape.feed, byte [0-9]* of its entries: the run had another event .*" tape.feed entry READ '"c":' 0
	changed t_P15_tape_other_end 1 "the state hash is [0-9a-f]*, the run's [0-9a-f]*" tape.desk entry END '' 0
else
	skip t_P15_tape_changed "no python3 to change it with"
fi
mkdir "$work/empty"
refused t_P15_tape_of_no_run 2 "$work/empty/tape.feed .*" replay "$work/empty"
refused t_P15_tape_needs_stepped_time 2 '--tape is for --venue-time stepped: .*' run --layout appliance --venue alpaca --tape 1 --home "$work/nowhere"
close
