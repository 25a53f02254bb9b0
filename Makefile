# Two commands: `make demo` to see it, `make test` to check it. Settings: PORT=8080, RESET=1, PYTHON=python3.11.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
PORT ?= 8000
# The system's own Python where it will do: one that a version manager built is often slower, as it was not profiled.
PYTHON ?= $(shell for python in /usr/bin/python3.11 python3.11 python3; do \
  "$$python" -c 'import ensurepip, venv' 2>/dev/null && break; done; command -v "$$python")
BIN := .venv/bin
INSTALL := scripts/install .venv
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test bench peers lock sbom audit css docs clean help
help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/'

demo: .venv/run.stamp ## Start the whole product here, with example data
	@OMKERING_FOLLOW_PARENT=1 exec "$(BIN)/omkering" demo --port "$(PORT)" $(if $(RESET),--reset)

test: ## Check everything: linter, types, contracts, texts, migrations, all tests
	@PYTHON="$(PYTHON)" scripts/test

bench: .venv/dev.stamp peers ## Measure speed beside the peers
	@"$(BIN)/python" -m benchmarks

peers: ## Install what tests and benchmarks compare with, apart from the product (once; 1 GB)
	@scripts/peers "$(PYTHON)"

lock: .venv/dev.stamp ## Compile the locked requirements anew
	@scripts/lock

sbom: .venv/dev.stamp ## Write the bill of materials of what production installs (CycloneDX) to sbom.cdx.json
	@"$(BIN)/python" scripts/sbom.py requirements/base.txt sbom.cdx.json

audit: .venv/dev.stamp ## Look up known vulnerabilities of what production installs (needs the network)
	@"$(BIN)/pip-audit" --require-hashes --disable-pip -r requirements/base.txt

css: ## Build the style sheet anew from the design system's packages (needs Node)
	@"$(BIN)/python" -m omkering.ui.build_css

docs: .venv/dev.stamp ## Build the documentation into site/
	@"$(BIN)/mkdocs" build --strict --quiet

.venv/bin/python:
	@scripts/venv "$(PYTHON)"

.venv/run.stamp: requirements/base.txt requirements/embedded.txt pyproject.toml | .venv/bin/python
	@echo "Installing what the demo needs (once) …"
	@$(INSTALL) requirements/base.txt requirements/embedded.txt
	@$(BIN)/python scripts/link.py
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/run.stamp
	@echo "Installing what the tests need (once) …"
	@$(INSTALL) requirements/dev.txt
	@touch $@

clean: ## Remove the virtual environment and the demo's data
	@rm -rf .venv .venv-peers var site
