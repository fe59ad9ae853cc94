#!/bin/sh
# Runs tui-xmpp from this folder, and sets it up first where that has not been done.
#
# usage: sh tui_xmpp/run.sh [ARGUMENTS OF tui-xmpp]
set -eu
here=$(dirname "$0")
sh "$here/setup.sh"
exec "$here/../.venv/bin/tui-xmpp" "$@"
