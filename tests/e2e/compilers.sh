#!/bin/sh
# The product as gcc makes it and as clang makes it, both with our musl: the same bits out of the same days.
# The last line is `N passed, N failed[, N skipped]`.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
name=t_T1_gcc_and_clang_come_to_the_same_state
need_binary "$name"

hash_of() { sed -n 's/.*"state_hash":"\([0-9a-f]*\)".*/\1/p' "$1"; }

# compare NAME FOLDER: a backtest by both, its figures, trades and journal.
compare() {
	for compiler in gcc clang; do
		[ $compiler = gcc ] && program=$binary || program=$clang
		"$program" backtest --data "$2" --trades "$work/$compiler.trades" --equity "$work/$compiler.equity" --json >"$work/$compiler.json" 2>/dev/null || {
			fail "$1" "the backtest of $compiler failed"
			return
		}
	done
	if [ -z "$(hash_of "$work/gcc.json")" ] || [ "$(hash_of "$work/gcc.json")" != "$(hash_of "$work/clang.json")" ]; then
		fail "$1" "state hash $(hash_of "$work/gcc.json") of gcc, $(hash_of "$work/clang.json") of clang"
	elif ! cmp -s "$work/gcc.trades" "$work/clang.trades" || ! cmp -s "$work/gcc.equity" "$work/clang.equity"; then
		fail "$1" 'the same hash, other trades or equity'
	elif [ "$(sed 's/"elapsed_ms":[^,]*,//' "$work/gcc.json")" != "$(sed 's/"elapsed_ms":[^,]*,//' "$work/clang.json")" ]; then
		fail "$1" 'the same hash, other figures'
	else
		pass "$1"
	fi
}

command -v "${CLANG:-clang-14}" >/dev/null || { skip "$name" "${CLANG:-clang-14} is missing"; close; }
env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make build/clang/tickwork >"$work/make" 2>&1 || { fail "$name" "clang does not build it: $(tail -n 1 "$work/make")"; close; }
clang=$(realpath build/clang/tickwork)

if [ -x build/bench ] && mkdir "$work/bars" && build/bench --write-bars "$work/bars" 2>/dev/null; then compare "${name}_on_generated_days" "$work/bars"
else skip "${name}_on_generated_days" 'no build/bench to write bars'; fi
if [ -d "$daily" ]; then compare "${name}_on_real_days" "$daily"; else skip "${name}_on_real_days" 'no ../shared with real market data beside the project'; fi
close
