.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test check format bench pin clean

help: ## shows this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS="$$(printf '\t')" read -r target does; do printf '  make %-11s %s\n' "$$target" "$$does"; done

setup: ## installs what the service needs; the command is then .venv/bin/procure
	@scripts/setup.sh run

setup-test: ## installs what the tests need as well: Chromium, PostgreSQL, poppler, LibreOffice
	@scripts/setup.sh test

run: setup ## makes the demonstration database and its documents, and serves
	@.venv/bin/procure demo

test: ## runs the checks and every test
	@scripts/test.sh

check: setup-test ## format, lint, types, layers, migrations
	@scripts/check.sh
	@.venv/bin/pytest -q tests/migrations

format: setup-test ## formats the code and mends what the linter can
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix

bench: setup-test ## measures PDFs, a page and Excel against their bare libraries; ratios within one run
	@.venv/bin/python -m bench

pin: ## writes constraints.txt anew with the newest versions
	@scripts/pin.sh

clean: ## removes the virtual environment and every cache; databases stay
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis src/procure.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
