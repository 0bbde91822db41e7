# The commands of netcare; bare `make` lists them. The work is done by tools/project.py, which needs Python alone.
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-long lint lock bench clean
MAKEFLAGS += --no-print-directory

PORT ?= 8000
PATIENTS ?= 0
# The first Python on this machine that will do; PYTHON=/path/to/python chooses another.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python; do \
	if $$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; \
	then echo $$name; exit; fi; done; echo python3)

# A recipe that `exec`s leaves one process to stop.
define run
@command -v $(PYTHON) >/dev/null 2>&1 || { echo "netcare needs Python 3.11, 3.12 or 3.13, and found none. Install it (on Debian: apt-get install python3 python3-venv), or name it: make $@ PYTHON=/path/to/python"; exit 1; }; \
exec $(PYTHON) tools/project.py
endef

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## make .venv and the database with the starter pathway and the demo patients; start nothing
	$(run) setup --patients $(PATIENTS)

demo: ## set up and serve; PORT=8123 chooses the port, PATIENTS=2000 adds invented patients
	$(run) demo --port $(PORT) --patients $(PATIENTS)

test: ## everything that is checked at every commit: lint, types, structure, tests on both databases, browser
	$(run) test

test-long: ## the same with the large samples
	$(run) test --long

lint: ## format and lint, types, structure; changes nothing
	$(run) lint

lock: ## compile requirements/*.txt, with hashes, from pyproject.toml
	$(run) lock

bench: ## measure one assessment and say how it was measured
	$(run) bench

clean: ## remove .venv and what the tools left; the data in var/ stays
	$(run) clean
