#!/bin/sh
# tools/new in a scratch copy of the tree: what it makes compiles under the house's warnings, its test and the tests of every strategy pass,
# and the desk and the analyst take it without another line. By hand with the compiler of the machine, for speed.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
CC=${CC:-cc}
command -v "$CC" >/dev/null || { skip t_S1_new_strategy "no C compiler"; close; }

mkdir "$work/tree" && cp -r config.h fsm strategies firmware hal tests tools "$work/tree" && cd "$work/tree" || exit 1
flags='-std=c11 -O1 -Wall -Wextra -Wpedantic -Wconversion -Wswitch-enum -Werror -D_GNU_SOURCE -march=x86-64-v3 -ffp-contract=off -I.'

if tools/new strategy above_average >"$work/out" 2>"$work/err"; then pass t_S1_new_strategy_is_made
else fail t_S1_new_strategy_is_made "$(cat "$work/err")"; close; fi
lines=$(wc -l < strategies/signals/above_average.c)
[ "$lines" -le 60 ] && pass t_S1_new_strategy_is_short || fail t_S1_new_strategy_is_short "$lines lines"

made="strategies/signals/*.c strategies/factors/*.c strategies/portfolios/*.c fsm/bug.c tests/kit/test.c $work/cells.c"
# No machine is stepped here, so none of its cells is counted.
printf '#include "tests/kit/cells.h"\nvoid cells_begin(void) {}\nbool cells_write(const char *path) { return path != 0; }\n' >"$work/cells.c"
# shellcheck disable=SC2086
if $CC $flags $made tests/unit/strategies/signals/above_average_test.c tests/unit/strategies/signals/signal_test.c -lm -o "$work/test" 2>"$work/err"; then
	pass t_S1_new_strategy_compiles
	"$work/test" above_average >"$work/out" 2>&1 && pass t_S1_new_strategy_passes_its_test || fail t_S1_new_strategy_passes_its_test "$(tail -n 3 "$work/out")"
	"$work/test" t_S1_every >"$work/out" 2>&1 && pass t_S1_new_strategy_is_whole || fail t_S1_new_strategy_is_whole "$(tail -n 3 "$work/out")"
else fail t_S1_new_strategy_compiles "$(head -n 3 "$work/err")"; fi
for file in fsm/settings.c fsm/desk/shares.c fsm/desk/ticket.c fsm/desk/desk.c firmware/workers/analyst.c; do
	# shellcheck disable=SC2086
	if $CC $flags -c "$file" -o "$work/one.o" 2>"$work/err"; then pass "t_S1_new_strategy_$(basename "$file" .c)"
	else fail "t_S1_new_strategy_$(basename "$file" .c)" "$(head -n 3 "$work/err")"; fi
done

# --- a second one, and bad names ----------------------------------------------------------------------------------
tools/new strategy second_one >/dev/null 2>"$work/err" && grep -q 'X(second_one)$' strategies/signals/signal.h && pass t_S1_new_strategy_twice ||
	fail t_S1_new_strategy_twice "$(cat "$work/err")"
cksum config.h strategies/signals/signal.h >"$work/before"
for bad in above_average momentum 9lives Upper 'a b' a/b '' a_name_longer_than_24_characters; do
	tools/new strategy "$bad" >/dev/null 2>"$work/err"
	code=$?
	[ "$code" -eq 2 ] && grep -q '^tools/new: ' "$work/err" && pass "t_S1_new_strategy_refuses_\"$bad\"" ||
		fail "t_S1_new_strategy_refuses_\"$bad\"" "code $code: $(cat "$work/err")"
done
tools/new stategy x 2>/dev/null && fail t_S1_new_strategy_unknown_kind || pass t_S1_new_strategy_unknown_kind
cksum config.h strategies/signals/signal.h | cmp -s - "$work/before" && pass t_S1_new_strategy_refusals_change_nothing ||
	fail t_S1_new_strategy_refusals_change_nothing
close
