# Everything happens in .venv, which is made and filled as needed (`digests` and `constraints` make
# others in build/). The rest of the machine stays as it is, but for two packages of the system:
# python3-venv and, for the tests, Mosquitto. They are installed where they are missing and that
# needs no password.

PYTHON ?= python3
VENV := .venv
FRESH := build/fresh-venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input
PINNED := -c constraints.txt --build-constraint constraints.txt
INPUTS := pyproject.toml constraints.txt Makefile

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo setup test swarm digests fuzz torture bench lint format build constraints mosquitto clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## Play the main scenario: twelve minutes in one, on a broker of its own
	$(BIN)/hotline-sim run strike-and-survey --speed 12

setup: $(VENV)/.dev ## Make .venv with everything that development needs

test: mosquitto lint ## Check the code, then run all tests
	$(BIN)/python -m pytest

swarm: $(VENV)/.dev ## Play random lines under random faults on a virtual clock (SEEDS=0..9999 JOBS=2 SCALE=hour)
	$(BIN)/hotline-sim swarm --seeds $(or $(SEEDS),0..9999) --jobs $(or $(JOBS),2) \
	  $(addprefix --scale ,$(SCALE))

digests: ## See whether some seeds leave the same journals on another Python (PYTHON=python3.13)
	venv=build/venv-$$($(PYTHON) -c 'import platform; print(platform.python_version())') && \
	$(MAKE) --no-print-directory VENV=$$venv setup && \
	$$venv/bin/python -m pytest -n0 -p no:cacheprovider tests/sim/swarm/test_swarm.py -k same_journals

fuzz: $(VENV)/.dev ## Throw bytes at a station and at the loaders of files (TARGET=hear SECONDS=60)
	$(PIP) install 'atheris>=3,<4'
	for target in $(or $(TARGET),hear scenario line); do \
	  $(BIN)/python -m tests.fuzz $$target --seconds $(or $(SECONDS),60) || exit 1; \
	done

torture: mosquitto $(VENV)/.dev ## Kill real processes for half an hour (SEED=1 MINUTES=30) and judge the journals
	$(BIN)/python -m tests.torture --seed $(or $(SEED),1) --minutes $(or $(MINUTES),30)

bench: mosquitto $(VENV)/.dev ## Measure all figures beside their yardsticks (ONLY=throughput ROUNDS=5)
	$(BIN)/python -m tests.bench --rounds $(or $(ROUNDS),5) $(addprefix --only ,$(ONLY)) \
	  --json build/bench.json

lint: $(VENV)/.dev ## Check style, types and which module may import which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

# The wheel is made from the source archive, so that neither can lack what the other has.
build: $(VENV)/.dev ## Make the source archive and the wheel in dist/
	rm -rf dist
	$(PIP) install $(PINNED) hatchling
	$(BIN)/hatchling build --target sdist
	$(PIP) wheel $(PINNED) --no-deps --wheel-dir dist dist/*.tar.gz

mosquitto:
	@.ci/ensure-mosquitto

clean: ## Delete what was made, .venv too
	rm -rf $(VENV) dist build
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find hotline sim tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python from Debian comes without what makes a venv, which is in a package of its own.
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; '$(PYTHON) --version' says:" \
	    "$$($(PYTHON) --version 2>&1)"; \
	  echo "Name another one, for example: make $(MAKECMDGOALS) PYTHON=python3.12"; \
	  exit 1; } >&2
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || .ci/apt-install \
	  "$$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

# The pip of an older Python knows neither --group nor --build-constraint: ours comes first.
$(VENV)/.installed: $(VENV)/.made $(INPUTS)
	$(PIP) install -c constraints.txt --upgrade pip
	$(PIP) install $(PINNED) -e '.[embedded]'
	@touch $@

$(VENV)/.dev: $(VENV)/.installed
	$(PIP) install $(PINNED) --group dev
	@touch $@

# With the oldest Python that we support: it needs what newer ones need, and backports besides.
constraints: ## Renew constraints.txt with the newest of everything that pyproject.toml allows
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { \
	  echo "Run this with Python 3.11: make constraints PYTHON=python3.11" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(FRESH)
	$(FRESH)/bin/python -m pip --quiet install --upgrade pip
	$(FRESH)/bin/python -m pip --quiet install -e '.[embedded]' --group dev hatchling editables
	{ sed -n '/^#/p' constraints.txt; $(FRESH)/bin/python -m pip freeze --all \
	  --exclude-editable --exclude setuptools; } > $(FRESH)/constraints.txt
	mv $(FRESH)/constraints.txt constraints.txt
	rm -rf $(FRESH)
