#!/bin/sh
# Low-water marks at a venue by protocol: `tickwork audit --home` has a row for each bounded table of both halves of the driver, in the process whose it is,
# as text and as JSON; what a run must have used is not as full of room as in the beginning, and nothing has less than none. At the venue inside there is no
# such row (row O10, X5). TICKWORK, VENUE and CHECK name the binaries.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_O10_marks
need_venue t_O10_marks
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; [ -z "$venue_pid" ] || kill -9 "$venue_pid" 2>/dev/null; clear_work' EXIT
BOTH="dns_lookups dns_cache dns_hosts roots tls_sessions"
FEED="data_queue data_body data_reads data_message data_push history"
DESK="venue_rows venue_line venue_events told holdings orphans order_queue order_body bulk_queue bulk_body update_message update_push"
# What a run with orders and fills uses; nobody asks for a name that is an address, or cancels all.
USED="orchestrator:roots orchestrator:tls_sessions orchestrator:data_queue orchestrator:data_body orchestrator:data_reads orchestrator:data_message
orchestrator:data_push orchestrator:history market_decision_engine:roots market_decision_engine:tls_sessions market_decision_engine:venue_rows
market_decision_engine:venue_line market_decision_engine:venue_events market_decision_engine:told market_decision_engine:holdings
market_decision_engine:order_queue market_decision_engine:order_body market_decision_engine:update_message market_decision_engine:update_push"

# mark PROCESS TABLE: "maximum low-water", nothing when there is no such row.
mark() { awk -v process="$1" -v table="$2" '$1 == process && $2 == table { print $3, $4 }' "$work/text"; }
json_has() { grep -o "\"name\":\"$1\",\"layout\".*" "$work/json" | grep -o '"low_water":{[^}]*}' | head -n 1 | grep -q "\"$2\":[0-9]"; }
look() { "$binary" audit --home "$1" >"$work/text" 2>&1 && "$binary" audit --home "$1" --json >"$work/json" 2>&1; }
# The desk knows of a fill.
has_traded() { [ "$(mark market_decision_engine told | cut -d' ' -f2)" != "$(mark market_decision_engine told | cut -d' ' -f1)" ]; }

venue_start venue --seed 1 --from 2015-01-02 --to 2019-12-31
# shellcheck disable=SC2086
"$binary" run --layout appliance --home "$work/home" $venue_words >"$work/run" 2>&1 </dev/null &
pid=$!
tries=60
until look "$work/home" && has_traded || [ $tries -eq 0 ]; do sleep 0.5; tries=$((tries - 1)); done
kill -TERM "$pid"
wait "$pid"
pid=
venue_end

rows() {
	for table in $2; do
		set -- "$1" "$2" $(mark "$1" "$table")
		why=
		if [ $# -ne 4 ]; then why="no row"; elif [ "$4" -gt "$3" ]; then why="$4 free of $3"; fi
		[ -n "$why" ] || json_has "$1" "$table" || why="not in --json"
		verdict "t_O10_${1}_tells_of_$table" "$why"
	done
}
rows orchestrator "$BOTH $FEED"
rows market_decision_engine "$BOTH $DESK"
for one in $USED; do
	set -- $(mark "${one%:*}" "${one#*:}")
	if [ $# -eq 2 ] && [ "$2" -lt "$1" ]; then pass "t_O10_${one%:*}_has_used_${one#*:}"; else fail "t_O10_${one%:*}_has_used_${one#*:}" "$*"; fi
done
verdict t_O10_who_has_no_venue_tells_of_none "$(awk '$1 == "strategy_analyzer"' "$work/text" | grep -E 'dns_|venue_|data_|order_')"

# At the venue inside: the process that would have the driver has no such table.
"$binary" run --layout appliance --home "$work/inside" --speed 1 >"$work/run" 2>&1 </dev/null &
pid=$!
tries=60
until look "$work/inside" && [ -n "$(mark market_decision_engine orders)" ] || [ $tries -eq 0 ]; do sleep 0.5; tries=$((tries - 1)); done
holds=$(for table in $BOTH $DESK; do mark market_decision_engine "$table"; done)
verdict t_O10_without_a_driver_no_row_of_it "$holds"
[ -n "$(mark market_decision_engine orders)" ] && pass t_O10_the_desk_s_own_rows_are_there || fail t_O10_the_desk_s_own_rows_are_there "$(head -n 3 "$work/run")"
kill -TERM "$pid"
wait "$pid"
pid=
close
