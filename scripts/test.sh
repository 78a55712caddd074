#!/bin/sh
# What `make test` and continuous integration run: the set-up, the checks, then all tests.
# The last lines and the exit status are those of pytest.
set -eu
cd "$(dirname "$0")/.."

scripts/setup.sh test
scripts/check.sh
printf '\n== pytest\n'
exec .venv/bin/pytest --numprocesses=auto --maxprocesses=4 --dist=worksteal "$@"
