# make demo    show the main job on an invented mailbox
# make test    lint, types, import layers and the whole test suite
# make bench   the figures in benchmarks/
# make learn   learn the weights of reading again from benchmarks/corpus (needs the extra "bench")
# make lint    everything of `make test` but the tests
# make clean   remove what the others made

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: demo test lint bench learn clean dovecot

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	command -v $$python >/dev/null && $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { echo $$python; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet
PYTEST ?= -n 2 --dist worksteal
COVERAGE_FLOOR ?= 95

demo: $(VENV)/.demo-installed
	@$(BIN)/followup-mail demo

test: $(VENV)/.dev-installed dovecot lint
	$(BIN)/python -m pytest $(PYTEST) --cov --cov-report=term --cov-fail-under=$(COVERAGE_FLOOR)

lint: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports

# What reads as much as ours does is measured beside it, where it can be installed (Debian: libkpimitinerary-bin).
bench: $(VENV)/.dev-installed
	@$(PIP) '.[bench]' || echo "Not all of the extra \"bench\" can be installed here: the scripts tell what is missing." >&2
	@for script in phrases reading fuzz; do $(BIN)/python benchmarks/$$script.py || exit 1; done

learn: $(VENV)/.dev-installed
	@$(BIN)/python benchmarks/learn.py benchmarks/corpus/mail-*.tar.xz benchmarks/corpus/text-*.tar.xz \
		$(patsubst %,--ordinary %,$(wildcard benchmarks/corpus/everyday-*.tar.xz))

clean:
	rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Both installs are editable, so that only a change of pyproject.toml asks for another one.
$(VENV)/.demo-installed: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV): about half a minute."
	@$(PIP) --editable '.[demo]'
	@touch $@

$(VENV)/.dev-installed: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV): about a minute."
	@$(PIP) --editable '.[dev]'
	@touch $@

$(BIN)/python:
	@if [ -z "$(PYTHON)" ]; then \
		echo "followup-mail needs Python 3.11 or newer, and neither python3 nor python3.11 to 3.13 is." >&2; exit 1; \
	fi
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
		else \
			echo "Python's venv module is missing. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2; exit 1; \
		fi; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# The tests run a real IMAP server of their own, as an ordinary user, on loopback, in a temporary directory.
dovecot:
	@if ! ls /usr/lib*/dovecot/imap >/dev/null 2>&1 \
	|| ! ls /usr/lib*/dovecot/lmtp >/dev/null 2>&1; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -y -qq --no-install-recommends dovecot-imapd dovecot-lmtpd >/dev/null; \
		else \
			echo "The tests need Dovecot. On Debian or Ubuntu: sudo apt-get install dovecot-imapd dovecot-lmtpd" >&2; exit 1; \
		fi; \
	fi
