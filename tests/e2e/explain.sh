#!/bin/sh
# `tickwork explain ORDER` after a run, beside one, by protocol; numbers that are none (row R8).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_R8_explain
need_venue t_R8_explain

# fill N COLUMN: of the N-th execution in fills.csv of $home.
fill() { sed -n "$(($1 + 1))p" "$home/fills.csv" | cut -d, -f"$2"; }
has() { if grep -q "$2" "$work/out"; then pass "$1"; else fail "$1" "no \"$2\" in: $(head -c 300 "$work/out")"; fi; }

home=$work/home
check t_R8_run 0 run --home "$home" --days 60
id=$(fill 3 5) qty=$(fill 3 8) symbol=$(fill 3 6)
check t_R8_explain_text 0 explain "$id" --home "$home"
has t_R8_what_it_is "^order $id: BUY $qty $symbol, because of: signal"
has t_R8_stepped_again 'stepped again from the journal: every result came out as'
has t_R8_signal '^momentum .* [0-9a-f]\{16\}$'
has t_R8_each_step_of_the_size '^VOLATILITY .*so that the asset alone would have its'
has t_R8_sent '  to venue    ORDER_NEW        BUY '
has t_R8_filled "  from venue  FILL             $qty at "
[ "$(awk '{ if (length > most) most = length } END { print most }' "$work/out")" -le 80 ] && pass t_R8_fits_80_columns || fail t_R8_fits_80_columns
client=$(sed -n 's/^client id *//p' "$work/out")
cp "$work/out" "$work/by_number"
check t_R8_by_client_id 0 explain "$client" --home "$home" && cmp -s "$work/out" "$work/by_number" && pass t_R8_by_client_id || fail t_R8_by_client_id

# What it took at each step adds up: the last step's quantity is what was sent, and no step but the free ones adds.
if [ -n "$python" ]; then
	check t_R8_explain_json 0 explain "$id" --home "$home" --json
	"$python" - "$work/out" "$id" "$qty" >"$work/judged" <<'PYTHON'
import json, sys
said = json.load(open(sys.argv[1]))
def judge(name, good, why=""): print(f"ok   {name}" if good else f"FAIL {name}: {why}")
judge("t_R8_json_order", said["order_id"] == int(sys.argv[2]) and said["stepped"] and float(said["nav_usd"]) > 0, said)
weights, quantities = list(said["weights_bp"].items()), [float(q) for q in said["quantities"].values()]
judge("t_R8_json_sizes_shrink", all(b[1] <= a[1] for a, b in zip(weights, weights[1:]) if b[0] != "volatility"), weights)
judge("t_R8_json_the_last_size_is_sent", quantities == sorted(quantities, reverse=True) and quantities[-1] == float(said["qty"]) == float(sys.argv[3]), quantities)
judge("t_R8_json_messages", [m["message"] for m in said["messages"]][0] == "ORDER_NEW" and said["messages"][-1]["message"] == "FILL" and said["messages_lost"] == 0, said["messages"])
judge("t_R8_json_feature_hash", said["signals"] and all(len(s["feature_hash"]) == 16 for s in said["signals"]), said["signals"])
PYTHON
	judged "$work/judged"
else skip t_R8_explain_json "no python3 to read it"; fi

refused t_R8_no_such_order 2 "no order 7 in the journal of .*; the nearest is [0-9]*" explain 7 --home "$home"
refused t_R8_between_two 2 "no order $((id + 200)) in the journal of .*; the nearest are [0-9]* and [0-9]*" explain $((id + 200)) --home "$home"
refused t_R8_no_number 2 'ORDER "abc" is no order id: give the number that tickwork orders prints, or a client order id' explain abc --home "$home"
mkdir "$work/empty"
refused t_R8_no_journal 2 '.*/journal is not there: name the --home of a run' explain 7 --home "$work/empty"
refused t_R8_no_order 2 'explain needs .*' explain --home "$home"

# Another setting: the journal is read, and what needs stepping is not claimed.
echo 'leverage_max_bp = 12000' >"$home/tickwork.conf"
check t_R8_other_settings 0 explain "$id" --home "$home" && has t_R8_not_stepped_is_said 'read from the journal alone: another build or other settings'

home=$work/by_venue
mkdir "$home"
venue_start days --seed 3 --from 2015-01-02 --to 2015-02-27
at_venue "$home" >"$work/run.log" 2>&1 </dev/null || fail t_R8_run_by_protocol "$(tail -n 1 "$work/run.log")"
venue_end
check t_R8_by_protocol 0 explain "$(fill 2 5)" --home "$home" && has t_R8_acknowledged '  from venue  ACK              venue id ' && has t_R8_filled_by_protocol '  from venue  FILL '
has t_R8_stepped_by_protocol 'stepped again from the journal'
close
