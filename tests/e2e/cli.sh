#!/bin/sh
# The real binary from a shell, as a person or a script meets it. TICKWORK names it (build/tickwork). From the root of the tree.
# The last line is `N passed, N failed, N skipped`; what a checkout lacks is skipped with the reason.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P18_cli

# said NAME SENTENCE WORD...: exit code 2, nothing on standard output, this one sentence on standard error.
said() {
	name=$1 sentence=$2
	shift 2
	check "$name" 2 "$@" || return
	if [ -s "$work/out" ]; then fail "$name" "something on standard output"
	elif [ "$(cat "$work/err")" != "tickwork: $sentence" ]; then fail "$name" "said: $(cat "$work/err")"
	else pass "$name"; fi
}

# --- bad input ----------------------------------------------------------------------------------------------------
said t_P18_no_verb 'which verb? `tickwork help` lists them'
said t_P18_unknown_verb 'unknown verb "bactest"; did you mean backtest? (`tickwork help` lists them)' bactest
said t_P18_unknown_option 'unknown option "--dta" of backtest; did you mean --data?' backtest --dta x
said t_P18_missing_option 'backtest needs --data DIR' backtest
said t_P18_missing_argument 'replay needs a FILE' replay
said t_P18_empty_argument_that_is_needed 'the FILE of replay is empty; give one' replay ''
said t_P18_empty_argument_that_can_be_left_out 'the TOPIC of help is empty; give one, or leave it out' help ''
said t_P18_repeated_option '--days is given twice; give it once' run --days 1 --days 2
said t_P18_extra_argument 'version takes no argument; "x" is one too many' version x
said t_P18_unknown_key 'unknown key "drawdwon_level1_bp"; did you mean drawdown_level1_bp?' config drawdwon_level1_bp
said t_P18_unknown_machine 'unknown machine "ordr"; did you mean order?' fsm ordr
said t_P18_unknown_topic 'no help on "bactest"; did you mean backtest?' help bactest
said t_P18_unknown_layout 'unknown value "singel" of --layout; did you mean single? (appliance quoter engines batch single)' \
	run --layout singel
said t_P18_bad_day '--from "2010-02-30" is not a day; write YYYY-MM-DD' run --from 2010-02-30
# an option that would be passed over in silence: alone NAME VERB OPTION OTHER WORD...; both NAME VERB OPTION OTHER WORD...
alone() { name=$1 verb=$2 option=$3 other=$4; shift 4; said "$name" "$option of $verb says something of $other; give that too" "$verb" "$@"; }
both() { name=$1 verb=$2 option=$3 other=$4; shift 4; said "$name" "$option and $other of $verb do not go together; give one" "$verb" "$@"; }
alone t_P18_stamps_alone quotes --stamps --mids --mid 1 --stamps time
alone t_P18_column_alone quotes --column --mids --mid 1 --column mid
alone t_P18_trials_variance_alone metrics --trials-variance --trials --trials-variance 1 README.md
both t_P18_matrix_and_list sim --crash-matrix --list --list --crash-matrix
both t_P18_table_and_json audit --table --json --table --json
both t_P18_table_and_rights audit --table --rights --rights --table
both t_P18_windows_and_year tax --windows --year --windows 2020-01-01 --year 2020 --home tests/golden/lots
both t_P18_lookahead_and_equity backtest --lookahead-check --equity --data . --lookahead-check --equity "$work/none"
said t_P18_rights_of_a_file '--rights and --table are of this program; leave README.md out' audit --rights README.md
mkdir "$work/daily" "$work/home"
: >"$work/desk.journal"
said t_P18_unknown_folder "--data \"$work/dayly\": no such folder; did you mean daily?" backtest --data "$work/dayly"
said t_P18_unknown_file "replay \"$work/desk.jornal\": no such file; did you mean desk.journal?" replay "$work/desk.jornal"
printf '# this machine\r\ndrawdwon_level1_bp = 400\r\n' >"$work/home/tickwork.conf"
said t_P18_conf_key 'tickwork.conf line 2: unknown key "drawdwon_level1_bp"; did you mean drawdown_level1_bp?' \
	config --home "$work/home"
echo 'drawdown_level1_bp = 501' >"$work/home/tickwork.conf"
said t_P18_conf_loosening 'tickwork.conf line 1: drawdown_level1_bp = "501" would loosen it; here it may only be lowered from 500 bp' \
	config --home "$work/home"

# --- help: every verb explains itself, with an example ------------------------------------------------------------
if check t_P18_help 0 help; then
	verbs=$(sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' "$work/out" | grep -v '^tickwork$')
	[ "$(echo "$verbs" | wc -l)" -ge 8 ] && pass t_P18_help || fail t_P18_help "too few verbs"
	for verb in $verbs; do
		check "t_P18_help_$verb" 0 "$verb" --help || continue
		if ! grep -q "^usage: tickwork $verb" "$work/out"; then fail "t_P18_help_$verb" "no usage"
		elif ! sed -n '/^Example$/,$p' "$work/out" | grep -q "^  tickwork .*$verb\|^  tickwork $verb"; then fail "t_P18_help_$verb" "no example"
		elif awk 'length($0) > 80 { exit 1 }' "$work/out"; then pass "t_P18_help_$verb"
		else fail "t_P18_help_$verb" "wider than 80 columns"; fi
	done
fi

# Every example, word for word, in a folder of its own that has ../shared beside it where the checkout has. Those that ask a running appliance
# may say that none runs, or that none has run yet: exit code 3, and that sentence.
shared=$(realpath "${TICKWORK_SHARED:-../shared}" 2>/dev/null)
mkdir "$work/bin" "$work/place" && ln -s "$binary" "$work/bin/tickwork"
[ -d "${shared:-/nonexistent}" ] && ln -s "$shared" "$work/shared"
for verb in ${verbs:-}; do
	name=t_P18_example_$verb
	check "$name" 0 "$verb" --help || continue
	sed -n '/^Example$/,$p' "$work/out" | sed 1d >"$work/example"
	if grep -q '\.\./shared' "$work/example" && [ ! -d "$work/shared/data/daily" ]; then
		skip "$name" "no ../shared/data/daily beside the project"
		continue
	fi
	(cd "$work/place" && PATH="$work/bin:$PATH" timeout 120 sh -e "$work/example") >"$work/out" 2>"$work/err" </dev/null
	code=$?
	if [ $code -eq 3 ] && grep -q -E '^tickwork: (no appliance runs in|no log in|the watchdog of .* is dead)' "$work/err"; then pass "$name"        # its appliance is not here
	elif [ $code -ne 0 ]; then fail "$name" "exit code $code: $(tail -c 300 "$work/err")"
	elif [ -s "$work/out" ]; then pass "$name"
	else fail "$name" "said nothing"; fi
done

# --- results ------------------------------------------------------------------------------------------------------
for words in 'sim --list' 'config' 'config universe' 'config drawdown_level1_bp' 'fsm' 'fsm order' 'version' 'help' 'help exit-codes' 'help run'; do
	name=t_P18_json_$(echo "$words" | tr ' -' '__')
	# shellcheck disable=SC2086
	check "$name" 0 $words --json || continue
	if ! command -v python3 >/dev/null; then skip "$name" "no python3 to read the JSON with"
	elif python3 -c 'import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert lines and all(isinstance(line, (dict, list)) for line in lines)' "$work/out" 2>"$work/err"; then pass "$name"
	else fail "$name" "$(tail -n 1 "$work/err")"; fi
done

if check t_P2_drawings 0 fsm; then
	for machine in $(sed -n 's/^\([a-z_]*\): .*/\1/p' "$work/out"); do
		check "t_P2_drawing_$machine" 0 fsm "$machine" --dot || continue
		if cmp -s "$work/out" "fsm/drawings/$machine.dot"; then pass "t_P2_drawing_$machine"
		else fail "t_P2_drawing_$machine" "fsm/drawings/$machine.dot is not what the table says; tools/draw draws it again"; fi
	done
	for drawing in fsm/drawings/*.dot; do
		grep -q "^$(basename "$drawing" .dot): " "$work/out" || check "t_P2_no_machine_behind_$drawing" 0 fsm "$(basename "$drawing" .dot)"
	done
fi

"$binary" config 2>"$work/err" | head -n 1 >"$work/out"
if [ -s "$work/out" ] && [ ! -s "$work/err" ]; then pass t_P18_reader_that_left; else fail t_P18_reader_that_left "$(cat "$work/err")"; fi

if [ -w /dev/full ]; then
	"$binary" config >/dev/full 2>"$work/err"
	code=$?
	if [ $code -eq 1 ] && grep -q 'could not write standard output: No space left on device' "$work/err"; then pass t_P18_full_disk
	else fail t_P18_full_disk "exit code $code: $(cat "$work/err")"; fi
else
	skip t_P18_full_disk "no /dev/full here"
fi

# Colour on a terminal only, and not where NO_COLOR asks for none.
if command -v script >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
	esc=$(printf '\033')
	TERM=xterm NO_COLOR='' script -qec "'$binary' config" /dev/null </dev/null >"$work/coloured" 2>/dev/null
	TERM=xterm NO_COLOR=1 script -qec "'$binary' config" /dev/null </dev/null >"$work/plain" 2>/dev/null
	"$binary" config >"$work/out"
	if ! grep -q "$esc" "$work/coloured"; then fail t_P18_colour "none on a terminal"
	elif grep -q "$esc" "$work/plain"; then fail t_P18_colour "some with NO_COLOR"
	elif grep -q "$esc" "$work/out"; then fail t_P18_colour "some in a file"
	else pass t_P18_colour; fi
else
	skip t_P18_colour "no script(1), or no /dev/pts, to make a terminal with"
fi

# --- the processor check comes before any newer instruction -------------------------------------------------------
emulator=$(command -v qemu-x86_64 || command -v qemu-x86_64-static)
if [ -n "$emulator" ]; then
	"$emulator" -cpu IvyBridge "$binary" version >"$work/out" 2>"$work/err"
	code=$?
	if [ $code -eq 1 ] && [ ! -s "$work/out" ] && grep -q '^tickwork: this processor lacks FMA;' "$work/err"; then pass t_O8_older_processor
	else fail t_O8_older_processor "exit code $code: $(tail -n 1 "$work/err")"; fi
else
	skip t_O8_older_processor "no qemu-x86_64 to be an older processor with (apt-get install qemu-user)"
fi
symbols=$binary.debug
if ! command -v objdump >/dev/null || [ ! -f "$symbols" ]; then
	skip t_O8_check_is_baseline "no objdump, or no $(basename "$symbols") with symbols"
else
	newer='[[:space:]](v[a-z0-9]*|shlx|shrx|sarx|rorx|mulx|andn|bextr|blsr|blsi|blsmsk|bzhi|pdep|pext|lzcnt|movbe)[[:space:]]'
	for symbol in _start main cpu_ask cpu_missing cpu_refuse say write __libc_start_main; do
		objdump -d --no-show-raw-insn --disassemble="$symbol" "$symbols" | grep -E '^ +[0-9a-f]+:' >>"$work/door"
	done
	if ! grep -q cpuid "$work/door"; then fail t_O8_check_is_baseline "did not find the check"
	elif grep -E "$newer" "$work/door" >"$work/newer"; then fail t_O8_check_is_baseline "$(head -n 1 "$work/newer")"
	elif objdump -d --no-show-raw-insn "$symbols" | grep -q -E "$newer"; then pass t_O8_check_is_baseline
	else fail t_O8_check_is_baseline "the rest has no newer instruction either: wrong flags, or this test is blind"; fi
fi
close
