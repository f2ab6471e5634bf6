#!/bin/sh
# The venue is asked once before the start: its trust, its token, its clock, and whether it answers at all (row P12). The venue is that on loopback;
# one that listens and never answers is a few lines of Python.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P12_venue_token
venue=$(realpath "${VENUE:-build/venue}" 2>/dev/null) || venue=
[ -n "$venue" ] && [ -x "$venue" ] || { skip t_P12_venue_token "no build/venue here; make builds it"; close; }
running=
leave() {
	[ -n "$running" ] && kill -TERM "$running" 2>/dev/null
	clear_work
}
trap leave EXIT

# until_there FILE: within 20 s.
until_there() {
	tries=400
	while [ $tries -gt 0 ] && [ ! -s "$1" ]; do sleep 0.05; tries=$((tries - 1)); done
	port=$(cat "$1" 2>/dev/null)
}
# opens NAME OPTION...: a venue with its files in $work/NAME; its port in $port.
opens() {
	files=$work/$1
	shift
	mkdir -p "$files"
	"$venue" --seed 1 --from 2015-01-02 --to 2015-01-30 --port-file "$files/port" --trust "$files/root.pem" --log "$files/log" "$@" \
		>"$files/counts" 2>"$files/err" </dev/null &
	running=$!
	until_there "$files/port"
}
shuts() { kill -TERM "$running"; wait "$running" 2>/dev/null; running=; }
counted() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$files/counts"; }
# asks NAME WORD...: `run` at that venue with these options more; its code in $code, its words in $work/NAME.said and .err.
asks() {
	name=$1
	shift
	env APCA_API_KEY_ID=PKSIM APCA_API_SECRET_KEY=sim-secret TICKWORK_DATA_KEY_ID=PKSIMDATA TICKWORK_DATA_SECRET_KEY=sim-data-secret \
		timeout -s TERM 60 "$binary" run --layout appliance --venue alpaca --venue-url "https://localhost:$port" \
		--trust "${trust:-$files/root.pem}" --home "$work/$name.home" "$@" >"$work/$name.said" 2>"$work/$name.err" </dev/null
	code=$?
}
unsaid() { ! grep -q 'sim-secret\|sim-data-secret' "$work/$1.said" "$work/$1.err"; }
# refuses NAME PATTERN [TIME]: the run is one sentence with code 2, and nothing has started; --dry-run has that sentence in its row.
refuses() {
	test=$1 pattern=$2 time=${3:-stepped}
	asks refused --venue-time "$time"
	if [ $code -ne 2 ]; then fail "$test" "exit code $code: $(head -n 2 "$work/refused.err")"
	elif [ -s "$work/refused.said" ] || [ "$(wc -l <"$work/refused.err")" -ne 1 ]; then fail "$test" "not one sentence: $(head -n 3 "$work/refused.err")"
	elif ! grep -q "^tickwork: $pattern" "$work/refused.err"; then fail "$test" "said: $(cat "$work/refused.err")"
	elif [ -e "$work/refused.home/journal" ]; then fail "$test" "a journal was begun"
	elif ! unsaid refused; then fail "$test" "it says a secret"
	else pass "$test"; fi
	row "${test}_in_the_table" 1 FAIL "$pattern" "$time"
}
# row NAME CODE RESULT PATTERN [TIME]: of --dry-run, whose long sentences go on in lines of their own.
row() {
	asks table --venue-time "${5:-stepped}" --dry-run
	if [ $code -ne "$2" ]; then fail "$1" "exit code $code: $(grep FAIL "$work/table.said")"
	elif ! tr -s ' \n' ' ' <"$work/table.said" | grep -q "venue $3 $4"; then fail "$1" "the table: $(grep -A 2 ^venue "$work/table.said")"
	elif ! unsaid table; then fail "$1" "it says a secret"
	else pass "$1"; fi
}

mkdir "$work/refused.home" "$work/table.home"
opens good
row t_P12_good_key 0 ok 'localhost takes the key in APCA_API_KEY_ID, answered in [0-9]* ms '
refuses t_P12_clock_of_another_year "this machine's clock is [0-9]* s ahead of the venue's" real
shuts
refuses t_P12_nobody_listens "localhost:$port: .*refuses the connection: nothing listens on that port"

opens wrong_key --key OTHER
refuses t_P12_wrong_key 'localhost refuses the key in APCA_API_KEY_ID (401): check it and its secret'
shuts
# Two hosts, each asked by the run and by the table.
[ "$(counted connections)" -eq 4 ] && pass t_P12_one_connection_each || fail t_P12_one_connection_each "$(cat "$files/counts")"

opens other_root
trust=$work/good/root.pem
refuses t_P12_wrong_trust_file 'localhost: its certificate is self-signed, or signed by an issuer that is not among the roots'
trust=
shuts

opens lost --faults drop:rest
row t_P12_a_lost_answer_is_asked_again 0 ok 'localhost takes the key'
shuts
opens trouble --faults 500:rest:9
row t_P12_trouble_of_the_venue_is_a_warning 0 warn 'localhost answers /v2/account with status 500: its own trouble'
shuts
opens garbage --faults garbage:rest:9
refuses t_P12_answers_of_another_kind 'localhost answers /v2/account without id: is it a trading host of Alpaca?'
shuts
opens mute --faults mute:rest:9
refuses t_P12_no_answer_in_time 'localhost: the answer did not come in time'
shuts

if [ -n "$python" ]; then
	"$python" -c "
import socket, sys, time
listener = socket.create_server(('127.0.0.1', 0), backlog=16)
open(sys.argv[1], 'w').write('%d\n' % listener.getsockname()[1])
time.sleep(120)" "$work/silent.port" &
	running=$!
	until_there "$work/silent.port"
	refuses t_P12_a_host_that_never_speaks 'localhost: the TLS handshake was not finished in time'
	shuts
else skip t_P12_a_host_that_never_speaks "no python3 to listen and say nothing"; fi
close
