# make run    the arena on http://127.0.0.1:8000 (PORT=8001 for another port)
# make test   all tests, with real services and a real browser
# make check  format, lint, types, imports, security, migrations
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The stamp of an installation bears the checksum of its lock. The tests' packages
# contain the runtime's, so the second stamp stands for both.
RUNTIME := $(VENV)/.runtime-$(shell cksum < requirements.txt | cut -d ' ' -f 1)
DEV := $(VENV)/.dev-$(shell cksum < requirements-dev.txt | cut -d ' ' -f 1)
COMPILE := $(BIN)/uv pip compile -q --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links
# Threads of BLAS only wait for each other where every core has a test of its own.
ONE_THREAD := OPENBLAS_NUM_THREADS=1
# What a production site sets; make check asks Django whether that is all.
PRODUCTION := DEBUG=off ARENA_SECURE=on ARENA_VAR=$(VENV)/empty \
	ALLOWED_HOSTS=arena.example ARENA_CONTACT=contact@arena.example \
	CSRF_TRUSTED_ORIGINS=https://arena.example \
	DATABASE_URL=postgresql://arena@db.example/arena REDIS_URL=redis://redis.example \
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_hex(50))') \
	ARENA_FIELD_KEYS=$$(head -c 32 /dev/urandom | base64 | tr '+/' '-_')

.PHONY: run test slow check bench format lock clean

run: $(RUNTIME)
	@exec $(BIN)/python manage.py up

# Three at once keep two cores busy: many tests wait, for a worker or a browser.
test: $(DEV)
	@$(BIN)/python -m tests.chromium
	@$(ONE_THREAD) $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

slow: $(DEV)
	@$(BIN)/python -m tests.chromium
	@$(ONE_THREAD) $(BIN)/pytest -m slow $(ARGS)

check: $(DEV)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/bandit -q -r -ll arena evaluations manage.py
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(DEV)
	@for each in tests/bench/bench_*.py; do $(BIN)/python $$each || exit 1; done

format: $(DEV)
	$(BIN)/ruff check -q --fix-only .
	$(BIN)/ruff format .

lock: $(DEV)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): | $(BIN)/python
	$(call install,requirements.txt)
	@touch $@

$(DEV): | $(BIN)/python
	$(call install,requirements-dev.txt)
	@touch $@ $(RUNTIME)

$(BIN)/python:
	@command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON) here:" \
		"install Python 3.11 or newer, or name one with PYTHON=." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
		"$$($(PYTHON) -V) is too old: Open Arena needs Python 3.11 or newer;" \
		"name one with PYTHON=." >&2; exit 1; }
	@test -w . || { echo "The folder $(CURDIR) cannot be written:" \
		"copy it to one that is yours." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2> /dev/null || { echo "Python's venv is" \
		"not installed: on Debian and Ubuntu, apt-get install python3-venv." >&2; \
		exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv --clear $(VENV)

# Wheels with the pinned hashes only; nothing is built here and nothing is removed.
define install
	@echo "Installing $(1), once; this may take a minute"
	@rm -f $(VENV)/.runtime-* $(VENV)/.dev-*
	@options="-q --require-hashes --only-binary :all: -r $(1)"; \
	if command -v uv > /dev/null; then \
		uv pip install --python $(BIN)/python --compile-bytecode $$options; \
	else \
		$(BIN)/python -m pip install --disable-pip-version-check $$options; \
	fi || { echo "The packages of $(1) could not be installed:" \
		"is the network up, the disk full?" >&2; exit 1; }
endef
