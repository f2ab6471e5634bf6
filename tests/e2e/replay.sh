#!/bin/sh
# Journals of a backtest and of a run, stepped again; cut at any byte, damaged, of another build, or no journal at all (rows X2, P15).
# kit/journal.py cuts and damages. TICKWORK_LONG=1 does it ten times as often.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_X2_replay
bars=$work/bars
mkdir "$bars" && awk -v folder="$bars" -v sessions=300 -v first=2014-01-02 -v crash=100 -f "$kit/bars.awk" || { fail t_X2_bars "awk could not make them"; close; }
hash_said() { sed -n 's/.*state hash *\([0-9a-f]*\).*/\1/p' "$work/out" | tail -n 1; }

final() { sed -n 's/^ *final  *\([0-9.]*\) USD$/\1/p; s/^done after .*; NAV \([0-9.]*\) USD,.*/\1/p' "$work/out"; }

# replays NAME JOURNAL HASH: every result comes out as it was written, and so does the last state.
replays() {
	check "$1" 0 replay "$2" || return
	if [ "$(hash_said)" != "$3" ]; then fail "$1" "state hash $(hash_said) instead of $3"
	elif ! grep -q '^the journal is closed by its writer; its last whole record ends at byte [0-9]*$' "$work/out"; then fail "$1" "$(cat "$work/out")"
	elif ! grep -q '^replayed [1-9][0-9]* inputs: [1-9][0-9]* results and [1-9][0-9]* state hashes are the same$' "$work/out"; then fail "$1" "$(cat "$work/out")"
	else pass "$1"; fi
}
# harmed NAME JOURNAL NAV CUTS [all]
harmed() {
	if [ -z "$python" ]; then skip "t_X2_$1_harmed" "no python3 to cut it with"; return; fi
	"$python" "$kit/journal.py" "$binary" "$2" "t_X2_$1_" "$4" "$3" ${5:+all} >"$work/judged" 2>"$work/err" || echo "FAIL t_X2_$1_judge: $(tail -n 1 "$work/err")" >>"$work/judged"
	judged "$work/judged"
}
many=$([ -n "${TICKWORK_LONG:-}" ] && echo 2000 || echo 200)

if check t_X2_backtest_journal 0 backtest --data "$bars" --journal "$work/backtest.journal"; then
	replays t_X2_backtest_replays "$work/backtest.journal" "$(hash_said)"
	cp "$work/backtest.journal" "$work/first"
	check t_X2_same_journal_twice 2 backtest --data "$bars" --journal "$work/backtest.journal" && grep -q 'is there already' "$work/err" && pass t_X2_journal_is_never_overwritten ||
		fail t_X2_journal_is_never_overwritten "$(cat "$work/err")"
	rm "$work/backtest.journal"
	check t_X2_same_journal_twice 0 backtest --data "$bars" --journal "$work/backtest.journal"
	cmp -s "$work/first" "$work/backtest.journal" && pass t_X2_same_journal_twice || fail t_X2_same_journal_twice "other bytes"
	harmed backtest "$work/backtest.journal" "$(final)" "$many"
fi
check t_X2_short_journal 0 backtest --data "$bars" --from 2014-06-02 --to 2014-06-06 --journal "$work/short.journal" &&
	harmed short "$work/short.journal" "$(final)" 50 all
if check t_X2_run_journal 0 run --data "$bars" --home "$work/home"; then
	nav=$(final)
	replays t_X2_run_replays "$work/home/journal" "$(hash_said)"
	harmed run "$work/home/journal" "$nav" "$many"
fi
check t_X2_stopped_run_journal 0 run --data "$bars" --home "$work/days" --days 40 && replays t_X2_stopped_run_replays "$work/days/journal" "$(hash_said)"
if check t_X2_replay_json 0 replay "$work/home/journal" --json && grep -q '"same":true' "$work/out" && [ "$(wc -l <"$work/out")" -eq 1 ]; then pass t_X2_replay_json
else fail t_X2_replay_json "$(head -c 300 "$work/out")"; fi

# --- no journals --------------------------------------------------------------------------------------------------
: >"$work/empty"
echo 'date,open,high,low,close' >"$work/text"
head -c 100000 /dev/zero >"$work/zeros"
mkdir "$work/folder"
refused t_X2_empty_file 2 "$work/empty is .*" replay "$work/empty"
refused t_X2_text_file 2 "$work/text is not a journal of tickwork" replay "$work/text"
refused t_X2_file_of_zeros 2 "$work/zeros is not a journal of tickwork" replay "$work/zeros"
refused t_X2_folder 2 ".*$work/folder.*" replay "$work/folder"
refused t_X2_missing_file 2 "replay \"$work/nothing\": no such file.*" replay "$work/nothing"
refused t_X2_device 2 '/dev/zero .*' replay /dev/zero
if [ "$(id -u)" -ne 0 ]; then
	chmod 000 "$work/text"
	refused t_X2_unreadable 2 "replay \"$work/text\": Permission denied" replay "$work/text"
else
	skip t_X2_unreadable "root reads anything"
fi
close
