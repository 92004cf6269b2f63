# The verbs. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

CCACHE := $(shell command -v ccache 2>/dev/null)
# One cache for every checkout: paths below this folder are hashed relative to it.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export PATH := $(CURDIR)/build/node/bin:$(PATH)

GCC   := CC="$(strip $(CCACHE) gcc)" CXX="$(strip $(CCACHE) g++)"
CLANG := CC="$(strip $(CCACHE) clang-14)" CXX="$(strip $(CCACHE) clang++-14)"

.PHONY: help
help: ## list the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

# The configurations.

build/dev/build.ninja: ## (sanitizers: address, undefined; no recovery)
	$(GCC) meson setup build/dev -Doptimization=1 -Db_sanitize=address,undefined -Db_lundef=false -Dwerror=true

build/tsan/build.ninja:
	$(GCC) meson setup build/tsan -Doptimization=1 -Db_sanitize=thread -Db_lundef=false -Dwerror=true

build/clang/build.ninja:
	$(CLANG) meson setup build/clang -Doptimization=1 -Dwerror=true

build/release/build.ninja:
	$(GCC) meson setup build/release -Doptimization=2 -Db_lto=true -Dhardening=true -Dtests=false

.PHONY: dev tsan clang
dev: build/dev/build.ninja ## build with the sanitizers (build/dev)
	ninja -C build/dev
tsan: build/tsan/build.ninja ## build with the thread sanitizer (build/tsan)
	ninja -C build/tsan
clang: build/clang/build.ninja ## build with clang (build/clang)
	ninja -C build/clang

.PHONY: clean
clean: ## remove what was built
	rm -rf build ui/dist
