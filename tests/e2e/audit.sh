#!/bin/sh
# The memory audit against running processes: what `tickwork audit` declares, the kernel must find to the byte in a `tickwork run` that trades, with its
# journal and books open, and in each process of the appliance; and the same declaration is read from the file of a program that never ran.
# TICKWORK names the binary (build/tickwork). From the root of the tree. The last line counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; clear_work' EXIT

holds() { if [ "$2" "$3" "$4" ]; then pass "$1"; else fail "$1" "$2 $3 $4 does not hold"; fi; }
# The object of a process in an audit, up to its low water; a number in it; the last number under a key; a line of /proc/PID/status in bytes.
process_of() { grep -o "{\"name\":\"$2\",\"layout\":[^{]*" "$1"; }
in_process() { process_of "$1" "$2" | grep -o "\"$3\":[0-9]*" | cut -d: -f2; }
number() { grep -o "\"$1\":[0-9]*" "$work/audit.json" | tail -n 1 | cut -d: -f2; }
status() { awk -v key="$2:" '$1 == key { print $2 * 1024 }' "/proc/$1/status"; }
# Until a command holds, ten seconds at most.
until_holds() {
	tries=0
	until eval "$1" || [ "$tries" -ge 100 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}

need_binary t_O10_audit

# --- of a binary that never ran -------------------------------------------------------------------------------------------

if "$binary" audit --json >"$work/audit.json"; then pass t_O10_the_audit_of_a_binary_that_never_ran_is_ok; else fail t_O10_the_audit_of_a_binary_that_never_ran_is_ok; fi
total=$(number total_declared_bytes) limit=$(number limit_bytes)
declared=$(in_process "$work/audit.json" everything declared_bytes) stack=$(in_process "$work/audit.json" everything stack_bytes)
holds t_O10_declared_is_within_the_limit "$total" -le "$limit"
holds t_O10_the_audit_maps_what_it_declares "$(in_process "$work/audit.json" everything mapped_bytes)" -eq "$declared"

processes="watchdog orchestrator strategy_analyzer position_health_monitor combined_analyzer market_decision_engine rescue"
if "$binary" audit "$binary" --json >"$work/file.json"; then pass t_O10_the_audit_of_a_file_is_ok; else fail t_O10_the_audit_of_a_file_is_ok; fi
for name in everything $processes; do
	for key in declared_bytes declared_by_protocol_bytes; do
		here=$(in_process "$work/audit.json" "$name" "$key")
		holds "t_O10_file_and_program_declare_the_same_${name}_$key" "${here:-0}" -eq "$(in_process "$work/file.json" "$name" "$key")"
	done
done

# Exit 2 and one sentence that names the file.
is_refused() {
	"$binary" audit "$2" >"$work/out" 2>"$work/err"
	code=$?
	[ "$code" -eq 2 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && [ ! -s "$work/out" ] && grep -q -F "$2" "$work/err" && pass "$1" ||
		fail "$1" "exit $code, $(head -c 200 "$work/err")"
}
head -c 100 /dev/zero >"$work/zeros"
: >"$work/empty"
head -c 20000 "$binary" >"$work/cut"
cp "$binary" "$work/other" && at=$(grep -a -b -o tickwork "$work/other" | head -n 1 | cut -d: -f1) &&
	printf '\377' | dd of="$work/other" bs=1 seek="$((at + 12))" conv=notrunc 2>/dev/null
is_refused t_O10_zeros_are_no_program "$work/zeros"
is_refused t_O10_an_empty_file_is_no_program "$work/empty"
is_refused t_O10_a_program_cut_short_is_refused "$work/cut"
is_refused t_O10_a_table_of_another_version_is_refused "$work/other"
is_refused t_O10_another_program_has_no_table /bin/sh
is_refused t_O10_a_missing_file_is_refused "$work/nothing"
is_refused t_O10_a_folder_is_refused "$work"

# The table in the document is the one that the program prints.
"$binary" audit --table >"$work/table"
grep -x -F -f "$work/table" ARCHITECTURE.md >"$work/in_document"
if cmp -s "$work/table" "$work/in_document"; then pass t_O10_the_document_has_the_table_of_the_program; else
	fail t_O10_the_document_has_the_table_of_the_program "put the lines of tickwork audit --table into ARCHITECTURE.md"
fi

# --- a run in one process -------------------------------------------------------------------------------------------------

# At full speed through its history, then a market second a second: it stands in its first session with everything open.
"$binary" run --home "$work/home" --speed 1 >"$work/out" 2>"$work/err" </dev/null &
pid=$!
until_holds '[ -s "$work/home/books.db" ] && [ -s "$work/home/journal" ]'
sleep 0.5
if kill -0 "$pid" 2>/dev/null; then pass t_O10_a_run_to_look_at; else fail t_O10_a_run_to_look_at "$(head -c 300 "$work/err")"; close; fi
mapped=$(status "$pid" VmSize) resident=$(status "$pid" VmRSS)
echo "     declared $declared, mapped $mapped, resident $resident"
holds t_O10_a_run_maps_what_is_declared "$mapped" -eq "$declared"
holds t_O10_a_run_keeps_no_more_in_memory_than_mapped "$resident" -le "$mapped"
holds t_O10_the_stack_is_its_declaration "$(status "$pid" VmStk)" -eq "$stack"
kill -TERM "$pid"
wait "$pid"
pid=

# And after a few years at full speed, just before the end: the peak of what was ever mapped.
"$binary" run --home "$work/far" --days 700 >"$work/out" 2>"$work/err" </dev/null &
pid=$!
peak=0
while kill -0 "$pid" 2>/dev/null; do
	now=$(status "$pid" VmSize 2>/dev/null)
	[ -n "$now" ] && [ "$now" -gt "$peak" ] && peak=$now
	sleep 0.1
done
wait "$pid"
code=$?
pid=
holds t_O10_a_run_of_years_ends_well "$code" -eq 0
holds t_O10_a_run_of_years_maps_what_is_declared "$peak" -eq "$declared"

# --- the appliance --------------------------------------------------------------------------------------------------------

"$binary" run --layout appliance --home "$work/six" --speed 1 >"$work/out" 2>"$work/err" </dev/null &
pid=$!
ready() { [ "$("$binary" audit --home "$work/six" --json 2>/dev/null | grep -o '"mapped_bytes":[0-9]*,"resident' | wc -l)" -ge 7 ]; }
until_holds ready
if "$binary" audit --home "$work/six" --json >"$work/six.json" 2>"$work/err"; then pass t_O10_the_audit_of_the_appliance_is_ok; else
	fail t_O10_the_audit_of_the_appliance_is_ok "$(head -c 300 "$work/err")"
fi
"$binary" status --home "$work/six" --json >"$work/status.json"
for name in $processes; do
	[ "$name" = rescue ] && continue
	there=$(grep -o "\"name\":\"$name\"[^}]*\"pid\":[0-9]*" "$work/status.json" | grep -o '[0-9]*$')
	[ "$name" = watchdog ] && there=$pid
	said=$(in_process "$work/six.json" "$name" mapped_bytes)
	holds "t_O10_${name}_maps_what_the_file_declares" "${said:-0}" -eq "$(in_process "$work/file.json" "$name" declared_bytes)"
	holds "t_O10_the_kernel_says_the_same_of_$name" "${said:-0}" -eq "$(status "${there:-0}" VmSize 2>/dev/null || echo 1)"
	low=$(grep -o "\"name\":\"$name\",\"layout\".*" "$work/six.json" | grep -o '"stack":[0-9]*' | head -n 1 | cut -d: -f2)
	holds "t_O10_${name}_leaves_half_of_its_stack_as_it_was_painted" "${low:-0}" -ge "$((stack / 2))"
	holds "t_O10_${name}_holds_no_more_than_it_maps" "$(in_process "$work/six.json" "$name" resident_bytes)" -le "${said:-0}"
done
holds t_O10_the_rescue_is_not_there "$(process_of "$work/six.json" rescue | grep -c '"mapped_bytes":null')" -eq 1
"$binary" audit --home "$work/six" "$binary" >"$work/out" 2>"$work/err"
holds t_O10_a_home_and_a_file_are_one_too_many "$?" -eq 2
kill -TERM "$pid"
wait "$pid"
pid=
"$binary" audit --home "$work/six" --json >"$work/six.json" 2>"$work/err"
holds t_O10_of_what_has_ended_nothing_is_claimed "$(grep -c '"mapped_bytes":[0-9]' "$work/six.json")" -eq 0
close
