# The verbs. `make` alone lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL: # Ninja and the test runner know better what may run side by side

# The Node that `make setup` took where the system's is too old.
export PATH := $(CURDIR)/tools/node/bin:$(PATH)

# One compiler cache for every checkout: paths below this folder are hashed relative to it.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
CCACHE := $(shell command -v ccache 2>/dev/null)
GCC    := CC="$(strip $(CCACHE) gcc)" CXX="$(strip $(CCACHE) g++)"
CLANG  := CC="$(strip $(CCACHE) clang-14)" CXX="$(strip $(CCACHE) clang++-14)"

.PHONY: help
help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

.PHONY: setup
setup: ## install what is missing (Debian packages, Node, npm packages, servers for tests, git hook)
	@tools/setup/setup --tests

.PHONY: needed
needed: # without the servers for tests
	@tools/setup/setup

.PHONY: run
run: build ## serve ./data (the demo company, if it is empty) on http://127.0.0.1:8080
	@build/cham demo --data ./data --if-empty
	@exec build/cham serve --data ./data

.PHONY: build
build: needed build/cham ## the release program, build/cham

.PHONY: test
test: setup ## every test; ends with the counts. make test ONLY=unit,tidy SKIP=e2e
	@python3 tools/test/run.py $(if $(ONLY),--only $(ONLY)) $(if $(SKIP),--skip $(SKIP))

.PHONY: test-large
test-large: setup ## the tests of the large set-up alone: PostgreSQL and ClickHouse
	@python3 tools/test/run.py --large $(if $(SKIP),--skip $(SKIP))

.PHONY: tidy
tidy: ## check the rules of the house
	@python3 tools/tidy/tidy.py

.PHONY: format
format: ## format the C and C++ sources
	@git ls-files -co --exclude-standard '*.c' '*.h' '*.cpp' | xargs -r clang-format-14 -i

.PHONY: bench
bench: build ## measure: beside ClickHouse and DuckDB, sizes, delays, collecting (bench/README.md)
	@tools/setup/setup bench
	@cd bench && CHAM=$(CURDIR)/build/cham npm start --silent

.PHONY: fuzz
fuzz: build/fuzz/build.ninja ## feed each fuzz target for FUZZ_SECONDS (60); make fuzz TARGET="json time"
	@ninja -C build/fuzz $(foreach target,$(TARGET),test/fuzz/fuzz_$(target))
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-60} python3 tools/fuzz/fuzz.py $(TARGET)

.PHONY: dev tsan clang
dev: build/dev/build.ninja ## build with the address and undefined behaviour sanitizers (build/dev)
	@ninja -C build/dev
tsan: build/tsan/build.ninja ## build with the thread sanitizer (build/tsan)
	@ninja -C build/tsan
clang: build/clang/build.ninja ## build with clang (build/clang)
	@ninja -C build/clang

.PHONY: clean
clean: ## remove what was built; what was installed and ./data stay
	rm -rf build ui/dist

# The configurations. Warnings are errors except in the release: a newer compiler than ours must
# not keep anybody from building it.

# Meson notices a changed list by itself, but not a list that is new, nor that the English words were installed.
LISTS := $(wildcard src/*/meson.build test/*/meson.build test/unit/*/meson.build bench/meson.build src/cham.c \
  tools/lexicon/node_modules/.installed)
CONFIGURE = meson setup $$(test -e $@ && echo --reconfigure) $(@D)

build/dev/build.ninja: $(LISTS)
	@$(GCC) $(CONFIGURE) -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=true

build/tsan/build.ninja: $(LISTS)
	@$(GCC) $(CONFIGURE) -Doptimization=1 -Db_sanitize=thread -Db_lundef=false -Dwerror=true -Dpages=none

build/clang/build.ninja: $(LISTS)
	@$(CLANG) $(CONFIGURE) -Doptimization=1 -Dwerror=true -Dpages=none

build/fuzz/build.ninja: $(LISTS)
	@$(CLANG) $(CONFIGURE) -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dtests=false -Dfuzz=true -Dpages=none

# Without the cache: the same sources give the same program, whatever was compiled on the machine before.
build/release/build.ninja: $(LISTS)
	@CC=gcc CXX=g++ $(CONFIGURE) -Doptimization=2 -Db_lto=true -Dhardening=true -Dtests=false -Dpages=required -Denglish=required

# The pages, built again when a source of theirs changed.
UI_SOURCES := $(shell find ui locales \( -name node_modules -o -path ui/dist \) -prune -o -type f -print 2>/dev/null)

.PHONY: ui
ui: ui/dist/index.html
ui/dist/index.html: $(UI_SOURCES)
	@tools/setup/setup
	@cd ui && npm run --silent build
	@touch $@

# The release program, small; what a debugger needs lies beside it.
.PHONY: release
release: build/release/build.ninja ui/dist/index.html
	@ninja -C build/release --quiet cham | { grep -v "no work to do" || true; }
build/cham: release
	@if ! cmp -s build/release/cham build/release/cham.copied; then \
	    objcopy --only-keep-debug build/release/cham build/cham.debug && \
	    objcopy --strip-all --add-gnu-debuglink=build/cham.debug build/release/cham build/cham && \
	    cp build/release/cham build/release/cham.copied; \
	fi

.PHONY: deb
deb: build ## the Debian package build/cham_VERSION_ARCHITECTURE.deb: program, pages, units, configuration
	@tools/deb/deb
