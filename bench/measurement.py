"""What every side of the benchmark in Python has in common: its options, the loop of runs and the result."""

from __future__ import annotations  # a side without arrays has no numpy

import argparse
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np


def read_options(description: str, precisions: list[str]) -> argparse.Namespace:
    """The options of one measurement; bench/easel.ts has the same."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--device", default="cpu", help="in PyTorch's words")
    parser.add_argument("--precision", choices=precisions, required=True)
    parser.add_argument("--component", choices=["unet", "text_encoder", "vae", "taesd"], required=True)
    parser.add_argument("--folder", required=True, help="the component's")
    parser.add_argument("--kept", type=Path, required=True, help="a folder for what is prepared once")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--planned-runs", type=int, default=1, help="how many runs to prepare for")
    parser.add_argument("--runs", type=int, default=1, help="how many runs to make")
    parser.add_argument("--output", type=Path, help="where the values of the first run are written, float32")
    parser.add_argument("--prepare", action="store_true", help="prepare, and measure only that")
    return parser.parse_args()


def report(file: TextIO | None = None, **values: object) -> None:
    """Prints one line of JSON to `file`, or else the standard output, with the peak of memory."""
    print(json.dumps({**values, "peakBytes": peak_bytes()}), file=file, flush=True)


def peak_bytes() -> int:
    """The largest resident set of this process so far; 0 where the system does not say."""
    try:
        import resource  # noqa: PLC0415 -- Windows has none
    except ImportError:
        return 0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def measure(call: Callable[[], np.ndarray], runs: int, output: Path, **more: object) -> None:
    """Runs `call` and reports how long each run took, and when the first one ended.

    Args:
        call: One run. Returns its output as float32.
        runs: How many are made.
        output: The first output is written here.
        more: What else the report says.
    """
    run_seconds, first_at = [], 0.0
    for run in range(runs):
        started = time.perf_counter()
        result = call()
        run_seconds.append(time.perf_counter() - started)
        if run == 0:
            first_at = time.time() * 1000
            result.astype("float32", copy=False).tofile(output)
    report(firstAt=first_at, runSeconds=run_seconds, **more)
