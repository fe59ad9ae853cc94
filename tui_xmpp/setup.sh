#!/bin/sh
# Makes .venv with all that tui-xmpp needs, in the versions of constraints.txt; changes nothing outside of this folder.
# It needs Python 3.11 or newer and pip. Where everything is there already it takes no time.
#
# usage: sh tui_xmpp/setup.sh [dev]        dev: what the tests need, too
set -eu
cd "$(dirname "$0")/.."
extra=${1:-}

die() {
    printf 'tui-xmpp: %s\n' "$1" >&2
    exit 1
}

wanted=$(cat pyproject.toml constraints.txt | cksum)
made=$(cat .venv/made-for 2>/dev/null || true)
case $made in
"$wanted $extra" | "$wanted dev") .venv/bin/python -c '' 2>/dev/null && exit 0 ;;
*" dev") extra=dev ;; # what was made for the tests stays fit for them
esac

python=
for candidate in "${PYTHON:-python3}" python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
[ -n "$python" ] || die 'Python 3.11 or newer is needed.'

printf 'Setting up tui-xmpp in .venv; the first time this takes about a minute.\n' >&2
rm -rf .venv
# Debian's Python cannot put pip into a virtual environment without a further package, but its pip can work on one.
"$python" -m venv --without-pip .venv || die 'Python cannot make virtual environments (on Debian: apt install python3-venv).'
if "$python" -m pip --python .venv/bin/python --version >/dev/null 2>&1; then
    pip="$python -m pip --python .venv/bin/python"
elif .venv/bin/python -m ensurepip >/dev/null 2>&1; then
    pip='.venv/bin/python -m pip'
else
    die 'pip 22.3 or newer is needed (on Debian: apt install python3-pip).'
fi
export PIP_CONSTRAINT=constraints.txt PIP_BUILD_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1
$pip install --quiet --editable ".${extra:+[$extra]}" || die 'The packages could not be installed; see above.'
printf '%s %s' "$wanted" "$extra" >.venv/made-for
