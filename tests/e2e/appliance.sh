#!/bin/sh
# The appliance as a program: with the paper venue inside, and by protocol at the venue on loopback, in good order, with faults on the way and with
# bad input (rows P1, X5, X10, O7). kit/venue_books.py holds the books against the venue to the last digit.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_X5_appliance
venue=$(realpath "${VENUE:-build/venue}" 2>/dev/null) || venue=
[ -n "$venue" ] && [ -x "$venue" ] || { skip t_X5_appliance "no build/venue here; make builds it"; close; }
[ -n "$python" ] || { skip t_X10_appliance "no python3 to compare books with"; close; }
running=
leave() {
	[ -n "$running" ] && kill -TERM "$running" 2>/dev/null
	for link in "$work"/*/map; do
		map=$(readlink "$link") && case $map in /dev/shm/tickwork-*) rm -f "$map" ;; esac
	done
	rm -rf "$work"
}
trap leave EXIT
hash_in() { sed -n 's/.*state hash \([0-9a-f]*\).*/\1/p' "$1" | tail -n 1; }

# --- the paper venue inside -----------------------------------------------------------------------------------------
for seed in 1 2; do
	for layout in single appliance; do
		"$binary" run --layout $layout --seed $seed --days 60 --home "$work/$layout.$seed" >"$work/$layout.said" 2>&1 </dev/null
	done
	[ -n "$(hash_in "$work/single.said")" ] && [ "$(hash_in "$work/single.said")" = "$(hash_in "$work/appliance.said")" ] && pass "t_P1_single_and_appliance_seed_$seed" ||
		fail "t_P1_single_and_appliance_seed_$seed" "$(tail -n 1 "$work/appliance.said")"
done

# --- by protocol ----------------------------------------------------------------------------------------------------
# opens NAME OPTION...: a venue with its files in $work/NAME.venue; the port in $port.
opens() {
	files=$work/$1.venue
	shift
	mkdir -p "$files"
	"$venue" --seed 1 --from 2015-01-02 --to 2015-03-31 --port-file "$files/port" --trust "$files/root.pem" --log "$files/log" "$@" >"$files/counts" 2>"$files/err" </dev/null &
	running=$!
	tries=400
	while [ $tries -gt 0 ] && [ ! -s "$files/port" ]; do sleep 0.05; tries=$((tries - 1)); done
	port=$(cat "$files/port")
}
shuts() { kill -TERM "$running"; wait "$running"; running=; }
counted() { sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" "$files/counts"; }
keys() {
	env APCA_API_KEY_ID=PKSIM APCA_API_SECRET_KEY=sim-secret TICKWORK_DATA_KEY_ID=PKSIMDATA TICKWORK_DATA_SECRET_KEY=sim-data-secret "$@"
}
# trades NAME SECONDS [ENV WORD]: an appliance at that venue for at most so long; its code in $code.
trades() {
	name=$1 limit_s=$2
	shift 2
	keys "$@" timeout -s TERM "$limit_s" "$binary" run --layout appliance --venue alpaca --venue-url "https://localhost:$port" --venue-time stepped \
		--trust "${trust:-$files/root.pem}" --home "$work/$name" >"$work/$name.said" 2>"$work/$name.err" </dev/null
	code=$?
}
# whole NAME OPTION...: a run to its end whose books are those of the venue.
whole() {
	name=$1
	opens "$@"
	trades "$name" 240
	if command -v curl >/dev/null; then
		for what in account positions; do
			curl -sS --max-time 20 --cacert "$files/root.pem" -H 'APCA-API-KEY-ID: PKSIM' -H 'APCA-API-SECRET-KEY: sim-secret' "https://localhost:$port/v2/$what" >"$files/$what"
		done
		set -- "$files/account" "$files/positions"
	else set --; fi
	shuts
	why=$("$python" "$kit/venue_books.py" "$work/$name" "$files/log" "$@" 2>&1 | tail -n 3)
	if [ $code -ne 0 ] || ! grep -q '^done after' "$work/$name.said"; then fail "t_X10_$name" "exit code $code: $(tail -n 2 "$work/$name.err")"
	else verdict "t_X10_$name" "$why"; fi
}
whole plain
[ "$(counted fills)" -gt 20 ] && [ -s "$work/plain/reports/2015-03-31.json" ] && pass t_X5_orders_fills_reports || fail t_X5_orders_fills_reports "$(cat "$files/counts")"
for fault in cut:orders:3:10 drop:orders:3:10 drop:stream:2:20 cut:stream:2:20 double:stream:3:10 429:rest:3:40 500:orders:3:10 garbage:rest:2:60 mute:orders:1:12; do
	name=$(echo "$fault" | cut -d: -f1-2 | tr : _)
	whole "$name" --faults "$fault"
	[ "$(counted faults)" -gt 0 ] || fail "t_X5_$name" "no fault happened"
done

# --- bad input ------------------------------------------------------------------------------------------------------
# sentence NAME CODE PATTERN: what a run said on standard error; keys stay unsaid.
sentence() {
	if [ $code -ne "$2" ]; then fail "$1" "exit code $code: $(head -n 2 "$work/$3.err")"
	elif ! grep -q "$4" "$work/$3.err"; then fail "$1" "said: $(head -n 3 "$work/$3.err")"
	elif grep -q sim-secret "$work/$3.err" "$work/$3.said"; then fail "$1" "it says a secret"
	else pass "$1"; fi
}
opens wrong_key --key OTHER
trades wrong_key 20
shuts
sentence t_O7_wrong_key 2 wrong_key '^tickwork: localhost refuses the key in APCA_API_KEY_ID (401): check it '
[ "$(counted connections)" -le 20 ] && pass t_X5_wrong_key_no_storm || fail t_X5_wrong_key_no_storm "$(cat "$files/counts")"
trades nobody 20
sentence t_X5_nobody_listens 2 nobody 'refuses the connection: nothing listens on that port'
trades no_key 4 env -u APCA_API_SECRET_KEY
sentence t_O7_missing_key 2 no_key '^tickwork: APCA_API_SECRET_KEY is missing: '
trust=$files/err trades no_root 4
sentence t_O7_trust_without_root 2 no_root 'holds no certificate'
close
