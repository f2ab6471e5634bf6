#!/bin/sh
# The loopback venue as a program: options, its certificate, the same days twice in the same bytes, faults, the end (rows X5, "Bad input").
# What it says to a published client is tests/golden/alpaca_sdk_ref.py; this needs curl to talk at all.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
venue=$(realpath "${VENUE:-build/venue}" 2>/dev/null) || venue=
[ -n "$venue" ] && [ -x "$venue" ] || { skip t_X5_venue "no build/venue here; make builds it"; close; }
running=
leave() {
	[ -n "$running" ] && kill -9 "$running" 2>/dev/null
	rm -rf "$work"
}
trap leave EXIT

# refuses NAME PATTERN OPTION...: one sentence on standard error, nothing on standard output, code 2.
refuses() {
	name=$1 pattern=$2
	shift 2
	timeout 20 "$venue" "$@" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	sentence=$(cat "$work/err")
	if [ $code -ne 2 ]; then fail "$name" "exit code $code: $sentence"
	elif [ -s "$work/out" ] || [ "$(wc -l <"$work/err")" -ne 1 ]; then fail "$name" "not one sentence: $sentence"
	elif expr "x$sentence" : "xvenue: $pattern\$" >/dev/null; then pass "$name"
	else fail "$name" "said: $sentence"; fi
}
refuses t_X5_option_unknown '--wind is no option; venue --help lists them' --wind 3
refuses t_X5_option_without_value '--seed needs a value; venue --help lists the options' --seed
refuses t_X5_option_not_a_word 'seed: options begin with --; venue --help lists them' seed 3
refuses t_X5_option_not_a_number '--port x: give a whole number from 0 to 65535' --port x
refuses t_X5_option_beyond '--rate 0: give a whole number from 1 to 1000000' --rate 0
refuses t_X5_option_no_day '--from 2015-02-30: give a day as YYYY-MM-DD, from 1990 to 2046' --from 2015-02-30
refuses t_X5_option_days_reversed '--to 2015-01-01 is before --from 2015-01-02' --from 2015-01-02 --to 2015-01-01
refuses t_X5_option_faults '--faults rain:rest: give kind:where.*' --faults rain:rest
refuses t_X5_option_no_folder '.*nowhere.*' --data "$work/nowhere"
refuses t_X5_option_trust_nowhere '.*nowhere/root.pem.*' --trust "$work/nowhere/root.pem" --from 2015-01-02 --to 2015-01-09
refuses t_X5_option_log_nowhere '.*nowhere/log.*' --log "$work/nowhere/log" --from 2015-01-02 --to 2015-01-09
refuses t_X5_option_empty_key '--key: give 1 to 127 characters' --key ''
if "$venue" --help >"$work/out" 2>"$work/err" && grep -q '^example: venue ' "$work/out" && [ ! -s "$work/err" ]; then pass t_X5_help
else fail t_X5_help "$(head -n 3 "$work/out")"; fi

# until_there FILE: within 20 s.
until_there() {
	tries=400
	while [ $tries -gt 0 ] && [ ! -s "$1" ]; do sleep 0.05; tries=$((tries - 1)); done
	[ $tries -gt 0 ]
}
# start NAME OPTION...: a venue with its files in $work/NAME.
start() {
	name=$1
	shift
	mkdir -p "$work/$name"
	"$venue" --seed 3 --from 2015-01-02 --to 2015-01-30 --port-file "$work/$name/port" --trust "$work/$name/root.pem" --log "$work/$name/log" "$@" \
		>"$work/$name/counts" 2>"$work/$name/err" </dev/null &
	running=$!
	until_there "$work/$name/port" || { fail "t_X5_$name" "no port in 20 s: $(cat "$work/$name/err")"; close; }
	host=https://localhost:$(cat "$work/$name/port")
}
# ends NAME: TERM, code 0, one line of counts.
ends() {
	kill -TERM "$running"
	wait "$running"
	code=$? running=
	if [ $code -ne 0 ]; then fail "t_X5_$1_ends" "exit code $code"
	elif [ "$(wc -l <"$work/$1/counts")" -ne 1 ] || ! grep -q '^{"connections":.*"tls_records_in":[0-9]*,"tls_records_out":[0-9]*}$' "$work/$1/counts"; then
		fail "t_X5_$1_ends" "$(head -c 300 "$work/$1/counts")"
	else pass "t_X5_$1_ends"; fi
}
start quiet
ends quiet
command -v curl >/dev/null || { skip t_X5_calls "no curl here (apt-get install curl)"; close; }

# call NAME WORD...: curl with the trading key, trusting that venue alone.
call() {
	name=$1
	shift
	curl -sS --max-time 20 --cacert "$work/$name/root.pem" -H 'APCA-API-KEY-ID: PKSIM' -H 'APCA-API-SECRET-KEY: sim-secret' "$@" 2>"$work/curl.err"
}
# Buys at each close of the exchange, steps to the end; what was told is in $work/NAME/told.
trade() {
	moment=0
	: >"$work/$1/told"
	while :; do
		told=$(call "$1" -X POST "$host/sim/v1/advance" -d "{\"after\":$moment}")
		echo "$told" >>"$work/$1/told"
		moment=$((moment + 1))
		case $told in
		*'"end":true'*) break ;;
		*'"phase":"close","calendar":"NYSE"'*)
			call "$1" "$host/v2/orders" -d "{\"symbol\":\"SPY\",\"qty\":\"3\",\"side\":\"buy\",\"type\":\"market\",\"time_in_force\":\"day\",\"client_order_id\":\"day-$moment\"}" >>"$work/$1/told" ;;
		*'"end":false'*) ;;
		*) fail "t_X5_$1_steps" "$told $(cat "$work/curl.err")"; return ;;
		esac
	done
	call "$1" "$host/v2/account/activities" >>"$work/$1/told"
}
start first
trade first
ends first
start second
trade second
ends second
fills=$(grep -c '"what":"fill"' "$work/first/log")
[ "$fills" -ge 15 ] && cmp -s "$work/first/log" "$work/second/log" && cmp -s "$work/first/told" "$work/second/told" && pass t_X5_same_days_same_bytes ||
	fail t_X5_same_days_same_bytes "$fills fills; $(cmp "$work/first/told" "$work/second/told" 2>&1)"
if cmp -s "$work/first/root.pem" "$work/second/root.pem"; then fail t_X5_own_certificate "the same certificate twice"; else pass t_X5_own_certificate; fi

start faulty --faults 500:rest,drop:orders --rate 5
code=$(call faulty -o /dev/null -w '%{http_code}' "$host/v2/clock")
[ "$code" = 500 ] && pass t_X5_fault_500 || fail t_X5_fault_500 "$code"
call faulty "$host/v2/orders" >"$work/out" && fail t_X5_fault_drop "$(cat "$work/out")" || pass t_X5_fault_drop
for i in 1 2 3 4 5; do call faulty -o /dev/null "$host/v2/clock"; done
code=$(call faulty -o /dev/null -w '%{http_code}' "$host/v2/clock")
[ "$code" = 429 ] && pass t_X5_rate || fail t_X5_rate "$code"
curl -sS --max-time 20 "$host/v2/clock" >"$work/out" 2>&1 && fail t_X5_untrusted "a client without the root was served" || pass t_X5_untrusted
curl -s --max-time 20 "http://localhost:${host##*:}/v2/clock" >"$work/out" 2>&1 && fail t_X5_not_tls "served without TLS" || pass t_X5_not_tls
refuses t_X5_port_taken "port ${host##*:} on 127.0.0.1 is taken.*" --port "${host##*:}" --from 2015-01-02 --to 2015-01-09
code=$(call faulty -o /dev/null -w '%{http_code}' "$host/sim/v1/now")
[ "$code" = 200 ] && pass t_X5_still_there || fail t_X5_still_there "$code"
ends faulty
close
