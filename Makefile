# Everything a person types here. All paths are relative, so a folder with a space is fine.

PORT ?= 8000
ARGS ?=
# The tests run in so many processes, each with a database and a broker of its own; JOBS=0 runs them in one.
JOBS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1); [ "$$n" -gt 1 ] && { [ "$$n" -lt 4 ] && echo "$$n" || echo 4; } || echo 0)
PYTHON = $(shell command -v python3.11 || command -v python3)
RUN = .venv/bin/python
PIP = $(RUN) -m pip --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help up test check bench faults mutants lock browser

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

up: .venv/installed ## start the registry at http://127.0.0.1:8000 (PORT=8001, ARGS="--no-demo")
	@$(RUN) manage.py up --port $(PORT) $(ARGS)

test: .venv/installed-dev browser ## run the tests, with a real database, broker, worker, mail server and browser
	@$(RUN) -m pytest -n $(JOBS) --dist loadgroup --no-loadscope-reorder $(ARGS)

check: .venv/installed-dev ## everything that needs no running service: style, layers, types, templates, migrations, docs
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/lint-imports
	$(RUN) -m mypy
	@.ci/templates
	.venv/bin/deptry .
	SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') AIR_BASE_URL=https://registry.example EMAIL_URL=smtp://mail.example \
	  AIR_DATA_DIR=var/check DATABASE_URL= sh -c '$(RUN) manage.py makemigrations --check --dry-run && $(RUN) manage.py check --deploy --fail-level WARNING'
	$(RUN) -m pytest tests/test_docs.py tests/test_repository.py

bench: .venv/installed-dev ## measure against floors in the same run and print the ratios
	@$(RUN) -m tests.benchmarks $(ARGS)

faults: .venv/installed-dev ## kill real processes and see what is left
	@AIR_ALL_FAULTS=1 $(RUN) -m pytest -m faults $(ARGS)

mutants: .venv/installed-dev ## change the statistics in one place at a time and see that a test notices (ARGS="rates trends")
	@$(RUN) -m tests.mutation $(ARGS)

lock: .venv/bin/python ## write both lock files anew from pyproject.toml
	@$(RUN) -m venv var/lock && var/lock/bin/python -m pip --disable-pip-version-check install --quiet uv
	@var/lock/bin/uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate -o requirements.lock pyproject.toml
	@var/lock/bin/uv pip compile --quiet --generate-hashes --universal --no-header --no-annotate -o requirements-dev.lock --group dev pyproject.toml

# Installed again only when the lock changed. The lock is complete, so pip need not look for more, and what
# is imported is compiled when it first is: both make the first start faster.
.venv/installed: requirements.lock | .venv/bin/python
	@echo 'Installing the locked requirements into .venv; this takes a minute.'
	@$(PIP) install --quiet --no-deps --no-compile --require-hashes -r requirements.lock
	@touch $@

.venv/installed-dev: requirements-dev.lock | .venv/bin/python
	@echo 'Installing the locked requirements into .venv; this takes a minute.'
	@$(PIP) install --quiet --no-deps --no-compile --require-hashes -r requirements-dev.lock
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found."; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is $$("$(PYTHON)" -V)."; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing. Install python3-venv: sudo apt install python3-venv"; exit 1; }
	@"$(PYTHON)" -m venv .venv || { rm -rf .venv; exit 1; }

browser:
	@.ci/browser >/dev/null || \
	  { echo; echo "!!! No Chrome or Chromium was found: THE BROWSER TESTS WILL NOT RUN. Install one, or name it in AIR_CHROMIUM."; echo; }
