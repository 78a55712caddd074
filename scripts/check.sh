#!/bin/sh
# Everything that can be said of the code without running it: format, lint, types, layers. Stops at the first fault.
set -eu
cd "$(dirname "$0")/.."

step() {
    printf '\n== %s\n' "$*"
    PATH=".venv/bin:$PATH" "$@"
}

step ruff format --check
step ruff check
step mypy
step lint-imports
