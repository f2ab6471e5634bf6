#!/bin/sh
# The link of the product refuses whoever refers to an allocator, by name, and leaves no program behind (row O10, invariant 1). Works on a copy of the tree
# with the objects that are built already, so that only what is planted there is compiled.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/e2e/kit/shell.sh
[ -d build/gcc/obj/firmware ] || { skip t_O10_link "no build/gcc/obj here; make builds it"; close; }
deps=$(realpath "${DEPS:-build/deps}")
tree=$work/tree
mkdir -p "$tree/build/gcc" && cp -a Makefile config.h deps.lock firmware fsm hal strategies tools "$tree" && cp -a build/gen "$tree/build" &&
	cp -a build/gcc/obj "$tree/build/gcc" && : >"$tree/build/.toolchain" || { fail t_O10_link "the tree cannot be copied"; close; }
links() { env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL DEPS="$deps" make -C "$tree" build/gcc/tickwork >"$work/said" 2>&1; }

if links && [ -x "$tree/build/gcc/tickwork" ]; then pass t_O10_the_product_links; else fail t_O10_the_product_links "$(tail -n 3 "$work/said")"; close; fi

# plants FUNCTION CALL: the room of the disk gets a file that calls it, and nothing else changes.
plants() {
	printf '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <time.h>\nvoid *planted(void *old);\nvoid *planted(void *old) { return %s; }\n' "$2" >"$tree/hal/linux/planted.c"
	if links; then fail "t_O10_the_link_refuses_$1" "it links"
	elif [ -e "$tree/build/gcc/tickwork" ]; then fail "t_O10_the_link_refuses_$1" "the refused program is still there"
	elif grep -q "tickwork is not linked: hal/linux/planted.o refers to $1, " "$work/said"; then pass "t_O10_the_link_refuses_$1"
	else fail "t_O10_the_link_refuses_$1" "said: $(tail -n 3 "$work/said")"; fi
}
plants malloc 'malloc((size_t)(old != 0) + 1)'
plants calloc 'calloc(2, (size_t)(old != 0) + 1)'
plants realloc 'realloc(old, 3)'
plants free '(free(old), (void *)0)'
plants strdup 'strdup(old)'
plants fopen '(void *)fopen(old, "r")'
plants localtime '(void *)localtime(old)'
close
