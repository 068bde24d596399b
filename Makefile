# Two commands are all that a new machine needs: `make run` and `make test`.
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup run test check quick bench lock clean

help: ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/'

setup: .venv/.complete ## install what is missing; leaves .venv/bin/dalaba

.venv/.complete: requirements.lock pyproject.toml packaging/setup.sh
	@bash packaging/setup.sh

run: setup ## start the station in this folder
	.venv/bin/dalaba run

test: setup ## every test, real parts included
	$(PY) -m pytest -q

quick: setup ## format, lint, types, import contract
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check: quick ## what CI runs
	$(MAKE) test

bench: setup ## print the figures of the documents, measured on this machine
	$(PY) -m tests.bench

lock: ## resolve requirements.lock anew from pyproject.toml
	$(PY) -m pip install -q uv
	.venv/bin/uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header -q \
	  --extra dev pyproject.toml -o requirements.lock
	sed -i "s/ ; sys_platform == 'linux'//; s/ and sys_platform == 'linux'//" requirements.lock

clean: ## remove what can be made again; never var/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build dist
