#!/bin/sh
# Each process of the appliance is attacked from inside, in every way its rights forbid: it dies of it, is named in HOME/lastwords and HOME/blackbox with the call that was
# refused, comes back, and in the end the state is that of the undisturbed run (rows X1, O7, O10; invariants 1 to 3). The intruder is kit/attack.c, linked
# from the product's own objects. From the feed an order with its own credential reaches the venue and is refused there. About 20 s.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_X1_rights
need_venue t_X1_rights
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make build/gcc/attack >"$work/make" 2>&1 || { fail t_X1_attack "kit/attack.c is not built: $(tail -n 2 "$work/make")"; close; }
attack=$(realpath build/gcc/attack)

# --- the table ------------------------------------------------------------------------------------------------------
"$binary" audit --rights >"$work/table" 2>"$work/err" || fail t_O10_audit_rights "$(cat "$work/err")"
for process in orchestrator strategy_analyzer position_health_monitor combined_analyzer market_decision_engine; do
	calls=$(sed -n "s/^$process  *\([0-9]*\) .*/\1/p" "$work/table")
	[ "${calls:-99}" -le 25 ] && pass "t_O10_${process}_has_$calls calls" || fail "t_O10_${process}_at_most_25_calls" "'$calls' in $(head -n 8 "$work/table")"
done
[ "$(wc -L <"$work/table")" -le 85 ] && [ -s "$work/table" ] && pass t_O10_the_table_is_narrow || fail t_O10_the_table_is_narrow "$(wc -L <"$work/table") columns"
awk '/^    PROCESS  *CALLS/ { on = 1 } on && NF == 0 { exit } on' ARCHITECTURE.md | sed 's/^    //' >"$work/said"
sed -n '/^PROCESS/,/^$/p' "$work/table" | sed '/^$/d' >"$work/printed"
[ -s "$work/printed" ] && cmp -s "$work/printed" "$work/said" && pass t_O10_architecture_shows_the_table_as_printed ||
	fail t_O10_architecture_shows_the_table_as_printed "$(diff "$work/printed" "$work/said" | head -n 4)"
if [ -n "$python" ]; then
	"$binary" audit --rights --json >"$work/json" && "$python" - "$work/json" <<'JUDGE' && pass t_O10_audit_rights_json || fail t_O10_audit_rights_json "$(head -c 300 "$work/json")"
import json, sys
told = json.load(open(sys.argv[1]))
assert {p["name"]: len(p["calls"]) for p in told["processes"]} and all(len(p["calls"]) <= 25 for p in told["processes"])
assert not {"mmap", "mprotect", "brk", "execve", "fork", "ptrace", "open"} & {c for p in told["processes"] for c in p["calls"]}
assert all(c["number"] >= 0 and c["why"] for c in told["calls"]) and told["boot"] > 60
JUDGE
else skip t_O10_audit_rights_json "no python3 to read it"; fi

# --- what the kernel says of a healthy one --------------------------------------------------------------------------
# A venue of its own day by day, so that there is time to look.
"$binary" run --layout appliance --speed 100000 --home "$work/healthy" >"$work/healthy.said" 2>&1 </dev/null &
running=$! tries=100
until [ "$(pgrep -P $running | wc -l)" -eq 5 ] && "$binary" status --home "$work/healthy" 2>/dev/null | grep -q READY || [ $tries -eq 0 ]; do sleep 0.1; tries=$((tries - 1)); done
sleep 0.5
filters() { sed -n 's/^Seccomp_filters:[[:space:]]*//p' "/proc/$1/status"; }
told() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }
why=
for child in $(pgrep -P $running); do
	[ "$(told "$child" Seccomp)" = 2 ] && [ "$(told "$child" NoNewPrivs)" = 1 ] || why="$why process $child: Seccomp $(told "$child" Seccomp)"
	case $(filters "$child") in '' | 2) ;; *) why="$why process $child has $(filters "$child") filters" ;; esac
done
verdict t_O10_each_child_is_sealed_under_two_filters "$why"
[ "$(told $running Seccomp)" = 2 ] && pass t_O10_the_watchdog_has_the_filter_of_boot || fail t_O10_the_watchdog_has_the_filter_of_boot "Seccomp $(told $running Seccomp)"
# The permission matrix of the map, as the kernel holds it: each process may write the regions of its workers, the watchdog its own, byte for byte.
if [ -n "$python" ]; then
	"$binary" audit --json >"$work/audit" && "$binary" audit --rights --json >"$work/json" && "$binary" status --home "$work/healthy" --json >"$work/status"
	"$python" - "$work" $running <<'JUDGE' && pass t_X1_the_kernel_holds_the_matrix_of_regions || fail t_X1_the_kernel_holds_the_matrix_of_regions "$(cat "$work/status" | head -c 200)"
import json, sys
work, watchdog = sys.argv[1], int(sys.argv[2])
regions = json.load(open(work + "/audit"))["regions"]
workers = {p["name"]: set(p["workers"]) for p in json.load(open(work + "/json"))["processes"]}
pids = {p["name"]: p["pid"] for p in json.load(open(work + "/status"))["processes"] if p["name"] in workers}
pids["watchdog"], workers["watchdog"] = watchdog, {"watchdog"}
assert len(pids) == 6 and all(pids.values()), pids
for name, pid in pids.items():
    want, got = sum(r["bytes"] for r in regions if r["writer"] in workers[name]), 0
    for line in open(f"/proc/{pid}/maps"):
        word = line.split()
        if len(word) > 5 and ("/dev/shm/tickwork-" in word[5] or word[5].endswith("/map")) and "w" in word[1]:
            a, b = (int(x, 16) for x in word[0].split("-"))
            got += b - a
    if name == "watchdog" or got != want: print(f"     {name} may write {got} bytes of the map, {want} are its own")
    assert got == want, name
JUDGE
else skip t_X1_the_kernel_holds_the_matrix_of_regions "no python3"; fi
kill -TERM $running
wait $running && pass t_O10_a_sealed_appliance_ends_in_order || fail t_O10_a_sealed_appliance_ends_in_order "$(tail -n 2 "$work/healthy.said")"
[ ! -e "$work/healthy/control" ] && pass t_O7_the_console_is_gone || fail t_O7_the_console_is_gone

"$binary" run --layout single --speed 100000 --home "$work/single" >"$work/single.said" 2>&1 </dev/null &
running=$! tries=100
until [ "$(told $running Seccomp)" = 2 ] || [ $tries -eq 0 ]; do sleep 0.1; tries=$((tries - 1)); done
[ $tries -gt 0 ] && pass t_O10_a_run_in_one_process_is_sealed || fail t_O10_a_run_in_one_process_is_sealed "$(tail -n 2 "$work/single.said")"
kill -TERM $running
wait $running && pass t_O10_and_ends_in_order || fail t_O10_and_ends_in_order "$(tail -n 2 "$work/single.said")"

# A person may have put reports and journal on another disk, and left links: Landlock counts them as what they lead to.
mkdir "$work/linked" "$work/disk" && ln -s "$work/disk" "$work/linked/reports"
"$binary" run --layout appliance --days 5 --home "$work/linked" >"$work/linked.said" 2>&1 </dev/null
mv "$work/linked/journal" "$work/disk/journal" && ln -s "$work/disk/journal" "$work/linked/journal"
"$binary" run --layout appliance --days 10 --home "$work/linked" >"$work/linked.said" 2>&1 </dev/null &&
	[ "$(find "$work/disk" -name '*.json' | wc -l)" -ge 10 ] && [ "$(sort "$work/linked/lastwords" | grep -c 'ledger\|position_health')" -eq 0 ] &&
	pass t_O10_reports_and_journal_on_another_disk || fail t_O10_reports_and_journal_on_another_disk "$(tail -n 2 "$work/linked.said")"

# --- from inside each process ---------------------------------------------------------------------------------------
# call_of ATTACK: what lastwords names.
call_of() {
	case $1 in
	open) echo openat ;; socket | unix) echo socket ;; exec) echo execve ;; map) echo mmap ;; unmap) echo munmap ;; remap) echo mremap ;; protect) echo mprotect ;;
	pkey) echo pkey_mprotect ;; trace) echo ptrace ;; peek) echo process_vm_readv ;; poke) echo process_vm_writev ;; pidfd) echo pidfd_open ;;
	take_fd) echo pidfd_getfd ;; release) echo kill ;; dump) echo prctl ;; handler) echo rt_sigaction ;; *) echo "$1" ;;
	esac
}
words_of() {
	case $1 in
	write) echo "killed by signal 11 (SIGSEGV)" ;;
	x32) echo "killed by signal 31 (SIGSYS)" ;;
	*) echo "no right to the system call $(call_of "$1") (SIGSYS)" ;;
	esac
}
every='unix exec map unmap remap brk protect pkey write fork clone trace peek poke pidfd take_fd kill release dump handler x32'
hash_in() { sed -n 's/.*state hash \([0-9a-f]*\).*/\1/p' "$1" | tail -n 1; }
# dies_of NAME PROCESS ATTACK...: lastwords of $work/NAME has just these deaths of that process, in that order; after them it lived to the end.
dies_of() {
	name=$1 process=$2
	shift 2
	for attack_of in "$@"; do words_of "$attack_of"; done >"$work/wanted"
	sort "$work/$name/lastwords" | sed -n "s/^[0-9]* [^ ]* $process: //p" | sed 's/ *$//' >"$work/died"
	if ! grep -q '^done after' "$work/$name.said"; then fail "t_X1_$name" "$(tail -n 2 "$work/$name.err")"
	elif grep -q ' lives after ' "$work/$name.err"; then fail "t_X1_$name" "$(grep ' lives after ' "$work/$name.err" | head -n 3 | tr '\n' ' ')"
	elif cmp -s "$work/wanted" "$work/died"; then pass "t_X1_${name}_dies_of_each_of_$# attacks and comes back"
	else fail "t_X1_$name" "$(diff "$work/wanted" "$work/died" | head -n 3 | tr '\n' ' ')"; fi
}
said() { grep -q "^attack: $2\$" "$work/$1.err" && pass "t_X1_$1_$3" || fail "t_X1_$1_$3" "$(grep '^attack' "$work/$1.err" | head -n 5 | tr '\n' ' ')"; }

"$binary" run --layout appliance --days 30 --home "$work/calm" >"$work/calm.said" 2>&1 </dev/null
# attacks WORKER PROCESS ATTACK...: with the venue inside, where only feed and desk lack a right that they have elsewhere.
attacks() {
	name=$1 process=$2
	shift 2
	ATTACK="$name $*" "$attack" run --layout appliance --drill --days 30 --home "$work/$name" >"$work/$name.said" 2>"$work/$name.err" </dev/null
	dies_of "$name" "$process" "$@"
	[ -n "$(hash_in "$work/calm.said")" ] && [ "$(hash_in "$work/calm.said")" = "$(hash_in "$work/$name.said")" ] && pass "t_X1_${name}_same_state_as_undisturbed" ||
		fail "t_X1_${name}_same_state_as_undisturbed" "$(tail -n 2 "$work/$name.said")"
}
# shellcheck disable=SC2086
for pair in analyst:strategy_analyzer context:combined_analyzer feed:orchestrator desk:market_decision_engine; do attacks "${pair%:*}" "${pair#*:}" open socket $every; done
# shellcheck disable=SC2086
attacks health position_health_monitor socket $every
# The black box has the latest deaths with the call, the instruction and the registers.
"$binary" blackbox --home "$work/health" >"$work/box" 2>"$work/err"
tr -s ' \n' ' ' <"$work/box" >"$work/box.line"
why=
for attack_of in dump handler release take_fd poke; do
	grep -qF "position_health_monitor $(words_of $attack_of)" "$work/box.line" || why="$why no $attack_of"
done
verdict t_P3_the_black_box_names_each_death "$why$(cat "$work/err")"

if grep -q '^attack: /etc/passwd errno 13' "$work/health.err"; then
	said health 'environ errno 13' cannot_read_its_parents_environment
	said health 'mem errno 13' cannot_read_its_parents_memory
	said health '/tmp/attack errno 13' cannot_write_elsewhere
elif grep -q '^attack: /etc/passwd errno 0' "$work/health.err"; then skip t_X1_health_cannot_open_elsewhere "this kernel has no Landlock"
else fail t_X1_health_cannot_open_elsewhere "$(head -n 3 "$work/health.err")"; fi

# The child that comes before all others has the filter of boot on: it dies of what no boot needs, each time it is tried again, and that is kept, too.
mkdir "$work/boot"
for attack_of in exec trace peek; do
	ATTACK="boot $attack_of" "$attack" run --layout appliance --days 30 --home "$work/boot" >"$work/boot.said" 2>"$work/boot.err" </dev/null
	code=$?
	[ $code -eq 5 ] && grep -qF "the boot process died 20 times: $(words_of $attack_of)" "$work/boot.err" && ! grep -q ' lives after ' "$work/boot.err" &&
		pass "t_O10_boot_dies_of_$attack_of" || fail "t_O10_boot_dies_of_$attack_of" "exit code $code: $(tail -n 2 "$work/boot.err")"
	[ "$(sort "$work/boot/lastwords" | grep -cF " boot: $(words_of $attack_of)")" -ge 20 ] && pass "t_P3_the_diary_names_${attack_of}_in_boot" ||
		fail "t_P3_the_diary_names_${attack_of}_in_boot" "$(sort "$work/boot/lastwords" | tail -n 2)"
done
"$binary" blackbox last --home "$work/boot" >"$work/box" 2>"$work/err"
tr -s ' \n' ' ' <"$work/box" >"$work/box.line"
grep -q ': boot, pid' "$work/box" && grep -qF "$(words_of peek)" "$work/box.line" && grep -q 'events of feed' "$work/box.line" && grep -q '^registers' "$work/box" &&
	pass t_P3_the_black_box_has_the_death_of_boot || fail t_P3_the_black_box_has_the_death_of_boot "$(head -n 4 "$work/box")$(cat "$work/err")"

# --- by protocol: processes with the network and a credential --------------------------------------------------------
venue_start venue --seed 1 --from 2015-01-02 --to 2015-01-23
for pair in feed:orchestrator desk:market_decision_engine; do
	worker=${pair%:*} name=${pair%:*}_at_venue
	# shellcheck disable=SC2086
	ATTACK="$worker open $every" "$attack" run --layout appliance --drill --home "$work/$name" $venue_words >"$work/$name.said" 2>"$work/$name.err" </dev/null
	# shellcheck disable=SC2086
	dies_of "$name" "${pair#*:}" open $every
	said "$name" 'descriptors 0' holds_no_secret_descriptor
	if grep -q '^attack: port 9 errno 111' "$work/$name.err"; then skip "t_X1_${name}_cannot_dial_elsewhere" "this kernel's Landlock knows no ports"
	else said "$name" 'port 9 errno 13' cannot_dial_elsewhere; fi
	venue_end
	[ "$worker" = desk ] || venue_start venue2 --seed 1 --from 2015-01-02 --to 2015-01-23
done
said feed_at_venue 'order 403 .*this key may not trade: it is for market data.*' order_with_the_data_key_is_refused
why=$(grep -c ATTACK "$work/venue/log")
[ "$why" -eq 0 ] && pass t_X1_no_order_of_the_feed_is_in_the_venues_log || fail t_X1_no_order_of_the_feed_is_in_the_venues_log "$why lines"
close
