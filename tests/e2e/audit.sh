#!/bin/sh
# The memory audit against a running process: what `tickwork audit` declares, the kernel must find in a `tickwork run` that trades, with its
# journal and books open. TICKWORK names the binary (build/tickwork). From the root of the tree. The last line counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
binary=$(realpath "${TICKWORK:-build/tickwork}" 2>/dev/null) || binary=
passed=0 failed=0 skipped=0
work=$(mktemp -d) || exit 1
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT

pass() { passed=$((passed + 1)); echo "ok   $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1${2:+: $2}"; }
close() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}
holds() { if [ "$2" "$3" "$4" ]; then pass "$1"; else fail "$1" "$2 $3 $4 does not hold"; fi; }
# The last number under a key; the value of a line of /proc/PID/status in bytes.
number() { grep -o "\"$1\":[0-9]*" "$work/audit.json" | tail -n 1 | cut -d: -f2; }
status() { awk -v key="$1:" '$1 == key { print $2 * 1024 }' "/proc/$pid/status"; }

[ -x "${binary:-/}" ] && [ -f "$binary" ] || { echo "skip t_O10_audit: no ${TICKWORK:-build/tickwork} here; make builds it"; skipped=1; close; }

if "$binary" audit --json >"$work/audit.json"; then pass t_O10_the_audit_of_a_binary_that_never_ran_is_ok; else fail t_O10_the_audit_of_a_binary_that_never_ran_is_ok; fi
declared=$(number total_declared_bytes) limit=$(number limit_bytes) stack=$(number stack_bytes) fresh=$(number mapped_bytes)
holds t_O10_declared_is_within_the_limit "$declared" -le "$limit"

# At full speed through its history, then a market second a second: it stands in its first session with everything open.
"$binary" run --home "$work/home" --speed 1 >"$work/out" 2>"$work/err" </dev/null &
pid=$!
tries=0
until [ -s "$work/home/books.db" ] && [ -s "$work/home/journal" ] || [ "$tries" -ge 100 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
sleep 0.5
if kill -0 "$pid" 2>/dev/null; then pass t_O10_a_run_to_look_at; else fail t_O10_a_run_to_look_at "$(head -c 300 "$work/err")"; close; fi
mapped=$(status VmSize) resident=$(status VmRSS) stack_mapped=$(status VmStk)
echo "declared $declared, mapped by the run $mapped (by the audit $fresh), resident $resident, stack $stack_mapped"
holds t_O10_a_run_maps_no_more_than_declared "$mapped" -le "$declared"
holds t_O10_a_run_maps_nearly_all_that_is_declared "$mapped" -ge "$((declared - stack - 131072))"
holds t_O10_a_run_keeps_no_more_in_memory_than_mapped "$resident" -le "$mapped"
holds t_O10_the_stack_stays_within_its_declaration "$stack_mapped" -le "$stack"
kill -TERM "$pid"
wait "$pid"
pid=

# And after a few years at full speed, just before the end: the peak of what was ever mapped.
"$binary" run --home "$work/far" --days 700 >"$work/out" 2>"$work/err" </dev/null &
pid=$!
peak=0
while kill -0 "$pid" 2>/dev/null; do
	now=$(status VmPeak 2>/dev/null)
	[ -n "$now" ] && [ "$now" -gt "$peak" ] && peak=$now
	sleep 0.1
done
wait "$pid"
code=$?
pid=
holds t_O10_a_run_of_years_ends_well "$code" -eq 0
holds t_O10_the_peak_was_looked_at "$peak" -gt 0
holds t_O10_a_run_of_years_never_maps_more "$peak" -le "$declared"
close
