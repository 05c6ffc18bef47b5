# Everything is done through .venv, which the first target that needs it makes. No target reads
# standard input, and nothing is installed outside this folder.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:

# Any Python from 3.11 on; name another one with `make PYTHON=/path/to/python3 test`.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo "$$python"; break; }; done)

BIN := .venv/bin
INSTALLED := .venv/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
PYTEST_OPTIONS ?= -n auto
FUZZ_SECONDS ?= 600

.PHONY: help .venv demo test generative fuzz images mutations bench corpora accuracy conformance wording check output reference lock clean

help: ## Show this list
	@sed -n 's/^\([a-z.]*\):[^#]*## \(.*\)$$/\1|\2/p' Makefile \
	| while IFS='|' read -r target what; do printf '  make %-10s %s\n' "$$target" "$$what"; done

.venv: $(INSTALLED) ## Make .venv with the locked tools (any python3 from 3.11 on, or PYTHON=…)

# A .venv that works is kept and brought up to date, whatever PYTHON is; `make clean` removes it.
# The stamp goes first: what was interrupted half-way is done again.
$(INSTALLED): pyproject.toml requirements.lock
	@rm -f $@
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
	test -n "$(PYTHON)" || { \
		echo "No Python from 3.11 on was found; name one with PYTHON=…" >&2; exit 1; }; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "$(PYTHON) is no Python from 3.11 on; name one with PYTHON=…" >&2; exit 1; }; \
	"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) has no venv (on Debian and Ubuntu: the package python3-venv)." >&2; \
		exit 1; }; \
	echo "making .venv with $$("$(PYTHON)" --version)"; \
	"$(PYTHON)" -m venv --clear .venv; }
	$(PIP) install -r requirements.lock
	$(PIP) install --no-build-isolation --no-deps --editable .
	$(BIN)/python -m compileall -q consolidate # as pip does for what it does not install in place
	@touch $@

demo: $(INSTALLED) ## Consolidate the sample into .work/demo and prove it; output/ is not touched
	@mkdir -p .work
	$(BIN)/consolidate run --output .work/demo

test: $(INSTALLED) ## Run the tests (PYTEST_OPTIONS='-n 0 -k word' runs some of them)
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

generative: $(INSTALLED) ## Try random histories on all witnesses, and print what they were made of
	$(BIN)/python -m pytest -n 0 -s tests/generative

fuzz: $(INSTALLED) ## Try nearly valid SQL on the splitter and the effects for a while (FUZZ_SECONDS=600)
	$(BIN)/python -m tests.fuzz $(FUZZ_SECONDS) $(FUZZ_SEED)

images: ## Build the images of the container tests, those that are missing (needs Docker, mmdebstrap)
	@tests/images/build

# migra needs libraries that our lock has in other versions, so it has a place of its own.
mutations: $(INSTALLED) .work/migra/.installed ## Show which witness sees which of many single differences, migra beside ours (SERVERS='local://15 …')
	$(BIN)/python -m tests.mutations $(SERVERS)

.work/migra/.installed: Makefile
	@mkdir -p .work
	$(BIN)/python -m venv --clear .work/migra
	.work/migra/bin/python -m pip --disable-pip-version-check --no-input --quiet install \
		migra==3.0.1663481299 psycopg2-binary 'setuptools<81' 'sqlalchemy<2'
	@touch $@

# Folders that are there are goals without a rule, so make has nothing to do for them.
corpora: $(INSTALLED) ## Consolidate any number of folders (make corpora PATH… OPTIONS='…') into a table
	$(BIN)/python -m bench.corpora $(filter-out corpora,$(MAKECMDGOALS)) $(OPTIONS)

accuracy: $(INSTALLED) ## Hold the static model against a server that replays the history (PATHS='folder …'; else ours)
	$(BIN)/python -m bench.accuracy $(PATHS)

conformance: $(INSTALLED) ## Try what other tools once got wrong: ours is to be proven, and their output told
	$(BIN)/python -m tests.conformance

wording: $(INSTALLED) ## Show in whose words a history is written, and how many statements it takes (PATHS='folder …'; else ours)
	$(BIN)/python -m bench.wording $(PATHS)

bench: $(INSTALLED) ## Judge the speed, show how the program starts, how servers boot (SERVERS='local://15 …') and how time grows with rows and files (SIZES='250 500')
	$(BIN)/python -m bench.start
	$(BIN)/python -m bench.audit
	$(BIN)/python -m bench.boot $(SERVERS)
	$(BIN)/python -m bench.plans
	$(BIN)/python -m bench.rows
	$(BIN)/python -m bench.large
	$(BIN)/python -m bench.curve $(SIZES)
	$(BIN)/python -m bench.witnesses
	$(BIN)/python -m bench.floor

# Every check runs, so that one run tells everything that is wrong.
check: $(INSTALLED) ## Lint, check types, import layers and documents
	@failed=; \
	run() { echo "$$*"; "$$@" || failed="$$failed $$1"; }; \
	run $(BIN)/ruff check --quiet .; \
	run $(BIN)/ruff format --check --quiet .; \
	run $(BIN)/mypy; \
	run $(BIN)/lint-imports --no-logo; \
	run $(BIN)/pytest --quiet -m "not pg" tests/docs tests/repository; \
	test -z "$$failed" || { echo "make check: failed in$$failed" >&2; exit 1; }

output: $(INSTALLED) ## Render and prove the committed output/ again
	$(BIN)/consolidate run

reference: $(INSTALLED) ## Write the help of every command into the reference again
	$(BIN)/python -m tests.docs.reference

# uv is the one resolver that writes markers for all Pythons at once; it stays out of .venv.
lock: $(INSTALLED) ## Resolve requirements.lock anew
	@mkdir -p .work
	$(BIN)/python -m venv --clear .work/lock
	.work/lock/bin/python -m pip --disable-pip-version-check --quiet install uv
	@echo '# What `make .venv` installs, for Python 3.11 to 3.14. Written by `make lock`; do not edit.' \
	> .work/requirements.lock
	.work/lock/bin/uv pip compile pyproject.toml --group dev --group build --universal --upgrade \
		--python-version 3.11 --fork-strategy fewest --no-emit-index-url --no-annotate \
		--no-header --quiet >> .work/requirements.lock
	mv .work/requirements.lock requirements.lock

clean: ## Remove .venv, caches and what was built
	rm -rf .venv .work output.unproven dist .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	find bench consolidate tests -name __pycache__ -type d -prune -exec rm -rf {} +
