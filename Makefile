# Heddle: two commands matter, `make demo` and `make test`. `make help` lists all.

CARGO ?= cargo
HEDDLE := target/release/heddle

.PHONY: help setup build demo test soak bench lint fmt clean

help: ## What each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what a build needs and this machine lacks
	@tools/setup

build: setup ## Build the `heddle` binary (target/release/heddle)
	@$(CARGO) build --release --quiet -p heddle

demo: setup ## The main job: a network, packages, thousands of transactions, a report (KEEP=1 leaves it up)
	@$(CARGO) build --release -p heddle
	@$(HEDDLE) demo $(if $(KEEP),--keep)

test: setup ## All tests: unit, Move, real clients, crashes
	@tools/test

soak: setup ## Long runs: 200 crashes under load, conflict storms
	@$(CARGO) build --release -p heddle
	@HEDDLE_SOAK=1 $(CARGO) test --release -p heddle-tests --test soak -- --ignored --nocapture

bench: setup ## Benchmarks, each with a baseline in the same run
	@$(CARGO) bench --workspace --quiet

lint: setup ## Formatting and clippy, warnings are errors
	@$(CARGO) fmt --all --check
	@$(CARGO) clippy --release --workspace --all-targets --quiet -- -D warnings

fmt: ## Format all Rust code
	@$(CARGO) fmt --all

clean: ## Remove all build output
	@$(CARGO) clean
