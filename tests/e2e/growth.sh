#!/bin/sh
# Growth: the appliance trades 30 sessions, market time scaled to half a second a day, and the kernel's figures of each of its processes on the second day
# and after the thirtieth session are compared: not one page more is mapped, not one more is in memory. TICKWORK names the binary (build/tickwork). From the
# root of the tree. The last line counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; clear_work' EXIT
SPEED=172800 DAYS=43 PUBLISHED_S=6 WAIT_S=120

# name mapped resident of each process that runs
figures() {
	"$binary" audit --home "$work/home" --json 2>"$work/err" | grep -o '{"name":"[a-z_]*","layout":[^{]*' |
		sed -n 's/.*"name":"\([a-z_]*\)".*"mapped_bytes":\([0-9]*\),"resident_bytes":\([0-9]*\),.*/\1 \2 \3/p'
}
market_s() {
	at=$("$binary" status --home "$work/home" --json 2>/dev/null | grep -o '"market_time":"[0-9T:Z-]*' | head -n 1 | cut -d'"' -f4)
	[ -n "$at" ] && date -u -d "$at" +%s || echo 0
}
until_market() {
	tries=0
	until [ "$(market_s)" -ge "$1" ] || [ "$tries" -ge $((WAIT_S * 2)) ] || ! kill -0 "$pid" 2>/dev/null; do
		sleep 0.5
		tries=$((tries + 1))
	done
}

need_binary t_O10_growth
"$binary" run --layout appliance --home "$work/home" --speed "$SPEED" >"$work/out" 2>&1 </dev/null &
pid=$!
until_market 1
first=$(market_s)
until_market $((first + 2 * 86400))
sleep "$PUBLISHED_S"
figures >"$work/second"
until_market $((first + DAYS * 86400))
sleep "$PUBLISHED_S"
figures >"$work/last"
"$binary" audit --home "$work/home" >"$work/audit" 2>&1
code=$?
sessions=$("$binary" status --home "$work/home" --json 2>/dev/null | grep -o '"ticks":[0-9]*' | head -n 1 | cut -d: -f2)
restarts=$("$binary" status --home "$work/home" --json 2>/dev/null | grep -o '"restarts":[0-9]*' | cut -d: -f2 | sort -n | tail -n 1)
last=$(market_s)
kill -TERM "$pid"
wait "$pid"
pid=

if [ "$last" -ge $((first + DAYS * 86400)) ]; then pass t_O10_thirty_sessions_were_traded; else fail t_O10_thirty_sessions_were_traded "$(tail -n 3 "$work/out")"; fi
if [ "${restarts:-1}" -eq 0 ]; then pass t_O10_no_process_was_replaced; else fail t_O10_no_process_was_replaced "$restarts restarts"; fi
if [ "$code" -eq 0 ]; then pass t_O10_declared_is_mapped_at_the_end; else fail t_O10_declared_is_mapped_at_the_end "$(tail -n 1 "$work/audit")"; fi
if [ "$(wc -l <"$work/second")" -eq 6 ] && [ "$(wc -l <"$work/last")" -eq 6 ]; then pass t_O10_six_processes_were_looked_at; else
	fail t_O10_six_processes_were_looked_at "$(cat "$work/second" "$work/last")"
fi
echo "     $((last / 86400 - first / 86400)) days of the market, ${sessions:-0} moments"
while read -r name mapped resident; do
	set -- $(grep "^$name " "$work/last")
	grown=$(((${2:-0} - mapped) / 4096)) held=$(((${3:-0} - resident) / 4096))
	echo "     $name: mapped $mapped, grown by $grown pages; resident $resident, grown by $held pages"
	if [ $# -eq 3 ] && [ "$grown" -eq 0 ]; then pass "t_O10_${name}_maps_not_one_page_more"; else fail "t_O10_${name}_maps_not_one_page_more" "$grown pages"; fi
	if [ $# -eq 3 ] && [ "$held" -le 0 ]; then pass "t_O10_${name}_holds_not_one_page_more"; else fail "t_O10_${name}_holds_not_one_page_more" "$held pages"; fi
done <"$work/second"
close
