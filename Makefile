# make demo   simulate one study, grade it, print the table and the path of the page
# make test   the whole suite          make lint   style, types, import contracts
# make bench  speed, memory, checks    make clean  forget the environment and the outputs
# Each target makes .venv itself; no environment needs to be active.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
BASE   := $(VENV)/.installed-base
ALL    := $(VENV)/.installed-all

unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME
.PHONY: demo test lint bench clean
.DEFAULT_GOAL := demo

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: lumbargrade needs Python 3.11 or newer; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(BASE): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) install -c constraints.txt -e .
	@touch $@

$(ALL): $(BASE)
	$(PIP) install -c constraints.txt -e '.[train,report,cohort,batch,serve,dev]'
	@touch $@

demo: $(BASE)
	rm -rf out/demo
	$(BIN)/lumbargrade phantom out/demo/cohort --patients 1 --seed 3
	$(BIN)/lumbargrade grade out/demo/cohort/studies/* -o out/demo/graded

# Asserts are compiled once and kept: without the bytecode each worker does it anew, some 20 seconds.
test: $(ALL)
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest

lint: $(ALL)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(ALL)
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) out
