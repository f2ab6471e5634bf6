#!/bin/sh
# Bars as they come from careless sources: each fault is refused with one sentence that names the file, the line, the column and the value,
# by backtest and by run alike; what is only odd is said and traded (row D3, "Bad input").
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_D3_bars
chmod 755 "$work"
cp "$binary" "$work/tickwork" && binary=$work/tickwork        # where another user may run it
good=$work/good bad=$work/bad
mkdir "$good" && awk -v folder="$good" -v sessions=80 -v first=2014-09-02 -f "$kit/bars.awk" || { fail t_D3_bars "awk could not make them"; close; }
header=$(head -n 1 "$good/SPY.csv")
fresh() { rm -rf "$bad"; cp -r "$good" "$bad"; }

# says NAME PATTERN: the sentence about $bad/SPY.csv, from both verbs; a run leaves no home with a journal behind.
says() {
	refused "t_D3_$1" 2 "$bad/SPY.csv $2" backtest --data "$bad" || return
	refused "t_D3_run_$1" 2 "$bad/SPY.csv $2" run --data "$bad" --home "$work/home"
}
# cell NAME COLUMN VALUE PATTERN: line 31 of SPY.csv has VALUE in that column.
cell() {
	fresh
	awk -F, -v OFS=, -v at="$2" -v value="$3" 'NR == 31 { $at = value } 1' "$good/SPY.csv" >"$bad/SPY.csv"
	says "$1" "$4"
}
# file NAME PATTERN: SPY.csv is what stands in $work/in.
file() {
	fresh
	cp "$work/in" "$bad/SPY.csv"
	says "$1" "$2"
}

[ "$header" = date,open,high,low,close,adj_close,volume ] && check t_D3_good_bars 0 backtest --data "$good" && pass t_D3_good_bars

# --- cells --------------------------------------------------------------------------------------------------------
cell word 2 abc "line 31, column open: 'abc' is not a decimal number; correct the cell or remove the line"
cell nan 5 nan "line 31, column close: 'nan' is not a number; correct the cell or remove the line"
cell infinity 3 inf "line 31, column high: 'inf' is not a number; correct the cell or remove the line"
cell null 6 null "line 31, column adj_close: 'null' is not a number; correct the cell or remove the line"
cell empty_cell 5 '' "line 31, column close: '' is empty; correct the cell or remove the line"
cell zero 4 0 "line 31, column low: '0' is not above 0; correct the cell or remove the line"
cell below_zero 6 -1.5 "line 31, column adj_close: '-1.5' is not above 0; correct the cell or remove the line"
cell too_high 3 99999999 "line 31, column high: '99999999' is above 10,000,000 USD; correct the cell or remove the line"
cell exponent 2 1.4e2 "line 31, column open: '1.4e2' is written with an exponent; correct the cell or remove the line"
cell two_dots 2 14.5.1 "line 31, column open: '14.5.1' is not a decimal number; correct the cell or remove the line"
cell out_of_range 2 99999999999999999999 "line 31, column open: '99999999999999999999' is out of range; .*"
cell high_below_low 3 0.5 "line 31, column high: '0.5' is below the low; correct the line or remove it"
cell volume_word 7 many "line 31, column volume: 'many' is not a .*number; correct the cell or remove the line"
cell volume_below_zero 7 -5 "line 31, column volume: '-5' is below 0; correct the cell or remove the line"
cell no_date 1 yesterday "line 31, column date: 'yesterday' is not a date like 2007-01-31; correct the cell or remove the line"
cell day_that_never_was 1 2014-09-31 "line 31, column date: '2014-09-31' is not a date like 2007-01-31; .*"
cell falling_date 1 2014-09-03 "line 31, column date: '2014-09-03' comes after 2014-[0-9-]*; sort the file by date, oldest first"
cell duplicate_date 1 "$(sed -n '30s/,.*//p' "$good/SPY.csv")" "line 31, column date: '2014-[0-9-]*' comes twice; keep one of the two lines"
cell quoted 2 '"145.10"' "line 31, column open: '\"145.10\"' .*; write the file without quotes"
cell one_cell_more 7 '5000,9' "line 31, column volume: '9' comes behind it, one cell more than the header names; correct the line or remove it"

# --- files --------------------------------------------------------------------------------------------------------
: >"$work/in" && file empty_file "is empty; fetch it again or remove it"
echo "$header" >"$work/in" && file header_alone "line 1: there is no row below the header; fetch the file again or remove it"
sed '1s/adj_close/adjusted/' "$good/SPY.csv" >"$work/in" && file no_adj_close "line 1: there is no column adj_close; the first line must name date, open, .*"
sed 1d "$good/SPY.csv" >"$work/in" && file no_header "line 1: there is no column date; the first line must name date, open, .*"
sed '$s/^\([^,]*,[^,]*\),.*/\1/' "$good/SPY.csv" >"$work/in" && file cut_in_the_last_line "line 81, column high: '' is empty; correct the cell or remove the line"
{ cat "$good/SPY.csv"; head -c 70000 /dev/zero | tr '\0' 7; } >"$work/in" && file endless_line "line 82: it is longer than [0-9]* bytes; is this a CSV file?"
head -c 100000 /dev/zero >"$work/in" && file zeros "line 1.*"
fresh
rm "$bad/SPY.csv" && mkdir "$bad/SPY.csv"
says folder_of_that_name "cannot be \(read\|opened\): .*; .*remove it"
fresh
rm "$bad/SPY.csv" && mkfifo "$bad/SPY.csv"
timeout 10 "$binary" backtest --data "$bad" >"$work/out" 2>"$work/err" </dev/null
code=$?
[ $code -eq 2 ] && grep -q "^tickwork: $bad/SPY.csv " "$work/err" && pass t_D3_fifo || fail t_D3_fifo "exit code $code: $(cat "$work/err")"
fresh
chmod 000 "$bad/SPY.csv" && chmod 755 "$bad"
if [ "$(id -u)" -ne 0 ]; then says unreadable_file "cannot be opened: Permission denied; make it readable or remove it"
elif ! command -v setpriv >/dev/null; then skip t_D3_unreadable_file "root reads anything, and there is no setpriv to be someone else with"
else
	setpriv --reuid 65534 --regid 65534 --clear-groups "$binary" backtest --data "$bad" >"$work/out" 2>"$work/err" </dev/null
	code=$?
	[ $code -eq 2 ] && [ "$(cat "$work/err")" = "tickwork: $bad/SPY.csv cannot be opened: Permission denied; make it readable or remove it" ] &&
		pass t_D3_unreadable_file || fail t_D3_unreadable_file "exit code $code: $(cat "$work/err")"
fi
for verb in backtest 'run --home '"$work/home"; do
	name=$(echo "$verb" | cut -d' ' -f1)
	rm -rf "$bad" && mkdir "$bad"
	# shellcheck disable=SC2086
	refused "t_D3_${name}_empty_folder" 2 "$bad holds no file of the universe; name a folder with files like GLD.csv" $verb --data "$bad"
	refused "t_D3_${name}_no_folder" 2 "--data \"$work/goood\": no such folder; did you mean good?" $verb --data "$work/goood"
	refused "t_D3_${name}_data_is_a_file" 2 ".*$good/SPY.csv.*folder.*" $verb --data "$good/SPY.csv"
	mkdir "$bad/sub" && echo hello >"$bad/NOTES.csv"
	refused "t_D3_${name}_alien_files_alone" 2 "$bad holds no file of the universe; .*" $verb --data "$bad"
done
[ -e "$work/home/journal" ] && fail t_D3_refused_before_a_journal "$work/home/journal is there" || pass t_D3_refused_before_a_journal

# --- odd, not bad -------------------------------------------------------------------------------------------------
# odd NAME PATTERN: a backtest of $bad says so and is done.
odd() {
	check "t_D3_$1" 0 backtest --data "$bad" || return
	grep -q "$2" "$work/out" && pass "t_D3_$1" || fail "t_D3_$1" "said: $(tail -n 3 "$work/out")"
}
fresh && rm "$bad/XLE.csv" "$bad/VIX.csv"
odd missing_symbols '^no file for: XLE VIX$'
grep -q 'regime from the volatility of SPY$' "$work/out" && pass t_S3_regime_without_vix || fail t_S3_regime_without_vix "$(head -n 1 "$work/out")"
fresh && sed -i 20d "$bad/SPY.csv"
odd session_without_a_bar '1 sessions\{0,1\} without a bar'
fresh && awk -F, -v OFS=, '{ print } $1 == "2014-11-26" { $1 = "2014-11-27"; print }' "$good/SPY.csv" >"$bad/SPY.csv"
odd bar_on_thanksgiving '1 bars\{0,1\} on closed days not used'
fresh && awk -F, -v OFS=, 'NR == 40 { for (i = 2; i <= 6; i++) $i *= 1.8 } 1' "$good/SPY.csv" >"$bad/SPY.csv"
odd jump_is_quarantined 'bars quarantined  *[1-9]'
"$binary" backtest --data "$good" --json 2>/dev/null | sed 's/,"elapsed_ms":[^,]*//' >"$work/plain"
# same NAME: $bad is another way to write the same bars.
same() {
	"$binary" backtest --data "$bad" --json 2>"$work/err" </dev/null | sed 's/,"elapsed_ms":[^,]*//' >"$work/out"
	cmp -s "$work/plain" "$work/out" && pass "t_D3_$1" || fail "t_D3_$1" "$(cat "$work/err")"
}
fresh && sed -i 's/$/\r/' "$bad/SPY.csv" && same crlf
fresh && awk -F, -v OFS=, '{ print $7, $5, $1, "x", $2, $3, $4, $6 }' "$good/SPY.csv" | sed '1s/,x,/,note,/' >"$bad/SPY.csv" && same columns_in_any_order
fresh && printf '%s' "$(cat "$good/SPY.csv")" >"$bad/SPY.csv" && same no_last_newline
fresh && { printf '\357\273\277'; cat "$good/SPY.csv"; } >"$bad/SPY.csv" && same byte_order_mark
fresh && sed -i G "$bad/SPY.csv" && same blank_lines
close
