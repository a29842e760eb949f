#!/bin/sh
# Trains the starter model from the beginning, or continues where it stopped. Options go to `python -m training`.
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
venv=${EASEL_TRAINING_VENV:-$here/.work/venv}
cd "$here/.."
python=$(python3 scripts/python_environment.py training "$venv")
exec "$python" -m training "$@"
