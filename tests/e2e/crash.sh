#!/bin/sh
# SIGKILL on the way of an order, at a venue by protocol: the process that trades ends at a random instant just after its journal or the venue's log was
# written to. Then build/check holds the venue's log against the journal, and the journal is stepped again (rows P15, X2, X10, X11; invariant 4).
# A seed is a run's kills; the instants are the machine's. The same by calls instead of instants: `tickwork sim --crash-matrix`.
# TICKWORK_LONG=1 has twenty times as many runs, RUNS so many. TICKWORK, VENUE and CHECK name the binaries, SEED the first seed.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_X2_killed_on_the_way_of_an_order
need_venue t_X2_killed_on_the_way_of_an_order
compiler=$(command -v cc || command -v gcc || command -v clang) || { skip t_X2_killed_on_the_way_of_an_order "no C compiler for kit/killer.c (apt-get install gcc)"; close; }
"$compiler" -O1 -std=c11 -D_GNU_SOURCE -Wall -Wextra "$kit/killer.c" -o "$work/killer" || { fail t_X2_killer "kit/killer.c does not compile"; close; }
runs=${RUNS:-$([ -n "${TICKWORK_LONG:-}" ] && echo 60 || echo 3)}
at=${SEED:-1} kills=0

# crash SEED: one run. Why it is wrong, nothing when it is not.
crash() {
	home=$work/home.$1
	venue_start "venue.$1" --seed "$1" --from 2015-01-02 --to 2015-03-13
	mkdir "$home" && printf 'heartbeat_ms = 1000\nterm_grace_ms = 1000\n' >"$home/tickwork.conf"
	# shellcheck disable=SC2086
	WATCH=$place/log "$work/killer" "$binary" "$home" "$home.log" "$1" order kill 20 120 30 $venue_words >"$home.said" 2>&1 ||
		why="$(tail -n 1 "$home.said") $(tail -n 2 "$home.log")"
	venue_end
	"$checker" "$home/journal" "$place/log" >"$home.checked" 2>&1 || why="$why $(head -n 3 "$home.checked")"
	grep -q "^venue: .* [1-9][0-9]* fills" "$home.checked" || why="$why no fills"
	"$binary" replay "$home/journal" >"$home.replayed" 2>&1 || why="$why $(tail -n 1 "$home.replayed")"
}
while [ "$runs" -gt 0 ]; do
	why=
	crash "$at"
	verdict "t_X2_killed_on_the_way_of_an_order_seed_$at" "$(echo "$why" | tr '\n' ' ' | sed 's/ *$//')"
	echo "     $(cat "$home.said"); $(tail -n 2 "$home.checked" | tr '\n' ' ')"
	kills=$((kills + $(sed -n 's/^\([0-9]*\) kills.*/\1/p' "$home.said")))
	[ -n "${KEEP:-}" ] || rm -rf "$home" "$home".* "$place"
	runs=$((runs - 1)) at=$((at + 1))
done
[ "$kills" -ge 3 ] && pass t_X2_orders_were_hit || fail t_X2_orders_were_hit "$kills kills in all"
close
