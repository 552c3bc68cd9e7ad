# Heddle: two commands matter, `make demo` and `make test`. `make help` lists all.

# Every cargo command here works on the whole workspace, never on one crate
# (-p): which features a dependency is compiled with follows from what is
# selected, and another selection would compile RocksDB and Cranelift again.
CARGO ?= cargo
HEDDLE := target/release/heddle

.PHONY: help setup build demo test bless soak fuzz bench lint fmt clean

help: ## What each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what a build needs and this machine lacks
	@tools/setup

build: setup ## Build the `heddle` binary (target/release/heddle)
	@$(CARGO) build --release --workspace

demo: setup ## The main job: a network, packages, thousands of transactions, a report (KEEP=1 leaves it up)
	@$(CARGO) build --release --workspace
	@$(HEDDLE) demo $(if $(KEEP),--keep)

test: setup ## All tests: unit, Move, real clients, crashes
	@tools/test

bless: setup ## Rewrite the golden files after a change to the VM (tests/golden)
	@HEDDLE_BLESS=1 $(CARGO) test --release --workspace --test golden

soak: setup ## Long runs: crashes under load, then each fuzzer for an hour
	@$(CARGO) build --release --workspace
	@$(CARGO) test --release --workspace --test soak --test differential --test other_vm --test passes --test unverified -- --ignored --nocapture
	@tools/fuzz

fuzz: setup ## The fuzzers alone, an hour each (FUZZ_SECONDS=60 make fuzz for less)
	@tools/fuzz

bench: setup ## Benchmarks, each with a baseline in the same run
	@$(CARGO) bench --workspace --quiet

lint: setup ## Formatting and clippy, warnings are errors
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --release --workspace --all-targets --quiet -- -D warnings

fmt: ## Format all Rust code
	@$(CARGO) fmt --all

clean: ## Remove all build output
	@$(CARGO) clean
