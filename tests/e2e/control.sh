#!/bin/sh
# The verbs that look at an appliance and steer it: where none runs (one sentence, exit code 3, nothing made or changed), and where one does, with
# each of its processes stopped or killed. Word for word what they print is in tests/unit/firmware/modes/looking_test.c. TICKWORK names the binary.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_R9_control
looks='status orders positions fills account risk'
steers='halt pause flatten resume confirm ack'
home=$work/home
mkdir "$home"

for verb in $looks $steers; do
	refused "t_R9_no_appliance_$verb" 3 "no appliance runs in $home (nothing to look at): start one with tickwork run --layout appliance --home $home" "$verb" --home "$home"
	refused "t_R9_no_appliance_json_$verb" 3 "no appliance runs in $home .*" "$verb" --home "$home" --json
	refused "t_R9_no_folder_$verb" 2 "--home \"$work/hone\": no such folder; did you mean home?" "$verb" --home "$work/hone"
	(cd "$work" && "$binary" "$verb" >out 2>err </dev/null)
	code=$?
	if [ "$code" -eq 3 ] && grep -q '^tickwork: no appliance runs in tickwork-home ' "$work/err"; then pass "t_R9_default_home_$verb"
	else fail "t_R9_default_home_$verb" "exit code $code: $(cat "$work/err")"; fi
done
verdict t_R9_nothing_is_made "$(ls -A "$home" | sed 's/^/made /')"

refused t_R9_bad_code 2 '"12-456" is not a code: give the six characters that `tickwork resume` printed' resume 12-456 --home "$home"
refused t_R9_bad_symbol 2 'unknown symbol "SPI"; did you mean SPY?' flatten SPI --home "$home"

# A map that is none: empty, short, noise of the right length, a folder, a pipe.
: >"$home/map"
refused t_P3_empty_map 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" status --home "$home"
printf 'tickmap1' >"$home/map"
refused t_P3_short_map 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" status --home "$home"
head -c 8000000 /dev/urandom >"$home/map"
refused t_P3_noise 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" status --home "$home"
{ printf '1tickmap'; head -c 8000000 /dev/zero; } >"$home/map"
sum=$(cksum <"$home/map")
refused t_P3_other_magic 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" halt --home "$home"
[ "$sum" = "$(cksum <"$home/map")" ] && [ ! -e "$home/request" ] && why= || why="the map was changed, or a command placed"
verdict t_P3_nothing_is_changed "$why"
# The stamp of another build: magic, length, time, pid and mode, then the build's name.
{ printf 'tickmap1'; head -c 24 /dev/zero; printf '00112233445566ff'; head -c 8000000 /dev/zero; } >"$home/map"
refused t_P3_other_build 3 "the appliance in $home is build 00112233445566ff and this is build [0-9a-f]*: use the program that was started there" \
	status --home "$home"
rm "$home/map"
mkdir "$home/map"
refused t_P3_folder 3 "$home/map is no regular file, so no map of an appliance: choose another --home" status --home "$home"
rmdir "$home/map"
mkfifo "$home/map"
refused t_P3_pipe 3 "$home/map is no regular file, so no map of an appliance: choose another --home" status --home "$home"
rm "$home/map"
ln -s "$work/nowhere" "$home/map"
refused t_P3_broken_link 3 "no appliance runs in $home .*" status --home "$home"

# --- a running one ------------------------------------------------------------------------------------------------
live=$work/live
stop_all() { kill -KILL "$appliance" 2>/dev/null; wait "$appliance" 2>/dev/null; rm -rf "$work" "$map"; }
"$binary" run --layout appliance --home "$live" --speed 500000 >"$work/run.log" 2>&1 </dev/null &
appliance=$! map=$work/none
trap stop_all EXIT
processes='orchestrator strategy_analyzer position_health_monitor combined_analyzer market_decision_engine'

# soon COMMAND...: until it is so, for half a minute at most.
soon() {
	tries=0
	until "$@"; do
		tries=$((tries + 1))
		[ $tries -lt 300 ] || return 1
		sleep 0.1
	done
}
status() { "$binary" status --home "$live" --json 2>/dev/null; }
all_ready() { [ "$(status | grep -o '"state":"READY","alive":true' | wc -l)" -eq 5 ]; }
pid_of() { status | sed "s/.*\"name\":\"$1\",[^}]*\"pid\":\([0-9]*\).*/\1/"; }
is() { status | grep -q "$1"; }
is_placed() { [ -e "$live/request" ]; }

# all_look NAME: each of the looking verbs, as a table and as JSON, answers.
all_look() {
	why=
	for verb in $looks; do
		"$binary" "$verb" --home "$live" >"$work/out" 2>"$work/err" </dev/null && [ -s "$work/out" ] || why="$why $verb: $(cat "$work/err")"
		awk 'length($0) > 80 { exit 1 }' "$work/out" || why="$why $verb is wider than 80 columns"
		"$binary" "$verb" --home "$live" --json >"$work/out" 2>"$work/err" </dev/null || why="$why $verb --json: $(cat "$work/err")"
		[ -z "$python" ] || "$python" -c 'import json, sys
for line in sys.stdin: json.loads(line)' <"$work/out" 2>"$work/err" || why="$why $verb --json: $(tail -n 1 "$work/err")"
	done
	verdict "$1" "$why"
}

if soon all_ready; then pass t_R9_appliance_runs; else fail t_R9_appliance_runs "$(tail -n 3 "$work/run.log")"; close; fi
map=$(readlink -f "$live/map")
all_look t_R9_looks

# The map is enough: what /proc says of the processes is not asked.
if unshare -m true 2>/dev/null; then
	# shellcheck disable=SC2016
	unshare -m sh -c 'mount -t tmpfs none /proc && exec "$0" status --home "$1" --json' "$binary" "$live" >"$work/out" 2>"$work/err"
	if [ "$(grep -o '"state":"READY","alive":true' "$work/out" | wc -l)" -eq 5 ]; then pass t_P3_looks_without_proc
	else fail t_P3_looks_without_proc "$(cat "$work/out" "$work/err" | head -c 300)"; fi
else skip t_P3_looks_without_proc 'mounts of its own need root (unshare -m)'; fi

# done_twice NAME VERB: it prints the words to type, and those do it.
done_twice() {
	check "$1" 4 "$2" --home "$live" || return
	words=$(sed -n "s/^  tickwork \($2 .*\)/\1/p" "$work/out")
	# shellcheck disable=SC2086
	check "$1" "$3" ${words:-nothing} && pass "$1"
}

check t_R9_halt 0 halt --home "$live" && { soon is '"halted":true' && pass t_R9_halt || fail t_R9_halt "not halted"; }
done_twice t_R9_resume resume 0
soon is '"halted":false' && pass t_R9_resumed || fail t_R9_resumed "$(status | head -c 300)"
done_twice t_R9_confirm_refused confirm 4
grep -q 'confirm is refused: ' "$work/err" && pass t_R9_confirm_says_why || fail t_R9_confirm_says_why "$(cat "$work/err")"
check t_R9_flatten 0 flatten --home "$live" && pass t_R9_flatten
check t_R9_pause 0 pause --home "$live" && pass t_R9_pause

# Somebody removed the file that names the holder: it is still the only instance, and the operator's hand reaches it.
rm "$live/lock"
check t_P15_status_without_lock_file 0 status --home "$live" --json && { grep -q '"running":true' "$work/out" && pass t_P15_status_without_lock_file || fail t_P15_status_without_lock_file "not running"; }
refused t_P15_one_instance_without_lock_file 2 "another instance (its lock names no process) runs in $live: stop it, .*" run --home "$live" --days 3
check t_P15_halt_without_lock_file 0 halt --home "$live" && pass t_P15_halt_without_lock_file
echo "$appliance" >"$live/lock"

# Layout single has nothing to show, and says so.
"$binary" run --home "$work/single" --speed 1000 >/dev/null 2>&1 </dev/null &
single=$!
soon [ -s "$work/single/lock" ]
refused t_P3_layout_single_is_not_looked_at 3 "process $single runs in $work/single as layout single, which shows nothing to others: .*" status --home "$work/single"
kill -KILL "$single"

# Each process stopped: everything looks, and all but the desk's commands are done.
for process in $processes; do
	pid=$(pid_of "$process")
	kill -STOP "$pid"
	all_look "t_R9_looks_with_${process}_stopped"
	if [ "$process" = market_decision_engine ]; then
		refused "t_R9_halt_with_${process}_stopped" 3 "$process (READY, alive) did not answer .halt. within 2 s; the command waits for it" halt --home "$live"
	else
		check "t_R9_halt_with_${process}_stopped" 0 halt --home "$live" && pass "t_R9_halt_with_${process}_stopped"
	fi
	kill -CONT "$pid"
done

# Each process killed: the command is done, at the latest by its successor.
for process in $processes; do
	soon all_ready || fail "t_R9_halt_with_${process}_killed" "not all are ready"
	check "t_R9_resume_before_${process}" 4 resume --home "$live" || continue
	# shellcheck disable=SC2046
	"$binary" $(sed -n 's/^  tickwork //p' "$work/out") >/dev/null 2>&1
	soon is '"halted":false'
	kill -KILL "$(pid_of "$process")"
	"$binary" halt --home "$live" >/dev/null 2>&1
	if soon is '"halted":true'; then pass "t_R9_halt_with_${process}_killed"; else fail "t_R9_halt_with_${process}_killed" "not halted"; fi
done

# The watchdog stopped, then dead.
soon all_ready || fail t_R9_ready_again "not all are ready"
kill -STOP "$appliance"
all_look t_R9_looks_with_the_watchdog_stopped
refused t_R9_halt_with_the_watchdog_stopped 3 "the watchdog (process $appliance) did not take .halt. within 2 s: it hangs; the command waits in $live/request" \
	halt --home "$live"
kill -CONT "$appliance"
soon eval '! is_placed' && pass t_R9_it_takes_the_command_later || fail t_R9_it_takes_the_command_later "$(ls "$live")"
kill -KILL "$appliance"
wait "$appliance" 2>/dev/null
all_look t_R9_looks_with_the_watchdog_dead
check t_R9_says_that_it_is_dead 0 status --home "$live" && { grep -q '^not running since ' "$work/out" && pass t_R9_says_that_it_is_dead ||
	fail t_R9_says_that_it_is_dead "$(head -n 2 "$work/out")"; }
refused t_R9_halt_with_the_watchdog_dead 3 "the watchdog of $live is dead, so nobody can .halt. there: .*" halt --home "$live"
is_placed && fail t_R9_nothing_is_placed "a command lies in the box" || pass t_R9_nothing_is_placed
close
