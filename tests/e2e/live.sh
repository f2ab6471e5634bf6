#!/bin/sh
# Real money needs three keys: --live, live = 1 in tickwork.conf, and the account that the venue itself names (row R9). Each is left out alone, and then all
# three trade at build/venue, whose account says that it is a real one; nothing is sent before. A home stays of its mode. About 20 s.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_R9_live
need_venue t_R9_live
account=123456789
export APCA_API_KEY_ID=AKSIM
venue_start unasked --seed 1 --from 2015-01-02 --to 2015-01-30 --key AKSIM --account $account
home_of() {
	mkdir -p "$work/$1"
	[ $# -lt 2 ] || printf '%s\n' "$2" >"$work/$1/tickwork.conf"
	printf '%s' "$work/$1"
}
untouched() { [ ! -e "$1/journal" ] && ! grep -q '"what":"accepted"' "$place/log"; }
# keeps_out NAME CODE PATTERN HOME WORD...: refused in one sentence, and nothing was begun or sent.
keeps_out() {
	name=$1 want=$2 pattern=$3 home=$4
	shift 4
	at_venue "$home" "$@" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	if [ $code -ne "$want" ]; then fail "$name" "exit code $code: $(tail -n 2 "$work/err")"
	elif [ -s "$work/out" ] || [ "$(wc -l <"$work/err")" -ne 1 ]; then fail "$name" "not one sentence: $(head -n 3 "$work/out" "$work/err")"
	elif ! grep -q "^tickwork: $pattern" "$work/err"; then fail "$name" "said: $(cat "$work/err")"
	elif ! untouched "$home"; then fail "$name" "a journal was begun, or an order was sent"
	else pass "$name"; fi
}

# --- each key alone left out, or wrong
allowed=$(home_of allowed 'live = 1') forbidden=$(home_of forbidden) off=$(home_of off 'live = 0')
keeps_out t_R9_live_needs_the_setting 4 "--live is given and $forbidden/tickwork.conf does not allow it: write the line .live = 1. there" "$forbidden" --live --account $account
keeps_out t_R9_live_needs_the_setting_on 4 "--live is given and $off/tickwork.conf does not allow it" "$off" --live --account $account
keeps_out t_R9_live_needs_the_account 4 'the account is not given\|--live is given without the account, and there is no terminal' "$allowed" --live
venue_end
grep -q '^{"connections":0,' "$place/counts" && pass t_R9_the_venue_is_not_asked_before || fail t_R9_the_venue_is_not_asked_before "$(head -c 200 "$place/counts")"
venue_start asked --seed 1 --from 2015-01-02 --to 2015-01-30 --key AKSIM --account $account
keeps_out t_R9_live_needs_the_right_account 4 'the account "123456780" is not the one that localhost names for these keys' "$allowed" --live --account 123456780
keeps_out t_R9_live_needs_a_whole_account 4 'the account "12345678" is not the one' "$allowed" --live --account 12345678
keeps_out t_R9_live_needs_the_option 2 'APCA_API_KEY_ID is a key that trades real money, and --live is not given' "$allowed"
keeps_out t_R9_an_account_without_live 2 '--account is for real money; give --live with it' "$allowed" --account $account
venue_words="--venue alpaca --venue-url https://api.alpaca.markets" keeps_out t_R9_the_live_host_needs_the_option 4 ".*--live is not given" "$allowed"
venue_words="--venue alpaca --venue-url https://paper-api.alpaca.markets" keeps_out t_R9_live_at_the_paper_host 4 "--live goes to https://api.alpaca.markets" "$allowed" --live
APCA_API_KEY_ID=PKSIM keeps_out t_R9_paper_keys_for_live 2 'APCA_API_KEY_ID is the key of a paper account, and --live is given' "$allowed" --live --account $account
TICKWORK_DATA_KEY_ID=AKDATA keeps_out t_X1_no_live_key_for_the_feed 2 'TICKWORK_DATA_KEY_ID is a key that trades real money, and data need none' "$allowed" --live \
	--account $account
venue_end

# An account that is of paper whatever its key is called, and one that is real.
venue_start of_paper --seed 1 --from 2015-01-02 --to 2015-01-30 --key KEY
APCA_API_KEY_ID=KEY keeps_out t_R9_a_paper_account_for_live 4 'the keys in APCA_API_KEY_ID are of a paper account (PA0SIMULATOR), and --live is given' "$allowed" --live \
	--account PA0SIMULATOR
venue_end
venue_start of_money --seed 1 --from 2015-01-02 --to 2015-01-30 --key KEY --account $account
APCA_API_KEY_ID=KEY keeps_out t_R9_a_real_account_for_paper 4 'the keys in APCA_API_KEY_ID are of an account with real money, and --live is not given' "$allowed"
venue_end

# --- a rehearsal, then all three
venue_start real --seed 1 --from 2015-01-02 --to 2015-12-31 --key AKSIM --account $account
at_venue "$allowed" --live --account $account --dry-run >"$work/out" 2>"$work/err" </dev/null
code=$?
if [ $code -eq 0 ] && grep -q '^live  *ok  *LIVE: real money' "$work/out" && grep -q "^account  *ok  *$account, as localhost names it: real" "$work/out" && untouched "$allowed"; then
	pass t_P12_a_dry_run_of_live
else fail t_P12_a_dry_run_of_live "exit code $code: $(grep -E '^(live|account)' "$work/out") $(cat "$work/err")"; fi

pid_of() { "$binary" status --home "$1" --json 2>/dev/null | sed -n "s/.*\"name\":\"$2\"[^}]*\"pid\":\([0-9]*\).*/\1/p"; }
orders() { cat "$allowed/orders.csv" 2>/dev/null | wc -l; }
# until COMMAND...: within 20 s.
until_so() {
	tries=200
	until "$@" || [ $tries -eq 0 ]; do sleep 0.1; tries=$((tries - 1)); done
	[ $tries -gt 0 ]
}
more_than() { [ "$(orders)" -gt "$1" ]; }
# shellcheck disable=SC2086
"$binary" run --home "$allowed" $venue_words --live --account $account --drill --speed 100000 >"$work/said" 2>"$work/err" </dev/null &
running=$!
trap 'kill -9 $running 2>/dev/null; [ -z "$venue_pid" ] || kill -9 "$venue_pid" 2>/dev/null; clear_work' EXIT
if until_so more_than 3; then pass t_R9_three_keys_trade; else fail t_R9_three_keys_trade "$(tail -n 2 "$work/err")"; fi
grep -q '^tickwork trades on LIVE in 6 processes at https://localhost:[0-9]*: REAL MONEY$' "$work/said" && pass t_R9_live_is_said_at_the_start ||
	fail t_R9_live_is_said_at_the_start "$(head -n 1 "$work/said")"
"$binary" status --home "$allowed" --json >"$work/out" 2>&1
grep -q '"mode":"live"' "$work/out" && pass t_R9_status_says_live || fail t_R9_status_says_live "$(head -c 200 "$work/out")"
desk=$(pid_of "$allowed" market_decision_engine)
kill -9 "$desk"
is_another() { now=$(pid_of "$allowed" market_decision_engine) && [ -n "$now" ] && [ "$now" != "$desk" ]; }
before=$(orders)
if until_so is_another && until_so more_than $((before + 2)); then pass t_R9_a_restart_does_not_ask_again; else fail t_R9_a_restart_does_not_ask_again "$(tail -n 2 "$work/err")"; fi
kill -TERM $running
wait $running
code=$?
[ $code -eq 0 ] && pass t_R9_live_ends_in_order || fail t_R9_live_ends_in_order "exit code $code: $(tail -n 2 "$work/err")"

# --- what is left behind says it, too
says_live() {
	name=$1
	shift
	"$binary" "$@" >"$work/out" 2>"$work/err" </dev/null
	grep -q "$pattern" "$work/out" && pass "$name" || fail "$name" "$(head -n 2 "$work/out" "$work/err")"
}
order=$(awk -F, 'NR == 2 { print $4 }' "$allowed/orders.csv")
pattern='^LIVE: REAL MONEY$'
says_live t_R9_log_says_live log --home "$allowed"
says_live t_R9_replay_says_live replay "$allowed/journal"
says_live t_R9_explain_says_live explain --home "$allowed" "$order"
pattern='"mode":"live"'
says_live t_R9_explain_says_live_in_json explain --home "$allowed" "$order" --json
says_live t_R9_log_says_live_in_json log --home "$allowed" --json --last 1
why=
for report in "$allowed"/reports/2015-*.json; do grep -q '"mode":"live"' "$report" || why="$why $report"; done
for report in "$allowed"/reports/2015-*.md; do [ "$(sed -n 3p "$report")" = '**LIVE**: REAL MONEY.' ] || why="$why $report"; done
verdict t_R9_every_day_report_says_live "$why"

# --- a new start asks again, and a home keeps its mode
again() {
	name=$1 want=$2 pattern=$3
	shift 3
	at_venue "$@" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	if [ $code -eq "$want" ] && grep -q "^tickwork: $pattern" "$work/err"; then pass "$name"; else fail "$name" "exit code $code: $(tail -n 1 "$work/err")"; fi
}
again t_R9_a_new_start_asks_again 4 '--live is given without the account' "$allowed" --live
printf '' >"$allowed/tickwork.conf"
again t_R9_the_setting_can_be_taken_back 4 "--live is given and $allowed/tickwork.conf does not allow it" "$allowed" --live --account $account
printf 'live = 1\n' >"$allowed/tickwork.conf"
at_venue "$allowed" --live --account $account --days 3 >"$work/out" 2>"$work/err" </dev/null && grep -q '^goes on after input ' "$work/out" &&
	pass t_R9_live_goes_on_in_its_home || fail t_R9_live_goes_on_in_its_home "$(tail -n 2 "$work/err")"
refused t_R9_paper_does_not_go_on_from_live 2 "$allowed/journal is of a run on LIVE and this one is on PAPER: choose another --home" run --home "$allowed" --days 1
"$binary" run --home "$work/paper" --days 3 >"$work/out" 2>&1 </dev/null && printf 'live = 1\n' >"$work/paper/tickwork.conf"
again t_R9_live_does_not_go_on_from_paper 2 "$work/paper/journal is of a run on PAPER and this one is on LIVE: choose another --home" "$work/paper" --live --account $account

# --- typed by a person
if [ -n "$python" ]; then
	# types LINE: what a run says and its code as the last line, when that is typed at its question.
	types() {
		# shellcheck disable=SC2086
		"$python" "$kit/types.py" 'account to trade: ' "$1" "$binary" run --home "$typed" $venue_words --live --days 2 >"$work/out" 2>&1 </dev/null
	}
	typed=$(home_of typed 'live = 1')
	types 000000000
	grep -q 'the account "000000000" is not the one that localhost names' "$work/out" && [ "$(tail -n 1 "$work/out")" = 'code 4' ] && [ ! -e "$typed/journal" ] &&
		pass t_R9_a_wrong_account_is_typed || fail t_R9_a_wrong_account_is_typed "$(tail -n 3 "$work/out")"
	types ''
	grep -q 'no account was typed' "$work/out" && [ "$(tail -n 1 "$work/out")" = 'code 4' ] && pass t_R9_nothing_is_typed || fail t_R9_nothing_is_typed "$(tail -n 3 "$work/out")"
	types " $account "
	grep -q 'trades on LIVE' "$work/out" && [ "$(tail -n 1 "$work/out")" = 'code 0' ] && ! grep -q "names it" "$work/out" &&
		pass t_R9_the_account_is_typed || fail t_R9_the_account_is_typed "$(tail -n 3 "$work/out")"
else skip t_R9_the_account_is_typed "no python3 to type on a terminal"; fi
venue_end
close
