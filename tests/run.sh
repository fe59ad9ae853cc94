#!/bin/sh
# Runs every check and test, and fails if one does. On Debian and its kin it first installs what is missing, as root or
# with sudo: real servers, other clients, a keyring, terminal multiplexers, SSH.
#
# usage: sh tests/run.sh [ARGUMENTS OF pytest]
set -eu
cd "$(dirname "$0")/.."

packages='prosody prosody-modules lua-dbi-sqlite3 ejabberd profanity tmux screen openssh-client openssh-server gnome-keyring
dbus zbar-tools openssl libenchant-2-2 hunspell-en-us'
missing=
for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
if [ -n "$missing" ] && command -v apt-get >/dev/null; then
    printf 'Installing with apt-get:%s\n' "$missing"
    root=
    [ "$(id -u)" = 0 ] || root=sudo
    # The servers are wanted as programs, not as services: a policy for this installation keeps them from starting.
    # shellcheck disable=SC2016
    $root sh -eu -c '
        policy=/usr/sbin/policy-rc.d
        if ! [ -e "$policy" ]; then
            trap "rm -f $policy" EXIT
            printf "#!/bin/sh\nexit 101\n" >"$policy"
            chmod 755 "$policy"
        fi
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    ' sh $missing
elif [ -n "$missing" ]; then
    printf 'Please install what these packages are called here:%s\n' "$missing" >&2
    exit 1
fi

sh tui_xmpp/setup.sh dev

step() {
    printf '\n== %s\n' "$*"
    ".venv/bin/$@"
}
step ruff check .
step ruff format --check .
step mypy
step lint-imports
# The tests talk to real servers and terminals; what failed is asked once more, in case the machine was only busy.
# Most of them wait for a server or a terminal most of the time, so that three at once keep two cores busy.
# What failed another day is forgotten first: where this run could not even begin, nothing of it would be asked again.
# Asked of some pictures alone, the plugin for them would else fail for those that it was not asked for.
step pytest -n 3 --dist loadfile --cache-clear "$@" ||
    step pytest --last-failed --last-failed-no-failures none --snapshot-warn-unused "$@"
