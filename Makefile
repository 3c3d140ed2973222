# Set-up and the everyday commands. Everything lands in .venv/ and ./data; nothing else on the machine is touched,
# except that `make test` installs Debian's Chromium (without windows) if it is missing (as root or with sudo).

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install -qq

# A run starts some hundred processes of the node; they need not compile it each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run demo test pytest test-full bench lint lock schema clean
.DEFAULT_GOAL := run

run: .venv/.run
	$(BIN)/allmende serve

demo: .venv/.run
	$(BIN)/allmende demo

# The linters beside the tests: a processor that one leaves idle the other takes.
test: .venv/.test
	$(MAKE) --no-print-directory -j 2 lint pytest

# Three processes for two processors, since journeys wait for each other's nodes; a file of tests to each at a time, in
# the order of tests/conftest.py: the longest first.
pytest: .venv/.test
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# All of it. Shared in the same way, but for what tests/sharing.py takes apart.
test-full: .venv/.test lint
	ALLMENDE_TEST_FULL=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

# For example: make bench BENCH="--soak 600", or BENCH="--target http://127.0.0.1:8081 --token …".
BENCH ?= --write
bench: .venv/.test
	$(BIN)/python -m tests.bench $(BENCH)

lint: .venv/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# What `allmende` needs to run, from a lock file with hashes, then the checkout itself in place.
.venv/.run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	touch $@

# What the tests need on top: tools, documents of other servers, a browser, clients.
.venv/.test: .venv/.run requirements-dev.lock requirements-pasture.lock tests/install-browser tests/install-clients \
		tests/clients/toot.lock tests/clients/masto/package-lock.json tests/pages/validator/package-lock.json
	tests/install-browser & browser=$$!; \
	  $(PIP) --require-hashes -r requirements-dev.lock && \
	  $(PIP) --require-hashes --no-deps -r requirements-pasture.lock && \
	  tests/install-clients && wait $$browser
	touch $@

# Lock files hold hashes only, so that they work with any index.
UV_COMPILE = uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-annotate \
	--python-version 3.11 --quiet --custom-compile-command 'make lock'
lock:
	$(UV_COMPILE) --extra build --output-file requirements.lock
	$(UV_COMPILE) --extra build --extra s3 --constraint requirements.lock --output-file requirements-s3.lock
	$(UV_COMPILE) --extra build --extra dev --constraint requirements.lock --output-file requirements-dev.lock

# The sum of the migrations, after one was added.
schema: .venv/.run
	$(BIN)/python -m node.store.schema

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
