"""Draws torch.randn reference values for test/core/diffusion/random.test.ts.

Run with a Python that has torch (x86 with AVX2 or better):
    python scripts/reference/noise.py
Writes test/fixtures/noise.json: for each seed a series of draws from one generator, as base64 of
little-endian float32.
"""

import base64
import json
from pathlib import Path

import torch

OUTPUT = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "noise.json"

# Draws of every kind in one stream: short ones (scalar path, which caches the second of a pair),
# whole blocks, and lengths that are no multiple of sixteen.
DRAWS = [1, 2, 3, 15, 16, 17, 1, 31, 32, 5, 33, 100, 624, 7, 48]
SHORT_DRAWS = [1, 16, 1, 20, 2]
SEEDS = [0, 42, 2**32 + 5, -1, -(2**63), 2**64 - 1, 12345678901234567890]


def encode(tensor: torch.Tensor) -> str:
    return base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode()


def stream(seed: int, counts: list[int]) -> dict:
    generator = torch.Generator("cpu").manual_seed(seed)
    draws = [{"count": n, "values": encode(torch.randn(n, generator=generator))} for n in counts]
    return {"seed": str(seed), "draws": draws}


def main() -> None:
    streams = [stream(SEEDS[0], DRAWS), stream(SEEDS[1], DRAWS)]
    streams += [stream(seed, SHORT_DRAWS) for seed in SEEDS[2:]]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    OUTPUT.write_text(json.dumps({"torch": torch.__version__, "streams": streams}, indent=1) + "\n")


if __name__ == "__main__":
    main()
