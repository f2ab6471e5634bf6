#!/bin/sh
# The desk is killed until it is held down: the rescue cancels, halts and flattens in its place, and the released desk comes back halted with
# books equal to the venue's; beside it, the same without a journal that can be read (rows R9, P3, X1). About a minute, for the backoff between eleven deaths. TICKWORK and VENUE name the binaries.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
need_binary t_R9_rescue
venue=$(realpath "${VENUE:-build/venue}" 2>/dev/null) || venue=
[ -n "$venue" ] && [ -x "$venue" ] || { skip t_R9_rescue "no build/venue here; make builds it"; close; }
[ -n "$python" ] || { skip t_R9_rescue "no python3 here to talk to the venue with"; close; }
mkdir "$work/journal" "$work/alone"
"$python" "$kit/rescue.py" "$binary" "$venue" "$work/alone" alone >"$work/alone.said" 2>&1 &
"$python" "$kit/rescue.py" "$binary" "$venue" "$work/journal" journal >"$work/journal.said" 2>&1
wait $!
judged "$work/journal.said"
judged "$work/alone.said"
[ "$passed" -gt 0 ] || fail t_R9_rescue "$(tail -n 3 "$work/journal.said")"
close
