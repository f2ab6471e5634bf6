#!/bin/sh
# The process of the books and of the log is stopped (SIGSTOP) in the middle of trading: commands are answered, what the log cannot keep is counted and said,
# the watchdog ends it as late, and after that trading goes on and journal, books, log and `status` agree (rows P3, P8, R9, O1). About 30 s.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P3_stopped
[ -n "$python" ] || { skip t_P3_stopped "no python3 to read the books"; close; }
home=$work/home appliance= process=position_health_monitor
leave() {
	[ -n "$appliance" ] && kill -KILL "$appliance" 2>/dev/null && wait "$appliance" 2>/dev/null
	clear_work
}
trap leave EXIT
# soon COMMAND...: until it is so, for a minute at most.
soon() {
	tries=600
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}
status() { "$binary" status --home "$home" --json 2>/dev/null; }
row() { status | grep -o "\"name\":\"$process\",[^}]*"; }
is_up() { row | grep -q '"state":"READY","alive":true'; }
fills() { [ -f "$home/fills.csv" ] && wc -l <"$home/fills.csv" || echo 0; }
has_fills() { [ "$(fills)" -gt "$1" ]; }
is() { status | grep -q "$1"; }
# The 512 records that wait in a ring and more: two and more of each command.
log_lacks() { "$binary" log --home "$home" --last 1 2>&1 >/dev/null | grep -q '^tickwork: [1-9][0-9]* records of the log are missing: '; }

mkdir "$home" && printf 'heartbeat_ms = 15000\nterm_grace_ms = 1000\n' >"$home/tickwork.conf"
"$binary" run --layout appliance --home "$home" --seed 3 --speed 200000 >"$work/run.log" 2>&1 </dev/null &
appliance=$!
soon has_fills 5 && soon is_up || { fail t_P3_it_trades "$(tail -n 3 "$work/run.log")"; close; }
log_lacks && fail t_P8_nothing_is_missing_yet "$("$binary" log --home "$home" --last 1 2>&1 | tail -n 1)"
kill -STOP "$(row | sed 's/.*"pid":\([0-9]*\).*/\1/')"
check t_R9_commands_are_answered_meanwhile 0 pause --home "$home" && pass t_R9_commands_are_answered_meanwhile
commands=1
until log_lacks || [ $commands -gt 400 ]; do
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do "$binary" pause --home "$home" >/dev/null 2>&1; done
	commands=$((commands + 20))
done
if log_lacks; then pass t_P8_what_is_lost_is_said_while_its_keeper_is_stopped
else fail t_P8_what_is_lost_is_said_while_its_keeper_is_stopped "after $commands commands: $(row)"; fi

has_hung() { "$binary" blackbox --home "$home" --json 2>/dev/null | grep "\"process\":\"$process\"" | grep -q '"hung":true'; }
if soon has_hung && soon is_up; then pass t_P3_the_watchdog_ends_it_as_late; else fail t_P3_the_watchdog_ends_it_as_late "$(row)"; fi
if row | grep -q '"restarts":1,'; then pass t_P3_status_counts_it; else fail t_P3_status_counts_it "$(row)"; fi
tells_drop() { "$binary" log --home "$home" --json --last 1000000 2>/dev/null | grep -q '"what":"[0-9]* records were overtaken before they were written: the ledger was late".*"kind":"drop"'; }
if soon tells_drop; then pass t_P8_the_drop_is_a_record; else fail t_P8_the_drop_is_a_record "$("$binary" log --home "$home" --last 3 2>&1)"; fi

# Trading goes on; then everything that says the same thing says it.
before=$(fills)
check t_R9_resume 4 resume --home "$home"
# shellcheck disable=SC2046
"$binary" $(sed -n 's/^  tickwork //p' "$work/out") >"$work/resumed" 2>&1 || fail t_R9_resume "$(cat "$work/resumed")"
if soon has_fills $((before + 5)); then pass t_P3_trading_goes_on; else fail t_P3_trading_goes_on "$before fills and no more: $(status | head -c 300)"; fi
kill -TERM "$appliance"
wait "$appliance" || fail t_P4_it_ends_in_order "$(tail -n 3 "$work/run.log")"
appliance=
check t_P3_the_journal_replays_to_the_same 0 replay "$home/journal" && {
	grep -q ' are the same$' "$work/out" && pass t_P3_the_journal_replays_to_the_same || fail t_P3_the_journal_replays_to_the_same "$(head -n 2 "$work/out")"
}
"$binary" positions --home "$home" --json >"$work/positions" 2>/dev/null
"$binary" account --home "$home" --json >"$work/account" 2>/dev/null
"$python" - "$home" "$work/positions" "$work/account" <<'JUDGE' >"$work/why" 2>&1 && pass t_O1_books_log_and_map_agree || fail t_O1_books_log_and_map_agree "$(tail -n 1 "$work/why")"
import csv, json, sqlite3, sys
from decimal import Decimal
home, positions, account = sys.argv[1:]
held = {}
fills = list(csv.DictReader(open(home + "/fills.csv")))
for fill in fills:
    held[fill["symbol"]] = held.get(fill["symbol"], Decimal(0)) + Decimal(fill["qty"]) * (1 if fill["side"].lower() == "buy" else -1)
shown = {p["symbol"]: Decimal(str(p["qty"])) for p in map(json.loads, open(positions)) if Decimal(str(p["qty"])) != 0}
assert {s: q for s, q in held.items() if q != 0} == shown, (held, shown)
books = sqlite3.connect(f"file:{home}/books.db?mode=ro", uri=True)
(n,) = books.execute("SELECT count(*) FROM trade_history").fetchone()
assert n == len(fills) > 10, (n, len(fills))
assert json.load(open(account))["positions"] == len(shown), len(shown)
JUDGE
close
