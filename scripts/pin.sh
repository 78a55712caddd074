#!/bin/sh
# Writes constraints.txt anew: the newest versions that pyproject.toml allows, as they come into an empty environment.
set -eu
cd "$(dirname "$0")/.."

fresh=$(mktemp -d)
trap 'rm -rf "$fresh"' EXIT
"${PYTHON:-python3}" -m venv "$fresh"
"$fresh/bin/pip" install --quiet --disable-pip-version-check --upgrade setuptools
"$fresh/bin/pip" install --quiet --disable-pip-version-check --no-build-isolation -e '.[dev]'
{
    echo "# The exact version of everything that is installed, for the service and its tests. Made by scripts/pin.sh."
    "$fresh/bin/pip" freeze --all --exclude-editable --exclude pip
} >constraints.txt
