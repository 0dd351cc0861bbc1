# Two commands on a fresh machine: `make demo` and `make test`. Each sets itself up and can be run again.
# Needed: make and Python 3.11 or newer with venv (Debian, Ubuntu: apt-get install -y make python3-venv).

PYTHON ?= python3
CORPUS ?= $(wildcard ../shared/data/corpus)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --require-virtualenv
# `cpe`, which stix2-validator needs, is published as (pure Python) source only; all else needs no building.
LOCKED := --require-hashes --only-binary :all: --no-binary cpe --no-build-isolation --use-pep517
SAY := @printf '\033[1m%s\033[0m\n'

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DELETE_ON_ERROR:
.PHONY: help install demo kernels server browser test lint types floors bench lock vendor locales clean

help:
	@echo 'make install   a virtual environment with $(BIN)/chokepoint'
	@echo 'make demo      an atlas from real data, end to end (CORPUS=folder to choose the data)'
	@echo 'make test      style, types, floors and tests'
	@echo 'make lint      style alone'
	@echo 'make bench     what it costs, measured here'
	@echo 'make lock      new requirements/*.lock, with uv'
	@echo 'make vendor    the web desk'"'"'s libraries anew from npm packages by version and hash'
	@echo 'make locales   message catalogues with what pages say now, and what waits for a translator'
	@echo 'make clean     remove what make has made; atlases stay'

install: $(VENV)/.installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'chokepoint needs Python 3.11 or newer; `$(PYTHON)` is none. Mend: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'This Python cannot make virtual environments. Mend: apt-get install -y python3-venv' >&2; exit 1; }
	$(SAY) 'Making a virtual environment in $(VENV)'
	@$(PYTHON) -m venv --clear $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.build: requirements/build.lock | $(BIN)/python
	@$(PIP) --require-hashes --only-binary :all: -r requirements/build.lock
	@touch $@

$(VENV)/.run: requirements/run.lock $(VENV)/.build
	$(SAY) 'Installing what chokepoint needs, each file checked against requirements/run.lock'
	@$(PIP) $(LOCKED) -r requirements/run.lock
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.run
	$(SAY) 'Installing $(BIN)/chokepoint'
	@$(PIP) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.run
	$(SAY) 'Installing what the tests need, each file checked against requirements/dev.lock'
	@$(PIP) $(LOCKED) -r requirements/dev.lock
	@touch $@

# Choke points are computed by compiled kernels: the first run on a machine compiles them, which takes most of a
# minute. The demo lets that run beside it, and tests have it behind them before a browser waits for a page.
kernels: install
	$(SAY) 'Compiling the kernels of choke points, once'
	@$(BIN)/python -m chokepoint.choke.warm

demo: install
	@$(BIN)/python -m chokepoint.choke.warm & \
		$(BIN)/chokepoint demo $(if $(CORPUS),--corpus "$(CORPUS)"); told=$$?; wait; exit $$told

lint: install $(VENV)/.dev
	$(SAY) 'Style: ruff'
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . | tail -n 1; \
		echo 'Mend: $(BIN)/ruff format .'; exit 1; }

types: install $(VENV)/.dev
	$(SAY) 'Types: mypy, strict'
	@$(BIN)/mypy

floors: install $(VENV)/.dev
	$(SAY) 'Floors: import-linter'
	@$(BIN)/lint-imports

# The store is tested on PostgreSQL too: where it is absent and we may, it is installed; else those tests say
# that they were skipped (and fail where CI is set).
server:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && { \
			printf '\033[1m%s\033[0m\n' 'Installing PostgreSQL for the tests of the store'; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
				postgresql >/dev/null; }; } || \
		echo 'PostgreSQL is not installed: the tests of the store skip it. Mend: apt-get install -y postgresql' >&2

# Pages are tested in a real Chromium too: the same way.
browser:
	@command -v chromium >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && { \
			printf '\033[1m%s\033[0m\n' 'Installing Chromium for the tests of the web desk'; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
				chromium >/dev/null; }; } || \
		echo 'Chromium is not installed: the tests of pages in a browser are skipped. Mend: apt-get install -y chromium' >&2

test: lint types floors server browser kernels
	$(SAY) 'Tests: pytest on two processes'
	@$(BIN)/pytest -n 2

bench: install $(VENV)/.dev
	@for script in benchmarks/*.py; do \
		printf '\033[1m%s\033[0m\n' "$$script"; $(BIN)/python "$$script" || exit 1; done

lock:
	uv pip compile requirements/build.in -o requirements/build.lock $(LOCK)
	uv pip compile requirements/run.in -o requirements/run.lock $(LOCK)
	uv pip compile requirements/dev.in -o requirements/dev.lock $(LOCK)

LOCK := --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --quiet

locales: install $(VENV)/.dev
	@$(BIN)/python -m chokepoint.web.locales.update

clean:
	rm -rf $(VENV) build dist demo .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

vendor:
	$(SAY) 'Libraries of the web desk, from vendoring/package-lock.json'
	@cd vendoring && npm ci --silent && node build.mjs
