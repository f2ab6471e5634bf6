#!/bin/sh
# What `make run` starts (tools/run): which bars it chooses, that it says so, and that each time begins afresh. In a folder of its own,
# once with the binary and otherwise with a stand-in that says what it was asked to do.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P16_make_run
root=$PWD tree=$work/tree
mkdir -p "$tree/build" "$work/bars" "$work/bin" && ln -s "$root/tools" "$root/deps.lock" "$tree"
awk -v folder="$work/bars" -v sessions=80 -v first=2014-09-02 -f "$kit/bars.awk" || { fail t_P16_bars "awk could not make them"; close; }
# Everything of this machine but npm.
for folder in /usr/bin /bin; do
	for tool in "$folder"/*; do [ "${tool##*/}" != npm ] && [ ! -e "$work/bin/${tool##*/}" ] && ln -s "$tool" "$work/bin"; done
done

# starts NAME CODE VARIABLE=VALUE...: tools/run in the tree, under these settings alone.
starts() {
	name=$1 want=$2
	shift 2
	(cd "$tree" && env -u DATA -u DEPS -u DEPS_DIR PATH="$work/bin" "$@" sh tools/run) >"$work/out" 2>"$work/err" </dev/null
	code=$?
	[ "$code" -eq "$want" ] && return 0
	fail "$name" "exit code $code instead of $want: $(tail -n 3 "$work/err")"
	return 1
}

cp "$binary" "$tree/build/tickwork"
if starts t_P16_make_run_data 0 DATA="$work/bars"; then
	cp "$work/out" "$work/first"
	[ "$(head -n 1 "$work/out")" = "bars: $work/bars" ] && grep -q '^day reports: build/run/reports/' "$work/out" && pass t_P16_make_run_data ||
		fail t_P16_make_run_data "$(head -n 1 "$work/out")"
	starts t_P16_make_run_afresh 0 DATA="$work/bars" && cmp -s "$work/first" "$work/out" && pass t_P16_make_run_afresh || fail t_P16_make_run_afresh "$(diff "$work/first" "$work/out")"
fi
printf '#!/bin/sh\necho "asked: $*"\n' >"$tree/build/tickwork"
if starts t_P16_make_run_no_folder 2 DATA="$work/nowhere"; then
	[ -d "$tree/build/run" ] && grep -q "^DATA=$work/nowhere is not a folder; " "$work/err" && pass t_P16_make_run_no_folder || fail t_P16_make_run_no_folder "$(cat "$work/err")"
fi
if starts t_P16_make_run_no_npm 0; then
	grep -q '^bars: a seeded random walk, made by the program' "$work/out" && grep -q '^asked: run --layout single --venue sim --home build/run --speed 20000000$' "$work/out" &&
		pass t_P16_make_run_no_npm || fail t_P16_make_run_no_npm "$(cat "$work/out")"
fi
# An npm that brings nothing, and one that brings another file than the one pinned.
for broken in 'exit 1' 'echo alien >vega-datasets-3.2.1.tgz'; do
	rm -f "$work/bin/npm"
	printf '#!/bin/sh\n%s\n' "$broken" >"$work/bin/npm" && chmod 755 "$work/bin/npm"
	starts t_P16_make_run_npm_that_fails 0 || continue
	grep -q '^bars: a seeded random walk' "$work/out" && [ ! -e "$tree/build/data/SPY.csv" ] && pass t_P16_make_run_npm_that_fails || fail t_P16_make_run_npm_that_fails "$(cat "$work/out")"
done
rm -f "$work/bin/npm"
package=$(ls "${DEPS:-build/deps}"/dl/vega-datasets-*.tgz 2>/dev/null | head -n 1)
if [ -z "$package" ]; then skip t_P16_make_run_real_days "no npm package vega-datasets here; make run without DATA brings it where npm is"
elif starts t_P16_make_run_real_days 0 DEPS_DIR="$(dirname "$(realpath "$package")")"; then
	grep -q '^bars: real S&P 500 days' "$work/out" && grep -q '^asked: run .* --data build/data$' "$work/out" &&
		[ "$(head -n 1 "$tree/build/data/SPY.csv")" = date,open,high,low,close,adj_close,volume ] && "$binary" backtest --data "$tree/build/data" --json >"$work/out" 2>"$work/err" &&
		pass t_P16_make_run_real_days || fail t_P16_make_run_real_days "$(cat "$work/out" "$work/err" | head -n 3)"
fi
close
