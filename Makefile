# Every target sets up what it needs first: requirements/setup.sh fills .venv from the lock files.
#
#   ARGS    more options for the command, for example: make generate ARGS="--site other.yaml"
#   PYTHON  the Python that creates .venv, for example: make PYTHON=/usr/bin/python3.12 test

BIN := .venv/bin
# One virtual environment for each lock file of server packages that tests use.
ENVIRONMENTS := $(patsubst tests/environments/%.txt,.environments/%,$(wildcard tests/environments/*.txt))

# One for each program that the benchmark compares with.
PEERS := $(patsubst bench/environments/%.txt,.environments/%,$(wildcard bench/environments/*.txt))

# A `make` that a recipe or a test starts gets no ARGS of this one.
MAKEOVERRIDES :=
unexport ARGS

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help generate check diff lint secrets charts validate doctor tools test bench golden docs style fmt package lock
.PHONY: clean runtime dev always

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' Makefile

generate: runtime ## Write the GitOps repository from site.yaml
	@$(BIN)/hubops generate $(ARGS)

check: runtime ## Fail if the tree on disk does not match site.yaml
	@$(BIN)/hubops check $(ARGS)

diff: runtime ## Show what a change does in each environment
	@$(BIN)/hubops diff $(ARGS)

lint: runtime ## Report every mistake in site.yaml
	@$(BIN)/hubops lint $(ARGS)

secrets: runtime ## Show the state of each secret value
	@$(BIN)/hubops secrets $(ARGS)

charts: runtime ## Fetch the pinned charts and lock their digests
	@$(BIN)/hubops charts fetch $(ARGS)

validate: tools ## Render everything with real Helm and Kustomize, and check it
	@$(BIN)/hubops validate $(ARGS)

doctor: runtime ## Look at the live cluster with kubectl and say what is wrong first
	@$(BIN)/hubops doctor $(ARGS)

tools: runtime ## Put pinned helm3, helm4 and kubectl into .tools
	@sh requirements/setup.sh tools

test: dev tools $(ENVIRONMENTS) ## Run the tests
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

bench: dev tools $(PEERS) ## Compare the speed with other programs; a part of it: ARGS="--sizes 1,10 --runs 3 --without kapitan"
	@$(BIN)/python -m bench $(ARGS)

golden: dev ## Update what tests expect: trees, reports, the overrides in the schema
	@UPDATE_INVALID=1 UPDATE_EFFECTS=1 $(BIN)/python -m pytest -q --update-golden $(ARGS) tests/build/test_golden.py \
		tests/change/test_bump.py tests/adopt/test_import.py tests/lint/test_invalid.py \
		tests/change/test_effects.py tests/change/test_diff_history.py tests/change/test_reviews.py \
		tests/lint/test_protocoast.py tests/report/test_json.py \
		tests/site/test_schema.py::test_overrides_follow_from_what_they_override

docs: runtime ## Update what is generated in docs/: rules, checks, effects, reference, packages
	@$(BIN)/hubops lint --explain all > docs/rules.md
	@$(BIN)/hubops lint --explain checks > docs/checks.md
	@$(BIN)/hubops lint --explain effects > docs/effects.md
	@$(BIN)/hubops schema --format markdown > docs/site-reference.md
	@$(BIN)/python -m tests.support.modules
	@$(BIN)/python -m tests.support.doctor_docs

style: dev ## Check the code's style and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

fmt: dev ## Format the code and apply safe fixes
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

package: dev ## Build the wheel and the source archive in dist/, with a list of the packages it needs
	@rm -rf dist
	@$(BIN)/python -m hatchling build --clean
	@$(BIN)/python requirements/sbom.py "$$($(BIN)/hubops --version | cut -d ' ' -f 2)" > dist/hubops.cdx.json

# dev.lock is the complete set; the other two are parts of it, with the same versions.
LOCK = $(BIN)/uv pip compile -q --python $(BIN)/python --python-version 3.11 --universal \
	--generate-hashes --no-emit-index-url --no-header $(ARGS)
lock: dev ## Update the lock files from pyproject.toml (to newer versions: ARGS=--upgrade)
	@$(LOCK) pyproject.toml --group dev -o requirements/dev.lock
	@$(LOCK) pyproject.toml -c requirements/dev.lock -o requirements/runtime.lock
	@$(LOCK) --group build -c requirements/dev.lock -o requirements/build.lock

clean: ## Remove everything that set-up, tests and builds created
	@rm -rf .venv/bin .venv .environments .tools dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name .git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

runtime dev:
	@sh requirements/setup.sh $@

.environments/%: always
	@sh requirements/setup.sh environment "$*"

always:
