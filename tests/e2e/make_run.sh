#!/bin/sh
# What `make run` starts (tools/run): which bars it chooses, that it says so, that each time begins afresh, and that venue and appliance both end,
# however it ends. In a folder of its own, with the binaries and otherwise with stand-ins that say what they were asked to do.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P16_make_run
venue=$(realpath "${VENUE:-build/venue}" 2>/dev/null) || venue=
[ -n "$venue" ] && [ -x "$venue" ] || { skip t_P16_make_run "no build/venue here; make builds it"; close; }
root=$PWD tree=$work/tree running=
leave() {
	[ -n "$running" ] && kill -TERM "$running" 2>/dev/null && wait "$running"
	case $(readlink "$tree/build/run/map") in /dev/shm/tickwork-*) rm -f "$(readlink "$tree/build/run/map")" ;; esac
	rm -rf "$work"
}
trap leave EXIT
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

# begins WORD...: the same in the background, in a session of its own, so that a signal can go to all of it as Ctrl-C does.
begins() {
	rm -f "$tree/build/run/fills.csv"
	(cd "$tree" && exec env -u DEPS -u DEPS_DIR PATH="$work/bin" DATA="$work/bars" setsid "$@" sh tools/run) >"$work/out" 2>"$work/err" </dev/null &
	running=$!
	tries=600
	while [ $tries -gt 0 ] && [ "$(cat "$tree/build/run/fills.csv" 2>/dev/null | wc -l)" -lt 2 ] && kill -0 "$running" 2>/dev/null; do sleep 0.05; tries=$((tries - 1)); done
}
# over NAME: what was begun ends within 30 s with code 0, says so, and its venue has ended too: it has counted.
over() {
	tries=600
	while [ $tries -gt 0 ] && kill -0 "$running" 2>/dev/null; do sleep 0.05; tries=$((tries - 1)); done
	[ $tries -gt 0 ] || { fail "$1" "still there after 30 s"; kill -TERM "$running"; }
	wait "$running"
	code=$? running=
	[ $tries -gt 0 ] || return
	if [ $code -ne 0 ]; then fail "$1" "exit code $code: $(tail -n 3 "$work/err")"
	elif ! grep -q '^stopped by a signal after' "$work/out"; then fail "$1" "$(tail -n 3 "$work/out")"
	elif ! grep -q '^the venue counted: .* [1-9][0-9]* fills' "$work/out"; then fail "$1" "no word of the venue: $(tail -n 1 "$work/out")"
	else pass "$1"; fi
}
hash_said() { sed -n 's/.*state hash \([0-9a-f]*\).*/\1/p' "$work/out"; }

cp "$binary" "$tree/build/tickwork" && cp "$venue" "$tree/build/venue"
if starts t_P16_make_run_data 0 OPERATOR=absent DATA="$work/bars"; then
	hash=$(hash_said)
	[ "$(head -n 1 "$work/out")" = "bars: $work/bars" ] && grep -q '^day reports: build/run/reports/' "$work/out" && [ -n "$hash" ] && pass t_P16_make_run_data ||
		fail t_P16_make_run_data "$(head -n 1 "$work/out")"
	grep -q '^the venue counted: [1-9][0-9]* connections, [1-9][0-9]* TLS records in and [1-9][0-9]* out, [1-9][0-9]* REST calls, [1-9][0-9]* orders, [1-9]' "$work/out" &&
		pass t_X5_make_run_counts || fail t_X5_make_run_counts "$(tail -n 1 "$work/out")"
	(cd "$tree" && build/tickwork replay build/run) >"$work/again" 2>"$work/err" && grep -q "^state hash $hash, as in the run" "$work/again" &&
		pass t_P15_make_run_replays || fail t_P15_make_run_replays "$(cat "$work/again" "$work/err")"
	starts t_P16_make_run_afresh 0 OPERATOR=absent DATA="$work/bars" && ! grep -q 'goes on after' "$work/out" && [ -n "$(hash_said)" ] && pass t_P16_make_run_afresh ||
		fail t_P16_make_run_afresh "$(grep 'goes on after' "$work/out")"
fi
begins
kill -INT "-$running"
over t_P16_make_run_ctrl_c
begins
if (cd "$tree" && env DATA="$work/bars" sh tools/run) >"$work/out2" 2>"$work/err2"; then fail t_P16_make_run_twice_at_once "both ran"
else grep -q '^make run is at work here already, in build/run: ' "$work/err2" && pass t_P16_make_run_twice_at_once || fail t_P16_make_run_twice_at_once "$(cat "$work/err2")"; fi
kill -TERM "$running"
over t_P16_make_run_term
begins env PORT=0
port=$(cat "$tree/build/run.venue/port")
(cd "$work" && mkdir -p second/build && ln -s "$root/tools" "$root/deps.lock" second && cp "$binary" second/build/tickwork && cp "$venue" second/build/venue &&
	cd second && env DATA="$work/bars" PORT="$port" sh tools/run) >"$work/out2" 2>"$work/err2"
code=$?
[ $code -eq 2 ] && grep -q "^the venue did not start. venue: port $port on 127.0.0.1 is taken" "$work/err2" && [ ! -e "$work/second/build/run" ] && pass t_P16_make_run_port_taken ||
	fail t_P16_make_run_port_taken "exit code $code: $(cat "$work/err2")"
kill -TERM "$running"
over t_P16_make_run_beside_another

rm -f "$tree/build/tickwork"        # the last person to ask may still run it
printf '#!/bin/sh\necho "asked: $*"\n' >"$tree/build/tickwork"
cat >"$tree/build/venue" <<'END'
#!/bin/sh
echo "$*" >venue.asked
trap 'echo {}; exit 0' TERM
while [ "$1" != --port-file ]; do shift; done
echo 1 >"$2"
while :; do sleep 0.05; done
END
chmod 755 "$tree/build/venue" "$tree/build/tickwork"
if starts t_P16_make_run_no_folder 2 DATA="$work/nowhere"; then
	[ -d "$tree/build/run" ] && grep -q "^DATA=$work/nowhere is not a folder; " "$work/err" && pass t_P16_make_run_no_folder || fail t_P16_make_run_no_folder "$(cat "$work/err")"
fi
if starts t_P16_make_run_no_days 2 DATA="$work/bin"; then
	grep -q "^$work/bin has no file with days in it; " "$work/err" && pass t_P16_make_run_no_days || fail t_P16_make_run_no_days "$(cat "$work/err")"
fi
mkdir "$work/leap" && printf 'date,open,high,low,close,adj_close,volume\n2020-02-29,1,1,1,1,1,1\n' >"$work/leap/SPY.csv"
if starts t_P16_make_run_last_years 0 DATA="$work/leap"; then
	grep -q -- "^--data $work/leap --from 2017-02-28 --to 2020-02-29 " "$tree/venue.asked" && pass t_P16_make_run_last_years || fail t_P16_make_run_last_years "$(cat "$tree/venue.asked")"
fi
if starts t_P16_make_run_no_npm 0; then
	grep -q '^bars: a seeded random walk, made by the venue' "$work/out" && grep -q '^--seed 1 --from 2020-01-02 --to 2022-12-31 ' "$tree/venue.asked" &&
		grep -q '^asked: run --layout appliance --venue alpaca --venue-url https://localhost:1 --trust build/run.venue/root.pem --venue-time stepped --home build/run ' "$work/out" &&
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
	grep -q '^bars: real S&P 500 days' "$work/out" && grep -q '^--data build/data --from 20' "$tree/venue.asked" &&
		[ "$(head -n 1 "$tree/build/data/SPY.csv")" = date,open,high,low,close,adj_close,volume ] && "$binary" backtest --data "$tree/build/data" --json >"$work/out" 2>"$work/err" &&
		pass t_P16_make_run_real_days || fail t_P16_make_run_real_days "$(cat "$work/out" "$work/err" | head -n 3)"
fi
close
