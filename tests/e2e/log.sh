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
refused t_P8_no_log 3 "no log in $home: nothing has run there; .*" log --home "$home"
refused t_P8_no_folder 2 "--home \"$work/hone\": no such folder; did you mean home?" log --home "$work/hone"

# A folder stands where the console's socket goes: the process of the feed says so and trades all the same.
mkdir "$home/control"
APCA_API_KEY_ID=PKNOBODY0001 APCA_API_SECRET_KEY=nobody-may-read-this "$binary" run --layout appliance --home "$home" --speed 500000 >"$work/run.log" 2>&1 </dev/null &
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

# Structured: one order by its number, one worker, one kind of trouble; what is no time, worker or order is named.
knows_orders() { "$binary" log --home "$home" --json --worker desk 2>/dev/null | grep -q '"kind":"order".*"order_id":[1-9]'; }
if soon knows_orders; then
	order=$("$binary" log --home "$home" --json --worker desk --since 1h 2>/dev/null | sed -n 's/.*"order_id":\([0-9]*\).*/\1/p' | head -n 1)
	"$binary" log --home "$home" --json --order "$order" --since 1h >"$work/out" 2>"$work/err"
	if [ "$(grep -c "\"order_id\":$order[,}]" "$work/out")" -eq "$(wc -l <"$work/out")" ] && [ -s "$work/out" ]; then pass t_P8_log_of_one_order
	else fail t_P8_log_of_one_order "$order: $(head -n 2 "$work/out")"; fi
else fail t_P8_log_of_one_order "no order in the log"; fi
"$binary" log --home "$home" --json --grep sigkill --since 1h >"$work/out" 2>"$work/err"
if grep -q SIGKILL "$work/out" && ! grep -qv SIGKILL "$work/out"; then pass t_P8_log_grep; else fail t_P8_log_grep "$(head -n 2 "$work/out")"; fi
refused t_P8_log_bad_time 2 '--since "yesterday" is no time: .*' log --home "$home" --since yesterday
refused t_P8_log_bad_worker 2 '--worker "deks" is no worker and no process; did you mean desk?' log --home "$home" --worker deks
refused t_P8_log_bad_order 2 '--order "x" is no number of an order .*' log --home "$home" --order x

# Followed until it is asked to end, by either signal: what came is whole, and the exit code is 0. A reader that leaves ends it, too.
ends_on() {
	rm -f "$work/follow"        # what the one before has left is not what comes
	"$binary" log --home "$home" --follow --json >"$work/follow" 2>"$work/follow.err" </dev/null &
	follower=$!
	soon has_grown "$work/follow" || fail "t_P8_follow_ends_on_$1" "nothing came: $(cat "$work/follow.err")"
	kill -s "$1" $follower
	wait $follower
	code=$?
	if [ $code -ne 0 ] || [ "$(wc -l <"$work/follow")" -ne "$(grep -c '^{"number":.*}$' "$work/follow")" ]; then fail "t_P8_follow_ends_on_$1" "exit code $code: $(tail -n 1 "$work/follow")"
	elif [ "$(grep -vc 'records of the log are missing' "$work/follow.err")" -ne 0 ] || [ "$(wc -l <"$work/follow.err")" -gt 1 ]; then
		fail "t_P8_follow_ends_on_$1" "said: $(cat "$work/follow.err")"
	else pass "t_P8_follow_ends_on_$1"; fi
}
# More than the 64 lines it begins with.
has_grown() { [ -f "$1" ] && [ "$(wc -l <"$1")" -gt 64 ]; }
ends_on TERM
ends_on INT
if soon timeout 60 sh -c '"$1" log --home "$2" --follow --json 2>/dev/null | head -n 70 | grep -q number' - "$binary" "$home"; then pass t_P8_follow_ends_with_its_reader
else fail t_P8_follow_ends_with_its_reader; fi

# Whoever writes the files is killed: the rings wait, its successor goes on, what was written is read.
keeper_pid() { "$binary" status --home "$home" --json 2>/dev/null | sed -n 's/.*"name":"position_health_monitor",[^}]*"state":"READY"[^}]*"pid":\([1-9][0-9]*\).*/\1/p'; }
keeper_is_up() { [ -n "$(keeper_pid)" ]; }
soon keeper_is_up && kill -KILL "$(keeper_pid)"        # in the middle of whatever it writes
soon says '"process":"position_health_monitor","what":".*SIGKILL' && pass t_P8_log_outlives_its_writer || fail t_P8_log_outlives_its_writer "$(tail -n 2 "$work/run.log")"

# One process keeps the same log. A trace goes from the signal over its order to its fill.
mkdir "$work/single"
"$binary" run --days 60 --seed 3 --home "$work/single" >"$work/single.log" 2>&1 </dev/null
trace=$("$binary" log --home "$work/single" --json --last 1000000 2>/dev/null | sed -n 's/.*"kind":"fill".*"trace_id":\([0-9]*\).*/\1/p' | tail -n 1)
"$binary" log --home "$work/single" --json --last 1000000 2>/dev/null | grep "\"trace_id\":${trace:-none}," >"$work/traced"
if grep -q '"kind":"signal".*"signal_trace_id":"[0-9a-f]*"' "$work/traced" && grep -q '"kind":"order"' "$work/traced" && grep -q '"kind":"fill"' "$work/traced"; then
	pass t_P8_single_keeps_a_log_with_traces
else fail t_P8_single_keeps_a_log_with_traces "trace ${trace:-none}: $(tail -n 2 "$work/single.log")"; fi
signal=$(sed -n 's/.*"signal_trace_id":"\([0-9a-f]*\)".*/\1/p' "$work/traced" | head -n 1)
if [ -n "$signal" ] && grep -q "$signal" "$work/single/signals.csv"; then pass t_P9_the_books_have_the_signal_of_a_trace
else fail t_P9_the_books_have_the_signal_of_a_trace "no ${signal:-signal} in signals.csv"; fi
if "$binary" log --home "$work/single" 2>/dev/null | grep -q ' ends: the days are over'; then pass t_P8_single_says_its_end; else fail t_P8_single_says_its_end; fi

kill -KILL "$appliance"
wait "$appliance" 2>/dev/null
appliance=
check t_P8_log_of_the_dead 0 log --home "$home" --last 1000000 && {
	if ! grep -q '^20.*  market_decision_engine .*SIGKILL' "$work/out"; then fail t_P8_log_of_the_dead "$(head -c 300 "$work/out")"
	elif ! awk 'length($0) > 80 { exit 1 }' "$work/out"; then fail t_P8_log_of_the_dead 'wider than 80 columns'
	else pass t_P8_log_of_the_dead; fi
}
if grep -q -a -r -e PKNOBODY0001 -e nobody-may-read-this "$home" --exclude=map; then fail t_P8_no_key_in_any_file "$(grep -l -a -r nobody-may-read-this "$home")"; else pass t_P8_no_key_in_any_file; fi

# By protocol: the session of the market data is in the log, as that of the orders.
. tests/e2e/kit/at_venue.sh
need_venue t_P8_session_of_the_market_data
venue_start venue --seed 5 --from 2015-01-02 --to 2015-01-16
mkdir "$work/protocol"
at_venue "$work/protocol" >"$work/protocol.log" 2>&1 </dev/null
venue_end
for worker in feed desk; do
	"$binary" log --home "$work/protocol" --json --last 1000000 --worker $worker 2>/dev/null | grep '"kind":"session"' >"$work/sessions"
	if grep -q '"what":"syncing, ' "$work/sessions" && grep -q '"what":"up, ' "$work/sessions"; then pass "t_P8_session_of_the_$worker"
	else fail "t_P8_session_of_the_$worker" "$(head -n 2 "$work/sessions")$(tail -n 2 "$work/protocol.log")"; fi
done
close
