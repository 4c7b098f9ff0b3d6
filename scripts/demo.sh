#!/bin/sh
# Proves two optima on real data and draws them. Needs Python 3.11 or newer and nothing else.
set -eu
cd "$(dirname "$0")/.."
. scripts/environment.sh

make_environment
# an editable installation stays editable
if .venv/bin/python -m pip show relucomb 2>/dev/null | grep -q '^Editable'; then editable=-e; else editable=; fi
echo "Installing relucomb into .venv ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check $editable '.[plot,sklearn]'

show() {
    echo
    echo "\$ relucomb $*"
    .venv/bin/relucomb "$@"
}

mkdir -p build/demo
echo "The first call compiles the kernels, which may take a minute; later calls start at once."
show erm docs/data/diabetes_bmi.csv --width 2 --plot build/demo/diabetes_bmi.png
show erm docs/data/diabetes_bmi_s5.csv --width 1 --plot build/demo/diabetes_bmi_s5.png
echo
echo "The pictures: $PWD/build/demo/diabetes_bmi.png"
echo "              $PWD/build/demo/diabetes_bmi_s5.png"
