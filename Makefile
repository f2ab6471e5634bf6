# Makefile - `make help` lists the targets. Sources are found by wildcard: a new file needs no edit here.
#
#   build/tickwork          the product: gcc, musl, static, stripped (build/tickwork.debug keeps the symbols)
#   build/<program>         tools/<program>/main.c with the other files of its folder, linked like the product
#   build/<variant>/test    the unit tests: gcc and clang with musl (the same bits), asan (clang, glibc, address and undefined)
#
# DEPS=DIR shares one folder of built dependencies between checkouts. DATA=DIR names the bars for `make run`.

DEPS    ?= build/deps
JOBS    ?= $(shell nproc)
CLANG   ?= clang-14
PYTHON  ?= python3
PARALLEL := $(if $(filter -j% -%j,$(MAKEFLAGS)),,-j$(JOBS))
# Whoever talks to a person does so at once; what only builds speaks one target at a time.
TALKING := $(filter test test-long test-refs coverage lint run bench fsm sim sim-swarm mutants audit,$(MAKECMDGOALS))
MAKEFLAGS += --no-builtin-rules $(PARALLEL) $(if $(TALKING),,--output-sync=target)
.SUFFIXES:
.DELETE_ON_ERROR:
export DEPS DEPS_DIR CLANG PYTHON DATA

# --- what there is ------------------------------------------------------------------------------------------------
ROOMS    := $(wildcard fsm strategies hal firmware)
MAIN     := $(wildcard firmware/main.c)
CORE     := $(filter-out $(MAIN),$(sort $(shell find $(ROOMS) -name '*.c')))
PROGRAMS := $(patsubst tools/%/main.c,%,$(wildcard tools/*/main.c))
TESTS    := $(sort $(shell find tests/kit tests/unit tests/fsm tests/sim -name '*.c' 2>/dev/null))
PRODUCT  := $(sort $(shell find $(ROOMS) $(wildcard config.h) -name '*.[ch]')) deps.lock Makefile
SOURCES  := $(MAIN) $(CORE) $(TESTS) $(foreach program,$(PROGRAMS),$(wildcard tools/$(program)/*.c))

# --- dependencies -------------------------------------------------------------------------------------------------
# One folder for each state of the pins and of the recipe, so that checkouts of different age can share DEPS.
RECIPE := deps.lock $(sort $(wildcard tools/deps/build tools/deps/*.h tools/deps/patches/*))
D      := $(DEPS)/$(shell cat $(RECIPE) | sha256sum | cut -c1-12)
LIBS   := $(D)/bearssl.ok $(D)/libev.ok $(D)/sqlite3.ok

# --- flags --------------------------------------------------------------------------------------------------------
WARN   := -Wall -Wextra -Wpedantic -Wconversion -Wswitch-enum -Werror
COMMON := -std=c11 $(WARN) -D_GNU_SOURCE -I. -Ibuild/gen -isystem $(D)/include -march=x86-64-v3 -ffp-contract=off -g -ffile-prefix-map=$(CURDIR)=. -ffile-prefix-map=$(D)=deps -MMD -MP
STATIC := -O2 -fno-pie -fstack-protector-strong -ffunction-sections -fdata-sections -nostdinc -isystem $(D)/musl/include
ARCHIVES := $(D)/lib/libbearssl.a $(D)/lib/libev.a $(D)/lib/libsqlite3.a
MUSL   := $(D)/musl/lib
HARDEN := -Wl,--gc-sections,-z,relro,-z,now,-z,noexecstack,--build-id=sha1

# snprintf is used because it cuts; gcc may not call that a mistake.
CFLAGS_gcc   := $(COMMON) $(STATIC) -isystem $(shell gcc -print-file-name=include 2>/dev/null) -Wno-format-truncation
CFLAGS_clang := $(COMMON) $(STATIC) -isystem $(shell $(CLANG) -print-resource-dir 2>/dev/null)/include
CFLAGS_asan  := $(COMMON) -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

# Branches as they are written: no optimiser that folds them; the host's libc, as gcov's runtime wants.
CFLAGS_cover := $(COMMON) -O0 --coverage -fprofile-abs-path -Wno-format-truncation

COMPILE_gcc   = gcc $(CFLAGS_gcc)
COMPILE_clang = $(CLANG) $(CFLAGS_clang)
COMPILE_asan  = $(CLANG) $(CFLAGS_asan)
COMPILE_cover = gcc $(CFLAGS_cover)

STATIC_LINK = -static -nostdlib $(HARDEN) $(MUSL)/crt1.o $(MUSL)/crti.o $(filter %.o,$^) \
	-Wl,--start-group $(ARCHIVES) $(MUSL)/libc.a $(shell gcc -print-libgcc-file-name 2>/dev/null) -Wl,--end-group $(MUSL)/crtn.o -o $@
LINK_gcc   = gcc -no-pie $(STATIC_LINK) -Wl,--cref,-Map=$@.map
LINK_clang = $(CLANG) -fuse-ld=lld $(STATIC_LINK)
# The product's link itself fails where anything refers to an allocator, and names who: the refused file is deleted again.
GATE_gcc   = @tools/lint/malloc $@.map
LINK_asan  = $(CLANG) -no-pie -fsanitize=address,undefined $(filter %.o,$^) $(ARCHIVES) -lm -o $@
LINK_cover = gcc -no-pie --coverage $(filter %.o,$^) $(ARCHIVES) -lm -o $@

# --- targets ------------------------------------------------------------------------------------------------------
.PHONY: all deps all-variants test test-long test-refs coverage lint tidy run bench sim sim-swarm mutants audit fsm clean distclean help
all: $(if $(MAIN),build/tickwork) $(PROGRAMS:%=build/%)         ## build the product and its tools (the default)
deps: $(LIBS)                                                   ## fetch, check and build the pinned dependencies
all-variants: all build/gcc/test build/clang/test build/asan/test  ## build everything the tests need

test: ; @tools/test/run                                         ## everything that must hold; ends in `N passed, N failed`
test-long: ; @tools/test/long                                      ## the same with the big counts, and two builds compared
test-refs: ; @tools/test/refs                                   ## the independent Python references, in build/refs
coverage: ; @tools/coverage/run                                   ## branches that the unit tests take, room by room: tests/coverage.txt
lint: ; @tools/lint/run                                         ## layers, symbols, warnings, clang-tidy, formatting
tidy: $(SOURCES:%.c=build/lint/%.tidy)                          ## clang-tidy alone, only what changed

run: all ; @tools/run                                           ## trade on paper at a venue on loopback; DATA=DIR names the bars
bench: all ; @tools/bench/libraries; build/bench                ## figures against their stated references
sim: all ; @build/tickwork sim $(if $(SEED),--seed $(SEED))      ## the whole appliance on virtual time with faults; SEED=n
sim-swarm: all ; @tools/sim/swarm $(or $(MINUTES),1)            ## seeds on every core for MINUTES=n; a failing one is made smaller
mutants: ; @tools/sim/mutants                                   ## plants bugs one by one: in how many seeds does each show
audit: all ; @build/tickwork audit && build/tickwork audit --rights && tools/lint/malloc && tools/lint/stack  ## memory, rights, symbols and stacks, as built
fsm: all ; @build/tickwork fsm                                  ## draw every state machine from the running tables

clean: ; rm -rf $(filter-out build/deps,$(wildcard build/*))    ## remove what was built, keep the dependencies
distclean: ; rm -rf build                                       ## remove the dependencies too
help:                                                           ## this list
	@awk -F' *## ' '/^[a-z-]+:.*## / { split($$1, name, ":"); printf "  make %-14s %s\n", name[1], $$2 }' Makefile

# --- rules --------------------------------------------------------------------------------------------------------
$(D)/musl.ok: | build/.toolchain
	@mkdir -p $(D); flock $(D)/musl.lock sh -c '[ -f $@ ] || { echo "deps: musl"; tools/deps/build musl $(D) && touch $@; }'
$(LIBS): $(D)/%.ok: | $(D)/musl.ok
	@flock $(D)/$*.lock sh -c '[ -f $@ ] || { echo "deps: $*"; tools/deps/build $* $(D) && touch $@; }'
build/.toolchain:
	@mkdir -p build; tools/deps/check-machine && touch $@

build/gen/build_id.h: $(shell tools/build-id -n build/gen/build_id.h $(PRODUCT) $(RECIPE))
	@tools/build-id $@ $(PRODUCT) $(RECIPE)
FORCE:

define variant
build/$(1)/obj/%.o: %.c Makefile | $$(LIBS) build/gen/build_id.h
	@mkdir -p $$(@D)
	$$(if $$(V),,@echo "$(1) $$<";) $$(COMPILE_$(1)) -c $$< -o $$@
build/$(1)/obj/tests/%.o: CFLAGS_$(1) += -include tests/kit/by_hand.h
build/$(1)/test: $$(CORE:%.c=build/$(1)/obj/%.o) $$(TESTS:%.c=build/$(1)/obj/%.o) $$(LIBS)
	$$(if $$(V),,@echo "$(1) test";) $$(LINK_$(1)) -Wl,--wrap=machine_step
build/$(1)/tickwork: tools/lint/malloc tools/lint/malloc.allow $$(CORE:%.c=build/$(1)/obj/%.o) $$(MAIN:%.c=build/$(1)/obj/%.o) $$(LIBS)
	$$(if $$(V),,@echo "$(1) tickwork";) $$(LINK_$(1))
	$$(GATE_$(1))
-include $$(SOURCES:%.c=build/$(1)/obj/%.d)
endef
$(foreach name,gcc clang asan cover,$(eval $(call variant,$(name))))

define program
build/gcc/$(1): $$(CORE:%.c=build/gcc/obj/%.o) $$(patsubst %.c,build/gcc/obj/%.o,$$(wildcard tools/$(1)/*.c)) $$(LIBS)
	$$(if $$(V),,@echo "gcc $(1)";) $$(LINK_gcc)
endef
$(foreach name,$(PROGRAMS),$(eval $(call program,$(name))))

# The product with an intruder inside, for tests/e2e/rights.sh and progress.sh: its own objects, and two functions of theirs wrapped.
build/gcc/attack: $(CORE:%.c=build/gcc/obj/%.o) $(MAIN:%.c=build/gcc/obj/%.o) build/gcc/obj/tests/e2e/kit/attack.o $(LIBS)
	@$(LINK_gcc) -Wl,--wrap=pump_settle,--wrap=pump_commit_all
-include build/gcc/obj/tests/e2e/kit/attack.d

$(PROGRAMS:%=build/%) build/tickwork: build/%: build/gcc/%
	@cp $< $@.debug && objcopy --strip-all $< $@

build/lint/%.tidy: %.c .clang-tidy tests/.clang-tidy build/clang/obj/%.o
	@mkdir -p $(@D)
	@clang-tidy-14 --quiet $< -- $(filter-out -MMD -MP,$(CFLAGS_clang)) > $@.log 2>&1 || { grep -E ': (error|warning):' $@.log || cat $@.log; exit 1; }
	@touch $@
