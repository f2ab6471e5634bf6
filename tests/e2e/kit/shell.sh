# shell.sh - what every e2e script begins with. Sourced from the root of the tree, after `set -u`; makes $work, finds $binary.
#
#   pass, fail, skip NAME [WHY]   one line each; the name carries the row id
#   check NAME CODE WORD...       runs the binary; output in $work/out and $work/err; false after a FAIL line when the code differs
#   refused NAME CODE PATTERN WORD...   one sentence on standard error that fits the pattern, nothing on standard output
#   judged FILE                   counts the lines that a helper of kit/ wrote: `ok   NAME`, `FAIL NAME: why`, `skip NAME: why`
#   close                         the last line: `N passed, N failed[, N skipped]`
binary=$(realpath "${TICKWORK:-build/tickwork}" 2>/dev/null) || binary=
kit=$(realpath tests/e2e/kit)
shared=$(realpath "${TICKWORK_SHARED:-../shared}" 2>/dev/null) || shared=
daily=${shared:-/nonexistent}/data/daily
python=$(command -v python3) || python=
passed=0 failed=0 skipped=0
work=$(mktemp -d) || exit 1
# A home's map may lie on tmpfs: it goes with its home.
clear_work() {
	find "$work" -type l -name map 2>/dev/null | while read -r link; do rm -f "$(readlink "$link")"; done
	rm -rf "$work"
}
trap clear_work EXIT
trap 'exit 130' INT TERM

pass() { passed=$((passed + 1)); echo "ok   $1"; }
fail() { failed=$((failed + 1)); echo "FAIL $1${2:+: $2}"; }
skip() { skipped=$((skipped + 1)); echo "skip $1: $2"; }
close() {
	if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
	[ "$failed" -eq 0 ] || exit 1
	exit 0
}

# verdict NAME WHY: a pass when WHY is empty.
verdict() { if [ -z "$2" ]; then pass "$1"; else fail "$1" "$2"; fi; }

need_binary() { [ -n "$binary" ] && [ -f "$binary" ] && [ -x "$binary" ] || { skip "$1" "no ${TICKWORK:-build/tickwork} here; make builds it"; close; }; }

check() {
	name=$1 want=$2
	shift 2
	"$binary" "$@" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	[ "$code" -eq "$want" ] && return 0
	fail "$name" "exit code $code instead of $want: $(tail -c 300 "$work/err")"
	return 1
}

refused() {
	name=$1 want=$2 pattern=$3
	shift 3
	check "$name" "$want" "$@" || return 1
	sentence=$(cat "$work/err")
	if [ -s "$work/out" ]; then fail "$name" "something on standard output: $(head -c 200 "$work/out")"
	elif [ "$(wc -l <"$work/err")" -ne 1 ]; then fail "$name" "not one sentence: $sentence"
	elif expr "x$sentence" : "xtickwork: $pattern\$" >/dev/null; then pass "$name"
	else fail "$name" "said: $sentence"; fi
}

judged() {
	cat "$1"
	passed=$((passed + $(grep -c '^ok ' "$1"))) failed=$((failed + $(grep -c '^FAIL ' "$1"))) skipped=$((skipped + $(grep -c '^skip ' "$1")))
}
