# Two commands are all that a new machine needs: `make run` and `make test`.
PY := .venv/bin/python
.DEFAULT_GOAL := help
# Where it is set, each of very many processes would compile the whole program anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help setup setup-tests run test check quick types contract lint readable bench lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

setup: .venv/.complete ## install what is missing to run; leaves .venv/bin/dalaba
	@$(PY) -m compileall -q broadcaster webui

.venv/.complete: requirements.lock pyproject.toml packaging/setup.sh
	@bash packaging/setup.sh

setup-tests: .venv/.complete-tests ## the same, and what the tests need beside it

.venv/.complete-tests: .venv/.complete requirements-dev.lock packaging/setup-tests.sh
	@bash packaging/setup-tests.sh

run: setup ## start the station in this folder
	.venv/bin/dalaba run

PYTEST := $(PY) -m pytest -q --dist worksteal
test: setup-tests ## every test; first those that keep the processor busy, then those that listen as time passes
	$(PYTEST) -n 3 -m "not timed"
	$(PYTEST) -n 2 -m timed tests/e2e tests/outputs tests/playout

quick: setup-tests ## format, lint, types, import contract, and can every test be read?
	@$(MAKE) --no-print-directory -j 2 --output-sync types readable contract lint
types:
	.venv/bin/mypy
contract:
	.venv/bin/lint-imports
lint:
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
readable: # what Python makes of the tests is kept: those who run them need not do it again, all at the same time
	@told=$$($(PY) -m pytest -qq --collect-only) || { echo "$$told"; exit 1; }

check: quick ## what CI runs
	$(MAKE) test

bench: setup-tests ## print the figures of the documents, measured on this machine; SUBJECTS="starts idle" for some
	@bash packaging/setup-bench.sh
	$(PY) -m tests.bench $(SUBJECTS)

LOCK := .venv/bin/uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -q pyproject.toml
lock: ## resolve both lock files anew from pyproject.toml
	$(PY) -m pip install -q uv
	$(LOCK) --extra build -o requirements.lock
	$(LOCK) --extra build --extra dev -c requirements.lock -o requirements-dev.lock
	sed -i "s/ ; sys_platform == 'linux'//; s/ and sys_platform == 'linux'//" requirements.lock requirements-dev.lock

clean: ## remove what can be made again; never var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
