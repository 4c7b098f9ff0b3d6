# Sourced by the other scripts, in the project's root: makes sure that .venv is there. POSIX sh.

# Print the first Python that is new enough and can make an environment; pyenv may offer names that do not run.
find_python() {
    for candidate in python3 python3.13 python3.12 python3.11 python; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return 0
        fi
    done
    {
        echo "relucomb needs Python 3.11 or newer, with its venv module (Debian and Ubuntu: apt install python3-venv)."
        for candidate in python3 python; do
            version=$("$candidate" --version 2>&1) && echo "Found: $version at $(command -v "$candidate")"
        done
    } >&2
    return 1
}

make_environment() {
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        python=$(find_python) || return 1
        echo "Making .venv with $("$python" --version) ..." >&2
        "$python" -m venv --clear .venv || return 1
    fi
}
