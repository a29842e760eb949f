"""Writes test/fixtures/float8.json: the values of all bit patterns of float8, as torch widens them.

    python scripts/reference/float8.py

Not a number is null, and the sign of zero is kept.
"""

import json
import math
import pathlib

import torch

FILE = pathlib.Path(__file__).parents[2] / "test" / "fixtures" / "float8.json"
TYPES = {"F8_E4M3": torch.float8_e4m3fn, "F8_E5M2": torch.float8_e5m2}


def shown(value: float) -> float | str | None:
    """A number of JSON; infinities are text, which JSON has no numbers for."""
    if math.isnan(value):
        return None
    return str(value) if math.isinf(value) else value


def values(dtype: torch.dtype) -> list[float | str | None]:
    bits = torch.arange(256, dtype=torch.int32).to(torch.uint8)
    return [shown(value) for value in bits.view(dtype).float().tolist()]


if __name__ == "__main__":
    table = {name: values(dtype) for name, dtype in TYPES.items()}
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(row)}" for name, row in table.items())
    FILE.write_text("{\n" + lines + "\n}\n", encoding="utf-8")
