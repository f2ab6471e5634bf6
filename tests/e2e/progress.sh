#!/bin/sh
# Who beats and does not work is ended and restarted: each of four processes of an appliance goes on with its turns and settles nothing any more
# (kit/attack.c, the product's own objects with one function wrapped). The watchdog says which row of firmware/progress.h was late and counts
# it; the process comes back, and in the end the state is that of the undisturbed run (rows P2, P3). About 30 s.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P2_progress
[ -n "$python" ] || { skip t_P2_progress "no python3 to read the status"; close; }
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make build/gcc/attack >"$work/make" 2>&1 || { fail t_P2_progress "kit/attack.c is not built: $(tail -n 2 "$work/make")"; close; }
attack=$(realpath build/gcc/attack)
hash_in() { sed -n 's/.*state hash \([0-9a-f]*\).*/\1/p' "$1" | tail -n 1; }

# home NAME: with a short deadline; the state hash is of the settings, too.
home() { mkdir "$work/$1" && echo 'progress_tick_s = 4' >"$work/$1/tickwork.conf"; }
home calm
"$binary" run --layout appliance --days 30 --home "$work/calm" >"$work/calm.said" 2>&1 </dev/null || fail t_P2_undisturbed "$(tail -n 2 "$work/calm.said")"
[ "$(hash_in "$work/calm.said")" ] || fail t_P2_undisturbed "no state hash: $(tail -n 2 "$work/calm.said")"

# idles WORKER PROCESS WHAT: what lastwords says of it. A watchdog that did not see it would wait for ever, hence the bound.
idles() {
	name=$1 process=$2
	home "$name"
	ATTACK="$name idle" timeout 120 "$attack" run --layout appliance --days 30 --home "$work/$name" >"$work/$name.said" 2>"$work/$name.err" </dev/null
	code=$?
	grep -q "^attack: $name idles after tick 940\$" "$work/$name.err" && sort "$work/$name/lastwords" | grep -qF " $process: lives without working: $3" &&
		pass "t_P2_${name}_that_beats_and_does_not_work_is_named" || fail "t_P2_${name}_that_beats_and_does_not_work_is_named" "$(tail -n 2 "$work/$name.err")"
	"$binary" status --json --home "$work/$name" >"$work/status" && "$python" - "$work/status" "$process" >"$work/why" 2>&1 <<'JUDGE' &&
import json, sys
mine = next(p for p in json.load(open(sys.argv[1]))["processes"] if p["name"] == sys.argv[2])
assert mine["stalls"] >= 1 and mine["hangs"] >= mine["stalls"] and mine["restarts"] >= 1, mine
JUDGE
		pass "t_P3_${name}_is_counted_and_restarted" || fail "t_P3_${name}_is_counted_and_restarted" "$(tail -n 1 "$work/why")"
	[ $code -eq 0 ] && grep -q '^done after 30 sessions' "$work/$name.said" && [ "$(hash_in "$work/calm.said")" = "$(hash_in "$work/$name.said")" ] &&
		pass "t_P3_${name}_comes_back_to_the_same_state" || fail "t_P3_${name}_comes_back_to_the_same_state" "exit code $code: $(tail -n 2 "$work/$name.said")"
}
idles context combined_analyzer 'a TICK in its queue is not done'
idles analyst strategy_analyzer 'a TICK in its queue is not done'
idles health position_health_monitor 'a TICK in its queue is not done'
idles desk market_decision_engine 'a TICK in its queue is not taken'
close
