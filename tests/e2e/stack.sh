#!/bin/sh
# tools/lint/stack on small programs that do what it must refuse, and on one that does not. From the root of the tree. The last line counts.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
command -v gcc >/dev/null && command -v objdump >/dev/null || { skip t_O10_stack "gcc and objdump are not here"; close; }

# The program that is _start, which calls f: source on standard input, rows of its allow file as the argument.
look() {
	{ echo 'void f(int n, void (*to)(int)); int sink[64]; void g(int n); void h(int n);'; cat
		echo 'void _start(void) { f(sink[0], 0); for (;;) {} }'; } >"$work/program.c"
	printf 'entry _start\n%b' "$1" >"$work/allow"
	gcc -O1 -fno-pie -no-pie -fno-optimize-sibling-calls -fno-inline -fno-stack-protector -ffunction-sections -nostdlib -static -Wl,--cref,-Map="$work/map" \
		-o "$work/program" "$work/program.c" 2>"$work/gcc" || cat "$work/gcc"
	tools/lint/stack "$work/program" "$work/map" "$work/allow" >"$work/said" 2>&1
}
refuses() {
	if look "$3"; then fail "$1" "accepted"; elif grep -q "$2" "$work/said"; then pass "$1"; else fail "$1" "$(head -c 300 "$work/said")"; fi
}

if look '' <<'C'; then pass t_O10_a_plain_program_is_accepted; else fail t_O10_a_plain_program_is_accepted "$(cat "$work/said")"; fi
void g(int n) { volatile char room[1000]; room[n] = 1; }
void f(int n, void (*to)(int)) { volatile char room[2000]; room[n] = 1; g(n); (void)to; }
C
bytes=$(awk '$2 == "bytes" { print $1 }' "$work/said")
if [ "${bytes:-0}" -ge 3000 ] && [ "$bytes" -le 3400 ]; then pass t_O10_frames_on_the_way_add_up; else fail t_O10_frames_on_the_way_add_up "${bytes:-0} bytes"; fi
refuses t_O10_recursion_is_refused '^recursion: .*f -> .*g -> .*f$' '' <<'C'
void g(int n) { sink[n]++; f(n - 1, 0); sink[n]++; }
void f(int n, void (*to)(int)) { (void)to; if (n) g(n); sink[n]++; }
C
refuses t_O10_a_variable_array_is_refused '^variable stack: .*:f ' '' <<'C'
void f(int n, void (*to)(int)) { volatile char room[n]; room[n / 2] = 1; (void)to; }
C
refuses t_O10_a_pointer_without_a_row_is_refused 'pointer without a row' '' <<'C'
void f(int n, void (*to)(int)) { to(n); sink[n]++; }
C
refuses t_O10_recursion_through_a_pointer_is_refused '^recursion: ' 'call *:f *:h\n' <<'C'
void h(int n) { f(n, 0); sink[n]++; }
void (*volatile pointer)(int) = h;
void f(int n, void (*to)(int)) { (void)to; pointer(n); sink[n]++; }
C
refuses t_O10_a_path_beyond_the_room_is_refused 'beyond the [0-9]* KiB' '' <<'C'
void g(int n) { volatile char room[100000]; room[n] = 1; }
void f(int n, void (*to)(int)) { volatile char room[100000]; room[n] = 1; g(n); (void)to; }
C
refuses t_O10_a_row_that_nothing_needs_is_refused '^nothing needs: call' 'call nothing.o:none -\n' <<'C'
void f(int n, void (*to)(int)) { sink[n]++; (void)to; }
C
close
