#!/bin/sh
# Whose money it is stands on what a run and a backtest leave behind: log, replay, explain, the reports of each day (row R9).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_R9_mode
home=$work/home
"$binary" run --layout appliance --home "$home" --days 5 >"$work/said" 2>"$work/err" </dev/null || fail t_R9_a_run "$(tail -n 2 "$work/err")"
# says NAME PATTERN WORD...
says() {
	name=$1 pattern=$2
	shift 2
	"$binary" "$@" >"$work/out" 2>"$work/err" </dev/null
	grep -q "$pattern" "$work/out" && pass "$name" || fail "$name" "$(head -n 2 "$work/out" "$work/err")"
}
order=$(awk -F, 'NR == 2 { print $4 }' "$home/orders.csv")
says t_R9_log_says_paper '^PAPER: no real money$' log --home "$home"
says t_R9_log_says_paper_in_json '"mode":"paper"' log --home "$home" --json --last 1
says t_R9_replay_says_paper '^PAPER: no real money$' replay "$home/journal"
says t_R9_explain_says_paper '^PAPER: no real money$' explain --home "$home" "$order"
says t_R9_explain_says_paper_in_json '"mode":"paper"' explain --home "$home" "$order" --json
says t_R9_sim_says_sim '"mode":"sim"' sim --seed 1 --days 1 --faults none --json
why=
for report in "$home"/reports/*.json; do grep -q '"mode":"paper"' "$report" || why="$why $report"; done
for report in "$home"/reports/*.md; do [ "$(sed -n 3p "$report")" = '**PAPER**: no real money.' ] || why="$why $report"; done
verdict t_R9_every_day_report_says_paper "$why"
close
