"""Draws torch.randn reference values for test/core/diffusion/random.test.ts.

Run with a Python that has torch (x86 with AVX2 or better):
    python scripts/reference/noise.py
Writes test/fixtures/noise.json: for each seed a series of draws from one generator, and variations of a seed
as AUTOMATIC1111 computes them, as base64 of little-endian float32.
"""

import base64
import json
from pathlib import Path

import torch

from shared.variation_noise import mixed_noise

OUTPUT = Path(__file__).resolve().parents[2] / "test" / "fixtures" / "noise.json"

# Draws of every kind in one stream: short ones (scalar path, which caches the second of a pair),
# whole blocks, and lengths that are no multiple of sixteen.
DRAWS = [1, 2, 3, 15, 16, 17, 1, 31, 32, 5, 33, 100, 624, 7, 48]
SHORT_DRAWS = [1, 16, 1, 20, 2]
SEEDS = [0, 42, 2**32 + 5, -1, -(2**63), 2**64 - 1, 12345678901234567890]
# Shape, strength, and how much of the first noise is added to the second.
VARIATIONS = [
    ([4, 8, 6], 0.0, 0),
    ([4, 8, 6], 0.05, 0),
    ([4, 8, 6], 0.5, 0),
    ([4, 8, 6], 1.0, 0),
    ([3, 5, 7], 0.3, 0),
    ([4, 2, 9], 0.7, 0),
    # Nearly equal noises are mixed linearly.
    ([4, 8, 6], 0.3, 1000),
    ([4, 8, 6], 0.3, 10),
]


def encode(tensor: torch.Tensor) -> str:
    return base64.b64encode(tensor.numpy().astype("<f4").tobytes()).decode()


def stream(seed: int, counts: list[int]) -> dict:
    generator = torch.Generator("cpu").manual_seed(seed)
    draws = [{"count": n, "values": encode(torch.randn(n, generator=generator))} for n in counts]
    return {"seed": str(seed), "draws": draws}


def variation(shape: list[int], strength: float, added: float) -> dict:
    noise, other = (torch.randn(shape, generator=torch.Generator("cpu").manual_seed(s)) for s in (42, 7))
    values = encode(mixed_noise(noise, other + added * noise, strength))
    return {"shape": shape, "strength": strength, "added": added, "values": values}


def main() -> None:
    streams = [stream(SEEDS[0], DRAWS), stream(SEEDS[1], DRAWS)]
    streams += [stream(seed, SHORT_DRAWS) for seed in SEEDS[2:]]
    OUTPUT.parent.mkdir(parents=True, exist_ok=True)
    variations = [variation(*case) for case in VARIATIONS]
    fixture = {"torch": torch.__version__, "streams": streams, "variations": variations}
    OUTPUT.write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
