#!/bin/sh
# `tickwork blackbox` (row P3): why processes died, what they were doing and where the journal stood, in a file that outlives them, a restart and a full disk.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P3_blackbox
home=$work/home appliance= mounted=
leave() {
	[ -n "$appliance" ] && kill -KILL "$appliance" 2>/dev/null && wait "$appliance" 2>/dev/null
	[ -n "$mounted" ] && umount -l "$mounted" 2>/dev/null
	clear_work
}
trap leave EXIT

start() {
	"$binary" run --layout appliance --home "$home" --seed 3 --speed 200000 "$@" >"$work/run.log" 2>&1 </dev/null &
	appliance=$!
}
stop() {
	kill "-$1" "$appliance" 2>/dev/null
	wait "$appliance" 2>/dev/null
	appliance=
}
# soon COMMAND...: until it is so, for half a minute at most.
soon() {
	tries=300
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
pid_of() { "$binary" status --home "$home" --json 2>/dev/null | sed -n 's/.*"name":"'"$1"'",[^}]*"state":"READY"[^}]*"pid":\([1-9][0-9]*\).*/\1/p'; }
# The map of a start before this one names processes that are gone.
is_ours() { "$binary" status --home "$home" 2>/dev/null | grep -q "process $appliance, running"; }
is_up() { is_ours && pid=$(pid_of "$1") && [ -n "$pid" ]; }
# The desk has stepped so many events: there is something to tell.
has_worked() { "$binary" status --home "$home" --json 2>/dev/null | grep -q '"name":"desk","ticks":[0-9]*,"steps":[0-9][0-9][0-9]'; }
deaths() { "$binary" blackbox --home "$home" --json 2>"$work/err"; }
has_died() { deaths | grep -q "\"process\":\"$1\".*$2"; }
# dies NAME PROCESS SIGNAL PATTERN: the process is ended so, and the box says it so.
dies() {
	soon is_up "$2" && kill "-$3" "$pid"
	if soon has_died "$2" "$4"; then pass "$1"; else fail "$1" "$(deaths | tail -n 2)$(tail -n 2 "$work/run.log")"; fi
}

mkdir "$home"
refused t_P3_no_box 3 "no black box in $home: nothing has run there; .*" blackbox --home "$home"
printf 'heartbeat_ms = 1000\nterm_grace_ms = 1000\n' >"$home/tickwork.conf"
start
soon has_worked || fail t_P3_the_appliance_works "$(tail -n 3 "$work/run.log")"
dies t_P3_a_fault_is_kept market_decision_engine SEGV '"how":"killed by signal 11 (SIGSEGV), which somebody sent","signal":11'
dies t_P3_a_kill_is_kept strategy_analyzer KILL '"signal":9'

# One in full: the events are in order, the last is what it was stepped with; the command it names goes, and comes to the same.
check t_P3_a_death_in_full 0 blackbox 1 --home "$home" --events 1000 && {
	if ! grep -q '^registers      rip ' "$work/out"; then fail t_P3_a_death_in_full "no registers: $(head -n 8 "$work/out")"
	elif grep -qi 'xmm\|ymm\|zmm\|mxcsr' "$work/out"; then fail t_P3_a_death_in_full 'a vector register'
	elif ! awk 'length($0) > 80 { exit 1 }' "$work/out"; then fail t_P3_a_death_in_full 'wider than 80 columns'
	else pass t_P3_a_death_in_full; fi
}
"$binary" blackbox 1 --home "$home" --json >"$work/one" 2>"$work/err"
if [ "$(wc -l <"$work/one")" -gt 100 ] && sed 1d "$work/one" | awk -F'"event":' '{ n = $2 + 0; if (NR > 1 && n != last + 1) exit 1; last = n }'
then pass t_P3_events_are_in_order; else fail t_P3_events_are_in_order "$(wc -l <"$work/one") lines"; fi
command=$(sed -n '1s/.*"replay":"tickwork \([^"]*\)".*/\1/p' "$work/one")
input=${command##* }
# shellcheck disable=SC2086
if check t_P3_the_journal_is_handed_to_replay 0 $command; then
	grep -q "^replayed $input inputs: .* are the same\$" "$work/out" && pass t_P3_the_journal_is_handed_to_replay ||
		fail t_P3_the_journal_is_handed_to_replay "$command: $(head -n 2 "$work/out")"
fi
check t_P3_replay_beyond_the_end 2 replay "$home/journal" --to 999999999 && {
	grep -q '/journal ends at INPUT [0-9]*: it has no INPUT 999999999$' "$work/err" && pass t_P3_replay_beyond_the_end || fail t_P3_replay_beyond_the_end "$(cat "$work/err")"
}
refused t_P3_no_such_death 2 "no death \"77\" in $home: it has 1 to 2, and .last." blackbox 77 --home "$home"

# The watchdog itself, and with it everybody.
kill -SEGV "$appliance" && wait "$appliance" 2>/dev/null
appliance=
if has_died watchdog '"signal":11'; then pass t_P3_the_watchdog_keeps_its_own; else fail t_P3_the_watchdog_keeps_its_own "$(deaths)"; fi

# A second start goes on with the numbers; one slot is damaged meanwhile. A process that hangs is told from one that was killed.
before=$(deaths | wc -l)
printf 'not a death' | dd of="$home/blackbox" bs=1 seek=$(((772096 * 2) + 9000)) conv=notrunc 2>/dev/null
if [ "$(deaths | wc -l)" -eq $((before - 1)) ] && has_died market_decision_engine .; then pass t_P3_a_damaged_death_is_left_out
else fail t_P3_a_damaged_death_is_left_out "$(deaths)"; fi
start
dies t_P3_a_hang_is_told combined_analyzer STOP '"hung":true'
if deaths | tail -n 1 | grep -q "\"number\":$((before + 1)),"; then pass t_P3_the_numbers_go_on; else fail t_P3_the_numbers_go_on "$(deaths | tail -n 1)"; fi
stop TERM

# A file of another shape is set aside, and that is said.
echo 'not a box' >"$home/blackbox"
start
says() { "$binary" log --home "$home" --last 1000000 2>/dev/null | tr -s ' \n' ' ' | grep -q "$1"; }
if soon says "is set aside and made anew" && [ -f "$home/blackbox.old-1" ]; then pass t_P3_a_foreign_file_is_set_aside
else fail t_P3_a_foreign_file_is_set_aside "$(ls "$home")"; fi
stop TERM

# In one process nobody watches: it writes its own death.
home=$work/alone
mkdir "$home"
"$binary" run --home "$home" --seed 3 --speed 200000 >"$work/run.log" 2>&1 </dev/null &
appliance=$!
has_books() { [ -f "$home/fills.csv" ] && [ "$(wc -l <"$home/fills.csv")" -gt 1 ]; }
soon has_books
stop SEGV
if has_died everything '"signal":11' && "$binary" blackbox last --home "$home" --json | grep -q '"worker":"desk"'; then pass t_P3_one_process_keeps_its_own
else fail t_P3_one_process_keeps_its_own "$(deaths)"; fi

# The disk is full: the box has its room.
home=$work/disk/home
mkdir "$work/disk"
if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o size=100m tickwork "$work/disk" 2>"$work/err"; then
	skip t_P3_a_full_disk_does_not_stop_it 'only root may mount a small disk to fill'
else
	mounted=$work/disk
	start
	soon has_worked
	dd if=/dev/zero of="$mounted/fill" bs=65536 2>/dev/null
	dies t_P3_a_full_disk_does_not_stop_it strategy_analyzer KILL '"signal":9'
	stop KILL
	rm -f "$(readlink "$home/map")"
fi
close
