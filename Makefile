# Leadline: everything a person or CI runs. Needs make and Python 3.11 or 3.12, nothing else.
# `make setup` is run by the other targets; it is quick once the environment is in step.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.in-step
WEB := server/static/.in-step
WEB_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/mock/*')
WORKERS ?= 2
BENCHES ?= ask files warehouse serve llm_overhead contributions detectors partner_models \
  partner_refresh inventory briefs health forecast_adventureworks forecast_m3 forecast_scale

ifneq ($(PYTHON),)
PYTHONS := $(PYTHON)
else
PYTHONS := python3.11 python3.12 python3 python
endif

# Settings of other environments must not leak into this one.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.DEFAULT_GOAL := help
.PHONY: help setup browser demo test eval eval-llm web bench lint format lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

setup: $(STAMP) $(WEB) ## make .venv, install the locked packages, build the web app

$(BIN)/python:
	@for candidate in $(PYTHONS); do \
	  if "$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then \
	    found="$$candidate"; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Leadline needs Python 3.11 or 3.12; none of: $(PYTHONS) is one." >&2; \
	  echo "Install it, or name it: make PYTHON=/path/to/python3.11 setup" >&2; \
	  exit 1; \
	fi; \
	"$$found" -m venv $(VENV) || { \
	  rm -rf $(VENV); \
	  echo "$$found cannot make a virtual environment (on Debian: apt-get install python3.11-venv)." >&2; \
	  exit 1; \
	}

# uv itself comes from the lock, hash and all; pip fetches it once, uv does the rest.
$(STAMP): pyproject.toml requirements-dev.lock | $(BIN)/python
	@wanted=$$(sed -n 's/^uv==\([^ ;]*\).*/uv \1/p' requirements-dev.lock); \
	case "$$($(BIN)/uv --version 2>/dev/null) " in \
	"$$wanted "*) ;; \
	*) sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock > $(VENV)/uv.lock && \
	   $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	     --requirement $(VENV)/uv.lock ;; \
	esac
	@$(BIN)/uv pip sync --quiet --system-certs --compile-bytecode --python $(BIN)/python --require-hashes requirements-dev.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --offline --no-deps --no-build-isolation --editable .
	@touch $@

# The machine's Node where it is new enough for the build, else the one that the lock brings.
NODE_FITS = node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
  process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null

$(WEB): $(WEB_SOURCES) | $(STAMP)
	@$(NODE_FITS) || export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	echo "building the web app (node $$(node --version))"; \
	cd web && npm ci --silent --no-audit --no-fund && npm run --silent build -- --logLevel error
	@touch $@

# Debian's Chromium draws the pages in the tests; elsewhere those tests say that they were skipped.
browser: ## fetch Chromium, Chinese fonts and libgomp where they are missing (Debian, as root)
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing Chromium"; \
	    apt-get -qq update && \
	    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	  else \
	    echo "no Chromium here: the tests of the web pages will be skipped (install it, or run as root)" >&2; \
	  fi; \
	}
	@ldconfig -p 2>/dev/null | grep -q libgomp.so.1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y libgomp1 >/dev/null; \
	  else \
	    echo "no libgomp here: forecasts use scikit-learn's booster instead of LightGBM" >&2; \
	  fi; \
	}

demo: setup ## load a simulated channel and ask it three questions
	@$(BIN)/leadline demo

test: setup browser ## run every test
	@$(BIN)/python -m pytest -n $(WORKERS)

eval: $(STAMP) ## ask the golden questions; fails below 95 % right or with one silently wrong
	@$(BIN)/leadline eval run --data-dir build/eval

eval-llm: $(STAMP) ## the same through the model's path, from recorded replies; figures may not differ
	@$(BIN)/leadline eval run --planner llm --recorded --data-dir build/eval

web: $(WEB) ## lint and test the web app, and weigh its first page
	@$(NODE_FITS) || export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	cd web && npm run --silent lint && npm test --silent && npm run --silent size

bench: $(STAMP) ## measure what the README claims (an hour; BENCHES="ask inventory" only these)
	@for bench in $(BENCHES); do $(BIN)/python -m "bench.$$bench" || exit 1; done

lint: $(STAMP) ## ruff, mypy and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP) ## put every file into its format
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --custom-compile-command "make lock" pyproject.toml

lock: $(STAMP) ## solve the dependencies anew (UPGRADE=--upgrade takes the newest)
	@$(COMPILE) $(UPGRADE) --output-file requirements.lock
	@$(COMPILE) $(UPGRADE) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## remove everything that can be made again
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
