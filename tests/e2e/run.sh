#!/bin/sh
# A run from its first day to its last, stopped, killed, on bad disks and on bad settings (rows P15, P16, P18, O1). kit/home.py judges books
# and reports. TICKWORK_LONG=1 kills ten times as often.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P16_run
chmod 755 "$work"
cp "$binary" "$work/tickwork" && binary=$work/tickwork        # where another user may run it
mounted= running=
leave() {
	[ -n "$running" ] && kill -9 "$running" 2>/dev/null
	[ -n "$mounted" ] && umount "$mounted"
	[ -S "$work/tmux" ] && tmux -S "$work/tmux" kill-server 2>/dev/null
	rm -rf "$work"
}
trap leave EXIT
bars=$work/bars other=$work/other
mkdir "$bars" "$other" && awk -v folder="$bars" -v sessions=260 -v first=2014-01-02 -v crash=100 -f "$kit/bars.awk" &&
	awk -v folder="$other" -v sessions=260 -v first=2014-01-02 -v seed=2 -f "$kit/bars.awk" || { fail t_P16_bars "awk could not make them"; close; }
last_day=$(tail -n 1 "$bars/SPY.csv" | cut -d, -f1)

# goes NAME HOME WORD...: a run that ends well; what it says in $work/out.
goes() {
	name=$1 home=$2
	shift 2
	check "$name" 0 run --data "$bars" --home "$home" "$@"
}
hash_said() { sed -n 's/.*state hash \([0-9a-f]*\).*/\1/p' "$work/out" | tail -n 1; }
# differs HOME: what the home has that the uninterrupted run had not; nothing when all is the same.
differs() {
	for file in fills.csv orders.csv signals.csv; do cmp "$work/whole/$file" "$1/$file" 2>&1; done
	diff -rq "$work/whole/reports" "$1/reports" 2>&1 | head -n 3
}
# same NAME HOME: a run to the end gives the state of the uninterrupted one, in the same bytes; its journal replays.
same() {
	goes "$1" "$2" || return
	if [ "$(hash_said)" != "$hash" ]; then fail "$1" "state hash $(hash_said) instead of $hash"; return; fi
	why=$(differs "$2")
	[ -z "$why" ] || { fail "$1" "$(echo "$why" | head -n 3)"; return; }
	"$binary" replay "$2/journal" >"$work/out" 2>"$work/err" && [ "$(hash_said)" = "$hash" ] && pass "$1" || fail "$1" "replay: $(cat "$work/err")"
}
start() { "$binary" run --data "$bars" "$@" >"$work/started" 2>"$work/started.err" </dev/null & running=$!; }
# until_true CONDITION: a shell condition comes true within 30 s.
until_true() {
	tries=600
	while [ $tries -gt 0 ] && ! eval "$1"; do sleep 0.05; tries=$((tries - 1)); done
	[ $tries -gt 0 ]
}
# traded HOME DAYS: waits until that many day reports are there.
traded() { until_true "[ \"\$(ls '$1/reports' 2>/dev/null | grep -c json)\" -ge $2 ]"; }
# ended SECONDS: waits for what was started, leaves its code in $code; false when it had to be killed.
ended() {
	tries=$(($1 * 20))
	while kill -0 "$running" 2>/dev/null && [ $tries -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
	[ $tries -gt 0 ] || kill -9 "$running"
	wait "$running"
	code=$? running=
	[ $tries -gt 0 ]
}

# --- to the end ---------------------------------------------------------------------------------------------------
began_ns=$(date +%s%N)
goes t_P16_run_to_the_end "$work/whole" && pass t_P16_run_to_the_end
whole_ns=$(($(date +%s%N) - began_ns))
hash=$(hash_said)
grep -q "^day reports: $work/whole/reports/" "$work/out" && pass t_P16_says_where_the_reports_are || fail t_P16_says_where_the_reports_are
grep -q "^tickwork trades on PAPER: 15 symbols, 2014-01-02 to $last_day, from the bars in $bars\$" "$work/out" &&
	pass t_P16_says_what_trades || fail t_P16_says_what_trades "$(head -n 1 "$work/out")"
if [ -n "$python" ]; then
	"$python" "$kit/home.py" "$work/whole" 2014-01-02 "$last_day" t_ >"$work/judged" 2>"$work/err" || echo "FAIL t_O1_judge: $(tail -n 1 "$work/err")" >>"$work/judged"
	judged "$work/judged"
else
	skip t_O1_books "no python3 to read books and reports with"
fi
same t_P15_again_at_the_end "$work/whole"
same t_P15_same_bars_same_bytes "$work/second"
if check t_P18_run_json 0 run --data "$bars" --home "$work/json" --json; then
	if grep -q -v '^{"day":"[0-9-]*","nav_usd":[0-9.]*,"drawdown_pct":[0-9.]*,"positions":[0-9]*,"orders":[0-9]*,"risk_level":[0-4]}$' "$work/out"; then
		fail t_P18_run_json "$(head -n 1 "$work/out")"
	else pass t_P18_run_json; fi
fi

# --- days, speed, stopping ----------------------------------------------------------------------------------------
goes t_P15_days "$work/days" --days 100 && case $(cat "$work/out") in
	*'done after 100 sessions'*) same t_P15_days_then_the_rest "$work/days" ;;
	*) fail t_P15_days "$(tail -n 3 "$work/out")" ;;
	esac
refused t_P15_fewer_days_than_there_are 2 "the journal in $work/days goes on after day 50: .*" run --data "$bars" --home "$work/days" --days 50 --json
days=0
for signal in INT TERM; do
	days=$((${days:-0} + 20))
	start --home "$work/stopped" --speed 2000000
	traded "$work/stopped" "$days"
	kill -$signal "$running"
	if ! ended 30; then fail "t_P15_SIG$signal" "still there after 30 s"
	elif [ "$code" -ne 0 ]; then fail "t_P15_SIG$signal" "exit code $code: $(cat "$work/started.err")"
	elif ! grep -q '^stopped by a signal after [1-9]' "$work/started"; then fail "t_P15_SIG$signal" "said $(tail -n 3 "$work/started")"
	else pass "t_P15_SIG$signal"; fi
done
same t_P15_stopped_then_the_rest "$work/stopped"
# 86,400 market seconds a second: a date a second, so three seconds from the first day are five days at most.
start --home "$work/paced" --speed 86400
if traded "$work/paced" 1; then
	sleep 3
	kill -INT "$running"
	ended 30
	days=$(sed -n 's/^stopped by a signal after \([0-9]*\) sessions.*/\1/p' "$work/started")
	[ "${days:-6}" -le 6 ] && pass t_P16_paced || fail t_P16_paced "$days days in 3 s: $(tail -n 3 "$work/started")"
else
	fail t_P16_paced "no day in 30 s"
fi

# --- kill -9 at any moment ----------------------------------------------------------------------------------------
# Four tries a home, each at a random moment of the time that a whole run takes; what they hit (boot, way back, trading) is left to chance.
wanted=$([ -n "${TICKWORK_LONG:-}" ] && echo 200 || echo 20)
kills=0 turn=0 seed=$(($(date +%s) % 100000))
while [ $kills -lt "$wanted" ] && [ $turn -lt $((3 * wanted)) ]; do
	turn=$((turn + 1))
	for delay in $(awk -v seed="$((seed * 41 + turn))" -v ns="$whole_ns" 'BEGIN { srand(seed); for (i = 0; i < 4; i++) printf "%.3f ", rand() * ns / 1e9 }'); do
		start --home "$work/killed"
		sleep "$delay"
		kill -9 "$running" 2>/dev/null
		wait "$running" 2>/dev/null
		[ $? -eq 137 ] && kills=$((kills + 1))
		running=
	done
	same "t_P15_killed_home_$turn" "$work/killed"
	rm -rf "$work/killed"
done 2>"$work/shell"
[ $kills -ge "$wanted" ] && pass t_P15_kills_at_random_moments || fail t_P15_kills_at_random_moments "only $kills hit"
echo "     $kills kills, seed $seed"

# The moments of a first boot: journal and books begin together or not at all.
for file in lock journal.new journal books.db reports fills.csv orders.csv signals.csv; do
	rm -rf "$work/early"
	start --home "$work/early"
	while [ ! -s "$work/early/$file" ] && kill -0 "$running" 2>/dev/null; do :; done
	kill -9 "$running" 2>/dev/null
	wait "$running" 2>/dev/null
	running=
	same "t_P15_killed_when_${file}_was_made" "$work/early"
done 2>"$work/shell"

# --- a home that belongs to others --------------------------------------------------------------------------------
start --home "$work/held" --speed 100000
until_true "grep -q '^$running\$' '$work/held/lock' 2>/dev/null"
refused t_P15_second_instance 2 "another instance (process $running) runs in $work/held: .*" run --data "$bars" --home "$work/held"
traded "$work/held" 1
kill -INT "$running"
ended 30
# The way back runs the bars again; when they are not the journal's, neither journal nor books may show it. The first home was killed with
# its books behind its journal, the second has more days than the bars it is given.
start --home "$work/home" --speed 20000000 && traded "$work/home" 30 && kill -9 "$running"
wait "$running" 2>/dev/null
running=
refused t_P15_other_bars_for_a_home 2 "the journal in $work/home was made from other bars, dates or settings: .*" \
	run --data "$other" --home "$work/home" --json
same t_P15_other_bars_left_no_trace "$work/home"
rm -rf "$work/home"
mkdir "$work/fewer" && for file in "$bars"/*.csv; do awk 'NR == 1 || $0 < "2014-06-01"' "$file" >"$work/fewer/${file##*/}"; done
rm "$work/fewer/BTC-USD.csv"
goes t_P15_days "$work/home" --days 200
refused t_P15_fewer_bars_for_a_home 2 "the journal in $work/home was made from other bars, dates or settings: .*" \
	run --data "$work/fewer" --home "$work/home" --json
same t_P15_fewer_bars_left_no_trace "$work/home"
check t_P15_more_bars_go_on 0 run --data "$work/fewer" --home "$work/grown" && same t_P15_more_bars_go_on "$work/grown"
refused t_P15_other_dates_for_a_home 2 "the journal in $work/home was made from other bars, dates or settings: .*" \
	run --data "$bars" --home "$work/home" --from 2014-02-03 --json
echo 'drawdown_level1_bp = 400' >"$work/home/tickwork.conf"
refused t_P15_other_settings_for_a_home 2 "$work/home/journal was written by another build or under other settings: .*" \
	run --data "$bars" --home "$work/home"
rm "$work/home/tickwork.conf"
same t_P15_refusals_left_no_trace "$work/home"

# --- bad homes ----------------------------------------------------------------------------------------------------
: >"$work/file"
refused t_P16_home_is_a_file 2 "$work/file .*folder.*" run --data "$bars" --home "$work/file"
refused t_P16_home_below_nothing 2 "$work/no/such .*" run --data "$bars" --home "$work/no/such"
mkdir "$work/locked" && chmod 500 "$work/locked"
if [ "$(id -u)" -ne 0 ]; then refused t_P16_home_not_writable 2 "$work/locked may not be written by this user: .*" run --data "$bars" --home "$work/locked"
elif ! command -v setpriv >/dev/null; then skip t_P16_home_not_writable "root writes anywhere, and there is no setpriv to be someone else with"
else
	setpriv --reuid 65534 --regid 65534 --clear-groups "$binary" run --data "$bars" --home "$work/locked" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	[ $code -eq 2 ] && grep -q "^tickwork: $work/locked may not be written by this user: " "$work/err" && pass t_P16_home_not_writable ||
		fail t_P16_home_not_writable "exit code $code: $(cat "$work/err")"
fi
mkdir "$work/alien" && echo 'not a journal' >"$work/alien/journal"
refused t_P16_alien_journal 2 "$work/alien/journal is .*" run --data "$bars" --home "$work/alien"
[ "$(cat "$work/alien/journal")" = 'not a journal' ] && pass t_P16_alien_journal_left_alone || fail t_P16_alien_journal_left_alone
mkdir "$work/books" && echo 'not a database' >"$work/books/books.db"
refused t_P16_alien_books 2 "$work/books/books.db .*" run --data "$bars" --home "$work/books"
[ "$(cat "$work/books/books.db")" = 'not a database' ] && pass t_P16_alien_books_left_alone || fail t_P16_alien_books_left_alone

# --- settings -----------------------------------------------------------------------------------------------------
mkdir "$work/conf"
# conf NAME SENTENCE LINE...
conf() {
	name=$1 sentence=$2
	shift 2
	printf '%s\n' "$@" >"$work/conf/tickwork.conf"
	refused "$name" 2 "tickwork.conf$sentence" run --data "$bars" --home "$work/conf"
}
conf t_P18_unknown_key ' line 1: unknown key "quiet_day"; did you mean quiet_days?' 'quiet_day = 6'
conf t_P18_bad_value ' line 2: .*quiet_days.*many.*' '# here' 'quiet_days = many'
conf t_P18_out_of_bounds ' line 1: .*quiet_days.*61.*' 'quiet_days = 61'
conf t_P18_loosening ' line 1: drawdown_level1_bp = "501" would loosen it; .*' 'drawdown_level1_bp = 501'
conf t_P18_fixed ' line 1: .*symbols_max.*' 'symbols_max = 32'
conf t_P18_twice ' line 2: .*quiet_days.*twice.*\| line 2: .*quiet_days.*line 1.*' 'quiet_days = 6' 'quiet_days = 7'
conf t_P18_levels_rise ' line 1: drawdown_level1_bp (500) must stay below drawdown_level2_bp (400): .*' 'drawdown_level2_bp = 400'
[ -f "$work/conf/journal" ] && fail t_P18_refused_before_anything_is_made "there is a journal" || pass t_P18_refused_before_anything_is_made
refused t_P18_layout_quoter 2 'layout quoter is not runnable in this build: use --layout appliance or single' run --layout quoter --data "$bars"

# --- a full disk --------------------------------------------------------------------------------------------------
disk=$work/disk
mkdir "$disk"
if [ "$(id -u)" -ne 0 ] || ! mount -t tmpfs -o size=8m tickwork "$disk" 2>"$work/err"; then
	skip t_P16_full_disk "only root may mount a small disk to fill"
else
	mounted=$disk
	refused t_P16_full_disk_at_the_start 2 "$disk/home/journal does not fit on the disk: .*" run --data "$bars" --home "$disk/home"
	[ -z "$(find "$disk" -name 'journal*')" ] && pass t_P16_full_disk_no_debris || fail t_P16_full_disk_no_debris "$(find "$disk" -name 'journal*')"
	rm -rf "$disk/home"
	# The journal has its room from the start; the books and reports do not. They stop, the trading goes on, the journal has everything.
	mount -o remount,size=67m "$disk"
	check t_P16_full_disk_on_the_way 1 run --data "$bars" --home "$disk/home"
	if [ "$code" -eq 1 ]; then
		grep -q "^tickwork: $disk/home/.*the journal has everything, the next run brings the books up to date\$" "$work/err" &&
			pass t_P16_full_disk_says_so || fail t_P16_full_disk_says_so "$(cat "$work/err")"
		[ "$(hash_said)" = "$hash" ] && pass t_P16_full_disk_trades_on || fail t_P16_full_disk_trades_on "state hash $(hash_said) instead of $hash"
		"$binary" replay "$disk/home/journal" >"$work/out" 2>"$work/err"
		[ "$(hash_said)" = "$hash" ] && pass t_P16_full_disk_journal_is_whole || fail t_P16_full_disk_journal_is_whole "$(cat "$work/err")"
		mount -o remount,size=200m "$disk"
		same t_P16_full_disk_books_catch_up "$disk/home"
	fi
	rm -rf "$disk/home"
	until_true "[ \"\$(df -k --output=used '$disk' | tail -n 1)\" -lt 16 ]" || fail t_P16_full_disk_of_an_appliance "the room did not come back"
	# The appliance says it when it happens and again at the end, and trades on, as long as the books are not far behind.
	mount -o remount,size=67m "$disk"
	check t_P16_full_disk_of_an_appliance 0 run --data "$bars" --home "$work/forty" --days 40
	forty=$(hash_said)
	if check t_P16_full_disk_of_an_appliance 1 run --layout appliance --data "$bars" --home "$disk/home" --days 40; then
		[ "$(hash_said)" = "$forty" ] && pass t_P16_full_disk_of_an_appliance || fail t_P16_full_disk_of_an_appliance "state hash $(hash_said) instead of $forty"
		for word in 'the books follow from it later' 'the next run brings the books up to date'; do
			grep -q "^tickwork: $disk/home/.*; the journal has everything, $word\$" "$work/err" && pass "t_P16_appliance_says_$(echo "$word" | tr ' ' _)" ||
				fail "t_P16_appliance_says_$(echo "$word" | tr ' ' _)" "$(cat "$work/err")"
		done
	fi
	rm -rf "$disk/home"
	# The kernel gives the room of what was removed back a little later.
	until_true "[ \"\$(df -k --output=used '$disk' | tail -n 1)\" -lt 16 ]" || fail t_P16_disk_full_for_a_while "the room did not come back"
	# Full for a while only: the books catch up in the same run.
	mount -o remount,size=67m "$disk"
	start --home "$disk/home" --speed 4000000
	until_true "[ \"\$(df -k --output=avail '$disk' | tail -n 1)\" -lt 16 ]" || fail t_P16_disk_full_for_a_while "it was never full"
	sleep 0.5
	mount -o remount,size=200m "$disk"
	if ! ended 60 || [ "$code" -ne 0 ]; then fail t_P16_disk_full_for_a_while "exit code $code: $(cat "$work/started.err")"
	else same t_P16_disk_full_for_a_while "$disk/home"; fi
	rm -rf "$disk/home"
	goes t_P16_read_only_disk "$disk/home" --days 20
	# As above: what was removed or written by a process that just ended keeps the disk busy for a moment.
	until_true "mount -o remount,ro '$disk' 2>/dev/null" || fail t_P16_read_only_disk "the disk stayed busy"
	refused t_P16_read_only_disk 2 "$disk/home .*\(read-only\|may not be written\).*" run --data "$bars" --home "$disk/home"
	mount -o remount,rw "$disk"
	same t_P16_read_only_disk_left_alone "$disk/home"
	umount "$disk" && mounted=
fi

# --- nobody gave it descriptors 0 to 2: no file of its own may have their numbers -----------------------------------
for layout in single appliance; do
	"$binary" run --layout $layout --home "$work/closed_$layout" --speed 1000 <&- >&- 2>&- &
	closed=$!
	until_true "[ -s '$work/closed_$layout/journal' ]" || fail t_P16_closed_descriptors "no journal"
	verdict "t_P16_closed_descriptors_$layout" "$(for fd in 0 1 2; do readlink /proc/$closed/fd/$fd; done | grep -vx /dev/null)"
	kill -KILL $closed
done

# --- without bars -------------------------------------------------------------------------------------------------
if check t_P16_random_walk 0 run --home "$work/walk" --seed 7 --days 30; then
	grep -q '^random walk of seed 7 ' "$work/out" && grep -q 'from a random walk$' "$work/out" && pass t_P16_random_walk || fail t_P16_random_walk "$(head -n 2 "$work/out")"
	mkdir "$work/half" && cp "$bars/SPY.csv" "$bars/TLT.csv" "$work/half"
	check t_P16_two_symbols 0 run --data "$work/half" --home "$work/two" --days 30 && grep -q '^no VIX: ' "$work/out" &&
		grep -q '^14 symbols of the universe have no file' "$work/out" && pass t_P16_two_symbols || fail t_P16_two_symbols "$(head -n 3 "$work/out")"
fi

# --- the status line ----------------------------------------------------------------------------------------------
if ! command -v tmux >/dev/null; then
	skip t_P16_status_line "no tmux to look at a terminal with"
else
	tmux -S "$work/tmux" -f /dev/null new-session -d -x 100 -y 12 "'$binary' run --data '$bars' --home '$work/seen' --speed 500000; sleep 60" 2>"$work/err"
	line='^20[0-9-]*  NAV [0-9,.]*  drawdown [0-9.]* %  [0-9]* positions  [0-9]* orders  risk level [0-4]$'
	look() { tmux -S "$work/tmux" capture-pane -p >"$work/$1" 2>>"$work/err"; }
	if ! until_true 'look first; grep -q "$line" "$work/first"'; then fail t_P16_status_line "$(cat "$work/first" "$work/err" | head -n 5)"
	elif ! until_true 'look next; ! cmp -s "$work/first" "$work/next"'; then fail t_P16_status_line "it does not move"
	elif [ "$(grep -c "$line" "$work/next")" -ne 1 ]; then fail t_P16_status_line "not one line: $(head -n 5 "$work/next")"
	else pass t_P16_status_line; fi
	tmux -S "$work/tmux" send-keys C-c 2>/dev/null
	until_true 'look next; grep -q "^stopped by a signal after " "$work/next"' && pass t_P15_ctrl_c || fail t_P15_ctrl_c "$(head -n 5 "$work/next")"
fi
close
