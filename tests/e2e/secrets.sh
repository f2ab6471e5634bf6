#!/bin/sh
# The keys of an appliance by protocol are in the memory of the one process that needs them and nowhere else: not in the others, not in an environment,
# on a command line or in a file of the home; before and after that process was killed (rows O7, X1). kit/secrets.py reads all of /proc/PID/mem. About 10 s.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_O7_secrets
need_venue t_O7_secrets
[ -n "$python" ] || { skip t_O7_secrets "no python3 to look through the memory with"; close; }
[ "$(id -u)" -eq 0 ] || { skip t_O7_secrets "only root may read the memory of processes that are not dumpable"; close; }
export APCA_API_KEY_ID=PKTRADE4711QRS APCA_API_SECRET_KEY=trade-Zq81vvK3-secret TICKWORK_DATA_KEY_ID=PKDATA0815XYZ TICKWORK_DATA_SECRET_KEY=data-Wm27ttP9-secret
venue_start venue --seed 1 --from 2015-01-02 --to 2016-12-30 --key $APCA_API_KEY_ID --secret $APCA_API_SECRET_KEY --data-key $TICKWORK_DATA_KEY_ID \
	--data-secret $TICKWORK_DATA_SECRET_KEY
home=$work/home
# shellcheck disable=SC2086
"$binary" run --layout appliance --drill --speed 100000 --home "$home" $venue_words >"$work/said" 2>"$work/err" </dev/null &
running=$!
trap 'kill -9 $running 2>/dev/null; [ -z "$venue_pid" ] || kill -9 "$venue_pid" 2>/dev/null; clear_work' EXIT
orders() { cat "$home/orders.csv" 2>/dev/null | wc -l; }
# Both sessions stand when orders are there.
until_trading() {
	tries=200
	until [ "$(orders)" -gt "$1" ] || [ $tries -eq 0 ]; do sleep 0.1; tries=$((tries - 1)); done
	[ $tries -gt 0 ]
}
# looks NAME: a line for each wrong finding, and one for what was looked at.
looks() {
	"$python" "$kit/secrets.py" $running "$home" desk=$APCA_API_SECRET_KEY feed=$TICKWORK_DATA_SECRET_KEY desk=$APCA_API_KEY_ID feed=$TICKWORK_DATA_KEY_ID >"$work/found" 2>&1
	if grep -q '^looked through [0-9]\{5,\} KiB of 6 processes' "$work/found" && ! grep -q '^wrong' "$work/found"; then pass "$1"
	else fail "$1" "$(head -n 4 "$work/found" | tr '\n' ' ')"; fi
}
if until_trading 5; then pass t_O7_it_trades; else fail t_O7_it_trades "$(tail -n 2 "$work/err")"; close; fi
looks t_O7_each_secret_is_in_its_own_process_alone
grep '^looked' "$work/found" | sed 's/^/     /'

# The name of a process that trades tells its pid; its successor has the keys again, and nobody else.
pid_of() { "$binary" status --home "$home" --json | sed -n "s/.*\"name\":\"$1\"[^}]*\"pid\":\([0-9]*\).*/\1/p"; }
desk=$(pid_of market_decision_engine) feed=$(pid_of orchestrator)
if [ -n "$desk" ] && [ -n "$feed" ]; then
	kill -9 "$desk" "$feed"
	tries=100
	until { now=$(pid_of market_decision_engine) && [ -n "$now" ] && [ "$now" != "$desk" ] && [ -n "$(pid_of orchestrator)" ]; } || [ $tries -eq 0 ]; do sleep 0.1; tries=$((tries - 1)); done
	until_trading $(($(orders) + 2))
	looks t_O7_and_in_its_successor_alone
else fail t_O7_and_in_its_successor_alone "status names no pid: $("$binary" status --home "$home" --json | head -c 200)"; fi

why=
for pid in $(pid_of market_decision_engine) $(pid_of orchestrator); do
	[ "$(sed -n 's/^VmLck:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")" -ge 8 ] || why="$why $pid has no two locked pages"
done
verdict t_O7_locked "$why"

kill -TERM $running
wait $running
code=$?
[ $code -eq 0 ] && pass t_O7_ends_in_order || fail t_O7_ends_in_order "exit code $code: $(tail -n 2 "$work/err")"
why=$(grep -rlE 'trade-Zq81vvK3|data-Wm27ttP9' "$home" "$work/said" "$work/err" 2>/dev/null | head -n 3)
verdict t_O7_nothing_of_them_stays_behind "$why"
venue_end
close
