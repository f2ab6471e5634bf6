#!/bin/sh
# The journal and the books are taken away while a run writes into them: it is said within seconds, no new risk is taken, exits go on, and it is over when they are
# back (rows X2, P3, R9). In both layouts; about 60 s.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_X2_gone
run=
leave() {
	[ -n "$run" ] && kill -KILL "$run" 2>/dev/null && wait "$run" 2>/dev/null
	clear_work
}
trap leave EXIT
# soon COMMAND...: until it is so, for half a minute at most.
soon() {
	tries=150
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.2
	done
}
has_fills() { [ -f "$home/fills.csv" ] && [ "$(wc -l <"$home/fills.csv")" -gt 3 ]; }
said() { grep -q "^tickwork: $home/$1" "$work/run.log"; }
# begin LAYOUT NAME: a home of its own, a day in half a second.
begin() {
	layout=$1 home=$work/$1_$2
	"$binary" run --layout "$layout" --home "$home" --seed 3 --speed 200000 >"$work/run.log" 2>&1 </dev/null &
	run=$!
	soon has_fills || fail "t_X2_it_trades_$layout" "$(tail -n 3 "$work/run.log")"
}
# end_with CODE NAME
end_with() {
	kill -TERM "$run"
	wait "$run"
	code=$?
	run=
	if [ $code -eq "$1" ]; then pass "$2"; else fail "$2" "exit code $code: $(tail -n 3 "$work/run.log")"; fi
}
# noticed NAME FILE: said on the console, and in the log.
logged() { "$binary" log --home "$home" --grep "$1" --last 1 2>/dev/null | grep -q removed; }
noticed() {
	if soon said "$2 was removed, replaced or cut short while it is in use"; then pass "$1"; else fail "$1" "$(tail -n 3 "$work/run.log")"; fi
	if soon logged "$2 was removed, replaced"; then pass "$1_in_the_log"; else fail "$1_in_the_log" "$("$binary" log --home "$home" --last 3 2>&1)"; fi
	[ "$home" = "$work/single_replaced" ] && return        # its map is nobody's to see
	"$binary" doctor --home "$home" >"$work/doctor" 2>&1
	if grep -q "^${2%.db} *warn .*/" "$work/doctor" && tr -s '\n ' ' ' <"$work/doctor" | grep -q "$2 was removed, replaced"; then pass "$1_by_doctor"; else fail "$1_by_doctor" "$(grep -E 'journal|books' "$work/doctor")"; fi
}
lacks() { "$binary" status --home "$home" 2>/dev/null | grep -q "^lacks  *the $1"; }
in_force() { "$binary" risk --home "$home" --json 2>/dev/null | grep -q '"cause":"FILES","in_force":true'; }

for layout in single appliance; do
	begin $layout journal
	rm "$home/journal"
	noticed "t_X2_a_removed_journal_is_noticed_$layout" journal
	if [ $layout = appliance ]; then
		if soon lacks 'journal is gone' && soon in_force; then pass t_R9_status_and_risk_say_so; else fail t_R9_status_and_risk_say_so "$("$binary" status --home "$home" 2>&1)"; fi
	fi
	end_with 1 "t_X2_such_a_run_does_not_end_well_$layout"

	begin $layout books
	mv "$home/books.db" "$work/aside"
	noticed "t_X2_books_moved_away_are_noticed_$layout" books.db
	mv "$work/aside" "$home/books.db"
	if soon said 'books.db is in its place again'; then pass "t_X2_books_that_are_back_are_noticed_$layout"
	else fail "t_X2_books_that_are_back_are_noticed_$layout" "$(tail -n 2 "$work/run.log")"; fi
	if [ $layout = appliance ] && lacks 'books are gone'; then fail t_R9_it_is_over "$("$binary" status --home "$home")"; fi
	end_with 0 "t_X2_nothing_is_left_of_it_$layout"
	check "t_X2_it_replays_$layout" 0 replay "$home/journal" && pass "t_X2_it_replays_$layout"
	# what happened from outside is in the journal, and is taken again where it was
	days=$(grep -o 'after [0-9]* sessions' "$work/run.log" | grep -o '[0-9]*')
	check "t_X2_the_next_start_goes_on_$layout" 0 run --layout $layout --home "$home" --seed 3 --days $((days + 20)) && pass "t_X2_the_next_start_goes_on_$layout"
done

begin appliance map
if map=$(readlink "$home/map"); then
	rm "$map"
	refused t_R9_a_removed_map_is_said_and_what_to_do 3 "process $run runs in $home, and what .*/map leads to was removed: .* kill -TERM $run ends it.*" halt --home "$home"
	end_with 0 t_R9_the_advice_is_right
else skip t_R9_a_removed_map_is_said_and_what_to_do "no tmpfs for the map here"; end_with 0 t_R9_the_advice_is_right; fi

begin single replaced
cp "$home/journal" "$work/copy" && mv "$work/copy" "$home/journal"
noticed t_X2_another_journal_in_its_place_is_noticed journal
end_with 1 t_X2_replaced_ends
begin appliance cut
: >"$home/journal"
noticed t_X2_a_journal_cut_to_nothing_is_noticed journal
end_with 1 t_X2_cut_ends
close
