#!/bin/sh
# `tickwork doctor` before, beside and after a run: what it finds in a home that is new, spoilt, full or in use, and of a venue on loopback (row P12).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
. tests/e2e/kit/at_venue.sh
need_binary t_P12_doctor
need_venue t_P12_doctor

# words: the table as one line of words, however it was wrapped.
words() { tr -s ' \n' ' ' <"$work/out"; }
# finds NAME CODE CHECK RESULT PATTERN WORD...: the doctor ends with that code, and the check says that.
finds() {
	name=$1 want=$2 row="$3 $4 $5"
	shift 5
	check "$name" "$want" doctor "$@" || return
	if words | grep -q " $row"; then pass "$name"; else fail "$name" "not \"$row\": $(grep -A 3 "^${row%% *} " "$work/out" | tr -s ' \n' ' ')"; fi
}

check t_P12_new_home 0 doctor --home "$work/new" && [ ! -e "$work/new" ] && pass t_P12_new_home_stays_unmade || fail t_P12_new_home_stays_unmade
rows=$(grep -c '^[a-z_]* *\(ok\|note\|warn\|FAIL\) ' "$work/out")
[ "$rows" -ge 25 ] && pass t_P12_at_least_25_checks || fail t_P12_at_least_25_checks "$rows"
[ "$(awk '{ if (length > most) most = length } END { print most }' "$work/out")" -le 80 ] && pass t_P12_fits_80_columns || fail t_P12_fits_80_columns
check t_P12_json 0 doctor --home "$work/new" --json && verdict t_P12_json "$(grep -v '^{"ok":true,"notes":[0-9]*,"warnings":0,"failures":0,"checks":\[{"name":"clock",.*}\]}$' "$work/out")"
refused t_P12_unknown_option 2 '.*--speed.*' doctor --speed 3

# --- homes that are spoilt
mkdir "$work/home"
: >"$work/file"
finds t_P12_home_is_a_file 1 folder FAIL "$work/file does not exist, or a part of its path is not a folder: make the folder first" --home "$work/file"
echo 'leverage_max_bp = 1' >"$work/home/tickwork.conf"
finds t_P12_bad_configuration 1 configuration FAIL 'tickwork.conf line 1: leverage_max_bp = "1" is out of bounds; give' --home "$work/home"
refused t_P12_a_run_stops_there 2 'tickwork.conf line 1: leverage_max_bp = "1" is out of bounds; give .*' run --days 1 --home "$work/home"
rm "$work/home/tickwork.conf"
echo 'APCA_API_KEY_ID = key' >"$work/home/secrets"
chmod 644 "$work/home/secrets"
finds t_O7_readable_secrets 0 secrets warn '.*/secrets has mode 0644 and others may open it: chmod 600 ' --home "$work/home"
finds t_O7_readable_secrets_for_a_venue 1 secrets FAIL '.*/secrets has mode 0644 and others may open it: chmod 600 ' --home "$work/home" --venue alpaca \
	--venue-url https://localhost:1 --venue-time stepped
rm "$work/home/secrets"
chmod 755 "$work/home"
finds t_O7_home_open_to_others 0 home_private note '.* has mode 0755, so others may look into it: chmod 700 ' --home "$work/home"
chmod 700 "$work/home"
finds t_P12_no_bars 1 data FAIL "$work/home holds no file of the universe; name a folder" --home "$work/new" --data "$work/home"

if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	mkdir "$work/disk"
	unshare -m sh -c 'mount -t tmpfs -o size=8m none "$1" && "$2" doctor --home "$1"' sh "$work/disk" "$binary" >"$work/out" 2>"$work/err"
	[ $? -eq 1 ] && words | grep -q " room FAIL .*/journal does not fit on the disk: it takes 65 MiB and [78] MiB are free: free some space" &&
		words | grep -q " file_system warn .* is in memory (tmpfs)" && pass t_P12_small_disk_in_memory || fail t_P12_small_disk_in_memory "$(words | head -c 600)"
else skip t_P12_small_disk_in_memory "only root may mount a small disk"; fi

# --- keys that lie about; the shell above has the one it was given, and `; :` keeps it there
unset APCA_API_KEY_ID APCA_API_SECRET_KEY TICKWORK_DATA_KEY_ID TICKWORK_DATA_SECRET_KEY
APCA_API_SECRET_KEY=a-key-of-the-shell sh -c '"$1" doctor --home "$2"; :' sh "$binary" "$work/new" >"$work/out" 2>"$work/err"
words | grep -q ' environment note APCA_API_SECRET_KEY stands in the environment of process [0-9]*, ' && ! grep -q a-key-of-the-shell "$work/out" &&
	pass t_O7_a_key_in_the_environment_above || fail t_O7_a_key_in_the_environment_above "$(words | grep -o 'environment .*' | head -c 200)"
APCA_API_SECRET_KEY="$work/new" "$binary" doctor --home "$work/new" >"$work/out" 2>"$work/err"
[ $? -eq 1 ] && words | grep -q ' command_line FAIL APCA_API_SECRET_KEY stands on the command line, ' && pass t_O7_a_key_on_the_command_line ||
	fail t_O7_a_key_on_the_command_line "$(words | grep -o 'command_line .*' | head -c 200)"
export APCA_API_KEY_ID=PKSIM APCA_API_SECRET_KEY=sim-secret TICKWORK_DATA_KEY_ID=PKSIMDATA TICKWORK_DATA_SECRET_KEY=sim-data-secret

# --- after a run, beside one, and after one that was killed
check t_P12_a_run 0 run --home "$work/home" --days 30
finds t_P12_journal_is_whole 0 journal ok '[0-9]* records whole and in order, inputs 1 to [0-9]*, closed by its writer' --home "$work/home"
finds t_P12_books_are_whole 0 books ok 'books.db is whole, ' --home "$work/home"
cp "$work/home/journal" "$work/journal"
before=$(cksum "$work"/home/* 2>/dev/null)
"$binary" doctor --home "$work/home" >/dev/null
[ "$before" = "$(cksum "$work"/home/* 2>/dev/null)" ] && pass t_P12_looking_changes_nothing || fail t_P12_looking_changes_nothing
printf 'spoilt' | dd of="$work/home/journal" bs=1 seek=5000 conv=notrunc 2>/dev/null
finds t_P12_journal_is_broken 1 journal FAIL '.*/journal .*: bring it back from a backup, or move it away and start anew' --home "$work/home"
printf 'no journal' >"$work/home/journal"
finds t_P12_journal_is_none 1 journal FAIL '.*/journal is not a journal of tickwork: bring it back' --home "$work/home"
cp "$work/journal" "$work/home/journal"
dd if=/dev/urandom of="$work/home/books.db" bs=4096 seek=2 count=3 conv=notrunc 2>/dev/null
finds t_P12_books_are_broken 1 books FAIL '.*/books.db is damaged or is not a database' --home "$work/home"

"$binary" run --layout appliance --home "$work/lives" --speed 100000 >"$work/run.log" 2>&1 </dev/null &
run=$!
tries=200
while [ $tries -gt 0 ] && [ "$("$binary" status --home "$work/lives" 2>/dev/null | grep -c ' READY ')" -lt 5 ]; do sleep 0.05; tries=$((tries - 1)); done
finds t_P12_beside_a_running_instance 0 lock ok "an instance (process $run) runs in " --home "$work/lives"
words | grep -q ' map ok [0-9]* KiB, layout appliance, venue sim, running ' && pass t_P12_its_map || fail t_P12_its_map "$(words | grep -o ' map .*' | head -c 200)"
words | grep -q ' journal ok [0-9]* records whole and in order, inputs [0-9]* to [0-9]*, being written ' && pass t_P12_its_journal_is_written ||
	fail t_P12_its_journal_is_written "$(words | grep -o ' journal .*' | tail -c +300 | head -c 200)"
worker=$(pgrep -P "$run" | head -n 1)
kill -9 "$worker"
tries=100
while [ $tries -gt 0 ] && ! "$binary" log --home "$work/lives" | grep -q 'killed by signal 9'; do sleep 0.05; tries=$((tries - 1)); done
finds t_P12_a_death_is_noted 0 deaths note '1 within a day, the last .*killed by signal 9' --home "$work/lives"
kill -9 "$run"
wait "$run" 2>/dev/null
tries=200
while [ $tries -gt 0 ] && ! "$binary" doctor --home "$work/lives" | grep -q '^lock  *ok  *no other'; do sleep 0.05; tries=$((tries - 1)); done
finds t_P12_after_a_kill 0 lock ok 'no other instance in ' --home "$work/lives"

# --- a venue on loopback
venue_start good --seed 1 --from 2015-01-02 --to 2015-01-30
# shellcheck disable=SC2086
finds t_P12_venue_good 0 venue ok 'localhost takes the key in APCA_API_KEY_ID, answered in [0-9]* ms' --home "$work/new" $venue_words
words | grep -q ' venue_data ok localhost takes the key in TICKWORK_DATA_KEY_ID' && pass t_P12_data_key_good || fail t_P12_data_key_good "$(words | grep -o ' venue_data .*')"
# shellcheck disable=SC2086
TICKWORK_DATA_KEY_ID=OTHER finds t_P12_data_key_wrong 1 venue_data FAIL 'localhost refuses the key in TICKWORK_DATA_KEY_ID (401): check it and its secret' --home "$work/new" $venue_words
mkdir "$work/other"
venue_good=$venue_pid words_good=$venue_words
venue_start other --seed 1 --from 2015-01-02 --to 2015-01-30
other_root=$work/other/root.pem
venue_end
venue_pid=$venue_good
# shellcheck disable=SC2086
finds t_P12_venue_untrusted 1 venue FAIL 'localhost: its certificate is self-signed, or signed by an issuer that is not among the roots' --home "$work/new" \
	$(echo "$words_good" | sed "s#--trust [^ ]*#--trust $other_root#")
venue_end
# shellcheck disable=SC2086
finds t_P12_venue_unreachable 1 venue FAIL 'localhost:.*refuses the connection: nothing listens on that port' --home "$work/new" $words_good
close
