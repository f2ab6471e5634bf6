# count.sh - counts what test programs say. Sourced by run and refs; adds to passed, failed, skipped.

passed=0 failed=0 skipped=0

# count NAME LOG CODE: the last line of LOG that reads `N passed, N failed` (`, N skipped`) counts. A program that ended badly
# without saying so, or said nothing, counts as one failure.
count() {
	summary=$(grep -E '^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$' "$2" | tail -n 1)
	part_passed=0 part_failed=0 part_skipped=0
	if [ -n "$summary" ]; then
		set -- "$1" "$2" "$3" $summary
		part_passed=$4 part_failed=$6 part_skipped=${8:-0}
	fi
	why=
	if [ "$3" -ne 0 ] && [ "$part_failed" -eq 0 ]; then
		part_failed=1
		why=" (ended with code $3)"
		[ "$3" -eq 124 ] && why=' (took too long)'
	elif [ -z "$summary" ]; then
		part_failed=1
		why=' (did not say how many passed)'
	fi
	passed=$((passed + part_passed)) failed=$((failed + part_failed)) skipped=$((skipped + part_skipped))
	line="$part_passed passed, $part_failed failed"
	[ "$part_skipped" -gt 0 ] && line="$line, $part_skipped skipped"
	[ "$part_failed" -gt 0 ] && grep -v -E '^(ok |gcc |clang |asan )' "$2" | head -n 200 | sed 's/^/     /'
	[ "$part_failed" -eq 0 ] && grep -E '^ *skip' "$2" | head -n 20 | sed 's/^/     /'
	printf '%-5s%s: %s%s\n' "$([ "$part_failed" -eq 0 ] && echo ok || echo FAIL)" "$1" "$line" "$why"
}

# The closing line; successful when nothing failed.
count_close() {
	if [ $skipped -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
	[ $failed -eq 0 ]
}
