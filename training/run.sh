#!/bin/sh
# Trains the starter model from nothing, or continues where it stopped. Options go to `python -m training`.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
venv=${EASEL_TRAINING_VENV:-$here/.work/venv}
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --requirement "$here/requirements.txt"
fi
cd "$here/.."
exec "$venv/bin/python" -m training "$@"
