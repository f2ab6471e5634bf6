#!/bin/sh
# The verbs that look at a running appliance and steer it, where none runs: one sentence, exit code 3, nothing made or changed. What they say of
# one that runs is in tests/unit/firmware/modes/looking_test.c. TICKWORK names the binary (build/tickwork).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_R9_control
looks='status orders positions fills account risk'
steers='halt pause flatten resume confirm'
home=$work/home
mkdir "$home"

for verb in $looks $steers; do
	refused "t_R9_no_appliance_$verb" 3 "no appliance runs in $home (nothing to look at): start one with tickwork run --home $home" "$verb" --home "$home"
	refused "t_R9_no_appliance_json_$verb" 3 "no appliance runs in $home .*" "$verb" --home "$home" --json
	refused "t_R9_no_folder_$verb" 2 "--home \"$work/hone\": no such folder; did you mean home?" "$verb" --home "$work/hone"
	(cd "$work" && "$binary" "$verb" >out 2>err </dev/null)
	code=$?
	if [ "$code" -eq 3 ] && grep -q '^tickwork: no appliance runs in tickwork-home ' "$work/err"; then pass "t_R9_default_home_$verb"
	else fail "t_R9_default_home_$verb" "exit code $code: $(cat "$work/err")"; fi
done
verdict t_R9_nothing_is_made "$(ls -A "$home" | sed 's/^/made /')"

refused t_R9_bad_code 2 '"12-456" is not a code: give the six characters that `tickwork resume` printed' resume 12-456 --home "$home"
refused t_R9_bad_symbol 2 'unknown symbol "SPI"; did you mean SPY?' flatten SPI --home "$home"

# A map that is none: empty, short, noise of the right length, a folder, a pipe.
: >"$home/map"
refused t_P3_empty_map 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" status --home "$home"
printf 'tickmap1' >"$home/map"
refused t_P3_short_map 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" status --home "$home"
head -c 8000000 /dev/urandom >"$home/map"
refused t_P3_noise 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" status --home "$home"
{ printf '1tickmap'; head -c 8000000 /dev/zero; } >"$home/map"
sum=$(cksum <"$home/map")
refused t_P3_other_magic 3 "$home/map is not the map of an appliance, or not yet a whole one: .*" halt --home "$home"
[ "$sum" = "$(cksum <"$home/map")" ] && [ ! -e "$home/request" ] && why= || why="the map was changed, or a command placed"
verdict t_P3_nothing_is_changed "$why"
# The stamp of another build: magic, length, time, pid and mode, then the build's name.
{ printf 'tickmap1'; head -c 24 /dev/zero; printf '00112233445566ff'; head -c 8000000 /dev/zero; } >"$home/map"
refused t_P3_other_build 3 "the appliance in $home is build 00112233445566ff and this is build [0-9a-f]*: use the program that was started there" \
	status --home "$home"
rm "$home/map"
mkdir "$home/map"
refused t_P3_folder 3 "$home/map is no regular file, so no map of an appliance: choose another --home" status --home "$home"
rmdir "$home/map"
mkfifo "$home/map"
refused t_P3_pipe 3 "$home/map is no regular file, so no map of an appliance: choose another --home" status --home "$home"
rm "$home/map"
ln -s "$work/nowhere" "$home/map"
refused t_P3_broken_link 3 "no appliance runs in $home .*" status --home "$home"
close
