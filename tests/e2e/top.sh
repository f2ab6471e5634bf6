#!/bin/sh
# `tickwork top` (rows P3, O4): one screen of 80 columns of a running appliance, of one with a dead worker, and of one that is gone.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_P3_top
home=$work/home appliance=
leave() {
	[ -n "$appliance" ] && kill -KILL "$appliance" 2>/dev/null && wait "$appliance" 2>/dev/null
	clear_work
}
trap leave EXIT

mkdir "$home"
refused t_P3_top_of_nobody 3 "no appliance runs in $home .*" top --once --home "$home"
echo 'credits_always = 1' >"$home/tickwork.conf"
"$binary" run --layout appliance --home "$home" --speed 500000 --watchdog "$work/none" >"$work/run.log" 2>&1 </dev/null &
appliance=$!
# soon PATTERN: until `top --once` shows it, for half a minute at most.
soon() {
	tries=300
	until "$binary" top --once --home "$home" 2>/dev/null </dev/null | grep -q "$1"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

if soon 'market_decision_engine  *READY' && soon '^SYMBOL' && soon '^credits  *[0-9]* of 144'; then pass t_P3_top_shows_processes_positions_and_credits
else fail t_P3_top_shows_processes_positions_and_credits "$("$binary" top --once --home "$home" 2>&1 | head -n 12)"; fi
check t_P3_top_fits_eighty_columns 0 top --home "$home" && {
	if ! awk 'length($0) > 80 { exit 1 }' "$work/out"; then fail t_P3_top_fits_eighty_columns 'a wider line'
	elif grep -q "$(printf '\033')" "$work/out"; then fail t_P3_top_fits_eighty_columns 'escapes where there is no terminal'
	else pass t_P3_top_fits_eighty_columns; fi
}
check t_P3_top_as_json 0 top --json --home "$home" && {
	if [ -z "$python" ]; then skip t_P3_top_as_json 'no python3 here'
	elif "$python" -c 'import json,sys
d=json.load(open(sys.argv[1]))
assert len(d["memory"])==5 and all(0<m["resident_bytes"]<=m["mapped_bytes"]<=m["declared_bytes"] for m in d["memory"]), d["memory"]
assert 0<=float(d["credits"])<=144 and d["status"]["processes"] and d["account"]["known"], d' "$work/out" 2>"$work/err"; then pass t_P3_top_as_json
	else fail t_P3_top_as_json "$(tail -n 1 "$work/err")"; fi
}
# In a window of 80 by 24 every part has its place, positions too: the first frame, on a terminal of its own.
if [ -z "$python" ]; then skip t_P3_top_fits_a_window_of_24_rows 'no python3 here'
else
	soon '^[A-Z-]* .*[0-9]$'
	"$python" - "$binary" "$home" >"$work/frame" 2>"$work/err" <<'TERMINAL'
import fcntl, os, pty, re, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    os.execv(sys.argv[1], [sys.argv[1], "top", "--home", sys.argv[2]])
told = b""
try:
    while told.count(b"\033[J") < 2: told += os.read(fd, 65536)
except OSError: sys.exit(f"top has ended: {told.decode()[-300:]}")
os.write(fd, b"q")
assert os.waitpid(pid, 0)[1] == 0
frame = told.split(b"\033[H")[-1].split(b"\033[J")[0].decode()
lines = re.sub("\033\\[[0-9;?]*[A-Za-z]", "", frame).replace("\r", "").rstrip("\n").split("\n")
print("\n".join(lines))
assert len(lines) <= 24 and all(len(line) <= 80 for line in lines), (len(lines), max(map(len, lines)))
for part in "NAV ", "P&L ", "risk ", "credits ", "PROCESS ", "market_decision_engine ", "WORKER ", " ledger ", "SYMBOL ":
    assert any(line.startswith(part) or part[0] == " " and part in " " + line for line in lines), part
assert lines[-1] and not lines[-1].startswith("SYMBOL"), lines[-1]
TERMINAL
	verdict t_P3_top_fits_a_window_of_24_rows "$(tail -n 1 "$work/err")"
fi
if "$binary" log --home "$home" --last 1000000 2>/dev/null | tr -s ' \n' ' ' | grep -q 'no hardware watchdog at'; then pass t_P3_no_device_is_a_sentence
else fail t_P3_no_device_is_a_sentence "$(tail -n 3 "$work/run.log")"; fi

kill -KILL "$appliance"
wait "$appliance" 2>/dev/null
appliance=
if soon 'not running since' && soon '  gone '; then pass t_P3_top_of_the_dead
else fail t_P3_top_of_the_dead "$("$binary" top --once --home "$home" 2>&1 | head -n 12)"; fi
close
