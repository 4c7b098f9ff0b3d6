#!/bin/sh
# Installs the project into .venv, editable, and runs the tests; arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh

make_environment
.venv/bin/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
exec .venv/bin/python -m pytest -q "$@"
