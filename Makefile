# SPDX-License-Identifier: Apache-2.0
# Names the commands of the project; what they do is in the scripts they call.
.DEFAULT_GOAL := help
.PHONY: help setup build demo test unit tidy lint format bench acceptance lab-up lab-down clean

help: ## list every target with its line
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS="$$(printf '\t')" read -r name text; do printf '  %-12s %s\n' "$$name" "$$text"; done

setup: ## install packages, the development tools and the lab's programs
	@scripts/setup
	@scripts/setup --dev
	@scripts/setup --lab

build: ## build the program, optimised: build/release/cli/deployctl
	@cmake --preset release
	@cmake --build --preset release

demo: ## set up all that is needed and run a good and a bad release on a real cluster
	@scripts/demo

test: setup ## set up and run every test, those on the lab's cluster included
	@tests/run

unit: ## build with sanitizers and run the unit tests
	@tests/run build-dev unit-dev

tidy: ## hold the tree against the rules of style
	@python3 tests/tidy/tidy_test.py
	@python3 tests/tidy/tidy.py

lint: ## run clang-tidy on the files changed since BASE (default: main)
	@tests/tidy/lint $(BASE)

format: ## lay out every C++ file
	@git ls-files --cached --others --exclude-standard '*.cpp' '*.hpp' | xargs -r .venv/bin/clang-format -i

bench: ## run the benchmarks; NAME=part-of-a-name for some, STRICT=1 to fail on a short figure
	@benchmarks/run $(NAME)

acceptance: build ## run the promises on the lab; NAME=part-of-a-name for some
	@tests/acceptance/run $(NAME)

lab-up: ## start the lab: a real Kubernetes on this machine
	@lab/lab up

lab-down: ## end all that lab-up began
	@lab/lab down

clean: ## remove what was built; the lab and its programs stay
	@rm -rf build out
