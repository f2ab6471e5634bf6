#!/bin/sh
# `tickwork log` (row P8): what a process says and how it ends is in one place, also when everything is dead.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P8_log
home=$work/home appliance=
leave() {
	[ -n "$appliance" ] && kill -KILL "$appliance" 2>/dev/null && wait "$appliance" 2>/dev/null
	clear_work
}
trap leave EXIT

mkdir "$home"
refused t_P8_no_log 3 "no log in $home: no watchdog has run there; .*" log --home "$home"
refused t_P8_no_folder 2 "--home \"$work/hone\": no such folder; did you mean home?" log --home "$work/hone"

# A folder stands where the console's socket goes: the process of the feed says so and trades all the same.
mkdir "$home/control"
"$binary" run --layout appliance --home "$home" --speed 500000 >"$work/run.log" 2>&1 </dev/null &
appliance=$!
says() { "$binary" log --home "$home" --json 2>"$work/err" </dev/null | grep -q "$1"; }
# soon COMMAND...: until it is so, for half a minute at most.
soon() {
	tries=300
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
desk_pid() { "$binary" status --home "$home" --json 2>/dev/null | sed -n 's/.*"name":"market_decision_engine",[^}]*"state":"READY"[^}]*"pid":\([1-9][0-9]*\).*/\1/p'; }
desk_is_up() { [ -n "$(desk_pid)" ]; }

if soon says '"process":"orchestrator","what":".*/control '; then pass t_P8_a_process_is_heard
else fail t_P8_a_process_is_heard "$(cat "$work/run.log" "$work/err" | tail -n 3)"; fi
soon desk_is_up && kill -KILL "$(desk_pid)"
if soon says '"process":"market_decision_engine","what":".*SIGKILL'; then pass t_P8_a_kill_is_in_the_log
else fail t_P8_a_kill_is_in_the_log "$(tail -n 3 "$work/run.log")"; fi

kill -KILL "$appliance"
wait "$appliance" 2>/dev/null
appliance=
check t_P8_log_of_the_dead 0 log --home "$home" && {
	if ! grep -q '^20.*  market_decision_engine .*SIGKILL' "$work/out"; then fail t_P8_log_of_the_dead "$(head -c 300 "$work/out")"
	elif ! awk 'length($0) > 80 { exit 1 }' "$work/out"; then fail t_P8_log_of_the_dead 'wider than 80 columns'
	else pass t_P8_log_of_the_dead; fi
}
close
